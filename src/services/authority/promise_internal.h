/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this authority does once only, kept durably in its home before it does it. Whoever could
 * have it done twice would learn single votes, or the share.
 *
 *   closed-<first 16 hex of EID>        one urn: the closing statement it signed
 *   final-<…>-lK                        one list is opened: SHA-256 of the one it said "ready" for
 *   attempt-<…>-lK                      the last attempt at decrypting it committed in, decimal
 *
 * A home that was restored from a backup has none of these, and knows that. It takes for promised
 * what the record shows that this authority signed; where the record shows nothing, it signs a
 * closing only after as many others as the threshold says (or by its operator's word that it never
 * did), and begins above every attempt that the record's evidence shows.
 *
 * Errors: CONFLICT for another one than before; MALFORMED or IO for what cannot be read: then
 * nothing is done. Without a home (tests) nothing is kept and everything is allowed.
 */
#ifndef AUTHORITY_PROMISE_INTERNAL_H
#define AUTHORITY_PROMISE_INTERNAL_H

#include "authority/stage_internal.h"

/* This urn, as the board's checkpoint-close has it, with its quorum of witnesses. */
bool closing_decide(digest *statement, const struct authority *a, const struct election_key *key,
                    const struct ballot_box *box, struct error *err) must_check;
bool final_list_decide(const struct list_stage *s, const digest *list,
                       struct error *err) must_check;
/* 0: it has never committed. */
bool attempt_kept(unsigned *attempt, const struct list_stage *s, struct error *err) must_check;
/* Before a commitment of this attempt leaves; CONFLICT unless it is higher than the last. */
bool attempt_keep(const struct list_stage *s, unsigned attempt, struct error *err) must_check;

#endif
