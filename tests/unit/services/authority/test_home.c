/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "authority/home.h"
#include "files/disk_folder.h"
#include "files/memory_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct folder *home;
static struct election_key key;
static secret_scalar share;

static void *new_home(void)
{
	struct error err;
	error_clear(&err);
	memory_folder_free(home);
	assert_ok(memory_folder_new(&home, "home", 1 << 20, &err), err);
	return home;
}

static bytes file_of(const char *path, uint8_t *room, size_t size)
{
	struct error err;
	bytes b;
	error_clear(&err);
	assert_ok(folder_read(home, path, room, size, &b, &err), err);
	return b;
}

static void write_file(const char *path, bytes b)
{
	struct error err;
	error_clear(&err);
	assert_ok(folder_write(home, path, true, b, &err), err);
}

static void a_new_home_has_an_identity_and_its_public_part(void **state)
{
	(void)state;
	struct error err;
	struct identity_secret id;
	struct manifest_authority who;
	uint8_t room[8192];
	new_home();
	error_clear(&err);
	assert_ok(home_create(home, BYTES_LITERAL("Org \"A\" \xc3\xa9"), test_rng(), &err), err);
	assert_ok(home_identity(&id, home, &err), err);
	bytes json = file_of("identity.json", room, sizeof room);
	assert_ok(home_read_public(&who, json, test_arena(), &err), err);
	assert_memory_equal(who.identity, id.pub, 32);
	assert_string_equal((const char *)who.operator_name.p, "Org \"A\" \xc3\xa9");
	arena_release(test_arena(), 0);
}

static void an_identity_is_never_overwritten(void **state)
{
	(void)state;
	struct error err;
	uint8_t before[128], after[128];
	new_home();
	error_clear(&err);
	assert_ok(home_create(home, BYTES_LITERAL("A"), test_rng(), &err), err);
	bytes a = file_of("identity.key", before, sizeof before);
	assert_fails(home_create(home, BYTES_LITERAL("B"), test_rng(), &err), err, ERROR_CONFLICT);
	bytes b = file_of("identity.key", after, sizeof after);
	assert_true(bytes_equal(a, b));
	struct manifest_authority who;
	uint8_t room[8192];
	assert_ok(
		home_read_public(&who, file_of("identity.json", room, sizeof room), test_arena(), &err),
		err);
	assert_string_equal((const char *)who.operator_name.p, "A");
	arena_release(test_arena(), 0);
}

static void an_operator_without_a_name_is_refused(void **state)
{
	(void)state;
	struct error err;
	new_home();
	assert_fails(home_create(home, BYTES_NONE, test_rng(), &err), err, ERROR_REJECTED);
	assert_false(home->exists(home, "identity.key"));
}

static void each_malformed_identity_file_is_refused(void **state)
{
	(void)state;
	struct error err;
	struct identity_secret id;
	uint8_t file[80];
	new_home();
	assert_fails(home_identity(&id, home, &err), err, ERROR_MALFORMED);
	assert_ok(home_create(home, BYTES_LITERAL("A"), test_rng(), &err), err);
	bytes whole = file_of("identity.key", file, sizeof file);
	assert_int_equal(whole.len, 65);
	for (size_t len = 0; len < whole.len; len++) {
		write_file("identity.key", bytes_of(file, len));
		assert_fails(home_identity(&id, home, &err), err, ERROR_MALFORMED);
		assert_non_null(strstr(err.detail, "identity.key"));
	}
	for (size_t at = 0; at < whole.len; at++) {
		uint8_t was = file[at];
		file[at] = 'g';
		write_file("identity.key", whole);
		assert_fails(home_identity(&id, home, &err), err, ERROR_MALFORMED);
		file[at] = was;
	}
	file[65] = '\n';
	write_file("identity.key", bytes_of(file, 66));
	error_clear(&err);
	assert_false(home_identity(&id, home, &err));
	assert_true(err.kind == ERROR_MALFORMED || err.kind == ERROR_LIMIT);
	write_file("identity.key", whole);
	error_clear(&err);
	assert_ok(home_identity(&id, home, &err), err);
}

static void each_truncation_of_a_public_identity_is_refused(void **state)
{
	(void)state;
	struct error err;
	struct manifest_authority who;
	uint8_t room[8192];
	new_home();
	error_clear(&err);
	assert_ok(home_create(home, BYTES_LITERAL("Org A"), test_rng(), &err), err);
	bytes json = file_of("identity.json", room, sizeof room);
	for (size_t len = 0; len + 1 < json.len; len++) {
		error_clear(&err);
		if (home_read_public(&who, bytes_of(room, len), test_arena(), &err))
			fail_msg("accepted at %zu", len);
		assert_int_equal(err.kind, ERROR_MALFORMED);
	}
	static const char *const bad[] = {
		"{\"operator\":\"A\"}",
		"{\"identity\":\"00\",\"operator\":\"A\"}",
		"{\"operator\":1,\"identity\":"
		"\"0000000000000000000000000000000000000000000000000000000000000000\"}",
		"{\"operator\":\"A\",\"identity\":"
		"\"0000000000000000000000000000000000000000000000000000000000000000\",\"more\":1}",
		"[]",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		error_clear(&err);
		assert_false(home_read_public(&who, bytes_of_text(bad[i]), test_arena(), &err));
		assert_int_equal(err.kind, ERROR_MALFORMED);
	}
	arena_release(test_arena(), 0);
}

/* Argon2id at its normal cost takes a second and 256 MiB: as few as possible. */
static void a_share_comes_back_with_its_passphrase_only(void **state)
{
	(void)state;
	struct error err;
	secret_scalar back;
	bytes pass = BYTES_LITERAL("correct horse");
	new_home();
	error_clear(&err);
	assert_ok(home_save_share(home, &key, 1, &share, pass, test_rng(), &err), err);
	assert_false(home->exists(home, "seal.key"));
	assert_ok(home_load_share(&back, home, &key, 1, pass, &err), err);
	assert_true(scalar_equal(&back.secret, &share.secret));
	assert_fails(home_load_share(&back, home, &key, 1, BYTES_LITERAL("wrong"), &err), err,
	             ERROR_REJECTED);
	assert_true(scalar_is_zero(&back.secret));
	/* without one there is no seal to use in its place */
	assert_fails(home_load_share(&back, home, &key, 1, BYTES_NONE, &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.what, "none is given"));
}

static char share_file[64];

static bool find_share(void *ctx, const struct folder_entry *e, struct error *err)
{
	(void)ctx;
	(void)err;
	if (strncmp(e->name, "share-", 6) == 0)
		snprintf(share_file, sizeof share_file, "%s", e->name);
	return true;
}

static void sealed(void)
{
	struct error err;
	new_home();
	error_clear(&err);
	assert_ok(home_save_share(home, &key, 1, &share, BYTES_NONE, test_rng(), &err), err);
	assert_ok(home->list(home, "", find_share, NULL, &err), err);
}

static void without_a_passphrase_the_seal_is_in_its_place(void **state)
{
	(void)state;
	struct error err;
	secret_scalar back;
	uint8_t seal[80], file[SEALED_FILE_BYTES];
	sealed();
	error_clear(&err);
	assert_ok(home_load_share(&back, home, &key, 1, BYTES_NONE, &err), err);
	assert_true(scalar_equal(&back.secret, &share.secret));
	assert_fails(home_load_share(&back, home, &key, 1, BYTES_LITERAL("a passphrase"), &err), err,
	             ERROR_REJECTED);
	assert_non_null(strstr(err.what, "sealed without one"));
	assert_true(scalar_is_zero(&back.secret));
	bytes s = file_of("seal.key", seal, sizeof seal);
	assert_int_equal(s.len, 65);
	assert_int_equal(file_of(share_file, file, sizeof file).len, SEALED_FILE_BYTES);
	for (size_t len = 0; len < s.len; len += 8) {
		write_file("seal.key", bytes_of(seal, len));
		assert_fails(home_load_share(&back, home, &key, 1, BYTES_NONE, &err), err, ERROR_MALFORMED);
	}
	seal[3] = seal[3] == '0' ? '1' : '0';
	write_file("seal.key", s);
	assert_fails(home_load_share(&back, home, &key, 1, BYTES_NONE, &err), err, ERROR_REJECTED);
}

static void a_share_is_never_overwritten(void **state)
{
	(void)state;
	struct error err;
	uint8_t before[SEALED_FILE_BYTES], after[SEALED_FILE_BYTES];
	sealed();
	file_of(share_file, before, sizeof before);
	assert_fails(home_save_share(home, &key, 1, &share, BYTES_NONE, test_rng(), &err), err,
	             ERROR_CONFLICT);
	file_of(share_file, after, sizeof after);
	assert_memory_equal(before, after, sizeof before);
}

static void a_share_of_another_party_or_election_is_rejected(void **state)
{
	(void)state;
	struct error err;
	secret_scalar back;
	uint8_t file[SEALED_FILE_BYTES];
	char path[64];
	sealed();
	assert_fails(home_load_share(&back, home, &key, 2, BYTES_NONE, &err), err, ERROR_REJECTED);
	struct election_key other = key;
	other.eid.b[31] ^= 1; /* the same file name */
	assert_fails(home_load_share(&back, home, &other, 1, BYTES_NONE, &err), err, ERROR_REJECTED);
	other = key;
	other.eid.b[0] ^= 1;
	assert_fails(home_load_share(&back, home, &other, 1, BYTES_NONE, &err), err, ERROR_IO);
	assert_non_null(strstr(err.detail, "share-"));
	snprintf(path, sizeof path, "%s", share_file);
	path[6] = path[7] = '0';
	bytes b = file_of(share_file, file, sizeof file);
	other.eid.b[0] = 0;
	write_file(path, b);
	if (key.eid.b[0] != 0)
		assert_fails(home_load_share(&back, home, &other, 1, BYTES_NONE, &err), err,
		             ERROR_REJECTED);
	other = key;
	other.shares[0] = key.shares[1];
	assert_fails(home_load_share(&back, home, &other, 1, BYTES_NONE, &err), err, ERROR_REJECTED);
}

static void each_changed_or_cut_share_file_is_refused(void **state)
{
	(void)state;
	struct error err;
	secret_scalar back;
	uint8_t file[SEALED_FILE_BYTES + 1] = {0};
	sealed();
	bytes b = file_of(share_file, file, sizeof file);
	for (uint64_t i = 0; i < TEST_COUNT(40, 2000); i++) {
		size_t at = (size_t)(i < 80 ? i * 2 : test_random_below(b.len));
		file[at] ^= (uint8_t)(1u << test_random_below(8));
		write_file(share_file, b);
		error_clear(&err);
		assert_false(home_load_share(&back, home, &key, 1, BYTES_NONE, &err));
		assert_true(err.kind == ERROR_REJECTED || err.kind == ERROR_MALFORMED ||
		            err.kind == ERROR_LIMIT || err.kind == ERROR_IO);
		sealed();
		b = file_of(share_file, file, sizeof file);
	}
	for (size_t len = 0; len <= b.len + 1; len += len < 100 || len + 3 > b.len ? 1 : 999) {
		if (len == b.len)
			continue;
		write_file(share_file, bytes_of(file, len));
		error_clear(&err);
		assert_false(home_load_share(&back, home, &key, 1, BYTES_NONE, &err));
		assert_true(err.kind == ERROR_MALFORMED || err.kind == ERROR_LIMIT);
	}
}

/* Nor does it hold another ceremony of that manifest: begun is what cannot be known. */
static void a_restored_home_is_for_the_key_of_its_backup(void **state)
{
	(void)state;
	struct error err;
	struct ceremony_past past;
	struct identity_secret identity;
	struct key_backup backup = {.share = share};
	const struct home_restored r = {.key = &key,
	                                .index = 1,
	                                .operator_name = BYTES_LITERAL("X"),
	                                .backup = &backup,
	                                .passphrase = BYTES_NONE};
	new_home();
	error_clear(&err);
	assert_ok(identity_generate(&identity, test_rng(), &err), err);
	memcpy(backup.seed, identity.seed, sizeof backup.seed);
	assert_ok(home_ceremony_past(&past, home, &key.d, key.parties, &err), err);
	assert_int_equal(past.begun, 0);
	assert_false(past.finished);
	assert_ok(home_restore(home, &r, test_rng(), &err), err);
	assert_ok(home_ceremony_past(&past, home, &key.d, key.parties, &err), err);
	assert_int_equal(past.begun, LIMIT_ATTEMPTS);
	assert_true(past.finished && digest_equal(&past.eid, &key.eid));
	assert_ok(home_is_for_key(home, &key, &err), err);
	struct election_key other = key;
	other.eid.b[0] ^= 1;
	assert_fails(home_is_for_key(home, &other, &err), err, ERROR_CONFLICT);
	struct home_restored another = r;
	another.key = &other;
	assert_fails(home_restore(home, &another, test_rng(), &err), err, ERROR_CONFLICT);
	other.d.b[0] ^= 1; /* what it does for other manifests is another matter */
	assert_ok(home_is_for_key(home, &other, &err), err);
}

static void what_is_kept_of_ceremonies_is_read_whole_or_not_at_all(void **state)
{
	(void)state;
	struct error err;
	char path[64], hex[17];
	uint8_t room[CEREMONY_PAST_BYTES + 1];
	struct ceremony_past past = {.begun = 3, .certified = 2}, back;
	new_home();
	error_clear(&err);
	assert_ok(home_keep_ceremony_past(home, &past, &key.d, key.parties, &err), err);
	past.begun = 4;
	assert_ok(home_keep_ceremony_past(home, &past, &key.d, key.parties, &err), err);
	assert_ok(home_ceremony_past(&back, home, &key.d, key.parties, &err), err);
	assert_int_equal(back.begun, 4);
	assert_int_equal(back.certified, 2);
	hex_encode(hex, bytes_of(key.d.b, 8));
	snprintf(path, sizeof path, "ceremony-%s", hex);
	bytes whole = file_of(path, room, sizeof room);
	for (size_t len = 0; len < whole.len; len++) {
		write_file(path, bytes_of(room, len));
		assert_fails(home_ceremony_past(&back, home, &key.d, key.parties, &err), err,
		             ERROR_MALFORMED);
		assert_non_null(strstr(err.detail, path));
	}
}

static int set_up(void **state)
{
	(void)state;
	struct error err;
	const point g = point_generator();
	secret_scalar x;
	error_clear(&err);
	assert_ok(group_init(NULL, &err), err);
	memset(&key, 0, sizeof key);
	assert_ok(rng_fill(test_rng(), key.eid.b, 32, &err), err);
	assert_ok(rng_fill(test_rng(), key.t.b, 32, &err), err);
	key.parties = 2;
	key.threshold = 2;
	assert_ok(secret_scalar_random(&share, test_rng(), &err), err);
	point_mul(&key.shares[0], &share, &g);
	assert_ok(secret_scalar_random(&x, test_rng(), &err), err);
	point_mul(&key.shares[1], &x, &g);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	memory_folder_free(home);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_home_has_an_identity_and_its_public_part),
		cmocka_unit_test(an_identity_is_never_overwritten),
		cmocka_unit_test(an_operator_without_a_name_is_refused),
		cmocka_unit_test(each_malformed_identity_file_is_refused),
		cmocka_unit_test(each_truncation_of_a_public_identity_is_refused),
		cmocka_unit_test(a_share_comes_back_with_its_passphrase_only),
		cmocka_unit_test(without_a_passphrase_the_seal_is_in_its_place),
		cmocka_unit_test(a_share_is_never_overwritten),
		cmocka_unit_test(a_share_of_another_party_or_election_is_rejected),
		cmocka_unit_test(each_changed_or_cut_share_file_is_refused),
		cmocka_unit_test(a_restored_home_is_for_the_key_of_its_backup),
		cmocka_unit_test(what_is_kept_of_ceremonies_is_read_whole_or_not_at_all),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
