/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slices, big-endian numbers, bounded text.
 *
 * A slice borrows: whoever holds the memory behind it must outlive it.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
	const uint8_t *p;
	size_t len;
} bytes;

#define BYTES_NONE ((bytes){0, 0})
#define BYTES_OF(array) ((bytes){(const uint8_t *)(array), sizeof(array)})
#define BYTES_LITERAL(s) ((bytes){(const uint8_t *)("" s), sizeof(s) - 1})

static inline bytes bytes_of(const void *p, size_t len)
{
	return (bytes){(const uint8_t *)p, len};
}

static inline bytes bytes_of_text(const char *s)
{
	size_t len = 0;
	while (s[len])
		len++;
	return bytes_of(s, len);
}

/* Public data only: the comparison stops at the first difference. Secrets: ct_equal. */
static inline bool bytes_equal(bytes a, bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline bytes bytes_from(bytes b, size_t start)
{
	return start <= b.len ? (bytes){b.p + start, b.len - start} : BYTES_NONE;
}

static inline uint32_t load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void store_be32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static inline uint64_t load_be64(const uint8_t *p)
{
	return (uint64_t)load_be32(p) << 32 | load_be32(p + 4);
}

static inline void store_be64(uint8_t *p, uint64_t v)
{
	store_be32(p, (uint32_t)(v >> 32));
	store_be32(p + 4, (uint32_t)v);
}

/*
 * Bounded text: always terminated, never overrun; what does not fit is dropped and `cut` is set.
 * char room[64]; struct text t = TEXT_OF(room); text_add(&t, "party "); text_add_u64(&t, 3);
 */
struct text {
	char *p;
	size_t size, len;
	bool cut;
};

#define TEXT_OF(array) ((struct text){((array)[0] = 0, (array)), sizeof(array), 0, false})

void text_add(struct text *t, const char *s);
void text_add_bytes(struct text *t, bytes b);
void text_add_u64(struct text *t, uint64_t v);
void text_add_hex(struct text *t, bytes b); /* lower case */

/* A number as text_add_u64 writes it, at most `max`: digits only, no zero in front of others. */
bool number_decode(uint64_t *out, bytes in, uint64_t max);

/* Hex, lower case on output, either case on input; returns false on odd length or a bad digit. */
void hex_encode(char *out, bytes in); /* 2·len characters and a terminator */
bool hex_decode(uint8_t *out, size_t out_len, bytes in);

#endif
