/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One process per data folder: an advisory lock (flock) on ".urna-lock" inside it. The kernel
 * releases it when the process ends, however it ends. A descriptor of it that was handed to a child
 * holds it too; when the process whose number is in it is gone, its child is waited for a moment.
 *
 * Errors: UNAVAILABLE when another process (or another lock of this one) holds it, with its
 * process number in detail; IO when the lock file cannot be made.
 */
#ifndef FILES_LOCK_H
#define FILES_LOCK_H

#include "base/error.h"

struct folder_lock {
	int fd; /* -1: none */
};

bool folder_lock_take(struct folder_lock *out, const char *folder_path,
                      struct error *err) must_check;
void folder_lock_release(struct folder_lock *lock); /* twice is fine; the file stays */

#endif
