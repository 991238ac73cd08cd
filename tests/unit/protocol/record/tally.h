/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tally of an urn whose ceremony was real (urn.h): every party's work one after another, in
 * one process, without any of the checks that authorities make. Include support.h first.
 */
#ifndef RECORD_TALLY_H
#define RECORD_TALLY_H

#include "record/statement.h"
#include "record/verify.h"
#include "unit/protocol/record/urn.h"

struct shuffle_job;
struct tally_plan {
	const char *mixers, *active; /* "12", "134": numbers of parties, ascending */
	unsigned attempt;            /* of decrypting; 0 is 1 */
	unsigned stray; /* a party that is not active and leaves factors all the same; 0: none */
	/* Dishonest parties, all of them: called with the lists as derived and written, before they are
	 * mixed; may write others of other sizes. */
	void (*listed)(struct urn *u, uint64_t *sizes);
	/* In place of an honest shuffle; nobody signs it. NULL: shuffle_prove. */
	void (*shuffle)(const struct shuffle_job *job);
	unsigned cheat; /* an active party that decrypts wrongly: it is not marked; 0: none */
	bool no_result; /* up to the plaintexts only: a count may be impossible */
};
/* From the closed log to the signed result, not yet logged. */
void tally_run(struct urn *u, const struct tally_plan *plan);
/* board_finish, and the quorum's cosignatures on both checkpoints. */
void tally_finish(struct urn *u);

/* All files of a folder, in order; to be freed. */
struct tally_files {
	struct {
		char path[RECORD_PATH_BYTES];
	} * file;
	size_t count, room;
};
void tally_files(struct tally_files *out, struct folder *f);

/* Every check of a verification, kept. */
struct tally_report {
	struct report report; /* first member */
	unsigned count;
	struct {
		char code[8];
		enum check_outcome outcome;
		struct error error;
	} checks[2048];
};
enum record_verdict tally_verify(struct urn *u, struct folder *record,
                                 const struct record_anchor *anchor, struct tally_report *out);
/* The codes that failed, in order: "4.4 6.3"; "" for none. */
const char *tally_failed(const struct tally_report *r);
const struct error *tally_error(const struct tally_report *r, const char *code);
bool tally_noted(const struct tally_report *r, const char *code);

#endif
