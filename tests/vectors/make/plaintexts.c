/* SPDX-License-Identifier: Apache-2.0 */
/* docs/protocol.md 6.1, 11: from choices to digits to points, and what each is worth. */
#include "support/support.h"

#include "vectors/make/vectors.h"

#include "ballot/choices.h"
#include "ballot/plaintext.h"

#include <string.h>

#define DIGITS_MAX 512u
#define QUESTIONS_MAX 2u

/* One group of one or two questions, and a vote in it: the values that are not 0. */
struct sample {
	const char *name;
	unsigned questions;
	struct choices_rule rule[QUESTIONS_MAX];
	struct {
		unsigned digit;
		uint32_t value;
	} set[40]; /* until a value of 0 */
};

#define MARKS(answers, min, max, fields)                       \
	{                                                          \
		CHOICES_MARKS, (answers), (min), (max), (fields), 0, 0 \
	}
#define RANKS(answers, min, max, fields)                       \
	{                                                          \
		CHOICES_RANKS, (answers), (min), (max), (fields), 0, 0 \
	}
#define POINTS(answers, max, fields, points, total)                      \
	{                                                                    \
		CHOICES_POINTS, (answers), 0, (max), (fields), (points), (total) \
	}

static const struct sample samples[] = {
	{"two answers of three", 1, {MARKS(3, 1, 2, 0)}, {{1, 1}, {3, 1}}},
	{"blank", 1, {MARKS(3, 1, 2, 0)}, {{0, 0}}},
	{"the flag", 1, {MARKS(3, 1, 2, 0)}, {{0, 1}, {1, 1}}},
	{"three answers of two", 1, {MARKS(3, 1, 2, 0)}, {{1, 1}, {2, 1}, {3, 1}}},
	{"one answer of at least two", 1, {MARKS(3, 2, 3, 0)}, {{2, 1}}},
	{"ranks", 1, {RANKS(4, 0, 3, 0)}, {{1, 2}, {3, 1}, {4, 3}}},
	{"a rank twice", 1, {RANKS(4, 0, 3, 0)}, {{1, 1}, {3, 1}}},
	{"a gap in the ranks", 1, {RANKS(4, 0, 3, 0)}, {{1, 1}, {3, 3}}},
	/* digits 3 …: length, then 30 bytes; "Zoë" */
	{"an answer and a written name",
     1,
     {MARKS(2, 0, 2, 1)},
     {{1, 1}, {3, 4}, {4, 'Z'}, {5, 'o'}, {6, 0xc3}, {7, 0xab}}},
	{"a written name and a byte behind it", 1, {MARKS(2, 0, 2, 1)}, {{3, 1}, {4, 'Z'}, {5, 'o'}}},
	{"a written name that is no UTF-8", 1, {MARKS(2, 0, 2, 1)}, {{3, 1}, {4, 0xc3}}},
	/* field 1: digits 2 … 32; field 2: 33 … 63 */
	{"one name written twice", 1, {MARKS(1, 0, 2, 2)}, {{2, 1}, {3, 'A'}, {33, 1}, {34, 'A'}}},
	/* digits 3: the field's rank, 4: its length */
	{"a written name ranked first",
     1,
     {RANKS(2, 0, 3, 1)},
     {{1, 2}, {3, 1}, {4, 2}, {5, 'A'}, {6, 'l'}}},
	{"a rank without a name", 1, {RANKS(2, 0, 3, 1)}, {{1, 2}, {3, 1}}},
	{"two questions of one group",
     2,
     {MARKS(2, 0, 1, 0), RANKS(3, 0, 3, 0)},
     {{2, 1}, {4, 1}, {6, 2}}},
	{"points", 1, {POINTS(4, 3, 0, 5, 0)}, {{1, 5}, {3, 1}, {4, 5}}},
	{"more points than the total", 1, {POINTS(4, 3, 0, 5, 10)}, {{1, 5}, {3, 1}, {4, 5}}},
	{"points for a written name", 1, {POINTS(2, 2, 1, 9, 9)}, {{3, 9}, {4, 1}, {5, 'A'}}},
	{"points for nobody", 1, {POINTS(2, 2, 1, 9, 9)}, {{1, 1}, {3, 8}}},
	{"three points of a curve", 1, {MARKS(500, 0, 4, 0)}, {{1, 1}, {224, 1}, {225, 1}, {500, 1}}},
};

static json_t *file;

static void put_rules(json_t *v, const struct choices_rule *rule, unsigned n)
{
	json_t *list = put_array(v, "questions");
	static const char *const gives[] = {"marks", "ranks", "points"};
	for (unsigned i = 0; i < n; i++) {
		json_t *q = json_object();
		put_text(q, "gives", gives[rule[i].kind]);
		put_int(q, "answers", rule[i].answers);
		put_int(q, "write_ins", rule[i].write_ins);
		put_int(q, "min", rule[i].min);
		put_int(q, "max", rule[i].max);
		if (rule[i].kind == CHOICES_POINTS) {
			put_int(q, "points", rule[i].points);
			put_int(q, "total", rule[i].total);
		}
		json_array_append_new(list, q);
	}
}

static void put_points_of(json_t *v, const uint8_t *plaintext, unsigned width)
{
	struct error err;
	json_t *list = put_array(v, "points");
	for (unsigned i = 0; i < width; i++) {
		point p;
		uint8_t tree[POINT_TREE_BYTES];
		assert_ok(message_encode(&p, plaintext + (size_t)i * MESSAGE_BYTES, &err), err);
		points_encode_tree(tree, &p, 1);
		add_hex(list, BYTES_OF(tree));
	}
}

static void put_list(json_t *v, const char *key, const uint32_t *list, size_t n)
{
	json_t *array = put_array(v, key);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, json_integer(list[i]));
}

static void add_verdict(json_t *list, enum verdict verdict)
{
	json_array_append_new(list, json_string(verdict_name(verdict)));
}

static size_t code_of(struct plaintext_code *code, uint32_t *bases, const struct sample *s)
{
	struct error err;
	size_t n = 0;
	error_clear(&err);
	for (unsigned i = 0; i < s->questions; i++) {
		assert_ok(choices_rule_check(&s->rule[i], &err), err);
		n += choices_bases(bases + n, &s->rule[i]);
	}
	assert_true(n <= DIGITS_MAX);
	assert_ok(plaintext_code_init(code, bases, n, &err), err);
	return n;
}

static void one(const struct sample *s)
{
	uint32_t bases[DIGITS_MAX], digits[DIGITS_MAX] = {0};
	uint8_t plaintext[PLAINTEXT_MAX_BYTES];
	struct plaintext_code code;
	struct error err;
	size_t n = code_of(&code, bases, s), at = 0;
	for (size_t i = 0; s->set[i].value; i++)
		digits[s->set[i].digit] = s->set[i].value;
	assert_ok(plaintext_encode(plaintext, &code, digits, &err), err);
	json_t *v = vector(file, "plaintext", s->name);
	put_rules(v, s->rule, s->questions);
	if (n < 64)
		put_list(v, "bases", bases, n);
	put_int(v, "width", code.width);
	put_list(v, "digits", digits, n);
	put_hex(v, "plaintext", bytes_of(plaintext, plaintext_bytes(&code)));
	put_points_of(v, plaintext, code.width);
	json_t *list = put_array(v, "verdicts");
	for (unsigned i = 0; i < s->questions; i++) {
		add_verdict(list, choices_verdict_vartime(&s->rule[i], digits + at));
		at += choices_digits(&s->rule[i]);
	}
}

/* Points that no booth makes. */
static void odd_ones(void)
{
	uint32_t bases[DIGITS_MAX], digits[DIGITS_MAX];
	uint8_t plaintext[MESSAGE_BYTES] = {0}, tree[POINT_TREE_BYTES];
	struct plaintext_code code;
	struct error err;
	point p;
	code_of(&code, bases, &samples[0]);
	plaintext[MESSAGE_BYTES - 1] = 16; /* 2^4, the product of the bases */
	for (unsigned odd = 0; odd < 2; odd++) {
		assert_ok(message_encode(&p, plaintext, &err), err);
		if (odd)
			point_neg(&p, &p);
		json_t *v = vector(file, "plaintext", odd ? "the other root" : "one too large");
		put_rules(v, samples[0].rule, 1);
		put_int(v, "width", 1);
		points_encode_tree(tree, &p, 1);
		add_hex(put_array(v, "points"), BYTES_OF(tree));
		add_verdict(put_array(v, "verdicts"), plaintext_decode_points_vartime(digits, &code, &p));
	}
}

json_t *vectors_plaintexts(void)
{
	file = vector_file("docs/protocol.md 6.1, 11: questions, a vote's digits, the plaintext, its "
	                   "points, and what the vote is worth");
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		one(&samples[i]);
	odd_ones();
	return file;
}
