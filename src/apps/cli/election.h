/* SPDX-License-Identifier: Apache-2.0 */
/* A record that a command works on. */
#ifndef CLI_ELECTION_H
#define CLI_ELECTION_H

#include "ceremony/ceremony.h"
#include "cli/session.h"
#include "files/disk_folder.h"
#include "manifest/manifest.h"

struct election {
	struct session *session;
	const char *path;
	struct folder *record;
	struct manifest *manifest;
	struct election_key key; /* this and the next after election_read_key */
	struct ceremony_report ceremony;
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

#endif
