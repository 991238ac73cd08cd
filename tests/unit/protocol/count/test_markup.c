/* SPDX-License-Identifier: Apache-2.0 */
/* Results as charts and as a page. */
#include "support/support.h"

#include "unit/protocol/count/written.h"

#include "count/result_html.h"
#include "count/result_svg.h"

#include <stdio.h>

static const char hostile[] = "<script>alert(\"1\")</script>&amp;' x=\"\xe2\x80\xae";

static void markup_is_well_formed_whatever_candidates_are_called(void **state)
{
	(void)state;
	static const char *const rules[] = {"scotland", "plurality-at-large"};
	for (size_t i = 0; i < 2; i++) {
		struct count_result r = count_file(rules[i], tie_file);
		profile.candidates[2].name = bytes_of_text(hostile);
		profile.title = bytes_of_text(hostile);
		for (unsigned k = 0; k < 2; k++) {
			const char *text = written(k ? result_html_write : result_svg_write, &r);
			assert_well_formed(text);
			assert_null(strstr(text, "<script"));
			assert_null(strstr(text, "\xe2\x80\xae"));
			assert_has(text, "&lt;script&gt;");
		}
	}
}

static void every_chart_has_a_title_and_a_description(void **state)
{
	(void)state;
	struct count_result r = count_file("scotland", tie_file);
	for (unsigned k = 0; k < 2; k++) {
		const char *text = written(k ? result_html_write : result_svg_write, &r);
		for (unsigned id = 1; id <= 2; id++) {
			char part[128];
			snprintf(part, sizeof part,
			         "role=\"img\" aria-labelledby=\"chart%u-title\" "
			         "aria-describedby=\"chart%u-desc\"",
			         id, id);
			assert_has(text, part);
			snprintf(part, sizeof part, "<title id=\"chart%u-title\">", id);
			assert_has(text, part);
			snprintf(part, sizeof part, "<desc id=\"chart%u-desc\">", id);
			assert_has(text, part);
		}
		assert_null(strstr(text, "chart3"));
		assert_has(text, "Elected: Ann, of Ayr. ");
	}
}

/* The longest has the whole width; others ⌊votes · width / most⌋ in tenths of a pixel. */
static void bars_are_as_long_as_the_votes_are_many(void **state)
{
	(void)state;
	struct count_result r =
		count_file("plurality-at-large", "3 1\n9 1 0\n3 2 0\n0\n\"Ann\"\n\"Bo\"\n\"Cy\"\n\"T\"\n");
	const char *svg = written(result_svg_write, &r);
	/* 720 - 204 - (9 · 1 + 8) pixels for numbers = 499 */
	assert_has(svg, "<rect x=\"204\" y=\"60\" width=\"499\" height=\"16\" fill=\"#1d5c96\"");
	assert_has(svg, "<rect x=\"204\" y=\"84\" width=\"166.3\" height=\"16\" fill=\"#d8dee5\"");
	assert_null(strstr(svg, "<rect x=\"204\" y=\"108\""));
	assert_null(strstr(svg, "dashed"));
}

static void charts_of_enormous_numbers_stay_in_the_picture(void **state)
{
	(void)state;
	struct count_result r = made_result();
	units most = ((units)1 << 126) - 1;
	r.stages[1].tallies[1] = most;
	r.stages[1].tallies[0] = most / 2;
	r.stages[1].tallies[2] = -5;
	const char *svg = written(result_svg_write, &r);
	assert_well_formed(svg);
	assert_has(svg, "\xe2\x89\x88 ");
}

static void a_page_has_every_number_in_a_table(void **state)
{
	(void)state;
	struct count_result r = count_file("scotland", tie_file);
	const char *html = written(result_html_write, &r);
	assert_has(html, "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">");
	assert_has(html, "default-src 'none'");
	assert_has(html, "<h1>T &lt;1&gt;</h1>");
	assert_has(html, "<h2 id=\"question1\">Count</h2>");
	assert_has(html, "<tr><th scope=\"row\"><bdi>Ann, of Ayr</bdi></th><td class=\"n\">4.00000</td>"
	                 "<td class=\"n\">4.00000</td><td class=\"n e\">6.00000 elected</td>");
	assert_has(html,
	           "<li>Cy excluded, votes transferred: 2.00000; a tie of =B&amp;o and Cy: decided "
	           "by the declared lot</li>");
	assert_has(html, "<tr><th scope=\"row\"><bdi>Non-transferable</bdi></th>"
	                 "<td class=\"n\">0.00000</td><td class=\"n\">2.00000</td>");
	r = made_result();
	html = written(result_html_write, &r);
	assert_well_formed(html);
	assert_has(html, "<caption>Row&#39;s margin over the column</caption>");
	assert_has(html, "<tr><th scope=\"row\"><bdi>Ann</bdi></th><td class=\"n\">0</td>"
	                 "<td class=\"n\">-7/2</td></tr>");
	assert_has(html, "<td class=\"n\">14/3</td>");
}

static void a_page_shows_questions_without_valid_ballots(void **state)
{
	(void)state;
	struct count_result r = count_file("scotland", tie_file);
	const struct result_sheets both = two_questions(&r);
	const char *text = written_sheets(result_html_write, &both);
	assert_well_formed(text);
	assert_has(text, "<h1>Both</h1>");
	assert_has(text, "<h2 id=\"question1\">T &lt;1&gt;</h2>");
	assert_has(text, "<h2 id=\"question2\">Second</h2>");
	assert_has(text, "<p>No valid ballots: nobody is elected.</p>");
	assert_has(text, "<bdi>&lt;Dee&gt;</bdi></th><td class=\"n\">1</td>");
	assert_well_formed(written_sheets(result_svg_write, &both));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_is_well_formed_whatever_candidates_are_called),
		cmocka_unit_test(every_chart_has_a_title_and_a_description),
		cmocka_unit_test(bars_are_as_long_as_the_votes_are_many),
		cmocka_unit_test(charts_of_enormous_numbers_stay_in_the_picture),
		cmocka_unit_test(a_page_has_every_number_in_a_table),
		cmocka_unit_test(a_page_shows_questions_without_valid_ballots),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
