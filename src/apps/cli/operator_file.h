/* SPDX-License-Identifier: Apache-2.0 */
/* A file at a path of the operator's, whole in memory. */
#ifndef CLI_OPERATOR_FILE_H
#define CLI_OPERATOR_FILE_H

#include "base/arena.h"
#include "base/bytes.h"

/* At most `limit` bytes, with a 0 behind the last one. IO when it is not there. */
bool operator_file_read(bytes *out, const char *path, size_t limit, struct arena *arena,
                        struct error *err) must_check;

#endif
