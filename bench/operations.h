/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts the group operations between two moments, without a line of counting in the product: the
 * linker puts these counters in front of the group's public functions (bench/meson.build, --wrap).
 */
#ifndef BENCH_OPERATIONS_H
#define BENCH_OPERATIONS_H

#include <stdint.h>

struct operations {
	uint64_t fixed;     /* fixed-base multiples, constant time */
	uint64_t variable;  /* variable-base multiples, constant time */
	uint64_t secret;    /* terms of constant-time sums */
	uint64_t terms_256; /* terms of public sums */
	uint64_t terms_128;
	uint64_t adds;
	uint64_t decoded, encoded; /* points */
	uint64_t lifted;           /* candidates for generators */
};

void operations_reset(void);
struct operations operations_since_reset(void);
/* One line: each count divided by n, and beside it what `expected` says (NULL: nothing). */
void operations_print(const struct operations *o, double n, const char *expected);

#endif
