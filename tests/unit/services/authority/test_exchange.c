/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Somebody else writes in the record while an authority works: from its k-th opening on, a file has
 * another content, for every k. Nothing may be signed, mixed or opened but what was checked.
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

static void trick_play(struct trick *t, struct election *e, const char *path, const char *other,
                       unsigned from)
{
	*t = (struct trick){.folder = {.name = "record",
	                               .open = trick_open,
	                               .create = trick_create,
	                               .exists = trick_exists,
	                               .list = trick_list,
	                               .remove = trick_remove},
	                    .inner = e->party[0].record,
	                    .path = path,
	                    .other = other,
	                    .from = from};
	e->party[0].authority.record = &t->folder;
}

static struct election e;
static struct folder *begun; /* the record before the step */

/* Back to how it was, and nothing is remembered. */
static void again(void)
{
	struct election_files files;
	struct error err;
	error_clear(&err);
	election_files(&files, e.record);
	for (size_t i = 0; i < files.count; i++)
		if (!begun->exists(begun, files.file[i].path))
			election_remove(e.record, files.file[i].path);
	election_files_free(&files);
	memory_folder_free(e.party[0].home);
	assert_ok(memory_folder_new(&e.party[0].home, "home", 1 << 20, &err), err);
	e.party[0].authority.home = e.party[0].home;
}

static bool same(const char *path, bytes with)
{
	bytes b = election_read(e.record, path);
	bool equal = bytes_equal(b, with);
	free((void *)(uintptr_t)b.p);
	return equal;
}

static void set_up_until(enum election_step step)
{
	election_begin(&e, &PLAN_SMALL(1, 1), 1);
	election_ceremony(&e);
	for (unsigned i = 0; i < 3; i++)
		election_mark(&e, i);
	election_write_box(&e);
	if (step == STEP_DECRYPT)
		assert_true(election_step(&e, STEP_MIX, "1", "1"));
}

/* The list as it was cast, shown in place of the mixed one: opened, it tells who voted what. */
static void a_list_exchanged_before_its_decryption_is_not_opened(void **state)
{
	(void)state;
	static const char list[] = PROOFS "Ciphertexts01.bt",
					  factors[] = PROOFS "DecryptionFactors01.bt",
					  reply[] = PROOFS "DecrFactReply01.bt";
	struct trick t;
	set_up_until(STEP_DECRYPT);
	begun = election_copy(e.record);
	trick_play(&t, &e, list, PROOF "Ciphertexts.bt", UINT32_MAX);
	assert_true(election_step(&e, STEP_DECRYPT, "1", "1"));
	const unsigned opens = t.opened;
	assert_true(opens >= 4);
	bytes honest = election_read(e.record, factors);
	unsigned refused = 0, published = 0;
	for (unsigned k = 0; k < opens; k++) {
		again();
		trick_play(&t, &e, list, PROOF "Ciphertexts.bt", k);
		bool good = election_step(&e, STEP_DECRYPT, "1", "1");
		if (e.record->exists(e.record, factors)) {
			assert_true(same(factors, honest));
			published++;
		}
		if (e.record->exists(e.record, reply)) {
			/* it answers for the true list: only checks are left, which hold */
			e.party[0].authority.record = e.party[0].record;
			assert_true(election_step(&e, STEP_DECRYPT, "1", "1"));
		} else {
			assert_false(good);
			refused++;
		}
	}
	assert_true(refused >= 3);
	assert_true(published >= 1);
	free((void *)(uintptr_t)honest.p);
	memory_folder_free(begun);
	election_end(&e);
}

static void a_list_exchanged_before_its_shuffle_is_not_mixed_in_ones_name(void **state)
{
	(void)state;
	static const char list[] = PROOF "Ciphertexts.bt", mix[] = "endorse/l1/mix-01.bt";
	static struct election_report report;
	struct election twin;
	struct trick t;
	set_up_until(STEP_MIX);
	begun = election_copy(e.record);
	election_begin(&twin, &PLAN_SMALL(1, 1), 1);
	election_ceremony(&twin);
	for (unsigned i = 0; i < 3; i++)
		election_mark(&twin, 1);
	election_write_box(&twin);
	assert_true(election_step(&twin, STEP_MIX, "1", "1"));
	bytes other = election_read(twin.record, list);
	trick_play(&t, &e, list, "other", UINT32_MAX);
	assert_true(election_step(&e, STEP_MIX, "1", "1"));
	const unsigned opens = t.opened;
	assert_true(opens >= 2);
	unsigned refused = 0;
	for (unsigned k = 0; k < opens; k++) {
		again();
		election_write(e.record, "other", other);
		trick_play(&t, &e, list, "other", k);
		bool good = election_step(&e, STEP_MIX, "1", "1");
		refused += !good;
		assert_int_equal(e.record->exists(e.record, mix), good);
	}
	assert_int_equal(refused, opens); /* the last to open it is the shuffle itself */
	again();
	e.party[0].authority.record = e.party[0].record;
	election_tally(&e, "1");
	assert_int_equal(election_verify(&e, e.record, true, &report), RECORD_VERIFIED);
	free((void *)(uintptr_t)other.p);
	memory_folder_free(begun);
	election_end(&twin);
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
	set_up_until(STEP_MIX);
	begun = election_copy(e.record);
	for (unsigned i = 0; i < 4; i++) {
		struct trick t;
		again();
		election_write(e.record, "other", BYTES_LITERAL("not what I wrote"));
		trick_play(&t, &e, made[i], "other", 0);
		assert_true(election_step(&e, STEP_MIX, "1", "1"));
		e.party[0].authority.record = e.party[0].record;
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
