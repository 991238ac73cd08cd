/* SPDX-License-Identifier: Apache-2.0 */
#include "host/progress.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define REDRAW_MS 100u
#define LINE_BYTES 512u

struct host_progress {
	struct progress progress; /* first member */
	pthread_mutex_t lock;
	struct clock *clock;
	int fd;
	bool bars; /* else plain lines */
	struct progress_state shown;
	uint64_t began_ms, drawn_ms;
	uint64_t tenth; /* plain: the last tenth that was written */
	bool open;      /* bars: a line stands without its end */
};

static void write_all(int fd, const char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return; /* progress is a courtesy; the work goes on */
		p += n;
		len -= (size_t)n;
	}
}

static unsigned terminal_columns(int fd)
{
	struct winsize w;
	bool known = ioctl(fd, TIOCGWINSZ, &w) == 0 && w.ws_col > 0;
	unsigned columns = known ? w.ws_col : 80;
	/* Not the last column: some terminals begin a new line there. */
	return (columns < LINE_BYTES / 2 ? columns : LINE_BYTES / 2) - 1;
}

static void draw(struct host_progress *p)
{
	char room[LINE_BYTES];
	struct text t = TEXT_OF(room);
	if (p->bars)
		text_add(&t, "\r\033[K");
	progress_render(&t, &p->shown, p->bars ? terminal_columns(p->fd) : 79);
	if (!p->bars)
		text_add(&t, "\n");
	write_all(p->fd, room, t.len);
	p->open = p->bars;
}

static void end_line(struct host_progress *p)
{
	if (p->open)
		write_all(p->fd, "\n", 1);
	p->open = false;
}

static bool due(struct host_progress *p, bool new_stage, uint64_t now)
{
	const struct progress_state *s = &p->shown;
	bool finished = s->done >= s->total;
	if (p->bars)
		return new_stage || finished || now - p->drawn_ms >= REDRAW_MS;
	uint64_t tenth = finished ? 10 : s->done / (s->total / 10 + 1);
	bool is_due = new_stage || tenth > p->tenth;
	p->tenth = new_stage || tenth > p->tenth ? tenth : p->tenth;
	return is_due;
}

static void report(struct progress *progress, const char *stage, uint64_t done, uint64_t total)
{
	struct host_progress *p = (struct host_progress *)progress;
	pthread_mutex_lock(&p->lock);
	uint64_t now = clock_now_ms(p->clock);
	const struct progress_state *s = &p->shown;
	bool same = s->stage && strcmp(s->stage, stage) == 0, finished = s->done >= s->total;
	/* Several threads report out of order. A finished stage that reports a small part of its work
	 * is done once more (for the next list), not late. */
	bool again = same && finished && (total != s->total || done <= total / 2);
	bool new_stage = !same || again, late = !new_stage && (finished || done < s->done);
	if (!late) {
		if (new_stage) {
			end_line(p);
			p->began_ms = now;
		}
		p->shown = (struct progress_state){stage, done, total, now - p->began_ms};
		if (due(p, new_stage, now)) {
			draw(p);
			p->drawn_ms = now;
		}
		if (done >= total)
			end_line(p);
	}
	pthread_mutex_unlock(&p->lock);
}

static void report_nothing(struct progress *progress, const char *stage, uint64_t done,
                           uint64_t total)
{
	(void)progress;
	(void)stage;
	(void)done;
	(void)total;
}

bool host_progress_new(struct progress **out, enum progress_mode mode, int fd, struct clock *clock,
                       struct error *err)
{
	*out = NULL;
	struct host_progress *p = calloc(1, sizeof *p);
	if (!p)
		return fail(err, ERROR_IO, "progress: out of memory", ERROR_NOWHERE);
	p->clock = clock;
	p->fd = fd;
	p->bars = mode == PROGRESS_AUTO && isatty(fd);
	bool quiet = mode == PROGRESS_QUIET || (mode == PROGRESS_AUTO && !p->bars);
	p->progress.report = quiet ? report_nothing : report;
	pthread_mutex_init(&p->lock, NULL);
	*out = &p->progress;
	return true;
}

void host_progress_free(struct progress *progress)
{
	if (!progress)
		return;
	struct host_progress *p = (struct host_progress *)progress;
	end_line(p);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
