/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/sealed_file.h"

#include "identity/identity.h"

#include "base/ct.h"

#include <sodium.h>

/* Offsets in the file. */
#define AT_PASSES 16u
#define AT_MEMORY 20u
#define AT_SALT 24u
#define AT_NONCE 40u
#define AT_SEALED 64u
#define PLAIN_BYTES (4u + SEALED_CONTENT_MAX)

#define PASSES_MAX 16u
#define MEMORY_KIB_MIN 8192u
#define MEMORY_KIB_MAX 1048576u

_Static_assert(AT_NONCE - AT_SALT == crypto_pwhash_SALTBYTES, "salt");
_Static_assert(AT_SEALED - AT_NONCE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce");
_Static_assert(AT_SEALED + PLAIN_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES ==
                   SEALED_FILE_BYTES,
               "the file is exactly its parts");

static const uint8_t magic[AT_PASSES] = "urna sealed v1\n";

static bool check_cost(struct sealed_cost cost, struct error *err)
{
	if (cost.passes < 1 || cost.passes > PASSES_MAX)
		return fail(err, ERROR_LIMIT, "sealed file: number of passes out of bounds", cost.passes);
	if (cost.memory_kib < MEMORY_KIB_MIN || cost.memory_kib > MEMORY_KIB_MAX)
		return fail(err, ERROR_LIMIT, "sealed file: amount of memory out of bounds",
		            cost.memory_kib);
	return true;
}

static bool stretch(uint8_t key[static 32], bytes passphrase, const uint8_t *salt,
                    struct sealed_cost cost, struct error *err)
{
	if (crypto_pwhash(key, 32, (const char *)passphrase.p, passphrase.len, salt, cost.passes,
	                  (size_t)cost.memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) == 0)
		return true;
	fail_detail(err, ERROR_IO, "sealed file: not enough memory for the passphrase", cost.memory_kib,
	            "free some and try again");
	return fail_within_index(err, "needed KiB", cost.memory_kib);
}

bool sealed_file_make(uint8_t out[static SEALED_FILE_BYTES], const struct sealed_input *in,
                      struct rng *rng, struct error *err)
{
	uint8_t key[32], plain[PLAIN_BYTES];
	memset(out, 0, SEALED_FILE_BYTES);
	if (in->content.len > SEALED_CONTENT_MAX)
		return fail(err, ERROR_LIMIT, "sealed file: too much content", SEALED_CONTENT_MAX);
	if (in->passphrase.len == 0)
		return fail(err, ERROR_MALFORMED, "sealed file: the passphrase is empty", ERROR_NOWHERE);
	if (!check_cost(in->cost, err) || !identity_ready(err))
		return false;
	memcpy(out, magic, sizeof magic);
	store_be32(out + AT_PASSES, in->cost.passes);
	store_be32(out + AT_MEMORY, in->cost.memory_kib);
	bool ok = rng_fill(rng, out + AT_SALT, AT_SEALED - AT_SALT, err) &&
	          stretch(key, in->passphrase, out + AT_SALT, in->cost, err);
	if (ok) {
		memset(plain, 0, sizeof plain);
		store_be32(plain, (uint32_t)in->content.len);
		if (in->content.len > 0)
			memcpy(plain + 4, in->content.p, in->content.len);
		crypto_aead_xchacha20poly1305_ietf_encrypt(out + AT_SEALED, NULL, plain, sizeof plain, out,
		                                           AT_SEALED, NULL, out + AT_NONCE, key);
	}
	wipe(plain, sizeof plain);
	wipe(key, sizeof key);
	return ok;
}

bool sealed_file_open(struct sealed_content *out, bytes file, bytes passphrase, struct error *err)
{
	uint8_t key[32], plain[PLAIN_BYTES];
	memset(out, 0, sizeof *out);
	if (file.len != SEALED_FILE_BYTES || memcmp(file.p, magic, sizeof magic) != 0)
		return fail(err, ERROR_MALFORMED, "sealed file: this is not one", ERROR_NOWHERE);
	struct sealed_cost cost = {load_be32(file.p + AT_PASSES), load_be32(file.p + AT_MEMORY)};
	if (!check_cost(cost, err) || !identity_ready(err))
		return false;
	if (!stretch(key, passphrase, file.p + AT_SALT, cost, err))
		return false;
	bool ok = crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, file.p + AT_SEALED,
	                                                     SEALED_FILE_BYTES - AT_SEALED, file.p,
	                                                     AT_SEALED, file.p + AT_NONCE, key) == 0;
	/* Whoever knows the passphrase may still write a length that lies. */
	size_t len = ok ? load_be32(plain) : 0;
	if (!ok)
		fail(err, ERROR_REJECTED, "sealed file: wrong passphrase, or the file was altered",
		     ERROR_NOWHERE);
	else if (len > SEALED_CONTENT_MAX)
		ok = fail(err, ERROR_MALFORMED, "sealed file: its length is impossible", len);
	if (ok) {
		memcpy(out->data, plain + 4, len);
		out->len = len;
	}
	wipe(plain, sizeof plain);
	wipe(key, sizeof key);
	return ok;
}

void sealed_content_wipe(struct sealed_content *c)
{
	if (c)
		wipe(c, sizeof *c);
}
