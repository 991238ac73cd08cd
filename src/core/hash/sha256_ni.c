/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 by the instructions x86-64 has for it; the only file of this folder that is compiled for
 * them. sha256.c calls it after sha256_select.
 *
 * The instructions keep the state as the letters (a b e f) and (c d g h), highest lane first. Two
 * rounds turn one half into the next value of the other, so that the halves change places.
 */
#include "hash/sha2_internal.h"

#include "base/ct.h"

#include <immintrin.h>

static inline __m128i load4(const void *p)
{
	return _mm_loadu_si128((const __m128i *)p);
}

/* Rounds 4i…4i + 3 with the words w. */
static inline void four_rounds(__m128i *abef, __m128i *cdgh, __m128i w, unsigned i)
{
	const __m128i sum = _mm_add_epi32(w, load4(&sha256_constants[4 * i]));
	*cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, sum);
	*abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

/* Words t + 16…t + 19 from the four vectors that begin with t, t + 4, t + 8 and t + 12. */
static inline __m128i next_words(__m128i w0, __m128i w4, __m128i w8, __m128i w12)
{
	const __m128i nine = _mm_alignr_epi8(w12, w8, 4);
	return _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(w0, w4), nine), w12);
}

static inline void compress_block(__m128i *abef, __m128i *cdgh, __m128i w[static 4],
                                  const uint8_t *block)
{
	const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	for (unsigned i = 0; i < 4; i++)
		w[i] = _mm_shuffle_epi8(load4(block + 16 * i), big_endian);
	for (unsigned i = 0; i < 12; i += 4) {
		four_rounds(abef, cdgh, w[0], i);
		w[0] = next_words(w[0], w[1], w[2], w[3]);
		four_rounds(abef, cdgh, w[1], i + 1);
		w[1] = next_words(w[1], w[2], w[3], w[0]);
		four_rounds(abef, cdgh, w[2], i + 2);
		w[2] = next_words(w[2], w[3], w[0], w[1]);
		four_rounds(abef, cdgh, w[3], i + 3);
		w[3] = next_words(w[3], w[0], w[1], w[2]);
	}
	for (unsigned i = 0; i < 4; i++)
		four_rounds(abef, cdgh, w[i], 12 + i);
}

void sha256_compress_instructions(uint32_t state[static 8], const uint8_t *blocks,
                                  size_t blocks_count)
{
	const __m128i cdab = _mm_shuffle_epi32(load4(state), 0xb1);
	const __m128i efgh = _mm_shuffle_epi32(load4(state + 4), 0x1b);
	__m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
	__m128i w[4] = {abef, abef, abef, abef};
	for (; blocks_count > 0; blocks_count--, blocks += 64) {
		const __m128i old_abef = abef, old_cdgh = cdgh;
		compress_block(&abef, &cdgh, w, blocks);
		abef = _mm_add_epi32(abef, old_abef);
		cdgh = _mm_add_epi32(cdgh, old_cdgh);
	}
	const __m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
	_mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
	wipe(w, sizeof w);
}
