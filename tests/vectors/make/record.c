/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tiny election: its whole record, with the secrets of its ballots and shares, and every hash
 * under a tag that a tally adds (docs/protocol.md 3, 4, 7.1).
 */
#include "support/support.h"

#include "vectors/make/stage.h"
#include "vectors/make/vectors.h"

#include "unit/protocol/record/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARTIES 2u
#define PROOF "proof/l1/nizkp/l1/"

static json_t *file;
static struct urn u;

static bytes read_file(const char *path)
{
	return urn_file(&u, path); /* until the program ends */
}

static digest file_digest(const char *path)
{
	bytes b = read_file(path);
	digest d = sha256(b);
	free((void *)(uintptr_t)b.p);
	return d;
}

/* --- ballots whose secrets are known --- */

struct script {
	struct rng rng;
	scalar draws[2];
	size_t next;
};

static bool fill(struct rng *rng, uint8_t *out, size_t len, struct error *err)
{
	struct script *s = (struct script *)rng;
	(void)err;
	assert_int_equal(len, 48);
	assert_true(s->next < 2);
	memset(out, 0, 16);
	scalar_encode(out + 16, &s->draws[s->next++]);
	return true;
}

static void cast(json_t *secrets, unsigned voter, unsigned answer)
{
	uint8_t plaintext[MESSAGE_BYTES], body[URN_BALLOT_MAX], whole[URN_BALLOT_MAX];
	uint32_t digits[3] = {0};
	struct script s = {.rng = {fill}};
	struct error err;
	pseudonym who = {.mode = BALLOT_SERVER};
	memset(who.id, (int)(0xe0 + voter), sizeof who.id);
	digits[answer] = 1;
	error_clear(&err);
	assert_ok(plaintext_encode(plaintext, &u.manifest->groups[0].code, digits, &err), err);
	assert_ok(scalars_random(s.draws, 2, test_rng(), &err), err);
	const struct ballot_request request = {&u.rules, &u.styles[0], &u.pk, &who, plaintext, 1};
	const struct ballot_output out = {body, NULL, NULL};
	size_t mark = arena_mark(&u.arena);
	assert_ok(ballots_encrypt(&out, &request, &s.rng, &u.arena, &err), err);
	arena_release(&u.arena, mark);
	ballot_wrap(whole, bytes_of(body, ballot_body_bytes(&u.styles[0], BALLOT_SERVER)), 0);
	assert_int_equal(urn_accept(&u, bytes_of(whole, ballot_bytes(&u.styles[0], BALLOT_SERVER)), 1),
	                 BOARD_ACCEPTED);
	json_t *o = json_object();
	put_int(o, "answer", answer);
	put_scalar(o, "r", &s.draws[0]);
	put_scalar(o, "a", &s.draws[1]);
	json_array_append_new(json_object_get(secrets, "ballots"), o);
}

/* --- hashes --- */

/* The vector's output is what these parties signed in their files. */
static void signed_by_all(const char *kind, json_t *v, const digest *d)
{
	json_t *list = put_array(v, "signatures");
	for (unsigned i = 1; i <= PARTIES; i++) {
		char path[RECORD_PATH_BYTES];
		struct error err;
		bool global = strcmp(kind, "close") == 0 || strcmp(kind, "result") == 0;
		endorsement_path(path, global ? NULL : "l1", kind, i);
		bytes b = read_file(path);
		bytes signature = bytes_from(b, b.len - 64);
		assert_ok(identity_verify_vartime(u.identity[i - 1].pub, signature.p, BYTES_OF(d->b), &err),
		          err);
		json_t *o = json_object();
		put_hex(o, "key", BYTES_OF(u.identity[i - 1].pub));
		put_hex(o, "signature", signature);
		json_array_append_new(list, o);
		free((void *)(uintptr_t)b.p);
	}
}

static void attempt(struct tagged *t, const char *tag, unsigned more)
{
	tag_begin(t, file, "H", tag, 3 + more);
	tag_digest(t, "EID", &u.key.eid);
	tag_text(t, "text auxsid", "l1");
	tag_int(t, "int a", 1);
}

static void freeze(const char *tag, const char *name)
{
	struct tagged t;
	attempt(&t, tag, PARTIES);
	for (unsigned i = 1; i <= PARTIES; i++) {
		char path[RECORD_PATH_BYTES];
		snprintf(path, sizeof path, PROOF "proofs/%s%02u.bt", name, i);
		const digest d = file_digest(path);
		tag_digest(&t, strrchr(path, '/') + 1, &d);
	}
	json_t *v = t.v;
	const digest d = tag_end(&t);
	signed_by_all(tag, v, &d);
}

static void mixed(unsigned party)
{
	static const char *const names[] = {"PermutationCommitment", "PoSCommitment", "PoSReply"};
	char path[RECORD_PATH_BYTES];
	struct tagged t;
	struct error err;
	tag_begin(&t, file, "H", "mix", 8);
	tag_digest(&t, "EID", &u.key.eid);
	tag_text(&t, "text auxsid", "l1");
	tag_int(&t, "int NN", party);
	digest d = file_digest(party == 1 ? PROOF "Ciphertexts.bt" : PROOF "proofs/Ciphertexts01.bt");
	tag_digest(&t, "input list", &d);
	snprintf(path, sizeof path, PROOF "proofs/Ciphertexts%02u.bt", party);
	d = file_digest(path);
	tag_digest(&t, "output list", &d);
	for (unsigned i = 0; i < 3; i++) {
		snprintf(path, sizeof path, PROOF "proofs/%s%02u.bt", names[i], party);
		d = file_digest(path);
		tag_digest(&t, names[i], &d);
	}
	json_t *v = t.v;
	d = tag_end(&t);
	endorsement_path(path, "l1", "mix", party);
	bytes b = read_file(path);
	assert_ok(identity_verify_vartime(u.identity[party - 1].pub, b.p + 5, BYTES_OF(d.b), &err),
	          err);
	put_hex(v, "key", BYTES_OF(u.identity[party - 1].pub));
	put_hex(v, "signature", bytes_from(b, 5));
	free((void *)(uintptr_t)b.p);
}

static void hashes_of_the_frame(void)
{
	struct tagged t;
	struct note note;
	struct checkpoint c;
	struct error err;
	tag_begin(&t, file, "H", "manifest", 1);
	tag_leaf(&t, "leaf(bytes)", u.manifest->exact);
	tag_is(&t, &u.manifest->d);
	bytes b = read_file(BOARD_CLOSE_PATH);
	assert_ok(note_read(&note, b, &err) && checkpoint_read(&c, note.text, &err), err);
	tag_begin(&t, file, "H", "close", 3);
	tag_digest(&t, "EID", &u.key.eid);
	tag_u64(&t, "u64 size", c.size);
	tag_digest(&t, "root", &c.root);
	json_t *v = t.v;
	digest d = tag_end(&t);
	signed_by_all("close", v, &d);
	free((void *)(uintptr_t)b.p);
	/* No list of this record is empty: a statement alone. */
	d = statement_empty(&u.key.eid, "l2");
	tag_begin(&t, file, "H", "empty", 2);
	tag_digest(&t, "EID", &u.key.eid);
	tag_text(&t, "text auxsid", "l2");
	tag_is(&t, &d);
}

static void hashes_of_the_tally(void)
{
	static const uint8_t all[PARTIES] = {1, 1};
	struct tagged t;
	mixed(1);
	mixed(2);
	digest d = file_digest(PROOF "proofs/Ciphertexts02.bt");
	attempt(&t, "ready", 2);
	tag_digest(&t, "last list", &d);
	tag_leaf(&t, "flags active", BYTES_OF(all));
	json_t *v = t.v;
	d = tag_end(&t);
	signed_by_all("ready", v, &d);
	freeze("factors", "DecryptionFactors");
	freeze("commitments", "DecrFactCommitment");
	tag_begin(&t, file, "H", "result", 3);
	tag_digest(&t, "EID", &u.key.eid);
	d = file_digest(PROOF "Plaintexts.bt");
	tag_digest(&t, "Plaintexts.bt", &d);
	d = file_digest("result.json");
	tag_digest(&t, "result.json", &d);
	v = t.v;
	d = tag_end(&t);
	signed_by_all("result", v, &d);
}

/* H_files as the "tally" entry has it. */
static void hash_of_the_files(void)
{
	struct tally_files list;
	struct tagged t;
	struct error err;
	digest ours;
	unsigned count = 0;
	tally_files(&list, u.record);
	for (size_t i = 0; i < list.count; i++)
		count += strncmp(list.file[i].path, "endorse/l1/", 11) == 0 ||
		         strncmp(list.file[i].path, "proof/l1/", 9) == 0;
	tag_begin(&t, file, "H", "files", 2 * count);
	for (size_t i = 0; i < list.count; i++) {
		if (strncmp(list.file[i].path, "endorse/l1/", 11) != 0 &&
		    strncmp(list.file[i].path, "proof/l1/", 9) != 0)
			continue;
		const digest d = file_digest(list.file[i].path);
		tag_text(&t, "text path", list.file[i].path);
		tag_digest(&t, list.file[i].path, &d);
	}
	assert_ok(statement_list_files(&ours, u.record, "l1", &err), err);
	tag_is(&t, &ours);
	free(list.file);
}

static void verify(void)
{
	static struct tally_report report;
	const struct record_anchor anchor = {.kind = ANCHOR_ELECTION, .eid = u.key.eid};
	enum record_verdict verdict = tally_verify(&u, u.record, &anchor, &report);
	if (verdict != RECORD_VERIFIED)
		fail_msg("the tiny record: %s", tally_failed(&report));
}

json_t *vectors_record(struct folder **record, json_t **secrets)
{
	const struct tally_plan plan = {.mixers = "12", .active = "12"};
	file = vector_file("Hashes of the record in tiny-record, each with what is signed");
	stage_tiny(&u);
	*secrets = vector_file("What nobody else knows about the record in tiny-record");
	json_t *v = vector(*secrets, "secrets", "tiny-record"), *list;
	list = put_array(v, "shares");
	for (unsigned i = 0; i < PARTIES; i++) {
		uint8_t raw[SCALAR_BYTES];
		scalar_encode(raw, &u.share[i].secret);
		add_hex(list, BYTES_OF(raw));
	}
	put_array(v, "ballots");
	urn_open(&u);
	cast(v, 1, 1);
	cast(v, 2, 2);
	urn_close(&u);
	tally_run(&u, &plan);
	tally_finish(&u);
	verify();
	hashes_of_the_frame();
	hashes_of_the_tally();
	hash_of_the_files();
	*record = u.record;
	return file;
}

void vectors_record_end(void)
{
	urn_end(&u);
}
