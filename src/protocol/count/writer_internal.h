/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text towards a sink in pieces of a few kilobytes. The first error stays and everything after it
 * is ignored; writer_finish returns it. Without a sink the bytes are only counted.
 */
#ifndef COUNT_WRITER_INTERNAL_H
#define COUNT_WRITER_INTERNAL_H

#include "base/seams.h"

struct writer {
	struct sink *sink;
	struct error *err;
	bool failed;
	size_t used, total;
	char buffer[4096];
};

void writer_init(struct writer *w, struct sink *sink, struct error *err);
bool writer_finish(struct writer *w) must_check;

void write_bytes(struct writer *w, bytes b);
void write_text(struct writer *w, const char *s);
void write_u64(struct writer *w, uint64_t v);
void write_spaces(struct writer *w, size_t count);

#endif
