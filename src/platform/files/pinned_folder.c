/* SPDX-License-Identifier: Apache-2.0 */
#include "files/pinned_folder.h"

#include "files/disk_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COPY_BYTES ((size_t)1 << 20)

struct pin {
	char *path;
	int fd;
	bool own; /* fd is this file's only; else the common one */
	uint64_t start, size;
};

struct pinned {
	struct folder folder; /* first member */
	struct folder *below;
	char *private_path;
	int fd;       /* copies of what was read, one after another */
	uint64_t end; /* of the last one */
	struct pin *pins;
	size_t count, room;
};

/* File systems without O_TMPFILE (NFS): a name that is taken away at once. */
static int named_and_removed(const char *folder)
{
	static const char name[] = "/.urna-pin-XXXXXX";
	char path[4096];
	if (strlen(folder) + sizeof name > sizeof path)
		return -1;
	memcpy(path, folder, strlen(folder));
	memcpy(path + strlen(folder), name, sizeof name);
	int fd = mkostemp(path, O_CLOEXEC); /* 0600 */
	if (fd >= 0)
		unlink(path);
	return fd;
}

static bool unnamed_file(int *fd, const char *folder, struct error *err)
{
	*fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (*fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
		*fd = named_and_removed(folder);
	if (*fd >= 0)
		return true;
	disk_fail(err, "files: no private copy can be made");
	return fail_within(err, folder);
}

static bool write_at(int fd, bytes b, uint64_t at, struct error *err)
{
	while (b.len) {
		ssize_t n = pwrite(fd, b.p, b.len, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return disk_fail(err, "files: no private copy can be made");
		at += (uint64_t)n;
		b = bytes_from(b, (size_t)n);
	}
	return true;
}

static struct pin *find(struct pinned *p, const char *path)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->pins[i].path, path) == 0)
			return &p->pins[i];
	return NULL;
}

static void forget(struct pinned *p, const char *path)
{
	struct pin *pin = find(p, path);
	if (!pin)
		return;
	free(pin->path);
	if (pin->own)
		close(pin->fd);
	*pin = p->pins[--p->count];
}

/* Takes the descriptor if it is the file's own, also on failure. */
static bool remember(struct pinned *p, const char *path, struct pin pin, struct error *err)
{
	forget(p, path);
	if (p->count == p->room) {
		size_t room = p->room ? 2 * p->room : 64;
		struct pin *more = realloc(p->pins, room * sizeof *more);
		if (more) {
			p->pins = more;
			p->room = room;
		}
	}
	pin.path = p->count < p->room ? strdup(path) : NULL;
	if (!pin.path) {
		if (pin.own)
			close(pin.fd);
		return fail(err, ERROR_LIMIT, "files: out of memory", ERROR_NOWHERE);
	}
	p->pins[p->count++] = pin;
	return true;
}

/* --- sources --- */

struct pinned_source {
	struct source source; /* first member */
	int fd;
	uint64_t start, at;
	uint8_t *buffer;
	size_t room;
	char name[];
};

static bool source_forward(struct source *source, size_t want, bytes *out, struct error *err)
{
	struct pinned_source *s = (struct pinned_source *)source;
	uint64_t rest = s->source.size - s->at;
	size_t len = rest < want ? (size_t)rest : want;
	require(want <= SOURCE_WANT_MAX);
	if (len > s->room) {
		free(s->buffer);
		s->buffer = malloc(len);
		s->room = s->buffer ? len : 0;
		if (!s->buffer)
			return fail(err, ERROR_LIMIT, "files: out of memory", len);
	}
	for (size_t done = 0; done < len;) {
		off_t from = (off_t)(s->start + s->at + done);
		ssize_t n = pread(s->fd, s->buffer + done, len - done, from);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return disk_fail(err, "files: the private copy cannot be read");
		done += (size_t)n;
	}
	s->at += len;
	*out = bytes_of(s->buffer, len);
	return true;
}

static bool source_back(struct source *source, struct error *err)
{
	(void)err;
	((struct pinned_source *)source)->at = 0;
	return true;
}

static void source_end(struct source *source)
{
	struct pinned_source *s = (struct pinned_source *)source;
	close(s->fd);
	free(s->buffer);
	free(s);
}

static bool source_of(struct source **out, const struct pin *pin, struct error *err)
{
	size_t name_bytes = strlen(pin->path) + 1;
	struct pinned_source *s = malloc(sizeof *s + name_bytes);
	int fd = s ? fcntl(pin->fd, F_DUPFD_CLOEXEC, 3) : -1;
	if (fd < 0) {
		free(s);
		return disk_fail(err, "files: the private copy cannot be opened");
	}
	*s = (struct pinned_source){.fd = fd, .start = pin->start};
	memcpy(s->name, pin->path, name_bytes);
	s->source = (struct source){.name = s->name,
	                            .size = pin->size,
	                            .next = source_forward,
	                            .rewind = source_back,
	                            .close = source_end};
	*out = &s->source;
	return true;
}

static bool copy(struct pinned *p, struct source *from, struct error *err)
{
	uint64_t at = p->end;
	bytes b;
	do {
		if (!source_next(from, COPY_BYTES, &b, err) || !write_at(p->fd, b, at, err))
			return false;
		at += b.len;
	} while (b.len);
	return at - p->end == from->size ||
	       fail(err, ERROR_IO, "files: changed while being read", ERROR_NOWHERE);
}

/* Reads the file below, once. */
static bool pin_file(struct pinned *p, const char *path, struct error *err)
{
	struct source *from;
	if (!p->below->open(p->below, path, &from, err))
		return false;
	struct pin pin = {.fd = p->fd, .start = p->end, .size = from->size};
	bool good = copy(p, from, err);
	source_close(from);
	if (!good || !remember(p, path, pin, err))
		return name_within(err, p->below->name, path);
	p->end += pin.size;
	return true;
}

static bool pinned_open(struct folder *f, const char *path, struct source **out, struct error *err)
{
	struct pinned *p = (struct pinned *)f;
	const struct pin *pin = find(p, path);
	if (!pin && pin_file(p, path, err))
		pin = find(p, path);
	return pin && source_of(out, pin, err);
}

/* --- sinks --- */

struct pinned_sink {
	struct sink sink; /* first member */
	struct pinned *pinned;
	struct sink *inner;
	int fd;
	bool failed;
	uint64_t size;
	char path[];
};

static bool sink_forward(struct sink *sink, bytes b, struct error *err)
{
	struct pinned_sink *s = (struct pinned_sink *)sink;
	if (s->failed) /* a gap must never be committed */
		return fail_detail(err, ERROR_IO, "files: an earlier write failed", ERROR_NOWHERE, s->path);
	if (!write_at(s->fd, b, s->size, err)) {
		s->failed = true;
		return fail_within(err, s->path);
	}
	s->size += b.len;
	return sink_append(s->inner, b, err);
}

static void sink_drop(struct sink *sink)
{
	struct pinned_sink *s = (struct pinned_sink *)sink;
	sink_abort(s->inner);
	close(s->fd);
	free(s);
}

static bool sink_keep(struct sink *sink, struct error *err)
{
	struct pinned_sink *s = (struct pinned_sink *)sink;
	struct pin pin = {.fd = s->fd, .own = true, .size = s->size};
	if (s->failed) {
		fail_detail(err, ERROR_IO, "files: an earlier write failed", ERROR_NOWHERE, s->path);
		sink_drop(sink);
		return false;
	}
	bool good = sink_commit(s->inner, err);
	if (good)
		good = remember(s->pinned, s->path, pin, err);
	else
		close(s->fd);
	free(s);
	return good;
}

static bool pinned_create(struct folder *f, const char *path, bool replace, struct sink **out,
                          struct error *err)
{
	struct pinned *p = (struct pinned *)f;
	size_t path_bytes = strlen(path) + 1;
	struct pinned_sink *s = malloc(sizeof *s + path_bytes);
	if (!s)
		return fail(err, ERROR_LIMIT, "files: out of memory", ERROR_NOWHERE);
	*s = (struct pinned_sink){.pinned = p};
	memcpy(s->path, path, path_bytes);
	if (!unnamed_file(&s->fd, p->private_path, err)) {
		free(s);
		return false;
	}
	if (!p->below->create(p->below, path, replace, &s->inner, err)) {
		close(s->fd);
		free(s);
		return false;
	}
	s->sink = (struct sink){s->inner->name, sink_forward, sink_keep, sink_drop};
	*out = &s->sink;
	return true;
}

/* --- the rest --- */

static bool pinned_exists(struct folder *f, const char *path)
{
	struct pinned *p = (struct pinned *)f;
	return find(p, path) || p->below->exists(p->below, path);
}

static bool pinned_list(struct folder *f, const char *path, folder_visit_fn *visit, void *ctx,
                        struct error *err)
{
	struct pinned *p = (struct pinned *)f;
	return p->below->list(p->below, path, visit, ctx, err);
}

static bool pinned_remove(struct folder *f, const char *path, struct error *err)
{
	struct pinned *p = (struct pinned *)f;
	forget(p, path);
	return p->below->remove(p->below, path, err);
}

bool pinned_folder_new(struct folder **out, struct folder *below, const char *private_path,
                       struct error *err)
{
	struct pinned *p = calloc(1, sizeof *p);
	char *path = p ? strdup(private_path) : NULL;
	if (!path || !unnamed_file(&p->fd, path, err)) {
		bool memory = !path;
		free(path);
		free(p);
		return memory ? fail(err, ERROR_LIMIT, "files: out of memory", ERROR_NOWHERE) : false;
	}
	p->below = below;
	p->private_path = path;
	p->folder = (struct folder){.name = below->name,
	                            .open = pinned_open,
	                            .create = pinned_create,
	                            .exists = pinned_exists,
	                            .list = pinned_list,
	                            .remove = pinned_remove};
	*out = &p->folder;
	return true;
}

bool pinned_folder_is(const struct folder *f)
{
	return f->open == pinned_open;
}

void pinned_folder_forget(struct folder *f, const char *path)
{
	require(pinned_folder_is(f));
	forget((struct pinned *)f, path);
}

void pinned_folder_free(struct folder *f)
{
	struct pinned *p = (struct pinned *)f;
	if (!p)
		return;
	while (p->count)
		forget(p, p->pins[0].path);
	close(p->fd);
	free(p->pins);
	free(p->private_path);
	free(p);
}
