/* SPDX-License-Identifier: Apache-2.0 */
#include "files/lock.h"

#include "files/disk_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DYING_MS 5000u
#define STEP_MS 10u

/* The digits the holder has written down, as far as it has already. */
static void read_number(char digits[static 21], int fd)
{
	ssize_t n = pread(fd, digits, 20, 0);
	digits[n > 0 ? n : 0] = '\0';
	digits[strspn(digits, "0123456789")] = '\0';
}

/* The process that took the lock is gone, and one that it gave it to is about to follow it. */
static bool holder_is_gone(int fd)
{
	char digits[21];
	read_number(digits, fd);
	long pid = strtol(digits, NULL, 10);
	return pid > 0 && pid <= INT_MAX && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

static bool lock_file(int fd)
{
	const struct timespec step = {0, STEP_MS * 1000000L};
	for (unsigned waited = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited += STEP_MS) {
		int code = errno;
		if (code != EWOULDBLOCK || waited >= DYING_MS || !holder_is_gone(fd)) {
			errno = code;
			return false;
		}
		nanosleep(&step, NULL);
	}
	return true;
}

/* "process 4711" */
static void describe_holder(int fd, char *room, size_t room_len)
{
	char digits[21];
	struct text t = {room, room_len, 0, false};
	read_number(digits, fd);
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
	if (ok && !lock_file(fd)) {
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
