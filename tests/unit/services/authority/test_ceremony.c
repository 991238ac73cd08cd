/* SPDX-License-Identifier: Apache-2.0 */
/* The ceremony among threads, with deadlines of a real clock. */
#include "support/support.h"

#include "unit/services/authority/steps.h"

#include "files/pinned_folder.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

struct runner {
	pthread_t thread;
	struct election_party *party;
	struct election_key key;
	bool good;
};

static void *run(void *arg)
{
	struct runner *r = arg;
	struct election_party *p = r->party;
	struct authority a = p->authority;
	error_clear(&p->err);
	arena_release(&p->arena, 0);
	r->good = pinned_folder_new(&a.record, p->authority.record, "/tmp", &p->err);
	if (r->good) {
		r->good = authority_ceremony(&r->key, &p->share, &a, &p->arena, &p->err);
		pinned_folder_free(a.record);
	}
	return NULL;
}

static struct runner runners[ELECTION_PARTIES_MAX];

static void begin(struct election *e, unsigned index)
{
	runners[index - 1] = (struct runner){.party = &e->party[index - 1]};
	assert_int_equal(pthread_create(&runners[index - 1].thread, NULL, run, &runners[index - 1]), 0);
}

static void end(unsigned index)
{
	assert_int_equal(pthread_join(runners[index - 1].thread, NULL), 0);
}

static void finished(unsigned index)
{
	const struct runner *r = &runners[index - 1];
	const point g = point_generator();
	point y;
	if (!r->good)
		fail_msg("party %u: %s: %s", index, r->party->err.what, r->party->err.detail);
	point_mul(&y, &r->party->share, &g);
	assert_true(point_equal(&y, &r->key.shares[index - 1]));
}

static void an_absent_authority_is_left_out_at_the_deadline(void **state)
{
	(void)state;
	struct election e;
	election_begin(&e, &PLAN_SMALL(3, 2), 1);
	timeouts(&e, 400);
	begin(&e, 1);
	begin(&e, 3);
	end(1);
	end(3);
	finished(1);
	finished(3);
	assert_true(digest_equal(&runners[0].key.eid, &runners[2].key.eid));
	assert_int_equal(runners[0].key.qualified[1], 0);
	/* It comes when all is over. */
	begin(&e, 2);
	end(2);
	assert_false(runners[1].good);
	failed(&e, 2, ERROR_REJECTED, "without this party");
	election_end(&e);
}

static void fewer_than_the_threshold_wait_say_for_whom_and_may_come_again(void **state)
{
	(void)state;
	struct election e;
	election_begin(&e, &PLAN_SMALL(3, 2), 1);
	timeouts(&e, 50);
	begin(&e, 2);
	end(2);
	assert_false(runners[1].good);
	failed(&e, 2, ERROR_UNAVAILABLE, "r0-01.bt");
	failed(&e, 2, ERROR_UNAVAILABLE, "attempt 1");
	assert_false(there(&e, "ceremony/1/failed-02.bt"));
	timeouts(&e, 60000);
	for (unsigned i = 1; i <= 3; i++)
		begin(&e, i);
	for (unsigned i = 1; i <= 3; i++)
		end(i);
	for (unsigned i = 1; i <= 3; i++)
		finished(i);
	assert_true(there(&e, "ceremony/1/failed-02.bt"));
	assert_true(there(&e, "ceremony/2/r6-02.bt"));
	election_end(&e);
}

static struct election_key kept;
static secret_scalar kept_share;
static unsigned recalls;

static bool keep(void *ctx, const struct election_key *key, const secret_scalar *share,
                 struct error *err)
{
	(void)ctx;
	(void)err;
	kept = *key;
	kept_share = *share;
	return true;
}

static bool recall(void *ctx, const struct election_key *key, secret_scalar *share,
                   struct error *err)
{
	(void)ctx;
	recalls++;
	*share = kept_share;
	return digest_equal(&key->eid, &kept.eid) ||
	       fail(err, ERROR_REJECTED, "test: another election", ERROR_NOWHERE);
}

static void an_authority_that_has_certified_recalls_its_share(void **state)
{
	(void)state;
	struct election e;
	election_begin(&e, &PLAN_SMALL(2, 2), 1);
	e.party[0].authority.keep_share = keep;
	e.party[0].authority.recall_share = recall;
	assert_false(authority_has_certified(&e.party[0].authority));
	for (unsigned again = 0; again < 2; again++) {
		for (unsigned i = 1; i <= 1 + !again; i++)
			begin(&e, i);
		for (unsigned i = 1; i <= 1 + !again; i++)
			end(i);
		finished(1);
		assert_int_equal(recalls, again);
		assert_true(authority_has_certified(&e.party[0].authority));
	}
	/* one who has nothing to recall it with is told where it is */
	begin(&e, 2);
	end(2);
	failed(&e, 2, ERROR_CONFLICT, "in its home");
	struct election_key key;
	struct error err;
	assert_ok(authority_await_key(&key, &e.party[1].authority, &err), err);
	assert_true(digest_equal(&key.eid, &kept.eid));
	election_end(&e);
}

static atomic_uint noticed;

static void on_notice(void *ctx, const struct error *what)
{
	(void)ctx;
	assert_non_null(strstr(what->what, "counts as absent"));
	assert_string_equal(what->detail, "ceremony/1/r1-03.bt");
	noticed++;
}

/* They have read it, and read again: what a pinned folder remembers is the author's only. */
static void what_nobody_signed_is_not_pinned(void **state)
{
	(void)state;
	const struct timespec step = {0, 1000000};
	struct election e;
	election_begin(&e, &PLAN_SMALL(3, 2), 1);
	timeouts(&e, 60000);
	election_write(e.record, "ceremony/1/r1-03.bt", BYTES_LITERAL("garbage"));
	noticed = 0;
	for (unsigned i = 1; i <= 2; i++) {
		e.party[i - 1].authority.notice = on_notice;
		begin(&e, i);
	}
	while (noticed < 2)
		nanosleep(&step, NULL);
	begin(&e, 3);
	for (unsigned i = 1; i <= 3; i++)
		end(i);
	for (unsigned i = 1; i <= 3; i++)
		finished(i);
	assert_int_equal(runners[0].key.qualified[2], 1);
	assert_int_equal(noticed, 2); /* once each */
	election_end(&e);
}

static bool stop(void)
{
	return true;
}

static void who_is_asked_to_stop_does_not_go_on_without_the_others(void **state)
{
	(void)state;
	struct election e;
	election_begin(&e, &PLAN_SMALL(3, 1), 1);
	timeouts(&e, 0);
	e.party[0].authority.stopped = stop;
	begin(&e, 1);
	end(1);
	failed(&e, 1, ERROR_UNAVAILABLE, "stopped");
	assert_false(there(&e, "ceremony/1/r2-01.bt"));
	election_end(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_absent_authority_is_left_out_at_the_deadline),
		cmocka_unit_test(fewer_than_the_threshold_wait_say_for_whom_and_may_come_again),
		cmocka_unit_test(an_authority_that_has_certified_recalls_its_share),
		cmocka_unit_test(what_nobody_signed_is_not_pinned),
		cmocka_unit_test(who_is_asked_to_stop_does_not_go_on_without_the_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
