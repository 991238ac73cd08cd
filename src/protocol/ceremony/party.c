/* SPDX-License-Identifier: Apache-2.0 */
#include "ceremony/party_internal.h"

#include "base/ct.h"

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

void ceremony_party_keep(struct ceremony_party *p, ceremony_keep_fn *keep,
                         ceremony_recall_fn *recall, void *ctx)
{
	p->keep = keep;
	p->recall = recall;
	p->keep_ctx = ctx;
}

void ceremony_party_doubt(struct ceremony_party *p, ceremony_doubt_fn *doubt, void *ctx)
{
	p->doubts.tell = doubt;
	p->doubts.ctx = ctx;
}

/* --- what it writes --- */

static bool absent(enum ceremony_patience patience, const struct error *why)
{
	return patience == CEREMONY_DEADLINE && why->kind == ERROR_UNAVAILABLE;
}

static bool write_next(struct ceremony_party *p, bytes content, struct error *err)
{
	if (!attempt_write(&p->a, (enum ceremony_round)p->next, p->index, p->identity, content, err))
		return false;
	p->next++;
	return true;
}

static bool write_digest(struct ceremony_party *p, const digest *d, struct error *err)
{
	uint8_t room[64];
	struct tree_writer w = TREE_WRITER(room);
	tree_write_leaf(&w, BYTES_OF(d->b));
	return write_next(p, tree_written(&w), err);
}

static bool write_statement(struct ceremony_party *p, const struct statement *s, struct error *err)
{
	uint8_t room[MESSAGE_MAX];
	return write_next(p, statement_write(room, p->m, s), err);
}

static bool step_key(struct ceremony_party *p, struct error *err)
{
	uint8_t room[64];
	struct tree_writer w = TREE_WRITER(room);
	if (!p->dealt && !(dealing_begin(p, err) && past_begin(p, err)))
		return false;
	p->dealt = true;
	tree_write_leaf(&w, BYTES_OF(p->secret.box.pub));
	return write_next(p, tree_written(&w), err);
}

static bool step_commit(struct ceremony_party *p, struct error *err)
{
	digest d = opening_digest(&p->mine, p->m);
	return write_digest(p, &d, err);
}

static unsigned count_of(const struct ceremony_party *p, const uint8_t *who)
{
	unsigned count = 0;
	for (unsigned i = 0; i < p->m->authorities_count; i++)
		count += who[i];
	return count;
}

static bool step_echo(struct ceremony_party *p, enum ceremony_patience patience, struct error *err)
{
	struct statement s = {0};
	bool settled;
	if (!echo_settled_without(&settled, &p->a, p->index, err))
		return false;
	if (settled) {
		p->role = PARTY_WATCHING;
		return true;
	}
	if (!presence_find(s.of, &p->a, err) &&
	    (!absent(patience, err) || count_of(p, s.of) < p->m->threshold))
		return false;
	return echo_digest(&s.d, &p->a, s.of, err) && write_statement(p, &s, err);
}

static bool step_open(struct ceremony_party *p, struct error *err)
{
	uint8_t room[MESSAGE_MAX], everybody[LIMIT_PARTIES];
	struct agreement said;
	memset(everybody, 1, sizeof everybody);
	if (!agreement_reach(&said, &p->a, CEREMONY_ECHO, everybody, p->index, err))
		return false;
	memcpy(p->o.present, said.member, sizeof p->o.present);
	return dealing_seal(p, err) && write_next(p, opening_write(room, &p->mine, p->m), err);
}

static bool step_verdict(struct ceremony_party *p, enum ceremony_patience patience,
                         struct error *err)
{
	struct statement s = {0};
	struct opening opening;
	uint8_t opened[LIMIT_PARTIES] = {0};
	bool valid;
	if (!round_complete(&p->a, CEREMONY_OPEN, p->o.present, err) && !absent(patience, err)) {
		p->a.missing = 0;
		return false;
	}
	for (unsigned i = 1; i <= p->m->authorities_count; i++) {
		s.of[i - 1] = 2;
		if (!p->o.present[i - 1])
			continue;
		if (!opening_find(&opening, &valid, &p->a, i, p->o.present, err))
			return false;
		if (!valid)
			continue;
		opened[i - 1] = 1;
		memcpy(p->o.c[i - 1], opening.c, sizeof opening.c);
		s.of[i - 1] = dealing_take(p, &opening) ? 0 : 1;
	}
	if (count_of(p, opened) < p->m->threshold) {
		fail(err, ERROR_REJECTED, "ceremony: fewer than the threshold opened their commitments",
		     ERROR_NOWHERE);
		return attempt_ends(&p->a, 0, err);
	}
	return openings_digest(&s.d, &p->a, opened, err) && write_statement(p, &s, err);
}

static bool step_answer(struct ceremony_party *p, struct error *err)
{
	uint8_t room[MESSAGE_MAX];
	struct agreement said;
	struct answer answer;
	if (!agreement_reach(&said, &p->a, CEREMONY_VERDICT, p->o.present, p->index, err))
		return false;
	outcome_accuse(&p->o, p->m, &said);
	/* With t accusers it is out, and t shares would be the polynomial. */
	if (p->o.fate[p->index - 1] != CEREMONY_UNANSWERED) {
		p->next++;
		return true;
	}
	dealing_answer(&answer, p);
	return write_next(p, answer_write(room, &answer), err);
}

static bool keep_share(struct ceremony_party *p, const struct election_key *key, struct error *err)
{
	const point g = point_generator();
	point mine;
	point_mul(&mine, &p->secret.share, &g);
	if (!point_equal(&mine, &key->shares[p->index - 1]))
		return fail(err, ERROR_BUG, "ceremony: own share does not fit the joint polynomial",
		            p->index);
	p->secret.shared = true;
	p->kept = p->kept || !p->keep || p->keep(p->keep_ctx, key, &p->secret.share, err);
	return p->kept;
}

/* The answers that are there in time decide who counts. */
static bool settle(struct ceremony_party *p, scalar *published, enum ceremony_patience patience,
                   struct error *err)
{
	uint8_t accused[LIMIT_PARTIES];
	outcome_must_answer(accused, &p->o, p->m);
	if (!round_complete(&p->a, CEREMONY_ANSWER, accused, err) && !absent(patience, err)) {
		p->a.missing = 0;
		return false;
	}
	for (unsigned i = 1; i <= p->m->authorities_count; i++) {
		bool right = false;
		if (!accused[i - 1])
			continue;
		if (attempt_has(&p->a, CEREMONY_ANSWER, i) &&
		    !answer_find(&right, &published[i - 1], &p->a, &p->o, i, p->index, err))
			return false;
		p->o.qualified[i - 1] = right;
	}
	if (count_of(p, p->o.qualified) >= p->m->threshold)
		return true;
	fail(err, ERROR_REJECTED, "ceremony: fewer than the threshold dealt rightly", ERROR_NOWHERE);
	return attempt_ends(&p->a, 0, err);
}

static bool write_certificate(struct ceremony_party *p, struct error *err)
{
	struct statement s = {.d = p->past.eid};
	memcpy(s.of, p->past.qualified, sizeof s.of);
	p->next = CEREMONY_CERTIFY;
	return write_statement(p, &s, err);
}

static bool step_certify(struct ceremony_party *p, enum ceremony_patience patience,
                         struct error *err)
{
	scalar published[LIMIT_PARTIES];
	struct election_key key;
	if (!settle(p, published, patience, err))
		return false;
	if (!p->o.qualified[p->index - 1]) {
		p->role = PARTY_WATCHING;
		return true;
	}
	dealing_sum(p, published);
	return key_derive(&key, &p->a, &p->o, err) && keep_share(p, &key, err) &&
	       past_certify(p, &key, err) && write_certificate(p, err);
}

/* --- the end --- */

static bool step_end(struct ceremony_party *p, struct folder *ceremony, bool *done,
                     struct error *err)
{
	struct election_key key;
	if (!attempt_verify(&key, &p->o, &p->a, p->index, err) ||
	    !attempt_key(&key, p->m, ceremony, &p->doubts, err) || !past_finish(p, &key, err))
		return false;
	if (p->role == PARTY_CERTIFIED && p->recall && !p->secret.shared) {
		if (!p->recall(p->keep_ctx, &key, &p->secret.share, err))
			return false;
		p->secret.shared = true;
	}
	*done = true;
	return true;
}

/* Others hold the attempt; what goes wrong there is theirs to say. */
static bool watch(struct ceremony_party *p, struct error *err)
{
	struct election_key key;
	struct error why;
	error_clear(&why);
	if (attempt_verify(&key, &p->o, &p->a, 0, &why)) {
		const char *text = ceremony_fate_text(p->o.fate[p->index - 1]);
		fail_detail(err, ERROR_REJECTED,
		            "ceremony: it ended without this party, which has no share", p->index, text);
		return fail_within_index(err, "party", p->index);
	}
	if (why.kind != ERROR_UNAVAILABLE && !p->a.fails) {
		if (err)
			*err = why;
		return false;
	}
	p->a.fails = false;
	p->a.missing = 0;
	return fail_detail(err, ERROR_UNAVAILABLE,
	                   "ceremony: the others hold this attempt without this party", p->a.number,
	                   why.detail);
}

/* --- steps --- */

static bool active(struct ceremony_party *p, struct folder *ceremony,
                   enum ceremony_patience patience, bool *done, struct error *err)
{
	switch ((enum ceremony_round)p->next) {
	case CEREMONY_KEY:
		return step_key(p, err);
	case CEREMONY_COMMIT:
		return step_commit(p, err);
	case CEREMONY_ECHO:
		return step_echo(p, patience, err);
	case CEREMONY_OPEN:
		return step_open(p, err);
	case CEREMONY_VERDICT:
		return step_verdict(p, patience, err);
	case CEREMONY_ANSWER:
		return step_answer(p, err);
	case CEREMONY_CERTIFY:
		return step_certify(p, patience, err);
	case CEREMONY_ROUNDS:
		break;
	}
	return step_end(p, ceremony, done, err);
}

/* What this party finds of its own where it has written nothing yet, an earlier run wrote. */
static bool enter(struct ceremony_party *p, struct folder *ceremony, struct error *err)
{
	bool settled, mine = false;
	struct election_key key;
	if (!past_not_certified_later(p, err))
		return false;
	if (attempt_has(&p->a, CEREMONY_CERTIFY, p->index)) {
		p->role = PARTY_CERTIFIED;
		p->next = CEREMONY_ROUNDS;
		return true;
	}
	if (!past_allows(p, ceremony, err))
		return false;
	if (p->past.certified == p->a.number) { /* stopped before it left: the same again */
		if (!write_certificate(p, err))
			return false;
		p->role = PARTY_CERTIFIED;
		return true;
	}
	for (unsigned r = 0; r < CEREMONY_ROUNDS; r++)
		mine = mine || attempt_has(&p->a, (enum ceremony_round)r, p->index);
	if (mine && attempt_verify(&key, &p->o, &p->a, 0, NULL)) {
		p->role = PARTY_WATCHING;
		return true;
	}
	p->a.fails = false;
	if (mine) {
		fail(err, ERROR_REJECTED,
		     "ceremony: restarted in the middle, without the secrets of this attempt",
		     ERROR_NOWHERE);
		return attempt_ends(&p->a, p->index, err);
	}
	if (!echo_settled_without(&settled, &p->a, p->index, err))
		return false;
	if (settled || p->past.begun < p->a.number) {
		p->role = settled ? PARTY_WATCHING : PARTY_ACTIVE;
		return true;
	}
	if (!past_not_begun_later(p, err))
		return false;
	fail(err, ERROR_REJECTED,
	     "ceremony: begun before, what this party said is not there, and it deals once only",
	     ERROR_NOWHERE);
	return attempt_ends(&p->a, p->index, err);
}

/* Goes to the attempt that nobody has ended. */
static bool follow(struct ceremony_party *p, struct folder *ceremony, struct error *err)
{
	unsigned number;
	if (!past_recollect(p, err) || !attempt_current(&number, p->m, ceremony, &p->doubts, err))
		return false;
	if (number != p->a.number) {
		wipe(&p->secret, sizeof p->secret);
		memset(&p->a, 0, sizeof p->a);
		memset(&p->o, 0, sizeof p->o);
		memset(&p->mine, 0, sizeof p->mine);
		p->role = PARTY_NEW;
		p->next = CEREMONY_KEY;
		p->kept = p->dealt = false;
	}
	p->a.doubts = &p->doubts;
	return attempt_begin(&p->a, p->m, ceremony, number, err);
}

static bool proceed(struct ceremony_party *p, struct folder *ceremony,
                    enum ceremony_patience patience, bool *done, struct error *err)
{
	if (p->role == PARTY_NEW && !enter(p, ceremony, err))
		return false;
	if (p->role == PARTY_WATCHING)
		return watch(p, err);
	if (!active(p, ceremony, patience, done, err)) {
		if (!absent(patience, err) || !p->a.missing)
			return false;
		fail_detail(err, ERROR_REJECTED, "ceremony: no message by the deadline", ERROR_NOWHERE,
		            err->detail);
		return attempt_ends(&p->a, p->a.missing, err);
	}
	return true;
}

bool ceremony_party_step(struct ceremony_party *p, struct folder *ceremony,
                         enum ceremony_patience patience, bool *done, struct error *err)
{
	struct error why;
	error_clear(&why);
	*done = false;
	p->a.fails = false;
	if (!follow(p, ceremony, &why) || !proceed(p, ceremony, patience, done, &why)) {
		if (p->a.fails)
			return failure_write(&p->a, p->index, p->a.culprit, p->identity, &why, err);
		if (err)
			*err = why;
		return false;
	}
	return true;
}

unsigned ceremony_party_attempt(const struct ceremony_party *p)
{
	return p->a.number ? p->a.number : 1;
}

enum ceremony_round ceremony_party_round(const struct ceremony_party *p)
{
	return (enum ceremony_round)p->next;
}

bool ceremony_party_share(secret_scalar *out, const struct ceremony_party *p)
{
	require(p->next == CEREMONY_ROUNDS);
	if (p->secret.shared)
		*out = p->secret.share;
	return p->secret.shared;
}
