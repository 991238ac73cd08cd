/* SPDX-License-Identifier: Apache-2.0 */
#include "record/electorate.h"

#include "record/lists_internal.h"

void electorate_add(struct electorate *e, uint32_t style, uint32_t weight)
{
	require(style < LIMIT_STYLES && weight >> ELECTORATE_BITS == 0);
	for (unsigned bit = 0; weight >> bit; bit++)
		e->of[style][bit] += weight >> bit & 1;
}

uint64_t electorate_of_list(const struct electorate *e, const struct manifest *m, unsigned list)
{
	const struct manifest_list *l = &m->lists[list];
	uint64_t n = 0;
	for (unsigned s = 0; s < m->styles_count; s++)
		if (m->styles[s].area == l->area && style_has_group(&m->styles[s], l->group))
			n += e->of[s][l->bit];
	return n;
}

bool electorate_is_small(const struct electorate *e, const struct manifest *m, unsigned list)
{
	uint64_t n = electorate_of_list(e, m, list);
	return n > 0 && n < m->min_list && !m->accept_small_lists;
}

/* The names of an area and a group have at most 64 bytes each. */
void electorate_describe(char out[static ELECTORATE_TEXT_BYTES], const struct electorate *e,
                         const struct manifest *m, unsigned list)
{
	const struct manifest_list *l = &m->lists[list];
	struct text t = {out, ELECTORATE_TEXT_BYTES, 0, false};
	const uint64_t n = electorate_of_list(e, m, list);
	char auxsid[AUXSID_BYTES];
	list_auxsid(auxsid, list);
	text_add(&t, auxsid);
	text_add(&t, ", group ");
	text_add_bytes(&t, m->groups[l->group].name);
	if (m->areas_count) {
		text_add(&t, ", area ");
		text_add_bytes(&t, m->areas[l->area]);
	}
	text_add(&t, ", weight bit ");
	text_add_u64(&t, l->bit);
	text_add(&t, ": ");
	text_add_u64(&t, n);
	text_add(&t, n == 1 ? " credential, min_list is " : " credentials, min_list is ");
	text_add_u64(&t, m->min_list);
	require(!t.cut);
}

bool electorate_check(const struct electorate *e, const struct manifest *m, struct error *err)
{
	char room[ELECTORATE_TEXT_BYTES];
	for (unsigned l = 0; l < m->lists_count; l++) {
		if (!electorate_is_small(e, m, l))
			continue;
		electorate_describe(room, e, m, l);
		return fail_detail(
			err, ERROR_REJECTED,
			"credentials: a list with so few voters would keep every list closed, for min_list "
			"ballots can never be in it; take a manifest with accept_small_lists, a lower min_list "
			"or fewer areas, or give other weights",
			l, room);
	}
	return true;
}
