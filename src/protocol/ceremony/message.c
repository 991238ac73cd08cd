/* SPDX-License-Identifier: Apache-2.0 */
#include "ceremony/attempt_internal.h"

#include "hash/tagged.h"

#define SIGNATURE_TREE_BYTES (TREE_HEADER_BYTES + IDENTITY_SIGNATURE_BYTES)

void attempt_doubt(struct attempt *a, unsigned round, unsigned index, const struct error *why)
{
	char path[2 * MESSAGE_PATH_BYTES], name[MESSAGE_PATH_BYTES];
	struct text t = TEXT_OF(path);
	if (!a->doubts || !a->doubts->tell)
		return;
	if (round < CEREMONY_ROUNDS)
		message_path(name, round, index);
	else
		failure_path(name, index);
	text_add_u64(&t, a->number);
	text_add(&t, "/");
	text_add(&t, name);
	require(!t.cut);
	bool *told = &a->doubts->told[a->number - 1][round][index - 1];
	a->doubts->tell(a->doubts->ctx, path, *told ? NULL : why);
	*told = true;
}

/* Whether the author signed what is in this place. */
static bool is_message(bool *there, struct attempt *a, unsigned round, unsigned index,
                       struct error *err)
{
	struct message msg;
	struct error why;
	char path[MESSAGE_PATH_BYTES];
	message_path(path, round, index);
	*there = a->at.folder.exists(&a->at.folder, path);
	if (!*there || a->known[round][index - 1])
		return true;
	error_clear(&why);
	*there = attempt_read(&msg, a, (enum ceremony_round)round, index, &why);
	if (!*there && is_the_machines(&why)) {
		if (err)
			*err = why;
		return false;
	}
	if (!*there)
		attempt_doubt(a, round, index, &why);
	return true;
}

bool attempt_at(struct attempt *a, const struct manifest *m, struct folder *ceremony,
                unsigned number, struct error *err)
{
	char path[MESSAGE_PATH_BYTES];
	struct text t = TEXT_OF(path);
	text_add_u64(&t, number);
	a->m = m;
	a->number = number;
	a->fails = false;
	a->culprit = a->missing = 0;
	return subfolder_init(&a->at, ceremony, path, err);
}

bool attempt_begin(struct attempt *a, const struct manifest *m, struct folder *ceremony,
                   unsigned number, struct error *err)
{
	if (!attempt_at(a, m, ceremony, number, err))
		return false;
	/* Backwards: whoever wrote a later message had written the earlier ones. */
	for (unsigned round = CEREMONY_ROUNDS; round-- > 0;)
		for (unsigned i = 1; i <= m->authorities_count; i++)
			if (!is_message(&a->there[round][i - 1], a, round, i, err))
				return false;
	return true;
}

bool attempt_ends(struct attempt *a, unsigned culprit, struct error *err)
{
	a->fails = true;
	a->culprit = culprit;
	return culprit ? fail_within_index(err, "party", culprit) : false;
}

void message_path(char out[static MESSAGE_PATH_BYTES], unsigned round, unsigned index)
{
	struct text t = {out, MESSAGE_PATH_BYTES, 0, false};
	text_add(&t, "r");
	text_add_u64(&t, round);
	text_add(&t, index < 10 ? "-0" : "-");
	text_add_u64(&t, index);
	text_add(&t, ".bt");
	require(!t.cut);
}

static digest message_statement(const struct manifest *m, const struct ceremony_message *s)
{
	struct hash h;
	tagged_digest_init(&h, "message", 5);
	tree_hash_leaf(&h, BYTES_OF(m->d.b));
	tree_hash_u32(&h, s->attempt);
	tree_hash_u32(&h, (uint32_t)s->round);
	tree_hash_u32(&h, s->index);
	tree_hash_leaf(&h, s->content);
	return tagged_digest_finish(&h);
}

bool attempt_has(const struct attempt *a, enum ceremony_round round, unsigned index)
{
	return a->there[round][index - 1];
}

bool attempt_write(struct attempt *a, enum ceremony_round round, unsigned index,
                   const struct identity_secret *identity, bytes content, struct error *err)
{
	uint8_t room[MESSAGE_MAX], signature[IDENTITY_SIGNATURE_BYTES];
	char path[MESSAGE_PATH_BYTES];
	const struct ceremony_message s = {a->number, round, index, content};
	digest statement = message_statement(a->m, &s);
	identity_sign(signature, identity, BYTES_OF(statement.b));
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, 7);
	tree_write_leaf(&w, BYTES_LITERAL(MESSAGE_TAG));
	tree_write_leaf(&w, BYTES_OF(a->m->d.b));
	tree_write_u32(&w, a->number);
	tree_write_u32(&w, (uint32_t)round);
	tree_write_u32(&w, index);
	tree_write_raw(&w, content);
	tree_write_leaf(&w, BYTES_OF(signature));
	require(!w.full);
	message_path(path, round, index);
	bool there;
	if (!is_message(&there, a, round, index, err))
		return false;
	const bool taken = a->at.folder.exists(&a->at.folder, path) && !there;
	return folder_write(&a->at.folder, path, taken, tree_written(&w), err) ||
	       fail_within(err, path);
}

static bool read_number(unsigned *out, struct tree_reader *r, unsigned from, unsigned to,
                        const char *what, struct error *err)
{
	uint32_t got;
	if (!tree_leaf_u32(r, &got, err))
		return false;
	*out = got;
	return (got >= from && got <= to) || fail(err, ERROR_MALFORMED, what, got);
}

static bool read_header(struct tree_reader *r, struct ceremony_message *out,
                        const struct manifest *m, struct error *err)
{
	bytes tag;
	digest d;
	unsigned round;
	if (!tree_node(r, 7, err) || !tree_leaf_any(r, &tag, 64, err))
		return false;
	if (!bytes_equal(tag, BYTES_LITERAL(MESSAGE_TAG)))
		return fail(err, ERROR_MALFORMED, "ceremony: not a ceremony message", ERROR_NOWHERE);
	if (!tree_leaf(r, d.b, sizeof d.b, err))
		return false;
	if (!digest_equal(&d, &m->d))
		return fail(err, ERROR_REJECTED, "ceremony: the message belongs to another manifest",
		            ERROR_NOWHERE);
	if (!read_number(&out->attempt, r, 1, LIMIT_ATTEMPTS, "ceremony: no such attempt", err) ||
	    !read_number(&round, r, 0, CEREMONY_ROUNDS - 1, "ceremony: no such round", err) ||
	    !read_number(&out->index, r, 1, m->authorities_count, "ceremony: no such party", err))
		return false;
	out->round = (enum ceremony_round)round;
	return true;
}

bool ceremony_message_read(struct ceremony_message *out, const struct manifest *m, bytes file,
                           struct error *err)
{
	struct tree_reader r = TREE_READER(file);
	uint8_t signature[IDENTITY_SIGNATURE_BYTES];
	if (file.len > MESSAGE_MAX)
		return fail(err, ERROR_LIMIT, "ceremony: a message that is too long", file.len);
	if (!read_header(&r, out, m, err))
		return false;
	if (file.len - r.at < SIGNATURE_TREE_BYTES)
		return fail(err, ERROR_MALFORMED, "ceremony: the message ends too early", file.len);
	if (!tree_raw(&r, &out->content, file.len - r.at - SIGNATURE_TREE_BYTES, err) ||
	    !tree_leaf(&r, signature, sizeof signature, err) || !tree_end(&r, err))
		return false;
	digest statement = message_statement(m, out);
	return identity_verify_vartime(m->authorities[out->index - 1].identity, signature,
	                               BYTES_OF(statement.b), err);
}

static bool is_in_its_place(const struct ceremony_message *s, const struct attempt *a,
                            enum ceremony_round round, unsigned index, struct error *err)
{
	const char *what = s->attempt != a->number ? "ceremony: a message of another attempt"
	                   : s->round != round     ? "ceremony: a message of another round"
	                   : s->index != index     ? "ceremony: a message of another party"
	                                           : NULL;
	return !what || fail(err, ERROR_MALFORMED, what, ERROR_NOWHERE);
}

bool attempt_read(struct message *out, struct attempt *a, enum ceremony_round round, unsigned index,
                  struct error *err)
{
	char path[MESSAGE_PATH_BYTES];
	struct ceremony_message s;
	message_path(path, round, index);
	if (!folder_read(&a->at.folder, path, out->room, MESSAGE_MAX, &out->file, err) ||
	    !ceremony_message_read(&s, a->m, out->file, err) ||
	    !is_in_its_place(&s, a, round, index, err)) {
		fail_within(err, path);
		return fail_within_index(err, "party", index);
	}
	out->content = s.content;
	digest d = sha256(out->file), *before = &a->seen[round][index - 1];
	if (a->known[round][index - 1] && !digest_equal(&d, before)) {
		fail_detail(err, ERROR_REJECTED, "ceremony: a second message for one round, signed too",
		            ERROR_NOWHERE, path);
		return attempt_ends(a, index, err);
	}
	a->known[round][index - 1] = true;
	*before = d;
	return true;
}

/* --- two messages --- */

bool ceremony_convict(unsigned *party, const struct manifest *m, bytes a, bytes b,
                      struct error *err)
{
	struct ceremony_message first, second;
	if (!ceremony_message_read(&first, m, a, err))
		return fail_within(err, "first message");
	if (!ceremony_message_read(&second, m, b, err))
		return fail_within(err, "second message");
	const char *what = first.index != second.index       ? "ceremony: messages of two parties"
	                   : first.attempt != second.attempt ? "ceremony: messages of two attempts"
	                   : first.round != second.round     ? "ceremony: messages of two rounds"
	                   : bytes_equal(a, b)               ? "ceremony: twice the same message"
	                                                     : NULL;
	if (what)
		return fail_detail(err, ERROR_REJECTED, what, ERROR_NOWHERE, "they convict nobody");
	*party = first.index;
	return true;
}
