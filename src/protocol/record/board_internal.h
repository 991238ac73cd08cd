/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECORD_BOARD_INTERNAL_H
#define RECORD_BOARD_INTERNAL_H

#include "record/board.h"
#include "record/entry.h"

#define BOARD_ENTRIES_PATH "log/entries"

/* One entry as it stands in log/entries. */
bool board_put_entry(struct sink *sink, struct merkle *tree, const digest *eid,
                     const struct entry *e, struct error *err) must_check;
/* Signs and writes; REJECTED when one of another tree lies there. */
bool board_put_checkpoint(struct checkpoint *out, const char *path, const struct merkle *tree,
                          const struct board_final *f, struct error *err) must_check;

#endif
