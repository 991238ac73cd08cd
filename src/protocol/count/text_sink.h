/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sink that writes into the caller's memory: for results shown on a screen or put into another
 * document. LIMIT when full; nothing is cut. Commit does nothing, abort forgets the text, neither
 * frees anything.
 */
#ifndef COUNT_TEXT_SINK_H
#define COUNT_TEXT_SINK_H

#include "base/seams.h"

struct text_sink {
	struct sink sink;
	uint8_t *p; /* keeps the caller's memory */
	size_t size, len;
};

void text_sink_init(struct text_sink *t, void *memory, size_t size);
static inline bytes text_sink_bytes(const struct text_sink *t)
{
	return bytes_of(t->p, t->len);
}

#endif
