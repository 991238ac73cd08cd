/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random questions, random choices: from digits to a cast ballot, through parsing, checking and
 * decryption, back to the same digits; and no length tells a choice.
 */
#include "support/support.h"

#include "ballot/ballot.h"
#include "ballot/choices.h"
#include "ballot/confirmation.h"
#include "ballot/plaintext.h"

#define GROUPS_MAX 3u
#define DIGITS_MAX 800u

struct group {
	uint32_t bases[DIGITS_MAX], digits[DIGITS_MAX];
	struct plaintext_code code;
};

static struct group groups[GROUPS_MAX];
static secret_scalar key;
static struct public_key pk;

static int set_up(void **state)
{
	(void)state;
	struct error err;
	const point g = point_generator();
	point y;
	if (!secret_scalar_random(&key, test_rng(), &err))
		return 1;
	point_mul(&y, &key, &g);
	return !public_key_init(&pk, &y, test_arena(), test_arena(), &err);
}

static void random_question(struct choices_rule *rule)
{
	rule->kind = (enum choices_kind)test_random_below(3);
	rule->points = rule->kind == CHOICES_POINTS ? (uint32_t)test_random_below(20) + 1 : 0;
	rule->total = 0;
	rule->answers = (uint32_t)test_random_below(120) + 1;
	rule->write_ins = test_random_below(4) ? 0 : (uint32_t)test_random_below(3);
	rule->max = (uint32_t)test_random_below(rule->answers + rule->write_ins) + 1;
	rule->min = 0;
}

/* A group of random questions whose width is 1, 2 or 3. */
static void random_group(struct group *g)
{
	do {
		size_t digits = 0;
		for (uint64_t n = 1 + test_random_below(4); n > 0; n--) {
			struct choices_rule rule;
			random_question(&rule);
			digits += choices_bases(g->bases + digits, &rule);
		}
		struct error err;
		assert_ok(plaintext_code_init(&g->code, g->bases, digits, &err), err);
	} while (g->code.width > 3);
}

/* Sometimes the smallest or the largest number of all. */
static void random_digits(struct group *g)
{
	uint64_t extreme = test_random_below(8);
	for (size_t i = 0; i < g->code.digits; i++) {
		g->digits[i] = (uint32_t)test_random_below(g->bases[i]);
		if (extreme == 0)
			g->digits[i] = 0;
		if (extreme == 1)
			g->digits[i] = g->bases[i] - 1;
	}
}

struct made {
	struct ballot_style style;
	struct ballot_rules rules;
	uint8_t plaintexts[GROUPS_MAX * 3 * MESSAGE_BYTES];
	uint8_t bytes[8192];
	bytes in;
};

static void make(struct made *m, size_t groups_count)
{
	struct error err;
	uint32_t widths[GROUPS_MAX];
	uint8_t body[8192];
	size_t at = 0;
	for (size_t g = 0; g < groups_count; g++) {
		widths[g] = groups[g].code.width;
		random_digits(&groups[g]);
		assert_ok(plaintext_encode(m->plaintexts + at, &groups[g].code, groups[g].digits, &err),
		          err);
		at += plaintext_bytes(&groups[g].code);
	}
	pseudonym who = {.mode = BALLOT_SERVER};
	assert_ok(rng_fill(test_rng(), who.id, sizeof who.id, &err), err);
	assert_ok(ballot_style_init(&m->style, BYTES_LITERAL("s"), widths, groups_count, &err), err);
	m->rules = (struct ballot_rules){{{1, 2, 3}}, BALLOT_SERVER, &m->style, 1};
	const struct ballot_request request = {&m->rules, &m->style, &pk, &who, m->plaintexts, 1};
	const struct ballot_output out = {body, NULL, NULL};
	size_t len = ballot_body_bytes(&m->style, BALLOT_SERVER);
	assert_true(len + 14 <= sizeof m->bytes);
	if (test_random_below(2))
		assert_ok(ballots_encrypt(&out, &request, test_rng(), test_arena(), &err), err);
	else
		assert_ok(ballots_encrypt_public_vartime(&out, &request, test_rng(), test_arena(), &err),
		          err);
	ballot_wrap(m->bytes, bytes_of(body, len), 0);
	m->in = bytes_of(m->bytes, ballot_bytes(&m->style, BALLOT_SERVER));
}

static void expect_digits(const struct ballot *b, size_t groups_count)
{
	const ciphertext *ct = b->ct;
	for (size_t g = 0; g < groups_count; ct += groups[g++].code.width) {
		uint32_t digits[DIGITS_MAX];
		point m[3];
		for (size_t j = 0; j < groups[g].code.width; j++) {
			point_mul(&m[j], &key, &ct[j].u);
			point_sub(&m[j], &ct[j].v, &m[j]);
		}
		assert_int_equal(plaintext_decode_points_vartime(digits, &groups[g].code, m),
		                 VERDICT_VALID);
		assert_memory_equal(digits, groups[g].digits, groups[g].code.digits * sizeof *digits);
	}
}

static void ballots_of_random_questions_come_back_as_they_were(void **state)
{
	(void)state;
	unsigned widths_seen = 0;
	static struct made m;
	for (uint64_t i = 0; i < TEST_COUNT(60, 5000); i++) {
		size_t groups_count = 1 + test_random_below(GROUPS_MAX);
		size_t mark = arena_mark(test_arena());
		struct error err;
		struct ballot b;
		uint8_t fresh[32];
		for (size_t g = 0; g < groups_count; g++) {
			random_group(&groups[g]);
			widths_seen |= 1u << groups[g].code.width;
		}
		make(&m, groups_count);
		assert_ok(rng_fill(test_rng(), fresh, sizeof fresh, &err), err);
		assert_ok(ballot_parse(&b, m.in, &m.rules, test_arena(), &err), err);
		assert_ok(ballots_check_vartime(&b, 1, fresh, test_arena(), &err), err);
		expect_digits(&b, groups_count);
		arena_release(test_arena(), mark);
	}
	assert_int_equal(widths_seen, 1u << 1 | 1u << 2 | 1u << 3);
}

static void all_choices_of_a_style_give_equal_lengths(void **state)
{
	(void)state;
	static struct made m;
	size_t len = 0;
	random_group(&groups[0]);
	random_group(&groups[1]);
	for (uint64_t i = 0; i < TEST_COUNT(40, 1000); i++) {
		make(&m, 2);
		assert_true(len == 0 || len == m.in.len);
		len = m.in.len;
	}
}

static void one_choice_twice_shares_no_number(void **state)
{
	(void)state;
	static struct made m[2];
	struct ballot b[2];
	struct error err;
	size_t mark = arena_mark(test_arena());
	random_group(&groups[0]);
	for (size_t i = 0; i < 2; i++) {
		make(&m[i], 1);
		assert_ok(ballot_parse(&b[i], m[i].in, &m[i].rules, test_arena(), &err), err);
	}
	for (size_t j = 0; j < m[0].style.components; j++) {
		assert_false(point_equal(&b[0].ct[j].u, &b[1].ct[j].u));
		assert_false(point_equal(&b[0].ct[j].v, &b[1].ct[j].v));
		assert_false(point_equal(&b[0].commitments[j], &b[1].commitments[j]));
		assert_false(scalar_equal(&b[0].responses[j], &b[1].responses[j]));
	}
	const confirmation one = confirmation_of(&b[0].id), other = confirmation_of(&b[1].id);
	assert_false(confirmation_equal(&one, &other));
	arena_release(test_arena(), mark);
}

/* Any 28·ω bytes decode to digits that encode to the same bytes, or to nothing. */
static void decoding_is_injective(void **state)
{
	(void)state;
	unsigned in_range = 0;
	for (uint64_t i = 0; i < TEST_COUNT(3000, 300000); i++) {
		uint8_t in[3 * MESSAGE_BYTES] = {0}, again[3 * MESSAGE_BYTES];
		uint32_t digits[DIGITS_MAX];
		struct error err;
		if (i % 50 == 0)
			random_group(&groups[0]);
		size_t len = plaintext_bytes(&groups[0].code);
		size_t used = (size_t)test_random_below(len + 1);
		assert_ok(rng_fill(test_rng(), in + len - used, used, &err), err);
		if (!plaintext_decode_vartime(digits, &groups[0].code, in))
			continue;
		in_range++;
		assert_ok(plaintext_encode(again, &groups[0].code, digits, &err), err);
		assert_memory_equal(in, again, len);
	}
	assert_true(in_range > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ballots_of_random_questions_come_back_as_they_were),
		cmocka_unit_test(all_choices_of_a_style_give_equal_lengths),
		cmocka_unit_test(one_choice_twice_shares_no_number),
		cmocka_unit_test(decoding_is_injective),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
