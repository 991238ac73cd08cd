/* SPDX-License-Identifier: Apache-2.0 */
#include "results/pattern_internal.h"

struct item {
	bytes of; /* the character, or what stands in brackets; empty: any character */
	bool class, not, many, optional;
};

struct alternative {
	struct item items[PATTERN_ITEMS];
	size_t count;
	bool to_the_end;
};

static bytes first_character(bytes b)
{
	size_t n = 1;
	while (n < b.len && (b.p[n] & 0xc0) == 0x80)
		n++;
	return bytes_of(b.p, n);
}

static const char *read_class(struct item *out, bytes *rest)
{
	size_t end = 1;
	if (end < rest->len && rest->p[end] == '^')
		end++;
	size_t first = end;
	while (end < rest->len && (end == first || rest->p[end] != ']')) {
		if (rest->p[end] == '\\')
			return "pattern: no \\ inside [ ]";
		end++;
	}
	if (end >= rest->len)
		return "pattern: a [ without its ]";
	*out = (struct item){
		.of = bytes_of(rest->p + first, end - first), .class = true, .not = first == 2};
	*rest = bytes_from(*rest, end + 1);
	return NULL;
}

static const char *read_item(struct item *out, bytes *rest)
{
	uint8_t c = rest->p[0];
	*out = (struct item){0};
	if (c == '[')
		return read_class(out, rest);
	if (c == '(' || c == ')' || c == '{' || c == '}')
		return "pattern: groups and braces are not known here";
	if (c == '*' || c == '+' || c == '?')
		return "pattern: nothing stands before *, + or ?";
	if (c == '^' || c == '$')
		return "pattern: ^ stands at the beginning, $ at the end";
	if (c == '\\') {
		*rest = bytes_from(*rest, 1);
		if (rest->len == 0 || rest->p[0] >= 0x80 || (rest->p[0] >= '0' && rest->p[0] <= '9') ||
		    ((rest->p[0] | 0x20) >= 'a' && (rest->p[0] | 0x20) <= 'z'))
			return "pattern: \\ stands before a punctuation mark only";
	}
	bytes character = first_character(*rest);
	if (c != '.')
		out->of = character;
	*rest = bytes_from(*rest, character.len);
	return NULL;
}

/* One alternative, up to | or the end. NULL: good. */
static const char *read_alternative(struct alternative *out, bytes *rest)
{
	out->count = 0;
	out->to_the_end = false;
	if (rest->len > 0 && rest->p[0] == '^')
		*rest = bytes_from(*rest, 1);
	while (rest->len > 0 && rest->p[0] != '|') {
		if (rest->p[0] == '$' && (rest->len == 1 || rest->p[1] == '|')) {
			out->to_the_end = true;
			*rest = bytes_from(*rest, 1);
			break;
		}
		if (out->count == PATTERN_ITEMS)
			return "pattern: too long";
		struct item *i = &out->items[out->count++];
		const char *wrong = read_item(i, rest);
		if (wrong)
			return wrong;
		uint8_t c = rest->len > 0 ? rest->p[0] : 0;
		if (c == '*' || c == '+' || c == '?') {
			i->many = c != '?';
			i->optional = c != '+';
			*rest = bytes_from(*rest, 1);
		}
	}
	return NULL;
}

/* The next alternative's text, behind the |; false at the end. */
static bool next_alternative(bytes *rest)
{
	if (rest->len == 0)
		return false;
	*rest = bytes_from(*rest, 1);
	return true;
}

bool pattern_check(bytes pattern, struct error *err)
{
	struct alternative a;
	bytes rest = pattern;
	do {
		const char *wrong = read_alternative(&a, &rest);
		if (wrong)
			return fail(err, ERROR_MALFORMED, wrong, pattern.len - rest.len + 1);
	} while (next_alternative(&rest));
	return true;
}

/* UTF-8 keeps the order of characters. */
static int compare(bytes a, bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = memcmp(a.p, b.p, n);
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static bool in_class(bytes set, bytes c)
{
	while (set.len > 0) {
		bytes from = first_character(set), to = from;
		set = bytes_from(set, from.len);
		if (set.len > 1 && set.p[0] == '-') {
			to = first_character(bytes_from(set, 1));
			set = bytes_from(set, 1 + to.len);
		}
		if (compare(from, c) <= 0 && compare(c, to) <= 0)
			return true;
	}
	return false;
}

static bool takes(const struct item *i, bytes c)
{
	if (i->class)
		return in_class(i->of, c) != i->not ;
	return i->of.len == 0 || bytes_equal(i->of, c);
}

/* Which items may come next: those behind what may be absent as well. */
static void skip_optional(bool *at, const struct alternative *a)
{
	for (size_t i = 0; i < a->count; i++)
		if (at[i] && a->items[i].optional)
			at[i + 1] = true;
}

static bool alternative_matches(const struct alternative *a, bytes text)
{
	bool at[PATTERN_ITEMS + 1] = {true}, next[PATTERN_ITEMS + 1];
	skip_optional(at, a);
	while (text.len > 0) {
		bytes c = first_character(text);
		if (at[a->count] && !a->to_the_end)
			return true;
		memset(next, 0, sizeof next);
		for (size_t i = 0; i < a->count; i++)
			if (at[i] && takes(&a->items[i], c)) {
				next[i + 1] = true;
				next[i] = next[i] || a->items[i].many;
			}
		memcpy(at, next, sizeof at);
		/* Behind a repeated one that has matched once the next may follow. */
		skip_optional(at, a);
		text = bytes_from(text, c.len);
	}
	return at[a->count];
}

bool pattern_matches(bytes pattern, bytes text)
{
	struct alternative a;
	bytes rest = pattern;
	do {
		if (read_alternative(&a, &rest))
			return false;
		if (alternative_matches(&a, text))
			return true;
	} while (next_alternative(&rest));
	return false;
}
