/* SPDX-License-Identifier: Apache-2.0 */
#include "record/log_internal.h"

#include "hash/bytetree.h"

#define LEAF_MAX 256u

static void append(struct log *l, const char *type, const digest *object, uint64_t size)
{
	uint8_t room[LEAF_MAX], be[8];
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, object ? 4 : 2);
	tree_write_leaf(&w, bytes_of_text(type));
	tree_write_leaf(&w, BYTES_OF(l->eid->b));
	if (object) {
		store_be64(be, size);
		tree_write_leaf(&w, BYTES_OF(object->b));
		tree_write_leaf(&w, BYTES_OF(be));
	}
	require(!w.full);
	digest leaf = merkle_leaf(tree_written(&w));
	merkle_append(&l->tree, &leaf);
}

void log_open(struct log *l, const struct manifest *m, const struct election_key *key)
{
	l->eid = &key->eid;
	merkle_init(&l->tree);
	append(l, "manifest", &key->d, m->exact.len);
	append(l, "ceremony", &key->t, key->parties);
	append(l, "election", &key->eid, key->threshold);
	append(l, "open", NULL, 0);
}

void log_ballot(struct log *l, bytes ballot)
{
	digest d = sha256(ballot);
	append(l, "ballot", &d, ballot.len);
}

void log_close(struct log *l)
{
	append(l, "close", NULL, 0);
}
