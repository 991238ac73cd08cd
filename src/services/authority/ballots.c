/* SPDX-License-Identifier: Apache-2.0 */
/* The log and its ballots, checked once: what came of it is remembered in the home. */
#include "authority/memo_internal.h"
#include "authority/stage_internal.h"
#include "ceremony/ceremony.h"
#include "files/pinned_folder.h"
#include "hash/tagged.h"
#include "record/entry.h"
#include "record/note.h"

/* The log speaks of the ceremony; so it is derived anew, and must be that of the key. */
static bool ceremony_read(struct ceremony_report *out, const struct authority *a,
                          const struct election_key *key, struct error *err)
{
	struct subfolder ceremony;
	struct election_key found;
	if (!subfolder_init(&ceremony, a->record, "ceremony", err) ||
	    !ceremony_verify_report(&found, out, a->manifest, &ceremony.folder, err))
		return false;
	return digest_equal(&found.eid, &key->eid) ||
	       fail(err, ERROR_REJECTED, "authority: the record's ceremony gives another key",
	            ERROR_NOWHERE);
}

static bool hash_file(struct hash *h, const struct authority *a, const char *path,
                      struct error *err)
{
	digest file;
	if (!a->record->exists(a->record, path)) {
		tree_hash_leaf(h, BYTES_NONE);
		return true;
	}
	if (!record_file_digest(&file, a->record, path, err))
		return false;
	tree_hash_leaf(h, BYTES_OF(file.b));
	return true;
}

/* Everything ballot_box_read reads, but the derived lists. EID covers the manifest. */
static bool ballots_memo(digest *about, const struct authority *a, const struct election_key *key,
                         const struct ceremony_report *ceremony, struct error *err)
{
	static const char *const files[] = {"log/entries", "ballots.bt", "voids.bt", "credentials.bt",
	                                    "credentials-signature.bt"};
	const uint32_t count = sizeof files / sizeof *files;
	struct hash h;
	tagged_digest_init(&h, "checked-ballots", 4 + count);
	tree_hash_leaf(&h, BYTES_OF(key->eid.b));
	tree_hash_leaf(&h, BYTES_OF(ceremony->certified.b));
	tree_hash_u32(&h, ceremony->attempts);
	tree_hash_u32(&h, (uint32_t)sizeof(struct ballot_box));
	for (size_t i = 0; i < count; i++)
		if (!hash_file(&h, a, files[i], err))
			return false;
	*about = tagged_digest_finish(&h);
	return true;
}

/* A memo says nothing about the lists in the record: they must lie there as derived. */
static bool lists_are_there(const struct ballot_box *box, const struct authority *a)
{
	for (unsigned l = 0; l < a->manifest->lists_count; l++) {
		digest found;
		if (box->list_sizes[l] && (!proof_digest(&found, a->record, l, MIX_FILE_INPUT, 0, NULL) ||
		                           !digest_equal(&found, &box->list_digests[l])))
			return false;
	}
	return true;
}

/*
 * The log up to "close" must be the one the board signed before a list is derived of it: a list is
 * written once, and one of a log that was spoiled would be in the way for ever.
 */
static bool log_is_signed(const struct authority *a, const struct election_key *key,
                          struct error *err)
{
	const struct checkpoint_policy policy = {a->manifest, &key->eid, false};
	struct arena *arena = a->world->arena;
	size_t mark = arena_mark(arena);
	struct log_reader r;
	struct source *src;
	struct entry e;
	bool more = true, closed = false;
	unsigned witnesses;
	if (!a->record->open(a->record, "log/entries", &src, err))
		return false;
	bool good = log_reader_init(&r, src, &key->eid, arena, err);
	while (good && more && !closed) {
		good = log_reader_next(&r, &e, &more, err);
		closed = good && more && e.kind == ENTRY_CLOSE;
	}
	source_close(src);
	digest root = good ? merkle_root(&r.tree) : (digest){{0}};
	const struct checkpoint_claim claim = {a->record, "log/checkpoint-close",
	                                       good ? r.tree.size : 0, &root};
	arena_release(arena, mark);
	return good && checkpoint_check(&witnesses, &claim, &policy, err);
}

static bool ballots_read(struct ballot_box *box, const struct authority *a,
                         const struct election_key *key, struct error *err)
{
	uint8_t room[MEMO_MAX];
	struct ceremony_report ceremony;
	struct box_job job = {.manifest = a->manifest,
	                      .key = key,
	                      .ceremony = &ceremony,
	                      .record = a->record,
	                      .world = a->world,
	                      .write_lists = true};
	bytes known;
	digest about;
	_Static_assert(sizeof *box < MEMO_MAX, "a memo holds a ballot box");
	require(pinned_folder_is(a->record));
	if (!ceremony_read(&ceremony, a, key, err) || !ballots_memo(&about, a, key, &ceremony, err))
		return false;
	if (memo_find(&known, room, a, &about) && known.len == sizeof *box) {
		memcpy(box, known.p, sizeof *box);
		if (lists_are_there(box, a))
			return true;
	}
	return log_is_signed(a, key, err) && ballot_box_read(box, &job, err) &&
	       memo_keep(a, &about, bytes_of(box, sizeof *box), err);
}

bool ballots_check(struct ballot_box *box, const struct authority *a,
                   const struct election_key *key, struct error *err)
{
	if (!ballots_read(box, a, key, err))
		return false;
	for (unsigned l = 0; l < a->manifest->lists_count; l++)
		if (!list_size_check(a->manifest, box, l, err))
			return false;
	return true;
}
