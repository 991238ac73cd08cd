/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Authorities that cheat: they have their identity keys, and sign what is not so.
 *
 *   cheat_shuffle   a whole shuffle of a list, wrong in one way and signed all the same
 *   struct spoiler  a record that spoils one file while an honest program writes it, or in which
 *                   the program is killed when it comes to that file
 *
 * No test framework in here: a cheating process links it, too.
 */
#ifndef SUPPORT_CHEAT_H
#define SUPPORT_CHEAT_H

#include "authority/authority.h"

enum cheat_kind {
	CHEAT_HONEST,    /* nothing is wrong: for the rest that is */
	CHEAT_EQUATION,  /* a reply that does not hold */
	CHEAT_OUTPUT,    /* a ballot in place of another: the list has one twice */
	CHEAT_INPUT,     /* the list of the ballots in place of the last of the chain */
	CHEAT_SIGNATURE, /* the right files, a signature on something else */
	CHEAT_UNSIGNED,  /* the right files, no signature */
	CHEAT_MALFORMED, /* a file that is a byte too short, signed */
};

struct cheat {
	const struct manifest *manifest;
	const struct election_key *key;
	struct folder *record;
	struct tally_world *world;
	const struct identity_secret *identity;
	unsigned party, list;
};

/* Where the chain ends now: the last party that signed, 0 for none. */
unsigned cheat_last(const struct cheat *c);
/* After the last shuffle of the chain, whatever that one is worth; frame included. */
bool cheat_shuffle(const struct cheat *c, enum cheat_kind kind, struct error *err) must_check;
/* The party's signature on its shuffle as its files are now, after the output of `before` (0: the
 * ballots), in place of what is there. */
bool cheat_sign_shuffle(const struct cheat *c, unsigned before, struct error *err) must_check;
/* The last byte but `from_end` of a file. */
bool cheat_flip(struct folder *record, const char *path, size_t from_end,
                struct error *err) must_check;

/*
 * Passes everything on to another folder, except for the file `path`: kill: the process ends with
 * SIGKILL when it begins to write it. Else its last byte is changed as it is written, and, with
 * `pinned` (the folder that an authority works with, above this one), the authority takes the
 * changed one for its own and signs it.
 */
struct spoiler {
	struct folder folder; /* first member */
	struct folder *inner, *pinned;
	const char *path;
	bool kill, changed, forgotten;
};
void spoiler_init(struct spoiler *s, struct folder *inner, const char *path, bool kill);

#endif
