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
 *   H_ready(EID, auxsid, list)                             verified everything up to this list
 *   H_factors(EID, auxsid, F_1 … F_n)                      freeze 1
 *   H_commitments(EID, auxsid, c_1 … c_n)                  freeze 2
 *   H_result(EID, P_1 … P_m, result)                       plaintext lists and result bytes
 *
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
digest statement_ready(const digest *eid, const char *auxsid, const digest *list);
digest statement_factors(const digest *eid, const char *auxsid, const digest *factors, size_t n);
digest statement_commitments(const digest *eid, const char *auxsid, const digest *commitments,
                             size_t n);
digest statement_result(const digest *eid, const digest *plaintexts, size_t lists,
                        const digest *result);

/* SHA-256 of a file of the folder, streamed. */
bool record_file_digest(digest *out, struct folder *f, const char *path,
                        struct error *err) must_check;

/* "endorse/<auxsid>/<kind>-NN.bt", or "endorse/<kind>-NN.bt" with auxsid NULL. */
void endorsement_path(char out[static RECORD_PATH_BYTES], const char *auxsid, const char *kind,
                      unsigned party);
bool endorsement_write(struct folder *record, const char *path,
                       const struct identity_secret *identity, const digest *statement,
                       struct error *err) must_check;
/* REJECTED: the signature is not this key's on this statement. */
bool endorsement_check(struct folder *record, const char *path, const uint8_t identity[static 32],
                       const digest *statement, struct error *err) must_check;

#endif
