/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run.h"

#include "cli/out_file.h"
#include "cli/output.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* --- folders --- */

static bool is_empty_folder(const char *path)
{
	DIR *d = opendir(path);
	if (!d)
		return false;
	bool empty = true;
	for (const struct dirent *e; (e = readdir(d));)
		empty = empty && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0);
	closedir(d);
	return empty;
}

static bool make_folder(const char *path, mode_t mode, struct error *err)
{
	if (mkdir(path, mode) == 0 || (errno == EEXIST && is_empty_folder(path)))
		return true;
	bool exists = errno == EEXIST;
	const char *why = strerror(errno);
	fail_detail(err, exists ? ERROR_CONFLICT : ERROR_IO,
	            exists ? "run: the folder exists and is not empty" : "run: a folder cannot be made",
	            ERROR_NOWHERE, exists ? "" : why);
	return fail_within(err, path);
}

static bool path_of(char out[static RUN_PATH_BYTES], const char *folder, const char *name,
                    struct error *err)
{
	struct text t = {out, RUN_PATH_BYTES, 0, false};
	out[0] = '\0';
	text_add(&t, folder);
	text_add(&t, "/");
	text_add(&t, name);
	return !t.cut || fail(err, ERROR_LIMIT, "run: the path of --out is too long", RUN_PATH_BYTES);
}

static bool make_folders(struct run *r, struct error *err)
{
	const struct run_options *o = r->options;
	char homes[RUN_PATH_BYTES], name[32];
	time_t now = time(NULL);
	struct tm local;
	struct text out = TEXT_OF(r->out);
	if (!localtime_r(&now, &local) || !strftime(name, sizeof name, "urna-%Y%m%d-%H%M%S", &local))
		return fail(err, ERROR_IO, "run: the clock cannot be read", ERROR_NOWHERE);
	text_add(&out, o->out ? o->out : name);
	if (out.cut)
		return fail(err, ERROR_LIMIT, "run: the path of --out is too long", RUN_PATH_BYTES);
	if (!path_of(homes, r->out, "private", err) || !path_of(r->record, r->out, "record", err))
		return false;
	for (unsigned i = 0; i < o->authorities; i++) {
		snprintf(name, sizeof name, "a%u", i + 1);
		snprintf(r->operators[i], sizeof r->operators[i], "Authority %u", i + 1);
		if (!path_of(r->homes[i], homes, name, err) ||
		    !path_of(r->identities[i], r->homes[i], "identity.json", err))
			return false;
	}
	return path_of(r->board, homes, "board", err) &&
	       path_of(r->board_identity, r->board, "identity.json", err) &&
	       path_of(r->registrar, homes, "registrar", err) &&
	       path_of(r->registrar_identity, r->registrar, "identity.json", err) &&
	       path_of(r->voters, homes, "voters.csv", err) && path_of(r->codes, homes, "codes", err) &&
	       path_of(r->codes_file, r->codes, "codes.csv", err) &&
	       path_of(r->ballots, homes, "ballots.bt", err) && make_folder(r->out, 0777, err) &&
	       make_folder(homes, 0700, err);
}

/* Somebody must be on the list; whoever is, each has one vote. */
static bool write_voters(const struct run *r, struct error *err)
{
	struct sink *sink;
	char line[32];
	if (!r->options->credentials)
		return true;
	if (!out_file_create(&sink, r->voters, err))
		return false;
	uint64_t n = r->file.profile.ballots_count ? r->file.profile.ballots_count : 1;
	for (uint64_t i = 1; i <= n; i++) {
		struct text t = TEXT_OF(line);
		text_add(&t, "voter-");
		text_add_u64(&t, i);
		text_add(&t, "\n");
		if (!sink_append(sink, bytes_of(line, t.len), err)) {
			sink_abort(sink);
			return false;
		}
	}
	return sink_commit(sink, err);
}

/* --- arguments of the children --- */

static void write_texts(struct run *r)
{
	const struct run_options *o = r->options;
	unsigned long long mib = (unsigned long long)(o->common.memory_limit >> 20);
	snprintf(r->text.threads, sizeof r->text.threads, "--threads=%u", o->common.threads);
	snprintf(r->text.memory, sizeof r->text.memory, "--memory-limit=%lluM", mib ? mib : 1);
	snprintf(r->text.timeout, sizeof r->text.timeout, "--timeout=%llu.%03llu",
	         (unsigned long long)(o->timeout_ms / 1000),
	         (unsigned long long)(o->timeout_ms % 1000));
	snprintf(r->text.threshold, sizeof r->text.threshold, "--threshold=%u",
	         o->contest.terms.threshold);
	snprintf(r->text.parent, sizeof r->text.parent, "--parent=%d", (int)getpid());
	snprintf(r->text.points, sizeof r->text.points, "--points=%u", o->contest.points);
	snprintf(r->text.total, sizeof r->text.total, "--total=%u", o->contest.total);
	snprintf(r->text.seats, sizeof r->text.seats, "--seats=%u", o->contest.seats);
	snprintf(r->text.min_list, sizeof r->text.min_list, "--min-list=%u", o->contest.terms.min_list);
}

/* What can be wrong with the file is said before anything is made. */
static bool read_file(struct run *r, struct error *err)
{
	const struct contest_options *c = &r->options->contest;
	struct ballot_file_options how = {.seats = c->seats};
	return ballot_file_read(&r->file, c->file, &how, &r->session->arena, err) &&
	       contest_fits(r->session, c, &r->file.profile, err) &&
	       terms_check_size(&c->terms, r->file.profile.ballots_count, err) &&
	       contest_check_count(c, &r->file.profile, &r->session->arena, err);
}

bool run_election(struct run *r, struct error *err)
{
	if (!read_file(r, err) || !make_folders(r, err) || !write_voters(r, err))
		return false;
	write_texts(r);
	return run_stages(r, err) && run_report_result(r, err);
}
