/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Independent generators by Verificatum's rule: x from a PRG, y the smaller root, non-residues
 * skipped, so that nobody knows a logarithm between them.
 *
 * Inputs: the PRG stream; statdist n_r ≤ 256 (bits drawn = 256 + n_r).
 * Cost: on average 2 candidates each: 2 square roots ≈ 520 S, tested by squaring back.
 */
#ifndef GROUP_GENERATORS_H
#define GROUP_GENERATORS_H

#include "group/point.h"
#include "hash/oracle.h"

/*
 * Candidates first…first+candidates-1 of the stream, those that are points, in order; returns how
 * many. Blocks of candidates are independent of each other, so threads can share the work.
 */
size_t generators_from_candidates(point *out, const struct prg *stream, unsigned statdist,
                                  uint64_t first, size_t candidates);

#endif
