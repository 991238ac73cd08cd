/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random boxes with everything that can happen, right and wrong, and what must become of it: a
 * second derivation by searching all that came before. For one test program. Include support.h
 * first.
 */
#ifndef RECORD_RANDOM_BOX_H
#define RECORD_RANDOM_BOX_H

#include "unit/protocol/record/urn_log.h"

static struct urn u;
static struct urn_log l;

#define OBJECTS_MAX 512u

static struct urn u;
static struct urn_log l;

/* --- what was put in, as the generator knows it --- */

struct thing {
	bool is_void;
	bytes object;         /* copied */
	enum ballot_fault as; /* MALFORMED, ELECTION, REPEATED_U (within itself), PROOF, SIGNATURE */
	unsigned voter, style;
	uint32_t seq, weight;
	unsigned ciphertexts; /* which: things with the same have the same u's */
	unsigned id;          /* which body exactly */
	size_t changes;       /* of credentials before it */
	enum ballot_fault expected;
	bool counts, refused;
};
struct change {
	unsigned voter;
	uint32_t style, weight;
};
static struct thing things[OBJECTS_MAX];
static struct change changes[OBJECTS_MAX];
static size_t things_count, changes_count;
static unsigned bodies;

static bytes kept_copy(bytes b)
{
	uint8_t *p = malloc(b.len + 1);
	assert_non_null(p);
	if (b.len)
		memcpy(p, b.p, b.len);
	return bytes_of(p, b.len);
}

static void forget(void)
{
	for (size_t i = 0; i < things_count; i++)
		free((void *)(uintptr_t)things[i].object.p);
	things_count = changes_count = 0;
	bodies = 0;
}

/* --- the second derivation --- */

struct standing {
	bool listed;
	uint32_t style, weight;
};

static struct standing standing_of(unsigned voter, size_t until)
{
	struct standing s = {voter < u.listed, u.voters[voter].style, u.voters[voter].weight};
	for (size_t i = 0; i < until; i++)
		if (changes[i].voter == voter)
			s = (struct standing){true, changes[i].style, changes[i].weight};
	return s;
}

static bool has_u(const struct thing *t)
{
	return t->as != BALLOT_MALFORMED && t->as != BALLOT_REPEATED_U;
}

static enum ballot_fault naive(size_t at)
{
	const struct thing *t = &things[at];
	struct standing s = standing_of(t->voter, t->changes);
	bool credentials = u.rules.mode == BALLOT_CREDENTIALS;
	bool voided = false, u_before = false;
	uint32_t earlier = 0;
	for (size_t i = 0; i < at; i++) {
		voided |= things[i].is_void && !things[i].refused && things[i].id == t->id;
		u_before |= has_u(&things[i]) && things[i].ciphertexts == t->ciphertexts;
		earlier += !things[i].is_void && things[i].counts && things[i].voter == t->voter;
	}
	if (t->as == BALLOT_MALFORMED || t->as == BALLOT_ELECTION || t->as == BALLOT_REPEATED_U)
		return t->as;
	if (credentials && s.listed && s.style != t->style)
		return BALLOT_STYLE_NOT_ALLOWED;
	if (credentials && (!s.listed || s.weight == 0))
		return BALLOT_UNKNOWN_CREDENTIAL;
	if (t->weight == 0 || t->weight > u.manifest->weight_max ||
	    (credentials && t->weight != s.weight))
		return BALLOT_WEIGHT;
	if (voided)
		return BALLOT_VOIDED;
	if (u_before)
		return BALLOT_REPEATED_U;
	if (t->seq != earlier)
		return BALLOT_SEQ;
	return t->as;
}

static bool naive_void_refused(size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (has_u(&things[i]) && things[i].ciphertexts == things[at].ciphertexts)
			return true;
	return things[at].as != BALLOT_FINE;
}

static void judge_last(void)
{
	size_t at = things_count - 1;
	struct thing *t = &things[at];
	if (t->is_void) {
		t->refused = naive_void_refused(at);
		return;
	}
	t->expected = naive(at);
	t->counts = t->expected == BALLOT_FINE;
}

static uint32_t weight_at_close(size_t at)
{
	const struct thing *t = &things[at];
	if (t->is_void || !t->counts)
		return 0;
	for (size_t i = at + 1; i < things_count; i++)
		if (!things[i].is_void && things[i].counts && things[i].voter == t->voter)
			return 0;
	return u.rules.mode == BALLOT_CREDENTIALS ? standing_of(t->voter, changes_count).weight
	                                          : t->weight;
}

/* --- lists from bytes --- */

static void hash_header(struct hash *h, uint8_t kind, size_t n)
{
	uint8_t header[5] = {kind};
	store_be32(header + 1, (uint32_t)n);
	hash_update(h, BYTES_OF(header));
}

/* The tree of point j of a half of a group, where it stands in a ballot's bytes. */
static bytes point_at(const struct thing *t, unsigned group, unsigned half, unsigned j)
{
	const struct manifest_style *style = &u.manifest->styles[t->style];
	size_t at = 5 + 5 + 16 + 37 + (u.rules.mode == BALLOT_CREDENTIALS ? 81u : 21u) + 5 +
	            style->name.len + 5;
	for (unsigned g = 0; style->groups[g] != group; g++)
		at += 15 + (size_t)162 * u.manifest->groups[style->groups[g]].code.width;
	unsigned width = u.manifest->groups[group].code.width;
	at += 5 + (half ? 5 + (size_t)81 * width : 0) + 5 + (size_t)81 * j;
	return bytes_of(t->object.p + at, 81);
}

static bool in_list(size_t at, const struct manifest_list *list)
{
	const struct manifest_style *style = &u.manifest->styles[things[at].style];
	bool has = false;
	for (unsigned g = 0; g < style->groups_count; g++)
		has |= style->groups[g] == list->group;
	return has && style->area == list->area && (weight_at_close(at) & 1u << list->bit) != 0;
}

static size_t derive(digest *out, const struct manifest_list *list)
{
	size_t members[OBJECTS_MAX], n = 0;
	unsigned width = u.manifest->groups[list->group].code.width;
	struct hash h;
	for (size_t i = 0; i < things_count; i++)
		if (in_list(i, list))
			members[n++] = i;
	hash_init(&h, HASH_SHA256);
	hash_header(&h, 0, 2);
	for (unsigned half = 0; half < 2; half++) {
		if (width > 1)
			hash_header(&h, 0, width);
		for (unsigned j = 0; j < width; j++) {
			hash_header(&h, 0, n);
			for (size_t i = 0; i < n; i++)
				hash_update(&h, point_at(&things[members[i]], list->group, half, j));
		}
	}
	hash_finish(&h, out->b);
	return n;
}

/* --- the generator --- */

static bool one_in(unsigned n)
{
	return test_random_below(n) == 0;
}

static struct thing *add_thing(const struct thing *t, bytes object)
{
	assert_true(things_count < OBJECTS_MAX);
	struct thing *out = &things[things_count++];
	*out = *t;
	out->object = kept_copy(object);
	out->changes = changes_count;
	log_object(&l, t->is_void, object, t->weight);
	judge_last();
	return out;
}

/* A body of its own, whose ciphertexts nobody had. */
static bytes fresh(struct thing *t, uint8_t *room)
{
	t->ciphertexts = t->id = ++bodies;
	return urn_body(room, &u, t->voter, t->style);
}

static bytes body_of(const struct thing *t)
{
	size_t len = ballot_body_bytes(&u.styles[t->style], u.rules.mode);
	return bytes_of(t->object.p + (t->is_void ? 0 : 5), len);
}

/* An earlier object whose u's come again. */
static const struct thing *earlier(void)
{
	if (things_count == 0)
		return NULL;
	const struct thing *t = &things[test_random_below(things_count)];
	return t->as == BALLOT_FINE || t->as == BALLOT_PROOF || t->as == BALLOT_SIGNATURE ? t : NULL;
}

/* Its body, or if that was spoiled, the good one with the same u's. */
static bytes again_body(struct thing *t, const struct thing *again, uint8_t *room)
{
	bytes body = body_of(again);
	memcpy(room, body.p, body.len);
	t->voter = again->voter;
	t->style = again->style;
	t->ciphertexts = again->ciphertexts;
	t->id = again->id;
	if (again->as == BALLOT_PROOF) {
		room[body.len - 1] ^= 1;
		t->id = ++bodies;
	}
	return bytes_of(room, body.len);
}

static uint32_t next_seq(unsigned voter)
{
	uint32_t n = 0;
	for (size_t i = 0; i < things_count; i++)
		n += !things[i].is_void && things[i].counts && things[i].voter == voter;
	return n;
}

/* u of the second component of g2 becomes that of the first. */
static void repeat_u(uint8_t *ballot, const struct thing *t)
{
	struct thing at = *t;
	at.object = bytes_of(ballot, 1);
	memcpy(ballot + (point_at(&at, 1, 0, 1).p - ballot), point_at(&at, 1, 0, 0).p, 81);
}

static void add_ballot(void)
{
	uint8_t room[URN_BALLOT_MAX], cast[URN_BALLOT_MAX];
	struct thing t = {.voter = (unsigned)test_random_below(URN_VOTERS)};
	const struct thing *again = one_in(6) ? earlier() : NULL;
	struct standing s = standing_of(t.voter, changes_count);
	t.style = one_in(12) ? (unsigned)test_random_below(URN_STYLES) : s.style;
	t.weight = one_in(12) ? (uint32_t)test_random_below(u.manifest->weight_max + 2) : s.weight;
	bytes body = BYTES_NONE;
	if (again) {
		body = again_body(&t, again, room);
	} else {
		if (one_in(15)) {
			t.as = BALLOT_ELECTION;
			u.rules.eid.b[5] ^= 1;
		}
		body = fresh(&t, room);
		u.rules.eid = u.key.eid;
	}
	t.seq = one_in(10) ? (uint32_t)test_random_below(3) : next_seq(t.voter);
	bytes ballot = urn_cast(cast, &u, t.voter, body, t.seq);
	if (!again && t.as == BALLOT_FINE && one_in(10)) { /* another body, the same u's */
		t.as = BALLOT_PROOF;
		t.id = ++bodies;
		cast[5 + body.len - 1] ^= 1;
	} else if (t.as == BALLOT_FINE && u.rules.mode == BALLOT_CREDENTIALS && one_in(10)) {
		t.as = BALLOT_SIGNATURE;
		cast[ballot.len - 1] ^= 1;
	} else if (!again && t.as == BALLOT_FINE && one_in(15)) {
		t.as = BALLOT_REPEATED_U;
		repeat_u(cast, &t);
	} else if (t.as == BALLOT_FINE && one_in(15)) {
		t.as = BALLOT_MALFORMED;
		ballot.len -= 1 + (size_t)test_random_below(ballot.len - 1);
	}
	add_thing(&t, ballot);
}

static void add_void(void)
{
	uint8_t room[URN_BALLOT_MAX];
	struct thing t = {.is_void = true, .voter = (unsigned)test_random_below(URN_VOTERS)};
	const struct thing *again = one_in(4) ? earlier() : NULL;
	bytes body;
	t.style = u.voters[t.voter].style;
	if (again)
		body = again_body(&t, again, room);
	else
		body = fresh(&t, room);
	if (!again && one_in(10)) {
		t.as = BALLOT_PROOF;
		t.id = ++bodies;
		room[body.len - 1] ^= 1;
	} else if (one_in(10)) {
		t.as = BALLOT_MALFORMED;
		body.len--;
	}
	add_thing(&t, body);
}

static void add_change(void)
{
	struct change c = {(unsigned)test_random_below(URN_VOTERS),
	                   (uint32_t)test_random_below(URN_STYLES),
	                   (uint32_t)test_random_below(u.manifest->weight_max + 1)};
	if (!standing_of(c.voter, changes_count).listed && c.weight == 0)
		return;
	changes[changes_count++] = c;
	log_change(&l, c.voter, c.style, c.weight);
}

static void random_box(unsigned events)
{
	forget();
	log_begin(&l, &u);
	for (unsigned i = 0; i < events; i++) {
		if (u.rules.mode == BALLOT_CREDENTIALS && one_in(8))
			add_change();
		else if (one_in(8))
			add_void();
		else
			add_ballot();
		if (one_in(15)) {
			log_plain(&l, ENTRY_SUSPEND);
			log_plain(&l, ENTRY_RESUME);
		}
	}
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
}

#endif
