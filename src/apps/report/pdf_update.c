/* SPDX-License-Identifier: Apache-2.0 */
#include "report/pdf_update.h"

#include <stdio.h>
#include <stdlib.h>

#define ENTRY_BYTES 20u /* of the table of cross-references */
#define ADDED_BYTES 1024u

struct pdf {
	bytes all;
	uint64_t table, size, root, info; /* where the table is; how many objects; which are these */
};

static bool wrong(struct error *err)
{
	return fail(err, ERROR_BUG, "report: cairo's PDF has another form than expected",
	            ERROR_NOWHERE);
}

static bool is_at(bytes b, size_t at, const char *s)
{
	bytes want = bytes_of_text(s);
	return at + want.len <= b.len && memcmp(b.p + at, s, want.len) == 0;
}

/* The last place of s, or SIZE_MAX. */
static size_t find_last(bytes b, const char *s)
{
	for (size_t i = b.len; i-- > 0;)
		if (is_at(b, i, s))
			return i;
	return SIZE_MAX;
}

static size_t find_from(bytes b, size_t at, const char *s)
{
	for (; at < b.len; at++)
		if (is_at(b, at, s))
			return at;
	return SIZE_MAX;
}

/* The number behind s, which stands at `at` or later. */
static bool number_after(uint64_t *out, bytes b, size_t at, const char *s)
{
	size_t digits = 0;
	at = at == SIZE_MAX ? at : find_from(b, at, s);
	if (at == SIZE_MAX)
		return false;
	*out = 0;
	for (at += bytes_of_text(s).len; at < b.len && b.p[at] >= '0' && b.p[at] <= '9'; at++) {
		*out = *out * 10 + (uint64_t)(b.p[at] - '0');
		if (++digits > 12)
			return false;
	}
	return digits > 0;
}

static bool read_ends(struct pdf *p, bytes all)
{
	size_t trailer = find_last(all, "trailer");
	p->all = all;
	return number_after(&p->table, all, find_last(all, "startxref"), "startxref\n") &&
	       number_after(&p->size, all, trailer, "/Size ") &&
	       number_after(&p->root, all, trailer, "/Root ") &&
	       number_after(&p->info, all, trailer, "/Info ") && p->root < p->size && p->info < p->size;
}

/* From "N 0 obj" to its endobj, which is not in it. */
static bool find_object(bytes *out, const struct pdf *p, uint64_t number)
{
	char head[40];
	struct text t = TEXT_OF(head);
	uint64_t offset;
	text_add(&t, "xref\n0 ");
	text_add_u64(&t, p->size);
	text_add(&t, "\n");
	if (!is_at(p->all, (size_t)p->table, head))
		return false;
	size_t entry = (size_t)p->table + t.len + (size_t)number * ENTRY_BYTES;
	if (entry + ENTRY_BYTES > p->all.len || !number_after(&offset, p->all, entry, ""))
		return false;
	t = TEXT_OF(head);
	text_add_u64(&t, number);
	text_add(&t, " 0 obj\n");
	size_t end = find_from(p->all, (size_t)offset, "endobj");
	if (!is_at(p->all, (size_t)offset, head) || end == SIZE_MAX)
		return false;
	*out = bytes_of(p->all.p + offset, end - (size_t)offset);
	return true;
}

static void add_info(struct text *t, bytes info, bool keep_date)
{
	size_t date = find_from(info, 0, "/CreationDate");
	size_t end = date == SIZE_MAX ? date : find_from(info, date, ")");
	if (keep_date || end == SIZE_MAX) {
		text_add_bytes(t, info);
	} else {
		text_add_bytes(t, bytes_of(info.p, date));
		text_add_bytes(t, bytes_from(info, end + 1));
	}
	text_add(t, "endobj\n");
}

static void add_catalog(struct text *t, bytes catalog, const char *language)
{
	text_add_bytes(t, bytes_of(catalog.p, find_last(catalog, ">>")));
	text_add(t, "   /Lang (");
	text_add(t, language);
	text_add(t, ")\n   /ViewerPreferences << /DisplayDocTitle true >>\n>>\nendobj\n");
}

static void add_entry(struct text *t, uint64_t number, uint64_t offset)
{
	char line[ENTRY_BYTES + 1];
	text_add_u64(t, number);
	text_add(t, " 1\n");
	snprintf(line, sizeof line, "%010llu 00000 n \n", (unsigned long long)offset);
	text_add(t, line);
}

static void add_update(struct text *t, const struct pdf *p, const bytes objects[static 2],
                       const struct pdf_update *u)
{
	uint64_t info = p->all.len, catalog, table;
	add_info(t, objects[0], u->keep_date);
	catalog = p->all.len + t->len;
	add_catalog(t, objects[1], u->language);
	table = p->all.len + t->len;
	text_add(t, "xref\n");
	add_entry(t, p->info, info);
	add_entry(t, p->root, catalog);
	text_add(t, "trailer\n<< /Size ");
	text_add_u64(t, p->size);
	text_add(t, "\n   /Root ");
	text_add_u64(t, p->root);
	text_add(t, " 0 R\n   /Info ");
	text_add_u64(t, p->info);
	text_add(t, " 0 R\n   /Prev ");
	text_add_u64(t, p->table);
	text_add(t, "\n>>\nstartxref\n");
	text_add_u64(t, table);
	text_add(t, "\n%%EOF\n");
}

bool pdf_update(uint8_t **out, size_t *len, bytes pdf, const struct pdf_update *u,
                struct error *err)
{
	struct pdf p;
	bytes objects[2];
	*out = NULL;
	if (!read_ends(&p, pdf) || !find_object(&objects[0], &p, p.info) ||
	    !find_object(&objects[1], &p, p.root) || find_last(objects[1], ">>") == SIZE_MAX)
		return wrong(err);
	size_t room = objects[0].len + objects[1].len + ADDED_BYTES;
	uint8_t *all = malloc(pdf.len + room);
	if (!all)
		return fail(err, ERROR_IO, "report: out of memory", ERROR_NOWHERE);
	memcpy(all, pdf.p, pdf.len);
	all[pdf.len] = 0;
	struct text t = {(char *)all + pdf.len, room, 0, false};
	add_update(&t, &p, objects, u);
	if (t.cut) {
		free(all);
		return wrong(err);
	}
	*out = all;
	*len = pdf.len + t.len;
	return true;
}
