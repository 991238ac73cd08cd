/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fingerprints as words two people can read to each other.
 *
 * Paper: Wilkerson, "A Proposal for Proquints: Identifiers that are Readable, Spellable, and
 * Pronounceable", 2009: 16 bits are consonant-vowel-consonant-vowel-consonant, most significant
 * bits first; consonants bdfghjklmnprstvz carry 4 bits, vowels aiou 2.
 * Sizes: 32 bytes are 16 words of 5 letters, "lusab-babad-…": 95 characters.
 * Inputs: decoding takes capitals too, and one '-' or one blank between words; nothing else.
 * Errors: MALFORMED; `at` is the number of the word from 1, detail shows the word and the letter.
 */
#ifndef IDENTITY_WORDS_H
#define IDENTITY_WORDS_H

#include "base/bytes.h"
#include "base/error.h"

#define WORDS_DIGEST_BYTES 32u
#define WORDS_COUNT 16u
#define WORDS_TEXT_BYTES 96u /* with the 0 at the end */

void words_encode(char out[static WORDS_TEXT_BYTES],
                  const uint8_t digest[static WORDS_DIGEST_BYTES]);
bool words_decode(uint8_t digest[static WORDS_DIGEST_BYTES], bytes text,
                  struct error *err) must_check;

#endif
