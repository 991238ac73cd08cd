/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ballot box: what makes log/entries, ballots.bt, voids.bt and the checkpoints of a record.
 *
 * A board opens a log (entries manifest, ceremony, [credentials], open), takes ballots in batches,
 * audits, changes of credentials, suspension, and closes; in one run, or in several that each end
 * with board_save and begin with the log read again. Afterwards, in another run, it logs the
 * tallies, the result and the evidence. Everything goes through the same ledger a verifier uses.
 *
 * Durable: the files are streams that become visible, durably and in this order, when a run is
 *   saved or the log is closed: ballots.bt, voids.bt, log/entries, log/checkpoint-close.
 *   log/entries decides: what a run that was ended before leaves behind is replaced by the next, so
 *   that of a run everything is there or nothing; what ended after closing needs board_sign_close
 *   only. A run costs as much as the whole log. That suits files; a server that answers voters
 *   keeps its own store and hands the whole to a board when it closes.
 * One log: with a home the board remembers which log it wrote last (board_internal.h) and goes on
 *   with, closes, ends and signs no other, wherever the record comes from.
 * Secrets: the board's signing key is borrowed for the two checkpoints.
 * Memory (arena): the ledger's, 64 to 128 bytes per ballot for receipts, 80 MB for batches.
 * Errors: what is wrong with a ballot is its verdict, not an error. Errors are the machine's or
 *   the caller's: CONFLICT when the log is closed or not this board's, or an act that the state
 *   forbids.
 */
#ifndef RECORD_BOARD_H
#define RECORD_BOARD_H

#include "record/electorate.h"
#include "record/entry.h"
#include "record/lists.h"
#include "record/note.h"

/* What a voter is answered, in the order of the checks; the first that fails. */
enum board_answer {
	BOARD_ACCEPTED,
	BOARD_ACCEPTED_BEFORE, /* this very ballot: the old receipt again */
	BOARD_TOO_LONG,
	BOARD_MALFORMED,
	BOARD_OTHER_ELECTION,
	BOARD_STYLE_NOT_ALLOWED,
	BOARD_UNKNOWN_CREDENTIAL,
	BOARD_WEIGHT, /* the registrar's is not one of this election */
	BOARD_NOT_OPEN,
	BOARD_VOIDED,
	BOARD_REPEATED_U,
	BOARD_WRONG_SEQ,
	BOARD_WRONG_PROOF,
	BOARD_WRONG_SIGNATURE,
};
#define BOARD_ANSWERS 14u
const char *board_answer_name(enum board_answer a); /* "wrong-seq" */

struct board_receipt {
	enum board_answer answer;
	uint64_t entry; /* in the log, from 0, of an accepted one */
	digest id;      /* of the ballot; zeros when it could not be read */
	uint32_t seq;   /* WRONG_SEQ: the one expected */
	struct error why;
};

struct board; /* in the arena */
struct board_plan {
	const struct manifest *manifest;
	const struct election_key *key;
	const struct ceremony_report *ceremony;
	struct folder *record; /* has manifest.json, ceremony/, and credentials.bt in its mode */
	struct tally_world *world;
	/* Bounds of what this run adds: they decide the memory. */
	uint64_t voters_max; /* server mode: pseudonyms; else credentials come from the file */
	uint64_t ballots_max, voids_max, changes_max;
	struct folder *home; /* the board's private folder; NULL: nothing is kept */
};

/* Starts the log, or goes on with the one in the record. CONFLICT when that is closed; REJECTED
 * when it would start one in which a list has too few voters (electorate.h). */
bool board_open(struct board **out, const struct board_plan *plan, struct error *err) must_check;
/* Drops a run that was not saved or closed; NULL and an ended one are fine. After an error of the
 * machine nothing else is possible. */
void board_abandon(struct board *b);

/* What somebody sent, and what the registrar says he weighs (server mode; else ignored). */
struct board_ballot {
	bytes object;
	uint32_t weight;
};
/*
 * n ballots in this order, one receipt each. They are judged as if each came alone; their proofs
 * are checked as one batch per worker.
 */
bool board_accept(struct board_receipt *receipts, struct board *b, const struct board_ballot *in,
                  size_t n, struct error *err) must_check;
/* The body of a ballot whose voter asks for an audit; ACCEPTED: it is dead. */
bool board_void(struct board_receipt *receipt, struct board *b, bytes body,
                struct error *err) must_check;
bool board_suspend(struct board *b, struct error *err) must_check;
bool board_resume(struct board *b, struct error *err) must_check;
/* A change the registrar signed (record/entry.h). REJECTED changes nothing. */
bool board_change_credential(struct board *b, const struct credential_change *change,
                             const uint8_t signature[static IDENTITY_SIGNATURE_BYTES],
                             struct error *err) must_check;
/* Credentials as they are now; none in mode "server". */
void board_electorate(struct electorate *out, const struct board *b);
/* Ballots in the log that count, earlier ones of a voter too. */
uint64_t board_ballots(const struct board *b);
/* Ends the run and leaves the log open: everything is in the record, or nothing of this run. `out`:
 * the tree, which nobody signed. */
bool board_save(struct checkpoint *out, struct board *b, struct error *err) must_check;
/* Logs "close", writes everything, signs checkpoint-close without cosignatures. */
bool board_close(struct checkpoint *out, struct board *b, const struct identity_secret *key,
                 struct error *err) must_check;

/* --- on a log that lies in a record --- */

struct board_final {
	const struct manifest *manifest;
	const struct election_key *key;
	struct folder *record;
	struct tally_world *world;
	const struct identity_secret *signer;
	struct folder *home; /* the board's private folder; NULL: nothing is kept */
};

/* The log as it lies in the record: form and order of its entries, no objects, no signatures. */
struct board_log {
	uint64_t size; /* 0: there is none */
	digest root;
	enum log_state state;
	uint64_t ballots, voids, changes;
};
bool board_log_read(struct board_log *out, const struct board_final *f,
                    struct error *err) must_check;

/* checkpoint-close of a log that is closed and has none; the same again where it has one. */
bool board_sign_close(struct checkpoint *out, const struct board_final *f,
                      struct error *err) must_check;
/*
 * Before board_finish: the record's tally verifies, checks 4.1, 6.3 and 7 to 10 (verify.h). Once
 * the log says what is in proof/ and endorse/, one file too many there can never be taken away
 * again. REJECTED or MALFORMED with the check's code in front of the file; what is in the way must
 * be set aside (director/director.h). Cost: a verification.
 */
bool board_check_tally(const struct board_final *f, struct error *err) must_check;
/*
 * After the tally: the entries of every list, the result and, if there is an evidence folder, the
 * evidence, behind "close"; then log/checkpoint. The log is rewritten whole. Can be repeated after
 * a crash; REJECTED when a checkpoint of another tree was signed before, CONFLICT when the home
 * knows of another.
 */
bool board_finish(struct checkpoint *out, const struct board_final *f,
                  struct error *err) must_check;

#define BOARD_CLOSE_PATH "log/checkpoint-close"
#define BOARD_FINAL_PATH "log/checkpoint"
/*
 * One more line (checkpoint_cosign) below a checkpoint of the record. REJECTED, and nothing
 * written, when it is no valid cosignature of a witness that has not cosigned yet.
 */
bool board_add_cosignature(struct folder *record, const char *path,
                           const struct checkpoint_policy *policy, bytes line,
                           struct error *err) must_check;

#endif
