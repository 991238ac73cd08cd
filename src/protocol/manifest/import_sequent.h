/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Elections of Agora Voting and Sequent (their JSON up to platform version 10), read into drafts.
 *
 * What is read: an election, a list of elections, or an election as their server hands it out
 * ({"id", "configuration": {…}, "state", …}, with or without {"date", "payload": …} around it).
 *
 * Every field is looked at and reported, each with its path and a sentence:
 *   MAPPED       it means the same here
 *   KEPT         for the eye only; it is in the manifest
 *   IGNORED      it changes nothing about what a vote means; it is not in the manifest
 *   UNSUPPORTED  it would change what a vote means, and Urna has nothing that means the same
 *   WRONG        a mistake in the file: missing, of the wrong kind, out of range
 * An election has a draft only if nothing in it is UNSUPPORTED or WRONG. A field that this importer
 * does not know is UNSUPPORTED: it cannot be told what it means. docs/from-sequent.md is the table.
 *
 * What the file cannot say comes from `base`: authorities with their keys and threshold, mode,
 * board, registrar, witnesses, promise_delay, weight_max, min_list, accept_small_lists, areas. Its
 * title, questions, groups and styles are not used. Every question becomes a group of its own (as
 * there: one ciphertext per question), every voter has all of them.
 *
 * Inputs: anything; the JSON is read strictly (core/json), a number written as a text is WRONG.
 * Errors: MALFORMED for what is no JSON or holds no election, LIMIT for SEQUENT_MAX_BYTES and the
 *   arena. Elections that cannot be imported are no error of sequent_import: look at `draft`.
 * Memory: everything is kept in the arena; base is borrowed by the drafts.
 */
#ifndef MANIFEST_IMPORT_SEQUENT_H
#define MANIFEST_IMPORT_SEQUENT_H

#include "manifest/manifest.h"

#define SEQUENT_MAX_BYTES ((size_t)16 * LIMIT_MANIFEST_BYTES) /* a census may be in it */
#define SEQUENT_MAX_ELECTIONS 256u

enum import_fate {
	IMPORT_MAPPED,
	IMPORT_KEPT,
	IMPORT_IGNORED,
	IMPORT_UNSUPPORTED,
	IMPORT_WRONG,
};
#define IMPORT_FATES 5u
const char *import_fate_name(enum import_fate f); /* "mapped", … */

struct import_entry {
	struct import_entry *next;
	enum import_fate fate;
	bytes path;          /* "[1].questions[0].tally_type" */
	bytes value;         /* short values, printable: "borda"; else empty */
	const char *because; /* a sentence */
	bytes detail;        /* or empty: what the reader of the value said */
	unsigned more;       /* so many more answers of the same question have the same entry */
};

struct sequent_election {
	const struct manifest_draft *draft; /* NULL: it cannot be imported */
	bytes exact;                        /* the manifest that the draft gives */
	const struct import_entry *entries; /* in the order of the file */
	unsigned counts[IMPORT_FATES];      /* entries by fate */
};

struct sequent_import {
	unsigned count;
	const struct sequent_election *elections;
};

bool sequent_import(struct sequent_import *out, bytes json, const struct manifest_draft *base,
                    struct arena *arena, struct error *err) must_check;

/* One entry as a line: "questions[0].tally_type: unsupported: borda: …", or cut. */
void import_entry_text(struct text *out, const struct import_entry *entry);
/* REJECTED, with all places that stand in the way (as many as the detail holds). */
bool sequent_refuse(const struct sequent_election *election, struct error *err);

/* The counting methods of theirs that are counted here; one line each in import_sequent_tally.c. */
struct sequent_method {
	const char *theirs, *ours; /* ours NULL: not counted here */
};
extern const struct sequent_method sequent_methods[];
extern const size_t sequent_methods_count;

#endif
