/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run.h"

#include "cli/member_options.h"
#include "cli/output.h"
#include "host/clock.h"
#include "json/read.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* --- one stage --- */

static uint64_t cpu_ms_of_children(uint64_t *peak_kib)
{
	struct rusage u;
	if (getrusage(RUSAGE_CHILDREN, &u) != 0)
		return 0;
	*peak_kib = (uint64_t)u.ru_maxrss;
	return (uint64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 +
	       (uint64_t)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

void run_begin_stage(struct run *r)
{
	const struct common_options *c = &r->options->common;
	bool watched = !c->quiet && c->progress == PROGRESS_AUTO && isatty(STDERR_FILENO);
	team_free(&r->team);
	team_init(&r->team, watched);
}

struct team_member *run_add_child(struct run *r, const char *name, ...)
{
	struct team_member *m = team_add(&r->team, name);
	const char *word;
	va_list words;
	va_start(words, name);
	while ((word = va_arg(words, const char *)))
		team_argument(m, word);
	va_end(words);
	team_argument(m, "--quiet");
	team_argument(m, r->team.show_progress ? "--progress=plain" : "--progress=none");
	team_argument(m, r->text.memory);
	team_argument(m, r->text.parent);
	if (r->options->common.threads)
		team_argument(m, r->text.threads);
	return m;
}

const char *run_jail_option(const struct run *r)
{
	return r->options->without_jail ? "--" MEMBER_JAIL_NAME : NULL;
}

bool run_team(struct run *r, const char *name, struct error *err)
{
	struct clock *clock = host_clock();
	uint64_t began = clock_now_ms(clock), cpu = cpu_ms_of_children(&r->peak_kib);
	bool good = team_run(&r->team, err);
	struct run_stage *last = r->stages_count ? &r->stages[r->stages_count - 1] : NULL;
	if (!last || strcmp(last->name, name) != 0) {
		require(r->stages_count < RUN_STAGES_MAX);
		last = &r->stages[r->stages_count++];
		*last = (struct run_stage){.name = name};
	}
	last->processes = r->team.count;
	last->wall_ms += clock_now_ms(clock) - began;
	last->cpu_ms += cpu_ms_of_children(&r->peak_kib) - cpu;
	return good;
}

bool run_end_stage(struct run *r, const char *name, struct error *err)
{
	if (run_team(r, name, err)) {
		run_report_stage(r, &r->stages[r->stages_count - 1]);
		return true;
	}
	if (r->team.failed >= 0)
		run_report_failure(r, name);
	return false;
}

const char *run_authority_name(char out[static 16], unsigned index)
{
	struct text t = {out, 16, 0, false};
	out[0] = '\0';
	text_add(&t, "a");
	text_add_u64(&t, index + 1);
	return out;
}

/* --- the stages --- */

static bool make_identities(struct run *r, struct error *err)
{
	char name[16];
	run_begin_stage(r);
	for (unsigned i = 0; i < r->options->authorities; i++)
		run_add_child(r, run_authority_name(name, i), "ceremony", "init", "--home", r->homes[i],
		              "--operator", r->operators[i], NULL);
	run_add_child(r, "board", "board", "init", "--home", r->board, "--name", "urna-run/board",
	              NULL);
	if (r->options->credentials)
		run_add_child(r, "registrar", "credentials", "init", "--home", r->registrar, "--operator",
		              "Registrar", NULL);
	return run_end_stage(r, "identities", err);
}

static bool write_manifest(struct run *r, struct error *err)
{
	const struct contest_options *c = &r->options->contest;
	run_begin_stage(r);
	struct team_member *m = run_add_child(r, "manifest", "manifest", "new", c->file, "--rule",
	                                      c->rule, "--record", r->record, r->text.threshold,
	                                      r->text.min_list, "--board", r->board_identity, NULL);
	if (r->options->credentials) {
		team_argument(m, "--mode=credentials");
		team_argument(m, "--registrar");
		team_argument(m, r->registrar_identity);
	}
	if (c->seats)
		team_argument(m, r->text.seats);
	if (c->points)
		team_argument(m, r->text.points);
	if (c->total)
		team_argument(m, r->text.total);
	if (c->title) {
		team_argument(m, "--title");
		team_argument(m, c->title);
	}
	if (c->lot_text) {
		team_argument(m, "--lot");
		team_argument(m, c->lot_text);
	}
	if (c->terms.accept_small_lists)
		team_argument(m, "--accept-small-lists");
	for (unsigned i = 0; i < r->options->authorities; i++) {
		team_argument(m, "--authority");
		team_argument(m, r->identities[i]);
	}
	return run_end_stage(r, "manifest", err);
}

static bool read_fingerprint(digest *out, const struct team_member *m, struct error *err)
{
	struct json_doc *doc;
	const struct json_value *fingerprint, *hex;
	if (!json_doc_parse(&doc, bytes_of_text(m->out), TEAM_OUTPUT_BYTES, err))
		return fail_within(err, m->name);
	bool good = json_need(&fingerprint, json_doc_root(doc), "fingerprint", err) &&
	            json_need(&hex, fingerprint, "hex", err) &&
	            json_hex(out->b, sizeof out->b, hex, err);
	json_doc_free(doc);
	return good || fail_within(err, m->name);
}

/* All authorities must have seen the same election. */
static bool hold_ceremony(struct run *r, struct error *err)
{
	char name[16];
	run_begin_stage(r);
	for (unsigned i = 0; i < r->options->authorities; i++)
		run_add_child(r, run_authority_name(name, i), "ceremony", "--home", r->homes[i], "--record",
		              r->record, r->text.timeout, "--json", run_jail_option(r), NULL);
	if (!run_end_stage(r, "ceremony", err))
		return false;
	for (unsigned i = 0; i < r->team.count; i++) {
		digest eid;
		if (!read_fingerprint(&eid, &r->team.members[i], err))
			return false;
		if (i == 0)
			r->eid = eid;
		else if (!digest_equal(&eid, &r->eid))
			return fail_detail(err, ERROR_REJECTED, "run: this authority made another key",
			                   ERROR_NOWHERE, r->team.members[i].name);
	}
	struct text t = TEXT_OF(r->text.fingerprint);
	text_add(&t, "--fingerprint=");
	text_add_hex(&t, BYTES_OF(r->eid.b));
	return true;
}

static bool make_credentials(struct run *r, struct error *err)
{
	if (!r->options->credentials)
		return true;
	run_begin_stage(r);
	run_add_child(r, "credentials", "credentials", "make", "--home", r->registrar, "--record",
	              r->record, "--voters", r->voters, "--out", r->codes, NULL);
	return run_end_stage(r, "credentials", err);
}

static bool encrypt_ballots(struct run *r, struct error *err)
{
	run_begin_stage(r);
	struct team_member *m = run_add_child(r, "encrypt", "encrypt", r->options->contest.file,
	                                      "--record", r->record, "--out", r->ballots, NULL);
	if (r->options->credentials) {
		team_argument(m, "--credentials");
		team_argument(m, r->codes_file);
	}
	return run_end_stage(r, "encrypt", err);
}

/* The record has the ballots then; a copy beside it would only take room. */
static bool collect_ballots(struct run *r, struct error *err)
{
	run_begin_stage(r);
	run_add_child(r, "board", "board", "collect", "--home", r->board, "--record", r->record,
	              r->ballots, NULL);
	if (!run_end_stage(r, "collect", err))
		return false;
	return unlink(r->ballots) == 0 ||
	       fail_detail(err, ERROR_IO, "run: a file cannot be removed", ERROR_NOWHERE, r->ballots);
}

static bool finish_log(struct run *r, struct error *err)
{
	run_begin_stage(r);
	run_add_child(r, "board", "board", "finish", "--home", r->board, "--record", r->record, NULL);
	return run_end_stage(r, "finish", err);
}

static bool verify_record(struct run *r, struct error *err)
{
	run_begin_stage(r);
	run_add_child(r, "verify", "verify", r->record, r->text.fingerprint, NULL);
	return run_end_stage(r, "verify", err);
}

bool run_stages(struct run *r, struct error *err)
{
	bool good = make_identities(r, err) && write_manifest(r, err) && hold_ceremony(r, err) &&
	            make_credentials(r, err) && encrypt_ballots(r, err) && collect_ballots(r, err) &&
	            run_tally(r, err) && finish_log(r, err) && verify_record(r, err);
	team_free(&r->team);
	return good;
}
