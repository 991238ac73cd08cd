/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/keyholder.h"

#include "authority/home.h"
#include "cli/election.h"

#define LOCKED_BYTES ((size_t)128 << 10)

bool keyholder_open(struct keyholder *k, const char *home, struct error *err)
{
	*k = (struct keyholder){.path = home, .lock = {-1}};
	if (!election_folder_open(&k->home, home, DISK_PRIVATE, err) ||
	    !folder_lock_take(&k->lock, home, err) || !host_secret_new(&k->room, LOCKED_BYTES, err))
		goto failed;
	arena_init(&k->locked, k->room.p, k->room.len);
	k->identity = arena_take_array(&k->locked, 1, struct identity_secret, err);
	if (k->identity && home_identity(k->identity, k->home, err))
		return true;
failed:
	keyholder_close(k);
	return false;
}

void keyholder_close(struct keyholder *k)
{
	host_secret_free(&k->room);
	folder_lock_release(&k->lock);
	disk_folder_close(k->home);
	k->room = (struct host_secret){0};
	k->home = NULL;
	k->identity = NULL;
}
