/* SPDX-License-Identifier: Apache-2.0 */
/* urna verify proof: one proof directory in Verificatum's form, of whatever election. */
#include "cli/command.h"
#include "cli/election.h"
#include "cli/operator_file.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"
#include "mixnet/protinfo.h"
#include "mixnet/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FINDINGS_MAX 1024u /* shown; a directory of garbage may have one per element */

enum { KEY_PROTINFO = OPTIONS_KEY, KEY_TYPE, KEY_AUXSID, KEY_WIDTH, KEY_SLOPPY };

struct proof_options {
	struct common_options common;
	const char *folder, *protinfo, *auxsid;
	bool any_type, sloppy;
	enum mix_type type;
	uint32_t width; /* 0: protInfo.xml's */
	int code;       /* out */
};

static const struct argp_option options[] = {
	{"protinfo", KEY_PROTINFO, "FILE", 0, "The parameters the mix-net's operators agreed on", 0},
	{"type", KEY_TYPE, "TYPE", 0,
     "Demand this type: mixing, shuffling or decryption (default: any)", 0},
	{"auxsid", KEY_AUXSID, "NAME", 0,
     "The session's auxiliary identifier (default: the word default)", 0},
	{"width", KEY_WIDTH, "N", 0, "Points per half of a ciphertext (default: as in protInfo)", 0},
	{"sloppy", KEY_SLOPPY, NULL, 0,
     "Believe the directory's own files auxsid and width instead of asking for them", 0},
	{0},
};

static const char doc[] =
	"Check a proof directory as Verificatum's mix-net writes it: that every shuffle is a "
	"permutation and every decryption correct. A valid one is tied to no election: nothing in it "
	"says whose ballots went in or who shuffled them."
	"\vExample:\n"
	"  urna verify proof nizkp/default --protinfo protInfo.xml --type mixing\n\n"
	"Exit codes: 0 valid; 1 rejected; 2 wrong usage; 3 could not decide.\n";

static enum mix_type parse_type(struct argp_state *state, const char *name)
{
	static const enum mix_type types[] = {MIX_MIXING, MIX_SHUFFLING, MIX_DECRYPTION};
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strcmp(name, mix_type_name(types[i])) == 0)
			return types[i];
	argp_error(state, "--type: '%s' is none of mixing, shuffling, decryption", name);
	return MIX_MIXING;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct proof_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case KEY_PROTINFO:
		o->protinfo = arg;
		return 0;
	case KEY_TYPE:
		o->type = parse_type(state, arg);
		o->any_type = false;
		return 0;
	case KEY_AUXSID:
		o->auxsid = arg;
		return 0;
	case KEY_WIDTH:
		o->width = (uint32_t)options_number(state, "--width", arg, 1, LIMIT_WIDTH);
		return 0;
	case KEY_SLOPPY:
		o->sloppy = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one DIR at a time");
		o->folder = arg;
		return 0;
	case ARGP_KEY_END:
		options_need(state, "DIR", o->folder);
		options_need(state, "--protinfo", o->protinfo);
		if (o->sloppy && (o->auxsid || o->width))
			argp_error(state, "--sloppy takes auxsid and width from the directory");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

struct findings {
	struct mix_finding *list;
	size_t count, more;
};

static void on_finding(void *ctx, const struct mix_finding *f)
{
	struct findings *all = ctx;
	if (all->count < FINDINGS_MAX)
		all->list[all->count++] = *f;
	else
		all->more++;
}

static bool read_word(bytes *out, char *room, size_t size, struct folder *f, enum mix_file file,
                      struct error *err)
{
	struct mix_path path = mix_path(file, 0);
	return folder_read(f, path.text, (uint8_t *)room, size, out, err);
}

static bool session_of_directory(struct mix_session *m, struct folder *f, struct error *err)
{
	char room[MIX_AUXSID_MAX + 2];
	bytes word;
	if (!read_word(&word, room, sizeof room, f, MIX_FILE_AUXSID, err) ||
	    !mix_session_set_auxsid(m, word, err) || !read_word(&word, room, 8, f, MIX_FILE_WIDTH, err))
		return false;
	uint32_t width = 0;
	for (size_t i = 0; i < word.len; i++) {
		if (word.p[i] < '0' || word.p[i] > '9' || width > LIMIT_WIDTH)
			return fail(err, ERROR_MALFORMED, "proof: the file width is no number", i);
		width = width * 10 + (word.p[i] - '0');
	}
	m->width = width;
	return mix_session_validate(m, err);
}

static bool prepare(struct mix_session *m, const struct proof_options *o, struct folder *f,
                    struct session *s, struct error *err)
{
	bytes xml;
	if (!operator_file_read(&xml, o->protinfo, LIMIT_PROTINFO_BYTES, &s->arena, err))
		return false;
	if (!protinfo_parse(m, xml, err))
		return fail_within(err, o->protinfo);
	if (o->sloppy)
		return session_of_directory(m, f, err);
	if (o->auxsid && !mix_session_set_auxsid(m, bytes_of_text(o->auxsid), err))
		return false;
	if (o->width)
		m->width = o->width;
	return mix_session_validate(m, err);
}

static void print_text(const struct findings *all, const struct mix_facts *facts,
                       const struct mix_session *m)
{
	if (facts)
		printf("Valid, tied to no election: type %s, %llu ciphertexts of width %u, %u shuffle%s, "
		       "%u part%s, threshold %u.\n",
		       mix_type_name(facts->layout.type), (unsigned long long)facts->layout.n, m->width,
		       facts->layout.shuffles, facts->layout.shuffles == 1 ? "" : "s", m->parties,
		       m->parties == 1 ? "y" : "ies", m->threshold);
	for (size_t i = 0; i < all->count; i++) {
		const struct mix_finding *f = &all->list[i];
		printf("%s %s", output_mark(MARK_BAD), mix_check_name(f->check));
		if (f->party)
			printf(", party %u", f->party);
		if (f->at != ERROR_NOWHERE && f->check != MIX_CHECK_FILES &&
		    f->check != MIX_CHECK_SHUFFLE_COUNT)
			printf(", element %llu", (unsigned long long)f->at);
		putchar('\n');
	}
	if (all->more)
		printf("and %zu more\n", all->more);
}

static bool print_json(const struct findings *all, const struct mix_facts *facts,
                       const struct error *why, const char *command, struct error *err)
{
	struct json_writer w;
	bool undecided = !facts && output_exit_code(why) == EXIT_UNDECIDED;
	output_json_begin(&w, command);
	json_put_key(&w, "verdict");
	json_put_text(&w, facts ? "valid" : undecided ? "undecided" : "rejected");
	if (facts) {
		json_put_key(&w, "type");
		json_put_text(&w, mix_type_name(facts->layout.type));
		json_put_key(&w, "ciphertexts");
		json_put_u64(&w, facts->layout.n);
		json_put_key(&w, "shuffles");
		json_put_u64(&w, facts->layout.shuffles);
	} else {
		output_json_error(&w, "error", why);
	}
	json_put_key(&w, "findings");
	json_put_array(&w);
	for (size_t i = 0; i < all->count; i++) {
		json_put_object(&w);
		json_put_key(&w, "check");
		json_put_text(&w, mix_check_name(all->list[i].check));
		json_put_key(&w, "party");
		json_put_u64(&w, all->list[i].party);
		json_put_key(&w, "at");
		if (all->list[i].at == ERROR_NOWHERE)
			json_put_null(&w);
		else
			json_put_u64(&w, all->list[i].at);
		json_put_end(&w);
	}
	json_put_end(&w);
	return output_json_end(&w, err);
}

/* false: nothing was decided, nor printed. */
static bool verify_folder(struct session *s, struct proof_options *o, struct folder *folder,
                          struct error *err)
{
	struct mix_session m;
	struct mix_facts facts;
	struct findings all = {.list =
	                           arena_take_array(&s->arena, FINDINGS_MAX, struct mix_finding, err)};
	struct error why;
	error_clear(&why);
	if (!all.list || !prepare(&m, o, folder, s, err))
		return false;
	struct mix_verify_job job = {
		.folder = folder,
		.session = &m,
		.expected = {.any_type = o->any_type, .type = o->type},
		.rng = s->rng,
		.workers = s->world.workers,
		.memory = &s->arena,
		.progress = s->progress,
		.report = on_finding,
		.report_ctx = &all,
	};
	bool valid = mix_verify(&job, &facts, &why);
	session_progress_done(s);
	o->code = valid ? EXIT_YES : output_exit_code(&why);
	if (o->common.json)
		return print_json(&all, valid ? &facts : NULL, &why, s->command, err);
	print_text(&all, valid ? &facts : NULL, &m);
	if (!valid)
		output_failure(NULL, s->command, &why);
	return true;
}

/* A folder with no file of a proof is none; one that lacks some is a proof that is wrong. */
static bool proof_is_there(struct folder *f, const char *path, struct error *err)
{
	for (enum mix_file file = 0; file < MIX_FILES; file++) {
		struct mix_path name = mix_path(file, mix_file_of_party(file) ? 1 : 0);
		if (f->exists(f, name.text))
			return true;
	}
	return fail_detail(err, ERROR_IO, "proof: none is in this folder", ERROR_NOWHERE, path);
}

static bool verify_proof(struct session *s, void *ctx, struct error *err)
{
	struct proof_options *o = ctx;
	struct folder *folder;
	if (!election_folder_open(&folder, o->folder, DISK_READ, err))
		return false;
	bool decided = proof_is_there(folder, o->folder, err) && verify_folder(s, o, folder, err);
	disk_folder_close(folder);
	return decided;
}

int cmd_verify_proof(int argc, char **argv)
{
	static const struct argp argp = {options, parse, "DIR", doc, options_common, NULL, NULL};
	struct proof_options o = {.common = COMMON_OPTIONS_DEFAULT, .any_type = true};
	options_parse(&argp, argc, argv, &o);
	int code = session_run(argv[0], &o.common, verify_proof, &o);
	return code == EXIT_YES ? o.code : code;
}
