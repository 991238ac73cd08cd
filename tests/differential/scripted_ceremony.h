/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ceremony written from its format by one who has all identity keys: who is absent, who opens
 * falsely, accuses, answers; and, for records that must be refused, any message altered before or
 * after it is signed, with everything later made to fit. For one test program. Include support.h
 * first.
 */
#ifndef DIFFERENTIAL_SCRIPTED_CEREMONY_H
#define DIFFERENTIAL_SCRIPTED_CEREMONY_H

#include "hash/bytetree.h"
#include "hash/tagged.h"
#include "unit/protocol/record/urn.h"

#include <stdio.h>

#define SCRIPT_MESSAGE_MAX 9000u
#define SCRIPT_ROUNDS 7u

enum { SCRIPT_FINE, SCRIPT_ACCUSED, SCRIPT_UNOPENED };

struct script_dealer {
	unsigned coefficients;
	scalar f[LIMIT_PARTIES];
	point c[LIMIT_PARTIES], a;
	scalar z;
	uint8_t salt[32];
};

/* A message before it is signed. */
struct script_message {
	unsigned attempt, round, party, signer;
	const char *magic;
	digest d;
	uint8_t content[SCRIPT_MESSAGE_MAX];
	size_t len; /* 0: it is not written */
};

struct script {
	struct urn *u;
	unsigned attempt, n, t;
	unsigned rounds;           /* how far it goes: SCRIPT_ROUNDS when it is whole */
	bool present[URN_PARTIES]; /* in rounds 0 to 2 */
	bool opens[URN_PARTIES];   /* in round 3: else nothing is there, and all call it 2 */
	bool accuses[URN_PARTIES][URN_PARTIES]; /* party, dealer */
	bool answers[URN_PARTIES];              /* dealers with accusers */
	struct script_dealer dealer[URN_PARTIES];
	void (*deal)(struct script *s);                          /* may be NULL, like the others */
	void (*say)(struct script *s, struct script_message *m); /* before it is signed */
	void (*signed_as)(struct script *s, unsigned round, unsigned party); /* the file */
	struct {
		uint8_t b[SCRIPT_MESSAGE_MAX];
		size_t len;
	} file[SCRIPT_ROUNDS][URN_PARTIES];
	bool qualified[URN_PARTIES]; /* follows from the above unless forced */
	bool forced;
};

static inline bytes script_file(const struct script *s, unsigned round, unsigned i)
{
	return bytes_of(s->file[round][i].b, s->file[round][i].len);
}

/* --- trees --- */

static inline void script_points(struct tree_writer *w, const point *p, unsigned n)
{
	uint8_t tree[POINT_TREE_BYTES];
	for (unsigned i = 0; i < n; i++) {
		points_encode_tree(tree, &p[i], 1);
		tree_write_raw(w, BYTES_OF(tree));
	}
}

static inline void script_scalar(struct tree_writer *w, const scalar *x)
{
	uint8_t tree[SCALAR_TREE_BYTES];
	scalars_encode_tree(tree, x, 1);
	tree_write_raw(w, BYTES_OF(tree));
}

/* --- dealing --- */

static inline scalar script_share(const struct script_dealer *d, unsigned j)
{
	scalar power = scalar_one, sum = scalar_zero, at = scalar_of_u64(j);
	for (unsigned k = 0; k < d->coefficients; k++) {
		scalar_mul_add(&sum, &d->f[k], &power, &sum);
		scalar_mul(&power, &power, &at);
	}
	return sum;
}

/* The points of f, and the proof that f[0] is known, as party `as`. */
static inline void script_commit(struct script *s, unsigned i, unsigned as, const scalar *nonce)
{
	struct script_dealer *d = &s->dealer[i];
	uint8_t room[SCRIPT_MESSAGE_MAX], wide[TAGGED_CHALLENGE_BYTES];
	struct tree_writer w = TREE_WRITER(room);
	const point g = point_generator();
	struct hash h;
	scalar challenge;
	for (unsigned k = 0; k < d->coefficients; k++)
		point_mul_vartime(&d->c[k], &d->f[k], &g);
	point_mul_vartime(&d->a, nonce, &g);
	tree_write_node(&w, d->coefficients);
	script_points(&w, d->c, d->coefficients);
	script_points(&w, &d->a, 1);
	tagged_challenge_init(&h, "pop", 6);
	tree_hash_leaf(&h, BYTES_OF(s->u->manifest->d.b));
	tree_hash_u32(&h, s->attempt);
	tree_hash_u32(&h, as);
	tree_hash_leaf(&h, BYTES_OF(s->u->identity[as - 1].pub));
	hash_update(&h, tree_written(&w));
	tagged_challenge_finish(&h, wide);
	scalar_reduce(&challenge, wide, sizeof wide);
	scalar_mul_add(&d->z, &challenge, &d->f[0], nonce);
}

static inline void script_recommit(struct script *s, unsigned i)
{
	struct error e;
	scalar nonce;
	error_clear(&e);
	assert_ok(scalar_random(&nonce, test_rng(), &e), e);
	script_commit(s, i, i + 1, &nonce);
}

/* Everybody present, honest and heard. */
static inline void script_begin(struct script *s, struct urn *of, unsigned attempt)
{
	struct error e;
	memset(s, 0, sizeof *s);
	error_clear(&e);
	s->u = of;
	s->attempt = attempt;
	s->n = of->manifest->authorities_count;
	s->t = of->manifest->threshold;
	s->rounds = SCRIPT_ROUNDS;
	for (unsigned i = 0; i < s->n; i++) {
		s->present[i] = s->opens[i] = s->answers[i] = true;
		s->dealer[i].coefficients = s->t;
		assert_ok(scalars_random(s->dealer[i].f, LIMIT_PARTIES, test_rng(), &e), e);
		assert_ok(rng_fill(test_rng(), s->dealer[i].salt, 32, &e), e);
		script_recommit(s, i);
	}
}

static inline unsigned script_accusers(const struct script *s, unsigned dealer)
{
	unsigned count = 0;
	for (unsigned i = 0; i < s->n; i++)
		count += s->opens[i] && s->present[i] && s->accuses[i][dealer];
	return count;
}

static inline bool script_opened(const struct script *s, unsigned i)
{
	return s->present[i] && s->opens[i];
}

/* --- what is said --- */

static inline void script_committed(struct tree_writer *w, const struct script_dealer *d)
{
	tree_write_node(w, d->coefficients);
	script_points(w, d->c, d->coefficients);
	script_points(w, &d->a, 1);
	script_scalar(w, &d->z);
}

static inline digest script_commitment(const struct script *s, unsigned i)
{
	uint8_t room[SCRIPT_MESSAGE_MAX];
	struct tree_writer w = TREE_WRITER(room);
	struct hash h;
	script_committed(&w, &s->dealer[i]);
	tagged_digest_init(&h, "commit", 7);
	tree_hash_leaf(&h, BYTES_OF(s->u->manifest->d.b));
	tree_hash_u32(&h, s->attempt);
	tree_hash_u32(&h, i + 1);
	hash_update(&h, tree_written(&w));
	tree_hash_leaf(&h, BYTES_OF(s->dealer[i].salt));
	return tagged_digest_finish(&h);
}

static inline unsigned script_count(const struct script *s, unsigned round)
{
	unsigned count = 0;
	for (unsigned i = 0; i < s->n; i++)
		count += s->file[round][i].len > 0;
	return count;
}

static inline void script_hash_files(struct hash *h, const struct script *s, unsigned round)
{
	for (unsigned i = 0; i < s->n; i++)
		if (s->file[round][i].len > 0)
			tree_hash_leaf(h, script_file(s, round, i));
}

static inline digest script_echo(const struct script *s)
{
	uint8_t flags[URN_PARTIES];
	struct hash h;
	for (unsigned i = 0; i < s->n; i++)
		flags[i] = s->present[i];
	tagged_digest_init(&h, "echo", 3 + script_count(s, 0) + script_count(s, 1));
	tree_hash_leaf(&h, BYTES_OF(s->u->manifest->d.b));
	tree_hash_u32(&h, s->attempt);
	tree_hash_leaf(&h, bytes_of(flags, s->n));
	script_hash_files(&h, s, 0);
	script_hash_files(&h, s, 1);
	return tagged_digest_finish(&h);
}

static inline digest script_openings(const struct script *s)
{
	struct hash h;
	tagged_digest_init(&h, "openings", 2 + s->n);
	tree_hash_leaf(&h, BYTES_OF(s->u->manifest->d.b));
	tree_hash_u32(&h, s->attempt);
	for (unsigned i = 0; i < s->n; i++)
		tree_hash_leaf(&h, script_opened(s, i) ? script_file(s, 3, i) : BYTES_NONE);
	return tagged_digest_finish(&h);
}

static inline void script_qualify(struct script *s)
{
	for (unsigned i = 0; i < s->n; i++) {
		unsigned accusers = script_accusers(s, i);
		s->qualified[i] =
			script_opened(s, i) && (accusers == 0 || (accusers < s->t && s->answers[i]));
	}
}

/* Answers of dealers outside Q are no part of it. */
static inline digest script_transcript(const struct script *s)
{
	unsigned count = 0;
	struct hash h;
	for (unsigned r = 0; r < 6; r++)
		for (unsigned i = 0; i < s->n; i++)
			count += s->file[r][i].len > 0 && (r < 3 || script_opened(s, i)) &&
			         (r < 5 || s->qualified[i]);
	tagged_digest_init(&h, "transcript", 2 + count);
	tree_hash_leaf(&h, BYTES_OF(s->u->manifest->d.b));
	tree_hash_u32(&h, s->attempt);
	for (unsigned r = 0; r < 6; r++)
		for (unsigned i = 0; i < s->n; i++)
			if (s->file[r][i].len > 0 && (r < 3 || script_opened(s, i)) &&
			    (r < 5 || s->qualified[i]))
				tree_hash_leaf(&h, script_file(s, r, i));
	return tagged_digest_finish(&h);
}

static inline digest script_eid(const struct script *s)
{
	uint8_t room[SCRIPT_MESSAGE_MAX], flags[URN_PARTIES];
	struct tree_writer w = TREE_WRITER(room);
	const point g = point_generator();
	point sum[LIMIT_PARTIES];
	struct hash h;
	for (unsigned k = 0; k < s->t; k++) {
		sum[k] = point_infinity();
		for (unsigned i = 0; i < s->n; i++)
			if (s->qualified[i])
				point_add(&sum[k], &sum[k], &s->dealer[i].c[k]);
	}
	for (unsigned i = 0; i < s->n; i++)
		flags[i] = s->qualified[i];
	const digest transcript = script_transcript(s);
	tree_write_node(&w, 2);
	script_points(&w, &g, 1);
	script_points(&w, &sum[0], 1);
	tree_write_node(&w, s->t);
	script_points(&w, sum, s->t);
	tagged_digest_init(&h, "election", 5);
	tree_hash_leaf(&h, BYTES_OF(s->u->manifest->d.b));
	tree_hash_leaf(&h, BYTES_OF(transcript.b));
	hash_update(&h, tree_written(&w));
	tree_hash_leaf(&h, bytes_of(flags, s->n));
	return tagged_digest_finish(&h);
}

/* --- contents, by round --- */

static inline void script_opening(struct tree_writer *w, const struct script *s, unsigned i)
{
	const uint8_t box[80] = {1}; /* whoever can open it accuses, or does not: as the script says */
	tree_write_node(w, 5);
	script_committed(w, &s->dealer[i]);
	tree_write_leaf(w, BYTES_OF(s->dealer[i].salt));
	tree_write_node(w, s->n);
	for (unsigned j = 0; j < s->n; j++)
		tree_write_leaf(w, s->present[j] ? BYTES_OF(box) : BYTES_NONE);
}

static inline void script_answer(struct tree_writer *w, const struct script *s, unsigned i)
{
	tree_write_node(w, script_accusers(s, i));
	for (unsigned j = 0; j < s->n; j++) {
		if (!script_opened(s, j) || !s->accuses[j][i])
			continue;
		scalar share = script_share(&s->dealer[i], j + 1);
		tree_write_node(w, 2);
		tree_write_u32(w, j + 1);
		script_scalar(w, &share);
	}
}

static inline void script_statement(struct tree_writer *w, const struct script *s,
                                    const uint8_t *row, const digest *d)
{
	tree_write_node(w, 2);
	tree_write_leaf(w, bytes_of(row, s->n));
	tree_write_leaf(w, BYTES_OF(d->b));
}

static inline bool script_speaks(const struct script *s, unsigned round, unsigned i)
{
	unsigned accusers = script_accusers(s, i);
	switch (round) {
	case 3:
	case 4:
		return script_opened(s, i);
	case 5:
		return script_opened(s, i) && accusers > 0 && accusers < s->t && s->answers[i];
	case 6:
		return s->qualified[i];
	default:
		return s->present[i];
	}
}

static inline void script_content(struct tree_writer *w, struct script *s, unsigned round,
                                  unsigned i)
{
	uint8_t row[URN_PARTIES], key[32];
	struct error e;
	digest d;
	error_clear(&e);
	for (unsigned j = 0; j < s->n; j++)
		row[j] = round == 2   ? s->present[j]
		         : round == 6 ? s->qualified[j]
		                      : (script_opened(s, j) ? s->accuses[i][j] : SCRIPT_UNOPENED);
	switch (round) {
	case 0:
		assert_ok(rng_fill(test_rng(), key, sizeof key, &e), e);
		tree_write_leaf(w, BYTES_OF(key));
		break;
	case 1:
		d = script_commitment(s, i);
		tree_write_leaf(w, BYTES_OF(d.b));
		break;
	case 3:
		script_opening(w, s, i);
		break;
	case 5:
		script_answer(w, s, i);
		break;
	default:
		d = round == 2 ? script_echo(s) : round == 4 ? script_openings(s) : script_eid(s);
		script_statement(w, s, row, &d);
	}
}

/* --- signing and writing --- */

static inline size_t script_sign(uint8_t *out, const struct script *s,
                                 const struct script_message *m)
{
	uint8_t signature[64];
	struct tree_writer w = {out, SCRIPT_MESSAGE_MAX, 0, false};
	struct hash h;
	tagged_digest_init(&h, "message", 5);
	tree_hash_leaf(&h, BYTES_OF(m->d.b));
	tree_hash_u32(&h, m->attempt);
	tree_hash_u32(&h, m->round);
	tree_hash_u32(&h, m->party);
	tree_hash_leaf(&h, bytes_of(m->content, m->len));
	digest d = tagged_digest_finish(&h);
	identity_sign(signature, &s->u->identity[m->signer - 1], BYTES_OF(d.b));
	tree_write_node(&w, 7);
	tree_write_leaf(&w, bytes_of_text(m->magic));
	tree_write_leaf(&w, BYTES_OF(m->d.b));
	tree_write_u32(&w, m->attempt);
	tree_write_u32(&w, m->round);
	tree_write_u32(&w, m->party);
	tree_write_raw(&w, bytes_of(m->content, m->len));
	tree_write_leaf(&w, BYTES_OF(signature));
	assert_false(w.full);
	return w.len;
}

static inline void script_say(struct script *s, unsigned round, unsigned i)
{
	struct script_message m = {s->attempt,        round, i + 1, i + 1, "urna-ceremony-1",
	                           s->u->manifest->d, {0},   0};
	struct tree_writer w = TREE_WRITER(m.content);
	if (script_speaks(s, round, i))
		script_content(&w, s, round, i);
	m.len = w.len;
	if (s->say)
		s->say(s, &m);
	s->file[round][i].len = m.len ? script_sign(s->file[round][i].b, s, &m) : 0;
	if (s->signed_as)
		s->signed_as(s, round, i + 1);
}

/* Speaks all rounds and writes the files; the shares are those of Q's polynomials. */
static inline void script_play(struct script *s)
{
	char path[64];
	if (s->deal)
		s->deal(s);
	if (!s->forced)
		script_qualify(s);
	for (unsigned r = 0; r < s->rounds; r++)
		for (unsigned i = 0; i < s->n; i++)
			script_say(s, r, i);
	for (unsigned r = 0; r < s->rounds; r++) {
		for (unsigned i = 0; i < s->n; i++) {
			snprintf(path, sizeof path, "ceremony/%u/r%u-%02u.bt", s->attempt, r, i + 1);
			if (s->file[r][i].len > 0)
				urn_write(s->u, path, script_file(s, r, i));
		}
	}
	for (unsigned j = 0; s->rounds == SCRIPT_ROUNDS && j < s->n; j++) {
		scalar sum = scalar_zero;
		for (unsigned i = 0; i < s->n; i++) {
			scalar share = script_share(&s->dealer[i], j + 1);
			if (s->qualified[i])
				scalar_add(&sum, &sum, &share);
		}
		s->u->share[j].secret = sum;
	}
}

/* A party's word that an attempt failed. */
static inline void script_failed(struct urn *of, unsigned attempt, unsigned party, bytes reason,
                                 unsigned culprit)
{
	uint8_t room[1024], signature[64];
	char path[64];
	struct tree_writer w = TREE_WRITER(room);
	struct hash h;
	tagged_digest_init(&h, "failed", 5);
	tree_hash_leaf(&h, BYTES_OF(of->manifest->d.b));
	tree_hash_u32(&h, attempt);
	tree_hash_u32(&h, party);
	tree_hash_leaf(&h, reason);
	tree_hash_u32(&h, culprit);
	digest d = tagged_digest_finish(&h);
	identity_sign(signature, &of->identity[party - 1], BYTES_OF(d.b));
	tree_write_node(&w, 7);
	tree_write_leaf(&w, BYTES_LITERAL("urna-ceremony-1"));
	tree_write_leaf(&w, BYTES_OF(of->manifest->d.b));
	tree_write_u32(&w, attempt);
	tree_write_u32(&w, party);
	tree_write_leaf(&w, reason);
	tree_write_u32(&w, culprit);
	tree_write_leaf(&w, BYTES_OF(signature));
	snprintf(path, sizeof path, "ceremony/%u/failed-%02u.bt", attempt, party);
	urn_write(of, path, tree_written(&w));
}

#endif
