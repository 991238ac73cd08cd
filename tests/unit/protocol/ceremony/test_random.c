/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random cheaters, fewer than the threshold, against enough honest parties: whatever they sign,
 * hide, or show to some only, and whoever is killed meanwhile, the honest end with one key of which
 * any t of them have the secret and t - 1 have not.
 *
 * One thing cheaters can do who show certificates to some only: make some believe that an attempt
 * is finished while the others go on. Then the fingerprints differ, the operators notice when they
 * compare them, and run the command again on one record.
 */
#include "support/support.h"

#include "cheat.h"

#include "hash/bytetree.h"

#include <stdio.h>
#include <string.h>

#define CHEATING_ATTEMPTS 6u
#define KILLS_MAX 3u

static struct play p;
static bool cheats[LIMIT_PARTIES];
static unsigned kills, splits;
static bool comparing; /* the second time: a refusal is an answer */
static char seen[LIMIT_ATTEMPTS + 1][CEREMONY_ROUNDS][LIMIT_PARTIES]; /* written, and looked at */

static bool chance(unsigned in)
{
	return test_random_below(in) == 0;
}

/* What the homes keep: one share per election. */
struct home {
	unsigned count;
	digest eid[LIMIT_ATTEMPTS];
	secret_scalar share[LIMIT_ATTEMPTS];
};
static struct home homes[LIMIT_PARTIES];

static bool keep(void *ctx, const struct election_key *k, const secret_scalar *share,
                 struct error *err)
{
	struct home *h = ctx;
	(void)err;
	assert_true(h->count < LIMIT_ATTEMPTS);
	h->eid[h->count] = k->eid;
	h->share[h->count++] = *share;
	return true;
}

static bool recall(void *ctx, const struct election_key *k, secret_scalar *share, struct error *err)
{
	const struct home *h = ctx;
	for (unsigned i = 0; i < h->count; i++) {
		if (digest_equal(&h->eid[i], &k->eid)) {
			*share = h->share[i];
			return true;
		}
	}
	return fail(err, ERROR_BUG, "test: certified, and no share was kept", ERROR_NOWHERE);
}

static void start(unsigned index)
{
	play_start(&p, index);
	ceremony_party_keep(p.party[index - 1], keep, recall, &homes[index - 1]);
}

/* A content that is nearly right, or of the right shape, or nothing of the kind. */
static bytes other_content(unsigned attempt, unsigned round, unsigned index)
{
	uint8_t d[32], flags[LIMIT_PARTIES];
	struct error err;
	assert_ok(rng_fill(test_rng(), d, sizeof d, &err), err);
	bytes content = play_content(&p, attempt, round, index);
	switch (test_random_below(4)) {
	case 0: {
		((uint8_t *)(uintptr_t)content.p)[test_random_below(content.len)] ^=
			(uint8_t)(1u << test_random_below(8));
		return content;
	}
	case 1:
		for (unsigned i = 0; i < LIMIT_PARTIES; i++)
			flags[i] = (uint8_t)test_random_below(round == CEREMONY_VERDICT ? 3 : 2);
		flags[index - 1] = round != CEREMONY_VERDICT;
		return statement_of(&p, flags, d);
	case 2: /* complaints about everybody, on the right digest; the same digest in other rounds */
		memset(flags, round == CEREMONY_VERDICT, sizeof flags);
		flags[index - 1] = round != CEREMONY_VERDICT;
		return content.len < 32 ? leaf_of(BYTES_OF(d))
		                        : statement_of(&p, flags, content.p + content.len - 32);
	default:
		return leaf_of(bytes_of(d, (size_t)test_random_below(33)));
	}
}

static void tamper(unsigned attempt, unsigned round, unsigned index)
{
	struct error err;
	const char *path = play_path(attempt, round, index);
	if (attempt > CHEATING_ATTEMPTS || !chance(4))
		return;
	bytes honest = play_read(&p, path);
	play_show(&p, index, path, honest); /* it goes on as if nothing were */
	bytes other = forge_message(&p, attempt, round, index, other_content(attempt, round, index));
	const unsigned whom = 1 + (unsigned)test_random_below(p.m.authorities_count);
	switch (test_random_below(4)) {
	case 0:
		assert_ok(p.folder->remove(p.folder, path, &err), err);
		break;
	case 1:
		if (whom != index)
			play_show(&p, whom, path, other);
		break;
	case 2:
		if (whom != index)
			play_show(&p, whom, path, BYTES_NONE);
		break;
	default:
		play_write(&p, path, other);
	}
}

static void look_for_new_messages(unsigned index)
{
	for (unsigned a = 1; a <= LIMIT_ATTEMPTS; a++) {
		for (unsigned r = 0; r < CEREMONY_ROUNDS; r++) {
			if (seen[a][r][index - 1] || !play_has(&p, play_path(a, r, index)))
				continue;
			seen[a][r][index - 1] = 1;
			tamper(a, r, index);
		}
	}
}

static bool one_sweep(enum ceremony_patience patience)
{
	const unsigned n = p.m.authorities_count, first = (unsigned)test_random_below(n);
	bool moved = false;
	for (unsigned k = 0; k < n; k++) {
		const unsigned i = (first + k) % n;
		if (p.done[i])
			continue;
		if (!cheats[i] && kills < KILLS_MAX && chance(60)) {
			kills++;
			start(i + 1);
		}
		bool good = play_step(&p, i + 1, patience);
		moved = moved || good;
		if (cheats[i])
			look_for_new_messages(i + 1);
		else if (!good && p.err[i].kind != ERROR_UNAVAILABLE && !comparing)
			fail_msg("honest party %u: %s (%s)", i + 1, p.err[i].what, p.err[i].detail);
	}
	return moved;
}

static void set_up(unsigned n, unsigned t, unsigned cheaters)
{
	play_begin(&p, n, t);
	memset(cheats, 0, sizeof cheats);
	memset(seen, 0, sizeof seen);
	memset(homes, 0, sizeof homes);
	kills = 0;
	for (unsigned k = 0; k < cheaters;) {
		unsigned i = (unsigned)test_random_below(n);
		k += !cheats[i];
		cheats[i] = true;
	}
	for (unsigned i = 1; i <= n; i++)
		start(i);
}

static void until_nobody_moves(void)
{
	for (unsigned s = 0; one_sweep(CEREMONY_PATIENT) || one_sweep(CEREMONY_DEADLINE); s++)
		assert_true(s < 2000);
}

static bool honest_agree(void)
{
	unsigned attempt = 0;
	for (unsigned i = 0; i < p.m.authorities_count; i++) {
		if (cheats[i])
			continue;
		if (!p.done[i] || (attempt && attempt != ceremony_party_attempt(p.party[i])))
			return false;
		attempt = ceremony_party_attempt(p.party[i]);
	}
	return true;
}

/* true: some were left behind in an earlier attempt, and found out. */
static bool compare_and_run_again(void)
{
	bool left_behind = false;
	for (unsigned i = 0; i < p.m.authorities_count; i++) {
		p.view[i].shown_count = 0;
		if (!cheats[i])
			start(i + 1);
	}
	memset(seen, 1, sizeof seen); /* the cheaters are done with */
	comparing = true;
	until_nobody_moves();
	comparing = false;
	for (unsigned i = 0; i < p.m.authorities_count; i++) {
		if (cheats[i] || p.done[i])
			continue;
		if (p.err[i].kind != ERROR_REJECTED || !strstr(p.err[i].what, "without this party"))
			fail_msg("party %u: %s (%s), attempt %u", i + 1, p.err[i].what, p.err[i].detail,
			         ceremony_party_attempt(p.party[i]));
		left_behind = cheats[i] = true;
	}
	return left_behind;
}

static void play_with(unsigned n, unsigned t, unsigned cheaters)
{
	struct election_key key;
	struct ceremony_report report;
	unsigned honest[LIMIT_PARTIES] = {0}, count = 0;
	set_up(n, t, cheaters);
	until_nobody_moves();
	bool left_behind = !honest_agree() && compare_and_run_again();
	splits += left_behind;
	for (unsigned i = 0; i < n; i++) {
		if (cheats[i])
			p.party[i] = NULL;
		else
			honest[count++] = i + 1;
	}
	assert_true(count > 0);
	const unsigned last = ceremony_party_attempt(p.party[honest[0] - 1]);
	for (unsigned k = 0; k < count; k++)
		assert_int_equal(ceremony_party_attempt(p.party[honest[k] - 1]), last);
	play_check(&p, &key, &report);
	assert_true(left_behind || count >= t);
	if (count >= t) {
		assert_true(play_reconstructs(&p, &key, honest + (count - t), t));
		assert_false(play_reconstructs(&p, &key, honest + (count - t), t - 1));
	}
	play_end(&p);
}

static void honest_parties_end_with_one_right_key_whatever_the_cheaters_do(void **state)
{
	(void)state;
	static const unsigned sizes[][3] = {{3, 2, 1}, {4, 2, 1}, {5, 3, 2}, {5, 2, 1},
	                                    {6, 3, 2}, {7, 4, 3}, {3, 2, 0}};
	for (uint64_t round = 0; round < TEST_COUNT(5, 3000); round++) {
		const unsigned *s = sizes[test_random_below(sizeof sizes / sizeof *sizes)];
		play_with(s[0], s[1], s[2]);
	}
	print_message("%u ended with a party left behind\n", splits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_parties_end_with_one_right_key_whatever_the_cheaters_do),
	};
	return cmocka_run_group_tests_name("protocol/ceremony/random", tests, NULL, NULL);
}
