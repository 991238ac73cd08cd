/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Somebody else writes in the record while an authority works: from its k-th opening on, a file has
 * another content. Nothing may be signed, mixed or opened but what was checked. An authority looks
 * at a shuffle once to see whether it counts (record/chain.h), and then opens each file once for
 * its work (files/pinned_folder.h), so k is 0, 1 or 2, and that there is no third opening is part
 * of what is tested here.
 */
#include "support/support.h"

#include "support/election.h"

#include "files/memory_folder.h"

#include <stdio.h>
#include <stdlib.h>

#define PROOF "proof/l1/nizkp/l1/"
#define PROOFS PROOF "proofs/"

/* A record that shows `other` in place of `path` from opening number `from` on. */
struct trick {
	struct folder folder; /* first member */
	struct folder *inner;
	const char *path, *other;
	unsigned opened, from;
};

static bool trick_open(struct folder *f, const char *path, struct source **out, struct error *err)
{
	struct trick *t = (struct trick *)f;
	if (strcmp(path, t->path) == 0 && t->opened++ >= t->from)
		path = t->other;
	return t->inner->open(t->inner, path, out, err);
}
static bool trick_create(struct folder *f, const char *path, bool replace, struct sink **out,
                         struct error *err)
{
	struct folder *inner = ((struct trick *)f)->inner;
	return inner->create(inner, path, replace, out, err);
}
static bool trick_exists(struct folder *f, const char *path)
{
	struct folder *inner = ((struct trick *)f)->inner;
	return inner->exists(inner, path);
}
static bool trick_list(struct folder *f, const char *path, folder_visit_fn *visit, void *ctx,
                       struct error *err)
{
	struct folder *inner = ((struct trick *)f)->inner;
	return inner->list(inner, path, visit, ctx, err);
}
static bool trick_remove(struct folder *f, const char *path, struct error *err)
{
	struct folder *inner = ((struct trick *)f)->inner;
	return inner->remove(inner, path, err);
}

static void trick_play(struct trick *t, struct election *e, unsigned party, const char *path,
                       const char *other, unsigned from)
{
	*t = (struct trick){.folder = {.name = "record",
	                               .open = trick_open,
	                               .create = trick_create,
	                               .exists = trick_exists,
	                               .list = trick_list,
	                               .remove = trick_remove},
	                    .inner = e->party[party - 1].record,
	                    .path = path,
	                    .other = other,
	                    .from = from};
	e->party[party - 1].authority.record = &t->folder;
}
static void trick_end(struct election *e, unsigned party)
{
	e->party[party - 1].authority.record = e->party[party - 1].record;
}

static struct election e;
static struct folder *begun; /* the record before the step */

/* Back to how it was, and nothing is remembered. */
static void again(unsigned party)
{
	struct election_party *p = &e.party[party - 1];
	struct election_files files;
	struct error err;
	error_clear(&err);
	election_files(&files, e.record);
	for (size_t i = 0; i < files.count; i++)
		if (!begun->exists(begun, files.file[i].path))
			election_remove(e.record, files.file[i].path);
	election_files_free(&files);
	bytes log = election_read(begun, "log/entries");
	election_write(e.record, "log/entries", log);
	free((void *)(uintptr_t)log.p);
	memory_folder_free(p->home);
	assert_ok(memory_folder_new(&p->home, "home", 1 << 20, &err), err);
	p->authority.home = p->home;
}

static bool same(const char *path, bytes with)
{
	bytes b = election_read(e.record, path);
	bool equal = bytes_equal(b, with);
	free((void *)(uintptr_t)b.p);
	return equal;
}

static void set_up(unsigned parties)
{
	election_begin(&e, &PLAN_SMALL(parties, parties), 1);
	election_ceremony(&e);
	for (unsigned i = 0; i < 3; i++)
		election_mark(&e, i);
	election_write_box(&e);
}

/* The list as it was cast, shown in place of the mixed one: opened, it tells who voted what. */
static void a_list_exchanged_before_its_decryption_is_not_opened(void **state)
{
	(void)state;
	static const char list[] = PROOFS "Ciphertexts01.bt",
					  factors[] = PROOFS "DecryptionFactors01.bt";
	struct trick t;
	set_up(1);
	assert_true(election_step(&e, STEP_MIX, "1", "1"));
	begun = election_copy(e.record);
	trick_play(&t, &e, 1, list, PROOF "Ciphertexts.bt", UINT32_MAX);
	assert_true(election_step(&e, STEP_DECRYPT, "1", "1"));
	assert_int_equal(t.opened, 2);
	bytes honest = election_read(e.record, factors);
	e.party[0].authority.timeout_ms = 100;
	for (unsigned from = 0; from < 2; from++) {
		again(1);
		trick_play(&t, &e, 1, list, PROOF "Ciphertexts.bt", from);
		assert_false(election_step(&e, STEP_DECRYPT, "1", "1"));
		assert_false(e.record->exists(e.record, factors));
	}
	again(1);
	trick_play(&t, &e, 1, list, PROOF "Ciphertexts.bt", 2);
	assert_true(election_step(&e, STEP_DECRYPT, "1", "1"));
	assert_int_equal(t.opened, 2);
	assert_true(same(factors, honest));
	free((void *)(uintptr_t)honest.p);
	memory_folder_free(begun);
	election_end(&e);
}

/* The second authority is shown another list in place of the first one's shuffle. */
static void a_list_exchanged_before_its_shuffle_is_not_mixed_in_ones_name(void **state)
{
	(void)state;
	static const char list[] = PROOFS "Ciphertexts01.bt", mix[] = "endorse/l1/mix-02.bt";
	static struct election_report report;
	struct trick t;
	set_up(2);
	assert_true(election_step(&e, STEP_MIX, "1", "1,2"));
	begun = election_copy(e.record);
	for (unsigned from = 0; from < 2; from++) {
		trick_play(&t, &e, 2, list, PROOF "Ciphertexts.bt", from);
		assert_false(election_step(&e, STEP_MIX, "2", "1,2"));
		assert_false(e.record->exists(e.record, mix));
		again(2);
	}
	trick_play(&t, &e, 2, list, PROOF "Ciphertexts.bt", 2);
	assert_true(election_step(&e, STEP_MIX, "2", "1,2"));
	assert_int_equal(t.opened, 2);
	trick_end(&e, 2);
	assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	assert_true(election_step(&e, STEP_COUNT, "1,2", "1,2"));
	election_finish(&e);
	assert_int_equal(election_verify(&e, e.record, true, &report), RECORD_VERIFIED);
	memory_folder_free(begun);
	election_end(&e);
}

/* One's own work exchanged before it is signed: what is signed is what was written. */
static void work_exchanged_before_the_signature_is_not_signed(void **state)
{
	(void)state;
	static const char *const made[] = {PROOFS "Ciphertexts01.bt",
	                                   PROOFS "PermutationCommitment01.bt",
	                                   PROOFS "PoSCommitment01.bt", PROOFS "PoSReply01.bt"};
	static struct election_report report;
	set_up(1);
	begun = election_copy(e.record);
	for (unsigned i = 0; i < 4; i++) {
		struct trick t;
		again(1);
		election_write(e.record, "other", BYTES_LITERAL("not what I wrote"));
		trick_play(&t, &e, 1, made[i], "other", 0);
		assert_true(election_step(&e, STEP_MIX, "1", "1"));
		trick_end(&e, 1);
		election_remove(e.record, "other");
		election_tally(&e, "1");
		assert_int_equal(election_verify(&e, e.record, true, &report), RECORD_VERIFIED);
	}
	memory_folder_free(begun);
	election_end(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_exchanged_before_its_decryption_is_not_opened),
		cmocka_unit_test(a_list_exchanged_before_its_shuffle_is_not_mixed_in_ones_name),
		cmocka_unit_test(work_exchanged_before_the_signature_is_not_signed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
