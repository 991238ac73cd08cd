/* SPDX-License-Identifier: Apache-2.0 */
#include "files/memory_folder.h"

#include "files/names_internal.h"

#include <stdlib.h>
#include <string.h>

/* Content, shared by the file and the sources that read it. */
struct blob {
	size_t users, len, room;
	uint8_t *p;
};

struct file {
	char *path;
	struct blob *blob;
};

struct memory_folder {
	struct folder folder; /* first member */
	struct file *files;   /* ascending by path */
	size_t count, room;
	size_t stored, limit; /* bytes of all blobs alive */
};

struct memory_source {
	struct source source; /* first member */
	struct memory_folder *folder;
	struct blob *blob;
	size_t at;
	char name[];
};

struct memory_sink {
	struct sink sink; /* first member */
	struct memory_folder *folder;
	struct blob *blob;
	bool replace, failed;
	char name[];
};

static struct memory_folder *of(struct folder *folder)
{
	return (struct memory_folder *)folder;
}

static bool out_of_memory(struct error *err)
{
	return fail(err, ERROR_IO, "files: out of memory", ERROR_NOWHERE);
}

static void blob_leave(struct memory_folder *f, struct blob *b)
{
	if (!b || --b->users > 0)
		return;
	f->stored -= b->len;
	free(b->p);
	free(b);
}

/* The first file whose path is not before this one. */
static size_t position(const struct memory_folder *f, const char *path)
{
	size_t low = 0, high = f->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(f->files[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct file *find(const struct memory_folder *f, const char *path)
{
	size_t i = position(f, path);
	return i < f->count && strcmp(f->files[i].path, path) == 0 ? &f->files[i] : NULL;
}

/* Whether some file lies below this path, which makes it a folder. */
static bool is_folder(const struct memory_folder *f, const char *path)
{
	size_t len = strlen(path);
	for (size_t i = position(f, path); i < f->count; i++) {
		if (strncmp(f->files[i].path, path, len) != 0)
			return false;
		if (f->files[i].path[len] == '/')
			return true;
	}
	return false;
}

/* Whether one of the folders on the way to this path is a file. */
static bool is_below_a_file(const struct memory_folder *f, const char *path)
{
	char above[PATH_BYTES_MAX + 1];
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		memcpy(above, path, (size_t)(slash - path));
		above[slash - path] = '\0';
		if (find(f, above))
			return true;
	}
	return false;
}

/* Sources */

static bool next(struct source *source, size_t want, bytes *out, struct error *err)
{
	struct memory_source *s = (struct memory_source *)source;
	(void)err;
	require(want <= SOURCE_WANT_MAX);
	size_t rest = s->blob->len - s->at, n = want < rest ? want : rest;
	*out = n > 0 ? bytes_of(s->blob->p + s->at, n) : BYTES_NONE;
	s->at += n;
	return true;
}

static bool rewind_source(struct source *source, struct error *err)
{
	(void)err;
	((struct memory_source *)source)->at = 0;
	return true;
}

static void close_source(struct source *source)
{
	struct memory_source *s = (struct memory_source *)source;
	blob_leave(s->folder, s->blob);
	free(s);
}

static bool open_source(struct folder *folder, const char *path, struct source **out,
                        struct error *err)
{
	struct memory_folder *f = of(folder);
	*out = NULL;
	if (!name_check(path, err))
		return fail_within(err, folder->name);
	struct file *file = find(f, path);
	if (!file) {
		fail(err, ERROR_MALFORMED,
		     is_folder(f, path) ? "files: not a regular file" : "files: is missing", ERROR_NOWHERE);
		return name_within(err, folder->name, path);
	}
	size_t name_room = strlen(path) + 1;
	struct memory_source *s = malloc(sizeof *s + name_room);
	if (!s)
		return out_of_memory(err);
	*s = (struct memory_source){.source = {.size = file->blob->len,
	                                       .next = next,
	                                       .rewind = rewind_source,
	                                       .close = close_source},
	                            .folder = f,
	                            .blob = file->blob};
	memcpy(s->name, path, name_room);
	s->source.name = s->name;
	s->blob->users++;
	*out = &s->source;
	return true;
}

/* Sinks */

static bool append(struct sink *sink, bytes b, struct error *err)
{
	struct memory_sink *s = (struct memory_sink *)sink;
	struct blob *to = s->blob;
	if (s->failed)
		return fail_detail(err, ERROR_IO, "files: an earlier write failed", ERROR_NOWHERE, s->name);
	if (b.len > s->folder->limit - s->folder->stored) {
		s->failed = true;
		return fail_detail(err, ERROR_LIMIT, "files: the folder in memory is full",
		                   s->folder->limit, s->name);
	}
	if (b.len > to->room - to->len) {
		size_t room = to->room ? to->room : 256;
		while (room - to->len < b.len)
			room *= 2;
		uint8_t *p = realloc(to->p, room);
		if (!p) {
			s->failed = true;
			return out_of_memory(err);
		}
		to->p = p;
		to->room = room;
	}
	if (b.len > 0)
		memcpy(to->p + to->len, b.p, b.len);
	to->len += b.len;
	s->folder->stored += b.len;
	return true;
}

static void abort_sink(struct sink *sink)
{
	struct memory_sink *s = (struct memory_sink *)sink;
	blob_leave(s->folder, s->blob);
	free(s);
}

static bool insert(struct memory_folder *f, const char *path, struct blob *blob, struct error *err)
{
	if (f->count == f->room) {
		size_t room = f->room ? 2 * f->room : 16;
		struct file *p = realloc(f->files, room * sizeof *p);
		if (!p)
			return out_of_memory(err);
		f->files = p;
		f->room = room;
	}
	char *copy = strdup(path);
	if (!copy)
		return out_of_memory(err);
	size_t i = position(f, path);
	memmove(&f->files[i + 1], &f->files[i], (f->count - i) * sizeof f->files[0]);
	f->files[i].path = copy;
	f->files[i].blob = blob;
	f->count++;
	return true;
}

static bool publish(struct memory_sink *s, struct error *err)
{
	struct memory_folder *f = s->folder;
	struct file *old = find(f, s->name);
	if (s->failed)
		return fail(err, ERROR_IO, "files: an earlier write failed", ERROR_NOWHERE);
	if ((old && !s->replace) || is_folder(f, s->name) || is_below_a_file(f, s->name))
		return fail(err, ERROR_CONFLICT, "files: it exists already", ERROR_NOWHERE);
	if (!old)
		return insert(f, s->name, s->blob, err);
	blob_leave(f, old->blob);
	old->blob = s->blob;
	return true;
}

static bool commit(struct sink *sink, struct error *err)
{
	struct memory_sink *s = (struct memory_sink *)sink;
	if (!publish(s, err)) {
		name_within(err, s->folder->folder.name, s->name);
		abort_sink(sink);
		return false;
	}
	free(s);
	return true;
}

static bool create_sink(struct folder *folder, const char *path, bool replace, struct sink **out,
                        struct error *err)
{
	*out = NULL;
	if (!name_check(path, err))
		return fail_within(err, folder->name);
	if (is_below_a_file(of(folder), path)) {
		fail(err, ERROR_MALFORMED, "files: a link or a file where a folder is expected",
		     ERROR_NOWHERE);
		return name_within(err, folder->name, path);
	}
	size_t name_room = strlen(path) + 1;
	struct memory_sink *s = malloc(sizeof *s + name_room);
	struct blob *blob = calloc(1, sizeof *blob);
	if (!s || !blob) {
		free(s);
		free(blob);
		return out_of_memory(err);
	}
	blob->users = 1;
	*s = (struct memory_sink){.sink = {.append = append, .commit = commit, .abort = abort_sink},
	                          .folder = of(folder),
	                          .blob = blob,
	                          .replace = replace};
	memcpy(s->name, path, name_room);
	s->sink.name = s->name;
	*out = &s->sink;
	return true;
}

/* The folder */

static bool exists(struct folder *folder, const char *path)
{
	return name_check(path, NULL) && find(of(folder), path);
}

/* The child of `path` that this file is or lies in; NULL when it does not lie below path. */
static const char *child_of(const char *file, const char *path, size_t path_len)
{
	if (path_len == 0)
		return file;
	bool below = strncmp(file, path, path_len) == 0 && file[path_len] == '/';
	return below ? file + path_len + 1 : NULL;
}

/* The child of path with the smallest name above `after`, or NULL. A folder's name ends before
 * '/', so the order of paths is not quite the order of children: "a.b" lies before "a/b". */
static const char *next_child(const struct memory_folder *f, const char *path, const char *after,
                              size_t *len, size_t *index)
{
	const char *best = NULL;
	size_t path_len = strlen(path);
	for (size_t i = 0; i < f->count; i++) {
		const char *child = child_of(f->files[i].path, path, path_len);
		if (!child)
			continue;
		size_t n = strcspn(child, "/"), after_len = strlen(after);
		int above = memcmp(child, after, n < after_len ? n : after_len);
		if (above < 0 || (above == 0 && n <= after_len))
			continue;
		int before = best ? memcmp(child, best, n < *len ? n : *len) : -1;
		if (before < 0 || (before == 0 && n < *len)) {
			best = child;
			*len = n;
			*index = i;
		}
	}
	return best;
}

static bool list(struct folder *folder, const char *path, folder_visit_fn *visit, void *ctx,
                 struct error *err)
{
	struct memory_folder *f = of(folder);
	char name[NAME_BYTES_MAX + 1] = "";
	size_t len = 0, index = 0;
	if (path[0] && !name_check(path, err))
		return fail_within(err, folder->name);
	if (path[0] && (find(f, path) || is_below_a_file(f, path))) {
		fail(err, ERROR_MALFORMED, "files: a link or a file where a folder is expected",
		     ERROR_NOWHERE);
		return name_within(err, folder->name, path);
	}
	for (const char *child; (child = next_child(f, path, name, &len, &index));) {
		bool below = child[len] == '/';
		memcpy(name, child, len);
		name[len] = '\0';
		const struct folder_entry e = {name, below ? 0 : f->files[index].blob->len, below};
		if (!visit(ctx, &e, err))
			return name_within(err, folder->name, path);
	}
	return true;
}

static bool remove_file(struct folder *folder, const char *path, struct error *err)
{
	struct memory_folder *f = of(folder);
	if (!name_check(path, err))
		return fail_within(err, folder->name);
	struct file *file = find(f, path);
	if (!file && (is_folder(f, path) || is_below_a_file(f, path))) {
		fail(err, ERROR_MALFORMED, "files: a folder where a file is expected", ERROR_NOWHERE);
		return name_within(err, folder->name, path);
	}
	if (!file)
		return true;
	blob_leave(f, file->blob);
	free(file->path);
	f->count--;
	memmove(file, file + 1, (size_t)(f->files + f->count - file) * sizeof *file);
	return true;
}

bool memory_folder_new(struct folder **out, const char *name, size_t limit, struct error *err)
{
	*out = NULL;
	struct memory_folder *f = calloc(1, sizeof *f);
	if (!f)
		return out_of_memory(err);
	f->folder = (struct folder){.name = name,
	                            .open = open_source,
	                            .create = create_sink,
	                            .exists = exists,
	                            .list = list,
	                            .remove = remove_file};
	f->limit = limit;
	*out = &f->folder;
	return true;
}

void memory_folder_free(struct folder *folder)
{
	if (!folder)
		return;
	struct memory_folder *f = of(folder);
	while (f->count > 0)
		(void)remove_file(folder, f->files[f->count - 1].path, NULL);
	free(f->files);
	free(f);
}
