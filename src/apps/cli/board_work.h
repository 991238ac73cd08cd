/* SPDX-License-Identifier: Apache-2.0 */
/* What every command of the board begins with: its home, the record, and that they go together. */
#ifndef CLI_BOARD_WORK_H
#define CLI_BOARD_WORK_H

#include "cli/election.h"
#include "cli/keyholder.h"
#include "record/board.h"
#include "json/write.h"

struct board_options {
	struct common_options common;
	const char *home, *record;
};
/* Options --home and --record, which are needed, for struct argp_child; the input is a struct
 * board_options, whose common options are not its matter. */
extern const struct argp board_argp;

struct board_work {
	struct election election;
	struct keyholder holder;
	struct board_final final; /* of a log that is closed */
};
/* REJECTED when the manifest names another board. On failure everything is closed again. */
bool board_work_open(struct board_work *w, struct session *s, const struct board_options *o,
                     struct error *err) must_check;
void board_work_close(struct board_work *w);

/* Starts the log, or goes on with the one in the record; so many objects may come. */
struct board_bounds {
	uint64_t ballots, voids, changes;
};
bool board_work_begin(struct board **out, struct board_work *w, const struct board_bounds *most,
                      struct error *err) must_check;
/* Closes and signs. REJECTED when the ballots are fewer than the manifest allows to be opened:
 * better now than when the log is closed for good. */
bool board_work_end(struct checkpoint *out, struct board *b, const struct board_work *w,
                    struct error *err) must_check;
/* "Next: …", of a log that was closed or ended: witnesses, then the authorities or anybody. */
void board_say_next(const struct board_work *w, bool finished);

/* "record", "size" and "root" of a checkpoint, and the election's fingerprint. */
void board_put_checkpoint_json(struct json_writer *w, const struct board_work *work,
                               const struct checkpoint *c);

#endif
