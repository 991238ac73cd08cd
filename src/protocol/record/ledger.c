/* SPDX-License-Identifier: Apache-2.0 */
#include "record/ledger.h"

#include "record/seen_internal.h"

#define NOBODY UINT32_MAX

/* A credential by x and the parity of y, which name the point; a pseudonym by its 16 bytes. */
struct voter {
	uint8_t key[32];
	uint32_t weight;  /* of the credential; 0: revoked */
	uint32_t counted; /* ballots that count: the next seq */
	uint32_t kept;    /* the number of the last of them */
	uint16_t style;   /* of the credential */
	uint8_t odd;
};

struct ledger {
	const struct manifest *m;
	struct ballot_rules rules;
	struct ballot_style styles[LIMIT_STYLES];
	struct voter *voters;
	uint64_t voters_count, voters_room;
	uint32_t *slots; /* number of a voter, or NOBODY */
	uint64_t mask;
	struct seen seen;
	uint64_t voids, changes;
	/* ballots that count, in log order */
	uint32_t *voter_of, *weight_of;
	uint16_t *style_of;
	uint64_t counted, ballots_room;
};

const char *ballot_fault_name(enum ballot_fault f)
{
	static const char *const names[BALLOT_FAULTS] = {
		[BALLOT_FINE] = "counts",
		[BALLOT_MALFORMED] = "malformed",
		[BALLOT_ELECTION] = "election",
		[BALLOT_STYLE_NOT_ALLOWED] = "style-not-allowed",
		[BALLOT_UNKNOWN_CREDENTIAL] = "unknown-credential",
		[BALLOT_WEIGHT] = "weight",
		[BALLOT_VOIDED] = "voided",
		[BALLOT_REPEATED_U] = "repeated-u",
		[BALLOT_SEQ] = "seq",
		[BALLOT_PROOF] = "proof",
		[BALLOT_SIGNATURE] = "signature",
	};
	return names[f];
}

bool ledger_new(struct ledger **out, const struct manifest *m, const digest *eid,
                const struct ledger_room *room, struct arena *a, struct error *err)
{
	struct ledger *l = arena_take_array(a, 1, struct ledger, err);
	if (!l)
		return false;
	memset(l, 0, sizeof *l);
	l->m = m;
	l->rules = (struct ballot_rules){*eid, m->mode, l->styles, m->styles_count};
	if (room->voters >= NOBODY || room->ballots >= NOBODY)
		return fail(err, ERROR_LIMIT, "ledger: too many voters or ballots", room->voters);
	uint64_t slots = 64;
	while (slots < 2 * room->voters)
		slots *= 2;
	l->mask = slots - 1;
	l->voters_room = room->voters;
	l->ballots_room = room->ballots;
	l->voters = arena_take_array(a, room->voters, struct voter, err);
	l->slots = arena_take_array(a, slots, uint32_t, err);
	l->voter_of = arena_take_array(a, room->ballots, uint32_t, err);
	l->weight_of = arena_take_array(a, room->ballots, uint32_t, err);
	l->style_of = arena_take_array(a, room->ballots, uint16_t, err);
	if (!l->voters || !l->slots || !l->voter_of || !l->weight_of || !l->style_of)
		return false;
	memset(l->slots, 0xff, slots * sizeof *l->slots);
	*out = l;
	return seen_init(&l->seen, room->values, a, err) && manifest_ballot_styles(l->styles, m, err);
}

const struct ballot_rules *ledger_rules(const struct ledger *l)
{
	return &l->rules;
}

bool ledger_fits(const struct ledger *l, uint64_t ballots, uint64_t values, struct error *err)
{
	uint64_t newcomers = l->rules.mode == BALLOT_SERVER ? ballots : 0;
	return (ballots <= l->ballots_room - l->counted && seen_fits(&l->seen, values) &&
	        newcomers <= l->voters_room - l->voters_count) ||
	       fail(err, ERROR_LIMIT, "ledger: more ballots than it was made for", l->ballots_room);
}

/* --- voters --- */

static void key_of_tree(struct voter *v, const uint8_t tree[static POINT_TREE_BYTES])
{
	/* node header, leaf header, a zero, x; leaf header, a zero, y */
	memcpy(v->key, tree + 2 * TREE_HEADER_BYTES + 1, sizeof v->key);
	v->odd = tree[POINT_TREE_BYTES - 1] & 1;
}

static void key_of(struct voter *v, const pseudonym *who)
{
	uint8_t tree[PSEUDONYM_TREE_MAX];
	memset(v, 0, sizeof *v);
	if (who->mode == BALLOT_SERVER) {
		memcpy(v->key, who->id, sizeof who->id);
		return;
	}
	pseudonym_encode(tree, who);
	key_of_tree(v, tree);
}

/* Pseudonyms may be chosen by whoever wants a slow search: their hash decides. */
static uint64_t slot_of(const struct ledger *l, const struct voter *v)
{
	digest d = sha256(BYTES_OF(v->key));
	uint64_t at = load_be64(d.b) & l->mask;
	for (uint32_t i; (i = l->slots[at]) != NOBODY; at = (at + 1) & l->mask)
		if (l->voters[i].odd == v->odd && memcmp(l->voters[i].key, v->key, sizeof v->key) == 0)
			break;
	return at;
}

static struct voter *find(const struct ledger *l, const struct voter *key)
{
	uint32_t i = l->slots[slot_of(l, key)];
	return i == NOBODY ? NULL : &l->voters[i];
}

static struct voter *find_or_add(struct ledger *l, const struct voter *key, struct error *err)
{
	uint64_t at = slot_of(l, key);
	if (l->slots[at] != NOBODY)
		return &l->voters[l->slots[at]];
	if (l->voters_count == l->voters_room) {
		fail(err, ERROR_LIMIT, "ledger: more voters than it was made for", l->voters_room);
		return NULL;
	}
	require(l->voters != NULL);
	l->slots[at] = (uint32_t)l->voters_count;
	l->voters[l->voters_count] = *key;
	return &l->voters[l->voters_count++];
}

bool ledger_add_credential(struct ledger *l, const struct credential *c, struct error *err)
{
	struct voter key = {.weight = c->weight, .style = (uint16_t)c->style};
	key_of_tree(&key, c->key);
	return find_or_add(l, &key, err) != NULL;
}

bool ledger_change_credential(struct ledger *l, const struct entry *change, struct error *err)
{
	struct voter key = {.weight = change->weight};
	struct credential_change c = {l->changes, change->key, change->style, change->weight};
	digest statement = statement_credential(&l->rules.eid, &c);
	uint32_t style;
	if (!identity_verify_vartime(l->m->registrar, change->signature, BYTES_OF(statement.b), err))
		return fail_within(err, "the registrar's signature on a change of credentials");
	if (!style_index(&style, l->m, change->style))
		return fail(err, ERROR_REJECTED, "credential: the manifest has no such style", l->changes);
	if (change->weight > l->m->weight_max)
		return fail(err, ERROR_REJECTED, "credential: a weight the manifest does not allow",
		            change->weight);
	key_of_tree(&key, change->key.p);
	key.style = (uint16_t)style;
	struct voter *v = find(l, &key);
	if (!v && change->weight == 0)
		return fail(err, ERROR_REJECTED, "credential: revoked, but never listed", l->changes);
	if (!v && !(v = find_or_add(l, &key, err)))
		return false;
	v->style = key.style;
	v->weight = key.weight;
	l->changes++;
	return true;
}

void ledger_electorate(struct electorate *out, const struct ledger *l)
{
	memset(out, 0, sizeof *out);
	for (uint64_t i = 0; l->rules.mode == BALLOT_CREDENTIALS && i < l->voters_count; i++)
		electorate_add(out, l->voters[i].style, l->voters[i].weight);
}

uint32_t ledger_next_seq(const struct ledger *l, const pseudonym *who)
{
	struct voter key;
	key_of(&key, who);
	const struct voter *v = find(l, &key);
	return v ? v->counted : 0;
}

bool ledger_weight(uint32_t *out, const struct ledger *l, const pseudonym *who)
{
	struct voter key;
	key_of(&key, who);
	const struct voter *v = find(l, &key);
	*out = v ? v->weight : 0;
	return v != NULL;
}

/* --- ballots --- */

static bool made_for(digest *out, bytes object, bool body_only)
{
	struct tree_reader r = TREE_READER(object);
	uint32_t children;
	bytes label;
	return (body_only || tree_node_any(&r, &children, 4, NULL)) && tree_node(&r, 7, NULL) &&
	       tree_leaf_any(&r, &label, 16, NULL) && tree_leaf(&r, out->b, sizeof out->b, NULL);
}

static bool parse(struct ballot *out, bytes object, const struct ballot_rules *rules,
                  bool body_only, struct arena *memory, struct error *err)
{
	return body_only ? ballot_parse_body(out, object, rules, memory, err)
	                 : ballot_parse(out, object, rules, memory, err);
}

enum ballot_fault ledger_parse(struct ballot *out, bytes object, const struct ballot_rules *rules,
                               bool body_only, struct arena *memory, struct error *why)
{
	struct ballot_rules theirs = *rules;
	struct error ignored;
	size_t len;
	error_clear(why);
	if (parse(out, object, rules, body_only, memory, why))
		return BALLOT_FINE;
	error_clear(&ignored);
	if (why->kind == ERROR_REJECTED && made_for(&theirs.eid, object, body_only)) {
		if (!digest_equal(&theirs.eid, &rules->eid) &&
		    parse(out, object, &theirs, body_only, memory, &ignored))
			return BALLOT_ELECTION;
		/* of this election and a known style: it was read to its end, and u's repeat */
		if (digest_equal(&theirs.eid, &rules->eid) && !body_only &&
		    ballot_measure(&len, object, rules, &ignored)) {
			memset(out, 0, sizeof *out);
			return BALLOT_REPEATED_U;
		}
	}
	memset(out, 0, sizeof *out);
	return BALLOT_MALFORMED;
}

enum ballot_fault ledger_bad_equation_vartime(const struct ballot *b)
{
	for (size_t j = 0; j < b->style->components; j++)
		if (!proof_check_log_vartime(&b->commitments[j], &b->challenge, &b->ct[j].u,
		                             &b->responses[j], NULL))
			return BALLOT_PROOF;
	return BALLOT_SIGNATURE;
}

static bytes u_of(const struct ballot *b, size_t j)
{
	return bytes_of(&b->ct[j].u, sizeof b->ct[j].u);
}

static bool any_u_seen(const struct ledger *l, const struct ballot *b)
{
	for (size_t j = 0; j < b->style->components; j++)
		if (seen_has(&l->seen, u_of(b, j)))
			return true;
	return false;
}

/* They are from now on; true when one was before. */
static bool see_all_u(struct ledger *l, const struct ballot *b)
{
	bool before = false;
	for (size_t j = 0; j < b->style->components; j++)
		before |= !seen_add(&l->seen, u_of(b, j));
	return before;
}

static enum ballot_fault eligibility(const struct ledger *l, const struct ballot *b,
                                     const struct voter *v, uint32_t weight)
{
	if (l->rules.mode == BALLOT_CREDENTIALS) {
		if (!v)
			return BALLOT_UNKNOWN_CREDENTIAL;
		if (&l->styles[v->style] != b->style)
			return BALLOT_STYLE_NOT_ALLOWED;
		if (v->weight == 0)
			return BALLOT_UNKNOWN_CREDENTIAL;
		if (v->weight != weight)
			return BALLOT_WEIGHT;
	}
	return weight == 0 || weight > l->m->weight_max ? BALLOT_WEIGHT : BALLOT_FINE;
}

static enum ballot_fault judge(const struct ledger *l, const struct ballot *b,
                               const struct voter *v, uint32_t weight, bool u_before)
{
	enum ballot_fault f = eligibility(l, b, v, weight);
	if (f != BALLOT_FINE)
		return f;
	if (l->voids > 0 && seen_has(&l->seen, BYTES_OF(b->id.b)))
		return BALLOT_VOIDED;
	if (u_before)
		return BALLOT_REPEATED_U;
	return b->seq == (v ? v->counted : 0) ? BALLOT_FINE : BALLOT_SEQ;
}

/* What reading alone decides. */
static bool is_final(enum ballot_fault read)
{
	return read != BALLOT_FINE && read != BALLOT_PROOF && read != BALLOT_SIGNATURE;
}

enum ballot_fault ledger_judge(const struct ledger *l, const struct ballot *b, uint32_t weight,
                               enum ballot_fault read)
{
	struct voter key;
	if (is_final(read))
		return read;
	key_of(&key, &b->who);
	enum ballot_fault f = judge(l, b, find(l, &key), weight, any_u_seen(l, b));
	return f == BALLOT_FINE ? read : f;
}

enum ballot_fault ledger_take_ballot(struct ledger *l, const struct ballot *b, uint32_t weight,
                                     enum ballot_fault read)
{
	struct voter key;
	bool u_before = b->ct && see_all_u(l, b);
	if (is_final(read))
		return read;
	key_of(&key, &b->who);
	struct voter *v = find(l, &key);
	enum ballot_fault f = judge(l, b, v, weight, u_before);
	f = f == BALLOT_FINE ? read : f;
	if (f != BALLOT_FINE)
		return f;
	v = v ? v : find_or_add(l, &key, NULL);
	require(v && l->counted < l->ballots_room); /* ledger_fits */
	v->counted++;
	v->kept = (uint32_t)l->counted;
	l->voter_of[l->counted] = (uint32_t)(v - l->voters);
	l->weight_of[l->counted] = weight;
	l->style_of[l->counted] = (uint16_t)(b->style - l->styles);
	l->counted++;
	return BALLOT_FINE;
}

bool ledger_take_void(struct ledger *l, const struct ballot *body, enum ballot_fault read)
{
	bool u_before = body->ct && see_all_u(l, body);
	if (read != BALLOT_FINE || u_before)
		return false;
	/* ids are digests of bodies: with new u's it is a new one */
	(void)seen_add(&l->seen, BYTES_OF(body->id.b));
	l->voids++;
	return true;
}

uint64_t ledger_counted(const struct ledger *l)
{
	return l->counted;
}

uint32_t ledger_kept_weight(const struct ledger *l, uint64_t counted)
{
	const struct voter *v = &l->voters[l->voter_of[counted]];
	if (v->kept != counted)
		return 0;
	return l->rules.mode == BALLOT_CREDENTIALS ? v->weight : l->weight_of[counted];
}

unsigned ledger_style(const struct ledger *l, uint64_t counted)
{
	return l->style_of[counted];
}

uint64_t ledger_changes(const struct ledger *l)
{
	return l->changes;
}
