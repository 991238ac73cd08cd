/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Party 2 shuffles with a prover of its own, behind an honest party 1. Then either an honest party
 * is asked to decrypt; or t parties and the board collude, finish the record without any check,
 * sign everything, and the verifier alone is left. Each test program has its own election.
 */
#ifndef ATTACK_MIXING_H
#define ATTACK_MIXING_H

#include "attacks/keys/forge.h"
#include "attacks/keys/prover.h"

#include <string.h>

#define VOTES 4u
#define LIST_1 "proofs/Ciphertexts01.bt"

static struct election e;
static struct forgery f;
static struct prover p;

static inline int set_up(void **state)
{
	(void)state;
	attack_election(&e, 3, 2, VOTES);
	assert_true(election_step(&e, STEP_MIX, "1", "1,2"));
	forgery_begin(&f, &e);
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	forgery_end(&f);
	election_end(&e);
	return 0;
}

static inline void begin(void)
{
	forgery_undo(&f);
	forgery_close(&f, "123");
	f.last = 2;
	election_write(&f.proof.folder, "proofs/activethreshold", BYTES_LITERAL("2"));
	prover_begin(&p, &f.proof.folder, &f.session, &f.key.y, LIST_1);
}

/* Party 2 publishes and signs; honest parties refuse before they use their shares. */
static inline void is_refused(const char *equation)
{
	char what[64];
	struct text t = TEXT_OF(what);
	text_add(&t, "shuffle equation ");
	text_add(&t, equation);
	text_add(&t, " does not hold");
	prover_write(&p, &f.proof.folder, 2);
	forgery_sign_mix(&f, 2, LIST_1, 2);
	refused_by_party(&e, STEP_DECRYPT, 1, "1,2", ERROR_REJECTED, what);
	refused_by_party(&e, STEP_DECRYPT, 1, "1,2", ERROR_REJECTED, "party 2");
	refused_by_party(&e, STEP_DECRYPT, 3, "1,3", ERROR_REJECTED, what);
	share_is_unused(&e, 1);
	share_is_unused(&e, 3);
	forgery_decrypt(&f, "12");
	forgery_result(&f, "12");
	refused_by_verifier(&e, "8.2", what, "party 2");
}

/* The input that output i of an honest prover is of. */
static inline unsigned input_of(unsigned i)
{
	for (unsigned j = 0; j < p.n; j++)
		if (scalar_equal(&p.m[i][j], &scalar_one))
			return j;
	fail_msg("no permutation");
	return 0;
}

#endif
