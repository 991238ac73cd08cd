/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a test election's record: listing, reading, changing, copying. */
#include "support/support.h"

#include "support/election.h"

#include "files/memory_folder.h"

#include <stdio.h>
#include <stdlib.h>

#define COPY_LIMIT ((size_t)256 << 20)

struct walk {
	struct election_files *out;
	struct folder *folder;
	const char *place;
};

static bool visit(void *ctx, const struct folder_entry *entry, struct error *err)
{
	struct walk *w = ctx;
	struct election_file f;
	int len =
		snprintf(f.path, sizeof f.path, "%s%s%s", w->place, w->place[0] ? "/" : "", entry->name);
	if (len < 0 || (size_t)len >= sizeof f.path)
		return fail(err, ERROR_LIMIT, "test: a path is too long", 0);
	if (entry->is_folder) {
		struct walk below = {w->out, w->folder, f.path};
		return w->folder->list(w->folder, f.path, visit, &below, err);
	}
	if (w->out->count == w->out->room) {
		w->out->room = 2 * w->out->room + 64;
		w->out->file = realloc(w->out->file, w->out->room * sizeof *w->out->file);
		if (!w->out->file)
			abort();
	}
	w->out->file[w->out->count++] = f;
	return true;
}

void election_files(struct election_files *out, struct folder *f)
{
	struct error err;
	struct walk w = {out, f, ""};
	*out = (struct election_files){0};
	error_clear(&err);
	assert_ok(f->list(f, "", visit, &w, &err), err);
}

void election_files_free(struct election_files *files)
{
	free(files->file);
}

bytes election_read(struct folder *f, const char *path)
{
	struct error err;
	struct source *s;
	error_clear(&err);
	assert_ok(f->open(f, path, &s, &err), err);
	size_t size = (size_t)s->size;
	uint8_t *p = malloc(size + 1);
	assert_non_null(p);
	assert_ok(source_read(s, p, size, &err), err);
	source_close(s);
	return bytes_of(p, size);
}

void election_write(struct folder *f, const char *path, bytes content)
{
	struct error err;
	error_clear(&err);
	assert_ok(folder_write(f, path, true, content, &err), err);
}

void election_remove(struct folder *f, const char *path)
{
	struct error err;
	error_clear(&err);
	assert_ok(f->remove(f, path, &err), err);
}

struct folder *election_copy(struct folder *from)
{
	struct error err;
	struct folder *to;
	struct election_files files;
	error_clear(&err);
	assert_ok(memory_folder_new(&to, "record", COPY_LIMIT, &err), err);
	election_files(&files, from);
	for (size_t i = 0; i < files.count; i++) {
		bytes b = election_read(from, files.file[i].path);
		election_write(to, files.file[i].path, b);
		free((void *)(uintptr_t)b.p);
	}
	election_files_free(&files);
	return to;
}
