/* SPDX-License-Identifier: Apache-2.0 */
#include "files/disk_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 16u /* deeper than any folder of ours */

struct names {
	char **p;
	size_t count, room;
};

static void names_done(struct names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free(n->p[i]);
	free(n->p);
}

static bool names_add(struct names *n, const char *name, struct error *err)
{
	if (n->count == n->room) {
		size_t room = n->room ? 2 * n->room : 64;
		char **p = realloc(n->p, room * sizeof *p);
		if (!p)
			return fail(err, ERROR_IO, "files: out of memory", ERROR_NOWHERE);
		n->p = p;
		n->room = room;
	}
	char *copy = strdup(name);
	if (!copy)
		return fail(err, ERROR_IO, "files: out of memory", ERROR_NOWHERE);
	n->p[n->count++] = copy;
	return true;
}

static int by_bytes(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return strcmp(*x, *y);
}

/* All names but "." and "..", sorted. Does not take dir. */
static bool names_read(struct names *n, int dir, struct error *err)
{
	int own = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = own >= 0 ? fdopendir(own) : NULL;
	if (!d) {
		disk_fail(err, "files: a folder cannot be listed");
		if (own >= 0)
			close(own);
		return false;
	}
	bool ok = true;
	struct dirent *e;
	errno = 0;
	while (ok && (e = readdir(d))) {
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			ok = names_add(n, e->d_name, err);
		errno = 0;
	}
	if (ok && errno != 0)
		ok = disk_fail(err, "files: a folder cannot be listed");
	closedir(d);
	if (ok && n->count > 1)
		qsort(n->p, n->count, sizeof *n->p, by_bytes);
	return ok;
}

/* A writer passes over its lock and what other writers are at; a reader is shown everything. */
static bool is_hidden(enum disk_access access, const char *name)
{
	return access != DISK_READ && (strcmp(name, LOCK_NAME) == 0 || name_is_temporary(name));
}

/* Whether there is anything below but folders. What is too deep, or gone again, is. */
static bool has_content(bool *out, int parent, const char *name, enum disk_access access,
                        unsigned depth, struct error *err)
{
	struct names n = {0};
	struct stat st;
	int dir = -1;
	*out = depth == DEPTH_MAX;
	if (*out)
		return true;
	if (!disk_step(&dir, parent, name, err))
		return false;
	bool ok = dir < 0 || names_read(&n, dir, err);
	for (size_t i = 0; ok && !*out && i < n.count; i++) {
		if (is_hidden(access, n.p[i]) || fstatat(dir, n.p[i], &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			ok = has_content(out, dir, n.p[i], access, depth + 1, err);
		else
			*out = true;
	}
	names_done(&n);
	if (dir >= 0)
		close(dir);
	return ok || fail_within(err, name);
}

struct visit {
	enum disk_access access;
	folder_visit_fn *f;
	void *ctx;
};

static bool visit_one(int dir, const char *name, const struct visit *v, struct error *err)
{
	bool full = true;
	struct stat st;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		if (errno == ENOENT)
			return true; /* removed since the folder was read: as if it had been before */
		disk_fail(err, "files: cannot be looked at");
		return fail_within(err, name);
	}
	bool is_folder = S_ISDIR(st.st_mode);
	if (!is_folder && !S_ISREG(st.st_mode)) {
		fail(err, ERROR_MALFORMED, "files: neither a file nor a folder", ERROR_NOWHERE);
		return fail_within(err, name);
	}
	if (is_folder && !has_content(&full, dir, name, v->access, 0, err))
		return false;
	const struct folder_entry e = {name, is_folder ? 0 : (uint64_t)st.st_size, is_folder};
	return !full || v->f(v->ctx, &e, err);
}

static bool list_directory(int dir, const struct visit *v, struct error *err)
{
	struct names n = {0};
	bool ok = names_read(&n, dir, err);
	for (size_t i = 0; ok && i < n.count; i++)
		if (!is_hidden(v->access, n.p[i]))
			ok = visit_one(dir, n.p[i], v, err);
	names_done(&n);
	return ok;
}

bool disk_list(struct folder *folder, const char *path, folder_visit_fn *visit, void *ctx,
               struct error *err)
{
	struct disk_folder *f = (struct disk_folder *)folder;
	int parent = -1, dir = -1;
	const char *last;
	if (path[0] && !name_check(path, err))
		return fail_within(err, f->name);
	bool ok = disk_parent(&parent, &last, f, path, false, err);
	if (ok && parent >= 0 && last[0]) {
		ok = disk_step(&dir, parent, last, err);
		close(parent);
	} else {
		dir = parent;
	}
	if (!ok)
		return name_within(err, f->name, path);
	if (dir < 0)
		return true; /* missing: empty */
	const struct visit v = {f->access, visit, ctx};
	ok = list_directory(dir, &v, err);
	close(dir);
	return ok || name_within(err, f->name, path);
}

/* A writer at work holds a lock; whoever gets the lock here has a leftover before him. */
static bool clean_one(int dir, const char *name, struct error *err)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return true; /* gone, or nothing of ours */
	bool ok = true;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && unlinkat(dir, name, 0) != 0 && errno != ENOENT) {
		disk_fail(err, "files: what a killed writer left cannot be removed");
		ok = fail_within(err, name);
	}
	close(fd);
	return ok;
}

bool disk_clean(int dir, unsigned depth, struct error *err)
{
	struct names n = {0};
	bool ok = names_read(&n, dir, err);
	for (size_t i = 0; ok && i < n.count; i++) {
		struct stat st;
		if (fstatat(dir, n.p[i], &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (S_ISREG(st.st_mode) && name_is_temporary(n.p[i]))
			ok = clean_one(dir, n.p[i], err);
		int below = -1;
		if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX) {
			ok = disk_step(&below, dir, n.p[i], err) &&
			     (below < 0 || disk_clean(below, depth + 1, err));
			if (!ok)
				fail_within(err, n.p[i]);
		}
		if (below >= 0)
			close(below);
	}
	names_done(&n);
	return ok;
}
