/* SPDX-License-Identifier: Apache-2.0 */
#include "record/credentials.h"

#include "base/ct.h"
#include "hash/tagged.h"
#include "record/statement.h"

bool credential_code_random(credential_code *out, struct rng *rng, struct error *err)
{
	if (!rng_fill(rng, out->secret.b, sizeof out->secret.b, err))
		return false;
	out->secret.b[CONFIRMATION_BYTES - 1] &= 0xc0;
	return true;
}

void credential_code_wipe(credential_code *c)
{
	wipe(c, sizeof *c);
}

void credential_secret(secret_scalar *s, const digest *d, const credential_code *code)
{
	struct hash h;
	uint8_t wide[TAGGED_CHALLENGE_BYTES];
	tagged_challenge_init(&h, "credential", 2);
	tree_hash_leaf(&h, BYTES_OF(d->b));
	tree_hash_leaf(&h, BYTES_OF(code->secret.b));
	tagged_challenge_finish(&h, wide);
	scalar_reduce(&s->secret, wide, sizeof wide);
	wipe(wide, sizeof wide);
	wipe(&h, sizeof h);
}

bool style_index(uint32_t *out, const struct manifest *m, bytes name)
{
	for (*out = 0; *out < m->styles_count; (*out)++)
		if (bytes_equal(m->styles[*out].name, name))
			return true;
	return false;
}

/* --- writing --- */

static int order(const struct credential *a, const struct credential *b)
{
	return memcmp(a->key, b->key, sizeof a->key);
}

static void exchange(struct credential *a, struct credential *b)
{
	struct credential t = *a;
	*a = *b;
	*b = t;
}

/* The greatest of list[at] and what hangs below it goes to the top. */
static void sift(struct credential *list, size_t at, size_t n)
{
	for (size_t child; (child = 2 * at + 1) < n; at = child) {
		if (child + 1 < n && order(&list[child], &list[child + 1]) < 0)
			child++;
		if (order(&list[at], &list[child]) >= 0)
			return;
		exchange(&list[at], &list[child]);
	}
}

/* A heap sort: in place, and as fast for whatever order a registrar has. */
static void sort(struct credential *list, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		sift(list, i, n);
	for (size_t end = n; end > 1; end--) {
		exchange(&list[0], &list[end - 1]);
		sift(list, 0, end - 1);
	}
}

static bool write_record(struct sink *sink, struct hash *h, const struct manifest *m,
                         const struct credential *c, struct error *err)
{
	uint8_t room[CREDENTIAL_RECORD_MAX];
	struct tree_writer w = TREE_WRITER(room);
	require(c->style < m->styles_count);
	tree_write_node(&w, 3);
	tree_write_raw(&w, BYTES_OF(c->key));
	tree_write_leaf(&w, m->styles[c->style].name);
	tree_write_u32(&w, c->weight);
	require(!w.full);
	hash_update(h, tree_written(&w));
	return sink_append(sink, tree_written(&w), err);
}

digest credentials_statement(const struct manifest *m, const struct credentials_facts *f)
{
	struct hash h;
	uint8_t be[8];
	tagged_digest_init(&h, "credentials", 3);
	tree_hash_leaf(&h, BYTES_OF(m->d.b));
	tree_hash_leaf(&h, BYTES_OF(f->file.b));
	store_be64(be, f->records);
	tree_hash_leaf(&h, BYTES_OF(be));
	return tagged_digest_finish(&h);
}

static bool check_list(const struct manifest *m, const struct credential *list, size_t n,
                       struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && order(&list[i - 1], &list[i]) == 0)
			return fail(err, ERROR_REJECTED, "credentials: one occurs twice", i);
		if (list[i].weight == 0 || list[i].weight > m->weight_max)
			return fail(err, ERROR_REJECTED, "credentials: a weight the manifest does not allow",
			            list[i].weight);
	}
	return true;
}

static bool write_list(digest *file, struct folder *record, const struct manifest *m,
                       const struct credential *list, size_t n, struct error *err)
{
	struct sink *sink;
	struct hash h;
	hash_init(&h, HASH_SHA256);
	if (!record->create(record, CREDENTIALS_FILE, false, &sink, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!write_record(sink, &h, m, &list[i], err)) {
			sink_abort(sink);
			return fail_within(err, CREDENTIALS_FILE);
		}
	}
	hash_finish(&h, file->b);
	return sink_commit(sink, err) || fail_within(err, CREDENTIALS_FILE);
}

bool credentials_is_registrar(const struct manifest *m, const struct identity_secret *registrar,
                              struct error *err)
{
	return memcmp(m->registrar, registrar->pub, sizeof m->registrar) == 0 ||
	       fail(err, ERROR_REJECTED, "credentials: the manifest names another registrar",
	            ERROR_NOWHERE);
}

bool credentials_write(struct folder *record, const struct manifest *m,
                       const struct identity_secret *registrar, struct credential *list, size_t n,
                       struct error *err)
{
	struct credentials_facts facts = {.records = n};
	sort(list, n);
	if (!credentials_is_registrar(m, registrar, err) || !check_list(m, list, n, err) ||
	    !write_list(&facts.file, record, m, list, n, err))
		return false;
	digest statement = credentials_statement(m, &facts);
	if (endorsement_write(record, CREDENTIALS_SIGNATURE, registrar,
	                      (struct endorsed){0, &statement}, err))
		return true;
	if (!record->remove(record, CREDENTIALS_FILE, NULL))
		fail_within(err, "delete " CREDENTIALS_FILE " by hand");
	return false;
}

/* --- reading --- */

#define WINDOW (32 * CREDENTIAL_RECORD_MAX)
struct reading {
	const struct manifest *m;
	struct source *src;
	struct hash hash;
	uint8_t window[WINDOW];
	size_t from, to;
	bool at_end;
	uint64_t records;
	uint8_t before[POINT_TREE_BYTES]; /* of the last record */
};

static bool fill(struct reading *r, struct error *err)
{
	bytes b;
	if (r->from > 0)
		memmove(r->window, r->window + r->from, r->to - r->from);
	r->to -= r->from;
	r->from = 0;
	while (!r->at_end && r->to < CREDENTIAL_RECORD_MAX) {
		if (!source_next(r->src, WINDOW - r->to, &b, err))
			return false;
		r->at_end = b.len == 0;
		if (b.len)
			memcpy(r->window + r->to, b.p, b.len);
		r->to += b.len;
		hash_update(&r->hash, b);
	}
	return true;
}

static bool read_record(struct credential *out, struct reading *r, struct error *err)
{
	struct tree_reader t = TREE_READER(bytes_of(r->window + r->from, r->to - r->from));
	bytes key, style;
	point p;
	if (!tree_node(&t, 3, err) || !tree_raw(&t, &key, POINT_TREE_BYTES, err) ||
	    !points_decode_tree(&p, key, 1, POINT_FINITE, err) ||
	    !tree_leaf_any(&t, &style, BALLOT_STYLE_NAME_MAX, err) ||
	    !tree_leaf_u32(&t, &out->weight, err))
		return false;
	if (!style_index(&out->style, r->m, style))
		return fail(err, ERROR_REJECTED, "credentials: the manifest has no such style",
		            ERROR_NOWHERE);
	if (out->weight == 0 || out->weight > r->m->weight_max)
		return fail(err, ERROR_REJECTED, "credentials: a weight the manifest does not allow",
		            out->weight);
	memcpy(out->key, key.p, sizeof out->key);
	if (r->records > 0 && memcmp(r->before, out->key, sizeof out->key) >= 0)
		return fail(err, ERROR_REJECTED, "credentials: not in ascending order, or one twice",
		            ERROR_NOWHERE);
	memcpy(r->before, out->key, sizeof out->key);
	r->from += t.at;
	return true;
}

static bool read_all(struct reading *r, credential_fn *take, void *ctx, struct error *err)
{
	for (;;) {
		struct credential c;
		if (r->to - r->from < CREDENTIAL_RECORD_MAX && !fill(r, err))
			return false;
		if (r->from == r->to)
			return true;
		if (r->records == LIMIT_BALLOTS)
			return fail(err, ERROR_LIMIT, "credentials: more than LIMIT_BALLOTS", r->records);
		if (!read_record(&c, r, err) || (take && !take(ctx, &c, err)))
			return fail_within_index(err, "credential", r->records);
		r->records++;
	}
}

bool credentials_read(struct credentials_facts *out, struct folder *record,
                      const struct manifest *m, credential_fn *take, void *ctx, struct error *err)
{
	struct reading r = {.m = m};
	memset(out, 0, sizeof *out);
	if (!record->open(record, CREDENTIALS_FILE, &r.src, err))
		return false;
	hash_init(&r.hash, HASH_SHA256);
	bool good = read_all(&r, take, ctx, err);
	source_close(r.src);
	if (!good)
		return fail_within(err, CREDENTIALS_FILE);
	hash_finish(&r.hash, out->file.b);
	out->records = r.records;
	digest statement = credentials_statement(m, out);
	return endorsement_check(record, CREDENTIALS_SIGNATURE, m->registrar,
	                         (struct endorsed){0, &statement}, err) ||
	       fail_within(err, "the registrar's signature on the list of credentials");
}
