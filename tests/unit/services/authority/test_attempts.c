/* SPDX-License-Identifier: Apache-2.0 */
/* Decryptions that are killed, begun again, and ended with others. */
#include "support/support.h"

#include "unit/services/authority/steps.h"

#include "files/pinned_folder.h"

#include <pthread.h>
#include <stdio.h>

/*
 * A record in which an authority dies when it writes a certain file; and that sees whether it
 * answers more often than it commits.
 */
struct mortal {
	struct folder folder; /* first member */
	struct folder *inner;
	const char *dies_at; /* path; NULL: lives */
	bool dead;
	const char *rival_at; /* when this is written, another run of it keeps the first attempt */
	struct folder *home;
	char rival[64];
	char commitment[64], reply[64]; /* its own */
	unsigned committed, replied;
};

static bool mortal_open(struct folder *f, const char *path, struct source **out, struct error *err)
{
	struct folder *inner = ((struct mortal *)f)->inner;
	return inner->open(inner, path, out, err);
}
static bool mortal_create(struct folder *f, const char *path, bool replace, struct sink **out,
                          struct error *err)
{
	struct mortal *m = (struct mortal *)f;
	if (m->dead || (m->dies_at && strcmp(path, m->dies_at) == 0)) {
		m->dead = true;
		return fail(err, ERROR_IO, "test: killed", ERROR_NOWHERE);
	}
	if (m->rival_at && strcmp(path, m->rival_at) == 0)
		election_write(m->home, m->rival, BYTES_LITERAL("1\n"));
	m->committed += strcmp(path, m->commitment) == 0;
	m->replied += strcmp(path, m->reply) == 0;
	if (m->replied > m->committed)
		fail_msg("%s: two replies for one commitment", path);
	return m->inner->create(m->inner, path, replace, out, err);
}
static bool mortal_exists(struct folder *f, const char *path)
{
	struct folder *inner = ((struct mortal *)f)->inner;
	return inner->exists(inner, path);
}
static bool mortal_list(struct folder *f, const char *path, folder_visit_fn *visit, void *ctx,
                        struct error *err)
{
	struct folder *inner = ((struct mortal *)f)->inner;
	return inner->list(inner, path, visit, ctx, err);
}
static bool mortal_remove(struct folder *f, const char *path, struct error *err)
{
	struct folder *inner = ((struct mortal *)f)->inner;
	return inner->remove(inner, path, err);
}

static struct mortal mortals[ELECTION_PARTIES_MAX];

static void make_mortal(struct election *e)
{
	for (unsigned i = 0; i < e->parties; i++) {
		struct mortal *m = &mortals[i];
		*m = (struct mortal){.folder = {.name = "record",
		                                .open = mortal_open,
		                                .create = mortal_create,
		                                .exists = mortal_exists,
		                                .list = mortal_list,
		                                .remove = mortal_remove},
		                     .inner = e->party[i].record};
		snprintf(m->commitment, sizeof m->commitment, PROOFS "DecrFactCommitment0%u.bt", i + 1);
		snprintf(m->reply, sizeof m->reply, PROOFS "DecrFactReply0%u.bt", i + 1);
		e->party[i].authority.record = &m->folder;
	}
}

static void revive(unsigned party)
{
	mortals[party - 1].dies_at = NULL;
	mortals[party - 1].dead = false;
}

/* The number in a party's signature. */
static unsigned attempt_of(struct election *e, const char *kind, unsigned party)
{
	char path[RECORD_PATH_BYTES];
	struct error err;
	unsigned attempt;
	error_clear(&err);
	endorsement_path(path, "l1", kind, party);
	assert_ok(endorsement_attempt(&attempt, e->record, path, &err), err);
	return attempt;
}

static void promise_path(char out[static 64], const char *kind, const struct election *e)
{
	char hex[17];
	hex_encode(hex, bytes_of(e->key.eid.b, 8));
	snprintf(out, 64, "%s-%s-l1", kind, hex);
}

static void kept_attempt_is(const struct election *e, unsigned party, const char *number)
{
	char path[64];
	promise_path(path, "attempt", e);
	bytes b = election_read(e->party[party - 1].home, path);
	assert_true(bytes_equal(b, bytes_of_text(number)));
	drop(b);
}

static void mixed(struct election *e, unsigned parties, unsigned threshold, const char *mixers)
{
	ready_to_mix(e, parties, threshold);
	assert_true(election_step(e, STEP_MIX, mixers, mixers));
	make_mortal(e);
}

static void ends_verified(struct election *e, const char *parties)
{
	assert_true(election_step(e, STEP_COUNT, parties, parties));
	verified(e);
}

/* --- killed --- */

static const char *const deaths[] = {"endorse/l1/commitments-01.bt", PROOFS "DecrFactReply01.bt"};

static void killed_after_its_commitment_all_run_again_end_in_the_next_attempt(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct election e;
		mixed(&e, 2, 2, "1,2");
		mortals[0].dies_at = deaths[i];
		timeouts(&e, 1500);
		assert_false(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
		failed(&e, 1, ERROR_IO, "killed");
		failed(&e, 2, ERROR_UNAVAILABLE, "attempt 1");
		assert_false(there(&e, PROOFS "DecrFactReply01.bt"));
		bytes first = content(&e, PROOFS "DecrFactCommitment01.bt");
		revive(1);
		timeouts(&e, 60000);
		assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
		bytes second = content(&e, PROOFS "DecrFactCommitment01.bt");
		bytes kept = content(&e, "evidence/l1/decrypt-1/DecrFactCommitment01.bt");
		assert_false(bytes_equal(first, second));
		assert_true(bytes_equal(first, kept));
		for (unsigned l = 1; l <= 2; l++) {
			assert_int_equal(attempt_of(&e, "ready", l), 2);
			assert_int_equal(attempt_of(&e, "factors", l), 2);
			assert_int_equal(attempt_of(&e, "commitments", l), 2);
			kept_attempt_is(&e, l, "2\n");
			assert_int_equal(mortals[l - 1].committed, 2);
		}
		ends_verified(&e, "1,2");
		drop(first);
		drop(second);
		drop(kept);
		election_end(&e);
	}
}

struct run {
	struct election *e;
	unsigned party, times; /* how often it is started, at most */
	bool good;
};

static void *run_decryption(void *arg)
{
	struct run *r = arg;
	struct election_party *p = &r->e->party[r->party - 1];
	const struct active_parties active = {.count = 2, .party = {1, 2}};
	for (unsigned i = 0; i < r->times && !r->good; i++) {
		struct authority a = p->authority;
		error_clear(&p->err);
		arena_release(&p->arena, 0);
		a.live = p->authority.record;
		if (i > 0)
			revive(r->party);
		if (!pinned_folder_new(&a.record, a.live, "/tmp", &p->err))
			return NULL;
		r->good = authority_decrypt(&a, &r->e->key, &p->share, &active, &p->err);
		pinned_folder_free(a.record);
	}
	return NULL;
}

static void one_that_runs_joins_the_attempt_of_one_that_was_killed(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct election e;
		pthread_t thread;
		mixed(&e, 2, 2, "1,2");
		mortals[0].dies_at = deaths[i];
		struct run killed = {&e, 1, 2, false}, steady = {&e, 2, 1, false};
		assert_int_equal(pthread_create(&thread, NULL, run_decryption, &killed), 0);
		run_decryption(&steady);
		assert_int_equal(pthread_join(thread, NULL), 0);
		assert_true(killed.good);
		if (!steady.good)
			fail_msg("%s: %s", e.party[1].err.what, e.party[1].err.detail);
		assert_non_null(strstr(e.party[1].noticed.detail, "attempt 2"));
		assert_int_equal(attempt_of(&e, "ready", 2), 2);
		ends_verified(&e, "1,2");
		election_end(&e);
	}
}

static void killed_before_its_commitment_it_goes_on_in_the_same_attempt(void **state)
{
	(void)state;
	static const char *const early[] = {PROOFS "DecryptionFactors01.bt", "endorse/l1/factors-01.bt",
	                                    "endorse/l1/ready-01.bt"};
	for (unsigned i = 0; i < 3; i++) {
		struct election e;
		mixed(&e, 2, 2, "1,2");
		mortals[0].dies_at = early[i];
		timeouts(&e, 300);
		assert_false(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
		revive(1);
		timeouts(&e, 60000);
		assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
		assert_int_equal(attempt_of(&e, "commitments", 1), 1);
		assert_false(there(&e, "evidence/l1/decrypt-1/ready-01.bt"));
		ends_verified(&e, "1,2");
		election_end(&e);
	}
}

static void killed_after_its_reply_it_only_finishes(void **state)
{
	(void)state;
	struct election e;
	mixed(&e, 2, 2, "1,2");
	mortals[0].dies_at = PROOF "Plaintexts.bt";
	timeouts(&e, 1500);
	assert_false(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	failed(&e, 1, ERROR_IO, "killed");
	revive(1);
	timeouts(&e, 60000);
	assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	assert_int_equal(mortals[0].replied, 1);
	assert_int_equal(attempt_of(&e, "ready", 1), 1);
	ends_verified(&e, "1,2");
	election_end(&e);
}

/* --- what the home knows --- */

static void a_home_restored_from_a_copy_does_not_commit_again_in_an_attempt_of_the_record(
	void **state)
{
	(void)state;
	struct election e;
	char path[64];
	mixed(&e, 2, 2, "1,2");
	promise_path(path, "attempt", &e);
	mortals[0].dies_at = PROOFS "DecrFactReply01.bt";
	timeouts(&e, 1500);
	assert_false(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	kept_attempt_is(&e, 1, "1\n");
	election_remove(e.party[0].home, path);
	revive(1);
	timeouts(&e, 60000);
	assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	kept_attempt_is(&e, 1, "2\n");
	ends_verified(&e, "1,2");
	election_end(&e);
}

static void an_attempt_that_another_run_has_kept_meanwhile_is_not_committed_in(void **state)
{
	(void)state;
	struct election e;
	mixed(&e, 1, 1, "1");
	promise_path(mortals[0].rival, "attempt", &e);
	mortals[0].home = e.party[0].home;
	mortals[0].rival_at = PROOFS "DecryptionFactors01.bt";
	assert_false(election_step(&e, STEP_DECRYPT, "1", "1"));
	failed(&e, 1, ERROR_CONFLICT, "has committed in this attempt");
	assert_int_equal(mortals[0].committed, 0);
	mortals[0].rival_at = NULL;
	assert_true(election_step(&e, STEP_DECRYPT, "1", "1"));
	kept_attempt_is(&e, 1, "2\n");
	ends_verified(&e, "1");
	election_end(&e);
}

static void a_record_that_forgot_does_not_lower_the_attempt(void **state)
{
	(void)state;
	struct election e;
	char path[64];
	mixed(&e, 1, 1, "1");
	promise_path(path, "attempt", &e);
	election_write(e.party[0].home, path, BYTES_LITERAL("7\n"));
	assert_true(election_step(&e, STEP_DECRYPT, "1", "1"));
	assert_int_equal(attempt_of(&e, "ready", 1), 8);
	kept_attempt_is(&e, 1, "8\n");
	ends_verified(&e, "1");
	election_end(&e);
}

static void a_number_that_cannot_be_read_stops_everything(void **state)
{
	(void)state;
	static const char *const bad[] = {"",     "\n",     "x\n",         "1",
	                                  "1 \n", "-1\n",   "123456789\n", "0\n",
	                                  "07\n", "0007\n", "1001\n",      "7\n\n"};
	struct election e;
	char path[64];
	mixed(&e, 1, 1, "1");
	promise_path(path, "attempt", &e);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		election_write(e.party[0].home, path, bytes_of_text(bad[i]));
		assert_false(election_step(&e, STEP_DECRYPT, "1", "1"));
		assert_non_null(strstr(e.party[0].err.detail, "attempt-"));
		assert_false(there(&e, "endorse/l1/ready-01.bt"));
	}
	election_write(e.party[0].home, path, BYTES_LITERAL("1000\n"));
	assert_false(election_step(&e, STEP_DECRYPT, "1", "1"));
	failed(&e, 1, ERROR_LIMIT, "no attempt is left");
	election_end(&e);
}

static void remove_mixes(struct election *e)
{
	static const char *const made[] = {PROOFS "Ciphertexts0", PROOFS "PermutationCommitment0",
	                                   PROOFS "PoSCommitment0", PROOFS "PoSReply0",
	                                   "endorse/l1/mix-0"};
	for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
		for (unsigned l = 1; l <= 2; l++) {
			char path[RECORD_PATH_BYTES];
			snprintf(path, sizeof path, "%s%u.bt", made[i], l);
			election_remove(e->record, path);
		}
	}
}

/* Whoever mixes again, differently, and has both lists opened may learn single votes. */
static void an_authority_that_was_ready_for_one_list_opens_no_other(void **state)
{
	(void)state;
	struct election e;
	char path[64];
	mixed(&e, 2, 2, "1,2");
	promise_path(path, "final", &e);
	timeouts(&e, 50);
	assert_false(election_step(&e, STEP_DECRYPT, "1", "1,2"));
	assert_true(there(&e, "endorse/l1/ready-01.bt"));
	assert_true(e.party[0].home->exists(e.party[0].home, path));
	remove_mixes(&e);
	election_remove(e.record, "endorse/l1/ready-01.bt");
	timeouts(&e, 60000);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	timeouts(&e, 50);
	assert_false(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	failed(&e, 1, ERROR_CONFLICT, "one list only");
	failed(&e, 2, ERROR_UNAVAILABLE, "party 1");
	assert_false(there(&e, "endorse/l1/ready-01.bt"));
	assert_false(there(&e, PROOFS "DecryptionFactors01.bt"));
	election_end(&e);
}

/* --- with others --- */

static void who_decrypts_may_be_others_than_who_shuffled(void **state)
{
	(void)state;
	static const char *const sets[][2] = {
		{"1,2", "2,3"}, {"1,3", "1,2"}, {"2,3", "1,3"}, {"1,2", "1,2,3"}, {"2,3", "1,2"}};
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		struct election e;
		mixed(&e, 3, 2, sets[i][0]);
		assert_true(election_step(&e, STEP_DECRYPT, sets[i][1], sets[i][1]));
		ends_verified(&e, "1,3"); /* and others still count */
		election_end(&e);
	}
}

static void one_that_falls_silent_is_replaced_in_the_next_attempt(void **state)
{
	(void)state;
	struct election e;
	mixed(&e, 3, 2, "1,2");
	mortals[1].dies_at = PROOFS "DecrFactReply02.bt";
	timeouts(&e, 1500);
	assert_false(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	timeouts(&e, 60000);
	assert_true(election_step(&e, STEP_DECRYPT, "1,3", "1,3"));
	assert_int_equal(attempt_of(&e, "ready", 3), 2); /* its first, but not the others' */
	assert_false(there(&e, "endorse/l1/ready-02.bt"));
	assert_true(there(&e, "evidence/l1/decrypt-1/ready-02.bt"));
	assert_true(there(&e, "evidence/l1/decrypt-1/DecrFactCommitment02.bt"));
	assert_false(there(&e, "evidence/l1/decrypt-1/DecrFactCommitment03.bt"));
	ends_verified(&e, "1,3");
	election_end(&e);
}

static void a_party_without_a_share_is_not_waited_for(void **state)
{
	(void)state;
	struct election e;
	mixed(&e, 3, 2, "1,2");
	e.key.qualified[1] = 0;
	assert_false(election_step(&e, STEP_DECRYPT, "1", "1,2"));
	failed(&e, 1, ERROR_REJECTED, "party 2");
	assert_false(there(&e, "endorse/l1/ready-01.bt"));
	assert_true(election_step(&e, STEP_DECRYPT, "1,3", "1,3"));
	ends_verified(&e, "1,2,3");
	election_end(&e);
}

static void a_party_that_begins_attempts_without_end_is_named(void **state)
{
	(void)state;
	struct election e;
	struct error err;
	bool active[LIMIT_PARTIES + 1] = {[1] = true, [2] = true};
	digest list;
	mixed(&e, 2, 2, "1,2");
	error_clear(&err);
	assert_ok(record_file_digest(&list, e.record, PROOFS "Ciphertexts02.bt", &err), err);
	for (unsigned honest = 0; honest < 2; honest++) {
		unsigned attempt = honest ? 2 : 16;
		const struct statement_attempt about = {&e.key.eid, "l1", attempt};
		digest s = statement_ready(&about, &list, active, 2);
		election_remove(e.record, "endorse/l1/ready-02.bt");
		assert_ok(endorsement_write(e.record, "endorse/l1/ready-02.bt", &e.party[1].identity,
		                            (struct endorsed){attempt, &s}, &err),
		          err);
		timeouts(&e, 50);
		assert_false(election_step(&e, STEP_DECRYPT, "1", "1,2"));
		if (honest)
			assert_int_equal(attempt_of(&e, "ready", 1), 2);
		else
			failed(&e, 1, ERROR_REJECTED, "party 2");
	}
	/* nobody else can begin one in its name */
	election_write(e.record, "endorse/l1/ready-02.bt", BYTES_LITERAL("x"));
	timeouts(&e, 60000);
	assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	ends_verified(&e, "1,2");
	election_end(&e);
}

static void what_is_no_shuffle_of_the_chain_stops_nobody_from_decrypting(void **state)
{
	(void)state;
	struct election e;
	mixed(&e, 3, 2, "1,2");
	bytes b = content(&e, "endorse/l1/mix-02.bt");
	election_write(e.record, "endorse/l1/mix-03.bt", b);
	assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	assert_non_null(strstr(e.party[0].noticed.detail, "party 3"));
	election_remove(e.record, "endorse/l1/mix-03.bt");
	ends_verified(&e, "1,2");
	drop(b);
	election_end(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed_after_its_commitment_all_run_again_end_in_the_next_attempt),
		cmocka_unit_test(one_that_runs_joins_the_attempt_of_one_that_was_killed),
		cmocka_unit_test(killed_before_its_commitment_it_goes_on_in_the_same_attempt),
		cmocka_unit_test(killed_after_its_reply_it_only_finishes),
		cmocka_unit_test(
			a_home_restored_from_a_copy_does_not_commit_again_in_an_attempt_of_the_record),
		cmocka_unit_test(an_attempt_that_another_run_has_kept_meanwhile_is_not_committed_in),
		cmocka_unit_test(a_record_that_forgot_does_not_lower_the_attempt),
		cmocka_unit_test(a_number_that_cannot_be_read_stops_everything),
		cmocka_unit_test(an_authority_that_was_ready_for_one_list_opens_no_other),
		cmocka_unit_test(who_decrypts_may_be_others_than_who_shuffled),
		cmocka_unit_test(one_that_falls_silent_is_replaced_in_the_next_attempt),
		cmocka_unit_test(a_party_without_a_share_is_not_waited_for),
		cmocka_unit_test(a_party_that_begins_attempts_without_end_is_named),
		cmocka_unit_test(what_is_no_shuffle_of_the_chain_stops_nobody_from_decrypting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
