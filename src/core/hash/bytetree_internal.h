/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the two byte-tree readers, over memory and over a source, have in common.
 */
#ifndef HASH_BYTETREE_INTERNAL_H
#define HASH_BYTETREE_INTERNAL_H

#include "hash/bytetree.h"

enum tree_tag { TREE_NODE = 0, TREE_LEAF = 1 };

#define TREE_WRONG_CHILDREN "byte tree: wrong number of children"
#define TREE_TOO_MANY_CHILDREN "byte tree: more children than allowed"
#define TREE_WRONG_LENGTH "byte tree: wrong length of a leaf"
#define TREE_MORE_FOLLOWS "byte tree: bytes after the end"

/* The five bytes of a header of this kind; *what says what is wrong with them. */
bool tree_check_header(const uint8_t *header, enum tree_tag tag, uint32_t *count,
                       const char **what) must_check;

#endif
