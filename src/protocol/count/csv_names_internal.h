/* SPDX-License-Identifier: Apache-2.0 */
/* The candidates of a table: a hash table of names while reading, an order at the end. */
#ifndef COUNT_CSV_NAMES_INTERNAL_H
#define COUNT_CSV_NAMES_INTERNAL_H

#include "base/limits.h"
#include "count/profile.h"

#define NAMES_SLOTS 4096u /* a power of two, well over LIMIT_ANSWERS: short probes */

struct names {
	struct arena *arena;
	bool closed; /* the list was given: a new name is an error */
	size_t count;
	bytes *names;    /* in order of first appearance; room for LIMIT_ANSWERS */
	uint16_t *slots; /* index + 1 into names, 0 = free */
};

bool names_init(struct names *n, struct arena *a, struct error *err) must_check;
/* A name of the declared list; repeated ones are refused. */
bool names_declare(struct names *n, bytes name, struct error *err) must_check;
/*
 * The index of a cell's name. copy: the bytes will not live (they were unescaped into scratch).
 * With a closed list a cell that is no name may be a number of the list.
 */
bool names_find(struct names *n, uint64_t *index, bytes name, bool copy,
                struct error *err) must_check;
/*
 * The final order as order[index of first appearance] = candidate. Fills the profile's candidates
 * (room for LIMIT_ANSWERS) and their number.
 */
bool names_settle(struct names *n, struct profile *p, uint16_t *order,
                  struct error *err) must_check;
size_t names_arena_bytes(bytes file);

#endif
