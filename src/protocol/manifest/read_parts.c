/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/read_internal.h"

#include "identity/identity.h"
#include "manifest/text_internal.h"

#define NAME_MAX_BYTES 64u

bool keep_text(bytes *out, bytes text, struct reader *r)
{
	uint8_t *copy = arena_take(r->arena, text.len + 1, 1, r->err);
	if (!copy)
		return false;
	memcpy(copy, text.p, text.len);
	copy[text.len] = 0;
	*out = bytes_of(copy, text.len);
	return true;
}

typedef bool check(bytes text, struct error *err);

static bool keep_checked(bytes *out, const struct json_value *v, size_t max_bytes, check *good,
                         struct reader *r)
{
	bytes text;
	struct error why;
	error_clear(&why);
	if (!json_text(&text, v, max_bytes, r->err))
		return false;
	if (!good(text, &why))
		return json_refuse_because(v, why.kind, "manifest: a text nobody can read", why.what,
		                           r->err);
	return keep_text(out, text, r);
}

bool need_line(bytes *out, const struct json_value *o, const char *key, struct reader *r)
{
	const struct json_value *v;
	return json_need(&v, o, key, r->err) &&
	       keep_checked(out, v, LIMIT_TEXT_BYTES, text_check_line, r);
}

bool maybe_line(bytes *out, const struct json_value *o, const char *key, size_t max_bytes,
                struct reader *r)
{
	const struct json_value *v;
	*out = BYTES_NONE;
	if (!json_maybe(&v, o, key, r->err))
		return false;
	return !v || keep_checked(out, v, max_bytes, text_check_line, r);
}

bool maybe_lines(bytes *out, const struct json_value *o, const char *key, struct reader *r)
{
	const struct json_value *v;
	*out = BYTES_NONE;
	if (!json_maybe(&v, o, key, r->err))
		return false;
	return !v || keep_checked(out, v, LIMIT_TEXT_BYTES, text_check_lines, r);
}

bool read_name(bytes *out, const struct json_value *v, struct reader *r)
{
	bytes text;
	if (!json_text(&text, v, LIMIT_TEXT_BYTES, r->err))
		return false;
	bool good = text.len >= 1 && text.len <= NAME_MAX_BYTES;
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.p[i];
		good &= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		        c == '-' || c == '_';
	}
	if (!good)
		return json_refuse(v, ERROR_REJECTED,
		                   "manifest: a name has 1 to 64 letters, digits, '-' and '_'", r->err);
	return keep_text(out, text, r);
}

bool need_name(bytes *out, const struct json_value *o, const char *key, struct reader *r)
{
	const struct json_value *v;
	return json_need(&v, o, key, r->err) && read_name(out, v, r);
}

bool need_items(const struct json_value **out, unsigned *count, const struct json_value *o,
                const char *key, struct json_range range, struct reader *r)
{
	size_t len;
	if (!json_need(out, o, key, r->err) || !json_items(&len, *out, range, r->err))
		return false;
	*count = (unsigned)len;
	return true;
}

bool need_unsigned(unsigned *out, const struct json_value *o, const char *key,
                   struct json_range range, struct reader *r)
{
	uint64_t v;
	if (!json_need_u64(&v, o, key, range, r->err))
		return false;
	*out = (unsigned)v;
	return true;
}

bool maybe_unsigned(unsigned *out, const struct json_value *o, const char *key,
                    struct json_range range, struct reader *r)
{
	const struct json_value *v;
	if (!json_maybe(&v, o, key, r->err))
		return false;
	return !v || need_unsigned(out, o, key, range, r);
}

bool read_key(uint8_t out[static 32], const struct json_value *v, struct reader *r)
{
	struct error why;
	error_clear(&why);
	if (!json_hex(out, IDENTITY_PUBLIC_BYTES, v, r->err))
		return false;
	if (identity_check_public_vartime(out, &why))
		return true;
	if (why.kind != ERROR_MALFORMED)
		return json_refuse_because(v, why.kind, "manifest: a key cannot be checked", why.what,
		                           r->err);
	return json_refuse_because(v, ERROR_REJECTED, "manifest: this is nobody's key",
	                           "it must be the canonical encoding of a point of prime order, as "
	                           "whoever has it made it",
	                           r->err);
}
