/* SPDX-License-Identifier: Apache-2.0 */
#include "record/endorse.h"

bool endorsement_exists(const struct endorsements *e, unsigned party)
{
	char path[RECORD_PATH_BYTES];
	endorsement_path(path, e->auxsid, e->kind, party);
	return e->record->exists(e->record, path);
}

bool endorsement_of(const struct endorsements *e, unsigned party, const digest *statement,
                    struct error *err)
{
	char path[RECORD_PATH_BYTES];
	endorsement_path(path, e->auxsid, e->kind, party);
	return endorsement_check(e->record, path, e->manifest->authorities[party - 1].identity,
	                         (struct endorsed){e->attempt, statement}, err) ||
	       fail_within_index(err, "party", party);
}

bool endorsements_read(bool signed_by[static LIMIT_PARTIES + 1], const struct endorsements *e,
                       const digest *statement, struct error *err)
{
	memset(signed_by, 0, (LIMIT_PARTIES + 1) * sizeof *signed_by);
	for (unsigned l = 1; l <= e->manifest->authorities_count; l++) {
		signed_by[l] = endorsement_exists(e, l);
		if (signed_by[l] && !endorsement_of(e, l, statement, err))
			return false;
	}
	return true;
}

unsigned endorsements_right(bool signed_by[static LIMIT_PARTIES + 1], const struct endorsements *e,
                            const digest *statement)
{
	unsigned wrong = 0;
	memset(signed_by, 0, (LIMIT_PARTIES + 1) * sizeof *signed_by);
	for (unsigned l = e->manifest->authorities_count; l >= 1; l--) {
		signed_by[l] = endorsement_exists(e, l) && endorsement_of(e, l, statement, NULL);
		if (!signed_by[l] && endorsement_exists(e, l))
			wrong = l;
	}
	return wrong;
}

bool endorsements_enough(const bool signed_by[static LIMIT_PARTIES + 1], unsigned least,
                         struct error *err)
{
	unsigned count = 0;
	for (unsigned l = 1; l <= LIMIT_PARTIES; l++)
		count += signed_by[l];
	if (count >= least)
		return true;
	char room[64];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, count);
	text_add(&t, " signed, the threshold is ");
	text_add_u64(&t, least);
	return fail_detail(err, ERROR_REJECTED,
	                   "endorsement: signed by fewer authorities than the threshold", count, room);
}

bool endorsements_attempt(unsigned *attempt, const struct endorsements *e, struct error *err)
{
	*attempt = 0;
	for (unsigned l = 1; l <= e->manifest->authorities_count; l++) {
		char path[RECORD_PATH_BYTES];
		unsigned theirs;
		endorsement_path(path, e->auxsid, e->kind, l);
		if (!endorsement_exists(e, l))
			continue;
		if (!endorsement_attempt(&theirs, e->record, path, err))
			return false;
		if (*attempt && *attempt != theirs)
			return fail_detail(err, ERROR_REJECTED, "endorsement: of another attempt than others",
			                   theirs, path);
		*attempt = theirs;
	}
	return true;
}

bool endorse(const struct endorsements *e, unsigned party, const struct identity_secret *identity,
             const digest *statement, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	if (endorsement_exists(e, party))
		return endorsement_of(e, party, statement, err);
	endorsement_path(path, e->auxsid, e->kind, party);
	return endorsement_write(e->record, path, identity, (struct endorsed){e->attempt, statement},
	                         err);
}
