/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A result in the shape of Sequent's (formerly Agora Voting's) results.json, so that what reads
 * that can read this, with the rounds of the count beside it, which theirs does not have.
 *
 * Dense canonical JSON: keys ascending, no white space, no line feed at the end.
 *
 * {"questions":[{"answer_total_votes_percentage":"over-total-valid-votes",
 *    "answers":[{"category":"","details":"","id":0,"text":"Ann","total_count":6,"urls":[],
 *                "winner_position":0},…],              winner_position from 0; null: not elected
 *    "description":"","layout":"simple","max":3,"min":0,"num_winners":1,
 *    "rounds":[…],"rule":"scotland","tables":[…],      as in result_json.h
 *    "tally_type":"scotland",                          the method's name
 *    "title":"…","totals":{"blank_votes":1,"null_votes":0,"valid_votes":8},
 *    "winners":["Ann"]},…],                            in order of election
 *  "total_votes":9}                                    of the question with the most ballots
 *
 * Answers are the candidates, numbered from 0, then texts that were written in, the most votes
 * first. total_count is an exact JSON number, without trailing zeros; a fraction that has no end
 * in decimals is cut after nine of them and stands exactly in "total_count_exact", which such
 * answers have in addition. null_votes are all invalid ones.
 *
 * Errors: the sink's. Neither commits nor aborts it.
 */
#ifndef COUNT_RESULT_SEQUENT_H
#define COUNT_RESULT_SEQUENT_H

#include "base/seams.h"
#include "count/result_sheet.h"

bool result_sequent_write(struct sink *sink, const struct result_sheets *sheets,
                          struct error *err) must_check;

#endif
