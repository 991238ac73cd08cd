/* SPDX-License-Identifier: Apache-2.0 */
#include "cheat.h"

#include "hash/bytetree.h"
#include "hash/tagged.h"

#include <string.h>

static uint8_t *take(size_t len)
{
	struct error err;
	uint8_t *room = arena_take(test_arena(), len, 1, &err);
	assert_non_null(room);
	return room;
}

static bytes kept(const struct tree_writer *w)
{
	bytes b = tree_written(w);
	assert_true(b.len > 0);
	uint8_t *copy = take(b.len);
	memcpy(copy, b.p, b.len);
	return bytes_of(copy, b.len);
}

bytes leaf_of(bytes b)
{
	uint8_t room[PLAY_MESSAGE_MAX];
	struct tree_writer w = TREE_WRITER(room);
	tree_write_leaf(&w, b);
	return kept(&w);
}

bytes statement_of(const struct play *p, const uint8_t *flags, const uint8_t d[static 32])
{
	uint8_t room[256];
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, 2);
	tree_write_leaf(&w, bytes_of(flags, p->m.authorities_count));
	tree_write_leaf(&w, bytes_of(d, 32));
	return kept(&w);
}

bytes forge_message(struct play *p, unsigned attempt, unsigned round, unsigned index, bytes content)
{
	uint8_t room[PLAY_MESSAGE_MAX], sig[64];
	struct hash h;
	tagged_digest_init(&h, "message", 5);
	tree_hash_leaf(&h, BYTES_OF(p->m.d.b));
	tree_hash_u32(&h, attempt);
	tree_hash_u32(&h, round);
	tree_hash_u32(&h, index);
	tree_hash_leaf(&h, content);
	digest d = tagged_digest_finish(&h);
	identity_sign(sig, &p->identity[index - 1], BYTES_OF(d.b));
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, 7);
	tree_write_leaf(&w, BYTES_LITERAL("urna-ceremony-1"));
	tree_write_leaf(&w, BYTES_OF(p->m.d.b));
	tree_write_u32(&w, attempt);
	tree_write_u32(&w, round);
	tree_write_u32(&w, index);
	tree_write_raw(&w, content);
	tree_write_leaf(&w, BYTES_OF(sig));
	return kept(&w);
}

void forge(struct play *p, unsigned attempt, unsigned round, unsigned index, bytes content)
{
	play_write(p, play_path(attempt, round, index),
	           forge_message(p, attempt, round, index, content));
}

static void write_points(struct tree_writer *w, const struct cheat *c)
{
	uint8_t tree[POINT_TREE_BYTES];
	tree_write_node(w, c->coefficients);
	for (unsigned k = 0; k < c->coefficients; k++) {
		points_encode_tree(tree, &c->c[k], 1);
		tree_write_raw(w, BYTES_OF(tree));
	}
}

static void write_point(struct tree_writer *w, const point *p)
{
	uint8_t tree[POINT_TREE_BYTES];
	points_encode_tree(tree, p, 1);
	tree_write_raw(w, BYTES_OF(tree));
}

static void write_scalar(struct tree_writer *w, const scalar *s)
{
	uint8_t tree[SCALAR_TREE_BYTES];
	scalars_encode_tree(tree, s, 1);
	tree_write_raw(w, BYTES_OF(tree));
}

static scalar value_at(const struct cheat *c, unsigned x)
{
	scalar power = scalar_one, sum = scalar_zero, at = scalar_of_u64(x);
	for (unsigned k = 0; k < c->coefficients; k++) {
		scalar_mul_add(&sum, &c->f[k], &power, &sum);
		scalar_mul(&power, &power, &at);
	}
	return sum;
}

static void commit_to(struct cheat *c)
{
	const point g = point_generator();
	for (unsigned k = 0; k < c->coefficients; k++)
		point_mul_vartime(&c->c[k], &c->f[k], &g);
}

void cheat_begin(struct cheat *c, struct play *p, unsigned attempt, unsigned index)
{
	struct error err;
	error_clear(&err);
	*c = (struct cheat){.p = p, .attempt = attempt, .index = index};
	c->coefficients = p->m.threshold;
	p->party[index - 1] = NULL;
	assert_ok(scalars_random(c->f, LIMIT_PARTIES, test_rng(), &err), err);
	assert_ok(rng_fill(test_rng(), c->salt, 32, &err), err);
	assert_ok(box_generate(&c->box, test_rng(), &err), err);
	memset(c->boxed, 1, sizeof c->boxed);
	commit_to(c);
	cheat_prove(c);
}

void cheat_prove(struct cheat *c)
{
	uint8_t room[PLAY_MESSAGE_MAX], wide[TAGGED_CHALLENGE_BYTES];
	struct error err;
	struct hash h;
	scalar nonce, challenge;
	const point g = point_generator();
	assert_ok(scalar_random(&nonce, test_rng(), &err), err);
	point_mul_vartime(&c->a, &nonce, &g);
	struct tree_writer w = TREE_WRITER(room);
	write_points(&w, c);
	write_point(&w, &c->a);
	tagged_challenge_init(&h, "pop", 6);
	tree_hash_leaf(&h, BYTES_OF(c->p->m.d.b));
	tree_hash_u32(&h, c->attempt);
	tree_hash_u32(&h, c->index);
	tree_hash_leaf(&h, BYTES_OF(c->p->identity[c->index - 1].pub));
	hash_update(&h, tree_written(&w));
	tagged_challenge_finish(&h, wide);
	scalar_reduce(&challenge, wide, sizeof wide);
	scalar_mul_add(&c->z, &challenge, &c->f[0], &nonce);
}

void cheat_key(struct cheat *c)
{
	forge(c->p, c->attempt, 0, c->index, leaf_of(BYTES_OF(c->box.pub)));
}

void cheat_commit(struct cheat *c)
{
	uint8_t room[PLAY_MESSAGE_MAX];
	struct hash h;
	struct tree_writer w = TREE_WRITER(room);
	write_points(&w, c);
	write_point(&w, &c->a);
	write_scalar(&w, &c->z);
	tagged_digest_init(&h, "commit", 7);
	tree_hash_leaf(&h, BYTES_OF(c->p->m.d.b));
	tree_hash_u32(&h, c->attempt);
	tree_hash_u32(&h, c->index);
	hash_update(&h, tree_written(&w));
	tree_hash_leaf(&h, BYTES_OF(c->salt));
	digest d = tagged_digest_finish(&h);
	forge(c->p, c->attempt, 1, c->index, leaf_of(BYTES_OF(d.b)));
}

void cheat_echo(struct cheat *c, unsigned like)
{
	forge(c->p, c->attempt, 2, c->index, play_content(c->p, c->attempt, 2, like));
}

static void write_box(struct tree_writer *w, const struct cheat *c, unsigned j)
{
	uint8_t plain[SCALAR_BYTES], ad[44], sealed[SCALAR_BYTES + BOX_OVERHEAD_BYTES];
	struct error err;
	scalar s = value_at(c, j);
	error_clear(&err);
	if (c->wrong[j - 1])
		scalar_add(&s, &s, &scalar_one);
	scalar_encode(plain, &s);
	memcpy(ad, c->p->m.d.b, 32);
	store_be32(ad + 32, c->attempt);
	store_be32(ad + 36, c->index);
	store_be32(ad + 40, j);
	/* content of r0: a leaf of 32 bytes */
	struct box_message box = {play_content(c->p, c->attempt, 0, j).p + TREE_HEADER_BYTES,
	                          BYTES_OF(plain), BYTES_OF(ad)};
	assert_ok(box_seal(sealed, &box, test_rng(), &err), err);
	tree_write_leaf(w, BYTES_OF(sealed));
}

void cheat_open(struct cheat *c)
{
	uint8_t room[PLAY_MESSAGE_MAX];
	const unsigned n = c->p->m.authorities_count;
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, 5);
	write_points(&w, c);
	write_point(&w, &c->a);
	write_scalar(&w, &c->z);
	tree_write_leaf(&w, BYTES_OF(c->salt));
	tree_write_node(&w, n);
	for (unsigned j = 1; j <= n; j++) {
		if (c->boxed[j - 1] && play_has(c->p, play_path(c->attempt, 0, j)))
			write_box(&w, c, j);
		else
			tree_write_leaf(&w, BYTES_NONE);
	}
	forge(c->p, c->attempt, 3, c->index, kept(&w));
}

static const uint8_t *digest_said(struct play *p, unsigned attempt, unsigned round, unsigned index)
{
	bytes content = play_content(p, attempt, round, index);
	return content.p + content.len - 32;
}

void cheat_verdict(struct cheat *c, const uint8_t *row, unsigned like)
{
	forge(c->p, c->attempt, 4, c->index,
	      statement_of(c->p, row, digest_said(c->p, c->attempt, 4, like)));
}

void cheat_answer(struct cheat *c, const unsigned *to, uint64_t add)
{
	uint8_t room[PLAY_MESSAGE_MAX];
	unsigned count = 0;
	scalar more = scalar_of_u64(add);
	while (to[count])
		count++;
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, count);
	for (unsigned k = 0; k < count; k++) {
		scalar s = value_at(c, to[k]);
		scalar_add(&s, &s, &more);
		tree_write_node(&w, 2);
		tree_write_u32(&w, to[k]);
		write_scalar(&w, &s);
	}
	forge(c->p, c->attempt, 5, c->index, kept(&w));
}

void cheat_certify(struct cheat *c, unsigned like)
{
	forge(c->p, c->attempt, 6, c->index, play_content(c->p, c->attempt, 6, like));
}

void cheat_until_open(struct cheat *c)
{
	cheat_key(c);
	cheat_commit(c);
	play_on(c->p);
	cheat_echo(c, c->index == 1 ? 2 : 1);
	cheat_open(c);
	play_on(c->p);
}
