/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What authorities sign about a tally, and the files the signatures lie in.
 *
 * Nothing in a proof directory names its author: one party could write every "independent" shuffle.
 * Each authority therefore signs each stage with its identity key. A statement is a tagged digest
 * of everything it is about; an endorsement is the file leaf(signature), 69 bytes.
 *
 *   H_close(EID, size, root)                               the log the tally starts from
 *   H_empty(EID, auxsid)                                   a list without ballots, no mix
 *   H_mix(EID, auxsid, NN, input, output, u, commitment, reply)   one shuffle, by file digests
 *   H_ready(EID, auxsid, int K, list, active)              verified everything up to this list
 *   H_factors(EID, auxsid, int K, F_1 … F_n)               freeze 1
 *   H_commitments(EID, auxsid, int K, c_1 … c_n)           freeze 2
 *   H_result(EID, P_1 … P_m, result)                       plaintext lists and result bytes
 *   H_files(path_1, digest_1, …)                           a set of files, ascending by path
 *
 * K = 1 … LIMIT_DECRYPTIONS: the attempt at decrypting this list; `active` = leaf of n bytes 0 or
 * 1, who decrypts in it. An endorsement of such a stage is node(int K, leaf(signature)), 83 bytes.
 * Digests of files are SHA-256 of their exact bytes; sizes and numbers are int or 8-byte leaves.
 */
#ifndef RECORD_STATEMENT_H
#define RECORD_STATEMENT_H

#include "base/limits.h"
#include "base/seams.h"
#include "hash/tagged.h"
#include "identity/identity.h"

#define RECORD_PATH_BYTES 128u

struct statement_mix {
	unsigned party;
	digest input, output, permutation_commitment, commitment, reply;
};

digest statement_close(const digest *eid, uint64_t log_size, const digest *root);
digest statement_empty(const digest *eid, const char *auxsid);
digest statement_mix(const digest *eid, const char *auxsid, const struct statement_mix *s);

/* What an attempt at decrypting a list is about. */
struct statement_attempt {
	const digest *eid;
	const char *auxsid;
	unsigned attempt;
};
/* active[l]: party l decrypts, l = 1 … parties. */
digest statement_ready(const struct statement_attempt *a, const digest *list,
                       const bool active[static LIMIT_PARTIES + 1], unsigned parties);
digest statement_factors(const struct statement_attempt *a, const digest *factors, size_t n);
digest statement_commitments(const struct statement_attempt *a, const digest *commitments,
                             size_t n);
digest statement_result(const digest *eid, const digest *plaintexts, size_t lists,
                        const digest *result);

/* SHA-256 of a file of the folder, streamed. */
bool record_file_digest(digest *out, struct folder *f, const char *path,
                        struct error *err) must_check;

/*
 * H_files of all files below the given folders of a record (none of them twice, in ascending
 * order), ascending by path: what the log says about proof/lK and endorse/lK, and about evidence/.
 * Paths of at most RECORD_PATH_BYTES and FILES_DEPTH folders, at most LIMIT_FILES files; *count may
 * be NULL. Cost: a pass over a folder for every 64 names in it.
 */
#define FILES_DEPTH 8u
bool statement_files(digest *out, uint64_t *count, struct folder *record,
                     const char *const *folders, size_t n, struct error *err) must_check;

/* The same of one list: proof/lK and endorse/lK. */
bool statement_list_files(digest *out, struct folder *record, const char *auxsid,
                          struct error *err) must_check;

/* "endorse/<auxsid>/<kind>-NN.bt", or "endorse/<kind>-NN.bt" with auxsid NULL. */
void endorsement_path(char out[static RECORD_PATH_BYTES], const char *auxsid, const char *kind,
                      unsigned party);
/* attempt 0: a statement of no attempt, the file is leaf(signature); else node(int, leaf). */
struct endorsed {
	unsigned attempt;
	const digest *statement;
};
bool endorsement_write(struct folder *record, const char *path,
                       const struct identity_secret *identity, struct endorsed what,
                       struct error *err) must_check;
/* REJECTED: the signature is not this key's on this statement, or is of another attempt. */
bool endorsement_check(struct folder *record, const char *path, const uint8_t identity[static 32],
                       struct endorsed what, struct error *err) must_check;
/* The number in front of a stage's signature, which the statement needs; 1 … LIMIT_DECRYPTIONS. */
bool endorsement_attempt(unsigned *attempt, struct folder *record, const char *path,
                         struct error *err) must_check;

#endif
