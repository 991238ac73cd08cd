/* SPDX-License-Identifier: Apache-2.0 */
#include "count/csv.h"

#include "count/csv_names_internal.h"
#include "count/place_internal.h"
#include "count/utf8_internal.h"

enum kind {
	KIND_UNKNOWN, /* every ballot so far names one candidate at most */
	KIND_RANKING,
	KIND_MARKS,
};

struct cell {
	bytes text;   /* without the outer quotes and blanks around */
	bool escaped; /* "" inside still stand for one quote */
	bool last;    /* of its row */
};

struct reader {
	bytes file;
	size_t pos;
	uint64_t row, column;
	size_t columns; /* of the header */
	bool by_rank;
	enum kind kind;
	bool ended; /* an overvote ended this ballot */
	const struct csv_options *options;
	struct profile *out;
	struct names names;
	uint8_t *scratch; /* one unescaped name: LIMIT_TEXT_BYTES + 1 */
	struct error *err;
};

static bool at_place(struct reader *r)
{
	return fail_at_place(r->err, (struct place){"row", r->row, r->column});
}

static bool fail_here(struct reader *r, const char *what)
{
	fail(r->err, ERROR_MALFORMED, what, r->row);
	return at_place(r);
}

/* --- cells --- */

static bool ends_line(uint8_t c)
{
	return c == '\n' || c == '\r';
}

static bool ends_cell(const struct reader *r)
{
	return r->pos == r->file.len || r->file.p[r->pos] == ',' || ends_line(r->file.p[r->pos]);
}

static bytes trim(bytes b)
{
	while (b.len > 0 && (b.p[0] == ' ' || b.p[0] == '\t'))
		b = bytes_from(b, 1);
	while (b.len > 0 && (b.p[b.len - 1] == ' ' || b.p[b.len - 1] == '\t'))
		b.len--;
	return b;
}

static bool is_word(bytes b, const char *word)
{
	return bytes_equal(b, bytes_of_text(word));
}

static bool read_quoted(struct reader *r, struct cell *out)
{
	size_t start = ++r->pos;
	for (;; r->pos++) {
		if (r->pos == r->file.len || ends_line(r->file.p[r->pos]))
			return fail_here(r, "csv: a quoted cell is not closed on its line");
		if (r->file.p[r->pos] != '"')
			continue;
		if (r->pos + 1 == r->file.len || r->file.p[r->pos + 1] != '"')
			break;
		out->escaped = true;
		r->pos++;
	}
	out->text = trim(bytes_of(r->file.p + start, r->pos - start));
	r->pos++;
	while (!ends_cell(r) && (r->file.p[r->pos] == ' ' || r->file.p[r->pos] == '\t'))
		r->pos++;
	return ends_cell(r) || fail_here(r, "csv: text after the closing quote of a cell");
}

/* The next cell of the row, and the separator or line end after it. */
static bool read_cell(struct reader *r, struct cell *out)
{
	*out = (struct cell){BYTES_NONE, false, false};
	r->column++;
	while (!ends_cell(r) && (r->file.p[r->pos] == ' ' || r->file.p[r->pos] == '\t'))
		r->pos++;
	if (!ends_cell(r) && r->file.p[r->pos] == '"') {
		if (!read_quoted(r, out))
			return false;
	} else {
		size_t start = r->pos;
		for (; !ends_cell(r); r->pos++)
			if (r->file.p[r->pos] == '"')
				return fail_here(r, "csv: a quote inside a cell that does not begin with one");
		out->text = trim(bytes_of(r->file.p + start, r->pos - start));
	}
	out->last = r->pos == r->file.len || ends_line(r->file.p[r->pos]);
	if (r->pos < r->file.len)
		r->pos += 1u + (out->last && r->file.p[r->pos] == '\r' && r->pos + 1 < r->file.len &&
		                r->file.p[r->pos + 1] == '\n');
	return true;
}

/* To the first cell of the next row that is not blank; false at the end of the file. */
static bool next_row(struct reader *r)
{
	r->column = 0;
	for (;;) {
		size_t p = r->pos;
		while (p < r->file.len && (r->file.p[p] == ' ' || r->file.p[p] == '\t'))
			p++;
		r->row++;
		if (p == r->file.len)
			return false;
		if (!ends_line(r->file.p[p]))
			return true;
		bool pair = r->file.p[p] == '\r' && p + 1 < r->file.len && r->file.p[p + 1] == '\n';
		r->pos = p + 1u + pair;
	}
}

/* --- the header --- */

static bool is_rank_heading(bytes b, size_t rank)
{
	char room[32];
	struct text t = TEXT_OF(room);
	text_add(&t, "rank");
	text_add_u64(&t, rank);
	return bytes_equal(b, bytes_of(room, t.len));
}

static bool read_header(struct reader *r)
{
	struct cell c;
	if (!next_row(r))
		return fail_here(r, "csv: the file is empty");
	if (!read_cell(r, &c))
		return false;
	if (!is_word(c.text, "count"))
		return fail_here(r, "csv: the first column must be headed 'count', separated by commas");
	if (c.last)
		return fail_here(r, "csv: there is no column of choices after 'count'");
	r->by_rank = true;
	for (r->columns = 1; !c.last; r->columns++) {
		if (!read_cell(r, &c))
			return false;
		bool rank = is_rank_heading(c.text, r->columns);
		if (r->columns > 1 && !(rank && r->by_rank))
			return fail_here(r, r->by_rank
			                        ? "csv: the columns are headed rank1, rank2, … in this order"
			                        : "csv: a second column of choices; only rank1, rank2, … may "
			                          "have several columns");
		r->by_rank = rank;
	}
	r->kind = r->by_rank ? KIND_RANKING : KIND_UNKNOWN;
	return r->columns <= LIMIT_ANSWERS + 1 ||
	       fail(r->err, ERROR_LIMIT, "csv: too many columns (LIMIT_ANSWERS)", r->columns);
}

/* --- ballots --- */

static bool is_undervote(bytes b)
{
	return b.len == 0 || is_word(b, "undervote") || is_word(b, "UNDERVOTE") ||
	       is_word(b, "$UNDERVOTE");
}

static bool is_overvote(bytes b)
{
	return is_word(b, "overvote") || is_word(b, "OVERVOTE") || is_word(b, "$OVERVOTE");
}

static bool unescape(struct reader *r, bytes *name)
{
	size_t len = 0;
	for (size_t i = 0; i < name->len; i++) {
		if (len > LIMIT_TEXT_BYTES)
			return fail(r->err, ERROR_LIMIT, "csv: a name is too long (LIMIT_TEXT_BYTES)", r->row);
		r->scratch[len++] = name->p[i];
		i += name->p[i] == '"'; /* its twin; inside a quoted cell they come in pairs */
	}
	*name = bytes_of(r->scratch, len);
	return true;
}

static bool take_choice(struct reader *r, bytes name, bool escaped)
{
	uint64_t index;
	name = trim(name);
	if (r->ended || is_undervote(name))
		return true;
	if (is_overvote(name)) {
		if (r->options->overvote == CSV_OVERVOTE_IS_ERROR)
			return fail_here(r, "csv: an overvote; let it end the ballot, or remove the row");
		r->ended = true;
		return true;
	}
	if (escaped && !unescape(r, &name))
		return at_place(r);
	if (!names_find(&r->names, &index, name, escaped, r->err))
		return at_place(r);
	if (profile_paper_has(r->out, index)) {
		if (r->kind == KIND_RANKING)
			return true;
		fail_detail(r->err, ERROR_MALFORMED, "csv: a candidate marked twice", r->row, "");
		return at_place(r);
	}
	return profile_choice(r->out, index, r->err) || at_place(r);
}

static bool see_kind(struct reader *r, bytes cell)
{
	bool ranking = cell.len > 0 && memchr(cell.p, '>', cell.len);
	bool marks = cell.len > 0 && memchr(cell.p, '+', cell.len);
	enum kind kind = ranking ? KIND_RANKING : KIND_MARKS;
	if (ranking && marks)
		return fail_here(r, "csv: '>' and '+' on one ballot; equal ranks are not supported");
	if (!ranking && !marks)
		return true;
	if (r->kind != KIND_UNKNOWN && r->kind != kind)
		return fail_here(r, "csv: rankings (>) and sets of marks (+) in one file");
	r->kind = kind;
	return true;
}

static bool take_ballot(struct reader *r, const struct cell *c)
{
	bytes rest = c->text;
	if (!see_kind(r, rest))
		return false;
	uint8_t separator = r->kind == KIND_MARKS ? '+' : '>';
	bool several = rest.len > 0 && memchr(rest.p, separator, rest.len);
	for (bool more = true; more;) {
		size_t len = 0;
		while (len < rest.len && rest.p[len] != separator)
			len++;
		more = len < rest.len;
		/* "A>>B" is more likely a lost name than a skipped rank, which has a word of its own. */
		if (several && trim(bytes_of(rest.p, len)).len == 0)
			return fail_here(r, "csv: a separator without a candidate before or after it");
		if (!take_choice(r, bytes_of(rest.p, len), c->escaped))
			return false;
		rest = bytes_from(rest, len + more);
	}
	return true;
}

static bool read_count(struct reader *r, struct cell *c, uint64_t *count)
{
	if (!read_cell(r, c))
		return false;
	*count = 0;
	for (size_t i = 0; i < c->text.len; i++) {
		if (c->text.p[i] < '0' || c->text.p[i] > '9')
			return fail_here(r, "csv: the count is not a number");
		*count = *count * 10 + (c->text.p[i] - '0');
		if (*count > LIMIT_BALLOTS) {
			fail(r->err, ERROR_LIMIT, "csv: too many ballots (LIMIT_BALLOTS)", r->row);
			return at_place(r);
		}
	}
	return *count > 0 || fail_here(r, "csv: the count must be 1 or more");
}

static bool read_row(struct reader *r)
{
	struct cell c;
	uint64_t count;
	if (!read_count(r, &c, &count))
		return false;
	r->ended = false;
	for (size_t i = 1; i < r->columns; i++) {
		if (c.last)
			return fail_here(r, "csv: fewer cells than the header has");
		if (!read_cell(r, &c))
			return false;
		if (!(r->by_rank ? take_choice(r, c.text, c.escaped) : take_ballot(r, &c)))
			return false;
	}
	if (!c.last)
		return fail_here(r, "csv: more cells than the header has; quote cells that hold commas");
	return profile_close_paper(r->out, count, r->err) || at_place(r);
}

/* --- the whole --- */

static struct profile_room room_for(bytes file)
{
	struct profile_room room = {LIMIT_ANSWERS, 1, 1, PROFILE_RANKING};
	for (size_t i = 0; i < file.len; i++) {
		uint8_t c = file.p[i];
		room.papers += ends_line(c);
		room.choices += ends_line(c) || c == ',' || c == '>' || c == '+';
	}
	return room;
}

size_t csv_arena_bytes(bytes file)
{
	return profile_arena_bytes(room_for(file)) + names_arena_bytes(file) +
	       arena_room(LIMIT_TEXT_BYTES + 1) + arena_room(LIMIT_ANSWERS * sizeof(uint16_t)) +
	       LIMIT_ANSWERS * (size_t)ARENA_ALIGN;
}

static bool prepare(struct reader *r, struct arena *a)
{
	if (!profile_init(r->out, room_for(r->file), a, r->err) || !names_init(&r->names, a, r->err))
		return false;
	r->scratch = arena_take(a, LIMIT_TEXT_BYTES + 1, 1, r->err);
	if (!r->scratch)
		return fail_within(r->err, "csv");
	const struct csv_options *o = r->options;
	for (size_t i = 0; i < o->candidates_count; i++)
		if (!names_declare(&r->names, o->candidates[i], r->err))
			return false;
	r->names.closed = o->candidates_count > 0;
	if (o->seats > LIMIT_ANSWERS)
		return fail(r->err, ERROR_LIMIT, "csv: too many seats (LIMIT_ANSWERS)", o->seats);
	r->out->seats = o->seats ? o->seats : 1;
	r->out->title = o->title;
	return o->title.len == 0 || profile_check_name(o->title, r->err) ||
	       fail_within(r->err, "title");
}

static bool settle(struct reader *r, struct arena *a)
{
	uint16_t *order = arena_take_array(a, LIMIT_ANSWERS, uint16_t, r->err);
	if (!order || !names_settle(&r->names, r->out, order, r->err))
		return false;
	for (size_t i = 0; i < r->out->choices_count; i++)
		r->out->choices[i] = order[r->out->choices[i]];
	return true;
}

bool csv_read(struct profile *out, bytes file, const struct csv_options *options, struct arena *a,
              struct error *err)
{
	*out = (struct profile){0};
	if (file.len > LIMIT_PROFILE_BYTES)
		return fail(err, ERROR_LIMIT, "csv: the file is too large (LIMIT_PROFILE_BYTES)", file.len);
	struct reader r = {.file = file, .options = options, .out = out, .err = err};
	r.pos = utf8_skip_mark(file);
	if (!prepare(&r, a) || !read_header(&r))
		return false;
	while (next_row(&r))
		if (!read_row(&r))
			return false;
	if (out->papers_count == 0)
		return fail_here(&r, "csv: there are no ballots below the header");
	out->kind = r.kind == KIND_MARKS ? PROFILE_MARKS : PROFILE_RANKING;
	return settle(&r, a);
}
