/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log written by hand: any entries in any order, right or wrong. What a board would never write.
 * Include support.h first.
 */
#ifndef RECORD_URN_LOG_H
#define RECORD_URN_LOG_H

#include "record/entry.h"
#include "unit/protocol/record/urn.h"

#include <stdlib.h>

#define LOG_ENTRIES_MAX 2048u

struct urn_log {
	struct urn *u;
	struct {
		uint8_t bytes[LIMIT_LOG_ENTRY_BYTES];
		size_t len;
	} entry[LOG_ENTRIES_MAX];
	size_t count;
	uint8_t *ballots, *voids;
	size_t ballots_len, voids_len, ballots_room, voids_room;
	uint64_t changes;
};

static inline void log_entry(struct urn_log *l, const struct entry *e)
{
	assert_true(l->count < LOG_ENTRIES_MAX);
	bytes b = entry_write(l->entry[l->count].bytes, &l->u->key.eid, e);
	l->entry[l->count++].len = b.len;
}

static inline void log_plain(struct urn_log *l, enum entry_kind kind)
{
	log_entry(l, &(struct entry){.kind = kind});
}

static inline void log_begin(struct urn_log *l, struct urn *u)
{
	struct error err;
	struct credentials_facts facts;
	free(l->ballots);
	free(l->voids);
	memset(l, 0, sizeof *l);
	l->u = u;
	log_entry(l, &(struct entry){.kind = ENTRY_MANIFEST,
	                             .object = u->manifest->d,
	                             .number = u->manifest->exact.len});
	log_entry(l, &(struct entry){.kind = ENTRY_CEREMONY,
	                             .object = u->ceremony.certified,
	                             .number = u->ceremony.attempts});
	if (u->rules.mode == BALLOT_CREDENTIALS) {
		assert_ok(credentials_read(&facts, u->record, u->manifest, NULL, NULL, &err), err);
		log_entry(l, &(struct entry){
						 .kind = ENTRY_CREDENTIALS, .object = facts.file, .number = facts.records});
	}
	log_plain(l, ENTRY_OPEN);
}

static inline void log_object(struct urn_log *l, bool is_void, bytes object, uint32_t weight)
{
	uint8_t **at = is_void ? &l->voids : &l->ballots;
	size_t *len = is_void ? &l->voids_len : &l->ballots_len;
	size_t *size = is_void ? &l->voids_room : &l->ballots_room;
	if (*len + object.len > *size) {
		*size = 2 * (*len + object.len);
		*at = realloc(*at, *size + 1);
		assert_non_null(*at);
	}
	memcpy(*at + *len, object.p, object.len);
	*len += object.len;
	log_entry(l, &(struct entry){.kind = is_void ? ENTRY_VOID : ENTRY_BALLOT,
	                             .object = sha256(object),
	                             .number = object.len,
	                             .weight = is_void ? 0 : weight});
}

static inline void log_change(struct urn_log *l, unsigned voter, uint32_t style, uint32_t weight)
{
	uint8_t key[POINT_TREE_BYTES];
	struct entry e = {.kind = ENTRY_CREDENTIAL, .weight = weight};
	points_encode_tree(key, &l->u->voters[voter].who.key, 1);
	const struct credential_change c = {l->changes++, BYTES_OF(key),
	                                    l->u->manifest->styles[style].name, weight};
	digest s = statement_credential(&l->u->key.eid, &c);
	identity_sign(e.signature, &l->u->registrar, BYTES_OF(s.b));
	e.key = c.key;
	e.style = c.style;
	log_entry(l, &e);
}

/* Entries order[0…n-1], by their numbers. */
static inline void log_write_order(struct urn_log *l, const size_t *order, size_t n)
{
	struct error err;
	struct sink *s;
	error_clear(&err);
	assert_ok(l->u->record->create(l->u->record, "log/entries", true, &s, &err), err);
	for (size_t i = 0; i < n; i++) {
		size_t k = order ? order[i] : i;
		uint8_t len[2] = {(uint8_t)(l->entry[k].len >> 8), (uint8_t)l->entry[k].len};
		assert_ok(sink_append(s, BYTES_OF(len), &err), err);
		assert_ok(sink_append(s, bytes_of(l->entry[k].bytes, l->entry[k].len), &err), err);
	}
	assert_ok(sink_commit(s, &err), err);
	urn_write(l->u, "ballots.bt", bytes_of(l->ballots, l->ballots_len));
	if (l->voids_len)
		urn_write(l->u, "voids.bt", bytes_of(l->voids, l->voids_len));
	else
		assert_ok(l->u->record->remove(l->u->record, "voids.bt", &err), err);
}

static inline void log_write(struct urn_log *l)
{
	log_write_order(l, NULL, l->count);
}

#endif
