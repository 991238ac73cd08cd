/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Meek's method and QPQ against an independent counter: a real Irish constituency and 23 small
 * tricky files.
 *
 * The reference's quota is that of the first preferences. Its tallies are those of the end, with 0
 * for the defeated (Meek), or those each candidate had when last hopeful (QPQ).
 */
#include "counted.h"

#include <stdio.h>

static struct counted c;

/*
 * Some of the small files carry a line of options for other programs ("[droop …]", "[undeclared
 * 4]") that do not concern these rules; the reader refuses them, so a person would take them out.
 */
static bytes without_foreign_options(bytes file)
{
	static uint8_t room[8192];
	size_t len = 0;
	assert_true(file.len < sizeof room);
	for (size_t i = 0; i < file.len;) {
		size_t end = i;
		while (end < file.len && file.p[end] != '\n')
			end++;
		end += end < file.len;
		bool foreign = end - i > 10 && (memcmp(file.p + i, "[droop ", 7) == 0 ||
		                                memcmp(file.p + i, "[undecl", 7) == 0);
		memcpy(room + len, file.p + i, foreign ? 0 : end - i);
		len += foreign ? 0 : end - i;
		i = end;
	}
	return bytes_of(room, len);
}

static void count_case(const char *name, const char *rule, json_t **root, json_t **expected)
{
	char path[200];
	snprintf(path, sizeof path, "election-data/rule-cases/%s.expected.json", name);
	*root = counted_json(path);
	*expected = json_object_get(*root, rule);
	assert_non_null(*expected);
	snprintf(path, sizeof path, "election-data/rule-cases/%s.blt", name);
	counted_blt(&c, without_foreign_options(test_data(path)), rule);
	assert_string_equal(counted_votes(&c.result, c.result.stages[0].quota),
	                    json_string_value(json_object_get(*expected, "quota")));
	assert_elected_set(&c.result, json_object_get(*expected, "elected_set"));
}

static const json_t *tally_of(size_t candidate, const json_t *tallies)
{
	char name[200];
	bytes b = counted_name(&c.result, candidate);
	snprintf(name, sizeof name, "%.*s", (int)b.len, (const char *)b.p);
	return json_object_get(tallies, name);
}

/* --- Meek --- */

static void assert_final(size_t candidate, const json_t *expected)
{
	const struct count_stage *last = &c.result.stages[c.result.stages_count - 1];
	units votes = last->status[candidate] == COUNT_ELECTED ? last->tallies[candidate] : 0;
	assert_string_equal(counted_votes(&c.result, votes), json_string_value(expected));
}

static void meek_equals_the_reference(void **state)
{
	json_t *root, *expected;
	size_t standing = 0;
	count_case((const char *)*state, "meek-prf", &root, &expected);
	json_t *tallies = json_object_get(expected, "final_tallies");
	for (size_t i = 0; i < c.profile.candidates_count; i++)
		if (!c.profile.candidates[i].withdrawn) {
			assert_final(i, tally_of(i, tallies));
			standing++;
		}
	assert_int_equal(standing, json_object_size(tallies));
	/* the reference's only action */
	json_t *actions = json_object_get(expected, "actions");
	assert_int_equal(json_array_size(actions), 1);
	assert_string_equal(json_string_value(json_array_get(actions, 0)), "Count Complete");
	json_decref(root);
}

static void dublin_west_equals_the_reference(void **state)
{
	(void)state;
	json_t *root = counted_json("election-data/stv-irish-2002/dublin-west-2002.expected.json");
	json_t *expected = json_object_get(json_object_get(root, "counts"), "meek-prf");
	counted_blt(&c, test_data("election-data/stv-irish-2002/dublin-west-2002.blt"), "meek-prf");
	const struct count_result *r = &c.result;
	assert_int_equal(r->valid, json_integer_value(json_object_get(expected, "valid_ballots")));
	assert_elected_set(r, json_object_get(expected, "elected_set"));
	json_t *stage = json_array_get(json_object_get(expected, "stages"), 0);
	json_t *order = json_object_get(expected, "election_order_log");
	for (size_t i = 0; i < c.profile.candidates_count; i++) {
		assert_true(counted_is(counted_name(r, i),
		                       json_array_get(json_object_get(expected, "candidates"), i)));
		assert_string_equal(
			counted_votes(r, r->stages[0].tallies[i]),
			json_string_value(json_array_get(json_object_get(expected, "first_preferences"), i)));
		assert_final(i, json_array_get(json_object_get(stage, "tallies"), i));
	}
	for (size_t i = 0; i < r->elected_count; i++)
		assert_true(counted_is(counted_name(r, r->elected[i].candidate), json_array_get(order, i)));
	assert_string_equal(counted_votes(r, r->stages[0].quota),
	                    json_string_value(json_object_get(expected, "quota")));
	assert_int_equal(r->lots_count, 0);
	json_decref(root);
}

/* The official winners, by every method of the family. */
static void dublin_west_elects_the_official_winners(void **state)
{
	json_t *root = counted_json("election-data/stv-irish-2002/dublin-west-2002.expected.json");
	json_t *expected = json_object_get(json_object_get(root, "counts"), "meek-prf");
	counted_blt(&c, test_data("election-data/stv-irish-2002/dublin-west-2002.blt"),
	            (const char *)*state);
	assert_elected_set(&c.result, json_object_get(expected, "elected_set"));
	json_decref(root);
}

/* --- QPQ --- */

static void add_action(struct text *t, size_t stage)
{
	const struct count_stage *s = &c.result.stages[stage];
	const struct count_table *quotients = &c.result.tables[0];
	assert_string_equal(quotients->name, "quotient");
	switch (s->action) {
	case COUNT_ELECTION:
		text_add(t, "Transfer elected: ");
		text_add_bytes(t, counted_name(&c.result, s->who[0]));
		text_add(t, " (");
		units_add_text(t, quotients->cells[stage * quotients->columns + s->who[0]],
		               quotients->form);
		text_add(t, ")");
		return;
	case COUNT_EXCLUSION:
		text_add(t, "Transfer defeated: ");
		text_add_bytes(t, counted_name(&c.result, s->who[0]));
		return;
	case COUNT_END:
		text_add(t, "Count Complete");
		return;
	case COUNT_FIRST:
	case COUNT_SURPLUS:
	case COUNT_ROUND:
		break;
	}
	text_add(t, "?");
}

/* The votes a candidate had when he was hopeful the last time. */
static units last_hopeful(size_t candidate)
{
	for (size_t i = c.result.stages_count; i-- > 0;)
		if (c.result.stages[i].status[candidate] == COUNT_HOPEFUL)
			return c.result.stages[i].tallies[candidate];
	return 0;
}

static void qpq_equals_the_reference_at_every_stage(void **state)
{
	json_t *root, *expected;
	size_t standing = 0;
	count_case((const char *)*state, "qpq", &root, &expected);
	const struct count_result *r = &c.result;
	json_t *actions = json_object_get(expected, "actions");
	assert_int_equal(r->stages_count, json_array_size(actions) + 1);
	for (size_t i = 1; i < r->stages_count; i++) {
		char room[300];
		struct text t = TEXT_OF(room);
		add_action(&t, i);
		assert_string_equal(room, json_string_value(json_array_get(actions, i - 1)));
	}
	json_t *tallies = json_object_get(expected, "final_tallies");
	for (size_t i = 0; i < c.profile.candidates_count; i++)
		if (!c.profile.candidates[i].withdrawn) {
			assert_string_equal(counted_votes(r, last_hopeful(i)),
			                    json_string_value(tally_of(i, tallies)));
			standing++;
		}
	assert_int_equal(standing, json_object_size(tallies));
	json_decref(root);
}

#define MEEK(name)                                                                       \
	{                                                                                    \
		"meek-prf " name, meek_equals_the_reference, NULL, NULL, (void *)(uintptr_t)name \
	}
#define QPQ(name)                                                                                 \
	{                                                                                             \
		"qpq " name, qpq_equals_the_reference_at_every_stage, NULL, NULL, (void *)(uintptr_t)name \
	}
#define CASE(name) MEEK(name), QPQ(name)
#define WINNERS(rule)                                                                \
	{                                                                                \
		"Dublin West by " rule, dublin_west_elects_the_official_winners, NULL, NULL, \
			(void *)(uintptr_t)rule                                                  \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE("42"),           CASE("42t"),
		CASE("42u"),          CASE("513"),
		CASE("SC-Vm-12"),     CASE("SC"),
		CASE("SCw"),          CASE("dk1-2"),
		CASE("dk1-3-2"),      CASE("dk1-3"),
		CASE("dk2-2"),        CASE("dk2-3-2"),
		CASE("dk2-3"),        CASE("loser"),
		CASE("qpq1"),         CASE("qpq2"),
		CASE("qpq3"),         CASE("qpq4"),
		CASE("qpq5"),         CASE("tie"),
		CASE("undeclared"),   CASE("weak-defeat"),
		CASE("weak-surplus"), cmocka_unit_test(dublin_west_equals_the_reference),
		WINNERS("meek"),      WINNERS("warren"),
		WINNERS("qpq"),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
