/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "vectors/make/vectors.h"

#include "hash/oracle.h"

#include <stdlib.h>
#include <string.h>

json_t *vector_file(const char *about)
{
	json_t *file = json_object();
	put_int(file, "urna_vectors", 1);
	put_text(file, "about", about);
	put_array(file, "vectors");
	return file;
}

json_t *vector(json_t *file, const char *kind, const char *name)
{
	json_t *v = json_object();
	put_text(v, "kind", kind);
	put_text(v, "name", name);
	assert_int_equal(json_array_append_new(json_object_get(file, "vectors"), v), 0);
	return v;
}

static json_t *hex_of(bytes b)
{
	char *text = malloc(2 * b.len + 1);
	assert_non_null(text);
	hex_encode(text, b);
	json_t *string = json_string(text);
	free(text);
	return string;
}

static void put(json_t *object, const char *key, json_t *value)
{
	assert_null(json_object_get(object, key));
	assert_int_equal(json_object_set_new(object, key, value), 0);
}

void put_hex(json_t *object, const char *key, bytes b)
{
	put(object, key, hex_of(b));
}

void put_text(json_t *object, const char *key, const char *text)
{
	put(object, key, json_string(text));
}

void put_utf8(json_t *object, const char *key, bytes text)
{
	put(object, key, json_stringn((const char *)text.p, text.len));
}

void put_int(json_t *object, const char *key, uint64_t n)
{
	put(object, key, json_integer((json_int_t)n));
}

void put_digest(json_t *object, const char *key, const digest *d)
{
	put_hex(object, key, BYTES_OF(d->b));
}

void put_point(json_t *object, const char *key, const point *p)
{
	uint8_t tree[POINT_TREE_BYTES];
	points_encode_tree(tree, p, 1);
	put_hex(object, key, BYTES_OF(tree));
}

void put_scalar(json_t *object, const char *key, const scalar *s)
{
	uint8_t raw[SCALAR_BYTES];
	scalar_encode(raw, s);
	put_hex(object, key, BYTES_OF(raw));
}

json_t *put_array(json_t *object, const char *key)
{
	json_t *array = json_array();
	put(object, key, array);
	return array;
}

json_t *put_object(json_t *object, const char *key)
{
	json_t *inner = json_object();
	put(object, key, inner);
	return inner;
}

void add_hex(json_t *array, bytes b)
{
	assert_int_equal(json_array_append_new(array, hex_of(b)), 0);
}

/* --- hashes under a tag --- */

void tag_begin(struct tagged *t, json_t *file, const char *kind, const char *tag, unsigned children)
{
	char name[64] = "urna/1/";
	*t = (struct tagged){.tag = tag, .children = children, .room = malloc(TAGGED_ROOM)};
	assert_non_null(t->room);
	assert_true(strlen(tag) < sizeof name - strlen(name));
	strcat(name, tag);
	t->v = vector(file, kind, tag);
	put_array(t->v, "arguments");
	t->w = (struct tree_writer){t->room, TAGGED_ROOM, 0, false};
	tree_write_node(&t->w, children + 1);
	tree_write_leaf(&t->w, bytes_of_text(name));
}

static void argument(struct tagged *t, const char *what, unsigned count)
{
	t->given += count;
	json_array_append_new(json_object_get(t->v, "arguments"), json_string(what));
}

void tag_trees(struct tagged *t, const char *what, bytes trees, unsigned count)
{
	argument(t, what, count);
	tree_write_raw(&t->w, trees);
}

void tag_tree(struct tagged *t, const char *what, bytes tree)
{
	tag_trees(t, what, tree, 1);
}

void tag_leaf(struct tagged *t, const char *what, bytes b)
{
	argument(t, what, 1);
	tree_write_leaf(&t->w, b);
}

void tag_digest(struct tagged *t, const char *what, const digest *d)
{
	tag_leaf(t, what, BYTES_OF(d->b));
}

void tag_int(struct tagged *t, const char *what, uint32_t n)
{
	argument(t, what, 1);
	tree_write_u32(&t->w, n);
}

void tag_u64(struct tagged *t, const char *what, uint64_t n)
{
	uint8_t raw[8];
	store_be64(raw, n);
	tag_leaf(t, what, BYTES_OF(raw));
}

void tag_text(struct tagged *t, const char *what, const char *text)
{
	tag_leaf(t, what, bytes_of_text(text));
}

static bytes whole(struct tagged *t)
{
	bytes input = tree_written(&t->w);
	assert_true(input.len > 0);
	assert_int_equal(t->given, t->children);
	put_hex(t->v, "input", input);
	return input;
}

digest tag_end(struct tagged *t)
{
	digest d = sha256(whole(t));
	put_digest(t->v, "output", &d);
	free(t->room);
	return d;
}

scalar tag_end_challenge(struct tagged *t)
{
	uint8_t wide[48];
	struct oracle o;
	scalar c;
	oracle_init(&o, HASH_SHA256, 384);
	oracle_update(&o, whole(t));
	oracle_finish(&o, wide);
	scalar_reduce(&c, wide, sizeof wide);
	put_scalar(t->v, "output", &c);
	free(t->room);
	return c;
}

void tag_is(struct tagged *t, const digest *ours)
{
	const char *tag = t->tag;
	digest d = tag_end(t);
	if (!digest_equal(&d, ours))
		fail_msg("H_%s: the input put together here gives another digest", tag);
}

void tag_is_challenge(struct tagged *t, const scalar *ours)
{
	const char *tag = t->tag;
	scalar c = tag_end_challenge(t);
	if (!scalar_equal(&c, ours))
		fail_msg("C_%s: the input put together here gives another challenge", tag);
}

static size_t tree_length(bytes b)
{
	assert_true(b.len >= TREE_HEADER_BYTES);
	const size_t n = load_be32(b.p + 1);
	size_t len = TREE_HEADER_BYTES;
	if (b.p[0] == 1)
		return len + n;
	for (size_t i = 0; i < n; i++)
		len += tree_length(bytes_from(b, len));
	return len;
}

bytes next_tree(bytes *rest)
{
	size_t len = tree_length(*rest);
	assert_true(len <= rest->len);
	bytes tree = bytes_of(rest->p, len);
	*rest = bytes_from(*rest, len);
	return tree;
}

bytes inside(bytes tree)
{
	return bytes_from(tree, TREE_HEADER_BYTES);
}
