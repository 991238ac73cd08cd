/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums of points: Sequent's plaintexts and lists of votes, the elections of the APA (PrefLib), and
 * approval in Orsay 2002.
 */
#include "named_votes.h"

#include "ballot/choices.h"
#include "ballot/plaintext.h"

#include <stdio.h>

#define DIGITS 16u

/* --- Sequent's plaintexts --- */

static struct counted counted;
static struct error err;

struct question {
	const json_t *json;
	bool ranked;
	size_t answers;
	uint32_t bases[DIGITS], max, checkboxes;
	struct plaintext_code code;
	unsigned blank, null;
};

static uint32_t integer(const json_t *object, const char *key)
{
	return (uint32_t)json_integer_value(json_object_get(object, key));
}

static json_t *fixture(struct question *q, const char *set)
{
	char path[128];
	snprintf(path, sizeof path, "sequent/tally-methods/test/fixtures/%s/results_json", set);
	json_t *results = counted_json(path);
	const json_t *json = json_array_get(json_object_get(results, "questions"), 0);
	const json_t *extra = json_object_get(json, "extra_options");
	*q = (struct question){.json = json,
	                       .answers = json_array_size(json_object_get(json, "answers")),
	                       .max = integer(json, "max"),
	                       .checkboxes = integer(extra, "cumulative_number_of_checkboxes")};
	q->ranked = q->checkboxes == 0;
	q->bases[0] = 2;
	for (size_t i = 1; i <= q->answers; i++)
		q->bases[i] = (q->ranked ? q->max : q->checkboxes) + 1;
	assert_ok(plaintext_code_init(&q->code, q->bases, q->answers + 1, &err), err);
	return results;
}

static const char *category(const struct question *q, size_t answer)
{
	const json_t *a = json_array_get(json_object_get(q->json, "answers"), answer);
	return json_string_value(json_object_get(a, "category"));
}

/* Points on several candidates: too many, or of two categories, is null. */
static enum verdict judge_points(const struct question *q, const uint32_t *digits)
{
	const json_t *panachage =
		json_object_get(json_object_get(q->json, "extra_options"), "enable_panachage");
	const char *first = NULL;
	uint32_t chosen = 0;
	bool mixed = false;
	for (size_t i = 0; i < q->answers; i++) {
		if (digits[1 + i] == 0)
			continue;
		mixed = mixed || (first && strcmp(first, category(q, i)) != 0);
		first = first ? first : category(q, i);
		chosen++;
	}
	if (digits[0])
		return VERDICT_INVALID_BY_VOTER;
	if (chosen == 0)
		return VERDICT_BLANK;
	return chosen > q->max || (mixed && json_is_false(panachage)) ? VERDICT_TOO_MANY
	                                                              : VERDICT_VALID;
}

static enum verdict judge(const struct question *q, uint32_t *digits, const char *line)
{
	uint8_t plaintext[PLAINTEXT_MAX_BYTES] = {0};
	char *end;
	uint64_t number = strtoull(line + 1, &end, 10);
	if (line[0] != '"' || end[0] != '"' || number == 0)
		return VERDICT_OUT_OF_RANGE;
	store_be64(plaintext + plaintext_bytes(&q->code) - 8, number - 1);
	if (!plaintext_decode_vartime(digits, &q->code, plaintext))
		return VERDICT_OUT_OF_RANGE;
	struct choices_rule rule = {
		.kind = CHOICES_RANKS, .answers = (uint32_t)q->answers, .max = q->max};
	return q->ranked ? choices_verdict_vartime(&rule, digits) : judge_points(q, digits);
}

static void add_vote(const struct question *q, const uint32_t *digits)
{
	struct profile *p = &counted.profile;
	for (uint32_t rank = 1; rank <= q->max && q->ranked; rank++)
		for (size_t i = 0; i < q->answers; i++)
			if (digits[1 + i] == rank)
				assert_ok(profile_choice(p, i, &err), err);
	for (size_t i = 0; i < q->answers && !q->ranked; i++)
		if (digits[1 + i] > 0)
			assert_ok(profile_value(p, i, digits[1 + i], &err), err);
	assert_ok(profile_close_paper(p, 1, &err), err);
}

/* Their plaintexts as a profile, counted. */
static json_t *count_fixture(struct question *q, const char *set, const char *rule)
{
	char path[128], *rest;
	static char text[4096];
	arena_release(test_arena(), 0);
	json_t *results = fixture(q, set);
	snprintf(path, sizeof path, "sequent/tally-methods/test/fixtures/%s/0-question/plaintexts_json",
	         set);
	bytes file = test_data(path);
	assert_true(file.len < sizeof text);
	memcpy(rest = text, file.p, file.len);
	text[file.len] = 0;
	struct profile *p = &counted.profile;
	assert_ok(profile_init(p,
	                       (struct profile_room){q->answers, 64, 256,
	                                             q->ranked ? PROFILE_RANKING : PROFILE_SCORES},
	                       test_arena(), &err),
	          err);
	for (size_t i = 0; i < q->answers; i++) {
		const json_t *a = json_array_get(json_object_get(q->json, "answers"), i);
		p->candidates[i].name = bytes_of_text(json_string_value(json_object_get(a, "text")));
	}
	p->seats = integer(q->json, "num_winners");
	for (char *line; (line = named_line(&rest));) {
		uint32_t digits[DIGITS] = {0};
		enum verdict v = judge(q, digits, line);
		q->blank += v == VERDICT_BLANK;
		q->null += verdict_is_invalid(v);
		if (v == VERDICT_VALID)
			add_vote(q, digits);
	}
	counted_run(&counted, rule);
	return results;
}

static void assert_fixture(const char *set, const char *rule, unsigned per_vote)
{
	struct question q;
	json_t *results = count_fixture(&q, set, rule), *answer;
	const json_t *totals = json_object_get(q.json, "totals");
	const struct count_result *r = &counted.result;
	size_t i;
	assert_int_equal(r->valid, integer(totals, "valid_votes"));
	assert_int_equal(q.blank, integer(totals, "blank_votes"));
	assert_int_equal(q.null, integer(totals, "null_votes"));
	json_array_foreach(json_object_get(q.json, "answers"), i, answer)
	{
		double sum = json_number_value(json_object_get(answer, "total_count"));
		assert_int_equal(r->stages[0].tallies[i] * per_vote, (units)(sum * per_vote) * r->form.one);
		const json_t *by = json_object_get(answer, "voters_by_position");
		for (size_t j = 0; j < json_array_size(by); j++)
			assert_int_equal(r->tables[0].cells[i * r->tables[0].columns + j],
			                 json_integer_value(json_array_get(by, j)));
		if (json_is_integer(json_object_get(answer, "winner_position")))
			assert_int_equal(r->elected[integer(answer, "winner_position")].candidate, i);
	}
	json_decref(results);
}

static void borda_of_plaintexts_has_their_points_and_positions(void **state)
{
	(void)state;
	assert_fixture("borda", "borda:points=2", 1);
}

static void nauru_of_plaintexts_has_their_halves(void **state)
{
	(void)state;
	assert_fixture("borda-nauru", "borda-nauru", 2);
}

static void cumulative_plaintexts_have_their_points(void **state)
{
	(void)state;
	assert_fixture("cumulative", "cumulative:checkboxes=3", 1);
	/* Without panachage: the ballot for Alice and Carmen is null there, and not in the profile. */
	assert_fixture("cumulative3", "cumulative:checkboxes=3", 1);
}

/* --- Sequent's lists of votes --- */

static struct named_votes votes;

static void assert_list(const char *path, enum profile_kind kind, const char *rule)
{
	char whole[128];
	snprintf(whole, sizeof whole, "sequent/tally-pipes/test/%s", path);
	named_read(&votes, whole, kind);
	named_count(&votes, rule);
	assert_named_votes(&votes);
	assert_int_equal(votes.c.result.elected_count, votes.results_count);
	for (size_t i = 0; i < votes.results_count; i++) {
		bool found = false;
		for (size_t j = 0; j < votes.results_count; j++)
			found = found || votes.c.result.elected[j].candidate == votes.results[i].candidate;
		assert_true(found);
	}
}

static void lists_of_votes_have_their_sums_and_winners(void **state)
{
	(void)state;
	assert_list("borda_tests/test_ties", PROFILE_RANKING, "borda:points=5");
	assert_list("cumulative_tests/test_1", PROFILE_SCORES, "cumulative:checkboxes=3");
	assert_list("output_tests/test_output_2", PROFILE_MARKS, "approval");
}

/* Tally sheets of ballot boxes on paper: so many marks for a candidate are so many ballots. */
static void add_sheets(const json_t *pipe, uint64_t *blank, uint64_t *all)
{
	size_t i, j;
	json_t *sheet, *answer;
	json_array_foreach(json_object_get(json_object_get(pipe, "params"), "tally_sheets"), i, sheet)
	{
		const json_t *q = json_array_get(json_object_get(sheet, "questions"), 0);
		json_array_foreach(json_object_get(q, "answers"), j, answer)
		{
			const char *name = json_string_value(json_object_get(answer, "text"));
			struct profile *p = &votes.c.profile;
			size_t who = 0;
			if (integer(answer, "num_votes") == 0)
				continue;
			while (strcmp(votes.names[who], name) != 0)
				assert_true(++who < votes.names_count);
			assert_ok(profile_choice(p, who, &err), err);
			assert_ok(profile_close_paper(p, integer(answer, "num_votes"), &err), err);
		}
		if (integer(q, "blank_votes") > 0)
			assert_ok(profile_close_paper(&votes.c.profile, integer(q, "blank_votes"), &err), err);
		*blank += integer(q, "blank_votes");
		*all += integer(sheet, "num_votes") - integer(q, "null_votes");
	}
}

static void assert_sheets(const char *path, bool cast)
{
	uint64_t blank = 0, all = 0;
	size_t i;
	json_t *pipe;
	json_error_t e;
	named_read(&votes, path, PROFILE_MARKS);
	json_t *config = json_loads(strchr(votes.tail, '{'), JSON_DISABLE_EOF_CHECK, &e);
	if (!config)
		fail_msg("%s: %s", path, e.text);
	if (!cast) { /* the file's configuration does not count the votes above */
		struct profile *p = &votes.c.profile;
		const struct candidate *named = p->candidates;
		uint32_t seats = p->seats;
		assert_ok(profile_init(p,
		                       (struct profile_room){votes.names_count, 1000, 1000, PROFILE_MARKS},
		                       test_arena(), &err),
		          err);
		memcpy(p->candidates, named, votes.names_count * sizeof *named);
		p->seats = seats;
	}
	all = votes.c.profile.ballots_count;
	json_array_foreach(json_object_get(config, "pipes"), i, pipe)
	{
		if (strstr(json_string_value(json_object_get(pipe, "type")), "count_tally_sheets"))
			add_sheets(pipe, &blank, &all);
	}
	named_count(&votes, "plurality-at-large");
	assert_named_votes(&votes);
	assert_int_equal(votes.c.result.blank, blank);
	assert_int_equal(votes.c.result.valid + blank, all);
	json_decref(config);
}

static void tally_sheets_add_up_as_ballots(void **state)
{
	(void)state;
	assert_sheets("sequent/tally-pipes/test/plurality_tally_sheets/test_0", false);
	assert_sheets("sequent/tally-pipes/test/plurality_tally_sheets/test_2", true);
}

/* --- the APA's elections --- */

static const json_t *with_prefix(const json_t *object, const char *prefix)
{
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		if (strncmp(key, prefix, strlen(prefix)) == 0)
			return value;
	}
	fail_msg("no %s", prefix);
	return NULL;
}

static void assert_sums(const json_t *expected)
{
	const char *name;
	json_t *value;
	const struct count_result *r = &counted.result;
	assert_int_equal(json_object_size(expected), r->profile->candidates_count);
	json_object_foreach((json_t *)(uintptr_t)expected, name, value)
	{
		const char *ours = counted_votes(r, r->stages[0].tallies[counted_candidate(r, name)]);
		if (json_is_string(value))
			assert_string_equal(ours, json_string_value(value));
		else
			assert_int_equal(strtoull(ours, NULL, 10), json_integer_value(value));
	}
}

static void positional_rules_count_the_apa(void **state)
{
	(void)state;
	static const struct {
		const char *rule, *sums, *winner;
	} rules[] = {
		{"borda", "borda_unranked_zero", "borda_unranked_zero"},
		{"borda:unranked=shared", "borda_tied_unranked", "borda_tied_unranked"},
		{"borda-custom:weights=1", "plurality", "plurality"},
	};
	for (unsigned year = 1998; year <= 2008; year += 2) {
		char path[96];
		snprintf(path, sizeof path, "election-data/positional-apa/%u.expected.json", year);
		json_t *expected = counted_json(path);
		snprintf(path, sizeof path, "election-data/positional-apa/%u.blt", year);
		for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
			counted_blt(&counted, test_data(path), rules[i].rule);
			assert_int_equal(counted.result.valid, integer(expected, "ballots"));
			assert_sums(with_prefix(expected, rules[i].sums));
			assert_true(
				counted_is(counted_name(&counted.result, counted.result.elected[0].candidate),
			               json_object_get(json_object_get(expected, "winners"), rules[i].winner)));
		}
		json_decref(expected);
	}
}

/* --- Orsay 2002 --- */

static void approval_line(char *line)
{
	char *choices = strchr(line, ',');
	assert_non_null(choices);
	for (char *more = choices + 1; *more;) {
		assert_ok(profile_choice(&counted.profile, strtoull(more, &more, 10) - 1, &err), err);
		more += *more == '+';
	}
	assert_ok(profile_close_paper(&counted.profile, strtoull(line, NULL, 10), &err), err);
}

static void approval_counts_orsay(void **state)
{
	(void)state;
	static const char *const sets[] = {"Orsay1", "Orsay6", "Orsay12"};
	for (size_t i = 0; i < 3; i++) {
		static char text[1u << 16];
		char path[96], *rest = text;
		snprintf(path, sizeof path, "election-data/approval-french-2002/%s/expected.json", sets[i]);
		json_t *expected = counted_json(path), *name;
		const json_t *names = json_object_get(expected, "candidates");
		const char *number;
		snprintf(path, sizeof path, "election-data/approval-french-2002/%s/ballots.csv", sets[i]);
		bytes file = test_data(path);
		assert_true(file.len < sizeof text);
		memcpy(text, file.p, file.len);
		text[file.len] = 0;
		arena_release(test_arena(), 0);
		assert_ok(
			profile_init(&counted.profile,
		                 (struct profile_room){json_object_size(names), 1000, 9000, PROFILE_MARKS},
		                 test_arena(), &err),
			err);
		json_object_foreach((json_t *)(uintptr_t)names, number, name)
		{
			counted.profile.candidates[strtoull(number, NULL, 10) - 1].name =
				bytes_of_text(json_string_value(name));
		}
		named_line(&rest);
		for (char *line; (line = named_line(&rest));)
			approval_line(line);
		counted_run(&counted, "approval");
		assert_int_equal(counted.profile.ballots_count, integer(expected, "ballots"));
		assert_sums(json_object_get(expected, "approvals"));
		json_decref(expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(borda_of_plaintexts_has_their_points_and_positions),
		cmocka_unit_test(nauru_of_plaintexts_has_their_halves),
		cmocka_unit_test(cumulative_plaintexts_have_their_points),
		cmocka_unit_test(lists_of_votes_have_their_sums_and_winners),
		cmocka_unit_test(tally_sheets_add_up_as_ballots),
		cmocka_unit_test(positional_rules_count_the_apa),
		cmocka_unit_test(approval_counts_orsay),
	};
	return cmocka_run_group_tests_name("vectors/count_positional", tests, NULL, NULL);
}
