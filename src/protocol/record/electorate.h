/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many voters each list can have: the credentials of its area and groups whose weight has its
 * bit.
 *
 * One list of fewer ballots than min_list, but not none, keeps all of them closed (docs/protocol.md
 * 8.4). Where not even min_list voters belong to a list, that comes about as soon as one of them
 * votes: a board refuses to begin such an election. It is no rule of the record, for a verifier
 * judges the ballots that are there.
 *
 * Inputs: styles below the manifest's number, weights within it: credentials_read, the ledger.
 * Errors: REJECTED with list, group, area, bit and both numbers in the detail.
 */
#ifndef RECORD_ELECTORATE_H
#define RECORD_ELECTORATE_H

#include "manifest/manifest.h"

#define ELECTORATE_BITS 31u /* of a weight */

struct electorate {
	uint32_t of[LIMIT_STYLES][ELECTORATE_BITS]; /* credentials by style and bit */
};
/* A revoked one, of weight 0, belongs to no list. */
void electorate_add(struct electorate *e, uint32_t style, uint32_t weight);
uint64_t electorate_of_list(const struct electorate *e, const struct manifest *m, unsigned list);

/* Voters, but fewer than min_list, where the manifest does not accept small lists. */
bool electorate_is_small(const struct electorate *e, const struct manifest *m, unsigned list);
bool electorate_check(const struct electorate *e, const struct manifest *m,
                      struct error *err) must_check;
/* "l3, group g1, area north, weight bit 2: 4 credentials, min_list is 10"; printable. */
#define ELECTORATE_TEXT_BYTES 256u
void electorate_describe(char out[static ELECTORATE_TEXT_BYTES], const struct electorate *e,
                         const struct manifest *m, unsigned list);

#endif
