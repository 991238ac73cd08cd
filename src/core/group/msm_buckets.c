/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums of buckets by batches of affine additions: in every round each bucket's terms are added in
 * pairs, whatever buckets they belong to, so that all rounds of all buckets share inversions. The
 * bucket's old value joins the first round that has a term left over. n terms cost n additions.
 */
#include "group/msm_internal.h"

struct queue {
	struct sum_job *jobs;
	size_t n;
	struct arena *scratch;
};

static struct queue queue_take(struct arena *scratch)
{
	return (struct queue){scratch_take_array(scratch, KERNEL_BATCH, struct sum_job), 0, scratch};
}

static void queue_flush(struct queue *q)
{
	if (q->n > 0)
		group_backend()->sum_jobs_vartime(q->jobs, q->n, q->scratch);
	q->n = 0;
}

/* out may be an a or b of its own job; no job of a round reads what another one writes */
static void queue_push(struct queue *q, struct sum_job job)
{
	q->jobs[q->n++] = job;
	if (q->n == KERNEL_BATCH)
		queue_flush(q);
}

/* The terms of one bucket in the current round: consecutive sums of the round before. */
struct cluster {
	uint32_t bucket, count;
	bool used; /* the bucket's old value is in one of the terms */
};

struct round {
	const point *points;  /* terms: by reference in the first round, else consecutive */
	const uint32_t *refs; /* NULL after the first round */
	point *sums;          /* where this round's sums go */
	size_t sums_used;
};

static const point *term(uint32_t *negative, const struct round *r, size_t i)
{
	if (!r->refs) {
		*negative = 0;
		return &r->points[i];
	}
	*negative = r->refs[i] & 1;
	return &r->points[r->refs[i] >> 1];
}

/* One round of one bucket whose terms begin at `at`; false when its sum is in the bucket. */
static bool cluster_round(struct queue *q, struct round *r, struct cluster *c, size_t at,
                          point *bucket)
{
	struct sum_job job;
	size_t i = 0;
	bool odd = c->count & 1, joins = odd && !c->used, last = c->count <= 2 && (joins || c->used);
	if (joins) {
		job = (struct sum_job){.a = bucket, .out = last ? bucket : &r->sums[r->sums_used++]};
		job.b = term(&job.negate_b, r, at);
		queue_push(q, job);
		i = 1;
	} else if (odd) {
		r->sums[r->sums_used++] = r->points[at]; /* never in the first round: used is false */
		i = 1;
	}
	for (; i < c->count; i += 2) {
		job.a = term(&job.negate_a, r, at + i);
		job.b = term(&job.negate_b, r, at + i + 1);
		job.out = last ? bucket : &r->sums[r->sums_used++];
		queue_push(q, job);
	}
	c->count = (c->count + 1) / 2;
	c->used = c->used || joins;
	return !last;
}

void buckets_add(const struct bucket_terms *t, struct arena *scratch)
{
	size_t mark = arena_mark(scratch), clusters = 0, total = t->ends[t->buckets_count - 1];
	/* 3 terms make 2 sums at worst (1 joins the bucket's value), 5 make 2 in the second round */
	point *sums[2] = {scratch_take_array(scratch, total * 2 / 3 + 1, point),
	                  scratch_take_array(scratch, total / 2 + 1, point)};
	struct cluster *c = scratch_take_array(scratch, total, struct cluster);
	struct queue q = queue_take(scratch);
	struct round r = {.points = t->points, .refs = t->refs, .sums = sums[0]};
	for (size_t b = 0, at = 0; b < t->buckets_count; at = t->ends[b++]) {
		c[clusters] = (struct cluster){(uint32_t)b, t->ends[b] - (uint32_t)at, false};
		if (t->ends[b] > at && cluster_round(&q, &r, &c[clusters], at, &t->buckets[b]))
			clusters++;
	}
	queue_flush(&q);
	for (unsigned next = 1; clusters > 0; next ^= 1) {
		size_t at = 0, kept = 0;
		r = (struct round){.points = sums[next ^ 1], .sums = sums[next]};
		for (size_t i = 0; i < clusters; i++) {
			struct cluster now = c[i];
			size_t count = now.count;
			if (cluster_round(&q, &r, &now, at, &t->buckets[now.bucket]))
				c[kept++] = now;
			at += count;
		}
		queue_flush(&q);
		clusters = kept;
	}
	arena_release(scratch, mark);
}

void buckets_merge(point *into, const point *from, size_t n, struct arena *scratch)
{
	size_t mark = arena_mark(scratch);
	struct queue q = queue_take(scratch);
	for (size_t i = 0; i < n; i++)
		if (!point_is_infinity(&from[i]))
			queue_push(&q, (struct sum_job){.a = &into[i], .b = &from[i], .out = &into[i]});
	queue_flush(&q);
	arena_release(scratch, mark);
}

/*
 * Σ j·B_j over j = 1 … 2^(w-1), by halving: with B'_i = B_{2i-1} + B_{2i} it is
 * 2·Σ i·B'_i - Σ B_{2i-1}. In place: B' takes the place of the even one; the odd ones of level l
 * stay at (2i + 1)·2^l - 1 (counted from 0) and are summed pairwise afterwards, all levels
 * together.
 */
void buckets_collapse(point *powers, struct msm_vartime *m, struct arena *scratch)
{
	size_t mark = arena_mark(scratch);
	struct queue q = queue_take(scratch);
	for (size_t step = 1; step < m->half; step *= 2) {
		for (size_t w = 0; w < m->windows; w++)
			for (size_t i = step; i < m->half; i += 2 * step) {
				point *odd = &m->buckets[w * m->half + i - 1], *even = odd + step;
				queue_push(&q, (struct sum_job){.a = even, .b = odd, .out = even});
			}
		queue_flush(&q);
	}
	for (size_t gap = 2; gap < m->half; gap *= 2) { /* sums of 1, 2, 4 … odd ones, gap apart */
		for (size_t w = 0; w < m->windows; w++)
			for (size_t step = 1; step * gap < m->half; step *= 2)
				for (size_t i = step; i + gap * step <= m->half; i += 2 * gap * step) {
					point *a = &m->buckets[w * m->half + i - 1], *b = a + gap * step;
					queue_push(&q, (struct sum_job){.a = a, .b = b, .out = a});
				}
		queue_flush(&q);
	}
	for (size_t w = 0; w < m->windows; w++)
		for (size_t i = 0; i < m->width; i++) {
			point *sum = &m->buckets[w * m->half + ((size_t)1 << i) - 1];
			if (i + 1 < m->width)
				point_neg(&powers[w * m->width + i], sum);
			else
				powers[w * m->width + i] = *sum;
		}
	arena_release(scratch, mark);
}
