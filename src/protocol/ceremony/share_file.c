/* SPDX-License-Identifier: Apache-2.0 */
#include "ceremony/key.h"

#include "base/ct.h"
#include "hash/bytetree.h"
#include "hash/tagged.h"

/* content = node(leaf("urna-key-share-1"), EID, T, int index, int n, int t, leaf(share)) */
#define SHARE_TAG "urna-key-share-1"
#define CONTENT_MAX 256u
#define DESTROYED_TAG "urna-destroyed-1"

bool key_share_seal(uint8_t out[static SEALED_FILE_BYTES], const struct election_key *key,
                    unsigned index, const secret_scalar *share, struct key_share_lock lock,
                    struct rng *rng, struct error *err)
{
	uint8_t content[CONTENT_MAX], plain[SCALAR_BYTES];
	struct tree_writer w = TREE_WRITER(content);
	scalar_encode(plain, &share->secret);
	tree_write_node(&w, 7);
	tree_write_leaf(&w, BYTES_LITERAL(SHARE_TAG));
	tree_write_leaf(&w, BYTES_OF(key->eid.b));
	tree_write_leaf(&w, BYTES_OF(key->t.b));
	tree_write_u32(&w, index);
	tree_write_u32(&w, key->parties);
	tree_write_u32(&w, key->threshold);
	tree_write_leaf(&w, BYTES_OF(plain));
	require(!w.full);
	struct sealed_input in = {lock.passphrase, tree_written(&w), lock.cost};
	bool good = sealed_file_make(out, &in, rng, err);
	wipe(plain, sizeof plain);
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

static bool content_read(secret_scalar *out, bytes content, const struct election_key *key,
                         unsigned index, struct error *err)
{
	struct tree_reader r = TREE_READER(content);
	uint8_t plain[SCALAR_BYTES];
	bool good = tree_node(&r, 7, err) &&
	            expect(&r, BYTES_LITERAL(SHARE_TAG), "key share: not a key share", err) &&
	            expect(&r, BYTES_OF(key->eid.b), "key share: of another election", err) &&
	            expect(&r, BYTES_OF(key->t.b), "key share: of another ceremony", err) &&
	            expect_u32(&r, index, "key share: of another party", err) &&
	            expect_u32(&r, key->parties, "key share: of another number of parties", err) &&
	            expect_u32(&r, key->threshold, "key share: of another threshold", err) &&
	            tree_leaf(&r, plain, sizeof plain, err) && tree_end(&r, err);
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
