/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/voters.h"

#include "base/ct.h"
#include "cli/ballot_file.h"
#include "cli/table.h"

#include <stdlib.h>

bool style_with_everything(uint32_t *out, const struct manifest *m, struct error *err)
{
	unsigned found = 0;
	for (uint32_t i = 0; i < m->styles_count; i++) {
		if (m->styles[i].groups_count != m->groups_count) /* none twice: manifest/read.c */
			continue;
		if (found++ == 0)
			*out = i;
	}
	if (found == 1)
		return true;
	return fail(err, ERROR_REJECTED,
	            found ? "style: more than one ballot of the manifest has every question; say which"
	                  : "style: the manifest has no ballot with every question; say which",
	            ERROR_NOWHERE);
}

/* --- the list of voters --- */

static bool is_heading(const struct table *t, const struct table_row *row)
{
	return t->line == 1 && bytes_equal(row->cell[0], BYTES_LITERAL("voter"));
}

/* usual: UINT32_MAX where the manifest leaves it open. */
static bool read_style(uint32_t *out, const struct table *t, bytes name, const struct manifest *m,
                       uint32_t usual, struct error *err)
{
	char room[64];
	struct text shown = TEXT_OF(room);
	*out = usual;
	if (name.len == 0) {
		if (usual != UINT32_MAX)
			return true;
		fail(err, ERROR_REJECTED, "voters: which ballot style is this voter's?", t->line);
		return table_fail(t, err);
	}
	if (style_index(out, m, name))
		return true;
	text_add_bytes(&shown, name);
	fail_detail(err, ERROR_REJECTED, "voters: the manifest has no ballot style of this name",
	            t->line, room);
	return table_fail(t, err);
}

static bool read_voter(struct voter *v, const struct table *t, const struct table_row *row,
                       const struct manifest *m, uint32_t usual, struct error *err)
{
	*v = (struct voter){.id = row->cell[0], .weight = 1, .line = t->line};
	if (row->count > 3 || v->id.len == 0 || v->id.len > VOTER_BYTES_MAX) {
		fail(err, ERROR_MALFORMED,
		     "voters: a line is VOTER, VOTER,STYLE or VOTER,STYLE,WEIGHT with a name of 1 to 255 "
		     "bytes",
		     t->line);
		return table_fail(t, err);
	}
	if (!read_style(&v->style, t, row->count > 1 ? row->cell[1] : BYTES_NONE, m, usual, err))
		return false;
	if (row->count > 2 && row->cell[2].len > 0 &&
	    !table_number(&v->weight, t, row->cell[2], m->weight_max, err))
		return false;
	if (v->weight > 0)
		return true;
	fail(err, ERROR_REJECTED, "voters: a vote weighs at least 1", t->line);
	return table_fail(t, err);
}

static int by_id(const void *a, const void *b)
{
	bytes x = (*(const struct voter *const *)a)->id, y = (*(const struct voter *const *)b)->id;
	int order = memcmp(x.p, y.p, x.len < y.len ? x.len : y.len);
	return order ? order : (x.len > y.len) - (x.len < y.len);
}

static bool all_differ(const struct voter *list, size_t n, struct arena *arena, struct error *err)
{
	size_t mark = arena_mark(arena);
	const struct voter **sorted = arena_take_array(arena, n, const struct voter *, err);
	if (!sorted)
		return false;
	for (size_t i = 0; i < n; i++)
		sorted[i] = &list[i];
	qsort(sorted, n, sizeof *sorted, by_id);
	const struct voter *again = NULL;
	for (size_t i = 1; i < n && !again; i++)
		if (bytes_equal(sorted[i - 1]->id, sorted[i]->id))
			again = sorted[i]->line > sorted[i - 1]->line ? sorted[i] : sorted[i - 1];
	arena_release(arena, mark);
	if (!again)
		return true;
	fail(err, ERROR_REJECTED, "voters: a voter stands there twice", again->line);
	return fail_within_index(err, "line", again->line);
}

static size_t lines_of(bytes text)
{
	size_t n = 1;
	for (size_t i = 0; i < text.len; i++)
		n += text.p[i] == '\n';
	return n;
}

static bool read_all(struct voter *list, size_t *count, bytes text, const struct manifest *m,
                     struct arena *arena, struct error *err)
{
	struct table t;
	struct table_row row;
	bool more;
	uint32_t usual;
	struct error ignored;
	table_init(&t, text, arena);
	if (m->styles_count == 1)
		usual = 0;
	else if (!style_with_everything(&usual, m, &ignored))
		usual = UINT32_MAX;
	for (*count = 0;;) {
		if (!table_next(&row, &more, &t, err))
			return false;
		if (!more)
			break;
		if (is_heading(&t, &row))
			continue;
		if (!read_voter(&list[*count], &t, &row, m, usual, err))
			return false;
		++*count;
	}
	if (*count == 0)
		return fail(err, ERROR_REJECTED, "voters: the list is empty", ERROR_NOWHERE);
	return all_differ(list, *count, arena, err);
}

bool voters_read(struct voter **out, size_t *count, const char *path, const struct manifest *m,
                 struct arena *arena, struct error *err)
{
	bytes text;
	if (!operator_file_read(&text, path, LIMIT_PROFILE_BYTES, arena, err))
		return false;
	size_t most = lines_of(text);
	if (most > LIMIT_BALLOTS)
		return fail_detail(err, ERROR_LIMIT, "voters: more than there can be", most, path);
	*out = arena_take_array(arena, most, struct voter, err);
	return *out && (read_all(*out, count, text, m, arena, err) || fail_within(err, path));
}

/* --- the table of codes --- */

#define HEADING "voter,style,weight,code\n"
#define LINE_MAX_BYTES (2 * VOTER_BYTES_MAX + 2 * BALLOT_STYLE_NAME_MAX + 128)

bool codes_write(struct sink *out, const struct manifest *m, const struct voter *voters,
                 const credential_code *codes, size_t count, struct error *err)
{
	char line[LINE_MAX_BYTES], code[CONFIRMATION_TEXT_BYTES];
	bool good = sink_append(out, BYTES_LITERAL(HEADING), err);
	for (size_t i = 0; good && i < count; i++) {
		struct text t = TEXT_OF(line);
		confirmation_format(code, &codes[i].secret);
		table_add_cell(&t, voters[i].id);
		text_add(&t, ",");
		table_add_cell(&t, m->styles[voters[i].style].name);
		text_add(&t, ",");
		text_add_u64(&t, voters[i].weight);
		text_add(&t, ",");
		text_add(&t, code);
		text_add(&t, "\n");
		require(!t.cut);
		good = sink_append(out, bytes_of(line, t.len), err);
	}
	wipe(line, sizeof line);
	wipe(code, sizeof code);
	return good;
}

static bool read_code(credential_code *out, uint32_t *style, const struct table *t,
                      const struct table_row *row, const struct manifest *m, struct error *err)
{
	if (row->count != 4) {
		fail(err, ERROR_MALFORMED, "codes: a line has four cells, voter,style,weight,code",
		     t->line);
		return table_fail(t, err);
	}
	if (!read_style(style, t, row->cell[1], m, UINT32_MAX, err))
		return false;
	return confirmation_parse(&out->secret, row->cell[3], err) || table_fail(t, err);
}

static bool read_codes(credential_code *list, size_t *count, bytes text, const struct manifest *m,
                       uint32_t style, struct arena *arena, struct error *err)
{
	struct table t;
	struct table_row row;
	bool more;
	uint32_t of;
	table_init(&t, text, arena);
	for (*count = 0;;) {
		if (!table_next(&row, &more, &t, err))
			return false;
		if (!more)
			return true;
		if (is_heading(&t, &row))
			continue;
		if (!read_code(&list[*count], &of, &t, &row, m, err))
			return false;
		*count += of == style;
	}
}

bool codes_read(credential_code **out, size_t *count, const char *path, const struct manifest *m,
                uint32_t style, struct arena *arena, struct error *err)
{
	bytes text;
	if (!operator_file_read(&text, path, LIMIT_PROFILE_BYTES, arena, err))
		return false;
	*out = arena_take_array(arena, lines_of(text), credential_code, err);
	return *out && (read_codes(*out, count, text, m, style, arena, err) || fail_within(err, path));
}
