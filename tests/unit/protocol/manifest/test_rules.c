/* SPDX-License-Identifier: Apache-2.0 */
/* Every rule of the format, broken once. */
#include "whole.h"

#include <stdlib.h>
#include <string.h>

static void the_whole_manifest_is_read_with_all_its_parts(void **state)
{
	(void)state;
	struct manifest *m = whole_read(whole);
	assert_int_equal(m->mode, BALLOT_CREDENTIALS);
	assert_string_equal((const char *)m->board.name.p, "urna.example/board");
	assert_int_equal(m->board.key[31], 0x3c);
	assert_int_equal(m->registrar[0], 0x66);
	assert_int_equal(m->witnesses_count, 4);
	assert_int_equal(m->witnesses_lying, 1);
	assert_int_equal(m->witnesses_quorum, 3);
	assert_string_equal((const char *)m->witnesses[3].name.p, "w4.example");
	assert_int_equal(m->promise_delay_s, 90);
	assert_int_equal(m->weight_max, 5);
	assert_int_equal(m->areas_count, 2);
	assert_string_equal((const char *)m->areas[1].p, "south");
	assert_int_equal(m->styles[1].area, 1);
	assert_string_equal((const char *)m->description.p, "Two lines\nof text");
	assert_string_equal((const char *)m->questions[1].description.p, "Should it be built?");
	assert_int_equal(m->questions[0].choices.write_ins, 2);
	assert_int_equal(m->questions[1].choices.write_ins, 0);
	assert_string_equal((const char *)m->questions[0].layout.p, "accordion");
	assert_string_equal((const char *)m->questions[0].group_layout.p, "together");
	assert_int_equal(m->groups[0].code.digits, 1 + 3 + 2 * 32);
}

static void lists_come_by_group_then_area_then_bit(void **state)
{
	(void)state;
	static const struct manifest_list want[] = {
		{0, 0, 0}, {0, 0, 1}, {0, 0, 2}, {1, 0, 0}, {1, 0, 1},
		{1, 0, 2}, {1, 1, 0}, {1, 1, 1}, {1, 1, 2},
	};
	struct manifest *m = whole_read(whole);
	assert_int_equal(m->lists_count, sizeof want / sizeof *want);
	for (size_t i = 0; i < m->lists_count; i++) {
		assert_int_equal(m->lists[i].group, want[i].group);
		assert_int_equal(m->lists[i].area, want[i].area);
		assert_int_equal(m->lists[i].bit, want[i].bit);
	}
}

static void the_number_of_bits_is_the_length_of_the_greatest_weight(void **state)
{
	(void)state;
	static const struct {
		const char *weight;
		unsigned bits;
	} cases[] = {{"1", 1}, {"2", 2}, {"3", 2}, {"4", 3}, {"2147483647", 31}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char to[40] = "\"weight_max\":";
		strcat(to, cases[i].weight);
		struct manifest *m = whole_read(whole_with("\"weight_max\":5", to));
		assert_int_equal(m->lists_count, 3 * cases[i].bits);
	}
}

static void what_may_be_absent_has_its_default(void **state)
{
	(void)state;
	struct manifest *m = whole_read(whole_with("\"promise_delay\":90,\"weight_max\":5,", ""));
	assert_int_equal(m->promise_delay_s, 60);
	assert_int_equal(m->weight_max, 1);
	m = whole_read(whole_with(",\"layout\":\"accordion\",\"group_layout\":\"together\"", ""));
	assert_int_equal(m->questions[0].layout.len, 0);
	m = whole_read(whole_with(",\"description\":\"Two lines\\nof text\"", ""));
	assert_int_equal(m->description.len, 0);
	const char *from = strstr(whole, "\"witnesses\""), *to = strstr(whole, "\"promise_delay\"");
	char *cut = strdup(whole);
	cut[from - whole] = 0;
	strcat(cut, to);
	m = whole_read(cut);
	free(cut);
	assert_int_equal(m->witnesses_count, 0);
	assert_int_equal(m->witnesses_quorum, 0);
}

struct spoil {
	const char *from, *to;
	enum error_kind kind;
	const char *place, *reason;
};

static void check_all(const struct spoil *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		whole_refused(whole_with(list[i].from, list[i].to), list[i].kind, list[i].place,
		              list[i].reason);
}
#define CHECK_ALL(list) check_all((list), sizeof(list) / sizeof *(list))

/* For all who sign: neutral element, orders 2, 4 and 8, not canonical (1 as p + 1), not on the
 * curve, not in the subgroup (somebody's key plus a point of order 8). */
static void keys_that_can_be_nobodys_are_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"0100000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"0000000000000000000000000000000000000000000000000000000000000000",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"0200000000000000000000000000000000000000000000000000000000000000",
		"3bcfb78c4ad06f9b8d7e8c50e37e33dd40042a7805f5df945fbf33620745bc68",
	};
	static const char *const places[][2] = {{KEY_B0, "board.key"},
	                                        {KEY_C0, "registrar"},
	                                        {KEY_03, "witnesses.keys[2].key"},
	                                        {KEY_A2, "authorities[1].identity"}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		for (size_t k = 0; k < sizeof places / sizeof *places; k++)
			whole_refused(whole_with(places[k][0], bad[i]), ERROR_REJECTED, places[k][1],
			              "nobody's key");
}

static void rights_that_break_a_rule_are_named(void **state)
{
	(void)state;
	static const struct spoil list[] = {
		{"\"credentials\"", "\"both\"", ERROR_MALFORMED, "mode", "unknown word"},
		{"\"credentials\"", "\"server\"", ERROR_REJECTED, "registrar", "mode credentials"},
		{"\"registrar\":\"" KEY_C0 "\",", "", ERROR_MALFORMED, "registrar", "missing"},
		{"\"registrar\":\"6", "\"registrar\":\"", ERROR_MALFORMED, "registrar", "hex"},
		{"\"board\":{\"name\":\"urna.example/board\",\"key\":\"" KEY_B0 "\"},", "", ERROR_MALFORMED,
	     "board", "missing"},
		{"urna.example/board", "", ERROR_REJECTED, "board.name", "1 to 64"},
		{"urna.example/board", "urna example", ERROR_REJECTED, "board.name", "1 to 64"},
		{"urna.example/board", "urna+board", ERROR_REJECTED, "board.name", "1 to 64"},
		{"urna.example/board", "urna\\u00e4", ERROR_REJECTED, "board.name", "1 to 64"},
		{"urna.example/board", KEY_AA "x", ERROR_REJECTED, "board.name", "1 to 64"},
		{"\"key\":\"43", "\"key\":\"xx", ERROR_MALFORMED, "board.key", "hex"},
		{"\"key\":\"" KEY_B0, "\"sig\":1,\"key\":\"" KEY_B0, ERROR_MALFORMED, "board.sig",
	     "unknown key"},
		{"w1.example", "w2.example", ERROR_REJECTED, "witnesses.keys[1]", "one name"},
		{"w3.example", "urna.example/board", ERROR_REJECTED, "witnesses.keys[2]", "one name"},
		{KEY_04, KEY_01, ERROR_REJECTED, "witnesses.keys[3]", "one key"},
		{KEY_01, KEY_B0, ERROR_REJECTED, "witnesses.keys[0]", "one key"},
		{"\"lying\":1", "\"lying\":4", ERROR_MALFORMED, "witnesses.lying", "range"},
		{"\"quorum\":3", "\"quorum\":0", ERROR_MALFORMED, "witnesses.quorum", "range"},
		{"\"quorum\":3", "\"quorum\":5", ERROR_MALFORMED, "witnesses.quorum", "range"},
		{"\"quorum\":3", "\"quorum\":2", ERROR_REJECTED, "witnesses.quorum", "at least 3"},
		{"\"lying\":1", "\"lying\":2", ERROR_REJECTED, "witnesses.quorum", "at least 4"},
		{"\"lying\":1", "\"lier\":1,\"lying\":1", ERROR_MALFORMED, "witnesses.lier", "unknown key"},
		{"\"lying\":1,", "", ERROR_MALFORMED, "witnesses", "missing"},
		{"\"promise_delay\":90", "\"promise_delay\":0", ERROR_MALFORMED, "promise_delay", "range"},
		{"\"promise_delay\":90", "\"promise_delay\":86401", ERROR_MALFORMED, "promise_delay",
	     "range"},
		{"\"weight_max\":5", "\"weight_max\":0", ERROR_MALFORMED, "weight_max", "range"},
		{"\"weight_max\":5", "\"weight_max\":2147483648", ERROR_MALFORMED, "weight_max", "range"},
	};
	CHECK_ALL(list);
}

static void questions_that_break_a_rule_are_named(void **state)
{
	(void)state;
	static const struct spoil list[] = {
		{"\"write_ins\":2", "\"write_ins\":998", ERROR_MALFORMED, "questions[0].write_ins",
	     "range"},
		{"\"write_ins\":2", "\"write_ins\":15", ERROR_LIMIT, "groups[0]", "more groups"},
		{"\"write_ins\":2", "\"write_ins\":900", ERROR_LIMIT, "groups[0]", "more groups"},
		{"\"write_ins\":2", "\"write_ins\":true", ERROR_MALFORMED, "questions[0].write_ins",
	     "whole number"},
		{"\"max\":4", "\"max\":6", ERROR_MALFORMED, "questions[0].max", "range"},
		{"\"min\":0,\"max\":4", "\"min\":5,\"max\":4", ERROR_REJECTED, "questions[0]",
	     "min is larger"},
		{"\"seats\":1", "\"seats\":6", ERROR_MALFORMED, "questions[0].seats", "range"},
		{"\"accordion\"", "\"\"", ERROR_MALFORMED, "questions[0].layout", "blank"},
		{"\"accordion\"", "\"" KEY_AA "x\"", ERROR_LIMIT, "questions[0].layout", "64"},
		{"\"accordion\"", "7", ERROR_MALFORMED, "questions[0].layout", "text"},
		{"\"together\"", "\"a\\u0007b\"", ERROR_MALFORMED, "questions[0].group_layout", "control"},
		{"\"layout\"", "\"layuot\"", ERROR_MALFORMED, "questions[0].layuot", "layout"},
		{"Should it be built?", "a\\u0000", ERROR_MALFORMED, "", "json"},
		{"Should it be built?", "a\\u001b[2J", ERROR_MALFORMED, "questions[1].description",
	     "control"},
		{"\"Mayor\"", "\"May\\nor\"", ERROR_MALFORMED, "questions[0].title", "control"},
		{"\"withdrawn\":[2]", "\"withdrawn\":[4]", ERROR_MALFORMED, "questions[0].withdrawn[0]",
	     "range"},
	};
	CHECK_ALL(list);
}

static void areas_and_styles_that_break_a_rule_are_named(void **state)
{
	(void)state;
	static const struct spoil list[] = {
		{"\"areas\":[\"north\",\"south\"],", "", ERROR_REJECTED, "styles[0].area", "without"},
		{"[\"north\",\"south\"]", "[]", ERROR_MALFORMED, "areas", "too few"},
		{"[\"north\",\"south\"]", "[\"north\",\"north\"]", ERROR_REJECTED, "areas[1]", "one name"},
		{"[\"north\",\"south\"]", "[\"north\",\"so uth\"]", ERROR_REJECTED, "areas[1]", "name"},
		{"[\"north\",\"south\"]", "[\"north\",\"south\",\"west\"]", ERROR_REJECTED, "styles",
	     "west"},
		{",\"area\":\"south\"", "", ERROR_MALFORMED, "styles[1]", "area"},
		{",\"area\":\"south\"", ",\"area\":\"west\"", ERROR_REJECTED, "styles[1].area", "no area"},
		{",\"area\":\"south\"", ",\"area\":1", ERROR_MALFORMED, "styles[1].area", "text"},
		{"\"groups\":[\"g1\",\"g2\"]", "\"groups\":[\"g2\"]", ERROR_REJECTED, "styles", "g1"},
		{"\"styles\":[{\"name\":\"north\"", "\"styles\":[{\"name\":\"south\"", ERROR_REJECTED,
	     "styles[1]", "one name"},
	};
	CHECK_ALL(list);
}

static void the_json_itself_has_one_meaning(void **state)
{
	(void)state;
	static const struct spoil list[] = {
		{"\"weight_max\":5", "\"weight_max\":5,\"weight_max\":5", ERROR_MALFORMED, "", "json"},
		{"\"quorum\":3", "\"quorum\":3,\"quorum\":4", ERROR_MALFORMED, "", "json"},
		{"\"weight_max\":5", "\"weight_max\":5.0", ERROR_MALFORMED, "weight_max", "whole number"},
		{"\"weight_max\":5", "\"weight_max\":5e0", ERROR_MALFORMED, "weight_max", "whole number"},
		{"\"weight_max\":5", "\"weight_max\":\"5\"", ERROR_MALFORMED, "weight_max", "kind"},
		{"\"weight_max\":5", "\"weight_max\":-5", ERROR_MALFORMED, "weight_max", "range"},
		{"\"weight_max\":5", "\"weight_max\":05", ERROR_MALFORMED, "", "json"},
		{"\"weight_max\":5", "\"weight_max\":null", ERROR_MALFORMED, "weight_max", "kind"},
		{"\"weight_max\":5", "\"weight_max\":[5]", ERROR_MALFORMED, "weight_max", "kind"},
		{"\"weight_max\":5", "\"Weight_max\":5", ERROR_MALFORMED, "Weight_max", "weight_max"},
		{"\"weight_max\":5", "\"weight\\u005fmax\":5,\"weight_max\":5", ERROR_MALFORMED, "",
	     "json"},
		{"\"weight_max\":5", "\"weight_max\\u200b\":5", ERROR_MALFORMED, "", "unknown key"},
		{"\"south\"}]}", "\"south\"}]} x", ERROR_MALFORMED, "", "json"},
		{"\"south\"}]}", "\"south\"}]}{}", ERROR_MALFORMED, "", "json"},
		{"\"south\"}]}", "\"south\"}],}", ERROR_MALFORMED, "", "json"},
		{"{\"urna\":1", "\xef\xbb\xbf{\"urna\":1", ERROR_MALFORMED, "", "byte order mark"},
		{"{\"urna\":1", "[{\"urna\":1", ERROR_MALFORMED, "", "json"},
		{"\"urna\":1", "\"urna\":2", ERROR_MALFORMED, "urna", "range"},
		{"\"Council 2027\"", "\"Council \xff 2027\"", ERROR_MALFORMED, "", "json"},
		{"\"Council 2027\"", "\"Council \\ud800\"", ERROR_MALFORMED, "", "json"},
		{"\"Council 2027\"", "\"Council \xc0\xa0\"", ERROR_MALFORMED, "", "json"},
	};
	CHECK_ALL(list);
}

static void texts_that_deceive_the_eye_are_refused(void **state)
{
	(void)state;
	static const struct spoil list[] = {
		{"\"Bo\"", "\"Ann\\u200b\"", ERROR_REJECTED, "questions[0].answers[1]", "one text"},
		{"\"Bo\"", "\"A\\u00adnn\"", ERROR_REJECTED, "questions[0].answers[1]", "one text"},
		{"\"Bo\"", "\" Ann \"", ERROR_REJECTED, "questions[0].answers[1]", "one text"},
		{"\"Ann\",\"Bo\"", "\"Ann Bo\",\"Ann\\u00a0\\u2003Bo\"", ERROR_REJECTED,
	     "questions[0].answers[1]", "one text"},
		{"\"Bo\"", "\"Ann\\ufe0f\"", ERROR_REJECTED, "questions[0].answers[1]", "one text"},
		{"\"Bo\"", "\"\\u202eoB\"", ERROR_MALFORMED, "questions[0].answers[1]", "direction"},
		{"\"Bo\"", "\"\\u2066Bo\"", ERROR_MALFORMED, "questions[0].answers[1]", "direction"},
		{"\"Bo\"", "\"\\u200b\\u00a0\"", ERROR_MALFORMED, "questions[0].answers[1]", "blank"},
		{"\"Bo\"", "\"\"", ERROR_MALFORMED, "questions[0].answers[1]", "blank"},
		{"\"Bo\"", "\"B\\u0085o\"", ERROR_MALFORMED, "questions[0].answers[1]", "control"},
		{"\"Mayor\"", "\"\\u202aMayor\"", ERROR_MALFORMED, "questions[0].title", "direction"},
		{"\"Council 2027\"", "\"\\u2069C\"", ERROR_MALFORMED, "title", "direction"},
		{"\"Council 2027\"", "\"C\\u2028D\"", ERROR_MALFORMED, "title", "control"},
		{"Two lines", "\\u202b", ERROR_MALFORMED, "description", "direction"},
		{"Two lines", "a\\u2029b", ERROR_MALFORMED, "description", "control"},
		{"\"Org B\"", "\"Org\\u0009B\"", ERROR_MALFORMED, "authorities[1].operator", "control"},
	};
	CHECK_ALL(list);
	struct manifest *m = whole_read(whole_with("\"Bo\"", "\"\\u0645\\u06cc\\u200c\\u0631\""));
	assert_int_equal(m->questions[0].answers[1].len, 9); /* kept as it is, joiner and all */
}

/* Two groups, 31 bits each: four areas make 248 lists, five 310. */
static void too_many_lists_are_refused(void **state)
{
	(void)state;
	static char room[1 << 16];
	static const char from[] = "\"areas\":[\"north\",\"south\"],", styles[] = "\"styles\":";
	for (unsigned areas = 4; areas <= 5; areas++) {
		const char *text = whole_with("\"weight_max\":5", "\"weight_max\":2147483647");
		const char *at = strstr(text, from), *end = strstr(text, styles);
		struct text t = TEXT_OF(room);
		text_add_bytes(&t, bytes_of(text, (size_t)(at - text)));
		text_add(&t, "\"areas\":[\"a0\"");
		for (unsigned a = 1; a < areas; a++) {
			text_add(&t, ",\"a");
			text_add_u64(&t, a);
			text_add(&t, "\"");
		}
		text_add(&t, "],");
		text_add_bytes(&t, bytes_of(at + sizeof from - 1, (size_t)(end - at) - sizeof from + 1));
		for (unsigned a = 0; a < areas; a++) {
			text_add(&t, a ? ",{\"name\":\"s" : "\"styles\":[{\"name\":\"s");
			text_add_u64(&t, a);
			text_add(&t, "\",\"groups\":[\"g1\",\"g2\"],\"area\":\"a");
			text_add_u64(&t, a);
			text_add(&t, "\"}");
		}
		text_add(&t, "]}");
		assert_false(t.cut);
		if (areas == 4)
			assert_int_equal(whole_read(room)->lists_count, 2 * 4 * 31);
		else
			whole_refused(room, ERROR_LIMIT, "styles", "lists");
	}
}

static unsigned warnings_at(const struct manifest *m, const char *place)
{
	struct manifest_warnings w;
	unsigned found = 0;
	manifest_warn(&w, m, 0);
	for (unsigned i = 0; i < w.count; i++)
		found += strcmp(w.list[i].place, place) == 0;
	return found;
}

static void what_is_allowed_but_doubtful_is_a_warning(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to, *place;
	} list[] = {
		{"\"lying\":1,\"quorum\":3", "\"lying\":1,\"quorum\":4", "witnesses.quorum"},
		{"\"min_list\":10", "\"min_list\":9", "min_list"},
		{"\"lot\":[3,1,2],", "", "questions[0].lot"},
		{"\"accept_small_lists\":false", "\"accept_small_lists\":true", "accept_small_lists"},
		{"\"threshold\":2", "\"threshold\":1", "threshold"},
		{"\"threshold\":2", "\"threshold\":3", "threshold"},
		{"Org C", "Org A", "authorities[2].operator"},
		{"\"Cy\"", "\"C\\u200by\"", "questions[0].answers[2]"},
		{"\"Cy\"", "\"Rene\\u0301\"", "questions[0].answers[2]"},
		{"\"credentials\",\"board\":{\"name\":\"urna.example/board\",\"key\":\"" KEY_B0
	     "\"},\"registrar\":\"" KEY_C0 "\",",
	     "\"server\",\"board\":{\"name\":\"urna.example/board\",\"key\":\"" KEY_B0 "\"},", "mode"},
	};
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		assert_int_equal(warnings_at(whole_read(whole), list[i].place), 0);
		struct manifest *m = whole_read(whole_with(list[i].from, list[i].to));
		if (warnings_at(m, list[i].place) != 1)
			fail_msg("no warning at %s", list[i].place);
	}
	assert_int_equal(warnings_at(whole_read(whole), "questions[0].write_ins"), 1);
}

/* Counted by hand: 1 + 4 + 4·3 + 4·3·2 rankings of up to 3 of 4; 1 + 4 + 6 sets of up to 2. */
static void possible_ballots_are_counted(void **state)
{
	(void)state;
	struct manifest_question q = {
		.choices = {.kind = CHOICES_RANKS, .answers = 4, .min = 0, .max = 3}};
	assert_int_equal(manifest_possible_ballots(&q), 41);
	q.choices.min = 2; /* and the blank one */
	assert_int_equal(manifest_possible_ballots(&q), 1 + 12 + 24);
	q.choices = (struct choices_rule){.kind = CHOICES_MARKS, .answers = 4, .min = 0, .max = 2};
	assert_int_equal(manifest_possible_ballots(&q), 11);
	q.choices = (struct choices_rule){.kind = CHOICES_RANKS, .answers = 1000, .max = 1000};
	assert_true(manifest_possible_ballots(&q) == UINT64_MAX);
	q.choices = (struct choices_rule){.kind = CHOICES_MARKS, .answers = 1000, .max = 500};
	assert_true(manifest_possible_ballots(&q) == UINT64_MAX);
}

/* Attack 9: a ranking that nobody else has is as good as a name. */
static void many_more_ballots_than_voters_are_a_warning(void **state)
{
	(void)state;
	struct manifest *m = whole_read(whole);
	bytes answers[9];
	for (unsigned i = 0; i < 9; i++)
		answers[i] = BYTES_LITERAL("Ann");
	m->questions[0].answers = answers;
	m->questions[0].choices = (struct choices_rule){.kind = CHOICES_RANKS, .answers = 9, .max = 9};
	const uint64_t possible = manifest_possible_ballots(&m->questions[0]);
	struct manifest_warnings w;
	for (unsigned rare = 0; rare < 2; rare++) {
		unsigned found = 0;
		manifest_warn(&w, m, rare ? possible / 10 - 1 : possible);
		for (unsigned i = 0; i < w.count; i++)
			found += strcmp(w.list[i].place, "questions[0].max") == 0;
		assert_int_equal(found, rare);
	}
}

/* Denominators up to 1/200 have no common one of 127 bits: better said before anybody votes. */
static void a_rule_that_could_not_count_is_found_by_a_dry_run(void **state)
{
	(void)state;
	struct manifest *m = whole_read(whole);
	struct manifest_question *q = &m->questions[0];
	static bytes answers[200];
	static bool withdrawn[200];
	struct error why;
	error_clear(&why);
	assert_ok(manifest_dry_run(m, test_arena(), &why), why);
	for (unsigned i = 0; i < 200; i++)
		answers[i] = BYTES_LITERAL("Ann");
	q->answers = answers;
	q->withdrawn = withdrawn;
	assert_ok(count_rule_read(&q->rule, BYTES_LITERAL("borda-nauru"), &why), why);
	q->choices = (struct choices_rule){.kind = CHOICES_RANKS, .answers = 200, .max = 9};
	assert_ok(manifest_dry_run(m, test_arena(), &why), why);
	q->choices.max = 200;
	const size_t mark = arena_mark(test_arena());
	assert_fails(manifest_dry_run(m, test_arena(), &why), why, ERROR_LIMIT);
	assert_non_null(strstr(why.detail, (const char *)q->id.p));
	assert_int_equal(arena_mark(test_arena()), mark);
}

/* One small list keeps all of them closed. */
static void lists_that_can_be_small_without_being_accepted_are_a_warning(void **state)
{
	(void)state;
	static const char accepted[] = "\"accept_small_lists\":true";
	assert_int_equal(warnings_at(whole_read(whole), "weight_max"), 1);
	struct manifest *m = whole_read(whole_with("\"weight_max\":5", "\"weight_max\":1"));
	assert_int_equal(warnings_at(m, "weight_max"), 0);
	assert_int_equal(warnings_at(m, "areas"), 1);
	m = whole_read(whole_with("\"accept_small_lists\":false", accepted));
	assert_int_equal(warnings_at(m, "weight_max"), 0);
}

static void warnings_that_do_not_fit_are_counted(void **state)
{
	(void)state;
	struct manifest_warnings w;
	bytes answers[40];
	bool withdrawn[40] = {false};
	struct manifest *m = whole_read(whole);
	for (unsigned i = 0; i < 40; i++)
		answers[i] = BYTES_LITERAL("e\xcc\x81");
	m->questions[0].answers = answers;
	m->questions[0].withdrawn = withdrawn;
	m->questions[0].choices.answers = 40;
	manifest_warn(&w, m, 0);
	assert_int_equal(w.count, MANIFEST_WARNINGS);
	assert_int_equal(w.count + w.more, 4 + 40); /* lists, write_ins, lot, patterns, each answer */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_manifest_is_read_with_all_its_parts),
		cmocka_unit_test(lists_come_by_group_then_area_then_bit),
		cmocka_unit_test(the_number_of_bits_is_the_length_of_the_greatest_weight),
		cmocka_unit_test(what_may_be_absent_has_its_default),
		cmocka_unit_test(keys_that_can_be_nobodys_are_refused),
		cmocka_unit_test(rights_that_break_a_rule_are_named),
		cmocka_unit_test(questions_that_break_a_rule_are_named),
		cmocka_unit_test(areas_and_styles_that_break_a_rule_are_named),
		cmocka_unit_test(the_json_itself_has_one_meaning),
		cmocka_unit_test(texts_that_deceive_the_eye_are_refused),
		cmocka_unit_test(too_many_lists_are_refused),
		cmocka_unit_test(what_is_allowed_but_doubtful_is_a_warning),
		cmocka_unit_test(possible_ballots_are_counted),
		cmocka_unit_test(many_more_ballots_than_voters_are_a_warning),
		cmocka_unit_test(a_rule_that_could_not_count_is_found_by_a_dry_run),
		cmocka_unit_test(lists_that_can_be_small_without_being_accepted_are_a_warning),
		cmocka_unit_test(warnings_that_do_not_fit_are_counted),
	};
	return cmocka_run_group_tests_name("protocol/manifest rules", tests, NULL, NULL);
}
