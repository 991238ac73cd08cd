/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/identity.h"

#include "base/ct.h"

#include <sodium.h>

_Static_assert(crypto_sign_SECRETKEYBYTES == IDENTITY_SEED_BYTES + IDENTITY_PUBLIC_BYTES,
               "libsodium's secret key is seed, then public key: the layout of our struct");

bool identity_ready(struct error *err)
{
	/* Safe from any thread; after the first time it only takes a lock. */
	return sodium_init() >= 0 ||
	       fail(err, ERROR_IO, "identity: libsodium cannot be prepared", ERROR_NOWHERE);
}

void identity_from_seed(struct identity_secret *out, const uint8_t seed[static IDENTITY_SEED_BYTES])
{
	uint8_t both[crypto_sign_SECRETKEYBYTES];
	require(identity_ready(NULL));
	crypto_sign_seed_keypair(out->pub, both, seed);
	memcpy(out->seed, seed, sizeof out->seed);
	wipe(both, sizeof both);
}

bool identity_generate(struct identity_secret *out, struct rng *rng, struct error *err)
{
	uint8_t seed[IDENTITY_SEED_BYTES];
	memset(out, 0, sizeof *out);
	bool ok = identity_ready(err) && rng_fill(rng, seed, sizeof seed, err);
	if (ok)
		identity_from_seed(out, seed);
	wipe(seed, sizeof seed);
	return ok;
}

bool identity_check_public_vartime(const uint8_t pub[static IDENTITY_PUBLIC_BYTES],
                                   struct error *err)
{
	/* The neutral element is of small order: libsodium refuses it too. */
	return identity_ready(err) &&
	       (crypto_core_ed25519_is_valid_point(pub) == 1 ||
	        fail(err, ERROR_MALFORMED, "identity: this is nobody's key", ERROR_NOWHERE));
}

void identity_wipe(struct identity_secret *key)
{
	if (key)
		wipe(key, sizeof *key);
}

void identity_sign(uint8_t sig[static IDENTITY_SIGNATURE_BYTES], const struct identity_secret *key,
                   bytes message)
{
	uint8_t both[crypto_sign_SECRETKEYBYTES];
	require(identity_ready(NULL));
	memcpy(both, key->seed, sizeof key->seed);
	memcpy(both + sizeof key->seed, key->pub, sizeof key->pub);
	crypto_sign_detached(sig, NULL, message.p, message.len, both);
	wipe(both, sizeof both);
}

bool identity_verify_vartime(const uint8_t pub[static IDENTITY_PUBLIC_BYTES],
                             const uint8_t sig[static IDENTITY_SIGNATURE_BYTES], bytes message,
                             struct error *err)
{
	if (!identity_ready(err))
		return false;
	/* What libsodium lets through depends on its version, above all whether the equation is
	 * multiplied by the cofactor. With A and R of prime order both equations are one. */
	if (crypto_core_ed25519_is_valid_point(pub) != 1 ||
	    crypto_core_ed25519_is_valid_point(sig) != 1 ||
	    crypto_sign_verify_detached(sig, message.p, message.len, pub) != 0)
		return fail(err, ERROR_REJECTED, "identity: the signature does not hold", ERROR_NOWHERE);
	return true;
}
