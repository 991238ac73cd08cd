/* SPDX-License-Identifier: Apache-2.0 */
#include "ballot/ballot_internal.h"

/* All of a block's numbers, one after another: ballot, group, component. */
struct work {
	size_t components; /* of the whole block */
	point *m, *a_points;
	secret_scalar *r, *a;
	ciphertext *ct;
};

size_t ballots_encrypt_scratch_bytes(const struct ballot_style *style, size_t n)
{
	size_t components = n * style->components;
	return ELGAMAL_SCRATCH_BYTES + 2 * arena_room(components * sizeof(point)) +
	       2 * arena_room(components * sizeof(secret_scalar)) +
	       arena_room(components * sizeof(ciphertext));
}

static bool take_work(struct work *w, size_t components, struct arena *scratch, struct error *err)
{
	w->components = components;
	w->m = arena_take_array(scratch, components, point, err);
	w->a_points = arena_take_array(scratch, components, point, err);
	w->r = arena_take_array(scratch, components, secret_scalar, err);
	w->a = arena_take_array(scratch, components, secret_scalar, err);
	w->ct = arena_take_array(scratch, components, ciphertext, err);
	return w->m && w->a_points && w->r && w->a && w->ct;
}

/* Fresh r and a for every component, never from a seed or a choice. */
static bool commit(struct work *w, const struct public_key *pk, struct rng *rng,
                   struct arena *scratch, struct error *err)
{
	for (size_t i = 0; i < w->components; i++) {
		if (!secret_scalar_random(&w->r[i], rng, err) || !secret_scalar_random(&w->a[i], rng, err))
			return false;
	}
	elgamal_encrypt(w->ct, pk, w->m, w->r, w->components, scratch);
	fixed_base_mul(w->a_points, &pk->g_table, w->a, w->components, scratch);
	return true;
}

static uint8_t *put_node(uint8_t *p, uint32_t children)
{
	return p + tree_put_node(p, children);
}

static uint8_t *put_leaf(uint8_t *p, bytes b)
{
	p += tree_put_leaf(p, (uint32_t)b.len);
	memcpy(p, b.p, b.len);
	return p + b.len;
}

static uint8_t *put_point(uint8_t *p, const point *a)
{
	points_encode_tree(p, a, 1);
	return p + POINT_TREE_BYTES;
}

static uint8_t *put_ciphertexts(uint8_t *p, const struct ballot_style *style, const ciphertext *ct)
{
	p = put_node(p, style->groups);
	for (size_t g = 0; g < style->groups; ct += style->width[g++]) {
		p = put_node(p, 2);
		p = put_node(p, style->width[g]);
		for (size_t j = 0; j < style->width[g]; j++)
			p = put_point(p, &ct[j].u);
		p = put_node(p, style->width[g]);
		for (size_t j = 0; j < style->width[g]; j++)
			p = put_point(p, &ct[j].v);
	}
	return p;
}

static uint8_t *put_commitments(uint8_t *p, const struct ballot_style *style, const point *a)
{
	p = put_node(p, style->groups);
	for (size_t g = 0; g < style->groups; a += style->width[g++]) {
		p = put_node(p, style->width[g]);
		points_encode_tree(p, a, style->width[g]);
		p += POINT_TREE_BYTES * (size_t)style->width[g];
	}
	return p;
}

/* ZZ, each response made where it is written; the a's are wiped on the way. */
static uint8_t *put_responses(uint8_t *p, const struct ballot_style *style, const scalar *c,
                              secret_scalar *a, const secret_scalar *r)
{
	p = put_node(p, style->groups);
	for (size_t g = 0; g < style->groups; g++) {
		p = put_node(p, style->width[g]);
		for (size_t j = 0; j < style->width[g]; j++, a++, r++) {
			scalar z;
			proof_respond(&z, a, c, r);
			scalars_encode_tree(p, &z, 1);
			p += SCALAR_TREE_BYTES;
		}
	}
	return p;
}

static void write_body(uint8_t *body, const struct ballot_request *request, size_t ballot,
                       const struct work *w)
{
	const struct ballot_style *style = request->style;
	const size_t first = ballot * style->components;
	scalar c;
	uint8_t *p = put_node(body, BODY_CHILDREN);
	p = put_leaf(p, ballot_body_label);
	const uint8_t *statement = p;
	p = put_leaf(p, BYTES_OF(request->rules->eid.b));
	uint8_t who[PSEUDONYM_TREE_MAX];
	size_t who_len = pseudonym_encode(who, &request->who[ballot]);
	memcpy(p, who, who_len);
	p = put_leaf(p + who_len, style->name);
	p = put_ciphertexts(p, style, w->ct + first);
	p = put_commitments(p, style, w->a_points + first);
	ballot_challenge(&c, bytes_of(statement, (size_t)(p - statement)));
	p = put_responses(p, style, &c, w->a + first, w->r + first);
	require((size_t)(p - body) == ballot_body_bytes(style, request->rules->mode));
}

typedef bool encoder(point *out, const uint8_t *messages, size_t n, struct error *err);

static bool encode_messages(const struct work *w, const struct ballot_request *request,
                            encoder *encode, struct error *err)
{
	if (encode(w->m, request->plaintexts, w->components, err))
		return true;
	if (err)
		err->at /= request->style->components; /* the ballot's index, not the message's */
	return false;
}

static void write_all(const struct ballot_output *out, const struct ballot_request *request,
                      const struct work *w)
{
	size_t len = ballot_body_bytes(request->style, request->rules->mode);
	for (size_t i = 0; i < request->n; i++) {
		uint8_t *body = out->bodies + i * len;
		require(request->who[i].mode == request->rules->mode);
		write_body(body, request, i, w);
		if (out->ids)
			out->ids[i] = ballot_id(bytes_of(body, len));
	}
	if (out->nonces)
		memcpy(out->nonces, w->r, w->components * sizeof *w->r);
}

/* What the two entries differ in is who may know the plaintexts. */
struct making {
	const struct ballot_output *out;
	const struct ballot_request *request;
	encoder *encode;
};

static bool make(const struct making *m, struct rng *rng, struct arena *scratch, struct error *err)
{
	const struct ballot_request *request = m->request;
	struct work w;
	size_t mark = arena_mark(scratch);
	bool ok = take_work(&w, request->n * request->style->components, scratch, err) &&
	          encode_messages(&w, request, m->encode, err) &&
	          commit(&w, request->pk, rng, scratch, err);
	if (ok)
		write_all(m->out, request, &w);
	arena_release_wiped(scratch, mark);
	return ok;
}

bool ballots_encrypt(const struct ballot_output *out, const struct ballot_request *request,
                     struct rng *rng, struct arena *scratch, struct error *err)
{
	const struct making m = {out, request, messages_encode};
	return make(&m, rng, scratch, err);
}

bool ballots_encrypt_public_vartime(const struct ballot_output *out,
                                    const struct ballot_request *request, struct rng *rng,
                                    struct arena *scratch, struct error *err)
{
	const struct making m = {out, request, messages_encode_vartime};
	return make(&m, rng, scratch, err);
}
