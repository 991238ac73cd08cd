/* SPDX-License-Identifier: Apache-2.0 */
#include "files/names_internal.h"

bool name_is_own(const char *component)
{
	return strncmp(component, OWN_PREFIX, sizeof OWN_PREFIX - 1) == 0;
}

bool name_is_temporary(const char *component)
{
	const size_t prefix = sizeof TEMPORARY_PREFIX - 1;
	return strncmp(component, TEMPORARY_PREFIX, prefix) == 0 &&
	       strspn(component + prefix, "0123456789abcdef") == TEMPORARY_DIGITS &&
	       component[prefix + TEMPORARY_DIGITS] == '\0';
}

static bool component_is_good(const char *p, size_t len)
{
	if (len == 0 || len > NAME_BYTES_MAX)
		return false;
	if (p[0] == '.' && (len == 1 || (len == 2 && p[1] == '.')))
		return false;
	if (name_is_own(p))
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f)
			return false;
	return true;
}

bool name_check(const char *path, struct error *err)
{
	size_t len = 0;
	for (const char *p = path;; p += len + 1) {
		len = strcspn(p, "/");
		if (!component_is_good(p, len) || (size_t)(p - path) + len > PATH_BYTES_MAX)
			return fail_detail(err, ERROR_MALFORMED, "files: not a name that can be used",
			                   (uint64_t)(p - path), path);
		if (p[len] == '\0')
			return true;
	}
}

bool name_within(struct error *err, const char *folder, const char *path)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	room[0] = '\0'; /* both may be empty */
	text_add(&t, folder);
	if (folder[0] && path[0])
		text_add(&t, "/");
	text_add(&t, path);
	return fail_within(err, room);
}
