/* SPDX-License-Identifier: Apache-2.0 */
#include "count/visible_internal.h"

#include "base/limits.h"
#include "count/utf8_internal.h"

#define ELLIPSIS "\u2026"

size_t visible_width(bytes b)
{
	size_t width = 0;
	uint32_t code;
	for (size_t pos = 0; utf8_next(b, &pos, &code);)
		width += utf8_is_invisible(code) ? 1 : utf8_width(code);
	return width;
}

/* U+FFFE and U+FFFF are no characters of XML. */
static bool is_strange(uint32_t code)
{
	return utf8_is_invisible(code) || utf8_is_control(code) || code == 0xfffe || code == 0xffff;
}

static const char *escape(uint32_t code)
{
	switch (code) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void visible_write(struct writer *w, bytes b, size_t most, enum visible_form form)
{
	bool cut = visible_width(b) > most;
	size_t width = 0;
	uint32_t code;
	for (size_t pos = 0, start = 0; utf8_next(b, &pos, &code); start = pos) {
		bool strange = is_strange(code);
		const char *escaped = form == VISIBLE_MARKUP ? escape(code) : NULL;
		width += strange ? 1 : utf8_width(code);
		if (cut && width >= most) {
			write_text(w, ELLIPSIS);
			return;
		}
		if (strange || escaped)
			write_text(w, strange ? "\ufffd" : escaped);
		else
			write_bytes(w, bytes_of(b.p + start, pos - start));
	}
}

void visible_units(struct writer *w, units v, struct units_form form)
{
	char room[UNITS_TEXT_BYTES];
	struct text t = TEXT_OF(room);
	units_add_text(&t, v, form);
	write_bytes(w, bytes_of(room, t.len));
}

void visible_action(struct writer *w, const struct count_result *r, size_t stage,
                    enum visible_form form)
{
	char room[2 * LIMIT_TEXT_BYTES];
	struct text sentence = TEXT_OF(room);
	count_add_action(&sentence, r, stage);
	visible_write(w, bytes_of(room, sentence.len), SIZE_MAX, form);
	if (sentence.cut)
		write_text(w, ELLIPSIS);
}

void visible_tie(struct writer *w, const struct count_result *r, size_t stage,
                 enum visible_form form)
{
	const struct count_stage *s = &r->stages[stage];
	write_text(w, "a tie of ");
	for (size_t i = 0; i < s->tied_count; i++) {
		write_text(w, i == 0 ? "" : i + 1 == s->tied_count ? " and " : ", ");
		visible_write(w, r->profile->candidates[s->tied[i]].name, SIZE_MAX, form);
	}
	write_text(w, ": decided by ");
	write_text(w, s->tie == COUNT_TIE_BY_LOT    ? "the declared lot"
	              : s->tie == COUNT_TIE_BY_RULE ? "the rule's own order"
	                                            : "an earlier stage");
}
