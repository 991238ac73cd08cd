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
 *   "title": "Board 2027", "description": "",            description may be absent, everywhere
 *   "group": "P-256", "rohash": "SHA-256", "prg": "SHA-256",
 *   "statdist": 100, "vbitlenro": 256, "ebitlenro": 256, these six are fixed values, written out
 *   "mode": "server" | "credentials",                    who answers for eligibility
 *   "board": {"name": "urna.example.org/board", "key": "<64 hex: Ed25519>"},   signs checkpoints
 *   "registrar": "<64 hex>",                             in credential mode, and only there
 *   "witnesses": {"lying": 1, "quorum": 3,               may be absent: no protection against a
 *     "keys": [{"name": "w1.example.org", "key": "<64 hex>"}, …]},   split view
 *   "promise_delay": 60,                                 seconds, 1…86400; may be absent: 60
 *   "weight_max": 1,                                     1…2^31-1; may be absent: 1
 *   "threshold": 2,
 *   "authorities": [ {"operator": "Org A", "identity": "<64 hex: Ed25519 key>"}, … ]   index 1…n
 *   "min_list": 10, "accept_small_lists": false,
 *   "areas": ["north", "south"],                         may be absent: one area without a name
 *   "questions": [ {"id": "q1", "title": "…", "description": "…", "rule": "scotland", "seats": 3,
 *                   "min": 0, "max": 9, "answers": ["Ann", "Bo", …],
 *                   "write_ins": 2,                      may be absent: none
 *                   "points": 5,                         exactly where the rule counts points: the
 *                                                        most for an answer, 1…1000
 *                   "total": 10,                         and for all of them; may be absent
 *                   "withdrawn": [],                     answer numbers from 1; may be absent
 *                   "lot": [2, 1, …],                    order for ties; may be absent
 *                   "layout": "accordion", "group_layout": "…"} ],   for the booth, not
 *                                                        interpreted; may be absent
 *   "groups": [ {"name": "g1", "questions": ["q1"]} ],     one ciphertext
 *   "styles": [ {"name": "all", "groups": ["g1"], "area": "north"} ]   area iff there are areas
 * }
 *
 * Rules: t ≤ n; identities differ; every question in exactly one group; every group and every area
 *   in a style. Witnesses (m of them, at most f lying, quorum q): 0 ≤ f < m, 1 ≤ q ≤ m, 2q > m + f;
 *   their names and keys differ from each other's and the board's. A note's name has 1 to 64
 *   letters, digits, '.', '-', '_', '/'. With k write-ins: answers + k ≤ LIMIT_ANSWERS, seats,
 *   min and max ≤ answers + k.
 * Texts: UTF-8 without control characters and without the characters that turn the direction of
 *   what follows (U+202A…202E, U+2066…2069); a description may have tabs and line feeds. Answers
 *   that differ in invisible characters only are one text.
 * Lists, in this order: for each group, for each area (one without a name if there are none) that
 *   a style with this group has, for each bit j of weight_max's length: list (group, area, j).
 * Sizes: bounds from base/limits.h, LIMIT_LISTS among them.
 * Errors: MALFORMED for JSON and shape, LIMIT for bounds, REJECTED for rules; the detail begins
 *   with the path. What is allowed but should be looked at is a warning (manifest_warnings).
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
	bytes id, title, description;
	bytes layout, group_layout; /* empty: none */
	struct count_rule rule;     /* with the lot, if the manifest declares one */
	unsigned seats;
	struct choices_rule choices; /* kind, number of answers and write-ins, min, max */
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
	unsigned area; /* index; 0 where the manifest names no areas */
	unsigned groups_count;
	unsigned *groups; /* indices */
};

/* Who signs notes: the board's checkpoints, the witnesses' cosignatures. */
struct manifest_signer {
	bytes name; /* a key name of C2SP signed notes */
	uint8_t key[32];
};

/* One mix: the ballots of one group, area and bit of the weight. */
struct manifest_list {
	unsigned group, area; /* indices */
	unsigned bit;         /* counts 2^bit each */
};

struct manifest {
	bytes exact; /* the object */
	digest d;    /* D */
	bytes title, description;
	unsigned threshold, authorities_count;
	struct manifest_authority *authorities; /* index i is party i + 1 */
	enum ballot_mode mode;
	uint8_t registrar[32]; /* credential mode: who signs changes of the list of credentials */
	struct manifest_signer board;
	unsigned witnesses_count, witnesses_lying, witnesses_quorum; /* 0, 0, 0: none */
	struct manifest_signer *witnesses;
	unsigned promise_delay_s;
	uint32_t weight_max; /* 1: nobody's ballot weighs more than another's */
	unsigned min_list;
	bool accept_small_lists;
	unsigned areas_count; /* 0: not divided */
	bytes *areas;
	unsigned questions_count, groups_count, styles_count, lists_count;
	struct manifest_question *questions;
	struct manifest_group *groups;
	struct manifest_style *styles;
	struct manifest_list *lists; /* "l1", "l2", … in this order */
};

/* Reads and checks; *out and all it points to live in the arena. */
bool manifest_read(struct manifest **out, bytes exact, struct arena *arena,
                   struct error *err) must_check;
digest manifest_digest(bytes exact);

/* {"operator":"…","identity":"<64 hex>"}: the file by which whoever has a part in an election is
 * registered. Text lives in the arena. */
bool manifest_identity_read(struct manifest_authority *out, bytes json, struct arena *arena,
                            struct error *err) must_check;

/*
 * The shapes of all styles, for protocol/ballot; out has room for styles_count. Of a manifest that
 * was read it cannot fail: manifest_read refuses a style whose ballots would be too long.
 */
bool manifest_ballot_styles(struct ballot_style *out, const struct manifest *m,
                            struct error *err) must_check;

/*
 * What a manifest that was read should make its author think twice: the path, and a sentence that
 * says what may happen and what to do. At most MANIFEST_WARNINGS of them; more is what is left out.
 */
#define MANIFEST_WARNINGS 16u
struct manifest_warning {
	char place[64];
	const char *what;
};
struct manifest_warnings {
	unsigned count, more;
	struct manifest_warning list[MANIFEST_WARNINGS];
};
/* voters: how many ballots are expected; 0: MANIFEST_VOTERS. */
#define MANIFEST_VOTERS 100000u
void manifest_warn(struct manifest_warnings *out, const struct manifest *m, uint64_t voters);

/* How many different valid or blank ballots a question has, texts aside; UINT64_MAX: that many or
 * more. With many more of them than voters a ballot can be a signature, agreed upon with somebody
 * who reads the published votes (pattern voting, "Italian attack"). */
uint64_t manifest_possible_ballots(const struct manifest_question *q);

/*
 * Counts a few ballots of each question by its rule: REJECTED, with the question's index, when the
 * rule and the question do not go together, which would be found out after the election else; or
 * when the counts of all questions can take more than LIMIT_COUNT_BYTES.
 * Whoever makes a manifest, and every authority before it makes a key for it, asks this.
 *
 * Memory: what counting takes, from the arena, given back.
 */
bool manifest_dry_run(const struct manifest *m, struct arena *arena, struct error *err) must_check;

/*
 * What an importer or a form knows. manifest_write makes canonical JSON of it and reads that back
 * with manifest_read, so that nothing unchecked can come out. Zeros and empty texts mean "not
 * said": the key is absent then, where it may be.
 *
 * Memory: borrows everything.
 */
struct manifest_draft_question {
	bytes id; /* empty: "q1", "q2", … by place */
	bytes title, description, layout, group_layout;
	bytes rule;
	unsigned seats, min, max, write_ins, points, total, answers_count;
	const bytes *answers;
	const bool *withdrawn; /* may be NULL */
	const uint16_t *lot;   /* may be NULL: answer indices, first drawn first */
};
struct manifest_draft_group {
	bytes name;
	unsigned questions_count;
	const unsigned *questions; /* indices */
};
struct manifest_draft_style {
	bytes name, area;
	unsigned groups_count;
	const unsigned *groups; /* indices */
};
struct manifest_draft {
	bytes title, description;
	enum ballot_mode mode;
	struct manifest_signer board;
	uint8_t registrar[32];                                       /* credential mode */
	unsigned witnesses_count, witnesses_lying, witnesses_quorum; /* count 0: none */
	const struct manifest_signer *witnesses;
	unsigned promise_delay_s;
	uint32_t weight_max;
	unsigned threshold, authorities_count;
	const struct manifest_authority *authorities;
	unsigned min_list;
	bool accept_small_lists;
	unsigned areas_count;
	const bytes *areas;
	unsigned questions_count;
	const struct manifest_draft_question *questions;
	unsigned groups_count; /* 0: each question is a group of its own, "g1", "g2", … */
	const struct manifest_draft_group *groups;
	unsigned styles_count; /* 0: every group for everybody: "all", or one per area, named as it */
	const struct manifest_draft_style *styles;
};
bool manifest_write(bytes *out, const struct manifest_draft *draft, struct arena *arena,
                    struct error *err) must_check;

#endif
