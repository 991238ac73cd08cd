/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Constant-time helpers and wiping.
 *
 * Secrets: everything here takes time and touches memory depending on lengths only. A mask is all
 * ones or all zeros. ct_barrier keeps the optimiser from turning masks back into branches.
 */
#ifndef BASE_CT_H
#define BASE_CT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint64_t ct_barrier(uint64_t v)
{
	__asm__("" : "+r"(v));
	return v;
}

static inline uint64_t ct_mask_of_bit(uint64_t bit) /* 0 or 1 */
{
	return (uint64_t)0 - ct_barrier(bit);
}

static inline uint64_t ct_mask_zero(uint64_t v) /* all ones iff v = 0 */
{
	return ct_mask_of_bit(((v | ((uint64_t)0 - v)) >> 63) ^ 1);
}

static inline uint64_t ct_mask_equal(uint64_t a, uint64_t b)
{
	return ct_mask_zero(a ^ b);
}

static inline uint64_t ct_select(uint64_t mask, uint64_t if_set, uint64_t if_clear)
{
	return (if_set & mask) | (if_clear & ~mask);
}

bool ct_equal(const void *a, const void *b, size_t len);
void wipe(void *p, size_t len); /* not optimised away */

#endif
