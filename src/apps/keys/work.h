/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One step of an authority, done in its jail: the only code that reads identity.key or a share.
 *
 * Everything it builds on it reads itself, each file once, from the record's folder; of whoever
 * started it it believes the names of folders, for messages.
 */
#ifndef KEYS_WORK_H
#define KEYS_WORK_H

#include "authority/authority.h"
#include "files/disk_folder.h"
#include "host/memory.h"
#include "host/stoppable.h"
#include "identity/sealed_file.h"
#include "keys/wire.h"

struct work {
	struct wire_request request;
	struct folder *live, *record, *home; /* record: live, pinned */
	struct workers *pool;
	struct stoppable_workers workers;
	struct arena arena;
	struct rng *rng;
	struct tally_world world;
	struct host_secret room;
	struct arena locked; /* of room */

	struct wire_secrets secrets; /* in locked memory, as all that follows */
	struct identity_secret *identity;
	secret_scalar *share;

	struct manifest *manifest;
	struct election_key key;
	struct authority authority;
	bool wrong_usage;
	uint8_t data[SEALED_FILE_BYTES]; /* what the step hands over; sealed, or signed */
	size_t data_len;
};

bool work_writes_record(const struct work *w);
/* Folders, memory and threads; nothing secret is read. */
bool work_open(struct work *w, struct error *err) must_check;
bool work_do(struct work *w, struct error *err) must_check;
void work_close(struct work *w); /* wipes */

#endif
