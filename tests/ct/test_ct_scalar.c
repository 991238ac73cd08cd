/* SPDX-License-Identifier: Apache-2.0 */
#include "ct/ct.h"

#include "group/point.h"

#include <stdio.h>

#define N 4u
#define LEAF_HEADER (SCALAR_TREE_BYTES - SCALAR_BYTES)

static const char q_minus_1[] = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";

static scalar a[N], b[N], out[N];
static uint8_t raw[N * SCALAR_TREE_BYTES], wide[64];
static bool verdict;

/* Values on both sides of every carry and selection: 0, 1, q - 1 and one in the middle. */
static void start(void)
{
	uint8_t top[SCALAR_BYTES];
	a[0] = scalar_zero;
	a[1] = scalar_one;
	if (!hex_decode(top, sizeof top, bytes_of_text(q_minus_1)) || !scalar_decode(&a[2], top))
		fputs("bad constant\n", stderr);
	for (size_t i = 0; i < sizeof wide; i++)
		wide[i] = (uint8_t)(0x9d * i + 11);
	scalar_reduce(&a[3], wide, sizeof wide);
	for (size_t i = 0; i < N; i++)
		b[i] = a[N - 1 - i];
	scalars_encode_tree(raw, a, N);
	ct_poison(a, sizeof a);
	ct_poison(b, sizeof b);
	ct_poison(wide, sizeof wide);
}

static bytes result(void)
{
	return BYTES_OF(out);
}

/* Secrets are decoded one at a time; scalars_decode_tree is for published lists and stops at the
 * first that is out of range. */
static bytes decoding(void)
{
	start();
	ct_poison(raw + LEAF_HEADER, SCALAR_BYTES);
	verdict = scalar_decode(&out[0], raw + LEAF_HEADER);
	return bytes_of(&out[0], sizeof out[0]);
}

static bytes encoding(void)
{
	start();
	scalar_encode(raw, &a[3]);
	return bytes_of(raw, SCALAR_BYTES);
}

static bytes encoding_leaves(void)
{
	start();
	scalars_encode_tree(raw, a, N);
	return bytes_of(raw + LEAF_HEADER, SCALAR_BYTES);
}

static bytes reducing(void)
{
	start();
	scalar_reduce(&out[0], wide, 48);
	scalar_reduce(&out[1], wide, 64);
	scalar_reduce(&out[2], wide, 20);
	scalar_reduce(&out[3], wide, 32);
	return result();
}

#define BINARY(name, function)               \
	static bytes name(void)                  \
	{                                        \
		start();                             \
		for (size_t i = 0; i < N; i++)       \
			function(&out[i], &a[i], &b[i]); \
		return result();                     \
	}
BINARY(adding, scalar_add)
BINARY(subtracting, scalar_sub)
BINARY(multiplying, scalar_mul)

#define UNARY(name, function)          \
	static bytes name(void)            \
	{                                  \
		start();                       \
		for (size_t i = 0; i < N; i++) \
			function(&out[i], &a[i]);  \
		return result();               \
	}
UNARY(negating, scalar_neg)
UNARY(inverting, scalar_invert)

static bytes multiplying_and_adding(void)
{
	start();
	for (size_t i = 0; i < N; i++)
		scalar_mul_add(&out[i], &a[i], &b[i], &a[3]);
	return result();
}

static bytes is_zero(void)
{
	start();
	verdict = scalar_is_zero(&a[1]);
	return bytes_of(&verdict, sizeof verdict);
}

static bytes equal(void)
{
	start();
	verdict = scalar_equal(&a[1], &b[1]);
	return bytes_of(&verdict, sizeof verdict);
}

static bool fill_with_secrets(struct rng *rng, uint8_t *to, size_t len, struct error *err)
{
	(void)rng;
	(void)err;
	for (size_t i = 0; i < len; i++)
		to[i] = (uint8_t)(37 * i + 5);
	ct_poison(to, len);
	return true;
}

static bytes drawing(void)
{
	struct rng rng = {fill_with_secrets};
	secret_scalar s;
	start();
	if (!scalars_random(out, N - 1, &rng, NULL) || !secret_scalar_random(&s, &rng, NULL))
		fputs("no randomness\n", stderr);
	out[N - 1] = s.secret;
	return result();
}

static bytes wiping(void)
{
	start();
	secret_scalar s = {a[3]};
	secret_scalar_wipe(&s);
	ct_branch_on(&s, sizeof s);
	return BYTES_NONE;
}

static void not_wiping(void)
{
	start();
	secret_scalar s = {a[3]};
	ct_branch_on(&s, sizeof s);
}

static const struct ct_case cases[] = {
	{"scalar_decode", decoding, NULL},
	{"scalar_encode", encoding, NULL},
	{"scalars_encode_tree", encoding_leaves, NULL},
	{"scalar_reduce", reducing, NULL},
	{"scalar_add", adding, NULL},
	{"scalar_sub", subtracting, NULL},
	{"scalar_neg", negating, NULL},
	{"scalar_mul", multiplying, NULL},
	{"scalar_mul_add", multiplying_and_adding, NULL},
	{"scalar_invert", inverting, NULL},
	{"scalar_is_zero", is_zero, NULL},
	{"scalar_equal", equal, NULL},
	{"scalars_random", drawing, NULL},
	{"secret_scalar_wipe", wiping, not_wiping},
};

int main(int argc, char **argv)
{
	(void)argc;
	if (argv[1] && !group_init(argv[1], NULL))
		return 2;
	return ct_run(argv, group_backend_name(), cases, sizeof cases / sizeof cases[0]);
}
