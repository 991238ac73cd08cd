/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/proof.h"

/* Equations per feeding of the multi-scalar multiplication. */
#define BLOCK 4096u
/* From this many equations down, one by one is no slower than a sum of their own. */
#define SMALL 16u
/* A bad range is cut into so many: if all of them are bad too, few sums were for nothing. */
#define CUTS 8u
#define CUTS_LEVELS 22u /* of 2^64 equations */

size_t proof_batch_scratch_bytes(size_t n)
{
	size_t room = n < BLOCK ? n : BLOCK;
	return GROUP_SCRATCH_BYTES + arena_room(msm_vartime_bytes(2 * (uint64_t)n)) + ARENA_ALIGN +
	       2 * arena_room(room * sizeof(point)) + 2 * arena_room(room * sizeof(scalar));
}

struct feed {
	point *commitments, *statements;
	scalar *weights_times_c;
};

static void feed_block(struct msm_vartime *m, scalar *sum_z, const struct feed *room,
                       const struct proof_equation *eq, const scalar *weights, size_t n,
                       struct arena *scratch)
{
	for (size_t i = 0; i < n; i++) {
		room->commitments[i] = eq[i].commitment;
		room->statements[i] = eq[i].statement;
		scalar_mul(&room->weights_times_c[i], &weights[i], &eq[i].c);
		scalar_mul_add(sum_z, &weights[i], &eq[i].z, sum_z);
	}
	msm_vartime_add(m, room->commitments, weights, n, 128, scratch);
	msm_vartime_add(m, room->statements, room->weights_times_c, n, 256, scratch);
}

/* Σ w_i·z_i·G = Σ w_i·A_i + Σ w_i·c_i·X_i */
static bool all_hold_vartime(const struct proof_equation *eq, const scalar *weights, size_t n,
                             struct arena *scratch)
{
	size_t mark = arena_mark(scratch), room = n < BLOCK ? n : BLOCK;
	struct msm_vartime *m = msm_vartime_new(scratch, 2 * (uint64_t)n, NULL);
	struct feed feed = {
		arena_take_array(scratch, room, point, NULL),
		arena_take_array(scratch, room, point, NULL),
		arena_take_array(scratch, room, scalar, NULL),
	};
	require(m && feed.commitments && feed.statements && feed.weights_times_c);
	scalar sum_z = scalar_zero;
	for (size_t i = 0; i < n; i += BLOCK)
		feed_block(m, &sum_z, &feed, eq + i, weights + i, n - i < BLOCK ? n - i : BLOCK, scratch);
	const point g = point_generator();
	point left, right;
	msm_vartime_finish(&right, m, scratch);
	point_mul_vartime(&left, &sum_z, &g);
	arena_release(scratch, mark);
	return point_equal(&left, &right);
}

static bool one_holds_vartime(const struct proof_equation *eq)
{
	return proof_check_log_vartime(&eq->commitment, &eq->c, &eq->statement, &eq->z, NULL);
}

/* Weights are the caller's own; a zero one would let anything pass. */
static void require_weights(const scalar *weights, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const uint64_t *w = weights[i].v;
		require((w[0] | w[1]) != 0 && (w[2] | w[3]) == 0);
	}
}

/* A range known to hold at least one bad equation, halved until it is small. */
struct range {
	size_t first, n;
};

bool proof_check_batch_vartime(const struct proof_equation *eq, const scalar *weights, size_t n,
                               struct arena *scratch, struct error *err)
{
	require_weights(weights, n);
	if (n == 0 || all_hold_vartime(eq, weights, n, scratch))
		return true;
	struct range bad = {0, n};
	while (bad.n > SMALL) {
		size_t half = bad.n / 2;
		if (all_hold_vartime(eq + bad.first, weights + bad.first, half, scratch)) {
			bad.first += half;
			half = bad.n - half;
		}
		bad.n = half;
	}
	while (bad.n > 1 && one_holds_vartime(&eq[bad.first])) {
		bad.first++;
		bad.n--;
	}
	return fail(err, ERROR_REJECTED, "proof: the equation does not hold", bad.first);
}

static size_t check_one_by_one(uint8_t *bad, const struct proof_equation *eq, size_t n)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++) {
		bad[i] = !one_holds_vartime(&eq[i]);
		count += bad[i];
	}
	return count;
}

/* Depth first: what waits at each level is what is left of one range's cuts. */
size_t proof_find_bad_vartime(uint8_t *bad, const struct proof_equation *eq, const scalar *weights,
                              size_t n, struct arena *scratch)
{
	struct range waiting[CUTS * CUTS_LEVELS];
	size_t depth = 0, count = 0;
	require_weights(weights, n);
	memset(bad, 0, n);
	waiting[depth++] = (struct range){0, n};
	while (depth > 0) {
		const struct range r = waiting[--depth];
		if (r.n <= SMALL) {
			count += check_one_by_one(bad + r.first, eq + r.first, r.n);
			continue;
		}
		if (all_hold_vartime(eq + r.first, weights + r.first, r.n, scratch))
			continue;
		size_t cut = (r.n + CUTS - 1) / CUTS;
		for (size_t at = 0; at < r.n; at += cut)
			waiting[depth++] = (struct range){r.first + at, r.n - at < cut ? r.n - at : cut};
	}
	return count;
}
