/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/report.h"

#include "host/clock.h"
#include "host/process.h"

#include <poll.h>
#include <pthread.h>
#include <string.h>

#define EVERY_MS 100u

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct {
	const char *stage;
	uint64_t done, total, sent_ms, tenth;
} last;

/* Whether it is worth a frame. Several threads report out of order: that is for who draws it. */
static bool is_due(const char *stage, uint64_t done, uint64_t total, uint64_t now)
{
	uint64_t tenth = total ? done / (total / 10 + 1) : 0;
	bool same = last.stage && strcmp(last.stage, stage) == 0 && last.total == total;
	return !same || done >= total || done < last.done || tenth != last.tenth ||
	       now - last.sent_ms >= EVERY_MS;
}

static void on_progress(struct progress *p, const char *stage, uint64_t done, uint64_t total)
{
	(void)p;
	pthread_mutex_lock(&lock);
	uint64_t now = clock_now_ms(host_clock());
	if (is_due(stage, done, total, now)) {
		struct wire_report r = {
			.kind = WIRE_PROGRESS, .stage = bytes_of_text(stage), .done = done, .total = total};
		require(r.stage.len < WIRE_STAGE_BYTES);
		last.stage = stage;
		last.done = done;
		last.total = total;
		last.tenth = total ? done / (total / 10 + 1) : 0;
		last.sent_ms = now;
		bool heard = wire_send_report(WIRE_TO, &r, NULL);
		(void)heard; /* a courtesy; whoever is gone ends us by the other pipe */
	}
	pthread_mutex_unlock(&lock);
}

struct progress *report_progress(void)
{
	static struct progress p = {on_progress};
	return &p;
}

static bool send_one(const struct wire_report *r)
{
	pthread_mutex_lock(&lock);
	bool heard = wire_send_report(WIRE_TO, r, NULL);
	pthread_mutex_unlock(&lock);
	return heard;
}

void report_notice(const struct error *what)
{
	struct wire_report r = {.kind = WIRE_NOTICE, .error = *what};
	bool heard = send_one(&r);
	(void)heard;
}

int report_done(unsigned index, const digest *eid, bytes data)
{
	struct wire_report r = {.kind = WIRE_DONE, .index = index, .eid = *eid, .data = data};
	return send_one(&r) ? 0 : 3;
}

int report_failed(const struct error *err, bool wrong_usage)
{
	struct wire_report r = {.kind = WIRE_FAILED, .error = *err, .wrong_usage = wrong_usage};
	return send_one(&r) ? 0 : 3;
}

bool report_stopped(void)
{
	struct pollfd p = {.fd = WIRE_FROM, .events = POLLIN};
	return host_stop_requested() || (poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR)));
}
