/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/result.h"

#include "mixnet/proof_dir.h"
#include "record/board.h"
#include "record/endorse.h"
#include "record/proof.h"

static bool has_file(const struct election *e, unsigned list, enum mix_file file)
{
	char path[RECORD_PATH_BYTES];
	proof_file_path(path, list, file, 0);
	return e->record->exists(e->record, path);
}

/* *empty: the threshold of authorities has signed that nothing went into this list. */
static bool is_empty_list(bool *empty, const struct election *e, unsigned list, struct error *err)
{
	char auxsid[AUXSID_BYTES];
	bool signed_by[LIMIT_PARTIES + 1];
	list_auxsid(auxsid, list);
	struct endorsements of = {e->record, e->manifest, auxsid, "empty", 0};
	digest statement = statement_empty(&e->key.eid, auxsid);
	*empty = false;
	if (!endorsements_read(signed_by, &of, &statement, err))
		return false;
	*empty = endorsements_enough(signed_by, e->manifest->threshold, NULL);
	return true;
}

bool result_can_be_counted(const struct election *e, struct error *err)
{
	char auxsid[AUXSID_BYTES];
	if (!e->record->exists(e->record, BOARD_CLOSE_PATH))
		return fail_detail(err, ERROR_UNAVAILABLE, "count: there are no ballots yet", ERROR_NOWHERE,
		                   BOARD_CLOSE_PATH);
	for (unsigned l = 0; l < e->manifest->lists_count; l++) {
		bool input = has_file(e, l, MIX_FILE_INPUT), empty = false;
		list_auxsid(auxsid, l);
		if (!input && !is_empty_list(&empty, e, l, err))
			return false;
		if (!input && !empty)
			return fail_detail(err, ERROR_UNAVAILABLE, "count: the ballots are not shuffled yet",
			                   ERROR_NOWHERE, auxsid);
		if (input && !has_file(e, l, MIX_FILE_PLAINTEXTS))
			return fail_detail(err, ERROR_UNAVAILABLE, "count: the votes are not decrypted yet",
			                   ERROR_NOWHERE, auxsid);
	}
	return true;
}

/* As many votes as the list that went into the mix had; a list that has none was never mixed. */
static bool list_size(uint64_t *n, const struct election *e, unsigned list, struct error *err)
{
	const struct manifest *m = e->manifest;
	char input[RECORD_PATH_BYTES];
	*n = 0;
	proof_file_path(input, list, MIX_FILE_INPUT, 0);
	return !e->record->exists(e->record, input) ||
	       mix_list_length(n, e->record, input, m->groups[m->lists[list].group].code.width, err);
}

bool result_list_sizes(uint64_t sizes[static LIMIT_LISTS], const struct election *e,
                       struct error *err)
{
	for (unsigned l = 0; l < e->manifest->lists_count; l++)
		if (!list_size(&sizes[l], e, l, err))
			return false;
	return true;
}

bool result_is_signed(struct election *e, struct error *err)
{
	const struct endorsements signatures = {e->record, e->manifest, NULL, "result", 0};
	uint64_t sizes[LIMIT_LISTS];
	bool signed_by[LIMIT_PARTIES + 1];
	digest statement;
	bytes json;
	struct source *s;
	if (!result_can_be_counted(e, err))
		return false;
	if (!e->record->exists(e->record, "result.json"))
		return fail_detail(err, ERROR_UNAVAILABLE, "count: nobody has counted yet", ERROR_NOWHERE,
		                   "result.json");
	if (!e->record->open(e->record, "result.json", &s, err))
		return false;
	size_t size = (size_t)s->size + 1;
	source_close(s);
	uint8_t *room = arena_take(&e->session->arena, size, 1, err);
	if (!room || !folder_read(e->record, "result.json", room, size, &json, err) ||
	    !result_list_sizes(sizes, e, err) ||
	    !result_statement(&statement, e->manifest, &e->key, sizes, e->record, json, err) ||
	    !endorsements_read(signed_by, &signatures, &statement, err))
		return false;
	if (endorsements_enough(signed_by, e->manifest->threshold, err))
		return true;
	if (err->kind == ERROR_REJECTED) /* it may come */
		fail_detail(err, ERROR_UNAVAILABLE, "count: not enough authorities have signed the result",
		            err->at, err->detail);
	return false;
}

static bool compare_published(const struct election_result *r, const struct election *e,
                              struct error *err)
{
	digest mine = sha256(r->json), published;
	if (!e->record->exists(e->record, "result.json"))
		return true;
	if (!record_file_digest(&published, e->record, "result.json", err))
		return false;
	return digest_equal(&mine, &published) ||
	       fail(err, ERROR_REJECTED, "count: result.json is not what the opened votes give",
	            ERROR_NOWHERE);
}

bool result_of_record(struct election_result **out, struct election *e, struct error *err)
{
	uint64_t sizes[LIMIT_LISTS];
	return result_can_be_counted(e, err) && result_list_sizes(sizes, e, err) &&
	       result_compute(out, e->manifest, &e->key, sizes, e->record, &e->session->world, err) &&
	       compare_published(*out, e, err);
}
