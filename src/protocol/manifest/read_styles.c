/* SPDX-License-Identifier: Apache-2.0 */
/* Areas, styles, and the lists that follow from them. */
#include "manifest/read_internal.h"

static bool find_group(unsigned *out, const struct json_value *v, struct reader *r)
{
	bytes name;
	if (!json_text(&name, v, LIMIT_TEXT_BYTES, r->err))
		return false;
	for (*out = 0; *out < r->m->groups_count; ++*out)
		if (bytes_equal(r->m->groups[*out].name, name))
			return true;
	return json_refuse(v, ERROR_REJECTED, "manifest: no group has this name", r->err);
}

static bool read_areas(const struct json_value *root, struct reader *r)
{
	struct manifest *m = r->m;
	const struct json_value *list;
	if (!json_maybe(&list, root, "areas", r->err))
		return false;
	if (!list)
		return true;
	if (!need_items(&list, &m->areas_count, root, "areas", (struct json_range){1, LIMIT_AREAS},
	                r) ||
	    !(m->areas = arena_take_array(r->arena, m->areas_count, bytes, r->err)))
		return false;
	for (unsigned i = 0; i < m->areas_count; i++) {
		if (!read_name(&m->areas[i], json_item(list, i), r))
			return false;
		for (unsigned k = 0; k < i; k++)
			if (bytes_equal(m->areas[k], m->areas[i]))
				return json_refuse(json_item(list, i), ERROR_REJECTED,
				                   "manifest: two areas have one name", r->err);
	}
	return true;
}

static bool read_area(struct manifest_style *s, const struct json_value *v, struct reader *r)
{
	const struct json_value *area;
	bytes name;
	s->area = 0;
	if (!json_maybe(&area, v, "area", r->err))
		return false;
	if (r->m->areas_count == 0)
		return !area ||
		       json_refuse_because(area, ERROR_REJECTED, "manifest: an area of an election without",
		                           "name the areas in \"areas\", or remove it", r->err);
	if (!json_need_text(&name, v, "area", LIMIT_TEXT_BYTES, r->err))
		return false;
	for (; s->area < r->m->areas_count; s->area++)
		if (bytes_equal(r->m->areas[s->area], name))
			return true;
	return json_refuse(area, ERROR_REJECTED, "manifest: no area has this name", r->err);
}

static bool read_style(struct manifest_style *s, const struct json_value *v, struct reader *r)
{
	static const char *const keys[] = {"name", "groups", "area"};
	const struct json_value *list;
	if (!json_only(v, JSON_NAMES(keys), r->err) || !need_name(&s->name, v, "name", r) ||
	    !read_area(s, v, r) ||
	    !need_items(&list, &s->groups_count, v, "groups", (struct json_range){1, LIMIT_GROUPS},
	                r) ||
	    !(s->groups = arena_take_array(r->arena, s->groups_count, unsigned, r->err)))
		return false;
	for (unsigned i = 0; i < s->groups_count; i++) {
		if (!find_group(&s->groups[i], json_item(list, i), r))
			return false;
		for (unsigned k = 0; k < i; k++)
			if (s->groups[k] == s->groups[i])
				return json_refuse(json_item(list, i), ERROR_REJECTED,
				                   "manifest: a style names a group twice", r->err);
	}
	return true;
}

/* What nobody votes in is a slip: a group or an area that was forgotten in the styles. */
static bool all_are_used(const struct json_value *styles, struct reader *r)
{
	const struct manifest *m = r->m;
	bool groups[LIMIT_GROUPS] = {false}, areas[LIMIT_AREAS] = {false};
	for (unsigned s = 0; s < m->styles_count; s++) {
		areas[m->styles[s].area] = true;
		for (unsigned k = 0; k < m->styles[s].groups_count; k++)
			groups[m->styles[s].groups[k]] = true;
	}
	for (unsigned g = 0; g < m->groups_count; g++)
		if (!groups[g])
			return json_refuse_because(styles, ERROR_REJECTED, "manifest: no style has this group",
			                           (const char *)m->groups[g].name.p, r->err);
	for (unsigned a = 0; a < m->areas_count; a++)
		if (!areas[a])
			return json_refuse_because(styles, ERROR_REJECTED, "manifest: no style has this area",
			                           (const char *)m->areas[a].p, r->err);
	return true;
}

static bool area_votes_in(const struct manifest *m, unsigned area, unsigned group)
{
	for (unsigned s = 0; s < m->styles_count; s++)
		for (unsigned k = 0; k < m->styles[s].groups_count; k++)
			if (m->styles[s].area == area && m->styles[s].groups[k] == group)
				return true;
	return false;
}

static bool make_lists(const struct json_value *styles, struct reader *r)
{
	struct manifest *m = r->m;
	struct manifest_list list;
	if (!(m->lists = arena_take_array(r->arena, LIMIT_LISTS, struct manifest_list, r->err)))
		return false;
	for (list.group = 0; list.group < m->groups_count; list.group++)
		for (list.area = 0; list.area == 0 || list.area < m->areas_count; list.area++)
			for (list.bit = 0; m->weight_max >> list.bit; list.bit++) {
				if (!area_votes_in(m, list.area, list.group))
					break;
				if (m->lists_count == LIMIT_LISTS)
					return json_refuse_because(
						styles, ERROR_LIMIT, "manifest: more than 256 lists to mix (LIMIT_LISTS)",
						"one for each group, area and bit of weight_max; use fewer groups or "
						"areas, or smaller weights",
						r->err);
				m->lists[m->lists_count++] = list;
			}
	return true;
}

bool read_styles(const struct json_value *root, struct reader *r)
{
	struct manifest *m = r->m;
	const struct json_value *list;
	if (!read_areas(root, r) ||
	    !need_items(&list, &m->styles_count, root, "styles", (struct json_range){1, LIMIT_STYLES},
	                r) ||
	    !(m->styles = arena_take_array(r->arena, m->styles_count, struct manifest_style, r->err)))
		return false;
	for (unsigned i = 0; i < m->styles_count; i++) {
		if (!read_style(&m->styles[i], json_item(list, i), r))
			return false;
		for (unsigned k = 0; k < i; k++)
			if (bytes_equal(m->styles[k].name, m->styles[i].name))
				return json_refuse(json_item(list, i), ERROR_REJECTED,
				                   "manifest: two styles have one name", r->err);
	}
	return all_are_used(list, r) && make_lists(list, r);
}
