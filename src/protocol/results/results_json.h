/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results after a pipeline as canonical JSON: dense, keys ascending, every key always there, one
 * line feed at the end. The same votes and the same pipeline give the same bytes.
 *
 * {"journal":[{"pipe":1,"question":1,"what":"30 votes opened: …"},…],    pipe 0: after the last;
 *                                                                        question 0: all of them
 *  "pipeline":"<64 hex: SHA-256 of its bytes>",
 *  "questions":[{"about":{
 *      "candidates":[{"gender":"woman","name":"Ann","team":"","withdrawn":false},…],  gender ""
 *      "counted":true,                          false: dont-tally-question, or joined into another
 *      "id":"q1","max":1,"min":0,
 *      "parts":[{"blank":1,"counted":true,"invalid":0,"name":"north","source":"opened",
 *                "valid":9},…],
 *      "rule":"plurality-at-large",
 *      "seat_rule":"desborda2",                                            null without one
 *      "seats":1,"title":"…",
 *      "votes":{"blank":1,"invalid":0,"valid":9},                          of the counted parts
 *      "winners":["Ann"],
 *      "write_ins":[{"candidate":"Ann","text":"ann","weight":2},…]},       candidate null: nobody's
 *    "count":{…},                               as in count/result_json.h; null: no valid vote
 *    "seats":{"parity_error":false,
 *      "places":[{"by_lot":false,"candidate":1,"parity":"none","why":"points"},…],
 *      "teams":[{"guaranteed":2,"minority":false,"name":"A","points":"12","reached":2,"seats":2}…],
 *      "winners":3}},…],                        null without a seat rule; parity: none, gained,
 * lost "title":"…","urna_results":1}
 *
 * Errors: the sink's. Neither commits nor aborts it.
 */
#ifndef RESULTS_RESULTS_JSON_H
#define RESULTS_RESULTS_JSON_H

#include "results/results.h"

bool results_json_write(struct sink *sink, const struct results *r, struct error *err) must_check;

#endif
