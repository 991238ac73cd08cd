/* SPDX-License-Identifier: Apache-2.0 */
/*
 * urna run: a whole election on one machine, with a process for each authority.
 *
 *   OUT/private/a1 … aN, board[, registrar]   homes
 *   OUT/private/codes/codes.csv               with --credentials: the made-up voters' codes
 *   OUT/record                                the public record
 */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli/contest.h"
#include "cli/election.h"
#include "cli/team.h"

struct run_options {
	struct common_options common;
	struct contest_options contest;
	const char *out, *active_text;
	bool without_jail;
	bool credentials; /* ballots are signed with credentials of made-up voters */
	unsigned authorities;
	uint16_t active[LIMIT_PARTIES]; /* from 0 */
	unsigned active_count;
	uint64_t timeout_ms;
	int child_code; /* out: of a child whose failure was told */
};

struct run_stage {
	const char *name;
	unsigned processes;
	uint64_t wall_ms, cpu_ms;
};
#define RUN_STAGES_MAX 12u

#define RUN_PATH_BYTES 1024u

struct run {
	const struct run_options *options;
	struct session *session;
	char out[RUN_PATH_BYTES], record[RUN_PATH_BYTES];
	char homes[LIMIT_PARTIES][RUN_PATH_BYTES];
	char identities[LIMIT_PARTIES][RUN_PATH_BYTES]; /* their identity.json */
	char operators[LIMIT_PARTIES][32];
	char board[RUN_PATH_BYTES], board_identity[RUN_PATH_BYTES];
	char registrar[RUN_PATH_BYTES], registrar_identity[RUN_PATH_BYTES];
	char voters[RUN_PATH_BYTES], codes[RUN_PATH_BYTES], codes_file[RUN_PATH_BYTES];
	char ballots[RUN_PATH_BYTES]; /* encrypted, until the board has them */
	struct {                      /* arguments of children */
		char threads[32], memory[40], timeout[40], threshold[32], seats[32], min_list[32];
		char fingerprint[80], parent[32];
	} text;
	struct ballot_file file;
	digest eid;
	struct run_stage stages[RUN_STAGES_MAX];
	unsigned stages_count;
	uint64_t peak_kib; /* of any child */
	struct team team;  /* of the current stage */
	bool told;         /* the failure of a child was shown; `code` is the exit code */
	int code;
};

/* Everything, up to and including urna verify. */
bool run_election(struct run *r, struct error *err) must_check;

/* Its children, stage by stage; all that run_election does once everything is prepared. */
bool run_stages(struct run *r, struct error *err) must_check;

/* A stage that ended well, for who watches. */
void run_report_stage(const struct run *r, const struct run_stage *s);
/* The child that failed, by its authority's name and in its own words. */
void run_report_failure(struct run *r, const char *stage);
bool run_report_result(struct run *r, struct error *err) must_check;

#endif
