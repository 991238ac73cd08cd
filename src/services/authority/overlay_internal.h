/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A folder whose files are read from one folder and written to another: to compute what somebody
 * else published and compare, without touching it.
 */
#ifndef AUTHORITY_OVERLAY_INTERNAL_H
#define AUTHORITY_OVERLAY_INTERNAL_H

#include "base/seams.h"

struct overlay {
	struct folder folder;         /* first member */
	struct folder *below, *above; /* borrows */
};

void overlay_init(struct overlay *o, struct folder *below, struct folder *above);

#endif
