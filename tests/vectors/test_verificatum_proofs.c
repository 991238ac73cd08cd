/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proofs that Verificatum's own mix servers wrote: the good ones are accepted, every one that was
 * tampered with is refused, and hashed intermediate values are the recorded ones.
 */
#include "unit/protocol/mixnet/world.h"

#include "files/disk_folder.h"
#include "files/memory_folder.h"

#include <stdio.h>
#include <stdlib.h>

/* A world over a folder of a data set: only what verifying needs. */
static void open_proof(struct world *w, const char *root, const char *folder, const char *auxsid,
                       uint32_t width)
{
	struct mix_session session;
	session_of(&session, root, auxsid, width);
	world_init(w, session.parties, session.threshold, session.width, 128, open_disk(root, folder));
	w->session = session;
}

static void close_proof(struct world *w)
{
	disk_folder_close(w->folder);
	world_done(w);
}

static void is_accepted(const char *set, const char *auxsid, uint32_t width, enum mix_type type)
{
	struct world w;
	struct error err;
	struct mix_facts facts;
	char folder[64];
	const char *root = unpacked(set);
	snprintf(folder, sizeof folder, "nizkp/%s", auxsid);
	open_proof(&w, root, folder, auxsid, width);
	assert_ok(world_verify(&w, &facts, &err), err);
	assert_int_equal(facts.layout.type, type);
	close_proof(&w);
}

static void mixes_of_two_parties_are_accepted(void **state)
{
	(void)state;
	is_accepted("p2t2-n1", "default", 0, MIX_MIXING);
	is_accepted("p2t2-n2", "default", 0, MIX_MIXING);
	is_accepted("p2t2-n10", "default", 0, MIX_MIXING);
	is_accepted("p2t2-n100", "default", 0, MIX_MIXING);
}

static void mixes_of_one_and_of_three_parties_are_accepted(void **state)
{
	(void)state;
	is_accepted("p1t1-n10", "default", 0, MIX_MIXING);
	is_accepted("p3t2-n10", "default", 0, MIX_MIXING);
	is_accepted("p3t2-n100", "default", 0, MIX_MIXING);
}

static void a_mix_of_width_two_is_accepted(void **state)
{
	(void)state;
	is_accepted("p2t2-n10-width2", "default", 2, MIX_MIXING);
}

static void a_mix_with_precomputation_is_accepted(void **state)
{
	(void)state;
	is_accepted("p2t2-n10-precomp", "default", 0, MIX_MIXING);
}

static void a_mix_with_an_inactive_party_is_accepted(void **state)
{
	(void)state;
	is_accepted("p3t2-n10-party3-inactive", "default", 0, MIX_MIXING);
}

static void a_shuffle_and_a_decryption_of_their_own_are_accepted(void **state)
{
	(void)state;
	is_accepted("p2t2-n10-shuffle-then-decrypt", "default", 0, MIX_SHUFFLING);
	is_accepted("p2t2-n10-shuffle-then-decrypt", "dec", 0, MIX_DECRYPTION);
}

static void other_groups_are_refused_by_name(void **state)
{
	(void)state;
	static const char *const sets[] = {"p2t2-n10-modp2048", "p2t2-n10-p521-sha512"};
	for (size_t i = 0; i < 2; i++) {
		char path[512];
		struct mix_session session;
		struct error err;
		snprintf(path, sizeof path, "%s/protInfo.xml", unpacked(sets[i]));
		assert_fails(protinfo_parse(&session, test_file(path), &err), err, ERROR_MALFORMED);
		assert_string_equal(err.what, "protInfo: pgroup is not P-256, the only supported group");
		assert_non_null(strstr(err.detail, ": pgroup")); /* after the line */
	}
}

/* --- what was tampered with --- */

/* Where the blame has to fall, for cases whose answer is known. */
struct blame {
	const char *name;
	enum error_kind kind;
	const char *what, *detail; /* parts of the message; NULL: any */
	uint64_t at;               /* ERROR_NOWHERE: any */
};

static const struct blame blames[] = {
	{"flip-permcomm1", ERROR_MALFORMED, NULL, "PermutationCommitment01.bt", ERROR_NOWHERE},
	{"permcomm2-swap", ERROR_REJECTED, "shuffle equation", "party 2", ERROR_NOWHERE},
	{"poscomm1-Ap-neg", ERROR_REJECTED, "shuffle equation A", "party 1", ERROR_NOWHERE},
	{"poscomm1-Cp-neg", ERROR_REJECTED, "shuffle equation", "party 1", ERROR_NOWHERE},
	{"posreply1-kA-plus-q", ERROR_MALFORMED, NULL, "PoSReply01.bt", ERROR_NOWHERE},
	{"posreply1-kA", ERROR_REJECTED, "shuffle equation A", "party 1", ERROR_NOWHERE},
	{"posreply2-kBlast", ERROR_REJECTED, "shuffle equation B", "party 2", 9},
	{"posreply1-kD", ERROR_REJECTED, "shuffle equation D", "party 1", ERROR_NOWHERE},
	{"posreply1-kEswap", ERROR_REJECTED, "shuffle equation A", "party 1", ERROR_NOWHERE},
	{"posreply1-short", ERROR_MALFORMED, "too short", "PoSReply01.bt", ERROR_NOWHERE},
	{"posreply1-trunc", ERROR_MALFORMED, "too short", "PoSReply01.bt", ERROR_NOWHERE},
	{"ciph2-swap", ERROR_REJECTED, "shuffle equation", "party 2", ERROR_NOWHERE},
	{"ciph1-dup", ERROR_REJECTED, "shuffle equation", "party 1", ERROR_NOWHERE},
	{"df1-neg", ERROR_REJECTED, "decryption", "party 1", ERROR_NOWHERE},
	{"dfr1", ERROR_REJECTED, "decryption commitment", "party 1", ERROR_NOWHERE},
	{"plain-swap", ERROR_REJECTED, "plaintexts", NULL, 0},
	{"plain-drop", ERROR_MALFORMED, "too short", "Plaintexts.bt", ERROR_NOWHERE},
	{"poly-c0", ERROR_MALFORMED, "polynomial", "PolynomialInExponent.bt", ERROR_NOWHERE},
	{"pk-g", ERROR_MALFORMED, "generator", "FullPublicKey.bt", ERROR_NOWHERE},
	{"correct-bad", ERROR_MALFORMED, "flag", "CorrectIndices.bt", ERROR_NOWHERE},
	{"version-changed", ERROR_MALFORMED, "version", "version", ERROR_NOWHERE},
	{"type-unknown", ERROR_MALFORMED, "neither mixing", "type", ERROR_NOWHERE},
	{"at-1", ERROR_MALFORMED, "threshold", "activethreshold", ERROR_NOWHERE},
	{"trailing-ciph", ERROR_MALFORMED, "too long", "Ciphertexts01.bt", ERROR_NOWHERE},
	{"noncanon-x", ERROR_MALFORMED, NULL, "PermutationCommitment01.bt", ERROR_NOWHERE},
	{"pi-version", ERROR_MALFORMED, "version", "version", ERROR_NOWHERE},
	{"pi-pgroup", ERROR_MALFORMED, "pgroup", "pgroup", ERROR_NOWHERE},
	{"shuffle-all-proofs-wrong", ERROR_REJECTED, "shuffle equation A", "party 1", ERROR_NOWHERE},
	{"shuffle-output-replaced", ERROR_REJECTED, "output list", NULL, ERROR_NOWHERE},
	{"mix-without-shuffle", ERROR_REJECTED, "fewer shuffles", NULL, ERROR_NOWHERE},
};

static bool contains(const char *text, const char *part)
{
	return !part || strstr(text, part);
}

static void check_blame(const char *name, const struct error *err)
{
	assert_true(err->kind == ERROR_REJECTED || err->kind == ERROR_MALFORMED);
	for (size_t i = 0; i < sizeof blames / sizeof blames[0]; i++) {
		const struct blame *b = &blames[i];
		if (strcmp(b->name, name) != 0)
			continue;
		if (err->kind != b->kind || !contains(err->what, b->what) ||
		    !contains(err->detail, b->detail) || (b->at != ERROR_NOWHERE && err->at != b->at))
			fail_msg("%s: %s: %s (at %llu) %s", name, error_kind_name(err->kind), err->what,
			         (unsigned long long)err->at, err->detail);
	}
}

static void one_case(const char *root, const char *name, const char *auxsid, bool accept)
{
	struct world w;
	struct error err;
	char path[512];
	struct mix_session session;
	snprintf(path, sizeof path, "%s/%s/protInfo.xml", root, name);
	error_clear(&err);
	if (!protinfo_parse(&session, test_file(path), &err)) {
		assert_false(accept);
		check_blame(name, &err);
		return;
	}
	snprintf(path, sizeof path, "%s/%s", root, name);
	open_proof(&w, path, auxsid, auxsid, 0);
	bool ok = world_verify(&w, NULL, &err);
	if (ok != accept)
		fail_msg("%s: %s %s", name, ok ? "accepted" : err.what, err.detail);
	if (!ok) {
		check_blame(name, &err);
		assert_true(w.findings_count > 0);
	}
	close_proof(&w);
}

/* The string value of a key in the object that starts at p: the manifests are flat and plain. */
static void value_of(char out[static 128], const char *p, const char *key)
{
	const char *at = strstr(p, key);
	assert_non_null(at);
	assert_int_equal(sscanf(at + strlen(key), "\": \"%127[^\"]\"", out), 1);
}

static void every_case_of(const char *set, size_t at_least)
{
	char path[256], name[128], auxsid[128], expected[128];
	const char *root = unpacked(set);
	snprintf(path, sizeof path, "verificatum/%s/manifest.json", set);
	bytes manifest = test_data(path);
	char *text = malloc(manifest.len + 1);
	assert_non_null(text);
	memcpy(text, manifest.p, manifest.len);
	text[manifest.len] = 0;
	size_t count = 0;
	for (const char *p = text; (p = strstr(p, "\"name\"")); p++, count++) {
		value_of(name, p, "name");
		value_of(auxsid, p, "proofdir");
		value_of(expected, p, "expected");
		one_case(root, name, auxsid, strcmp(expected, "ACCEPT") == 0);
	}
	free(text);
	assert_true(count >= at_least);
}

static void every_altered_proof_of_two_parties_is_rejected(void **state)
{
	(void)state;
	every_case_of("invalid-p2t2-n10", 34);
}

static void every_altered_proof_of_three_parties_is_rejected(void **state)
{
	(void)state;
	every_case_of("invalid-p3t2-n10", 35);
}

static void what_other_verifiers_accept_wrongly_is_rejected(void **state)
{
	(void)state;
	every_case_of("must-reject-though-vmnv-accepts", 3);
}

/* --- every file of the less common kinds of proof --- */

static struct folder *copy_of(struct folder *from)
{
	struct mix_path files[64];
	struct error err;
	struct folder *to = NULL;
	assert_ok(memory_folder_new(&to, "copy", (size_t)64 << 20, &err), err);
	size_t count = world_files(from, files, 64);
	for (size_t i = 0; i < count; i++) {
		bytes content = world_read(from, files[i].text);
		world_write(to, files[i].text, content);
	}
	return to;
}

static void spoil_file(struct world *w, const char *file)
{
	bytes content = world_read(w->folder, file);
	uint8_t *b = (uint8_t *)(uintptr_t)content.p;
	struct error err;
	size_t step = (size_t)TEST_COUNT(1 + content.len / 16, 1);
	for (size_t at = (size_t)test_random_below(step); at < content.len; at += step) {
		uint8_t mask = (uint8_t)(1u << test_random_below(8));
		b[at] ^= mask;
		world_write(w->folder, file, content);
		if (world_verify(w, NULL, &err))
			fail_msg("accepted: %s, byte %zu, bits %02x", file, at, mask);
		assert_true(err.kind == ERROR_REJECTED || err.kind == ERROR_MALFORMED);
		b[at] ^= mask;
	}
	world_write(w->folder, file, content);
}

static void every_spoilt_file_is_rejected(const char *set, const char *auxsid)
{
	struct world w;
	struct error err;
	struct mix_path files[64];
	char folder[64];
	snprintf(folder, sizeof folder, "nizkp/%s", auxsid);
	open_proof(&w, unpacked(set), folder, auxsid, 0);
	struct folder *disk = w.folder;
	w.folder = copy_of(disk);
	size_t count = world_files(w.folder, files, 64);
	for (size_t i = 0; i < count; i++)
		spoil_file(&w, files[i].text);
	assert_ok(world_verify(&w, NULL, &err), err);
	memory_folder_free(w.folder);
	w.folder = disk;
	close_proof(&w);
}

static void altered_bytes_of_a_proof_with_precomputation_are_rejected(void **state)
{
	(void)state;
	every_spoilt_file_is_rejected("p2t2-n10-precomp", "default");
}

static void altered_bytes_of_separate_sessions_are_rejected(void **state)
{
	(void)state;
	every_spoilt_file_is_rejected("p2t2-n10-shuffle-then-decrypt", "default");
	every_spoilt_file_is_rejected("p2t2-n10-shuffle-then-decrypt", "dec");
}

static void exchanged_keep_lists_are_rejected(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	open_proof(&w, unpacked("p2t2-n10-precomp"), "nizkp/default", "default", 0);
	struct folder *disk = w.folder;
	w.folder = copy_of(disk);
	bytes keep = world_read(w.folder, "proofs/KeepList01.bt");
	uint8_t *b = (uint8_t *)(uintptr_t)keep.p;
	/* As many flags as before, one of them elsewhere. */
	for (size_t one = 5, zero = 5; one < keep.len; one++) {
		while (zero < keep.len && b[zero])
			zero++;
		if (!b[one] || zero == keep.len)
			continue;
		b[one] = 0; /* one too few */
		world_write(w.folder, "proofs/KeepList01.bt", keep);
		assert_fails(world_verify(&w, NULL, &err), err, ERROR_MALFORMED);
		b[zero] = 1;
		world_write(w.folder, "proofs/KeepList01.bt", keep);
		assert_fails(world_verify(&w, NULL, &err), err, ERROR_REJECTED);
		b[one] = 1;
		b[zero] = 0;
	}
	memory_folder_free(w.folder);
	w.folder = disk;
	close_proof(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mixes_of_two_parties_are_accepted),
		cmocka_unit_test(mixes_of_one_and_of_three_parties_are_accepted),
		cmocka_unit_test(a_mix_of_width_two_is_accepted),
		cmocka_unit_test(a_mix_with_precomputation_is_accepted),
		cmocka_unit_test(a_mix_with_an_inactive_party_is_accepted),
		cmocka_unit_test(a_shuffle_and_a_decryption_of_their_own_are_accepted),
		cmocka_unit_test(other_groups_are_refused_by_name),
		cmocka_unit_test(every_altered_proof_of_two_parties_is_rejected),
		cmocka_unit_test(every_altered_proof_of_three_parties_is_rejected),
		cmocka_unit_test(what_other_verifiers_accept_wrongly_is_rejected),
		cmocka_unit_test(altered_bytes_of_a_proof_with_precomputation_are_rejected),
		cmocka_unit_test(altered_bytes_of_separate_sessions_are_rejected),
		cmocka_unit_test(exchanged_keep_lists_are_rejected),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
