/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this authority has checked already, in its private folder, so that the next step need not
 * check the same bytes again: "checked/<hex>.bt" under a digest that binds everything the check was
 * about. Whoever can write there holds the identity key as well.
 */
#ifndef AUTHORITY_MEMO_INTERNAL_H
#define AUTHORITY_MEMO_INTERNAL_H

#include "authority/authority.h"

#define MEMO_MAX ((size_t)32768)

/* true with what was remembered (may be empty); false: nothing, or it cannot be read. */
bool memo_find(bytes *content, uint8_t room[static MEMO_MAX], const struct authority *a,
               const digest *about);
bool memo_keep(const struct authority *a, const digest *about, bytes content,
               struct error *err) must_check;

#endif
