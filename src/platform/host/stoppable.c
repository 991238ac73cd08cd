/* SPDX-License-Identifier: Apache-2.0 */
#include "host/stoppable.h"

struct stoppable_run {
	workers_fn *f;
	void *ctx;
	bool (*stopped)(void);
};

static bool run_block(void *ctx, size_t block, unsigned worker, struct error *err)
{
	const struct stoppable_run *r = ctx;
	if (r->stopped())
		return fail(err, ERROR_IO, "stopped on request", ERROR_NOWHERE);
	return r->f(r->ctx, block, worker, err);
}

static bool run_all(struct workers *w, size_t blocks, workers_fn *f, void *ctx, struct error *err)
{
	const struct stoppable_workers *s = (const struct stoppable_workers *)w;
	struct stoppable_run r = {f, ctx, s->stopped};
	return workers_run(s->pool, blocks, run_block, &r, err);
}

void stoppable_workers_init(struct stoppable_workers *s, struct workers *pool,
                            bool (*stopped)(void))
{
	*s = (struct stoppable_workers){{pool->count, run_all}, pool, stopped};
}
