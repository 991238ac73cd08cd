/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Known answers of our own protocol, as JSON: made here by the product's code, with every hash put
 * together a second time from docs/protocol.md, and compared with what lies in
 * tests/vectors/protocol. Include support.h first.
 *
 * A file is {"urna_vectors": 1, "about": …, "vectors": [{"name", "kind", …}]}; bytes are lower
 * case hex. tests/vectors/protocol/schema.json has the fields of every kind.
 */
#ifndef VECTORS_VECTORS_H
#define VECTORS_VECTORS_H

#include "group/point.h"
#include "group/scalar.h"
#include "hash/bytetree.h"

#include <jansson.h>

json_t *vector_file(const char *about);
/* A new vector at the end of the file. */
json_t *vector(json_t *file, const char *kind, const char *name);

void put_hex(json_t *object, const char *key, bytes b);
void put_text(json_t *object, const char *key, const char *text);
void put_utf8(json_t *object, const char *key, bytes text);
void put_int(json_t *object, const char *key, uint64_t n);
void put_digest(json_t *object, const char *key, const digest *d);
void put_point(json_t *object, const char *key, const point *p); /* its tree */
void put_scalar(json_t *object, const char *key, const scalar *s);
json_t *put_array(json_t *object, const char *key);
json_t *put_object(json_t *object, const char *key);
void add_hex(json_t *array, bytes b);

/*
 * One hash under a tag, its input built argument by argument:
 * {"kind": "H" or "C", "tag", "arguments": [what each is], "input", "output"}.
 */
#define TAGGED_ROOM 65536u
struct tagged {
	json_t *v;
	const char *tag;
	unsigned children, given;
	uint8_t *room;
	struct tree_writer w;
};
void tag_begin(struct tagged *t, json_t *file, const char *kind, const char *tag,
               unsigned children);
void tag_tree(struct tagged *t, const char *argument, bytes tree);
void tag_trees(struct tagged *t, const char *argument, bytes trees, unsigned count);
void tag_leaf(struct tagged *t, const char *argument, bytes b);
void tag_digest(struct tagged *t, const char *argument, const digest *d);
void tag_int(struct tagged *t, const char *argument, uint32_t n);
void tag_u64(struct tagged *t, const char *argument, uint64_t n);
void tag_text(struct tagged *t, const char *argument, const char *text);
/* SHA-256 or the reduced oracle of what was built, by the primitives alone. */
digest tag_end(struct tagged *t);
scalar tag_end_challenge(struct tagged *t);
/* The same, and the product has found the same. */
void tag_is(struct tagged *t, const digest *ours);
void tag_is_challenge(struct tagged *t, const scalar *ours);

/* The tree at the start of well-formed ones, taken off; what is behind the first header. */
bytes next_tree(bytes *rest);
bytes inside(bytes tree);

/* The parts: each gives one file. */
json_t *vectors_trees(void);
json_t *vectors_plaintexts(void);
json_t *vectors_ballots(void);
json_t *vectors_ceremonies(void);
json_t *vectors_logs(void);
json_t *vectors_proofs(void);
/* Of an election whose record is written to the folder. */
json_t *vectors_record(struct folder **record, json_t **secrets);
void vectors_record_end(void);

#endif
