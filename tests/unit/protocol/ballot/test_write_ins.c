/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "ballot/choices.h"
#include "ballot/plaintext.h"

static const struct choices_rule marks = {CHOICES_MARKS, 2, 1, 2, 2, 0, 0};
static const struct choices_rule ranks = {CHOICES_RANKS, 2, 1, 4, 2, 0, 0};
#define DIGITS_MAX 67u

static struct write_in field(uint32_t rank, const char *text)
{
	struct write_in w = {.rank = rank, .length = (uint32_t)strlen(text)};
	memcpy(w.text, text, w.length);
	return w;
}

/* Two answers and two fields, judged both ways. */
static enum verdict verdict(const struct choices_rule *rule, uint32_t a, uint32_t b,
                            struct write_in c, struct write_in d)
{
	struct error err;
	uint32_t digits[DIGITS_MAX];
	const struct write_in fields[] = {c, d};
	assert_ok(choices_encode(digits, rule, (const uint32_t[]){a, b}, false, &err), err);
	assert_ok(choices_encode_write_ins(digits, rule, fields, &err), err);
	enum verdict v = choices_verdict(rule, digits);
	assert_int_equal(v, choices_verdict_vartime(rule, digits));
	return v;
}

static enum verdict one_text(const void *text, size_t len)
{
	struct write_in w = {.length = (uint32_t)len};
	memcpy(w.text, text, len);
	return verdict(&marks, 0, 0, w, field(0, ""));
}
#define TEXT(literal) one_text((literal), sizeof(literal) - 1)

static void bases_of_fields_follow_the_answers(void **state)
{
	(void)state;
	uint32_t bases[DIGITS_MAX];
	assert_int_equal(choices_bases(bases, &marks), 1 + 2 + 2 * 31);
	assert_int_equal(choices_digits(&marks), 1 + 2 + 2 * 31);
	assert_int_equal(bases[3], 31);
	assert_int_equal(bases[4], 256);
	assert_int_equal(bases[33], 256);
	assert_int_equal(bases[34], 31);
	assert_int_equal(choices_bases(bases, &ranks), 1 + 2 + 2 * 32);
	assert_int_equal(bases[3], 5);
	assert_int_equal(bases[4], 31);
	assert_int_equal(bases[34], 256);
	assert_int_equal(bases[35], 5);
}

static void fields_are_read_as_they_were_written(void **state)
{
	(void)state;
	struct error err;
	uint32_t digits[DIGITS_MAX], values[] = {2, 0};
	const struct write_in fields[] = {field(1, "Zo\xc3\xab"), field(3, "")};
	assert_ok(choices_encode(digits, &ranks, values, true, &err), err);
	assert_ok(choices_encode_write_ins(digits, &ranks, fields, &err), err);
	for (size_t k = 0; k < 2; k++) {
		struct write_in back;
		choices_write_in(&back, &ranks, digits, k);
		assert_int_equal(back.rank, fields[k].rank);
		assert_int_equal(back.length, fields[k].length);
		assert_memory_equal(back.text, fields[k].text, WRITE_IN_BYTES);
	}
	assert_int_equal(digits[0], 1);
	assert_int_equal(digits[1], 2);
}

static void a_choice_without_write_ins_has_empty_fields(void **state)
{
	(void)state;
	struct error err;
	uint32_t digits[DIGITS_MAX];
	memset(digits, 0xff, sizeof digits);
	assert_ok(choices_encode(digits, &ranks, (const uint32_t[]){1, 2}, false, &err), err);
	for (size_t i = 3; i < DIGITS_MAX; i++)
		assert_int_equal(digits[i], 0);
	assert_int_equal(choices_verdict(&ranks, digits), VERDICT_VALID);
}

static void lengths_and_ranks_without_a_digit_are_refused(void **state)
{
	(void)state;
	struct error err;
	uint32_t digits[DIGITS_MAX];
	struct write_in fields[] = {field(0, ""), field(4, "abc")};
	assert_ok(choices_encode_write_ins(digits, &ranks, fields, &err), err);
	fields[1].rank = 5;
	assert_fails(choices_encode_write_ins(digits, &ranks, fields, &err), err, ERROR_MALFORMED);
	assert_ok(choices_encode_write_ins(digits, &marks, fields, &err), err); /* has no rank */
	fields[0].length = WRITE_IN_BYTES;
	assert_ok(choices_encode_write_ins(digits, &marks, fields, &err), err);
	fields[0].length = WRITE_IN_BYTES + 1;
	assert_fails(choices_encode_write_ins(digits, &marks, fields, &err), err, ERROR_MALFORMED);
	assert_true(err.at == ERROR_NOWHERE);
}

static void a_text_is_an_answer_chosen(void **state)
{
	(void)state;
	const struct write_in none = field(0, ""), a = field(0, "A"), b = field(0, "B");
	assert_int_equal(verdict(&marks, 0, 0, none, none), VERDICT_BLANK);
	assert_int_equal(verdict(&marks, 0, 0, a, none), VERDICT_VALID);
	assert_int_equal(verdict(&marks, 0, 0, none, b), VERDICT_VALID);
	assert_int_equal(verdict(&marks, 1, 0, a, none), VERDICT_VALID);
	assert_int_equal(verdict(&marks, 1, 1, a, none), VERDICT_TOO_MANY);
	assert_int_equal(verdict(&marks, 1, 0, a, b), VERDICT_TOO_MANY);
	const struct choices_rule two = {CHOICES_MARKS, 2, 2, 4, 2, 0, 0};
	assert_int_equal(verdict(&two, 0, 0, a, none), VERDICT_TOO_FEW);
	assert_int_equal(verdict(&two, 0, 0, a, b), VERDICT_VALID);
}

static void ranks_of_texts_and_answers_are_one_order(void **state)
{
	(void)state;
	const struct write_in none = field(0, "");
	assert_int_equal(verdict(&ranks, 1, 3, field(2, "A"), none), VERDICT_VALID);
	assert_int_equal(verdict(&ranks, 0, 0, field(2, "A"), field(1, "B")), VERDICT_VALID);
	assert_int_equal(verdict(&ranks, 1, 0, field(1, "A"), none), VERDICT_REPEATED_RANK);
	assert_int_equal(verdict(&ranks, 1, 0, field(3, "A"), none), VERDICT_MISSING_RANK);
	assert_int_equal(verdict(&ranks, 0, 0, field(1, "A"), field(1, "B")), VERDICT_REPEATED_RANK);
}

static void a_rank_without_a_text_or_a_text_without_a_rank_is_malformed(void **state)
{
	(void)state;
	const struct write_in none = field(0, "");
	assert_int_equal(verdict(&ranks, 1, 0, field(2, ""), none), VERDICT_MALFORMED_WRITE_IN);
	assert_int_equal(verdict(&ranks, 0, 0, none, field(1, "")), VERDICT_MALFORMED_WRITE_IN);
	assert_int_equal(verdict(&ranks, 1, 0, field(0, "A"), none), VERDICT_MALFORMED_WRITE_IN);
}

static void one_text_twice_is_a_verdict_of_its_own(void **state)
{
	(void)state;
	const struct choices_rule wide = {CHOICES_MARKS, 2, 0, 4, 2, 0, 0};
	assert_int_equal(verdict(&wide, 0, 0, field(0, "Ann"), field(0, "Ann")),
	                 VERDICT_REPEATED_WRITE_IN);
	assert_int_equal(verdict(&wide, 0, 0, field(0, "Ann"), field(0, "Anna")), VERDICT_VALID);
	assert_int_equal(verdict(&wide, 0, 0, field(0, "Ann"), field(0, "ann")), VERDICT_VALID);
	assert_int_equal(verdict(&wide, 0, 0, field(0, ""), field(0, "")), VERDICT_BLANK);
	assert_int_equal(verdict(&ranks, 0, 0, field(1, "A"), field(2, "A")),
	                 VERDICT_REPEATED_WRITE_IN);
}

static void bytes_behind_the_text_are_malformed(void **state)
{
	(void)state;
	for (size_t length = 0; length < WRITE_IN_BYTES; length++)
		for (size_t at = length; at < WRITE_IN_BYTES; at++) {
			struct write_in w = {.length = (uint32_t)length};
			memset(w.text, 'x', length);
			w.text[at] = 1;
			assert_int_equal(verdict(&marks, 1, 0, w, field(0, "")), VERDICT_MALFORMED_WRITE_IN);
		}
}

static void the_flag_wins_and_malformed_comes_before_blank(void **state)
{
	(void)state;
	struct error err;
	uint32_t digits[DIGITS_MAX];
	struct write_in fields[] = {{.text = {1}}, field(0, "")};
	assert_int_equal(verdict(&marks, 0, 0, fields[0], fields[1]), VERDICT_MALFORMED_WRITE_IN);
	assert_ok(choices_encode(digits, &marks, (const uint32_t[]){0, 0}, true, &err), err);
	assert_ok(choices_encode_write_ins(digits, &marks, fields, &err), err);
	assert_int_equal(choices_verdict(&marks, digits), VERDICT_INVALID_BY_VOTER);
}

static void texts_of_all_lengths_are_valid(void **state)
{
	(void)state;
	char text[WRITE_IN_BYTES];
	for (size_t len = 1; len <= WRITE_IN_BYTES; len++) {
		memset(text, 'a', len);
		assert_int_equal(one_text(text, len), VERDICT_VALID);
	}
	assert_int_equal(TEXT("\xe6\x97\xa5\xe6\x9c\xac"), VERDICT_VALID);
	assert_int_equal(TEXT("\xf0\x9f\x97\xb3 \xd9\x85\xe2\x80\x8c"), VERDICT_VALID);
	memset(text, 'a', sizeof text);
	memcpy(text + sizeof text - 4, "\xf0\x9f\x97\xb3", 4); /* up to the last byte */
	assert_int_equal(one_text(text, sizeof text), VERDICT_VALID);
	memcpy(text + sizeof text - 3, "\xf0\x9f\x97", 3); /* cut by the end of the field */
	assert_int_equal(one_text(text, sizeof text), VERDICT_MALFORMED_WRITE_IN);
}

static void texts_that_deceive_are_malformed(void **state)
{
	(void)state;
	assert_int_equal(TEXT("a\0b"), VERDICT_MALFORMED_WRITE_IN);
	assert_int_equal(TEXT("a\nb"), VERDICT_MALFORMED_WRITE_IN);
	assert_int_equal(TEXT("\x1b[2J"), VERDICT_MALFORMED_WRITE_IN);
	assert_int_equal(TEXT("a\x7f"), VERDICT_MALFORMED_WRITE_IN);
	assert_int_equal(TEXT("a\xc2\x9b"), VERDICT_MALFORMED_WRITE_IN);
	assert_int_equal(TEXT("\xe2\x80\xae"
	                      "oB"),
	                 VERDICT_MALFORMED_WRITE_IN); /* U+202E */
	assert_int_equal(TEXT("\xe2\x81\xa6"
	                      "x"),
	                 VERDICT_MALFORMED_WRITE_IN);                           /* U+2066 */
	assert_int_equal(TEXT("\xe2\x80\xa8"), VERDICT_MALFORMED_WRITE_IN);     /* U+2028 */
	assert_int_equal(TEXT("\xed\xa0\x80"), VERDICT_MALFORMED_WRITE_IN);     /* a surrogate */
	assert_int_equal(TEXT("\xc1\x81"), VERDICT_MALFORMED_WRITE_IN);         /* a long 'A' */
	assert_int_equal(TEXT("\xf4\x90\x80\x80"), VERDICT_MALFORMED_WRITE_IN); /* U+110000 */
}

/* --- against the table of RFC 3629, section 4 --- */

struct row {
	uint8_t lo[4], hi[4];
	size_t len;
};
static const struct row syntax[] = {
	{{0x00}, {0x7f}, 1},
	{{0xc2, 0x80}, {0xdf, 0xbf}, 2},
	{{0xe0, 0xa0, 0x80}, {0xe0, 0xbf, 0xbf}, 3},
	{{0xe1, 0x80, 0x80}, {0xec, 0xbf, 0xbf}, 3},
	{{0xed, 0x80, 0x80}, {0xed, 0x9f, 0xbf}, 3},
	{{0xee, 0x80, 0x80}, {0xef, 0xbf, 0xbf}, 3},
	{{0xf0, 0x90, 0x80, 0x80}, {0xf0, 0xbf, 0xbf, 0xbf}, 4},
	{{0xf1, 0x80, 0x80, 0x80}, {0xf3, 0xbf, 0xbf, 0xbf}, 4},
	{{0xf4, 0x80, 0x80, 0x80}, {0xf4, 0x8f, 0xbf, 0xbf}, 4},
};

static size_t matches(const struct row *r, const uint8_t *p, size_t len)
{
	if (len < r->len)
		return 0;
	for (size_t i = 0; i < r->len; i++)
		if (p[i] < r->lo[i] || p[i] > r->hi[i])
			return 0;
	return r->len;
}

static bool is_forbidden(const uint8_t *p, size_t len)
{
	if (len == 1)
		return p[0] < 0x20 || p[0] == 0x7f;
	if (len == 2)
		return p[0] == 0xc2 && p[1] < 0xa0;
	if (len == 3 && p[0] == 0xe2 && p[1] == 0x80)
		return p[2] >= 0xa8 && p[2] <= 0xae;
	return len == 3 && p[0] == 0xe2 && p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9;
}

static bool is_good(const uint8_t *p, size_t len)
{
	while (len > 0) {
		size_t n = 0;
		for (size_t i = 0; i < sizeof syntax / sizeof *syntax && n == 0; i++)
			n = matches(&syntax[i], p, len);
		if (n == 0 || is_forbidden(p, n))
			return false;
		p += n;
		len -= n;
	}
	return true;
}

static void check(const uint8_t *p, size_t len)
{
	enum verdict want = is_good(p, len) ? VERDICT_VALID : VERDICT_MALFORMED_WRITE_IN;
	enum verdict got = one_text(p, len);
	if (got != want)
		fail_msg("%s is %s", test_hex(bytes_of(p, len)), verdict_name(got));
}

static void every_text_of_two_bytes_is_judged_as_rfc_3629_says(void **state)
{
	(void)state;
	for (unsigned a = 0; a < 256; a++) {
		check((const uint8_t[]){(uint8_t)a}, 1);
		for (unsigned b = 0; b < 256; b++)
			check((const uint8_t[]){(uint8_t)a, (uint8_t)b}, 2);
	}
}

/* Where shortest forms, surrogates and the characters that turn directions are. */
static void texts_of_three_bytes_are_judged_as_rfc_3629_says(void **state)
{
	(void)state;
	static const uint8_t first[] = {0xe0, 0xe2, 0xed};
	for (size_t i = 0; i < sizeof first; i++)
		for (unsigned b = 0x7f; b <= 0xc0; b++)
			for (unsigned c = 0x7f; c <= 0xc0; c++)
				check((const uint8_t[]){first[i], (uint8_t)b, (uint8_t)c}, 3);
}

/* Bytes at the borders of the table, so that most combinations come near a rule. */
static void texts_near_the_rules_are_judged_as_rfc_3629_says(void **state)
{
	(void)state;
	static const uint8_t near[] = {0x00, 0x1f, 0x20, 0x41, 0x7e, 0x7f, 0x80, 0x81, 0x8f, 0x90,
	                               0x9f, 0xa0, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xae, 0xaf,
	                               0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xe2, 0xec, 0xed,
	                               0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff};
	for (uint64_t i = 0; i < TEST_COUNT(60000, 5000000); i++) {
		uint8_t text[WRITE_IN_BYTES];
		size_t len = 1 + (size_t)test_random_below(i % 3 ? 4 : WRITE_IN_BYTES);
		for (size_t k = 0; k < len; k++)
			text[k] = near[test_random_below(sizeof near)];
		check(text, len);
	}
}

/* Well-formed characters one after another: what random bytes hardly ever are. */
static void random_characters_are_judged_as_rfc_3629_says(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < TEST_COUNT(20000, 2000000); i++) {
		uint8_t text[WRITE_IN_BYTES];
		size_t len = 0;
		while (len + 4 <= WRITE_IN_BYTES) {
			const struct row *r = &syntax[test_random_below(sizeof syntax / sizeof *syntax)];
			for (size_t k = 0; k < r->len; k++)
				text[len++] = (uint8_t)(r->lo[k] + test_random_below(r->hi[k] - r->lo[k] + 1u));
		}
		check(text, len);
	}
}

static void both_ways_of_judging_agree_on_random_fields(void **state)
{
	(void)state;
	unsigned seen = 0;
	static const char *const texts[] = {"", "", "A", "B", "\xff", "Zo\xc3\xab"};
	for (uint64_t i = 0; i < TEST_COUNT(20000, 1000000); i++) {
		const struct choices_rule rule = {test_random_below(2) ? CHOICES_RANKS : CHOICES_MARKS,
		                                  2,
		                                  (uint32_t)test_random_below(3),
		                                  2 + (uint32_t)test_random_below(3),
		                                  2,
		                                  0,
		                                  0};
		uint32_t top = rule.kind == CHOICES_RANKS ? rule.max + 1 : 2;
		struct write_in f[2];
		for (size_t k = 0; k < 2; k++) {
			f[k] = field(0, texts[test_random_below(6)]);
			if (f[k].length || test_random_below(8) == 0)
				f[k].rank = (uint32_t)test_random_below(rule.max + 1);
		}
		seen |= 1u << verdict(&rule, (uint32_t)test_random_below(top),
		                      (uint32_t)test_random_below(top), f[0], f[1]);
	}
	assert_int_equal(seen | 1u << VERDICT_INVALID_BY_VOTER,
	                 (1u << (VERDICT_REPEATED_WRITE_IN + 1)) - 1); /* each of them came up */
}

static void fourteen_fields_fit_a_ciphertext_and_fifteen_do_not(void **state)
{
	(void)state;
	struct error err;
	static uint32_t bases[PLAINTEXT_MAX_DIGITS];
	struct plaintext_code code;
	struct choices_rule rule = {CHOICES_MARKS, 2, 0, 1, 14, 0, 0};
	assert_ok(plaintext_code_init(&code, bases, choices_bases(bases, &rule), &err), err);
	assert_int_equal(code.width, LIMIT_WIDTH);
	rule.write_ins = 15;
	assert_fails(plaintext_code_init(&code, bases, choices_bases(bases, &rule), &err), err,
	             ERROR_LIMIT);
}

static void a_text_survives_its_plaintext(void **state)
{
	(void)state;
	struct error err;
	uint32_t bases[DIGITS_MAX], digits[DIGITS_MAX], back[DIGITS_MAX];
	uint8_t plaintext[PLAINTEXT_MAX_BYTES];
	struct plaintext_code code;
	struct write_in got;
	const struct write_in fields[] = {field(2, "Zo\xc3\xab"),
	                                  field(1, "012345678901234567890123456789")};
	assert_ok(plaintext_code_init(&code, bases, choices_bases(bases, &ranks), &err), err);
	assert_ok(choices_encode(digits, &ranks, (const uint32_t[]){3, 4}, false, &err), err);
	assert_ok(choices_encode_write_ins(digits, &ranks, fields, &err), err);
	assert_ok(plaintext_encode(plaintext, &code, digits, &err), err);
	assert_true(plaintext_decode_vartime(back, &code, plaintext));
	assert_memory_equal(back, digits, sizeof digits);
	choices_write_in(&got, &ranks, back, 1);
	assert_memory_equal(got.text, fields[1].text, WRITE_IN_BYTES);
	assert_int_equal(choices_verdict_vartime(&ranks, back), VERDICT_VALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bases_of_fields_follow_the_answers),
		cmocka_unit_test(fields_are_read_as_they_were_written),
		cmocka_unit_test(a_choice_without_write_ins_has_empty_fields),
		cmocka_unit_test(lengths_and_ranks_without_a_digit_are_refused),
		cmocka_unit_test(a_text_is_an_answer_chosen),
		cmocka_unit_test(ranks_of_texts_and_answers_are_one_order),
		cmocka_unit_test(a_rank_without_a_text_or_a_text_without_a_rank_is_malformed),
		cmocka_unit_test(one_text_twice_is_a_verdict_of_its_own),
		cmocka_unit_test(bytes_behind_the_text_are_malformed),
		cmocka_unit_test(the_flag_wins_and_malformed_comes_before_blank),
		cmocka_unit_test(texts_of_all_lengths_are_valid),
		cmocka_unit_test(texts_that_deceive_are_malformed),
		cmocka_unit_test(every_text_of_two_bytes_is_judged_as_rfc_3629_says),
		cmocka_unit_test(texts_of_three_bytes_are_judged_as_rfc_3629_says),
		cmocka_unit_test(texts_near_the_rules_are_judged_as_rfc_3629_says),
		cmocka_unit_test(random_characters_are_judged_as_rfc_3629_says),
		cmocka_unit_test(both_ways_of_judging_agree_on_random_fields),
		cmocka_unit_test(fourteen_fields_fit_a_ciphertext_and_fifteen_do_not),
		cmocka_unit_test(a_text_survives_its_plaintext),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
