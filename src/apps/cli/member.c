/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/member.h"

#include "files/pinned_folder.h"
#include "host/process.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PASSPHRASE_MAX 1024u

static bool find_index(unsigned *index, const struct manifest *m, const struct identity_secret *id,
                       const char *home, struct error *err)
{
	for (unsigned i = 0; i < m->authorities_count; i++) {
		if (memcmp(m->authorities[i].identity, id->pub, sizeof id->pub) == 0) {
			*index = i + 1;
			return true;
		}
	}
	fail(err, ERROR_REJECTED, "authority: the manifest does not name this identity key",
	     ERROR_NOWHERE);
	return fail_within(err, home);
}

bool member_open(struct member *m, struct election *e, const char *home, uint64_t timeout_ms,
                 struct error *err)
{
	*m = (struct member){
		.authority = {.manifest = e->manifest,
	                  .world = &e->session->world,
	                  .clock = host_clock(),
	                  .timeout_ms = timeout_ms,
	                  .stopped = host_stop_requested},
	};
	if (!keyholder_open(&m->holder, home, err))
		return false;
	m->authority.identity = m->holder.identity;
	m->share = arena_take_array(&m->holder.locked, 1, secret_scalar, err);
	if (!m->share || !find_index(&m->authority.index, e->manifest, m->holder.identity, home, err) ||
	    !pinned_folder_new(&m->record, e->record, home, err))
		goto failed;
	m->authority.home = m->holder.home;
	m->authority.record = m->record;
	m->authority.live = e->record;
	return true;
failed:
	member_close(m);
	return false;
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

bool member_passphrase(bytes *out, struct member *m, const char *path, struct error *err)
{
	size_t len;
	*out = BYTES_NONE;
	if (!path)
		return true;
	uint8_t *room = arena_take(&m->holder.locked, PASSPHRASE_MAX + 2, 1, err);
	if (!room || !read_secret_file(room, PASSPHRASE_MAX + 2, &len, path, err))
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

void member_close(struct member *m)
{
	pinned_folder_free(m->record);
	m->record = NULL;
	keyholder_close(&m->holder);
}
