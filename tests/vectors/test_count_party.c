/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Apportionments that are known from elsewhere. None needs a file.
 */
#include "support/apportioned.h"

static struct apportioned a;

static void assert_seats(const char *rule, uint32_t seats, const uint32_t *expected)
{
	apportioned_count(&a, rule, seats);
	for (size_t i = 0; i < a.profile.lists_count; i++)
		if (apportioned_seats(&a, i) != expected[i])
			fail_msg("%s, %u seats: list %zu has %u, not %u", rule, seats, i + 1,
			         apportioned_seats(&a, i), expected[i]);
	assert_int_equal(a.result.lots_count, 0);
}

/*
 * The example that the Spanish statute gives itself (Ley Orgánica 5/1985, article 163): 480,000
 * votes, eight seats, and the quotients of the first rows.
 */
static void spanish_statute_example(void **state)
{
	(void)state;
	static const uint32_t votes[] = {168000, 104000, 72000, 64000, 40000, 32000};
	static const uint32_t seats[] = {4, 2, 1, 1, 0, 0};
	/* In order of award: 168, 104, 84, 72, 64, 56, 52, 42 thousand. */
	static const uint16_t order[] = {0, 1, 0, 2, 3, 0, 1, 0};
	apportioned_make(&a, votes, 6, 8);
	assert_seats("party-list:method=dhondt,threshold=30,threshold-of=ballots", 8, seats);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(a.result.elected[i].candidate / 8, order[i]);
	const units *q = a.result.tables[2].cells, columns = (units)a.result.tables[2].columns;
	assert_int_equal(q[columns + 2], 34666666); /* 34,666 */
	assert_int_equal(q[4], 33600000);
	assert_int_equal(q[columns * 4 + 2], 13333333);
}

/* The usual textbook pair: 100, 80, 30 and 20 thousand votes, eight seats. */
static void textbook_example_of_dhondt_and_sainte_lague(void **state)
{
	(void)state;
	static const uint32_t votes[] = {100000, 80000, 30000, 20000};
	static const uint32_t dhondt[] = {4, 3, 1, 0}, sainte_lague[] = {3, 3, 1, 1};
	apportioned_make(&a, votes, 4, 8);
	assert_seats("party-list:method=dhondt", 8, dhondt);
	assert_seats("party-list:method=sainte-lague", 8, sainte_lague);
}

/*
 * The United States' first census, 1790, as it was apportioned. 105 seats by Jefferson's method
 * (dhondt) became law; Hamilton's bill of 120 was vetoed. With 105 seats Hamilton's method moves
 * one from Virginia to Delaware.
 */
static const uint32_t census_1790[] = {
	630560 /* Virginia */,       475327 /* Massachusetts */,  432879 /* Pennsylvania */,
	353523 /* North Carolina */, 331589 /* New York */,       278514 /* Maryland */,
	236841 /* Connecticut */,    206236 /* South Carolina */, 179570 /* New Jersey */,
	141822 /* New Hampshire */,  85533 /* Vermont */,         70835 /* Georgia */,
	68705 /* Kentucky */,        68446 /* Rhode Island */,    55540 /* Delaware */,
};
#define STATES 15u

static void first_congress_of_the_census_of_1790(void **state)
{
	(void)state;
	static const uint32_t law[STATES] = {19, 14, 13, 10, 10, 8, 7, 6, 5, 4, 2, 2, 2, 2, 1};
	static const uint32_t hamilton[STATES] = {18, 14, 13, 10, 10, 8, 7, 6, 5, 4, 2, 2, 2, 2, 2};
	static const uint32_t vetoed[STATES] = {21, 16, 14, 12, 11, 9, 8, 7, 6, 5, 3, 2, 2, 2, 2};
	apportioned_make(&a, census_1790, STATES, 30);
	assert_seats("party-list:method=dhondt", 105, law);
	assert_seats("party-list:method=hamilton", 105, hamilton);
	assert_seats("party-list:method=hamilton", 120, vetoed);
	assert_int_equal(a.result.valid, 3615920);
}

/* The same census by the other methods, as a separate program computed them. */
static void census_of_1790_by_other_divisors(void **state)
{
	(void)state;
	static const uint32_t webster[STATES] = {18, 14, 13, 10, 10, 8, 7, 6, 5, 4, 2, 2, 2, 2, 2};
	static const uint32_t adams[STATES] = {18, 14, 12, 10, 10, 8, 7, 6, 5, 4, 3, 2, 2, 2, 2};
	static const uint32_t imperiali[STATES] = {21, 15, 14, 11, 10, 8, 7, 6, 5, 3, 2, 1, 1, 1, 0};
	apportioned_make(&a, census_1790, STATES, 30);
	assert_seats("party-list:method=sainte-lague", 105, webster);
	assert_seats("party-list:method=adams", 105, adams);
	assert_seats("party-list:method=huntington-hill", 105, adams);
	assert_seats("party-list:method=danish", 105, adams);
	assert_seats("party-list:method=imperiali", 105, imperiali);
}

/*
 * The Alabama paradox at its smallest: 6, 6 and 2 votes. Ten seats: quotas 4 2/7, 4 2/7, 1 3/7, so
 * the third has 2; eleven seats: 4 5/7, 4 5/7, 1 4/7, so it has 1. In 1790 Delaware would have had
 * 2 of 94 seats and 1 of 95.
 */
static void hamilton_has_the_alabama_paradox(void **state)
{
	(void)state;
	static const uint32_t votes[] = {6, 6, 2};
	static const uint32_t ten[] = {4, 4, 2}, eleven[] = {5, 5, 1};
	apportioned_make(&a, votes, 3, 12);
	assert_seats("party-list:method=hamilton", 10, ten);
	assert_seats("party-list:method=hamilton", 11, eleven);
	apportioned_make(&a, census_1790, STATES, 30);
	apportioned_count(&a, "party-list:method=hamilton", 94);
	assert_int_equal(apportioned_seats(&a, STATES - 1), 2);
	apportioned_count(&a, "party-list:method=hamilton", 95);
	assert_int_equal(apportioned_seats(&a, STATES - 1), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spanish_statute_example),
		cmocka_unit_test(textbook_example_of_dhondt_and_sainte_lague),
		cmocka_unit_test(first_congress_of_the_census_of_1790),
		cmocka_unit_test(census_of_1790_by_other_divisors),
		cmocka_unit_test(hamilton_has_the_alabama_paradox),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
