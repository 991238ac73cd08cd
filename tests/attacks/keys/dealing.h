/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A dealer who does what it must not, in the ceremony of a real election. The honest parties end
 * with a right key and hold the election; or, where everybody colludes, the verifier refuses. Each
 * test program has its own election.
 */
#ifndef ATTACK_DEALING_H
#define ATTACK_DEALING_H

#include "attacks/keys/prover.h"
#include "attacks/keys/rite.h"

#include <string.h>

static struct play p;
static struct election e;
static struct cheat c;

/* The others finish in this attempt; the cheater has this fate, and the verifier says so. */
static inline void is_out(unsigned cheater, enum ceremony_fate fate, const char *holders)
{
	char note[128];
	struct text t = TEXT_OF(note);
	play_out(&p);
	rite_finish(&p, &e);
	assert_int_equal(e.ceremony.attempts, 1);
	if (e.ceremony.fate[cheater - 1] != fate)
		fail_msg("party %u %s", cheater, ceremony_fate_text(e.ceremony.fate[cheater - 1]));
	assert_int_equal(e.key.qualified[cheater - 1], 0);
	if (!holders)
		return;
	rite_hold(&e, holders);
	text_add(&t, "party ");
	text_add_u64(&t, cheater);
	text_add(&t, " ");
	text_add(&t, ceremony_fate_text(fate));
	assert_true(noted_by_verifier(&e, "3.4", note));
}

/* All certify what no honest party would: nothing but the verifier is left. */
static inline void all_agree_and_it_is_refused(const char *what, const char *detail)
{
	static const uint8_t fine[LIMIT_PARTIES] = {0}, d[32] = {1};
	for (unsigned i = 1; i <= e.parties; i++)
		forge(&p, 1, 4, i, statement_of(&p, fine, d));
	rite_record(&p, &e);
	refused_by_verifier(&e, "3.1", what, detail);
}

#endif
