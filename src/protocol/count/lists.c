/* SPDX-License-Identifier: Apache-2.0 */
#include "count/lists.h"

#include "count/place_internal.h"
#include "count/utf8_internal.h"

struct reader {
	bytes file;
	size_t pos;
	uint64_t row;
	uint8_t *room; /* unescaped names: never more bytes than the file has */
	size_t used;
	struct error *err;
};

static bool at_row(struct reader *r)
{
	return fail_at_place(r->err, (struct place){"row", r->row, 0});
}

static bool fail_here(struct reader *r, const char *what)
{
	fail(r->err, ERROR_MALFORMED, what, r->row);
	return at_row(r);
}

static bool fail_name(struct error *err, const char *what, bytes name)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add_bytes(&t, name);
	return fail_detail(err, ERROR_MALFORMED, what, ERROR_NOWHERE, room);
}

/* --- cells --- */

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static bool ends_line(const struct reader *r)
{
	return r->pos == r->file.len || r->file.p[r->pos] == '\n' || r->file.p[r->pos] == '\r';
}

static bool ends_cell(const struct reader *r)
{
	return ends_line(r) || r->file.p[r->pos] == ',';
}

static void skip_blanks(struct reader *r)
{
	while (r->pos < r->file.len && is_blank(r->file.p[r->pos]))
		r->pos++;
}

static bytes trim(bytes b)
{
	while (b.len > 0 && is_blank(b.p[0]))
		b = bytes_from(b, 1);
	while (b.len > 0 && is_blank(b.p[b.len - 1]))
		b.len--;
	return b;
}

static bool read_quoted(struct reader *r, bytes *out)
{
	uint8_t *start = r->room + r->used;
	size_t len = 0;
	for (r->pos++;; r->pos++) {
		if (ends_line(r))
			return fail_here(r, "lists: a quoted cell is not closed on its line");
		if (r->file.p[r->pos] == '"') {
			if (r->pos + 1 == r->file.len || r->file.p[r->pos + 1] != '"')
				break;
			r->pos++;
		}
		start[len++] = r->file.p[r->pos];
	}
	r->pos++;
	r->used += len;
	*out = trim(bytes_of(start, len));
	skip_blanks(r);
	return ends_cell(r) || fail_here(r, "lists: text after the closing quote of a cell");
}

static bool read_cell(struct reader *r, bytes *out)
{
	skip_blanks(r);
	if (!ends_cell(r) && r->file.p[r->pos] == '"')
		return read_quoted(r, out);
	size_t start = r->pos;
	for (; !ends_cell(r); r->pos++)
		if (r->file.p[r->pos] == '"')
			return fail_here(r, "lists: a quote inside a cell that does not begin with one");
	*out = trim(bytes_of(r->file.p + start, r->pos - start));
	return true;
}

static void end_line(struct reader *r)
{
	if (r->pos == r->file.len)
		return;
	bool pair =
		r->file.p[r->pos] == '\r' && r->pos + 1 < r->file.len && r->file.p[r->pos + 1] == '\n';
	r->pos += 1u + pair;
}

/* To the next row that is not blank; false at the end of the file. */
static bool next_row(struct reader *r)
{
	for (;;) {
		r->row++;
		skip_blanks(r);
		if (!ends_line(r))
			return true;
		if (r->pos == r->file.len)
			return false;
		end_line(r);
	}
}

static bool read_row(struct reader *r, bytes *candidate, bytes *list)
{
	if (!read_cell(r, candidate))
		return false;
	if (ends_line(r))
		return fail_here(r, "lists: a row has two cells, candidate and list, with a comma between");
	r->pos++;
	if (!read_cell(r, list))
		return false;
	if (!ends_line(r))
		return fail_here(r, "lists: more than two cells; quote names that hold commas");
	end_line(r);
	return true;
}

/* --- the file --- */

static bool take_row(struct reader *r, struct lists_file *out)
{
	bytes candidate = BYTES_NONE, list = BYTES_NONE;
	if (!read_row(r, &candidate, &list))
		return false;
	if (out->count == LIMIT_ANSWERS) {
		fail(r->err, ERROR_LIMIT, "lists: too many candidates (LIMIT_ANSWERS)", LIMIT_ANSWERS);
		return at_row(r);
	}
	if (!profile_check_name(candidate, r->err) ||
	    (list.len > 0 && !profile_check_name(list, r->err)))
		return at_row(r);
	for (size_t i = 0; i < out->count; i++)
		if (bytes_equal(out->candidates[i], candidate)) {
			fail_name(r->err, "lists: a candidate stands twice", candidate);
			return at_row(r);
		}
	out->candidates[out->count] = candidate;
	out->lists[out->count++] = list;
	return true;
}

bool lists_read(struct lists_file *out, bytes file, struct arena *a, struct error *err)
{
	struct reader r = {.file = file, .pos = utf8_skip_mark(file), .err = err};
	bytes candidate = BYTES_NONE, list = BYTES_NONE;
	*out = (struct lists_file){0};
	if (file.len > LIMIT_PROFILE_BYTES)
		return fail(err, ERROR_LIMIT, "lists: the file is too large (LIMIT_PROFILE_BYTES)",
		            file.len);
	out->candidates = arena_take_array(a, LIMIT_ANSWERS, bytes, err);
	out->lists = out->candidates ? arena_take_array(a, LIMIT_ANSWERS, bytes, err) : NULL;
	r.room = out->lists ? arena_take(a, file.len + 1, 1, err) : NULL;
	if (!r.room)
		return fail_within(err, "lists");
	if (!next_row(&r))
		return fail_here(&r, "lists: the file is empty");
	if (!read_row(&r, &candidate, &list))
		return false;
	if (!bytes_equal(candidate, BYTES_LITERAL("candidate")) ||
	    !bytes_equal(list, BYTES_LITERAL("list")))
		return fail_here(&r, "lists: the first row must be the header candidate,list");
	while (next_row(&r))
		if (!take_row(&r, out))
			return false;
	return out->count > 0 || fail_here(&r, "lists: there are no candidates below the header");
}

size_t lists_arena_bytes(bytes file)
{
	return 2 * arena_room(LIMIT_ANSWERS * sizeof(bytes)) + arena_room(file.len + 1);
}

/* --- onto a profile --- */

static bool find_candidate(const struct profile *p, bytes name, uint16_t *out)
{
	for (size_t i = 0; i < p->candidates_count; i++)
		if (bytes_equal(p->candidates[i].name, name)) {
			*out = (uint16_t)i;
			return true;
		}
	return false;
}

/* The list of a row, a new one where the row is its first. */
static bool place_row(struct profile *p, const struct lists_file *l, size_t row, bool *alone,
                      uint16_t *list, struct error *err)
{
	bytes name = l->lists[row].len > 0 ? l->lists[row] : l->candidates[row];
	size_t i = 0;
	while (i < p->lists_count && !bytes_equal(p->lists[i].name, name))
		i++;
	*list = (uint16_t)i;
	if (i == p->lists_count) {
		p->lists[p->lists_count++] = (struct profile_list){.name = name};
		alone[i] = l->lists[row].len == 0;
		return true;
	}
	return !alone[i] && l->lists[row].len > 0
	           ? true
	           : fail_name(err, "lists: a list has the name of a candidate who stands alone", name);
}

/* Members of list 0, then those of list 1, …, each in the order of the rows. */
static bool put_members(struct profile *p, const uint16_t *candidate, const uint16_t *list,
                        uint16_t *members, struct error *err)
{
	for (size_t k = 0; k < p->lists_count; k++) {
		struct profile_list *one = &p->lists[k];
		one->members = members;
		for (size_t i = 0; i < p->candidates_count; i++)
			if (list[i] == k && !(one->has_line && one->line == candidate[i]))
				one->members[one->members_count++] = candidate[i];
		members += one->members_count;
		if (one->members_count == 0)
			return fail_name(err,
			                 "lists: a list has a line and no candidates; one who stands alone has "
			                 "an empty cell for the list",
			                 one->name);
	}
	return true;
}

static bool all_are_named(const struct profile *p, const uint16_t *candidate, bool *named,
                          struct error *err)
{
	memset(named, 0, p->candidates_count * sizeof *named);
	for (size_t i = 0; i < p->candidates_count; i++)
		named[candidate[i]] = true;
	for (size_t i = 0; i < p->candidates_count; i++)
		if (!named[i])
			return fail_name(err, "lists: a candidate is on no list", p->candidates[i].name);
	return true;
}

static bool apply(struct profile *p, const struct lists_file *l, struct arena *a, struct error *err)
{
	size_t n = p->candidates_count;
	p->lists = arena_take_array(a, n, struct profile_list, err);
	uint16_t *members = p->lists ? arena_take_array(a, n, uint16_t, err) : NULL;
	uint16_t *candidate = members ? arena_take_array(a, n, uint16_t, err) : NULL;
	uint16_t *list = candidate ? arena_take_array(a, n, uint16_t, err) : NULL;
	bool *alone = list ? arena_take_array(a, n, bool, err) : NULL;
	if (!alone)
		return fail_within(err, "lists");
	/* Names differ in both, so whoever the profile lacks is found before rows run over n. */
	for (size_t i = 0; i < l->count; i++) {
		uint16_t found;
		if (!find_candidate(p, l->candidates[i], &found))
			return fail_name(err, "lists: nobody of this name stands", l->candidates[i]);
		require(i < n);
		candidate[i] = found;
		if (!place_row(p, l, i, alone, &list[i], err))
			return false;
		if (bytes_equal(l->candidates[i], l->lists[i])) {
			p->lists[list[i]].has_line = true;
			p->lists[list[i]].line = found;
		}
	}
	for (size_t i = l->count; i < n; i++)
		candidate[i] = candidate[0];
	return all_are_named(p, candidate, alone, err) && put_members(p, candidate, list, members, err);
}

bool lists_apply(struct profile *p, const struct lists_file *l, struct arena *a, struct error *err)
{
	p->lists_count = 0;
	if (apply(p, l, a, err))
		return true;
	p->lists_count = 0;
	return false;
}

size_t lists_apply_bytes(const struct profile *p)
{
	size_t n = p->candidates_count;
	return arena_room(n * sizeof(struct profile_list)) + 3 * arena_room(n * sizeof(uint16_t)) +
	       arena_room(n * sizeof(bool));
}
