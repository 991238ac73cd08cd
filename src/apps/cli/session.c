/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/session.h"

#include "cli/command.h"
#include "cli/output.h"
#include "host/memory.h"
#include "host/pool.h"
#include "host/process.h"
#include "host/random.h"

#include <string.h>

bool session_open(struct session *s, const char *command, const struct common_options *options,
                  struct error *err)
{
	*s = (struct session){.command = command, .options = *options};
	if (!host_rng_new(&s->rng, err) || !host_workers_new(&s->threads.pool, options->threads, err) ||
	    !host_arena_new(&s->arena, (size_t)options->memory_limit, err) ||
	    !host_progress_new(&s->progress, options->progress, 2, host_clock(), err)) {
		session_close(s);
		return false;
	}
	stoppable_workers_init(&s->threads, s->threads.pool, host_stop_requested);
	s->world = (struct tally_world){s->rng, &s->threads.workers, &s->arena, s->progress};
	return true;
}

void session_progress_done(struct session *s)
{
	host_progress_free(s->progress);
	s->progress = s->world.progress = NULL;
}

void session_progress_break(struct session *s)
{
	session_progress_done(s);
	/* Without memory for a progress line there is none: every report allows NULL. */
	if (!host_progress_new(&s->progress, s->options.progress, 2, host_clock(), NULL))
		s->progress = NULL;
	s->world.progress = s->progress;
}

void session_close(struct session *s)
{
	session_progress_done(s);
	host_workers_free(s->threads.pool);
	host_arena_free(&s->arena);
	host_rng_free(s->rng);
	s->threads.pool = NULL;
	s->rng = NULL;
}

bool session_usage(struct session *s, bool good)
{
	s->wrong_usage = s->wrong_usage || !good;
	return good;
}

int session_run(const char *command, const struct common_options *options, session_fn *work,
                void *ctx)
{
	struct session s;
	struct error err;
	error_clear(&err);
	if (!session_open(&s, command, options, &err))
		return output_failure(options, command, &err);
	bool good = work(&s, ctx, &err);
	session_progress_done(&s);
	int code = good ? EXIT_YES : output_failure(options, command, &err);
	if (!good && s.wrong_usage)
		code = EXIT_USAGE;
	session_close(&s);
	return code;
}
