/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an authority has in its home and gets back from a backup. The first byte chooses: a sealed
 * file, the content of a share file or a backup, a box, identity.key, a share file with seal.key,
 * what it did in ceremonies, identity.json, the number of an attempt, a sealed file whose length
 * may lie. For any input: what is refused has a reason; content that is read is, written again, the
 * same bytes; a secret that is taken fits what is public of it, and is gone where it was refused.
 *
 * Argon2id takes milliseconds even at its cheapest, so that a fuzzer would see little else: here a
 * hash takes its place.
 */
#include "authority/authority.h"
#include "authority/home.h"
#include "authority/promise_internal.h"
#include "ceremony/key.h"
#include "files/memory_folder.h"
#include "identity/box.h"
#include "identity/sealed_file.h"
#include "support/support.h"

#include <sodium.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In place of libsodium's. */
int crypto_pwhash(unsigned char *const out, unsigned long long outlen, const char *const passwd,
                  unsigned long long passwdlen, const unsigned char *const salt,
                  unsigned long long opslimit, size_t memlimit, int alg)
{
	(void)opslimit;
	(void)memlimit;
	(void)alg;
	return crypto_generichash(out, (size_t)outlen, (const unsigned char *)passwd, passwdlen, salt,
	                          crypto_pwhash_SALTBYTES);
}

#define PARTIES 3u
#define SEALED_AT 64u /* where the sealed part begins: identity/sealed_file.h */
#define INDEX 2u
#define PASSPHRASE BYTES_LITERAL("passphrase")
static const struct sealed_cost cheap = {1, 8192};

static struct election_key key;
static secret_scalar shares[PARTIES];
static uint8_t seeds[PARTIES][32], identities[PARTIES][32];
static struct box_secret box;
static struct folder *home;
static uint8_t sealed[SEALED_FILE_BYTES];

/* The same in every run: the corpus is of this election. */
static void set_up(void)
{
	struct error err;
	const point g = point_generator();
	require(identity_ready(&err) && memory_folder_new(&home, "home", 1 << 22, &err));
	key = (struct election_key){.parties = PARTIES, .threshold = 2, .qualified = {1, 1, 1}};
	memset(key.d.b, 0xd1, 32);
	memset(key.t.b, 0x71, 32);
	memset(key.eid.b, 0xe1, 32);
	for (unsigned i = 0; i < PARTIES; i++) {
		struct identity_secret identity;
		memset(seeds[i], (int)i + 1, 32);
		identity_from_seed(&identity, seeds[i]);
		memcpy(identities[i], identity.pub, 32);
		shares[i].secret = scalar_of_u64(1000 + i);
		point_mul(&key.shares[i], &shares[i], &g);
	}
	box_from_seed(&box, seeds[0]);
}

static void refused(const struct error *err)
{
	require(err->kind == ERROR_MALFORMED || err->kind == ERROR_REJECTED ||
	        err->kind == ERROR_LIMIT);
	require(err->what != NULL);
}

static void put(const char *path, bytes content)
{
	require(folder_write(home, path, true, content, NULL));
}

/* A good file with the input laid over it from where its first two bytes say. */
static void sealed_file(bytes in)
{
	static struct sealed_content content;
	static uint8_t good[SEALED_FILE_BYTES];
	static bool made;
	const struct sealed_input what = {PASSPHRASE, BYTES_LITERAL("content"), cheap};
	struct error err;
	error_clear(&err);
	if (!made)
		require(sealed_file_make(good, &what, test_rng(), &err));
	made = true;
	if (!sealed_file_open(&content, in, PASSPHRASE, &err))
		refused(&err);
	if (in.len < 2)
		return;
	size_t at = ((size_t)in.p[0] << 8 | in.p[1]) % SEALED_FILE_BYTES, len = in.len - 2;
	len = len < SEALED_FILE_BYTES - at ? len : SEALED_FILE_BYTES - at;
	memcpy(sealed, good, sizeof sealed);
	memcpy(sealed + at, in.p + 2, len);
	bool same = memcmp(sealed, good, sizeof good) == 0;
	require(sealed_file_open(&content, BYTES_OF(sealed), PASSPHRASE, &err) == same);
	if (!same)
		refused(&err);
	require(content.len == (same ? what.content.len : 0));
	require(!sealed_file_open(&content, bytes_of(sealed, sizeof sealed - 1), PASSPHRASE, &err));
}

/* What a file says that was sealed by somebody with the passphrase. */
static bytes seal(bytes content)
{
	const struct sealed_input what = {PASSPHRASE, content, cheap};
	require(sealed_file_make(sealed, &what, test_rng(), NULL));
	return BYTES_OF(sealed);
}

/* Whoever has the passphrase can seal a length that is none: the first four bytes. */
static void sealed_length(bytes in)
{
	static struct sealed_content content;
	static uint8_t plain[SEALED_FILE_BYTES - SEALED_AT - 16];
	struct error err;
	uint8_t stretched[32];
	error_clear(&err);
	if (in.len < 4)
		return;
	memset(plain, 0, sizeof plain);
	memcpy(plain, in.p, in.len < sizeof plain ? in.len : sizeof plain);
	seal(BYTES_NONE); /* for its head */
	require(crypto_pwhash(stretched, 32, (const char *)PASSPHRASE.p, PASSPHRASE.len, sealed + 24, 1,
	                      0, 0) == 0);
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + SEALED_AT, NULL, plain, sizeof plain,
	                                           sealed, SEALED_AT, NULL, sealed + 40, stretched);
	uint32_t len = load_be32(in.p);
	bool good = sealed_file_open(&content, BYTES_OF(sealed), PASSPHRASE, &err);
	require(good == (len <= SEALED_CONTENT_MAX));
	require(content.len == (good ? len : 0) && memcmp(content.data, plain + 4, content.len) == 0);
	if (!good)
		refused(&err);
}

static void is_sealed_again(bytes content, const secret_scalar *share, const struct key_backup *b)
{
	static struct sealed_content opened;
	uint8_t file[SEALED_FILE_BYTES];
	const struct key_share_lock lock = {PASSPHRASE, cheap};
	require(share ? key_share_seal(file, &key, INDEX, share, lock, test_rng(), NULL)
	              : key_backup_seal(file, &key, INDEX, b, lock, test_rng(), NULL));
	require(sealed_file_open(&opened, BYTES_OF(file), PASSPHRASE, NULL));
	require(bytes_equal(bytes_of(opened.data, opened.len), content));
}

static void share_content(bytes in)
{
	secret_scalar share;
	struct error err;
	error_clear(&err);
	if (in.len > SEALED_CONTENT_MAX)
		return;
	if (key_share_open(&share, &key, INDEX, seal(in), PASSPHRASE, &err)) {
		require(scalar_equal(&share.secret, &shares[INDEX - 1].secret));
		is_sealed_again(in, &share, NULL);
		return;
	}
	refused(&err);
	require(scalar_equal(&share.secret, &scalar_zero));
}

static void backup_content(bytes in)
{
	static const struct key_backup none;
	struct key_backup b = none;
	struct error err;
	unsigned index = 0;
	error_clear(&err);
	if (in.len > SEALED_CONTENT_MAX)
		return;
	const struct key_backup_file file = {seal(in), PASSPHRASE, identities[0]};
	if (!key_backup_open(&b, &index, &key, &file, &err)) {
		refused(&err);
		require(memcmp(&b, &none, sizeof b) == 0);
		return;
	}
	require(index >= 1 && index <= PARTIES);
	require(scalar_equal(&b.share.secret, &shares[index - 1].secret));
	require(memcmp(b.seed, seeds[index - 1], 32) == 0);
	if (index == INDEX)
		is_sealed_again(in, NULL, &b);
}

static void open_box(bytes in)
{
	uint8_t plain[4096];
	struct error err;
	error_clear(&err);
	if (in.len > sizeof plain)
		return;
	require(!box_open(plain, &box, in, BYTES_LITERAL("share"), &err));
	refused(&err);
}

static void identity_key(bytes in)
{
	struct identity_secret k;
	struct error err;
	char text[65];
	error_clear(&err);
	put("identity.key", in);
	if (!home_identity(&k, home, &err)) {
		refused(&err);
		return;
	}
	require(in.len == 65 && in.p[64] == '\n');
	hex_encode(text, BYTES_OF(k.seed));
	for (unsigned i = 0; i < 64; i++)
		require((in.p[i] | 0x20) == (text[i] | 0x20));
}

/* Up to the first zero: seal.key; behind it, the beginning of the share file. */
static void share_file(bytes in)
{
	static const char path[] = "share-e1e1e1e1e1e1e1e1.key";
	secret_scalar share;
	struct error err;
	error_clear(&err);
	const uint8_t *zero = memchr(in.p, 0, in.len);
	size_t cut = zero ? (size_t)(zero - in.p) : in.len;
	memset(sealed, 0, sizeof sealed);
	bytes head = bytes_from(in, cut + 1);
	head.len = head.len < sizeof sealed ? head.len : sizeof sealed;
	if (head.len)
		memcpy(sealed, head.p, head.len);
	put("seal.key", bytes_of(in.p, cut));
	put(path, BYTES_OF(sealed));
	require(!home_load_share(&share, home, &key, INDEX, BYTES_NONE, &err));
	refused(&err);
	require(!home_load_share(&share, home, &key, INDEX, PASSPHRASE, &err));
	refused(&err);
}

static void ceremonies(bytes in)
{
	struct ceremony_past past;
	struct error err;
	uint8_t room[CEREMONY_PAST_BYTES];
	error_clear(&err);
	put("ceremony-d1d1d1d1d1d1d1d1", in);
	if (!home_ceremony_past(&past, home, &key.d, PARTIES, &err)) {
		refused(&err);
		return;
	}
	require(past.begun <= LIMIT_ATTEMPTS && past.certified <= past.begun);
	for (unsigned i = 0; i < PARTIES; i++)
		require(past.qualified[i] <= 1);
	require(bytes_equal(ceremony_past_write(room, &past, &key.d, PARTIES), in));
}

static void public_identity(bytes in)
{
	static uint8_t memory[1 << 16];
	struct manifest_authority a;
	struct arena arena;
	struct error err;
	error_clear(&err);
	arena_init(&arena, memory, sizeof memory);
	if (!home_read_public(&a, in, &arena, &err)) {
		refused(&err);
		return;
	}
	require(a.operator_name.len > 0 && a.operator_name.len <= LIMIT_TEXT_BYTES);
	require(identity_check_public_vartime(a.identity, NULL));
	for (size_t i = 0; i < a.operator_name.len; i++)
		require(a.operator_name.p[i] != 0);
}

static void attempt_number(bytes in)
{
	const struct authority a = {.home = home};
	const struct list_stage s = {.a = &a, .key = &key, .auxsid = "l1"};
	struct error err;
	unsigned attempt, again;
	error_clear(&err);
	put("attempt-e1e1e1e1e1e1e1e1-l1", in);
	if (!attempt_kept(&attempt, &s, &err)) {
		refused(&err);
		require(!attempt_keep(&s, LIMIT_ATTEMPTS, NULL));
		return;
	}
	require(!attempt_keep(&s, attempt, &err) && err.kind == ERROR_CONFLICT);
	if (attempt < LIMIT_ATTEMPTS) {
		require(attempt_keep(&s, attempt + 1, &err) && attempt_kept(&again, &s, &err));
		require(again == attempt + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(bytes) = {
		sealed_file, share_content, backup_content,  open_box,       identity_key,
		share_file,  ceremonies,    public_identity, attempt_number, sealed_length};
	if (!home)
		set_up();
	if (size > 0)
		readers[data[0] % (sizeof readers / sizeof *readers)](bytes_of(data + 1, size - 1));
	return 0;
}
