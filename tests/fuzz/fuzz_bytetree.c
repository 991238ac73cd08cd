/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The byte-tree readers. Three things must hold for any input:
 *   a tree that is read whole is written back as the same bytes;
 *   the reader over memory and the one over a source take and refuse the same headers;
 *   any sequence of calls stays inside the input, and a refusal moves nothing.
 */
#include "base/error.h"
#include "hash/bytetree.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct memory_source {
	struct source source;
	bytes in;
	size_t at;
};

static bool next(struct source *s, size_t want, bytes *out, struct error *err)
{
	struct memory_source *m = (struct memory_source *)s;
	size_t n = m->in.len - m->at < want ? m->in.len - m->at : want;
	*out = bytes_of(m->in.p + m->at, n);
	m->at += n;
	return true;
}

static void walk_and_write_back(bytes in)
{
	struct tree_reader r = TREE_READER(in);
	struct error err;
	uint8_t *room = malloc(in.len + 1);
	require(room);
	struct tree_writer w = {room, in.len, 0, false};
	/* How many subtrees are still to come; every one takes at least five bytes of input. */
	uint64_t pending = 1;
	while (pending > 0) {
		uint32_t children;
		bytes leaf;
		if (tree_node_any(&r, &children, TREE_MAX, &err)) {
			tree_write_node(&w, children);
			pending += children;
		} else if (tree_leaf_any(&r, &leaf, TREE_MAX, &err)) {
			require(leaf.p >= in.p && leaf.len <= (size_t)(in.p + in.len - leaf.p));
			tree_write_leaf(&w, leaf);
		} else {
			require(err.kind == ERROR_MALFORMED && err.at == r.at);
			break;
		}
		pending--;
	}
	require(r.at <= in.len && bytes_equal(tree_written(&w), bytes_of(in.p, r.at)));
	require(pending > 0 || tree_end(&r, &err) == (r.at == in.len));
	free(room);
}

static void headers_from_a_source_are_taken_alike(bytes in)
{
	struct memory_source m = {{.name = "input", .size = in.len, .next = next}, in, 0};
	struct tree_reader r = TREE_READER(in);
	struct error err;
	uint32_t there = 0, here = 0;
	while (tree_node_any(&r, &here, 100, &err)) {
		require(tree_source_node_any(&m.source, &there, 100, &err));
		require(here == there && r.at == m.at);
	}
	require(!tree_source_node_any(&m.source, &there, 100, &err));
	require(err.kind == ERROR_MALFORMED);
}

/* The first half of the input says which calls to make on the second. */
static void any_calls_stay_inside(bytes script, bytes in)
{
	struct tree_reader r = TREE_READER(in);
	for (size_t i = 0; i + 1 < script.len; i += 2) {
		struct error err;
		uint8_t out[256];
		uint32_t n = script.p[i + 1];
		bytes slice = BYTES_NONE;
		size_t before = r.at;
		bool ok = false;
		switch (script.p[i] % 7) {
		case 0:
			ok = tree_node(&r, n, &err);
			break;
		case 1:
			ok = tree_node_any(&r, &n, n, &err);
			break;
		case 2:
			ok = tree_leaf(&r, out, n, &err);
			break;
		case 3:
			ok = tree_leaf_any(&r, &slice, n, &err);
			break;
		case 4:
			ok = tree_leaf_u32(&r, &n, &err);
			break;
		case 5:
			ok = tree_raw(&r, &slice, n, &err);
			break;
		default:
			ok = tree_end(&r, &err);
		}
		require(r.at <= in.len && (ok || r.at == before));
		if (slice.len > 0)
			require(slice.p >= in.p + before && slice.p + slice.len == in.p + r.at);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bytes in = bytes_of(data, size);
	walk_and_write_back(in);
	headers_from_a_source_are_taken_alike(in);
	any_calls_stay_inside(bytes_of(data, size / 2), bytes_from(in, size / 2));
	return 0;
}
