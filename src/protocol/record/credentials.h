/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Voters' credentials: the secret a voter types, and the public list of the election.
 *
 *   code = 130 random bits, written as a confirmation code (26 characters and a check character)
 *   s    = C_credential(D, leaf(17 bytes of the code)), S = sG          one key per code and
 * manifest credentials.bt = node(S, text style, int weight) one after another, ascending by the
 * bytes of S
 *   credentials-signature.bt = leaf(signature of the registrar on H_credentials(D, digest of
 * credentials.bt, u64 number of records)): the board, who logs the list, could else exchange it
 *
 * Secrets: code and s. Deriving s is constant time. Formatting and parsing a code looks characters
 *   up (ballot/confirmation.h): that happens where a person sees the code.
 * Inputs: the file comes from the registrar: points on the curve, not infinity, strictly ascending
 *   (hence distinct), weight 1 … the manifest's, a style of the manifest.
 * Errors: MALFORMED (a missing file too), REJECTED, LIMIT; "credential" and its number from 0 in
 * the detail. Cost: one fixed-base multiple per code; 5 field multiplications per record read.
 */
#ifndef RECORD_CREDENTIALS_H
#define RECORD_CREDENTIALS_H

#include "ballot/confirmation.h"
#include "base/seams.h"
#include "group/point.h"
#include "identity/identity.h"
#include "manifest/manifest.h"

typedef struct {
	confirmation secret;
} credential_code;

bool credential_code_random(credential_code *out, struct rng *rng, struct error *err) must_check;
void credential_code_wipe(credential_code *c);
/* s of 0 comes once in 2^256 and is a programmer's error. */
void credential_secret(secret_scalar *s, const digest *d, const credential_code *code);

struct credential {
	uint8_t key[POINT_TREE_BYTES]; /* S */
	uint32_t style;                /* index in the manifest */
	uint32_t weight;
};
#define CREDENTIAL_RECORD_MAX 512u

#define CREDENTIALS_FILE "credentials.bt"
#define CREDENTIALS_SIGNATURE "credentials-signature.bt"
struct credentials_facts {
	digest file;
	uint64_t records;
};
/* What the registrar signs. */
digest credentials_statement(const struct manifest *m, const struct credentials_facts *f);
/* REJECTED when it is not the manifest's. */
bool credentials_is_registrar(const struct manifest *m, const struct identity_secret *registrar,
                              struct error *err) must_check;

/* Sorts, writes and signs; REJECTED when two are the same, or the registrar is another. */
bool credentials_write(struct folder *record, const struct manifest *m,
                       const struct identity_secret *registrar, struct credential *list, size_t n,
                       struct error *err) must_check;

/*
 * Everything of the file in its order, then the registrar's signature on it: what `take` was given
 * counts only when this succeeds. `take` may stop it.
 */
typedef bool credential_fn(void *ctx, const struct credential *c, struct error *err);
bool credentials_read(struct credentials_facts *out, struct folder *record,
                      const struct manifest *m, credential_fn *take, void *ctx,
                      struct error *err) must_check;
/* The index of a style by its name. */
bool style_index(uint32_t *out, const struct manifest *m, bytes name);

#endif
