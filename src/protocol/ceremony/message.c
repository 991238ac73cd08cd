/* SPDX-License-Identifier: Apache-2.0 */
#include "ceremony/message_internal.h"

#include "hash/tagged.h"

#define MESSAGE_TAG "urna-ceremony-1"
#define SIGNATURE_TREE_BYTES (TREE_HEADER_BYTES + IDENTITY_SIGNATURE_BYTES)

void message_path(char out[static MESSAGE_PATH_BYTES], enum ceremony_round round, unsigned index)
{
	struct text t = {out, MESSAGE_PATH_BYTES, 0, false};
	text_add(&t, "r");
	text_add_u64(&t, (uint64_t)round);
	text_add(&t, index < 10 ? "-0" : "-");
	text_add_u64(&t, index);
	text_add(&t, ".bt");
	require(!t.cut);
}

static digest message_statement(const struct message_name *name, bytes content)
{
	struct hash h;
	tagged_digest_init(&h, "message", 5);
	tree_hash_leaf(&h, BYTES_OF(name->manifest->d.b));
	tree_hash_u32(&h, ATTEMPT);
	tree_hash_u32(&h, (uint32_t)name->round);
	tree_hash_u32(&h, name->index);
	tree_hash_leaf(&h, content);
	return tagged_digest_finish(&h);
}

bool message_write(struct folder *f, const struct message_name *name,
                   const struct identity_secret *identity, bytes content, struct error *err)
{
	uint8_t room[MESSAGE_MAX], signature[IDENTITY_SIGNATURE_BYTES];
	char path[MESSAGE_PATH_BYTES];
	digest statement = message_statement(name, content);
	identity_sign(signature, identity, BYTES_OF(statement.b));
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, 7);
	tree_write_leaf(&w, BYTES_LITERAL(MESSAGE_TAG));
	tree_write_leaf(&w, BYTES_OF(name->manifest->d.b));
	tree_write_u32(&w, ATTEMPT);
	tree_write_u32(&w, (uint32_t)name->round);
	tree_write_u32(&w, name->index);
	tree_write_raw(&w, content);
	tree_write_leaf(&w, BYTES_OF(signature));
	require(!w.full);
	message_path(path, name->round, name->index);
	return folder_write(f, path, false, tree_written(&w), err) || fail_within(err, path);
}

static bool expect_u32(struct tree_reader *r, uint32_t want, const char *what, struct error *err)
{
	uint32_t got;
	if (!tree_leaf_u32(r, &got, err))
		return false;
	return got == want || fail(err, ERROR_MALFORMED, what, ERROR_NOWHERE);
}

static bool read_header(struct tree_reader *r, const struct message_name *name, struct error *err)
{
	bytes tag;
	digest d;
	if (!tree_node(r, 7, err) || !tree_leaf_any(r, &tag, 64, err))
		return false;
	if (!bytes_equal(tag, BYTES_LITERAL(MESSAGE_TAG)))
		return fail(err, ERROR_MALFORMED, "ceremony: not a ceremony message", ERROR_NOWHERE);
	if (!tree_leaf(r, d.b, sizeof d.b, err))
		return false;
	if (!digest_equal(&d, &name->manifest->d))
		return fail(err, ERROR_REJECTED, "ceremony: the message belongs to another manifest",
		            ERROR_NOWHERE);
	return expect_u32(r, ATTEMPT, "ceremony: a message of another attempt", err) &&
	       expect_u32(r, (uint32_t)name->round, "ceremony: a message of another round", err) &&
	       expect_u32(r, name->index, "ceremony: a message of another party", err);
}

static bool message_check(bytes *content, bytes file, const struct message_name *name,
                          struct error *err)
{
	struct tree_reader r = TREE_READER(file);
	uint8_t signature[IDENTITY_SIGNATURE_BYTES];
	if (!read_header(&r, name, err))
		return false;
	if (file.len - r.at < SIGNATURE_TREE_BYTES)
		return fail(err, ERROR_MALFORMED, "ceremony: the message ends too early", file.len);
	if (!tree_raw(&r, content, file.len - r.at - SIGNATURE_TREE_BYTES, err) ||
	    !tree_leaf(&r, signature, sizeof signature, err) || !tree_end(&r, err))
		return false;
	digest statement = message_statement(name, *content);
	return identity_verify_vartime(name->manifest->authorities[name->index - 1].identity, signature,
	                               BYTES_OF(statement.b), err);
}

bool message_read(bytes *file, bytes *content, uint8_t room[static MESSAGE_MAX], struct folder *f,
                  const struct message_name *name, struct error *err)
{
	char path[MESSAGE_PATH_BYTES];
	message_path(path, name->round, name->index);
	if (folder_read(f, path, room, MESSAGE_MAX, file, err) &&
	    message_check(content, *file, name, err))
		return true;
	fail_within(err, path);
	return fail_within_index(err, "party", name->index);
}

bool round_complete(const struct manifest *m, struct folder *f, enum ceremony_round round,
                    struct error *err)
{
	char missing[ERROR_DETAIL_BYTES], path[MESSAGE_PATH_BYTES];
	struct text t = TEXT_OF(missing);
	for (unsigned i = 1; i <= m->authorities_count; i++) {
		message_path(path, round, i);
		if (f->exists(f, path))
			continue;
		text_add(&t, t.len ? ", " : "");
		text_add(&t, path);
	}
	if (t.len == 0)
		return true;
	return fail_detail(err, ERROR_UNAVAILABLE, "ceremony: waiting for messages of other parties",
	                   ERROR_NOWHERE, missing);
}
