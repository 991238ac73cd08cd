/* SPDX-License-Identifier: Apache-2.0 */
#include "ceremony/message_internal.h"

#include "hash/tagged.h"

/* Every message of rounds 0 … rounds-1 as a leaf, by round, then index; signatures checked. */
static bool digest_of_rounds(digest *out, const char *tag, enum ceremony_round rounds,
                             const struct manifest *m, struct folder *f, struct error *err)
{
	uint8_t room[MESSAGE_MAX];
	struct hash h;
	tagged_digest_init(&h, tag, (uint32_t)rounds * m->authorities_count);
	for (unsigned r = 0; r < (unsigned)rounds; r++) {
		for (unsigned i = 1; i <= m->authorities_count; i++) {
			struct message_name name = {m, (enum ceremony_round)r, i};
			bytes file, content;
			if (!message_read(&file, &content, room, f, &name, err))
				return false;
			tree_hash_leaf(&h, file);
		}
	}
	*out = tagged_digest_finish(&h);
	return true;
}

bool echo_digest(digest *out, const struct manifest *m, struct folder *f, struct error *err)
{
	return digest_of_rounds(out, "echo", CEREMONY_ECHO, m, f, err);
}

bool transcript_digest(digest *out, const struct manifest *m, struct folder *f, struct error *err)
{
	return digest_of_rounds(out, "transcript", CEREMONY_CERTIFY, m, f, err);
}

/* A message whose whole content is one leaf of 32 bytes. */
static bool read_digest(digest *out, struct folder *f, const struct message_name *name,
                        struct error *err)
{
	uint8_t room[MESSAGE_MAX];
	bytes file, content;
	if (!message_read(&file, &content, room, f, name, err))
		return false;
	struct tree_reader r = TREE_READER(content);
	if (tree_leaf(&r, out->b, sizeof out->b, err) && tree_end(&r, err))
		return true;
	return fail_within_index(err, "party", name->index);
}

bool round_openings(struct opening *out, const struct manifest *m, struct folder *f,
                    struct error *err)
{
	uint8_t room[MESSAGE_MAX];
	for (unsigned i = 1; i <= m->authorities_count; i++) {
		struct message_name commit = {m, CEREMONY_COMMIT, i}, open = {m, CEREMONY_OPEN, i};
		digest committed;
		bytes file, content;
		if (!read_digest(&committed, f, &commit, err) ||
		    !message_read(&file, &content, room, f, &open, err))
			return false;
		if (!opening_parse(&out[i - 1], &open, content, err) ||
		    !opening_check(&out[i - 1], m, &committed, err))
			return fail_within_index(err, "party", i);
	}
	return true;
}

bool round_echoes(const struct manifest *m, struct folder *f, struct error *err)
{
	digest mine;
	if (!echo_digest(&mine, m, f, err))
		return false;
	for (unsigned i = 1; i <= m->authorities_count; i++) {
		struct message_name name = {m, CEREMONY_ECHO, i};
		digest theirs;
		if (!read_digest(&theirs, f, &name, err))
			return false;
		if (!digest_equal(&mine, &theirs)) {
			fail(err, ERROR_REJECTED,
			     "ceremony: this party was shown other messages of rounds 0 and 1", ERROR_NOWHERE);
			return fail_within_index(err, "party", i);
		}
	}
	return true;
}

/* Content: a leaf of n bytes, 1 = "the share that dealer sent me does not fit its commitment". */
static bool read_verdict(uint8_t *out, const struct manifest *m, struct folder *f, unsigned index,
                         struct error *err)
{
	uint8_t room[MESSAGE_MAX];
	bytes file, content;
	struct message_name name = {m, CEREMONY_VERDICT, index};
	if (!message_read(&file, &content, room, f, &name, err))
		return false;
	struct tree_reader r = TREE_READER(content);
	if (!tree_leaf(&r, out, m->authorities_count, err) || !tree_end(&r, err))
		return fail_within_index(err, "party", index);
	for (unsigned j = 0; j < m->authorities_count; j++)
		if (out[j] > 1) {
			fail(err, ERROR_MALFORMED, "ceremony: a verdict is 0 or 1", j);
			fail_within_index(err, "dealer", j + 1);
			return fail_within_index(err, "party", index);
		}
	return true;
}

bool round_verdicts(const struct manifest *m, struct folder *f, struct error *err)
{
	for (unsigned i = 1; i <= m->authorities_count; i++) {
		uint8_t complaint[LIMIT_PARTIES];
		if (!read_verdict(complaint, m, f, i, err))
			return false;
		for (unsigned j = 0; j < m->authorities_count; j++) {
			if (!complaint[j])
				continue;
			fail(err, ERROR_REJECTED,
			     "ceremony: a complaint: the share this dealer sent does not fit its commitment",
			     ERROR_NOWHERE);
			fail_within_index(err, "dealer", j + 1);
			return fail_within_index(err, "party", i);
		}
	}
	return true;
}

bool round_certificates(const struct manifest *m, struct folder *f, const digest *eid,
                        struct error *err)
{
	for (unsigned i = 1; i <= m->authorities_count; i++) {
		struct message_name name = {m, CEREMONY_CERTIFY, i};
		digest theirs;
		if (!read_digest(&theirs, f, &name, err))
			return false;
		if (!digest_equal(&theirs, eid)) {
			fail(err, ERROR_REJECTED, "ceremony: this party certified another election",
			     ERROR_NOWHERE);
			return fail_within_index(err, "party", i);
		}
	}
	return true;
}

static void election_digest(struct election_key *k, const struct manifest *m)
{
	struct hash h;
	uint8_t tree[POINT_TREE_BYTES];
	point g = point_generator();
	tagged_digest_init(&h, "election", 5);
	tree_hash_leaf(&h, BYTES_OF(k->d.b));
	tree_hash_leaf(&h, BYTES_OF(k->t.b));
	tree_hash_node(&h, 2);
	points_encode_tree(tree, &g, 1);
	hash_update(&h, BYTES_OF(tree));
	points_encode_tree(tree, &k->polynomial[0], 1);
	hash_update(&h, BYTES_OF(tree));
	tree_hash_node(&h, k->threshold);
	for (unsigned i = 0; i < k->threshold; i++) {
		points_encode_tree(tree, &k->polynomial[i], 1);
		hash_update(&h, BYTES_OF(tree));
	}
	tree_hash_leaf(&h, bytes_of(k->qualified, m->authorities_count));
	k->eid = tagged_digest_finish(&h);
}

bool key_derive(struct election_key *out, const struct manifest *m, const struct opening *openings,
                const digest *transcript, struct error *err)
{
	memset(out, 0, sizeof *out);
	out->d = m->d;
	out->t = *transcript;
	out->parties = m->authorities_count;
	out->threshold = m->threshold;
	for (unsigned k = 0; k < m->threshold; k++) {
		out->polynomial[k] = openings[0].c[k];
		for (unsigned i = 1; i < m->authorities_count; i++)
			point_add(&out->polynomial[k], &out->polynomial[k], &openings[i].c[k]);
		if (point_is_infinity(&out->polynomial[k]))
			return fail(err, ERROR_REJECTED,
			            "ceremony: a coefficient of the joint polynomial is infinity", k);
	}
	for (unsigned l = 0; l < m->authorities_count; l++) {
		commitment_at(&out->shares[l], out->polynomial, m->threshold, l + 1);
		if (point_is_infinity(&out->shares[l])) {
			fail(err, ERROR_REJECTED, "ceremony: a public share is infinity", l + 1);
			return fail_within_index(err, "party", l + 1);
		}
		out->qualified[l] = 1;
	}
	election_digest(out, m);
	return true;
}

struct file_count {
	unsigned files;
	const struct manifest *m;
};

static bool count_file(void *ctx, const struct folder_entry *e, struct error *err)
{
	struct file_count *c = ctx;
	for (unsigned r = 0; r < CEREMONY_ROUNDS; r++) {
		for (unsigned i = 1; i <= c->m->authorities_count; i++) {
			char path[MESSAGE_PATH_BYTES];
			message_path(path, (enum ceremony_round)r, i);
			if (bytes_equal(bytes_of_text(path), bytes_of_text(e->name)) && !e->is_folder) {
				c->files++;
				return true;
			}
		}
	}
	return fail_detail(err, ERROR_MALFORMED, "ceremony: a file that does not belong here",
	                   ERROR_NOWHERE, e->name);
}

bool ceremony_verify(struct election_key *out, const struct manifest *m, struct folder *ceremony,
                     struct error *err)
{
	struct opening openings[LIMIT_PARTIES];
	struct file_count files = {0, m};
	digest t;
	if (!ceremony->list(ceremony, "", count_file, &files, err))
		return false;
	for (unsigned r = 0; r < CEREMONY_ROUNDS; r++)
		if (!round_complete(m, ceremony, (enum ceremony_round)r, err))
			return false;
	return round_openings(openings, m, ceremony, err) && round_echoes(m, ceremony, err) &&
	       round_verdicts(m, ceremony, err) && transcript_digest(&t, m, ceremony, err) &&
	       key_derive(out, m, openings, &t, err) && round_certificates(m, ceremony, &out->eid, err);
}

void election_sid(char out[static ELECTION_SID_BYTES + 1], const struct election_key *key)
{
	memcpy(out, "urna", 4);
	hex_encode(out + 4, BYTES_OF(key->eid.b));
}
