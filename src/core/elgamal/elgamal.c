/* SPDX-License-Identifier: Apache-2.0 */
#include "elgamal/elgamal.h"

/* Points per call of the group: enough for its batch inversions, small beside the cache. */
#define BLOCK 1024u

bool public_key_init(struct public_key *pk, const point *y, struct arena *memory,
                     struct arena *scratch, struct error *err)
{
	if (point_is_infinity(y))
		return fail(err, ERROR_REJECTED, "public key: the point at infinity", ERROR_NOWHERE);
	pk->y = *y;
	const point g = point_generator();
	return fixed_base_init(&pk->g_table, &g, memory, scratch, err) &&
	       fixed_base_init(&pk->y_table, y, memory, scratch, err);
}

/* out[i] = (u0[i] + r[i]·G, v0[i] + r[i]·Y); u0 NULL stands for infinity. n ≤ BLOCK. */
static void add_multiples(ciphertext *out, const struct public_key *pk, const secret_scalar *r,
                          const point *u0, const point *v0, size_t n, struct arena *scratch)
{
	size_t mark = arena_mark(scratch);
	point *u = arena_take_array(scratch, n, point, NULL);
	point *v = arena_take_array(scratch, n, point, NULL);
	require(u && v);
	if (u0)
		fixed_base_mul_add(u, &pk->g_table, r, u0, n, scratch);
	else
		fixed_base_mul(u, &pk->g_table, r, n, scratch);
	fixed_base_mul_add(v, &pk->y_table, r, v0, n, scratch);
	for (size_t i = 0; i < n; i++)
		out[i] = (ciphertext){u[i], v[i]};
	arena_release(scratch, mark);
}

static size_t block_at(size_t i, size_t n)
{
	return n - i < BLOCK ? n - i : BLOCK;
}

void elgamal_encrypt(ciphertext *out, const struct public_key *pk, const point *m,
                     const secret_scalar *r, size_t n, struct arena *scratch)
{
	for (size_t i = 0; i < n; i += BLOCK)
		add_multiples(out + i, pk, r + i, NULL, m + i, block_at(i, n), scratch);
}

void elgamal_reencrypt(ciphertext *out, const struct public_key *pk, const ciphertext *in,
                       const secret_scalar *r, size_t n, struct arena *scratch)
{
	size_t mark = arena_mark(scratch), room = n < BLOCK ? n : BLOCK;
	point *u = arena_take_array(scratch, room, point, NULL);
	point *v = arena_take_array(scratch, room, point, NULL);
	require(u && v);
	for (size_t i = 0; i < n; i += BLOCK) {
		size_t block = block_at(i, n);
		for (size_t j = 0; j < block; j++) {
			u[j] = in[i + j].u;
			v[j] = in[i + j].v;
		}
		add_multiples(out + i, pk, r + i, u, v, block, scratch);
	}
	arena_release(scratch, mark);
}
