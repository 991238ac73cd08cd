/* SPDX-License-Identifier: Apache-2.0 */
/* Tables with more columns than a page has: the votes at each stage, what else was computed. */
#include "report/content_internal.h"

#define STAGE_COLUMNS 5u /* beside the names */

/* A table of texts with named rows: in blocks of as many columns as fit. */
struct grid {
	const char *caption;
	size_t rows, columns;
	bool (*row_name)(const char **out, const struct content *c, const void *of, size_t row,
	                 struct error *err);
	bool (*column_name)(const char **out, const struct content *c, const void *of, size_t column,
	                    struct error *err);
	bool (*cell)(const char **out, const struct content *c, const void *of, size_t row,
	             size_t column, struct error *err);
	const void *of;
};

static bool draw_block(struct paper *p, const struct content *c, const struct grid *g, size_t first,
                       struct error *err)
{
	struct paper_column columns[STAGE_COLUMNS + 1] = {{"name", 145, false}};
	const char *cells[STAGE_COLUMNS + 1];
	unsigned count = 1;
	for (size_t j = first; j < g->columns && count <= STAGE_COLUMNS; j++, count++) {
		columns[count] = (struct paper_column){NULL, 70, true};
		if (!g->column_name(&columns[count].heading, c, g->of, j, err))
			return false;
	}
	paper_table_begin(p, g->caption, columns, count);
	for (size_t i = 0; i < g->rows; i++) {
		if (!g->row_name(&cells[0], c, g->of, i, err))
			return false;
		for (unsigned j = 1; j < count; j++)
			if (!g->cell(&cells[j], c, g->of, i, first + j - 1, err))
				return false;
		paper_table_row(p, cells, 0);
	}
	paper_table_end(p);
	return true;
}

static bool draw_grid(struct paper *p, const struct content *c, const struct grid *g,
                      struct error *err)
{
	for (size_t j = 0; j < g->columns; j += STAGE_COLUMNS)
		if (!draw_block(p, c, g, j, err))
			return false;
	return true;
}

static bool votes_row(const char **out, const struct content *c, const void *of, size_t row,
                      struct error *err)
{
	const struct content_count *k = of;
	if (row < k->candidates_count)
		return content_candidate(out, c, k, row, err);
	*out = row == k->candidates_count ? "Non-transferable" : "Cut off";
	return true;
}

static bool votes_column(const char **out, const struct content *c, const void *of, size_t column,
                         struct error *err)
{
	char room[40];
	struct text t = TEXT_OF(room);
	(void)of;
	text_add(&t, "stage ");
	text_add_u64(&t, column + 1);
	return (*out = content_printable(c, bytes_of(room, t.len), err)) != NULL;
}

static bool votes_cell(const char **out, const struct content *c, const void *of, size_t row,
                       size_t column, struct error *err)
{
	const struct content_count *k = of;
	const struct json_value *stage = json_item(k->stages, column), *tallies;
	size_t count;
	if (row >= k->candidates_count)
		return content_text(out, c, stage,
		                    row == k->candidates_count ? "nontransferable" : "truncated", err);
	if (!content_items(&tallies, &count, stage, "tallies", err))
		return false;
	return count == k->candidates_count
	           ? content_item(out, c, tallies, row, err)
	           : json_refuse(tallies, ERROR_MALFORMED, "report: not as many numbers as candidates",
	                         err);
}

bool content_draw_votes(struct paper *p, const struct content *c, const struct content_count *k,
                        struct error *err)
{
	const struct grid votes = {"Votes at each stage",
	                           k->candidates_count + 2,
	                           k->stages_count,
	                           votes_row,
	                           votes_column,
	                           votes_cell,
	                           k};
	return draw_grid(p, c, &votes, err);
}

struct table {
	const struct json_value *cells, *rows, *columns;
	size_t rows_count, columns_count;
};

static bool table_row(const char **out, const struct content *c, const void *of, size_t row,
                      struct error *err)
{
	return content_item(out, c, ((const struct table *)of)->rows, row, err);
}

static bool table_column(const char **out, const struct content *c, const void *of, size_t column,
                         struct error *err)
{
	return content_item(out, c, ((const struct table *)of)->columns, column, err);
}

static bool table_cell(const char **out, const struct content *c, const void *of, size_t row,
                       size_t column, struct error *err)
{
	const struct table *t = of;
	const struct json_value *cells = json_item(t->cells, row);
	const struct json_range exactly = {t->columns_count, t->columns_count};
	size_t count;
	return json_items(&count, cells, exactly, err) && content_item(out, c, cells, column, err);
}

bool content_draw_tables(struct paper *p, const struct content *c, const struct content_count *k,
                         struct error *err)
{
	const struct json_value *tables;
	size_t count, rows;
	if (!content_items(&tables, &count, k->json, "tables", err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct json_value *json = json_item(tables, i);
		struct table t;
		struct grid g = {
			.row_name = table_row, .column_name = table_column, .cell = table_cell, .of = &t};
		if (!content_text(&g.caption, c, json, "name", err) ||
		    !content_items(&t.rows, &t.rows_count, json, "rows", err) ||
		    !content_items(&t.columns, &t.columns_count, json, "columns", err) ||
		    !content_items(&t.cells, &rows, json, "cells", err))
			return false;
		if (rows != t.rows_count)
			return json_refuse(json, ERROR_MALFORMED, "report: a table has not the rows it names",
			                   err);
		g.rows = t.rows_count;
		g.columns = t.columns_count;
		if (!draw_grid(p, c, &g, err))
			return false;
	}
	return true;
}
