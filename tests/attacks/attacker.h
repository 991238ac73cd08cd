/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A voter with software of their own: where everything is in a ballot's bytes, and true proofs for
 * whatever stands there. For one test program; `u` is verifiers_compare.h's. Include support.h
 * first.
 */
#ifndef ATTACKS_ATTACKER_H
#define ATTACKS_ATTACKER_H

#include "attacks/scene.h"

#define COMPONENTS_MAX 3u

/* Offsets of the trees in a ballot (docs/protocol.md 6.3). */
struct map {
	unsigned n; /* components */
	size_t label, eid, p, p_len, style, ct, aa, zz, body_end;
	size_t u[COMPONENTS_MAX], v[COMPONENTS_MAX], a[COMPONENTS_MAX], z[COMPONENTS_MAX];
	size_t seq, r, zs, end; /* r, zs: mode "credentials" */
};

static inline struct map map_of(unsigned style)
{
	const struct ballot_style *s = &u.styles[style];
	bool credentials = u.rules.mode == BALLOT_CREDENTIALS;
	struct map m = {.label = 10, .eid = 26, .p = 63, .p_len = credentials ? 81 : 21};
	m.style = m.p + m.p_len;
	m.ct = m.style + 5 + s->name.len;
	size_t at = m.ct + 5;
	for (unsigned g = 0; g < s->groups; g++)
		for (unsigned half = 0; half < 2; half++) {
			at += half ? 5 : 10;
			for (unsigned j = 0; j < s->width[g]; j++, at += 81)
				*(half ? &m.v[m.n + j] : &m.u[m.n + j]) = at;
			m.n += half ? s->width[g] : 0;
		}
	m.aa = at;
	at += 5;
	for (unsigned g = 0, n = 0; g < s->groups; g++) {
		at += 5;
		for (unsigned j = 0; j < s->width[g]; j++, at += 81)
			m.a[n++] = at;
	}
	m.zz = at;
	at += 5;
	for (unsigned g = 0, n = 0; g < s->groups; g++) {
		at += 5;
		for (unsigned j = 0; j < s->width[g]; j++, at += 38)
			m.z[n++] = at;
	}
	m.body_end = m.seq = at;
	m.r = m.seq + 9;
	m.zs = m.r + 81;
	m.end = credentials ? m.zs + 38 : m.r;
	assert_int_equal(m.end, ballot_bytes(s, u.rules.mode));
	return m;
}

static inline point point_in(const uint8_t *ballot, size_t at)
{
	point p;
	assert_ok(points_decode_tree(&p, bytes_of(ballot + at, 81), 1, POINT_FINITE, &err), err);
	return p;
}

static inline scalar scalar_in(const uint8_t *ballot, size_t at)
{
	scalar s;
	assert_ok(scalars_decode_tree(&s, bytes_of(ballot + at, 38), 1, &err), err);
	return s;
}

static inline void put_point(uint8_t *ballot, size_t at, const point *p)
{
	points_encode_tree(ballot + at, p, 1);
}

static inline void put_scalar(uint8_t *ballot, size_t at, const scalar *s)
{
	scalars_encode_tree(ballot + at, s, 1);
}

static inline scalar any_scalar(void)
{
	scalar s;
	assert_ok(scalar_random(&s, test_rng(), &err), err);
	return s;
}

static inline point times_g(const scalar *k)
{
	const point g = point_generator();
	point p;
	point_mul_vartime(&p, k, &g);
	return p;
}

static inline pseudonym who_of(unsigned voter)
{
	return u.voters[voter].who;
}

/* An encrypted vote whose r the voter keeps; plaintexts of the urn's own choice. */
static inline bytes open_ballot(uint8_t *room, scalar *r, unsigned voter, unsigned style,
                                uint32_t seq)
{
	uint8_t plaintexts[4 * MESSAGE_BYTES] = {0}, body[URN_BALLOT_MAX];
	secret_scalar nonces[COMPONENTS_MAX];
	const pseudonym who = who_of(voter);
	size_t mark = arena_mark(&u.arena);
	const struct ballot_request request = {&u.rules, &u.styles[style], &u.pk, &who, plaintexts, 1};
	const struct ballot_output out = {body, NULL, nonces};
	error_clear(&err);
	u.choose(plaintexts, &u, style);
	assert_ok(ballots_encrypt_public_vartime(&out, &request, test_rng(), &u.arena, &err), err);
	arena_release(&u.arena, mark);
	for (unsigned i = 0; i < u.styles[style].components; i++)
		r[i] = nonces[i].secret;
	return urn_cast(room, &u, voter,
	                bytes_of(body, ballot_body_bytes(&u.styles[style], u.rules.mode)), seq);
}

/* c of the ballot as its bytes stand: the product's own hash. */
static inline scalar challenge_of(const uint8_t *ballot, unsigned style)
{
	struct ballot b;
	size_t mark = arena_mark(&u.arena);
	const struct map m = map_of(style);
	assert_ok(ballot_parse_body(&b, bytes_of(ballot + 5, m.body_end - 5), &u.rules, &u.arena, &err),
	          err);
	arena_release(&u.arena, mark);
	return b.challenge;
}

/* The voter's signature on the body as it stands. */
static inline void sign_ballot(uint8_t *ballot, unsigned voter, unsigned style, uint32_t seq)
{
	uint8_t body[URN_BALLOT_MAX];
	size_t len = ballot_body_bytes(&u.styles[style], u.rules.mode);
	memcpy(body, ballot + 5, len);
	urn_cast(ballot, &u, voter, bytes_of(body, len), seq);
}

/* True proofs for (u, v) as they stand, u_j = r_j·G, and the signature. */
static inline void prove_ballot(uint8_t *ballot, const scalar *r, unsigned voter, unsigned style,
                                uint32_t seq)
{
	const struct map m = map_of(style);
	scalar a[COMPONENTS_MAX];
	for (unsigned i = 0; i < m.n; i++) {
		a[i] = any_scalar();
		point p = times_g(&a[i]);
		put_point(ballot, m.a[i], &p);
		put_scalar(ballot, m.z[i], &scalar_zero);
	}
	const scalar c = challenge_of(ballot, style);
	for (unsigned i = 0; i < m.n; i++) {
		scalar z;
		scalar_mul_add(&z, &c, &r[i], &a[i]);
		put_scalar(ballot, m.z[i], &z);
	}
	sign_ballot(ballot, voter, style, seq);
}

#endif
