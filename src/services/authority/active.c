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

bool active_parties_parse(struct active_parties *out, const struct manifest *m, const char *text,
                          struct error *err)
{
	bool there[LIMIT_PARTIES + 1] = {false};
	const char *s = text;
	do {
		unsigned party = 0, digits = 0;
		for (; *s >= '0' && *s <= '9' && digits < 3; s++, digits++)
			party = party * 10 + (unsigned)(*s - '0');
		if (digits == 0 || (*s && *s != ','))
			return fail_detail(err, ERROR_MALFORMED,
			                   "active parties: numbers separated by commas, such as 1,3", 0, text);
		if (party < 1 || party > m->authorities_count)
			return fail_detail(err, ERROR_REJECTED,
			                   "active parties: the manifest has no authority of this number",
			                   party, text);
		if (there[party])
			return fail_detail(err, ERROR_REJECTED, "active parties: named twice", party, text);
		there[party] = true;
	} while (*s++ == ',');
	out->count = 0;
	for (unsigned l = 1; l <= m->authorities_count; l++)
		if (there[l])
			out->party[out->count++] = l;
	if (out->count < m->threshold)
		return fail_detail(err, ERROR_REJECTED, "active parties: fewer than the threshold",
		                   m->threshold, text);
	return true;
}
