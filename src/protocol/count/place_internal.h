/* SPDX-License-Identifier: Apache-2.0 */
/* Where in a file an error is, in front of its detail: "line 12, column 5: candidate 14 of 13". */
#ifndef COUNT_PLACE_INTERNAL_H
#define COUNT_PLACE_INTERNAL_H

#include "base/bytes.h"
#include "base/error.h"

struct place {
	const char *unit;      /* "line", "row" */
	uint64_t line, column; /* column 0: the line as a whole */
};

static inline bool fail_at_place(struct error *err, struct place place)
{
	char room[64];
	struct text t = TEXT_OF(room);
	text_add(&t, place.unit);
	text_add(&t, " ");
	text_add_u64(&t, place.line);
	if (place.column > 0) {
		text_add(&t, ", column ");
		text_add_u64(&t, place.column);
	}
	if (err)
		err->at = place.line;
	return fail_within(err, room);
}

#endif
