/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ballots computed by another implementation (make_ballot.py): ours must make the same bytes from
 * the same nonces, and read and accept them.
 */
#include "support/support.h"

#include "ballot/ballot.h"
#include "ballot/confirmation.h"

#include <jansson.h>

#define BALLOT_MAX 4096u
#define COMPONENTS_MAX 8u

static json_t *vectors;
static struct public_key pk;
static struct ballot_style styles[2];
static struct ballot_rules rules = {.styles = styles, .styles_count = 2};

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));
	if (!text)
		fail_msg("the vectors lack %s", name);
	return text;
}

static bytes bytes_named(const json_t *object, const char *name, uint8_t *room, size_t size)
{
	const char *hex = text_of(object, name);
	size_t len = strlen(hex) / 2;
	assert_true(len <= size);
	test_from_hex(room, len, hex);
	return bytes_of(room, len);
}

static scalar scalar_named(const json_t *object, const char *name)
{
	uint8_t raw[SCALAR_BYTES];
	scalar out;
	bytes_named(object, name, raw, sizeof raw);
	assert_true(scalar_decode(&out, raw));
	return out;
}

static int set_up(void **state)
{
	(void)state;
	struct error err;
	uint8_t tree[POINT_TREE_BYTES];
	point y, again;
	static const uint32_t all[] = {1}, north[] = {2, 1};
	const point g = point_generator();
	bytes file = test_file("tests/vectors/ballot.json");
	vectors = json_loadb((const char *)file.p, file.len, 0, NULL);
	assert_non_null(vectors);
	bytes_named(vectors, "eid", rules.eid.b, sizeof rules.eid.b);
	bytes in = bytes_named(vectors, "public_key", tree, sizeof tree);
	assert_ok(points_decode_tree(&y, in, 1, POINT_FINITE, &err), err);
	const secret_scalar x = {scalar_named(vectors, "secret_key")};
	point_mul(&again, &x, &g);
	assert_true(point_equal(&y, &again));
	assert_ok(public_key_init(&pk, &y, test_arena(), test_arena(), &err), err);
	assert_ok(ballot_style_init(&styles[0], BYTES_LITERAL("all"), all, 1, &err), err);
	assert_ok(ballot_style_init(&styles[1], BYTES_LITERAL("north"), north, 2, &err), err);
	return 0;
}

static const struct ballot_style *style_of(const json_t *v)
{
	return &styles[strcmp(text_of(v, "style"), "north") == 0];
}

static void set_mode(const json_t *v)
{
	bool signs = strcmp(text_of(v, "mode"), "credentials") == 0;
	rules.mode = signs ? BALLOT_CREDENTIALS : BALLOT_SERVER;
}

static pseudonym pseudonym_of(const json_t *v)
{
	pseudonym who = {.mode = rules.mode};
	const point g = point_generator();
	if (rules.mode == BALLOT_SERVER) {
		bytes_named(v, "pseudonym", who.id, sizeof who.id);
	} else {
		const secret_scalar s = {scalar_named(v, "voter_secret")};
		point_mul(&who.key, &s, &g);
	}
	return who;
}

static void hex_items(const json_t *v, const char *name, uint8_t *out, size_t item_bytes)
{
	const json_t *array = json_object_get(v, name);
	assert_int_equal(json_array_size(array), style_of(v)->components);
	for (size_t i = 0; i < json_array_size(array); i++)
		test_from_hex(out + i * item_bytes, item_bytes,
		              json_string_value(json_array_get(array, i)));
}

/* Hands out given scalars, as the 48 bytes that are drawn for each. */
struct script {
	struct rng rng;
	scalar draws[2 * COMPONENTS_MAX];
	size_t count, next;
};

static bool fill(struct rng *rng, uint8_t *out, size_t len, struct error *err)
{
	struct script *s = (struct script *)rng;
	assert_int_equal(len, 48);
	assert_true(s->next < s->count);
	memset(out, 0, 16);
	scalar_encode(out + 16, &s->draws[s->next++]);
	(void)err;
	return true;
}

static void script_nonces(struct script *s, const json_t *v)
{
	uint8_t r[COMPONENTS_MAX * SCALAR_BYTES], a[COMPONENTS_MAX * SCALAR_BYTES];
	size_t n = style_of(v)->components;
	*s = (struct script){.rng = {fill}, .count = 2 * n};
	hex_items(v, "r", r, SCALAR_BYTES);
	hex_items(v, "a", a, SCALAR_BYTES);
	for (size_t i = 0; i < n; i++) {
		assert_true(scalar_decode(&s->draws[2 * i], r + i * SCALAR_BYTES));
		assert_true(scalar_decode(&s->draws[2 * i + 1], a + i * SCALAR_BYTES));
	}
}

static void expect(const json_t *v, const char *name, bytes got)
{
	uint8_t room[BALLOT_MAX];
	bytes expected = bytes_named(v, name, room, sizeof room);
	if (!bytes_equal(expected, got))
		fail_msg("%s of '%s' is %s, not %s", name, text_of(v, "name"), test_hex(got),
		         test_hex(expected));
}

static void expect_scalar(const json_t *v, const char *name, const scalar *got)
{
	const scalar expected = scalar_named(v, name);
	if (!scalar_equal(&expected, got))
		fail_msg("%s of '%s' differs", name, text_of(v, "name"));
}

typedef bool encrypt_fn(const struct ballot_output *out, const struct ballot_request *request,
                        struct rng *rng, struct arena *scratch, struct error *err);

static void make(const json_t *v, encrypt_fn *encrypt)
{
	struct script script;
	struct error err;
	uint8_t plaintexts[COMPONENTS_MAX * MESSAGE_BYTES], body[BALLOT_MAX], whole[BALLOT_MAX];
	digest id;
	set_mode(v);
	const struct ballot_style *style = style_of(v);
	const pseudonym who = pseudonym_of(v);
	uint32_t seq = (uint32_t)json_integer_value(json_object_get(v, "seq"));
	hex_items(v, "plaintexts", plaintexts, MESSAGE_BYTES);
	script_nonces(&script, v);
	const struct ballot_request request = {&rules, style, &pk, &who, plaintexts, 1};
	const struct ballot_output out = {body, &id, NULL};
	assert_ok(encrypt(&out, &request, &script.rng, test_arena(), &err), err);
	assert_int_equal(script.next, script.count);
	bytes made = bytes_of(body, ballot_body_bytes(style, rules.mode));
	expect(v, "body", made);
	expect(v, "id", BYTES_OF(id.b));
	if (rules.mode == BALLOT_SERVER) {
		ballot_wrap(whole, made, seq);
	} else {
		const secret_scalar s = {scalar_named(v, "voter_secret")};
		const struct ballot_signer signer = {&s, &who.key, &rules.eid, seq};
		script = (struct script){.rng = {fill}, .draws = {scalar_named(v, "k")}, .count = 1};
		assert_ok(ballot_sign(whole, made, &signer, &script.rng, &err), err);
	}
	expect(v, "ballot", bytes_of(whole, ballot_bytes(style, rules.mode)));
}

static void our_ballots_are_the_same_bytes(void **state)
{
	(void)state;
	size_t i;
	json_t *v;
	json_array_foreach(json_object_get(vectors, "ballots"), i, v)
	{
		make(v, ballots_encrypt);
		make(v, ballots_encrypt_public_vartime);
	}
	assert_int_equal(i, 5);
}

static void their_ballots_are_read_and_accepted(void **state)
{
	(void)state;
	size_t i;
	json_t *v;
	json_array_foreach(json_object_get(vectors, "ballots"), i, v)
	{
		uint8_t room[BALLOT_MAX], fresh[32] = {9};
		struct error err;
		struct ballot b;
		size_t mark = arena_mark(test_arena());
		char code[CONFIRMATION_TEXT_BYTES];
		set_mode(v);
		bytes in = bytes_named(v, "ballot", room, sizeof room);
		assert_ok(ballot_parse(&b, in, &rules, test_arena(), &err), err);
		assert_ok(ballots_check_vartime(&b, 1, fresh, test_arena(), &err), err);
		expect(v, "id", BYTES_OF(b.id.b));
		expect_scalar(v, "challenge", &b.challenge);
		if (rules.mode == BALLOT_CREDENTIALS)
			expect_scalar(v, "sig_challenge", &b.sig_challenge);
		const confirmation c = confirmation_of(&b.id);
		confirmation_format(code, &c);
		assert_string_equal(code, text_of(v, "confirmation"));
		arena_release(test_arena(), mark);
	}
	assert_int_equal(i, 5);
}

static void messages_are_the_same_points(void **state)
{
	(void)state;
	size_t i;
	json_t *v;
	json_array_foreach(json_object_get(vectors, "ballots"), i, v)
	{
		uint8_t plaintexts[COMPONENTS_MAX * MESSAGE_BYTES];
		uint8_t expected[COMPONENTS_MAX * POINT_TREE_BYTES], tree[POINT_TREE_BYTES];
		struct error err;
		hex_items(v, "plaintexts", plaintexts, MESSAGE_BYTES);
		hex_items(v, "messages", expected, POINT_TREE_BYTES);
		for (size_t j = 0; j < style_of(v)->components; j++) {
			point m;
			assert_ok(message_encode(&m, plaintexts + j * MESSAGE_BYTES, &err), err);
			points_encode_tree(tree, &m, 1);
			assert_memory_equal(tree, expected + j * POINT_TREE_BYTES, sizeof tree);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_ballots_are_the_same_bytes),
		cmocka_unit_test(their_ballots_are_read_and_accepted),
		cmocka_unit_test(messages_are_the_same_points),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
