/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/memo_internal.h"

#define MEMO_PATH_BYTES 96u

static void memo_path(char out[static MEMO_PATH_BYTES], const digest *about)
{
	struct text t = {out, MEMO_PATH_BYTES, 0, false};
	text_add(&t, "checked/");
	text_add_hex(&t, BYTES_OF(about->b));
	text_add(&t, ".bt");
	require(!t.cut);
}

bool memo_find(bytes *content, uint8_t room[static MEMO_MAX], const struct authority *a,
               const digest *about)
{
	char path[MEMO_PATH_BYTES];
	memo_path(path, about);
	return a->home && a->home->exists(a->home, path) &&
	       folder_read(a->home, path, room, MEMO_MAX, content, NULL);
}

bool memo_keep(const struct authority *a, const digest *about, bytes content, struct error *err)
{
	char path[MEMO_PATH_BYTES];
	memo_path(path, about);
	return !a->home || folder_write(a->home, path, true, content, err);
}
