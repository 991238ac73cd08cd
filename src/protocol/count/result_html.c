/* SPDX-License-Identifier: Apache-2.0 */
#include "count/result_html.h"

#include "count/svg_internal.h"
#include "count/visible_internal.h"

struct page {
	struct writer w;
	unsigned charts;
	size_t question; /* from 1 */
	bytes title;
};

static void put(struct page *p, const char *s)
{
	write_text(&p->w, s);
}

static void put_text(struct page *p, bytes b)
{
	visible_write(&p->w, b, SIZE_MAX, VISIBLE_MARKUP);
}

static void put_name(struct page *p, bytes b)
{
	put(p, "<bdi>");
	put_text(p, b);
	put(p, "</bdi>");
}

/* --- cells --- */

static void head(struct page *p, const char *s)
{
	put(p, "<th scope=\"col\">");
	put(p, s);
	put(p, "</th>");
}

static void head_stage(struct page *p, size_t stage)
{
	put(p, "<th scope=\"col\">stage ");
	write_u64(&p->w, stage + 1);
	put(p, "</th>");
}

static void row_head(struct page *p, bytes name)
{
	put(p, "<tr><th scope=\"row\">");
	put_name(p, name);
	put(p, "</th>");
}

static void cell(struct page *p, const char *s)
{
	put(p, "<td>");
	put(p, s);
	put(p, "</td>");
}

static void number_cell(struct page *p, uint64_t v)
{
	put(p, "<td class=\"n\">");
	write_u64(&p->w, v);
	put(p, "</td>");
}

static void units_cell(struct page *p, units v, struct units_form form)
{
	put(p, "<td class=\"n\">");
	visible_units(&p->w, v, form);
	put(p, "</td>");
}

static void begin_table(struct page *p, bytes caption)
{
	put(p, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"");
	put_text(p, caption);
	put(p, "\"><table><caption>");
	put_text(p, caption);
	put(p, "</caption>\n<thead><tr>");
}

static void end_table(struct page *p)
{
	put(p, "</tbody></table></div>\n");
}

/* --- the parts --- */

static void put_fact(struct page *p, const char *what, uint64_t v)
{
	put(p, "<dt>");
	put(p, what);
	put(p, "</dt><dd>");
	write_u64(&p->w, v);
	put(p, "</dd>\n");
}

static void put_facts(struct page *p, const struct result_sheet *s)
{
	put(p, "<dl>\n<dt>Rule</dt><dd>");
	put_text(p, bytes_of_text(s->rule));
	put(p, "</dd>\n");
	put_fact(p, "Seats", s->seats);
	put_fact(p, "Valid ballots", result_sheet_valid(s));
	put_fact(p, "Blank ballots", result_sheet_blank(s));
	put_fact(p, "Invalid ballots", s->invalid);
	if (s->count && s->count->quota > 0) {
		put(p, "<dt>Quota</dt><dd>");
		visible_units(&p->w, s->count->quota, s->count->form);
		put(p, "</dd>\n");
	}
	put(p, "</dl>\n");
}

static void put_elected(struct page *p, const struct result_sheet *s)
{
	const struct count_result *r = s->count;
	if (r->elected_count == 0) {
		put(p, "<p>Nobody is elected.</p>\n");
		return;
	}
	begin_table(p, BYTES_LITERAL("Elected"));
	head(p, "order");
	head(p, "name");
	head(p, "stage");
	put(p, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < r->elected_count; i++) {
		put(p, "<tr>");
		number_cell(p, i + 1);
		put(p, "<th scope=\"row\">");
		put_name(p, s->candidates[r->elected[i].candidate].name);
		put(p, "</th><td>");
		write_u64(&p->w, r->elected[i].stage + 1u);
		put(p, r->elected[i].without_quota ? ", without the quota</td></tr>\n" : "</td></tr>\n");
	}
	end_table(p);
}

static void put_candidates(struct page *p, const struct result_sheet *s)
{
	const struct count_result *r = s->count;
	const struct count_stage *last = &r->stages[r->stages_count - 1];
	uint16_t order[LIMIT_ANSWERS];
	result_order(order, r);
	begin_table(p, BYTES_LITERAL("Votes at the end"));
	head(p, "name");
	if (r->places)
		head(p, "place");
	head(p, "votes");
	head(p, "status");
	put(p, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < s->candidates_count; i++) {
		size_t who = order[i];
		row_head(p, s->candidates[who].name);
		if (r->places && r->places[who] == 0)
			cell(p, "");
		else if (r->places)
			number_cell(p, r->places[who]);
		units_cell(p, last->tallies[who], r->form);
		cell(p, count_status_name((enum count_status)last->status[who]));
		put(p, "</tr>\n");
	}
	end_table(p);
}

static void put_sum(struct page *p, const struct count_result *r, unsigned which)
{
	static const char *const names[] = {"Non-transferable", "Cut off", "Total"};
	row_head(p, bytes_of_text(names[which]));
	for (size_t j = 0; j < r->stages_count; j++)
		units_cell(p,
		           which == 0   ? r->stages[j].nontransferable
		           : which == 1 ? r->stages[j].truncated
		                        : result_stage_total(r, j),
		           r->form);
	put(p, "</tr>\n");
}

static void put_votes(struct page *p, const struct result_sheet *s)
{
	const struct count_result *r = s->count;
	begin_table(p, BYTES_LITERAL("Votes at each stage"));
	head(p, "name");
	for (size_t j = 0; j < r->stages_count; j++)
		head_stage(p, j);
	put(p, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < s->candidates_count; i++) {
		row_head(p, s->candidates[i].name);
		for (size_t j = 0; j < r->stages_count; j++) {
			enum count_status status = (enum count_status)r->stages[j].status[i];
			bool seated = status == COUNT_ELECTED || status == COUNT_PENDING;
			put(p, seated ? "<td class=\"n e\">" : "<td class=\"n\">");
			visible_units(&p->w, r->stages[j].tallies[i], r->form);
			put(p, seated ? " elected</td>" : "</td>");
		}
		put(p, "</tr>\n");
	}
	for (unsigned k = 0; k < result_sums(r); k++)
		put_sum(p, r, k);
	end_table(p);
}

static void put_stages(struct page *p, const struct count_result *r)
{
	put(p, "<h3>What happened</h3>\n<ol>\n");
	for (size_t i = 0; i < r->stages_count; i++) {
		put(p, "<li>");
		visible_action(&p->w, r, i, VISIBLE_MARKUP);
		if (r->stages[i].tie != COUNT_NO_TIE) {
			put(p, "; ");
			visible_tie(&p->w, r, i, VISIBLE_MARKUP);
		}
		put(p, "</li>\n");
	}
	put(p, "</ol>\n");
}

static void put_table(struct page *p, const struct count_table *t)
{
	begin_table(p, bytes_of_text(t->what));
	put(p, "<td></td>");
	for (size_t j = 0; j < t->columns; j++) {
		put(p, "<th scope=\"col\">");
		put_name(p, t->column_names[j]);
		put(p, "</th>");
	}
	put(p, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < t->rows; i++) {
		row_head(p, t->row_names[i]);
		for (size_t j = 0; j < t->columns; j++)
			units_cell(p, t->cells[i * t->columns + j], t->form);
		put(p, "</tr>\n");
	}
	end_table(p);
}

static void put_verdicts(struct page *p, const struct result_sheet *s)
{
	if (s->verdicts_count == 0)
		return;
	begin_table(p, BYTES_LITERAL("All ballots"));
	head(p, "kind");
	head(p, "ballots");
	put(p, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < s->verdicts_count; i++) {
		row_head(p, bytes_of_text(s->verdicts[i].name));
		number_cell(p, s->verdicts[i].count);
		put(p, "</tr>\n");
	}
	end_table(p);
}

static void put_written(struct page *p, const struct result_sheet *s)
{
	if (s->written_count == 0)
		return;
	begin_table(p, BYTES_LITERAL("Written in"));
	head(p, "text");
	head(p, "votes");
	put(p, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < s->written_count; i++) {
		row_head(p, s->written[i].text);
		number_cell(p, s->written[i].votes);
		put(p, "</tr>\n");
	}
	end_table(p);
}

static void put_chart(struct page *p, const struct count_result *r, enum svg_chart chart)
{
	const struct svg_place place = {.id = ++p->charts, .page = true};
	put(p, "<figure>\n");
	svg_chart_write(&p->w, r, chart, &place);
	put(p, "</figure>\n");
}

static void put_count(struct page *p, const struct result_sheet *s)
{
	put(p, "<h3>Result</h3>\n");
	put_elected(p, s);
	put_chart(p, s->count, SVG_VOTES);
	put_candidates(p, s);
	put_stages(p, s->count);
	if (s->count->rule.method->staged) {
		put_chart(p, s->count, SVG_STAGES);
		put_votes(p, s);
	}
	if (s->count->tables_count > 0)
		put(p, "<h3>Also computed</h3>\n");
	for (size_t i = 0; i < s->count->tables_count; i++)
		put_table(p, &s->count->tables[i]);
}

static void put_sheet(struct page *p, const struct result_sheet *s)
{
	put(p, "<section aria-labelledby=\"question");
	write_u64(&p->w, p->question);
	put(p, "\">\n<h2 id=\"question");
	write_u64(&p->w, p->question);
	put(p, "\">");
	bool news = s->title.len > 0 && !bytes_equal(s->title, p->title);
	put_text(p, news ? s->title : BYTES_LITERAL("Count"));
	put(p, "</h2>\n");
	put_facts(p, s);
	if (s->count)
		put_count(p, s);
	else
		put(p, "<p>No valid ballots: nobody is elected.</p>\n");
	if (s->verdicts_count + s->written_count > 0)
		put(p, "<h3>Ballots</h3>\n");
	put_verdicts(p, s);
	put_written(p, s);
	put(p, "</section>\n");
}

static const char style[] =
	":root{color-scheme:light dark}\n"
	"body{font:1rem/1.5 sans-serif;max-width:60rem;margin:0 auto;padding:1rem}\n"
	"table{border-collapse:collapse;margin:1rem 0}\n"
	"caption{text-align:left;font-weight:bold;padding:.25rem 0}\n"
	"th,td{border:1px solid #767676;padding:.25rem .5rem;text-align:left;vertical-align:top}\n"
	".n{text-align:right;font-variant-numeric:tabular-nums}\n"
	".e{font-weight:bold}\n"
	".wide{overflow-x:auto}\n"
	"dl{display:grid;grid-template-columns:max-content auto;gap:0 1rem}\n"
	"dt{font-weight:bold}dd{margin:0}\n"
	"figure{margin:1rem 0}figure>svg{max-width:100%;height:auto;width:45rem}\n"
	"@media print{.wide{overflow:visible}}\n";

bool result_html_write(struct sink *sink, const struct result_sheets *sheets, struct error *err)
{
	struct page p = {.title = result_sheets_title(sheets)};
	writer_init(&p.w, sink, err);
	put(&p, "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
	        "<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" "
	        "content=\"width=device-width, initial-scale=1\"/>\n"
	        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	        "style-src 'unsafe-inline'\"/>\n<title>");
	put_text(&p, p.title);
	put(&p, "</title>\n<style>\n");
	put(&p, style);
	put(&p, "</style>\n</head>\n<body>\n<main>\n<h1>");
	put_text(&p, p.title);
	put(&p, "</h1>\n");
	for (size_t i = 0; i < sheets->count; i++) {
		p.question = i + 1;
		put_sheet(&p, &sheets->sheets[i]);
	}
	put(&p, "</main>\n</body>\n</html>\n");
	return writer_finish(&p.w);
}
