/* SPDX-License-Identifier: Apache-2.0 */
#include "files/disk_folder.h"

#include "files/disk_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct disk_folder *of(struct folder *folder)
{
	return (struct disk_folder *)folder;
}

/* Descriptor of the file, -1 with true when it is not there. */
static bool open_file(int *fd, const struct disk_folder *f, const char *path, struct error *err)
{
	int dir = -1;
	const char *last;
	*fd = -1;
	if (!disk_parent(&dir, &last, f, path, false, err))
		return false;
	if (dir < 0)
		return true;
	/* O_NONBLOCK: a pipe is refused by its kind, not waited for. */
	*fd = openat(dir, last, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int code = errno;
	close(dir);
	if (*fd >= 0 || code == ENOENT)
		return true;
	if (code == ELOOP)
		return fail(err, ERROR_MALFORMED, "files: a link where a file is expected", ERROR_NOWHERE);
	errno = code;
	return disk_fail(err, "files: cannot be opened");
}

static bool open_source(struct folder *folder, const char *path, struct source **out,
                        struct error *err)
{
	struct disk_folder *f = of(folder);
	int fd;
	*out = NULL;
	if (!name_check(path, err))
		return fail_within(err, f->name);
	if (!open_file(&fd, f, path, err))
		return name_within(err, f->name, path);
	if (fd < 0) {
		fail(err, ERROR_MALFORMED, "files: is missing", ERROR_NOWHERE);
		return name_within(err, f->name, path);
	}
	return disk_source_new(out, fd, (struct disk_label){f->name, path}, err);
}

static bool may_write(const struct disk_folder *f, struct error *err)
{
	return f->access != DISK_READ ||
	       fail_detail(err, ERROR_CONFLICT, "files: the folder was opened for reading only",
	                   ERROR_NOWHERE, f->name);
}

static bool create_sink(struct folder *folder, const char *path, bool replace, struct sink **out,
                        struct error *err)
{
	struct disk_folder *f = of(folder);
	struct disk_target t = {
		.label = {f->name, path}, .replace = replace, .secret = disk_is_private(f->access)};
	*out = NULL;
	if (!may_write(f, err))
		return false;
	if (!name_check(path, err))
		return fail_within(err, f->name);
	if (!disk_parent(&t.dir, &t.last, f, path, true, err))
		return name_within(err, f->name, path);
	return disk_sink_new(out, &t, err);
}

static bool exists(struct folder *folder, const char *path)
{
	struct disk_folder *f = of(folder);
	struct stat st;
	int dir = -1;
	const char *last;
	if (!name_check(path, NULL) || !disk_parent(&dir, &last, f, path, false, NULL) || dir < 0)
		return false;
	bool found = fstatat(dir, last, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
	close(dir);
	return found;
}

static bool remove_file(struct folder *folder, const char *path, struct error *err)
{
	struct disk_folder *f = of(folder);
	int dir = -1;
	const char *last;
	if (!may_write(f, err))
		return false;
	if (!name_check(path, err))
		return fail_within(err, f->name);
	if (!disk_parent(&dir, &last, f, path, false, err))
		return name_within(err, f->name, path);
	if (dir < 0)
		return true;
	bool ok = true;
	if (unlinkat(dir, last, 0) != 0) {
		if (errno == EISDIR)
			ok = fail(err, ERROR_MALFORMED, "files: a folder where a file is expected",
			          ERROR_NOWHERE);
		else if (errno != ENOENT)
			ok = disk_fail(err, "files: cannot be removed");
	} else if (fsync(dir) != 0) {
		ok = disk_fail(err, "files: is removed, but may come back after a power loss");
	}
	close(dir);
	return ok || name_within(err, f->name, path);
}

/* Like every name of ours, the folder's own one is durable before anything is put into it. */
static bool make_directory(const char *path, struct error *err)
{
	if (mkdir(path, 0700) != 0)
		return errno == EEXIST || disk_fail(err, "files: the folder cannot be made");
	int above = -1, fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		above = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = above >= 0 && fsync(above) == 0;
	if (!ok)
		disk_fail(err, "files: the folder cannot be made durable");
	if (above >= 0)
		close(above);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool disk_is_private(enum disk_access access)
{
	return access == DISK_PRIVATE || access == DISK_MAKE_PRIVATE;
}

static bool check_private(int *fd, struct error *err)
{
	struct stat st;
	bool good = fstat(*fd, &st) == 0 || disk_fail(err, "files: the folder cannot be looked at");
	if (good && (st.st_uid != geteuid() || (st.st_mode & 077) != 0))
		good = fail(err, ERROR_REJECTED,
		            "files: secrets belong in a folder of your own that nobody else may enter "
		            "(chmod 700)",
		            ERROR_NOWHERE);
	if (!good) {
		close(*fd);
		*fd = -1;
	}
	return good;
}

static bool open_directory(int *fd, const char *path, enum disk_access access, struct error *err)
{
	if ((access == DISK_MAKE || access == DISK_MAKE_PRIVATE) && !make_directory(path, err))
		return false;
	*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd >= 0 && !disk_is_private(access))
		return true;
	if (*fd >= 0)
		return check_private(fd, err);
	if (errno == ENOENT)
		return fail(err, ERROR_MALFORMED, "files: the folder is missing", ERROR_NOWHERE);
	if (errno == ENOTDIR)
		return fail(err, ERROR_MALFORMED, "files: not a folder", ERROR_NOWHERE);
	return disk_fail(err, "files: the folder cannot be opened");
}

/* Takes the descriptor, in every case. */
static bool folder_of(struct folder **out, int fd, const char *name, enum disk_access access,
                      struct error *err)
{
	size_t name_room = strlen(name) + 1;
	struct disk_folder *f = malloc(sizeof *f + name_room);
	if (!f) {
		close(fd);
		return fail(err, ERROR_IO, "files: out of memory", ERROR_NOWHERE);
	}
	*f = (struct disk_folder){
		.folder = {.open = open_source,
	               .create = create_sink,
	               .exists = exists,
	               .list = disk_list,
	               .remove = remove_file},
		.fd = fd,
		.access = access,
	};
	memcpy(f->name, name, name_room);
	f->folder.name = f->name;
	*out = &f->folder;
	return true;
}

bool disk_folder_open(struct folder **out, const char *path, enum disk_access access,
                      struct error *err)
{
	int fd = -1;
	*out = NULL;
	if (!open_directory(&fd, path, access, err))
		return fail_within(err, path);
	if (access != DISK_READ && !disk_clean(fd, 0, err)) {
		close(fd);
		return fail_within(err, path);
	}
	return folder_of(out, fd, path, access, err);
}

bool disk_folder_of(struct folder **out, int fd, const char *name, enum disk_access access,
                    struct error *err)
{
	*out = NULL;
	int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (own < 0) {
		disk_fail(err, "files: the folder cannot be opened");
		return fail_within(err, name);
	}
	if (disk_is_private(access) && !check_private(&own, err))
		return fail_within(err, name);
	return folder_of(out, own, name, access, err);
}

int disk_folder_descriptor(const struct folder *f)
{
	return ((const struct disk_folder *)f)->fd;
}

static bool overwrite(int dir, const char *last, struct error *err)
{
	static const uint8_t zeros[4096];
	struct stat st;
	int fd = openat(dir, last, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT || disk_fail(err, "files: cannot be overwritten");
	bool good = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	for (off_t at = 0; good && at < st.st_size;) {
		size_t len =
			st.st_size - at < (off_t)sizeof zeros ? (size_t)(st.st_size - at) : sizeof zeros;
		ssize_t n = pwrite(fd, zeros, len, at);
		good = n > 0 || (n < 0 && errno == EINTR);
		at += n > 0 ? n : 0;
	}
	good = good && fsync(fd) == 0;
	if (!good)
		disk_fail(err, "files: cannot be overwritten");
	close(fd);
	return good;
}

bool disk_folder_erase(struct folder *folder, const char *path, struct error *err)
{
	struct disk_folder *f = of(folder);
	int dir = -1;
	const char *last;
	if (folder->open != open_source)
		return folder->remove(folder, path, err);
	if (!may_write(f, err))
		return false;
	if (!name_check(path, err))
		return fail_within(err, f->name);
	if (!disk_parent(&dir, &last, f, path, false, err))
		return name_within(err, f->name, path);
	bool good = dir < 0 || overwrite(dir, last, err);
	if (dir >= 0)
		close(dir);
	return (good || name_within(err, f->name, path)) && remove_file(folder, path, err);
}

void disk_folder_close(struct folder *folder)
{
	if (!folder)
		return;
	close(of(folder)->fd);
	free(folder);
}
