/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every record that a test of this program has shown to the verifier is shown to web/verifier too,
 * all at once, by the last test. Include support.h first.
 */
#ifndef ATTACK_SECOND_H
#define ATTACK_SECOND_H

#include "support/election.h"

/* The record as it is now, and what was said of it. */
void second_keep(const struct election *e, enum record_verdict verdict,
                 const struct election_report *report);
/* A cmocka test: verdict and codes are the same for each of them; or it is skipped. */
void attack_50_the_second_verifier_judges_all_these_records_alike(void **state);

#endif
