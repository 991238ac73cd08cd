/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The field of P-256, one back end (FIELD_HEADER): nanoseconds of thread CPU time per operation,
 * best of many short samples, and the ratio to OpenSSL's k·G measured in the same run. "alone" is
 * independent operations over an array, "chain" each waiting for the one before.
 */
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include FIELD_HEADER

#define LANES 64
#define SAMPLES 25

static fe a[LANES], b[LANES], out[LANES];
static uint64_t packed[LANES][4];

static double now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void mul_alone(void)
{
	for (int i = 0; i < LANES; i++)
		fe_mul(&out[i], &a[i], &b[i]);
}

static void mul_chain(void)
{
	for (int i = 0; i < LANES; i++)
		fe_mul(&out[0], &out[0], &b[0]);
}

static void sqr_alone(void)
{
	for (int i = 0; i < LANES; i++)
		fe_sqr(&out[i], &a[i]);
}

static void sqr_chain(void)
{
	for (int i = 0; i < LANES; i++)
		fe_sqr(&out[0], &out[0]);
}

static void add_alone(void)
{
	for (int i = 0; i < LANES; i++)
		fe_add(&out[i], &a[i], &b[i]);
}

static void sub_loose_alone(void)
{
	for (int i = 0; i < LANES; i++) {
		fe_loose d;
		fe_loose_sub(&d, &a[i], &b[i]);
		memcpy(&out[i], &d, sizeof d);
	}
}

static void load_alone(void)
{
	for (int i = 0; i < LANES; i++)
		fe_load(&out[i], packed[i]);
}

static void store_alone(void)
{
	for (int i = 0; i < LANES; i++)
		fe_store(packed[i], &a[i]);
}

static void zero_test_alone(void)
{
	for (int i = 0; i < LANES; i++)
		packed[i][0] = fe_is_zero_mask(&a[i]);
}

static void invert(void)
{
	fe_invert(&out[0], &a[1]);
}

static void square_root(void)
{
	packed[0][0] = fe_sqrt(&out[0], &a[1]);
}

static EC_GROUP *group;
static EC_POINT *point;
static BIGNUM *k;

static void openssl_fixed_base(void)
{
	if (!EC_POINT_mul(group, point, k, NULL, NULL, NULL))
		abort();
}

static double best(void (*work)(void), int operations, int rounds)
{
	double least = 0;
	for (int s = 0; s < SAMPLES; s++) {
		const double start = now_ns();
		for (int r = 0; r < rounds; r++) {
			work();
			__asm__ volatile("" : : "r"(a), "r"(b), "r"(out), "r"(packed) : "memory");
		}
		const double each = (now_ns() - start) / rounds / operations;
		if (s == 0 || each < least)
			least = each;
	}
	return least;
}

int main(void)
{
	static const struct {
		const char *name;
		void (*work)(void);
		int operations, rounds;
	} rows[] = {
		{"mul, alone", mul_alone, LANES, 500},
		{"mul, chain", mul_chain, LANES, 500},
		{"sqr, alone", sqr_alone, LANES, 500},
		{"sqr, chain", sqr_chain, LANES, 500},
		{"add", add_alone, LANES, 1000},
		{"sub, loose", sub_loose_alone, LANES, 1000},
		{"load", load_alone, LANES, 1000},
		{"store", store_alone, LANES, 1000},
		{"zero test", zero_test_alone, LANES, 1000},
		{"invert", invert, 1, 50},
		{"square root", square_root, 1, 50},
	};
	for (int i = 0; i < LANES; i++) {
		uint8_t form[32] = {0};
		for (int j = 1; j < 32; j++)
			form[j] = (uint8_t)(i * 37 + j * 101 + 7);
		if (!fe_decode(&a[i], form))
			abort();
		form[5] ^= 0x55;
		if (!fe_decode(&b[i], form))
			abort();
	}
	out[0] = a[0];
	group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	point = EC_POINT_new(group);
	if (!BN_hex2bn(&k, "7fffffff0123456789abcdef0123456789abcdef0123456789abcdef01234567"))
		abort();
	const double peer = best(openssl_fixed_base, 1, 100);
	printf("field %s, compiler %s\n", FIELD_HEADER, __VERSION__);
	printf("%-12s %10s %16s\n", "operation", "ns", "per OpenSSL k*G");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const double ns = best(rows[i].work, rows[i].operations, rows[i].rounds);
		printf("%-12s %10.2f %16.1f\n", rows[i].name, ns, peer / ns);
	}
	printf("%-12s %10.2f %16.1f\n", "OpenSSL k*G", peer, 1.0);
	EC_POINT_free(point);
	EC_GROUP_free(group);
	BN_free(k);
	return 0;
}
