/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of tables, and what is added behind cairo's bytes. */
#include "support/support.h"

#include "report/paper.h"
#include "report/pdf_update.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATE "2027-03-01T18:00:00Z"

static struct error err;

static size_t draw(struct paper *p, unsigned rows, size_t pages)
{
	static const struct paper_column columns[] = {{"name", 300, false}, {"votes", 100, true}};
	assert_ok(paper_begin(p, "A title", DATE, pages, &err), err);
	paper_heading(p, 1, "A title");
	paper_paragraph(p, "Some words.");
	paper_table_begin(p, "Votes", columns, 2);
	for (unsigned i = 0; i < rows; i++)
		paper_table_row(p, (const char *const[]){"Ann", "12"}, 0);
	paper_table_end(p);
	assert_ok(paper_end(p, &err), err);
	return p->page;
}

static size_t count_in(bytes b, const char *s)
{
	size_t found = 0, len = strlen(s);
	for (size_t i = 0; i + len <= b.len; i++)
		found += memcmp(b.p + i, s, len) == 0;
	return found;
}

static bytes last_part(bytes b, const char *s) /* from the last place of s */
{
	size_t len = strlen(s), at = b.len - len;
	while (memcmp(b.p + at, s, len) != 0) {
		assert_true(at > 0);
		at--;
	}
	return bytes_from(b, at);
}

/* One Document and one Table, however many pages, and a TR for each row and the headings. */
static void a_table_over_pages_is_one_table(void **state)
{
	(void)state;
	struct paper p;
	assert_int_equal(draw(&p, 3, 0), 1);
	paper_done(&p);
	assert_true(draw(&p, 100, 0) > 1);
	bytes pdf = bytes_of(p.bytes, p.used);
	assert_int_equal(count_in(pdf, "/S /Document\n"), 1);
	assert_int_equal(count_in(pdf, "/S /H1\n"), 1);
	assert_int_equal(count_in(pdf, "/S /P\n"), 1);
	assert_int_equal(count_in(pdf, "/S /Table\n"), 1);
	assert_int_equal(count_in(pdf, "/S /Caption\n"), 1);
	assert_int_equal(count_in(pdf, "/S /TR\n"), 101);
	assert_int_equal(count_in(pdf, "/S /TH\n"), 102);
	assert_int_equal(count_in(pdf, "/S /TD\n"), 100);
	paper_done(&p);
}

static void the_same_is_the_same_bytes(void **state)
{
	(void)state;
	struct paper p, q;
	draw(&p, 50, 2);
	draw(&q, 50, 2);
	assert_true(bytes_equal(bytes_of(p.bytes, p.used), bytes_of(q.bytes, q.used)));
	paper_done(&p);
	paper_done(&q);
}

static void text_without_end_stays_on_its_page(void **state)
{
	(void)state;
	char *text = test_arena()->base ? (char *)test_arena()->base : NULL;
	struct paper p;
	assert_non_null(text);
	memset(text, 'n', 100000);
	text[100000] = '\0';
	static const struct paper_column columns[] = {{"name", 60, false}};
	assert_ok(paper_begin(&p, "T", DATE, 0, &err), err);
	paper_paragraph(&p, text);
	paper_table_begin(&p, "C", columns, 1);
	paper_table_row(&p, (const char *const[]){text}, 0);
	paper_table_end(&p);
	assert_ok(paper_end(&p, &err), err);
	assert_in_range(p.page, 1, 2);
	paper_done(&p);
}

/* Nothing is drawn that is not in a name: a glyph for each letter, over several lines. */
static void long_names_break_without_a_hyphen(void **state)
{
	(void)state;
	char name[401];
	struct paper p;
	int glyphs = 0;
	for (size_t i = 0; i < sizeof name - 1; i++)
		name[i] = (char)('a' + (int)(i % 5));
	name[sizeof name - 1] = '\0';
	assert_ok(paper_begin(&p, "T", DATE, 0, &err), err);
	paper_paragraph(&p, name);
	assert_true(pango_layout_get_line_count(p.layout) > 2);
	for (GSList *l = pango_layout_get_lines_readonly(p.layout); l; l = l->next)
		for (GSList *r = ((PangoLayoutLine *)l->data)->runs; r; r = r->next)
			glyphs += ((PangoGlyphItem *)r->data)->glyphs->num_glyphs;
	assert_int_equal(glyphs, sizeof name - 1);
	assert_ok(paper_end(&p, &err), err);
	paper_done(&p);
}

static void language_and_title_are_added_behind(void **state)
{
	(void)state;
	struct paper p;
	uint8_t *out;
	size_t len;
	draw(&p, 3, 1);
	bytes pdf = bytes_of(p.bytes, p.used);
	assert_ok(pdf_update(&out, &len, pdf, &(struct pdf_update){"en", true}, &err), err);
	assert_memory_equal(out, pdf.p, pdf.len);
	bytes added = bytes_of(out + pdf.len, len - pdf.len);
	assert_int_equal(count_in(added, "/Lang (en)"), 1);
	assert_int_equal(count_in(added, "/DisplayDocTitle true"), 1);
	assert_int_equal(count_in(added, "/MarkInfo << /Marked true >>"), 1);
	assert_int_equal(count_in(added, "/CreationDate (20270301180000Z)"), 1);
	/* Each offset of the new table is that of its object. */
	bytes table = last_part(added, "\nxref\n");
	unsigned objects[2];
	unsigned long offsets[2];
	assert_int_equal(sscanf((const char *)table.p, "\nxref\n%u 1\n%lu 00000 n \n%u 1\n%lu 00000 n",
	                        &objects[0], &offsets[0], &objects[1], &offsets[1]),
	                 4);
	for (unsigned i = 0; i < 2; i++) {
		char head[32];
		snprintf(head, sizeof head, "%u 0 obj\n", objects[i]);
		assert_memory_equal(out + offsets[i], head, strlen(head));
	}
	unsigned long start;
	assert_int_equal(
		sscanf((const char *)last_part(added, "startxref").p, "startxref\n%lu", &start), 1);
	assert_memory_equal(out + start, "xref\n", 5);
	free(out);
	paper_done(&p);
}

static void a_date_that_nobody_gave_is_taken_out(void **state)
{
	(void)state;
	struct paper p;
	uint8_t *out;
	size_t len;
	draw(&p, 3, 1);
	bytes pdf = bytes_of(p.bytes, p.used);
	assert_ok(pdf_update(&out, &len, pdf, &(struct pdf_update){"en", false}, &err), err);
	bytes added = bytes_of(out + pdf.len, len - pdf.len);
	assert_int_equal(count_in(added, "CreationDate"), 0);
	assert_int_equal(count_in(added, "/Title (A title)"), 1);
	free(out);
	paper_done(&p);
}

static void another_form_of_pdf_is_refused(void **state)
{
	(void)state;
	struct paper p;
	uint8_t *out;
	size_t len;
	const struct pdf_update u = {"en", true};
	draw(&p, 3, 1);
	bytes pdf = bytes_of(p.bytes, p.used);
	assert_fails(pdf_update(&out, &len, BYTES_NONE, &u, &err), err, ERROR_BUG);
	assert_fails(pdf_update(&out, &len, bytes_of(pdf.p, pdf.len / 2), &u, &err), err, ERROR_BUG);
	/* Whatever byte of the trailer is lost, nothing is read from beyond. */
	size_t trailer = pdf.len - last_part(pdf, "trailer").len;
	for (size_t i = trailer; i < pdf.len; i++) {
		uint8_t was = p.bytes[i];
		p.bytes[i] = '9';
		if (pdf_update(&out, &len, pdf, &u, &err))
			free(out);
		p.bytes[i] = was;
	}
	paper_done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_over_pages_is_one_table),
		cmocka_unit_test(the_same_is_the_same_bytes),
		cmocka_unit_test(text_without_end_stays_on_its_page),
		cmocka_unit_test(long_names_break_without_a_hyphen),
		cmocka_unit_test(language_and_title_are_added_behind),
		cmocka_unit_test(a_date_that_nobody_gave_is_taken_out),
		cmocka_unit_test(another_form_of_pdf_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
