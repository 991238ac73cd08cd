/* SPDX-License-Identifier: Apache-2.0 */
/* Seats that teams are sure of, ties, what is refused, the text of rules. */
#include "seats_scene.h"

/* --- desborda --- */

static void large_teams_keep_what_they_have(void **state)
{
	(void)state;
	/* A 60 %, B 40 %: each is sure of 4, A has 4 of the first 8 and B too. */
	count("A1w:90 A2m:80 A3w:70 A4m:60 B1w:55 B2m:50 B3w:49 B4m:46 A5w:1", 8);
	give("desborda");
	assert_seats("A1w* A2m* A3w* A4m* B1w* B2m* B3w* B4m* | A5w");
	assert_int_equal(result.teams_count, 2);
	assert_int_equal(result.teams[1].points, 200);
	assert_int_equal(result.points, 501);
	assert_int_equal(result.teams[1].guaranteed, 4);
	assert_int_equal(result.teams[1].reached, 4);
	assert_int_equal(result.teams[1].seats, 4);
	assert_false(result.teams[1].minority);
}

/*
 * 6 seats, 1000 points. B has 60, more than 5 %, and nobody among the first 6: 2 seats for her
 * first woman and her first man, though B2m has more points than B3w. B's others go last, behind
 * A8m with 1 point.
 */
static void a_minority_team_has_two_seats_shared_by_a_woman_and_a_man(void **state)
{
	(void)state;
	count("A1w:300 A2m:200 A3w:150 A4m:110 A5w:100 A6m:75 B1m:21 B2m:20 B3w:19 A7w:4 A8m:1", 6);
	give("desborda");
	assert_seats("A1w* A2m* A3w* A4m* B1m! B3w! | A5w A6m B2m- A7w A8m");
	assert_true(result.teams[1].minority);
	assert_int_equal(result.teams[1].guaranteed, 2);
	assert_int_equal(result.teams[1].reached, 0);
	assert_int_equal(result.teams[1].seats, 2);
	assert_int_equal(result.teams[0].seats, 4);
}

static void exactly_five_per_cent_is_not_more(void **state)
{
	(void)state;
	count("A1w:40 A2m:30 A3w:15 A4m:10 B1w:3 B2m:2", 4);
	give("desborda");
	assert_seats("A1w* A2m* A3w* A4m* | B1w B2m");
	assert_int_equal(result.teams[1].guaranteed, 0);
	/* 151 of 1000 is more than 15 %: 4 seats, of which she has 4 candidates; one of 1 000 000. */
	count("A1w:449 A2m:400 B1w:80 B2m:71", 3);
	give("desborda");
	assert_int_equal(result.teams[1].guaranteed, 4);
	count("A1w:450 A2m:400 B1w:80 B2m:70", 3);
	give("desborda");
	assert_int_equal(result.teams[1].guaranteed, 2);
}

static void a_minority_of_men_has_its_four_seats_all_the_same(void **state)
{
	(void)state;
	/* B 20 %: 4 seats; one woman, so W M and then men. With 4 men on list A no other man is due:
	 * A2m gives way to A5w. */
	count("A1w:300 A2m:250 A3w:200 A5w:50 B1m:45 B2m:44 B3m:43 B4m:42 B5w:26", 6);
	give("desborda");
	assert_seats("A1w* A2m* A3w* A5w* B1m! B2m! | B3m! B4m- B5w!");
	/* More are sure than there are seats: the points decide among them, and it is said. */
	assert_int_equal(result.teams[1].seats, 2);
	assert_int_equal(result.teams[1].guaranteed, 4);
}

static void the_order_of_teams_and_candidates_means_nothing(void **state)
{
	(void)state;
	/*
	 * 9 seats, 4 men at most. B is a minority; its two seats push C out of the first 9, but C
	 * has them by points, so it is none, whichever team is looked at first. The last seat is not
	 * A5m's (a fifth man) but C3w's, who would be left out if C were a minority.
	 */
	count("A1m:400 A2m:300 A3w:100 A4w:90 A5m:80 A6m:70 A7m:65 C1m:60 C2w:55 C3w:50 A8w:40 "
	      "B1w:36 B2m:34",
	      9);
	give("desborda");
	assert_seats("A1m* A2m* A3w* A4w* C1m* C2w* C3w^ B1w! B2m! | A5mv A6m A7m A8w");
	assert_int_equal(result.teams[2].reached, 2);
	assert_false(result.teams[2].minority);
	count("B2m:34 B1w:36 C3w:50 C2w:55 C1m:60 A8w:40 A7m:65 A6m:70 A5m:80 A4w:90 A3w:100 A2m:300 "
	      "A1m:400",
	      9);
	give("desborda");
	assert_seats("A1m* A2m* A3w* A4w* C1m* C2w* C3w^ B1w! B2m! | A5mv A6m A7m A8w");
}

/* --- desborda2 --- */

static void desborda2_has_other_shares_up_to_29_seats(void **state)
{
	(void)state;
	count("A1w:90 A2m:80 A3w:70 B1m:31 B2w:29", 3); /* B 20 % of 300: not more */
	give("desborda2");
	assert_int_equal(result.teams[1].guaranteed, 1);
	assert_seats("A1w* A2m* B1m! | A3w B2w-");
	count("A1w:90 A2m:80 A3w:70 B1m:32 B2w:29", 3);
	give("desborda2");
	assert_int_equal(result.teams[1].guaranteed, 2);
	count("A1w:90 B1m:11 C1w:9 D1m:0", 30);
	give("desborda2");
	assert_int_equal(result.teams[0].guaranteed, 3);
	assert_int_equal(result.teams[1].guaranteed, 1);
	assert_int_equal(result.teams[2].guaranteed, 1);
	assert_int_equal(result.teams[3].guaranteed, 0);
	count("A1w:90 B1m:11 C1w:9 D1m:0", 29);
	give("desborda2");
	assert_int_equal(result.teams[0].guaranteed, 2);
	assert_int_equal(result.teams[1].guaranteed, 0); /* 11 of 110 is not more than 10 % */
}

static void desborda2_has_one_man_at_most_among_a_minoritys_seats(void **state)
{
	(void)state;
	count("A1w:50 A2m:40 A3w:30 A4m:20 B1m:15 B2m:12 B3w:9 B4w:6", 4);
	give("desborda2");
	assert_seats("A1w* A2m* B1m! B3w! | A3w A4m B2m- B4w-");
	/* Women only are as their points are. */
	count("A1w:50 A2m:40 A3m:30 A4m:20 B1w:15 B2w:12 B3m:9", 4);
	give("desborda2");
	assert_seats("A1w* A2m* B1w! B2w! | A3m A4m B3m-");
	/* Without a woman the second seat is everybody's. */
	count("A1w:50 A2m:40 A3w:30 A4m:20 B1m:15 B2m:14 B3m:13", 4);
	give("desborda2");
	assert_seats("A1w* A2m* A3w B1m! | A4m B2m- B3m-");
}

/* --- desborda4 --- */

/* A1…A26 alternating from 226 points down by 1, then what is given. */
static void count_block(const char *others, uint32_t seats)
{
	char text[1000];
	size_t used = 0;
	for (unsigned i = 1; i <= 26; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "A%u%c:%u ", i, i % 2 ? 'w' : 'm',
		                         227 - i);
	snprintf(text + used, sizeof text - used, "%s", others);
	count(text, seats);
}

static const char *winner(size_t place)
{
	assert_true(place < result.winners_count);
	return names[result.places[place].candidate];
}

static void desborda4_reserves_places_among_the_first_25(void **state)
{
	(void)state;
	/* A has 5551 points, B 645 of 6196: 10.4 %, 2 seats: a man and a woman. They take the last
	 * places of the block from A24m and A25w, who open the rest. */
	count_block("B1m:199 B2m:198 B3w:197 B4w:51", 26);
	give("desborda4");
	assert_true(result.teams[1].minority);
	assert_int_equal(result.teams[1].guaranteed, 2);
	assert_string_equal(winner(22), "A23w");
	assert_string_equal(winner(23), "B1m");
	assert_string_equal(winner(24), "B3w");
	assert_string_equal(winner(25), "A24m");
	/* Left out of the block only: B2m comes by his points in the rest. */
	count_block("B1m:199 B2m:198 B3w:197 B4w:51", 29);
	give("desborda4");
	assert_string_equal(winner(28), "B2m");
	assert_int_equal(result.places[28].why, SEATS_LEFT_OUT);
}

static void desborda4_needs_a_block_of_25(void **state)
{
	(void)state;
	count_block("", 24);
	assert_refused("desborda4", ERROR_REJECTED, "");
	count("A1w:1 A2m:2", 30);
	assert_refused("desborda4", ERROR_REJECTED, "");
}

static void who_has_a_seat_elsewhere_takes_no_part(void **state)
{
	(void)state;
	count("A1w:90 A2m:80 A3w:7 B1w:9 B2m:5", 2);
	elsewhere[0] = true;
	give("desborda");
	/* A is sure of 4 seats and B, with 14 of 101 points, of 2: more than there are. */
	assert_seats("A2m! B1w! | A3w! B2m!");
	assert_int_equal(result.points, 101);
	profile.candidates[1].withdrawn = true;
	give("desborda3");
	assert_seats("B1w A3w | B2m");
}

/* --- ties, input --- */

static void equal_points_go_by_the_lot_and_it_is_said(void **state)
{
	(void)state;
	count("A1m:9 A2w:5 A3w:5 A4m:4 A5w:1", 3);
	give("desborda3");
	assert_seats("A1m A2w? A3w? | A4m A5w");
	assert_int_equal(result.lots_count, 1);
	lot[1] = 2;
	lot[2] = 1;
	give("desborda3");
	assert_seats("A1m A3w? A2w? | A4m A5w");
	counting_rule.lot_count = 2;
	counted.rule.lot_count = 2;
	assert_refused("desborda3", ERROR_REJECTED, "A2w, A3w");
	count("A1m:9 A2w:5 A3w:4", 2);
	counted.rule.lot_count = 0;
	give("desborda3");
	assert_int_equal(result.lots_count, 0);
}

static void nobodys_gender_or_team_is_guessed(void **state)
{
	(void)state;
	count("A1m:9 A2x:5 A3w:4", 2);
	assert_refused("zip", ERROR_REJECTED, "A2x");
	people[1].gender = SEATS_MAN;
	people[2].team = BYTES_NONE;
	assert_refused("desborda", ERROR_REJECTED, "A3w");
	give("desborda3");
	profile.candidates[2].withdrawn = true;
	give("desborda");
}

static void seat_rules_go_with_sums_only(void **state)
{
	(void)state;
	count("A1m:9 A2w:5", 1);
	struct count_method staged = *counted.rule.method;
	staged.staged = true;
	counted.rule.method = &staged;
	assert_refused("zip", ERROR_REJECTED, "approval");
}

static void nobody_and_one_alone_are_seated(void **state)
{
	(void)state;
	static const char *const rules[] = {"desborda", "desborda2",      "desborda3",
	                                    "zip+rise", "proportion:1/1", "proportion-filled:1/1"};
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		count("A1w:0", 3);
		give(rules[i]);
		assert_seats("A1w");
		profile.candidates[0].withdrawn = true;
		give(rules[i]);
		assert_seats("");
	}
}

static void points_beyond_exactness_are_refused(void **state)
{
	(void)state;
	count("A1m:9 A2w:5", 1);
	counted.stages[1].tallies[0] = (units)1 << 121;
	assert_refused("zip", ERROR_LIMIT, "");
}

/* --- rules --- */

static void assert_bad(const char *text, enum error_kind kind)
{
	assert_fails(seats_rule_read(&rule, bytes_of_text(text), &err), err, kind);
}

static void rules_are_steps_joined_by_plus(void **state)
{
	(void)state;
	assert_ok(seats_rule_read(&rule, BYTES_LITERAL("desborda4+zip+rise"), &err), err);
	assert_int_equal(rule.steps_count, 3);
	assert_int_equal(rule.steps[2].method, SEATS_RISE);
	assert_string_equal(rule.text, "desborda4+zip+rise");
	assert_ok(seats_rule_read(&rule, BYTES_LITERAL("proportion:1000/2"), &err), err);
	assert_int_equal(rule.steps[0].larger, 1000);
	assert_int_equal(rule.steps[0].smaller, 2);
	assert_bad("", ERROR_REJECTED);
	assert_bad("zap", ERROR_REJECTED);
	assert_string_equal(err.detail,
	                    "zap: the steps are desborda, desborda2, desborda3, desborda4, proportion, "
	                    "proportion-filled, zip, rise");
	assert_bad("zip+", ERROR_REJECTED);
	assert_bad("zip+desborda", ERROR_REJECTED);
	assert_bad("zip:3/2", ERROR_MALFORMED);
	assert_bad("zip:", ERROR_MALFORMED);
	assert_bad("proportion", ERROR_MALFORMED);
	assert_bad("proportion:2/3", ERROR_MALFORMED);
	assert_bad("proportion:3/0", ERROR_MALFORMED);
	assert_bad("proportion:03/2", ERROR_MALFORMED);
	assert_bad("proportion:3/2x", ERROR_MALFORMED);
	assert_bad("proportion:1001/2", ERROR_MALFORMED);
	assert_bad("zip+zip+zip+zip+zip", ERROR_LIMIT);
	assert_bad("proportion-filled:1000/1+proportion-filled:1000/1+proportion:1/1", ERROR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(large_teams_keep_what_they_have),
		cmocka_unit_test(a_minority_team_has_two_seats_shared_by_a_woman_and_a_man),
		cmocka_unit_test(exactly_five_per_cent_is_not_more),
		cmocka_unit_test(a_minority_of_men_has_its_four_seats_all_the_same),
		cmocka_unit_test(the_order_of_teams_and_candidates_means_nothing),
		cmocka_unit_test(desborda2_has_other_shares_up_to_29_seats),
		cmocka_unit_test(desborda2_has_one_man_at_most_among_a_minoritys_seats),
		cmocka_unit_test(desborda4_reserves_places_among_the_first_25),
		cmocka_unit_test(desborda4_needs_a_block_of_25),
		cmocka_unit_test(who_has_a_seat_elsewhere_takes_no_part),
		cmocka_unit_test(equal_points_go_by_the_lot_and_it_is_said),
		cmocka_unit_test(nobodys_gender_or_team_is_guessed),
		cmocka_unit_test(seat_rules_go_with_sums_only),
		cmocka_unit_test(nobody_and_one_alone_are_seated),
		cmocka_unit_test(points_beyond_exactness_are_refused),
		cmocka_unit_test(rules_are_steps_joined_by_plus),
	};
	return cmocka_run_group_tests_name("protocol/count/seats", tests, NULL, NULL);
}
