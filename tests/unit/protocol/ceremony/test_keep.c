/* SPDX-License-Identifier: Apache-2.0 */
/* An authority's share is safe before it says that it has one; and the files it is kept in. */
#include "support/support.h"

#include "cheat.h"

#include <string.h>

static struct play p;

struct keeper {
	unsigned index, calls;
	enum error_kind refusal; /* ERROR_NONE: keeps it */
	bool certified;          /* when it was called */
	struct election_key key;
	secret_scalar share;
};

static bool keep(void *ctx, const struct election_key *key, const secret_scalar *share,
                 struct error *err)
{
	struct keeper *k = ctx;
	k->calls++;
	k->certified = k->certified || play_has(&p, play_path(1, CEREMONY_CERTIFY, k->index));
	k->key = *key;
	k->share = *share;
	return k->refusal == ERROR_NONE ||
	       fail_detail(err, k->refusal, "test: the disk is full", 77, "home");
}

static void the_share_is_kept_once_and_before_the_certificate(void **state)
{
	(void)state;
	struct keeper k[3];
	struct election_key key;
	play_begin(&p, 3, 2);
	for (unsigned i = 0; i < 3; i++) {
		k[i] = (struct keeper){.index = i + 1};
		ceremony_party_keep(p.party[i], keep, NULL, &k[i]);
	}
	while (ceremony_party_round(p.party[2]) < CEREMONY_CERTIFY)
		assert_true(play_sweep(&p));
	assert_int_equal(k[2].calls, 0);
	play_whole(&p, &key);
	for (unsigned i = 0; i < 3; i++) {
		secret_scalar share;
		point y, g = point_generator();
		assert_int_equal(k[i].calls, 1);
		assert_false(k[i].certified);
		assert_true(play_has(&p, play_path(1, CEREMONY_CERTIFY, i + 1)));
		/* It is this party's share of this very key. */
		assert_true(digest_equal(&k[i].key.eid, &key.eid));
		assert_true(point_equal(&k[i].key.shares[i], &key.shares[i]));
		point_mul(&y, &k[i].share, &g);
		assert_true(point_equal(&y, &key.shares[i]));
		assert_true(ceremony_party_share(&share, p.party[i]));
		assert_true(scalar_equal(&share.secret, &k[i].share.secret));
	}
	play_end(&p);
}

static void a_share_that_cannot_be_kept_is_not_certified(void **state)
{
	(void)state;
	static const enum error_kind refusals[] = {ERROR_IO, ERROR_CONFLICT};
	struct election_key key;
	for (size_t r = 0; r < sizeof refusals / sizeof refusals[0]; r++) {
		struct keeper k = {.index = 2, .refusal = refusals[r]};
		play_begin(&p, 3, 2);
		ceremony_party_keep(p.party[1], keep, NULL, &k);
		play_on(&p);
		assert_int_equal(p.err[1].kind, refusals[r]);
		assert_string_equal(p.err[1].what, "test: the disk is full");
		assert_int_equal(p.err[1].at, 77);
		assert_non_null(strstr(p.err[1].detail, "home"));
		assert_false(p.done[1]);
		assert_true(k.calls > 0);
		assert_false(play_has(&p, "1/r6-02.bt"));
		/* The others cannot finish … */
		assert_int_equal(p.err[0].kind, ERROR_UNAVAILABLE);
		assert_non_null(strstr(p.err[0].detail, "r6-02.bt"));
		/* … before there is room again. */
		k.refusal = ERROR_NONE;
		play_whole(&p, &key);
		assert_true(digest_equal(&k.key.eid, &key.eid));
		play_end(&p);
	}
}

/* What a party refuses to certify it does not keep either. */
static void nothing_is_kept_of_an_attempt_that_fails(void **state)
{
	(void)state;
	static const uint8_t row[3] = {0, 2, 0};
	struct keeper k = {.index = 1};
	struct cheat c;
	play_begin(&p, 3, 2);
	ceremony_party_keep(p.party[0], keep, NULL, &k);
	cheat_begin(&c, &p, 1, 3);
	cheat_until_open(&c);
	cheat_verdict(&c, row, 1);
	play_on(&p);
	assert_true(play_has(&p, "1/failed-01.bt"));
	assert_int_equal(k.calls, 0);
	assert_false(play_has(&p, "1/r6-01.bt"));
	play_end(&p);
}

static void what_an_earlier_run_certified_is_recalled_or_the_share_is_not_there(void **state)
{
	(void)state;
	struct election_key key;
	secret_scalar share;
	play_begin(&p, 2, 2);
	play_whole(&p, &key);
	play_start(&p, 1);
	assert_ok(play_step(&p, 1, CEREMONY_PATIENT), p.err[0]);
	assert_true(p.done[0]);
	assert_false(ceremony_party_share(&share, p.party[0]));
	play_end(&p);
}

/* --- files --- */

static struct election_key key;
static secret_scalar share;
static const struct key_share_lock lock = {{(const uint8_t *)"correct horse", 13}, {1, 8192}};

static void with_a_share(void)
{
	play_begin(&p, 3, 2);
	play_whole(&p, &key);
	assert_true(ceremony_party_share(&share, p.party[1]));
}

static void a_share_file_opens_only_as_what_it_was_sealed(void **state)
{
	(void)state;
	static uint8_t file[SEALED_FILE_BYTES];
	struct error err;
	secret_scalar back;
	with_a_share();
	error_clear(&err);
	assert_ok(key_share_seal(file, &key, 2, &share, lock, test_rng(), &err), err);
	assert_ok(key_share_open(&back, &key, 2, BYTES_OF(file), lock.passphrase, &err), err);
	assert_true(scalar_equal(&share.secret, &back.secret));
	assert_fails(key_share_open(&back, &key, 2, BYTES_OF(file), BYTES_LITERAL("wrong"), &err), err,
	             ERROR_REJECTED);
	assert_fails(key_share_open(&back, &key, 1, BYTES_OF(file), lock.passphrase, &err), err,
	             ERROR_REJECTED);
	struct election_key other = key;
	other.eid.b[0] ^= 1;
	assert_fails(key_share_open(&back, &other, 2, BYTES_OF(file), lock.passphrase, &err), err,
	             ERROR_REJECTED);
	other = key;
	other.t.b[31] ^= 1;
	assert_fails(key_share_open(&back, &other, 2, BYTES_OF(file), lock.passphrase, &err), err,
	             ERROR_REJECTED);
	other = key;
	other.shares[1] = key.shares[0];
	assert_fails(key_share_open(&back, &other, 2, BYTES_OF(file), lock.passphrase, &err), err,
	             ERROR_REJECTED);
	assert_fails(
		key_share_open(&back, &key, 2, bytes_of(file, sizeof file - 1), lock.passphrase, &err), err,
		ERROR_MALFORMED);
	play_end(&p);
}

static void a_backup_is_checked_without_being_used(void **state)
{
	(void)state;
	static uint8_t file[SEALED_FILE_BYTES];
	struct error err;
	with_a_share();
	error_clear(&err);
	assert_ok(key_share_seal(file, &key, 2, &share, lock, test_rng(), &err), err);
	assert_ok(key_share_check(&key, 2, BYTES_OF(file), lock.passphrase, &err), err);
	assert_fails(key_share_check(&key, 3, BYTES_OF(file), lock.passphrase, &err), err,
	             ERROR_REJECTED);
	assert_fails(key_share_check(&key, 2, BYTES_OF(file), BYTES_LITERAL("no"), &err), err,
	             ERROR_REJECTED);
	/* a share that does not fit is sealed as well as any other, and does not pass */
	scalar_add(&share.secret, &share.secret, &scalar_one);
	assert_ok(key_share_seal(file, &key, 2, &share, lock, test_rng(), &err), err);
	assert_fails(key_share_check(&key, 2, BYTES_OF(file), lock.passphrase, &err), err,
	             ERROR_REJECTED);
	assert_non_null(strstr(err.what, "public share"));
	play_end(&p);
}

static bool opens(struct key_backup *out, unsigned *index, const struct election_key *k,
                  bytes content, struct error *err)
{
	uint8_t identities[3 * IDENTITY_PUBLIC_BYTES];
	for (unsigned i = 0; i < 3; i++)
		memcpy(identities + (size_t)i * IDENTITY_PUBLIC_BYTES, p.identity[i].pub,
		       IDENTITY_PUBLIC_BYTES);
	const struct key_backup_file file = {content, lock.passphrase, identities};
	return key_backup_open(out, index, k, &file, err);
}

static void a_backup_has_share_and_identity_of_one_party_of_one_election(void **state)
{
	(void)state;
	static uint8_t file[SEALED_FILE_BYTES];
	struct key_backup backup, back;
	secret_scalar none;
	struct error err;
	unsigned index = 0;
	with_a_share();
	error_clear(&err);
	backup.share = share;
	memcpy(backup.seed, p.identity[1].seed, sizeof backup.seed);
	assert_ok(key_backup_seal(file, &key, 2, &backup, lock, test_rng(), &err), err);
	assert_ok(opens(&back, &index, &key, BYTES_OF(file), &err), err);
	assert_int_equal(index, 2);
	assert_true(scalar_equal(&back.share.secret, &share.secret));
	assert_memory_equal(back.seed, backup.seed, sizeof back.seed);
	/* It is no share, and a share is no backup. */
	assert_fails(key_share_open(&none, &key, 2, BYTES_OF(file), lock.passphrase, &err), err,
	             ERROR_MALFORMED);
	struct election_key other = key;
	other.eid.b[0] ^= 1;
	assert_fails(opens(&back, &index, &other, BYTES_OF(file), &err), err, ERROR_REJECTED);
	/* Nothing of what was refused stays. */
	static const struct key_backup nothing;
	assert_memory_equal(&back, &nothing, sizeof back);
	/* A share of its own with an identity of another's, and the other way round. */
	backup.seed[0] ^= 1;
	assert_ok(key_backup_seal(file, &key, 2, &backup, lock, test_rng(), &err), err);
	assert_fails(opens(&back, &index, &key, BYTES_OF(file), &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.what, "another authority"));
	backup.seed[0] ^= 1;
	scalar_add(&backup.share.secret, &backup.share.secret, &scalar_one);
	assert_ok(key_backup_seal(file, &key, 2, &backup, lock, test_rng(), &err), err);
	assert_fails(opens(&back, &index, &key, BYTES_OF(file), &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.what, "public share"));
	assert_ok(key_share_seal(file, &key, 2, &share, lock, test_rng(), &err), err);
	assert_fails(opens(&back, &index, &key, BYTES_OF(file), &err), err, ERROR_MALFORMED);
	play_end(&p);
}

static void a_word_that_a_share_is_destroyed_holds_for_one_party_of_one_election(void **state)
{
	(void)state;
	uint8_t file[KEY_DESTROYED_BYTES + 1];
	struct error err;
	with_a_share();
	const uint8_t *who = p.identity[1].pub;
	bytes word = bytes_of(file, KEY_DESTROYED_BYTES);
	key_destroyed_make(file, &key, 2, &p.identity[1]);
	assert_ok(key_destroyed_check(word, &key, 2, who, &err), err);
	assert_fails(key_destroyed_check(word, &key, 1, who, &err), err, ERROR_REJECTED);
	assert_fails(key_destroyed_check(word, &key, 2, p.identity[0].pub, &err), err, ERROR_REJECTED);
	struct election_key other = key;
	other.eid.b[5] ^= 1;
	assert_fails(key_destroyed_check(word, &other, 2, who, &err), err, ERROR_REJECTED);
	for (size_t at = 0; at < word.len; at++) {
		file[at] ^= 1;
		assert_false(key_destroyed_check(word, &key, 2, who, &err));
		file[at] ^= 1;
		assert_false(key_destroyed_check(bytes_of(file, at), &key, 2, who, &err));
	}
	file[KEY_DESTROYED_BYTES] = 0;
	assert_fails(key_destroyed_check(BYTES_OF(file), &key, 2, who, &err), err, ERROR_MALFORMED);
	play_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_share_is_kept_once_and_before_the_certificate),
		cmocka_unit_test(a_share_that_cannot_be_kept_is_not_certified),
		cmocka_unit_test(nothing_is_kept_of_an_attempt_that_fails),
		cmocka_unit_test(what_an_earlier_run_certified_is_recalled_or_the_share_is_not_there),
		cmocka_unit_test(a_share_file_opens_only_as_what_it_was_sealed),
		cmocka_unit_test(a_backup_is_checked_without_being_used),
		cmocka_unit_test(a_backup_has_share_and_identity_of_one_party_of_one_election),
		cmocka_unit_test(a_word_that_a_share_is_destroyed_holds_for_one_party_of_one_election),
	};
	return cmocka_run_group_tests_name("protocol/ceremony/keep", tests, NULL, NULL);
}
