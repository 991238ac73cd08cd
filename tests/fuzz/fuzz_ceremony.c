/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What parties of a ceremony send each other. The first byte chooses the round; the rest is read as
 * the content of a message of that round, as a whole message, as a word that an attempt failed, and
 * as a word that a share is destroyed. For any input: no crash; what is refused has a reason; what
 * is read lies inside the input and names a party, a round and an attempt that exist; a message
 * convicts nobody together with itself.
 */
#include "ceremony/ceremony.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Three authorities with the seeds 01…, 02…, 03…, D of zeros: the corpus is signed with them. */
static struct manifest_authority authorities[3];
static struct manifest m = {.threshold = 2, .authorities_count = 3, .authorities = authorities};

static void set_up(void)
{
	for (unsigned i = 0; i < 3; i++) {
		struct identity_secret key;
		uint8_t seed[IDENTITY_SEED_BYTES];
		memset(seed, (int)i + 1, sizeof seed);
		identity_from_seed(&key, seed);
		memcpy(authorities[i].identity, key.pub, sizeof key.pub);
	}
}

static void refused(const struct error *err)
{
	require(err->kind == ERROR_MALFORMED || err->kind == ERROR_REJECTED ||
	        err->kind == ERROR_LIMIT);
	require(err->what != NULL);
}

static void read_message(bytes in)
{
	struct ceremony_message msg;
	struct error err;
	unsigned party;
	if (!ceremony_message_read(&msg, &m, in, &err)) {
		refused(&err);
		return;
	}
	require(msg.attempt >= 1 && msg.attempt <= LIMIT_ATTEMPTS);
	require((unsigned)msg.round < CEREMONY_ROUNDS && msg.index >= 1 && msg.index <= 3);
	require(msg.content.p >= in.p && msg.content.p + msg.content.len <= in.p + in.len);
	require(!ceremony_convict(&party, &m, in, in, &err));
	if (!ceremony_content_check(&msg, &m, &err))
		refused(&err);
}

static void read_failure(bytes in)
{
	struct ceremony_failure f;
	struct error err;
	if (!ceremony_failure_read(&f, &m, in, &err)) {
		refused(&err);
		return;
	}
	require(f.attempt >= 1 && f.by >= 1 && f.by <= 3 && f.culprit <= 3);
	for (const char *c = f.reason; *c; c++)
		require(*c >= 0x20 && *c <= 0x7e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;
	struct error err;
	if (!ready)
		set_up();
	ready = true;
	if (size == 0)
		return 0;
	bytes in = bytes_of(data + 1, size - 1);
	const struct ceremony_message msg = {1, (enum ceremony_round)(data[0] % (CEREMONY_ROUNDS + 1)),
	                                     1, in};
	const struct election_key key = {.parties = 3, .threshold = 2};
	if (!ceremony_content_check(&msg, &m, &err))
		refused(&err);
	read_message(in);
	read_failure(in);
	if (!key_destroyed_check(in, &key, 1, authorities[0].identity, &err))
		refused(&err);
	return 0;
}
