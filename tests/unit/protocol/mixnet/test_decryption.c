/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/protocol/mixnet/world.h"

#include <stdlib.h>

#define LIST "Ciphertexts.bt"

/* Three parties, threshold two; the input list itself is decrypted. */
struct decrypting {
	struct world w;
	struct decryption_job job;
	struct decryption_nonce nonce[LIMIT_PARTIES + 1];
};

static void begin(struct decrypting *d, uint32_t width)
{
	memset(d, 0, sizeof *d);
	world_init(&d->w, 3, 2, width, 4, NULL);
	world_start(&d->w, MIX_DECRYPTION, 2);
	d->job = world_decryption_job(&d->w, LIST);
}

static void factors(struct decrypting *d)
{
	struct error err;
	for (unsigned p = 1; p <= 3; p++)
		assert_ok(decryption_factors(&d->job, p, &d->w.share[p], &err), err);
}

static void commitments(struct decrypting *d)
{
	struct error err;
	for (unsigned p = 1; p <= 3; p++)
		assert_ok(decryption_commit(&d->job, p, d->w.rng, &d->nonce[p], &err), err);
}

static void replies(struct decrypting *d)
{
	struct error err;
	for (unsigned p = 1; p <= 3; p++)
		assert_ok(decryption_reply(&d->job, &d->w.share[p], &d->nonce[p], &err), err);
}

static void verdicts_are(struct decrypting *d, enum decryption_verdict a, enum decryption_verdict b,
                         enum decryption_verdict c)
{
	struct error err;
	enum decryption_verdict verdict[LIMIT_PARTIES + 1];
	assert_ok(decryption_check(&d->job, verdict, &err), err);
	assert_int_equal(verdict[1], a);
	assert_int_equal(verdict[2], b);
	assert_int_equal(verdict[3], c);
}

static void coefficients_are_the_documented_ones(void **state)
{
	(void)state;
	static const struct {
		uint32_t parties, threshold;
		unsigned chosen[3];
		int want[3];
	} cases[] = {{2, 2, {1, 2}, {8, -4}},
	             {3, 2, {1, 2}, {72, -36}},
	             {3, 2, {1, 3}, {54, -18}},
	             {5, 3, {1, 2, 3}, {10800, -10800, 3600}}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct mix_session s = {.parties = cases[i].parties, .threshold = cases[i].threshold};
		bool correct[LIMIT_PARTIES + 1] = {false};
		scalar c[LIMIT_PARTIES + 1];
		for (size_t k = 0; k < cases[i].threshold; k++)
			correct[cases[i].chosen[k]] = true;
		assert_true(decryption_coefficients(c, &s, correct));
		for (size_t k = 0; k < cases[i].threshold; k++) {
			int want = cases[i].want[k];
			scalar w = scalar_of_u64((uint64_t)abs(want));
			if (want < 0)
				scalar_neg(&w, &w);
			assert_true(scalar_equal(&w, &c[cases[i].chosen[k]]));
		}
		correct[cases[i].chosen[0]] = false;
		assert_false(decryption_coefficients(c, &s, correct));
	}
}

static void every_threshold_of_parties_gets_the_plaintexts(void **state)
{
	(void)state;
	static const bool sets[4][LIMIT_PARTIES + 1] = {
		{0, 1, 1, 0}, {0, 1, 0, 1}, {0, 0, 1, 1}, {0, 1, 1, 1}};
	for (uint32_t width = 1; width <= 3; width++) {
		struct decrypting d;
		begin(&d, width);
		factors(&d);
		commitments(&d);
		replies(&d);
		verdicts_are(&d, DECRYPTION_CORRECT, DECRYPTION_CORRECT, DECRYPTION_CORRECT);
		for (size_t i = 0; i < 4; i++) {
			struct error err;
			assert_ok(decryption_combine(&d.job, sets[i], &err), err);
			world_check_plaintexts(&d.w);
			assert_ok(d.w.folder->remove(d.w.folder, "Plaintexts.bt", &err), err);
			assert_ok(d.w.folder->remove(d.w.folder, "proofs/CorrectIndices.bt", &err), err);
		}
		world_done(&d.w);
	}
}

static void fewer_than_the_threshold_do_not_decrypt(void **state)
{
	(void)state;
	struct decrypting d;
	struct error err;
	bool one[LIMIT_PARTIES + 1] = {false, true};
	begin(&d, 1);
	factors(&d);
	assert_fails(decryption_combine(&d.job, one, &err), err, ERROR_UNAVAILABLE);
	assert_false(d.w.folder->exists(d.w.folder, "Plaintexts.bt"));
	world_done(&d.w);
}

static void a_nonce_is_used_once(void **state)
{
	(void)state;
	struct decrypting d;
	struct error err;
	begin(&d, 1);
	factors(&d);
	assert_fails(decryption_reply(&d.job, &d.w.share[1], &d.nonce[1], &err), err, ERROR_BUG);
	commitments(&d);
	assert_fails(decryption_commit(&d.job, 1, d.w.rng, &d.nonce[1], &err), err, ERROR_BUG);
	replies(&d);
	for (unsigned p = 1; p <= 3; p++) {
		assert_int_equal(d.nonce[p].state, DECRYPTION_NONCE_SPENT);
		assert_true(scalar_is_zero(&d.nonce[p].r.secret));
		assert_fails(decryption_reply(&d.job, &d.w.share[p], &d.nonce[p], &err), err, ERROR_BUG);
	}
	world_done(&d.w);
}

static void a_changed_commitment_gets_no_reply(void **state)
{
	(void)state;
	struct decrypting d;
	struct error err;
	begin(&d, 1);
	factors(&d);
	commitments(&d);
	bytes other = world_read(d.w.folder, "proofs/DecrFactCommitment02.bt");
	world_write(d.w.folder, "proofs/DecrFactCommitment01.bt", other);
	assert_fails(decryption_reply(&d.job, &d.w.share[1], &d.nonce[1], &err), err, ERROR_CONFLICT);
	assert_false(d.w.folder->exists(d.w.folder, "proofs/DecrFactReply01.bt"));
	world_done(&d.w);
}

static void a_step_before_its_time_fails_and_spends_the_nonce(void **state)
{
	(void)state;
	struct decrypting d;
	struct error err;
	begin(&d, 1);
	assert_ok(decryption_factors(&d.job, 1, &d.w.share[1], &err), err);
	assert_fails(decryption_commit(&d.job, 1, d.w.rng, &d.nonce[1], &err), err, ERROR_MALFORMED);
	assert_non_null(strstr(err.detail, "DecryptionFactors02.bt"));
	assert_int_equal(d.nonce[1].state, DECRYPTION_NONCE_SPENT);
	world_done(&d.w);
}

static void factors_of_another_share_are_named(void **state)
{
	(void)state;
	struct decrypting d;
	struct error err;
	begin(&d, 1);
	assert_ok(decryption_factors(&d.job, 1, &d.w.share[1], &err), err);
	assert_ok(decryption_factors(&d.job, 2, &d.w.share[3], &err), err);
	assert_ok(decryption_factors(&d.job, 3, &d.w.share[3], &err), err);
	commitments(&d);
	replies(&d);
	verdicts_are(&d, DECRYPTION_CORRECT, DECRYPTION_BAD_FACTORS, DECRYPTION_CORRECT);
	world_done(&d.w);
}

/* What commit found serves the check, whose verdicts are the same. */
static void what_was_frozen_is_found_once(void **state)
{
	(void)state;
	struct decrypting d;
	struct error err;
	struct decryption_frozen frozen = {.known = false};
	begin(&d, 2);
	assert_ok(decryption_factors(&d.job, 1, &d.w.share[1], &err), err);
	assert_ok(decryption_factors(&d.job, 2, &d.w.share[3], &err), err);
	assert_ok(decryption_factors(&d.job, 3, &d.w.share[3], &err), err);
	d.job.frozen = &frozen;
	commitments(&d);
	assert_true(frozen.known);
	replies(&d);
	verdicts_are(&d, DECRYPTION_CORRECT, DECRYPTION_BAD_FACTORS, DECRYPTION_CORRECT);
	d.job.frozen = NULL;
	verdicts_are(&d, DECRYPTION_CORRECT, DECRYPTION_BAD_FACTORS, DECRYPTION_CORRECT);
	d.job.frozen = &frozen;
	point_add(&frozen.a[1], &frozen.a[1], &frozen.a[0]); /* it is in use, then */
	verdicts_are(&d, DECRYPTION_BAD_FACTORS, DECRYPTION_BAD_FACTORS, DECRYPTION_BAD_FACTORS);
	world_done(&d.w);
}

static void only_factors_made_here_are_taken_as_they_are(void **state)
{
	(void)state;
	struct decrypting d;
	struct error err;
	begin(&d, 1);
	for (unsigned p = 1; p <= 3; p++)
		assert_ok(decryption_factors(&d.job, p, &d.w.share[p == 3 ? 2 : 1], &err), err);
	commitments(&d);
	assert_ok(decryption_reply(&d.job, &d.w.share[1], &d.nonce[1], &err), err);
	assert_ok(decryption_reply(&d.job, &d.w.share[2], &d.nonce[2], &err), err);
	assert_ok(decryption_reply(&d.job, &d.w.share[1], &d.nonce[3], &err), err);
	verdicts_are(&d, DECRYPTION_CORRECT, DECRYPTION_BAD_FACTORS, DECRYPTION_BAD_COMMITMENT);
	d.job.made = 2;
	verdicts_are(&d, DECRYPTION_CORRECT, DECRYPTION_CORRECT, DECRYPTION_BAD_COMMITMENT);
	d.job.made = 3; /* commitment and reply are looked at in any case */
	verdicts_are(&d, DECRYPTION_CORRECT, DECRYPTION_BAD_FACTORS, DECRYPTION_BAD_COMMITMENT);
	world_done(&d.w);
}

struct shift {
	point p[4], by;
};

static bool take(void *ctx, unsigned column, uint64_t first, point *p, size_t count,
                 struct error *err)
{
	(void)column;
	(void)err;
	struct shift *s = ctx;
	memcpy(s->p + first, p, count * sizeof *p);
	return true;
}

static bool give(void *ctx, unsigned column, uint64_t first, point *p, size_t count,
                 struct error *err)
{
	(void)column;
	(void)err;
	struct shift *s = ctx;
	for (size_t i = 0; i < count; i++)
		point_add(&p[i], &s->p[first + i], &s->by);
	return true;
}

static void shift_factors(struct decrypting *d, unsigned party, uint64_t times_g)
{
	struct error err;
	struct shift s;
	struct mix_path path = mix_path(MIX_FILE_FACTORS, party);
	point g = point_generator();
	scalar k = scalar_of_u64(times_g);
	point_mul_vartime(&s.by, &k, &g);
	assert_ok(mix_list_read(d->w.folder, path.text, MIX_LIST_PLAINTEXTS, 4, 1, take, &s,
	                        &d->w.arena, &err),
	          err);
	assert_ok(mix_list_write(d->w.folder, path.text, MIX_LIST_PLAINTEXTS, 4, 1, give, &s,
	                         &d->w.arena, &err),
	          err);
}

/* 72·f_1 − 36·f_2 stays what it was when f_1 grows by G and f_2 by 2G: only the equations of each
 * party show it. */
static void errors_that_cancel_are_named_in_both_parties(void **state)
{
	(void)state;
	struct decrypting d;
	struct error err;
	bool correct[LIMIT_PARTIES + 1] = {false, true, true, true};
	begin(&d, 1);
	factors(&d);
	shift_factors(&d, 1, 1);
	shift_factors(&d, 2, 2);
	commitments(&d);
	replies(&d);
	verdicts_are(&d, DECRYPTION_BAD_FACTORS, DECRYPTION_BAD_FACTORS, DECRYPTION_CORRECT);
	assert_ok(decryption_combine(&d.job, correct, &err), err);
	world_check_plaintexts(&d.w);
	assert_fails(world_verify(&d.w, NULL, &err), err, ERROR_REJECTED);
	assert_int_equal(d.w.findings_count, 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(d.w.findings[i].check, MIX_CHECK_DECRYPTION_FACTORS);
		assert_int_equal(d.w.findings[i].party, i + 1);
	}
	world_done(&d.w);
}

static void a_reply_with_another_share_is_named(void **state)
{
	(void)state;
	struct decrypting d;
	struct error err;
	begin(&d, 2);
	factors(&d);
	commitments(&d);
	assert_ok(decryption_reply(&d.job, &d.w.share[1], &d.nonce[1], &err), err);
	assert_ok(decryption_reply(&d.job, &d.w.share[2], &d.nonce[2], &err), err);
	assert_ok(decryption_reply(&d.job, &d.w.share[1], &d.nonce[3], &err), err);
	verdicts_are(&d, DECRYPTION_CORRECT, DECRYPTION_CORRECT, DECRYPTION_BAD_COMMITMENT);
	world_done(&d.w);
}

static void malformed_messages_are_named(void **state)
{
	(void)state;
	struct decrypting d;
	begin(&d, 1);
	factors(&d);
	commitments(&d);
	replies(&d);
	uint8_t bad[38];
	memset(bad, 0xff, sizeof bad);
	world_write(d.w.folder, "proofs/DecrFactReply02.bt", BYTES_OF(bad));
	world_write(d.w.folder, "proofs/DecrFactReply03.bt", bytes_of(bad, 5));
	verdicts_are(&d, DECRYPTION_CORRECT, DECRYPTION_BAD_REPLY, DECRYPTION_BAD_REPLY);
	world_done(&d.w);
}

/* There is no proof with them, whoever is right besides. */
static void frozen_factors_that_are_no_points_are_told_from_a_bad_reply(void **state)
{
	(void)state;
	struct decrypting d;
	struct mix_path path = mix_path(MIX_FILE_FACTORS, 2);
	uint8_t bad[38];
	begin(&d, 1);
	factors(&d);
	bytes b = world_read(d.w.folder, path.text);
	((uint8_t *)(uintptr_t)b.p)[b.len - 1] ^= 1;
	world_write(d.w.folder, path.text, b);
	commitments(&d);
	replies(&d);
	verdicts_are(&d, DECRYPTION_CORRECT, DECRYPTION_MALFORMED, DECRYPTION_CORRECT);
	memset(bad, 0xff, sizeof bad);
	world_write(d.w.folder, "proofs/DecrFactReply02.bt", BYTES_OF(bad));
	world_write(d.w.folder, "proofs/DecrFactReply03.bt", BYTES_OF(bad));
	verdicts_are(&d, DECRYPTION_CORRECT, DECRYPTION_MALFORMED, DECRYPTION_BAD_REPLY);
	world_done(&d.w);
}

static void a_placeholder_never_replaces_a_message(void **state)
{
	(void)state;
	struct decrypting d;
	struct error err;
	begin(&d, 1);
	factors(&d);
	commitments(&d);
	replies(&d);
	for (enum decryption_part part = DECRYPTION_FACTORS; part <= DECRYPTION_REPLY; part++)
		assert_fails(decryption_placeholder(&d.job, 1, part, &err), err, ERROR_CONFLICT);
	verdicts_are(&d, DECRYPTION_CORRECT, DECRYPTION_CORRECT, DECRYPTION_CORRECT);
	world_done(&d.w);
}

static void a_party_that_stops_after_its_factors_is_absent(void **state)
{
	(void)state;
	struct decrypting d;
	struct error err;
	struct mix_facts facts;
	bool correct[LIMIT_PARTIES + 1] = {false, true, false, true};
	begin(&d, 1);
	factors(&d);
	assert_ok(decryption_commit(&d.job, 1, d.w.rng, &d.nonce[1], &err), err);
	assert_ok(decryption_placeholder(&d.job, 2, DECRYPTION_COMMITMENT, &err), err);
	assert_ok(decryption_commit(&d.job, 3, d.w.rng, &d.nonce[3], &err), err);
	assert_ok(decryption_reply(&d.job, &d.w.share[1], &d.nonce[1], &err), err);
	assert_ok(decryption_placeholder(&d.job, 2, DECRYPTION_REPLY, &err), err);
	assert_ok(decryption_reply(&d.job, &d.w.share[3], &d.nonce[3], &err), err);
	verdicts_are(&d, DECRYPTION_CORRECT, DECRYPTION_ABSENT, DECRYPTION_CORRECT);
	assert_ok(decryption_combine(&d.job, correct, &err), err);
	world_check_plaintexts(&d.w);
	assert_ok(world_verify(&d.w, &facts, &err), err);
	assert_true(facts.correct[1] && !facts.correct[2] && facts.correct[3]);
	world_done(&d.w);
}

static void a_party_that_stops_after_its_commitment_is_not_correct(void **state)
{
	(void)state;
	struct decrypting d;
	struct error err;
	bool correct[LIMIT_PARTIES + 1] = {false, true, false, true};
	begin(&d, 1);
	factors(&d);
	commitments(&d);
	assert_ok(decryption_reply(&d.job, &d.w.share[1], &d.nonce[1], &err), err);
	assert_ok(decryption_placeholder(&d.job, 2, DECRYPTION_REPLY, &err), err);
	assert_ok(decryption_reply(&d.job, &d.w.share[3], &d.nonce[3], &err), err);
	verdicts_are(&d, DECRYPTION_CORRECT, DECRYPTION_BAD_COMMITMENT, DECRYPTION_CORRECT);
	assert_ok(decryption_combine(&d.job, correct, &err), err);
	assert_ok(world_verify(&d.w, NULL, &err), err);
	world_done(&d.w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(coefficients_are_the_documented_ones),
		cmocka_unit_test(every_threshold_of_parties_gets_the_plaintexts),
		cmocka_unit_test(fewer_than_the_threshold_do_not_decrypt),
		cmocka_unit_test(a_nonce_is_used_once),
		cmocka_unit_test(a_changed_commitment_gets_no_reply),
		cmocka_unit_test(a_step_before_its_time_fails_and_spends_the_nonce),
		cmocka_unit_test(factors_of_another_share_are_named),
		cmocka_unit_test(what_was_frozen_is_found_once),
		cmocka_unit_test(only_factors_made_here_are_taken_as_they_are),
		cmocka_unit_test(errors_that_cancel_are_named_in_both_parties),
		cmocka_unit_test(a_reply_with_another_share_is_named),
		cmocka_unit_test(malformed_messages_are_named),
		cmocka_unit_test(frozen_factors_that_are_no_points_are_told_from_a_bad_reply),
		cmocka_unit_test(a_placeholder_never_replaces_a_message),
		cmocka_unit_test(a_party_that_stops_after_its_factors_is_absent),
		cmocka_unit_test(a_party_that_stops_after_its_commitment_is_not_correct),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
