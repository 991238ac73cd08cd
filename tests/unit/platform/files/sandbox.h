/* SPDX-License-Identifier: Apache-2.0 */
/* An empty directory for one test, removed with everything in it afterwards. */
#ifndef FILES_SANDBOX_H
#define FILES_SANDBOX_H

#include "support/support.h"

int sandbox_make(void **state);
int sandbox_remove(void **state);
const char *sandbox_path(const char *below); /* "" = itself; static room of 8 results */

/* What is really on disk, by libc only. */
void disk_put(const char *below, const char *content);
const char *disk_get(const char *below); /* NULL when it is not there */
size_t disk_entries(const char *below);  /* of every name, also hidden ones */

#endif
