/* SPDX-License-Identifier: Apache-2.0 */
#include "mixnet/protinfo.h"

/* The text left to read. Everything that is wrong is reported with the line it stands in. */
struct xml {
	bytes in;
	size_t at;
};

static uint64_t line_of(const struct xml *x)
{
	uint64_t line = 1;
	for (size_t i = 0; i < x->at && i < x->in.len; i++)
		line += x->in.p[i] == '\n';
	return line;
}

static bool wrong(const struct xml *x, const char *what, const char *element, struct error *err)
{
	uint64_t line = line_of(x);
	fail_detail(err, ERROR_MALFORMED, what, line, element);
	return fail_within_index(err, "line", line);
}

static bool ahead(const struct xml *x, const char *text)
{
	bytes t = bytes_of_text(text);
	return x->in.len - x->at >= t.len && memcmp(x->in.p + x->at, t.p, t.len) == 0;
}

static bool take(struct xml *x, const char *text)
{
	if (!ahead(x, text))
		return false;
	x->at += bytes_of_text(text).len;
	return true;
}

/* "<!--" is already taken. XML forbids "--" inside. */
static bool skip_comment(struct xml *x, struct error *err)
{
	while (x->at < x->in.len && !ahead(x, "--"))
		x->at++;
	return take(x, "-->") || wrong(x, "protInfo: a comment does not end", "comment", err);
}

static bool skip_space(struct xml *x, struct error *err)
{
	for (;;) {
		while (x->at < x->in.len && (x->in.p[x->at] == ' ' || x->in.p[x->at] == '\t' ||
		                             x->in.p[x->at] == '\n' || x->in.p[x->at] == '\r'))
			x->at++;
		if (!take(x, "<!--"))
			return true;
		if (!skip_comment(x, err))
			return false;
	}
}

static bool skip_declaration(struct xml *x, struct error *err)
{
	if (!take(x, "<?xml "))
		return true;
	while (x->at < x->in.len && x->in.p[x->at] != '>' && x->in.p[x->at] != '<')
		x->at++;
	if (x->at < x->in.len && x->in.p[x->at] == '>' && x->in.p[x->at - 1] == '?') {
		x->at++;
		return true;
	}
	return wrong(x, "protInfo: the XML declaration does not end", "xml", err);
}

static bool take_tag(struct xml *x, const char *open, const char *name)
{
	size_t start = x->at;
	if (take(x, open) && take(x, name) && take(x, ">"))
		return true;
	x->at = start;
	return false;
}

/* <name>value</name> or <name/>; the value is plain text. */
static bool take_element(struct xml *x, const char *name, bytes *value, struct error *err)
{
	if (!skip_space(x, err))
		return false;
	*value = BYTES_NONE;
	size_t start = x->at;
	if (take(x, "<") && take(x, name) && take(x, "/>"))
		return true;
	x->at = start;
	if (!take_tag(x, "<", name))
		return wrong(x, "protInfo: another element is expected here", name, err);
	start = x->at;
	while (x->at < x->in.len && x->in.p[x->at] != '<') {
		uint8_t c = x->in.p[x->at];
		if (c == '&' || c == '>' || (c < 0x20 && c != '\t' && c != '\n' && c != '\r'))
			return wrong(x, "protInfo: entities and special characters are not supported", name,
			             err);
		x->at++;
	}
	*value = bytes_of(x->in.p + start, x->at - start);
	return take_tag(x, "</", name) ||
	       wrong(x, "protInfo: the element does not end as it begins", name, err);
}

enum field_kind { FIELD_FIXED, FIELD_TEXT, FIELD_NUMBER, FIELD_HASH, FIELD_SID };

struct field {
	const char *name;
	enum field_kind kind;
	const char *fixed, *complaint; /* FIELD_FIXED */
	size_t offset;                 /* in struct mix_session; NOT_KEPT for the others */
};

#define NOT_KEPT ((size_t)-1)
#define KEPT(member) offsetof(struct mix_session, member)

static const struct field head[] = {
	{"version", FIELD_FIXED, MIX_VERSION, "protInfo: version is not 3.1.0", NOT_KEPT},
	{"sid", FIELD_SID, NULL, NULL, KEPT(sid)},
	{"name", FIELD_TEXT, NULL, NULL, NOT_KEPT},
	{"descr", FIELD_TEXT, NULL, NULL, NOT_KEPT},
	{"nopart", FIELD_NUMBER, NULL, NULL, KEPT(parties)},
	{"statdist", FIELD_NUMBER, NULL, NULL, KEPT(statdist)},
	{"bullboard", FIELD_FIXED, "com.verificatum.protocol.com.BullBoardBasicHTTPW",
     "protInfo: unknown bullboard", NOT_KEPT},
	{"thres", FIELD_NUMBER, NULL, NULL, KEPT(threshold)},
	{"pgroup", FIELD_FIXED, MIX_PGROUP, "protInfo: pgroup is not P-256, the only supported group",
     NOT_KEPT},
	{"keywidth", FIELD_FIXED, "1", "protInfo: keywidth is not 1, the only supported one", NOT_KEPT},
	{"vbitlen", FIELD_NUMBER, NULL, NULL, NOT_KEPT},
	{"vbitlenro", FIELD_NUMBER, NULL, NULL, KEPT(vbits)},
	{"ebitlen", FIELD_NUMBER, NULL, NULL, NOT_KEPT},
	{"ebitlenro", FIELD_NUMBER, NULL, NULL, KEPT(ebits)},
	{"prg", FIELD_HASH, NULL, "protInfo: prg is not SHA-256, SHA-384 or SHA-512", KEPT(prg)},
	{"rohash", FIELD_HASH, NULL, "protInfo: rohash is not SHA-256, SHA-384 or SHA-512",
     KEPT(rohash)},
	{"corr", FIELD_FIXED, "noninteractive", "protInfo: corr is not noninteractive", NOT_KEPT},
	{"width", FIELD_NUMBER, NULL, NULL, KEPT(width)},
	{"maxciph", FIELD_NUMBER, NULL, NULL, NOT_KEPT},
};

static const struct field party[] = {
	{"name", FIELD_TEXT, NULL, NULL, NOT_KEPT},
	{"srtbyrole", FIELD_FIXED, "anyrole", "protInfo: srtbyrole is not anyrole", NOT_KEPT},
	{"descr", FIELD_TEXT, NULL, NULL, NOT_KEPT},
	{"pkey", FIELD_TEXT, NULL, NULL, NOT_KEPT},
	{"http", FIELD_TEXT, NULL, NULL, NOT_KEPT},
	{"hint", FIELD_TEXT, NULL, NULL, NOT_KEPT},
};

/* Decimal, no sign, no leading zero, at most nine digits. */
static bool parse_number(uint32_t *out, bytes value)
{
	if (value.len == 0 || value.len > 9 || (value.p[0] == '0' && value.len > 1))
		return false;
	*out = 0;
	for (size_t i = 0; i < value.len; i++) {
		if (value.p[i] < '0' || value.p[i] > '9')
			return false;
		*out = *out * 10 + (uint32_t)(value.p[i] - '0');
	}
	return true;
}

static bool keep(const struct xml *x, const struct field *f, bytes value, struct mix_session *out,
                 struct error *err)
{
	uint8_t *to = f->offset == NOT_KEPT ? NULL : (uint8_t *)out + f->offset;
	uint32_t number;
	enum hash_kind kind;
	switch (f->kind) {
	case FIELD_TEXT:
		return true;
	case FIELD_FIXED:
		return bytes_equal(value, bytes_of_text(f->fixed)) || wrong(x, f->complaint, f->name, err);
	case FIELD_NUMBER:
		if (!parse_number(&number, value))
			return wrong(x, "protInfo: not a number", f->name, err);
		if (to)
			memcpy(to, &number, sizeof number);
		return true;
	case FIELD_HASH:
		if (!hash_of_name(&kind, value))
			return wrong(x, f->complaint, f->name, err);
		memcpy(to, &kind, sizeof kind);
		return true;
	case FIELD_SID:
		if (value.len > MIX_SID_MAX || (value.len && memchr(value.p, 0, value.len)))
			return wrong(x, "protInfo: sid is too long", f->name, err);
		if (value.len)
			memcpy(to, value.p, value.len);
		return true;
	}
	return false;
}

static bool parse_fields(struct xml *x, const struct field *f, size_t n, struct mix_session *out,
                         struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		bytes value;
		if (!take_element(x, f[i].name, &value, err) || !keep(x, &f[i], value, out, err))
			return false;
	}
	return true;
}

static bool take_frame(struct xml *x, const char *open, const char *name, struct error *err)
{
	return skip_space(x, err) &&
	       (take_tag(x, open, name) ||
	        wrong(x, "protInfo: another element is expected here", name, err));
}

bool protinfo_parse(struct mix_session *out, bytes file, struct error *err)
{
	struct xml x = {file, 0};
	*out = (struct mix_session){.auxsid = "default"};
	if (file.len > LIMIT_PROTINFO_BYTES)
		return fail(err, ERROR_LIMIT, "protInfo: longer than 1 MiB", ERROR_NOWHERE);
	if (!skip_declaration(&x, err) || !take_frame(&x, "<", "protocol", err) ||
	    !parse_fields(&x, head, sizeof head / sizeof head[0], out, err))
		return false;
	uint64_t line = line_of(&x);
	if (!mix_session_validate(out, err))
		return err ? (err->at = line, fail_within(err, "protInfo.xml")) : false;
	for (uint32_t i = 0; i < out->parties; i++) {
		if (!take_frame(&x, "<", "party", err) ||
		    !parse_fields(&x, party, sizeof party / sizeof party[0], out, err) ||
		    !take_frame(&x, "</", "party", err))
			return false;
	}
	if (!take_frame(&x, "</", "protocol", err) || !skip_space(&x, err))
		return false;
	return x.at == x.in.len || wrong(&x, "protInfo: text after the end", "protocol", err);
}
