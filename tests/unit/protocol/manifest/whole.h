/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A manifest that says everything there is to say, and ways to say one thing of it differently.
 */
#ifndef MANIFEST_WHOLE_H
#define MANIFEST_WHOLE_H

#include "support/support.h"

#include "manifest/manifest.h"

#define HEX(pair) pair pair pair pair pair pair pair pair
#define KEY(a) HEX(a a a a)
#define KEY_B0 KEY("b0")
#define KEY_C0 KEY("c0")
#define KEY_01 KEY("01")
#define KEY_02 KEY("02")
#define KEY_03 KEY("03")
#define KEY_04 KEY("04")
#define KEY_A1 KEY("a1")
#define KEY_A2 KEY("a2")
#define KEY_A3 KEY("a3")
#define KEY_AA KEY("aa")
extern const char whole[];

/* The whole manifest with `from` (which must be there) replaced by `to`; static room. */
const char *whole_with(const char *from, const char *to);
struct manifest *whole_read(const char *text); /* in the test's arena, cleared before */
/* Refused with this kind, its place in the detail and its reason in what or detail. */
void whole_refused(const char *text, enum error_kind kind, const char *place, const char *reason);

#endif
