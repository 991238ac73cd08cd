/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening the files of a proof directory, and the sizes their parts have.
 */
#ifndef MIXNET_FILES_INTERNAL_H
#define MIXNET_FILES_INTERNAL_H

#include "hash/bytetree.h"
#include "mixnet/proof_dir.h"

static inline uint64_t points_tree_bytes(uint64_t n)
{
	return TREE_HEADER_BYTES + POINT_TREE_BYTES * n;
}

static inline uint64_t scalars_tree_bytes(uint64_t n)
{
	return TREE_HEADER_BYTES + SCALAR_TREE_BYTES * n;
}

/* One element of a product of `width` groups: bare when the width is 1. */
static inline uint64_t wide_point_bytes(uint32_t width)
{
	return width == 1 ? POINT_TREE_BYTES : points_tree_bytes(width);
}

static inline uint64_t wide_scalar_bytes(uint32_t width)
{
	return width == 1 ? SCALAR_TREE_BYTES : scalars_tree_bytes(width);
}

static inline uint64_t wide_points_bytes(uint64_t n, uint32_t width)
{
	return width == 1 ? points_tree_bytes(n) : TREE_HEADER_BYTES + width * points_tree_bytes(n);
}

/* The root node, the node of a half, the node of each column: as one description of both kinds of
 * lists. */
struct columns_shape {
	uint32_t halves, width;
	bool has_root;
};

static inline struct columns_shape columns_shape(enum mix_list kind, uint32_t width)
{
	bool pairs = kind == MIX_LIST_CIPHERTEXTS;
	return (struct columns_shape){pairs ? 2 : 1, width, pairs};
}

/* Opens the file and checks its size against the layout. */
bool mix_open(struct folder *f, const struct mix_session *s, const struct mix_layout *l,
              enum mix_file file, unsigned party, struct source **out,
              struct error *err) must_check;
bool mix_open_sized(struct folder *f, const char *path, uint64_t size, struct source **out,
                    struct error *err) must_check;
/* MALFORMED: the file has `got` bytes instead of `size`. */
bool mix_wrong_size(const char *name, uint64_t got, uint64_t size, struct error *err);
uint64_t mix_list_bytes(enum mix_list kind, uint64_t n, uint32_t width);

/* The headers in front of a column of a list. */
bool mix_column_header(struct source *s, const struct columns_shape *shape, unsigned column,
                       uint64_t n, struct error *err) must_check;
void mix_column_header_write(struct tree_writer *w, const struct columns_shape *shape,
                             unsigned column, uint64_t n);

/* `count` points or scalars, each its own leaf or node, from a source or a reader. */
bool mix_read_points(struct source *s, point *out, size_t count, struct error *err) must_check;
bool mix_read_scalars(struct source *s, scalar *out, size_t count, struct error *err) must_check;
/* A ciphertext of the session's width: u_1…u_ω, v_1…v_ω. */
bool mix_read_wide_ciphertext(struct source *s, point *out, uint32_t width,
                              struct error *err) must_check;
/* An element of the product, or exponents for it: a node of `width`, or the bare thing. */
bool mix_read_wide_point(struct source *s, point *out, uint32_t width,
                         struct error *err) must_check;
bool mix_read_wide_scalar(struct source *s, scalar *out, uint32_t width,
                          struct error *err) must_check;
void mix_write_points(struct tree_writer *w, const point *in, size_t count);
void mix_write_scalars(struct tree_writer *w, const scalar *in, size_t count);
void mix_write_wide_point(struct tree_writer *w, const point *in, uint32_t width);
void mix_write_wide_scalar(struct tree_writer *w, const scalar *in, uint32_t width);
/* node(G, Y), or for ω > 1 node(node(G…G), node(Y…Y)). */
void mix_write_wide_key(struct tree_writer *w, const point *y, uint32_t width);

#endif
