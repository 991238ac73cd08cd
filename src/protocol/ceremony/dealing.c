/* SPDX-License-Identifier: Apache-2.0 */
#include "ceremony/party_internal.h"

#include "base/ct.h"
#include "ceremony/feldman.h"
#include "proof/proof.h"

bool dealing_begin(struct ceremony_party *p, struct error *err)
{
	struct dealing *s = &p->secret;
	secret_scalar nonce;
	scalar c;
	bool good = box_generate(&s->box, p->rng, err) && secret_scalar_random(&nonce, p->rng, err) &&
	            rng_fill(p->rng, p->mine.salt, SALT_BYTES, err);
	p->mine.attempt = p->a.number;
	p->mine.index = p->index;
	for (unsigned k = 0; good && k < p->m->threshold; k++)
		good = secret_scalar_random(&s->f[k], p->rng, err);
	if (good) {
		const point g = point_generator();
		feldman_commit(p->mine.c, s->f, p->m->threshold);
		point_mul(&p->mine.a, &nonce, &g);
		opening_challenge(&c, &p->mine, p->m);
		proof_respond(&p->mine.z, &nonce, &c, &s->f[0]);
	}
	secret_scalar_wipe(&nonce);
	return good;
}

#define SHARE_AD_BYTES (32u + 12u)
static void share_ad(uint8_t out[static SHARE_AD_BYTES], const struct ceremony_party *p,
                     unsigned dealer, unsigned receiver)
{
	memcpy(out, p->m->d.b, 32);
	store_be32(out + 32, p->a.number);
	store_be32(out + 36, dealer);
	store_be32(out + 40, receiver);
}

static bool seal_one(struct ceremony_party *p, unsigned j, struct error *err)
{
	uint8_t plain[SCALAR_BYTES], pub[BOX_PUBLIC_BYTES], ad[SHARE_AD_BYTES];
	struct message msg;
	secret_scalar share;
	if (!attempt_read(&msg, &p->a, CEREMONY_KEY, j, err) || !content_leaf(pub, msg.content, err))
		return false;
	feldman_evaluate(&share, p->secret.f, p->m->threshold, j);
	scalar_encode(plain, &share.secret);
	share_ad(ad, p, p->index, j);
	struct box_message box = {pub, BYTES_OF(plain), BYTES_OF(ad)};
	struct error why;
	error_clear(&why);
	bool good = box_seal(p->mine.box[j - 1], &box, p->rng, &why);
	wipe(plain, sizeof plain);
	secret_scalar_wipe(&share);
	/* For a key of small order nothing can be sealed: its owner may complain and be answered. */
	if (!good && why.kind == ERROR_MALFORMED)
		memset(p->mine.box[j - 1], 0, SEALED_SHARE_BYTES);
	else if (!good && err)
		*err = why;
	return good || why.kind == ERROR_MALFORMED || fail_within_index(err, "share for party", j);
}

bool dealing_seal(struct ceremony_party *p, struct error *err)
{
	for (unsigned j = 1; j <= p->m->authorities_count; j++) {
		p->mine.boxed[j - 1] = p->o.present[j - 1];
		if (p->o.present[j - 1] && !seal_one(p, j, err))
			return false;
	}
	return true;
}

bool dealing_take(struct ceremony_party *p, const struct opening *o)
{
	uint8_t plain[SCALAR_BYTES], ad[SHARE_AD_BYTES];
	secret_scalar *got = &p->secret.got[o->index - 1];
	share_ad(ad, p, o->index, p->index);
	bool good =
		box_open(plain, &p->secret.box, BYTES_OF(o->box[p->index - 1]), BYTES_OF(ad), NULL) &&
		scalar_decode(&got->secret, plain) && feldman_fits(got, o->c, p->m->threshold, p->index);
	wipe(plain, sizeof plain);
	if (!good)
		secret_scalar_wipe(got);
	return good;
}

void dealing_answer(struct answer *out, const struct ceremony_party *p)
{
	secret_scalar share;
	out->count = 0;
	for (unsigned j = 1; j <= p->m->authorities_count; j++) {
		if (!p->o.accused[p->index - 1][j - 1])
			continue;
		feldman_evaluate(&share, p->secret.f, p->m->threshold, j);
		out->to[out->count] = j;
		out->share[out->count++] = share.secret;
	}
	secret_scalar_wipe(&share);
}

void dealing_sum(struct ceremony_party *p, const scalar *published)
{
	struct dealing *s = &p->secret;
	s->share.secret = scalar_zero;
	for (unsigned i = 0; i < p->m->authorities_count; i++)
		if (p->o.qualified[i])
			scalar_add(&s->share.secret, &s->share.secret,
			           p->o.accused[i][p->index - 1] ? &published[i] : &s->got[i].secret);
}
