/* SPDX-License-Identifier: Apache-2.0 */
#include "group/generators.h"

#include "group/backend_internal.h"

#define BLOCK 64u /* candidates drawn at a time */
#define STATDIST_MAX 256u

size_t generators_from_candidates(point *out, const struct prg *stream, unsigned statdist,
                                  uint64_t first, size_t candidates)
{
	require(statdist <= STATDIST_MAX);
	struct prg prg = *stream;
	unsigned bits = 256 + statdist;
	size_t draw = (bits + 7) / 8, found = 0;
	prg_seek(&prg, first * draw);
	for (size_t done = 0; done < candidates; done += BLOCK) {
		size_t count = candidates - done < BLOCK ? candidates - done : BLOCK;
		uint8_t x[BLOCK * WIDE_BYTES] = {0};
		point lifted[BLOCK];
		for (size_t i = 0; i < count; i++)
			prg_read_integer(&prg, x + (i + 1) * WIDE_BYTES - draw, bits);
		size_t n = group_backend()->lift_vartime(lifted, x, count);
		memcpy(out + found, lifted, n * sizeof *lifted);
		found += n;
	}
	return found;
}
