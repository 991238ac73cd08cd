/* SPDX-License-Identifier: Apache-2.0 */
#include "files/disk_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool disk_fail(struct error *err, const char *what)
{
	return fail_detail(err, ERROR_IO, what, ERROR_NOWHERE, strerror(errno));
}

size_t disk_label_bytes(struct disk_label label)
{
	return strlen(label.folder) + strlen(label.path) + 2;
}

const char *disk_label_write(char *out, struct disk_label label)
{
	size_t folder = strlen(label.folder);
	memcpy(out, label.folder, folder);
	if (folder > 0)
		out[folder++] = '/';
	memcpy(out + folder, label.path, strlen(label.path) + 1);
	return out + folder;
}

bool disk_step(int *fd, int dir, const char *name, struct error *err)
{
	*fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*fd >= 0 || errno == ENOENT)
		return true;
	/* A link gives ELOOP or, because of O_DIRECTORY, ENOTDIR: the same as any file. */
	if (errno == ELOOP || errno == ENOTDIR)
		return fail(err, ERROR_MALFORMED, "files: a link or a file where a folder is expected",
		            ERROR_NOWHERE);
	return disk_fail(err, "files: a folder cannot be opened");
}

/* A new directory is durable only when the one that holds it is. */
static bool make_step(int *fd, int dir, const char *name, mode_t mode, struct error *err)
{
	if (mkdirat(dir, name, mode) != 0 && errno != EEXIST)
		return disk_fail(err, "files: a folder cannot be made");
	if (fsync(dir) != 0)
		return disk_fail(err, "files: a folder cannot be made durable");
	if (!disk_step(fd, dir, name, err))
		return false;
	return *fd >= 0 || disk_fail(err, "files: a folder disappeared");
}

bool disk_parent(int *fd, const char **last, const struct disk_folder *f, const char *path,
                 bool make, struct error *err)
{
	char component[NAME_BYTES_MAX + 1];
	int at = openat(f->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return disk_fail(err, "files: the folder cannot be opened");
	for (const char *slash; (slash = strchr(path, '/')); path = slash + 1) {
		size_t len = (size_t)(slash - path); /* name_check has seen it */
		int next = -1;
		memcpy(component, path, len);
		component[len] = '\0';
		bool ok = disk_step(&next, at, component, err) &&
		          (next >= 0 || !make ||
		           make_step(&next, at, component, disk_is_private(f->access) ? 0700 : 0777, err));
		close(at);
		if (!ok)
			return false;
		at = next;
		if (at < 0)
			break;
	}
	*fd = at;
	*last = path;
	return true;
}
