/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole election in one process: n authorities as threads, each with a generator, an arena and
 * workers of its own, that share nothing but a record on disk under a temporary folder. What is
 * expected to succeed fails the test when it does not; what may fail gives its errors back.
 *
 * Include support.h first. Everything is removed by election_end.
 */
#ifndef SUPPORT_ELECTION_H
#define SUPPORT_ELECTION_H

#include "authority/authority.h"
#include "hash/chacha20.h"
#include "record/board.h"
#include "record/verify.h"

#define ELECTION_PARTIES_MAX 5u

/* What the manifest says; texts are the JSON of the arrays' items. */
struct election_plan {
	unsigned parties, threshold;
	unsigned min_list; /* small lists are refused unless 0 */
	const char *questions, *groups, *styles;
};
/* One question of 3 answers, at most 2 marks, in group g1 (ω = 1), style "all". */
#define PLAN_QUESTIONS                                                                          \
	"{\"id\":\"q1\",\"title\":\"Board\",\"rule\":\"plurality-at-large\",\"seats\":1,\"min\":0," \
	"\"max\":2,\"answers\":[\"Ann\",\"Bo\",\"Cy\"],\"lot\":[1,2,3]}"
#define PLAN_GROUPS "{\"name\":\"g1\",\"questions\":[\"q1\"]}"
#define PLAN_STYLES "{\"name\":\"all\",\"groups\":[\"g1\"]}"
#define PLAN_SMALL(n, t) \
	((struct election_plan){(n), (t), 0, PLAN_QUESTIONS, PLAN_GROUPS, PLAN_STYLES})

/* Four questions in three groups: g1 = q1 (STV, 5 answers) and q2 (3 answers, 1 to 2 marks), g2 =
 * q3 (3 answers, 2 marks), g3 = q4 (250 answers, ω = 2). Styles: "all" g1 g2 g3, "rest" g3 g1,
 * "one" g2. */
const struct election_plan *plan_wide(unsigned parties, unsigned threshold);
#define WIDE_DIGITS_1 10u
#define WIDE_DIGITS_2 4u
#define WIDE_DIGITS_3 251u

struct election_party {
	struct identity_secret identity;
	secret_scalar share;
	struct chacha_rng rng;
	struct workers *workers;
	struct arena arena;
	struct folder *record, *home; /* the home is in memory */
	struct tally_world world;
	struct authority authority;
	bytes result; /* after a count: its exact bytes, in the arena */
	bool good;    /* of the last step */
	struct error err;
	struct error noticed; /* the last thing it was told of that did not stop the work */
};

struct election {
	char root[64];
	struct folder *record;
	struct arena arena; /* of the manifest, of checks */
	struct tally_world world;
	struct chacha_rng rng;
	struct workers *workers;
	struct manifest *manifest;
	struct identity_secret board_key;
	struct election_key key;
	struct ceremony_report ceremony;
	struct ballot_style styles[8];
	struct ballot_rules rules;
	struct public_key pk;
	size_t mark; /* of the arena, above what stays */
	unsigned parties;
	struct election_party party[ELECTION_PARTIES_MAX];
	uint8_t *box; /* ballots in the making, one after another */
	size_t box_len, box_room;
	size_t *starts; /* of its ballots; one more: the end */
	size_t ballots, ballots_room;
	const secret_scalar *nonce; /* not NULL: r of every component election_cast_points encrypts */
};

/* Identities and manifest. workers: threads of each authority. */
void election_begin(struct election *e, const struct election_plan *plan, unsigned workers);
/* The same manifest and identities, another record. */
void election_begin_again(struct election *e, const struct election *like);
void election_ceremony(struct election *e);
void election_end(struct election *e);

/* --- ballots --- */

/* Chunks of 28 bytes, groups in the style's order. A fresh pseudonym. */
void election_cast(struct election *e, unsigned style, const uint8_t *plaintexts);
/* Any points instead, with true proofs. who: 16 bytes, or NULL for fresh ones. */
void election_cast_points(struct election *e, unsigned style, const point *m, const uint8_t *who);
/* values: for each question of the group in turn, the invalid flag and then its answers' values. */
void election_encode(uint8_t *plaintext, const struct election *e, unsigned group,
                     const uint32_t *values);
/* digits: of each group of the style in turn. */
void election_vote(struct election *e, unsigned style, const uint32_t *digits);
/* A vote for answer 1…3 (0: blank) under PLAN_SMALL. */
void election_mark(struct election *e, unsigned answer);
bytes election_ballot(const struct election *e, size_t index);
/* The whole log up to "close", with all ballots cast so far; in place of an earlier one. */
void election_write_box(struct election *e);

/* --- the tally --- */

enum election_step { STEP_CEREMONY, STEP_MIX, STEP_DECRYPT, STEP_COUNT };
/* The named parties, "1,3", do it at once, each with this active set and, as a process of its own
 * has it, a view of the record pinned anew; false when one failed. */
bool election_step(struct election *e, enum election_step step, const char *parties,
                   const char *active);
/* Mix, decrypt, count, finish; all succeed. */
void election_tally(struct election *e, const char *active);
/* The rest of the log; no record verifies without. */
void election_finish(struct election *e);
/* Ceremony, three ballots, tally. */
void election_whole(struct election *e, const struct election_plan *plan);

/* --- verification --- */

struct election_report {
	struct report report; /* first member */
	struct {
		char code[8];
		enum check_outcome outcome;
		struct error error;
	} checks[256];
	unsigned count;
};
enum record_verdict election_verify(struct election *e, struct folder *record, bool with_anchor,
                                    struct election_report *out);
/* The first check that failed, or "". */
const char *election_failed(const struct election_report *r);
const struct error *election_error(const struct election_report *r, const char *code);

/* --- files --- */

struct election_file {
	char path[RECORD_PATH_BYTES];
};
struct election_files {
	struct election_file *file;
	size_t count, room;
};
/* All of a folder, in order; to be freed. */
void election_files(struct election_files *out, struct folder *f);
void election_files_free(struct election_files *files);
bytes election_read(struct folder *f, const char *path); /* to be freed */
void election_write(struct folder *f, const char *path, bytes content);
void election_remove(struct folder *f, const char *path);
/* The record in memory, where changing and verifying is quick; to be freed. */
struct folder *election_copy(struct folder *from);

#endif
