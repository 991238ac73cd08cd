/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/bytes.h"
#include "cli/output.h"

#include <stdio.h>
#include <string.h>

#define WORD_MAX 32u
#define TITLE_BYTES 64u

/* "ceremonies" and "manifests" for "ceremony" and "manifest"; "credential" for "credentials". */
static bool is_plural_of(const char *word, const char *name)
{
	size_t len = strlen(name);
	if (len == 0)
		return false;
	if (name[len - 1] == 'y')
		return strncmp(word, name, len - 1) == 0 && strcmp(word + len - 1, "ies") == 0;
	return strncmp(word, name, len) == 0 && strcmp(word + len, "s") == 0;
}

const struct command *command_find(const struct command *table, const char *word)
{
	for (const struct command *c = table; c->name; c++)
		if (strcmp(word, c->name) == 0 ||
		    (c->noun && (is_plural_of(word, c->name) || is_plural_of(c->name, word))))
			return c;
	return NULL;
}

int command_call(const struct command *c, const char *before, int argc, char **argv)
{
	char title[TITLE_BYTES];
	struct text t = TEXT_OF(title);
	text_add(&t, before);
	text_add(&t, " ");
	text_add(&t, c->name);
	argv[0] = title;
	return c->run(argc, argv);
}

static void print_verbs(FILE *f, const struct command *table, const char *noun)
{
	for (const struct command *c = table; c->name; c++)
		fprintf(f, "  %s %-14s %s\n", noun, c->name, c->summary);
	fprintf(f, "More about one: %s VERB --help\n", noun);
}

int command_run_verb(const struct command *table, int argc, char **argv)
{
	const char *noun = argv[0];
	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		print_verbs(stdout, table, noun);
		return EXIT_YES;
	}
	const struct command *c = argc > 1 ? command_find(table, argv[1]) : NULL;
	if (c)
		return command_call(c, noun, argc - 1, argv + 1);
	if (argc > 1) {
		char shown[TITLE_BYTES];
		const char *nearest = command_nearest(table, argv[1]);
		output_printable(shown, sizeof shown, argv[1]);
		fprintf(stderr, "%s: there is no '%s'%s%s%s\n", noun, shown,
		        nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
	} else {
		fprintf(stderr, "%s: what about it?\n", noun);
	}
	print_verbs(stderr, table, noun);
	return EXIT_USAGE;
}

/* Levenshtein's distance; words longer than WORD_MAX are far from everything. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[WORD_MAX + 1];
	size_t a_len = strlen(a), b_len = strlen(b);
	if (a_len > WORD_MAX || b_len > WORD_MAX)
		return WORD_MAX;
	for (unsigned j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			unsigned change = diagonal + (a[i - 1] != b[j - 1]);
			unsigned other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
			diagonal = row[j];
			row[j] = change < other ? change : other;
		}
	}
	return row[b_len];
}

const char *command_nearest(const struct command *table, const char *word)
{
	const char *best = NULL;
	unsigned least = 3; /* more wrong letters than two are another word */
	for (const struct command *c = table; c->name; c++) {
		unsigned d = distance(word, c->name);
		bool begins = strlen(word) >= 3 && strncmp(c->name, word, strlen(word)) == 0;
		if (d < least || (begins && !best)) {
			best = c->name;
			least = d < least ? d : least;
		}
	}
	return best;
}
