/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A jail for a process that is about to read keys: afterwards it can compute, read and write below
 * a few folders and use the descriptors it has, and nothing else, whatever takes it over.
 *
 *   host_jail_folders   by a single thread: no new privileges; Landlock: files only below these
 *                       folders, no TCP, no signals or abstract sockets out of it. Threads made
 *                       later are in it as well.
 *   host_jail_close     when all threads are there: seccomp, for all of them. An allow-list; memory
 *                       that is executed and made new is refused. What only an intruder would call
 *                       (new processes and programs, sockets, tracing) ends the process with
 * SIGSYS, the rest fails with EPERM.
 *
 * There is no way out. Errors: UNAVAILABLE where the kernel has no seccomp, or refuses; then the
 * process must not go on to secrets.
 * Sanitizers (address, thread) start threads and read /proc on their own: built with one,
 * host_jail_close does nothing, and host_jail_is_built says so.
 */
#ifndef HOST_JAIL_H
#define HOST_JAIL_H

#include "base/error.h"

struct jail_folder {
	int fd; /* a directory */
	bool writable;
};
#define JAIL_FOLDERS_MAX 4u

/* *guarded: whether the kernel has Landlock; without it only seccomp is left. */
bool host_jail_folders(bool *guarded, const struct jail_folder *folders, unsigned count,
                       struct error *err) must_check;
bool host_jail_close(struct error *err) must_check;
bool host_jail_is_built(void);

#endif
