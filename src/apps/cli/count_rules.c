/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/count_rules.h"

#include "cli/output.h"
#include "count/rule.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const kinds[] = {
	[PROFILE_RANKING] = "ranking", [PROFILE_MARKS] = "marks", [PROFILE_RANKS] = "ranks",
	[PROFILE_SCORES] = "scores",   [PROFILE_PAIRS] = "pairs",
};
#define KINDS (sizeof kinds / sizeof *kinds)

/* --- for people --- */

static void print_values(const struct count_option *o)
{
	if (o->type == COUNT_WORD)
		for (size_t i = 0; o->words[i]; i++)
			printf("%s%s", i > 0 ? "|" : "", o->words[i]);
	else
		printf("%" PRId64 "...%" PRId64 "%s", o->min, o->max,
		       o->type == COUNT_NUMBERS ? "/..." : "");
}

static void print_form(const struct count_method *m)
{
	printf("%s", m->name);
	for (size_t i = 0; i < m->options_count; i++) {
		printf("%c%s=", i > 0 ? ',' : ':', m->options[i].name);
		print_values(&m->options[i]);
	}
}

static void print_line(const struct count_method *m)
{
	print_form(m);
	printf("  %s\n", m->what);
}

static void print_option(const struct count_option *o)
{
	printf("  %s=", o->name);
	print_values(o);
	printf("\n      %s", o->what);
	if (o->type == COUNT_WORD)
		printf(" (default: %s)\n", o->words[o->otherwise]);
	else if (o->type == COUNT_NUMBER)
		printf(" (default: %" PRId64 ")\n", o->otherwise);
	else
		puts(" (default: none)");
}

static void print_whole(const struct count_method *m)
{
	printf("%s: %s\nSource: %s\nBallots: %s", m->name, m->what, m->source,
	       profile_kind_name(m->ballot));
	for (unsigned k = 0; k < KINDS; k++)
		if (m->also >> k & 1)
			printf("; also %s", profile_kind_name((enum profile_kind)k));
	puts(m->gaps ? "; ranks may be skipped or overvoted" : "");
	puts(m->twice ? "For elections: yes, both verifiers count it."
	              : "For elections: not yet, only for files.");
	puts(m->options_count > 0 ? "Options:" : "It has no options.");
	for (size_t i = 0; i < m->options_count; i++)
		print_option(&m->options[i]);
}

/* --- for programs --- */

static void put_option(struct json_writer *w, const struct count_option *o)
{
	json_put_object(w);
	json_put_key(w, "name");
	json_put_text(w, o->name);
	json_put_key(w, "what");
	json_put_text(w, o->what);
	json_put_key(w, "type");
	json_put_text(w, o->type == COUNT_WORD      ? "word"
	                 : o->type == COUNT_NUMBERS ? "numbers"
	                                            : "number");
	if (o->type == COUNT_WORD) {
		json_put_key(w, "words");
		json_put_array(w);
		for (size_t i = 0; o->words[i]; i++)
			json_put_text(w, o->words[i]);
		json_put_end(w);
	} else {
		json_put_key(w, "min");
		json_put_i64(w, o->min);
		json_put_key(w, "max");
		json_put_i64(w, o->max);
	}
	json_put_key(w, "default");
	if (o->type == COUNT_WORD)
		json_put_text(w, o->words[o->otherwise]);
	else if (o->type == COUNT_NUMBER)
		json_put_i64(w, o->otherwise);
	else
		json_put_null(w);
	json_put_end(w);
}

static void put_ballots(struct json_writer *w, const struct count_method *m)
{
	json_put_array(w);
	json_put_text(w, kinds[m->ballot]);
	for (unsigned k = 0; k < KINDS; k++)
		if (m->also >> k & 1 && k != (unsigned)m->ballot)
			json_put_text(w, kinds[k]);
	json_put_end(w);
}

static void put_method(struct json_writer *w, const struct count_method *m)
{
	json_put_object(w);
	json_put_key(w, "name");
	json_put_text(w, m->name);
	json_put_key(w, "what");
	json_put_text(w, m->what);
	json_put_key(w, "source");
	json_put_text(w, m->source);
	json_put_key(w, "ballots");
	put_ballots(w, m);
	json_put_key(w, "gaps");
	json_put_flag(w, m->gaps);
	json_put_key(w, "staged");
	json_put_flag(w, m->staged);
	json_put_key(w, "elections");
	json_put_flag(w, m->twice);
	json_put_key(w, "options");
	json_put_array(w);
	for (size_t i = 0; i < m->options_count; i++)
		put_option(w, &m->options[i]);
	json_put_end(w);
	json_put_end(w);
}

static bool print_json(const struct count_method *only, struct error *err)
{
	struct json_writer w;
	output_json_begin(&w, "urna count");
	json_put_key(&w, "rules");
	json_put_array(&w);
	for (size_t i = 0; count_methods[i]; i++)
		if (!only || only == count_methods[i])
			put_method(&w, count_methods[i]);
	json_put_end(&w);
	return output_json_end(&w, err);
}

bool count_rules_print(const char *name, bool json, struct error *err)
{
	struct count_rule rule = {0};
	if (name && !count_rule_read(&rule, bytes_of_text(name), err))
		return false;
	if (json)
		return print_json(rule.method, err);
	if (name)
		print_whole(rule.method);
	for (size_t i = 0; !name && count_methods[i]; i++)
		print_line(count_methods[i]);
	return true;
}
