/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registrar's register: who has which credential (a table "voter,style,weight,credential").
 * Without it nobody knows whose credential to change once the codes are destroyed.
 *
 * Secrets: with it and the log one sees who voted, and how often; not what. A file only its owner
 *   can read.
 * Errors: MALFORMED and REJECTED with the file and the line.
 */
#ifndef CLI_REGISTER_H
#define CLI_REGISTER_H

#include "cli/voters.h"

#define REGISTER_FILE "register.csv"

struct registered {
	bytes voter;
	struct credential credential;
};
/* Neither committed nor aborted. */
bool register_write(struct sink *out, const struct manifest *m, const struct registered *list,
                    size_t n, struct error *err) must_check;
/* Sorted by voter, none twice; room for `more` behind them. Everything lies in the arena. */
bool register_read(struct registered **out, size_t *count, size_t more, const char *path,
                   const struct manifest *m, struct arena *arena, struct error *err) must_check;
/* NULL when he is not in it. */
struct registered *register_find(struct registered *list, size_t n, bytes voter);

/* n new codes, and what is public of them. The caller wipes the codes. */
bool codes_make(credential_code *codes, struct credential *list, size_t n, const struct manifest *m,
                struct session *s, struct error *err) must_check;

#endif
