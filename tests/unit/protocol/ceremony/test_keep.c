/* SPDX-License-Identifier: Apache-2.0 */
/* An authority's share is safe before it says that it has one. */
#include "support/support.h"

#include "play.h"

#include <stdio.h>
#include <string.h>

struct keeper {
	struct play *play;
	unsigned index, calls;
	enum error_kind refusal; /* ERROR_NONE: keeps it */
	bool certified;          /* when it was called */
	struct election_key key;
	secret_scalar share;
};

static bool certificate_is_there(struct play *p, unsigned index)
{
	char path[32];
	snprintf(path, sizeof path, "r5-%02u.bt", index);
	return p->folder->exists(p->folder, path);
}

static bool keep(void *ctx, const struct election_key *key, const secret_scalar *share,
                 struct error *err)
{
	struct keeper *k = ctx;
	k->calls++;
	k->certified = k->certified || certificate_is_there(k->play, k->index);
	k->key = *key;
	k->share = *share;
	return k->refusal == ERROR_NONE ||
	       fail_detail(err, k->refusal, "test: the disk is full", 77, "home");
}

static void the_share_is_kept_once_and_before_the_certificate(void **state)
{
	(void)state;
	static struct play p;
	struct keeper k[3];
	struct election_key key;
	play_begin(&p, 3, 2);
	for (unsigned i = 0; i < 3; i++) {
		k[i] = (struct keeper){.play = &p, .index = i + 1};
		ceremony_party_keep(p.party[i], keep, &k[i]);
	}
	play_rounds(&p, CEREMONY_CERTIFY);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(k[i].calls, 0);
	play_whole_from(&p, CEREMONY_CERTIFY, &key);
	for (unsigned i = 0; i < 3; i++) {
		secret_scalar share;
		point y, g = point_generator();
		assert_int_equal(k[i].calls, 1);
		assert_false(k[i].certified);
		assert_true(certificate_is_there(&p, i + 1));
		/* It is this party's share of this very key. */
		assert_true(digest_equal(&k[i].key.eid, &key.eid));
		assert_true(point_equal(&k[i].key.shares[i], &key.shares[i]));
		point_mul(&y, &k[i].share, &g);
		assert_true(point_equal(&y, &key.shares[i]));
		ceremony_party_share(&share, p.party[i]);
		assert_true(scalar_equal(&share.secret, &k[i].share.secret));
	}
	play_end(&p);
}

static void a_share_that_cannot_be_kept_is_not_certified(void **state)
{
	(void)state;
	static const enum error_kind refusals[] = {ERROR_IO, ERROR_CONFLICT};
	static struct play p;
	struct election_key key;
	struct error err;
	bool done;
	error_clear(&err);
	for (size_t r = 0; r < sizeof refusals / sizeof refusals[0]; r++) {
		struct keeper k = {.play = &p, .index = 2, .refusal = refusals[r]};
		play_begin(&p, 3, 2);
		ceremony_party_keep(p.party[1], keep, &k);
		play_rounds(&p, CEREMONY_CERTIFY);
		assert_ok(ceremony_party_step(p.party[0], p.folder, &done, &err), err);
		assert_fails(ceremony_party_step(p.party[1], p.folder, &done, &err), err, refusals[r]);
		assert_string_equal(err.what, "test: the disk is full");
		assert_int_equal(err.at, 77);
		assert_non_null(strstr(err.detail, "home"));
		assert_false(done);
		assert_int_equal(k.calls, 1);
		assert_false(certificate_is_there(&p, 2));
		assert_ok(ceremony_party_step(p.party[2], p.folder, &done, &err), err);
		/* The others cannot finish … */
		assert_fails(ceremony_party_step(p.party[0], p.folder, &done, &err), err,
		             ERROR_UNAVAILABLE);
		assert_non_null(strstr(err.detail, "r5-02.bt"));
		/* … before there is room again. */
		k.refusal = ERROR_NONE;
		assert_ok(ceremony_party_step(p.party[1], p.folder, &done, &err), err);
		assert_true(certificate_is_there(&p, 2));
		assert_ok(everybody(&p, &done, &err), err);
		assert_true(done);
		assert_ok(ceremony_verify(&key, &p.m, p.folder, &err), err);
		assert_true(digest_equal(&k.key.eid, &key.eid));
		play_end(&p);
	}
}

/* What a party refuses to certify it does not keep either. */
static void nothing_is_kept_of_a_ceremony_that_fails(void **state)
{
	(void)state;
	static struct play p;
	struct keeper k = {.play = &p, .index = 1};
	struct error err;
	uint8_t room[64], complaints[3] = {0, 1, 0};
	bool done;
	play_begin(&p, 3, 2);
	ceremony_party_keep(p.party[0], keep, &k);
	play_rounds(&p, CEREMONY_CERTIFY);
	forge(&p, CEREMONY_VERDICT, 3, leaf_of(room, sizeof room, BYTES_OF(complaints)));
	assert_fails(ceremony_party_step(p.party[0], p.folder, &done, &err), err, ERROR_REJECTED);
	assert_int_equal(k.calls, 0);
	assert_false(certificate_is_there(&p, 1));
	play_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_share_is_kept_once_and_before_the_certificate),
		cmocka_unit_test(a_share_that_cannot_be_kept_is_not_certified),
		cmocka_unit_test(nothing_is_kept_of_a_ceremony_that_fails),
	};
	return cmocka_run_group_tests_name("protocol/ceremony/keep", tests, NULL, NULL);
}
