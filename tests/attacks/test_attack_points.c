/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks 6, 7 and 8, and marks in plaintexts: what is no point, no encoding, no choice. */
#include "support/support.h"

#include "attacks/attacker.h"
#include "group/lift.h"

static uint8_t mine[URN_BALLOT_MAX], room[URN_BALLOT_MAX];

/* --- 6: no points of the group --- */

static const char p_hex[] = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";

/* 33 bytes of a coordinate; what is not said is zero. */
static void put_coordinate(size_t at, const uint8_t x[32])
{
	mine[at] = 0;
	memcpy(mine + at + 1, x, 32);
}

static void put_bad_point(size_t at, unsigned kind)
{
	uint8_t x[32] = {0}, y[32] = {0}, raw[64];
	const point g = point_generator(), infinity = point_infinity();
	switch (kind) {
	case 0:
		put_point(mine, at, &infinity);
		return;
	case 1: /* (0, 0): of small order on y² = x³ - 3x, where b is forgotten */
		break;
	case 2: /* an x that only the twist has; y of no matter */
		do
			x[31]++;
		while (x_has_point_vartime(x));
		y[31] = 1;
		break;
	case 3: /* G with another y: of a weak curve with another b */
		point_encode_raw(raw, &g);
		memcpy(x, raw, 32);
		memcpy(y, raw + 32, 32);
		y[31] ^= 1;
		break;
	case 4: /* p, where zero would be meant, and a root of b */
		test_from_hex(x, 32, p_hex);
		points_encode_tree(mine + at, &g, 1);
		memcpy(y, mine + at + 49, 32);
		break;
	case 5: /* all coordinates 2^256 - 1, with a byte in front of them that is not zero */
		memset(x, 0xff, 32);
		memset(y, 0xff, 32);
		break;
	default: /* half infinity */
		points_encode_tree(mine + at, &g, 1);
		memset(mine + at + 10, 0xff, 33);
		return;
	}
	put_coordinate(at + 10, x);
	put_coordinate(at + 48, y);
}
#define BAD_POINTS 7u

static void attack_06_what_is_no_point_of_the_group_is_malformed(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		scene_begin((enum ballot_mode)mode);
		scene_open();
		scene_vote(room, 3, 0);
		const struct map m = map_of(0);
		const size_t places[] = {m.p, m.u[0], m.u[2], m.v[0], m.v[1], m.a[0], m.a[2], m.r};
		for (unsigned i = mode ? 0 : 1; i < (mode ? 8 : 7); i++)
			for (unsigned kind = 0; kind < BAD_POINTS; kind++) {
				bytes b = urn_ballot(mine, &u, 6, 0, 0);
				put_bad_point(places[i], kind);
				scene_attack(b, BOARD_MALFORMED, "no point");
			}
		scene_named("6: no points");
		scene_end();
	}
}

/* --- 6, 8: no choices, in ballots that prove all they have to --- */

/* Instead of component j of a vote in style "north": q1 is component 0, q2 has 1 and 2. */
static void put_message(const scalar *r, unsigned j, const point *message)
{
	const struct map m = map_of(0);
	point v;
	point_mul_vartime(&v, &r[j], &u.pk.y);
	point_add(&v, &v, message);
	put_point(mine, m.v[j], &v);
}

static void cast_message(unsigned voter, unsigned j, const point *message)
{
	scalar r[COMPONENTS_MAX];
	u.voters[voter].style = 0;
	bytes b = open_ballot(mine, r, voter, 0, 0);
	put_message(r, j, message);
	prove_ballot(mine, r, voter, 0, 0);
	scene_honest(b, "a well-formed ballot");
}

/* A point whose x is message, length, counter: the n-th of them, with this length. */
static point encoded(uint64_t number, unsigned length, unsigned n)
{
	uint8_t x[32] = {0}, raw[64];
	point p;
	store_be64(x + 21, number);
	x[29] = (uint8_t)(length >> 8);
	x[30] = (uint8_t)length;
	for (;; x[31]++) {
		assert_true(x[31] < 255);
		if (x_has_point_vartime(x) && n-- == 0)
			break;
	}
	assert_true(point_lift_vartime(&p, x));
	if (!point_is_lifted_vartime(&p))
		point_neg(&p, &p);
	point_encode_raw(raw, &p);
	assert_memory_equal(raw, x, 32);
	return p;
}

/* Of question q1 or q2; the result is compared as bytes by the verifiers, this is for us. */
static void counted(unsigned question, const char *verdict, unsigned n)
{
	char text[64];
	bytes json = urn_file(&u, "result.json");
	char *all = calloc(json.len + 1, 1);
	assert_non_null(all);
	memcpy(all, json.p, json.len);
	const char *at = strstr(all, "\"verdicts\"");
	for (unsigned i = 0; i < question && at; i++)
		at = strstr(at + 1, "\"verdicts\"");
	assert_non_null(at);
	snprintf(text, sizeof text, "\"%s\":%u,", verdict, n);
	const char *found = strstr(at, text), *end = strstr(at, "}");
	snprintf(text, sizeof text, "\"%s\":%u}", verdict, n);
	const char *last = strstr(at, text);
	if (!(found && found < end) && !(last && last < end))
		fail_msg("not %s in %.*s", text, (int)(end - at), at);
	free(all);
	scene_drop(json);
}

static void tallied(const char *about)
{
	scene_close();
	scene_tally();
	scene_judged("", about);
}

/* One vote, many points: voters could be told apart by them, were more than one counted. */
static void attack_marked_plaintexts_are_not_canonical_and_do_not_count(void **state)
{
	(void)state;
	scene_begin(BALLOT_SERVER);
	scene_open();
	const point honest = encoded(2, 28, 0), second = encoded(2, 28, 1), third = encoded(2, 28, 2);
	const point generator = point_generator(), infinity = point_infinity();
	const point lengths[] = {encoded(2, 0, 0),  encoded(2, 27, 0),     encoded(2, 29, 0),
	                         encoded(2, 30, 0), encoded(2, 0x8000, 0), encoded(2, 0xffff, 0)};
	point negated;
	point_neg(&negated, &honest);
	unsigned voter = 0, marked = 0;
	cast_message(voter++, 0, &honest);
	const point marks[] = {second, third, negated, generator, infinity};
	for (unsigned i = 0; i < 5; i++, marked++)
		cast_message(voter++, 0, &marks[i]);
	for (unsigned i = 0; i < 6; i++, marked++)
		cast_message(voter++, 0, &lengths[i]);
	/* one of the two points of q2: the other does not save it */
	const point zero = encoded(0, 28, 1);
	cast_message(voter++, 1, &zero);
	cast_message(voter++, 2, &zero);
	tallied("marked plaintexts");
	counted(0, "not-canonical", marked);
	counted(1, "not-canonical", 2);
	assert_true(u.listed > voter);
	scene_end();
}

static void attack_06_a_plaintext_beyond_all_choices_is_out_of_range(void **state)
{
	(void)state;
	scene_begin(BALLOT_SERVER);
	scene_open();
	static const uint64_t beyond[] = {8, 9, 255, 256, (uint64_t)1 << 32, UINT64_MAX};
	for (unsigned i = 0; i < 6; i++) {
		const point m = encoded(beyond[i], 28, 0);
		cast_message(i, 0, &m);
	}
	tallied("6: out of range");
	counted(0, "out-of-range", 6);
	counted(0, "valid", 0);
	scene_end();
}

/* A plaintext is one number; its digits are bits here: invalid 1, Yes 2, No 4. Whatever somebody
 * adds up, fractions and negative votes included, is one of the eight, and each has one verdict. */
static void attack_08_votes_of_two_or_less_than_none_are_votes_that_anybody_could_cast(void **state)
{
	(void)state;
	scene_begin(BALLOT_SERVER);
	scene_open();
	static const struct {
		int flag, yes, no;
	} sums[] = {{0, 2, -1}, {0, -1, 1}, {0, 2, 0}, {2, 0, 0}, {0, 1, 1}, {1, 1, 0},
	            {1, 0, 0},  {-1, 0, 1}, {1, 1, 1}, {0, 0, 0}, {-2, 1, 0}};
	unsigned n = sizeof sums / sizeof *sums;
	for (unsigned i = 0; i < n; i++) {
		int sum = sums[i].flag + 2 * sums[i].yes + 4 * sums[i].no;
		assert_in_range(sum, 0, 7);
		const point m = encoded((uint64_t)sum, 28, 0);
		cast_message(i, 0, &m);
	}
	tallied("8: sums");
	counted(0, "blank", 3);            /* (2, -1); none; -2 flags and Yes */
	counted(0, "valid", 3);            /* (-1, 1) is Yes, (2, 0) is No, two flags are Yes */
	counted(0, "too-many", 1);         /* both */
	counted(0, "invalid-by-voter", 4); /* the flag, with and without choices; 4 - 1 */
	scene_end();
}

/* --- 7: signatures in another form --- */

static const uint8_t order_l[32] = {
	0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
	0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

/* S + L: whoever forgets S < L has two signatures for one. */
static void add_order(uint8_t signature[static 64])
{
	unsigned carry = 0;
	for (unsigned i = 0; i < 32; i++) {
		carry += (unsigned)signature[32 + i] + order_l[i];
		signature[32 + i] = (uint8_t)carry;
		carry >>= 8;
	}
	assert_int_equal(carry, 0);
}

static void honest_record(void)
{
	scene_begin(BALLOT_CREDENTIALS);
	scene_open();
	scene_vote(room, 0, 0);
	scene_vote(room, 1, 0);
	scene_close();
	scene_tally();
	scene_judged("", "honest");
}

static void attack_07_a_signature_with_s_plus_l_is_refused_wherever_it_stands(void **state)
{
	(void)state;
	static const struct {
		const char *path, *codes;
	} places[] = {
		{"endorse/close-01.bt", "6.3"},          {"endorse/l1/mix-02.bt", "8.3"},
		{"endorse/l1/ready-01.bt", "9.2"},       {"endorse/l1/factors-02.bt", "9.2"},
		{"endorse/l2/commitments-01.bt", "9.2"}, {"endorse/result-02.bt", "10.3"},
		{"ceremony/1/r0-01.bt", "3.1"},          {"ceremony/1/r3-02.bt", "3.1"},
		{"ceremony/1/r6-01.bt", "3.1"},
	};
	honest_record();
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		bytes file = urn_file(&u, places[i].path);
		uint8_t *p = (uint8_t *)(uintptr_t)file.p, kept[64];
		memcpy(kept, p + file.len - 64, 64); /* a signature is the end of each of them */
		add_order(p + file.len - 64);
		urn_write(&u, places[i].path, file);
		if (strncmp(places[i].path, "endorse/l", 9) == 0)
			scene_log_anew();
		scene_judged(places[i].codes, places[i].path);
		memcpy(p + file.len - 64, kept, 64);
		urn_write(&u, places[i].path, file);
		if (strncmp(places[i].path, "endorse/l", 9) == 0)
			scene_log_anew();
		scene_drop(file);
	}
	scene_judged("", "as it was");
	scene_end();
}

static const char base64_letters[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static size_t from_base64(uint8_t *out, const char *in)
{
	uint32_t bits = 0, n = 0;
	size_t len = 0;
	for (; strchr(base64_letters, *in) && *in; in++) {
		bits = bits << 6 | (uint32_t)(strchr(base64_letters, *in) - base64_letters);
		if ((n += 6) >= 8)
			out[len++] = (uint8_t)(bits >> (n -= 8));
	}
	return len;
}

static void to_base64(char *out, const uint8_t *in, size_t len)
{
	for (size_t i = 0; i < len; i += 3) {
		uint32_t bits = (uint32_t)in[i] << 16 | (i + 1 < len ? (uint32_t)in[i + 1] << 8 : 0) |
		                (i + 2 < len ? in[i + 2] : 0);
		for (unsigned k = 0; k < 4; k++)
			*out++ = i + k > len ? '=' : base64_letters[bits >> (18 - 6 * k) & 63];
	}
}

/* The first line of signatures is the board's; then witness after witness. */
static void attack_07_s_plus_l_in_a_signed_note_is_refused(void **state)
{
	(void)state;
	static const char *const paths[] = {BOARD_CLOSE_PATH, BOARD_FINAL_PATH};
	honest_record();
	for (unsigned i = 0; i < 4; i++) {
		uint8_t blob[128];
		bytes note = urn_file(&u, paths[i & 1]);
		char *text = calloc(note.len + 1, 1);
		assert_non_null(text);
		memcpy(text, note.p, note.len);
		char *line = strstr(text, "\n\n");
		for (unsigned k = 0; k <= i / 2; k++)
			line = strchr(line + 2, '\n') - 1;
		while (line[-1] != ' ')
			line--;
		size_t len = from_base64(blob, line);
		assert_int_equal(len, i < 2 ? 4 + 64 : 4 + 8 + 64);
		add_order(blob + len - 64);
		to_base64(line, blob, len);
		urn_write(&u, paths[i & 1], bytes_of(text, note.len));
		scene_judged(i & 1 ? "4.5" : "4.4", i < 2 ? "the board's S + L" : "a witness's S + L");
		urn_write(&u, paths[i & 1], note);
		free(text);
		scene_drop(note);
	}
	scene_judged("", "as it was");
	scene_end();
}

/* A board's key of small order: R = B with S = 1 would be its signature on everything. */
static void attack_07_a_key_of_small_order_is_nobodys(void **state)
{
	(void)state;
	const struct urn_plan plan = {
		.mode = BALLOT_SERVER, .weight_max = 1, .parties = 2, .threshold = 2};
	uint8_t small[IDENTITY_PUBLIC_BYTES] = {1}, signature[IDENTITY_SIGNATURE_BYTES];
	char key[65], hex[65];
	/* R = B, S = 1; B is 58 66 66 … */
	memset(signature, 0x66, 32);
	signature[0] = 0x58;
	memset(signature + 32, 0, 32);
	signature[32] = 1;
	assert_fails(identity_verify_vartime(small, signature, BYTES_LITERAL("anything"), &err), err,
	             ERROR_REJECTED);
	urn_begin(&u, &plan);
	hex_encode(key, BYTES_OF(u.board_key.pub));
	hex_encode(hex, BYTES_OF(small));
	bytes manifest = urn_file(&u, "manifest.json");
	char *at = memmem((char *)(uintptr_t)manifest.p, manifest.len, key, 64);
	assert_non_null(at);
	memcpy(at, hex, 64);
	urn_write(&u, "manifest.json", manifest);
	const struct record_anchor anchor = {.kind = ANCHOR_ELECTION, .eid = u.key.eid};
	assert_int_equal(tally_verify(&u, u.record, &anchor, &report), RECORD_REJECTED);
	assert_string_equal(tally_failed(&report), "2.1");
	assert_non_null(strstr(tally_error(&report, "2.1")->what, "nobody's key"));
	if (questions)
		compare("7: a key of small order");
	scene_drop(manifest);
	urn_end(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_06_what_is_no_point_of_the_group_is_malformed),
		cmocka_unit_test(attack_marked_plaintexts_are_not_canonical_and_do_not_count),
		cmocka_unit_test(attack_06_a_plaintext_beyond_all_choices_is_out_of_range),
		cmocka_unit_test(
			attack_08_votes_of_two_or_less_than_none_are_votes_that_anybody_could_cast),
		cmocka_unit_test(attack_07_a_signature_with_s_plus_l_is_refused_wherever_it_stands),
		cmocka_unit_test(attack_07_s_plus_l_in_a_signed_note_is_refused),
		cmocka_unit_test(attack_07_a_key_of_small_order_is_nobodys),
		cmocka_unit_test(the_second_verifier_says_the_same),
	};
	return cmocka_run_group_tests(tests, scene_set_up, NULL);
}
