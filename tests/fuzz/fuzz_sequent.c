/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The importer of Agora's and Sequent's elections. For any input: it is refused with a kind from
 * {MALFORMED, LIMIT}, or each election has a draft if and only if nothing stands in its way, every
 * entry of its report names a place and a reason, and what the draft gives is a manifest.
 */
#include "manifest/import_sequent.h"

#include "support/keys.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROOM ((size_t)256 << 20)

static void check_report(const struct sequent_election *e)
{
	unsigned counts[IMPORT_FATES] = {0};
	for (const struct import_entry *i = e->entries; i; i = i->next) {
		char room[128];
		struct text t = TEXT_OF(room);
		require(i->path.len > 0 && i->because && i->because[0]);
		counts[i->fate] += 1 + i->more;
		import_entry_text(&t, i);
	}
	for (unsigned f = 0; f < IMPORT_FATES; f++)
		require(counts[f] == e->counts[f]);
}

static void check_election(const struct sequent_election *e, struct arena *a)
{
	struct error err;
	struct manifest *m;
	error_clear(&err);
	check_report(e);
	bool blocked = e->counts[IMPORT_UNSUPPORTED] + e->counts[IMPORT_WRONG] > 0;
	require(blocked == !e->draft);
	require(sequent_refuse(e, &err) == !blocked);
	require(!blocked || err.kind == ERROR_REJECTED);
	if (!blocked)
		require(manifest_read(&m, e->exact, a, &err) &&
		        m->questions_count == e->draft->questions_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t *memory;
	static const struct manifest_authority authority = {{(const uint8_t *)"A", 1}, TEST_KEY_1};
	static const struct manifest_draft base = {
		.board = {{(const uint8_t *)"b", 1}, TEST_KEY_7},
		.threshold = 1,
		.authorities_count = 1,
		.authorities = &authority,
	};
	struct sequent_import out;
	struct error err;
	struct arena a;
	if (!memory)
		require(memory = aligned_alloc(ARENA_ALIGN, ROOM));
	arena_init(&a, memory, ROOM);
	error_clear(&err);
	if (!sequent_import(&out, bytes_of(data, size), &base, &a, &err)) {
		require(err.kind == ERROR_MALFORMED || err.kind == ERROR_LIMIT);
		return 0;
	}
	for (unsigned i = 0; i < out.count; i++)
		check_election(&out.elections[i], &a);
	return 0;
}
