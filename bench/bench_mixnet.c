/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole mix of two parties: shuffle, verify, decrypt, combine.
 *
 *   bench_mixnet [ciphertexts] [threads] [width]      (default 10000 1 1)
 *
 * Wall time, CPU time of all threads, group operations per ciphertext beside what the method needs
 * (FB fixed base, VB variable base, MSM a term of a multi-scalar multiplication), and the CPU time
 * of an observer's check as a multiple of OpenSSL's k·G per ciphertext, measured in the same run.
 * Files are in memory.
 */
#include "unit/protocol/mixnet/world.h"

#include "operations.h"

#include "files/memory_folder.h"
#include "host/pool.h"
#include "host/random.h"

#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double wall_start, cpu_start, ciphertexts;

static double seconds(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void begin(void)
{
	operations_reset();
	wall_start = seconds(CLOCK_MONOTONIC);
	cpu_start = seconds(CLOCK_PROCESS_CPUTIME_ID);
}

/* expected: operations per ciphertext of width 1, counted on paper for the method. */
static double finish(const char *what, const char *expected)
{
	double wall = seconds(CLOCK_MONOTONIC) - wall_start;
	double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_start;
	struct operations o = operations_since_reset();
	printf("%-34s %8.3f s wall %8.3f s CPU\n", what, wall, cpu);
	operations_print(&o, ciphertexts, expected);
	return cpu;
}

static void need(bool ok, const struct error *err)
{
	if (ok)
		return;
	fprintf(stderr, "bench_mixnet: %s %s\n", err->what, err->detail);
	exit(1);
}

/* µs of one k·G. */
static double other_implementation(void)
{
	EC_GROUP *g = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	EC_POINT *p = EC_POINT_new(g);
	BIGNUM *k = BN_new();
	double best = 1e9;
	for (int round = 0; round < 5; round++) {
		double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
		for (int i = 0; i < 2000; i++) {
			BN_rand(k, 256, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY);
			EC_POINT_mul(g, p, k, NULL, NULL, NULL);
		}
		double each = (seconds(CLOCK_PROCESS_CPUTIME_ID) - start) / 2000 * 1e6;
		best = each < best ? each : best;
	}
	BN_free(k);
	EC_POINT_free(p);
	EC_GROUP_free(g);
	return best;
}

static void decrypt(struct world *w)
{
	struct decryption_job job = world_decryption_job(w, "proofs/Ciphertexts02.bt");
	struct decryption_nonce nonce[3] = {0};
	enum decryption_verdict verdict[LIMIT_PARTIES + 1];
	bool correct[LIMIT_PARTIES + 1] = {false, true, true};
	struct error err;
	begin();
	for (unsigned p = 1; p <= 2; p++)
		need(decryption_factors(&job, p, &w->share[p], &err), &err);
	finish("factors of both parties", "2 VB");
	begin();
	for (unsigned p = 1; p <= 2; p++)
		need(decryption_commit(&job, p, w->rng, &nonce[p], &err), &err);
	for (unsigned p = 1; p <= 2; p++)
		need(decryption_reply(&job, &w->share[p], &nonce[p], &err), &err);
	finish("proofs of both parties", "2 MSM(256)");
	begin();
	need(decryption_check(&job, verdict, &err), &err);
	finish("check of both parties", "3 MSM(256)");
	begin();
	need(decryption_combine(&job, correct, &err), &err);
	finish("combination", "about 5 add");
}

int main(int argc, char **argv)
{
	uint64_t n = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000;
	unsigned threads = argc > 2 ? (unsigned)atoi(argv[2]) : 1;
	uint32_t width = argc > 3 ? (uint32_t)atoi(argv[3]) : 1;
	ciphertexts = (double)n;
	struct world w;
	struct error err = {.what = "bad arguments"};
	struct workers *workers = NULL;
	struct folder *folder = NULL;
	need(n > 0 && threads > 0 && width > 0 && width <= LIMIT_WIDTH, &err);
	need(memory_folder_new(&folder, "proof", (size_t)4 << 30, &err), &err);
	world_init(&w, 2, 2, width, n, folder);
	need(host_workers_new(&workers, threads, &err), &err);
	free(w.arena.base);
	size_t a = shuffle_bytes(n, width, threads), b = mix_verify_bytes(n, 0, threads);
	size_t size = (a > b ? a : b) + ((size_t)8 << 20);
	arena_init(&w.arena, aligned_alloc(ARENA_ALIGN, arena_room(size)), size);
	w.workers = workers;
	need(host_rng_new(&w.rng, &err), &err);
	printf("%llu ciphertexts of width %u, %u threads, group back end %s\n", (unsigned long long)n,
	       width, threads, group_backend_name());
	begin();
	world_start(&w, MIX_MIXING, 2);
	finish("encryption", NULL);
	begin();
	world_shuffle(&w, "Ciphertexts.bt", 1);
	finish("first shuffle", "7 FB, 3 MSM(secret), 5 add");
	begin();
	world_shuffle(&w, "proofs/Ciphertexts01.bt", 2);
	finish("second shuffle", "7 FB, 3 MSM(secret), 5 add");
	decrypt(&w);
	begin();
	need(world_verify(&w, NULL, &err), &err);
	double cpu =
		finish("observer: everything", "11 + 2 MSM(256), 2 + 1 MSM(128): shuffles + decryption");
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	double other = other_implementation();
	printf("working memory: prover %zu MB, verifier %zu MB, arena peak %zu MB, process %ld MB with "
	       "the files\n",
	       a >> 20, b >> 20, w.arena.peak >> 20, usage.ru_maxrss >> 10);
	printf("observer per ciphertext: %.2f µs = %.2f times OpenSSL's k·G (%.2f µs)\n",
	       cpu / (double)n * 1e6, cpu / (double)n * 1e6 / other, other);
	host_workers_free(workers);
	world_done(&w);
	return 0;
}
