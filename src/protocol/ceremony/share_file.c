/* SPDX-License-Identifier: Apache-2.0 */
#include "ceremony/key.h"

#include "base/ct.h"
#include "hash/bytetree.h"
#include "hash/tagged.h"

/* content = node(leaf(tag), EID, T, int index, int n, int t, leaf(share)[, leaf(seed)]) */
#define SHARE_TAG "urna-key-share-1"
#define BACKUP_TAG "urna-key-backup-1"
#define CONTENT_MAX 256u
#define DESTROYED_TAG "urna-destroyed-1"

static bool seal(uint8_t out[static SEALED_FILE_BYTES], bytes content, struct key_share_lock lock,
                 struct rng *rng, struct error *err)
{
	struct sealed_input in = {lock.passphrase, content, lock.cost};
	return sealed_file_make(out, &in, rng, err);
}

static void content_write(struct tree_writer *w, const struct election_key *key, unsigned index,
                          const secret_scalar *share, const uint8_t *seed)
{
	uint8_t plain[SCALAR_BYTES];
	scalar_encode(plain, &share->secret);
	tree_write_node(w, seed ? 8 : 7);
	tree_write_leaf(w, seed ? BYTES_LITERAL(BACKUP_TAG) : BYTES_LITERAL(SHARE_TAG));
	tree_write_leaf(w, BYTES_OF(key->eid.b));
	tree_write_leaf(w, BYTES_OF(key->t.b));
	tree_write_u32(w, index);
	tree_write_u32(w, key->parties);
	tree_write_u32(w, key->threshold);
	tree_write_leaf(w, BYTES_OF(plain));
	if (seed)
		tree_write_leaf(w, bytes_of(seed, 32));
	wipe(plain, sizeof plain);
	require(!w->full);
}

bool key_share_seal(uint8_t out[static SEALED_FILE_BYTES], const struct election_key *key,
                    unsigned index, const secret_scalar *share, struct key_share_lock lock,
                    struct rng *rng, struct error *err)
{
	uint8_t content[CONTENT_MAX];
	struct tree_writer w = TREE_WRITER(content);
	content_write(&w, key, index, share, NULL);
	bool good = seal(out, tree_written(&w), lock, rng, err);
	wipe(content, sizeof content);
	return good;
}

static bool expect(struct tree_reader *r, bytes want, const char *what, struct error *err)
{
	bytes got;
	if (!tree_leaf_any(r, &got, 64, err))
		return false;
	return bytes_equal(got, want) || fail(err, ERROR_REJECTED, what, ERROR_NOWHERE);
}

static bool expect_u32(struct tree_reader *r, uint32_t want, const char *what, struct error *err)
{
	uint32_t got;
	if (!tree_leaf_u32(r, &got, err))
		return false;
	return got == want || fail(err, ERROR_REJECTED, what, got);
}

/* Behind the tag and EID and T, which are as they should be: the party's place and its share. */
static bool share_read(secret_scalar *out, struct tree_reader *r, const struct election_key *key,
                       unsigned index, struct error *err)
{
	uint8_t plain[SCALAR_BYTES];
	bool good = expect_u32(r, key->parties, "key share: of another number of parties", err) &&
	            expect_u32(r, key->threshold, "key share: of another threshold", err) &&
	            tree_leaf(r, plain, sizeof plain, err);
	if (good && !scalar_decode(&out->secret, plain))
		good = fail(err, ERROR_MALFORMED, "key share: not below the group order", ERROR_NOWHERE);
	wipe(plain, sizeof plain);
	if (!good)
		return false;
	const point g = point_generator();
	point y;
	point_mul(&y, out, &g);
	return point_equal(&y, &key->shares[index - 1]) ||
	       fail(err, ERROR_REJECTED, "key share: does not fit this party's public share", index);
}

static bool election_read(struct tree_reader *r, const struct election_key *key, struct error *err)
{
	return expect(r, BYTES_OF(key->eid.b), "key share: of another election", err) &&
	       expect(r, BYTES_OF(key->t.b), "key share: of another ceremony", err);
}

static bool content_read(secret_scalar *out, bytes content, const struct election_key *key,
                         unsigned index, struct error *err)
{
	struct tree_reader r = TREE_READER(content);
	return tree_node(&r, 7, err) &&
	       expect(&r, BYTES_LITERAL(SHARE_TAG), "key share: not a key share", err) &&
	       election_read(&r, key, err) &&
	       expect_u32(&r, index, "key share: of another party", err) &&
	       share_read(out, &r, key, index, err) && tree_end(&r, err);
}

bool key_share_open(secret_scalar *out, const struct election_key *key, unsigned index, bytes file,
                    bytes passphrase, struct error *err)
{
	static const struct sealed_content empty;
	struct sealed_content content = empty;
	require(index >= 1 && index <= key->parties);
	bool good = sealed_file_open(&content, file, passphrase, err) &&
	            content_read(out, bytes_of(content.data, content.len), key, index, err);
	sealed_content_wipe(&content);
	if (!good)
		secret_scalar_wipe(out);
	return good;
}

/* --- backups --- */

bool key_backup_seal(uint8_t out[static SEALED_FILE_BYTES], const struct election_key *key,
                     unsigned index, const struct key_backup *backup, struct key_share_lock lock,
                     struct rng *rng, struct error *err)
{
	uint8_t content[CONTENT_MAX];
	struct tree_writer w = TREE_WRITER(content);
	content_write(&w, key, index, &backup->share, backup->seed);
	bool good = seal(out, tree_written(&w), lock, rng, err);
	wipe(content, sizeof content);
	return good;
}

static bool identity_read(struct key_backup *out, struct tree_reader *r, const uint8_t *expected,
                          struct error *err)
{
	struct identity_secret identity;
	if (!tree_leaf(r, out->seed, sizeof out->seed, err) || !tree_end(r, err))
		return false;
	identity_from_seed(&identity, out->seed);
	bool good = memcmp(identity.pub, expected, sizeof identity.pub) == 0;
	identity_wipe(&identity);
	return good ||
	       fail(err, ERROR_REJECTED, "key share: a backup of another authority", ERROR_NOWHERE);
}

static bool backup_read(struct key_backup *out, unsigned *index, bytes content,
                        const struct election_key *key, const uint8_t *identities,
                        struct error *err)
{
	struct tree_reader r = TREE_READER(content);
	uint32_t party;
	if (!tree_node(&r, 8, err) ||
	    !expect(&r, BYTES_LITERAL(BACKUP_TAG), "key share: not a backup", err) ||
	    !election_read(&r, key, err) || !tree_leaf_u32(&r, &party, err))
		return false;
	if (party < 1 || party > key->parties)
		return fail(err, ERROR_MALFORMED, "key share: a backup of no party", party);
	*index = party;
	return share_read(&out->share, &r, key, party, err) &&
	       identity_read(out, &r, identities + (size_t)(party - 1) * IDENTITY_PUBLIC_BYTES, err);
}

bool key_backup_open(struct key_backup *out, unsigned *index, const struct election_key *key,
                     const struct key_backup_file *file, struct error *err)
{
	static const struct sealed_content empty;
	struct sealed_content content = empty;
	bool good =
		sealed_file_open(&content, file->content, file->passphrase, err) &&
		backup_read(out, index, bytes_of(content.data, content.len), key, file->identities, err);
	sealed_content_wipe(&content);
	if (!good)
		key_backup_wipe(out);
	return good;
}

void key_backup_wipe(struct key_backup *b)
{
	wipe(b, sizeof *b);
}

bool key_share_check(const struct election_key *key, unsigned index, bytes file, bytes passphrase,
                     struct error *err)
{
	secret_scalar share;
	if (!key_share_open(&share, key, index, file, passphrase, err))
		return false;
	secret_scalar_wipe(&share);
	return true;
}

/* --- the end of a share --- */

static digest destroyed_statement(const struct election_key *key, unsigned index)
{
	struct hash h;
	tagged_digest_init(&h, "destroyed", 2);
	tree_hash_leaf(&h, BYTES_OF(key->eid.b));
	tree_hash_u32(&h, index);
	return tagged_digest_finish(&h);
}

void key_destroyed_make(uint8_t out[static KEY_DESTROYED_BYTES], const struct election_key *key,
                        unsigned index, const struct identity_secret *identity)
{
	uint8_t signature[IDENTITY_SIGNATURE_BYTES];
	struct tree_writer w = {out, KEY_DESTROYED_BYTES, 0, false};
	digest statement = destroyed_statement(key, index);
	identity_sign(signature, identity, BYTES_OF(statement.b));
	tree_write_node(&w, 4);
	tree_write_leaf(&w, BYTES_LITERAL(DESTROYED_TAG));
	tree_write_leaf(&w, BYTES_OF(key->eid.b));
	tree_write_u32(&w, index);
	tree_write_leaf(&w, BYTES_OF(signature));
	require(!w.full && w.len == KEY_DESTROYED_BYTES);
}

bool key_destroyed_check(bytes file, const struct election_key *key, unsigned index,
                         const uint8_t identity[static IDENTITY_PUBLIC_BYTES], struct error *err)
{
	struct tree_reader r = TREE_READER(file);
	uint8_t signature[IDENTITY_SIGNATURE_BYTES];
	digest statement = destroyed_statement(key, index);
	return tree_node(&r, 4, err) &&
	       expect(&r, BYTES_LITERAL(DESTROYED_TAG), "key share: not a word that it is destroyed",
	              err) &&
	       expect(&r, BYTES_OF(key->eid.b), "key share: destroyed, but of another election", err) &&
	       expect_u32(&r, index, "key share: destroyed, but of another party", err) &&
	       tree_leaf(&r, signature, sizeof signature, err) && tree_end(&r, err) &&
	       identity_verify_vartime(identity, signature, BYTES_OF(statement.b), err);
}
