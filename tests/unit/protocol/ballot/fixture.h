/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An election and its ballots for the tests of this module: two styles, "first" with groups of
 * width 1, 2 and 1, "second" with one group of width 1. Include after support.h.
 */
#ifndef BALLOT_FIXTURE_H
#define BALLOT_FIXTURE_H

#include "ballot/ballot.h"

#define FIXTURE_BALLOT_BYTES 4096u
#define FIXTURE_COMPONENTS 4u

struct fixture {
	struct ballot_style styles[2];
	struct ballot_rules rules;
	struct public_key pk;
	secret_scalar key; /* of the election: the tests may decrypt */
	secret_scalar voter;
	point voter_key;
	uint8_t plaintexts[FIXTURE_COMPONENTS * MESSAGE_BYTES]; /* of the last ballot made */
	secret_scalar nonces[FIXTURE_COMPONENTS];
	size_t mark;
};

static inline void fixture_init(struct fixture *f, enum ballot_mode mode)
{
	struct error err;
	const point g = point_generator();
	point y;
	static const uint32_t widths[] = {1, 2, 1};
	memset(f, 0, sizeof *f);
	assert_ok(ballot_style_init(&f->styles[0], BYTES_LITERAL("first"), widths, 3, &err), err);
	assert_ok(ballot_style_init(&f->styles[1], BYTES_LITERAL("second"), widths, 1, &err), err);
	f->rules = (struct ballot_rules){.mode = mode, .styles = f->styles, .styles_count = 2};
	assert_ok(rng_fill(test_rng(), f->rules.eid.b, 32, &err), err);
	assert_ok(secret_scalar_random(&f->key, test_rng(), &err), err);
	point_mul(&y, &f->key, &g);
	f->mark = arena_mark(test_arena());
	assert_ok(public_key_init(&f->pk, &y, test_arena(), test_arena(), &err), err);
	assert_ok(secret_scalar_random(&f->voter, test_rng(), &err), err);
	point_mul(&f->voter_key, &f->voter, &g);
}

static inline void fixture_done(struct fixture *f)
{
	arena_release(test_arena(), f->mark);
}

static inline pseudonym fixture_pseudonym(const struct fixture *f)
{
	struct error err;
	pseudonym who = {.mode = f->rules.mode};
	if (who.mode == BALLOT_CREDENTIALS)
		who.key = f->voter_key;
	else
		assert_ok(rng_fill(test_rng(), who.id, sizeof who.id, &err), err);
	return who;
}

/* A body over f->plaintexts. */
static inline bytes fixture_encrypt(struct fixture *f, uint8_t *body, size_t style)
{
	struct error err;
	const pseudonym who = fixture_pseudonym(f);
	const struct ballot_request request = {&f->rules, &f->styles[style], &f->pk,
	                                       &who,      f->plaintexts,     1};
	const struct ballot_output out = {body, NULL, f->nonces};
	assert_ok(ballots_encrypt(&out, &request, test_rng(), test_arena(), &err), err);
	return bytes_of(body, ballot_body_bytes(&f->styles[style], f->rules.mode));
}

static inline bytes fixture_body(struct fixture *f, uint8_t *body, size_t style)
{
	struct error err;
	assert_ok(rng_fill(test_rng(), f->plaintexts, sizeof f->plaintexts, &err), err);
	return fixture_encrypt(f, body, style);
}

/* A whole ballot, signed where the mode wants it; room of FIXTURE_BALLOT_BYTES. */
static inline bytes fixture_cast(const struct fixture *f, uint8_t *out, bytes body, size_t style,
                                 uint32_t seq)
{
	struct error err;
	const struct ballot_signer signer = {&f->voter, &f->voter_key, &f->rules.eid, seq};
	if (f->rules.mode == BALLOT_CREDENTIALS)
		assert_ok(ballot_sign(out, body, &signer, test_rng(), &err), err);
	else
		ballot_wrap(out, body, seq);
	return bytes_of(out, ballot_bytes(&f->styles[style], f->rules.mode));
}

static inline bytes fixture_ballot(struct fixture *f, uint8_t *out, size_t style, uint32_t seq)
{
	uint8_t body[FIXTURE_BALLOT_BYTES];
	return fixture_cast(f, out, fixture_body(f, body, style), style, seq);
}

/* Parse and check, as a receiver does. */
static inline bool fixture_accepts(const struct fixture *f, bytes in, struct error *err)
{
	struct ballot b;
	uint8_t fresh[32];
	size_t mark = arena_mark(test_arena());
	bool ok = rng_fill(test_rng(), fresh, sizeof fresh, err) &&
	          ballot_parse(&b, in, &f->rules, test_arena(), err) &&
	          ballots_check_vartime(&b, 1, fresh, test_arena(), err);
	arena_release(test_arena(), mark);
	return ok;
}

#endif
