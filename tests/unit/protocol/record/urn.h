/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An election for everything up to "close": a manifest, a key, a board, witnesses, a registrar,
 * voters, and a record in memory. With parties, after a real ceremony; without, the key is the
 * test's own (tally.h goes on from there). Include support.h first.
 */
#ifndef RECORD_URN_H
#define RECORD_URN_H

#include "hash/chacha20.h"
#include "record/board.h"

#define URN_VOTERS 24u
#define URN_WITNESSES 4u
#define URN_STYLES 3u
#define URN_BALLOT_MAX 4096u

/*
 * Groups g1 (one point) and g2 (two points). Styles, with areas: "north" g1 g2, "south" g1 g2,
 * "part" g2 in the south. Without areas they differ in their groups only.
 */
struct urn;
struct urn_plan {
	enum ballot_mode mode;
	uint32_t weight_max;
	bool areas;
	unsigned witnesses; /* of which one may lie; 0: none */
	unsigned workers;
	unsigned parties, threshold; /* 0: no ceremony */
	unsigned min_list;           /* lists of fewer ballots are refused; 0: of any number accepted */
	/* Other questions than the two marks, "q1" of one point and "q2" of two, as a JSON list; and
	 * what is voted, as the groups' plaintexts one after another. NULL: one answer or none. */
	const char *questions;
	void (*choose)(uint8_t *plaintexts, const struct urn *u, unsigned style);
	/* What is written to ceremony/ in place of an honest ceremony of all; sets the shares. */
	void (*ceremony)(struct urn *u);
};
#define URN_PARTIES 7u

struct urn_voter {
	pseudonym who;
	secret_scalar s;
	uint32_t style, weight; /* as credentials.bt lists him */
};

struct urn {
	struct folder *record;
	struct arena arena;
	struct workers *workers;
	struct chacha_rng rng;
	struct tally_world world;
	struct identity_secret board_key, registrar, witness[URN_WITNESSES];
	struct manifest *manifest;
	struct identity_secret identity[URN_PARTIES]; /* party 1 first */
	secret_scalar share[URN_PARTIES];
	struct election_key key;
	struct ceremony_report ceremony;
	struct ballot_style styles[URN_STYLES];
	struct ballot_rules rules;
	struct public_key pk;
	struct urn_voter voters[URN_VOTERS]; /* the last ones are not listed: strangers */
	unsigned listed;
	void (*choose)(uint8_t *plaintexts, const struct urn *u, unsigned style);
	struct folder *home; /* the board's; NULL: it keeps nothing */
	struct board *board;
	uint64_t changes; /* of credentials, since it was opened */
	size_t mark;      /* of the arena, before a board */
};

void urn_begin(struct urn *u, const struct urn_plan *plan); /* no board yet */
/* Another election of the same manifest: other key, the same authorities and credentials' file. */
void urn_begin_again(struct urn *u, const struct urn *like, const struct urn_plan *plan);
void urn_end(struct urn *u);
void urn_open(struct urn *u); /* a board on an empty record, or on one with an open log */
struct board_plan urn_board_plan(struct urn *u);
/* Cast by a voter; room of URN_BALLOT_MAX. */
bytes urn_ballot(uint8_t *room, struct urn *u, unsigned voter, unsigned style, uint32_t seq);
bytes urn_body(uint8_t *room, struct urn *u, unsigned voter, unsigned style);
bytes urn_cast(uint8_t *room, struct urn *u, unsigned voter, bytes body, uint32_t seq);
enum board_answer urn_accept(struct urn *u, bytes ballot, uint32_t weight);
/* A ballot of a voter as listed, accepted. */
void urn_vote(struct urn *u, unsigned voter, uint32_t seq);
void urn_change(struct urn *u, unsigned voter, uint32_t style, uint32_t weight);
void urn_close(struct urn *u);
void urn_cosign(struct urn *u, const char *path, unsigned witness);

struct box_job urn_job(struct urn *u);
bool urn_read(struct ballot_box *out, struct urn *u, struct error *err);

/* Whole files; what urn_file gives is to be freed. */
bytes urn_file(struct urn *u, const char *path);
void urn_write(struct urn *u, const char *path, bytes content);
/* The registrar, or who poses as one, signs credentials.bt as it lies there, anew. */
void urn_sign_credentials(struct urn *u, const struct identity_secret *by, uint64_t records);

#endif
