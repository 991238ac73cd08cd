/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The prover's state. What depends on no ballot comes first (permutation, u, A' …) and could be
 * made before there is a list: shuffle_offline.c; the rest is shuffle_online.c.
 *
 * All randomness of an element is indexed by where it is used, so that a block can draw it again
 * instead of keeping it:
 *   by output position i: s_i (ω of them; re-encryption), x_i, z_i, ε_i
 *   by input position j:  r_j (the commitment exponent of u_j)
 * π maps output to input positions: w'_i = w_π(i) + s_i·pk and u_π(i) = r_π(i)·G + h_i.
 */
#ifndef MIXNET_SHUFFLE_INTERNAL_H
#define MIXNET_SHUFFLE_INTERNAL_H

#include "hash/chacha20.h"
#include "mixnet/engine_internal.h"
#include "mixnet/shuffle.h"

enum draw { DRAW_PERMUTATION, DRAW_FEW, DRAW_R, DRAW_X, DRAW_Z, DRAW_EPSILON, DRAW_S };

/* A file in the making, in memory. */
struct kept_file {
	struct sink sink; /* first member */
	uint8_t *p;
	size_t len, room;
};

struct shuffle {
	const struct shuffle_job *job;
	size_t mark; /* of job->memory, before this */
	struct mix_generators generators;
	uint32_t width;
	uint64_t n;
	uint8_t seed[32];
	struct engine engine;
	struct transcript transcript;
	struct public_key pk;
	struct fixed_base h0;

	point *h;
	point *list;          /* 2ω columns of N */
	uint32_t *to_input;   /* π */
	uint32_t *to_output;  /* its inverse */
	secret_scalar *e;     /* e'_i = e_π(i), secret in this order */
	secret_scalar *y;     /* y_i = e'_0·…·e'_i */
	secret_scalar *rooms; /* one block of scalars twice per worker */
	point *partial;       /* per worker: a sum of a run */

	secret_scalar alpha, gamma, delta, phi[LIMIT_WIDTH];
	point a_prime, c_prime, d_prime, f_prime[2 * LIMIT_WIDTH];
	secret_scalar sum_r, sum_re, sum_se[LIMIT_WIDTH], last_x;
	struct oracle seed_oracle; /* G, h, u, pk, w, w' as they come */
	uint8_t proof_seed[HASH_MAX_BYTES];
	struct prg e_prg;
	scalar v;
	struct sink *sinks[4]; /* list, u, commitment, reply; while it is finished */
	struct kept_file u;    /* as it is written, in the room of the list, which comes later */
};

enum { SINK_LIST, SINK_U, SINK_COMMITMENT, SINK_REPLY };

/* The scalars of one use for a block that starts at a multiple of the engine's. */
bool shuffle_draw(const struct shuffle *s, enum draw use, unsigned component, uint64_t first,
                  scalar *out, size_t count, struct error *err) must_check;
unsigned shuffle_lane(const struct shuffle *s, const struct lane *lane);
/* A block's second and third buffer of secret scalars. */
secret_scalar *shuffle_room(const struct shuffle *s, const struct lane *lane, unsigned which);

bool shuffle_offline(struct shuffle *s, struct error *err) must_check;
bool shuffle_online(struct shuffle *s, struct error *err) must_check;
/* Σ ε_i·p_i over a whole array of points, constant time. */
void shuffle_partial_clear(struct shuffle *s);
void shuffle_partial_sum(const struct shuffle *s, point *out);

#endif
