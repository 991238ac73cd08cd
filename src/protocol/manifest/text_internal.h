/* SPDX-License-Identifier: Apache-2.0 */
/* What a text of a manifest may hold, and what a reader of it sees. */
#ifndef MANIFEST_TEXT_INTERNAL_H
#define MANIFEST_TEXT_INTERNAL_H

#include "base/arena.h"
#include "base/bytes.h"

/* MALFORMED or LIMIT with the reason: blank, control characters, too long (LIMIT_TEXT_BYTES). */
bool text_check_line(bytes text, struct error *err) must_check;
bool text_check_lines(bytes text, struct error *err) must_check;
/* Without what cannot be seen: invisible characters go, any run of blanks is one blank. The text
 * itself where that changes nothing, else a copy; false when the arena is full. */
bool text_as_seen(bytes *out, bytes text, struct arena *arena, struct error *err) must_check;
/* Invisible or combining characters: two of these may look alike and differ. */
bool text_is_doubtful(bytes text);

#endif
