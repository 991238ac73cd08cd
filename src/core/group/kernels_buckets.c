/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums of buckets by batches of affine additions. Each bucket's terms are added in pairs, round by
 * round, and its old value joins the first round that has a term left over: n terms cost n
 * additions. Rounds of different buckets run side by side: a generation of sums is the next round
 * of every bucket already begun, and buckets newly begun until there are enough to share an
 * inversion. So the sums on their way are few and stay in the caches.
 */
#include "group/kernels_internal.h"
#include "group/msm_internal.h"

_Static_assert(sizeof(struct affine) <= AFFINE_BYTES, "memory is taken for this size");

/* Jobs whose inputs are all there; twice the batch, so that the last bucket seldom cuts it. */
struct queue {
	struct sum_job *jobs;
	fe *before;
	size_t n;
};
#define QUEUE_ROOM ((size_t)2 * KERNEL_BATCH)

static struct queue queue_take(struct arena *scratch)
{
	return (struct queue){scratch_take_array(scratch, QUEUE_ROOM, struct sum_job),
	                      scratch_take_array(scratch, QUEUE_ROOM, fe), 0};
}

static void queue_flush(struct queue *q)
{
	if (q->n > 0)
		KERNEL(kernel_sum_jobs_vartime)(q->jobs, q->n, q->before);
	q->n = 0;
}

/* Where to write the next job. None between two flushes that are asked for reads what another one
 * of them writes. */
static struct sum_job *queue_next(struct queue *q)
{
	if (q->n == QUEUE_ROOM)
		queue_flush(q);
	return &q->jobs[q->n++];
}

static void queue_sum(struct queue *q, const struct affine *a, const struct affine *b,
                      struct affine *out)
{
	*queue_next(q) = (struct sum_job){.a = a, .b = b, .out = out};
}

/* The terms of one bucket in the current generation: consecutive sums of the one before. */
struct cluster {
	struct affine *bucket;
	uint32_t count;
	bool used; /* the bucket's old value is in one of the terms */
};

struct generations {
	struct queue queue;
	struct affine *in, *out; /* sums of the last generation and of this one */
	size_t out_used, room, jobs;
	struct cluster *waiting;
	size_t waiting_n;
};

/*
 * Sums out of one generation, n being the most terms of one bucket: while buckets are begun there
 * are less than KERNEL_BATCH jobs, each with one sum, and the copies of odd ones, at most one for
 * each job; then comes the last bucket. Where none is begun, there are fewer sums than before.
 */
static size_t sums_room(size_t n)
{
	return 2 * (size_t)KERNEL_BATCH + n / 2 + 1;
}

static struct generations generations_take(size_t n, struct arena *scratch)
{
	size_t room = sums_room(n);
	return (struct generations){
		.queue = queue_take(scratch),
		.in = scratch_take_array(scratch, room, struct affine),
		.out = scratch_take_array(scratch, room, struct affine),
		.room = room,
		.waiting = scratch_take_array(scratch, room, struct cluster),
	};
}

static struct affine *next_sum(struct generations *g)
{
	require(g->out_used < g->room);
	return &g->out[g->out_used++];
}

/* The first round of a bucket; refs: index and sign of its terms, at least one. */
static void begin_bucket(struct generations *g, struct affine *bucket, const struct affine *terms,
                         const uint16_t *refs, size_t count)
{
	const bool odd = count & 1;
	if (odd)
		*queue_next(&g->queue) = (struct sum_job){.a = bucket,
		                                          .b = &terms[refs[0] >> 1],
		                                          .negate_b = refs[0] & 1,
		                                          .out = count == 1 ? bucket : next_sum(g)};
	for (size_t i = odd; i < count; i += 2)
		*queue_next(&g->queue) = (struct sum_job){.a = &terms[refs[i] >> 1],
		                                          .negate_a = refs[i] & 1,
		                                          .b = &terms[refs[i + 1] >> 1],
		                                          .negate_b = refs[i + 1] & 1,
		                                          .out = next_sum(g)};
	g->jobs += (count + 1) / 2;
	if (count > 1)
		g->waiting[g->waiting_n++] = (struct cluster){bucket, (uint32_t)(count + 1) / 2, odd};
}

/* A later round; what is not the last waits for the next. */
static void continue_bucket(struct generations *g, struct cluster c, const struct affine *terms)
{
	const bool odd = c.count & 1, joins = odd && !c.used;
	const bool last = c.count <= 2 && (joins || c.used);
	if (joins)
		queue_sum(&g->queue, c.bucket, &terms[0], last ? c.bucket : next_sum(g));
	else if (odd)
		*next_sum(g) = terms[0];
	for (size_t i = odd; i < c.count; i += 2)
		queue_sum(&g->queue, &terms[i], &terms[i + 1], last ? c.bucket : next_sum(g));
	g->jobs += (c.count + joins) / 2;
	if (!last)
		g->waiting[g->waiting_n++] = (struct cluster){c.bucket, (c.count + 1) / 2, c.used || joins};
}

static void next_generation(struct generations *g)
{
	struct affine *in = g->out;
	const size_t n = g->waiting_n;
	queue_flush(&g->queue);
	g->out = g->in;
	g->in = in;
	g->out_used = g->waiting_n = g->jobs = 0;
	for (size_t i = 0; i < n; i++) {
		const struct cluster c = g->waiting[i];
		continue_bucket(g, c, in);
		in += c.count;
	}
}

/* A window's terms sorted, and its buckets listed by how many they have. */
#define LISTS 4u /* none, 1, 2, more: so that branches go the same way for long */
struct plan {
	uint16_t *refs, *ends; /* msm_sort */
	uint16_t *list[LISTS];
	size_t listed[LISTS];
};

static struct plan plan_take(size_t n, size_t half, struct arena *scratch)
{
	struct plan p = {.refs = scratch_take_array(scratch, n, uint16_t),
	                 .ends = scratch_take_array(scratch, half + 1, uint16_t)};
	for (unsigned i = 0; i < LISTS; i++)
		p.list[i] = scratch_take_array(scratch, half, uint16_t);
	return p;
}

static void plan_window(struct plan *p, const msm_digit *digits, size_t n, size_t half)
{
	msm_sort(p->refs, p->ends, digits, n, half);
	for (unsigned i = 0; i < LISTS; i++)
		p->listed[i] = 0;
	for (size_t j = 1; j <= half; j++) {
		const unsigned count = (unsigned)(p->ends[j] - p->ends[j - 1]);
		const unsigned i = count < LISTS - 1 ? count : LISTS - 1;
		p->list[i][p->listed[i]++] = (uint16_t)j;
	}
}

static void begin_listed(struct generations *g, const struct plan *p, unsigned list,
                         struct affine *buckets, const struct affine *terms)
{
	for (size_t k = 0; k < p->listed[list]; k++) {
		const size_t j = p->list[list][k], at = p->ends[j - 1], count = p->ends[j] - at;
		begin_bucket(g, &buckets[j - 1], terms, p->refs + at, count);
		while (g->jobs >= KERNEL_BATCH)
			next_generation(g);
	}
}

void KERNEL(kernel_bucket_terms_load)(struct affine *terms, size_t at, const point *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		affine_load(&terms[at + i], &p[i]);
}

void KERNEL(kernel_buckets_add_vartime)(struct affine *buckets, const struct msm_windows *w,
                                        const struct bucket_terms *t, struct arena *scratch)
{
	size_t mark = arena_mark(scratch);
	struct generations g = generations_take(t->n, scratch);
	struct plan p = plan_take(t->n, window_half(w, 0), scratch);
	for (unsigned i = 0; i < w->count; i++) {
		plan_window(&p, t->digits + i * t->room, t->n, window_half(w, i));
		for (unsigned list = 1; list < LISTS; list++)
			begin_listed(&g, &p, list, buckets + window_buckets(w, i), t->terms);
	}
	while (g.jobs > 0)
		next_generation(&g);
	arena_release(scratch, mark);
}

void KERNEL(kernel_buckets_merge_vartime)(struct affine *into, const struct affine *from, size_t n,
                                          struct arena *scratch)
{
	size_t mark = arena_mark(scratch);
	struct queue q = queue_take(scratch);
	for (size_t i = 0; i < n; i++)
		queue_sum(&q, &into[i], &from[i], &into[i]);
	queue_flush(&q);
	arena_release(scratch, mark);
}

/*
 * Σ j·B_j over j = 1 … 2^(w-1), by halving: with B'_i = B_{2i-1} + B_{2i} it is
 * 2·Σ i·B'_i - Σ B_{2i-1}. In place: B' takes the place of the even one; the odd ones of level l
 * stay at (2i + 1)·2^l - 1 (counted from 0) and are summed pairwise afterwards, all levels
 * together.
 */
static void collapse_level(struct queue *q, struct affine *b, size_t half, size_t step)
{
	for (size_t i = step; i < half; i += 2 * step)
		queue_sum(q, &b[i + step - 1], &b[i - 1], &b[i + step - 1]);
}

/* Sums of 1, 2, 4 … odd ones, gap apart. */
static void collapse_odd(struct queue *q, struct affine *b, size_t half, size_t gap)
{
	for (size_t step = 1; step * gap < half; step *= 2)
		for (size_t i = step; i + gap * step <= half; i += 2 * gap * step)
			queue_sum(q, &b[i - 1], &b[i + gap * step - 1], &b[i - 1]);
}

void KERNEL(kernel_buckets_collapse_vartime)(point *powers, struct affine *buckets,
                                             const struct msm_windows *w, struct arena *scratch)
{
	size_t mark = arena_mark(scratch), half = window_half(w, 0);
	struct queue q = queue_take(scratch);
	for (size_t step = 1; step < half; step *= 2) {
		for (unsigned i = 0; i < w->count; i++)
			collapse_level(&q, buckets + window_buckets(w, i), window_half(w, i), step);
		queue_flush(&q);
	}
	for (size_t gap = 2; gap < half; gap *= 2) {
		for (unsigned i = 0; i < w->count; i++)
			collapse_odd(&q, buckets + window_buckets(w, i), window_half(w, i), gap);
		queue_flush(&q);
	}
	for (unsigned i = 0; i < w->count; i++)
		for (unsigned bit = 0; bit < window_width(w, i); bit++) {
			struct affine sum = buckets[window_buckets(w, i) + ((size_t)1 << bit) - 1];
			if (bit + 1 < window_width(w, i))
				fe_neg(&sum.y, &sum.y);
			affine_store(powers++, &sum);
		}
	arena_release(scratch, mark);
}
