/* SPDX-License-Identifier: Apache-2.0 */
/* How a run of the board begins: with an empty log, or with the one that is in the record. */
#include "record/board_internal.h"

unsigned board_heads(struct entry out[static BOARD_HEADS], const struct board_plan *p,
                     const struct credentials_facts *credentials)
{
	unsigned n = 0;
	out[n++] = (struct entry){
		.kind = ENTRY_MANIFEST, .object = p->manifest->d, .number = p->manifest->exact.len};
	out[n++] = (struct entry){
		.kind = ENTRY_CEREMONY, .object = p->ceremony->certified, .number = p->ceremony->attempts};
	if (p->manifest->mode == BALLOT_CREDENTIALS)
		out[n++] = (struct entry){
			.kind = ENTRY_CREDENTIALS, .object = credentials->file, .number = credentials->records};
	out[n++] = (struct entry){.kind = ENTRY_OPEN};
	return n;
}

static bool put_heads(struct board *b, const struct credentials_facts *credentials,
                      struct error *err)
{
	struct entry heads[BOARD_HEADS];
	unsigned n = board_heads(heads, &b->plan, credentials);
	for (unsigned i = 0; i < n; i++)
		if (!board_put(b, &heads[i], err))
			return false;
	return true;
}

static bool take_credential(void *ctx, const struct credential *c, struct error *err)
{
	return ledger_add_credential(ctx, c, err);
}

/* A log that has begun goes on whatever its voters are: it can still be saved by those who vote. */
static bool check_electorate(const struct board *b, struct error *err)
{
	struct electorate e;
	if (b->plan.manifest->mode == BALLOT_SERVER || b->before.size > 0)
		return true;
	ledger_electorate(&e, b->ledger);
	return electorate_check(&e, b->plan.manifest, err);
}

static unsigned most_components(const struct ballot_rules *rules)
{
	unsigned most = 1;
	for (size_t i = 0; i < rules->styles_count; i++)
		if (rules->styles[i].components > most)
			most = rules->styles[i].components;
	return most;
}

/* The ledger's own memory is decided before its rules are known; styles are asked twice. */
static bool set_out(struct board *b, struct credentials_facts *credentials, struct error *err)
{
	const struct board_plan *p = &b->plan;
	struct arena *a = p->world->arena;
	struct ballot_style *styles = arena_take_array(a, LIMIT_STYLES, struct ballot_style, err);
	bool server = p->manifest->mode == BALLOT_SERVER;
	uint64_t ballots = b->before.ballots + p->ballots_max, voids = b->before.voids + p->voids_max;
	if (!styles || !manifest_ballot_styles(styles, p->manifest, err))
		return false;
	if (!server && !credentials_read(credentials, p->record, p->manifest, NULL, NULL, err))
		return false;
	const struct ballot_rules rules = {.styles = styles, .styles_count = p->manifest->styles_count};
	const struct ledger_room room = {
		.voters = server ? b->before.ballots + p->voters_max
	                     : credentials->records + b->before.changes + p->changes_max,
		.ballots = ballots,
		.values = (ballots + voids) * most_components(&rules) + voids,
	};
	uint64_t slots = 64;
	while (slots < 2 * ballots)
		slots *= 2;
	b->known_mask = slots - 1;
	b->known = arena_take_array(a, slots, struct known, err);
	if (!b->known || !ledger_new(&b->ledger, p->manifest, b->eid, &room, a, err))
		return false;
	memset(b->known, 0, slots * sizeof *b->known);
	return (server || credentials_read(credentials, p->record, p->manifest, take_credential,
	                                   b->ledger, err)) &&
	       block_init(&b->block, ledger_rules(b->ledger), p->world, err);
}

/* What lies there: nothing, or an open log that this board wrote. */
static bool look(struct board *b, struct error *err)
{
	const struct board_plan *p = &b->plan;
	const struct board_final f = {
		.manifest = p->manifest, .key = p->key, .record = p->record, .world = p->world};
	if (!board_log_read(&b->before, &f, err))
		return false;
	if (b->before.state >= LOG_CLOSED)
		return fail(err, ERROR_CONFLICT,
		            "board: this record has a log already, and it is closed for good",
		            ERROR_NOWHERE);
	const struct board_state now = {b->before.size, b->before.root};
	return board_kept_check(p->home, b->eid, &now, err);
}

bool board_open(struct board **out, const struct board_plan *plan, struct error *err)
{
	struct folder *record = plan->record;
	struct credentials_facts credentials;
	struct board *b = arena_take_array(plan->world->arena, 1, struct board, err);
	*out = NULL;
	if (!b)
		return false;
	memset(b, 0, sizeof *b);
	b->plan = *plan;
	b->eid = &plan->key->eid;
	log_order_init(&b->order, plan->manifest->mode == BALLOT_CREDENTIALS,
	               plan->manifest->lists_count);
	merkle_init(&b->tree);
	if (!look(b, err) || !set_out(b, &credentials, err) || !check_electorate(b, err))
		return false;
	bool again = b->before.size > 0;
	/* Of a run that was killed before its log was there. */
	if (!again && !record->remove(record, "voids.bt", err))
		return false;
	bool good = record->create(record, "ballots.bt", true, &b->ballots, err) &&
	            record->create(record, BOARD_ENTRIES_PATH, again, &b->entries, err) &&
	            (again ? board_replay(b, &credentials, err) : put_heads(b, &credentials, err));
	if (!good) {
		board_abandon(b);
		return false;
	}
	*out = b;
	return true;
}

void board_abandon(struct board *b)
{
	if (!b)
		return;
	sink_abort(b->ballots);
	sink_abort(b->voids);
	sink_abort(b->entries);
	b->ballots = b->voids = b->entries = NULL;
	b->closed = true;
}
