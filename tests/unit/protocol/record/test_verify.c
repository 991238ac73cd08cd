/* SPDX-License-Identifier: Apache-2.0 */
/* Whole records: honest ones of every shape are verified; what only a second list, a second subset
 * or a second election makes possible is rejected. */
#include "support/support.h"

#include "unit/protocol/record/tally.h"

#include "record/endorse.h"
#include "record/proof.h"

#include <stdio.h>
#include <stdlib.h>

static struct urn u;
static struct tally_report report;
static struct error err;

static void judged(struct folder *record, const char *codes)
{
	const struct record_anchor anchor = {.kind = ANCHOR_ELECTION, .eid = u.key.eid};
	enum record_verdict v = tally_verify(&u, record, &anchor, &report);
	const char *failed = tally_failed(&report);
	if (strcmp(failed, codes) != 0) {
		char first[8];
		snprintf(first, sizeof first, "%.*s", (int)strcspn(failed, " "), failed);
		fail_msg("failed: \"%s\", not \"%s\": %s", failed, codes,
		         first[0] ? tally_error(&report, first)->what : "");
	}
	assert_int_equal(v, codes[0] ? RECORD_REJECTED : RECORD_VERIFIED);
}
#define verified() judged(u.record, "")
#define rejected(codes) judged(u.record, codes)

struct shape {
	unsigned parties, threshold;
	const char *mixers, *active;
	unsigned attempt;
};

static void whole(const struct shape *s, struct urn_plan plan, unsigned voters)
{
	plan.parties = s->parties;
	plan.threshold = s->threshold;
	urn_begin(&u, &plan);
	urn_open(&u);
	for (unsigned i = 0; i < voters; i++) {
		if (plan.mode == BALLOT_SERVER)
			u.voters[i].style = i % URN_STYLES;
		urn_vote(&u, i, 0);
	}
	urn_close(&u);
	tally_run(
		&u, &(struct tally_plan){.mixers = s->mixers, .active = s->active, .attempt = s->attempt});
	tally_finish(&u);
}
static const struct urn_plan simple = {.mode = BALLOT_SERVER, .weight_max = 1};

static void records_of_any_mixers_and_decryptors_are_verified(void **state)
{
	(void)state;
	static const struct shape shapes[] = {
		{1, 1, "1", "1", 1},   {2, 1, "2", "1", 0},       {2, 1, "2", "2", 7},
		{2, 2, "12", "12", 1}, {3, 2, "12", "12", 2},     {3, 2, "13", "23", 1},
		{3, 2, "23", "12", 3}, {3, 2, "13", "123", 1},    {4, 3, "124", "134", 16},
		{4, 2, "12", "34", 1}, {4, 4, "1234", "1234", 1},
	};
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		whole(&shapes[i], simple, 4);
		verified();
		urn_end(&u);
	}
}

static void elections_of_all_modes_areas_and_weights_are_verified(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		whole(&(struct shape){2, 2, "12", "12", 1},
		      (struct urn_plan){.mode = i & 1 ? BALLOT_CREDENTIALS : BALLOT_SERVER,
		                        .areas = (i & 2) != 0,
		                        .weight_max = i & 4 ? 3 : 1,
		                        .witnesses = i % 3 ? 4 : 0,
		                        .workers = 1 + i % 2},
		      6);
		verified();
		assert_int_equal(tally_noted(&report, "4.6"), i % 3 == 0);
		assert_int_equal(tally_noted(&report, "5.1"), (i & 1) == 0);
		urn_end(&u);
	}
}

static void an_urn_without_ballots_is_verified(void **state)
{
	(void)state;
	whole(&(struct shape){2, 2, "12", "12", 1}, simple, 0);
	verified();
	assert_false(u.record->exists(u.record, "proof"));
	assert_ok(u.record->remove(u.record, "endorse/l2/empty-01.bt", &err), err);
	rejected("4.7 8.5");
	urn_end(&u);
}

static void log_anew(void)
{
	struct checkpoint c;
	const struct board_final f = {u.manifest, &u.key, u.record, &u.world, &u.board_key, NULL};
	error_clear(&err);
	assert_ok(u.record->remove(u.record, BOARD_FINAL_PATH, &err), err);
	assert_ok(board_finish(&c, &f, &err), err);
}

/* A list without ballots has neither proof nor other statements, and one with ballots is not
 * empty, whoever says so, and though the log binds it. */
static void statements_that_contradict_the_size_of_a_list_are_rejected(void **state)
{
	(void)state;
	static const char *const strays[] = {"mix-01.bt", "ready-01.bt", "factors-01.bt",
	                                     "commitments-01.bt"};
	char path[RECORD_PATH_BYTES];
	urn_begin(&u, &(struct urn_plan){
					  .mode = BALLOT_SERVER, .weight_max = 1, .parties = 1, .threshold = 1});
	urn_open(&u);
	for (unsigned i = 0; i < 2; i++) { /* only g2 has ballots: list l2 */
		u.voters[i].style = 2;
		urn_vote(&u, i, 0);
	}
	urn_close(&u);
	tally_run(&u, &(struct tally_plan){.mixers = "1", .active = "1", .attempt = 1});
	tally_finish(&u);
	verified();
	for (size_t i = 0; i < sizeof strays / sizeof *strays; i++) {
		snprintf(path, sizeof path, "endorse/l1/%s", strays[i]);
		urn_write(&u, path, BYTES_LITERAL("x"));
		log_anew();
		rejected("8.5");
		assert_ok(u.record->remove(u.record, path, &err), err);
	}
	urn_write(&u, "proof/l1/protInfo.xml", BYTES_LITERAL("x"));
	log_anew();
	rejected("8.5");
	assert_ok(u.record->remove(u.record, "proof/l1/protInfo.xml", &err), err);
	digest s = statement_empty(&u.key.eid, "l2");
	struct endorsements e = {u.record, u.manifest, "l2", "empty", 0};
	assert_ok(endorse(&e, 1, &u.identity[0], &s, &err), err);
	log_anew();
	rejected("8.3");
	urn_end(&u);
}

/* t of n is enough where the protocol says so, and one more signature must still be a true one. */
static void signatures_beyond_the_threshold_may_be_absent_but_not_false(void **state)
{
	(void)state;
	static const struct {
		const char *path, *codes;
		bool needed;
	} files[] = {
		{"endorse/close-02.bt", "6.3", false},
		{"endorse/result-03.bt", "10.3", false},
		{"endorse/l1/mix-01.bt", "4.7 8.3", true},
		{"endorse/l1/ready-03.bt", "4.7 9.2", true},
		{"endorse/l1/factors-03.bt", "4.7 9.2", true},
		{"endorse/l1/commitments-01.bt", "4.7 9.2", true},
	};
	whole(&(struct shape){3, 2, "12", "13", 1}, simple, 3);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		bytes file = urn_file(&u, files[i].path);
		uint8_t *p = (uint8_t *)(uintptr_t)file.p;
		assert_ok(u.record->remove(u.record, files[i].path, &err), err);
		rejected(files[i].needed ? files[i].codes : "");
		p[40] ^= 1;
		urn_write(&u, files[i].path, file);
		rejected(files[i].codes);
		p[40] ^= 1;
		urn_write(&u, files[i].path, file);
		free(p);
	}
	verified();
	urn_end(&u);
}

static void stages_of_another_attempt_or_party_are_rejected(void **state)
{
	(void)state;
	static const char *const kinds[] = {"ready", "factors", "commitments"};
	whole(&(struct shape){3, 2, "12", "13", 2}, simple, 3);
	for (unsigned k = 0; k < 3; k++) {
		char path[RECORD_PATH_BYTES];
		endorsement_path(path, "l1", kinds[k], 3);
		bytes file = urn_file(&u, path);
		uint8_t *p = (uint8_t *)(uintptr_t)file.p;
		p[13] ^= 1; /* attempt 3, of one party or of one stage */
		urn_write(&u, path, file);
		log_anew();
		rejected("9.2");
		p[13] ^= 1;
		urn_write(&u, path, file);
		/* the words of a party that takes no part */
		endorsement_path(path, "l1", kinds[k], 2);
		urn_write(&u, path, file);
		log_anew();
		rejected("9.2");
		assert_ok(u.record->remove(u.record, path, &err), err);
		free(p);
	}
	log_anew();
	verified();
	urn_end(&u);
}

/* Truly signed, but nobody said that party 2 would decrypt. */
static void words_of_a_party_that_is_not_ready_are_rejected(void **state)
{
	(void)state;
	char path[RECORD_PATH_BYTES];
	digest parts[LIMIT_PARTIES];
	whole(&(struct shape){3, 2, "12", "13", 2}, simple, 3);
	const struct statement_attempt about = {&u.key.eid, "l1", 2};
	for (unsigned k = 0; k < 2; k++) {
		enum mix_file file = k ? MIX_FILE_DECRYPTION_COMMITMENT : MIX_FILE_FACTORS;
		struct endorsements e = {u.record, u.manifest, "l1", k ? "commitments" : "factors", 2};
		error_clear(&err);
		assert_ok(proof_digests(parts, u.record, 0, file, 3, &err), err);
		digest s =
			k ? statement_commitments(&about, parts, 3) : statement_factors(&about, parts, 3);
		assert_ok(endorse(&e, 2, &u.identity[1], &s, &err), err);
		log_anew();
		rejected("9.2");
		endorsement_path(path, "l1", e.kind, 2);
		assert_ok(u.record->remove(u.record, path, &err), err);
	}
	log_anew();
	verified();
	urn_end(&u);
}

/* Whoever takes no part leaves placeholders: what else it left is in nobody's ready statement. */
static void factors_of_a_party_that_is_not_ready_are_rejected(void **state)
{
	(void)state;
	urn_begin(&u, &(struct urn_plan){
					  .mode = BALLOT_SERVER, .weight_max = 1, .parties = 3, .threshold = 2});
	urn_open(&u);
	for (unsigned i = 0; i < 3; i++)
		urn_vote(&u, i, 0);
	urn_close(&u);
	tally_run(&u, &(struct tally_plan){.mixers = "12", .active = "12", .attempt = 1, .stray = 3});
	tally_finish(&u);
	rejected("9.2 9.2");
	assert_non_null(strstr(tally_error(&report, "9.2")->what, "takes no part"));
	urn_end(&u);
}

/* --- two lists of one size --- */

static void other_list(char out[RECORD_PATH_BYTES], const char *path)
{
	snprintf(out, RECORD_PATH_BYTES, "%s", path);
	for (char *p = out; *p; p++)
		if (p[0] == '/' && p[1] == 'l' && p[2] == '1')
			p[2] = '2';
}

/* Every file whose path begins with this is exchanged with the other list's; the log follows. */
static void exchange_lists(const char *begins, const char *but)
{
	struct tally_files files;
	tally_files(&files, u.record);
	for (size_t i = 0; i < files.count; i++) {
		char other[RECORD_PATH_BYTES];
		const char *path = files.file[i].path;
		if (strncmp(path, begins, strlen(begins)) != 0 || (but && strstr(path, but)))
			continue;
		other_list(other, path);
		bytes a = urn_file(&u, path), b = urn_file(&u, other);
		urn_write(&u, path, b);
		urn_write(&u, other, a);
		free((void *)(uintptr_t)a.p);
		free((void *)(uintptr_t)b.p);
	}
	free(files.file);
	log_anew();
}

/* Few votes can come out of two shuffles in one order. */
static bool plaintexts_are_equal(void)
{
	bytes a = urn_file(&u, "proof/l1/nizkp/l1/Plaintexts.bt");
	bytes b = urn_file(&u, "proof/l2/nizkp/l2/Plaintexts.bt");
	bool equal = bytes_equal(a, b);
	free((void *)(uintptr_t)a.p);
	free((void *)(uintptr_t)b.p);
	return equal;
}

/* weight 3: both bits' lists of a group have the same ballots, hence the same input */
static void proofs_and_statements_of_another_list_are_rejected(void **state)
{
	(void)state;
	static const char *const kinds[][2] = {{"endorse/l1/mix", "8.3"},
	                                       {"endorse/l1/ready", "9.2"},
	                                       {"endorse/l1/factors", "9.2"},
	                                       {"endorse/l1/commitments", "9.2"},
	                                       {"proof/l1", "8.2"},
	                                       {"proof/l1/nizkp/l1/proofs/Ciphertexts01.bt", "8.2"},
	                                       {"proof/l1/nizkp/l1/Plaintexts.bt", "9.1"}};
	urn_begin(&u, &(struct urn_plan){
					  .mode = BALLOT_SERVER, .weight_max = 3, .parties = 2, .threshold = 2});
	urn_open(&u);
	for (unsigned i = 0; i < 10; i++) {
		u.voters[i].style = 0;
		u.voters[i].weight = 3;
		urn_vote(&u, i, 0);
	}
	urn_close(&u);
	tally_run(&u, &(struct tally_plan){.mixers = "12", .active = "12", .attempt = 1});
	tally_finish(&u);
	verified();
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strstr(kinds[i][0], "Plaintexts") && plaintexts_are_equal())
			continue;
		exchange_lists(kinds[i][0], NULL);
		const struct record_anchor anchor = {.kind = ANCHOR_ELECTION, .eid = u.key.eid};
		if (tally_verify(&u, u.record, &anchor, &report) != RECORD_REJECTED ||
		    strncmp(tally_failed(&report), kinds[i][1], 3) != 0)
			fail_msg("%s: %s", kinds[i][0], tally_failed(&report));
		exchange_lists(kinds[i][0], NULL);
	}
	/* the text that names the list put right: the proofs hash the name too */
	exchange_lists("proof/l1", "auxsid");
	const struct record_anchor anchor = {.kind = ANCHOR_ELECTION, .eid = u.key.eid};
	assert_int_equal(tally_verify(&u, u.record, &anchor, &report), RECORD_REJECTED);
	assert_non_null(strstr(tally_failed(&report), "8.2"));
	exchange_lists("proof/l1", "auxsid");
	verified();
	urn_end(&u);
}

/* --- a shuffle that holds, but is nobody's --- */

/* All other keys collude: one of them shuffles in party 2's place. */
static void a_proven_shuffle_without_its_authors_signature_is_rejected(void **state)
{
	(void)state;
	struct endorsements e;
	digest s = {{0}};
	static const char mix[] = "endorse/l1/mix-02.bt";
	whole(&(struct shape){2, 2, "12", "12", 1}, simple, 3);
	e = (struct endorsements){u.record, u.manifest, "l1", "mix", 0};
	bytes kept = urn_file(&u, mix), first = urn_file(&u, "endorse/l1/mix-01.bt");
	urn_write(&u, mix, first); /* party 1's word for both */
	log_anew();
	rejected("8.3");
	assert_ok(u.record->remove(u.record, mix, &err), err);
	assert_ok(endorse(&e, 2, &u.identity[0], &s, &err), err);
	log_anew();
	rejected("8.3");
	assert_ok(u.record->remove(u.record, mix, &err), err);
	assert_ok(endorse(&e, 2, &u.identity[1], &s, &err), err); /* his key, other words */
	log_anew();
	rejected("8.3");
	urn_write(&u, mix, kept);
	log_anew();
	verified();
	free((void *)(uintptr_t)first.p);
	free((void *)(uintptr_t)kept.p);
	urn_end(&u);
}

/* --- when the machine fails --- */

static void too_little_memory_is_no_verdict_about_the_record(void **state)
{
	(void)state;
	const struct record_anchor anchor = {.kind = ANCHOR_ELECTION};
	whole(&(struct shape){2, 2, "12", "12", 1}, simple, 3);
	struct record_anchor of = anchor;
	of.eid = u.key.eid;
	struct arena all = u.arena;
	enum record_verdict v = RECORD_UNDECIDED;
	for (size_t room = 1 << 16; v != RECORD_VERIFIED; room += room / 4) {
		u.arena.size = u.arena.used + room;
		v = tally_verify(&u, u.record, &of, &report);
		if (v != RECORD_VERIFIED && v != RECORD_UNDECIDED)
			fail_msg("%zu bytes: %s", room, tally_failed(&report));
		assert_true(room < all.size / 2);
	}
	u.arena = all;
	urn_end(&u);
}

struct broken {
	struct folder folder; /* first member */
	struct folder *inner;
	unsigned opens, fails_at;
};

static bool broken_open(struct folder *f, const char *path, struct source **out, struct error *e)
{
	struct broken *b = (struct broken *)f;
	if (b->opens++ == b->fails_at)
		return fail_detail(e, ERROR_IO, "test: the disk is broken", ERROR_NOWHERE, path);
	return b->inner->open(b->inner, path, out, e);
}
static bool broken_exists(struct folder *f, const char *path)
{
	struct folder *inner = ((struct broken *)f)->inner;
	return inner->exists(inner, path);
}
static bool broken_list(struct folder *f, const char *path, folder_visit_fn *visit, void *ctx,
                        struct error *e)
{
	struct folder *inner = ((struct broken *)f)->inner;
	return inner->list(inner, path, visit, ctx, e);
}

static void a_broken_disk_is_no_verdict_about_the_record(void **state)
{
	(void)state;
	whole(&(struct shape){2, 2, "12", "12", 1}, simple, 3);
	const struct record_anchor anchor = {.kind = ANCHOR_ELECTION, .eid = u.key.eid};
	struct broken b = {.folder = {.name = "record",
	                              .open = broken_open,
	                              .exists = broken_exists,
	                              .list = broken_list},
	                   .inner = u.record,
	                   .fails_at = UINT32_MAX};
	assert_int_equal(tally_verify(&u, &b.folder, &anchor, &report), RECORD_VERIFIED);
	unsigned opens = b.opens;
	for (unsigned i = 0; i < opens; i += 1 + (unsigned)(opens / TEST_COUNT(60, 100000))) {
		b.opens = 0;
		b.fails_at = i;
		enum record_verdict v = tally_verify(&u, &b.folder, &anchor, &report);
		if (v != RECORD_UNDECIDED)
			fail_msg("file %u: verdict %d, %s", i, (int)v, tally_failed(&report));
	}
	urn_end(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_of_any_mixers_and_decryptors_are_verified),
		cmocka_unit_test(elections_of_all_modes_areas_and_weights_are_verified),
		cmocka_unit_test(an_urn_without_ballots_is_verified),
		cmocka_unit_test(statements_that_contradict_the_size_of_a_list_are_rejected),
		cmocka_unit_test(signatures_beyond_the_threshold_may_be_absent_but_not_false),
		cmocka_unit_test(stages_of_another_attempt_or_party_are_rejected),
		cmocka_unit_test(words_of_a_party_that_is_not_ready_are_rejected),
		cmocka_unit_test(factors_of_a_party_that_is_not_ready_are_rejected),
		cmocka_unit_test(proofs_and_statements_of_another_list_are_rejected),
		cmocka_unit_test(a_proven_shuffle_without_its_authors_signature_is_rejected),
		cmocka_unit_test(too_little_memory_is_no_verdict_about_the_record),
		cmocka_unit_test(a_broken_disk_is_no_verdict_about_the_record),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
