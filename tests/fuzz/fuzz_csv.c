/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader of ballot tables. For any input and every option: it never takes more memory than it
 * says, an error has a kind, and what it accepts is a profile that every rule can count.
 */
#include "base/error.h"
#include "base/limits.h"
#include "count/count.h"
#include "count/csv.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A rule for each kind of ballot; NULL: none here counts them. */
static const char *rule_for(const struct profile *p)
{
	switch (p->kind) {
	case PROFILE_RANKING:
		return p->gaps ? "irv" : "scotland";
	case PROFILE_MARKS:
		return "plurality-at-large";
	case PROFILE_RANKS:
	case PROFILE_SCORES:
	case PROFILE_PAIRS:
		break;
	}
	return NULL;
}

static void check_values(const struct profile *p)
{
	require(p->kind != PROFILE_PAIRS);
	for (size_t i = 0; i < p->choices_count; i++) {
		require(p->choices[i] < p->candidates_count ||
		        (p->gaps && p->choices[i] >= PROFILE_REPEATED));
		require(p->kind != PROFILE_RANKS || p->values[i] >= 1);
	}
}

static void count_it(const struct profile *p)
{
	struct error err;
	struct arena a;
	struct count_result r;
	struct count_rule rule;
	uint16_t lot[LIMIT_ANSWERS];
	const char *name = rule_for(p);
	check_values(p);
	if (!name)
		return;
	require(count_rule_read(&rule, bytes_of_text(name), &err));
	size_t needs = count_arena_bytes(&rule, p);
	void *memory = aligned_alloc(ARENA_ALIGN, needs);
	require(memory && p->candidates_count <= LIMIT_ANSWERS);
	for (size_t i = 0; i < p->candidates_count; i++) {
		lot[i] = (uint16_t)i;
		require(profile_check_name(p->candidates[i].name, &err));
	}
	require(profile_check_names_differ(p, &err));
	arena_init(&a, memory, needs);
	rule.lot = lot;
	rule.lot_count = p->candidates_count;
	require(count_run(&r, &rule, p, &a, &err));
	require(r.valid + r.blank == p->ballots_count);
	free(memory);
}

static void read_it(bytes file, const struct csv_options *options)
{
	struct profile p;
	struct error err;
	struct arena a;
	size_t needs = csv_arena_bytes(file);
	void *memory = aligned_alloc(ARENA_ALIGN, needs);
	require(memory);
	arena_init(&a, memory, needs);
	error_clear(&err);
	if (!csv_read(&p, file, options, &a, &err))
		require(err.kind == ERROR_MALFORMED || (err.kind == ERROR_LIMIT && err.what[0] != 'a'));
	else if (p.candidates_count <= 50) /* a count takes candidates² memory */
		count_it(&p);
	free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bytes file = bytes_of(data, size);
	bytes names[] = {BYTES_LITERAL("Ann"), BYTES_LITERAL("Bo"), BYTES_LITERAL("Cy, \"C\"")};
	read_it(file, &(struct csv_options){.overvote = CSV_OVERVOTE_IS_ERROR});
	read_it(file, &(struct csv_options){.overvote = CSV_OVERVOTE_ENDS_BALLOT});
	read_it(file, &(struct csv_options){.gaps = true});
	read_it(file, &(struct csv_options){.candidates = names, .candidates_count = 3, .seats = 2});
	return 0;
}
