/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Byte trees: Verificatum's canonical serialisation.
 *
 *   leaf(b)       = 01 ‖ int32(len b) ‖ b
 *   node(c1…cm)   = 00 ‖ int32(m) ‖ c1 ‖ … ‖ cm
 *
 * Reading checks the expected shape while it goes (leaf or node, exact child count, exact length):
 * no tree is ever built, no recursion happens. A file is one tree and nothing after it.
 * Lengths and counts are signed 32-bit: a negative one, or one beyond what is there, is malformed.
 * Errors: MALFORMED with the offset in `at`; for a source, which knows none, with its name in the
 *   detail. A reader over memory that refuses stays where it was and writes nothing.
 */
#ifndef HASH_BYTETREE_H
#define HASH_BYTETREE_H

#include "base/seams.h"
#include "hash/sha2.h"

#define TREE_HEADER_BYTES 5u
#define TREE_MAX 0x7fffffffu

/* Headers; out has room for 5 bytes; both return 5. */
size_t tree_put_node(uint8_t *out, uint32_t children);
size_t tree_put_leaf(uint8_t *out, uint32_t len);

/* A cursor over bytes in memory. */
struct tree_reader {
	bytes in;
	size_t at;
};
#define TREE_READER(b) ((struct tree_reader){(b), 0})
bool tree_node(struct tree_reader *r, uint32_t children, struct error *err) must_check;
bool tree_node_any(struct tree_reader *r, uint32_t *children, uint32_t max,
                   struct error *err) must_check;
bool tree_leaf(struct tree_reader *r, uint8_t *out, uint32_t len, struct error *err) must_check;
bool tree_leaf_any(struct tree_reader *r, bytes *out, uint32_t max, struct error *err) must_check;
bool tree_leaf_u32(struct tree_reader *r, uint32_t *out, struct error *err) must_check;
bool tree_raw(struct tree_reader *r, bytes *out, size_t len,
              struct error *err) must_check; /* len bytes as they stand */
bool tree_end(const struct tree_reader *r, struct error *err) must_check; /* nothing may follow */

/* The same two headers from a source; the caller reads the bodies in blocks. */
bool tree_source_node(struct source *s, uint32_t children, struct error *err) must_check;
bool tree_source_node_any(struct source *s, uint32_t *children, uint32_t max,
                          struct error *err) must_check;
bool tree_source_leaf(struct source *s, uint32_t len, struct error *err) must_check;
bool tree_source_end(struct source *s, struct error *err) must_check;

/* A growing tree in caller's memory; `full` is set instead of overrunning. */
struct tree_writer {
	uint8_t *p;
	size_t size, len;
	bool full;
};
#define TREE_WRITER(array) ((struct tree_writer){(array), sizeof(array), 0, false})
void tree_write_node(struct tree_writer *w, uint32_t children);
void tree_write_leaf(struct tree_writer *w, bytes b);
void tree_write_u32(struct tree_writer *w, uint32_t v);
void tree_write_raw(struct tree_writer *w, bytes b);
bytes tree_written(const struct tree_writer *w); /* BYTES_NONE when full */

/* Straight into a hash. */
void tree_hash_node(struct hash *h, uint32_t children);
void tree_hash_leaf(struct hash *h, bytes b);
void tree_hash_u32(struct hash *h, uint32_t v);

#endif
