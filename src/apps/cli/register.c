/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/register.h"

#include "base/ct.h"
#include "cli/operator_file.h"
#include "cli/table.h"
#include "group/fixed_base.h"

#include <stdlib.h>

#define HEADING "voter,style,weight,credential\n"
#define LINE_MAX_BYTES (2 * VOTER_BYTES_MAX + 2 * BALLOT_STYLE_NAME_MAX + 256)
#define BLOCK 512u /* keys made at once */

/* --- the table --- */

/* The public key as x and y. */
static void add_key(struct text *t, const struct credential *c)
{
	uint8_t raw[POINT_RAW_BYTES];
	point p;
	struct error err;
	require(points_decode_tree(&p, BYTES_OF(c->key), 1, POINT_FINITE, &err));
	point_encode_raw(raw, &p);
	text_add_hex(t, BYTES_OF(raw));
}

bool register_write(struct sink *out, const struct manifest *m, const struct registered *list,
                    size_t n, struct error *err)
{
	char line[LINE_MAX_BYTES];
	bool good = sink_append(out, BYTES_LITERAL(HEADING), err);
	for (size_t i = 0; good && i < n; i++) {
		struct text t = TEXT_OF(line);
		table_add_cell(&t, list[i].voter);
		text_add(&t, ",");
		table_add_cell(&t, m->styles[list[i].credential.style].name);
		text_add(&t, ",");
		text_add_u64(&t, list[i].credential.weight);
		text_add(&t, ",");
		add_key(&t, &list[i].credential);
		text_add(&t, "\n");
		require(!t.cut);
		good = sink_append(out, bytes_of(line, t.len), err);
	}
	return good;
}

static bool read_line(struct registered *r, const struct table *t, const struct table_row *row,
                      const struct manifest *m, struct error *err)
{
	uint8_t raw[POINT_RAW_BYTES];
	point p;
	*r = (struct registered){.voter = row->cell[0]};
	bool good = row->count == 4 && r->voter.len > 0 && r->voter.len <= VOTER_BYTES_MAX &&
	            style_index(&r->credential.style, m, row->cell[1]) &&
	            hex_decode(raw, sizeof raw, row->cell[3]);
	if (!good)
		fail(err, ERROR_MALFORMED,
		     "register: a line is voter,style,weight,credential as urna credentials wrote it",
		     t->line);
	good = good && table_number(&r->credential.weight, t, row->cell[2], m->weight_max, err) &&
	       point_decode_raw(&p, raw, err);
	if (!good)
		return table_fail(t, err);
	points_encode_tree(r->credential.key, &p, 1);
	return true;
}

static int by_voter(const void *a, const void *b)
{
	bytes x = ((const struct registered *)a)->voter, y = ((const struct registered *)b)->voter;
	int order = memcmp(x.p, y.p, x.len < y.len ? x.len : y.len);
	return order ? order : (x.len > y.len) - (x.len < y.len);
}

static bool read_all(struct registered *list, size_t *count, bytes text, const struct manifest *m,
                     struct arena *arena, struct error *err)
{
	struct table t;
	struct table_row row;
	bool more;
	table_init(&t, text, arena);
	for (*count = 0;;) {
		if (!table_next(&row, &more, &t, err))
			return false;
		if (!more)
			break;
		if (t.line == 1 && bytes_equal(row.cell[0], BYTES_LITERAL("voter")))
			continue;
		if (!read_line(&list[*count], &t, &row, m, err))
			return false;
		++*count;
	}
	qsort(list, *count, sizeof *list, by_voter);
	for (size_t i = 1; i < *count; i++)
		if (by_voter(&list[i - 1], &list[i]) == 0)
			return fail(err, ERROR_REJECTED, "register: a voter stands there twice", ERROR_NOWHERE);
	return true;
}

bool register_read(struct registered **out, size_t *count, size_t more, const char *path,
                   const struct manifest *m, struct arena *arena, struct error *err)
{
	bytes text;
	size_t lines = 1;
	if (!operator_file_read(&text, path, LIMIT_PROFILE_BYTES, arena, err))
		return false;
	for (size_t i = 0; i < text.len; i++)
		lines += text.p[i] == '\n';
	*out = arena_take_array(arena, lines + more, struct registered, err);
	return *out && (read_all(*out, count, text, m, arena, err) || fail_within(err, path));
}

struct registered *register_find(struct registered *list, size_t n, bytes voter)
{
	const struct registered key = {.voter = voter};
	return n ? bsearch(&key, list, n, sizeof *list, by_voter) : NULL;
}

/* --- codes --- */

static void derive(credential_code *codes, struct credential *list, size_t n, const digest *d,
                   const struct fixed_base *g, struct arena *scratch)
{
	secret_scalar s[BLOCK];
	point keys[BLOCK];
	for (size_t i = 0; i < n; i++)
		credential_secret(&s[i], d, &codes[i]);
	fixed_base_mul(keys, g, s, n, scratch);
	for (size_t i = 0; i < n; i++)
		points_encode_tree(list[i].key, &keys[i], 1);
	wipe(s, sizeof s);
}

bool codes_make(credential_code *codes, struct credential *list, size_t n, const struct manifest *m,
                struct session *s, struct error *err)
{
	struct fixed_base g;
	const point generator = point_generator();
	if (!fixed_base_init(&g, &generator, &s->arena, &s->arena, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!credential_code_random(&codes[i], s->rng, err))
			return false;
	for (size_t first = 0; first < n; first += BLOCK) {
		size_t left = n - first, now = left < BLOCK ? left : BLOCK;
		derive(codes + first, list + first, now, &m->d, &g, &s->arena);
		progress_report(s->progress, "make credentials", first + now, n);
	}
	return true;
}
