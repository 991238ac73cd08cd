/* SPDX-License-Identifier: Apache-2.0 */
#include "mixnet/session.h"

#include "hash/bytetree.h"

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool check_sid(const char *sid, struct error *err)
{
	size_t len = bytes_of_text(sid).len;
	bool good = len >= 2 && len <= MIX_SID_MAX && is_letter(sid[0]);
	for (size_t i = 1; good && i < len; i++)
		good = is_letter(sid[i]) || is_digit(sid[i]);
	return good ||
	       fail(err, ERROR_MALFORMED,
	            "session: sid must be a letter and 1 to 1023 letters or digits", ERROR_NOWHERE);
}

static bool check_auxsid(const char *auxsid, struct error *err)
{
	size_t len = bytes_of_text(auxsid).len;
	bool good = len >= 1 && len <= MIX_AUXSID_MAX;
	for (size_t i = 0; good && i < len; i++)
		good = is_letter(auxsid[i]) || is_digit(auxsid[i]) || auxsid[i] == '_';
	return good ||
	       fail(err, ERROR_MALFORMED,
	            "session: auxsid must be 1 to 255 letters, digits or underscores", ERROR_NOWHERE);
}

/* A value out of bounds, with the value. */
static bool unfit(struct error *err, enum error_kind kind, const char *what, uint64_t value)
{
	fail(err, kind, what, value);
	return fail_within_index(err, "it is", value);
}

bool mix_session_validate(const struct mix_session *s, struct error *err)
{
	if (!check_sid(s->sid, err) || !check_auxsid(s->auxsid, err))
		return false;
	if (s->parties == 0)
		return fail(err, ERROR_MALFORMED, "session: there is no party", 0);
	if (s->parties > LIMIT_PARTIES)
		return unfit(err, ERROR_LIMIT, "session: more than 25 parties", s->parties);
	if (s->threshold == 0)
		return fail(err, ERROR_MALFORMED, "session: the threshold is 0", 0);
	if (s->threshold > s->parties)
		return unfit(err, ERROR_MALFORMED, "session: the threshold exceeds the number of parties",
		             s->threshold);
	if (s->width == 0)
		return fail(err, ERROR_MALFORMED, "session: the width is 0", 0);
	if (s->width > LIMIT_WIDTH)
		return unfit(err, ERROR_LIMIT, "session: the width exceeds 16", s->width);
	if (s->statdist > MIX_STATDIST_MAX)
		return unfit(err, ERROR_LIMIT, "session: statdist exceeds 256", s->statdist);
	if (s->vbits < MIX_BITS_MIN || s->vbits > MIX_BITS_MAX)
		return unfit(err, ERROR_LIMIT, "session: vbitlenro is not between 256 and 512", s->vbits);
	if (s->ebits < MIX_BITS_MIN || s->ebits > MIX_BITS_MAX)
		return unfit(err, ERROR_LIMIT, "session: ebitlenro is not between 256 and 512", s->ebits);
	if ((unsigned)s->rohash > HASH_SHA512 || (unsigned)s->prg > HASH_SHA512)
		return fail(err, ERROR_MALFORMED, "session: unknown hash", ERROR_NOWHERE);
	return true;
}

bool mix_session_set_auxsid(struct mix_session *s, bytes auxsid, struct error *err)
{
	if (auxsid.len > MIX_AUXSID_MAX || (auxsid.len && memchr(auxsid.p, 0, auxsid.len)))
		return fail(err, ERROR_MALFORMED,
		            "session: auxsid must be 1 to 255 letters, digits or underscores",
		            ERROR_NOWHERE);
	memset(s->auxsid, 0, sizeof s->auxsid);
	if (auxsid.len)
		memcpy(s->auxsid, auxsid.p, auxsid.len);
	return check_auxsid(s->auxsid, err);
}

bool mix_session_init(struct mix_session *s, bytes sid, bytes auxsid, uint32_t parties,
                      uint32_t threshold, struct error *err)
{
	*s = (struct mix_session){.parties = parties,
	                          .threshold = threshold,
	                          .width = 1,
	                          .statdist = 100,
	                          .vbits = 256,
	                          .ebits = 256,
	                          .rohash = HASH_SHA256,
	                          .prg = HASH_SHA256};
	if (sid.len == 0 || sid.len > MIX_SID_MAX || memchr(sid.p, 0, sid.len))
		return fail(err, ERROR_MALFORMED,
		            "session: sid must be a letter and 1 to 1023 letters or digits", ERROR_NOWHERE);
	memcpy(s->sid, sid.p, sid.len);
	return mix_session_set_auxsid(s, auxsid, err) && mix_session_validate(s, err);
}

void mix_rho(uint8_t out[static HASH_MAX_BYTES], const struct mix_session *s)
{
	char name[MIX_SID_MAX + MIX_AUXSID_MAX + 2];
	struct text full = TEXT_OF(name);
	text_add(&full, s->sid);
	text_add(&full, ".");
	text_add(&full, s->auxsid);
	struct hash h;
	hash_init(&h, s->rohash);
	tree_hash_node(&h, 8);
	tree_hash_leaf(&h, BYTES_LITERAL(MIX_VERSION));
	tree_hash_leaf(&h, bytes_of(full.p, full.len));
	tree_hash_u32(&h, s->statdist);
	tree_hash_u32(&h, s->vbits);
	tree_hash_u32(&h, s->ebits);
	tree_hash_leaf(&h, bytes_of_text(hash_name(s->prg)));
	tree_hash_leaf(&h, BYTES_LITERAL(MIX_PGROUP));
	tree_hash_leaf(&h, bytes_of_text(hash_name(s->rohash)));
	hash_finish(&h, out);
}
