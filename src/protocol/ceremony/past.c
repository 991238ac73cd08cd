/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a party has done about one manifest, and what it therefore does not do again.
 *   file = node(leaf("urna-past-1"), D, int begun, int certified, leaf(n flags), EID, int finished)
 */
#include "ceremony/party_internal.h"

#define PAST_TAG "urna-past-1"

bytes ceremony_past_write(uint8_t room[static CEREMONY_PAST_BYTES],
                          const struct ceremony_past *past, const digest *d, unsigned parties)
{
	struct tree_writer w = {room, CEREMONY_PAST_BYTES, 0, false};
	tree_write_node(&w, 7);
	tree_write_leaf(&w, BYTES_LITERAL(PAST_TAG));
	tree_write_leaf(&w, BYTES_OF(d->b));
	tree_write_u32(&w, past->begun);
	tree_write_u32(&w, past->certified);
	tree_write_leaf(&w, bytes_of(past->qualified, parties));
	tree_write_leaf(&w, BYTES_OF(past->eid.b));
	tree_write_u32(&w, past->finished);
	require(!w.full);
	return tree_written(&w);
}

bool ceremony_past_read(struct ceremony_past *out, bytes file, const digest *d, unsigned parties,
                        struct error *err)
{
	struct tree_reader r = TREE_READER(file);
	uint32_t begun, certified, finished;
	digest of;
	bytes tag;
	memset(out, 0, sizeof *out);
	if (!tree_node(&r, 7, err) || !tree_leaf_any(&r, &tag, 64, err))
		return false;
	if (!bytes_equal(tag, BYTES_LITERAL(PAST_TAG)))
		return fail(err, ERROR_MALFORMED, "ceremony: not what an authority keeps of ceremonies",
		            ERROR_NOWHERE);
	if (!tree_leaf(&r, of.b, sizeof of.b, err) || !tree_leaf_u32(&r, &begun, err) ||
	    !tree_leaf_u32(&r, &certified, err) || !tree_leaf(&r, out->qualified, parties, err) ||
	    !tree_leaf(&r, out->eid.b, sizeof out->eid.b, err) || !tree_leaf_u32(&r, &finished, err) ||
	    !tree_end(&r, err))
		return false;
	for (unsigned i = 0; i < parties; i++)
		certified = out->qualified[i] > 1 ? UINT32_MAX : certified;
	if (!digest_equal(&of, d) || begun > LIMIT_ATTEMPTS || certified > begun || finished > 1)
		return fail(err, ERROR_MALFORMED, "ceremony: kept for another manifest, or damaged",
		            ERROR_NOWHERE);
	out->begun = begun;
	out->certified = certified;
	out->finished = finished == 1;
	return true;
}

void ceremony_party_remember(struct ceremony_party *p, ceremony_recollect_fn *recollect,
                             ceremony_remember_fn *remember, void *ctx)
{
	p->recollect = recollect;
	p->remember = remember;
	p->past_ctx = ctx;
}

bool past_recollect(struct ceremony_party *p, struct error *err)
{
	if (!p->recollected && p->recollect && !p->recollect(p->past_ctx, &p->past, err))
		return false;
	p->recollected = true;
	return true;
}

static bool remember(struct ceremony_party *p, const struct ceremony_past *next, struct error *err)
{
	if (p->remember && !p->remember(p->past_ctx, next, err))
		return false;
	p->past = *next;
	return true;
}

static void take_key(struct ceremony_party *p, struct ceremony_past *past,
                     const struct election_key *key)
{
	past->begun = past->begun > p->a.number ? past->begun : p->a.number;
	past->certified = p->a.number;
	past->eid = key->eid;
	memcpy(past->qualified, key->qualified, sizeof past->qualified);
}

static bool lost(const struct ceremony_party *p, const char *what, struct error *err)
{
	fail_detail(
		err, ERROR_CONFLICT,
		"ceremony: the record has lost messages that this authority signed; bring them back, "
		"or make a new manifest",
		ERROR_NOWHERE, what);
	return fail_within_index(err, "party", p->index);
}

bool past_begin(struct ceremony_party *p, struct error *err)
{
	struct ceremony_past next = p->past;
	require(p->a.number > next.begun);
	next.begun = p->a.number;
	return remember(p, &next, err);
}

bool past_certify(struct ceremony_party *p, const struct election_key *key, struct error *err)
{
	struct ceremony_past next = p->past;
	take_key(p, &next, key);
	return remember(p, &next, err);
}

bool past_finish(struct ceremony_party *p, const struct election_key *key, struct error *err)
{
	struct ceremony_past next = p->past;
	const bool said = next.finished || (next.certified && next.certified == p->a.number);
	if (said && !digest_equal(&next.eid, &key->eid))
		return lost(p, "it certified another key of this manifest", err);
	if (next.finished)
		return true;
	take_key(p, &next, key);
	next.finished = true;
	return remember(p, &next, err);
}

/* Whether all that an honest party has said when it certifies is there. */
static bool is_shown(bool *out, struct ceremony_party *p, struct folder *ceremony, unsigned number,
                     struct error *err)
{
	struct attempt a = {.doubts = &p->doubts};
	if (!attempt_begin(&a, p->m, ceremony, number, err))
		return false;
	*out = true;
	for (unsigned r = CEREMONY_KEY; r <= CEREMONY_VERDICT; r++)
		*out = *out && attempt_has(&a, (enum ceremony_round)r, p->index);
	return true;
}

bool past_not_certified_later(const struct ceremony_party *p, struct error *err)
{
	return p->past.certified <= p->a.number || lost(p, "it certified in a later attempt", err);
}

bool past_allows(struct ceremony_party *p, struct folder *ceremony, struct error *err)
{
	if (p->past.finished)
		return lost(p, "it has finished a ceremony of this manifest", err);
	bool shown = true;
	if (p->past.certified && !is_shown(&shown, p, ceremony, p->past.certified, err))
		return false;
	return shown || lost(p, "it has certified a key of this manifest", err);
}

bool past_not_begun_later(const struct ceremony_party *p, struct error *err)
{
	return p->past.begun <= p->a.number || lost(p, "it has begun a later attempt", err);
}
