/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/election.h"

#include "authority/home.h"
#include "base/subfolder.h"
#include "files/pinned_folder.h"
#include "host/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCKED_BYTES ((size_t)128 << 10)
#define PASSPHRASE_MAX 1024u

bool election_folder_open(struct folder **out, const char *path, enum disk_access access,
                          struct error *err)
{
	struct stat st;
	bool there = stat(path, &st) == 0, nothing = !there && errno == ENOENT;
	if (nothing && access != DISK_MAKE && access != DISK_MAKE_PRIVATE)
		return fail_detail(err, ERROR_IO, "folder: there is none of this name", ERROR_NOWHERE,
		                   path);
	if (there && !S_ISDIR(st.st_mode))
		return fail_detail(err, ERROR_IO, "folder: this is a file", ERROR_NOWHERE, path);
	return disk_folder_open(out, path, access, err);
}

static bool see_entry(void *ctx, const struct folder_entry *entry, struct error *err)
{
	bool *any = ctx;
	(void)entry;
	(void)err;
	*any = true;
	return true;
}

/* Some part of a record; whatever else lies beside it is for its verification to say. */
static bool has_a_part(struct folder *record)
{
	static const char *const files[] = {"manifest.json", "ballots.bt", "result.json"};
	static const char *const folders[] = {"ceremony", "proof", "endorse"};
	bool any = false;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		any = any || record->exists(record, files[i]);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		any = any || !record->list(record, folders[i], see_entry, &any, NULL);
	return any;
}

bool election_is_there(struct folder *record, const char *path, struct error *err)
{
	if (has_a_part(record))
		return true;
	fail_detail(err, ERROR_IO, "record: no election in this folder", ERROR_NOWHERE,
	            record->exists(record, "record/manifest.json") ? "its subfolder 'record' is one"
	                                                           : "");
	return fail_within(err, path);
}

bool election_open(struct election *e, const char *path, enum disk_access access,
                   struct session *session, struct error *err)
{
	bytes exact;
	*e = (struct election){.session = session, .path = path};
	struct arena *a = &session->arena;
	uint8_t *room = arena_take(a, LIMIT_MANIFEST_BYTES + 1, 1, err);
	if (room && election_folder_open(&e->record, path, access, err) &&
	    election_is_there(e->record, path, err) &&
	    folder_read(e->record, "manifest.json", room, LIMIT_MANIFEST_BYTES + 1, &exact, err) &&
	    manifest_read(&e->manifest, exact, a, err))
		return true;
	election_close(e);
	return false;
}

/* Every party's certificate, which ends the ceremony. */
static bool ceremony_is_finished(const struct election *e, struct error *err)
{
	for (unsigned i = 1; i <= e->manifest->authorities_count; i++) {
		char path[64];
		snprintf(path, sizeof path, "ceremony/r5-%02u.bt", i);
		if (!e->record->exists(e->record, path))
			return fail_detail(err, ERROR_UNAVAILABLE, "ceremony: is not finished", i, path);
	}
	return true;
}

bool election_read_key(struct election *e, struct error *err)
{
	struct subfolder ceremony;
	return ceremony_is_finished(e, err) && subfolder_init(&ceremony, e->record, "ceremony", err) &&
	       ceremony_verify(&e->key, e->manifest, &ceremony.folder, err);
}

void election_close(struct election *e)
{
	disk_folder_close(e->record);
	e->record = NULL;
}

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
		.lock = {-1},
		.authority = {.manifest = e->manifest,
	                  .world = &e->session->world,
	                  .clock = host_clock(),
	                  .timeout_ms = timeout_ms,
	                  .stopped = host_stop_requested},
	};
	if (!election_folder_open(&m->home, home, DISK_PRIVATE, err) ||
	    !folder_lock_take(&m->lock, home, err) ||
	    !pinned_folder_new(&m->record, e->record, home, err) ||
	    !host_secret_new(&m->room, LOCKED_BYTES, err))
		goto failed;
	m->authority.home = m->home;
	m->authority.record = m->record;
	m->authority.live = e->record;
	arena_init(&m->locked, m->room.p, m->room.len);
	m->identity = arena_take_array(&m->locked, 1, struct identity_secret, err);
	m->share = arena_take_array(&m->locked, 1, secret_scalar, err);
	if (!m->identity || !m->share || !home_identity(m->identity, m->home, err) ||
	    !find_index(&m->authority.index, e->manifest, m->identity, home, err))
		goto failed;
	m->authority.identity = m->identity;
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
	uint8_t *room = arena_take(&m->locked, PASSPHRASE_MAX + 2, 1, err);
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
	host_secret_free(&m->room);
	pinned_folder_free(m->record);
	folder_lock_release(&m->lock);
	disk_folder_close(m->home);
	m->record = m->home = NULL;
}
