/* SPDX-License-Identifier: Apache-2.0 */
#include "ct/ct.h"

#include "elgamal/elgamal.h"
#include "proof/proof.h"

#include <stdio.h>
#include <stdlib.h>

#define N 20u

static struct arena memory, scratch;
static struct public_key pk;
static secret_scalar r[N];
static point m[N];
static ciphertext in[N], out[N];
static uint8_t message[N * MESSAGE_BYTES];
static scalar response;

static void make_room(struct arena *a, size_t size)
{
	void *block = aligned_alloc(ARENA_ALIGN, size);
	if (!block)
		abort();
	arena_init(a, block, size);
}

static void prepare(void)
{
	make_room(&memory, (size_t)1 << 20);
	make_room(&scratch, (size_t)16 << 20);
	point g = point_generator(), y;
	scalar x = scalar_of_u64(77);
	point_mul_vartime(&y, &x, &g);
	if (!public_key_init(&pk, &y, &memory, &scratch, NULL))
		abort();
}

/* Messages and randomness are secret; the ciphertexts that are encrypted again are public. */
static void start(void)
{
	ct_unpoison(r, sizeof r);
	ct_unpoison(m, sizeof m);
	ct_unpoison(message, sizeof message);
	for (size_t i = 0; i < sizeof message; i++)
		message[i] = (uint8_t)(i * i + 3 * i);
	for (size_t i = 0; i < N; i++) {
		scalar_reduce(&r[i].secret, message + i, 48);
		if (!message_encode_vartime(&m[i], bytes_of(message + i * MESSAGE_BYTES, MESSAGE_BYTES),
		                            NULL))
			abort();
		in[i] = (ciphertext){m[i], pk.y};
	}
	r[0].secret = scalar_zero;
	m[1] = point_infinity();
	ct_poison(r, sizeof r);
	ct_poison(m, sizeof m);
	ct_poison(message, sizeof message);
}

static bytes encrypting(void)
{
	start();
	elgamal_encrypt(out, &pk, m, r, N, &scratch);
	return BYTES_OF(out);
}

static bytes encrypting_one(void)
{
	start();
	elgamal_encrypt(out, &pk, &m[2], &r[2], 1, &scratch);
	return bytes_of(out, sizeof out[0]);
}

static bytes encrypting_again(void)
{
	start();
	elgamal_reencrypt(out, &pk, in, r, N, &scratch);
	return BYTES_OF(out);
}

static bytes encoding(void)
{
	start();
	if (!message_encode(&m[0], message, NULL) ||
	    !messages_encode(&m[1], message + MESSAGE_BYTES, 2, NULL))
		fputs("no point for this message\n", stderr);
	return bytes_of(m, 3 * sizeof m[0]);
}

static void encoding_vartime(void)
{
	start();
	if (!messages_encode_vartime(m, message, N, NULL))
		fputs("no point for this message\n", stderr);
}

static bytes responding(void)
{
	scalar c = scalar_of_u64(0x1234567890abcdef);
	start();
	proof_respond(&response, &r[3], &c, &r[4]);
	ct_branch_on(&r[3], sizeof r[3]); /* a nonce that was used is wiped */
	return bytes_of(&response, sizeof response);
}

static const struct ct_case cases[] = {
	{"elgamal_encrypt", encrypting, NULL},         {"elgamal_encrypt of one", encrypting_one, NULL},
	{"elgamal_reencrypt", encrypting_again, NULL}, {"message_encode", encoding, encoding_vartime},
	{"proof_respond", responding, NULL},
};

int main(int argc, char **argv)
{
	(void)argc;
	if (argv[1] && !group_init(argv[1], NULL))
		return 2;
	prepare();
	return ct_run(argv, group_backend_name(), cases, sizeof cases / sizeof cases[0]);
}
