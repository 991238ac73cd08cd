/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A party's word that an attempt failed:
 *   node(leaf("urna-ceremony-1"), D, int attempt, int index, text reason, int culprit,
 *        leaf(signature)),  signature on H_failed(D, int attempt, int index, text reason,
 *        int culprit)
 */
#include "ceremony/attempt_internal.h"

#include "hash/tagged.h"

#define FAILURE_MAX 512u

void failure_path(char out[static MESSAGE_PATH_BYTES], unsigned index)
{
	struct text t = {out, MESSAGE_PATH_BYTES, 0, false};
	text_add(&t, index < 10 ? "failed-0" : "failed-");
	text_add_u64(&t, index);
	text_add(&t, ".bt");
	require(!t.cut);
}

static digest failure_statement(const struct manifest *m, const struct ceremony_failure *f)
{
	struct hash h;
	tagged_digest_init(&h, "failed", 5);
	tree_hash_leaf(&h, BYTES_OF(m->d.b));
	tree_hash_u32(&h, f->attempt);
	tree_hash_u32(&h, f->by);
	tree_hash_leaf(&h, bytes_of_text(f->reason));
	tree_hash_u32(&h, f->culprit);
	return tagged_digest_finish(&h);
}

static bool take_reason(struct ceremony_failure *out, bytes reason, struct error *err)
{
	for (size_t i = 0; i < reason.len; i++)
		if (reason.p[i] < 0x20 || reason.p[i] > 0x7e)
			return fail(err, ERROR_MALFORMED, "ceremony: a reason that is not printable ASCII", i);
	memcpy(out->reason, reason.p, reason.len);
	out->reason[reason.len] = 0;
	return true;
}

bool ceremony_failure_read(struct ceremony_failure *out, const struct manifest *m, bytes file,
                           struct error *err)
{
	struct tree_reader r = TREE_READER(file);
	uint8_t signature[IDENTITY_SIGNATURE_BYTES];
	uint32_t attempt, index, culprit;
	bytes tag, reason;
	digest d;
	if (!tree_node(&r, 7, err) || !tree_leaf_any(&r, &tag, 64, err))
		return false;
	if (!bytes_equal(tag, BYTES_LITERAL(MESSAGE_TAG)))
		return fail(err, ERROR_MALFORMED, "ceremony: not a word that an attempt failed",
		            ERROR_NOWHERE);
	if (!tree_leaf(&r, d.b, sizeof d.b, err))
		return false;
	if (!digest_equal(&d, &m->d))
		return fail(err, ERROR_REJECTED, "ceremony: the message belongs to another manifest",
		            ERROR_NOWHERE);
	if (!tree_leaf_u32(&r, &attempt, err) || !tree_leaf_u32(&r, &index, err) ||
	    !tree_leaf_any(&r, &reason, CEREMONY_REASON_BYTES, err) ||
	    !tree_leaf_u32(&r, &culprit, err) || !tree_leaf(&r, signature, sizeof signature, err) ||
	    !tree_end(&r, err) || !take_reason(out, reason, err))
		return false;
	if (attempt < 1 || attempt > LIMIT_ATTEMPTS || index < 1 || index > m->authorities_count ||
	    culprit > m->authorities_count)
		return fail(err, ERROR_MALFORMED, "ceremony: no such attempt or party", ERROR_NOWHERE);
	out->attempt = attempt;
	out->by = index;
	out->culprit = culprit;
	digest statement = failure_statement(m, out);
	return identity_verify_vartime(m->authorities[index - 1].identity, signature,
	                               BYTES_OF(statement.b), err);
}

bool failure_exists(struct attempt *a, unsigned index)
{
	char path[MESSAGE_PATH_BYTES];
	failure_path(path, index);
	return a->at.folder.exists(&a->at.folder, path);
}

bool failure_read(struct ceremony_failure *out, struct attempt *a, unsigned index,
                  struct error *err)
{
	uint8_t room[FAILURE_MAX];
	char path[MESSAGE_PATH_BYTES];
	bytes file;
	failure_path(path, index);
	bool good = folder_read(&a->at.folder, path, room, sizeof room, &file, err) &&
	            ceremony_failure_read(out, a->m, file, err);
	if (good && (out->attempt != a->number || out->by != index))
		good = fail(err, ERROR_MALFORMED, "ceremony: a word of another attempt or party",
		            ERROR_NOWHERE);
	if (good)
		return true;
	fail_within(err, path);
	return fail_within_index(err, "party", index);
}

static bool failure_stands(bool *stands, struct ceremony_failure *out, struct attempt *a,
                           unsigned index, struct error *err)
{
	struct error why;
	error_clear(&why);
	*stands = failure_exists(a, index);
	if (!*stands || failure_read(out, a, index, &why))
		return true;
	*stands = false;
	if (is_the_machines(&why)) {
		if (err)
			*err = why;
		return false;
	}
	attempt_doubt(a, CEREMONY_ROUNDS, index, &why);
	return true;
}

bool failure_find(bool *found, struct ceremony_failure *out, struct attempt *a, struct error *err)
{
	*found = false;
	for (unsigned i = 1; !*found && i <= a->m->authorities_count; i++)
		if (!failure_stands(found, out, a, i, err))
			return false;
	return true;
}

bool failure_write(struct attempt *a, unsigned index, unsigned culprit,
                   const struct identity_secret *identity, const struct error *why,
                   struct error *err)
{
	uint8_t room[FAILURE_MAX], signature[IDENTITY_SIGNATURE_BYTES];
	char path[MESSAGE_PATH_BYTES];
	struct ceremony_failure f = {.attempt = a->number, .by = index, .culprit = culprit};
	struct text t = TEXT_OF(f.reason);
	text_add(&t, why->what);
	if (why->detail[0]) {
		text_add(&t, " (");
		text_add(&t, why->detail);
		text_add(&t, ")");
	}
	for (char *c = f.reason; *c; c++)
		if (*c < 0x20 || *c > 0x7e)
			*c = '?';
	digest statement = failure_statement(a->m, &f);
	identity_sign(signature, identity, BYTES_OF(statement.b));
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, 7);
	tree_write_leaf(&w, BYTES_LITERAL(MESSAGE_TAG));
	tree_write_leaf(&w, BYTES_OF(a->m->d.b));
	tree_write_u32(&w, f.attempt);
	tree_write_u32(&w, f.by);
	tree_write_leaf(&w, bytes_of_text(f.reason));
	tree_write_u32(&w, f.culprit);
	tree_write_leaf(&w, BYTES_OF(signature));
	require(!w.full);
	failure_path(path, index);
	struct ceremony_failure other;
	bool stands;
	if (!failure_stands(&stands, &other, a, index, err))
		return false;
	const bool taken = failure_exists(a, index) && !stands;
	return folder_write(&a->at.folder, path, taken, tree_written(&w), err) ||
	       fail_within(err, path);
}
