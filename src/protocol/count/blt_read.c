/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "count/blt.h"
#include "count/place_internal.h"
#include "count/utf8_internal.h"

struct reader {
	bytes file;
	size_t pos, line_start;
	uint64_t line;
	struct profile *out;
	struct arena *arena;
	struct error *err;
};

static bool ends_line(uint8_t c)
{
	return c == '\n' || c == '\r';
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* --- errors with their place --- */

static bool at_place(struct reader *r, size_t pos)
{
	uint64_t column = 1;
	for (size_t i = r->line_start; i < pos; i++)
		column += (r->file.p[i] & 0xc0) != 0x80;
	return fail_at_place(r->err, (struct place){"line", r->line, column});
}

static bool fail_here(struct reader *r, const char *what)
{
	fail(r->err, ERROR_MALFORMED, what, r->line);
	return at_place(r, r->pos);
}

/* --- lines and tokens --- */

static bool at_line_end(const struct reader *r)
{
	return r->pos == r->file.len || ends_line(r->file.p[r->pos]);
}

/* To the next token of this line, over blanks and a comment. */
static void skip_blanks(struct reader *r)
{
	while (r->pos < r->file.len && is_blank(r->file.p[r->pos]))
		r->pos++;
	if (r->pos < r->file.len && r->file.p[r->pos] == '#')
		while (!at_line_end(r))
			r->pos++;
}

static void next_line(struct reader *r)
{
	if (r->pos == r->file.len)
		return;
	if (r->file.p[r->pos] == '\r' && r->pos + 1 < r->file.len && r->file.p[r->pos + 1] == '\n')
		r->pos++;
	r->pos++;
	r->line++;
	r->line_start = r->pos;
}

/* To the next token of the file; false at its end. */
static bool next_token(struct reader *r)
{
	for (;;) {
		skip_blanks(r);
		if (r->pos == r->file.len)
			return false;
		if (!at_line_end(r))
			return true;
		next_line(r);
	}
}

static bool end_of_line(struct reader *r, const char *what)
{
	skip_blanks(r);
	return at_line_end(r) || fail_here(r, what);
}

/* What stands where a number should, named: these forms exist, and mean different things. */
static bool fail_not_number(struct reader *r)
{
	uint8_t c = r->pos < r->file.len ? r->file.p[r->pos] : 0;
	switch (c) {
	case '=':
		return fail_here(r, "blt: equal ranks (=) are not supported");
	case '-':
		return fail_here(r, "blt: skipped ranks and negative numbers are not supported here");
	case '.':
		return fail_here(r, "blt: fractions of ballots are not supported");
	case '(':
		return fail_here(r, "blt: ballot identities in parentheses are not supported; remove them");
	case '[':
		return fail_here(r, "blt: options in brackets stand on lines of their own");
	case '"':
		return fail_here(r, "blt: a quoted text where a number is expected");
	default:
		return fail_here(r, "blt: not a number");
	}
}

static bool read_number(struct reader *r, uint64_t *out)
{
	size_t start = r->pos;
	uint64_t v = 0;
	if (at_line_end(r) || !is_digit(r->file.p[r->pos]))
		return fail_not_number(r);
	for (; !at_line_end(r) && is_digit(r->file.p[r->pos]); r->pos++) {
		if (v > UINT32_MAX) {
			fail(r->err, ERROR_LIMIT, "blt: number too large", r->line);
			return at_place(r, start);
		}
		v = v * 10 + (r->file.p[r->pos] - '0');
	}
	if (!at_line_end(r) && !is_blank(r->file.p[r->pos]) && r->file.p[r->pos] != '#' &&
	    r->file.p[r->pos] != ']')
		return fail_not_number(r);
	*out = v;
	return true;
}

/* --- the parts of the file --- */

static struct profile_room room_for(bytes file)
{
	/* A line gives at most a paper, a token at most a choice. */
	struct profile_room room = {0, 1, 1, PROFILE_RANKING};
	bool inside = false;
	for (size_t i = 0; i < file.len; i++) {
		bool space = is_blank(file.p[i]) || ends_line(file.p[i]);
		room.papers += ends_line(file.p[i]);
		room.choices += !space && !inside;
		inside = !space;
	}
	return room;
}

size_t blt_arena_bytes(bytes file)
{
	struct profile_room room = room_for(file);
	room.candidates = LIMIT_ANSWERS;
	return profile_arena_bytes(room) + arena_room(LIMIT_ANSWERS * sizeof(uint16_t));
}

static bool read_header(struct reader *r)
{
	uint64_t candidates, seats;
	if (!next_token(r))
		return fail_here(r, "blt: the file is empty");
	if (!read_number(r, &candidates))
		return false;
	skip_blanks(r);
	if (at_line_end(r))
		return fail_here(r, "blt: the first line is 'candidates seats'; the seats are missing");
	size_t start = r->pos;
	if (!read_number(r, &seats))
		return false;
	if (seats == 0 || seats > LIMIT_ANSWERS) {
		fail(r->err, seats ? ERROR_LIMIT : ERROR_MALFORMED,
		     "blt: the number of seats is between 1 and LIMIT_ANSWERS", seats);
		return at_place(r, start);
	}
	struct profile_room room = room_for(r->file);
	room.candidates = candidates;
	if (!profile_init(r->out, room, r->arena, r->err))
		return at_place(r, r->line_start);
	r->out->seats = (uint32_t)seats;
	return end_of_line(r, "blt: more than 'candidates seats' on the first line");
}

static bool fail_candidate(struct reader *r, size_t start, const char *what, uint64_t number)
{
	char room[64];
	struct text t = TEXT_OF(room);
	text_add(&t, "candidate ");
	text_add_u64(&t, number);
	text_add(&t, " of ");
	text_add_u64(&t, r->out->candidates_count);
	fail_detail(r->err, ERROR_MALFORMED, what, r->line, room);
	return at_place(r, start);
}

static bool read_candidate(struct reader *r, size_t start, uint64_t *index)
{
	uint64_t number;
	if (!read_number(r, &number))
		return false;
	if (number == 0 || number > r->out->candidates_count)
		return fail_candidate(r, start, "blt: no such candidate", number);
	*index = number - 1;
	return true;
}

static bool read_withdrawn(struct reader *r)
{
	if (r->out->papers_count > 0)
		return fail_here(r, "blt: withdrawn candidates come before the first ballot");
	while (!at_line_end(r)) {
		size_t start = r->pos;
		uint64_t index;
		if (r->file.p[r->pos++] != '-')
			return r->pos--, fail_here(r, "blt: only -numbers on a line of withdrawn candidates");
		if (!read_candidate(r, start, &index))
			return false;
		if (r->out->candidates[index].withdrawn)
			return fail_candidate(r, start, "blt: candidate withdrawn twice", index + 1);
		r->out->candidates[index].withdrawn = true;
		skip_blanks(r);
	}
	return true;
}

static bool read_tie_order(struct reader *r)
{
	struct profile *p = r->out;
	if (p->lot)
		return fail_here(r, "blt: a second [tie] line");
	p->lot = arena_take_array(r->arena, p->candidates_count, uint16_t, r->err);
	if (!p->lot)
		return false;
	for (skip_blanks(r); !at_line_end(r) && r->file.p[r->pos] != ']'; skip_blanks(r)) {
		size_t start = r->pos;
		uint64_t index;
		if (!read_candidate(r, start, &index))
			return false;
		for (size_t i = 0; i < p->lot_count; i++)
			if (p->lot[i] == index)
				return fail_candidate(r, start, "blt: candidate drawn twice", index + 1);
		p->lot[p->lot_count++] = (uint16_t)index;
	}
	if (at_line_end(r))
		return fail_here(r, "blt: the [tie] line does not end with ]");
	r->pos++;
	if (p->lot_count == 0)
		return fail_here(r, "blt: the [tie] line names nobody");
	return end_of_line(r, "blt: text after ]");
}

static bool read_option(struct reader *r)
{
	static const char tie[] = "[tie";
	size_t len = sizeof tie - 1;
	if (r->out->papers_count > 0)
		return fail_here(r, "blt: options in brackets come before the first ballot");
	if (r->file.len - r->pos > len && memcmp(r->file.p + r->pos, tie, len) == 0 &&
	    is_blank(r->file.p[r->pos + len])) {
		r->pos += len;
		return read_tie_order(r);
	}
	return fail_here(r, "blt: this option in brackets is not supported; remove the line if the "
	                    "count is to ignore it");
}

/* *last: the line was the 0 that ends the ballots. */
static bool read_paper(struct reader *r, bool *last)
{
	uint64_t count, index;
	size_t line_start = r->pos;
	if (!read_number(r, &count))
		return false;
	skip_blanks(r);
	*last = count == 0;
	if (*last)
		return at_line_end(r) || fail_here(r, "blt: a paper of 0 ballots, or text after the "
		                                      "0 that ends the ballots");
	for (;; skip_blanks(r)) {
		size_t start = r->pos;
		if (at_line_end(r))
			return fail_here(r, "blt: the paper does not end with 0");
		if (r->file.p[r->pos] == '0' && read_number(r, &index) && index == 0)
			break;
		r->pos = start;
		if (!read_candidate(r, start, &index))
			return false;
		if (profile_paper_has(r->out, index))
			return fail_candidate(r, start, "blt: candidate twice on one paper", index + 1);
		if (!profile_choice(r->out, index, r->err))
			return at_place(r, start);
	}
	if (!profile_close_paper(r->out, count, r->err))
		return at_place(r, line_start);
	return end_of_line(r, "blt: text after the 0 that closes the paper");
}

static bool read_papers(struct reader *r)
{
	for (bool last = false; !last; next_line(r)) {
		if (!next_token(r))
			return fail_here(r, "blt: the file ends before the line 0 that ends the ballots");
		bool ok;
		if (r->file.p[r->pos] == '-')
			ok = read_withdrawn(r);
		else if (r->file.p[r->pos] == '[')
			ok = read_option(r);
		else
			ok = read_paper(r, &last);
		if (!ok)
			return false;
	}
	return true;
}

static bool read_quoted(struct reader *r, bytes *out, const char *missing)
{
	if (!next_token(r))
		return fail_here(r, missing);
	if (r->file.p[r->pos] != '"')
		return fail_here(r, "blt: a name or title without quotes");
	size_t start = ++r->pos;
	while (!at_line_end(r) && r->file.p[r->pos] != '"')
		r->pos++;
	if (at_line_end(r))
		return fail_here(r, "blt: a quote is not closed on its line");
	*out = bytes_of(r->file.p + start, r->pos - start);
	r->pos++;
	if (!at_line_end(r) && !is_blank(r->file.p[r->pos]) && r->file.p[r->pos] != '#')
		return fail_here(r, "blt: text directly after a closing quote; a name cannot contain \"");
	return true;
}

static bool read_names(struct reader *r)
{
	struct profile *p = r->out;
	for (size_t i = 0; i < p->candidates_count; i++) {
		if (!read_quoted(r, &p->candidates[i].name, "blt: fewer names than candidates"))
			return false;
		if (!profile_check_name(p->candidates[i].name, r->err))
			return at_place(r, r->pos - p->candidates[i].name.len - 1);
	}
	if (!read_quoted(r, &p->title, "blt: the title is missing after the names"))
		return false;
	if (p->title.len > 0 && !profile_check_name(p->title, r->err))
		return at_place(r, r->pos - p->title.len - 1);
	/* A quoted text after the title means that the first line counts too few candidates. */
	if (next_token(r) && r->file.p[r->pos] == '"')
		return fail_here(r, "blt: more quoted texts than candidates and a title");
	return profile_check_names_differ(p, r->err);
}

bool blt_read(struct profile *out, bytes file, struct arena *a, struct error *err)
{
	*out = (struct profile){0};
	if (file.len > LIMIT_PROFILE_BYTES)
		return fail(err, ERROR_LIMIT, "blt: the file is too large (LIMIT_PROFILE_BYTES)", file.len);
	struct reader r = {.file = file, .line = 1, .out = out, .arena = a, .err = err};
	r.pos = r.line_start = utf8_skip_mark(file);
	return read_header(&r) && read_papers(&r) && read_names(&r);
}
