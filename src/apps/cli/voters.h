/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of voters (a table "voter[,style[,weight]]") and the table of their codes
 * ("voter,style,weight,code"). A first row that begins with the cell "voter" names the columns.
 *
 * Secrets: whoever has a code can vote with it. A table of codes is a file only its owner can read
 *   (0600). What of it comes into memory is wiped, here or by the caller.
 * Errors: MALFORMED and REJECTED with the file and the line.
 */
#ifndef CLI_VOTERS_H
#define CLI_VOTERS_H

#include "cli/session.h"
#include "record/credentials.h"

#define VOTER_BYTES_MAX 255u

struct voter {
	bytes id;
	uint32_t style, weight; /* index in the manifest; 1 … the manifest's */
	uint64_t line;
};
/*
 * Styles that are not said are the only one of the manifest, or the only one with every question;
 * weights are 1. REJECTED: a voter twice, a style or weight the manifest does not have, nobody.
 */
bool voters_read(struct voter **out, size_t *count, const char *path, const struct manifest *m,
                 struct arena *arena, struct error *err) must_check;

/* codes[i] is voter i's. `out` is a sink of a private folder; neither committed nor aborted. */
bool codes_write(struct sink *out, const struct manifest *m, const struct voter *voters,
                 const credential_code *codes, size_t count, struct error *err) must_check;
/* The codes of one style, in the order of the file. The caller releases the arena wiped, from a
 * mark before: the file's text lies there too. */
bool codes_read(credential_code **out, size_t *count, const char *path, const struct manifest *m,
                uint32_t style, struct arena *arena, struct error *err) must_check;

/* The style that has every question. REJECTED when there is none, or more than one. */
bool style_with_everything(uint32_t *out, const struct manifest *m, struct error *err) must_check;

#endif
