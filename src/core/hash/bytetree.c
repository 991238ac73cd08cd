/* SPDX-License-Identifier: Apache-2.0 */
#include "hash/bytetree_internal.h"

size_t tree_put_node(uint8_t *out, uint32_t children)
{
	require(children <= TREE_MAX);
	out[0] = TREE_NODE;
	store_be32(out + 1, children);
	return TREE_HEADER_BYTES;
}

size_t tree_put_leaf(uint8_t *out, uint32_t len)
{
	require(len <= TREE_MAX);
	out[0] = TREE_LEAF;
	store_be32(out + 1, len);
	return TREE_HEADER_BYTES;
}

bool tree_check_header(const uint8_t *header, enum tree_tag tag, uint32_t *count, const char **what)
{
	if (header[0] != tag) {
		if (header[0] != TREE_NODE && header[0] != TREE_LEAF)
			*what = "byte tree: neither node nor leaf";
		else
			*what = tag == TREE_NODE ? "byte tree: leaf where a node belongs"
			                         : "byte tree: node where a leaf belongs";
		return false;
	}
	*count = load_be32(header + 1);
	if (*count > TREE_MAX) {
		*what = "byte tree: negative length";
		return false;
	}
	return true;
}

static bool malformed(const struct tree_reader *r, const char *what, struct error *err)
{
	fail(err, ERROR_MALFORMED, what, r->at);
	return fail_within_index(err, "byte", r->at);
}

/* Checks the header at the cursor without moving it: a failed read leaves the reader as it was. */
static bool peek(const struct tree_reader *r, enum tree_tag tag, uint32_t *count, struct error *err)
{
	const char *what = NULL;
	if (r->at > r->in.len || r->in.len - r->at < TREE_HEADER_BYTES)
		return malformed(r, "byte tree: ends too early", err);
	if (!tree_check_header(r->in.p + r->at, tag, count, &what))
		return malformed(r, what, err);
	return true;
}

bool tree_node(struct tree_reader *r, uint32_t children, struct error *err)
{
	uint32_t count = 0;
	if (!peek(r, TREE_NODE, &count, err))
		return false;
	if (count != children)
		return malformed(r, TREE_WRONG_CHILDREN, err);
	r->at += TREE_HEADER_BYTES;
	return true;
}

bool tree_node_any(struct tree_reader *r, uint32_t *children, uint32_t max, struct error *err)
{
	uint32_t count = 0;
	if (!peek(r, TREE_NODE, &count, err))
		return false;
	if (count > max)
		return malformed(r, TREE_TOO_MANY_CHILDREN, err);
	r->at += TREE_HEADER_BYTES;
	*children = count;
	return true;
}

/* A leaf's header and body; min ≤ length ≤ max. */
static bool take_leaf(struct tree_reader *r, bytes *body, uint32_t min, uint32_t max,
                      struct error *err)
{
	uint32_t len = 0;
	if (!peek(r, TREE_LEAF, &len, err))
		return false;
	if (len < min || len > max)
		return malformed(r, TREE_WRONG_LENGTH, err);
	if (len > r->in.len - r->at - TREE_HEADER_BYTES)
		return malformed(r, "byte tree: ends too early", err);
	*body = bytes_of(r->in.p + r->at + TREE_HEADER_BYTES, len);
	r->at += TREE_HEADER_BYTES + len;
	return true;
}

bool tree_leaf(struct tree_reader *r, uint8_t *out, uint32_t len, struct error *err)
{
	bytes body = BYTES_NONE;
	if (!take_leaf(r, &body, len, len, err))
		return false;
	if (len > 0)
		memcpy(out, body.p, len);
	return true;
}

bool tree_leaf_any(struct tree_reader *r, bytes *out, uint32_t max, struct error *err)
{
	return take_leaf(r, out, 0, max, err);
}

bool tree_leaf_u32(struct tree_reader *r, uint32_t *out, struct error *err)
{
	bytes body = BYTES_NONE;
	if (!take_leaf(r, &body, 4, 4, err))
		return false;
	*out = load_be32(body.p);
	return true;
}

bool tree_raw(struct tree_reader *r, bytes *out, size_t len, struct error *err)
{
	if (r->at > r->in.len || len > r->in.len - r->at)
		return malformed(r, "byte tree: ends too early", err);
	*out = bytes_of(r->in.p + r->at, len);
	r->at += len;
	return true;
}

bool tree_end(const struct tree_reader *r, struct error *err)
{
	return r->at == r->in.len || malformed(r, TREE_MORE_FOLLOWS, err);
}

/* Room for len more bytes, or NULL for good: a tree with a hole in it must not pass for whole. */
static uint8_t *claim(struct tree_writer *w, size_t len)
{
	if (w->full || len > w->size - w->len) {
		w->full = true;
		return NULL;
	}
	uint8_t *p = w->p + w->len;
	w->len += len;
	return p;
}

void tree_write_node(struct tree_writer *w, uint32_t children)
{
	uint8_t *p = claim(w, TREE_HEADER_BYTES);
	if (p)
		tree_put_node(p, children);
}

void tree_write_leaf(struct tree_writer *w, bytes b)
{
	require(b.len <= TREE_MAX);
	uint8_t *p = claim(w, TREE_HEADER_BYTES);
	if (p) {
		tree_put_leaf(p, (uint32_t)b.len);
		tree_write_raw(w, b);
	}
}

void tree_write_u32(struct tree_writer *w, uint32_t v)
{
	uint8_t be[4];
	store_be32(be, v);
	tree_write_leaf(w, BYTES_OF(be));
}

void tree_write_raw(struct tree_writer *w, bytes b)
{
	uint8_t *p = claim(w, b.len);
	if (p && b.len > 0)
		memcpy(p, b.p, b.len);
}

bytes tree_written(const struct tree_writer *w)
{
	return w->full ? BYTES_NONE : bytes_of(w->p, w->len);
}

void tree_hash_node(struct hash *h, uint32_t children)
{
	uint8_t header[TREE_HEADER_BYTES];
	tree_put_node(header, children);
	hash_update(h, BYTES_OF(header));
}

void tree_hash_leaf(struct hash *h, bytes b)
{
	uint8_t header[TREE_HEADER_BYTES];
	require(b.len <= TREE_MAX);
	tree_put_leaf(header, (uint32_t)b.len);
	hash_update(h, BYTES_OF(header));
	hash_update(h, b);
}

void tree_hash_u32(struct hash *h, uint32_t v)
{
	uint8_t be[4];
	store_be32(be, v);
	tree_hash_leaf(h, BYTES_OF(be));
}
