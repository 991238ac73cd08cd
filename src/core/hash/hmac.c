/* SPDX-License-Identifier: Apache-2.0 */
#include "hash/sha2_internal.h"

#include "base/ct.h"

/* Absorbs the key, filled up with zeros to a block, with every byte changed by `pad`. */
static void absorb_key(struct hash *h, enum hash_kind kind, const uint8_t *key, uint8_t pad)
{
	uint8_t block[128];
	size_t block_bytes = sha2_block_bytes(kind);
	for (size_t i = 0; i < block_bytes; i++)
		block[i] = key[i] ^ pad;
	hash_init(h, kind);
	hash_update(h, bytes_of(block, block_bytes));
	wipe(block, sizeof block);
}

void hmac(enum hash_kind kind, uint8_t *out, bytes key, bytes message)
{
	uint8_t full_key[128] = {0}, inner[HASH_MAX_BYTES];
	struct hash h;
	if (key.len > sha2_block_bytes(kind)) {
		hash_init(&h, kind);
		hash_update(&h, key);
		hash_finish(&h, full_key);
	} else if (key.len > 0) {
		memcpy(full_key, key.p, key.len);
	}
	absorb_key(&h, kind, full_key, 0x36);
	hash_update(&h, message);
	hash_finish(&h, inner);
	absorb_key(&h, kind, full_key, 0x5c);
	hash_update(&h, bytes_of(inner, hash_bytes(kind)));
	hash_finish(&h, out);
	wipe(full_key, sizeof full_key);
	wipe(inner, sizeof inner);
	hash_wipe(&h);
}
