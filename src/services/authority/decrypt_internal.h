/* SPDX-License-Identifier: Apache-2.0 */
/* Decrypting one list: what the order of the protocol, the attempts and the files share. */
#ifndef AUTHORITY_DECRYPT_INTERNAL_H
#define AUTHORITY_DECRYPT_INTERNAL_H

#include "authority/stage_internal.h"
#include "mixnet/decryption.h"

struct decrypting {
	struct list_stage stage;
	const struct active_parties *active;
	bool is_active[LIMIT_PARTIES + 1];
	const secret_scalar *share;
	struct mix_path path; /* of the last shuffled list */
	digest list;
	uint64_t n;
	struct decryption_job job;
	unsigned attempt; /* K */
	bool resumed;     /* an earlier run of ours has replied in this attempt */
	bool committed;   /* in some attempt before this run */
	unsigned highest; /* no attempt above is joined in this run, but with t others */
	unsigned joined;  /* a higher attempt that another active party has begun; 0: none */
	struct decryption_nonce nonce;
	struct decryption_frozen frozen;
};

/* --- attempt.c --- */

/* Which attempt this run begins with, or goes on with. Decides attempt, resumed, highest. */
bool attempt_find(struct decrypting *d, struct error *err) must_check;
/* Clears the way for the attempt: what is left of earlier ones goes to evidence, and what was read
 * of them is forgotten. */
bool attempt_clear(struct decrypting *d, struct error *err) must_check;
/* As wait_until, but CONFLICT with d->joined set when another active party begins a higher one. */
bool attempt_wait(struct decrypting *d, wait_condition *holds, void *ctx,
                  struct error *err) must_check;
/* Signatures of this attempt. */
struct endorsements attempt_endorsements(const struct decrypting *d, const char *kind);
/* Signs, or, in a resumed one, checks that it was signed; then waits for all active parties'. */
bool attempt_agree(struct decrypting *d, const char *kind, const digest *statement,
                   struct error *err) must_check;
/* All files of this kind of all n parties are there; waits. */
bool attempt_wait_files(struct decrypting *d, enum mix_file file, struct error *err) must_check;
digest attempt_ready(const struct decrypting *d, unsigned attempt);
/* A file of a party out of the proof directory, to "evidence/<auxsid>/decrypt-K/"; a placeholder is
 * removed. */
bool attempt_set_aside(const struct decrypting *d, enum mix_file file, unsigned party,
                       unsigned attempt, struct error *err) must_check;

/* --- decrypt_files.c --- */

/* The first active party writes what the absent ones leave, in place of anything else there. */
bool files_placeholders(struct decrypting *d, enum decryption_part part,
                        struct error *err) must_check;
bool files_is_placeholder(const struct decrypting *d, enum mix_file file, unsigned party);
/* This party's factors: made here, and published, or compared with what an earlier run published.
 */
bool files_factors(struct decrypting *d, struct error *err) must_check;
/* CorrectIndices.bt and Plaintexts.bt, computed here; the first correct party publishes, all
 * compare. */
bool files_plaintexts(struct decrypting *d, const bool correct[static LIMIT_PARTIES + 1],
                      struct error *err) must_check;
/* Replaces the target. */
bool files_copy(struct folder *to, const char *target, struct folder *from, const char *path,
                struct error *err) must_check;

#endif
