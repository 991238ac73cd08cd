/* SPDX-License-Identifier: Apache-2.0 */
#include "mixnet/protinfo.h"

static void element(struct text *t, const char *name, const char *value)
{
	text_add(t, "  <");
	text_add(t, name);
	text_add(t, ">");
	text_add(t, value);
	text_add(t, "</");
	text_add(t, name);
	text_add(t, ">\n");
}

static void number(struct text *t, const char *name, uint32_t value)
{
	char room[16];
	struct text digits = TEXT_OF(room);
	text_add_u64(&digits, value);
	element(t, name, room);
}

/* Verificatum wants [A-Za-z][A-Za-z0-9_ \-]{1,255}; the number in front keeps names distinct. */
static void party_name(struct text *t, unsigned index, const char *operator)
{
	char room[256];
	struct text name = TEXT_OF(room);
	text_add(&name, index < 10 ? "Authority0" : "Authority");
	text_add_u64(&name, index);
	text_add(&name, " ");
	for (size_t i = 0; operator[i] && name.len<255; i++) {
		char c = operator[i];
		bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		             c == '_' || c == '-';
		text_add_bytes(&name, bytes_of(plain ? &c : " ", 1));
	}
	element(t, "name", room);
}

static void party(struct text *t, unsigned index, const char *operator)
{
	text_add(t, "  <party>\n");
	party_name(t, index, operator);
	element(t, "srtbyrole", "anyrole");
	element(t, "descr", "");
	element(t, "pkey", "none");
	element(t, "http", "http://localhost:8080");
	element(t, "hint", "localhost:4040");
	text_add(t, "  </party>\n");
}

bool protinfo_write(struct text *out, const struct mix_session *s, const char *const *operators,
                    struct error *err)
{
	if (!mix_session_validate(s, err))
		return false;
	text_add(out, "<protocol>\n");
	element(out, "version", MIX_VERSION);
	element(out, "sid", s->sid);
	element(out, "name", "Urna");
	element(out, "descr", "");
	number(out, "nopart", s->parties);
	number(out, "statdist", s->statdist);
	element(out, "bullboard", "com.verificatum.protocol.com.BullBoardBasicHTTPW");
	number(out, "thres", s->threshold);
	element(out, "pgroup", MIX_PGROUP);
	number(out, "keywidth", 1);
	number(out, "vbitlen", 128);
	number(out, "vbitlenro", s->vbits);
	number(out, "ebitlen", 128);
	number(out, "ebitlenro", s->ebits);
	element(out, "prg", hash_name(s->prg));
	element(out, "rohash", hash_name(s->rohash));
	element(out, "corr", "noninteractive");
	number(out, "width", s->width);
	number(out, "maxciph", 0);
	for (uint32_t i = 0; i < s->parties; i++)
		party(out, i + 1, operators[i]);
	text_add(out, "</protocol>\n");
	return !out->cut || fail(err, ERROR_LIMIT, "protInfo: no room to write it", ERROR_NOWHERE);
}
