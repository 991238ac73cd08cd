/* SPDX-License-Identifier: Apache-2.0 */
#include "mixnet/files_internal.h"

/* What stands before column c: the root node once, a half's node where a half begins (only for
 * width > 1, where a half is a node of columns), and the column's own node. */
bool mix_column_header(struct source *s, const struct columns_shape *shape, unsigned column,
                       uint64_t n, struct error *err)
{
	if (column == 0 && shape->has_root && !tree_source_node(s, shape->halves, err))
		return false;
	if (shape->width > 1 && column % shape->width == 0 && !tree_source_node(s, shape->width, err))
		return false;
	return tree_source_node(s, (uint32_t)n, err);
}

void mix_column_header_write(struct tree_writer *w, const struct columns_shape *shape,
                             unsigned column, uint64_t n)
{
	if (column == 0 && shape->has_root)
		tree_write_node(w, shape->halves);
	if (shape->width > 1 && column % shape->width == 0)
		tree_write_node(w, shape->width);
	tree_write_node(w, (uint32_t)n);
}

bool mix_read_points(struct source *s, point *out, size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t raw[POINT_TREE_BYTES];
		if (!source_read(s, raw, sizeof raw, err))
			return false;
		if (!points_decode_tree(&out[i], BYTES_OF(raw), 1, POINT_OR_INFINITY, err))
			return fail_within(err, s->name);
	}
	return true;
}

bool mix_read_scalars(struct source *s, scalar *out, size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t raw[SCALAR_TREE_BYTES];
		if (!source_read(s, raw, sizeof raw, err))
			return false;
		if (!scalars_decode_tree(&out[i], BYTES_OF(raw), 1, err))
			return fail_within(err, s->name);
	}
	return true;
}

bool mix_read_wide_point(struct source *s, point *out, uint32_t width, struct error *err)
{
	return (width == 1 || tree_source_node(s, width, err)) && mix_read_points(s, out, width, err);
}

bool mix_read_wide_scalar(struct source *s, scalar *out, uint32_t width, struct error *err)
{
	return (width == 1 || tree_source_node(s, width, err)) && mix_read_scalars(s, out, width, err);
}

bool mix_read_wide_ciphertext(struct source *s, point *out, uint32_t width, struct error *err)
{
	return tree_source_node(s, 2, err) && mix_read_wide_point(s, out, width, err) &&
	       mix_read_wide_point(s, out + width, width, err);
}

void mix_write_points(struct tree_writer *w, const point *in, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t raw[POINT_TREE_BYTES];
		points_encode_tree(raw, &in[i], 1);
		tree_write_raw(w, BYTES_OF(raw));
	}
}

void mix_write_scalars(struct tree_writer *w, const scalar *in, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t raw[SCALAR_TREE_BYTES];
		scalars_encode_tree(raw, &in[i], 1);
		tree_write_raw(w, BYTES_OF(raw));
	}
}

void mix_write_wide_point(struct tree_writer *w, const point *in, uint32_t width)
{
	if (width > 1)
		tree_write_node(w, width);
	mix_write_points(w, in, width);
}

void mix_write_wide_scalar(struct tree_writer *w, const scalar *in, uint32_t width)
{
	if (width > 1)
		tree_write_node(w, width);
	mix_write_scalars(w, in, width);
}

void mix_write_wide_key(struct tree_writer *w, const point *y, uint32_t width)
{
	point half[LIMIT_WIDTH], g = point_generator();
	tree_write_node(w, 2);
	for (uint32_t c = 0; c < width; c++)
		half[c] = g;
	mix_write_wide_point(w, half, width);
	for (uint32_t c = 0; c < width; c++)
		half[c] = *y;
	mix_write_wide_point(w, half, width);
}

struct block_room {
	uint8_t *raw;
	point *points;
};

static bool take_room(struct block_room *room, uint64_t n, struct arena *scratch, struct error *err)
{
	size_t count = n < MIX_BLOCK ? (size_t)n : MIX_BLOCK;
	room->raw = arena_take(scratch, count, POINT_TREE_BYTES, err);
	room->points = room->raw ? arena_take_array(scratch, count, point, err) : NULL;
	return room->points != NULL;
}

static bool write_columns(struct sink *s, const struct columns_shape *shape, uint64_t n,
                          mix_points_fn *fill, void *ctx, const struct block_room *room,
                          struct error *err)
{
	for (unsigned column = 0; column < shape->halves * shape->width; column++) {
		uint8_t header[3 * TREE_HEADER_BYTES];
		struct tree_writer w = TREE_WRITER(header);
		mix_column_header_write(&w, shape, column, n);
		if (!sink_append(s, tree_written(&w), err))
			return false;
		for (uint64_t at = 0; at < n; at += MIX_BLOCK) {
			size_t count = n - at < MIX_BLOCK ? (size_t)(n - at) : MIX_BLOCK;
			if (!fill(ctx, column, at, room->points, count, err))
				return false;
			points_encode_tree(room->raw, room->points, count);
			if (!sink_append(s, bytes_of(room->raw, count * POINT_TREE_BYTES), err))
				return false;
		}
	}
	return true;
}

bool mix_list_write(struct folder *f, const char *path, enum mix_list kind, uint64_t n,
                    uint32_t width, mix_points_fn *fill, void *ctx, struct arena *scratch,
                    struct error *err)
{
	struct columns_shape shape = columns_shape(kind, width);
	struct block_room room;
	struct sink *s = NULL;
	size_t mark = arena_mark(scratch);
	if (n == 0 || n > LIMIT_BALLOTS)
		return fail_detail(err, ERROR_LIMIT, "list: not between 1 and 50,000,000 ballots", n, path);
	bool ok = take_room(&room, n, scratch, err) && f->create(f, path, true, &s, err);
	if (ok) {
		ok = write_columns(s, &shape, n, fill, ctx, &room, err);
		if (ok)
			ok = sink_commit(s, err);
		else
			sink_abort(s);
	}
	arena_release(scratch, mark);
	return ok;
}

static bool read_columns(struct source *s, const struct columns_shape *shape, uint64_t n,
                         mix_points_fn *visit, void *ctx, const struct block_room *room,
                         struct error *err)
{
	for (unsigned column = 0; column < shape->halves * shape->width; column++) {
		if (!mix_column_header(s, shape, column, n, err))
			return false;
		for (uint64_t at = 0; at < n; at += MIX_BLOCK) {
			size_t count = n - at < MIX_BLOCK ? (size_t)(n - at) : MIX_BLOCK;
			bytes raw = bytes_of(room->raw, count * POINT_TREE_BYTES);
			if (!source_read(s, room->raw, raw.len, err))
				return false;
			if (!points_decode_tree(room->points, raw, count, POINT_OR_INFINITY, err)) {
				if (err && err->at != ERROR_NOWHERE) {
					err->at += at;
					fail_within_index(err, "element", err->at);
				}
				return fail_within(err, s->name);
			}
			if (!visit(ctx, column, at, room->points, count, err))
				return false;
		}
	}
	return tree_source_end(s, err);
}

bool mix_list_read(struct folder *f, const char *path, enum mix_list kind, uint64_t n,
                   uint32_t width, mix_points_fn *visit, void *ctx, struct arena *scratch,
                   struct error *err)
{
	struct columns_shape shape = columns_shape(kind, width);
	struct block_room room;
	struct source *s = NULL;
	size_t mark = arena_mark(scratch);
	bool ok = n <= LIMIT_BALLOTS && take_room(&room, n, scratch, err) &&
	          mix_open_sized(f, path, mix_list_bytes(kind, n, width), &s, err) &&
	          read_columns(s, &shape, n, visit, ctx, &room, err);
	source_close(s);
	arena_release(scratch, mark);
	return ok;
}
