/* SPDX-License-Identifier: Apache-2.0 */
#include "count/blt.h"
#include "count/writer_internal.h"

static bool has_quote(bytes b)
{
	return b.len > 0 && memchr(b.p, '"', b.len);
}

static bool check(const struct profile *p, struct error *err)
{
	static const char what[] = "blt: this form has no way to write a double quote in a text";
	if (p->gaps || p->values || p->kind == PROFILE_PAIRS)
		return fail(err, ERROR_MALFORMED,
		            "blt: this form has no way to write these ballots; only candidates in order",
		            ERROR_NOWHERE);
	for (size_t i = 0; i < p->candidates_count; i++)
		if (has_quote(p->candidates[i].name))
			return fail(err, ERROR_MALFORMED, what, i);
	return !has_quote(p->title) || fail(err, ERROR_MALFORMED, what, ERROR_NOWHERE);
}

static void write_head(struct writer *w, const struct profile *p)
{
	write_u64(w, p->candidates_count);
	write_text(w, " ");
	write_u64(w, p->seats);
	write_text(w, "\n");
	for (size_t i = 0; i < p->candidates_count; i++)
		if (p->candidates[i].withdrawn) {
			write_text(w, "-");
			write_u64(w, i + 1);
			write_text(w, "\n");
		}
	if (p->lot_count == 0)
		return;
	write_text(w, "[tie");
	for (size_t i = 0; i < p->lot_count; i++) {
		write_text(w, " ");
		write_u64(w, p->lot[i] + 1u);
	}
	write_text(w, "]\n");
}

static void write_quoted(struct writer *w, bytes b)
{
	write_text(w, "\"");
	write_bytes(w, b);
	write_text(w, "\"\n");
}

bool blt_write(struct sink *sink, const struct profile *p, struct error *err)
{
	struct writer w;
	if (!check(p, err))
		return false;
	writer_init(&w, sink, err);
	write_head(&w, p);
	for (size_t i = 0; i < p->papers_count; i++) {
		write_u64(&w, p->counts[i]);
		for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++) {
			write_text(&w, " ");
			write_u64(&w, p->choices[j] + 1u);
		}
		write_text(&w, " 0\n");
	}
	write_text(&w, "0\n");
	for (size_t i = 0; i < p->candidates_count; i++)
		write_quoted(&w, p->candidates[i].name);
	write_quoted(&w, p->title);
	return writer_finish(&w);
}
