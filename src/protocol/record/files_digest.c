/* SPDX-License-Identifier: Apache-2.0 */
/* H_files: one digest for all files below some folders of a record. */
#include "record/statement.h"

/*
 * Direct children come in ascending byte order of their names, but "a/b" and "a.b" as paths are
 * ordered by '/' against '.': so a folder's children are visited in the order of their names with
 * a '/' behind those of folders. The seam gives them in any order and one pass at a time; each pass
 * finds the next NAMES_AT_ONCE, so that a folder that somebody filled costs passes, not memory.
 */
#define NAMES_AT_ONCE 64u
#define NAME_MAX_BYTES RECORD_PATH_BYTES
struct next_names {
	char after[NAME_MAX_BYTES]; /* "" at first */
	unsigned count;
	char name[NAMES_AT_ONCE][NAME_MAX_BYTES]; /* ascending */
};

static int order(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (uint8_t)*a < (uint8_t)*b ? -1 : (uint8_t)*a > (uint8_t)*b;
}

static bool visit(void *ctx, const struct folder_entry *e, struct error *err)
{
	struct next_names *n = ctx;
	char name[NAME_MAX_BYTES];
	struct text t = TEXT_OF(name);
	text_add(&t, e->name);
	text_add(&t, e->is_folder ? "/" : "");
	if (t.cut)
		return fail_detail(err, ERROR_LIMIT, "record: a name is too long", ERROR_NOWHERE, e->name);
	unsigned at = n->count;
	while (at > 0 && order(name, n->name[at - 1]) < 0)
		at--;
	if (at == NAMES_AT_ONCE || order(name, n->after) <= 0)
		return true;
	unsigned behind = n->count - at - (n->count == NAMES_AT_ONCE);
	memmove(n->name[at + 1], n->name[at], behind * sizeof n->name[0]);
	memcpy(n->name[at], name, sizeof name);
	n->count += n->count < NAMES_AT_ONCE;
	return true;
}

struct digest_walk {
	struct folder *record;
	struct hash hash;
	bool counting; /* first the number of children is needed */
	uint64_t files, folders;
};

static bool take_file(struct digest_walk *w, const char *path, struct error *err)
{
	digest d;
	if (w->files++ == LIMIT_FILES)
		return fail(err, ERROR_LIMIT, "record: too many files in one place", LIMIT_FILES);
	if (w->counting)
		return true;
	if (!record_file_digest(&d, w->record, path, err))
		return false;
	tree_hash_leaf(&w->hash, bytes_of_text(path));
	tree_hash_leaf(&w->hash, BYTES_OF(d.b));
	return true;
}

static bool walk(struct digest_walk *w, const char *path, unsigned depth, struct error *err);

static bool take_names(struct digest_walk *w, const char *path, const struct next_names *next,
                       unsigned depth, struct error *err)
{
	for (unsigned i = 0; i < next->count; i++) {
		char child[RECORD_PATH_BYTES];
		struct text t = TEXT_OF(child);
		text_add(&t, path);
		text_add(&t, next->name[i]);
		if (t.cut || depth == 0)
			return fail_detail(err, ERROR_LIMIT, "record: a path is too long or too deep",
			                   ERROR_NOWHERE, path);
		if (!(child[t.len - 1] == '/' ? walk(w, child, depth - 1, err) : take_file(w, child, err)))
			return false;
	}
	return true;
}

/* `path` ends with '/'; depth is how many more folders may follow. */
static bool walk(struct digest_walk *w, const char *path, unsigned depth, struct error *err)
{
	char folder[RECORD_PATH_BYTES];
	struct next_names next = {.count = NAMES_AT_ONCE};
	struct text t = TEXT_OF(folder);
	if (w->folders++ == LIMIT_FILES)
		return fail(err, ERROR_LIMIT, "record: too many folders in one place", LIMIT_FILES);
	text_add_bytes(&t, bytes_of(path, bytes_of_text(path).len - 1));
	while (next.count == NAMES_AT_ONCE) {
		next.count = 0;
		if (!w->record->list(w->record, folder, visit, &next, err) ||
		    !take_names(w, path, &next, depth, err))
			return false;
		if (next.count)
			memcpy(next.after, next.name[next.count - 1], sizeof next.after);
	}
	return true;
}

static bool walk_all(struct digest_walk *w, const char *const *folders, size_t n, struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		char path[RECORD_PATH_BYTES];
		struct text t = TEXT_OF(path);
		text_add(&t, folders[i]);
		text_add(&t, "/");
		require(!t.cut);
		if (!walk(w, path, FILES_DEPTH, err))
			return false;
	}
	return true;
}

bool statement_files(digest *out, uint64_t *count, struct folder *record,
                     const char *const *folders, size_t n, struct error *err)
{
	struct digest_walk w = {.record = record, .counting = true};
	if (!walk_all(&w, folders, n, err))
		return false;
	if (count)
		*count = w.files;
	tagged_digest_init(&w.hash, "files", (uint32_t)(2 * w.files));
	w.counting = false;
	uint64_t counted = w.files;
	w.files = w.folders = 0;
	if (!walk_all(&w, folders, n, err))
		return false;
	if (w.files != counted)
		return fail(err, ERROR_IO, "record: files came or went while it was read", w.files);
	*out = tagged_digest_finish(&w.hash);
	return true;
}

bool statement_list_files(digest *out, struct folder *record, const char *auxsid, struct error *err)
{
	char endorse[RECORD_PATH_BYTES], proof[RECORD_PATH_BYTES];
	const char *folders[] = {endorse, proof};
	struct text t = TEXT_OF(endorse);
	text_add(&t, "endorse/");
	text_add(&t, auxsid);
	t = TEXT_OF(proof);
	text_add(&t, "proof/");
	text_add(&t, auxsid);
	return statement_files(out, NULL, record, folders, 2, err);
}
