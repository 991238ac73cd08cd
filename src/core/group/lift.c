/* SPDX-License-Identifier: Apache-2.0 */
#include "group/lift.h"

#include "group/backend_internal.h"

void points_lift(point *out, uint64_t *on, const uint8_t *x, size_t n)
{
	group_backend()->lift(out, on, x, n);
}
