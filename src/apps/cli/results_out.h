/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results after a pipeline on their way out: the journal and everything in JSON and text, what a
 * result has in the other forms; the list of pipes.
 */
#ifndef CLI_RESULTS_OUT_H
#define CLI_RESULTS_OUT_H

#include "cli/result_out.h"
#include "results/results.h"

bool results_write(struct result_target *t, const struct results *r, struct error *err) must_check;

/* json: {"pipes":[{"name","module","what"}…]}; module is null for those that only Urna has. */
bool results_pipes_print(bool json, struct error *err) must_check;

#endif
