/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "support/keys.h"

#include "manifest/manifest.h"

#include <string.h>

static const char *const texts[] = {"Ann \"A\" \\ B", "Bj\xc3\xb6rn", "Cy"};

static struct manifest_draft_question question(const bytes *answers)
{
	return (struct manifest_draft_question){
		.title = BYTES_LITERAL("Board"),
		.rule = BYTES_LITERAL("plurality-at-large"),
		.seats = 1,
		.max = 1,
		.answers_count = 3,
		.answers = answers,
	};
}

static struct manifest_draft draft(const struct manifest_authority *authority)
{
	return (struct manifest_draft){
		.title = BYTES_LITERAL("T"),
		.board = {BYTES_LITERAL("b.example"), TEST_KEY_7},
		.threshold = 1,
		.authorities_count = 1,
		.authorities = authority,
		.min_list = 10,
	};
}

static struct manifest *written(const struct manifest_draft *d)
{
	struct error err;
	struct manifest *m;
	bytes exact;
	error_clear(&err);
	arena_release(test_arena(), 0);
	assert_ok(manifest_write(&exact, d, test_arena(), &err), err);
	assert_ok(manifest_read(&m, exact, test_arena(), &err), err);
	return m;
}

static void make_answers(bytes out[3])
{
	for (size_t i = 0; i < 3; i++)
		out[i] = bytes_of_text(texts[i]);
}

static void a_draft_can_say_everything(void **state)
{
	(void)state;
	bytes answers[3];
	make_answers(answers);
	const struct manifest_authority authorities[] = {{BYTES_LITERAL("Org A"), TEST_KEY_1},
	                                                 {BYTES_LITERAL("Org B"), TEST_KEY_2}};
	const struct manifest_signer witnesses[] = {{BYTES_LITERAL("w1"), TEST_KEY_1},
	                                            {BYTES_LITERAL("w2"), TEST_KEY_2},
	                                            {BYTES_LITERAL("w3"), TEST_KEY_3},
	                                            {BYTES_LITERAL("w4"), TEST_KEY_4}};
	const uint8_t registrar[32] = TEST_KEY_9;
	const bytes areas[] = {BYTES_LITERAL("north"), BYTES_LITERAL("south")};
	struct manifest_draft_question questions[] = {question(answers), question(answers)};
	const uint16_t lot[] = {2, 0, 1};
	const bool withdrawn[] = {false, true, false};
	const unsigned both[] = {1, 0}, first[] = {0};
	const struct manifest_draft_group groups[] = {{BYTES_LITERAL("all-of-it"), 2, both}};
	const struct manifest_draft_style styles[] = {{BYTES_LITERAL("n"), areas[0], 1, first},
	                                              {BYTES_LITERAL("s"), areas[1], 1, first}};
	questions[0].id = BYTES_LITERAL("board");
	questions[0].description = BYTES_LITERAL("Who shall lead?\nOne vote.");
	questions[0].layout = BYTES_LITERAL("accordion");
	questions[0].group_layout = BYTES_LITERAL("first page");
	questions[0].rule = BYTES_LITERAL("scotland");
	questions[0].min = 1;
	questions[0].max = 4;
	questions[0].write_ins = 1;
	questions[0].lot = lot;
	questions[0].withdrawn = withdrawn;
	struct manifest_draft d = draft(authorities);
	d.description = BYTES_LITERAL("About it");
	d.mode = BALLOT_CREDENTIALS;
	memcpy(d.registrar, registrar, sizeof registrar);
	d.witnesses_count = 4;
	d.witnesses_lying = 1;
	d.witnesses_quorum = 3;
	d.witnesses = witnesses;
	d.promise_delay_s = 30;
	d.weight_max = 2;
	d.authorities_count = d.threshold = 2;
	d.areas_count = 2;
	d.areas = areas;
	d.questions_count = 2;
	d.questions = questions;
	d.groups_count = 1;
	d.groups = groups;
	d.styles_count = 2;
	d.styles = styles;
	struct manifest *m = written(&d);
	assert_true(m->mode == BALLOT_CREDENTIALS && memcmp(m->registrar, registrar, 32) == 0);
	assert_int_equal(m->witnesses_quorum, 3);
	assert_string_equal((const char *)m->witnesses[3].name.p, "w4");
	assert_int_equal(m->promise_delay_s, 30);
	assert_int_equal(m->lists_count, 2 * 2);
	assert_string_equal((const char *)m->description.p, "About it");
	assert_string_equal((const char *)m->groups[0].name.p, "all-of-it");
	assert_int_equal(m->groups[0].questions[0], 1);
	assert_string_equal((const char *)m->styles[1].name.p, "s");
	assert_int_equal(m->styles[1].area, 1);
	const struct manifest_question *q = &m->questions[0];
	assert_string_equal((const char *)q->id.p, "board");
	assert_string_equal((const char *)q->description.p, "Who shall lead?\nOne vote.");
	assert_string_equal((const char *)q->layout.p, "accordion");
	assert_string_equal((const char *)q->group_layout.p, "first page");
	assert_int_equal(q->choices.min, 1);
	assert_int_equal(q->choices.write_ins, 1);
	assert_int_equal(q->rule.lot[0], 2);
	assert_true(q->withdrawn[1]);
	assert_string_equal((const char *)q->answers[0].p, texts[0]);
}

static void what_is_not_said_is_a_group_per_question_and_a_style_for_all(void **state)
{
	(void)state;
	bytes answers[3];
	make_answers(answers);
	const struct manifest_authority authority = {BYTES_LITERAL("Org A"), TEST_KEY_1};
	const struct manifest_draft_question questions[] = {question(answers), question(answers)};
	struct manifest_draft d = draft(&authority);
	d.questions_count = 2;
	d.questions = questions;
	struct manifest *m = written(&d);
	assert_int_equal(m->mode, BALLOT_SERVER);
	assert_int_equal(m->groups_count, 2);
	assert_string_equal((const char *)m->groups[1].name.p, "g2");
	assert_int_equal(m->groups[1].questions[0], 1);
	assert_int_equal(m->styles_count, 1);
	assert_string_equal((const char *)m->styles[0].name.p, "all");
	assert_int_equal(m->styles[0].groups_count, 2);
	assert_int_equal(m->promise_delay_s, 60);
	assert_int_equal(m->weight_max, 1);
	assert_int_equal(m->witnesses_count, 0);
	const bytes areas[] = {BYTES_LITERAL("north"), BYTES_LITERAL("south")};
	d.areas_count = 2;
	d.areas = areas;
	m = written(&d);
	assert_int_equal(m->styles_count, 2);
	assert_string_equal((const char *)m->styles[1].name.p, "south");
	assert_int_equal(m->lists_count, 4);
}

static void a_draft_that_breaks_a_rule_is_refused_as_a_manifest_is(void **state)
{
	(void)state;
	struct error err;
	bytes answers[3], exact;
	make_answers(answers);
	const struct manifest_authority authority = {BYTES_LITERAL("Org A"), TEST_KEY_1};
	struct manifest_draft_question q = question(answers);
	struct manifest_draft d = draft(&authority);
	d.questions_count = 1;
	d.questions = &q;
	d.board.name = BYTES_NONE;
	arena_release(test_arena(), 0);
	assert_fails(manifest_write(&exact, &d, test_arena(), &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.detail, "board.name"));
	d = draft(&authority);
	d.questions_count = 1;
	d.questions = &q;
	q.max = 4;
	assert_fails(manifest_write(&exact, &d, test_arena(), &err), err, ERROR_MALFORMED);
	assert_non_null(strstr(err.detail, "questions[0].max"));
	q = question(answers);
	answers[1] = BYTES_LITERAL("\xff");
	assert_fails(manifest_write(&exact, &d, test_arena(), &err), err, ERROR_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_draft_can_say_everything),
		cmocka_unit_test(what_is_not_said_is_a_group_per_question_and_a_style_for_all),
		cmocka_unit_test(a_draft_that_breaks_a_rule_is_refused_as_a_manifest_is),
	};
	return cmocka_run_group_tests_name("protocol/manifest draft", tests, NULL, NULL);
}
