/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of encrypted ballots, or of the bodies of audited ones, cut into single objects: one byte
 * tree after another, of whatever styles.
 *
 * Inputs: what an object says beyond its style is the board's matter. Where no object can be cut
 *   off, nothing behind it can be found either: MALFORMED or REJECTED, with the file and the
 * number. Memory: a window of BALLOT_WINDOW_BYTES, which files that are read one after another can
 * share.
 */
#ifndef CLI_BALLOT_STREAM_H
#define CLI_BALLOT_STREAM_H

#include "ballot/ballot.h"
#include "base/seams.h"

#define BALLOT_WINDOW_BYTES ((size_t)8 << 20)

struct ballot_stream {
	const char *path;
	const struct ballot_rules *rules;
	bool bodies;
	struct source *src;
	uint8_t *window; /* to be set before the first object is asked for */
	size_t from, to;
	bool at_end;
	uint64_t number; /* of the next object, from 0 */
};
bool ballot_stream_open(struct ballot_stream *s, const char *path, const struct ballot_rules *rules,
                        bool bodies, struct error *err) must_check;
void ballot_stream_close(struct ballot_stream *s);
/* At most so many objects can be in it. */
uint64_t ballot_stream_most(const struct ballot_stream *s);
/* Up to `room` objects; *count = 0 at the end. They borrow the window until the next call. */
bool ballot_stream_next(bytes *out, size_t *count, size_t room, struct ballot_stream *s,
                        struct error *err) must_check;

#endif
