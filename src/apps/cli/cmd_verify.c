/* SPDX-License-Identifier: Apache-2.0 */
/* urna verify: a whole record, from the manifest to the result. */
#include "cli/command.h"
#include "cli/election.h"
#include "cli/fingerprint.h"
#include "cli/operator_file.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"
#include "host/log.h"
#include "record/verify.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define IDENTITY_FILE_MAX 65536u

enum { KEY_FINGERPRINT = OPTIONS_KEY, KEY_AUTHORITY, KEY_THRESHOLD };

struct verify_options {
	struct common_options common;
	const char *record;
	const char *authorities[LIMIT_PARTIES];
	unsigned authorities_count, threshold;
	digest known[LIMIT_PARTIES]; /* of their keys */
	struct record_anchor anchor;
	enum record_verdict verdict; /* out */
};

static const struct argp_option options[] = {
	{"fingerprint", KEY_FINGERPRINT, "WORDS", 0,
     "The election's published fingerprint: 16 words with '-' or blanks between, or 64 hex digits. "
     "Take it from the election's announcement, not from the record",
     0},
	{"authority", KEY_AUTHORITY, "KEY", 0,
     "Instead: the identity.json of an authority that you have from itself, or its key as 16 words "
     "or 64 hex digits; once for each, in the manifest's order",
     0},
	{"threshold", KEY_THRESHOLD, "T", 0,
     "With --authority: at least so many of them must have made this election's key; fewer than so "
     "many are taken to be dishonest. Take it from where the keys are from, not from the record "
     "(default: all)",
     0},
	{0},
};

static const char doc[] =
	"Check everything a record claims: manifest, key ceremony, the log with every ballot, every "
	"shuffle, the decryption, the count, and who signed what. Nothing but the record and the "
	"published fingerprint is needed or believed; who knows the keys of all authorities can give "
	"those instead, and learns that it is an election of these authorities, not which. Without "
	"either the best answer is 'self-consistent': somebody could have made "
	"a whole record of another election."
	"\vurna verify proof DIR checks a mix-net proof directory that belongs to no election; urna "
	"verify evidence A B says whom two signed things convict.\n\n"
	"Examples:\n"
	"  urna verify board-2027/record --fingerprint lusab-babad-...\n"
	"  urna verify board-2027/record --authority org-a.json --authority org-b.json\n\n"
	"Exit codes: 0 verified; 1 rejected; 2 wrong usage; 3 could not decide, or self-consistent "
	"only.\n";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct verify_options *o = state->input;
	struct error err;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case KEY_FINGERPRINT:
		error_clear(&err);
		if (!fingerprint_parse(&o->anchor.eid, arg, &err))
			argp_error(state, "--fingerprint: %s%s%s", err.what, err.detail[0] ? ": " : "",
			           err.detail);
		o->anchor.kind = ANCHOR_ELECTION;
		return 0;
	case KEY_AUTHORITY:
		if (o->authorities_count == LIMIT_PARTIES)
			argp_error(state, "--authority: at most %u of them", LIMIT_PARTIES);
		else
			o->authorities[o->authorities_count++] = arg;
		return 0;
	case KEY_THRESHOLD:
		o->threshold = (unsigned)options_number(state, "--threshold", arg, 1, LIMIT_PARTIES);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one RECORD at a time");
		o->record = arg;
		return 0;
	case ARGP_KEY_END:
		options_need(state, "RECORD", o->record);
		if (o->authorities_count && o->anchor.kind == ANCHOR_ELECTION)
			argp_error(state, "either --fingerprint or --authority, not both");
		if (o->threshold > o->authorities_count)
			argp_error(state, "--threshold: more than keys of authorities were given");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

struct verify_report {
	struct report report; /* first member */
	struct session *session;
	const struct record_anchor *anchor;
	struct json_writer *json;  /* NULL: text */
	unsigned failed, rejected; /* rejected: not only because this run lacked memory */
};

static const char *outcome_name(enum check_outcome outcome)
{
	static const char *const names[] = {"passed", "failed", "skipped", "note"};
	return names[outcome];
}

static void put_check(struct json_writer *w, const struct check *c)
{
	char detail[ERROR_DETAIL_BYTES];
	json_put_object(w);
	json_put_key(w, "code");
	json_put_text(w, c->code);
	json_put_key(w, "sentence");
	json_put_text(w, c->sentence);
	json_put_key(w, "outcome");
	json_put_text(w, outcome_name(c->outcome));
	if (c->outcome == CHECK_FAILED) {
		output_json_error(w, "error", &c->error);
	} else if (c->error.detail[0]) {
		output_printable(detail, sizeof detail, c->error.detail);
		json_put_key(w, "detail");
		json_put_text(w, detail);
	}
	json_put_end(w);
}

static void print_check(const struct check *c)
{
	static const enum output_mark marks[] = {MARK_GOOD, MARK_BAD, MARK_SKIPPED, MARK_NOTE};
	char text[ERROR_DETAIL_BYTES + 256];
	printf("%s %-5s%s\n", output_mark(marks[c->outcome]), c->code, c->sentence);
	if (c->outcome == CHECK_FAILED)
		error_describe(text, sizeof text, &c->error);
	else
		output_printable(text, sizeof text, c->error.detail);
	if (text[0])
		printf("%*s%s\n", isatty(STDOUT_FILENO) ? 7 : 13, "", text);
}

/* Our own limits; those a record exceeds have other words (base/limits.h). */
static bool is_lack_of_memory(const struct error *err)
{
	return err->kind == ERROR_LIMIT && err->what &&
	       (strncmp(err->what, "arena:", 6) == 0 || strncmp(err->what, "memory:", 7) == 0);
}

static void on_check(struct report *report, const struct check *c)
{
	struct verify_report *r = (struct verify_report *)report;
	r->failed += c->outcome == CHECK_FAILED;
	r->rejected += c->outcome == CHECK_FAILED && !is_lack_of_memory(&c->error);
	session_progress_break(r->session);
	if (r->json)
		put_check(r->json, c);
	else
		print_check(c);
	fflush(stdout);
}

static const char *verdict_word(enum record_verdict v)
{
	static const char *const words[] = {"verified", "self-consistent", "rejected", "undecided"};
	return words[v];
}

static int verdict_exit(enum record_verdict v)
{
	return v == RECORD_VERIFIED ? EXIT_YES : v == RECORD_REJECTED ? EXIT_NO : EXIT_UNDECIDED;
}

static void print_words(const char *before, const digest *eid)
{
	char words[WORDS_TEXT_BYTES];
	words_encode(words, eid->b);
	printf("%s%s\n", before, words);
}

/* What the record says of itself, for people to compare. */
struct claims {
	bool known; /* false where manifest or ceremony fail */
	digest eid;
	char title[256];
};

/* Keys do not say which of their owners' elections this is; people see it and judge. */
static void print_verified(const struct record_anchor *anchor, const struct claims *own)
{
	if (anchor->kind == ANCHOR_ELECTION) {
		puts("Verified: this is the election of the fingerprint, and its result is the count of "
		     "its ballots.");
		return;
	}
	puts("Verified: this is an election of these authorities, and its result is the count of its "
	     "ballots.\nTheir keys do not say which of their elections it is. Is it the one you mean?");
	if (own->known) {
		printf("  %s\n", own->title);
		print_words("  ", &own->eid);
	}
}

static void print_verdict(enum record_verdict v, const struct verify_report *r,
                          const struct claims *claims)
{
	const digest *own = claims->known ? &claims->eid : NULL;
	const struct record_anchor *anchor = r->anchor;
	putchar('\n');
	switch (v) {
	case RECORD_VERIFIED:
		print_verified(anchor, claims);
		break;
	case RECORD_SELF_CONSISTENT:
		puts("Self-consistent only: everything holds, but nothing says that it is the election you "
		     "mean.\nCompare this with the fingerprint that was published, or give that one with "
		     "--fingerprint:");
		if (own)
			print_words("  ", own);
		break;
	case RECORD_REJECTED:
		printf("Rejected: %u check%s failed. Do not rely on this record.\n", r->failed,
		       r->failed == 1 ? "" : "s");
		if (own && anchor->kind == ANCHOR_ELECTION && !digest_equal(own, &anchor->eid)) {
			print_words("  you gave       ", &anchor->eid);
			print_words("  the record has ", own);
		}
		break;
	case RECORD_UNDECIDED:
		puts("Not decided: this run could not check everything. It says nothing about the "
		     "election.");
		break;
	}
}

static void own_claims(struct claims *out, struct session *s, const char *path)
{
	struct election e;
	*out = (struct claims){0};
	if (!election_open(&e, path, DISK_READ, s, NULL))
		return;
	out->known = election_read_key(&e, NULL);
	if (out->known) {
		out->eid = e.key.eid;
		output_printable(out->title, sizeof out->title, (const char *)e.manifest->title.p);
	}
	election_close(&e);
}

/* A file of that name, or else the key itself. */
static bool read_authority(uint8_t key[static IDENTITY_PUBLIC_BYTES], const char *what,
                           struct arena *arena, struct error *err)
{
	struct manifest_authority a;
	digest typed;
	bytes json;
	if (access(what, F_OK) != 0) {
		if (!fingerprint_parse(&typed, what, err))
			return fail_within(err, "--authority, no file and no key");
		memcpy(key, typed.b, sizeof typed.b);
		return true;
	}
	if (!operator_file_read(&json, what, IDENTITY_FILE_MAX, arena, err))
		return false;
	if (!manifest_identity_read(&a, json, arena, err))
		return fail_within(err, what);
	memcpy(key, a.identity, sizeof a.identity);
	return true;
}

static bool read_authorities(struct session *s, struct verify_options *o, struct error *err)
{
	uint8_t key[IDENTITY_PUBLIC_BYTES];
	if (o->authorities_count == 0)
		return true;
	for (unsigned i = 0; i < o->authorities_count; i++) {
		if (!read_authority(key, o->authorities[i], &s->arena, err))
			return session_usage(s, false);
		o->known[i] = sha256(BYTES_OF(key));
	}
	o->anchor = (struct record_anchor){.kind = ANCHOR_AUTHORITIES,
	                                   .authorities = o->known,
	                                   .authorities_count = o->authorities_count,
	                                   .vouch = o->threshold};
	return true;
}

static bool verify(struct session *s, void *ctx, struct error *err)
{
	struct verify_options *o = ctx;
	struct folder *record;
	struct json_writer w;
	struct verify_report r = {.report = {on_check}, .session = s, .anchor = &o->anchor};
	struct claims own;
	if (!read_authorities(s, o, err) || !election_folder_open(&record, o->record, DISK_READ, err))
		return false;
	if (!election_is_there(record, o->record, err)) {
		disk_folder_close(record);
		return false;
	}
	if (o->common.json) {
		r.json = &w;
		output_json_begin(&w, s->command);
		json_put_key(&w, "checks");
		json_put_array(&w);
	}
	o->verdict = record_verify(record, &o->anchor, &s->world, &r.report);
	if (o->verdict == RECORD_REJECTED && r.rejected == 0)
		o->verdict = RECORD_UNDECIDED;
	disk_folder_close(record);
	session_progress_done(s);
	own_claims(&own, s, o->record);
	if (!o->common.json) {
		print_verdict(o->verdict, &r, &own);
		return true;
	}
	json_put_end(&w);
	json_put_key(&w, "verdict");
	json_put_text(&w, verdict_word(o->verdict));
	output_json_fingerprint(&w, own.known ? &own.eid : NULL);
	if (own.known) {
		json_put_key(&w, "title");
		json_put_text(&w, own.title);
	}
	return output_json_end(&w, err);
}

int cmd_verify(int argc, char **argv)
{
	static const struct command verbs[] = {
		{"proof", cmd_verify_proof, "check a mix-net proof directory of no election", true},
		{"evidence", cmd_verify_evidence, "say whom two signed things convict", false},
		{NULL, NULL, NULL, false}};
	static const struct argp argp = {options, parse, "RECORD", doc, options_common, NULL, NULL};
	struct verify_options o = {.common = COMMON_OPTIONS_DEFAULT};
	const struct command *verb = argc > 1 ? command_find(verbs, argv[1]) : NULL;
	if (verb)
		return command_call(verb, argv[0], argc - 1, argv + 1);
	options_parse(&argp, argc, argv, &o);
	int code = session_run(argv[0], &o.common, verify, &o);
	return code == EXIT_YES ? verdict_exit(o.verdict) : code;
}
