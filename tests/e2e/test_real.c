/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real elections through the whole machinery: every single ballot encrypted, mixed, opened and
 * counted must give what an independent counter made of the plain file, at every stage. One ward
 * always and one more by chance; with URNA_SOAK all of them, by three authorities.
 */
#include "e2e/e2e.h"

#include "support/support.h"

#include <stdlib.h>
#include <unistd.h>

#include <jansson.h>

static const char *const wards[] = {
	"stv-scottish-glasgow-2007/Calton-2007",
	"stv-scottish-glasgow-2007/Anderston-City-2007",
	"stv-scottish-glasgow-2007/Craigton-2007",
	"stv-scottish-glasgow-2007/East-Centre-2007",
	"stv-scottish-glasgow-2007/Govan-2007",
	"stv-scottish-glasgow-2007/Hillhead-2007",
	"stv-scottish-glasgow-2007/Linn-2007",
	"stv-scottish-glasgow-2007/Newlands-Auldburn-2007",
	"stv-scottish-glasgow-2007/Partick-West-2007",
	"stv-scottish-glasgow-2007/Shettleston-2007",
	"stv-scottish-glasgow-2007/Springburn-2007",
	"stv-scottish-edinburgh-2017/ward01",
	"stv-scottish-edinburgh-2017/ward03",
	"stv-scottish-edinburgh-2017/ward05",
	"stv-scottish-edinburgh-2017/ward07",
	"stv-scottish-edinburgh-2017/ward09",
	"stv-scottish-edinburgh-2017/ward11",
	"stv-scottish-edinburgh-2017/ward13",
	"stv-scottish-edinburgh-2017/ward15",
	"stv-scottish-edinburgh-2017/ward17",
	"stv-irish-2002/dublin-west-2002",
};
#define WARDS (sizeof wards / sizeof wards[0])

static json_t *load(bytes text)
{
	json_t *j = json_loadb((const char *)text.p, text.len, 0, NULL);
	assert_non_null(j);
	return j;
}

static bool names_one_of(const char *name, const json_t *set)
{
	for (size_t i = 0; i < json_array_size(set); i++)
		if (strcmp(json_string_value(json_array_get(set, i)), name) == 0)
			return true;
	return false;
}

static const json_t *get(const json_t *j, const char *key)
{
	const json_t *v = json_object_get(j, key);
	if (!v)
		fail_msg("no '%s'", key);
	return v;
}

/* The reference's stage k is our stage k + 1: ours begins with the first preferences. */
static void assert_same_count(const json_t *count, const json_t *expected)
{
	const json_t *stages = get(count, "stages"), *theirs = get(expected, "stages");
	const json_t *elected = get(count, "elected"), *set = get(expected, "elected_set");
	const json_t *candidates = get(count, "candidates");
	assert_true(json_equal(get(count, "quota"), get(expected, "quota")));
	assert_true(json_equal(get(count, "valid"), get(expected, "valid_ballots")));
	assert_true(
		json_equal(get(json_array_get(stages, 0), "tallies"), get(expected, "first_preferences")));
	assert_int_equal(json_array_size(stages), json_array_size(theirs) + 1);
	for (size_t i = 0; i < json_array_size(theirs); i++) {
		const json_t *mine = json_array_get(stages, i + 1), *their = json_array_get(theirs, i);
		assert_true(json_equal(get(mine, "tallies"), get(their, "tallies")));
		assert_true(json_equal(get(mine, "nontransferable"), get(their, "nontransferable")));
	}
	assert_int_equal(json_array_size(elected), json_array_size(set));
	for (size_t i = 0; i < json_array_size(elected); i++) {
		json_int_t number = json_integer_value(get(json_array_get(elected, i), "candidate"));
		const json_t *c = json_array_get(candidates, (size_t)number - 1);
		assert_true(names_one_of(json_string_value(get(c, "name")), set));
	}
}

static void hold(const char *ward, const char *authorities, const char *threshold)
{
	json_t *expected = load(test_data(text_of("election-data/%s.expected.json", ward)));
	const char *file = text_of("%s/ward.blt", fresh_folder());
	bytes ballots = test_data(text_of("election-data/%s.blt", ward));
	write_file(file, ballots.p, ballots.len);
	const char *out = text_of("%s/e", fresh_folder());
	struct outcome o = urna("run", file, "--rule=scotland", "--authorities", authorities,
	                        "--threshold", threshold, "--out", out, "--quiet", NULL);
	assert_code(o, 0);
	json_t *result = load(read_file(text_of("%s/record/result.json", out)));
	const json_t *all = json_object_get(expected, "counts");
	assert_same_count(get(json_array_get(get(result, "questions"), 0), "count"),
	                  all ? get(all, "scotland") : expected);
	json_decref(result);
	json_decref(expected);
}

static void a_glasgow_ward_gives_the_reference_count(void **state)
{
	(void)state;
	hold(wards[0], "1", "1");
}

static void other_wards_give_the_reference_count(void **state)
{
	(void)state;
	if (!getenv("URNA_SOAK")) {
		hold(wards[1 + test_random_below(10)], "2", "1");
		return;
	}
	for (size_t i = 0; i < WARDS; i++)
		hold(wards[i], "3", "2");
}

/* Each plain file through the program itself. */
static void every_file_counted_without_an_election_gives_the_reference(void **state)
{
	(void)state;
	for (size_t i = 0; i < WARDS; i++) {
		json_t *expected = load(test_data(text_of("election-data/%s.expected.json", wards[i])));
		const char *file = text_of("%s/ward.blt", fresh_folder());
		bytes ballots = test_data(text_of("election-data/%s.blt", wards[i]));
		write_file(file, ballots.p, ballots.len);
		struct outcome o = urna("count", file, "--rule=scotland", "--json", NULL);
		assert_code(o, 0);
		json_t *count = load(bytes_of_text(o.out));
		const json_t *all = json_object_get(expected, "counts");
		assert_same_count(count, all ? get(all, "scotland") : expected);
		json_decref(count);
		json_decref(expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_glasgow_ward_gives_the_reference_count),
		cmocka_unit_test(other_wards_give_the_reference_count),
		cmocka_unit_test(every_file_counted_without_an_election_gives_the_reference),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
