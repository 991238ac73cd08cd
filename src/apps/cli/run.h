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
#include "record/lists.h"

struct run_options {
	struct common_options common;
	struct contest_options contest;
	const char *out, *active_text, *mixers_text;
	bool without_jail;
	bool credentials; /* ballots are signed with credentials of made-up voters */
	unsigned authorities;
	uint16_t active[LIMIT_PARTIES], mixers[LIMIT_PARTIES]; /* from 0 */
	unsigned active_count, mixers_count;
	uint64_t timeout_ms;
	int child_code; /* out: of a child whose failure was told */
};

struct run_stage {
	const char *name;
	unsigned processes;
	uint64_t wall_ms, cpu_ms;
};
#define RUN_STAGES_MAX 12u

/* An authority that others go on without. */
struct run_replaced {
	unsigned party; /* from 1; 0: something that nobody signed */
	const char *stage;
	char list[AUXSID_BYTES]; /* "": of no list */
	struct error why;
	bool noted; /* in evidence/ */
};
#define RUN_REPLACED_MAX 64u

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
		char threads[32], memory[40], timeout[40], threshold[32], seats[32], min_list[32],
			points[32], total[32];
		char fingerprint[80], parent[32];
		char parties[16 + 3 * LIMIT_PARTIES]; /* of the stage */
	} text;
	struct ballot_file file;
	digest eid;
	struct run_stage stages[RUN_STAGES_MAX];
	unsigned stages_count;
	struct run_replaced replaced[RUN_REPLACED_MAX];
	unsigned replaced_count;
	uint64_t peak_kib; /* of any child */
	struct team team;  /* of the current stage */
	bool told;         /* the failure of a child was shown; `code` is the exit code */
	int code;
};

/* Everything, up to and including urna verify. */
bool run_election(struct run *r, struct error *err) must_check;

/* Its children, stage by stage; all that run_election does once everything is prepared. */
bool run_stages(struct run *r, struct error *err) must_check;

/* One stage: its children are added, then run. */
void run_begin_stage(struct run *r);
/* A child that runs urna with the words given, up to NULL, and what every child is told. */
struct team_member *run_add_child(struct run *r, const char *name, ...);
/* For who works with keys; NULL, which ends a list of words, when there is nothing to say. */
const char *run_jail_option(const struct run *r);
const char *run_authority_name(char out[static 16], unsigned index);
/* Runs them; when one fails it is told, and the run is over. */
bool run_end_stage(struct run *r, const char *name, struct error *err) must_check;
/* Runs them; false with r->team.failed >= 0 when one failed that others do not go on without. A
 * stage of the same name as the last one is counted as one with it. */
bool run_team(struct run *r, const char *name, struct error *err) must_check;

/* Mixing, decrypting and counting, without those who fail, as long as the threshold is there. */
bool run_tally(struct run *r, struct error *err) must_check;

/* The first line a child said, "urna mix: rejected: …", or how it ended, as an error of ours. */
void run_error_of_child(struct error *err, const struct team_member *m);

void run_report_replaced(const struct run *r, const struct run_replaced *p);
/* A stage that ended well, for who watches. */
void run_report_stage(const struct run *r, const struct run_stage *s);
/* The child that failed, by its authority's name and in its own words. */
void run_report_failure(struct run *r, const char *stage);
bool run_report_result(struct run *r, struct error *err) must_check;

#endif
