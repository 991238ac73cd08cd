/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "play.h"

#include "files/memory_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rewrites one file after a change. */
static void change(struct play *p, const char *path, size_t at, uint8_t with)
{
	static uint8_t room[8192];
	struct error err;
	bytes file;
	error_clear(&err);
	assert_ok(folder_read(p->folder, path, room, sizeof room, &file, &err), err);
	room[at < file.len ? at : file.len - 1] ^= with;
	assert_ok(folder_write(p->folder, path, true, file, &err), err);
}

static void any_t_shares_give_the_key_and_fewer_do_not(void **state)
{
	(void)state;
	static const unsigned sizes[][2] = {{1, 1}, {2, 1}, {2, 2}, {3, 2}, {5, 3}, {4, 4}};
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		static struct play p;
		struct election_key key;
		unsigned n = sizes[s][0], t = sizes[s][1];
		play_begin(&p, n, t);
		play_whole(&p, &key);
		/* Lagrange at 0 over the last t parties. */
		for (unsigned used = t - (t > 1); used <= t; used++) {
			secret_scalar x = {scalar_zero};
			for (unsigned i = n - used + 1; i <= n; i++) {
				secret_scalar share;
				scalar c = scalar_one;
				for (unsigned j = n - used + 1; j <= n; j++) {
					scalar sj = scalar_of_u64(j), si = scalar_of_u64(i), d;
					if (j == i)
						continue;
					scalar_sub(&d, &sj, &si);
					scalar_invert(&d, &d);
					scalar_mul(&d, &d, &sj);
					scalar_mul(&c, &c, &d);
				}
				ceremony_party_share(&share, p.party[i - 1]);
				scalar_mul_add(&x.secret, &share.secret, &c, &x.secret);
			}
			point y, g = point_generator();
			point_mul(&y, &x, &g);
			assert_int_equal(point_equal(&y, &key.polynomial[0]), used == t);
		}
		play_end(&p);
	}
}

static void two_ceremonies_of_one_manifest_are_two_elections(void **state)
{
	(void)state;
	static struct play p;
	struct election_key a, b;
	play_begin(&p, 2, 2);
	play_whole(&p, &a);
	struct manifest m = p.m;
	play_end(&p);
	play_begin(&p, 2, 2);
	p.m.d = m.d;
	play_whole(&p, &b);
	play_end(&p);
	assert_false(digest_equal(&a.eid, &b.eid));
	assert_false(point_equal(&a.polynomial[0], &b.polynomial[0]));
}

static void a_missing_message_is_waited_for_by_name(void **state)
{
	(void)state;
	static struct play p;
	struct error err;
	bool done;
	play_begin(&p, 3, 2);
	play_rounds(&p, 1);
	assert_ok(ceremony_party_step(p.party[0], p.folder, &done, &err), err);
	assert_fails(ceremony_party_step(p.party[0], p.folder, &done, &err), err, ERROR_UNAVAILABLE);
	assert_non_null(strstr(err.detail, "r1-02.bt"));
	assert_non_null(strstr(err.detail, "r1-03.bt"));
	assert_null(strstr(err.detail, "r1-01.bt"));
	play_end(&p);
}

static void every_changed_byte_of_every_message_is_refused(void **state)
{
	(void)state;
	static struct play p;
	static uint8_t room[8192];
	struct election_key key, again;
	struct error err;
	play_begin(&p, 2, 2);
	play_whole(&p, &key);
	for (unsigned r = 0; r < CEREMONY_ROUNDS; r++) {
		char path[32];
		bytes file;
		snprintf(path, sizeof path, "r%u-02.bt", r);
		error_clear(&err);
		assert_ok(folder_read(p.folder, path, room, sizeof room, &file, &err), err);
		size_t len = file.len, step = (size_t)TEST_COUNT(7, 1);
		for (size_t at = 0; at < len; at += at < 140 || at + 80 > len ? 1 : step) {
			change(&p, path, at, 1);
			error_clear(&err);
			assert_false(ceremony_verify(&again, &p.m, p.folder, &err));
			assert_true(err.kind == ERROR_MALFORMED || err.kind == ERROR_REJECTED);
			assert_non_null(strstr(err.detail, "party"));
			change(&p, path, at, 1);
		}
	}
	assert_ok(ceremony_verify(&again, &p.m, p.folder, &err), err);
	assert_memory_equal(again.eid.b, key.eid.b, 32);
	play_end(&p);
}

static void truncations_trailing_bytes_and_foreign_files_are_refused(void **state)
{
	(void)state;
	static struct play p;
	static uint8_t room[8192];
	struct election_key key;
	struct error err;
	bytes file;
	play_begin(&p, 2, 1);
	play_whole(&p, &key);
	error_clear(&err);
	assert_ok(folder_read(p.folder, "r3-01.bt", room, sizeof room - 1, &file, &err), err);
	for (size_t len = 0; len <= file.len + 1; len++) {
		if (len == file.len)
			continue;
		assert_ok(folder_write(p.folder, "r3-01.bt", true, bytes_of(room, len), &err), err);
		assert_fails(ceremony_verify(&key, &p.m, p.folder, &err), err, ERROR_MALFORMED);
	}
	assert_ok(folder_write(p.folder, "r3-01.bt", true, file, &err), err);
	assert_ok(ceremony_verify(&key, &p.m, p.folder, &err), err);
	assert_ok(folder_write(p.folder, "r6-01.bt", true, file, &err), err);
	assert_fails(ceremony_verify(&key, &p.m, p.folder, &err), err, ERROR_MALFORMED);
	assert_non_null(strstr(err.detail, "r6-01.bt"));
	play_end(&p);
}

static void a_message_of_another_party_or_round_is_refused(void **state)
{
	(void)state;
	static struct play p;
	static uint8_t room[8192];
	struct election_key key;
	struct error err;
	bytes file;
	play_begin(&p, 3, 2);
	play_whole(&p, &key);
	error_clear(&err);
	assert_ok(folder_read(p.folder, "r1-01.bt", room, sizeof room, &file, &err), err);
	assert_ok(folder_write(p.folder, "r1-02.bt", true, file, &err), err);
	assert_fails(ceremony_verify(&key, &p.m, p.folder, &err), err, ERROR_MALFORMED);
	assert_non_null(strstr(err.detail, "party 2"));
	play_end(&p);
}

static void a_key_commitment_changed_after_the_echo_convicts_its_author(void **state)
{
	(void)state;
	static struct play p;
	struct error err;
	bool done;
	uint8_t room[64], other[32] = {7};
	play_begin(&p, 3, 2);
	play_rounds(&p, 3);
	forge(&p, CEREMONY_COMMIT, 3, leaf_of(room, sizeof room, BYTES_OF(other)));
	assert_fails(ceremony_party_step(p.party[0], p.folder, &done, &err), err, ERROR_REJECTED);
	play_end(&p);
}

static void an_opening_that_was_not_committed_to_is_refused(void **state)
{
	(void)state;
	static struct play p, q;
	static uint8_t room[8192];
	struct error err;
	bool done = false;
	bytes file;
	play_begin(&p, 2, 2);
	play_rounds(&p, 4);
	/* Party 2 plays a second polynomial: its opening of another run, signed for this one. */
	q = p;
	struct folder *other;
	error_clear(&err);
	assert_ok(memory_folder_new(&other, "other", 1 << 20, &err), err);
	q.folder = other;
	for (unsigned i = 0; i < 2; i++)
		assert_ok(ceremony_party_new(&q.party[i], &q.m, i + 1, &q.identity[i], test_rng(),
		                             test_arena(), &err),
		          err);
	play_rounds(&q, 4);
	assert_ok(folder_read(other, "r3-02.bt", room, sizeof room, &file, &err), err);
	assert_ok(folder_write(p.folder, "r3-02.bt", true, file, &err), err);
	assert_fails(ceremony_party_step(p.party[0], p.folder, &done, &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.detail, "party 2"));
	memory_folder_free(other);
	play_end(&p);
}

static void a_wrong_share_leads_to_a_complaint_that_names_the_dealer(void **state)
{
	(void)state;
	static struct play p;
	static uint8_t room[8192];
	struct error err;
	bool done;
	bytes file;
	play_begin(&p, 3, 2);
	play_rounds(&p, 4);
	/* Dealer 2 garbles the box for party 3 and signs again. */
	error_clear(&err);
	assert_ok(folder_read(p.folder, "r3-02.bt", room, sizeof room, &file, &err), err);
	room[file.len - 69 - 10] ^= 1;
	size_t header = 5 + (5 + 15) + (5 + 32) + 3 * 9;
	forge(&p, CEREMONY_OPEN, 2, bytes_of(room + header, file.len - header - 69));
	for (unsigned i = 0; i < 3; i++)
		assert_ok(ceremony_party_step(p.party[i], p.folder, &done, &err), err);
	assert_fails(ceremony_party_step(p.party[0], p.folder, &done, &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.detail, "party 3"));
	assert_non_null(strstr(err.detail, "dealer 2"));
	play_end(&p);
}

static void a_certificate_of_another_election_is_refused(void **state)
{
	(void)state;
	static struct play p;
	struct election_key key;
	struct error err;
	uint8_t room[64], other[32] = {9};
	play_begin(&p, 2, 2);
	play_whole(&p, &key);
	forge(&p, CEREMONY_CERTIFY, 2, leaf_of(room, sizeof room, BYTES_OF(other)));
	assert_fails(ceremony_verify(&key, &p.m, p.folder, &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.detail, "party 2"));
	play_end(&p);
}

static void an_identity_that_is_not_the_manifests_cannot_take_part(void **state)
{
	(void)state;
	static struct play p;
	struct ceremony_party *party;
	struct error err;
	play_begin(&p, 2, 2);
	assert_fails(
		ceremony_party_new(&party, &p.m, 1, &p.identity[1], test_rng(), test_arena(), &err), err,
		ERROR_REJECTED);
	play_end(&p);
}

static void a_second_run_does_not_overwrite_messages(void **state)
{
	(void)state;
	static struct play p;
	struct ceremony_party *party;
	struct error err;
	bool done;
	play_begin(&p, 2, 2);
	play_rounds(&p, 1);
	assert_ok(ceremony_party_new(&party, &p.m, 1, &p.identity[0], test_rng(), test_arena(), &err),
	          err);
	assert_fails(ceremony_party_step(party, p.folder, &done, &err), err, ERROR_CONFLICT);
	play_end(&p);
}

static void a_share_file_opens_only_as_what_it_was_sealed(void **state)
{
	(void)state;
	static struct play p;
	static uint8_t file[SEALED_FILE_BYTES];
	struct election_key key, other;
	struct error err;
	secret_scalar share, back;
	struct key_share_lock lock = {BYTES_LITERAL("correct horse"), {1, 8192}};
	play_begin(&p, 3, 2);
	play_whole(&p, &key);
	ceremony_party_share(&share, p.party[1]);
	error_clear(&err);
	assert_ok(key_share_seal(file, &key, 2, &share, lock, test_rng(), &err), err);
	assert_ok(key_share_open(&back, &key, 2, BYTES_OF(file), lock.passphrase, &err), err);
	assert_true(scalar_equal(&share.secret, &back.secret));
	assert_fails(key_share_open(&back, &key, 2, BYTES_OF(file), BYTES_LITERAL("wrong"), &err), err,
	             ERROR_REJECTED);
	assert_fails(key_share_open(&back, &key, 1, BYTES_OF(file), lock.passphrase, &err), err,
	             ERROR_REJECTED);
	other = key;
	other.eid.b[0] ^= 1;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_t_shares_give_the_key_and_fewer_do_not),
		cmocka_unit_test(two_ceremonies_of_one_manifest_are_two_elections),
		cmocka_unit_test(a_missing_message_is_waited_for_by_name),
		cmocka_unit_test(every_changed_byte_of_every_message_is_refused),
		cmocka_unit_test(truncations_trailing_bytes_and_foreign_files_are_refused),
		cmocka_unit_test(a_message_of_another_party_or_round_is_refused),
		cmocka_unit_test(a_key_commitment_changed_after_the_echo_convicts_its_author),
		cmocka_unit_test(an_opening_that_was_not_committed_to_is_refused),
		cmocka_unit_test(a_wrong_share_leads_to_a_complaint_that_names_the_dealer),
		cmocka_unit_test(a_certificate_of_another_election_is_refused),
		cmocka_unit_test(an_identity_that_is_not_the_manifests_cannot_take_part),
		cmocka_unit_test(a_second_run_does_not_overwrite_messages),
		cmocka_unit_test(a_share_file_opens_only_as_what_it_was_sealed),
	};
	return cmocka_run_group_tests_name("protocol/ceremony", tests, NULL, NULL);
}
