/* SPDX-License-Identifier: Apache-2.0 */
/*
 * docs/protocol.md 9, 10: a proof folder of three ciphertexts of width 2, shuffled by parties 1 and
 * 3 of three and decrypted by these, with the values on the way.
 */
#include "support/support.h"

#include "vectors/make/vectors.h"

#include "unit/protocol/mixnet/world.h"

#include <string.h>

struct keeper {
	struct mix_trace trace; /* first member */
	json_t *list;
};

static void keep(struct mix_trace *t, unsigned party, const char *name, bytes value)
{
	json_t *o = json_object();
	put_int(o, "party", party);
	put_text(o, "name", name);
	put_hex(o, "value", value);
	json_array_append_new(((struct keeper *)(void *)t)->list, o);
}

json_t *vectors_proofs(void)
{
	static const unsigned shufflers[] = {1, 3};
	static const bool active[] = {false, true, false, true};
	static const char *const operators[] = {"Org 1", "Org 2", "Org 3"};
	static char room[PROTINFO_ROOM];
	struct world w;
	struct error err;
	struct mix_path paths[64];
	struct text xml = TEXT_OF(room);
	struct keeper keeper = {.trace = {keep}};
	json_t *file =
		vector_file("docs/protocol.md 9, 10: a proof folder of 3 ciphertexts of width 2; "
	                "parties 1 and 3 shuffle and decrypt, party 2 takes no part");
	error_clear(&err);
	world_init(&w, 3, 2, 2, 3, NULL);
	world_mix(&w, shufflers, 2, active);
	world_check_plaintexts(&w);
	json_t *v = vector(file, "proof", "parties 1 and 3 of three");
	keeper.list = put_array(v, "values");
	w.trace = &keeper.trace;
	assert_ok(world_verify(&w, NULL, &err), err);
	assert_ok(protinfo_write(&xml, &w.session, operators, &err), err);
	put_text(v, "protinfo", xml.p);
	json_t *shares = put_array(v, "shares");
	for (unsigned i = 1; i <= 3; i++) {
		uint8_t raw[SCALAR_BYTES];
		scalar_encode(raw, &w.share[i].secret);
		add_hex(shares, BYTES_OF(raw));
	}
	json_t *files = put_object(v, "files");
	size_t count = world_files(w.folder, paths, 64);
	for (size_t i = 0; i < count; i++)
		put_hex(files, paths[i].text, world_read(w.folder, paths[i].text));
	world_done(&w);
	return file;
}
