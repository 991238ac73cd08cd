/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/stage_internal.h"

/* Writes result.json, or checks that what is there is what we computed. */
static bool publish(const struct authority *a, bytes json, struct error *err)
{
	digest mine = sha256(json), theirs;
	if (!a->record->exists(a->record, "result.json")) {
		if (folder_write(a->record, "result.json", false, json, err))
			return true;
		if (err && err->kind != ERROR_CONFLICT)
			return false;
	}
	if (!record_file_digest(&theirs, a->record, "result.json", err))
		return false;
	return digest_equal(&mine, &theirs) ||
	       fail(err, ERROR_REJECTED, "count: result.json is not what the plaintexts give",
	            ERROR_NOWHERE);
}

static bool plaintexts_hold(const struct authority *a, const struct election_key *key,
                            const struct ballot_box *box, struct error *err)
{
	for (unsigned l = 0; l < a->manifest->lists_count; l++) {
		struct list_stage s;
		if (!box->list_sizes[l])
			continue;
		if (!stage_open(&s, a, key, l, err))
			return false;
		s.input = box->list_digests[l];
		if (!stage_check_plaintexts(&s, err))
			return fail_within(err, s.auxsid);
	}
	return true;
}

bool authority_count(struct election_result **out, const struct authority *a,
                     const struct election_key *key, struct error *err)
{
	struct ballot_box box;
	struct endorsements e = {a->record, a->manifest, NULL, "result", 0};
	digest s;
	if (!ballots_check(&box, a, key, err) || !plaintexts_hold(a, key, &box, err) ||
	    !result_compute(out, a->manifest, key, box.list_sizes, a->record, a->world, err) ||
	    !publish(a, (*out)->json, err))
		return false;
	return result_statement(&s, a->manifest, key, box.list_sizes, a->record, (*out)->json, err) &&
	       endorse(&e, a->index, a->identity, &s, err);
}
