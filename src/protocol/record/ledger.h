/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may vote, who has, and which ballots count: the rules between the ballots of one election, in
 * log order. The board asks before it accepts, the scan asks again for every entry; both get the
 * same answer from the same code.
 *
 * Memory (arena): 56 to 64 bytes per voter, 32 to 64 per u and voided id, 10 per ballot that
 *   counts.
 * Errors: faults are values, not errors; an error is the machine's or a bound's.
 * Cost: one hash per u and id, one table access per ballot.
 */
#ifndef RECORD_LEDGER_H
#define RECORD_LEDGER_H

#include "ballot/ballot.h"
#include "record/credentials.h"
#include "record/electorate.h"
#include "record/entry.h"

/* Why a ballot does not count; the first that applies. The board refuses it for the same. */
enum ballot_fault {
	BALLOT_FINE,
	BALLOT_MALFORMED,          /* no ballot of these rules */
	BALLOT_ELECTION,           /* made for another one */
	BALLOT_STYLE_NOT_ALLOWED,  /* the credential's is another one */
	BALLOT_UNKNOWN_CREDENTIAL, /* not listed, or revoked */
	BALLOT_WEIGHT,             /* the entry's is not the credential's, or 0, or too much */
	BALLOT_VOIDED,             /* its id was audited */
	BALLOT_REPEATED_U,         /* a u of an earlier object, or twice in itself */
	BALLOT_SEQ,                /* not the number of this voter's earlier ballots that count */
	BALLOT_PROOF,
	BALLOT_SIGNATURE,
};
#define BALLOT_FAULTS 11u
const char *ballot_fault_name(enum ballot_fault f); /* "repeated-u" */

struct ledger;
struct ledger_room {
	uint64_t voters;  /* credentials and changes; pseudonyms in server mode */
	uint64_t ballots; /* that may count */
	uint64_t values;  /* u's of all objects, ids of voided ones */
};
bool ledger_new(struct ledger **out, const struct manifest *m, const digest *eid,
                const struct ledger_room *room, struct arena *a, struct error *err) must_check;
/* Of the election and its manifest; lives as long as the ledger. */
const struct ballot_rules *ledger_rules(const struct ledger *l);

/* LIMIT when there is no room for so many more ballots and values: to be asked before taking. */
bool ledger_fits(const struct ledger *l, uint64_t ballots, uint64_t values,
                 struct error *err) must_check;

/* Credential mode: a record of credentials.bt (they come first), then changes in log order. */
bool ledger_add_credential(struct ledger *l, const struct credential *c,
                           struct error *err) must_check;
/* Checks the registrar's signature, number, style and weight. REJECTED changes nothing. */
bool ledger_change_credential(struct ledger *l, const struct entry *change,
                              struct error *err) must_check;

/*
 * Reads an object: FINE, MALFORMED, ELECTION or, for a cast ballot, REPEATED_U (twice within
 * itself, which is found before its voter is looked up). What can be seen of it is in *out; out->ct
 * is NULL when nothing can. `why` has the reason of what is not FINE.
 */
enum ballot_fault ledger_parse(struct ballot *out, bytes object, const struct ballot_rules *rules,
                               bool body_only, struct arena *memory, struct error *why);
/* After the proofs did not hold: BALLOT_PROOF or BALLOT_SIGNATURE, of one ballot. */
enum ballot_fault ledger_bad_equation_vartime(const struct ballot *b);

/*
 * What a ballot of this weight would be now, proofs aside; nothing changes. `read`: what reading it
 * and checking its proofs gave: the first fault in order wins.
 */
enum ballot_fault ledger_judge(const struct ledger *l, const struct ballot *b, uint32_t weight,
                               enum ballot_fault read);
/* The same, and it takes effect: its u's are seen, and a FINE ballot counts. */
enum ballot_fault ledger_take_ballot(struct ledger *l, const struct ballot *b, uint32_t weight,
                                     enum ballot_fault read);
/* An audited body. False: refused (its id or a u occurred before); u's are seen all the same. */
bool ledger_take_void(struct ledger *l, const struct ballot *body, enum ballot_fault read);
/* What a credential's or pseudonym's next ballot must carry, and weighs. */
uint32_t ledger_next_seq(const struct ledger *l, const pseudonym *who);
bool ledger_weight(uint32_t *out, const struct ledger *l, const pseudonym *who);

/* Ballots that count, in log order from 0; after the last: what is kept. */
uint64_t ledger_counted(const struct ledger *l);
/* The weight with which it enters the lists; 0: replaced or revoked. */
uint32_t ledger_kept_weight(const struct ledger *l, uint64_t counted);
unsigned ledger_style(const struct ledger *l, uint64_t counted);
/* Credentials as they are now; none in mode "server". */
void ledger_electorate(struct electorate *out, const struct ledger *l);
uint64_t ledger_changes(const struct ledger *l); /* "credential" entries so far */

#endif
