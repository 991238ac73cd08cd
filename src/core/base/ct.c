/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ct.h"

#include <string.h>

bool ct_equal(const void *a, const void *b, size_t len)
{
	const uint8_t *x = a, *y = b;
	uint64_t different = 0;
	for (size_t i = 0; i < len; i++)
		different |= (uint64_t)(x[i] ^ y[i]);
	return (ct_mask_zero(different) & 1) != 0;
}

void wipe(void *p, size_t len)
{
	if (len == 0)
		return;
	memset(p, 0, len);
	/* Somebody might read it, for all the compiler knows: the store has to happen. */
	__asm__ volatile("" : : "r"(p) : "memory");
}
