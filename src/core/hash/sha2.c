/* SPDX-License-Identifier: Apache-2.0 */
#include "hash/sha2_internal.h"

#include "base/ct.h"
#include "base/error.h"

static const uint32_t sha256_start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static const uint64_t sha384_start[8] = {0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17,
                                         0x152fecd8f70e5939, 0x67332667ffc00b31, 0x8eb44a8768581511,
                                         0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4};

static const uint64_t sha512_start[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                         0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                         0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

size_t hash_bytes(enum hash_kind kind)
{
	switch (kind) {
	case HASH_SHA256:
		return 32;
	case HASH_SHA384:
		return 48;
	case HASH_SHA512:
		return 64;
	}
	require_failed("kind is one of the three", __FILE__, __LINE__);
}

const char *hash_name(enum hash_kind kind)
{
	switch (kind) {
	case HASH_SHA256:
		return "SHA-256";
	case HASH_SHA384:
		return "SHA-384";
	case HASH_SHA512:
		return "SHA-512";
	}
	require_failed("kind is one of the three", __FILE__, __LINE__);
}

bool hash_of_name(enum hash_kind *kind, bytes name)
{
	for (enum hash_kind k = HASH_SHA256; k <= HASH_SHA512; k++) {
		if (bytes_equal(name, bytes_of_text(hash_name(k)))) {
			*kind = k;
			return true;
		}
	}
	return false;
}

void hash_init(struct hash *h, enum hash_kind kind)
{
	h->kind = kind;
	h->absorbed = 0;
	switch (kind) {
	case HASH_SHA256:
		memcpy(h->state.w32, sha256_start, sizeof sha256_start);
		break;
	case HASH_SHA384:
		memcpy(h->state.w64, sha384_start, sizeof sha384_start);
		break;
	case HASH_SHA512:
		memcpy(h->state.w64, sha512_start, sizeof sha512_start);
		break;
	}
}

static void compress(struct hash *h, const uint8_t *blocks, size_t blocks_count)
{
	if (h->kind == HASH_SHA256)
		sha256_compress(h->state.w32, blocks, blocks_count);
	else
		sha512_compress(h->state.w64, blocks, blocks_count);
}

void hash_update(struct hash *h, bytes b)
{
	if (b.len == 0)
		return;
	size_t block_bytes = sha2_block_bytes(h->kind);
	size_t used = (size_t)(h->absorbed % block_bytes);
	h->absorbed += b.len;
	if (used > 0) {
		size_t n = block_bytes - used < b.len ? block_bytes - used : b.len;
		memcpy(h->block + used, b.p, n);
		b = bytes_from(b, n);
		if (used + n < block_bytes)
			return;
		compress(h, h->block, 1);
	}
	size_t whole = b.len / block_bytes;
	if (whole > 0)
		compress(h, b.p, whole);
	b = bytes_from(b, whole * block_bytes);
	if (b.len > 0)
		memcpy(h->block, b.p, b.len);
}

static void put_state(const struct hash *h, uint8_t *out)
{
	size_t len = hash_bytes(h->kind);
	if (h->kind == HASH_SHA256) {
		for (size_t i = 0; i < len / 4; i++)
			store_be32(out + 4 * i, h->state.w32[i]);
	} else {
		for (size_t i = 0; i < len / 8; i++)
			store_be64(out + 8 * i, h->state.w64[i]);
	}
}

static void put_length(enum hash_kind kind, uint8_t *block, uint64_t message_bytes)
{
	size_t block_bytes = sha2_block_bytes(kind);
	store_be64(block + block_bytes - 8, message_bytes << 3);
	if (kind != HASH_SHA256) /* their length has 128 bits */
		store_be64(block + block_bytes - 16, message_bytes >> 61);
}

void hash_finish(struct hash *h, uint8_t *out)
{
	size_t block_bytes = sha2_block_bytes(h->kind), length_bytes = block_bytes / 8;
	size_t used = (size_t)(h->absorbed % block_bytes);
	h->block[used++] = 0x80;
	memset(h->block + used, 0, block_bytes - used);
	if (used + length_bytes > block_bytes) { /* the length needs a block of its own */
		compress(h, h->block, 1);
		memset(h->block, 0, block_bytes);
	}
	put_length(h->kind, h->block, h->absorbed);
	compress(h, h->block, 1);
	put_state(h, out);
}

void hash_wipe(struct hash *h)
{
	wipe(h, sizeof *h);
}

digest sha256(bytes b)
{
	struct hash h;
	digest d;
	hash_init(&h, HASH_SHA256);
	hash_update(&h, b);
	hash_finish(&h, d.b);
	return d;
}

bool digest_equal(const digest *a, const digest *b)
{
	return memcmp(a->b, b->b, sizeof a->b) == 0;
}

size_t sha2_block_bytes(enum hash_kind kind)
{
	return kind == HASH_SHA256 ? 64 : 128;
}

void sha2_pad(enum hash_kind kind, uint8_t *block, size_t used)
{
	memset(block + used, 0, sha2_block_bytes(kind) - used);
	block[used] = 0x80;
	put_length(kind, block, used);
}

void sha2_one_block(enum hash_kind kind, uint8_t *out, const uint8_t *block)
{
	struct hash h;
	hash_init(&h, kind);
	compress(&h, block, 1);
	put_state(&h, out);
}
