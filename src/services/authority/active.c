/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/authority.h"

bool active_parties_all(struct active_parties *out, const struct manifest *m, struct error *err)
{
	(void)err;
	out->count = m->authorities_count;
	for (unsigned i = 0; i < out->count; i++)
		out->party[i] = i + 1;
	return true;
}

void active_parties_qualified(struct active_parties *out, const struct election_key *key)
{
	out->count = 0;
	for (unsigned l = 1; l <= key->parties; l++)
		if (key->qualified[l - 1])
			out->party[out->count++] = l;
}

bool active_parties_parse(struct active_parties *out, const struct manifest *m, const char *text,
                          struct error *err)
{
	return active_parties_parse_least(out, m, text, m->threshold, err);
}

bool active_parties_parse_least(struct active_parties *out, const struct manifest *m,
                                const char *text, unsigned least, struct error *err)
{
	bool there[LIMIT_PARTIES + 1] = {false};
	const char *s = text;
	do {
		unsigned party = 0, digits = 0;
		for (; *s >= '0' && *s <= '9' && digits < 3; s++, digits++)
			party = party * 10 + (unsigned)(*s - '0');
		if (digits == 0 || (*s && *s != ','))
			return fail_detail(err, ERROR_MALFORMED,
			                   "active parties: numbers separated by commas, such as 1,3",
			                   ERROR_NOWHERE, text);
		const char *what = NULL;
		if (party < 1 || party > m->authorities_count)
			what = "active parties: the manifest has no authority of this number";
		else if (there[party])
			what = "active parties: named twice";
		if (what) {
			fail_detail(err, ERROR_REJECTED, what, party, text);
			return fail_within_index(err, "authority", party);
		}
		there[party] = true;
	} while (*s++ == ',');
	out->count = 0;
	for (unsigned l = 1; l <= m->authorities_count; l++)
		if (there[l])
			out->party[out->count++] = l;
	if (out->count >= least)
		return true;
	char room[64];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, out->count);
	text_add(&t, " named, the threshold is ");
	text_add_u64(&t, m->threshold);
	if (least < m->threshold) {
		text_add(&t, ", so many are missing: ");
		text_add_u64(&t, least);
	}
	return fail_detail(err, ERROR_REJECTED, "active parties: fewer than the threshold", out->count,
	                   room);
}
