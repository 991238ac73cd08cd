/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ballot to be spoiled: style "first" of the fixture (groups of width 1, 2, 1) in a server
 * election, its fields by offset. Each test program has its own copy.
 */
#ifndef BALLOT_SPOIL_H
#define BALLOT_SPOIL_H

#include "unit/protocol/ballot/fixture.h"

static struct fixture server, credentials;
static uint8_t room[FIXTURE_BALLOT_BYTES + 64];

/* Offsets inside a ballot of style "first" of a server election. */
enum {
	AT_BODY = 5,
	AT_LABEL = AT_BODY + 5,
	AT_EID = AT_LABEL + 16,
	AT_P = AT_EID + 37,
	AT_STYLE = AT_P + 21,
	AT_CT = AT_STYLE + 5 + 5,
	AT_CT_1 = AT_CT + 5, /* node(node(u), node(v)) */
	AT_U_1 = AT_CT_1 + 5 + 5,
	AT_V_1 = AT_U_1 + 81 + 5,
	AT_CT_2 = AT_V_1 + 81, /* node(node(u, u), node(v, v)) */
	AT_U_2 = AT_CT_2 + 5 + 5,
	AT_V_2 = AT_U_2 + 162 + 5,
	AT_CT_3 = AT_V_2 + 162,
	AT_U_3 = AT_CT_3 + 5 + 5,
	AT_V_3 = AT_U_3 + 81 + 5,
	AT_AA = AT_V_3 + 81,
	AT_A_1 = AT_AA + 5 + 5,
	AT_A_2 = AT_A_1 + 81 + 5,
	AT_A_3 = AT_A_2 + 162 + 5,
	AT_ZZ = AT_A_3 + 81,
	AT_Z_1 = AT_ZZ + 5 + 5,
	AT_Z_2 = AT_Z_1 + 38 + 5,
	AT_Z_3 = AT_Z_2 + 76 + 5,
	AT_SEQ = AT_Z_3 + 38,
	AT_END = AT_SEQ + 9,
};
static const size_t points_at[] = {AT_U_1, AT_V_1, AT_U_2, AT_U_2 + 81, AT_V_2,      AT_V_2 + 81,
                                   AT_U_3, AT_V_3, AT_A_1, AT_A_2,      AT_A_2 + 81, AT_A_3};
static const size_t scalars_at[] = {AT_Z_1, AT_Z_2, AT_Z_2 + 38, AT_Z_3};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static inline bytes fresh_ballot(void)
{
	bytes in = fixture_ballot(&server, room, 0, 0);
	assert_int_equal(in.len, AT_END);
	return in;
}

static inline void refused(const struct fixture *f, bytes in, enum error_kind kind)
{
	struct error err;
	assert_fails(fixture_accepts(f, in, &err), err, kind);
}

static inline point point_at(size_t at)
{
	point p;
	struct error err;
	assert_ok(points_decode_tree(&p, bytes_of(room + at, 81), 1, POINT_FINITE, &err), err);
	return p;
}

static inline void put_point_at(size_t at, const point *p)
{
	points_encode_tree(room + at, p, 1);
}

static inline scalar scalar_at(size_t at)
{
	scalar s;
	struct error err;
	assert_ok(scalars_decode_tree(&s, bytes_of(room + at, 38), 1, &err), err);
	return s;
}

static inline void put_scalar_at(size_t at, const scalar *s)
{
	scalars_encode_tree(room + at, s, 1);
}

static inline struct fixture *of_mode(unsigned mode)
{
	return mode ? &credentials : &server;
}

static inline int set_up(void **state)
{
	(void)state;
	fixture_init(&server, BALLOT_SERVER);
	fixture_init(&credentials, BALLOT_CREDENTIALS);
	return 0;
}

#endif
