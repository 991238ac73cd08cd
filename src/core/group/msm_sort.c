/* SPDX-License-Identifier: Apache-2.0 */
#include "group/msm_internal.h"

_Static_assert(TERMS_CHUNK <= 1u << 15, "a reference has 16 bits");

void msm_sort(uint16_t *refs, uint16_t *ends, const msm_digit *digits, size_t n, size_t half)
{
	memset(ends, 0, (half + 1) * sizeof *ends);
	for (size_t i = 0; i < n; i++)
		ends[digits[i] >> 1]++;
	unsigned sum = 0;
	for (size_t j = 0; j <= half; j++) {
		unsigned count = ends[j];
		ends[j] = (uint16_t)sum; /* the beginning, which filling moves to the end */
		sum += count;
	}
	for (size_t i = 0; i < n; i++)
		refs[ends[digits[i] >> 1]++] = (uint16_t)(i << 1 | (digits[i] & 1));
}
