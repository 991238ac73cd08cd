/* SPDX-License-Identifier: Apache-2.0 */
/* Digests over messages, and the joint key. */
#include "ceremony/attempt_internal.h"

#include "ceremony/feldman.h"
#include "hash/tagged.h"

static bool add_message(struct hash *h, struct attempt *a, enum ceremony_round round,
                        unsigned index, struct error *err)
{
	struct message msg;
	if (!attempt_read(&msg, a, round, index, err))
		return false;
	tree_hash_leaf(h, msg.file);
	return true;
}

static unsigned count_of(const struct attempt *a, const uint8_t *who)
{
	unsigned count = 0;
	for (unsigned i = 0; i < a->m->authorities_count; i++)
		count += who[i];
	return count;
}

static bool add_round(struct hash *h, struct attempt *a, enum ceremony_round round,
                      const uint8_t *who, struct error *err)
{
	for (unsigned i = 1; i <= a->m->authorities_count; i++)
		if (who[i - 1] && !add_message(h, a, round, i, err))
			return false;
	return true;
}

bool echo_digest(digest *out, struct attempt *a, const uint8_t *present, struct error *err)
{
	struct hash h;
	tagged_digest_init(&h, "echo", 3 + 2 * count_of(a, present));
	tree_hash_leaf(&h, BYTES_OF(a->m->d.b));
	tree_hash_u32(&h, a->number);
	tree_hash_leaf(&h, bytes_of(present, a->m->authorities_count));
	if (!add_round(&h, a, CEREMONY_KEY, present, err) ||
	    !add_round(&h, a, CEREMONY_COMMIT, present, err))
		return false;
	*out = tagged_digest_finish(&h);
	return true;
}

bool openings_digest(digest *out, struct attempt *a, const uint8_t *opened, struct error *err)
{
	struct hash h;
	tagged_digest_init(&h, "openings", 2 + a->m->authorities_count);
	tree_hash_leaf(&h, BYTES_OF(a->m->d.b));
	tree_hash_u32(&h, a->number);
	for (unsigned i = 1; i <= a->m->authorities_count; i++) {
		if (!opened[i - 1])
			tree_hash_leaf(&h, BYTES_NONE);
		else if (!add_message(&h, a, CEREMONY_OPEN, i, err))
			return false;
	}
	*out = tagged_digest_finish(&h);
	return true;
}

/* The messages that count: what others say too late must not change the election. */
static bool transcript_digest(digest *out, struct attempt *a, const struct outcome *o,
                              struct error *err)
{
	uint8_t answered[LIMIT_PARTIES];
	struct hash h;
	for (unsigned i = 0; i < a->m->authorities_count; i++)
		answered[i] = o->qualified[i] && o->accusers[i] > 0;
	tagged_digest_init(&h, "transcript",
	                   2 + 3 * count_of(a, o->present) + 2 * count_of(a, o->opened) +
	                       count_of(a, answered));
	tree_hash_leaf(&h, BYTES_OF(a->m->d.b));
	tree_hash_u32(&h, a->number);
	const uint8_t *const who[CEREMONY_CERTIFY] = {o->present, o->present, o->present,
	                                              o->opened,  o->opened,  answered};
	for (unsigned r = 0; r < CEREMONY_CERTIFY; r++)
		if (!add_round(&h, a, (enum ceremony_round)r, who[r], err))
			return false;
	*out = tagged_digest_finish(&h);
	return true;
}

static void add_point(struct hash *h, const point *p)
{
	uint8_t tree[POINT_TREE_BYTES];
	points_encode_tree(tree, p, 1);
	hash_update(h, BYTES_OF(tree));
}

static void election_digest(struct election_key *k)
{
	struct hash h;
	const point g = point_generator();
	tagged_digest_init(&h, "election", 5);
	tree_hash_leaf(&h, BYTES_OF(k->d.b));
	tree_hash_leaf(&h, BYTES_OF(k->t.b));
	tree_hash_node(&h, 2);
	add_point(&h, &g);
	add_point(&h, &k->polynomial[0]);
	tree_hash_node(&h, k->threshold);
	for (unsigned i = 0; i < k->threshold; i++)
		add_point(&h, &k->polynomial[i]);
	tree_hash_leaf(&h, bytes_of(k->qualified, k->parties));
	k->eid = tagged_digest_finish(&h);
}

bool key_derive(struct election_key *out, struct attempt *a, const struct outcome *o,
                struct error *err)
{
	const unsigned n = a->m->authorities_count, t = a->m->threshold;
	memset(out, 0, sizeof *out);
	out->d = a->m->d;
	out->parties = n;
	out->threshold = t;
	memcpy(out->qualified, o->qualified, n);
	for (unsigned k = 0; k < t; k++) {
		out->polynomial[k] = point_infinity();
		for (unsigned i = 0; i < n; i++)
			if (o->qualified[i])
				point_add(&out->polynomial[k], &out->polynomial[k], &o->c[i][k]);
		if (point_is_infinity(&out->polynomial[k])) {
			fail(err, ERROR_REJECTED, "ceremony: a coefficient of the joint polynomial is infinity",
			     k);
			return attempt_ends(a, 0, err);
		}
	}
	for (unsigned l = 0; l < n; l++) {
		feldman_at_vartime(&out->shares[l], out->polynomial, t, l + 1);
		if (point_is_infinity(&out->shares[l])) {
			fail(err, ERROR_REJECTED, "ceremony: a public share is infinity", l + 1);
			return attempt_ends(a, 0, err);
		}
	}
	if (!transcript_digest(&out->t, a, o, err))
		return false;
	election_digest(out);
	return true;
}

void election_sid(char out[static ELECTION_SID_BYTES + 1], const struct election_key *key)
{
	memcpy(out, "urna", 4);
	hex_encode(out + 4, BYTES_OF(key->eid.b));
}
