/* SPDX-License-Identifier: Apache-2.0 */
/* The authority a command works for. */
#ifndef CLI_MEMBER_H
#define CLI_MEMBER_H

#include "authority/authority.h"
#include "cli/election.h"
#include "cli/keyholder.h"

/* One of the manifest's authorities, with its secrets in locked memory. */
struct member {
	struct keyholder holder;
	struct folder *record; /* the election's, each file read once: others can write there */
	secret_scalar *share;
	struct authority authority;
};

/* Who this home is: its identity key must be in the manifest (REJECTED). */
bool member_open(struct member *m, struct election *e, const char *home, uint64_t timeout_ms,
                 struct error *err) must_check;
/* The passphrase's file, one line; NULL path: an empty passphrase. It lies in locked memory. */
bool member_passphrase(bytes *out, struct member *m, const char *path,
                       struct error *err) must_check;
void member_close(struct member *m); /* wipes */

#endif
