/* SPDX-License-Identifier: Apache-2.0 */
#include "count/csv.h"

#include "count/csv_cells_internal.h"
#include "count/csv_names_internal.h"

enum form {
	FORM_CELL,   /* the whole ballot in one cell */
	FORM_RANKED, /* rank1, rank2, … */
	FORM_DIGITS, /* ranks: a digit for each candidate */
	FORM_RANKS,  /* rank:NAME, … */
	FORM_SCORES, /* score:NAME, … */
};

enum kind {
	KIND_UNKNOWN, /* every ballot so far names one candidate at most */
	KIND_RANKING,
	KIND_MARKS,
};

struct reader {
	struct cells cells;
	size_t columns; /* of the header, the count too */
	enum form form;
	bool single; /* no counts: the first column is an identity, each row one ballot */
	enum kind kind;
	bool ended;     /* an overvote ended this ballot */
	size_t skipped; /* ranks, since the last one that was not */
	const struct csv_options *options;
	struct profile *out;
	struct names names;
	uint16_t *of_column; /* RANKS, SCORES: candidates[column - 1] */
	uint8_t *scratch;    /* one unescaped name: LIMIT_TEXT_BYTES + 1 */
	struct error *err;
};

static bool at_place(struct reader *r)
{
	return cells_at_place(&r->cells);
}

static bool fail_here(struct reader *r, const char *what)
{
	return cells_fail(&r->cells, what);
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

static bool begins_with(bytes b, const char *word)
{
	bytes w = bytes_of_text(word);
	return b.len >= w.len && memcmp(b.p, w.p, w.len) == 0;
}

static enum form form_of(const struct reader *r, bytes heading)
{
	return r->single                        ? FORM_SCORES
	       : is_rank_heading(heading, 1)    ? FORM_RANKED
	       : cells_is(heading, "ranks")     ? FORM_DIGITS
	       : begins_with(heading, "rank:")  ? FORM_RANKS
	       : begins_with(heading, "score:") ? FORM_SCORES
	                                        : FORM_CELL;
}

/* The heading of a further column, from 2. */
static bool check_heading(struct reader *r, bytes heading, size_t column)
{
	switch (r->form) {
	case FORM_RANKED:
		return is_rank_heading(heading, column) ||
		       fail_here(r, "csv: the columns are headed rank1, rank2, … in this order");
	case FORM_RANKS:
		return begins_with(heading, "rank:") ||
		       fail_here(r, "csv: every column is headed rank:NAME, as the first is");
	case FORM_SCORES:
		return r->single || begins_with(heading, "score:") ||
		       fail_here(r, "csv: every column is headed score:NAME, as the first is");
	case FORM_CELL:
	case FORM_DIGITS:
		break;
	}
	return fail_here(r, "csv: a second column of choices; only rank1, rank2, …, rank:NAME and "
	                    "score:NAME may have several columns");
}

/* What form the table has, and how many columns. */
static bool read_form(struct reader *r)
{
	struct cell c;
	if (!cells_next_row(&r->cells))
		return fail_here(r, "csv: the file is empty");
	if (!cells_read(&r->cells, &c))
		return false;
	r->single = c.text.len == 0;
	if (!r->single && !cells_is(c.text, "count"))
		return fail_here(r, "csv: the first column must be headed 'count', separated by commas");
	if (c.last)
		return fail_here(r, "csv: there is no column of choices after 'count'");
	for (r->columns = 1; !c.last; r->columns++) {
		if (!cells_read(&r->cells, &c))
			return false;
		if (r->columns == 1)
			r->form = form_of(r, c.text);
		else if (!check_heading(r, c.text, r->columns))
			return false;
	}
	r->kind = r->form == FORM_CELL ? KIND_UNKNOWN : KIND_RANKING;
	return r->columns <= LIMIT_ANSWERS + 1 ||
	       fail(r->err, ERROR_LIMIT, "csv: too many columns (LIMIT_ANSWERS)", r->columns);
}

static bool unescape(struct reader *r, bytes *name)
{
	size_t len = 0;
	for (size_t i = 0; i < name->len; i++) {
		if (len > LIMIT_TEXT_BYTES)
			return fail(r->err, ERROR_LIMIT, "csv: a name is too long (LIMIT_TEXT_BYTES)",
			            r->cells.row);
		r->scratch[len++] = name->p[i];
		i += name->p[i] == '"'; /* its twin; inside a quoted cell they come in pairs */
	}
	*name = bytes_of(r->scratch, len);
	return true;
}

static bool find_name(struct reader *r, uint64_t *index, bytes name, bool escaped)
{
	if (escaped && !unescape(r, &name))
		return at_place(r);
	return names_find(&r->names, index, name, escaped, r->err) || at_place(r);
}

/* RANKS, SCORES: the headings once more, for the names in them. They are the list if none was
 * given. */
static bool read_column_names(struct reader *r)
{
	struct cell c;
	size_t prefix = r->single ? 0 : r->form == FORM_RANKS ? 5 : 6;
	cells_init(&r->cells, r->cells.file, r->err);
	require(cells_next_row(&r->cells) && cells_read(&r->cells, &c));
	for (size_t i = 0; i + 1 < r->columns; i++) {
		uint64_t index;
		if (!cells_read(&r->cells, &c) ||
		    !find_name(r, &index, cells_trim(bytes_from(c.text, prefix)), c.escaped))
			return false;
		for (size_t j = 0; j < i; j++)
			if (r->of_column[j] == index)
				return fail_here(r, "csv: two columns of one candidate");
		r->of_column[i] = (uint16_t)index;
	}
	r->names.closed = true;
	return true;
}

/* --- ballots by choices --- */

static bool is_undervote(bytes b)
{
	return b.len == 0 || cells_is(b, "undervote") || cells_is(b, "UNDERVOTE") ||
	       cells_is(b, "$UNDERVOTE");
}

static bool is_overvote(bytes b)
{
	return cells_is(b, "overvote") || cells_is(b, "OVERVOTE") || cells_is(b, "$OVERVOTE");
}

static bool keeps_gaps(const struct reader *r)
{
	return r->options->gaps && r->kind != KIND_MARKS;
}

/* Skipped ranks stand in the profile once something follows them. */
static bool add_skipped(struct reader *r)
{
	for (; r->skipped > 0; r->skipped--)
		if (!profile_gap(r->out, PROFILE_SKIPPED, r->err))
			return at_place(r);
	return true;
}

static bool add_gap(struct reader *r, uint16_t which)
{
	r->kind = KIND_RANKING; /* marks have no ranks */
	return add_skipped(r) && (profile_gap(r->out, which, r->err) || at_place(r));
}

static bool take_overvote(struct reader *r)
{
	if (keeps_gaps(r))
		return add_gap(r, PROFILE_OVERVOTE);
	if (r->options->overvote == CSV_OVERVOTE_IS_ERROR)
		return fail_here(r, "csv: an overvote; let it end the ballot, or remove the row");
	r->ended = true;
	return true;
}

static bool take_choice(struct reader *r, bytes name, bool escaped)
{
	uint64_t index;
	name = cells_trim(name);
	if (r->ended)
		return true;
	if (is_undervote(name)) {
		r->skipped += keeps_gaps(r);
		return true;
	}
	if (is_overvote(name))
		return take_overvote(r);
	if (!find_name(r, &index, name, escaped))
		return false;
	if (profile_paper_has(r->out, index)) {
		if (r->kind == KIND_RANKING)
			return !r->options->gaps || add_gap(r, PROFILE_REPEATED);
		fail_detail(r->err, ERROR_MALFORMED, "csv: a candidate marked twice", r->cells.row, "");
		return at_place(r);
	}
	return add_skipped(r) && (profile_choice(r->out, index, r->err) || at_place(r));
}

static bool see_kind(struct reader *r, bytes cell)
{
	bool ranking = cell.len > 0 && memchr(cell.p, '>', cell.len);
	bool marks = cell.len > 0 && memchr(cell.p, '+', cell.len);
	enum kind kind = ranking ? KIND_RANKING : KIND_MARKS;
	if (ranking && marks)
		return fail_here(r,
		                 "csv: '>' and '+' on one ballot; for equal ranks use columns rank:NAME");
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
		if (several && cells_trim(bytes_of(rest.p, len)).len == 0)
			return fail_here(r, "csv: a separator without a candidate before or after it");
		if (!take_choice(r, bytes_of(rest.p, len), c->escaped))
			return false;
		rest = bytes_from(rest, len + more);
	}
	return true;
}

/* --- ballots by candidates --- */

#define NUMBER_DIGITS 9u

static bool take_value(struct reader *r, bytes text, size_t column)
{
	uint32_t v = 0;
	if (is_undervote(text) || cells_is(text, "-"))
		return true;
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] < '0' || text.p[i] > '9' || i == NUMBER_DIGITS)
			return fail_here(r, r->form == FORM_RANKS
			                        ? "csv: a rank is a whole number of at most 9 digits"
			                        : "csv: a score is a whole number of at most 9 digits");
		v = v * 10 + (uint32_t)(text.p[i] - '0');
	}
	return profile_value(r->out, r->of_column[column], v, r->err) || at_place(r);
}

/* Without a list the first ballot says how many candidates there are: 1, 2, … */
static bool number_candidates(struct reader *r, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char room[24];
		struct text t = TEXT_OF(room);
		uint64_t index;
		text_add_u64(&t, i + 1);
		if (!names_find(&r->names, &index, bytes_of(room, t.len), true, r->err))
			return at_place(r);
	}
	return true;
}

static bool take_digits(struct reader *r, bytes digits)
{
	if (r->names.count == 0 && !number_candidates(r, digits.len))
		return false;
	if (digits.len != r->names.count || digits.len == 0)
		return fail_here(r, "csv: ranks have one character for each candidate");
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.p[i] == '-')
			continue;
		if (digits.p[i] < '1' || digits.p[i] > '9')
			return fail_here(r, "csv: a candidate's rank is a digit from 1 to 9, or '-' for none");
		if (!profile_value(r->out, i, digits.p[i] - '0', r->err))
			return at_place(r);
	}
	return true;
}

/* --- rows --- */

static bool read_count(struct reader *r, struct cell *c, uint64_t *count)
{
	if (!cells_read(&r->cells, c))
		return false;
	*count = r->single;
	for (size_t i = 0; i < c->text.len && !r->single; i++) {
		if (c->text.p[i] < '0' || c->text.p[i] > '9')
			return fail_here(r, "csv: the count is not a number");
		*count = *count * 10 + (c->text.p[i] - '0');
		if (*count > LIMIT_BALLOTS) {
			fail(r->err, ERROR_LIMIT, "csv: too many ballots (LIMIT_BALLOTS)", r->cells.row);
			return at_place(r);
		}
	}
	return *count > 0 || fail_here(r, "csv: the count must be 1 or more");
}

static bool take_cell(struct reader *r, const struct cell *c, size_t column)
{
	switch (r->form) {
	case FORM_CELL:
		return take_ballot(r, c);
	case FORM_RANKED:
		return take_choice(r, c->text, c->escaped);
	case FORM_DIGITS:
		return take_digits(r, c->text);
	case FORM_RANKS:
	case FORM_SCORES:
		return take_value(r, c->text, column);
	}
	return false;
}

static bool read_row(struct reader *r)
{
	struct cell c;
	uint64_t count;
	if (!read_count(r, &c, &count))
		return false;
	r->ended = false;
	r->skipped = 0;
	for (size_t i = 1; i < r->columns; i++) {
		if (c.last)
			return fail_here(r, "csv: fewer cells than the header has");
		if (!cells_read(&r->cells, &c) || !take_cell(r, &c, i - 1))
			return false;
	}
	if (!c.last)
		return fail_here(r, "csv: more cells than the header has; quote cells that hold commas");
	return profile_close_paper(r->out, count, r->err) || at_place(r);
}

/* --- the whole --- */

static enum profile_kind kind_of(const struct reader *r)
{
	return r->form == FORM_SCORES                            ? PROFILE_SCORES
	       : r->form == FORM_DIGITS || r->form == FORM_RANKS ? PROFILE_RANKS
	       : r->form == FORM_CELL && r->kind == KIND_MARKS   ? PROFILE_MARKS
	                                                         : PROFILE_RANKING;
}

static struct profile_room room_for(const struct reader *r)
{
	struct profile_room room = {LIMIT_ANSWERS, 1, 1, kind_of(r)};
	for (size_t i = 0; i < r->cells.file.len; i++) {
		uint8_t c = r->cells.file.p[i];
		bool line = cells_ends_line(c);
		room.papers += line;
		room.choices += r->form == FORM_DIGITS || line || c == ',' || c == '>' || c == '+';
	}
	return room;
}

size_t csv_arena_bytes(bytes file)
{
	struct reader r = {.form = FORM_CELL};
	cells_init(&r.cells, file, NULL);
	if (!read_form(&r))
		r.form = FORM_CELL; /* nothing is taken for a wrong header */
	return profile_arena_bytes(room_for(&r)) + names_arena_bytes(file) +
	       arena_room(LIMIT_TEXT_BYTES + 1) + 2 * arena_room(LIMIT_ANSWERS * sizeof(uint16_t)) +
	       LIMIT_ANSWERS * (size_t)ARENA_ALIGN;
}

static bool prepare(struct reader *r, struct arena *a)
{
	if (!read_form(r) || !profile_init(r->out, room_for(r), a, r->err) ||
	    !names_init(&r->names, a, r->err))
		return false;
	r->of_column = arena_take_array(a, LIMIT_ANSWERS, uint16_t, r->err);
	r->scratch = r->of_column ? arena_take(a, LIMIT_TEXT_BYTES + 1, 1, r->err) : NULL;
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
	if (o->title.len > 0 && !profile_check_name(o->title, r->err))
		return fail_within(r->err, "title");
	return (r->form != FORM_RANKS && r->form != FORM_SCORES) || read_column_names(r);
}

static bool settle(struct reader *r, struct arena *a)
{
	uint16_t *order = arena_take_array(a, LIMIT_ANSWERS, uint16_t, r->err);
	if (!order || !names_settle(&r->names, r->out, order, r->err))
		return false;
	for (size_t i = 0; i < r->out->choices_count; i++)
		if (r->out->choices[i] < r->names.count)
			r->out->choices[i] = order[r->out->choices[i]];
	r->out->kind = kind_of(r);
	return true;
}

bool csv_read(struct profile *out, bytes file, const struct csv_options *options, struct arena *a,
              struct error *err)
{
	*out = (struct profile){0};
	if (file.len > LIMIT_PROFILE_BYTES)
		return fail(err, ERROR_LIMIT, "csv: the file is too large (LIMIT_PROFILE_BYTES)", file.len);
	struct reader r = {.options = options, .out = out, .err = err};
	cells_init(&r.cells, file, err);
	if (!prepare(&r, a))
		return false;
	while (cells_next_row(&r.cells))
		if (!read_row(&r))
			return false;
	if (out->papers_count == 0)
		return fail_here(&r, "csv: there are no ballots below the header");
	return settle(&r, a);
}
