/* SPDX-License-Identifier: Apache-2.0 */
/* Sequent's tests of who gets the seats by Desborda's four rules: every winner and every number. */
#include "named_votes.h"

#include "count/seats/seats.h"

#include <stdio.h>

static struct named_votes votes;
static struct seats_result result;
static struct seats_person people[LIMIT_ANSWERS];

static void give(const char *path, const char *method, const char *rule)
{
	struct error err;
	struct seats_rule seats;
	char counted[64];
	error_clear(&err);
	named_read(&votes, path, PROFILE_RANKING);
	snprintf(counted, sizeof counted, method, votes.longest);
	named_count(&votes, counted);
	for (size_t i = 0; i < votes.names_count; i++) {
		const char *name = votes.names[i];
		people[i] = (struct seats_person){bytes_of(name, 1),
		                                  name[strlen(name) - 1] == 'f' ? SEATS_WOMAN : SEATS_MAN};
	}
	struct seats_input in = {.counted = &votes.c.result, .people = people};
	assert_ok(seats_rule_read(&seats, bytes_of_text(rule), &err), err);
	size_t before = arena_mark(test_arena());
	assert_ok(seats_run(&result, &seats, &in, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) - before <= seats_arena_bytes(&in));
}

/* In how many of the expected winners ours differ. */
static size_t differing(void)
{
	size_t missing = 0;
	assert_named_votes(&votes);
	assert_int_equal(result.winners_count, votes.results_count);
	for (size_t i = 0; i < votes.results_count; i++) {
		bool found = false;
		for (size_t j = 0; j < result.winners_count; j++)
			found = found || result.places[j].candidate == votes.results[i].candidate;
		if (!found)
			print_message("no seat for %s\n", votes.names[votes.results[i].candidate]);
		missing += !found;
	}
	return missing;
}

struct fixture {
	const char *path, *method, *rule;
};

static void assert_winners(const struct fixture *f, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char path[128];
		snprintf(path, sizeof path, "sequent/tally-pipes/test/%s", f[i].path);
		give(path, f[i].method, f[i].rule);
		if (differing() > 0)
			fail_msg("%s", f[i].path);
	}
}

static void desborda_gives_the_seats_that_are_expected(void **state)
{
	(void)state;
	static const struct fixture f[] = {
		{"desborda_tests/test_1", "desborda", "desborda"},
		{"desborda_tests/test_3", "desborda", "desborda"},
		{"desborda_tests/test_5", "desborda", "desborda"},
		{"desborda_tests/test_7", "desborda", "desborda"},
		{"desborda_tests/test_9", "desborda", "desborda"},
		{"desborda_tests/test_11", "desborda", "desborda"},
	};
	assert_winners(f, sizeof f / sizeof *f);
}

static void desborda2_gives_the_seats_that_are_expected(void **state)
{
	(void)state;
	static const struct fixture f[] = {
		{"desborda2_tests/test_2", "desborda2:max=%zu", "desborda2"},
		{"desborda2_tests/test_4", "desborda2:max=%zu", "desborda2"},
		{"desborda2_tests/test_6", "desborda2:max=%zu", "desborda2"},
		{"desborda2_tests/test_8", "desborda2:max=%zu", "desborda2"},
		{"desborda2_tests/test_10", "desborda2:max=%zu", "desborda2"},
		{"desborda2_tests/test_multi_women", "desborda2:max=%zu", "desborda2"},
	};
	assert_winners(f, sizeof f / sizeof *f);
}

static void desborda3_gives_the_seats_that_are_expected(void **state)
{
	(void)state;
	static const struct fixture f[] = {
		{"desborda3_tests/test_1", "desborda3:max=%zu", "desborda3"},
		{"desborda3_tests/test_3", "desborda3:max=%zu", "desborda3"},
		{"desborda3_tests/test_5", "desborda3:max=%zu", "desborda3"},
		{"desborda3_tests/test_7", "desborda3:max=%zu", "desborda3"},
		{"desborda3_tests/test_9", "desborda3:max=%zu", "desborda3"},
		{"desborda3_tests/test_ties", "desborda3:max=%zu", "desborda3"},
	};
	assert_winners(f, sizeof f / sizeof *f);
}

static void desborda4_gives_the_seats_that_are_expected(void **state)
{
	(void)state;
	static const struct fixture f[] = {
		{"desborda4_tests/test_1", "desborda2:max=%zu", "desborda4"},
		{"desborda4_tests/test_3", "desborda2:max=%zu", "desborda4"},
	};
	assert_winners(f, sizeof f / sizeof *f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(desborda_gives_the_seats_that_are_expected),
		cmocka_unit_test(desborda2_gives_the_seats_that_are_expected),
		cmocka_unit_test(desborda3_gives_the_seats_that_are_expected),
		cmocka_unit_test(desborda4_gives_the_seats_that_are_expected),
	};
	return cmocka_run_group_tests_name("vectors/count_seats", tests, NULL, NULL);
}
