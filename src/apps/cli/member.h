/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The authority a command works for. Its home is opened and locked here, but none of its secrets is
 * read: that does urna-keys (apps/keys), which is started for the work and gets the record, the
 * home and the lock as descriptors. It is the program of that name beside urna, wherever urna is,
 * and nothing in the environment says otherwise.
 */
#ifndef CLI_MEMBER_H
#define CLI_MEMBER_H

#include "cli/election.h"
#include "cli/member_options.h"
#include "files/lock.h"
#include "host/memory.h"
#include "keys/wire.h"

struct member {
	const char *path;
	struct folder *home;
	struct folder_lock lock;
	struct host_secret room;
	struct arena locked; /* of room */
};

/* DISK_PRIVATE, or DISK_MAKE_PRIVATE for one that may be new. IO: no such folder; REJECTED: others
 * may enter it; UNAVAILABLE: another command uses it. On failure it is closed again. */
bool member_open(struct member *m, const char *home, enum disk_access access,
                 struct error *err) must_check;
/* The passphrase's file, one line; "-": asked at the terminal, twice when something is sealed with
 * it; NULL path: an empty passphrase. It lies in locked memory. */
struct member_secret {     /* borrows */
	const char *path, *of; /* "key share" */
	bool seals;
};
bool member_passphrase(bytes *out, struct member *m, const struct member_secret *which,
                       struct error *err) must_check;
void member_close(struct member *m); /* wipes */

struct member_work { /* borrows */
	enum wire_step step;
	const struct member_options *options; /* home, record, timeout, jail */
	const char *active;                   /* NULL: all */
	bool never_closed;
	struct wire_secrets secrets;
};
struct member_done {
	unsigned index; /* which authority it is */
	digest eid;
	uint8_t data[WIRE_FRAME_MAX];
	size_t data_len;
};
/* Has urna-keys do it, shows what it says meanwhile. Its error is as if it had happened here. */
bool member_do(struct member_done *out, struct member *m, struct election *e,
               const struct member_work *work, struct error *err) must_check;

#endif
