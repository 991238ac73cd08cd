/* SPDX-License-Identifier: Apache-2.0 */
#include "ct/ct.h"

#include "group/fixed_base.h"
#include "group/lift.h"
#include "group/msm.h"

#include <stdio.h>
#include <stdlib.h>

/* Both the ways for few and for many points; the first ones are the exceptional cases. */
#define FEW 5u
#define MANY 70u

static secret_scalar k[MANY];
static point p[MANY], r[MANY], out[MANY];
static uint8_t bytes_out[MANY * POINT_TREE_BYTES];
static uint64_t on[4];
static bool verdict;
static struct arena memory, scratch;
static struct fixed_base table;

static void make_room(struct arena *a, size_t size)
{
	void *block = aligned_alloc(ARENA_ALIGN, size);
	if (!block)
		abort();
	arena_init(a, block, size);
}

static void prepare(void)
{
	make_room(&memory, 1 << 20);
	make_room(&scratch, (size_t)16 << 20);
	point g = point_generator(), base;
	scalar seven = scalar_of_u64(7);
	point_mul_vartime(&base, &seven, &g);
	if (!fixed_base_init(&table, &base, &memory, &scratch, NULL))
		abort();
}

/* Public points and scalars, among them 0, 1, -1, infinity, equal and opposite ones; then poison:
 * all of the scalars, and the points where with_points says that they are secret too. */
static void start(bool with_points)
{
	ct_unpoison(k, sizeof k);
	ct_unpoison(p, sizeof p);
	ct_unpoison(r, sizeof r);
	point g = point_generator(), walk = g;
	for (size_t i = 0; i < MANY; i++) {
		k[i].secret = scalar_of_u64(0x9e3779b97f4a7c15u * (i + 1));
		scalar_mul(&k[i].secret, &k[i].secret, &k[i].secret);
		p[i] = r[MANY - 1 - i] = walk;
		point_add(&walk, &walk, &g);
	}
	k[0].secret = scalar_zero;
	k[1].secret = scalar_one;
	scalar_neg(&k[2].secret, &scalar_one);
	p[0] = point_infinity();
	r[1] = point_infinity();
	r[2] = p[2];
	point_neg(&r[3], &p[3]);
	p[4] = r[4] = point_infinity();
	ct_poison(k, sizeof k);
	if (with_points) {
		ct_poison(p, sizeof p);
		ct_poison(r, sizeof r);
	}
}

static bytes result(size_t n)
{
	return bytes_of(out, n * sizeof out[0]);
}

static bytes is_infinity(void)
{
	start(true);
	verdict = point_is_infinity(&p[0]);
	return bytes_of(&verdict, sizeof verdict);
}

static bytes equal(void)
{
	start(true);
	verdict = point_equal(&p[2], &r[2]);
	return bytes_of(&verdict, sizeof verdict);
}

static bytes negating(void)
{
	start(true);
	point_neg(&out[0], &p[0]);
	point_neg(&out[1], &p[1]);
	points_neg(out + 2, p, MANY - 2);
	return result(MANY);
}

static bytes adding_one(void)
{
	start(true);
	for (size_t i = 0; i < FEW; i++)
		point_add(&out[i], &p[i], &r[i]);
	return result(FEW);
}

static bytes subtracting_one(void)
{
	start(true);
	for (size_t i = 0; i < FEW; i++)
		point_sub(&out[i], &p[i], &r[i]);
	return result(FEW);
}

static bytes adding_few(void)
{
	start(true);
	points_add(out, p, r, FEW, &scratch);
	return result(FEW);
}

static bytes adding_many(void)
{
	start(true);
	points_add(out, p, r, MANY, &scratch);
	return result(MANY);
}

static bytes subtracting_few(void)
{
	start(true);
	points_sub(out, p, r, FEW, &scratch);
	return result(FEW);
}

static bytes subtracting_many(void)
{
	start(true);
	points_sub(out, p, r, MANY, &scratch);
	return result(MANY);
}

static bytes summing(void)
{
	start(true);
	points_sum(&out[0], p, MANY, &scratch);
	points_sum(&out[1], r, FEW, &scratch);
	points_sum(&out[2], p, 1, &scratch);
	return result(3);
}

static bytes multiplying(void)
{
	start(true);
	for (size_t i = 0; i < FEW; i++)
		point_mul(&out[i], &k[i], &p[3]);
	point_mul(&out[FEW], &k[6], &p[0]);
	return result(FEW + 1);
}

static bytes multiplying_few_by_one(void)
{
	start(true);
	points_mul_common(out, &k[6], p, FEW, &scratch);
	return result(FEW);
}

static bytes multiplying_many_by_one(void)
{
	start(true);
	points_mul_common(out, &k[6], p, MANY, &scratch);
	return result(MANY);
}

/* The scalars for which a common walk over digits meets its exceptional cases. */
static bytes multiplying_by_one_of_the_edges(void)
{
	start(true);
	for (size_t i = 0; i < 3; i++)
		points_mul_common(out, &k[i], p, MANY, &scratch);
	return result(MANY);
}

static bytes fixed_few(void)
{
	start(true);
	fixed_base_mul(out, &table, k, FEW, &scratch);
	return result(FEW);
}

static bytes fixed_many(void)
{
	start(true);
	fixed_base_mul(out, &table, k, MANY, &scratch);
	return result(MANY);
}

static bytes fixed_and_adding(void)
{
	start(true);
	fixed_base_mul_add(out, &table, k, p, MANY, &scratch);
	return result(MANY);
}

/* What a table without a full scan would do: an entry at an address made of secret digits. */
static void fixed_by_lookup(void)
{
	start(true);
	out[0] = table.table[k[6].secret.v[0] & 31];
}

static bytes summing_multiples(void)
{
	start(true);
	out[0] = point_infinity();
	msm(&out[0], k, p, MANY, &scratch);
	out[1] = p[7];
	msm(&out[1], k, r, FEW, &scratch);
	return result(2);
}

static void summing_multiples_vartime(void)
{
	start(false);
	size_t mark = arena_mark(&scratch);
	struct msm_vartime *m = msm_vartime_new(&scratch, MANY, NULL);
	if (!m)
		abort();
	msm_vartime_add(m, p, &k[0].secret, MANY, 256, &scratch);
	msm_vartime_finish(&out[0], m, &scratch);
	arena_release(&scratch, mark);
}

static bytes encoding(void)
{
	start(true);
	points_encode_tree(bytes_out, p, MANY);
	return bytes_of(bytes_out, 40);
}

static bytes encoding_raw(void)
{
	start(true);
	point_encode_raw(bytes_out, &p[3]);
	return bytes_of(bytes_out, POINT_RAW_BYTES);
}

static bytes lifting(void)
{
	static uint8_t x[4 * 32];
	start(true);
	ct_unpoison(x, sizeof x);
	for (size_t i = 0; i < sizeof x; i++)
		x[i] = (uint8_t)(i < 32 ? 0xff : i * 5); /* the first is not below p */
	ct_poison(x, sizeof x);
	points_lift(out, on, x, 4);
	return bytes_of(on, sizeof on);
}

static void lifting_vartime(void)
{
	static uint8_t x[32] = {5};
	start(true);
	ct_poison(x, sizeof x);
	verdict = point_lift_vartime(&out[0], x);
	ct_branch_on(&verdict, sizeof verdict);
}

static const struct ct_case cases[] = {
	{"point_is_infinity", is_infinity, NULL},
	{"point_equal", equal, NULL},
	{"point_neg, points_neg", negating, NULL},
	{"point_add", adding_one, NULL},
	{"point_sub", subtracting_one, NULL},
	{"points_add of few", adding_few, NULL},
	{"points_add of many", adding_many, NULL},
	{"points_sub of few", subtracting_few, NULL},
	{"points_sub of many", subtracting_many, NULL},
	{"points_sum", summing, NULL},
	{"point_mul", multiplying, NULL},
	{"points_mul_common of few", multiplying_few_by_one, NULL},
	{"points_mul_common of many", multiplying_many_by_one, NULL},
	{"points_mul_common by 0, 1, -1", multiplying_by_one_of_the_edges, NULL},
	{"fixed_base_mul of few", fixed_few, NULL},
	{"fixed_base_mul of many", fixed_many, fixed_by_lookup},
	{"fixed_base_mul_add", fixed_and_adding, NULL},
	{"msm", summing_multiples, summing_multiples_vartime},
	{"points_encode_tree", encoding, NULL},
	{"point_encode_raw", encoding_raw, NULL},
	{"points_lift", lifting, lifting_vartime},
};

int main(int argc, char **argv)
{
	(void)argc;
	if (argv[1] && !group_init(argv[1], NULL))
		return 2;
	prepare();
	return ct_run(argv, group_backend_name(), cases, sizeof cases / sizeof cases[0]);
}
