/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a folder on disk. Everything is reached from one directory descriptor. */
#ifndef FILES_DISK_INTERNAL_H
#define FILES_DISK_INTERNAL_H

#include "files/disk_folder.h"
#include "files/names_internal.h"

struct disk_folder {
	struct folder folder; /* first member */
	int fd;
	enum disk_access access;
	char name[]; /* the path it was opened by */
};

bool disk_is_private(enum disk_access access);
/* fail(IO) with the system's words for errno; disk full and the like are what people must read. */
bool disk_fail(struct error *err, const char *what);

/* Opens the directory that holds path's last component (borrowed in *last), or, when path is "",
 * the folder itself. No link is followed. Missing: made if make, else *fd = -1 and true. */
bool disk_parent(int *fd, const char **last, const struct disk_folder *f, const char *path,
                 bool make, struct error *err) must_check;
/* One directory below dir. Missing: *fd = -1 and true. */
bool disk_step(int *fd, int dir, const char *name, struct error *err) must_check;

/* A file for messages: folder and path as given; folder "" for a path of its own. */
struct disk_label {
	const char *folder, *path;
};
size_t disk_label_bytes(struct disk_label label);
/* Writes "folder/path"; returns where path begins in it. */
const char *disk_label_write(char *out, struct disk_label label);

struct disk_target {
	int dir;
	const char *last; /* the component in dir, points into label.path */
	bool secret;      /* 0600 */
	struct disk_label label;
	bool replace;
};

/* Both take the descriptor, in every case. Their errors name the label. */
bool disk_source_new(struct source **out, int fd, struct disk_label label,
                     struct error *err) must_check;
bool disk_sink_new(struct sink **out, const struct disk_target *t, struct error *err) must_check;

bool disk_list(struct folder *folder, const char *path, folder_visit_fn *visit, void *ctx,
               struct error *err) must_check;
/* Removes what killed writers left in the directory and below it. */
bool disk_clean(int dir, unsigned depth, struct error *err) must_check;

#endif
