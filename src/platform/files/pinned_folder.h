/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A folder others can write in, seen as if they could not: each file is read from it once, into an
 * unnamed private file, and every later open of that name gives those same bytes. What is written
 * goes to both. So what was checked is what is used, whoever exchanges files in between.
 *
 * Names are looked up below until they are read or written; list shows the folder below.
 * Memory: borrows the folder below; keeps a few words per file. The private copies lie in unnamed
 * files of `private_path`'s file system and vanish with the process, however it ends.
 * Errors: those of the folder below; IO when the copy cannot be made.
 * Threads: one at a time, sources and sinks may be used by others.
 * Cost: one copy of each file read.
 */
#ifndef FILES_PINNED_FOLDER_H
#define FILES_PINNED_FOLDER_H

#include "base/seams.h"

bool pinned_folder_new(struct folder **out, struct folder *below, const char *private_path,
                       struct error *err) must_check;
void pinned_folder_free(struct folder *f); /* after its sources and sinks; NULL is fine */
bool pinned_folder_is(const struct folder *f);
/* The next open of this name reads the folder below again: for what is replaced by agreement. */
void pinned_folder_forget(struct folder *f, const char *path);

#endif
