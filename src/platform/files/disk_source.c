/* SPDX-License-Identifier: Apache-2.0 */
#include "files/disk_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct disk_source {
	struct source source; /* first member */
	int fd;
	struct timespec changed; /* st_mtim when it was opened */
	uint64_t offset;         /* in the file, of the first byte not yet in the buffer */
	uint8_t *buffer;
	size_t room, begin, end; /* buffer[begin..end) is waiting */
	char label[];            /* source.name is its end */
};

static bool check_unchanged(const struct disk_source *s, struct error *err)
{
	struct stat st;
	if (fstat(s->fd, &st) != 0)
		return disk_fail(err, "files: cannot be read");
	if ((uint64_t)st.st_size != s->source.size || st.st_mtim.tv_sec != s->changed.tv_sec ||
	    st.st_mtim.tv_nsec != s->changed.tv_nsec)
		return fail(err, ERROR_IO, "files: changed while being read", ERROR_NOWHERE);
	return true;
}

/* Fills the buffer as far as file and room allow. */
static bool fill(struct disk_source *s, struct error *err)
{
	memmove(s->buffer, s->buffer + s->begin, s->end - s->begin);
	s->end -= s->begin;
	s->begin = 0;
	while (s->end < s->room && s->offset < s->source.size) {
		uint64_t rest = s->source.size - s->offset;
		size_t want = rest < s->room - s->end ? (size_t)rest : s->room - s->end;
		ssize_t n = pread(s->fd, s->buffer + s->end, want, (off_t)s->offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return disk_fail(err, "files: cannot be read");
		if (n == 0)
			return fail(err, ERROR_IO, "files: became shorter while being read", s->offset);
		s->end += (size_t)n;
		s->offset += (uint64_t)n;
	}
	return check_unchanged(s, err);
}

static bool next(struct source *source, size_t want, bytes *out, struct error *err)
{
	struct disk_source *s = (struct disk_source *)source;
	require(want <= SOURCE_WANT_MAX);
	*out = BYTES_NONE;
	bool more = s->offset < s->source.size;
	if (s->end - s->begin < want && more && !fill(s, err))
		return fail_within(err, s->label);
	size_t n = want < s->end - s->begin ? want : s->end - s->begin;
	*out = bytes_of(s->buffer + s->begin, n);
	s->begin += n;
	/* The end is a statement about the file too: nothing was added meanwhile. */
	if (n == 0 && want > 0 && !check_unchanged(s, err))
		return fail_within(err, s->label);
	return true;
}

static bool rewind_source(struct source *source, struct error *err)
{
	struct disk_source *s = (struct disk_source *)source;
	if (!check_unchanged(s, err))
		return fail_within(err, s->label);
	s->offset = s->begin = s->end = 0;
	return true;
}

static void close_source(struct source *source)
{
	struct disk_source *s = (struct disk_source *)source;
	close(s->fd);
	free(s->buffer);
	free(s);
}

static bool check_file(int fd, struct stat *st, struct error *err)
{
	if (fstat(fd, st) != 0)
		return disk_fail(err, "files: cannot be opened");
	if (!S_ISREG(st->st_mode))
		return fail(err, ERROR_MALFORMED, "files: not a regular file", ERROR_NOWHERE);
	return true;
}

bool disk_source_new(struct source **out, int fd, struct disk_label label, struct error *err)
{
	struct stat st;
	*out = NULL;
	if (!check_file(fd, &st, err)) {
		close(fd);
		return name_within(err, label.folder, label.path);
	}
	size_t room = (uint64_t)st.st_size < SOURCE_WANT_MAX ? (size_t)st.st_size : SOURCE_WANT_MAX;
	struct disk_source *s = malloc(sizeof *s + disk_label_bytes(label));
	uint8_t *buffer = malloc(room > 0 ? room : 1);
	if (!s || !buffer) {
		free(s);
		free(buffer);
		close(fd);
		return fail(err, ERROR_IO, "files: out of memory", ERROR_NOWHERE);
	}
	*s = (struct disk_source){
		.source = {.size = (uint64_t)st.st_size,
	               .next = next,
	               .rewind = rewind_source,
	               .close = close_source},
		.fd = fd,
		.changed = st.st_mtim,
		.buffer = buffer,
		.room = room,
	};
	s->source.name = disk_label_write(s->label, label);
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* a hint; its failure changes nothing */
	*out = &s->source;
	return true;
}

bool disk_source_open(struct source **out, const char *path, struct error *err)
{
	*out = NULL;
	/* O_NONBLOCK: a pipe is refused below, not waited for. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		if (errno == ENOENT || errno == ENOTDIR)
			fail(err, ERROR_MALFORMED, "files: is missing", ERROR_NOWHERE);
		else
			disk_fail(err, "files: cannot be opened");
		return fail_within(err, path);
	}
	return disk_source_new(out, fd, (struct disk_label){"", path}, err);
}
