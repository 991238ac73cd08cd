/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counting in C and in web/verifier on random small elections: the same result to the byte, or
 * both refuse. Methods and their options are those that C says are there twice.
 *
 * One node counts for a whole test: a line goes in, a line comes out. Skipped where there is none.
 */
#include "support/support.h"

#include "base/limits.h"
#include "count/count.h"
#include "count/result_json.h"
#include "count/text_sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CANDIDATES_MAX 8u
#define PAPERS_MAX 16u
#define ANSWER_BYTES (1u << 20)

static FILE *to_node, *from_node;
static pid_t node;
static char line[ANSWER_BYTES], answer[ANSWER_BYTES], ours[ANSWER_BYTES];
static struct text question = {line, sizeof line, 0, false};

/* --- the other process --- */

static bool start_node(void)
{
	char path[1024];
	int in[2], out[2];
	const char *source = getenv("URNA_SOURCE");
	if (!source || system("node --version >/dev/null 2>&1") != 0)
		return false;
	snprintf(path, sizeof path, "%s/tests/differential/counts.mjs", source);
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	fflush(NULL);
	node = fork();
	assert_true(node >= 0);
	if (node == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[0]), close(in[1]), close(out[0]), close(out[1]);
		execlp("node", "node", path, (char *)NULL);
		_exit(127);
	}
	close(in[0]), close(out[1]);
	to_node = fdopen(in[1], "w");
	from_node = fdopen(out[0], "r");
	assert_non_null(to_node);
	assert_non_null(from_node);
	return true;
}

static void stop_node(void)
{
	int status;
	fclose(to_node);
	assert_null(fgets(answer, sizeof answer, from_node));
	fclose(from_node);
	assert_int_equal(waitpid(node, &status, 0), node);
	assert_int_equal(status, 0);
}

static void ask(void)
{
	assert_false(question.cut);
	fprintf(to_node, "%s\n", line);
	fflush(to_node);
	if (!fgets(answer, sizeof answer, from_node))
		fail_msg("no answer to %s", line);
	answer[strcspn(answer, "\n")] = 0;
}

/* --- random rules --- */

static void add_signed(struct text *t, int64_t v)
{
	text_add(t, v < 0 ? "-" : "");
	text_add_u64(t, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

/* Small numbers mostly, for those are the ones that mean something; the ends of the range too. */
static void add_number(struct text *t, const struct count_option *o)
{
	const int64_t span = o->max - o->min;
	switch (test_random_below(8)) {
	case 0:
		add_signed(t, o->max);
		return;
	case 1:
		add_signed(t, o->min);
		return;
	case 2:
		add_signed(t, o->min + (int64_t)test_random_below((uint64_t)span + 1));
		return;
	default:
		add_signed(t, o->min + (int64_t)test_random_below((span < 9 ? (uint64_t)span : 9) + 1));
	}
}

static void add_value(struct text *t, const struct count_option *o, size_t candidates)
{
	size_t words = 0;
	switch (o->type) {
	case COUNT_NUMBER:
		add_number(t, o);
		return;
	case COUNT_WORD:
		while (o->words[words])
			words++;
		text_add(t, o->words[test_random_below(words)]);
		return;
	case COUNT_NUMBERS:
		words = test_random_below(4) ? candidates : 1 + (size_t)test_random_below(CANDIDATES_MAX);
		for (size_t i = 0; i < words; i++) {
			text_add(t, i ? "/" : "");
			add_number(t, o);
		}
	}
}

static void draw_rule(char room[static COUNT_RULE_BYTES], const struct count_method *m,
                      size_t candidates)
{
	struct text t = {room, COUNT_RULE_BYTES, 0, false};
	bool first = true;
	text_add(&t, m->name);
	for (size_t i = 0; i < m->options_count; i++) {
		/* A method without its list is refused: that is seen often enough. */
		if (test_random_below(m->options[i].type == COUNT_NUMBERS ? 16 : 2) == 0)
			continue;
		text_add(&t, first ? ":" : ",");
		text_add(&t, m->options[i].name);
		text_add(&t, "=");
		add_value(&t, &m->options[i], candidates);
		first = false;
	}
}

/* --- random elections --- */

static const char *const names[CANDIDATES_MAX] = {"Ann", "Bo",  "UWI",  "D\xc3\xa9",
                                                  "Eve", "Flo", "G\"g", "H\\h"};
/* Half of the elections are contested: many candidates and papers, few seats, nobody withdrawn. */
static bool contested;
static struct count_rule rule;
static struct profile profile;
static uint16_t lot[CANDIDATES_MAX];
static struct error err;

static void shuffle(uint16_t a[static CANDIDATES_MAX], size_t count)
{
	for (size_t i = 0; i < count; i++)
		a[i] = (uint16_t)i;
	for (size_t i = count; i > 1; i--) {
		const size_t j = (size_t)test_random_below(i);
		const uint16_t t = a[i - 1];
		a[i - 1] = a[j];
		a[j] = t;
	}
}

static void add_numbers(const uint32_t *numbers, size_t count)
{
	text_add(&question, "[");
	for (size_t i = 0; i < count; i++) {
		text_add(&question, i ? "," : "");
		text_add_u64(&question, numbers[i]);
	}
	text_add(&question, "]");
}

/* A paper of the method's kind, here and in the question. */
static void draw_paper(uint64_t count, uint32_t points)
{
	uint16_t order[CANDIDATES_MAX];
	uint32_t choices[CANDIDATES_MAX], values[CANDIDATES_MAX];
	const size_t n = profile.candidates_count, length = (size_t)test_random_below(n + 1);
	shuffle(order, n);
	for (size_t i = 0; i < length; i++) {
		choices[i] = order[i];
		values[i] = 1 + (uint32_t)test_random_below(points);
		if (profile.kind == PROFILE_SCORES)
			assert_ok(profile_value(&profile, order[i], values[i], &err), err);
		else
			assert_ok(profile_choice(&profile, order[i], &err), err);
	}
	assert_ok(profile_close_paper(&profile, count, &err), err);
	text_add(&question, "[");
	text_add_u64(&question, count);
	text_add(&question, ",");
	add_numbers(choices, length);
	text_add(&question, ",");
	if (profile.kind == PROFILE_SCORES)
		add_numbers(values, length);
	else
		text_add(&question, "null");
	text_add(&question, "]");
}

/* Mostly nobody is withdrawn, sometimes everybody. */
static void draw_candidates(void)
{
	static const uint64_t chances[] = {1000, 1000, 1000, 4, 4, 1};
	const uint64_t one_in = chances[test_random_below(contested ? 3 : 6)];
	uint32_t withdrawn[CANDIDATES_MAX];
	size_t count = 0;
	text_add(&question, "\"answers\":[");
	for (size_t i = 0; i < profile.candidates_count; i++) {
		const bool out = test_random_below(one_in) == 0;
		profile.candidates[i] = (struct candidate){bytes_of_text(names[i]), out};
		text_add(&question, i > 0 ? ",\"" : "\"");
		text_add(&question, i < 6 ? names[i] : i == 6 ? "G\\\"g" : "H\\\\h");
		text_add(&question, "\"");
		if (out)
			withdrawn[count++] = (uint32_t)i + 1;
	}
	text_add(&question, "],\"withdrawn\":");
	add_numbers(withdrawn, count);
}

static void draw_lot(void)
{
	uint32_t numbers[CANDIDATES_MAX];
	text_add(&question, ",\"lot\":");
	if (test_random_below(contested ? 12 : 2) == 0) {
		text_add(&question, "null");
		return;
	}
	shuffle(lot, profile.candidates_count);
	for (size_t i = 0; i < profile.candidates_count; i++)
		numbers[i] = lot[i] + 1u;
	add_numbers(numbers, profile.candidates_count);
	rule.lot = lot;
	rule.lot_count = profile.candidates_count;
}

/* Few papers of small counts make ties; counts near 2^31 make long numbers. */
static void draw_papers(void)
{
	static const uint64_t counts[] = {1, 2, 3, 10, 1000, LIMIT_WEIGHT};
	static const uint32_t most_points[] = {1, 2, 3, 5, 10, 1000};
	const uint64_t most = counts[test_random_below(contested ? 5 : 6)];
	const uint32_t points = most_points[test_random_below(contested ? 4 : 6)];
	const size_t papers = contested ? PAPERS_MAX - (size_t)test_random_below(8)
	                                : (size_t)test_random_below(PAPERS_MAX + 1);
	text_add(&question, ",\"ballots\":[");
	for (size_t i = 0; i < papers; i++) {
		text_add(&question, i ? "," : "");
		const uint64_t below = most == LIMIT_WEIGHT && test_random_below(2) ? 1000 : most;
		draw_paper(most - test_random_below(below), points);
	}
	text_add(&question, "]}");
}

static void draw(const struct count_method *m)
{
	char text[COUNT_RULE_BYTES];
	contested = test_random_below(2);
	const size_t candidates = contested ? CANDIDATES_MAX - (size_t)test_random_below(4)
	                                    : 1 + (size_t)test_random_below(CANDIDATES_MAX);
	const struct profile_room room = {candidates, PAPERS_MAX, PAPERS_MAX * CANDIDATES_MAX,
	                                  m->ballot};
	arena_release(test_arena(), 0);
	question = (struct text){line, sizeof line, 0, false};
	assert_ok(profile_init(&profile, room, test_arena(), &err), err);
	profile.ballots_max = PROFILE_WEIGHT_MAX;
	profile.seats = 1 + (uint32_t)test_random_below(test_random_below(2) ? 1
	                                                : contested          ? 3
	                                                                     : candidates + 1);
	draw_rule(text, m, candidates);
	assert_ok(count_rule_read(&rule, bytes_of_text(text), &err), err);
	text_add(&question, "{\"question\":{\"id\":\"q\",\"title\":\"\",\"rule\":\"");
	text_add(&question, text);
	text_add(&question, "\",\"seats\":");
	text_add_u64(&question, profile.seats);
	text_add(&question, ",");
	draw_candidates();
	draw_lot();
	text_add(&question, "}");
	draw_papers();
}

/* --- comparing --- */

static bool count_ours(void)
{
	struct count_result result;
	struct text_sink sink;
	error_clear(&err);
	if (!count_run(&result, &rule, &profile, test_arena(), &err))
		return false;
	text_sink_init(&sink, (uint8_t *)ours, sizeof ours - 1);
	assert_ok(result_json_write(&sink.sink, &result, &err), err);
	ours[text_sink_bytes(&sink).len] = 0;
	return true;
}

static void compare(const struct count_method *m, uint64_t elections)
{
	uint64_t refused = 0, by_lot = 0, by_rule = 0, wrong = 0;
	for (uint64_t i = 0; i < elections && wrong < 3; i++) {
		draw(m);
		const bool counted = count_ours();
		ask();
		refused += !counted;
		by_lot += counted && strstr(ours, "\"tie\":\"lot\"");
		by_rule += counted &&
		           (strstr(ours, "\"tie\":\"rule\"") || strstr(ours, "\"tie\":\"earlier stage\""));
		if (counted ? strcmp(ours, answer) == 0 : strncmp(answer, "refused: ", 9) == 0)
			continue;
		wrong++;
		if (!counted)
			snprintf(ours, sizeof ours, "%s: %s %s", error_kind_name(err.kind), err.what,
			         err.detail);
		fprintf(stderr, "%s\n  C:    %s\n  node: %s\n", line, ours, answer);
	}
	if (wrong)
		fail_msg("%s: counted differently", m->name);
	print_message("%s: %llu elections, %llu refused, ties: %llu by lot, %llu otherwise\n", m->name,
	              (unsigned long long)elections, (unsigned long long)refused,
	              (unsigned long long)by_lot, (unsigned long long)by_rule);
	/* Refusals compare nothing but themselves. */
	if (refused * 10 > elections * 9)
		fail_msg("%s: %llu of %llu elections were refused", m->name, (unsigned long long)refused,
		         (unsigned long long)elections);
}

static void random_elections_have_one_result(void **state)
{
	(void)state;
	const char *only = getenv("URNA_METHOD");
	const uint64_t elections = TEST_COUNT(60, 10000);
	if (!start_node())
		skip();
	for (size_t i = 0; count_methods[i]; i++)
		if (count_methods[i]->twice && (!only || strcmp(only, count_methods[i]->name) == 0))
			compare(count_methods[i], elections);
	stop_node();
}

/* A rule of some method with a few characters changed: both read it, or neither. */
static void spoiled_rules_are_refused_by_both(void **state)
{
	(void)state;
	static const char alphabet[] = ":=,/-0123456789abcdmost ";
	size_t methods = 0, read = 0;
	if (!start_node())
		skip();
	while (count_methods[methods])
		methods++;
	for (uint64_t i = TEST_COUNT(300, 100000); i > 0;) {
		char text[COUNT_RULE_BYTES];
		const struct count_method *m = count_methods[test_random_below(methods)];
		if (!m->twice)
			continue;
		i--;
		draw_rule(text, m, CANDIDATES_MAX);
		for (uint64_t k = test_random_below(3); k > 0; k--)
			text[test_random_below(strlen(text))] =
				alphabet[test_random_below(sizeof alphabet - 1)];
		error_clear(&err);
		const bool good = count_rule_read(&rule, bytes_of_text(text), &err) && rule.method->twice;
		read += good;
		question = (struct text){line, sizeof line, 0, false};
		text_add(&question, "{\"rule\":\"");
		text_add(&question, text);
		text_add(&question, "\"}");
		ask();
		if (strncmp(answer, good ? "read" : "refused: ", good ? 5 : 9) != 0)
			fail_msg("%s: C %s, node: %s", text, good ? "reads it" : err.what, answer);
	}
	assert_true(read > 0);
	stop_node();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_elections_have_one_result),
		cmocka_unit_test(spoiled_rules_are_refused_by_both),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
