/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log of earlier runs, taken into this one as if it came now: every entry in its order, every
 * object under its digest, with its proofs. What follows "log/entries" in the files of objects is
 * of a run that was killed, and is left behind.
 */
#include "record/board_internal.h"

struct replay {
	struct board *b;
	struct log_reader reader;
	struct object_stream ballots, voids;
	struct entry heads[BOARD_HEADS];
	unsigned heads_count;
};

static bool differs(const char *which, uint64_t entry, struct error *err)
{
	return fail_detail(err, ERROR_REJECTED,
	                   "board: an entry of the log says something else than the record", entry,
	                   which);
}

static bool take_item(struct board *b, const struct block_item *item, struct error *err)
{
	bool counts;
	if (item->is_void) {
		counts = ledger_take_void(b->ledger, item->ballot, item->read);
		if (counts && !board_append_void(b, item->object, err))
			return false;
	} else {
		counts =
			ledger_take_ballot(b->ledger, item->ballot, item->weight, item->read) == BALLOT_FINE;
		if (counts && !sink_append(b->ballots, item->object, err))
			return false;
		if (counts)
			board_note(b, item->ballot, item->entry);
	}
	return counts || fail(err, ERROR_REJECTED, "board: the log has an object that does not count",
	                      item->entry);
}

static bool flush(struct board *b, struct error *err)
{
	if (!block_check(&b->block, err))
		return false;
	for (size_t i = 0; i < b->block.count; i++)
		if (!take_item(b, &b->block.items[i], err))
			return false;
	block_clear(&b->block);
	return true;
}

static bool take_object(struct replay *r, const struct entry *e, struct error *err)
{
	struct board *b = r->b;
	bool is_void = e->kind == ENTRY_VOID;
	size_t len = (size_t)e->number; /* ≤ LIMIT_BALLOT_BYTES: entry_read */
	if (!block_fits(&b->block, len) && !flush(b, err))
		return false;
	if (!object_stream_take(is_void ? &r->voids : &r->ballots, block_room(&b->block), len, err))
		return false;
	struct block_item *item = block_add(&b->block, len);
	item->is_void = is_void;
	item->weight = e->weight;
	item->named = e->object;
	item->entry = r->reader.tree.size - 1;
	return true;
}

static bool take_entry(struct replay *r, const struct entry *e, struct error *err)
{
	struct board *b = r->b;
	uint64_t n = r->reader.tree.size - 1;
	if (n < r->heads_count)
		return (e->kind == r->heads[n].kind && digest_equal(&e->object, &r->heads[n].object) &&
		        e->number == r->heads[n].number) ||
		       differs(entry_kind_name(e->kind), n, err);
	if (e->kind == ENTRY_BALLOT || e->kind == ENTRY_VOID)
		return take_object(r, e, err);
	/* What was voted before it was decided under the credentials as they were. */
	return e->kind != ENTRY_CREDENTIAL ||
	       (flush(b, err) && ledger_change_credential(b->ledger, e, err));
}

static bool take_log(struct replay *r, struct error *err)
{
	struct board *b = r->b;
	struct entry e;
	bool more = true;
	block_clear(&b->block);
	for (;;) {
		if (!log_reader_next(&r->reader, &e, &more, err))
			return false;
		if (!more)
			break;
		if (!take_entry(r, &e, err) || !board_put(b, &e, err))
			return fail_within_index(err, "entry", r->reader.tree.size - 1);
		progress_report(b->plan.world->progress, "read the log", b->tree.size, b->before.size);
	}
	const digest root = merkle_root(&b->tree);
	return flush(b, err) && (digest_equal(&root, &b->before.root) ||
	                         fail(err, ERROR_IO, "board: the log changed while it was read", 0));
}

bool board_replay(struct board *b, const struct credentials_facts *credentials, struct error *err)
{
	struct folder *record = b->plan.record;
	struct source *log = NULL;
	struct replay *r = arena_take_array(b->plan.world->arena, 1, struct replay, err);
	if (!r)
		return false;
	memset(r, 0, sizeof *r);
	r->b = b;
	r->heads_count = board_heads(r->heads, &b->plan, credentials);
	bool good = record->open(record, BOARD_ENTRIES_PATH, &log, err) &&
	            object_stream_open(&r->ballots, record, "ballots.bt", false, err) &&
	            object_stream_open(&r->voids, record, "voids.bt", true, err) &&
	            log_reader_init(&r->reader, log, b->eid, b->plan.world->arena, err) &&
	            take_log(r, err);
	object_stream_close(&r->ballots);
	object_stream_close(&r->voids);
	source_close(log);
	return good || fail_within(err, "board: the log as it was");
}
