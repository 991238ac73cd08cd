/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/result.h"

#include "cli/output.h"
#include "count/result_json.h"
#include "count/result_text.h"
#include "mixnet/proof_dir.h"
#include "record/endorse.h"
#include "record/proof.h"

#include <stdio.h>

static const char *in_proof(char room[static RECORD_PATH_BYTES], unsigned group, enum mix_file file)
{
	proof_folder_path(room, group);
	struct text t = {room, RECORD_PATH_BYTES, strlen(room), false};
	text_add(&t, "/");
	text_add(&t, mix_path(file, 0).text);
	require(!t.cut);
	return room;
}

/* *empty: the threshold of authorities has signed that nothing went into this list. */
static bool is_empty_list(bool *empty, const struct election *e, unsigned group, struct error *err)
{
	char auxsid[AUXSID_BYTES];
	bool signed_by[LIMIT_PARTIES + 1];
	list_auxsid(auxsid, group);
	struct endorsements of = {e->record, e->manifest, auxsid, "empty"};
	digest statement = statement_empty(&e->key.eid, auxsid);
	*empty = false;
	if (!endorsements_read(signed_by, &of, &statement, err))
		return false;
	*empty = endorsements_enough(signed_by, e->manifest->threshold, NULL);
	return true;
}

bool result_can_be_counted(const struct election *e, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	if (!e->record->exists(e->record, "ballots.bt"))
		return fail_detail(err, ERROR_UNAVAILABLE, "count: there are no ballots yet", ERROR_NOWHERE,
		                   "ballots.bt");
	for (unsigned g = 0; g < e->manifest->groups_count; g++) {
		bool input = e->record->exists(e->record, in_proof(path, g, MIX_FILE_INPUT)), empty = false;
		if (!input && !is_empty_list(&empty, e, g, err))
			return false;
		if (!input && !empty)
			return fail_detail(err, ERROR_UNAVAILABLE, "count: the ballots are not shuffled yet",
			                   ERROR_NOWHERE, path);
		if (input && !e->record->exists(e->record, in_proof(path, g, MIX_FILE_PLAINTEXTS)))
			return fail_detail(err, ERROR_UNAVAILABLE, "count: the votes are not decrypted yet",
			                   ERROR_NOWHERE, path);
	}
	return true;
}

/* As many votes as the list that went into the mix had; a list that has none was never mixed. */
static bool list_size(uint64_t *n, const struct election *e, unsigned group, struct error *err)
{
	char input[RECORD_PATH_BYTES];
	*n = 0;
	return !e->record->exists(e->record, in_proof(input, group, MIX_FILE_INPUT)) ||
	       mix_list_length(n, e->record, input, e->manifest->groups[group].code.width, err);
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
	uint64_t sizes[LIMIT_GROUPS];
	if (!result_can_be_counted(e, err))
		return false;
	for (unsigned g = 0; g < e->manifest->groups_count; g++)
		if (!list_size(&sizes[g], e, g, err))
			return false;
	return result_compute(out, e->manifest, &e->key, sizes, e->record, &e->session->world, err) &&
	       compare_published(*out, e, err);
}

static void print_verdicts(const struct question_result *q)
{
	bool first = true;
	for (unsigned v = 0; v < VERDICTS; v++) {
		if (q->verdicts[v] == 0)
			continue;
		printf("%s%llu %s", first ? "Ballots: " : ", ", (unsigned long long)q->verdicts[v],
		       verdict_name((enum verdict)v));
		first = false;
	}
	puts(first ? "No ballots." : "");
}

bool result_print_tables(const struct election_result *r, const struct election *e,
                         struct error *err)
{
	for (unsigned i = 0; i < e->manifest->questions_count; i++) {
		const struct question_result *q = &r->questions[i];
		if (q->count && !result_text_write(output_sink(), q->count, output_columns(), err))
			return false;
		if (!q->count) {
			char title[LIMIT_TEXT_BYTES + 1];
			output_printable_bytes(title, sizeof title, e->manifest->questions[i].title);
			printf("%s\nNo valid ballots: nobody is elected.\n", title);
		}
		print_verdicts(q);
		putchar('\n');
	}
	return true;
}

bool result_print(const struct election_result *r, const struct election *e, struct error *err)
{
	if (e->session->options.json)
		return sink_append(output_sink(), r->json, err);
	return result_print_tables(r, e, err);
}

bool result_print_count(const struct count_result *r, const struct common_options *o,
                        struct error *err)
{
	if (!o->json)
		return result_text_write(output_sink(), r, output_columns(), err);
	return result_json_write(output_sink(), r, err) &&
	       sink_append(output_sink(), BYTES_LITERAL("\n"), err);
}
