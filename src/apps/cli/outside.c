/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outside.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Where a path leads, or will when its last folder is made. */
static bool resolve(char out[static PATH_MAX], const char *path)
{
	char above[PATH_MAX];
	size_t len = strlen(path);
	if (realpath(path, out))
		return true;
	while (len > 0 && path[len - 1] == '/')
		len--;
	while (len > 0 && path[len - 1] != '/')
		len--;
	if (len >= sizeof above)
		return false;
	memcpy(above, path, len);
	above[len] = '\0';
	return realpath(len ? above : ".", out) != NULL;
}

bool lies_outside(const char *out, const char *record, struct error *err)
{
	char outer[PATH_MAX], inner[PATH_MAX];
	if (!resolve(outer, record) || !resolve(inner, out))
		return fail_detail(err, ERROR_IO, "credentials: the folder of --out cannot be made",
		                   ERROR_NOWHERE, out);
	size_t len = strlen(outer);
	if (strncmp(inner, outer, len) != 0 || (inner[len] != '/' && inner[len] != '\0'))
		return true;
	return fail_detail(err, ERROR_REJECTED, "credentials: the codes may not lie in the record",
	                   ERROR_NOWHERE, out);
}
