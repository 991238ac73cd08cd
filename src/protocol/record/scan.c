/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pass over the log. Entries are read in order; objects are collected in blocks, checked by the
 * workers, then taken in log order: into the ledger, and those that count into the columns.
 */
#include "record/lists_internal.h"
#include "record/scan_internal.h"

#define COMPONENT_BYTES_MIN 281u  /* u, v, A, z: a first component costs that much of a file */
#define CREDENTIAL_BYTES_MIN 101u /* a record of credentials.bt with a style of one byte */
#define CHANGE_BYTES_MIN 224u     /* an entry of one, with its length */

struct scan {
	const struct box_job *job;
	struct ballot_box *out;
	struct scanned *columns;
	struct ledger *ledger;
	struct log_reader reader;
	struct log_order order;
	struct object_stream ballots, voids;
	struct block block;
	unsigned listed; /* faults reported */
};

static void at_stage(const struct box_job *job, enum box_stage stage)
{
	if (job->stage)
		*job->stage = stage;
}

/* --- taking what was checked --- */

static void report_fault(struct scan *s, const struct block_item *item, enum ballot_fault fault)
{
	struct box_fault f = {.is_void = item->is_void,
	                      .fault = fault,
	                      .number = item->number,
	                      .entry = item->entry,
	                      .object = item->named};
	struct arena *scratch = &s->block.scratch[0];
	struct ballot ignored;
	size_t mark = arena_mark(scratch);
	if (!s->job->fault || s->listed == BOX_FAULTS_LISTED)
		return;
	s->listed++;
	error_clear(&f.why);
	if (item->read == fault && fault <= BALLOT_ELECTION)
		ledger_parse(&ignored, item->object, s->block.rules, item->is_void, scratch, &f.why);
	arena_release(scratch, mark);
	s->job->fault(s->job->fault_ctx, &f);
}

static void add_to_columns(struct scan *s, const struct ballot *b)
{
	const struct manifest_style *style =
		&s->job->manifest->styles[b->style - s->block.rules->styles];
	const ciphertext *ct = b->ct;
	for (unsigned g = 0; g < style->groups_count; g++) {
		struct group_columns *c = &s->columns->groups[style->groups[g]];
		for (unsigned j = 0; j < c->width; j++, ct++) {
			c->columns[j][c->n] = ct->u;
			c->columns[c->width + j][c->n] = ct->v;
		}
		c->n++;
	}
}

static void take_ballot(struct scan *s, const struct block_item *item)
{
	enum ballot_fault f = ledger_take_ballot(s->ledger, item->ballot, item->weight, item->read);
	s->out->faults[f]++;
	if (f == BALLOT_FINE)
		add_to_columns(s, item->ballot);
	else
		report_fault(s, item, f);
}

/* Why a void is refused: what reading it gave, or that it is about something cast. */
static void take_void(struct scan *s, const struct block_item *item)
{
	if (ledger_take_void(s->ledger, item->ballot, item->read))
		return;
	s->out->refused_voids++;
	report_fault(s, item, item->read == BALLOT_FINE ? BALLOT_REPEATED_U : item->read);
}

static bool flush(struct scan *s, struct error *err)
{
	at_stage(s->job, BOX_OBJECTS);
	if (!block_check(&s->block, err))
		return false;
	for (size_t i = 0; i < s->block.count; i++) {
		const struct block_item *item = &s->block.items[i];
		if (item->is_void)
			take_void(s, item);
		else
			take_ballot(s, item);
	}
	block_clear(&s->block);
	progress_report(s->job->world->progress, "check ballots", s->ballots.used,
	                object_stream_size(&s->ballots));
	at_stage(s->job, BOX_LOG);
	return true;
}

/* --- entries --- */

static bool differs(const char *which, struct error *err)
{
	return fail_detail(err, ERROR_REJECTED, "log: an entry says something else than the record",
	                   ERROR_NOWHERE, which);
}

static bool entry_manifest(struct scan *s, const struct entry *e, struct error *err)
{
	const struct manifest *m = s->job->manifest;
	return (digest_equal(&e->object, &m->d) && e->number == m->exact.len) ||
	       differs("manifest", err);
}

static bool entry_ceremony(struct scan *s, const struct entry *e, struct error *err)
{
	const struct ceremony_report *c = s->job->ceremony;
	return (digest_equal(&e->object, &c->certified) && e->number == c->attempts) ||
	       differs("ceremony", err);
}

static bool take_credential(void *ctx, const struct credential *c, struct error *err)
{
	return ledger_add_credential(ctx, c, err);
}

static bool entry_credentials(struct scan *s, const struct entry *e, struct error *err)
{
	struct credentials_facts facts;
	at_stage(s->job, BOX_CREDENTIALS);
	if (!credentials_read(&facts, s->job->record, s->job->manifest, take_credential, s->ledger,
	                      err))
		return false;
	s->out->credentials = facts.records;
	if (!digest_equal(&facts.file, &e->object) || facts.records != e->number)
		return differs("credentials", err);
	at_stage(s->job, BOX_LOG);
	return true;
}

static bool entry_object(struct scan *s, const struct entry *e, struct error *err)
{
	bool is_void = e->kind == ENTRY_VOID;
	size_t len = (size_t)e->number; /* ≤ LIMIT_BALLOT_BYTES: entry_read */
	if (!block_fits(&s->block, len) && !flush(s, err))
		return false;
	at_stage(s->job, BOX_OBJECTS);
	if (!object_stream_take(is_void ? &s->voids : &s->ballots, block_room(&s->block), len, err))
		return fail_within_index(err, "entry", s->reader.tree.size - 1);
	at_stage(s->job, BOX_LOG);
	struct block_item *item = block_add(&s->block, len);
	item->is_void = is_void;
	item->weight = e->weight;
	item->named = e->object;
	item->entry = s->reader.tree.size - 1;
	item->number = is_void ? s->out->voids++ : s->out->ballots++;
	return true;
}

/* What was voted before it was decided under the credentials as they were. */
static bool entry_change(struct scan *s, const struct entry *e, struct error *err)
{
	if (!flush(s, err))
		return false;
	at_stage(s->job, BOX_CREDENTIALS);
	if (!ledger_change_credential(s->ledger, e, err))
		return fail_within_index(err, "entry", s->reader.tree.size - 1);
	s->out->changes++;
	at_stage(s->job, BOX_LOG);
	return true;
}

static bool entry_close(struct scan *s, struct error *err)
{
	if (!flush(s, err))
		return false;
	s->out->log_size = s->reader.tree.size;
	s->out->root = merkle_root(&s->reader.tree);
	at_stage(s->job, BOX_OBJECTS);
	if (!object_stream_end(&s->ballots, err) || !object_stream_end(&s->voids, err))
		return false;
	if (s->voids.src && s->out->voids == 0)
		return fail(err, ERROR_MALFORMED, "log: voids.bt without voids", ERROR_NOWHERE);
	at_stage(s->job, BOX_LOG);
	return true;
}

static bool take_entry(struct scan *s, const struct entry *e, struct error *err)
{
	switch (e->kind) {
	case ENTRY_MANIFEST:
		return entry_manifest(s, e, err);
	case ENTRY_CEREMONY:
		return entry_ceremony(s, e, err);
	case ENTRY_CREDENTIALS:
		return entry_credentials(s, e, err);
	case ENTRY_BALLOT:
	case ENTRY_VOID:
		return entry_object(s, e, err);
	case ENTRY_CREDENTIAL:
		return entry_change(s, e, err);
	case ENTRY_CLOSE:
		return entry_close(s, err);
	case ENTRY_SUSPEND:
		s->out->suspensions++;
		return true;
	case ENTRY_TALLY:
		s->out->tally[s->order.tallied - 1] = e->object;
		return true;
	case ENTRY_RESULT:
		s->out->result = e->object;
		s->out->result_bytes = e->number;
		s->out->complete = true;
		return true;
	case ENTRY_EVIDENCE:
		s->out->evidence = e->object;
		s->out->evidence_files = e->number;
		s->out->has_evidence = true;
		return true;
	case ENTRY_OPEN:
	case ENTRY_RESUME:
		return true;
	}
	return true;
}

static bool read_log(struct scan *s, struct error *err)
{
	struct entry e;
	bool more;
	for (;;) {
		if (!log_reader_next(&s->reader, &e, &more, err))
			return false;
		if (!more)
			break;
		if (!log_order_take(&s->order, &e, err))
			return fail_within_index(err, "entry", s->reader.tree.size - 1);
		if (!take_entry(s, &e, err))
			return false;
	}
	if (s->order.state < LOG_CLOSED)
		return fail(err, ERROR_REJECTED, "log: it is not closed", s->reader.tree.size);
	s->out->whole_size = s->reader.tree.size;
	s->out->whole_root = merkle_root(&s->reader.tree);
	return true;
}

/* --- setting out --- */

static uint64_t shortest_ballot(const struct ballot_style *styles, const struct manifest *m)
{
	size_t shortest = SIZE_MAX;
	for (unsigned i = 0; i < m->styles_count; i++) {
		size_t len = ballot_bytes(&styles[i], m->mode);
		shortest = len < shortest ? len : shortest;
	}
	return shortest;
}

static bool take_columns(struct scan *s, uint64_t ballots_max, struct error *err)
{
	const struct manifest *m = s->job->manifest;
	for (unsigned g = 0; g < m->groups_count; g++) {
		struct group_columns *c = &s->columns->groups[g];
		c->n = 0;
		c->width = m->groups[g].code.width;
		for (unsigned j = 0; j < 2 * c->width; j++)
			if (!(c->columns[j] = arena_take_array(s->job->world->arena, ballots_max, point, err)))
				return false;
	}
	return true;
}

/* How many there can be at most, from the sizes of the files. */
static bool set_out(struct scan *s, uint64_t log_bytes, uint64_t credentials_bytes,
                    struct error *err)
{
	const struct manifest *m = s->job->manifest;
	struct arena *a = s->job->world->arena;
	struct ledger_room room;
	struct ballot_style *shapes = arena_take_array(a, LIMIT_STYLES, struct ballot_style, err);
	if (!shapes || !manifest_ballot_styles(shapes, m, err))
		return false;
	uint64_t objects = object_stream_size(&s->ballots) + object_stream_size(&s->voids);
	room.ballots = object_stream_size(&s->ballots) / shortest_ballot(shapes, m);
	if (room.ballots > LIMIT_BALLOTS)
		return fail(err, ERROR_LIMIT, "ballots: more than LIMIT_BALLOTS", room.ballots);
	room.values = 2 * (objects / COMPONENT_BYTES_MIN); /* a voided body has an id as well */
	room.voters = m->mode == BALLOT_SERVER
	                  ? room.ballots
	                  : credentials_bytes / CREDENTIAL_BYTES_MIN + log_bytes / CHANGE_BYTES_MIN;
	s->columns->ledger = NULL;
	if (!ledger_new(&s->ledger, m, &s->job->key->eid, &room, a, err) ||
	    !take_columns(s, room.ballots, err) ||
	    !block_init(&s->block, ledger_rules(s->ledger), s->job->world, err))
		return false;
	s->columns->ledger = s->ledger;
	log_order_init(&s->order, m->mode == BALLOT_CREDENTIALS, m->lists_count);
	return true;
}

static bool credentials_size(uint64_t *out, struct folder *record, const struct manifest *m,
                             struct error *err)
{
	struct source *src;
	*out = 0;
	if (m->mode == BALLOT_SERVER)
		return true;
	if (!record->open(record, "credentials.bt", &src, err))
		return false;
	*out = src->size;
	source_close(src);
	return true;
}

/* Each file under the stage whose check it belongs to. */
static bool open_all(struct scan *s, struct source **log, uint64_t *credentials, struct error *err)
{
	struct folder *record = s->job->record;
	at_stage(s->job, BOX_LOG);
	if (!record->open(record, "log/entries", log, err))
		return false;
	at_stage(s->job, BOX_CREDENTIALS);
	if (!credentials_size(credentials, record, s->job->manifest, err))
		return false;
	at_stage(s->job, BOX_OBJECTS);
	if (!object_stream_open(&s->ballots, record, "ballots.bt", false, err) ||
	    !object_stream_open(&s->voids, record, "voids.bt", true, err))
		return false;
	at_stage(s->job, BOX_LOG);
	return true;
}

bool box_scan(struct ballot_box *out, struct scanned *columns, const struct box_job *job,
              struct error *err)
{
	struct source *log = NULL;
	uint64_t credentials;
	struct arena *a = job->world->arena;
	struct scan *s = arena_take_array(a, 1, struct scan, err);
	at_stage(job, BOX_LOG);
	if (!s)
		return false;
	memset(s, 0, sizeof *s);
	s->job = job;
	s->out = out;
	s->columns = columns;
	bool good = open_all(s, &log, &credentials, err) && set_out(s, log->size, credentials, err) &&
	            log_reader_init(&s->reader, log, &job->key->eid, a, err) && read_log(s, err);
	object_stream_close(&s->ballots);
	object_stream_close(&s->voids);
	source_close(log);
	out->counted = good ? ledger_counted(s->ledger) : 0;
	return good;
}
