/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/text_internal.h"

#include "base/limits.h"
#include "count/profile.h"

/* The character at text.p[*pos]; the text is UTF-8 (the JSON reader saw to that). */
static uint32_t next_of(bytes text, size_t *pos)
{
	uint32_t v = text.p[(*pos)++];
	unsigned more = v >= 0xf0 ? 3 : v >= 0xe0 ? 2 : v >= 0xc0 ? 1 : 0;
	if (more)
		v &= 0x3fu >> more;
	for (; more > 0 && *pos < text.len; more--)
		v = v << 6 | (text.p[(*pos)++] & 0x3fu);
	return v;
}

static bool turns_direction(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static bool is_invisible(uint32_t c)
{
	return c == 0xad || c == 0x34f || c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2060 && c <= 0x206f) || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff ||
	       (c >= 0xe0000 && c <= 0xe0fff);
}

static bool is_blank(uint32_t c)
{
	return c == ' ' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
	       c == 0x205f || c == 0x3000 || c == 0x3164 || c == 0x2800;
}

static bool check_directions(bytes text, struct error *err)
{
	for (size_t pos = 0; pos < text.len;)
		if (turns_direction(next_of(text, &pos)))
			return fail(err, ERROR_MALFORMED,
			            "it has a character that turns the direction of what follows "
			            "(U+202A…202E, U+2066…2069); remove it",
			            pos);
	return true;
}

bool text_check_line(bytes text, struct error *err)
{
	bool visible = false;
	for (size_t pos = 0; pos < text.len;) {
		uint32_t c = next_of(text, &pos);
		visible |= !is_blank(c) && !is_invisible(c);
	}
	if (!visible)
		return fail(err, ERROR_MALFORMED, "it is empty or blank; write something to read",
		            ERROR_NOWHERE);
	return profile_check_name(text, err) && check_directions(text, err);
}

bool text_check_lines(bytes text, struct error *err)
{
	if (text.len > LIMIT_TEXT_BYTES)
		return fail(err, ERROR_LIMIT, "it is longer than 4096 bytes (LIMIT_TEXT_BYTES); shorten it",
		            text.len);
	for (size_t pos = 0; pos < text.len;) {
		uint32_t c = next_of(text, &pos);
		bool control = (c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
		               (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
		if (control)
			return fail(err, ERROR_MALFORMED, "it has a control character; remove it", pos);
	}
	return check_directions(text, err);
}

bool text_as_seen(bytes *out, bytes text, struct arena *arena, struct error *err)
{
	size_t mark = arena_mark(arena), len = 0;
	uint8_t *copy = arena_take(arena, text.len + 1, 1, err);
	if (!copy)
		return false;
	bool blank = true; /* at the start: none is kept there */
	for (size_t pos = 0; pos < text.len;) {
		size_t from = pos;
		uint32_t c = next_of(text, &pos);
		if (is_invisible(c))
			continue;
		if (!is_blank(c)) {
			memcpy(copy + len, text.p + from, pos - from);
			len += pos - from;
		} else if (!blank) {
			copy[len++] = ' ';
		}
		blank = is_blank(c);
	}
	while (len > 0 && copy[len - 1] == ' ')
		len--;
	*out = bytes_of(copy, len);
	if (bytes_equal(*out, text)) {
		arena_release(arena, mark);
		*out = text;
	}
	return true;
}

bool text_is_doubtful(bytes text)
{
	for (size_t pos = 0; pos < text.len;) {
		uint32_t c = next_of(text, &pos);
		if (is_invisible(c) || (c >= 0x300 && c <= 0x36f))
			return true;
	}
	return false;
}
