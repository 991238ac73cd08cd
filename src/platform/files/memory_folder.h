/* SPDX-License-Identifier: Apache-2.0 */
/*
 * struct folder in memory, with the rules of files/disk_folder.h on names, replacing and listing:
 * for tests and for tools that need no disk. A source keeps the content it was opened with, also
 * when the file is replaced or removed meanwhile.
 *
 * Memory: heap, at most `limit` bytes of content (committed and being written): LIMIT beyond.
 * Threads: one at a time.
 */
#ifndef FILES_MEMORY_FOLDER_H
#define FILES_MEMORY_FOLDER_H

#include "base/seams.h"

/* name: for messages, a literal or longer-lived. */
bool memory_folder_new(struct folder **out, const char *name, size_t limit,
                       struct error *err) must_check;
void memory_folder_free(struct folder *f); /* after its sources and sinks; NULL is fine */

#endif
