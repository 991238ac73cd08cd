/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record that a command works on, and the authority it works for.
 */
#ifndef CLI_ELECTION_H
#define CLI_ELECTION_H

#include "authority/authority.h"
#include "cli/session.h"
#include "files/disk_folder.h"
#include "files/lock.h"
#include "host/memory.h"

struct election {
	struct session *session;
	const char *path;
	struct folder *record;
	struct manifest *manifest;
	struct election_key key; /* after election_read_key */
};

/* A folder by a path of the operator's. IO when there is none: a wrong path says nothing about the
 * content of a record. */
bool election_folder_open(struct folder **out, const char *path, enum disk_access access,
                          struct error *err) must_check;
/* IO when the folder has no part of a record at all; one that lacks a part is a record that is
 * wrong. */
bool election_is_there(struct folder *record, const char *path, struct error *err) must_check;
/* Opens the folder and reads manifest.json. IO when there is no such folder, or no record. */
bool election_open(struct election *e, const char *path, enum disk_access access,
                   struct session *session, struct error *err) must_check;
/* Checks the finished ceremony; UNAVAILABLE while it is not. */
bool election_read_key(struct election *e, struct error *err) must_check;
void election_close(struct election *e);

/* One of the manifest's authorities, with its secrets in locked memory. */
struct member {
	struct folder *home;
	struct folder *record; /* the election's, each file read once: others can write there */
	struct folder_lock lock;
	struct host_secret room; /* identity, share and whatever the ceremony needs */
	struct arena locked;
	struct identity_secret *identity;
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
