/* SPDX-License-Identifier: Apache-2.0 */
/*
 * struct folder over a real directory.
 *
 * Names: relative, components of 1 … 255 bytes separated by single '/', no "." or "..", no control
 * characters, none that begins with ".urna-" (ours). The path given to open may contain links;
 * below it none is followed: a link, pipe, socket or device where a file or folder is expected is
 * MALFORMED, in list too.
 * Sources: big sequential reads; a file whose size or time of change differs from what was opened
 * is an IO error, noticed at the next read, at the end and at rewind.
 * Sinks: write to ".urna-tmp-<16 hex digits>" beside the target; commit is fsync, rename, fsync of
 * the folder. After power loss or kill -9 the old content or the new one is there, never a part.
 * What is left of a killed writer is skipped by a writer's list (a reader is shown every name: what
 * is not checked must not be there) and removed when the folder is next opened for writing; a
 * writer at work holds a lock on its temporary file and is left alone. Errors: IO with the path and
 * the system's words (disk full, permission); CONFLICT for an existing name; MALFORMED for a bad
 * name, a missing file, something that is not a file. Threads: sources and sinks of one folder may
 * be used by different threads.
 */
#ifndef FILES_DISK_FOLDER_H
#define FILES_DISK_FOLDER_H

#include "base/seams.h"

enum disk_access {
	DISK_READ,  /* the directory must exist; create and remove are refused (CONFLICT) */
	DISK_WRITE, /* must exist; leftovers of killed writers are removed, in subfolders as well */
	DISK_MAKE,  /* like DISK_WRITE; made (0700 minus umask for secrets' sake) when missing */
	/* For secrets: like DISK_WRITE and DISK_MAKE; refused (REJECTED) when it belongs to somebody
	 * else or others may enter it; files are 0600, folders 0700. */
	DISK_PRIVATE,
	DISK_MAKE_PRIVATE,
};

bool disk_folder_open(struct folder **out, const char *path, enum disk_access access,
                      struct error *err) must_check;
/* The same over a descriptor of a directory, which is duplicated; `name` is for messages. Nothing
 * is made, and no leftovers are removed: that was the work of whoever opened it. */
bool disk_folder_of(struct folder **out, int fd, const char *name, enum disk_access access,
                    struct error *err) must_check;
int disk_folder_descriptor(const struct folder *f); /* stays the folder's */
/* Overwrites a file's bytes with zeros where they lie, then removes it; in a folder that is on no
 * disk it is removed. What a disk keeps of old bytes behind the file system's back is out of reach.
 * Absent is fine. */
bool disk_folder_erase(struct folder *f, const char *path, struct error *err) must_check;
void disk_folder_close(struct folder *f); /* after its sources and sinks; NULL is fine */

/* One file by a path of the operator's (links allowed), outside any folder. */
bool disk_source_open(struct source **out, const char *path, struct error *err) must_check;

#endif
