/* SPDX-License-Identifier: Apache-2.0 */
#include "record/entry.h"

#include "hash/tagged.h"
#include "record/lists.h"

/* Fields behind type and EID, always in this order. */
enum {
	AUXSID = 1,
	OBJECT = 2,
	NUMBER = 4,
	KEY = 8,
	STYLE = 16,
	WEIGHT = 32,
	SIGNATURE = 64,
};

static const struct entry_form {
	const char *type;
	unsigned fields;
	uint64_t number_min, number_max;
} forms[ENTRY_KINDS] = {
	[ENTRY_MANIFEST] = {"manifest", OBJECT | NUMBER, 1, LIMIT_MANIFEST_BYTES},
	[ENTRY_CEREMONY] = {"ceremony", OBJECT | NUMBER, 1, LIMIT_ATTEMPTS},
	[ENTRY_CREDENTIALS] = {"credentials", OBJECT | NUMBER, 0, TREE_MAX},
	[ENTRY_OPEN] = {"open", 0, 0, 0},
	[ENTRY_BALLOT] = {"ballot", OBJECT | NUMBER | WEIGHT, 1, LIMIT_BALLOT_BYTES},
	[ENTRY_VOID] = {"void", OBJECT | NUMBER, 1, LIMIT_BALLOT_BYTES},
	[ENTRY_CREDENTIAL] = {"credential", KEY | STYLE | WEIGHT | SIGNATURE, 0, 0},
	[ENTRY_SUSPEND] = {"suspend", 0, 0, 0},
	[ENTRY_RESUME] = {"resume", 0, 0, 0},
	[ENTRY_CLOSE] = {"close", 0, 0, 0},
	[ENTRY_TALLY] = {"tally", AUXSID | OBJECT, 0, 0},
	[ENTRY_RESULT] = {"result", OBJECT | NUMBER, 1, UINT64_MAX},
	[ENTRY_EVIDENCE] = {"evidence", OBJECT | NUMBER, 1, UINT64_MAX},
};
#define TYPE_MAX 16u

const char *entry_kind_name(enum entry_kind kind)
{
	return forms[kind].type;
}

static uint32_t children_of(unsigned fields)
{
	uint32_t n = 2;
	for (; fields; fields &= fields - 1)
		n++;
	return n;
}

static void write_u64(struct tree_writer *w, uint64_t v)
{
	uint8_t be[8];
	store_be64(be, v);
	tree_write_leaf(w, BYTES_OF(be));
}

bytes entry_write(uint8_t room[static LIMIT_LOG_ENTRY_BYTES], const digest *eid,
                  const struct entry *e)
{
	const struct entry_form *form = &forms[e->kind];
	struct tree_writer w = {room, LIMIT_LOG_ENTRY_BYTES, 0, false};
	require(e->number >= form->number_min && e->number <= form->number_max);
	require(e->weight <= LIMIT_WEIGHT);
	tree_write_node(&w, children_of(form->fields));
	tree_write_leaf(&w, bytes_of_text(form->type));
	tree_write_leaf(&w, BYTES_OF(eid->b));
	if (form->fields & AUXSID)
		tree_write_leaf(&w, e->auxsid);
	if (form->fields & OBJECT)
		tree_write_leaf(&w, BYTES_OF(e->object.b));
	if (form->fields & NUMBER)
		write_u64(&w, e->number);
	if (form->fields & KEY) {
		require(e->key.len == POINT_TREE_BYTES);
		tree_write_raw(&w, e->key);
	}
	if (form->fields & STYLE)
		tree_write_leaf(&w, e->style);
	if (form->fields & WEIGHT)
		tree_write_u32(&w, e->weight);
	if (form->fields & SIGNATURE)
		tree_write_leaf(&w, BYTES_OF(e->signature));
	require(!w.full);
	return tree_written(&w);
}

static bool find_form(enum entry_kind *kind, bytes type)
{
	for (unsigned k = 0; k < ENTRY_KINDS; k++) {
		if (bytes_equal(type, bytes_of_text(forms[k].type))) {
			*kind = (enum entry_kind)k;
			return true;
		}
	}
	return false;
}

static bool read_number(uint64_t *out, struct tree_reader *r, const struct entry_form *form,
                        struct error *err)
{
	uint8_t be[8];
	if (!tree_leaf(r, be, sizeof be, err))
		return false;
	*out = load_be64(be);
	return (*out >= form->number_min && *out <= form->number_max) ||
	       fail(err, ERROR_MALFORMED, "log entry: a number out of range", *out);
}

static bool read_weight(uint32_t *out, struct tree_reader *r, struct error *err)
{
	return tree_leaf_u32(r, out, err) &&
	       (*out <= LIMIT_WEIGHT ||
	        fail(err, ERROR_MALFORMED, "log entry: a negative weight", ERROR_NOWHERE));
}

static bool read_key(bytes *out, struct tree_reader *r, struct error *err)
{
	point p;
	return tree_raw(r, out, POINT_TREE_BYTES, err) &&
	       points_decode_tree(&p, *out, 1, POINT_FINITE, err);
}

static bool read_fields(struct entry *e, struct tree_reader *r, const struct entry_form *form,
                        struct error *err)
{
	unsigned f = form->fields;
	if ((f & AUXSID) && !tree_leaf_any(r, &e->auxsid, AUXSID_BYTES - 1, err))
		return fail_within(err, "auxsid");
	if ((f & OBJECT) && !tree_leaf(r, e->object.b, sizeof e->object.b, err))
		return fail_within(err, "digest");
	if ((f & NUMBER) && !read_number(&e->number, r, form, err))
		return fail_within(err, "number");
	if ((f & KEY) && !read_key(&e->key, r, err))
		return fail_within(err, "credential");
	if ((f & STYLE) && !tree_leaf_any(r, &e->style, BALLOT_STYLE_NAME_MAX, err))
		return fail_within(err, "style");
	if ((f & WEIGHT) && !read_weight(&e->weight, r, err))
		return fail_within(err, "weight");
	if ((f & SIGNATURE) && !tree_leaf(r, e->signature, sizeof e->signature, err))
		return fail_within(err, "signature");
	return tree_end(r, err);
}

bool entry_read(struct entry *out, bytes in, const digest *eid, struct error *err)
{
	struct tree_reader r = TREE_READER(in);
	uint32_t children;
	bytes type;
	digest election;
	memset(out, 0, sizeof *out);
	if (in.len > LIMIT_LOG_ENTRY_BYTES)
		return fail(err, ERROR_LIMIT, "log entry: longer than LIMIT_LOG_ENTRY_BYTES", in.len);
	if (!tree_node_any(&r, &children, 2 + 7, err) || !tree_leaf_any(&r, &type, TYPE_MAX, err))
		return fail_within(err, "type");
	if (!find_form(&out->kind, type))
		return fail(err, ERROR_MALFORMED, "log entry: of no known type", ERROR_NOWHERE);
	const struct entry_form *form = &forms[out->kind];
	if (children != children_of(form->fields))
		return fail_detail(err, ERROR_MALFORMED, "log entry: not the fields of its type",
		                   ERROR_NOWHERE, form->type);
	if (!tree_leaf(&r, election.b, sizeof election.b, err) || !read_fields(out, &r, form, err))
		return fail_within(err, form->type);
	return digest_equal(&election, eid) ||
	       fail_detail(err, ERROR_REJECTED, "log entry: of another election", ERROR_NOWHERE,
	                   form->type);
}

digest statement_credential(const digest *eid, const struct credential_change *c)
{
	struct hash h;
	uint8_t be[8];
	require(c->key.len == POINT_TREE_BYTES);
	tagged_digest_init(&h, "credential-change", 5);
	tree_hash_leaf(&h, BYTES_OF(eid->b));
	store_be64(be, c->number);
	tree_hash_leaf(&h, BYTES_OF(be));
	hash_update(&h, c->key);
	tree_hash_leaf(&h, c->style);
	tree_hash_u32(&h, c->weight);
	return tagged_digest_finish(&h);
}

/* --- the order --- */

#define NO LOG_EMPTY /* no entry leads back there */
static const enum log_state next_state[][ENTRY_KINDS] = {
	[LOG_EMPTY] = {[ENTRY_MANIFEST] = LOG_MANIFEST},
	[LOG_MANIFEST] = {[ENTRY_CEREMONY] = LOG_CEREMONY},
	/* with credentials the one, without them the other: credentials_rule */
	[LOG_CEREMONY] = {[ENTRY_CREDENTIALS] = LOG_CREDENTIALS, [ENTRY_OPEN] = LOG_OPEN},
	[LOG_CREDENTIALS] = {[ENTRY_OPEN] = LOG_OPEN},
	[LOG_OPEN] = {[ENTRY_BALLOT] = LOG_OPEN,
                  [ENTRY_VOID] = LOG_OPEN,
                  [ENTRY_CREDENTIAL] = LOG_OPEN,
                  [ENTRY_SUSPEND] = LOG_SUSPENDED,
                  [ENTRY_CLOSE] = LOG_CLOSED},
	[LOG_SUSPENDED] =
		{[ENTRY_CREDENTIAL] = LOG_SUSPENDED, [ENTRY_RESUME] = LOG_OPEN, [ENTRY_CLOSE] = LOG_CLOSED},
	/* as many tallies as there are lists, then the result: tallies_rule */
	[LOG_CLOSED] = {[ENTRY_TALLY] = LOG_CLOSED, [ENTRY_RESULT] = LOG_RESULT},
	[LOG_RESULT] = {[ENTRY_EVIDENCE] = LOG_COMPLETE},
	[LOG_COMPLETE] = {NO},
};

void log_order_init(struct log_order *o, bool credentials, unsigned lists)
{
	*o = (struct log_order){LOG_EMPTY, credentials, lists, 0};
}

static bool credentials_rule(const struct log_order *o, enum entry_kind kind)
{
	if (kind == ENTRY_CREDENTIALS || kind == ENTRY_CREDENTIAL)
		return o->credentials;
	return !(kind == ENTRY_OPEN && o->state == LOG_CEREMONY && o->credentials);
}

static bool tallies_rule(const struct log_order *o, const struct entry *e)
{
	char auxsid[AUXSID_BYTES];
	if (e->kind == ENTRY_RESULT)
		return o->tallied == o->lists;
	if (e->kind != ENTRY_TALLY)
		return true;
	list_auxsid(auxsid, o->tallied);
	return o->tallied < o->lists && bytes_equal(e->auxsid, bytes_of_text(auxsid));
}

bool log_order_take(struct log_order *o, const struct entry *e, struct error *err)
{
	enum log_state next = next_state[o->state][e->kind];
	if (next == NO || !credentials_rule(o, e->kind) || !tallies_rule(o, e))
		return fail_detail(err, ERROR_REJECTED, "log: an entry out of order", ERROR_NOWHERE,
		                   entry_kind_name(e->kind));
	o->tallied += e->kind == ENTRY_TALLY;
	o->state = next;
	return true;
}
