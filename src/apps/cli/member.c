/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/member.h"

#include "base/ct.h"
#include "cli/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PASSPHRASE_MAX 1024u
#define LOCKED_BYTES ((size_t)64 << 10)

bool member_open(struct member *m, const char *home, enum disk_access access, struct error *err)
{
	*m = (struct member){.path = home, .lock = {-1}};
	if (!election_folder_open(&m->home, home, access, err) ||
	    !folder_lock_take(&m->lock, home, err) || !host_secret_new(&m->room, LOCKED_BYTES, err)) {
		member_close(m);
		return false;
	}
	arena_init(&m->locked, m->room.p, m->room.len);
	return true;
}

void member_close(struct member *m)
{
	host_secret_free(&m->room);
	folder_lock_release(&m->lock);
	disk_folder_close(m->home);
	m->home = NULL;
}

/* Not through files/: its buffers are neither locked nor wiped. */
static bool read_secret_file(uint8_t *room, size_t size, size_t *len, const char *path,
                             struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	*len = 0;
	for (ssize_t n = fd < 0 ? -1 : 1; n != 0 && *len < size;) {
		n = fd < 0 ? -1 : read(fd, room + *len, size - *len);
		if (n < 0 && errno == EINTR && fd >= 0)
			continue;
		if (n < 0) {
			fail_detail(err, ERROR_IO, "passphrase: its file cannot be read", ERROR_NOWHERE,
			            strerror(errno));
			if (fd >= 0)
				close(fd);
			return fail_within(err, path);
		}
		*len += (size_t)n;
	}
	close(fd);
	return true;
}

static bool ask(uint8_t *room, size_t size, size_t *len, const struct member_secret *which,
                struct error *err)
{
	char question[80];
	struct text t = TEXT_OF(question);
	text_add(&t, "Passphrase of the ");
	text_add(&t, which->of);
	text_add(&t, ": ");
	return ask_secret(room, size, len, question, err);
}

static bool ask_again(const uint8_t *first, size_t len, uint8_t *room, struct error *err)
{
	size_t again;
	return ask_secret(room, PASSPHRASE_MAX + 2, &again, "The same again: ", err) &&
	       ((again == len && ct_equal(first, room, len)) ||
	        fail(err, ERROR_REJECTED, "passphrase: the two are not the same", ERROR_NOWHERE));
}

static bool read_or_ask(uint8_t *room, size_t *len, struct member *m,
                        const struct member_secret *which, struct error *err)
{
	if (strcmp(which->path, "-") != 0)
		return read_secret_file(room, PASSPHRASE_MAX + 2, len, which->path, err);
	if (!ask(room, PASSPHRASE_MAX + 2, len, which, err))
		return false;
	if (*len == 0)
		return fail(err, ERROR_MALFORMED, "passphrase: nothing was typed", ERROR_NOWHERE);
	if (!which->seals)
		return true;
	uint8_t *second = arena_take(&m->locked, PASSPHRASE_MAX + 2, 1, err);
	return second && ask_again(room, *len, second, err);
}

bool member_passphrase(bytes *out, struct member *m, const struct member_secret *which,
                       struct error *err)
{
	size_t len;
	*out = BYTES_NONE;
	if (!which->path)
		return true;
	uint8_t *room = arena_take(&m->locked, PASSPHRASE_MAX + 2, 1, err);
	if (!room || !read_or_ask(room, &len, m, which, err))
		return false;
	if (len > 0 && room[len - 1] == '\n')
		len--;
	if (len > 0 && room[len - 1] == '\r')
		len--;
	if (len > PASSPHRASE_MAX)
		return fail(err, ERROR_LIMIT, "passphrase: longer than 1024 bytes", ERROR_NOWHERE);
	if (len == 0)
		return fail(err, ERROR_MALFORMED, "passphrase: its file is empty", ERROR_NOWHERE);
	if (memchr(room, '\n', len))
		return fail(err, ERROR_MALFORMED, "passphrase: its file has more than one line",
		            ERROR_NOWHERE);
	*out = bytes_of(room, len);
	return true;
}
