/* SPDX-License-Identifier: Apache-2.0 */
/* urna manifest import-sequent */
#include "cli/ballot_file.h"
#include "cli/command.h"
#include "cli/manifest_file.h"
#include "cli/output.h"
#include "cli/people.h"
#include "cli/session.h"
#include "cli/terms.h"
#include "manifest/import_sequent.h"

#include <stdio.h>

#define ENTRY_TEXT_MAX 2048u

enum { KEY_RECORD = OPTIONS_KEY, KEY_ELECTION };

struct import_options {
	struct common_options common;
	struct terms_options terms;
	struct people_options people;
	const char *file, *record;
	unsigned election; /* from 1; 0: all of the file */
	int code;          /* out */
};

static const struct argp_option options[] = {
	{"record", KEY_RECORD, "DIR", 0,
     "Write DIR/manifest.json, when nothing stands in the way; DIR is made (default: only say what "
     "would become of each field)",
     0},
	{"election", KEY_ELECTION, "N", 0, "The N-th election of the file (default: all, or the only)",
     0},
	{0},
};

static const char doc[] =
	"Read an election of Agora Voting or Sequent (their JSON, platform versions up to 10) and say "
	"of every field what becomes of it: mapped, kept for the eye, ignored, unsupported, wrong. "
	"Where nothing is unsupported or wrong, a manifest is written. What their file does not say, "
	"authorities, threshold and board, comes from the options."
	"\vdocs/from-sequent.md has the table of all fields.\n\n"
	"Examples:\n"
	"  urna manifest import-sequent election.json            (only the report)\n"
	"  urna manifest import-sequent election.json --threshold 2 --authority a1/identity.json \\\n"
	"    --authority a2/identity.json --board board/identity.json --record "
	"record\n" OPTIONS_EXIT_CODES;

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct import_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->terms;
		state->child_inputs[1] = &o->people;
		state->child_inputs[2] = &o->common;
		return 0;
	case KEY_RECORD:
		o->record = arg;
		return 0;
	case KEY_ELECTION:
		o->election = (unsigned)options_number(state, "--election", arg, 1, SEQUENT_MAX_ELECTIONS);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one FILE at a time");
		o->file = arg;
		return 0;
	case ARGP_KEY_END:
		options_need(state, "FILE", o->file);
		if (o->record) {
			people_check_options(state, &o->people);
			terms_check_options(state, &o->terms, o->people.authorities_count);
		}
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* One that somebody can have. */
static void any_key(uint8_t out[static IDENTITY_PUBLIC_BYTES], uint8_t which)
{
	struct identity_secret key;
	const uint8_t seed[IDENTITY_SEED_BYTES] = {which};
	identity_from_seed(&key, seed);
	memcpy(out, key.pub, sizeof key.pub);
}

/* Where nothing is written, anybody will do: the report does not depend on who it is. */
static bool read_people(struct people *out, const struct import_options *o, struct arena *arena,
                        struct error *err)
{
	if (o->record)
		return people_read(out, &o->people, arena, err);
	*out = (struct people){.authorities = {{.operator_name = BYTES_LITERAL("anybody")}},
	                       .authorities_count = 1,
	                       .board = {.name = BYTES_LITERAL("anybody")},
	                       .mode = o->people.mode,
	                       .weight_max = o->people.weight_max};
	any_key(out->authorities[0].identity, 1);
	any_key(out->board.key, 2);
	any_key(out->registrar, 3);
	return true;
}

static bool is_obstacle(const struct import_entry *e)
{
	return e->fate == IMPORT_UNSUPPORTED || e->fate == IMPORT_WRONG;
}

/* --- the report --- */

static void print_election(const struct sequent_election *e, unsigned number)
{
	char line[ENTRY_TEXT_MAX], shown[ENTRY_TEXT_MAX];
	if (number)
		printf("%sElection %u\n", number > 1 ? "\n" : "", number);
	for (const struct import_entry *entry = e->entries; entry; entry = entry->next) {
		struct text t = TEXT_OF(line);
		enum output_mark mark = is_obstacle(entry)              ? MARK_BAD
		                        : entry->fate == IMPORT_IGNORED ? MARK_NOTE
		                                                        : MARK_GOOD;
		import_entry_text(&t, entry);
		output_printable(shown, sizeof shown, line);
		printf("%s %s\n", output_mark(mark), shown);
	}
	for (unsigned f = 0; f < IMPORT_FATES; f++)
		printf("%s%u %s", f ? ", " : "", e->counts[f], import_fate_name((enum import_fate)f));
	puts(".");
}

static void put_entry(struct json_writer *w, const struct import_entry *e)
{
	json_put_object(w);
	json_put_key(w, "path");
	json_put_text_bytes(w, e->path);
	json_put_key(w, "fate");
	json_put_text(w, import_fate_name(e->fate));
	json_put_key(w, "value");
	json_put_text_bytes(w, e->value);
	json_put_key(w, "because");
	json_put_text(w, e->because);
	json_put_key(w, "detail");
	json_put_text_bytes(w, e->detail);
	json_put_key(w, "more");
	json_put_u64(w, e->more);
	json_put_end(w);
}

static void put_election(struct json_writer *w, const struct sequent_election *e)
{
	json_put_object(w);
	json_put_key(w, "ok");
	json_put_flag(w, e->draft != NULL);
	json_put_key(w, "counts");
	json_put_object(w);
	for (unsigned f = 0; f < IMPORT_FATES; f++) {
		json_put_key(w, import_fate_name((enum import_fate)f));
		json_put_u64(w, e->counts[f]);
	}
	json_put_end(w);
	json_put_key(w, "entries");
	json_put_array(w);
	for (const struct import_entry *entry = e->entries; entry; entry = entry->next)
		put_entry(w, entry);
	json_put_end(w);
	json_put_end(w);
}

/* The elections that were asked for: first … last - 1. */
struct chosen {
	const struct sequent_election *list;
	unsigned first, last;
};

static bool report_json(const struct session *s, const struct import_options *o,
                        const struct chosen *c, const struct error *why, struct error *err)
{
	struct json_writer w;
	bool good = why->kind == ERROR_NONE;
	output_json_begin(&w, s->command);
	json_put_key(&w, "ok");
	json_put_flag(&w, good);
	if (!good)
		output_json_error(&w, "error", why);
	json_put_key(&w, "elections");
	json_put_array(&w);
	for (unsigned i = c->first; i < c->last; i++)
		put_election(&w, &c->list[i]);
	json_put_end(&w);
	if (good && o->record) {
		digest d = manifest_digest(c->list[c->first].exact);
		json_put_key(&w, "record");
		json_put_text(&w, o->record);
		json_put_key(&w, "digest");
		json_put_hex(&w, BYTES_OF(d.b));
	}
	return output_json_end(&w, err);
}

static bool report_text(const struct session *s, const struct import_options *o,
                        const struct chosen *c, const struct error *why, struct error *err)
{
	bool alone = c->last - c->first == 1;
	for (unsigned i = c->first; i < c->last; i++)
		print_election(&c->list[i], alone ? 0 : i + 1);
	if (why->kind != ERROR_NONE) {
		output_failure(NULL, s->command, why);
		return true;
	}
	if (o->record)
		return manifest_file_report(s->command, &o->common, o->record, c->list[c->first].exact,
		                            err);
	output_remark(&o->common, "Nothing stands in the way; with --record the manifest is written.");
	return true;
}

/* --- the work --- */

static bool choose(struct session *s, struct chosen *c, const struct import_options *o,
                   const struct sequent_import *all, struct error *err)
{
	char room[64];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, all->count);
	text_add(&t, all->count == 1 ? " election is in it" : " elections are in it");
	*c = (struct chosen){all->elections, 0, all->count};
	if (o->election > all->count || (o->record && !o->election && all->count > 1)) {
		fail_detail(err, ERROR_REJECTED,
		            o->election ? "--election: the file has no such election"
		                        : "--election: say which one, a record is of one election",
		            ERROR_NOWHERE, room);
		return session_usage(s, fail_within(err, o->file));
	}
	if (o->election)
		*c = (struct chosen){all->elections, o->election - 1, o->election};
	return true;
}

static bool import(struct session *s, void *ctx, struct error *err)
{
	struct import_options *o = ctx;
	struct people people;
	struct manifest_draft base = {.threshold = o->record ? o->terms.threshold : 1,
	                              .min_list = o->terms.min_list,
	                              .accept_small_lists = o->terms.accept_small_lists};
	struct sequent_import all;
	struct chosen c;
	struct error why;
	bytes json;
	error_clear(&why);
	if (!operator_file_read(&json, o->file, SEQUENT_MAX_BYTES, &s->arena, err) ||
	    !read_people(&people, o, &s->arena, err))
		return false;
	people_put(&base, &people);
	if (!sequent_import(&all, json, &base, &s->arena, err))
		return fail_within(err, o->file);
	if (!choose(s, &c, o, &all, err))
		return false;
	for (unsigned i = c.first; why.kind == ERROR_NONE && i < c.last; i++)
		if (!sequent_refuse(&c.list[i], &why))
			fail_within(&why, o->file);
	o->code = why.kind == ERROR_NONE ? EXIT_YES : EXIT_NO;
	if (o->code == EXIT_YES && o->record &&
	    !manifest_file_write(o->record, c.list[c.first].exact, &s->arena, err))
		return false;
	return o->common.json ? report_json(s, o, &c, &why, err) : report_text(s, o, &c, &why, err);
}

int cmd_manifest_import(int argc, char **argv)
{
	const struct argp_child children[] = {
		{&terms_argp, 0, "How votes are opened:", 1},
		{&people_argp, 0, "Who answers for it:", 2},
		options_common[0],
		{0},
	};
	const struct argp argp = {options, parse, "FILE", doc, children, NULL, NULL};
	struct import_options o = {.common = COMMON_OPTIONS_DEFAULT,
	                           .terms = TERMS_OPTIONS_DEFAULT,
	                           .people = PEOPLE_OPTIONS_DEFAULT};
	options_parse(&argp, argc, argv, &o);
	int code = session_run(argv[0], &o.common, import, &o);
	return code == EXIT_YES ? o.code : code;
}
