/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A result as canonical JSON: one form only, so equal results are equal bytes.
 *
 * Dense (no white space, no line feed at the end), keys in ascending order, every key always there,
 * UTF-8 as it is, only ", \ and U+0000 … U+001F escaped. Votes are decimal strings with all their
 * decimals ("139.78233") or fractions in lowest terms ("7/2"), ballots and places are integers;
 * there are no fractions as JSON numbers. Candidates are numbered from 1 in the order of
 * `candidates`, stages from 1.
 *
 * {"blank":0,
 *  "candidates":[{"name":"Ann","status":"elected"},…],
 *  "elected":[{"candidate":1,"stage":1,"without_quota":false},…],      in order of election
 *  "lot":[2,1],                                                        as declared, or []
 *  "places":[1,2,…],                                                   or []: 1 is best, 0
 * withdrawn "quota":"4.00000",                                                  null where there is
 * none "rule":"scotland","seats":2,
 *  "stages":[{"action":"first","amount":"0.00000","candidates":[],"nontransferable":"0.00000",
 *    "quota":"4.00000","status":["elected",…],"tallies":["5.00000",…],"tie":"none","tied":[],
 *    "truncated":"0.00000"},…],
 *  "tables":[{"cells":[["0","12"],…],"columns":["Ann",…],"name":"pairwise","rows":["Ann",…]},…],
 *  "title":"…","valid":9}
 *
 * Errors: the sink's. Neither commits nor aborts it.
 */
#ifndef COUNT_RESULT_JSON_H
#define COUNT_RESULT_JSON_H

#include "base/seams.h"
#include "count/count.h"

bool result_json_write(struct sink *sink, const struct count_result *r,
                       struct error *err) must_check;
/* How long the text is: for a buffer or an arena to hold it. */
size_t result_json_bytes(const struct count_result *r);

#endif
