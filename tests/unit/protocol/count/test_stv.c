/* SPDX-License-Identifier: Apache-2.0 */
/* Weighted inclusive transfers, on contests small enough to count by hand; and what all rules of
 * transferable votes share. */
#include "support/support.h"

#include "stv.h"

#include <stdio.h>

static const char *const all_rules[] = {"cambridge", "cfer",     "cfer:defeat=batch",
                                        "ers97",     "mpls",     "northern-ireland",
                                        "scotland",  "wigm-prf", "wigm-prf:defeat=batch"};
#define RULES (sizeof all_rules / sizeof *all_rules)

/* --- wigm-prf --- */

/*
 * Quota 100 / 3 + 0.0001. Ann's surplus 26.6666 at floor(26.6666 / 60) = 0.4444. Cy reaches the
 * quota; Cy's surplus of 0.1106 is transferred although both seats are given: 29 papers at 1 by
 * 0.0033, 10 at floor(0.4444 · 0.1106) = 0.0491 by 33.4440: 0.0014. Nobody is next on them.
 */
static void wigm_moves_a_last_surplus_that_decides_nothing(void **state)
{
	(void)state;
	count_file("wigm-prf", "4 2\n45 1 2 0\n10 1 3 0\n5 1 0\n11 2 0\n14 3 0\n15 4 3 0\n" ABCD);
	assert_quota(0, "33.3334");
	assert_stage(1, "Surplus of Ann transferred: 26.6666",
	             "33.3334 30.9980 18.4440 15.0000 | 2.2220 0.0026");
	assert_stage(2, "Di excluded, votes transferred: 15.0000",
	             "33.3334 30.9980 33.4440 0.0000 | 2.2220 0.0026");
	assert_stage(3, "Surplus of Cy transferred: 0.1106",
	             "33.3334 30.9980 33.3334 0.0000 | 2.3317 0.0035");
	assert_stage(4, "Count complete", "33.3334 30.9980 33.3334 0.0000 | 2.3317 0.0035");
	assert_elected("1 3");
}

/* Quota 0.3334. Ann's 0.6666 of one paper: 0.6666 · 0.3332 is 0.2221, by 0.6666 0.3331; cut once it
 * were 0.3332. */
static void wigm_cuts_the_product_and_the_quotient(void **state)
{
	(void)state;
	count_file("wigm-prf", "3 2\n[tie 3 2 1]\n1 3 1 0\n" ABC);
	assert_stage(2, "Surplus of Ann transferred: 0.3332", "0.3334 0.0000 0.3334 | 0.3331 0.0001");
}

/* Quota 7; after Ed's votes Ann and Bo have it, with nothing above: Bo was ahead. */
static void scotland_looks_back_for_surpluses(void **state)
{
	(void)state;
	count_file("scotland", "5 3\n5 1 0\n6 2 0\n6 3 0\n5 4 0\n2 5 1 0\n1 5 2 0\n" ABCDE);
	assert_stage(2, "Surplus of Bo transferred: 0.00000",
	             "7.00000 7.00000 6.00000 5.00000 0.00000 | 0.00000 0.00000");
	assert_tie(2, COUNT_TIE_BY_EARLIER_STAGE, 2);
}

static void wigm_breaks_ties_by_lot_alone(void **state)
{
	(void)state;
	/* Cy and Di have 5 after Ed's vote; Cy had 4 before, but the lot names Di. */
	static const char votes[] = "8 1 0\n6 2 0\n4 3 2 0\n5 4 1 0\n1 5 3 0\n" ABCDE;
	char file[300];
	snprintf(file, sizeof file, "5 2\n%s", votes);
	assert_needs_lot("wigm-prf", file, "stage 3: Cy, Di");
	snprintf(file, sizeof file, "5 2\n[tie 4 3]\n%s", votes);
	count_file("wigm-prf", file);
	assert_stage(2, "Di excluded, votes transferred: 5.0000",
	             "13.0000 6.0000 5.0000 0.0000 0.0000 | 0.0000 0.0000");
	assert_tie(2, COUNT_TIE_BY_LOT, 2);
}

/* 10, 9, 8, 2, 1: Di and Ed have 3 together, less than Cy's 8. Together they would give Ann, who
 * lacks 0.00001, the quota: then section 10059 (k) (3) lets Ed alone be excluded. */
static void sure_losers_go_together_where_the_rule_says_so(void **state)
{
	(void)state;
	static const char file[] = "5 2\n10 1 0\n9 2 0\n8 3 0\n2 4 3 0\n1 5 3 0\n" ABCDE;
	count_file("wigm-prf:defeat=batch", file);
	assert_stage(1, "Di and Ed excluded, votes transferred: 3.0000",
	             "10.0000 9.0000 11.0000 0.0000 0.0000 | 0.0000 0.0000");
	count_file("wigm-prf:defeat=single", file);
	assert_stage(1, "Ed excluded, votes transferred: 1.0000",
	             "10.0000 9.0000 9.0000 2.0000 0.0000 | 0.0000 0.0000");
	count_file("cfer:defeat=batch", file);
	assert_stage(1, "Ed excluded, votes transferred: 1.00000",
	             "10.00000 9.00000 9.00000 2.00000 0.00000 | 0.00000 0.00000");
	count_file("mpls", file);
	assert_stage(1, "Di and Ed excluded, votes transferred: 3.0000",
	             "10.0000 9.0000 11.0000 0.0000 0.0000 | 0.0000 0.0000");
}

static void sets_of_losers_never_part_level_candidates(void **state)
{
	(void)state;
	/* Di and Ed have 1 each, less than Bo's 3 together; one alone is not less than the other. */
	count_file("wigm-prf:defeat=batch", "5 1\n9 1 0\n3 2 0\n4 3 0\n1 4 3 0\n1 5 3 0\n" ABCDE);
	assert_stage(1, "Di and Ed excluded, votes transferred: 2.0000",
	             "9.0000 3.0000 6.0000 0.0000 0.0000 | 0.0000 0.0000");
	/* Together they have as many as Cy: they go with Cy, or not yet. */
	count_file("wigm-prf:defeat=batch", "5 1\n9 1 0\n8 2 0\n2 3 0\n1 4 3 0\n1 5 3 0\n" ABCDE);
	assert_stage(1, "Cy, Di and Ed excluded, votes transferred: 4.0000",
	             "9.0000 8.0000 0.0000 0.0000 0.0000 | 4.0000 0.0000");
}

/* Quota 10.0001. Bo has 6, Ann 9, and Bo's exclusion leaves one for one seat. */
static void wigm_sure_losers_who_leave_the_seats_filled_keep_their_papers(void **state)
{
	(void)state;
	static const char file[] = "3 1\n9 1 0\n6 2 0\n5 3 0\n" ABC;
	count_file("wigm-prf:defeat=batch", file);
	assert_stage(1, "Cy excluded, votes transferred: 5.0000",
	             "9.0000 6.0000 0.0000 | 5.0000 0.0000");
	assert_stage(2, "Count complete", "9.0000 6.0000 0.0000 | 5.0000 0.0000");
	count_file("wigm-prf", file);
	assert_stage(2, "Bo excluded, votes transferred: 6.0000",
	             "9.0000 0.0000 0.0000 | 11.0000 0.0000");
}

/* --- cfer --- */

/* Quota 100.00001. 49.99999 / 150 = 0.33333, 29.99999 / 130 = 0.23076. */
static void cfer_transfers_all_surpluses_in_one_stage(void **state)
{
	(void)state;
	count_file("cfer", "4 3\n150 1 3 0\n130 2 4 0\n70 3 0\n50 4 0\n" ABCD);
	assert_stage(1, "Surplus of Ann and Bo transferred: 79.99998",
	             "100.00001 100.00001 119.99950 79.99880 | 0.00000 0.00168");
	assert_int_equal(result.stages[1].who_count, 2);
	assert_elected("1 2 3");
	assert_int_equal(result.stages_count, 3);
}

static void cfer_leaves_the_papers_of_a_last_exclusion(void **state)
{
	(void)state;
	/* Quota 6 / 3 + 0.00001; 1.99999 / 4 = 0.49999: Bo has 1.99996, less than Cy. */
	count_file("cfer", "3 2\n4 1 2 0\n2 3 0\n" ABC);
	assert_stage(1, "Surplus of Ann transferred: 1.99999",
	             "2.00001 1.99996 2.00000 | 0.00000 0.00003");
	assert_stage(2, "Count complete", "2.00001 1.99996 2.00000 | 0.00000 0.00003");
	assert_elected("1 3*");
	/* The lot that decides it stands at the end. */
	count_file("cfer", "3 2\n[tie 3 2]\n5 1 0\n2 2 0\n2 3 0\n" ABC);
	assert_elected("1 2*");
	assert_tie(result.stages_count - 1, COUNT_TIE_BY_LOT, 2);
}

/* --- mpls --- */

/*
 * Quota 5. Cy cannot be elected: 2 and the surplus 1 are less than Bo's 4. Ann, at the quota, is
 * still hopeful and gets Cy's papers. Then 3 / 8 = 0.3750 of 6 papers go to Bo.
 */
static void mpls_candidates_at_the_quota_get_papers_until_their_surplus_goes(void **state)
{
	(void)state;
	count_file("mpls", "3 2\n6 1 2 0\n4 2 0\n2 3 1 0\n" ABC);
	assert_int_equal(result.stages[0].status[0], COUNT_HOPEFUL);
	assert_stage(1, "Cy excluded, votes transferred: 2.0000",
	             "8.0000 4.0000 0.0000 | 0.0000 0.0000");
	assert_stage(2, "Surplus of Ann transferred: 3.0000", "5.0000 6.2500 0.0000 | 0.7500 0.0000");
	assert_elected("1 2");
	assert_int_equal(result.elected[0].stage, 2);
}

/*
 * Quota 101. Ann's 306 papers are worth 205 / 306 = 0.6699 with Bo: 204.9894. The fraction
 * 103.9894 / 204.9894 is 0.5072, times 0.6699 0.3397; or 0.6699 · 103.9894 = 69.6624, by 204.9894
 * 0.3398.
 */
static void mpls_cuts_the_fraction_or_the_product(void **state)
{
	(void)state;
	static const char file[] = "6 5\n306 1 2 3 0\n99 4 0\n98 5 0\n97 6 0\n"
							   "0\n\"Ann\"\n\"Bo\"\n\"Cy\"\n\"Di\"\n\"Ed\"\n\"Flo\"\n\"T\"\n";
	count_file("mpls", file);
	assert_stage(2, "Surplus of Bo transferred: 103.9894",
	             "101.0000 101.0000 103.9482 99.0000 98.0000 97.0000 | 0.0000 0.0518");
	count_file("mpls:cut=product", file);
	assert_stage(2, "Surplus of Bo transferred: 103.9894",
	             "101.0000 101.0000 103.9788 99.0000 98.0000 97.0000 | 0.0000 0.0212");
}

static void mpls_breaks_ties_of_surpluses_by_lot(void **state)
{
	(void)state;
	static const char votes[] = "8 1 3 0\n8 2 3 0\n3 3 0\n3 4 3 0\n" ABCD;
	char file[200];
	snprintf(file, sizeof file, "4 3\n%s", votes); /* quota 6; losers: 3 + 4 is not less than 3 */
	assert_needs_lot("mpls", file, "stage 2: Ann, Bo");
	assert_needs_lot("wigm-prf", file, "stage 2: Ann, Bo");
	snprintf(file, sizeof file, "4 3\n[tie 2 1 3 4]\n%s", votes);
	count_file("mpls", file);
	assert_stage(1, "Surplus of Bo transferred: 2.0000",
	             "8.0000 6.0000 5.0000 3.0000 | 0.0000 0.0000");
	assert_tie(1, COUNT_TIE_BY_LOT, 2);
}

/* --- cambridge --- */

static void cambridge_excludes_all_below_the_signatures_after_the_first_surpluses(void **state)
{
	(void)state;
	/* Quota 11: Ann's surplus of 1 at 1 / 12 = 0.08333 takes Di to 2.33332. */
	static const char file[] = "5 2\n4 1 4 0\n8 1 0\n9 2 0\n6 3 0\n2 4 3 0\n1 5 2 0\n" ABCDE;
	count_file("cambridge:signatures=3", file);
	assert_stage(1, "Surplus of Ann transferred: 1.00000",
	             "11.00000 9.00000 6.00000 2.33332 1.00000 | 0.66664 0.00004");
	assert_stage(2, "Di and Ed excluded, votes transferred: 3.33332",
	             "11.00000 10.00000 8.00000 0.00000 0.00000 | 0.99996 0.00004");
	count_file("cambridge:signatures=2", file);
	assert_stage(2, "Ed excluded, votes transferred: 1.00000",
	             "11.00000 10.00000 6.00000 2.33332 0.00000 | 0.66664 0.00004");
	/* 50, the default: nobody would be left. */
	count_file("cambridge", file);
	assert_stage(2, "Ed excluded, votes transferred: 1.00000",
	             "11.00000 10.00000 6.00000 2.33332 0.00000 | 0.66664 0.00004");
}

static void cambridge_looks_back_for_exclusions_not_for_surpluses(void **state)
{
	(void)state;
	count_file("cambridge", "5 2\n8 1 0\n6 2 0\n4 3 2 0\n5 4 1 0\n1 5 3 0\n" ABCDE);
	assert_tie(2, COUNT_TIE_BY_EARLIER_STAGE, 2);
	assert_needs_lot("cambridge", "4 3\n8 1 3 0\n8 2 3 0\n3 3 0\n3 4 3 0\n" ABCD,
	                 "stage 2: Ann, Bo");
}

/* --- all of them --- */

static void every_rule_counts_contests_with_nothing_to_decide(void **state)
{
	(void)state;
	for (size_t i = 0; i < RULES; i++) {
		count_file(all_rules[i], "3 3\n-2\n5 3 0\n4 1 0\n" ABC);
		assert_int_equal(result.elected_count, 2);
		assert_int_equal(result.elected[0].candidate, 2);
		count_file(all_rules[i], "1 1\n5 1 0\n0\n\"Ann\"\n\"T\"\n");
		assert_int_equal(result.elected_count, 1);
		count_file(all_rules[i], "1 1\n-1\n5 1 0\n0\n\"Ann\"\n\"T\"\n");
		assert_elected("");
		assert_int_equal(result.blank, 5);
		count_file(all_rules[i], "2 1\n[tie 1 2]\n5 0\n0\n\"Ann\"\n\"Bo\"\n\"T\"\n");
		assert_elected("2*"); /* the lot fell on Ann, who was excluded */
	}
}

static void options_beyond_their_values_are_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"cambridge:signatures=-1", "cambridge:defeat=batch", "cfer:defeat=all",     "mpls:cut=none",
		"scotland:defeat=batch",   "ers97:quota=droop",      "northern-ireland:x=1"};
	struct count_rule rule;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_fails(count_rule_read(&rule, bytes_of_text(bad[i]), &err), err, ERROR_REJECTED);
}

/* `count` candidates, i with i papers that go on to i - 1 …; weights of `weight`. */
static void build(size_t count, uint32_t seats, uint64_t weight)
{
	static char names[LIMIT_ANSWERS][8];
	static uint16_t lot[LIMIT_ANSWERS];
	struct profile_room room = {count, count, 3 * count, PROFILE_RANKING};
	arena_release(test_arena(), 0);
	assert_ok(profile_init(&profile, room, test_arena(), &err), err);
	profile.seats = seats;
	profile.ballots_max = PROFILE_WEIGHT_MAX;
	for (size_t i = 0; i < count; i++) {
		snprintf(names[i], sizeof names[i], "c%zu", i);
		profile.candidates[i].name = bytes_of_text(names[i]);
		lot[i] = (uint16_t)i;
		for (size_t j = 0; j < 3 && j <= i; j++)
			assert_ok(profile_choice(&profile, i - j, &err), err);
		assert_ok(profile_close_paper(&profile, (i + 1) * weight, &err), err);
	}
	profile.lot = lot;
	profile.lot_count = count;
}

static void a_thousand_candidates_are_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < RULES; i++) {
		struct count_rule rule;
		build(LIMIT_ANSWERS, 3, 7);
		assert_ok(count_rule_read(&rule, bytes_of_text(all_rules[i]), &err), err);
		rule.lot = profile.lot;
		rule.lot_count = profile.lot_count;
		run_rule(&rule);
		assert_int_equal(result.elected_count, 3);
	}
}

static void weights_near_2_to_the_31_are_counted_exactly(void **state)
{
	(void)state;
	for (size_t i = 0; i < RULES; i++) {
		struct count_rule rule;
		build(9, 3, LIMIT_WEIGHT / 9);
		assert_ok(count_rule_read(&rule, bytes_of_text(all_rules[i]), &err), err);
		rule.lot = profile.lot;
		rule.lot_count = profile.lot_count;
		run_rule(&rule);
		assert_int_equal(result.valid, 45ull * (LIMIT_WEIGHT / 9));
		assert_int_equal(result.elected_count, 3);
	}
}

static void arena_too_small_is_a_limit(void **state)
{
	(void)state;
	static _Alignas(ARENA_ALIGN) uint8_t memory[16384];
	for (size_t i = 0; i < RULES; i++) {
		struct count_rule rule =
			load(all_rules[i], "4 2\n[tie 1 2 3 4]\n10 1 3 2 0\n5 2 0\n5 4 0\n" ABCD);
		size_t needs = count_arena_bytes(&rule, &profile);
		bool ok = false;
		assert_true(needs <= sizeof memory);
		for (size_t size = 0; !ok; size += ARENA_ALIGN) {
			struct arena a;
			assert_true(size <= needs);
			arena_init(&a, memory, size);
			error_clear(&err);
			ok = count_run(&result, &rule, &profile, &a, &err);
			assert_true(ok || err.kind == ERROR_LIMIT);
			assert_true(ok || arena_mark(&a) == 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wigm_moves_a_last_surplus_that_decides_nothing),
		cmocka_unit_test(wigm_cuts_the_product_and_the_quotient),
		cmocka_unit_test(scotland_looks_back_for_surpluses),
		cmocka_unit_test(wigm_breaks_ties_by_lot_alone),
		cmocka_unit_test(sure_losers_go_together_where_the_rule_says_so),
		cmocka_unit_test(sets_of_losers_never_part_level_candidates),
		cmocka_unit_test(wigm_sure_losers_who_leave_the_seats_filled_keep_their_papers),
		cmocka_unit_test(cfer_transfers_all_surpluses_in_one_stage),
		cmocka_unit_test(cfer_leaves_the_papers_of_a_last_exclusion),
		cmocka_unit_test(mpls_candidates_at_the_quota_get_papers_until_their_surplus_goes),
		cmocka_unit_test(mpls_cuts_the_fraction_or_the_product),
		cmocka_unit_test(mpls_breaks_ties_of_surpluses_by_lot),
		cmocka_unit_test(cambridge_excludes_all_below_the_signatures_after_the_first_surpluses),
		cmocka_unit_test(cambridge_looks_back_for_exclusions_not_for_surpluses),
		cmocka_unit_test(every_rule_counts_contests_with_nothing_to_decide),
		cmocka_unit_test(options_beyond_their_values_are_refused),
		cmocka_unit_test(a_thousand_candidates_are_counted),
		cmocka_unit_test(weights_near_2_to_the_31_are_counted_exactly),
		cmocka_unit_test(arena_too_small_is_a_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
