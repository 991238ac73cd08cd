/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Boxes: a message for one recipient, for the shares of the key ceremony. Anybody can seal one; who
 * did is said by a signature around it, not here.
 *
 * Paper: ECIES in the form of libsodium: X25519 (RFC 7748) with a fresh key of the sender,
 *   key ‖ nonce = BLAKE2b-448(shared ‖ sender ‖ recipient, personal "urna-box-v1"),
 *   XChaCha20-Poly1305 over the message with the associated data.
 * Sizes: sealed = sender's public key (32) ‖ message ‖ tag (16).
 * Secrets: constant time; time and memory access depend on lengths only. Keys have their own type.
 * Errors: REJECTED for a box that was altered, was sealed for another key or with other associated
 * data (which of these is not told); MALFORMED for a wrong length or an unusable public key; IO
 * when randomness fails. `plain` is zeros, or untouched, unless the tag holds.
 */
#ifndef IDENTITY_BOX_H
#define IDENTITY_BOX_H

#include "base/seams.h"

#define BOX_PUBLIC_BYTES 32u
#define BOX_OVERHEAD_BYTES 48u

struct box_secret {
	uint8_t key[32];
	uint8_t pub[BOX_PUBLIC_BYTES];
};

struct box_message {          /* borrows */
	const uint8_t *recipient; /* BOX_PUBLIC_BYTES */
	bytes plain;
	bytes associated; /* what the box belongs to: election, sender, recipient, round */
};

bool box_generate(struct box_secret *out, struct rng *rng, struct error *err) must_check;
void box_from_seed(struct box_secret *out, const uint8_t seed[static 32]);
void box_wipe(struct box_secret *key);

/* sealed: plain.len + BOX_OVERHEAD_BYTES. */
bool box_seal(uint8_t *sealed, const struct box_message *m, struct rng *rng,
              struct error *err) must_check;
/* plain: sealed.len - BOX_OVERHEAD_BYTES. */
bool box_open(uint8_t *plain, const struct box_secret *key, bytes sealed, bytes associated,
              struct error *err) must_check;

#endif
