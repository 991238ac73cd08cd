/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of regular expressions that pipelines need to name answers and ballot boxes:
 *   c  .  [abc]  [^a-z]     one character; \ before a character that means something else
 *   *  +  ?                 behind one of these: any number, at least one, at most one
 *   ^  $                    at the ends only
 *   |                       between whole alternatives
 * A pattern begins to match at the first character of the text (as with or without ^) and ends
 * anywhere, unless it ends in $. Characters are those of UTF-8, capitals matter. Groups,
 * repetitions in braces and classes like \w are refused.
 *
 * Sizes: PATTERN_ITEMS characters in one alternative.
 * Cost: length of the text · items; no recursion.
 */
#ifndef RESULTS_PATTERN_INTERNAL_H
#define RESULTS_PATTERN_INTERNAL_H

#include "base/bytes.h"
#include "base/error.h"

#define PATTERN_ITEMS 256u

/* MALFORMED or LIMIT with what is wrong; of a good pattern pattern_matches answers. */
bool pattern_check(bytes pattern, struct error *err) must_check;
bool pattern_matches(bytes pattern, bytes text);

#endif
