/* SPDX-License-Identifier: Apache-2.0 */
/* The rules for names inside a folder, the same on disk and in memory. */
#ifndef FILES_NAMES_INTERNAL_H
#define FILES_NAMES_INTERNAL_H

#include "base/bytes.h"
#include "base/error.h"

#define NAME_BYTES_MAX 255u /* of one component: NAME_MAX of Linux */
#define PATH_BYTES_MAX 1024u
#define OWN_PREFIX ".urna-" /* temporary files, the lock: never visible as content */
#define LOCK_NAME ".urna-lock"
#define TEMPORARY_PREFIX ".urna-tmp-"
#define TEMPORARY_DIGITS 16u

bool name_check(const char *path, struct error *err) must_check; /* see files/disk_folder.h */
bool name_is_own(const char *component);
bool name_is_temporary(const char *component);
/* Puts the folder's name and the path in front of the detail; returns false. */
bool name_within(struct error *err, const char *folder, const char *path);

#endif
