/* SPDX-License-Identifier: Apache-2.0 */
/* Work for which urna-keys is started: what it is told, and what it says. */
#include "cli/member.h"
#include "host/child.h"
#include "host/log.h"
#include "host/process.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM "urna-keys"
#define STAGES_MAX 64u

/* --- starting it --- */

/* Beside this program, and nowhere else: who could choose another one would be given the keys. */
static bool find_program(char out[static PATH_MAX], struct error *err)
{
	ssize_t len = readlink("/proc/self/exe", out, PATH_MAX - sizeof PROGRAM);
	char *slash = len > 0 ? memrchr(out, '/', (size_t)len) : NULL;
	if (!slash)
		return fail(err, ERROR_IO, "keys: where this program is cannot be found (/proc)",
		            ERROR_NOWHERE);
	memcpy(slash + 1, PROGRAM, sizeof PROGRAM);
	return access(out, X_OK) == 0 ||
	       fail_detail(err, ERROR_IO, "keys: urna-keys is missing beside urna", ERROR_NOWHERE, out);
}

/* Nothing of the environment but what sanitizers are told, in builds that have them. */
static void choose_environment(const char *out[static 5])
{
	static const char *const names[] = {
		"ASAN_OPTIONS=", "UBSAN_OPTIONS=", "LSAN_OPTIONS=", "TSAN_OPTIONS="};
	unsigned n = 0;
	for (char **e = environ; *e; e++)
		for (size_t i = 0; i < sizeof names / sizeof *names && n < 4; i++)
			if (strncmp(*e, names[i], strlen(names[i])) == 0)
				out[n++] = *e;
	out[n] = NULL;
}

static bool start(struct child *out, const struct member *m, const struct election *e,
                  struct error *err)
{
	char program[PATH_MAX];
	const char *environment[5];
	const int given[] = {disk_folder_descriptor(e->record), disk_folder_descriptor(m->home),
	                     m->lock.fd};
	if (!find_program(program, err))
		return false;
	choose_environment(environment);
	const struct child_spec spec = {.argv = (const char *const[]){program, NULL},
	                                .environment = environment,
	                                .in = CHILD_PIPE,
	                                .out = CHILD_PIPE,
	                                .err = CHILD_INHERIT,
	                                .given = given,
	                                .given_count = 3};
	return child_start(out, &spec, err);
}

static bool copy_text(char *out, size_t size, const char *text, struct error *err)
{
	struct text t = {out, size, 0, false};
	text_add(&t, text);
	return !t.cut || fail_detail(err, ERROR_LIMIT, "keys: too long", ERROR_NOWHERE, text);
}

static bool tell(const struct child *c, struct member *m, const struct session *s,
                 const struct member_work *work, struct error *err)
{
	struct wire_request *r = arena_take_array(s->world.arena, 1, struct wire_request, err);
	uint8_t *room = r ? arena_take(&m->locked, WIRE_FRAME_MAX, 1, err) : NULL;
	if (!room)
		return false;
	*r = (struct wire_request){.step = work->step,
	                           .threads = s->options.threads,
	                           .memory_limit = s->options.memory_limit,
	                           .timeout_ms = work->options->timeout_ms,
	                           .without_jail = work->options->without_jail,
	                           .never_closed = work->never_closed};
	return copy_text(r->record, sizeof r->record, work->options->record, err) &&
	       copy_text(r->home, sizeof r->home, work->options->home, err) &&
	       (!work->active || copy_text(r->active, sizeof r->active, work->active, err)) &&
	       wire_send_request(c->in, r, err) && wire_send_secrets(c->in, &work->secrets, room, err);
}

/* --- listening to it --- */

/* Stages are literals for whoever draws them; these are as good. */
static const char *stage_of(bytes name)
{
	static char known[STAGES_MAX][WIRE_STAGE_BYTES];
	for (size_t i = 0; i < STAGES_MAX; i++) {
		if (!known[i][0])
			memcpy(known[i], name.p, name.len);
		if (bytes_equal(bytes_of_text(known[i]), name))
			return known[i];
	}
	return "work";
}

/* What went wrong without stopping the work. */
static void show_notice(struct session *s, const struct error *what)
{
	char text[ERROR_DETAIL_BYTES + 256];
	error_describe(text, sizeof text, what);
	session_progress_break(s);
	fprintf(stderr, "%s: noticed: %s\n", s->command, text);
}

static bool take_error(struct session *s, const struct wire_report *r, struct error *err)
{
	static char what[WIRE_WHAT_BYTES]; /* one failure ends the command */
	memcpy(what, r->words, sizeof what);
	if (err) {
		*err = r->error;
		err->what = what;
	}
	return r->wrong_usage ? session_usage(s, false) : false;
}

static bool ended_early(struct child *c, struct error *err)
{
	struct child_status status;
	if (!child_wait(c, UINT64_MAX, &status, err))
		return false;
	return fail_detail(err, ERROR_IO, "keys: the key process ended without an answer",
	                   ERROR_NOWHERE, status.exited ? "" : strsignal(status.code));
}

/* Until it has something to say. Asked to stop, we only close its pipe: it ends cleanly, whoever
 * else got the signal as well. */
static bool wait_for_word(struct child *c, struct error *err)
{
	for (;;) {
		struct pollfd p[] = {{.fd = c->out, .events = POLLIN},
		                     {.fd = c->in < 0 ? -1 : host_stop_fd(), .events = POLLIN}};
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return fail_detail(err, ERROR_IO, "keys: cannot wait", ERROR_NOWHERE, strerror(errno));
		if (host_stop_requested() && c->in >= 0) {
			close(c->in);
			c->in = -1;
		}
		if (p[0].revents)
			return true;
	}
}

static bool listen_to(struct member_done *out, struct child *c, struct session *s,
                      struct error *err)
{
	uint8_t room[WIRE_FRAME_MAX];
	struct wire_report r;
	struct error end;
	for (;;) {
		if (!wait_for_word(c, err))
			return false;
		error_clear(&end);
		if (!wire_read_report(&r, c->out, room, &end))
			return ended_early(c, err);
		switch (r.kind) {
		case WIRE_PROGRESS:
			progress_report(s->world.progress, stage_of(r.stage), r.done, r.total);
			break;
		case WIRE_NOTICE:
			show_notice(s, &r.error);
			break;
		case WIRE_FAILED:
			return take_error(s, &r, err);
		case WIRE_DONE:
			out->index = r.index;
			out->eid = r.eid;
			out->data_len = r.data.len;
			memcpy(out->data, r.data.p, r.data.len);
			return true;
		}
	}
}

bool member_do(struct member_done *out, struct member *m, struct election *e,
               const struct member_work *work, struct error *err)
{
	struct session *s = e->session;
	struct child_status status;
	struct error unheard;
	struct child c;
	if (work->options->without_jail) {
		error_clear(&unheard);
		fail(&unheard, ERROR_UNAVAILABLE, "keys: the key process works without its jail",
		     ERROR_NOWHERE);
		show_notice(s, &unheard);
	}
	if (!start(&c, m, e, err))
		return false;
	error_clear(&unheard);
	/* What it could not be told it cannot do; why, it says itself if it still can. */
	bool told = tell(&c, m, s, work, &unheard), good;
	if (!told && unheard.kind != ERROR_IO) {
		*err = unheard;
		good = false;
	} else {
		good = listen_to(out, &c, s, err);
	}
	if (c.in >= 0)
		close(c.in);
	c.in = -1;
	if (good && !child_wait(&c, UINT64_MAX, &status, err))
		good = false;
	child_close(&c);
	return good;
}
