/* SPDX-License-Identifier: Apache-2.0 */
/* urna verify evidence: two signed things that cannot both be honest. */
#include "ceremony/ceremony.h"
#include "cli/command.h"
#include "cli/election.h"
#include "cli/operator_file.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"
#include "files/disk_folder.h"
#include "record/credentials.h"
#include "record/evidence.h"

#include <stdio.h>
#include <sys/stat.h>

#define CONVICTED_MAX (1 + LIMIT_WITNESSES)

enum { KEY_MANIFEST = OPTIONS_KEY };

struct evidence_options {
	struct common_options common;
	const char *manifest, *files[2];
};

static const struct argp_option options[] = {
	{"manifest", KEY_MANIFEST, "FILE", 0,
     "The election's manifest.json, which says whose key is whose", 0},
	{0},
};

static const char doc[] =
	"Say whom two signed things convict: two messages of one party for one round of a key "
	"ceremony; or two checkpoints of one log, of one size, with different roots, which convict the "
	"board, and every witness that signed both; or two folders, each with " CREDENTIALS_FILE
	" and " CREDENTIALS_SIGNATURE ", such as two records of one manifest: two lists convict the "
	"registrar."
	"\vExamples:\n"
	"  urna verify evidence --manifest manifest.json r2-03.bt other/r2-03.bt\n"
	"  urna verify evidence --manifest manifest.json log/checkpoint-close seen\n"
	"  urna verify evidence --manifest manifest.json record other-record\n\n"
	"Exit codes: 0 somebody is convicted; 1 nobody, and why; 2 wrong usage; 3 could not decide.\n";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct evidence_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case KEY_MANIFEST:
		o->manifest = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 1)
			argp_error(state, "two files or folders, not more");
		else
			o->files[state->arg_num] = arg;
		return 0;
	case ARGP_KEY_END:
		options_need(state, "A B", o->files[1]);
		options_need(state, "--manifest", o->manifest);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

struct convicted {
	const char *of; /* what they did */
	struct {
		const char *role;
		bytes name;
		const uint8_t *key;
	} list[CONVICTED_MAX];
	unsigned count;
};

static void convict(struct convicted *c, const char *role, bytes name, const uint8_t *key)
{
	c->list[c->count].role = role;
	c->list[c->count].name = name;
	c->list[c->count++].key = key;
}

/* A byte tree begins with 00 or 01, a note with a name. */
static bool is_tree(bytes b)
{
	return b.len > 0 && b.p[0] <= 1;
}

static bool weigh(struct convicted *c, const struct manifest *m, bytes a, bytes b,
                  struct error *err)
{
	struct checkpoint_fork fork;
	unsigned party;
	c->count = 0;
	if (is_tree(a) && is_tree(b)) {
		c->of = "two messages for one round of the ceremony";
		if (!ceremony_convict(&party, m, a, b, err))
			return false;
		convict(c, "authority", m->authorities[party - 1].operator_name,
		        m->authorities[party - 1].identity);
		return true;
	}
	if (is_tree(a) || is_tree(b))
		return fail_detail(err, ERROR_REJECTED, "evidence: a message and a checkpoint",
		                   ERROR_NOWHERE, "they convict nobody");
	c->of = "two logs of the same size";
	if (!checkpoints_convict(&fork, m, a, b, err))
		return false;
	convict(c, "board", m->board.name, m->board.key);
	for (unsigned w = 0; w < m->witnesses_count; w++)
		if (fork.witness[w])
			convict(c, "witness", m->witnesses[w].name, m->witnesses[w].key);
	return true;
}

static bool is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool weigh_lists(struct convicted *c, const struct manifest *m,
                        const struct evidence_options *o, struct error *err)
{
	struct folder *f[2] = {NULL, NULL};
	struct credentials_fork fork;
	c->count = 0;
	c->of = "two lists of credentials for one manifest";
	bool good = election_folder_open(&f[0], o->files[0], DISK_READ, err) &&
	            election_folder_open(&f[1], o->files[1], DISK_READ, err) &&
	            credentials_convict(&fork, m, f[0], f[1], err);
	disk_folder_close(f[0]);
	disk_folder_close(f[1]);
	if (good)
		convict(c, "registrar", BYTES_NONE, m->registrar);
	return good;
}

static bool report(const struct session *s, const struct convicted *c, struct error *err)
{
	struct json_writer w;
	if (!s->options.json) {
		for (unsigned i = 0; i < c->count; i++) {
			char name[LIMIT_TEXT_BYTES];
			output_printable_bytes(name, sizeof name, c->list[i].name);
			if (c->list[i].name.len) /* the manifest has a registrar's key only */
				printf("Convicted: the %s '%s' signed %s.\n", c->list[i].role, name, c->of);
			else
				printf("Convicted: the %s signed %s.\n", c->list[i].role, c->of);
		}
		return true;
	}
	output_json_begin(&w, s->command);
	json_put_key(&w, "ok");
	json_put_flag(&w, true);
	json_put_key(&w, "of");
	json_put_text(&w, c->of);
	json_put_key(&w, "convicted");
	json_put_array(&w);
	for (unsigned i = 0; i < c->count; i++) {
		json_put_object(&w);
		json_put_key(&w, "role");
		json_put_text(&w, c->list[i].role);
		json_put_key(&w, "name");
		json_put_text_bytes(&w, c->list[i].name);
		json_put_key(&w, "key");
		json_put_hex(&w, bytes_of(c->list[i].key, IDENTITY_PUBLIC_BYTES));
		json_put_end(&w);
	}
	json_put_end(&w);
	return output_json_end(&w, err);
}

static bool evidence(struct session *s, void *ctx, struct error *err)
{
	const struct evidence_options *o = ctx;
	struct manifest *m;
	struct convicted c;
	bytes exact, files[2];
	if (!operator_file_read(&exact, o->manifest, LIMIT_MANIFEST_BYTES, &s->arena, err))
		return false;
	if (!manifest_read(&m, exact, &s->arena, err))
		return fail_within(err, o->manifest);
	if (is_folder(o->files[0]) && is_folder(o->files[1]))
		return weigh_lists(&c, m, o, err) && report(s, &c, err);
	for (unsigned i = 0; i < 2; i++)
		if (!operator_file_read(&files[i], o->files[i], NOTE_BYTES_MAX, &s->arena, err))
			return false;
	return weigh(&c, m, files[0], files[1], err) && report(s, &c, err);
}

int cmd_verify_evidence(int argc, char **argv)
{
	static const struct argp argp = {options, parse, "A B", doc, options_common, NULL, NULL};
	struct evidence_options o = {.common = COMMON_OPTIONS_DEFAULT};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, evidence, &o);
}
