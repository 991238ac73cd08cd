/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ElGamal over P-256: encryption, re-encryption, decryption, and messages as points.
 *
 * Ciphertext (u, v) = (r·G, m + r·Y). A ciphertext of width ω is ω of them under one key.
 * Secrets: constant time in r, x and m.
 * Paper: ElGamal 1985; message encoding as in Verificatum (length and counter in the low 3 bytes of
 *   x), here with a fixed number of tries and selection without branches.
 */
#ifndef ELGAMAL_ELGAMAL_H
#define ELGAMAL_ELGAMAL_H

#include "group/fixed_base.h"

typedef struct {
	point u, v;
} ciphertext;

struct public_key {
	point y;
	struct fixed_base g_table, y_table;
};

bool public_key_init(struct public_key *pk, const point *y, struct arena *memory,
                     struct arena *scratch, struct error *err) must_check; /* REJECTED: infinity */

/* What the two block functions take from their scratch, for any n. */
#define ELGAMAL_SCRATCH_BYTES (GROUP_SCRATCH_BYTES + ((size_t)256 << 10))

/* out[i] = (r[i]·G, m[i] + r[i]·Y). Two fixed bases and one addition each. */
void elgamal_encrypt(ciphertext *out, const struct public_key *pk, const point *m,
                     const secret_scalar *r, size_t n, struct arena *scratch);
/* out[i] = in[i] + (r[i]·G, r[i]·Y) */
void elgamal_reencrypt(ciphertext *out, const struct public_key *pk, const ciphertext *in,
                       const secret_scalar *r, size_t n, struct arena *scratch);

/*
 * Messages as points: x = message ‖ length (2 bytes) ‖ counter (1 byte), the counter the smallest
 * one for which x is on the curve, y the root that is itself a square.
 *
 * The smallest counter depends on the message, so a voter's message is encoded by computing all of
 * MESSAGE_TRIES square roots and selecting; at 64 roots ≈ 16,000 M this is right for a booth and
 * too slow for a file of public test ballots, which is what the _vartime form is for (2 roots on
 * average).
 */
#define MESSAGE_BYTES 28u /* of one point */
#define MESSAGE_TRIES 64u /* constant-time encoder: fails with probability 2^-64 */
/* Exactly 28 bytes, constant time; equals Verificatum's encoder. REJECTED after MESSAGE_TRIES. */
bool message_encode(point *out, const uint8_t message[static MESSAGE_BYTES],
                    struct error *err) must_check;
/* n messages of 28 bytes, back to back; at = the index, which is all that a failure tells. */
bool messages_encode(point *out, const uint8_t *messages, size_t n, struct error *err) must_check;
/* The same points, for messages that are public. */
bool messages_encode_vartime(point *out, const uint8_t *messages, size_t n,
                             struct error *err) must_check;
/* 0…28 bytes, public, all 256 counters: for interoperation. */
bool message_encode_vartime(point *out, bytes message, struct error *err) must_check;
/* Verificatum's lenient decoder: length 0 for anything odd. */
size_t message_decode_vartime(uint8_t out[static MESSAGE_BYTES], const point *p);
/* The canonical rule: 28 bytes and p = encode(decode(p)); false otherwise (a public verdict). */
bool message_decode_canonical(uint8_t out[static MESSAGE_BYTES], const point *p);

#endif
