/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A manifest that says everything there is to say, and ways to say one thing of it differently.
 */
#ifndef MANIFEST_WHOLE_H
#define MANIFEST_WHOLE_H

#include "support/support.h"

#include "support/keys.h"

#include "manifest/manifest.h"

#define KEY_B0 TEST_KEY_HEX_10
#define KEY_C0 TEST_KEY_HEX_11
#define KEY_01 TEST_KEY_HEX_1
#define KEY_02 TEST_KEY_HEX_2
#define KEY_03 TEST_KEY_HEX_3
#define KEY_04 TEST_KEY_HEX_4
#define KEY_A1 TEST_KEY_HEX_5
#define KEY_A2 TEST_KEY_HEX_6
#define KEY_A3 TEST_KEY_HEX_7
#define KEY_AA TEST_KEY_HEX_12
extern const char whole[];

/* The whole manifest with `from` (which must be there) replaced by `to`; static room. */
const char *whole_with(const char *from, const char *to);
struct manifest *whole_read(const char *text); /* in the test's arena, cleared before */
/* Refused with this kind, its place in the detail and its reason in what or detail. */
void whole_refused(const char *text, enum error_kind kind, const char *place, const char *reason);

#endif
