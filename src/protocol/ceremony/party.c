/* SPDX-License-Identifier: Apache-2.0 */
#include "ceremony/message_internal.h"

#include "base/ct.h"
#include "proof/proof.h"

struct ceremony_party {
	const struct manifest *m;
	const struct identity_secret *identity;
	struct rng *rng;
	unsigned index;                 /* from 1 */
	unsigned next;                  /* the round to write next */
	secret_scalar f[LIMIT_PARTIES]; /* own polynomial, threshold entries */
	struct box_secret box;
	secret_scalar share; /* x_l, once all openings are checked */
	struct opening mine;
	struct opening all[LIMIT_PARTIES];
	uint8_t complaint[LIMIT_PARTIES];
	ceremony_keep_fn *keep; /* may be NULL */
	void *keep_ctx;
};

bool ceremony_party_new(struct ceremony_party **out, const struct manifest *m, unsigned index,
                        const struct identity_secret *identity, struct rng *rng,
                        struct arena *locked, struct error *err)
{
	require(index >= 1 && index <= m->authorities_count);
	if (memcmp(identity->pub, m->authorities[index - 1].identity, IDENTITY_PUBLIC_BYTES) != 0)
		return fail(err, ERROR_REJECTED,
		            "ceremony: the manifest names another identity key for this party", index);
	struct ceremony_party *p = arena_take_array(locked, 1, struct ceremony_party, err);
	if (!p)
		return false;
	memset(p, 0, sizeof *p);
	p->m = m;
	p->identity = identity;
	p->rng = rng;
	p->index = index;
	*out = p;
	return true;
}

void ceremony_party_wipe(struct ceremony_party *p)
{
	if (p)
		wipe(p, sizeof *p);
}

void ceremony_party_keep(struct ceremony_party *p, ceremony_keep_fn *keep, void *ctx)
{
	p->keep = keep;
	p->keep_ctx = ctx;
}

/* Polynomial, its commitments and the proof of possession of its constant. */
static bool deal(struct ceremony_party *p, struct error *err)
{
	const unsigned t = p->m->threshold;
	const point g = point_generator();
	secret_scalar nonce;
	scalar c;
	bool good = box_generate(&p->box, p->rng, err) && secret_scalar_random(&nonce, p->rng, err) &&
	            rng_fill(p->rng, p->mine.salt, SALT_BYTES, err);
	p->mine.index = p->index;
	for (unsigned k = 0; good && k < t; k++) {
		good = secret_scalar_random(&p->f[k], p->rng, err);
		if (good)
			point_mul(&p->mine.c[k], &p->f[k], &g);
	}
	if (good) {
		point_mul(&p->mine.a, &nonce, &g);
		opening_challenge(&c, &p->mine, p->m);
		proof_respond(&p->mine.z, &nonce, &c, &p->f[0]);
	}
	secret_scalar_wipe(&nonce);
	return good;
}

/* f(x) by Horner's rule. */
static void evaluate(secret_scalar *out, const secret_scalar *f, unsigned t, unsigned x)
{
	scalar at = scalar_of_u64(x);
	*out = f[t - 1];
	for (unsigned k = t - 1; k-- > 0;)
		scalar_mul_add(&out->secret, &out->secret, &at, &f[k].secret);
}

#define SHARE_AD_BYTES (32u + 12u)
static void share_ad(uint8_t out[static SHARE_AD_BYTES], const struct manifest *m, unsigned dealer,
                     unsigned receiver)
{
	memcpy(out, m->d.b, 32);
	store_be32(out + 32, ATTEMPT);
	store_be32(out + 36, dealer);
	store_be32(out + 40, receiver);
}

static bool seal_shares(struct ceremony_party *p, struct folder *f, struct error *err)
{
	bool good = true;
	for (unsigned j = 1; good && j <= p->m->authorities_count; j++) {
		uint8_t room[MESSAGE_MAX], plain[SCALAR_BYTES], pub[BOX_PUBLIC_BYTES], ad[SHARE_AD_BYTES];
		struct message_name name = {p->m, CEREMONY_KEY, j};
		bytes file, content;
		secret_scalar share;
		if (!message_read(&file, &content, room, f, &name, err))
			return false;
		struct tree_reader r = TREE_READER(content);
		if (!tree_leaf(&r, pub, sizeof pub, err) || !tree_end(&r, err))
			return fail_within_index(err, "party", j);
		evaluate(&share, p->f, p->m->threshold, j);
		scalar_encode(plain, &share.secret);
		share_ad(ad, p->m, p->index, j);
		struct box_message box = {pub, BYTES_OF(plain), BYTES_OF(ad)};
		good = box_seal(p->mine.box[j - 1], &box, p->rng, err) ||
		       fail_within_index(err, "share for party", j);
		wipe(plain, sizeof plain);
		secret_scalar_wipe(&share);
	}
	return good;
}

/* Opens the share of one dealer: false when it does not fit the dealer's commitments. */
static bool take_share(secret_scalar *out, const struct ceremony_party *p, const struct opening *o)
{
	uint8_t plain[SCALAR_BYTES], ad[SHARE_AD_BYTES];
	point want, got;
	const point g = point_generator();
	share_ad(ad, p->m, o->index, p->index);
	bool good = box_open(plain, &p->box, BYTES_OF(o->box[p->index - 1]), BYTES_OF(ad), NULL) &&
	            scalar_decode(&out->secret, plain);
	if (good) {
		point_mul(&got, out, &g);
		commitment_at(&want, o->c, p->m->threshold, p->index);
		good = point_equal(&got, &want);
	}
	wipe(plain, sizeof plain);
	return good;
}

static bool judge(struct ceremony_party *p, struct folder *f, struct error *err)
{
	if (!round_echoes(p->m, f, err) || !round_openings(p->all, p->m, f, err))
		return false;
	secret_scalar one, sum = {scalar_zero};
	for (unsigned i = 0; i < p->m->authorities_count; i++) {
		bool fits = take_share(&one, p, &p->all[i]);
		p->complaint[i] = fits ? 0 : 1;
		if (fits)
			scalar_add(&sum.secret, &sum.secret, &one.secret);
	}
	p->share = sum;
	secret_scalar_wipe(&one);
	secret_scalar_wipe(&sum);
	return true;
}

static bool certify(digest *eid, struct ceremony_party *p, struct folder *f, struct error *err)
{
	struct election_key key;
	digest t;
	const point g = point_generator();
	point mine;
	if (!round_verdicts(p->m, f, err) || !transcript_digest(&t, p->m, f, err) ||
	    !key_derive(&key, p->m, p->all, &t, err))
		return false;
	point_mul(&mine, &p->share, &g);
	if (!point_equal(&mine, &key.shares[p->index - 1]))
		return fail(err, ERROR_BUG, "ceremony: own share does not fit the joint polynomial",
		            p->index);
	*eid = key.eid;
	return !p->keep || p->keep(p->keep_ctx, &key, &p->share, err);
}

/* The content of this party's message of the next round. */
static bool content_of(bytes *out, uint8_t room[static MESSAGE_MAX], struct ceremony_party *p,
                       struct folder *f, struct error *err)
{
	struct tree_writer w = {room, MESSAGE_MAX, 0, false};
	digest d;
	switch ((enum ceremony_round)p->next) {
	case CEREMONY_KEY:
		if (!deal(p, err))
			return false;
		tree_write_leaf(&w, BYTES_OF(p->box.pub));
		break;
	case CEREMONY_COMMIT:
		d = opening_digest(&p->mine, p->m);
		tree_write_leaf(&w, BYTES_OF(d.b));
		break;
	case CEREMONY_ECHO:
		if (!echo_digest(&d, p->m, f, err))
			return false;
		tree_write_leaf(&w, BYTES_OF(d.b));
		break;
	case CEREMONY_OPEN:
		if (!round_echoes(p->m, f, err) || !seal_shares(p, f, err))
			return false;
		*out = opening_write(room, &p->mine, p->m);
		return true;
	case CEREMONY_VERDICT:
		if (!judge(p, f, err))
			return false;
		tree_write_leaf(&w, bytes_of(p->complaint, p->m->authorities_count));
		break;
	case CEREMONY_CERTIFY:
		if (!certify(&d, p, f, err))
			return false;
		tree_write_leaf(&w, BYTES_OF(d.b));
		break;
	case CEREMONY_ROUNDS:
		break;
	}
	*out = tree_written(&w);
	return true;
}

bool ceremony_party_step(struct ceremony_party *p, struct folder *ceremony, bool *done,
                         struct error *err)
{
	uint8_t room[MESSAGE_MAX];
	bytes content;
	*done = false;
	if (p->next > 0 && !round_complete(p->m, ceremony, (enum ceremony_round)(p->next - 1), err))
		return false;
	if (p->next == CEREMONY_ROUNDS) {
		struct election_key key;
		*done = ceremony_verify(&key, p->m, ceremony, err);
		return *done;
	}
	struct message_name name = {p->m, (enum ceremony_round)p->next, p->index};
	if (!content_of(&content, room, p, ceremony, err) ||
	    !message_write(ceremony, &name, p->identity, content, err))
		return false;
	p->next++;
	return true;
}

void ceremony_party_share(secret_scalar *out, const struct ceremony_party *p)
{
	require(p->next == CEREMONY_ROUNDS);
	*out = p->share;
}
