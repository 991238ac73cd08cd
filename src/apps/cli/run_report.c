/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run.h"

#include "cli/command.h"
#include "cli/output.h"
#include "cli/result.h"
#include "cli/result_out.h"
#include "host/log.h"

#include <stdio.h>
#include <string.h>

void run_report_stage(const struct run *r, const struct run_stage *s)
{
	if (r->options->common.json || r->options->common.quiet)
		return;
	printf("  %-11s %2u process%s %9.2f s   CPU %9.2f s\n", s->name, s->processes,
	       s->processes == 1 ? "  " : "es", (double)s->wall_ms / 1000, (double)s->cpu_ms / 1000);
	fflush(stdout);
}

/* The kind a message "rejected: …" begins with, which is taken off; else `kind` and all of it. */
static enum error_kind take_kind(const char **message, enum error_kind kind)
{
	for (enum error_kind k = ERROR_REJECTED; k <= ERROR_BUG; k++) {
		size_t len = strlen(error_kind_name(k));
		if (strncmp(*message, error_kind_name(k), len) == 0 &&
		    strncmp(*message + len, ": ", 2) == 0) {
			*message += len + 2;
			return k;
		}
	}
	return kind;
}

void run_error_of_child(struct error *err, const struct team_member *m)
{
	char line[ERROR_DETAIL_BYTES];
	const char *said = team_message(m), *colon = strstr(said, ": ");
	error_clear(err);
	if (m->late) {
		fail(err, ERROR_UNAVAILABLE, "run: a process does not end", ERROR_NOWHERE);
	} else if (!m->status.exited) {
		fail_detail(err, ERROR_IO, "run: a process was ended by a signal", ERROR_NOWHERE,
		            strsignal(m->status.code));
	} else {
		said = colon ? colon + 2 : said;
		enum error_kind kind =
			take_kind(&said, m->status.code == EXIT_NO ? ERROR_REJECTED : ERROR_IO);
		output_printable_bytes(line, sizeof line,
		                       bytes_of((const uint8_t *)said, strcspn(said, "\n")));
		fail_detail(err, kind, "run: a process failed", ERROR_NOWHERE, line);
	}
	fail_within(err, m->name);
}

/* Several lines as one, for a member of an object. */
static void one_line(char out[static TEAM_MESSAGE_BYTES + 1], const char *text)
{
	char joined[TEAM_MESSAGE_BYTES + 1];
	struct text t = TEXT_OF(joined);
	text_add(&t, text);
	while (t.len > 0 && joined[t.len - 1] == '\n')
		joined[--t.len] = '\0';
	for (size_t i = 0; i < t.len; i++)
		if (joined[i] == '\n')
			joined[i] = ' ';
	output_printable(out, TEAM_MESSAGE_BYTES + 1, joined);
}

static void report_failure_json(const struct run *r, const struct team_member *m, const char *stage)
{
	struct json_writer w;
	struct error why;
	char message[TEAM_MESSAGE_BYTES + 1];
	run_error_of_child(&why, m);
	one_line(message, team_message(m));
	output_json_begin(&w, r->session->command);
	json_put_key(&w, "ok");
	json_put_flag(&w, false);
	output_json_error(&w, "error", &why);
	json_put_key(&w, "stage");
	json_put_text(&w, stage);
	json_put_key(&w, "process");
	json_put_text(&w, m->name);
	json_put_key(&w, "message");
	json_put_text(&w, message);
	json_put_key(&w, "out");
	json_put_text(&w, r->out);
	if (!output_json_end(&w, NULL))
		fputs("urna run: standard output cannot be written\n", stderr);
}

void run_report_failure(struct run *r, const char *stage)
{
	const struct team_member *m = &r->team.members[r->team.failed];
	bool authority = m->name[0] == 'a' && m->name[1] >= '0' && m->name[1] <= '9';
	r->told = true;
	r->code = m->status.exited && m->status.code == EXIT_NO ? EXIT_NO : EXIT_UNDECIDED;
	fflush(stdout);
	fprintf(stderr, "urna run: %s: %s%s ", stage, authority ? "authority " : "the process ",
	        m->name);
	if (m->status.exited)
		fprintf(stderr, "failed:\n");
	else
		fprintf(stderr, "was ended by signal %d (%s)\n", m->status.code, strsignal(m->status.code));
	if (strcmp(stage, "verify") == 0 && !r->options->common.json)
		fputs(m->out, stdout);
	fputs(team_message(m), stderr);
	fprintf(stderr, "What was made so far is in %s.\n", r->out);
	if (r->options->common.json)
		report_failure_json(r, m, stage);
}

void run_report_replaced(const struct run *r, const struct run_replaced *p)
{
	char text[ERROR_DETAIL_BYTES + 256];
	error_describe(text, sizeof text, &p->why);
	fflush(stdout);
	if (p->party)
		fprintf(stderr, "urna run: %s%s%s: authority %u is left out: %s\n", p->stage,
		        p->list[0] ? " of " : "", p->list, p->party, text);
	else
		fprintf(stderr, "urna run: %s%s%s: set aside: %s\n", p->stage, p->list[0] ? " of " : "",
		        p->list, text);
	(void)r;
}

/* --- the end --- */

static void put_replaced(struct json_writer *w, const struct run *r)
{
	json_put_key(w, "replaced");
	json_put_array(w);
	for (unsigned i = 0; i < r->replaced_count; i++) {
		const struct run_replaced *p = &r->replaced[i];
		json_put_object(w);
		json_put_key(w, "party");
		json_put_u64(w, p->party);
		json_put_key(w, "stage");
		json_put_text(w, p->stage);
		json_put_key(w, "list");
		json_put_text(w, p->list);
		output_json_error(w, "reason", &p->why);
		json_put_end(w);
	}
	json_put_end(w);
}

static void put_questions(struct json_writer *w, const struct election *e,
                          const struct election_result *result)
{
	json_put_key(w, "questions");
	json_put_array(w);
	for (unsigned i = 0; i < e->manifest->questions_count; i++) {
		const struct question_result *q = &result->questions[i];
		json_put_object(w);
		json_put_key(w, "id");
		json_put_text_bytes(w, e->manifest->questions[i].id);
		json_put_key(w, "verdicts");
		json_put_object(w);
		for (unsigned v = 0; v < VERDICTS; v++) {
			json_put_key(w, verdict_name((enum verdict)v));
			json_put_u64(w, q->verdicts[v]);
		}
		json_put_end(w);
		json_put_key(w, "elected");
		json_put_array(w);
		for (size_t k = 0; q->count && k < q->count->elected_count; k++)
			json_put_text_bytes(w,
			                    q->count->profile->candidates[q->count->elected[k].candidate].name);
		json_put_end(w);
		json_put_end(w);
	}
	json_put_end(w);
}

static void put_stages(struct json_writer *w, const struct run *r)
{
	json_put_key(w, "stages");
	json_put_array(w);
	for (unsigned i = 0; i < r->stages_count; i++) {
		const struct run_stage *s = &r->stages[i];
		json_put_object(w);
		json_put_key(w, "name");
		json_put_text(w, s->name);
		json_put_key(w, "processes");
		json_put_u64(w, s->processes);
		json_put_key(w, "wall_ms");
		json_put_u64(w, s->wall_ms);
		json_put_key(w, "cpu_ms");
		json_put_u64(w, s->cpu_ms);
		json_put_end(w);
	}
	json_put_end(w);
}

static bool report_json(const struct run *r, const struct election *e,
                        const struct election_result *result, struct error *err)
{
	struct json_writer w;
	output_json_begin(&w, r->session->command);
	json_put_key(&w, "ok");
	json_put_flag(&w, true);
	json_put_key(&w, "verdict");
	json_put_text(&w, "verified");
	json_put_key(&w, "out");
	json_put_text(&w, r->out);
	json_put_key(&w, "ballots");
	json_put_u64(&w, r->file.profile.ballots_count);
	json_put_key(&w, "authorities");
	json_put_u64(&w, r->options->authorities);
	json_put_key(&w, "threshold");
	json_put_u64(&w, r->options->contest.terms.threshold);
	output_json_fingerprint(&w, &r->eid);
	put_questions(&w, e, result);
	put_replaced(&w, r);
	put_stages(&w, r);
	json_put_key(&w, "peak_kib");
	json_put_u64(&w, r->peak_kib);
	return output_json_end(&w, err);
}

static bool report_text(const struct run *r, const struct election *e,
                        const struct election_result *result, struct error *err)
{
	uint64_t wall = 0, cpu = 0;
	for (unsigned i = 0; i < r->stages_count; i++) {
		wall += r->stages[i].wall_ms;
		cpu += r->stages[i].cpu_ms;
	}
	if (!r->options->common.quiet)
		printf("  %-11s %22.2f s   CPU %9.2f s   %llu MB at most in one process\n\n", "together",
		       (double)wall / 1000, (double)cpu / 1000, (unsigned long long)(r->peak_kib / 1024));
	struct result_target text = {.format = RESULT_TEXT, .sink = output_sink()};
	if (!result_write_election(&text, result, e, err))
		return false;
	for (unsigned i = 0; i < r->replaced_count; i++)
		if (r->replaced[i].party)
			printf("authority %u was left out: %s%s%s; see evidence/\n", r->replaced[i].party,
			       r->replaced[i].stage, r->replaced[i].list[0] ? " of " : "", r->replaced[i].list);
	output_fingerprint(&r->eid);
	printf("\nverified: every ballot, shuffle, decryption and the count hold.\n"
	       "Anybody can check it again: urna verify %s --fingerprint WORDS\n",
	       r->record);
	return true;
}

bool run_report_result(struct run *r, struct error *err)
{
	struct election e;
	struct election_result *result;
	if (!election_open(&e, r->record, DISK_READ, r->session, err))
		return false;
	bool good = election_read_key(&e, err) && result_of_record(&result, &e, err);
	session_progress_done(r->session);
	good = good && (r->options->common.json ? report_json(r, &e, result, err)
	                                        : report_text(r, &e, result, err));
	election_close(&e);
	return good;
}
