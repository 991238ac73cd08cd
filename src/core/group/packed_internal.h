/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be done with points at rest without unpacking them: values are canonical, so equality is
 * equality of words, and the negative of y is p - y in every domain.
 */
#ifndef GROUP_PACKED_INTERNAL_H
#define GROUP_PACKED_INTERNAL_H

#include "base/ct.h"
#include "group/point.h"

static inline uint64_t packed_zero_mask(const uint64_t v[4])
{
	return ct_mask_zero(v[0] | v[1] | v[2] | v[3]);
}

static inline uint64_t packed_equal_mask(const uint64_t a[4], const uint64_t b[4])
{
	return ct_mask_zero((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3]));
}

static inline uint64_t packed_infinity_mask(const point *a)
{
	return ct_mask_zero(a->x[0] | a->x[1] | a->x[2] | a->x[3] | a->y[0] | a->y[1] | a->y[2] |
	                    a->y[3]);
}

/* a becomes infinity where the mask is set. */
static inline void packed_clear_if(point *a, uint64_t mask)
{
	for (unsigned i = 0; i < 4; i++) {
		a->x[i] &= ~mask;
		a->y[i] &= ~mask;
	}
}

/* a ↦ -a where the mask is set; infinity stays as it is. */
static inline void packed_negate_if(point *a, uint64_t mask)
{
	static const uint64_t p[4] = {0xffffffffffffffff, 0x00000000ffffffff, 0, 0xffffffff00000001};
	uint64_t borrow = 0;
	mask &= ~packed_zero_mask(a->y);
	for (unsigned i = 0; i < 4; i++) {
		uint64_t y = a->y[i], r = p[i] - y - borrow;
		borrow = ((~p[i] & y) | (~(p[i] ^ y) & r)) >> 63;
		a->y[i] = ct_select(mask, r, y);
	}
}

#endif
