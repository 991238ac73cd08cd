/* SPDX-License-Identifier: Apache-2.0 */
/* What does not depend on the ballots: h, π, u, A', C', D'. */
#include "mixnet/shuffle_internal.h"

#include "base/ct.h"

/* floor(r·bound / 2^128) for 128 fresh bits r and a bound < 2^32: without a rejection, whose number
 * of tries would tell. The bias is below bound / 2^128. */
static bool draw_below(struct rng *rng, uint64_t bound, uint64_t *out, struct error *err)
{
	uint8_t raw[16];
	uint64_t carry = 0;
	if (!rng_fill(rng, raw, sizeof raw, err))
		return false;
	for (size_t word = 4; word-- > 0;)
		carry = (load_be32(raw + 4 * word) * bound + carry) >> 32;
	*out = carry;
	wipe(raw, sizeof raw);
	return true;
}

/* Fisher and Yates. */
static bool draw_permutation(struct shuffle *s, struct error *err)
{
	struct chacha_rng child;
	chacha_rng_derive(&child, s->seed, DRAW_PERMUTATION, 0);
	bool ok = true;
	for (uint64_t i = 0; i < s->n; i++)
		s->to_input[i] = (uint32_t)i;
	for (uint64_t i = s->n; ok && i > 1; i--) {
		uint64_t at = 0;
		ok = draw_below(&child.rng, i, &at, err);
		uint32_t kept = s->to_input[i - 1];
		s->to_input[i - 1] = s->to_input[at];
		s->to_input[at] = kept;
	}
	chacha_rng_wipe(&child);
	for (uint64_t i = 0; i < s->n; i++)
		s->to_output[s->to_input[i]] = (uint32_t)i;
	return ok;
}

static bool draw_few(struct shuffle *s, struct error *err)
{
	scalar few[3 + LIMIT_WIDTH];
	if (!shuffle_draw(s, DRAW_FEW, 0, 0, few, 3 + LIMIT_WIDTH, err))
		return false;
	s->alpha.secret = few[0];
	s->gamma.secret = few[1];
	s->delta.secret = few[2];
	for (uint32_t c = 0; c < s->width; c++)
		s->phi[c].secret = few[3 + c];
	wipe(few, sizeof few);
	return true;
}

/* u_j = r_j·G + h_i for the i that π sends to j; Σ r_j on the way. */
static bool u_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	const struct shuffle *s = ctx;
	secret_scalar *r = shuffle_room(s, lane, 0);
	if (!shuffle_draw(s, DRAW_R, 0, b->first, &r->secret, b->count, err))
		return false;
	for (size_t i = 0; i < b->count; i++) {
		lane->points[i] = s->h[s->to_output[b->first + i]];
		scalar_add(&lane->sum, &lane->sum, &r[i].secret);
	}
	fixed_base_mul_add(lane->points, &s->pk.g_table, r, lane->points, b->count, &lane->scratch);
	points_encode_tree(b->out, lane->points, b->count);
	return true;
}

static bool write_u(struct shuffle *s, struct error *err)
{
	struct outlet to = {&s->u.sink, &s->seed_oracle};
	uint8_t header[TREE_HEADER_BYTES];
	bytes head = bytes_of(header, tree_put_node(header, (uint32_t)s->n));
	lanes_clear(&s->engine);
	if (!outlet_put(&to, head, err) ||
	    !engine_write(&s->engine, &to, s->n, POINT_TREE_BYTES, u_block, s, err))
		return false;
	s->sum_r.secret = lanes_sum(&s->engine);
	return true;
}

static bool a_prime_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	const struct shuffle *s = ctx;
	secret_scalar *epsilon = shuffle_room(s, lane, 0);
	if (!shuffle_draw(s, DRAW_EPSILON, 0, b->first, &epsilon->secret, b->count, err))
		return false;
	msm(&s->partial[shuffle_lane(s, lane)], epsilon, s->h + b->first, b->count, &lane->scratch);
	return true;
}

/* A' = α·G + Σ ε_i·h_i, C' = γ·G, D' = δ·G */
static bool commit_offline(struct shuffle *s, struct error *err)
{
	struct arena *scratch = &s->engine.lanes[0].scratch;
	shuffle_partial_clear(s);
	if (!engine_run(&s->engine, s->n, a_prime_block, s, err))
		return false;
	shuffle_partial_sum(s, &s->a_prime);
	fixed_base_mul_add(&s->a_prime, &s->pk.g_table, &s->alpha, &s->a_prime, 1, scratch);
	fixed_base_mul(&s->c_prime, &s->pk.g_table, &s->gamma, 1, scratch);
	fixed_base_mul(&s->d_prime, &s->pk.g_table, &s->delta, 1, scratch);
	return true;
}

bool shuffle_offline(struct shuffle *s, struct error *err)
{
	point g = point_generator();
	progress_report(s->job->progress, "preparing", 0, 3);
	if (!draw_permutation(s, err) || !draw_few(s, err) ||
	    !generators_fill(&s->engine, s->h, s->n, &s->transcript, err) ||
	    !fixed_base_init(&s->h0, &s->h[0], s->job->memory, &s->engine.lanes[0].scratch, err))
		return false;
	progress_report(s->job->progress, "preparing", 1, 3);
	oracle_begin_seed(&s->seed_oracle, &s->transcript);
	oracle_node(&s->seed_oracle, 6);
	oracle_point(&s->seed_oracle, &g);
	oracle_points(&s->seed_oracle, s->h, s->n);
	if (!write_u(s, err))
		return false;
	progress_report(s->job->progress, "preparing", 2, 3);
	if (!commit_offline(s, err))
		return false;
	progress_report(s->job->progress, "preparing", 3, 3);
	return true;
}
