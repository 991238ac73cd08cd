/* SPDX-License-Identifier: Apache-2.0 */
#include "record/lists.h"

#include "hash/bytetree.h"
#include "record/lists_internal.h"
#include "record/proof.h"
#include "record/statement.h"

void list_auxsid(char out[static AUXSID_BYTES], unsigned group)
{
	struct text t = {out, AUXSID_BYTES, 0, false};
	text_add(&t, "l");
	text_add_u64(&t, group + 1u);
	require(!t.cut);
}

/* One column of points as an array node, into the hash and, if there is one, the sink. */
#define EMIT_POINTS 4096u
struct emitter {
	struct hash hash;
	struct sink *sink;
	uint8_t *room;
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

static bool emit_column(struct emitter *e, const point *p, uint64_t n)
{
	if (!emit_node(e, (uint32_t)n))
		return false;
	for (uint64_t at = 0; at < n; at += EMIT_POINTS) {
		size_t count = n - at < EMIT_POINTS ? (size_t)(n - at) : EMIT_POINTS;
		points_encode_tree(e->room, p + at, count);
		if (!emit(e, bytes_of(e->room, count * POINT_TREE_BYTES)))
			return false;
	}
	return true;
}

/* node(U, V), each a column or, for ω > 1, a node of ω columns. */
static bool emit_list(struct emitter *e, const struct list_columns *l)
{
	bool good = emit_node(e, 2);
	for (unsigned half = 0; good && half < 2; half++) {
		if (l->width > 1)
			good = emit_node(e, l->width);
		for (unsigned j = 0; good && j < l->width; j++)
			good = emit_column(e, l->columns[half * l->width + j], l->n);
	}
	return good;
}

static bool emit_one(digest *out, const struct list_columns *l, struct sink *sink, uint8_t *room,
                     struct error *err)
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

static bool input_path(char path[static RECORD_PATH_BYTES], unsigned group)
{
	struct mix_path inside = mix_path(MIX_FILE_INPUT, 0);
	proof_folder_path(path, group);
	struct text t = {path, RECORD_PATH_BYTES, strlen(path), false};
	text_add(&t, "/");
	text_add(&t, inside.text);
	return !t.cut;
}

/* Several authorities may write the same list at once: whoever comes second compares. */
static bool list_publish(const struct list_columns *l, unsigned group, const digest *derived,
                         struct folder *record, uint8_t *room, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	struct sink *sink;
	digest found;
	require(input_path(path, group));
	if (!record->exists(record, path)) {
		if (!record->create(record, path, false, &sink, err))
			return false;
		if (emit_one(&found, l, sink, room, err))
			return true;
		if (err && err->kind != ERROR_CONFLICT)
			return false;
	}
	if (!record_file_digest(&found, record, path, err))
		return false;
	return digest_equal(&found, derived) ||
	       fail_detail(err, ERROR_REJECTED, "list: not the one the ballots give", ERROR_NOWHERE,
	                   path);
}

/* Nothing is written while a list is too small: more ballots may come. */
static bool emit_all(struct ballot_box *out, const struct list_columns *lists,
                     const struct manifest *m, struct folder *record, struct arena *arena,
                     struct error *err)
{
	uint8_t *room = arena_take(arena, EMIT_POINTS, POINT_TREE_BYTES, err);
	if (!room)
		return false;
	for (unsigned g = 0; g < m->groups_count; g++) {
		out->list_sizes[g] = lists[g].n;
		if (!emit_one(&out->list_digests[g], &lists[g], NULL, room, err) ||
		    (record && !list_size_check(m, out, g, err)))
			return false;
	}
	for (unsigned g = 0; record && g < m->groups_count; g++)
		if (lists[g].n && !list_publish(&lists[g], g, &out->list_digests[g], record, room, err))
			return false;
	return true;
}

bool ballot_box_read(struct ballot_box *out, const struct manifest *m,
                     const struct election_key *key, struct folder *record, bool write_lists,
                     struct tally_world *world, struct error *err)
{
	struct list_columns columns[LIMIT_GROUPS];
	size_t mark = arena_mark(world->arena);
	memset(out, 0, sizeof *out);
	bool good = ballots_scan(out, columns, m, key, record, world, err) &&
	            emit_all(out, columns, m, write_lists ? record : NULL, world->arena, err);
	arena_release(world->arena, mark);
	if (!good)
		memset(out, 0, sizeof *out);
	return good;
}

bool list_size_check(const struct manifest *m, const struct ballot_box *box, unsigned group,
                     struct error *err)
{
	char auxsid[AUXSID_BYTES];
	uint64_t n = box->list_sizes[group];
	if (n == 0 || n >= m->min_list || m->accept_small_lists)
		return true;
	char room[64];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, n);
	text_add(&t, " ballots, min_list is ");
	text_add_u64(&t, m->min_list);
	list_auxsid(auxsid, group);
	fail_detail(
		err, ERROR_REJECTED,
		"list: fewer ballots than the manifest's min_list, and small lists are not accepted", n,
		room);
	return fail_within(err, auxsid);
}
