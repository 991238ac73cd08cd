/* SPDX-License-Identifier: Apache-2.0 */
#include "host/pool.h"

#include "base/limits.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct job {
	workers_fn *f;
	void *ctx;
	size_t blocks;
};

struct pool;
struct thread {
	struct pool *pool;
	pthread_t id;
	unsigned number;
};

struct pool {
	struct workers workers;   /* first member */
	pthread_mutex_t run_lock; /* held for a whole run: runs follow one after the other */
	pthread_mutex_t lock;     /* of everything below but `next` and `failed_block` */
	pthread_cond_t start, end;
	struct job job;
	uint64_t round; /* which job; threads sleep until it changes */
	unsigned busy;  /* threads still in this round */
	bool closing;
	atomic_size_t next;         /* the next block nobody has taken */
	atomic_size_t failed_block; /* lowest so far, SIZE_MAX = none */
	struct error error;         /* of failed_block */
	struct thread threads[];    /* count - 1 */
};

/* True in a thread while it executes a block, of whatever pool. */
static _Thread_local bool in_block;

static void note_failure(struct pool *p, size_t block, const struct error *err)
{
	pthread_mutex_lock(&p->lock);
	if (block < atomic_load(&p->failed_block)) {
		atomic_store(&p->failed_block, block);
		p->error = *err;
	}
	pthread_mutex_unlock(&p->lock);
}

/*
 * Blocks are taken in ascending order, and a taken block below the lowest failure is always
 * executed: the failure left at the end is the lowest there is, in every order of events.
 */
static void work(struct pool *p, struct job job, unsigned worker)
{
	in_block = true;
	for (;;) {
		size_t block = atomic_fetch_add(&p->next, 1);
		if (block >= job.blocks || block > atomic_load(&p->failed_block))
			break;
		struct error err;
		error_clear(&err);
		if (job.f(job.ctx, block, worker, &err))
			continue;
		if (err.kind == ERROR_NONE)
			fail(&err, ERROR_BUG, "workers: a block failed without saying why", block);
		note_failure(p, block, &err);
	}
	in_block = false;
}

static void *thread_main(void *arg)
{
	struct thread *t = arg;
	struct pool *p = t->pool;
	uint64_t seen = 0;
	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (p->round == seen && !p->closing)
			pthread_cond_wait(&p->start, &p->lock);
		if (p->closing)
			break;
		seen = p->round;
		struct job job = p->job;
		pthread_mutex_unlock(&p->lock);
		work(p, job, t->number);
		pthread_mutex_lock(&p->lock);
		if (--p->busy == 0)
			pthread_cond_signal(&p->end);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static bool run(struct workers *w, size_t blocks, workers_fn *f, void *ctx, struct error *err)
{
	struct pool *p = (struct pool *)w;
	if (in_block)
		return fail(err, ERROR_BUG, "workers: a block must not start a run", ERROR_NOWHERE);
	if (blocks == 0)
		return true;
	pthread_mutex_lock(&p->run_lock);
	pthread_mutex_lock(&p->lock);
	p->job = (struct job){f, ctx, blocks};
	struct job job = p->job;
	atomic_store(&p->next, 0);
	atomic_store(&p->failed_block, SIZE_MAX);
	bool alone = blocks == 1 || w->count == 1;
	if (!alone) {
		p->round++;
		p->busy = w->count - 1;
		pthread_cond_broadcast(&p->start);
	}
	pthread_mutex_unlock(&p->lock);
	work(p, job, 0);
	pthread_mutex_lock(&p->lock);
	while (!alone && p->busy > 0)
		pthread_cond_wait(&p->end, &p->lock);
	bool ok = atomic_load(&p->failed_block) == SIZE_MAX;
	if (!ok && err)
		*err = p->error;
	pthread_mutex_unlock(&p->lock);
	pthread_mutex_unlock(&p->run_lock);
	return ok;
}

unsigned host_cpus(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
	return n < 1 ? 1 : (unsigned)n < LIMIT_WORKERS ? (unsigned)n : LIMIT_WORKERS;
}

/* Ends the first `started` threads and the pool. */
static void close_pool(struct pool *p, unsigned started)
{
	pthread_mutex_lock(&p->lock);
	p->closing = true;
	pthread_cond_broadcast(&p->start);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < started; i++)
		pthread_join(p->threads[i].id, NULL);
	pthread_cond_destroy(&p->start);
	pthread_cond_destroy(&p->end);
	pthread_mutex_destroy(&p->lock);
	pthread_mutex_destroy(&p->run_lock);
	free(p);
}

bool host_workers_new(struct workers **out, unsigned count, struct error *err)
{
	*out = NULL;
	if (count > LIMIT_WORKERS)
		return fail(err, ERROR_LIMIT, "workers: more than LIMIT_WORKERS", LIMIT_WORKERS);
	if (count == 0)
		count = host_cpus();
	struct pool *p = calloc(1, sizeof *p + (count - 1) * sizeof p->threads[0]);
	if (!p)
		return fail(err, ERROR_IO, "workers: out of memory", ERROR_NOWHERE);
	p->workers = (struct workers){count, run};
	pthread_mutex_init(&p->run_lock, NULL);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->start, NULL);
	pthread_cond_init(&p->end, NULL);
	for (unsigned i = 0; i + 1 < count; i++) {
		p->threads[i] = (struct thread){.pool = p, .number = i + 1};
		int code = pthread_create(&p->threads[i].id, NULL, thread_main, &p->threads[i]);
		if (code != 0) {
			close_pool(p, i);
			return fail_detail(err, ERROR_IO, "workers: a thread cannot be made", i + 1,
			                   strerror(code));
		}
	}
	*out = &p->workers;
	return true;
}

void host_workers_free(struct workers *w)
{
	if (w)
		close_pool((struct pool *)w, w->count - 1);
}
