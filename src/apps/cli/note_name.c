/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/note_name.h"

#include "record/note.h"

#include <string.h>

const char *note_name_refuse(const char *name)
{
	size_t len = strlen(name);
	bool good = len >= 1 && len <= NOTE_NAME_MAX;
	for (size_t i = 0; good && i < len; i++)
		good = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_/",
		              name[i]) != NULL;
	return good ? NULL
	            : "it has 1 to 64 letters, digits, '.', '-', '_' and '/', such as "
	              "urna.example.org/board";
}
