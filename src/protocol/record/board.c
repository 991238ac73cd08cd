/* SPDX-License-Identifier: Apache-2.0 */
#include "record/board_internal.h"

const char *board_answer_name(enum board_answer a)
{
	static const char *const names[BOARD_ANSWERS] = {
		[BOARD_ACCEPTED] = "accepted",
		[BOARD_ACCEPTED_BEFORE] = "accepted-before",
		[BOARD_TOO_LONG] = "too-long",
		[BOARD_MALFORMED] = "malformed",
		[BOARD_OTHER_ELECTION] = "other-election",
		[BOARD_STYLE_NOT_ALLOWED] = "style-not-allowed",
		[BOARD_UNKNOWN_CREDENTIAL] = "unknown-credential",
		[BOARD_WEIGHT] = "weight",
		[BOARD_NOT_OPEN] = "not-open",
		[BOARD_VOIDED] = "voided",
		[BOARD_REPEATED_U] = "repeated-u",
		[BOARD_WRONG_SEQ] = "wrong-seq",
		[BOARD_WRONG_PROOF] = "wrong-proof",
		[BOARD_WRONG_SIGNATURE] = "wrong-signature",
	};
	return names[a];
}

static enum board_answer answer_for(enum ballot_fault f)
{
	switch (f) {
	case BALLOT_FINE:
		return BOARD_ACCEPTED;
	case BALLOT_MALFORMED:
		return BOARD_MALFORMED;
	case BALLOT_ELECTION:
		return BOARD_OTHER_ELECTION;
	case BALLOT_STYLE_NOT_ALLOWED:
		return BOARD_STYLE_NOT_ALLOWED;
	case BALLOT_UNKNOWN_CREDENTIAL:
		return BOARD_UNKNOWN_CREDENTIAL;
	case BALLOT_WEIGHT:
		return BOARD_WEIGHT;
	case BALLOT_VOIDED:
		return BOARD_VOIDED;
	case BALLOT_REPEATED_U:
		return BOARD_REPEATED_U;
	case BALLOT_SEQ:
		return BOARD_WRONG_SEQ;
	case BALLOT_PROOF:
		return BOARD_WRONG_PROOF;
	case BALLOT_SIGNATURE:
		return BOARD_WRONG_SIGNATURE;
	}
	return BOARD_MALFORMED;
}

/* --- the log --- */

bool board_broke(struct board *b, struct error *err)
{
	b->broken = true;
	return fail_within(err, "board");
}

static bool usable(const struct board *b, struct error *err)
{
	if (b->broken)
		return fail(err, ERROR_IO, "board: an earlier write failed, begin again", ERROR_NOWHERE);
	return !b->closed || fail(err, ERROR_CONFLICT, "board: it is closed", ERROR_NOWHERE);
}

bool board_put(struct board *b, const struct entry *e, struct error *err)
{
	return (log_order_take(&b->order, e, err) &&
	        log_write_entry(b->entries, &b->tree, b->eid, e, err)) ||
	       board_broke(b, err);
}

static bool may(const struct board *b, enum entry_kind kind)
{
	struct log_order trial = b->order;
	const struct entry e = {.kind = kind};
	return log_order_take(&trial, &e, NULL);
}

static bool act(struct board *b, enum entry_kind kind, const char *refusal, struct error *err)
{
	const struct entry e = {.kind = kind};
	if (!usable(b, err))
		return false;
	if (!may(b, kind))
		return fail(err, ERROR_CONFLICT, refusal, ERROR_NOWHERE);
	return board_put(b, &e, err);
}

bool board_suspend(struct board *b, struct error *err)
{
	return act(b, ENTRY_SUSPEND, "board: it is suspended already", err);
}

bool board_resume(struct board *b, struct error *err)
{
	return act(b, ENTRY_RESUME, "board: it is not suspended", err);
}

bool board_change_credential(struct board *b, const struct credential_change *change,
                             const uint8_t signature[static IDENTITY_SIGNATURE_BYTES],
                             struct error *err)
{
	struct entry e = {.kind = ENTRY_CREDENTIAL,
	                  .key = change->key,
	                  .style = change->style,
	                  .weight = change->weight};
	point ignored;
	memcpy(e.signature, signature, sizeof e.signature);
	if (!usable(b, err))
		return false;
	if (!may(b, ENTRY_CREDENTIAL))
		return fail(err, ERROR_CONFLICT, "board: this election has no list of credentials",
		            ERROR_NOWHERE);
	if (change->number != ledger_changes(b->ledger))
		return fail(err, ERROR_CONFLICT, "board: not the number of the next change",
		            ledger_changes(b->ledger));
	if (change->key.len != POINT_TREE_BYTES ||
	    !points_decode_tree(&ignored, change->key, 1, POINT_FINITE, err))
		return fail(err, ERROR_MALFORMED, "board: a credential is a point", ERROR_NOWHERE);
	return ledger_change_credential(b->ledger, &e, err) && board_put(b, &e, err);
}

void board_electorate(struct electorate *out, const struct board *b)
{
	ledger_electorate(out, b->ledger);
}

/* --- ballots --- */

/* Where the id is, or would be. */
static struct known *find_known(const struct board *b, const digest *id)
{
	uint64_t at = load_be64(id->b) & b->known_mask; /* digests of what voters cannot choose */
	while (b->known[at].used && memcmp(b->known[at].id, id->b, sizeof b->known[at].id) != 0)
		at = (at + 1) & b->known_mask;
	return &b->known[at];
}

static uint32_t weight_of(const struct board *b, const struct ballot *ballot, uint32_t given)
{
	uint32_t weight;
	if (b->plan.manifest->mode == BALLOT_SERVER || !ballot->ct)
		return given;
	ledger_weight(&weight, b->ledger, &ballot->who);
	return weight;
}

void board_note(struct board *b, const struct ballot *ballot, uint64_t entry)
{
	struct known *k = find_known(b, &ballot->id);
	*k = (struct known){.entry = entry, .seq = ballot->seq, .used = true};
	memcpy(k->id, ballot->id.b, sizeof k->id);
}

static bool log_ballot(struct board *b, const struct block_item *item, struct error *err)
{
	struct entry e = {.kind = ENTRY_BALLOT,
	                  .object = item->named,
	                  .number = item->object.len,
	                  .weight = item->weight};
	board_note(b, item->ballot, b->tree.size);
	return (ledger_take_ballot(b->ledger, item->ballot, item->weight, item->read) == BALLOT_FINE &&
	        sink_append(b->ballots, item->object, err) && board_put(b, &e, err)) ||
	       board_broke(b, err);
}

static bool decide(struct board_receipt *r, struct board *b, struct block_item *item,
                   struct error *err)
{
	const struct ballot *ballot = item->ballot;
	item->weight = weight_of(b, ballot, item->weight);
	enum ballot_fault f = ledger_judge(b->ledger, ballot, item->weight, item->read);
	r->id = ballot->id;
	r->answer = answer_for(f);
	if (f != BALLOT_FINE && f <= BALLOT_WEIGHT)
		return true;
	const struct known *k = find_known(b, &ballot->id);
	if (!may(b, ENTRY_BALLOT)) {
		r->answer = BOARD_NOT_OPEN;
	} else if (ballot->ct && k->used && k->seq == ballot->seq) {
		r->answer = BOARD_ACCEPTED_BEFORE;
		r->entry = k->entry;
	} else if (f == BALLOT_SEQ) {
		r->seq = ledger_next_seq(b->ledger, &ballot->who);
	} else if (f == BALLOT_FINE) {
		if (!ledger_fits(b->ledger, 1, ballot->style->components, err))
			return false;
		r->entry = b->tree.size;
		return log_ballot(b, item, err);
	}
	return true;
}

/* The reason why something could not be read: only then it is read again. */
static void explain(struct board_receipt *r, struct board *b, const struct block_item *item)
{
	struct arena *scratch = &b->block.scratch[0];
	struct ballot ignored;
	size_t mark = arena_mark(scratch);
	if (item->read != BALLOT_FINE && item->read <= BALLOT_ELECTION)
		ledger_parse(&ignored, item->object, b->block.rules, item->is_void, scratch, &r->why);
	arena_release(scratch, mark);
}

static struct block_item *add_item(struct board *b, bytes object)
{
	if (object.len)
		memcpy(block_room(&b->block), object.p, object.len);
	struct block_item *item = block_add(&b->block, object.len);
	item->named = sha256(object);
	return item;
}

/* As many as a block holds; returns how many of `in` were dealt with. */
static bool accept_some(size_t *done, struct board_receipt *receipts, struct board *b,
                        const struct board_ballot *in, size_t n, struct error *err)
{
	block_clear(&b->block);
	for (*done = 0; *done < n; (*done)++) {
		struct board_receipt *r = &receipts[*done];
		bytes object = in[*done].object;
		memset(r, 0, sizeof *r);
		if (object.len > LIMIT_BALLOT_BYTES) {
			r->answer = BOARD_TOO_LONG;
			continue;
		}
		if (!block_fits(&b->block, object.len))
			break;
		struct block_item *item = add_item(b, object);
		item->weight = in[*done].weight;
		item->number = *done; /* its receipt */
	}
	if (!block_check(&b->block, err))
		return false;
	for (size_t i = 0; i < b->block.count; i++) {
		struct block_item *item = &b->block.items[i];
		struct board_receipt *r = &receipts[item->number];
		if (!decide(r, b, item, err))
			return false;
		explain(r, b, item);
	}
	return true;
}

bool board_accept(struct board_receipt *receipts, struct board *b, const struct board_ballot *in,
                  size_t n, struct error *err)
{
	if (!usable(b, err))
		return false;
	for (size_t at = 0, done; at < n; at += done)
		if (!accept_some(&done, receipts + at, b, in + at, n - at, err))
			return false;
	return true;
}

/* --- audits --- */

bool board_append_void(struct board *b, bytes body, struct error *err)
{
	struct folder *record = b->plan.record;
	b->voids_count++;
	return (b->voids || record->create(record, "voids.bt", true, &b->voids, err)) &&
	       sink_append(b->voids, body, err);
}

static bool log_void(struct board *b, const struct block_item *item, struct error *err)
{
	struct entry e = {.kind = ENTRY_VOID, .object = item->named, .number = item->object.len};
	return (ledger_take_void(b->ledger, item->ballot, item->read) &&
	        board_append_void(b, item->object, err) && board_put(b, &e, err)) ||
	       board_broke(b, err);
}

static enum board_answer judge_void(const struct board *b, const struct block_item *item)
{
	const struct ballot *body = item->ballot;
	if (item->read != BALLOT_FINE)
		return answer_for(item->read);
	/* whatever seq it will be cast with: it will not be */
	enum ballot_fault f = ledger_judge(b->ledger, body, weight_of(b, body, 1), BALLOT_FINE);
	if (!may(b, ENTRY_VOID) && (f == BALLOT_FINE || f > BALLOT_WEIGHT))
		return BOARD_NOT_OPEN;
	return f == BALLOT_SEQ ? BOARD_ACCEPTED : answer_for(f);
}

bool board_void(struct board_receipt *r, struct board *b, bytes body, struct error *err)
{
	memset(r, 0, sizeof *r);
	if (!usable(b, err))
		return false;
	r->answer = BOARD_TOO_LONG;
	if (body.len > LIMIT_BALLOT_BYTES)
		return true;
	block_clear(&b->block);
	struct block_item *item = add_item(b, body);
	item->is_void = true;
	if (!block_check(&b->block, err))
		return false;
	r->id = item->ballot->id;
	r->answer = judge_void(b, item);
	explain(r, b, item);
	if (r->answer != BOARD_ACCEPTED)
		return true;
	if (b->voids_count == b->before.voids + b->plan.voids_max ||
	    !ledger_fits(b->ledger, 0, item->ballot->style->components + 1u, err))
		return fail(err, ERROR_LIMIT, "board: more audits than it was made for", b->voids_count);
	r->entry = b->tree.size;
	return log_void(b, item, err);
}

/* --- the end of a run --- */

uint64_t board_ballots(const struct board *b)
{
	return ledger_counted(b->ledger);
}

/* A sink is ended by its commit, whatever comes of it. */
static bool commit(struct sink **sink, struct error *err)
{
	struct sink *s = *sink;
	*sink = NULL;
	return !s || sink_commit(s, err);
}

/* log/entries last: until it is there, what was added to the objects belongs to nothing. */
static bool write_all(struct board *b, struct error *err)
{
	const struct board_state before = {b->before.size, b->before.root};
	const struct board_state after = board_state_of(&b->tree);
	bool good = board_kept_step(b->plan.home, b->eid, &before, &after, err) &&
	            commit(&b->ballots, err) && commit(&b->voids, err) && commit(&b->entries, err);
	board_abandon(b);
	return good || board_broke(b, err);
}

bool board_save(struct checkpoint *out, struct board *b, struct error *err)
{
	*out = (struct checkpoint){b->plan.manifest->board.name, b->tree.size, merkle_root(&b->tree),
	                           *b->eid};
	return usable(b, err) && write_all(b, err);
}

bool board_close(struct checkpoint *out, struct board *b, const struct identity_secret *key,
                 struct error *err)
{
	const struct board_final f = {.manifest = b->plan.manifest,
	                              .key = b->plan.key,
	                              .record = b->plan.record,
	                              .world = b->plan.world,
	                              .signer = key,
	                              .home = b->plan.home};
	return act(b, ENTRY_CLOSE, "board: it is not open", err) && write_all(b, err) &&
	       board_put_checkpoint(out, BOARD_CLOSE_PATH, &b->tree, &f, err);
}
