/* SPDX-License-Identifier: Apache-2.0 */
#include "files/lock.h"

#include "files/disk_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* "process 4711", as far as the holder has written it down already. */
static void describe_holder(int fd, char *room, size_t room_len)
{
	char digits[21];
	struct text t = {room, room_len, 0, false};
	ssize_t n = pread(fd, digits, sizeof digits - 1, 0);
	digits[n > 0 ? n : 0] = '\0';
	digits[strspn(digits, "0123456789")] = '\0';
	text_add(&t, "held by ");
	text_add(&t, digits[0] ? "process " : "another process");
	text_add(&t, digits);
}

/* Only for people: the lock itself is the kernel's. */
static bool write_number(int fd, struct error *err)
{
	char room[24];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, (uint64_t)getpid());
	text_add(&t, "\n");
	if (ftruncate(fd, 0) != 0 || pwrite(fd, room, t.len, 0) != (ssize_t)t.len)
		return disk_fail(err, "files: the lock cannot be written");
	return true;
}

bool folder_lock_take(struct folder_lock *out, const char *folder_path, struct error *err)
{
	out->fd = -1;
	int dir = open(folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0) {
		disk_fail(err, "files: the folder to be locked cannot be opened");
		return fail_within(err, folder_path);
	}
	int fd = openat(dir, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok = fd >= 0 || disk_fail(err, "files: the lock cannot be made");
	close(dir);
	if (ok && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		char holder[64];
		if (errno == EWOULDBLOCK) {
			describe_holder(fd, holder, sizeof holder);
			ok = fail_detail(err, ERROR_UNAVAILABLE, "files: the folder is in use", ERROR_NOWHERE,
			                 holder);
		} else {
			ok = disk_fail(err, "files: the folder cannot be locked");
		}
	}
	ok = ok && write_number(fd, err);
	if (!ok) {
		if (fd >= 0)
			close(fd);
		return fail_within(err, folder_path);
	}
	out->fd = fd;
	return true;
}

void folder_lock_release(struct folder_lock *lock)
{
	if (lock->fd >= 0)
		close(lock->fd);
	lock->fd = -1;
}
