/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the group's block operations cost, for every back end, as ratios to OpenSSL's k·G and k·P
 * measured in the same run.
 *
 *   bench_group [terms] [back end]      (default 100000, all); pin it: taskset -c 1 bench_group
 *
 * Thread CPU time; the best of a few rounds, as other guests only ever make it slower.
 */
#include "group/fixed_base.h"
#include "group/generators.h"
#include "group/msm.h"

#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BLOCK 16384u /* points of one feed */
#define SOME 4096u   /* points for operations whose cost does not depend on how many there are */

static size_t terms = 100000;
static point *points, *out;
static secret_scalar *scalars;
static scalar *public_scalars, *short_scalars;
static struct arena scratch, memory;
static struct fixed_base generator;
static point result;
static double other_fixed, other_any; /* µs */

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static uint64_t random_u64(void)
{
	static uint64_t x = 1;
	uint64_t z = (x += 0x9e3779b97f4a7c15u);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static void *room(size_t count, size_t size)
{
	void *p = aligned_alloc(ARENA_ALIGN, arena_room(count * size));
	if (!p)
		abort();
	return p;
}

static void report(const char *name, double us, double against, const char *whose)
{
	printf("%-4s %-42s %9.3f us   %8.4f x %s\n", group_backend_name(), name, us, us / against,
	       whose);
}

typedef void work_fn(size_t n);

/* Best of the rounds, per item. */
static double best(work_fn *work, size_t n, unsigned rounds)
{
	double least = 1e300;
	for (unsigned i = 0; i < rounds; i++) {
		double start = now_us();
		work(n);
		double us = (now_us() - start) / (double)n;
		least = us < least ? us : least;
	}
	return least;
}

static void measure_openssl(void)
{
	EC_GROUP *curve = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	EC_POINT *p = EC_POINT_new(curve), *r = EC_POINT_new(curve);
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *k = BN_new();
	other_fixed = other_any = 1e300;
	BN_rand_range(k, EC_GROUP_get0_order(curve));
	EC_POINT_mul(curve, p, k, NULL, NULL, ctx);
	for (unsigned round = 0; round < 5; round++) {
		double start = now_us();
		for (unsigned i = 0; i < 200; i++)
			EC_POINT_mul(curve, r, k, NULL, NULL, ctx);
		double middle = now_us();
		for (unsigned i = 0; i < 200; i++)
			EC_POINT_mul(curve, r, NULL, p, k, ctx);
		double fixed = (middle - start) / 200, any = (now_us() - middle) / 200;
		other_fixed = fixed < other_fixed ? fixed : other_fixed;
		other_any = any < other_any ? any : other_any;
	}
	printf("OpenSSL k·G %.2f us, k·P %.2f us\n", other_fixed, other_any);
	BN_free(k);
	BN_CTX_free(ctx);
	EC_POINT_free(p);
	EC_POINT_free(r);
	EC_GROUP_free(curve);
}

static void run_fixed(size_t n)
{
	fixed_base_mul(out, &generator, scalars, n, &scratch);
}

static void run_fixed_one_by_one(size_t n)
{
	for (size_t i = 0; i < n; i++)
		fixed_base_mul(&out[i], &generator, &scalars[i], 1, &scratch);
}

static void run_common(size_t n)
{
	points_mul_common(out, &scalars[0], points, n, &scratch);
}

static void run_mul(size_t n)
{
	for (size_t i = 0; i < n; i++)
		point_mul(&out[i], &scalars[i], &points[i]);
}

static void run_add(size_t n)
{
	points_add(out, points, points + n, n, &scratch);
}

static void run_sum(size_t n)
{
	points_sum(&result, points, n, &scratch);
}

static void run_msm(size_t n)
{
	result = point_infinity();
	msm(&result, scalars, points, n, &scratch);
}

static void sum_vartime(const point *p, const scalar *k, size_t n, unsigned bits)
{
	arena_release(&memory, 0);
	struct msm_vartime *m = msm_vartime_new(&memory, n, NULL);
	if (!m)
		abort();
	for (size_t done = 0; done < n; done += BLOCK)
		msm_vartime_add(m, p + done, k + done, n - done < BLOCK ? n - done : BLOCK, bits, &scratch);
	msm_vartime_finish(&result, m, &scratch);
}

static void run_msm_long(size_t n)
{
	sum_vartime(points, public_scalars, n, 256);
}

static void run_msm_short(size_t n)
{
	sum_vartime(points, short_scalars, n, 128);
}

static void run_msm_hostile(size_t n) /* out: one point and its opposite, over and over */
{
	sum_vartime(out, public_scalars, n, 256);
}

static void run_generators(size_t n)
{
	static const uint8_t seed[32] = {1};
	struct prg stream;
	prg_init(&stream, HASH_SHA256, seed);
	generators_from_candidates(out, &stream, 100, 0, 2 * n); /* half of them are points */
}

static void run_encode(size_t n)
{
	points_encode_tree((uint8_t *)(out + terms), points, n);
}

static void run_decode(size_t n)
{
	bytes in = bytes_of(out + terms, n * POINT_TREE_BYTES);
	if (!points_decode_tree(out, in, n, POINT_FINITE, NULL))
		abort();
}

static void measure_back_end(const char *name)
{
	if (!group_init(name, NULL))
		abort();
	static uint8_t *table;
	struct arena table_memory;
	point g = point_generator();
	table = table ? table : room(1, FIXED_BASE_BYTES);
	arena_init(&table_memory, table, FIXED_BASE_BYTES);
	double start = now_us();
	if (!fixed_base_init(&generator, &g, &table_memory, &scratch, NULL))
		abort();
	report("fixed base: table", now_us() - start, other_fixed, "k·G");
	fixed_base_mul(points, &generator, scalars, terms, &scratch);

	report("fixed base, constant time", best(run_fixed, SOME, 5), other_fixed, "k·G");
	report("fixed base, one at a time", best(run_fixed_one_by_one, 200, 3), other_fixed, "k·G");
	report("one scalar for all points, constant time", best(run_common, SOME, 3), other_any, "k·P");
	report("point_mul, constant time", best(run_mul, 100, 3), other_any, "k·P");
	report("points_add, constant time", best(run_add, SOME, 5), other_any, "k·P");
	report("points_sum, constant time", best(run_sum, terms, 3), other_any, "k·P");
	report("msm, constant time", best(run_msm, SOME, 3), other_any, "k·P");
	report("msm_vartime, 256 bits", best(run_msm_long, terms, 3), other_any, "k·P");
	report("msm_vartime, 128 bits", best(run_msm_short, terms, 3), other_any, "k·P");
	report("msm_vartime, 256 bits, 1000 terms", best(run_msm_long, 1000, 5), other_any, "k·P");
	for (size_t i = 0; i < terms; i++) {
		out[i] = points[0];
		if (random_u64() & 1)
			point_neg(&out[i], &out[i]);
	}
	report("msm_vartime, P and -P only", best(run_msm_hostile, terms, 1), other_any, "k·P");
	report("generators, per generator", best(run_generators, 1000, 3), other_any, "k·P");
	report("encode", best(run_encode, SOME, 5), other_any, "k·P");
	report("decode and check", best(run_decode, SOME, 5), other_any, "k·P");
}

int main(int argc, char **argv)
{
	static const char *const back_ends[] = {"64", "29"};
	if (argc > 1)
		terms = strtoull(argv[1], NULL, 10);
	if (terms < 2 * SOME)
		terms = 2 * SOME;
	points = room(terms, sizeof *points);
	out = room(terms + 2 * SOME, sizeof *out);
	scalars = room(terms, sizeof *scalars);
	public_scalars = room(terms, sizeof *public_scalars);
	short_scalars = room(terms, sizeof *short_scalars);
	arena_init(&scratch, room(1, GROUP_SCRATCH_BYTES), GROUP_SCRATCH_BYTES);
	arena_init(&memory, room(1, msm_vartime_bytes(terms)), msm_vartime_bytes(terms));
	for (size_t i = 0; i < terms; i++) {
		uint64_t v[8];
		for (unsigned j = 0; j < 8; j++)
			v[j] = random_u64();
		scalar_reduce(&scalars[i].secret, (const uint8_t *)v, sizeof v);
		public_scalars[i] = short_scalars[i] = scalars[i].secret;
		short_scalars[i].v[2] = short_scalars[i].v[3] = 0;
	}
	measure_openssl();
	for (size_t i = 0; i < sizeof back_ends / sizeof *back_ends; i++)
		if (argc < 3 || bytes_equal(bytes_of_text(argv[2]), bytes_of_text(back_ends[i])))
			measure_back_end(back_ends[i]);
	measure_openssl(); /* again: shows how much the machine wandered */
	return 0;
}
