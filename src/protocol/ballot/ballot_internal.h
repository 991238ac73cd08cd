/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of a body, for those who write one and those who read one.
 */
#ifndef BALLOT_BALLOT_INTERNAL_H
#define BALLOT_BALLOT_INTERNAL_H

#include "ballot/ballot.h"
#include "hash/tagged.h"

#define BODY_CHILDREN 7u
#define WRAPPED_CHILDREN 2u /* body, seq */
#define SIGNED_CHILDREN 4u  /* body, seq, R, z_s */
#define SEQ_TREE_BYTES (TREE_HEADER_BYTES + 4u)
#define SEQ_MAX 0x7fffffffu
#define EID_TREE_BYTES (TREE_HEADER_BYTES + 32u)

extern const bytes ballot_body_label; /* "urna-body-1" */

size_t pseudonym_bytes(enum ballot_mode mode);
/* From the start of the body to the start of EID, and to the start of CT. */
size_t body_statement_at(void);
size_t body_head_bytes(const struct ballot_style *style, enum ballot_mode mode);
size_t ciphertexts_bytes(const struct ballot_style *style);
size_t commitments_bytes(const struct ballot_style *style);
size_t responses_bytes(const struct ballot_style *style);
size_t ending_bytes(enum ballot_mode mode); /* what follows the body */

static inline uint32_t wrapper_children(enum ballot_mode mode)
{
	return mode == BALLOT_CREDENTIALS ? SIGNED_CHILDREN : WRAPPED_CHILDREN;
}

/* statement: the bytes of the body from EID to the end of AA, five trees in the hash's order. */
void ballot_challenge(scalar *c, bytes statement);

struct signature_statement {
	const point *key, *commitment;
	const digest *eid, *ballot_id;
	uint32_t seq;
};
void signature_challenge(scalar *c, const struct signature_statement *s);

#endif
