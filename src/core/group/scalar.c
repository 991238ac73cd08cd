/* SPDX-License-Identifier: Apache-2.0 */
#include "group/scalar.h"

#include "base/ct.h"
#include "base/declassify.h"
#include "group/scalar_internal.h"

/* Verificatum's leaf of an element of Z_q: type, length 33, the sign byte. */
#define LEAF_HEADER_BYTES 6u
#define RANDOM_BYTES 48u
#define RANDOM_BLOCK 32u

static const uint8_t leaf_header[LEAF_HEADER_BYTES] = {0x01, 0x00, 0x00, 0x00, 0x21, 0x00};
static const uint64_t r2[4] = {0x83244c95be79eea2, 0x4699799c49bd6fa6, 0x2845b2392b6bec59,
                               0x66e12d94f3d95620}; /* 2^512 mod q */
static const uint64_t plain_one[4] = {1, 0, 0, 0};

const scalar scalar_zero = {{0, 0, 0, 0}};
const scalar scalar_one = {{1, 0, 0, 0}};

scalar scalar_of_u64(uint64_t v)
{
	return (scalar){{v, 0, 0, 0}};
}

bool scalar_decode(scalar *out, const uint8_t in[static SCALAR_BYTES])
{
	static const uint64_t q[4] = SCALAR_Q;
	uint64_t borrow = 0, v[4];
	for (int i = 0; i < 4; i++) {
		v[i] = load_be64(in + 8 * (3 - i));
		(void)scalar_sub_word(v[i], q[i], &borrow);
	}
	const uint64_t below = ct_mask_of_bit(borrow);
	for (int i = 0; i < 4; i++)
		out->v[i] = v[i] & below;
	return below != 0;
}

void scalar_encode(uint8_t out[static SCALAR_BYTES], const scalar *a)
{
	for (int i = 0; i < 4; i++)
		store_be64(out + 8 * (3 - i), a->v[i]);
}

void scalar_reduce(scalar *out, const uint8_t *in, size_t len)
{
	uint8_t padded[64] = {0};
	scalar low, high;
	require(len <= sizeof padded);
	if (len)
		memcpy(padded + sizeof padded - len, in, len);
	for (int i = 0; i < 4; i++) {
		low.v[i] = load_be64(padded + 8 * (7 - i));
		high.v[i] = load_be64(padded + 8 * (3 - i));
	}
	scalar_settle(low.v, low.v, 0);        /* < 2^256 < 2q */
	scalar_montgomery(high.v, high.v, r2); /* high·2^256 */
	scalar_add(out, &low, &high);
	wipe(padded, sizeof padded);
	wipe(&low, sizeof low);
	wipe(&high, sizeof high);
}

bool scalars_decode_tree(scalar *out, bytes in, size_t n, struct error *err)
{
	const size_t whole = in.len / SCALAR_TREE_BYTES;
	if (in.len % SCALAR_TREE_BYTES != 0 || whole != n)
		return fail(err, ERROR_MALFORMED, "scalar: the leaves have the wrong total length",
		            whole < n ? whole : n);
	for (size_t i = 0; i < n; i++) {
		const uint8_t *leaf = in.p + i * SCALAR_TREE_BYTES;
		if (memcmp(leaf, leaf_header, LEAF_HEADER_BYTES) != 0)
			return fail(err, ERROR_MALFORMED, "scalar: not a leaf of 33 bytes that begins with 0",
			            i);
		/* That an authority's leaf is out of range is for everybody to know. */
		if (!ct_declassify(scalar_decode(&out[i], leaf + LEAF_HEADER_BYTES)))
			return fail(err, ERROR_MALFORMED, "scalar: not below the order of the group", i);
	}
	return true;
}

void scalars_encode_tree(uint8_t *out, const scalar *in, size_t n)
{
	for (size_t i = 0; i < n; i++, out += SCALAR_TREE_BYTES) {
		memcpy(out, leaf_header, LEAF_HEADER_BYTES);
		scalar_encode(out + LEAF_HEADER_BYTES, &in[i]);
	}
}

void scalar_add(scalar *out, const scalar *a, const scalar *b)
{
	uint64_t s[4], carry = 0;
	s[0] = scalar_add_word(a->v[0], b->v[0], &carry);
	s[1] = scalar_add_word(a->v[1], b->v[1], &carry);
	s[2] = scalar_add_word(a->v[2], b->v[2], &carry);
	s[3] = scalar_add_word(a->v[3], b->v[3], &carry);
	scalar_settle(out->v, s, carry);
}

void scalar_sub(scalar *out, const scalar *a, const scalar *b)
{
	static const uint64_t q[4] = SCALAR_Q;
	uint64_t d[4], borrow = 0, carry = 0;
	d[0] = scalar_sub_word(a->v[0], b->v[0], &borrow);
	d[1] = scalar_sub_word(a->v[1], b->v[1], &borrow);
	d[2] = scalar_sub_word(a->v[2], b->v[2], &borrow);
	d[3] = scalar_sub_word(a->v[3], b->v[3], &borrow);
	const uint64_t mask = ct_mask_of_bit(borrow);
	out->v[0] = scalar_add_word(d[0], q[0] & mask, &carry);
	out->v[1] = scalar_add_word(d[1], q[1] & mask, &carry);
	out->v[2] = scalar_add_word(d[2], q[2] & mask, &carry);
	out->v[3] = scalar_add_word(d[3], q[3] & mask, &carry);
}

void scalar_neg(scalar *out, const scalar *a)
{
	scalar_sub(out, &scalar_zero, a);
}

void scalar_mul(scalar *out, const scalar *a, const scalar *b)
{
	uint64_t t[4];
	scalar_montgomery(t, a->v, b->v);
	scalar_montgomery(out->v, t, r2);
}

void scalar_mul_add(scalar *out, const scalar *a, const scalar *b, const scalar *c)
{
	scalar t; /* a·b alone would give a masked secret away */
	scalar_mul(&t, a, b);
	scalar_add(out, &t, c);
	wipe(&t, sizeof t);
}

static void square_times(uint64_t x[4], int times)
{
	for (int i = 0; i < times; i++)
		scalar_montgomery(x, x, x);
}

/*
 * a^(q-2). The upper half of q - 2 is ffffffff 00000000 ffffffff ffffffff: runs of 32 ones. The
 * lower half goes by hexadecimal digits, none of which is zero. 256 S + 53 M.
 */
void scalar_invert(scalar *out, const scalar *a)
{
	static const uint8_t low[16] = {0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84,
	                                0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x4f};
	uint64_t power[16][4], ones[4], t[4];
	scalar_montgomery(power[1], a->v, r2);
	for (int i = 2; i < 16; i++)
		scalar_montgomery(power[i], power[i - 1], power[1]);
	memcpy(ones, power[15], sizeof ones);
	for (int width = 4; width < 32; width *= 2) {
		memcpy(t, ones, sizeof t);
		square_times(t, width);
		scalar_montgomery(ones, t, ones);
	}
	memcpy(t, ones, sizeof t);
	square_times(t, 64);
	scalar_montgomery(t, t, ones);
	square_times(t, 32);
	scalar_montgomery(t, t, ones);
	for (int i = 0; i < 32; i++) {
		const unsigned byte = low[i / 2], digit = i % 2 ? byte & 15 : byte >> 4; /* public */
		square_times(t, 4);
		scalar_montgomery(t, t, power[digit]);
	}
	scalar_montgomery(out->v, plain_one, t);
	wipe(power, sizeof power);
	wipe(ones, sizeof ones);
	wipe(t, sizeof t);
}

bool scalar_is_zero(const scalar *a)
{
	return ct_mask_zero(a->v[0] | a->v[1] | a->v[2] | a->v[3]) != 0;
}

bool scalar_equal(const scalar *a, const scalar *b)
{
	uint64_t difference = 0;
	for (int i = 0; i < 4; i++)
		difference |= a->v[i] ^ b->v[i];
	return ct_mask_zero(difference) != 0;
}

bool scalar_random(scalar *out, struct rng *rng, struct error *err)
{
	return scalars_random(out, 1, rng, err);
}

bool scalars_random(scalar *out, size_t n, struct rng *rng, struct error *err)
{
	uint8_t room[RANDOM_BLOCK * RANDOM_BYTES];
	bool good = true;
	for (size_t done = 0; good && done < n;) {
		const size_t now = n - done < RANDOM_BLOCK ? n - done : RANDOM_BLOCK;
		good = rng_fill(rng, room, now * RANDOM_BYTES, err);
		for (size_t i = 0; good && i < now; i++)
			scalar_reduce(&out[done + i], room + i * RANDOM_BYTES, RANDOM_BYTES);
		done += now;
	}
	wipe(room, sizeof room);
	return good;
}

void secret_scalar_wipe(secret_scalar *s)
{
	wipe(s, sizeof *s);
}
