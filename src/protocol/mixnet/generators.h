/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The independent generators h_0, h_1, … of a session's commitments.
 *
 * They are a function of the session alone, the first n of them the same for every list, so that
 * whoever shuffles and verifies in one session derives them once: a proof that is begun lends them
 * (shuffle.h), a verification borrows them (verify.h).
 */
#ifndef MIXNET_GENERATORS_H
#define MIXNET_GENERATORS_H

#include "group/point.h"
#include "mixnet/session.h"

struct mix_generators {
	const point *h;
	uint64_t count;
	uint8_t rho[HASH_MAX_BYTES]; /* of the session they belong to, which is required */
};

#endif
