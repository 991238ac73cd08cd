/* SPDX-License-Identifier: Apache-2.0 */
/*
 * protInfo.xml: the parameters as Verificatum's tools exchange them.
 *
 * Reading is strict: the elements of the schema, each once, in its order; comments, white space
 * between elements and an XML declaration are allowed; DTDs, entities, processing instructions,
 * attributes and unknown elements are not. Anything but P-256, key width 1, SHA-2 and
 * noninteractive proofs is refused by the name of the field.
 * Errors: MALFORMED (LIMIT above LIMIT_PROTINFO_BYTES and for bounds), `at` = the line.
 */
#ifndef MIXNET_PROTINFO_H
#define MIXNET_PROTINFO_H

#include "mixnet/session.h"

/* auxsid becomes "default"; width is the file's default width: both belong to the directory, so the
 * caller sets what it expects there. */
bool protinfo_parse(struct mix_session *out, bytes xml, struct error *err) must_check;

/*
 * Writes the file that belongs to a session: always the same bytes for the same arguments.
 * operators: s->parties texts (any UTF-8); a party's name is "AuthorityNN " and the operator with
 * every byte outside [A-Za-z0-9_-] replaced by a space, cut at 255. auxsid is not part of it.
 * LIMIT when out is too small (PROTINFO_ROOM is enough).
 */
#define PROTINFO_ROOM ((size_t)4096 + 1024 * LIMIT_PARTIES)
bool protinfo_write(struct text *out, const struct mix_session *s, const char *const *operators,
                    struct error *err) must_check;

#endif
