/* SPDX-License-Identifier: Apache-2.0 */
#include "ballot/ballot_internal.h"

/* Errors count groups from 1, as the lists l1, l2, … do. */
static bool in_group(struct error *err, const char *field, size_t group)
{
	return fail_within_index(err, field, (uint64_t)group + 1);
}

/* The group module counts elements; a reader of the message wants an offset. */
static bool to_offset(struct error *err, size_t start, size_t item_bytes)
{
	if (!err)
		return false;
	err->at = start + err->at * item_bytes;
	return fail_within_index(err, "byte", err->at);
}

static bool read_points(struct tree_reader *r, point *out, size_t n, struct error *err)
{
	size_t start = r->at;
	bytes raw;
	if (!tree_raw(r, &raw, n * POINT_TREE_BYTES, err))
		return false;
	return points_decode_tree(out, raw, n, POINT_FINITE, err) ||
	       to_offset(err, start, POINT_TREE_BYTES);
}

static bool read_scalars(struct tree_reader *r, scalar *out, size_t n, struct error *err)
{
	size_t start = r->at;
	bytes raw;
	if (!tree_raw(r, &raw, n * SCALAR_TREE_BYTES, err))
		return false;
	return scalars_decode_tree(out, raw, n, err) || to_offset(err, start, SCALAR_TREE_BYTES);
}

/* What stands before CT. */
struct head {
	digest eid;
	pseudonym who;
	const struct ballot_style *style;
};

static const struct ballot_style *find_style(const struct ballot_rules *rules, bytes name)
{
	for (size_t i = 0; i < rules->styles_count; i++) {
		if (bytes_equal(rules->styles[i].name, name))
			return &rules->styles[i];
	}
	return NULL;
}

static bool read_label(struct tree_reader *r, struct error *err)
{
	size_t start = r->at;
	bytes label;
	if (!tree_node(r, BODY_CHILDREN, err) ||
	    !tree_leaf_any(r, &label, (uint32_t)ballot_body_label.len, err))
		return fail_within(err, "label");
	if (!bytes_equal(label, ballot_body_label))
		return fail(err, ERROR_MALFORMED, "ballot: not a body of this version", start);
	return true;
}

/* A pseudonym of the other mode has another shape. */
static bool read_pseudonym(struct tree_reader *r, pseudonym *who, enum ballot_mode mode,
                           struct error *err)
{
	*who = (pseudonym){.mode = mode};
	bool ok = mode == BALLOT_CREDENTIALS ? read_points(r, &who->key, 1, err)
	                                     : tree_leaf(r, who->id, PSEUDONYM_BYTES, err);
	return ok || fail_within(err, "pseudonym");
}

static bool read_head(struct tree_reader *r, struct head *head, const struct ballot_rules *rules,
                      struct error *err)
{
	bytes name;
	if (!read_label(r, err))
		return false;
	if (!tree_leaf(r, head->eid.b, sizeof head->eid.b, err))
		return fail_within(err, "election id");
	if (!read_pseudonym(r, &head->who, rules->mode, err))
		return false;
	size_t start = r->at;
	if (!tree_leaf_any(r, &name, BALLOT_STYLE_NAME_MAX, err))
		return fail_within(err, "style");
	head->style = find_style(rules, name);
	if (!head->style)
		return fail(err, ERROR_REJECTED, "ballot: the election has no such style", start);
	return true;
}

static bool read_ciphertexts(struct tree_reader *r, struct ballot *b, point *room,
                             struct error *err)
{
	const struct ballot_style *style = b->style;
	ciphertext *ct = b->ct;
	if (!tree_node(r, style->groups, err))
		return fail_within(err, "ciphertexts");
	for (size_t g = 0; g < style->groups; ct += style->width[g++]) {
		size_t width = style->width[g];
		if (!tree_node(r, 2, err) || !tree_node(r, (uint32_t)width, err) ||
		    !read_points(r, room, width, err))
			return in_group(err, "u of group", g);
		for (size_t j = 0; j < width; j++)
			ct[j].u = room[j];
		if (!tree_node(r, (uint32_t)width, err) || !read_points(r, room, width, err))
			return in_group(err, "v of group", g);
		for (size_t j = 0; j < width; j++)
			ct[j].v = room[j];
	}
	return true;
}

static bool read_proof(struct tree_reader *r, struct ballot *b, bool responses, struct error *err)
{
	const char *field = responses ? "z of group" : "A of group";
	size_t at = 0;
	if (!tree_node(r, b->style->groups, err))
		return fail_within(err, responses ? "responses" : "commitments");
	for (size_t g = 0; g < b->style->groups; at += b->style->width[g++]) {
		size_t width = b->style->width[g];
		if (!tree_node(r, (uint32_t)width, err))
			return in_group(err, field, g);
		bool ok = responses ? read_scalars(r, b->responses + at, width, err)
		                    : read_points(r, b->commitments + at, width, err);
		if (!ok)
			return in_group(err, field, g);
	}
	return true;
}

/* Two equal u's in one ballot: r was used twice, or a ciphertext was copied. */
static bool no_u_twice(const struct ballot *b, struct error *err)
{
	for (size_t i = 1; i < b->style->components; i++) {
		for (size_t j = 0; j < i; j++) {
			if (memcmp(&b->ct[i].u, &b->ct[j].u, sizeof(point)) == 0)
				return fail(err, ERROR_REJECTED, "ballot: one u occurs twice", i);
		}
	}
	return true;
}

static bool take_numbers(struct ballot *b, struct arena *memory, struct error *err)
{
	size_t n = b->style->components;
	b->ct = arena_take_array(memory, n, ciphertext, err);
	b->commitments = arena_take_array(memory, n, point, err);
	b->responses = arena_take_array(memory, n, scalar, err);
	return b->ct && b->commitments && b->responses;
}

size_t ballot_memory_bytes(const struct ballot_style *style)
{
	size_t n = style->components;
	return arena_room(n * sizeof(ciphertext)) + arena_room(n * sizeof(point)) +
	       arena_room(n * sizeof(scalar));
}

/* EID … AA have been read when this is called: r stands behind AA. */
static bool read_numbers(struct tree_reader *r, struct ballot *b, size_t statement,
                         struct error *err)
{
	point room[LIMIT_WIDTH];
	if (!read_ciphertexts(r, b, room, err) || !read_proof(r, b, false, err))
		return false;
	ballot_challenge(&b->challenge, bytes_of(r->in.p + statement, r->at - statement));
	return read_proof(r, b, true, err);
}

/*
 * `r` stands at the body, which must end the input but for `rest` bytes: with the exact length and
 * the exact shape there is no room for anything behind.
 */
static bool read_body(struct tree_reader *r, struct ballot *b, const struct ballot_rules *rules,
                      size_t rest, struct arena *memory, struct error *err)
{
	struct head head;
	size_t start = r->at;
	if (!read_head(r, &head, rules, err))
		return false;
	b->style = head.style;
	b->who = head.who;
	size_t len = ballot_body_bytes(b->style, rules->mode);
	if (r->in.len != start + len + rest)
		return fail(err, ERROR_MALFORMED, "ballot: not the length of its style", r->in.len);
	if (!take_numbers(b, memory, err) || !read_numbers(r, b, start + body_statement_at(), err))
		return false;
	if (!digest_equal(&head.eid, &rules->eid))
		return fail(err, ERROR_REJECTED, "ballot: made for another election", ERROR_NOWHERE);
	b->body = bytes_of(r->in.p + start, len);
	b->id = ballot_id(b->body);
	return no_u_twice(b, err);
}

static bool read_ending(struct tree_reader *r, struct ballot *b, const struct ballot_rules *rules,
                        struct error *err)
{
	size_t start = r->at;
	b->ending = bytes_from(r->in, start);
	if (!tree_leaf_u32(r, &b->seq, err))
		return fail_within(err, "seq");
	if (b->seq > SEQ_MAX)
		return fail(err, ERROR_MALFORMED, "ballot: a negative seq", start);
	if (rules->mode == BALLOT_SERVER)
		return true;
	if (!read_points(r, &b->sig_commitment, 1, err))
		return fail_within(err, "R of the signature");
	if (!read_scalars(r, &b->sig_response, 1, err))
		return fail_within(err, "z of the signature");
	const struct signature_statement statement = {&b->who.key, &b->sig_commitment, &rules->eid,
	                                              &b->id, b->seq};
	signature_challenge(&b->sig_challenge, &statement);
	return true;
}

bool ballot_parse(struct ballot *out, bytes in, const struct ballot_rules *rules,
                  struct arena *memory, struct error *err)
{
	struct tree_reader r = TREE_READER(in);
	size_t mark = arena_mark(memory);
	*out = (struct ballot){.seq = 0};
	if (in.len > LIMIT_BALLOT_BYTES)
		return fail(err, ERROR_LIMIT, "ballot: too long", LIMIT_BALLOT_BYTES);
	if (tree_node(&r, wrapper_children(rules->mode), err) &&
	    read_body(&r, out, rules, ending_bytes(rules->mode), memory, err) &&
	    read_ending(&r, out, rules, err))
		return true;
	arena_release(memory, mark);
	return false;
}

bool ballot_parse_body(struct ballot *out, bytes body, const struct ballot_rules *rules,
                       struct arena *memory, struct error *err)
{
	struct tree_reader r = TREE_READER(body);
	size_t mark = arena_mark(memory);
	*out = (struct ballot){.seq = 0};
	if (body.len > LIMIT_BALLOT_BYTES)
		return fail(err, ERROR_LIMIT, "ballot: too long", LIMIT_BALLOT_BYTES);
	if (read_body(&r, out, rules, 0, memory, err))
		return true;
	arena_release(memory, mark);
	return false;
}

bool ballot_measure(size_t *len, bytes start, const struct ballot_rules *rules, struct error *err)
{
	struct tree_reader r = TREE_READER(start);
	struct head head;
	*len = 0;
	if (!tree_node(&r, wrapper_children(rules->mode), err) || !read_head(&r, &head, rules, err))
		return false;
	*len = ballot_bytes(head.style, rules->mode);
	return true;
}
