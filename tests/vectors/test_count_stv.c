/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wigm-prf, cfer and mpls against an independent counter (droop 0.14): 23 small tricky files, with
 * every transfer, and a real Irish constituency.
 *
 * The reference writes a line for each surplus where cfer moves several in a stage; it names no
 * exclusion whose papers stay. Only mpls knows undeclared candidates there: excluded before all
 * others they leave the same count as if they had withdrawn.
 */
#include "support/support.h"

#include "counted.h"

static const char *const words[][2] = {
	{"Surplus transferred: ", "Transfer defeated: "},
	{"Transfer surplus: ", "Transfer defeated: "},
};

static const char *expected_action(const json_t *actions, size_t i)
{
	const char *text = json_string_value(json_array_get(actions, i));
	return text ? text : "no such line";
}

/* The lines of a stage from `line` on; the next line. */
static size_t assert_stage(const struct count_result *r, size_t stage, const json_t *actions,
                           size_t line)
{
	const struct count_stage *s = &r->stages[stage];
	const char *const *say = words[strcmp(r->rule.method->name, "mpls") == 0];
	char room[1000];
	struct text t = TEXT_OF(room);
	text_add(&t, s->action == COUNT_EXCLUSION ? say[1] : "");
	for (size_t i = 0; i < s->who_count; i++) {
		if (s->action == COUNT_SURPLUS) {
			t.len = 0;
			text_add(&t, say[0]);
		} else
			text_add(&t, i ? ", " : "");
		text_add_bytes(&t, counted_name(r, s->who[i]));
		if (s->action == COUNT_EXCLUSION)
			continue;
		text_add(&t, " (");
		text_add(&t, counted_votes(r, s[-1].tallies[s->who[i]] - s->quota));
		text_add(&t, ")");
		assert_string_equal(room, expected_action(actions, line++));
	}
	if (s->action == COUNT_EXCLUSION)
		assert_string_equal(room, expected_action(actions, line++));
	return line;
}

/* The actions tell how mpls cuts, quota and last tallies do not. */
static void assert_case(const char *name, const char *method, const char *rule, bool lines)
{
	static struct counted c;
	char path[200];
	bool undeclared = strcmp(name, "undeclared") == 0 && strcmp(method, "mpls") == 0;
	struct text t = TEXT_OF(path);
	text_add(&t, "election-data/rule-cases/");
	text_add(&t, name);
	size_t stem = t.len;
	text_add(&t, ".expected.json");
	json_t *root = counted_json(path), *expected = json_object_get(root, method);
	t.len = stem;
	text_add(&t, ".blt");
	counted_blt(&c, counted_without_foreign_options(test_data(path)), rule);
	if (undeclared) {
		c.profile.candidates[3].withdrawn = true;
		counted_run(&c, rule);
		c.profile.candidates[3].withdrawn = false; /* it has a tally there: 0 */
	}
	const struct count_result *r = &c.result;
	assert_string_equal(counted_votes(r, r->quota),
	                    json_string_value(json_object_get(expected, "quota")));
	assert_elected_set(r, json_object_get(expected, "elected_set"));
	assert_tallies_by_name(r, r->stages_count - 1, json_object_get(expected, "final_tallies"));
	json_t *actions = json_object_get(expected, "actions");
	size_t line = undeclared;
	if (!lines) {
		json_decref(root);
		return;
	}
	for (size_t i = 1; i + 1 < r->stages_count; i++)
		line = assert_stage(r, i, actions, line);
	assert_string_equal(expected_action(actions, line), "Count Complete");
	assert_int_equal(json_array_size(actions), line + 1);
	json_decref(root);
}

static void case_equals_the_reference_by_three_rules(void **state)
{
	assert_case(*state, "wigm-prf", "wigm-prf", true);
	assert_case(*state, "cfer", "cfer", true);
	assert_case(*state, "mpls", "mpls:cut=product", true);
	assert_case(*state, "mpls", "mpls", false);
}

/* The reference has the last stage alone. */
static void dublin_west_by_wigm_prf_equals_the_reference(void **state)
{
	static struct counted c;
	(void)state;
	json_t *root = counted_json("election-data/stv-irish-2002/dublin-west-2002.expected.json");
	json_t *expected = json_object_get(json_object_get(root, "counts"), "wigm-prf");
	counted_blt(&c, test_data("election-data/stv-irish-2002/dublin-west-2002.blt"), "wigm-prf");
	const struct count_result *r = &c.result;
	const struct count_stage *last = &r->stages[r->stages_count - 1];
	assert_string_equal(counted_votes(r, r->quota),
	                    json_string_value(json_object_get(expected, "quota")));
	assert_elected_set(r, json_object_get(expected, "elected_set"));
	json_t *order = json_object_get(expected, "election_order_log");
	for (size_t i = 0; i < r->elected_count; i++)
		assert_true(counted_is(counted_name(r, r->elected[i].candidate), json_array_get(order, i)));
	json_t *stage = json_array_get(json_object_get(expected, "stages"), 0);
	for (size_t i = 0; i < r->profile->candidates_count; i++) {
		json_t *first = json_array_get(json_object_get(expected, "first_preferences"), i);
		json_t *tally = json_array_get(json_object_get(stage, "tallies"), i);
		assert_string_equal(counted_votes(r, r->stages[0].tallies[i]), json_string_value(first));
		assert_string_equal(counted_votes(r, last->tallies[i]), json_string_value(tally));
	}
	assert_string_equal(counted_votes(r, last->nontransferable),
	                    json_string_value(json_object_get(stage, "nontransferable")));
	/* The reference counts the transfers. */
	assert_int_equal(r->stages_count - 2, json_integer_value(json_object_get(stage, "round")));
	json_decref(root);
}

/* A check of the rules that have no reference of their own. */
static void dublin_west_has_the_official_winners_by_every_rule(void **state)
{
	static const char *const rules[] = {
		"cambridge",        "cambridge:signatures=0", "cfer", "cfer:defeat=batch", "ers97", "mpls",
		"northern-ireland", "wigm-prf:defeat=batch"};
	static struct counted c;
	(void)state;
	json_t *root = counted_json("election-data/stv-irish-2002/dublin-west-2002.expected.json");
	json_t *winners = json_object_get(json_object_get(json_object_get(root, "counts"), "wigm-prf"),
	                                  "elected_set");
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		counted_blt(&c, test_data("election-data/stv-irish-2002/dublin-west-2002.blt"), rules[i]);
		assert_elected_set(&c.result, winners);
		assert_int_equal(c.result.lots_count, 0);
	}
	json_decref(root);
}

#define CASE(name)                                                                          \
	{                                                                                       \
		name, case_equals_the_reference_by_three_rules, NULL, NULL, (void *)(uintptr_t)name \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE("42"),
		CASE("42t"),
		CASE("42u"),
		CASE("513"),
		CASE("SC-Vm-12"),
		CASE("SC"),
		CASE("SCw"),
		CASE("dk1-2"),
		CASE("dk1-3-2"),
		CASE("dk1-3"),
		CASE("dk2-2"),
		CASE("dk2-3-2"),
		CASE("dk2-3"),
		CASE("loser"),
		CASE("qpq1"),
		CASE("qpq2"),
		CASE("qpq3"),
		CASE("qpq4"),
		CASE("qpq5"),
		CASE("tie"),
		CASE("undeclared"),
		CASE("weak-defeat"),
		CASE("weak-surplus"),
		cmocka_unit_test(dublin_west_by_wigm_prf_equals_the_reference),
		cmocka_unit_test(dublin_west_has_the_official_winners_by_every_rule)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
