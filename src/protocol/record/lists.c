/* SPDX-License-Identifier: Apache-2.0 */
#include "record/lists.h"

#include "hash/bytetree.h"
#include "record/lists_internal.h"
#include "record/proof.h"
#include "record/statement.h"

void list_auxsid(char out[static AUXSID_BYTES], unsigned list)
{
	struct text t = {out, AUXSID_BYTES, 0, false};
	text_add(&t, "l");
	text_add_u64(&t, list + 1u);
	require(!t.cut);
}

/* One list: rows of its group's columns. */
struct members {
	const struct group_columns *group;
	const uint32_t *rows;
	uint64_t n;
};

/* A kept ballot of the list's area, whose weight has the list's bit. */
static bool is_member(const struct manifest_list *list, const struct manifest_style *style,
                      uint32_t weight)
{
	return style->area == list->area && (weight >> list->bit & 1) != 0;
}

bool style_has_group(const struct manifest_style *style, unsigned group)
{
	for (unsigned g = 0; g < style->groups_count; g++)
		if (style->groups[g] == group)
			return true;
	return false;
}

/* A group's columns have a row for each ballot that counts and has the group. */
static void find_members(struct members *out, const struct scanned *s, const struct manifest *m,
                         const struct manifest_list *list, uint32_t *rows)
{
	uint32_t row = 0;
	bool has[LIMIT_STYLES];
	*out = (struct members){&s->groups[list->group], rows, 0};
	for (unsigned i = 0; i < m->styles_count; i++)
		has[i] = style_has_group(&m->styles[i], list->group);
	for (uint64_t b = 0; b < ledger_counted(s->ledger); b++) {
		unsigned style = ledger_style(s->ledger, b);
		if (!has[style])
			continue;
		if (is_member(list, &m->styles[style], ledger_kept_weight(s->ledger, b)))
			rows[out->n++] = row;
		row++;
	}
	require(row == out->group->n);
}

/* One column of points as an array node, into the hash and, if there is one, the sink. */
#define EMIT_POINTS 4096u
struct emit_room {
	point points[EMIT_POINTS];
	uint8_t trees[EMIT_POINTS * POINT_TREE_BYTES];
};
struct emitter {
	struct hash hash;
	struct sink *sink;
	struct emit_room *room;
	struct error *err;
};

static bool emit(struct emitter *e, bytes b)
{
	hash_update(&e->hash, b);
	return !e->sink || sink_append(e->sink, b, e->err);
}

static bool emit_node(struct emitter *e, uint32_t children)
{
	uint8_t header[TREE_HEADER_BYTES];
	tree_put_node(header, children);
	return emit(e, BYTES_OF(header));
}

static bool emit_column(struct emitter *e, const struct members *l, unsigned column)
{
	const point *p = l->group->columns[column];
	if (!emit_node(e, (uint32_t)l->n))
		return false;
	for (uint64_t at = 0; at < l->n; at += EMIT_POINTS) {
		size_t count = l->n - at < EMIT_POINTS ? (size_t)(l->n - at) : EMIT_POINTS;
		for (size_t i = 0; i < count; i++)
			e->room->points[i] = p[l->rows[at + i]];
		points_encode_tree(e->room->trees, e->room->points, count);
		if (!emit(e, bytes_of(e->room->trees, count * POINT_TREE_BYTES)))
			return false;
	}
	return true;
}

/* node(U, V), each a column or, for ω > 1, a node of ω columns. */
static bool emit_list(struct emitter *e, const struct members *l)
{
	unsigned width = l->group->width;
	bool good = emit_node(e, 2);
	for (unsigned half = 0; good && half < 2; half++) {
		if (width > 1)
			good = emit_node(e, width);
		for (unsigned j = 0; good && j < width; j++)
			good = emit_column(e, l, half * width + j);
	}
	return good;
}

static bool emit_one(digest *out, const struct members *l, struct sink *sink,
                     struct emit_room *room, struct error *err)
{
	struct emitter e = {.sink = sink, .room = room, .err = err};
	hash_init(&e.hash, HASH_SHA256);
	if (!emit_list(&e, l)) {
		sink_abort(sink);
		return false;
	}
	hash_finish(&e.hash, out->b);
	return !sink || sink_commit(sink, err);
}

/* Several authorities may write the same list at once: whoever comes second compares. */
static bool list_publish(const struct members *l, const char *path, const digest *derived,
                         const struct box_job *job, struct emit_room *room, struct error *err)
{
	struct folder *record = job->record;
	struct sink *sink;
	struct error conflict;
	digest found;
	error_clear(&conflict);
	if (!record->exists(record, path)) {
		if (!record->create(record, path, false, &sink, err))
			return false;
		if (emit_one(&found, l, sink, room, &conflict))
			return true;
		if (conflict.kind != ERROR_CONFLICT) {
			if (err)
				*err = conflict;
			return false;
		}
	}
	if (!record_file_digest(&found, record, path, err))
		return false;
	return digest_equal(&found, derived) ||
	       fail_detail(err, ERROR_REJECTED, "list: not the one the ballots give", ERROR_NOWHERE,
	                   path);
}

/* What emitting all lists takes from the arena. */
struct emission {
	const struct box_job *job;
	const struct scanned *s;
	uint32_t *rows;
	struct emit_room *room;
};

static bool emission_init(struct emission *e, const struct box_job *job, const struct scanned *s,
                          struct error *err)
{
	*e = (struct emission){.job = job, .s = s};
	e->rows = arena_take_array(job->world->arena, ledger_counted(s->ledger), uint32_t, err);
	e->room = arena_take_array(job->world->arena, 1, struct emit_room, err);
	return e->rows && e->room;
}

static bool digest_all(struct ballot_box *out, const struct emission *e, struct error *err)
{
	const struct manifest *m = e->job->manifest;
	for (unsigned l = 0; l < m->lists_count; l++) {
		struct members members;
		find_members(&members, e->s, m, &m->lists[l], e->rows);
		out->list_sizes[l] = members.n;
		if (!emit_one(&out->list_digests[l], &members, NULL, e->room, err))
			return false;
	}
	return true;
}

/* Nothing is written while a list is too small. */
static bool publish_all(const struct ballot_box *box, const struct emission *e, struct error *err)
{
	const struct manifest *m = e->job->manifest;
	for (unsigned l = 0; l < m->lists_count; l++)
		if (!list_size_check(m, box, l, err))
			return false;
	for (unsigned l = 0; l < m->lists_count; l++) {
		char path[RECORD_PATH_BYTES];
		struct members members;
		if (box->list_sizes[l] == 0)
			continue;
		proof_file_path(path, l, MIX_FILE_INPUT, 0);
		find_members(&members, e->s, m, &m->lists[l], e->rows);
		if (!list_publish(&members, path, &box->list_digests[l], e->job, e->room, err))
			return false;
	}
	return true;
}

static bool derive(struct ballot_box *out, const struct box_job *job, const struct scanned *s,
                   struct error *err)
{
	struct emission e;
	if (job->stage)
		*job->stage = BOX_LISTS;
	for (uint64_t b = 0; b < out->counted; b++)
		out->kept += ledger_kept_weight(s->ledger, b) > 0;
	return emission_init(&e, job, s, err) && digest_all(out, &e, err) &&
	       (!job->write_lists || publish_all(out, &e, err));
}

bool ballot_box_read(struct ballot_box *out, const struct box_job *job, struct error *err)
{
	struct scanned *s;
	struct arena *a = job->world->arena;
	size_t mark = arena_mark(a);
	memset(out, 0, sizeof *out);
	bool good = (s = arena_take_array(a, 1, struct scanned, err)) && box_scan(out, s, job, err) &&
	            derive(out, job, s, err);
	arena_release(a, mark);
	if (!good)
		memset(out, 0, sizeof *out);
	return good;
}

bool list_size_check(const struct manifest *m, const struct ballot_box *box, unsigned list,
                     struct error *err)
{
	char auxsid[AUXSID_BYTES];
	uint64_t n = box->list_sizes[list];
	if (n == 0 || n >= m->min_list || m->accept_small_lists)
		return true;
	char room[64];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, n);
	text_add(&t, " ballots, min_list is ");
	text_add_u64(&t, m->min_list);
	list_auxsid(auxsid, list);
	fail_detail(
		err, ERROR_REJECTED,
		"list: fewer ballots than the manifest's min_list, and small lists are not accepted: no "
		"list "
		"of this election is opened; before the log is closed more ballots help, after it only an "
		"election anew, under a manifest with accept_small_lists or without this list",
		n, room);
	return fail_within(err, auxsid);
}
