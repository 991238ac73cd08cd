/* SPDX-License-Identifier: Apache-2.0 */
/* H_files: one digest for all files below some folders of a record. */
#include "record/statement.h"

/*
 * Direct children come in ascending byte order of their names, but "a/b" and "a.b" as paths are
 * ordered by '/' against '.': so a folder's children are visited in the order of their names with
 * a '/' behind those of folders. The seam gives one pass; the next name after the last one is
 * searched each time, which is fine for the few dozen names a folder of a record has.
 */
#define NAME_MAX_BYTES RECORD_PATH_BYTES
struct next_name {
	const char *after; /* "" at first */
	char best[NAME_MAX_BYTES];
	bool found;
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
	struct next_name *n = ctx;
	char name[NAME_MAX_BYTES];
	struct text t = TEXT_OF(name);
	text_add(&t, e->name);
	text_add(&t, e->is_folder ? "/" : "");
	if (t.cut)
		return fail_detail(err, ERROR_LIMIT, "record: a name is too long", ERROR_NOWHERE, e->name);
	if (order(name, n->after) > 0 && (!n->found || order(name, n->best) < 0)) {
		n->found = true;
		memcpy(n->best, name, sizeof name);
	}
	return true;
}

struct digest_walk {
	struct folder *record;
	struct hash hash;
	bool counting; /* first the number of children is needed */
	uint64_t files;
};

static bool take_file(struct digest_walk *w, const char *path, struct error *err)
{
	digest d;
	w->files++;
	if (w->counting)
		return true;
	if (!record_file_digest(&d, w->record, path, err))
		return false;
	tree_hash_leaf(&w->hash, bytes_of_text(path));
	tree_hash_leaf(&w->hash, BYTES_OF(d.b));
	return true;
}

/* `path` ends with '/'; depth is how many more folders may follow. */
static bool walk(struct digest_walk *w, const char *path, unsigned depth, struct error *err)
{
	char folder[RECORD_PATH_BYTES], last[NAME_MAX_BYTES] = "";
	struct text t = TEXT_OF(folder);
	text_add_bytes(&t, bytes_of(path, bytes_of_text(path).len - 1));
	for (;;) {
		char child[RECORD_PATH_BYTES];
		struct next_name next = {.after = last};
		if (!w->record->list(w->record, folder, visit, &next, err))
			return false;
		if (!next.found)
			return true;
		t = TEXT_OF(child);
		text_add(&t, path);
		text_add(&t, next.best);
		if (t.cut || depth == 0)
			return fail_detail(err, ERROR_LIMIT, "record: a path is too long or too deep",
			                   ERROR_NOWHERE, folder);
		if (!(child[t.len - 1] == '/' ? walk(w, child, depth - 1, err) : take_file(w, child, err)))
			return false;
		memcpy(last, next.best, sizeof last);
	}
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
	if (w.files > TREE_MAX / 4)
		return fail(err, ERROR_LIMIT, "record: too many files", w.files);
	tagged_digest_init(&w.hash, "files", (uint32_t)(2 * w.files));
	w.counting = false;
	uint64_t counted = w.files;
	w.files = 0;
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
