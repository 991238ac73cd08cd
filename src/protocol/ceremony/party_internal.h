/* SPDX-License-Identifier: Apache-2.0 */
/* One authority's state, and what it does with its secrets. */
#ifndef CEREMONY_PARTY_INTERNAL_H
#define CEREMONY_PARTY_INTERNAL_H

#include "ceremony/attempt_internal.h"

enum party_role {
	PARTY_NEW,       /* has not looked at this attempt yet */
	PARTY_ACTIVE,    /* takes part */
	PARTY_WATCHING,  /* the others hold this attempt without it: too late, or out */
	PARTY_CERTIFIED, /* certified before it was restarted */
};

struct dealing {                      /* secrets of one attempt; all zeros between attempts */
	secret_scalar f[LIMIT_PARTIES];   /* own polynomial, threshold entries */
	secret_scalar got[LIMIT_PARTIES]; /* f_i(own index) of each dealer i */
	struct box_secret box;
	secret_scalar share; /* x_l */
	bool shared;         /* share is there */
};

struct ceremony_party {
	const struct manifest *m;
	const struct identity_secret *identity;
	struct rng *rng;
	unsigned index; /* from 1 */
	unsigned next;  /* the round to write next */
	enum party_role role;
	struct attempt a; /* number 0 before the first step */
	struct outcome o;
	struct dealing secret;
	struct opening mine;
	bool kept, dealt;
	struct ceremony_past past; /* as kept, once recollected */
	bool recollected;
	struct doubts doubts;
	ceremony_keep_fn *keep;     /* may be NULL */
	ceremony_recall_fn *recall; /* may be NULL */
	void *keep_ctx;
	ceremony_recollect_fn *recollect; /* may be NULL */
	ceremony_remember_fn *remember;   /* may be NULL */
	void *past_ctx;
};

/* --- past.c --- */

bool past_recollect(struct ceremony_party *p, struct error *err) must_check;
/* Before the first message of this attempt leaves. */
bool past_begin(struct ceremony_party *p, struct error *err) must_check;
/* Before the certificate leaves. */
bool past_certify(struct ceremony_party *p, const struct election_key *key,
                  struct error *err) must_check;
/* All certificates are there; CONFLICT when it finished or certified another election. */
bool past_finish(struct ceremony_party *p, const struct election_key *key,
                 struct error *err) must_check;
/* CONFLICT when the folder lacks what this party said before; asked where it has lost its secrets,
 * and its certificate is not there. */
bool past_allows(struct ceremony_party *p, struct folder *ceremony, struct error *err) must_check;
bool past_not_certified_later(const struct ceremony_party *p, struct error *err) must_check;
/* CONFLICT when it began a later attempt than this, of which it finds nothing of its own. */
bool past_not_begun_later(const struct ceremony_party *p, struct error *err) must_check;

/* --- dealing.c --- */

/* Fresh keys, polynomial, commitments and proof of possession. */
bool dealing_begin(struct ceremony_party *p, struct error *err) must_check;
/* Boxes for all parties present. */
bool dealing_seal(struct ceremony_party *p, struct error *err) must_check;
/* Opens what a dealer sent: false when it does not open or does not fit its commitments. */
bool dealing_take(struct ceremony_party *p, const struct opening *o);
/* The shares of the parties that complain about this one. */
void dealing_answer(struct answer *out, const struct ceremony_party *p);
/* Share of this party from all who qualified; published: where it complained. */
void dealing_sum(struct ceremony_party *p, const scalar *published);

#endif
