/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "ballot/choices.h"

static const struct choices_rule marks = {CHOICES_MARKS, 4, 2, 3, 0, 0, 0},
								 ranks = {CHOICES_RANKS, 4, 2, 3, 0, 0, 0};

/* Both verdict functions, which must agree. */
static enum verdict verdict(const struct choices_rule *rule, bool invalid, const uint32_t *values)
{
	struct error err;
	uint32_t digits[LIMIT_ANSWERS + 1];
	assert_ok(choices_encode(digits, rule, values, invalid, &err), err);
	enum verdict v = choices_verdict(rule, digits);
	assert_int_equal(v, choices_verdict_vartime(rule, digits));
	return v;
}
#define VERDICT(rule, ...) verdict((rule), false, (const uint32_t[]){__VA_ARGS__})
#define VERDICT_FLAGGED(rule, ...) verdict((rule), true, (const uint32_t[]){__VA_ARGS__})

static void bases_are_the_flag_and_one_per_answer(void **state)
{
	(void)state;
	uint32_t bases[5];
	assert_int_equal(choices_bases(bases, &marks), 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(bases[i], 2);
	assert_int_equal(choices_bases(bases, &ranks), 5);
	assert_int_equal(bases[0], 2);
	for (size_t i = 1; i < 5; i++)
		assert_int_equal(bases[i], 4);
}

static void digits_are_the_flag_and_the_values(void **state)
{
	(void)state;
	struct error err;
	uint32_t digits[5];
	assert_ok(choices_encode(digits, &ranks, (const uint32_t[]){3, 0, 1, 2}, true, &err), err);
	assert_memory_equal(digits, ((const uint32_t[]){1, 3, 0, 1, 2}), sizeof digits);
}

static void values_beyond_the_base_are_refused_without_telling_which(void **state)
{
	(void)state;
	struct error err;
	uint32_t digits[5];
	assert_fails(choices_encode(digits, &marks, (const uint32_t[]){0, 0, 2, 0}, false, &err), err,
	             ERROR_MALFORMED);
	assert_true(err.at == ERROR_NOWHERE);
	assert_fails(choices_encode(digits, &ranks, (const uint32_t[]){1, 2, 3, 4}, false, &err), err,
	             ERROR_MALFORMED);
	assert_fails(
		choices_encode(digits, &ranks, (const uint32_t[]){UINT32_MAX, 2, 3, 0}, false, &err), err,
		ERROR_MALFORMED);
}

static void marks_between_min_and_max_are_valid(void **state)
{
	(void)state;
	assert_int_equal(VERDICT(&marks, 1, 1, 0, 0), VERDICT_VALID);
	assert_int_equal(VERDICT(&marks, 0, 1, 1, 1), VERDICT_VALID);
}

static void marks_outside_are_too_few_or_too_many(void **state)
{
	(void)state;
	assert_int_equal(VERDICT(&marks, 0, 0, 1, 0), VERDICT_TOO_FEW);
	assert_int_equal(VERDICT(&marks, 1, 1, 1, 1), VERDICT_TOO_MANY);
}

static void nothing_chosen_is_blank_even_below_min(void **state)
{
	(void)state;
	assert_int_equal(VERDICT(&marks, 0, 0, 0, 0), VERDICT_BLANK);
	assert_int_equal(VERDICT(&ranks, 0, 0, 0, 0), VERDICT_BLANK);
}

static void the_flag_wins_over_everything(void **state)
{
	(void)state;
	assert_int_equal(VERDICT_FLAGGED(&marks, 0, 0, 0, 0), VERDICT_INVALID_BY_VOTER);
	assert_int_equal(VERDICT_FLAGGED(&marks, 1, 1, 0, 0), VERDICT_INVALID_BY_VOTER);
	assert_int_equal(VERDICT_FLAGGED(&ranks, 1, 1, 3, 0), VERDICT_INVALID_BY_VOTER);
}

static void ranks_one_to_k_are_valid(void **state)
{
	(void)state;
	assert_int_equal(VERDICT(&ranks, 2, 1, 0, 0), VERDICT_VALID);
	assert_int_equal(VERDICT(&ranks, 0, 3, 1, 2), VERDICT_VALID);
}

static void wrong_ranks_have_their_reasons(void **state)
{
	(void)state;
	assert_int_equal(VERDICT(&ranks, 1, 0, 0, 0), VERDICT_TOO_FEW);
	assert_int_equal(VERDICT(&ranks, 1, 1, 0, 0), VERDICT_REPEATED_RANK);
	assert_int_equal(VERDICT(&ranks, 1, 3, 0, 0), VERDICT_MISSING_RANK);
	assert_int_equal(VERDICT(&ranks, 2, 3, 0, 0), VERDICT_MISSING_RANK);
	assert_int_equal(VERDICT(&ranks, 3, 3, 0, 0), VERDICT_REPEATED_RANK); /* before missing */
	assert_int_equal(VERDICT(&ranks, 2, 0, 0, 0), VERDICT_MISSING_RANK);  /* before too few */
	assert_int_equal(VERDICT(&ranks, 1, 2, 3, 3), VERDICT_REPEATED_RANK);
}

static void points_are_bounded_each_and_together(void **state)
{
	(void)state;
	const struct choices_rule points = {CHOICES_POINTS, 4, 1, 3, 0, 5, 8};
	uint32_t bases[5], digits[5];
	struct error err;
	error_clear(&err);
	assert_int_equal(choices_bases(bases, &points), 5);
	assert_int_equal(bases[0], 2);
	assert_int_equal(bases[4], 6);
	assert_int_equal(VERDICT(&points, 5, 3, 0, 0), VERDICT_VALID);
	assert_int_equal(VERDICT(&points, 5, 4, 0, 0), VERDICT_TOO_MANY); /* 9 of 8 points */
	assert_int_equal(VERDICT(&points, 1, 1, 1, 1), VERDICT_TOO_MANY); /* 4 of 3 answers */
	assert_int_equal(VERDICT(&points, 0, 0, 0, 0), VERDICT_BLANK);
	assert_int_equal(VERDICT(&points, 3, 3, 0, 0), VERDICT_VALID); /* equal points are no ranks */
	const uint32_t beyond[4] = {6, 0, 0, 0};
	assert_fails(choices_encode(digits, &points, beyond, false, &err), err, ERROR_MALFORMED);
}

static void both_ways_of_judging_agree_on_random_choices(void **state)
{
	(void)state;
	unsigned seen = 0;
	for (uint64_t i = 0; i < TEST_COUNT(20000, 1000000); i++) {
		uint32_t values[8];
		struct choices_rule rule = {
			.kind = (enum choices_kind)test_random_below(3),
			.answers = (uint32_t)test_random_below(8) + 1,
		};
		if (rule.kind == CHOICES_POINTS) {
			rule.points = (uint32_t)test_random_below(5) + 1;
			rule.total = (uint32_t)test_random_below(12);
		}
		rule.max = (uint32_t)test_random_below(rule.answers) + 1;
		rule.min = (uint32_t)test_random_below(rule.max + 1);
		for (size_t j = 0; j < rule.answers; j++)
			values[j] = (uint32_t)test_random_below(rule.kind == CHOICES_RANKS    ? rule.max + 1
			                                        : rule.kind == CHOICES_POINTS ? rule.points + 1
			                                                                      : 2);
		seen |= 1u << verdict(&rule, test_random_below(16) == 0, values);
	}
	assert_int_equal(seen, (1u << (VERDICT_TOO_MANY + 1)) - 1); /* each of them came up */
}

static void longest_question_is_judged(void **state)
{
	(void)state;
	const struct choices_rule rule = {CHOICES_RANKS, LIMIT_ANSWERS, 0, LIMIT_ANSWERS, 0, 0, 0};
	uint32_t values[LIMIT_ANSWERS];
	for (uint32_t i = 0; i < LIMIT_ANSWERS; i++)
		values[i] = LIMIT_ANSWERS - i;
	assert_int_equal(verdict(&rule, false, values), VERDICT_VALID);
	values[5] = 0;
	assert_int_equal(verdict(&rule, false, values), VERDICT_MISSING_RANK);
	values[5] = LIMIT_ANSWERS;
	assert_int_equal(verdict(&rule, false, values), VERDICT_REPEATED_RANK);
}

static void rules_that_make_no_sense_are_refused(void **state)
{
	(void)state;
	struct error err;
	static const struct {
		struct choices_rule rule;
		enum error_kind kind;
	} wrong[] = {
		{{CHOICES_MARKS, 0, 0, 1, 0, 0, 0}, ERROR_MALFORMED},
		{{CHOICES_MARKS, 3, 0, 1, 0, 1, 0}, ERROR_MALFORMED},
		{{CHOICES_RANKS, 3, 0, 1, 0, 0, 1}, ERROR_MALFORMED},
		{{CHOICES_POINTS, 3, 0, 1, 0, 0, 0}, ERROR_MALFORMED},
		{{CHOICES_POINTS, 3, 0, 1, 0, CHOICES_POINTS_MAX + 1, 0}, ERROR_MALFORMED},
		{{CHOICES_POINTS, 3, 0, 1, 0, 1, LIMIT_ANSWERS + 1}, ERROR_MALFORMED},
		{{CHOICES_MARKS, LIMIT_ANSWERS + 1, 0, 1, 0, 0, 0}, ERROR_LIMIT},
		{{CHOICES_MARKS, 3, 0, 0, 0, 0, 0}, ERROR_MALFORMED},
		{{CHOICES_RANKS, 3, 0, 4, 0, 0, 0}, ERROR_MALFORMED},
		{{CHOICES_RANKS, 3, 3, 2, 0, 0, 0}, ERROR_MALFORMED},
		{{CHOICES_MARKS, 3, 0, 6, 2, 0, 0}, ERROR_MALFORMED},
		{{CHOICES_MARKS, LIMIT_ANSWERS, 0, 1, 1, 0, 0}, ERROR_LIMIT},
		{{CHOICES_MARKS, 1, 0, 1, UINT32_MAX, 0, 0}, ERROR_LIMIT},
		{{(enum choices_kind)7, 3, 0, 2, 0, 0, 0}, ERROR_MALFORMED},
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_fails(choices_rule_check(&wrong[i].rule, &err), err, wrong[i].kind);
	assert_ok(choices_rule_check(&marks, &err), err);
	assert_ok(choices_rule_check(&ranks, &err), err);
}

static void every_verdict_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < VERDICTS; i++) {
		assert_string_not_equal(verdict_name((enum verdict)i), "unknown");
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(verdict_name((enum verdict)i), verdict_name((enum verdict)j));
	}
	assert_false(verdict_is_invalid(VERDICT_VALID));
	assert_false(verdict_is_invalid(VERDICT_BLANK));
	for (unsigned i = VERDICT_INVALID_BY_VOTER; i < VERDICTS; i++)
		assert_true(verdict_is_invalid((enum verdict)i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bases_are_the_flag_and_one_per_answer),
		cmocka_unit_test(digits_are_the_flag_and_the_values),
		cmocka_unit_test(values_beyond_the_base_are_refused_without_telling_which),
		cmocka_unit_test(marks_between_min_and_max_are_valid),
		cmocka_unit_test(marks_outside_are_too_few_or_too_many),
		cmocka_unit_test(nothing_chosen_is_blank_even_below_min),
		cmocka_unit_test(the_flag_wins_over_everything),
		cmocka_unit_test(ranks_one_to_k_are_valid),
		cmocka_unit_test(wrong_ranks_have_their_reasons),
		cmocka_unit_test(points_are_bounded_each_and_together),
		cmocka_unit_test(both_ways_of_judging_agree_on_random_choices),
		cmocka_unit_test(longest_question_is_judged),
		cmocka_unit_test(rules_that_make_no_sense_are_refused),
		cmocka_unit_test(every_verdict_has_a_name_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
