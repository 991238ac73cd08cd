/* SPDX-License-Identifier: Apache-2.0 */
/* urna share check; backup; restore; destroy: the life of a key share after the ceremony. */
#include "cli/command.h"
#include "cli/member.h"
#include "cli/options.h"
#include "cli/out_file.h"
#include "cli/output.h"
#include "cli/result.h"
#include "cli/session.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { KEY_OUT = OPTIONS_KEY, KEY_BACKUP_PASSPHRASE, KEY_NEVER_CLOSED, KEY_YES, KEY_EARLY };

struct share_options {
	struct common_options common;
	struct member_options member;
	const char *out, *backup_passphrase, *file;
	bool never_closed, yes, early;
	enum wire_step step;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct share_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->member;
		state->child_inputs[1] = &o->common;
		return 0;
	case KEY_OUT:
		o->out = arg;
		return 0;
	case KEY_BACKUP_PASSPHRASE:
		o->backup_passphrase = arg;
		return 0;
	case KEY_NEVER_CLOSED:
		o->never_closed = true;
		return 0;
	case KEY_YES:
		o->yes = true;
		return 0;
	case KEY_EARLY:
		o->early = true;
		return 0;
	case ARGP_KEY_ARG:
		if (o->step != STEP_RESTORE)
			argp_error(state, "it takes no argument, but there is '%s'", arg);
		if (state->arg_num > 0)
			argp_error(state, "one FILE at a time");
		o->file = arg;
		return 0;
	case ARGP_KEY_END:
		if (o->step == STEP_BACKUP || o->step == STEP_DESTROY)
			options_need(state, "--out", o->out);
		if (o->step == STEP_BACKUP || o->step == STEP_RESTORE)
			options_need(state, "--backup-passphrase-file", o->backup_passphrase);
		if (o->step == STEP_RESTORE)
			options_need(state, "FILE", o->file);
		if (o->step == STEP_DESTROY && !o->yes && !isatty(STDIN_FILENO))
			argp_error(state, "nobody can be asked here: say --yes");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* --- what is read and written --- */

static bool read_backup(bytes *out, struct member *m, const char *path, struct error *err)
{
	struct source *s;
	uint8_t *room = arena_take(&m->locked, SEALED_FILE_BYTES, 1, err);
	if (!room || !disk_source_open(&s, path, err))
		return false;
	bool good = s->size == SEALED_FILE_BYTES
	                ? source_read(s, room, SEALED_FILE_BYTES, err)
	                : fail_detail(err, ERROR_MALFORMED, "sealed file: this is not one",
	                              ERROR_NOWHERE, path);
	source_close(s);
	*out = bytes_of(room, SEALED_FILE_BYTES);
	return good;
}

static bool write_out(const char *path, bytes content, struct error *err)
{
	struct sink *s;
	if (!out_file_create(&s, path, err))
		return false;
	if (sink_append(s, content, err))
		return sink_commit(s, err);
	sink_abort(s);
	return false;
}

/* Before the key process is asked: what cannot be written is not worth making. */
static bool out_is_free(const struct share_options *o, struct error *err)
{
	return !o->out || access(o->out, F_OK) != 0 ||
	       fail_detail(err, ERROR_CONFLICT, "file: there is one of this name", ERROR_NOWHERE,
	                   o->out);
}

/* --- destroying --- */

static bool may_destroy(struct election *e, const struct share_options *o, struct error *err)
{
	char answer[16];
	if (!o->early && !result_is_signed(e, err)) {
		fail_within(err, "the share may still be needed; --before-the-result destroys it anyway");
		return false;
	}
	if (o->yes)
		return true;
	session_progress_done(e->session);
	fprintf(stderr,
	        "The key share in %s is erased, and this authority signs that no copy is left: backups "
	        "are yours to destroy. With fewer than %u shares left these votes can never be opened "
	        "again. Type yes: ",
	        o->member.home, e->manifest->threshold);
	if (fgets(answer, sizeof answer, stdin) && strcmp(answer, "yes\n") == 0)
		return true;
	return fail(err, ERROR_CONFLICT, "share: not destroyed, nobody said yes", ERROR_NOWHERE);
}

/* --- all four --- */

static bool show(const struct election *e, const struct share_options *o, unsigned index,
                 struct error *err)
{
	const struct session *s = e->session;
	const char *home = o->member.home;
	struct json_writer w;
	if (s->options.json) {
		output_json_begin(&w, s->command);
		json_put_key(&w, "ok");
		json_put_flag(&w, true);
		json_put_key(&w, "authority");
		json_put_u64(&w, index);
		output_json_fingerprint(&w, &e->key.eid);
		return output_json_end(&w, err);
	}
	if (o->step == STEP_CHECK)
		printf("The key share of authority %u in %s opens, and is a share of this election's "
		       "key.\n",
		       index, home);
	else if (o->step == STEP_BACKUP)
		printf("%s holds the key share and the identity of authority %u, sealed. What this "
		       "authority has promised is not in it.\n",
		       o->out, index);
	else if (o->step == STEP_RESTORE)
		printf("%s is the home of authority %u, with its key share. It must be the only one: "
		       "destroy what may be left of the lost one.\n",
		       home, index);
	else
		printf("The key share of authority %u is erased; %s is its word. Destroy every backup, "
		       "then publish it.\n",
		       index, o->out);
	return true;
}

static bool do_step(struct election *e, struct member *m, const struct share_options *o,
                    struct error *err)
{
	struct member_done done;
	struct member_work work = {
		.step = o->step, .options = &o->member, .never_closed = o->never_closed};
	struct wire_secrets *s = &work.secrets;
	const struct member_secret share = {o->member.passphrase_file, "key share",
	                                    o->step == STEP_RESTORE};
	const struct member_secret backup = {o->backup_passphrase, "backup", o->step == STEP_BACKUP};
	return (!o->file || read_backup(&s->file, m, o->file, err)) &&
	       member_passphrase(&s->passphrase, m, &share, err) &&
	       member_passphrase(&s->backup, m, &backup, err) && member_do(&done, m, e, &work, err) &&
	       (!o->out || write_out(o->out, bytes_of(done.data, done.data_len), err)) &&
	       show(e, o, done.index, err);
}

static bool share(struct session *s, void *ctx, struct error *err)
{
	const struct share_options *o = ctx;
	const enum disk_access access = o->step == STEP_RESTORE ? DISK_MAKE_PRIVATE : DISK_PRIVATE;
	struct election e;
	struct member m;
	if (!election_open(&e, o->member.record, DISK_READ, s, err))
		return false;
	bool good = election_read_key(&e, err) && out_is_free(o, err) &&
	            member_open(&m, o->member.home, access, err);
	if (good) {
		good = (o->step != STEP_DESTROY || may_destroy(&e, o, err)) && do_step(&e, &m, o, err);
		member_close(&m);
	}
	election_close(&e);
	return good;
}

static int run(const struct argp *what, enum wire_step step, int argc, char **argv)
{
	const struct argp_child children[] = {{&member_argp_share, 0, NULL, 0}, options_common[0], {0}};
	struct argp argp = *what;
	struct share_options o = {
		.common = COMMON_OPTIONS_DEFAULT, .member = MEMBER_OPTIONS_DEFAULT, .step = step};
	argp.parser = parse;
	argp.children = children;
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, share, &o);
}

/* --- the commands --- */

static int cmd_check(int argc, char **argv)
{
	static const struct argp what = {
		.doc = "Open this authority's key share, with its passphrase where it was sealed with one, "
			   "and check that it is the share of this election's key: before the votes are to be "
			   "opened. Nothing is shown of it and nothing is written."
			   "\vExample:\n"
			   "  urna share check --home a1 --record record --passphrase-file "
			   "a1.pass\n" OPTIONS_EXIT_CODES};
	return run(&what, STEP_CHECK, argc, argv);
}

static int cmd_backup(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{"out", KEY_OUT, "FILE", 0, "The backup; it is made", 0},
		{"backup-passphrase-file", KEY_BACKUP_PASSPHRASE, "FILE", 0,
	     "The passphrase that seals the backup, one line ('-': asked); not that of the home", 0},
		{0}};
	static const struct argp what = {
		.options = options,
		.doc = "Write a backup of this authority's key share and identity, sealed with a "
			   "passphrase of "
			   "its own. With it and the passphrase anybody is this authority: keep the two apart. "
			   "Never copy a home instead: whoever goes on with an old copy does not know what was "
			   "promised since."
			   "\vExample:\n"
			   "  urna share backup --home a1 --record record --out a1.backup "
			   "--backup-passphrase-file safe.pass\n" OPTIONS_EXIT_CODES};
	return run(&what, STEP_BACKUP, argc, argv);
}

static int cmd_restore(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{"backup-passphrase-file", KEY_BACKUP_PASSPHRASE, "FILE", 0,
	     "The passphrase that the backup was sealed with; '-': asked at the terminal", 0},
		{"never-closed", KEY_NEVER_CLOSED, NULL, 0,
	     "You know that with the lost home no urna mix was run for this election", 0},
		{0}};
	static const struct argp what = {
		.options = options,
		.args_doc = "FILE",
		.doc =
			"Make a home, or complete one, from a backup of this election's key share. It must fit "
			"the election's key and the manifest's identity of the authority. The new home knows "
			"nothing of what was promised with the lost one: it takes what the record shows that "
			"it "
			"signed; where that is nothing it closes an urn only after as many others as the "
			"threshold says, or with --never-closed; and it begins above every attempt it sees."
			"\vExample:\n"
			"  urna share restore a1.backup --home a1 --record record --backup-passphrase-file "
			"safe.pass\n" OPTIONS_EXIT_CODES};
	return run(&what, STEP_RESTORE, argc, argv);
}

static int cmd_destroy(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{"out", KEY_OUT, "FILE", 0, "This authority's signed word that its share is destroyed", 0},
		{"yes", KEY_YES, NULL, 0, "Do not ask", 0},
		{"before-the-result", KEY_EARLY, NULL, 0,
	     "Even though the result is not signed by the threshold of authorities", 0},
		{0}};
	static const struct argp what = {
		.options = options,
		.doc = "Erase this authority's key share, when nobody can ask for the votes to be opened "
			   "again, "
			   "and sign that it is destroyed. What the authority has promised stays in its home. "
			   "Disks "
			   "may keep old bytes: destroy those, and every backup, before you publish the word."
			   "\vExample:\n"
			   "  urna share destroy --home a1 --record record --out "
			   "a1-destroyed.bt\n" OPTIONS_EXIT_CODES};
	return run(&what, STEP_DESTROY, argc, argv);
}

int cmd_share(int argc, char **argv)
{
	static const struct command verbs[] = {
		{"check", cmd_check, "does this authority's key share open, and fit?", false},
		{"backup", cmd_backup, "seal it, for another machine", false},
		{"restore", cmd_restore, "make a home from a backup", false},
		{"destroy", cmd_destroy, "erase it, and sign that it is gone", false},
		{NULL, NULL, NULL, false}};
	return command_run_verb(verbs, argc, argv);
}
