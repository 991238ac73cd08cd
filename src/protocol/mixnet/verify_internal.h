/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verifier's state, in the order its steps fill it: layout and key, hashes, weights, sums.
 */
#ifndef MIXNET_VERIFY_INTERNAL_H
#define MIXNET_VERIFY_INTERNAL_H

#include "mixnet/decryption.h"
#include "mixnet/engine_internal.h"
#include "mixnet/verify.h"

/*
 * Random weights: each equation has its own, each element of an equation with an instance per
 * element too. `only` leaves one equation of one party, and of its elements those in [lo, hi).
 */
struct weights {
	uint8_t master[32];
	bool only;
	enum mix_check check;
	unsigned party;
	uint64_t lo, hi;
};

/* t_0, t_1, … of one equation with an instance per element. */
struct stream {
	struct prg prg;
	uint64_t lo, hi, at;
	bool on;
};

bool weight_on(const struct weights *w, enum mix_check check, unsigned party);
scalar weight_of(const struct weights *w, enum mix_check check, unsigned party, unsigned component);
struct stream stream_of(const struct weights *w, enum mix_check check, unsigned party,
                        unsigned component);
void stream_seek(struct stream *s, uint64_t index);
scalar stream_next(struct stream *s);

/* What pass 1 leaves of one shuffle. With pre-computation `e`, `v` belong to PoSC. */
struct shuffle_hashes {
	struct prg e, consistent_e;
	scalar v, consistent_v;
};

struct verifier {
	const struct mix_verify_job *job;
	const struct mix_session *session;
	struct folder *folder;
	struct mix_layout layout;
	struct mix_key key;
	struct transcript transcript;
	struct engine engine;
	unsigned order[LIMIT_PARTIES]; /* who shuffled, in order */
	size_t shuffles;
	unsigned after; /* the party whose list is the input; 0: Ciphertexts.bt */
	bool decrypts;

	const point *h;   /* max(N, N_0) */
	scalar *h_factor; /* what h_i is multiplied with */
	scalar *e, *k;    /* the batching integers and k_E in use, see verify_pass.c */
	scalar e_product;
	uint8_t *keep;       /* N_0 flags of the party in use; only with pre-computation */
	uint64_t *keep_rank; /* how many are kept before each block */
	uint64_t h_count;

	struct shuffle_hashes hashes[LIMIT_PARTIES + 1];
	struct prg decryption_e;
	scalar decryption_v, mu_inverse;
	bool correct[LIMIT_PARTIES + 1];
	scalar lagrange[LIMIT_PARTIES + 1], reply[LIMIT_PARTIES + 1];

	struct weights weights;
	scalar g_factor, y_factor;
	point few[64]; /* points that come one by one */
	scalar few_factors[64];
	size_t few_count;
	bool found; /* something is wrong; err has the first */
};

struct mix_path verifier_list(const struct verifier *v, size_t index); /* 0: the input list */
bool verifier_open(const struct verifier *v, enum mix_file file, unsigned party,
                   struct source **out, struct error *err) must_check;
/* Pass 1: every hash, the batching generators and challenges, the weights. */
bool verifier_hash(struct verifier *v, struct error *err) must_check;
/* The flags of KeepListNN.bt into v->keep. */
bool verifier_read_keep(struct verifier *v, unsigned party, struct error *err) must_check;
bool verifier_read_correct(struct verifier *v, struct error *err) must_check;
/* Pass 2 under v->weights: whether the weighted sum of all equations is zero. */
bool verifier_sum(struct verifier *v, bool *zero, struct error *err) must_check;
/* Parts of it. */
void sum_point(struct verifier *v, const point *p, const scalar *factor);
void sum_few(struct verifier *v);
void scalar_add_product(scalar *inout, const scalar *a, const scalar *b);
void scalar_sub_product(scalar *inout, const scalar *a, const scalar *b);
enum part { PART_POS, PART_POSC, PART_CCPOS };
bool sum_shuffle(struct verifier *v, enum part part, unsigned party, struct error *err) must_check;
bool sum_decryption(struct verifier *v, struct error *err) must_check;
bool read_replies(struct verifier *v, struct error *err) must_check;

/* A column of points, each with the factor constant + e·e_i + k·k_i + t_factor·t_i. */
struct form {
	scalar constant, e, k, t_factor;
	struct stream t;
};
void form_clear(struct form *f);
bool sum_column(struct verifier *v, struct source *s, const struct form *f,
                struct error *err) must_check;
/* Whether a column that has only zero factors may be passed over: not in the first pass, which
 * also checks that all points are points. */
bool may_skip(const struct verifier *v, bool weighted);

/* Adds a finding; err keeps the first. */
void verifier_found(struct verifier *v, enum mix_check check, unsigned party, uint64_t at,
                    struct error *err);
/* Names the equations that do not hold. */
bool verifier_name_culprits(struct verifier *v, struct error *err) must_check;

#endif
