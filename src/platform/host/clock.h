/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock seam: what waits or measures takes a struct clock, so that tests can turn the hands.
 * monotonic_ms never goes back and counts time asleep too; its zero is arbitrary. utc_ms is the
 * wall clock since 1970, for what people read; it may jump and decides nothing.
 */
#ifndef HOST_CLOCK_H
#define HOST_CLOCK_H

#include <stddef.h>
#include <stdint.h>

struct clock {
	uint64_t (*monotonic_ms)(struct clock *c);
	uint64_t (*utc_ms)(struct clock *c);
};

static inline uint64_t clock_now_ms(struct clock *c)
{
	return c->monotonic_ms(c);
}
static inline uint64_t clock_utc_ms(struct clock *c)
{
	return c->utc_ms(c);
}

struct clock *host_clock(void); /* the machine's; never freed */

#define UTC_TEXT_BYTES 25u /* "2027-05-04T09:12:33.481Z" and a 0 */
void utc_format(char out[static UTC_TEXT_BYTES], uint64_t utc_ms);

#endif
