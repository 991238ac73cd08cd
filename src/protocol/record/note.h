/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signed notes and checkpoints: what the board signs about its log, and what witnesses add.
 *
 * Papers: C2SP signed-note, tlog-checkpoint, tlog-cosignature (cosignature/v1).
 *
 *   note       = text, a blank line, then per signature "— NAME BASE64(key id ‖ signature)"
 *   checkpoint = text of four lines: the board's name (origin), size, BASE64(root), "eid HEX(EID)"
 *   key id     = SHA-256(name ‖ 0A ‖ type ‖ key)[0:4]       type 01 board, 04 witness
 *   board      Ed25519 over the text
 *   witness    u64 seconds ‖ Ed25519 over "cosignature/v1\ntime SECONDS\n" ‖ text
 *
 * Sizes: a note ≤ NOTE_BYTES_MAX, ≤ NOTE_SIGNATURES_MAX signatures.
 * Inputs: notes from anybody: printable ASCII and line feeds (all we write; C2SP allows UTF-8),
 *   canonical base64, decimal numbers without zeros in front, nothing behind the last line feed.
 * Errors: MALFORMED for form, REJECTED for what does not hold: `what` says which. `at` = the line
 *   or signature.
 * Threads: no state.
 */
#ifndef RECORD_NOTE_H
#define RECORD_NOTE_H

#include "base/limits.h"
#include "base/seams.h"
#include "hash/sha2.h"
#include "identity/identity.h"
#include "manifest/manifest.h"

#define NOTE_SIGNATURES_MAX 64u
#define NOTE_NAME_MAX 64u
#define NOTE_KEY_ID_BYTES 4u
#define NOTE_BLOB_MAX 256u /* of an unknown kind of signature as well */
#define NOTE_BYTES_MAX 32768u

enum note_key_type { NOTE_BOARD = 1, NOTE_WITNESS = 4 };
void note_key_id(uint8_t out[static NOTE_KEY_ID_BYTES], enum note_key_type type, bytes name,
                 const uint8_t key[static IDENTITY_PUBLIC_BYTES]);

struct note_signature {
	bytes name;
	uint8_t key_id[NOTE_KEY_ID_BYTES];
	size_t len; /* of the signature behind the key id */
	uint8_t blob[NOTE_BLOB_MAX];
};
struct note {
	bytes text; /* with its last line feed: what is signed */
	unsigned signatures_count;
	struct note_signature signatures[NOTE_SIGNATURES_MAX];
};
/* Form only; borrows the bytes. At least one signature. */
bool note_read(struct note *out, bytes in, struct error *err) must_check;

struct checkpoint {
	bytes origin; /* a key name */
	uint64_t size;
	digest root, eid;
};
#define CHECKPOINT_TEXT_MAX 256u
/* Appends the four lines; the name is one that manifest_read accepts. */
void checkpoint_write(struct text *out, const struct checkpoint *c);
bool checkpoint_read(struct checkpoint *out, bytes text, struct error *err) must_check;

/* A whole note: text, blank line and the board's signature. LIMIT when out is too small. */
bool checkpoint_sign(struct text *out, const struct checkpoint *c,
                     const struct identity_secret *board, struct error *err) must_check;
/* One more line for a note that ends with a line feed. `text`: the signed part. */
struct cosigner {
	bytes name;
	const struct identity_secret *key;
	uint64_t time_s;
};
bool checkpoint_cosign(struct text *note, bytes text, const struct cosigner *by,
                       struct error *err) must_check;

/* Does this signature hold? REJECTED when it does not, or is not this signer's. */
bool note_signed_by_board(const struct note *n, unsigned signature,
                          const struct manifest_signer *board, struct error *err) must_check;
bool note_cosigned_by(const struct note *n, unsigned signature,
                      const struct manifest_signer *witness, struct error *err) must_check;
/* Whether a valid cosignature of this witness is among them. */
bool note_has_cosigned(const struct note *n, const struct manifest_signer *witness);

/*
 * A checkpoint of an election's record: the board's valid signature first; every other one a valid
 * cosignature of a witness of the manifest, none twice; of this election and this board's name. At
 * least the manifest's quorum unless `any_quorum`: UNAVAILABLE, for others may cosign yet.
 * *witnesses = how many cosigned.
 */
struct checkpoint_policy {
	const struct manifest *manifest;
	const digest *eid;
	bool any_quorum;
};
bool checkpoint_verify(struct checkpoint *out, unsigned *witnesses, bytes note,
                       const struct checkpoint_policy *policy, struct error *err) must_check;

/* The same for a checkpoint that lies in a record and must be about this tree. What an authority
 * asks before it signs H_close, with the tree it derived itself. */
struct checkpoint_claim {
	struct folder *record;
	const char *path; /* "log/checkpoint-close", "log/checkpoint" */
	uint64_t size;
	const digest *root;
};
bool checkpoint_check(unsigned *witnesses, const struct checkpoint_claim *claim,
                      const struct checkpoint_policy *policy, struct error *err) must_check;

#endif
