/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fingerprint.h"

#include "identity/words.h"

#include <ctype.h>

#define TYPED_MAX 512u

/* One '-' between words, whatever blanks and hyphens stood there. */
static bool tidy(char out[static TYPED_MAX], const char *text)
{
	size_t len = 0;
	bool gap = false;
	for (const char *p = text; *p; p++) {
		if (isspace((unsigned char)*p) || *p == '-') {
			gap = len > 0;
			continue;
		}
		if (len + 3 > TYPED_MAX)
			return false;
		if (gap)
			out[len++] = '-';
		gap = false;
		out[len++] = *p;
	}
	out[len] = '\0';
	return true;
}

bool fingerprint_parse(digest *out, const char *text, struct error *err)
{
	char typed[TYPED_MAX];
	if (!tidy(typed, text))
		return fail(err, ERROR_MALFORMED, "fingerprint: far too long", ERROR_NOWHERE);
	bytes b = bytes_of_text(typed);
	if (b.len == 2 * sizeof out->b && hex_decode(out->b, sizeof out->b, b))
		return true;
	return words_decode(out->b, b, err);
}
