/* SPDX-License-Identifier: Apache-2.0 */
#include "count/text_sink.h"

static bool append(struct sink *s, bytes b, struct error *err)
{
	struct text_sink *t = (struct text_sink *)s;
	if (b.len > t->size - t->len)
		return fail(err, ERROR_LIMIT, "text: does not fit the buffer", t->size);
	memcpy(t->p + t->len, b.p, b.len);
	t->len += b.len;
	return true;
}

static bool commit(struct sink *s, struct error *err)
{
	(void)s;
	(void)err;
	return true;
}

static void forget(struct sink *s)
{
	((struct text_sink *)s)->len = 0;
}

void text_sink_init(struct text_sink *t, void *memory, size_t size)
{
	*t = (struct text_sink){{"text", append, commit, forget}, memory, size, 0};
}
