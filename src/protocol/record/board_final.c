/* SPDX-License-Identifier: Apache-2.0 */
/* What a board does with a log that is closed. */
#include "record/board_internal.h"

#include "record/statement.h"

/* --- checkpoints --- */

static bool read_note(bytes *out, uint8_t room[static NOTE_BYTES_MAX + 1], struct folder *record,
                      const char *path, struct error *err)
{
	return folder_read(record, path, room, NOTE_BYTES_MAX + 1, out, err);
}

/* What lies there must be of the same tree, with or without cosignatures. */
static bool is_there(const struct checkpoint *want, const char *path, const struct board_final *f,
                     struct error *err)
{
	const struct checkpoint_policy policy = {f->manifest, &f->key->eid, true};
	const struct checkpoint_claim claim = {f->record, path, want->size, &want->root};
	unsigned witnesses;
	return checkpoint_check(&witnesses, &claim, &policy, err);
}

bool board_put_checkpoint(struct checkpoint *out, const char *path, const struct merkle *tree,
                          const struct board_final *f, struct error *err)
{
	char room[1024];
	struct text note = TEXT_OF(room);
	*out = (struct checkpoint){f->manifest->board.name, tree->size, merkle_root(tree), f->key->eid};
	if (memcmp(f->signer->pub, f->manifest->board.key, sizeof f->signer->pub) != 0)
		return fail(err, ERROR_REJECTED, "board: not the key that the manifest names",
		            ERROR_NOWHERE);
	if (f->record->exists(f->record, path))
		return is_there(out, path, f, err);
	return checkpoint_sign(&note, out, f->signer, err) &&
	       folder_write(f->record, path, false, bytes_of(note.p, note.len), err);
}

bool board_add_cosignature(struct folder *record, const char *path,
                           const struct checkpoint_policy *policy, bytes line, struct error *err)
{
	const struct checkpoint_policy form = {policy->manifest, policy->eid, true};
	uint8_t room[NOTE_BYTES_MAX + 1];
	struct checkpoint c;
	unsigned before, after;
	bytes note;
	if (!read_note(&note, room, record, path, err) ||
	    !checkpoint_verify(&c, &before, note, &form, err))
		return fail_within(err, path);
	if (line.len > NOTE_BYTES_MAX - note.len)
		return fail(err, ERROR_LIMIT, "note: no room for another signature", line.len);
	if (line.len)
		memcpy(room + note.len, line.p, line.len);
	note.len += line.len;
	if (!checkpoint_verify(&c, &after, note, &form, err))
		return fail_within(err, path);
	if (after != before + 1)
		return fail(err, ERROR_REJECTED, "note: not one cosignature", ERROR_NOWHERE);
	return folder_write(record, path, true, note, err);
}

/* --- reading the log up to "close" --- */

bool board_log_read(struct board_log *out, const struct board_final *f, struct error *err)
{
	struct log_order order;
	struct log_reader r;
	struct entry e;
	struct source *src;
	bool more = true;
	size_t mark = arena_mark(f->world->arena);
	memset(out, 0, sizeof *out);
	if (!f->record->exists(f->record, BOARD_ENTRIES_PATH))
		return true;
	if (!f->record->open(f->record, BOARD_ENTRIES_PATH, &src, err))
		return false;
	log_order_init(&order, f->manifest->mode == BALLOT_CREDENTIALS, f->manifest->lists_count);
	bool good = log_reader_init(&r, src, &f->key->eid, f->world->arena, err);
	while (good && (good = log_reader_next(&r, &e, &more, err)) && more) {
		good = log_order_take(&order, &e, err);
		out->ballots += e.kind == ENTRY_BALLOT;
		out->voids += e.kind == ENTRY_VOID;
		out->changes += e.kind == ENTRY_CREDENTIAL;
	}
	source_close(src);
	out->size = r.tree.size;
	out->root = merkle_root(&r.tree);
	out->state = order.state;
	arena_release(f->world->arena, mark);
	return good || fail_within(err, BOARD_ENTRIES_PATH);
}

/* Copies every entry up to "close" into the sink, if there is one. */
static bool copy_log(struct merkle *tree, struct sink *sink, const struct board_final *f,
                     struct error *err)
{
	struct log_order order;
	struct log_reader r;
	struct entry e;
	struct source *src;
	bool more = true;
	if (!f->record->open(f->record, BOARD_ENTRIES_PATH, &src, err))
		return false;
	log_order_init(&order, f->manifest->mode == BALLOT_CREDENTIALS, f->manifest->lists_count);
	merkle_init(tree);
	bool good = log_reader_init(&r, src, &f->key->eid, f->world->arena, err);
	while (good && more && order.state < LOG_CLOSED) {
		good = log_reader_next(&r, &e, &more, err) && (!more || log_order_take(&order, &e, err));
		if (!good || !more)
			break;
		if (sink)
			good = log_write_entry(sink, tree, &f->key->eid, &e, err);
		else
			*tree = r.tree;
	}
	source_close(src);
	if (good && order.state < LOG_CLOSED)
		good = fail(err, ERROR_CONFLICT, "board: the log is not closed", ERROR_NOWHERE);
	return good || fail_within(err, BOARD_ENTRIES_PATH);
}

bool board_sign_close(struct checkpoint *out, const struct board_final *f, struct error *err)
{
	struct merkle tree;
	size_t mark = arena_mark(f->world->arena);
	bool good = copy_log(&tree, NULL, f, err);
	const struct board_state closed = good ? board_state_of(&tree) : (struct board_state){0};
	good = good && board_kept_check(f->home, &f->key->eid, &closed, err) &&
	       board_put_checkpoint(out, BOARD_CLOSE_PATH, &tree, f, err);
	arena_release(f->world->arena, mark);
	return good;
}

/* --- after the tally --- */

static bool list_entry(struct entry *out, char auxsid[static AUXSID_BYTES], unsigned list,
                       const struct board_final *f, struct error *err)
{
	*out = (struct entry){.kind = ENTRY_TALLY};
	list_auxsid(auxsid, list);
	out->auxsid = bytes_of_text(auxsid);
	return statement_list_files(&out->object, f->record, auxsid, err);
}

static bool result_entry(struct entry *out, const struct board_final *f, struct error *err)
{
	struct source *s;
	*out = (struct entry){.kind = ENTRY_RESULT};
	if (!record_file_digest(&out->object, f->record, "result.json", err) ||
	    !f->record->open(f->record, "result.json", &s, err))
		return false;
	out->number = s->size;
	source_close(s);
	return out->number > 0 ||
	       fail_detail(err, ERROR_MALFORMED, "board: the result is empty", 0, "result.json");
}

static bool put_tally(struct sink *sink, struct merkle *tree, const struct board_final *f,
                      struct error *err)
{
	static const char *const evidence[] = {"evidence"};
	const digest *eid = &f->key->eid;
	struct entry e;
	for (unsigned l = 0; l < f->manifest->lists_count; l++) {
		char auxsid[AUXSID_BYTES];
		if (!list_entry(&e, auxsid, l, f, err) || !log_write_entry(sink, tree, eid, &e, err))
			return false;
	}
	if (!result_entry(&e, f, err) || !log_write_entry(sink, tree, eid, &e, err))
		return false;
	e = (struct entry){.kind = ENTRY_EVIDENCE};
	if (!statement_files(&e.object, &e.number, f->record, evidence, 1, err))
		return false;
	return e.number == 0 || log_write_entry(sink, tree, eid, &e, err);
}

static bool closed_as_signed(const struct merkle *tree, const struct board_final *f,
                             struct error *err)
{
	const struct checkpoint c = {.size = tree->size, .root = merkle_root(tree)};
	return is_there(&c, BOARD_CLOSE_PATH, f, err);
}

bool board_finish(struct checkpoint *out, const struct board_final *f, struct error *err)
{
	struct merkle tree;
	struct sink *sink;
	size_t mark = arena_mark(f->world->arena);
	if (!f->record->create(f->record, BOARD_ENTRIES_PATH, true, &sink, err))
		return false;
	bool good = copy_log(&tree, sink, f, err) && closed_as_signed(&tree, f, err);
	const struct board_state closed = good ? board_state_of(&tree) : (struct board_state){0};
	good = good && put_tally(sink, &tree, f, err);
	arena_release(f->world->arena, mark);
	if (!good) {
		sink_abort(sink);
		return false;
	}
	const struct checkpoint c = {.size = tree.size, .root = merkle_root(&tree)};
	const struct board_state end = board_state_of(&tree);
	if ((f->record->exists(f->record, BOARD_FINAL_PATH) &&
	     !is_there(&c, BOARD_FINAL_PATH, f, err)) ||
	    !board_kept_end(f->home, &f->key->eid, &closed, &end, err)) {
		sink_abort(sink);
		return false;
	}
	return sink_commit(sink, err) && board_put_checkpoint(out, BOARD_FINAL_PATH, &tree, f, err);
}
