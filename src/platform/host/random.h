/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The random generator of a process: fast-key-erasure ChaCha20 (hash/chacha20.h), seeded by
 * getrandom(2), and seeded again (old and new mixed) every HOST_RNG_RESEED_BYTES.
 *
 * Secrets: the state lies in one locked page that core dumps leave out and that the kernel clears
 * in a forked child, which then seeds itself: two processes never give the same bytes.
 * Errors: IO when the kernel has no randomness; never weak bytes.
 * Threads: one at a time, as struct rng says; each thread may have its own.
 */
#ifndef HOST_RANDOM_H
#define HOST_RANDOM_H

#include "base/seams.h"

#define HOST_RNG_RESEED_BYTES (1u << 20)

bool host_rng_new(struct rng **out, struct error *err) must_check;
void host_rng_free(struct rng *rng); /* wipes; NULL is fine */

#endif
