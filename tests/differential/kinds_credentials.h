/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of alteration of the list of credentials, and of what the log says of them. */
#ifndef DIFFERENTIAL_KINDS_CREDENTIALS_H
#define DIFFERENTIAL_KINDS_CREDENTIALS_H

#include "differential/kinds_log.h"

#define CHANGED_VOTER 9u

/* --- credentials.bt: records of 5 + 81 + (5 + style) + 9 bytes, ascending --- */

static void listed_anew(const struct kind *k)
{
	bytes b = urn_file(&u, "credentials.bt");
	edit_load();
	size_t i = edit_find("credentials", 0);
	digest d = sha256(b);
	memcpy(edit.e[i].b + edit.e[i].len - 45, d.b, 32);
	store_be64(edit.e[i].b + edit.e[i].len - 8,
	           (uint64_t)((long)load_be64(edit.e[i].b + edit.e[i].len - 8) + k->more));
	edit_write();
	free((void *)(uintptr_t)b.p);
}

/* Of the first record, byte `at`; at < 0: from its end. */
static void list_byte(const struct kind *k)
{
	bytes b = urn_file(&u, "credentials.bt");
	size_t end = 95 + 5 + (size_t)b.p[90];
	((uint8_t *)(uintptr_t)b.p)[k->at < 0 ? end - (size_t)-k->at : (size_t)k->at] =
		(uint8_t)strtol(k->text, NULL, 0);
	urn_write(&u, "credentials.bt", b);
	free((void *)(uintptr_t)b.p);
	listed_anew(k);
}

/* The first `at` bytes of it only, or (at < 0) those again behind the first so many. */
static void list_cut(const struct kind *k)
{
	static uint8_t room[65536];
	bytes b = urn_file(&u, "credentials.bt");
	size_t first = 95 + 5 + b.p[90];
	memcpy(room, b.p, b.len);
	if (k->at == 1) { /* the first record twice */
		memmove(room + first, b.p, b.len);
		b.len += first;
	} else if (k->at == 2) { /* the second before the first */
		size_t second = 95 + 5 + b.p[first + 90];
		memcpy(room, b.p + first, second);
		memcpy(room + second, b.p, first);
	} else {
		b.len--;
	}
	urn_write(&u, "credentials.bt", bytes_of(room, b.len));
	free((void *)(uintptr_t)b.p);
	listed_anew(k);
}

static void list_infinity(const struct kind *k)
{
	bytes b = urn_file(&u, "credentials.bt");
	uint8_t *p = (uint8_t *)(uintptr_t)b.p;
	memset(p + 15, 0xff, 33);
	memset(p + 53, 0xff, 33);
	urn_write(&u, "credentials.bt", b);
	free(p);
	listed_anew(k);
}

/* A change before close: of what, signed by whom and for what, says `at`. */
static void wrong_change(const struct kind *k)
{
	static const uint8_t long_style[256];
	uint8_t key[POINT_TREE_BYTES];
	struct entry e = {.kind = ENTRY_CREDENTIAL, .weight = 1};
	unsigned voter = k->at == 4 ? URN_VOTERS - 1 : CHANGED_VOTER;
	points_encode_tree(key, &u.voters[voter].who.key, 1);
	e.key = BYTES_OF(key);
	e.style = k->at == 3    ? BYTES_LITERAL("nobody")
	          : k->at == 7  ? BYTES_LITERAL("\xff\xfe")
	          : k->at == 8  ? bytes_of(long_style, 256)
	          : k->at == 12 ? bytes_of(long_style, 255)
	                        : u.manifest->styles[0].name;
	e.weight = k->at == 2 ? u.manifest->weight_max + 1 : k->at == 4 ? 0 : 1;
	struct credential_change c = {k->at == 5 ? 1 : 0, e.key, e.style, e.weight + (k->at == 6)};
	digest d = statement_credential(&u.key.eid, &c);
	identity_sign(e.signature, k->at == 1 ? &u.board_key : &u.registrar, BYTES_OF(d.b));
	if (k->at == 9)
		e.signature[63] ^= 1;
	edit_load();
	edit_entry(edit_find("close", 0), &e);
	if (k->at == 10 || k->at == 11) {
		uint8_t *p = edit.e[edit_find("close", 0) - 1].b;
		memset(p + 10 + 10 + 5 + 32 + 10, k->at == 10 ? 0xff : 0, 33);
		memset(p + 10 + 10 + 5 + 32 + 48, 0xff, k->at == 10 ? 33 : 0);
	}
	edit_write();
}

static const struct kind of_credentials[] = {
	KIND("5.1", "no list of credentials", file_removed, "credentials.bt", NULL, 0, 0, SEAL_NONE),
	KIND("5.1", "another list than the log's", bit_turned, "credentials.bt", NULL, -1, 0,
         SEAL_NONE),
	KIND("5.1", "more credentials in the log than on the list", listed_anew, NULL, NULL, 0, 1),
	KIND("5.1", "a credential twice on the list", list_cut, NULL, NULL, 1, 1),
	KIND("5.1", "credentials out of order", list_cut, NULL, NULL, 2),
	KIND("5.1", "a list cut off", list_cut, NULL, NULL, 4),
	KIND("5.1", "a credential on the list with weight 0", list_byte, NULL, "0", -1),
	KIND("5.1", "a credential on the list with too much weight", list_byte, NULL, "9", -1),
	KIND("5.1", "a credential on the list with a style nobody has", list_byte, NULL, "81",
         5 + 81 + 5),
	KIND("5.1", "a credential on the list with a style that is no text", list_byte, NULL, "255",
         5 + 81 + 5),
	KIND("5.1", "a credential on the list off the curve", list_byte, NULL, "1", 5 + 79),
	KIND("5.1", "a record of four parts on the list", list_byte, NULL, "4", 4),
	KIND("5.1", "infinity on the list", list_infinity),
	KIND("4.2", "more credentials than there can be", entry_number, NULL, "credentials", 8,
         1L << 31),
	KIND("4.2", "no entry of the credentials", entry_dropped, NULL, "credentials"),
	KIND("5.1", "a change that the board signed", wrong_change, NULL, NULL, 1),
	KIND("5.1", "a change to too much weight", wrong_change, NULL, NULL, 2),
	KIND("5.1", "a change to a style nobody has", wrong_change, NULL, NULL, 3),
	KIND("5.1", "nobody's credential revoked", wrong_change, NULL, NULL, 4),
	KIND("5.1", "a change with another's number", wrong_change, NULL, NULL, 5),
	KIND("5.1", "a change signed for another weight", wrong_change, NULL, NULL, 6),
	KIND("5.1", "a change to a style that is no text", wrong_change, NULL, NULL, 7),
	KIND("4.2", "a change to a style of 256 bytes", wrong_change, NULL, NULL, 8),
	KIND("5.1", "a change to a style of 255 bytes", wrong_change, NULL, NULL, 12),
	KIND("5.1", "a change with a spoiled signature", wrong_change, NULL, NULL, 9),
	KIND("4.2", "a change of infinity", wrong_change, NULL, NULL, 10),
	KIND("4.2", "a change of what is no point", wrong_change, NULL, NULL, 11),
};

#endif
