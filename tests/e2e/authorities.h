/* SPDX-License-Identifier: Apache-2.0 */
/* Authorities and a manifest; what follows is up to the test. */
#ifndef E2E_AUTHORITIES_H
#define E2E_AUTHORITIES_H

#include "e2e/e2e.h"

#define AUTHORITIES_MAX 3u

struct authorities {
	const char *folder, *record, *homes[AUTHORITIES_MAX], *file;
	unsigned count;
};

/* Threshold 2. */
struct authorities authorities_make(unsigned authorities, unsigned ballots);
/* urna COMMAND by authority i of the place. */
void authorities_start(struct child *c, const struct authorities *p, const char *command,
                       unsigned i, const char *timeout);
/* By all of them at once, with success. */
void authorities_all(const struct authorities *p, const char *command);
/* Key, ballots and shuffles, as far as `command`: "ceremony", "collect", "mix". */
void authorities_until(const struct authorities *p, const char *command);

void wait_for_path(const char *path);
/* The only file in this folder whose name matches this pattern of grep; NULL: none. */
const char *file_in(const char *folder, const char *pattern);
/* The key process of a running urna, once it has one. */
int key_process_of(const struct child *c);

#endif
