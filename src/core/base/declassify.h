/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one door from secret to public: a verdict computed from secrets that everybody may learn
 * ("this message could not be encoded", "a digit is out of range"). Whoever calls it states that
 * the answer may be known.
 *
 * It is alone in its object file: the constant-time tests bring their own, which declares the mask
 * public to memcheck, so that the branch after it is not reported and every other one is.
 */
#ifndef BASE_DECLASSIFY_H
#define BASE_DECLASSIFY_H

#include <stdbool.h>
#include <stdint.h>

bool ct_declassify(uint64_t mask); /* mask ≠ 0 */

#endif
