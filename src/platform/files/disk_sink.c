/* SPDX-License-Identifier: Apache-2.0 */
#include "files/disk_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define SINK_BUFFER_BYTES ((size_t)1 << 20)
#define TEMPORARY_BYTES (sizeof TEMPORARY_PREFIX + TEMPORARY_DIGITS)

struct disk_sink {
	struct sink sink; /* first member */
	int fd, dir;
	bool secret;
	bool replace, failed;
	char temporary[TEMPORARY_BYTES];
	uint8_t *buffer;
	size_t used;
	const char *last; /* in label: the component inside dir */
	char label[];     /* sink.name is its end */
};

static bool write_out(struct disk_sink *s, bytes b, struct error *err)
{
	while (b.len > 0) {
		ssize_t n = write(s->fd, b.p, b.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			s->failed = true;
			return disk_fail(err, "files: cannot be written");
		}
		b = bytes_from(b, (size_t)n);
	}
	return true;
}

static bool append(struct sink *sink, bytes b, struct error *err)
{
	struct disk_sink *s = (struct disk_sink *)sink;
	if (s->failed) /* a gap must never be committed */
		return fail_detail(err, ERROR_IO, "files: an earlier write failed", ERROR_NOWHERE,
		                   s->label);
	if (b.len > SINK_BUFFER_BYTES - s->used) {
		if (!write_out(s, bytes_of(s->buffer, s->used), err))
			return fail_within(err, s->label);
		s->used = 0;
	}
	if (b.len > SINK_BUFFER_BYTES)
		return write_out(s, b, err) || fail_within(err, s->label);
	if (b.len > 0)
		memcpy(s->buffer + s->used, b.p, b.len);
	s->used += b.len;
	return true;
}

static void end(struct disk_sink *s)
{
	close(s->fd); /* releases the lock: from here on the temporary name is a leftover */
	close(s->dir);
	free(s->buffer);
	free(s);
}

static void abort_sink(struct sink *sink)
{
	struct disk_sink *s = (struct disk_sink *)sink;
	unlinkat(s->dir, s->temporary, 0);
	end(s);
}

/* Gives the file its name. A file system without RENAME_NOREPLACE gets a second hard link, which
 * refuses an existing name as well. */
static bool publish(struct disk_sink *s, struct error *err)
{
	int result;
	if (s->replace) {
		result = renameat(s->dir, s->temporary, s->dir, s->last);
	} else {
		result = renameat2(s->dir, s->temporary, s->dir, s->last, RENAME_NOREPLACE);
		if (result != 0 && (errno == EINVAL || errno == ENOSYS)) {
			result = linkat(s->dir, s->temporary, s->dir, s->last, 0);
			if (result == 0)
				unlinkat(s->dir, s->temporary, 0);
		}
	}
	if (result == 0)
		return true;
	if (errno == EEXIST || errno == EISDIR || errno == ENOTEMPTY)
		return fail(err, ERROR_CONFLICT, "files: it exists already", ERROR_NOWHERE);
	return disk_fail(err, "files: cannot be given its name");
}

static bool commit(struct sink *sink, struct error *err)
{
	struct disk_sink *s = (struct disk_sink *)sink;
	bool ok = s->failed ? fail(err, ERROR_IO, "files: an earlier write failed", ERROR_NOWHERE)
	                    : write_out(s, bytes_of(s->buffer, s->used), err);
	if (ok && fsync(s->fd) != 0)
		ok = disk_fail(err, "files: cannot be made durable");
	ok = ok && publish(s, err);
	if (!ok) {
		fail_within(err, s->label);
		abort_sink(sink);
		return false;
	}
	if (fsync(s->dir) != 0) {
		disk_fail(err, "files: is written, but its name may not survive a power loss");
		ok = fail_within(err, s->label);
	}
	end(s);
	return ok;
}

static bool random_name(char out[static TEMPORARY_BYTES], struct error *err)
{
	uint8_t random[TEMPORARY_DIGITS / 2];
	if (getrandom(random, sizeof random, 0) != sizeof random)
		return disk_fail(err, "files: no randomness for a temporary name");
	memcpy(out, TEMPORARY_PREFIX, sizeof TEMPORARY_PREFIX);
	hex_encode(out + sizeof TEMPORARY_PREFIX - 1, BYTES_OF(random));
	return true;
}

/*
 * The lock says "a writer is at work" to whoever cleans the folder. Between creation and lock a
 * cleaner may come: if it holds the lock now, or has taken the name away already, the file is lost
 * and another one is made.
 */
static bool make_temporary(struct disk_sink *s, struct error *err)
{
	for (;;) {
		struct stat st;
		if (!random_name(s->temporary, err))
			return false;
		s->fd = openat(s->dir, s->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		               s->secret ? 0600 : 0666);
		if (s->fd < 0 && errno == EEXIST)
			continue;
		if (s->fd < 0)
			return disk_fail(err, "files: cannot be created");
		bool locked = flock(s->fd, LOCK_EX | LOCK_NB) == 0;
		if (locked && fstat(s->fd, &st) == 0 && st.st_nlink > 0)
			return true;
		bool lost = locked || errno == EWOULDBLOCK;
		if (!lost)
			disk_fail(err, "files: a temporary file cannot be locked");
		unlinkat(s->dir, s->temporary, 0);
		close(s->fd);
		if (!lost)
			return false;
	}
}

bool disk_sink_new(struct sink **out, const struct disk_target *t, struct error *err)
{
	*out = NULL;
	struct disk_sink *s = malloc(sizeof *s + disk_label_bytes(t->label));
	uint8_t *buffer = malloc(SINK_BUFFER_BYTES);
	bool ok = s && buffer;
	if (!ok) {
		fail(err, ERROR_IO, "files: out of memory", ERROR_NOWHERE);
	} else {
		*s = (struct disk_sink){.sink = {.append = append, .commit = commit, .abort = abort_sink},
		                        .fd = -1,
		                        .dir = t->dir,
		                        .replace = t->replace,
		                        .secret = t->secret,
		                        .buffer = buffer};
		s->sink.name = disk_label_write(s->label, t->label);
		s->last = s->sink.name + (t->last - t->label.path);
		ok = make_temporary(s, err);
	}
	if (!ok) {
		free(s);
		free(buffer);
		close(t->dir);
		return name_within(err, t->label.folder, t->label.path);
	}
	*out = &s->sink;
	return true;
}
