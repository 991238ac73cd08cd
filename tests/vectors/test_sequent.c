/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the formats of Agora Voting and Sequent mean the same as ours (docs/from-sequent.md): the
 * digits of their plaintexts, what a vote is worth, and the sums of their archives. Their
 * plaintext files have N + 1 in decimal, one a line; auditable ballots have N itself.
 */
#include "support/support.h"

#include "ballot/choices.h"
#include "ballot/plaintext.h"
#include "count/count.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 64u

struct question {
	const json_t *json;
	struct choices_rule rule;
	uint32_t bases[DIGITS_MAX];
	struct plaintext_code code;
	int flag; /* id of the answer that is the mark of invalidity, or -1 */
};

static json_t *parsed(bytes text, const char *what)
{
	json_error_t e;
	json_t *root = json_loadb((const char *)text.p, text.len, JSON_ALLOW_NUL, &e);
	if (!root)
		fail_msg("%s: %s", what, e.text);
	return root;
}

static uint32_t integer(const json_t *object, const char *key)
{
	return (uint32_t)json_integer_value(json_object_get(object, key));
}

static bool has_tag(const json_t *answer, const char *tag)
{
	size_t i;
	json_t *url;
	json_array_foreach(json_object_get(answer, "urls"), i, url)
	{
		if (strcmp(json_string_value(json_object_get(url, "title")), tag) == 0)
			return true;
	}
	return false;
}

static void question_of(struct question *q, const json_t *json)
{
	struct error err;
	size_t i, n = 0;
	json_t *answer;
	const char *type = json_string_value(json_object_get(json, "tally_type"));
	error_clear(&err);
	*q = (struct question){.json = json, .flag = -1};
	json_array_foreach(json_object_get(json, "answers"), i, answer)
	{
		if (has_tag(answer, "invalidVoteFlag"))
			q->flag = (int)integer(answer, "id");
		else
			n++;
	}
	q->rule = (struct choices_rule){.kind = strncmp(type, "borda", 5) == 0 ? CHOICES_RANKS
	                                                                       : CHOICES_MARKS,
	                                .answers = (uint32_t)n,
	                                .min = integer(json, "min"),
	                                .max = integer(json, "max")};
	assert_ok(choices_rule_check(&q->rule, &err), err);
	assert_true(choices_digits(&q->rule) <= DIGITS_MAX);
	assert_ok(plaintext_code_init(&q->code, q->bases, choices_bases(q->bases, &q->rule), &err),
	          err);
}

/* What N is worth; its digits, zeros where it has none. */
static enum verdict judge(uint32_t *digits, const struct question *q, uint64_t number)
{
	uint8_t plaintext[PLAINTEXT_MAX_BYTES] = {0};
	store_be64(plaintext + plaintext_bytes(&q->code) - 8, number);
	memset(digits, 0, DIGITS_MAX * sizeof *digits);
	if (!plaintext_decode_vartime(digits, &q->code, plaintext))
		return VERDICT_OUT_OF_RANGE;
	return choices_verdict_vartime(&q->rule, digits);
}

/* --- auditable ballots --- */

/* The voter's list has the digits: selected 0 is a mark, -1 none, and the flag is the first digit.
 */
static bool same_choices(const struct question *q, const uint32_t *digits, const json_t *vote)
{
	size_t i;
	json_t *answer;
	bool same = true;
	unsigned place = 1; /* behind the flag: answers by id, without the flag's */
	assert_int_equal(integer(json_array_get(json_object_get(vote, "answers"), 0), "id"), 0);
	json_array_foreach(json_object_get(vote, "answers"), i, answer)
	{
		bool chosen = json_integer_value(json_object_get(answer, "selected")) == 0;
		uint32_t digit = (int)i == q->flag ? digits[0] : digits[place++];
		same &= digit == chosen;
	}
	return same;
}

struct fixture {
	const char *name;
	enum verdict verdict[2];
	bool told[2]; /* the plaintext is what plaintext_vote.json says; else it was altered */
};

#define VALID VERDICT_VALID
static const struct fixture fixtures[] = {
	{"example_1__ballot_hash_error", {VERDICT_TOO_MANY, VALID}, {true, true}},
	{"example_1__invalid_choice_alpha", {VERDICT_TOO_MANY, VALID}, {true, true}},
	{"example_1__invalid_choice_plaintext", {VALID, VALID}, {false, true}},
	{"example_2", {VALID, VALID}, {false, false}},
	{"example_3_explicit_and_implicit_invalid", {VERDICT_INVALID_BY_VOTER, VALID}, {true, true}},
	{"example_3_implicit_too_many", {VERDICT_TOO_MANY, VALID}, {true, true}},
	/* A choice that no answer has: here its digit is beyond the last one. */
	{"example_4_implicit_invented_answer", {VERDICT_OUT_OF_RANGE}, {false}},
};

static json_t *file_of(const char *fixture, const char *name)
{
	char path[256];
	snprintf(path, sizeof path, "sequent/ballot-verifier/tests/fixtures/%s/%s", fixture, name);
	return parsed(test_data(path), path);
}

static void auditable_ballots_have_our_digits_and_verdicts(void **state)
{
	(void)state;
	unsigned told = 0;
	for (size_t f = 0; f < sizeof fixtures / sizeof *fixtures; f++) {
		json_t *config = file_of(fixtures[f].name, "config"), *question;
		json_t *audited = file_of(fixtures[f].name, "auditable_ballot.json");
		json_t *vote =
			fixtures[f].told[1] ? file_of(fixtures[f].name, "plaintext_vote.json") : NULL;
		size_t i;
		json_t *list = json_object_get(
			json_object_get(json_object_get(config, "payload"), "configuration"), "questions");
		assert_true(json_array_size(list) >= 1 && json_array_size(list) <= 2);
		json_array_foreach(list, i, question)
		{
			uint32_t digits[DIGITS_MAX];
			struct question q;
			question_of(&q, question);
			const json_t *choice = json_array_get(json_object_get(audited, "choices"), i);
			const char *number = json_string_value(json_object_get(choice, "plaintext"));
			enum verdict v = judge(digits, &q, strtoull(number, NULL, 10));
			if (v != fixtures[f].verdict[i])
				fail_msg("%s, question %zu: %s", fixtures[f].name, i, verdict_name(v));
			if (!vote)
				continue;
			assert_int_equal(same_choices(&q, digits, json_array_get(vote, i)),
			                 fixtures[f].told[i]);
			told += fixtures[f].told[i];
		}
		json_decref(vote);
		json_decref(audited);
		json_decref(config);
	}
	assert_int_equal(told, 9);
}

/* --- plaintexts and totals --- */

struct totals {
	uint64_t valid, blank, invalid;
	uint64_t votes[DIGITS_MAX]; /* of each answer, by marks */
};

/* Every line of a plaintexts_json; what is no number is no vote. */
static void add_up(struct totals *t, const struct question *q, bytes lines)
{
	char text[4096];
	char *save, *line;
	assert_true(lines.len < sizeof text);
	memcpy(text, lines.p, lines.len);
	text[lines.len] = 0;
	*t = (struct totals){0};
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		uint32_t digits[DIGITS_MAX];
		char *end;
		uint64_t number = strtoull(line + 1, &end, 10);
		enum verdict v = VERDICT_OUT_OF_RANGE;
		if (line[0] == '"' && end[0] == '"' && number > 0)
			v = judge(digits, q, number - 1);
		t->valid += v == VERDICT_VALID;
		t->blank += v == VERDICT_BLANK;
		t->invalid += verdict_is_invalid(v);
		for (unsigned i = 0; v == VERDICT_VALID && i < q->rule.answers; i++)
			t->votes[i] += digits[1 + i];
	}
}

static bool same_totals(const struct totals *t, const json_t *result)
{
	const json_t *totals = json_object_get(result, "totals");
	return t->valid == integer(totals, "valid_votes") &&
	       t->blank == integer(totals, "blank_votes") &&
	       t->invalid == integer(totals, "null_votes");
}

static void ranked_plaintexts_are_valid_blank_or_null_as_there(void **state)
{
	(void)state;
	static const char *const sets[] = {"borda", "borda-nauru"};
	for (size_t i = 0; i < 2; i++) {
		char path[256];
		struct question q;
		struct totals t;
		snprintf(path, sizeof path, "sequent/tally-methods/test/fixtures/%s/results_json", sets[i]);
		json_t *results = parsed(test_data(path), path);
		const json_t *result = json_array_get(json_object_get(results, "questions"), 0);
		question_of(&q, result);
		snprintf(path, sizeof path,
		         "sequent/tally-methods/test/fixtures/%s/0-question/plaintexts_json", sets[i]);
		add_up(&t, &q, test_data(path));
		assert_int_equal(t.valid, 6);
		assert_true(same_totals(&t, result));
		json_decref(results);
	}
}

/* --- archives --- */

static char temporary[] = "/tmp/urna-sequent-XXXXXX";

static void command(const char *format, const char *a, const char *b)
{
	char line[2048];
	int len = snprintf(line, sizeof line, format, a, b);
	assert_true(len > 0 && (size_t)len < sizeof line);
	assert_int_equal(system(line), 0);
}

static bytes unpacked_file(const char *name)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", temporary, name);
	return test_file(path);
}

/* Counts by our rule what the archive's plaintexts say. */
static bool counts_as_published(const char *archive)
{
	char path[1024];
	struct question q;
	struct totals t;
	const char *root = getenv("URNA_DATA");
	snprintf(path, sizeof path, "%s/%s", root ? root : "../shared/data", archive);
	assert_non_null(mkdtemp(strcpy(temporary, "/tmp/urna-sequent-XXXXXX")));
	command("tar -xf '%s' -C '%s' --no-same-owner", path, temporary);
	command("tar -xzf '%s/8.tar.gz' -C '%s' --no-same-owner", temporary, temporary);
	command("cp '%s'/0-*/plaintexts_json '%s/plaintexts'", temporary, temporary);
	json_t *questions = parsed(unpacked_file("questions_json"), "questions_json");
	json_t *results = parsed(unpacked_file("results.json"), "results.json");
	question_of(&q, json_array_get(questions, 0));
	const json_t *result = json_array_get(json_object_get(results, "questions"), 0);
	add_up(&t, &q, unpacked_file("plaintexts"));
	bool same = same_totals(&t, result);
	assert_int_equal(json_array_size(json_object_get(result, "answers")), q.rule.answers);
	for (unsigned i = 0; i < q.rule.answers; i++)
		same &= t.votes[i] ==
		        integer(json_array_get(json_object_get(result, "answers"), i), "total_count");
	assert_int_equal(t.valid, 1);
	json_decref(results);
	json_decref(questions);
	command("rm -rf '%s'%s", temporary, "");
	return same;
}

static void archives_have_our_sums_but_the_one_with_wrong_results(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		bool right;
	} archives[] = {
		{"8", true},
		{"8_vote_weight", true},
		{"8_wrong_ballots", true}, /* the ballots, not the sums, are wrong */
		{"8_wrong_proof_of_shuffle", true},
		{"8_wrong_results", false},
	};
	for (size_t i = 0; i < sizeof archives / sizeof *archives; i++) {
		char path[256];
		snprintf(path, sizeof path, "vectors/sequent-mixnet-verifier/%s.tar", archives[i].name);
		test_data(path); /* skips when it is not there */
		if (counts_as_published(path) != archives[i].right)
			fail_msg("%s", archives[i].name);
	}
}

/* --- marks by name --- */

static size_t candidate(char names[][64], size_t *count, const char *name)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	assert_true(*count < 16);
	snprintf(names[*count], sizeof names[0], "%s", name);
	return (*count)++;
}

/* "Votes: …", ballots of one name a line, "Results:", lines "name, votes". */
static void a_list_of_marks_counts_as_theirs(void **state)
{
	(void)state;
	static char text[8192];
	char names[16][64], *save;
	size_t count = 0, results = 0;
	uint64_t votes[16] = {0};
	bytes file = test_data("sequent/tally-pipes/test/output_tests/test_output_2");
	assert_true(file.len < sizeof text);
	memcpy(text, file.p, file.len);
	strtok_r(text, "\n", &save);
	char *line = strtok_r(NULL, "\n", &save);
	for (; strcmp(line, "Results:") != 0; line = strtok_r(NULL, "\n", &save))
		votes[candidate(names, &count, line)]++;

	struct error err;
	struct profile p;
	struct count_rule rule;
	struct count_result r;
	error_clear(&err);
	arena_release(test_arena(), 0);
	assert_ok(
		profile_init(&p, (struct profile_room){count, 16, 64, PROFILE_MARKS}, test_arena(), &err),
		err);
	for (size_t i = 0; i < count; i++) {
		p.candidates[i].name = bytes_of_text(names[i]);
		assert_ok(profile_choice(&p, i, &err) && profile_close_paper(&p, (uint32_t)votes[i], &err),
		          err);
	}
	p.seats = (uint32_t)count;
	assert_ok(count_rule_read(&rule, BYTES_LITERAL("plurality-at-large"), &err), err);
	assert_ok(count_run(&r, &rule, &p, test_arena(), &err), err);
	while ((line = strtok_r(NULL, "\n", &save)) && strchr(line, ',') &&
	       strncmp(line, "Ballots", 7) != 0) {
		char *comma = strchr(line, ',');
		*comma = 0;
		size_t who = candidate(names, &count, line);
		assert_int_equal(r.stages[0].tallies[who], strtoull(comma + 1, NULL, 10));
		results++;
	}
	assert_int_equal(results, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(auditable_ballots_have_our_digits_and_verdicts),
		cmocka_unit_test(ranked_plaintexts_are_valid_blank_or_null_as_there),
		cmocka_unit_test(archives_have_our_sums_but_the_one_with_wrong_results),
		cmocka_unit_test(a_list_of_marks_counts_as_theirs),
	};
	return cmocka_run_group_tests_name("vectors/sequent", tests, NULL, NULL);
}
