/* SPDX-License-Identifier: Apache-2.0 */
/* Codes, keys, and the list of credentials as a file. */
#include "support/support.h"

#include "unit/protocol/record/urn.h"

#include <stdlib.h>

static struct urn u;

static void a_code_gives_the_key_of_the_specification(void **state)
{
	(void)state;
	static const uint8_t raw[CONFIRMATION_BYTES] = {1,  2,  3,  4,  5,  6,  7,  8, 9,
	                                                10, 11, 12, 13, 14, 15, 16, 0};
	const digest d = sha256(BYTES_LITERAL("manifest"));
	const point g = point_generator();
	credential_code code;
	secret_scalar s;
	uint8_t bytes_of_s[32], tree[POINT_TREE_BYTES];
	point key;
	memcpy(code.secret.b, raw, sizeof raw);
	credential_secret(&s, &d, &code);
	scalar_encode(bytes_of_s, &s.secret);
	assert_string_equal(test_hex(BYTES_OF(bytes_of_s)),
	                    "26478f559998e0d47f7f162c8d30d0b2dc634073d226497ab5c30426f57a8b6d");
	point_mul(&key, &s, &g);
	points_encode_tree(tree, &key, 1);
	assert_string_equal(test_hex(bytes_of(tree + 11, 32)),
	                    "528cbcb86f68ddf40acfbe7674f69f386871964ee859ced48ebf8a2556171ec2");
}

static void a_code_is_typed_as_it_is_printed(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		credential_code code;
		confirmation again;
		char text[CONFIRMATION_TEXT_BYTES];
		struct error err;
		error_clear(&err);
		assert_ok(credential_code_random(&code, test_rng(), &err), err);
		confirmation_format(text, &code.secret);
		assert_ok(confirmation_parse(&again, bytes_of_text(text), &err), err);
		assert_true(confirmation_equal(&again, &code.secret));
	}
}

static void every_bit_of_a_code_and_the_election_decide_the_key(void **state)
{
	(void)state;
	credential_code code;
	struct error err;
	digest d = u.manifest->d;
	secret_scalar first, s;
	assert_ok(credential_code_random(&code, test_rng(), &err), err);
	credential_secret(&first, &d, &code);
	for (unsigned bit = 0; bit < 130; bit++) {
		code.secret.b[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		credential_secret(&s, &d, &code);
		assert_false(scalar_equal(&s.secret, &first.secret));
		code.secret.b[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
	}
	d.b[0] ^= 1;
	credential_secret(&s, &d, &code);
	assert_false(scalar_equal(&s.secret, &first.secret));
}

static bool collect(void *ctx, const struct credential *c, struct error *err)
{
	struct credential **at = ctx;
	(void)err;
	*(*at)++ = *c;
	return true;
}

static bool read_list(struct credential *out, struct credentials_facts *facts, struct error *err)
{
	error_clear(err);
	return credentials_read(facts, u.record, u.manifest, collect, &out, err);
}

static void the_list_is_read_as_it_was_written_and_sorted(void **state)
{
	(void)state;
	struct credential list[URN_VOTERS];
	struct credentials_facts facts;
	struct error err;
	assert_ok(read_list(list, &facts, &err), err);
	assert_int_equal(facts.records, u.listed);
	bytes file = urn_file(&u, "credentials.bt");
	digest d = sha256(file);
	assert_memory_equal(d.b, facts.file.b, 32);
	free((void *)(uintptr_t)file.p);
	for (unsigned i = 0; i < u.listed; i++) {
		uint8_t key[POINT_TREE_BYTES];
		unsigned found = 0;
		assert_true(i == 0 || memcmp(list[i - 1].key, list[i].key, sizeof key) < 0);
		for (unsigned v = 0; v < u.listed; v++) {
			points_encode_tree(key, &u.voters[v].who.key, 1);
			if (memcmp(key, list[i].key, sizeof key) != 0)
				continue;
			found++;
			assert_int_equal(list[i].style, u.voters[v].style);
			assert_int_equal(list[i].weight, u.voters[v].weight);
		}
		assert_int_equal(found, 1);
	}
}

static bool write_anew(struct credential *list, size_t n, struct error *err)
{
	return credentials_write(u.record, u.manifest, &u.registrar, list, n, err);
}

static void drop_list(void)
{
	struct error err;
	error_clear(&err);
	assert_ok(u.record->remove(u.record, CREDENTIALS_FILE, &err), err);
	assert_ok(u.record->remove(u.record, CREDENTIALS_SIGNATURE, &err), err);
}

/* The list as the election began, signed again, and freed. */
static void put_back(bytes list)
{
	urn_write(&u, CREDENTIALS_FILE, list);
	urn_sign_credentials(&u, &u.registrar, u.listed);
	free((void *)(uintptr_t)list.p);
}

static void long_lists_in_any_order_come_out_sorted(void **state)
{
	(void)state;
	size_t n = (size_t)TEST_COUNT(3000, 100000);
	struct credential *list = calloc(n, sizeof *list), *back = calloc(n, sizeof *back);
	struct credentials_facts facts;
	struct error err;
	const point g = point_generator();
	point p = g;
	assert_true(list && back);
	bytes kept = urn_file(&u, "credentials.bt");
	for (size_t i = 0; i < n; i++) {
		points_encode_tree(list[i].key, &p, 1);
		point_add(&p, &p, &g);
		list[i].style = (uint32_t)(i % URN_STYLES);
		list[i].weight = 1 + (uint32_t)(i % 5);
	}
	error_clear(&err);
	drop_list();
	assert_ok(write_anew(list, n, &err), err);
	assert_ok(read_list(back, &facts, &err), err);
	assert_int_equal(facts.records, n);
	for (size_t i = 0; i < n; i++) { /* sorted where it stood */
		assert_memory_equal(back[i].key, list[i].key, sizeof list->key);
		assert_true(back[i].style == list[i].style && back[i].weight == list[i].weight);
	}
	/* once more is a conflict: nothing of an election is replaced */
	assert_fails(write_anew(list, n, &err), err, ERROR_CONFLICT);
	list[n - 1] = list[0];
	assert_fails(write_anew(list, n, &err), err, ERROR_REJECTED);
	list[n - 1].weight = 6;
	assert_fails(write_anew(list, n, &err), err, ERROR_REJECTED);
	put_back(kept);
	free(list);
	free(back);
}

static void the_registrar_signs_the_specified_digest(void **state)
{
	(void)state;
	const struct manifest m = {.d = sha256(BYTES_LITERAL("manifest"))};
	const struct credentials_facts facts = {sha256(BYTES_LITERAL("object")), 9};
	const digest d = credentials_statement(&m, &facts);
	assert_string_equal(test_hex(BYTES_OF(d.b)),
	                    "6a04fcebd173cf5e84c477a064e81470d7696e2af5d48e48afa3d91cfd768018");
}

/* Nobody but the manifest's registrar signs the list, this list, in this election. */
static void a_list_is_the_registrars(void **state)
{
	(void)state;
	struct credential list[URN_VOTERS];
	struct credentials_facts facts;
	struct error err;
	bytes kept = urn_file(&u, CREDENTIALS_SIGNATURE);
	assert_int_equal(kept.len, 69);
	urn_sign_credentials(&u, &u.board_key, u.listed);
	assert_fails(read_list(list, &facts, &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.detail, "the registrar's signature"));
	urn_sign_credentials(&u, &u.registrar, u.listed + 1);
	assert_fails(read_list(list, &facts, &err), err, ERROR_REJECTED);
	uint8_t spoiled[70] = {0};
	for (size_t bit = 0; bit < 8 * kept.len; bit++) {
		memcpy(spoiled, kept.p, kept.len);
		spoiled[bit / 8] ^= (uint8_t)(1u << bit % 8);
		urn_write(&u, CREDENTIALS_SIGNATURE, bytes_of(spoiled, kept.len));
		assert_false(read_list(list, &facts, &err));
	}
	memcpy(spoiled, kept.p, kept.len);
	for (size_t len = 0; len <= sizeof spoiled; len++) {
		urn_write(&u, CREDENTIALS_SIGNATURE, bytes_of(spoiled, len));
		assert_int_equal(read_list(list, &facts, &err), len == kept.len);
	}
	assert_ok(u.record->remove(u.record, CREDENTIALS_SIGNATURE, &err), err);
	assert_fails(read_list(list, &facts, &err), err, ERROR_MALFORMED);
	urn_write(&u, CREDENTIALS_SIGNATURE, kept);
	assert_ok(read_list(list, &facts, &err), err);
	/* of another election with the same list and registrar */
	struct manifest other = *u.manifest;
	other.d.b[0] ^= 1;
	struct credential *at = list;
	assert_fails(credentials_read(&facts, u.record, &other, collect, &at, &err), err,
	             ERROR_REJECTED);
	free((void *)(uintptr_t)kept.p);
}

/* Neither of both files is left without the other, nor made by another home. */
static void a_list_that_cannot_be_signed_is_not_there(void **state)
{
	(void)state;
	struct credential list[URN_VOTERS];
	struct credentials_facts facts;
	struct error err;
	bytes kept = urn_file(&u, CREDENTIALS_FILE);
	assert_ok(read_list(list, &facts, &err), err);
	drop_list();
	assert_fails(credentials_write(u.record, u.manifest, &u.board_key, list, u.listed, &err), err,
	             ERROR_REJECTED);
	assert_false(u.record->exists(u.record, CREDENTIALS_FILE));
	urn_write(&u, CREDENTIALS_SIGNATURE, BYTES_LITERAL("x"));
	assert_fails(write_anew(list, u.listed, &err), err, ERROR_CONFLICT);
	assert_false(u.record->exists(u.record, CREDENTIALS_FILE));
	assert_ok(u.record->remove(u.record, CREDENTIALS_SIGNATURE, &err), err);
	assert_ok(write_anew(list, u.listed, &err), err);
	assert_ok(read_list(list, &facts, &err), err);
	put_back(kept);
}

static size_t put_record(uint8_t *at, unsigned multiple, const char *style, uint32_t weight)
{
	struct tree_writer w = {at, CREDENTIAL_RECORD_MAX, 0, false};
	uint8_t key[POINT_TREE_BYTES];
	const scalar k = scalar_of_u64(multiple);
	const point g = point_generator();
	point p = point_infinity();
	if (multiple)
		point_mul_vartime(&p, &k, &g);
	points_encode_tree(key, &p, 1);
	tree_write_node(&w, 3);
	tree_write_raw(&w, BYTES_OF(key));
	tree_write_leaf(&w, bytes_of_text(style));
	tree_write_u32(&w, weight);
	return w.len;
}

static void lists_that_are_wrong_are_refused(void **state)
{
	(void)state;
	/* x of 2G begins with 7c, of G with 6b, of 3G with 5e */
	static const struct {
		unsigned multiple[2];
		const char *style;
		uint32_t weight;
		enum error_kind kind;
	} cases[] = {
		{{1, 2}, "north", 5, ERROR_NONE},     {{2, 1}, "north", 5, ERROR_REJECTED},
		{{1, 1}, "north", 5, ERROR_REJECTED}, {{1, 2}, "North", 5, ERROR_REJECTED},
		{{1, 2}, "north", 0, ERROR_REJECTED}, {{1, 2}, "north", 6, ERROR_REJECTED},
		{{1, 2}, "", 5, ERROR_REJECTED},      {{3, 0}, "north", 5, ERROR_MALFORMED},
	};
	bytes kept = urn_file(&u, "credentials.bt");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint8_t file[2 * CREDENTIAL_RECORD_MAX];
		struct credential out[2];
		struct credentials_facts facts;
		struct error err;
		size_t len = put_record(file, cases[i].multiple[0], "north", 1);
		len += put_record(file + len, cases[i].multiple[1], cases[i].style, cases[i].weight);
		urn_write(&u, "credentials.bt", bytes_of(file, len));
		urn_sign_credentials(&u, &u.registrar, 2);
		if (cases[i].kind == ERROR_NONE) {
			assert_ok(read_list(out, &facts, &err), err);
			continue;
		}
		assert_fails(read_list(out, &facts, &err), err, cases[i].kind);
		assert_non_null(strstr(err.detail, "credential 1"));
	}
	put_back(kept);
}

static void a_list_cut_anywhere_but_between_records_is_malformed(void **state)
{
	(void)state;
	uint8_t file[2 * CREDENTIAL_RECORD_MAX];
	struct credential out[2];
	struct credentials_facts facts;
	struct error err;
	bytes kept = urn_file(&u, "credentials.bt");
	size_t first = put_record(file, 1, "north", 1), len;
	len = first + put_record(file + first, 2, "south", 5);
	for (size_t cut = 0; cut <= len; cut++) {
		bool whole = cut == 0 || cut == first || cut == len;
		urn_write(&u, "credentials.bt", bytes_of(file, cut));
		urn_sign_credentials(&u, &u.registrar, cut == len ? 2 : cut == first);
		if (read_list(out, &facts, &err) != whole)
			fail_msg("cut at %zu", cut);
		assert_true(whole || err.kind == ERROR_MALFORMED);
	}
	put_back(kept);
}

static int set_up(void **state)
{
	(void)state;
	urn_begin(&u, &(struct urn_plan){.mode = BALLOT_CREDENTIALS, .weight_max = 5});
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	urn_end(&u);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_gives_the_key_of_the_specification),
		cmocka_unit_test(a_code_is_typed_as_it_is_printed),
		cmocka_unit_test(every_bit_of_a_code_and_the_election_decide_the_key),
		cmocka_unit_test(the_list_is_read_as_it_was_written_and_sorted),
		cmocka_unit_test(long_lists_in_any_order_come_out_sorted),
		cmocka_unit_test(the_registrar_signs_the_specified_digest),
		cmocka_unit_test(a_list_is_the_registrars),
		cmocka_unit_test(a_list_that_cannot_be_signed_is_not_there),
		cmocka_unit_test(lists_that_are_wrong_are_refused),
		cmocka_unit_test(a_list_cut_anywhere_but_between_records_is_malformed),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
