/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/manifest.h"

#include "hash/tagged.h"
#include "manifest/read_internal.h"

/* What only one value is allowed for yet: written out, so that a later version can say more. */
static bool fixed_values(const struct json_value *root, struct reader *r)
{
	static const char *const group[] = {"P-256"}, *const hash[] = {"SHA-256"};
	unsigned ignored;
	uint64_t number;
	return json_need_u64(&number, root, "urna", (struct json_range){1, 1}, r->err) &&
	       json_need_choice(&ignored, root, "group", JSON_NAMES(group), r->err) &&
	       json_need_choice(&ignored, root, "rohash", JSON_NAMES(hash), r->err) &&
	       json_need_choice(&ignored, root, "prg", JSON_NAMES(hash), r->err) &&
	       json_need_u64(&number, root, "statdist", (struct json_range){100, 100}, r->err) &&
	       json_need_u64(&number, root, "vbitlenro", (struct json_range){256, 256}, r->err) &&
	       json_need_u64(&number, root, "ebitlenro", (struct json_range){256, 256}, r->err);
}

static bool read_authority(struct manifest_authority *a, const struct json_value *v,
                           struct reader *r)
{
	static const char *const keys[] = {"operator", "identity"};
	const struct json_value *identity;
	return json_only(v, JSON_NAMES(keys), r->err) &&
	       need_line(&a->operator_name, v, "operator", r) &&
	       json_need(&identity, v, "identity", r->err) && read_key(a->identity, identity, r);
}

static bool read_authorities(const struct json_value *root, struct reader *r)
{
	struct manifest *m = r->m;
	const struct json_value *list, *t;
	if (!need_items(&list, &m->authorities_count, root, "authorities",
	                (struct json_range){1, LIMIT_PARTIES}, r) ||
	    !need_unsigned(&m->threshold, root, "threshold", (struct json_range){1, LIMIT_PARTIES},
	                   r) ||
	    !json_need(&t, root, "threshold", r->err))
		return false;
	if (m->threshold > m->authorities_count)
		return json_refuse(t, ERROR_REJECTED,
		                   "manifest: the threshold is more than the number of authorities",
		                   r->err);
	m->authorities =
		arena_take_array(r->arena, m->authorities_count, struct manifest_authority, r->err);
	for (unsigned i = 0; i < m->authorities_count; i++) {
		if (!m->authorities || !read_authority(&m->authorities[i], json_item(list, i), r))
			return false;
		for (unsigned k = 0; k < i; k++)
			if (memcmp(m->authorities[k].identity, m->authorities[i].identity, 32) == 0)
				return json_refuse(json_item(list, i), ERROR_REJECTED,
				                   "manifest: two authorities have one identity key", r->err);
	}
	return true;
}

/* Style by style: a ballot of it must have a length that a server takes. */
static bool styles_fit(const struct json_value *root, struct reader *r)
{
	struct ballot_style *styles =
		arena_take_array(r->arena, r->m->styles_count, struct ballot_style, r->err);
	const struct json_value *list;
	struct error why;
	if (!styles || !json_need(&list, root, "styles", r->err))
		return false;
	error_clear(&why);
	return manifest_ballot_styles(styles, r->m, &why) ||
	       json_refuse_because(list, why.kind, why.what, why.detail, r->err);
}

static bool read_root(const struct json_value *root, struct reader *r)
{
	static const char *const keys[] = {
		"urna",
		"title",
		"description",
		"group",
		"rohash",
		"prg",
		"statdist",
		"vbitlenro",
		"ebitlenro",
		"mode",
		"board",
		"registrar",
		"witnesses",
		"promise_delay",
		"weight_max",
		"threshold",
		"authorities",
		"min_list",
		"accept_small_lists",
		"areas",
		"questions",
		"groups",
		"styles",
	};
	return json_only(root, JSON_NAMES(keys), r->err) && fixed_values(root, r) &&
	       need_line(&r->m->title, root, "title", r) &&
	       maybe_lines(&r->m->description, root, "description", r) && read_rights(root, r) &&
	       need_unsigned(&r->m->min_list, root, "min_list", (struct json_range){0, LIMIT_BALLOTS},
	                     r) &&
	       json_need_flag(&r->m->accept_small_lists, root, "accept_small_lists", r->err) &&
	       read_authorities(root, r) && read_questions(root, r) && read_groups(root, r) &&
	       read_styles(root, r) && styles_fit(root, r);
}

digest manifest_digest(bytes exact)
{
	struct hash h;
	tagged_digest_init(&h, "manifest", 1);
	tree_hash_leaf(&h, exact);
	return tagged_digest_finish(&h);
}

bool manifest_read(struct manifest **out, bytes exact, struct arena *arena, struct error *err)
{
	struct json_doc *doc;
	if (!json_doc_parse(&doc, exact, LIMIT_MANIFEST_BYTES, err))
		return false;
	struct manifest *m = arena_take_array(arena, 1, struct manifest, err);
	struct reader r = {m, arena, err};
	bool good = m != NULL;
	if (good) {
		memset(m, 0, sizeof *m);
		good = keep_text(&m->exact, exact, &r) && read_root(json_doc_root(doc), &r);
	}
	json_doc_free(doc);
	if (!good)
		return false;
	m->d = manifest_digest(m->exact);
	*out = m;
	return true;
}

bool manifest_ballot_styles(struct ballot_style *out, const struct manifest *m, struct error *err)
{
	for (unsigned s = 0; s < m->styles_count; s++) {
		uint32_t widths[LIMIT_GROUPS];
		const struct manifest_style *style = &m->styles[s];
		for (unsigned g = 0; g < style->groups_count; g++)
			widths[g] = m->groups[style->groups[g]].code.width;
		if (!ballot_style_init(&out[s], style->name, widths, style->groups_count, err))
			return fail_within_index(err, "style", s);
	}
	return true;
}
