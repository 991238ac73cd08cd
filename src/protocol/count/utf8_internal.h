/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Just enough Unicode for names of candidates: strict decoding, and how wide a terminal shows them.
 */
#ifndef COUNT_UTF8_INTERNAL_H
#define COUNT_UTF8_INTERNAL_H

#include "base/bytes.h"

/*
 * The code point at text.p[*pos], which moves past it. false at a byte that does not begin a
 * shortest-form scalar value (overlong, surrogate, above U+10FFFF, cut short); *pos stays.
 */
bool utf8_next(bytes text, size_t *pos, uint32_t *code);
bool utf8_is_control(uint32_t code);   /* C0, DEL, C1, line and paragraph separator */
bool utf8_is_invisible(uint32_t code); /* may reorder or hide what stands beside it */
unsigned utf8_width(uint32_t code);    /* columns: 0, 1 or 2 */

static inline size_t utf8_skip_mark(bytes text) /* the length of a byte order mark, or 0 */
{
	return text.len >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

#endif
