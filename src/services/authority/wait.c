/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/wait_internal.h"

#include <time.h>

#define STEP_FIRST_MS 10u
#define STEP_LAST_MS 100u

static void pause_ms(uint64_t ms)
{
	struct timespec t = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
	nanosleep(&t, NULL); /* a signal may shorten it: the condition is looked at anyway */
}

bool wait_until(const struct authority *a, wait_condition *holds, void *ctx, struct error *err)
{
	const uint64_t deadline = clock_now_ms(a->clock) + a->timeout_ms;
	uint64_t step = STEP_FIRST_MS;
	for (;;) {
		struct error why;
		error_clear(&why);
		if (holds(ctx, &why))
			return true;
		if (why.kind != ERROR_UNAVAILABLE) {
			if (err)
				*err = why;
			return false;
		}
		if (a->stopped && a->stopped())
			return fail_detail(err, ERROR_UNAVAILABLE, "authority: stopped while waiting",
			                   ERROR_NOWHERE, why.detail);
		if (clock_now_ms(a->clock) >= deadline)
			return fail_detail(err, ERROR_UNAVAILABLE,
			                   "authority: the deadline passed while waiting for other parties",
			                   ERROR_NOWHERE, why.detail);
		pause_ms(step);
		step = step * 2 < STEP_LAST_MS ? step * 2 : STEP_LAST_MS;
	}
}
