/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who answers for an election: authorities, board, registrar, witnesses, each by the identity.json
 * that its own command made; and what goes with them: who is entitled to vote, and how much a vote
 * weighs.
 */
#ifndef CLI_PEOPLE_H
#define CLI_PEOPLE_H

#include "base/arena.h"
#include "cli/options.h"
#include "manifest/manifest.h"

#include <limits.h>

struct people_options {
	const char *authorities[LIMIT_PARTIES];
	unsigned authorities_count;
	const char *board, *registrar;
	const char *witnesses[LIMIT_WITNESSES];
	unsigned witnesses_count;
	unsigned witness_quorum, witness_lying; /* PEOPLE_USUAL: as many as fit */
	enum ballot_mode mode;
	uint32_t weight_max;
};
#define PEOPLE_USUAL UINT_MAX
#define PEOPLE_OPTIONS_DEFAULT \
	((struct people_options){  \
		.weight_max = 1, .witness_quorum = PEOPLE_USUAL, .witness_lying = PEOPLE_USUAL})

/* For struct argp_child; its input is a struct people_options. */
extern const struct argp people_argp;
/* Ends the program unless there are authorities and a board, and a registrar iff voters have
 * credentials. */
void people_check_options(struct argp_state *state, const struct people_options *o);

struct people {
	struct manifest_authority authorities[LIMIT_PARTIES];
	unsigned authorities_count;
	struct manifest_signer board;
	struct manifest_signer witnesses[LIMIT_WITNESSES];
	unsigned witnesses_count, witness_quorum, witness_lying;
	uint8_t registrar[32];
	enum ballot_mode mode;
	uint32_t weight_max;
};
/* Reads the files; texts live in the arena. MALFORMED with the file's name. */
bool people_read(struct people *out, const struct people_options *o, struct arena *arena,
                 struct error *err) must_check;
/* Their part of a draft. */
void people_put(struct manifest_draft *draft, const struct people *p);

#endif
