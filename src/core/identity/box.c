/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/box.h"

#include "identity/identity.h"

#include "base/ct.h"

#include <sodium.h>

#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

_Static_assert(BOX_OVERHEAD_BYTES == BOX_PUBLIC_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "sealed = public key, message, tag");

void box_from_seed(struct box_secret *out, const uint8_t seed[static 32])
{
	memcpy(out->key, seed, sizeof out->key);
	/* With the base point the result cannot be of small order: libsodium does not refuse. */
	require(identity_ready(NULL) && crypto_scalarmult_base(out->pub, out->key) == 0);
}

bool box_generate(struct box_secret *out, struct rng *rng, struct error *err)
{
	uint8_t seed[32];
	memset(out, 0, sizeof *out);
	bool ok = identity_ready(err) && rng_fill(rng, seed, sizeof seed, err);
	if (ok)
		box_from_seed(out, seed);
	wipe(seed, sizeof seed);
	return ok;
}

void box_wipe(struct box_secret *key)
{
	if (key)
		wipe(key, sizeof *key);
}

/*
 * The sender's key is fresh for every box, so key and nonce are as well: both come from the hash.
 * Both public keys go into it: a box is bound to exactly these two, whatever encodings X25519
 * treats alike.
 */
struct box_keys {
	uint8_t key[KEY_BYTES], nonce[NONCE_BYTES];
};
_Static_assert(sizeof(struct box_keys) <= crypto_generichash_BYTES_MAX, "one hash gives both");

/* own: either side's secret; other: the other side's public key. False: other is of small order. */
static bool agree(struct box_keys *out, const struct box_secret *own, const uint8_t *other,
                  bool own_is_sender)
{
	static const uint8_t personal[crypto_generichash_blake2b_PERSONALBYTES] = "urna-box-v1";
	static const uint8_t salt[crypto_generichash_blake2b_SALTBYTES];
	uint8_t input[96], hash[sizeof *out];
	bool ok = crypto_scalarmult(input, own->key, other) == 0;
	memcpy(input + 32, own_is_sender ? own->pub : other, 32);
	memcpy(input + 64, own_is_sender ? other : own->pub, 32);
	crypto_generichash_blake2b_salt_personal(hash, sizeof hash, input, sizeof input, NULL, 0, salt,
	                                         personal);
	memcpy(out->key, hash, sizeof out->key);
	memcpy(out->nonce, hash + sizeof out->key, sizeof out->nonce);
	wipe(input, sizeof input);
	wipe(hash, sizeof hash);
	return ok;
}

bool box_seal(uint8_t *sealed, const struct box_message *m, struct rng *rng, struct error *err)
{
	struct box_secret sender;
	struct box_keys k;
	if (!box_generate(&sender, rng, err))
		return false;
	bool ok = agree(&k, &sender, m->recipient, true);
	if (ok) {
		memcpy(sealed, sender.pub, BOX_PUBLIC_BYTES);
		crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + BOX_PUBLIC_BYTES, NULL, m->plain.p,
		                                           m->plain.len, m->associated.p, m->associated.len,
		                                           NULL, k.nonce, k.key);
	}
	wipe(&k, sizeof k);
	box_wipe(&sender);
	return ok ||
	       fail(err, ERROR_MALFORMED, "box: the recipient's key is of small order", ERROR_NOWHERE);
}

bool box_open(uint8_t *plain, const struct box_secret *key, bytes sealed, bytes associated,
              struct error *err)
{
	struct box_keys k;
	if (sealed.len < BOX_OVERHEAD_BYTES)
		return fail(err, ERROR_MALFORMED, "box: too short", sealed.len);
	if (!identity_ready(err))
		return false;
	bytes body = bytes_from(sealed, BOX_PUBLIC_BYTES);
	bool usable = agree(&k, key, sealed.p, false);
	bool ok = usable && crypto_aead_xchacha20poly1305_ietf_decrypt(
							plain, NULL, NULL, body.p, body.len, associated.p, associated.len,
							k.nonce, k.key) == 0;
	wipe(&k, sizeof k);
	if (!usable)
		return fail(err, ERROR_MALFORMED, "box: the sender's key is of small order", ERROR_NOWHERE);
	return ok || fail(err, ERROR_REJECTED, "box: altered, or sealed for another key or purpose",
	                  ERROR_NOWHERE);
}
