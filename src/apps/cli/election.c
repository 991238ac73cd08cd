/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/election.h"

#include "base/subfolder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

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
	static const char *const files[] = {"manifest.json", "credentials.bt", "ballots.bt",
	                                    "result.json"};
	static const char *const folders[] = {"ceremony", "log", "proof", "endorse"};
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

bool election_read_key(struct election *e, struct error *err)
{
	struct subfolder ceremony;
	return subfolder_init(&ceremony, e->record, "ceremony", err) &&
	       ceremony_verify_report(&e->key, &e->ceremony, e->manifest, &ceremony.folder, err);
}

void election_close(struct election *e)
{
	disk_folder_close(e->record);
	e->record = NULL;
}
