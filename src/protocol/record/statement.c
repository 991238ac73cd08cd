/* SPDX-License-Identifier: Apache-2.0 */
#include "record/statement.h"

static void put_text(struct hash *h, const char *s)
{
	tree_hash_leaf(h, bytes_of_text(s));
}

static void put_digest(struct hash *h, const digest *d)
{
	tree_hash_leaf(h, BYTES_OF(d->b));
}

static void put_u64(struct hash *h, uint64_t v)
{
	uint8_t be[8];
	store_be64(be, v);
	tree_hash_leaf(h, BYTES_OF(be));
}

digest statement_close(const digest *eid, uint64_t log_size, const digest *root)
{
	struct hash h;
	tagged_digest_init(&h, "close", 3);
	put_digest(&h, eid);
	put_u64(&h, log_size);
	put_digest(&h, root);
	return tagged_digest_finish(&h);
}

digest statement_empty(const digest *eid, const char *auxsid)
{
	struct hash h;
	tagged_digest_init(&h, "empty", 2);
	put_digest(&h, eid);
	put_text(&h, auxsid);
	return tagged_digest_finish(&h);
}

digest statement_mix(const digest *eid, const char *auxsid, const struct statement_mix *s)
{
	struct hash h;
	tagged_digest_init(&h, "mix", 8);
	put_digest(&h, eid);
	put_text(&h, auxsid);
	tree_hash_u32(&h, s->party);
	put_digest(&h, &s->input);
	put_digest(&h, &s->output);
	put_digest(&h, &s->permutation_commitment);
	put_digest(&h, &s->commitment);
	put_digest(&h, &s->reply);
	return tagged_digest_finish(&h);
}

static void put_attempt(struct hash *h, const struct statement_attempt *a)
{
	put_digest(h, a->eid);
	put_text(h, a->auxsid);
	tree_hash_u32(h, a->attempt);
}

digest statement_ready(const struct statement_attempt *a, const digest *list,
                       const bool active[static LIMIT_PARTIES + 1], unsigned parties)
{
	struct hash h;
	uint8_t who[LIMIT_PARTIES];
	require(parties <= LIMIT_PARTIES);
	for (unsigned l = 1; l <= parties; l++)
		who[l - 1] = active[l];
	tagged_digest_init(&h, "ready", 5);
	put_attempt(&h, a);
	put_digest(&h, list);
	tree_hash_leaf(&h, bytes_of(who, parties));
	return tagged_digest_finish(&h);
}

static digest of_parties(const char *tag, const struct statement_attempt *a, const digest *parts,
                         size_t n)
{
	struct hash h;
	tagged_digest_init(&h, tag, (uint32_t)(3 + n));
	put_attempt(&h, a);
	for (size_t i = 0; i < n; i++)
		put_digest(&h, &parts[i]);
	return tagged_digest_finish(&h);
}

digest statement_factors(const struct statement_attempt *a, const digest *factors, size_t n)
{
	return of_parties("factors", a, factors, n);
}

digest statement_commitments(const struct statement_attempt *a, const digest *commitments, size_t n)
{
	return of_parties("commitments", a, commitments, n);
}

digest statement_result(const digest *eid, const digest *plaintexts, size_t lists,
                        const digest *result)
{
	struct hash h;
	tagged_digest_init(&h, "result", (uint32_t)(2 + lists));
	put_digest(&h, eid);
	for (size_t i = 0; i < lists; i++)
		put_digest(&h, &plaintexts[i]);
	put_digest(&h, result);
	return tagged_digest_finish(&h);
}

bool record_file_digest(digest *out, struct folder *f, const char *path, struct error *err)
{
	struct source *s;
	if (!f->open(f, path, &s, err))
		return false;
	struct hash h;
	hash_init(&h, HASH_SHA256);
	bytes block = BYTES_NONE;
	bool good;
	while ((good = source_next(s, (size_t)1 << 20, &block, err)) && block.len)
		hash_update(&h, block);
	source_close(s);
	if (!good)
		return fail_within(err, path);
	hash_finish(&h, out->b);
	return true;
}

void endorsement_path(char out[static RECORD_PATH_BYTES], const char *auxsid, const char *kind,
                      unsigned party)
{
	struct text t = {out, RECORD_PATH_BYTES, 0, false};
	text_add(&t, "endorse/");
	if (auxsid) {
		text_add(&t, auxsid);
		text_add(&t, "/");
	}
	text_add(&t, kind);
	text_add(&t, party < 10 ? "-0" : "-");
	text_add_u64(&t, party);
	text_add(&t, ".bt");
	require(!t.cut);
}

#define NUMBER_BYTES (TREE_HEADER_BYTES + TREE_HEADER_BYTES + 4u) /* node, int */
#define ENDORSEMENT_BYTES (NUMBER_BYTES + TREE_HEADER_BYTES + IDENTITY_SIGNATURE_BYTES)

bool endorsement_write(struct folder *record, const char *path,
                       const struct identity_secret *identity, struct endorsed what,
                       struct error *err)
{
	uint8_t file[ENDORSEMENT_BYTES], signature[IDENTITY_SIGNATURE_BYTES];
	struct tree_writer w = TREE_WRITER(file);
	require(what.attempt <= LIMIT_DECRYPTIONS);
	if (what.attempt) {
		tree_write_node(&w, 2);
		tree_write_u32(&w, what.attempt);
	}
	identity_sign(signature, identity, BYTES_OF(what.statement->b));
	tree_write_leaf(&w, BYTES_OF(signature));
	return folder_write(record, path, false, tree_written(&w), err) || fail_within(err, path);
}

static bool read_attempt(unsigned *attempt, struct tree_reader *r, struct error *err)
{
	uint32_t number;
	if (!tree_node(r, 2, err) || !tree_leaf_u32(r, &number, err))
		return false;
	*attempt = number;
	return (number >= 1 && number <= LIMIT_DECRYPTIONS) ||
	       fail(err, ERROR_MALFORMED, "endorsement: no number of an attempt", number);
}

static bool read_endorsement(unsigned *attempt, uint8_t signature[IDENTITY_SIGNATURE_BYTES],
                             bytes file, bool numbered, struct error *err)
{
	struct tree_reader r = TREE_READER(file);
	*attempt = 0;
	return (!numbered || read_attempt(attempt, &r, err)) &&
	       tree_leaf(&r, signature, IDENTITY_SIGNATURE_BYTES, err) && tree_end(&r, err);
}

bool endorsement_attempt(unsigned *attempt, struct folder *record, const char *path,
                         struct error *err)
{
	uint8_t room[ENDORSEMENT_BYTES + 1], signature[IDENTITY_SIGNATURE_BYTES];
	bytes file;
	return (folder_read(record, path, room, sizeof room, &file, err) &&
	        read_endorsement(attempt, signature, file, true, err)) ||
	       fail_within(err, path);
}

bool endorsement_check(struct folder *record, const char *path, const uint8_t identity[static 32],
                       struct endorsed what, struct error *err)
{
	uint8_t room[ENDORSEMENT_BYTES + 1], signature[IDENTITY_SIGNATURE_BYTES];
	unsigned attempt;
	bytes file;
	if (!folder_read(record, path, room, sizeof room, &file, err) ||
	    !read_endorsement(&attempt, signature, file, what.attempt > 0, err))
		return fail_within(err, path);
	if (attempt != what.attempt) {
		fail(err, ERROR_REJECTED, "endorsement: of another attempt", attempt);
		return fail_within(err, path);
	}
	return identity_verify_vartime(identity, signature, BYTES_OF(what.statement->b), err) ||
	       fail_within(err, path);
}
