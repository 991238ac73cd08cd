/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results: computed from a record's opened votes. How they are printed: result_out.h.
 */
#ifndef CLI_RESULT_H
#define CLI_RESULT_H

#include "cli/election.h"
#include "record/result.h"

/* UNAVAILABLE until there are opened votes, or nothing was cast: says which step comes first. */
bool result_can_be_counted(const struct election *e, struct error *err) must_check;
/*
 * Recounts what the record's Plaintexts.bt hold and, where a result.json is there, compares it
 * (REJECTED when it differs). UNAVAILABLE before there are opened votes. Ballots and proofs are not
 * looked at.
 */
bool result_of_record(struct election_result **out, struct election *e,
                      struct error *err) must_check;

/* How many votes were opened in each of the manifest's lists; 0: it was empty and never mixed. */
bool result_list_sizes(uint64_t sizes[static LIMIT_LISTS], const struct election *e,
                       struct error *err) must_check;

/* As many authorities as the threshold says have signed this result. UNAVAILABLE before; REJECTED
 * for a signature that is there and wrong. */
bool result_is_signed(struct election *e, struct error *err) must_check;

#endif
