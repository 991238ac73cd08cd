/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

static char root[256];

int sandbox_make(void **state)
{
	(void)state;
	const char *temporary = getenv("TMPDIR");
	snprintf(root, sizeof root, "%s/urna-files-XXXXXX", temporary ? temporary : "/tmp");
	return mkdtemp(root) ? 0 : 1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

int sandbox_remove(void **state)
{
	(void)state;
	umount2(sandbox_path("small"), MNT_DETACH); /* what a failed test left mounted */
	return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *sandbox_path(const char *below)
{
	static char room[8][1024];
	static unsigned next;
	char *out = room[next++ % 8];
	snprintf(out, sizeof room[0], "%s%s%s", root, below[0] ? "/" : "", below);
	return out;
}

void disk_put(const char *below, const char *content)
{
	FILE *f = fopen(sandbox_path(below), "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(content, 1, strlen(content), f), strlen(content));
	assert_int_equal(fclose(f), 0);
}

const char *disk_get(const char *below)
{
	static char room[4096];
	FILE *f = fopen(sandbox_path(below), "rb");
	if (!f)
		return NULL;
	size_t n = fread(room, 1, sizeof room - 1, f);
	room[n] = '\0';
	fclose(f);
	return room;
}

size_t disk_entries(const char *below)
{
	size_t n = 0;
	DIR *d = opendir(sandbox_path(below));
	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}
