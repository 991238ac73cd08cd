/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "unit/protocol/ballot/fixture.h"

#define MANY 60u

static struct fixture f;
static uint8_t rooms[MANY][FIXTURE_BALLOT_BYTES];
static struct ballot ballots[MANY];
static uint8_t fresh[32] = {7};

static int set_up(void **state)
{
	(void)state;
	struct error err;
	fixture_init(&f, BALLOT_CREDENTIALS);
	for (uint32_t i = 0; i < MANY; i++) {
		bytes in = fixture_ballot(&f, rooms[i], i % 2, i);
		if (!ballot_parse(&ballots[i], in, &f.rules, test_arena(), &err))
			return 1;
	}
	return 0;
}

static bool check(struct error *err)
{
	return ballots_check_vartime(ballots, MANY, fresh, test_arena(), err);
}

static void expect_only_bad(size_t place)
{
	uint8_t bad[MANY];
	size_t count;
	struct error err;
	assert_ok(ballots_find_bad_vartime(bad, &count, ballots, MANY, fresh, test_arena(), &err), err);
	assert_int_equal(count, place < MANY);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(bad[i], i == place);
}

static void good_batch_is_accepted(void **state)
{
	(void)state;
	struct error err;
	size_t mark = arena_mark(test_arena());
	assert_ok(check(&err), err);
	expect_only_bad(MANY);
	assert_ok(ballots_check_vartime(ballots, 0, fresh, test_arena(), &err), err);
	assert_int_equal(mark, arena_mark(test_arena()));
}

static void bad_response_is_found_at_its_ballot_and_group(void **state)
{
	(void)state;
	static const struct {
		size_t component;
		const char *detail;
	} parts[] = {{0, "proof of group 1"},
	             {1, "proof of group 2"},
	             {2, "proof of group 2"},
	             {3, "proof of group 3"}};
	struct error err;
	for (size_t i = 0; i < 4; i++) {
		size_t place = 10 * i;
		scalar *z = &ballots[place].responses[parts[i].component];
		scalar_add(z, z, &scalar_one);
		assert_fails(check(&err), err, ERROR_REJECTED);
		assert_int_equal(err.at, place);
		assert_string_equal(err.detail, parts[i].detail);
		expect_only_bad(place);
		scalar_sub(z, z, &scalar_one);
	}
}

static void bad_signature_is_found_and_called_so(void **state)
{
	(void)state;
	struct error err;
	scalar_add(&ballots[59].sig_response, &ballots[59].sig_response, &scalar_one);
	assert_fails(check(&err), err, ERROR_REJECTED);
	assert_int_equal(err.at, 59);
	assert_string_equal(err.what, "ballot: the signature does not hold");
	expect_only_bad(59);
	scalar_sub(&ballots[59].sig_response, &ballots[59].sig_response, &scalar_one);
}

static void errors_of_two_ballots_that_cancel_are_found(void **state)
{
	(void)state;
	struct error err;
	scalar *one = &ballots[4].responses[0], *other = &ballots[31].responses[0];
	scalar_add(one, one, &scalar_one);
	scalar_sub(other, other, &scalar_one);
	assert_fails(check(&err), err, ERROR_REJECTED);
	assert_int_equal(err.at, 4);
	scalar_sub(one, one, &scalar_one);
	scalar_add(other, other, &scalar_one);
	assert_ok(check(&err), err);
}

static void equations_are_those_of_the_protocol(void **state)
{
	(void)state;
	struct proof_equation eq[FIXTURE_COMPONENTS + 1];
	struct error err;
	assert_int_equal(ballot_equations_count(&ballots[0]), FIXTURE_COMPONENTS + 1);
	ballot_equations(eq, &ballots[0]);
	for (size_t j = 0; j <= FIXTURE_COMPONENTS; j++)
		assert_ok(
			proof_check_log_vartime(&eq[j].commitment, &eq[j].c, &eq[j].statement, &eq[j].z, &err),
			err);
	assert_true(point_equal(&eq[1].statement, &ballots[0].ct[1].u));
	assert_true(point_equal(&eq[FIXTURE_COMPONENTS].statement, &f.voter_key));
}

static void scratch_of_the_stated_size_is_enough_and_less_is_refused(void **state)
{
	(void)state;
	static uint8_t room[(size_t)16 << 20];
	struct arena scratch;
	struct error err;
	uint8_t bad[MANY];
	size_t count, size = ballots_check_scratch_bytes(ballots, MANY) + ARENA_ALIGN;
	assert_true(size <= sizeof room);
	arena_init(&scratch, room, size);
	assert_ok(ballots_check_vartime(ballots, MANY, fresh, &scratch, &err), err);
	assert_ok(ballots_find_bad_vartime(bad, &count, ballots, MANY, fresh, &scratch, &err), err);
	arena_init(&scratch, room, 4096);
	assert_fails(ballots_check_vartime(ballots, MANY, fresh, &scratch, &err), err, ERROR_LIMIT);
	assert_fails(ballots_find_bad_vartime(bad, &count, ballots, MANY, fresh, &scratch, &err), err,
	             ERROR_LIMIT);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(bad[i], 1); /* nothing was checked, so nothing is good */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_batch_is_accepted),
		cmocka_unit_test(bad_response_is_found_at_its_ballot_and_group),
		cmocka_unit_test(bad_signature_is_found_and_called_so),
		cmocka_unit_test(errors_of_two_ballots_that_cancel_are_found),
		cmocka_unit_test(equations_are_those_of_the_protocol),
		cmocka_unit_test(scratch_of_the_stated_size_is_enough_and_less_is_refused),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
