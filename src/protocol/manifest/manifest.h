/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manifest: everything about an election that is known before its key exists.
 *
 * The exact bytes are the object: D = H_manifest(leaf(bytes)). Two texts that differ by a space are
 * two elections. The JSON is read strictly (core/json) and every rule is checked here, once; each
 * mistake is named with its place ("questions[2].max: 4 is more than the 3 answers").
 *
 * {
 *   "urna": 1,
 *   "title": "Board 2027", "description": "",            description may be absent
 *   "group": "P-256", "rohash": "SHA-256", "prg": "SHA-256",
 *   "statdist": 100, "vbitlenro": 256, "ebitlenro": 256, these six are fixed values, written out
 *   "mode": "server",                                    who answers for eligibility
 *   "threshold": 2,
 *   "authorities": [ {"operator": "Org A", "identity": "<64 hex: Ed25519 key>"}, … ]   index 1…n
 *   "min_list": 10, "accept_small_lists": false,
 *   "questions": [ {"id": "q1", "title": "…", "rule": "scotland", "seats": 3, "min": 0, "max": 9,
 *                   "answers": ["Ann", "Bo", …], "withdrawn": [],            answer numbers from 1;
 * may be absent "lot": [2, 1, …]} ],          order for ties that need a lot; may be absent
 *   "groups": [ {"name": "g1", "questions": ["q1"]} ],     one ciphertext, one list each
 *   "styles": [ {"name": "all", "groups": ["g1"]} ]
 * }
 *
 * Sizes: bounds from base/limits.h; every question in exactly one group; every group in a style.
 * Errors: MALFORMED for JSON and shape, LIMIT for bounds, REJECTED for rules (t > n, n = 0, a
 *   repeated identity, an unknown counting rule with the nearest known name …).
 * Memory: `arena` keeps everything, the copy of the bytes included.
 */
#ifndef MANIFEST_MANIFEST_H
#define MANIFEST_MANIFEST_H

#include "ballot/ballot.h"
#include "ballot/choices.h"
#include "ballot/plaintext.h"
#include "base/arena.h"
#include "base/limits.h"
#include "count/count.h"
#include "hash/sha2.h"

struct manifest_authority {
	bytes operator_name;
	uint8_t identity[32];
};

struct manifest_question {
	bytes id, title;
	struct count_rule rule; /* with the lot, if the manifest declares one */
	unsigned seats;
	struct choices_rule choices; /* kind, number of answers, min, max */
	bytes *answers;
	bool *withdrawn; /* per answer */
	unsigned group;  /* index of its group */
};

struct manifest_group {
	bytes name;
	unsigned questions_count;
	unsigned *questions;        /* indices, in the order of the plaintext's digits */
	struct plaintext_code code; /* bases of all digits, and the width ω */
};

struct manifest_style {
	bytes name;
	unsigned groups_count;
	unsigned *groups; /* indices */
};

struct manifest {
	bytes exact; /* the object */
	digest d;    /* D */
	bytes title, description;
	unsigned threshold, authorities_count;
	struct manifest_authority *authorities; /* index i is party i + 1 */
	unsigned min_list;
	bool accept_small_lists;
	unsigned questions_count, groups_count, styles_count;
	struct manifest_question *questions;
	struct manifest_group *groups;
	struct manifest_style *styles;
};

/* Reads and checks; *out and all it points to live in the arena. */
bool manifest_read(struct manifest **out, bytes exact, struct arena *arena,
                   struct error *err) must_check;
digest manifest_digest(bytes exact);

/*
 * The shapes of all styles, for protocol/ballot; out has room for styles_count. Of a manifest that
 * was read it cannot fail: manifest_read refuses a style whose ballots would be too long.
 */
bool manifest_ballot_styles(struct ballot_style *out, const struct manifest *m,
                            struct error *err) must_check;

/*
 * A manifest for one contest imported from a ballot file: one question, one group "g1", one style
 * "all". Writes canonical JSON, then reads it back with manifest_read, so that nothing unchecked
 * can come out.
 */
struct manifest_draft {
	bytes title;
	bytes rule;
	unsigned threshold, authorities_count;
	const struct manifest_authority *authorities;
	unsigned min_list;
	bool accept_small_lists;
	unsigned seats, max, answers_count;
	const bytes *answers;
	const bool *withdrawn; /* may be NULL */
	const uint16_t *lot;   /* may be NULL */
};
bool manifest_write(bytes *out, const struct manifest_draft *draft, struct arena *arena,
                    struct error *err) must_check;

#endif
