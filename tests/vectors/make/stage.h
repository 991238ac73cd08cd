/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two elections for known answers, on the test's own urn (unit/protocol/record/urn.h): keys from
 * seeds that anybody can write down. Include support.h first.
 *
 *   tiny  2 of 2 authorities, one question of two answers, mode "server": a whole record
 *   full  1 authority with an invented key, credentials, areas, weights, witnesses: a log
 */
#ifndef VECTORS_STAGE_H
#define VECTORS_STAGE_H

#include "unit/protocol/record/urn.h"

/* The seed of every Ed25519 key of these elections is 32 times one byte. */
#define STAGE_AUTHORITY 0x01 /* of party 1; then one more for each */
#define STAGE_BOARD 0x0b
#define STAGE_REGISTRAR 0x0c
#define STAGE_WITNESS 0xa0

void stage_tiny(struct urn *u);
void stage_full(struct urn *u);

#endif
