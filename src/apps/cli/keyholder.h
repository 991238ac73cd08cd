/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whoever holds keys: a private home that is locked while a command works with it, and the identity
 * key in locked memory. Authorities, the board and the registrar have such a home.
 */
#ifndef CLI_KEYHOLDER_H
#define CLI_KEYHOLDER_H

#include "base/arena.h"
#include "files/lock.h"
#include "host/memory.h"
#include "identity/identity.h"

struct keyholder {
	const char *path;
	struct folder *home;
	struct folder_lock lock;
	struct host_secret room;
	struct arena locked; /* of room: for more secrets */
	struct identity_secret *identity;
};

/* IO: no such folder; REJECTED: others may enter it; UNAVAILABLE: another command uses it. On
 * failure it is closed again. */
bool keyholder_open(struct keyholder *k, const char *home, struct error *err) must_check;
void keyholder_close(struct keyholder *k); /* wipes; twice is fine */

#endif
