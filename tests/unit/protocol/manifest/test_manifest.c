/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "support/keys.h"

#include "manifest/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID1 "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define ID2 "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
#define A1 "{\"operator\":\"Org A\",\"identity\":\"" ID1 "\"}"
#define A2 "{\"operator\":\"Org B\",\"identity\":\"" ID2 "\"}"
#define Q1                                                                                      \
	"{\"id\":\"q1\",\"title\":\"Board\",\"rule\":\"scotland\",\"seats\":2,\"min\":0,\"max\":3," \
	"\"answers\":[\"Ann\",\"Bo\",\"Cy\"]}"
#define REST                                                 \
	"\"groups\":[{\"name\":\"g1\",\"questions\":[\"q1\"]}]," \
	"\"styles\":[{\"name\":\"all\",\"groups\":[\"g1\"]}]}"
#define HEAD(threshold, authorities)                                                   \
	"{\"urna\":1,\"title\":\"Board 2027\",\"group\":\"P-256\",\"rohash\":\"SHA-256\"," \
	"\"prg\":\"SHA-256\",\"statdist\":100,\"vbitlenro\":256,\"ebitlenro\":256,"        \
	"\"mode\":\"server\",\"board\":{\"name\":\"b.example\",\"key\":\"" ID1 "\"},"      \
	"\"threshold\":" threshold ",\"authorities\":[" authorities "],"                   \
	"\"min_list\":10,\"accept_small_lists\":false,"
#define GOOD HEAD("2", A1 "," A2) "\"questions\":[" Q1 "]," REST

static struct manifest *read_good(const char *text)
{
	struct error err;
	struct manifest *m;
	error_clear(&err);
	arena_release(test_arena(), 0);
	assert_ok(manifest_read(&m, bytes_of_text(text), test_arena(), &err), err);
	return m;
}

static void refuse(const char *text, enum error_kind kind, const char *place)
{
	struct error err;
	struct manifest *m;
	arena_release(test_arena(), 0);
	assert_fails(manifest_read(&m, bytes_of_text(text), test_arena(), &err), err, kind);
	if (!strstr(err.detail, place))
		fail_msg("the error says '%s' '%s', not '%s'", err.what, err.detail, place);
}

static void a_good_manifest_is_read_with_all_its_parts(void **state)
{
	(void)state;
	struct manifest *m = read_good(GOOD);
	assert_int_equal(m->authorities_count, 2);
	assert_int_equal(m->threshold, 2);
	assert_string_equal((const char *)m->authorities[1].operator_name.p, "Org B");
	assert_int_equal(m->questions_count, 1);
	assert_int_equal(m->questions[0].choices.answers, 3);
	assert_int_equal(m->questions[0].choices.kind, CHOICES_RANKS);
	assert_int_equal(m->groups[0].code.digits, 4);
	assert_int_equal(m->groups[0].code.width, 1);
	assert_int_equal(m->min_list, 10);
	assert_memory_equal(m->exact.p, GOOD, sizeof GOOD - 1);
}

static void a_space_makes_another_election(void **state)
{
	(void)state;
	digest a = read_good(GOOD)->d, b = read_good(GOOD " ")->d, c = read_good(GOOD)->d;
	assert_false(digest_equal(&a, &b));
	assert_true(digest_equal(&a, &c));
}

static void a_threshold_above_the_number_of_authorities_is_named(void **state)
{
	(void)state;
	refuse(HEAD("3", A1 "," A2) "\"questions\":[" Q1 "]," REST, ERROR_REJECTED, "threshold");
}

static void no_authorities_are_refused(void **state)
{
	(void)state;
	refuse(HEAD("1", "") "\"questions\":[" Q1 "]," REST, ERROR_MALFORMED, "authorities");
}

static void a_threshold_of_zero_is_refused(void **state)
{
	(void)state;
	struct error err;
	struct manifest *m;
	arena_release(test_arena(), 0);
	assert_fails(manifest_read(&m, bytes_of_text(HEAD("0", A1) "\"questions\":[" Q1 "]," REST),
	                           test_arena(), &err),
	             err, ERROR_MALFORMED);
	assert_non_null(strstr(err.detail, "threshold"));
}

static void one_identity_for_two_authorities_is_refused(void **state)
{
	(void)state;
	refuse(HEAD("2", A1 "," A1) "\"questions\":[" Q1 "]," REST, ERROR_REJECTED, "authorities[1]");
}

static void an_unknown_key_names_the_nearest(void **state)
{
	(void)state;
	static const char good[] = GOOD;
	char text[4096];
	snprintf(text, sizeof text, "{\"titel\":\"x\",%s", &good[1]);
	refuse(text, ERROR_MALFORMED, "title");
}

static void an_unknown_rule_is_named_with_the_known_ones(void **state)
{
	(void)state;
	refuse(
		HEAD("2", A1
	         "," A2) "\"questions\":[{\"id\":\"q1\",\"title\":\"Board\",\"rule\":\"scotch\","
					 "\"seats\":2,\"min\":0,\"max\":3,\"answers\":[\"Ann\",\"Bo\",\"Cy\"]}]," REST,
		ERROR_REJECTED, "questions[0].rule");
}

/* Nobody should learn it when all have voted. */
static void a_rule_that_cannot_count_its_question_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *rule, *more;
		unsigned answers, max;
		bool good;
	} cases[] = {
		{"borda:unranked=shared", "", 3, 3, true},
		{"borda:points=3,unranked=shared", "", 3, 3, false},
		{"borda-custom", "", 3, 3, false},
		{"cumulative", ",\"points\":2", 3, 3, true},
		{"cumulative:checkboxes=2", ",\"points\":2", 3, 3, true},
		{"cumulative:checkboxes=2", ",\"points\":3", 3, 3, false},
		{"cumulative:points=6", ",\"points\":2", 3, 3, true},
		{"cumulative:points=5", ",\"points\":2", 3, 3, false},
		{"cumulative:points=5", ",\"points\":2,\"total\":5", 3, 3, true},
		{"cumulative:points=4", ",\"points\":2,\"total\":5", 3, 3, false},
		{"cumulative:points=4", ",\"points\":2", 3, 2, true},
		{"score:max=4", ",\"points\":4", 3, 3, true},
		{"score:max=4", ",\"points\":5", 3, 3, false},
		{"majority-judgment:grades=3", ",\"points\":3", 3, 3, true},
		{"majority-judgment:grades=3", ",\"points\":4", 3, 3, false},
		{"star", ",\"points\":6", 3, 3, false},
		{"borda-nauru", "", 60, 48, true},
		{"borda-nauru", "", 60, 49, false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[4096];
		struct text t = TEXT_OF(text);
		text_add(&t, HEAD("2", A1 "," A2) "\"questions\":[{\"id\":\"q1\",\"title\":\"B\",");
		text_add(&t, "\"seats\":1,\"min\":0,\"rule\":\"");
		text_add(&t, cases[i].rule);
		text_add(&t, "\",\"max\":");
		text_add_u64(&t, cases[i].max);
		text_add(&t, cases[i].more);
		text_add(&t, ",\"answers\":[");
		for (unsigned k = 0; k < cases[i].answers; k++) {
			text_add(&t, k ? ",\"Ann " : "\"Ann ");
			text_add_u64(&t, k);
			text_add(&t, "\"");
		}
		text_add(&t, "]}]," REST);
		assert_false(t.cut);
		if (cases[i].good)
			assert_non_null(read_good(text));
		else
			refuse(text, ERROR_REJECTED, "questions[0]");
	}
}

/* Each of 50,000,000 ballots could weigh so much. */
static void weights_that_a_rule_has_no_room_for_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *rule;
		unsigned most; /* 0: any */
	} cases[] = {
		{"qpq", 3402},
		{"meek:precision=15", 3},
		{"warren:precision=14", 340},
		{"meek:precision=10", 0},
		{"meek-prf", 0},
		{"scotland", 0},
		{"borda:points=1000000000", 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (unsigned above = 0; above < 2; above++) {
			char text[4096];
			struct text t = TEXT_OF(text);
			const unsigned most = cases[i].most ? cases[i].most : LIMIT_WEIGHT - 1;
			text_add(&t, HEAD("2", A1 "," A2) "\"weight_max\":");
			text_add_u64(&t, most + above);
			text_add(&t, ",\"questions\":[{\"id\":\"q1\",\"title\":\"B\",\"seats\":1,\"min\":0,"
			             "\"max\":2,\"answers\":[\"Ann\",\"Bo\"],\"rule\":\"");
			text_add(&t, cases[i].rule);
			text_add(&t, "\"}]," REST);
			assert_false(t.cut);
			if (above && cases[i].most)
				refuse(text, ERROR_REJECTED, "questions[0]");
			else
				assert_non_null(read_good(text));
		}
}

static void add_question(struct text *t, const char *rule, unsigned answers, unsigned seats)
{
	text_add(t, ",\"title\":\"B\",\"min\":0,\"max\":2,\"rule\":\"");
	text_add(t, rule);
	text_add(t, "\",\"seats\":");
	text_add_u64(t, seats);
	text_add(t, ",\"answers\":[");
	for (unsigned i = 0; i < answers; i++) {
		text_add(t, i ? ",\"" : "\"");
		text_add_u64(t, i);
		text_add(t, "\"");
	}
	text_add(t, "]}");
}

static void counts_that_no_result_could_show_are_refused_by_a_dry_run(void **state)
{
	(void)state;
	static const struct {
		const char *rule;
		unsigned answers, seats, questions;
		bool good;
	} cases[] = {
		{"scotland", 3, 1, 2, true},
		{"qpq", 270, 40, 1, true},
		{"qpq", 270, 40, 2, false},
		{"northern-ireland", 200, 20, 2, true},
		{"northern-ireland", 500, 100, 1, false},
	};
	const size_t room = LIMIT_COUNT_BYTES + ((size_t)8 << 20);
	void *memory = aligned_alloc(ARENA_ALIGN, room);
	assert_non_null(memory);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		static char text[1 << 16];
		struct arena arena;
		struct text t = TEXT_OF(text);
		struct error err;
		struct manifest *m;
		error_clear(&err);
		text_add(&t, HEAD("2", A1 "," A2) "\"questions\":[");
		for (unsigned q = 0; q < cases[i].questions; q++) {
			text_add(&t, q ? ",{\"id\":\"q2\"" : "{\"id\":\"q1\"");
			add_question(&t, cases[i].rule, cases[i].answers, cases[i].seats);
		}
		text_add(&t, "],\"groups\":[{\"name\":\"g1\",\"questions\":[\"q1\"]}");
		text_add(&t, cases[i].questions > 1 ? ",{\"name\":\"g2\",\"questions\":[\"q2\"]}" : "");
		text_add(&t, "],\"styles\":[{\"name\":\"all\",\"groups\":[\"g1\"");
		text_add(&t, cases[i].questions > 1 ? ",\"g2\"]}]}" : "]}]}");
		assert_false(t.cut);
		arena_init(&arena, memory, room);
		assert_ok(manifest_read(&m, bytes_of_text(text), &arena, &err), err);
		if (cases[i].good)
			assert_ok(manifest_dry_run(m, &arena, &err), err);
		else
			assert_fails(manifest_dry_run(m, &arena, &err), err, ERROR_REJECTED);
	}
	free(memory);
}

static void questions_answers_groups_and_styles_must_fit_together(void **state)
{
	(void)state;
	static const struct {
		const char *questions_on, *place;
	} bad[] = {
		{"\"questions\":[" Q1 "," Q1 "]," REST, "questions[1]"},
		{"\"questions\":[" Q1 "],\"groups\":[{\"name\":\"g1\",\"questions\":[\"q2\"]}],"
	     "\"styles\":[{\"name\":\"all\",\"groups\":[\"g1\"]}]}",
	     "groups[0].questions[0]"},
		{"\"questions\":[" Q1 "],\"groups\":[{\"name\":\"g1\",\"questions\":[\"q1\"]},"
	     "{\"name\":\"g2\",\"questions\":[\"q1\"]}],\"styles\":[{\"name\":\"all\",\"groups\":["
	     "\"g1\"]}]}",
	     "groups[1].questions[0]"},
		{"\"questions\":[" Q1 "],\"groups\":[{\"name\":\"g1\",\"questions\":[\"q1\"]}],"
	     "\"styles\":[{\"name\":\"all\",\"groups\":[\"g2\"]}]}",
	     "styles[0].groups[0]"},
		{"\"questions\":[" Q1 "],\"groups\":[{\"name\":\"g1\",\"questions\":[\"q1\"]}],"
	     "\"styles\":[{\"name\":\"all\",\"groups\":[\"g1\",\"g1\"]}]}",
	     "styles[0].groups"},
		{"\"questions\":[{\"id\":\"q1\",\"title\":\"B\",\"rule\":\"scotland\",\"seats\":2,\"min\":"
	     "0,"
	     "\"max\":3,\"answers\":[\"Ann\",\"Ann\",\"Cy\"]}]," REST,
	     "questions[0].answers[1]"},
		{"\"questions\":[{\"id\":\"q "
	     "1\",\"title\":\"B\",\"rule\":\"scotland\",\"seats\":2,\"min\":0,"
	     "\"max\":3,\"answers\":[\"Ann\",\"Bo\",\"Cy\"]}]," REST,
	     "questions[0].id"},
		{"\"questions\":[{\"id\":\"q1\",\"title\":\"B\",\"rule\":\"scotland\",\"seats\":2,\"min\":"
	     "3,"
	     "\"max\":2,\"answers\":[\"Ann\",\"Bo\",\"Cy\"]}]," REST,
	     "questions[0]"},
		{"\"questions\":[{\"id\":\"q1\",\"title\":\"B\",\"rule\":\"scotland\",\"seats\":1,\"min\":"
	     "0,"
	     "\"max\":2,\"answers\":[\"Ann\",\"Bo\",\"Cy\"],\"lot\":[1,2]}]," REST,
	     "questions[0].lot"},
		{"\"questions\":[{\"id\":\"q1\",\"title\":\"B\",\"rule\":\"scotland\",\"seats\":1,\"min\":"
	     "0,"
	     "\"max\":2,\"answers\":[\"Ann\",\"Bo\",\"Cy\"],\"withdrawn\":[2,2]}]," REST,
	     "questions[0].withdrawn[1]"},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char text[8192];
		snprintf(text, sizeof text, "%s%s", HEAD("2", A1 "," A2), bad[i].questions_on);
		refuse(text, ERROR_REJECTED, bad[i].place);
	}
}

static void every_truncation_is_refused(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof GOOD - 1; len++) {
		struct error err;
		struct manifest *m;
		error_clear(&err);
		arena_release(test_arena(), 0);
		assert_false(manifest_read(&m, bytes_of(GOOD, len), test_arena(), &err));
		assert_int_equal(err.kind, ERROR_MALFORMED);
	}
}

static void a_full_arena_is_an_error_of_kind_limit(void **state)
{
	(void)state;
	static _Alignas(64) uint8_t memory[16384];
	for (size_t size = 0; size < sizeof memory; size += 64) {
		struct arena small;
		struct error err;
		struct manifest *m;
		arena_init(&small, memory, size);
		error_clear(&err);
		if (manifest_read(&m, BYTES_LITERAL(GOOD), &small, &err))
			return;
		assert_int_equal(err.kind, ERROR_LIMIT);
	}
	fail_msg("16 kB should be enough");
}

static void a_draft_becomes_a_manifest_that_reads_back(void **state)
{
	(void)state;
	struct error err;
	bytes exact;
	struct manifest *m;
	const bytes answers[] = {BYTES_LITERAL("Ann \"A\" \\ B"), BYTES_LITERAL("Bj\xc3\xb6rn")};
	const bool withdrawn[] = {false, true};
	const uint16_t lot[] = {1, 0};
	struct manifest_authority authority = {BYTES_LITERAL("Org A"), TEST_KEY_1};
	const struct manifest_draft_question question = {
		.title = BYTES_LITERAL("T"),
		.rule = BYTES_LITERAL("scotland"),
		.seats = 1,
		.max = 2,
		.answers_count = 2,
		.answers = answers,
		.withdrawn = withdrawn,
		.lot = lot,
	};
	struct manifest_draft d = {
		.title = BYTES_LITERAL("T"),
		.board = {BYTES_LITERAL("b.example"), TEST_KEY_7},
		.threshold = 1,
		.authorities_count = 1,
		.authorities = &authority,
		.questions_count = 1,
		.questions = &question,
	};
	error_clear(&err);
	arena_release(test_arena(), 0);
	assert_ok(manifest_write(&exact, &d, test_arena(), &err), err);
	assert_ok(manifest_read(&m, exact, test_arena(), &err), err);
	assert_true(bytes_equal(m->questions[0].answers[0], answers[0]));
	assert_true(m->questions[0].withdrawn[1]);
	assert_int_equal(m->questions[0].rule.lot[0], 1);
	d.threshold = 2;
	assert_fails(manifest_write(&exact, &d, test_arena(), &err), err, ERROR_REJECTED);
}

/* Each group fits its ciphertext, all of them together make a ballot nobody would take. */
static void a_style_whose_ballots_would_be_too_long_is_refused(void **state)
{
	(void)state;
	static char room[400000];
	for (unsigned groups = 20; groups <= 50; groups += 30) {
		struct error err;
		struct manifest *m;
		struct text t = TEXT_OF(room);
		text_add(&t, HEAD("1", A1) "\"questions\":[");
		for (unsigned q = 0; q < groups; q++) {
			text_add(&t, q ? ",{\"id\":\"q" : "{\"id\":\"q");
			text_add_u64(&t, q);
			text_add(&t, "\",\"title\":\"T\",\"rule\":\"scotland\",\"seats\":1,\"min\":0,"
			             "\"max\":350,\"answers\":[");
			for (unsigned a = 0; a < 350; a++) {
				text_add(&t, a ? ",\"A" : "\"A");
				text_add_u64(&t, a);
				text_add(&t, "\"");
			}
			text_add(&t, "]}");
		}
		text_add(&t, "],\"groups\":[");
		for (unsigned g = 0; g < groups; g++) {
			text_add(&t, g ? ",{\"name\":\"g" : "{\"name\":\"g");
			text_add_u64(&t, g);
			text_add(&t, "\",\"questions\":[\"q");
			text_add_u64(&t, g);
			text_add(&t, "\"]}");
		}
		text_add(&t, "],\"styles\":[{\"name\":\"all\",\"groups\":[");
		for (unsigned g = 0; g < groups; g++) {
			text_add(&t, g ? ",\"g" : "\"g");
			text_add_u64(&t, g);
			text_add(&t, "\"");
		}
		text_add(&t, "]}]}");
		assert_false(t.cut);
		arena_release(test_arena(), 0);
		error_clear(&err);
		if (groups == 20) {
			assert_ok(manifest_read(&m, bytes_of(room, t.len), test_arena(), &err), err);
		} else {
			assert_fails(manifest_read(&m, bytes_of(room, t.len), test_arena(), &err), err,
			             ERROR_LIMIT);
			assert_non_null(strstr(err.detail, "styles"));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_manifest_is_read_with_all_its_parts),
		cmocka_unit_test(a_space_makes_another_election),
		cmocka_unit_test(a_threshold_above_the_number_of_authorities_is_named),
		cmocka_unit_test(no_authorities_are_refused),
		cmocka_unit_test(a_threshold_of_zero_is_refused),
		cmocka_unit_test(one_identity_for_two_authorities_is_refused),
		cmocka_unit_test(an_unknown_key_names_the_nearest),
		cmocka_unit_test(an_unknown_rule_is_named_with_the_known_ones),
		cmocka_unit_test(a_rule_that_cannot_count_its_question_is_refused),
		cmocka_unit_test(weights_that_a_rule_has_no_room_for_are_refused),
		cmocka_unit_test(counts_that_no_result_could_show_are_refused_by_a_dry_run),
		cmocka_unit_test(questions_answers_groups_and_styles_must_fit_together),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(a_full_arena_is_an_error_of_kind_limit),
		cmocka_unit_test(a_style_whose_ballots_would_be_too_long_is_refused),
		cmocka_unit_test(a_draft_becomes_a_manifest_that_reads_back),
	};
	return cmocka_run_group_tests_name("protocol/manifest", tests, NULL, NULL);
}
