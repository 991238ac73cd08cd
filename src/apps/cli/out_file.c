/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/out_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct out_file {
	struct sink sink; /* first member; its name is the path */
	int fd;
	char part[]; /* then the path */
};

static bool failed(struct error *err, const char *what, const char *path)
{
	fail_detail(err, ERROR_IO, what, ERROR_NOWHERE, strerror(errno));
	return fail_within(err, path);
}

static bool exists(struct error *err, const char *path)
{
	return fail_detail(err, ERROR_CONFLICT, "file: there is one of this name", ERROR_NOWHERE, path);
}

static bool append(struct sink *s, bytes b, struct error *err)
{
	const struct out_file *f = (const struct out_file *)s;
	while (b.len > 0) {
		ssize_t n = write(f->fd, b.p, b.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(err, "file: cannot be written", s->name);
		b = bytes_from(b, (size_t)n);
	}
	return true;
}

static void end(struct out_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	free(f);
}

static void discard(struct sink *s)
{
	struct out_file *f = (struct out_file *)s;
	unlink(f->part);
	end(f);
}

/* Without it the name could be lost with the power, although the bytes are there. */
static bool sync_folder_of(const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	bool good = fd >= 0 && fsync(fd) == 0;
	if (!good)
		failed(err, "file: its folder cannot be made durable", path);
	if (fd >= 0)
		close(fd);
	free(folder);
	return good;
}

static bool commit(struct sink *s, struct error *err)
{
	struct out_file *f = (struct out_file *)s;
	bool good = fsync(f->fd) == 0 || failed(err, "file: cannot be made durable", s->name);
	if (good && renameat2(AT_FDCWD, f->part, AT_FDCWD, s->name, RENAME_NOREPLACE) != 0)
		good = errno == EEXIST ? exists(err, s->name)
		                       : failed(err, "file: cannot be given its name", s->name);
	if (!good) {
		discard(s);
		return false;
	}
	good = sync_folder_of(s->name, err);
	end(f);
	return good;
}

bool out_file_create(struct sink **out, const char *path, struct error *err)
{
	size_t len = strlen(path), part = len + 32;
	struct out_file *f;
	*out = NULL;
	if (access(path, F_OK) == 0)
		return exists(err, path);
	f = malloc(sizeof *f + part + len + 1);
	if (!f)
		return fail(err, ERROR_IO, "file: out of memory", ERROR_NOWHERE);
	snprintf(f->part, part, "%s.%d.part", path, (int)getpid());
	memcpy(f->part + part, path, len + 1);
	f->sink = (struct sink){f->part + part, append, commit, discard};
	f->fd = open(f->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (f->fd < 0) {
		failed(err, "file: cannot be made", path);
		free(f);
		return false;
	}
	*out = &f->sink;
	return true;
}
