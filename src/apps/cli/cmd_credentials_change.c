/* SPDX-License-Identifier: Apache-2.0 */
/* urna credentials change | revoke: what the registrar signs while the log is open. */
#include "cli/command.h"
#include "cli/election.h"
#include "cli/keyholder.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/outside.h"
#include "cli/register.h"
#include "cli/small_lists.h"
#include "record/board.h"

#define CHANGES_FILE "changes.bt"
#define CODES_FILE "codes.csv"

enum { KEY_HOME = OPTIONS_KEY, KEY_RECORD, KEY_REGISTER, KEY_VOTERS, KEY_OUT };

struct change_options {
	struct common_options common;
	const char *home, *record, *registered, *voters, *out;
	bool revokes;
};

static const struct argp_option options[] = {
	{"home", KEY_HOME, "DIR", 0, "The registrar's private folder", 0},
	{"record", KEY_RECORD, "DIR", 0,
     "The election's record as it is now, with all changes made before; only read", 0},
	{"register", KEY_REGISTER, "FILE", 0,
     "The " REGISTER_FILE " that was written last: by urna credentials make, change or revoke", 0},
	{"voters", KEY_VOTERS, "FILE", 0,
     "Whom it is about: a table with a line VOTER, VOTER,STYLE or VOTER,STYLE,WEIGHT for each", 0},
	{"out", KEY_OUT, "DIR", 0,
     "A private folder outside of the record for " CHANGES_FILE
     ", which the board gets, the new " REGISTER_FILE " and new voters' " CODES_FILE "; it is made",
     0},
	{0},
};

static const char change_doc[] =
	"Sign changes of voters' credentials: whoever is in the register keeps his code and votes from "
	"now on as the table says (style, weight); whoever is not gets a new code. The board puts "
	"the changes into its log (urna board change); one set of changes at a time, each made when "
	"the one before is in the log. A ballot cast before stays in its style, and weighs what the "
	"voter weighs at the end."
	"\vExample:\n"
	"  urna credentials change --home registrar --record record --register private/register.csv "
	"--voters late.csv --out changes-1\n" OPTIONS_EXIT_CODES;

static const char revoke_doc[] =
	"Sign that voters may not vote any more; what they have voted does not count then. The board "
	"puts it into its log (urna board change). Who lost his code is revoked first, and gets a new "
	"one afterwards (urna credentials change)."
	"\vExample:\n"
	"  urna credentials revoke --home registrar --record record --register private/register.csv "
	"--voters gone.csv --out changes-2\n" OPTIONS_EXIT_CODES;

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct change_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case KEY_HOME:
		o->home = arg;
		return 0;
	case KEY_RECORD:
		o->record = arg;
		return 0;
	case KEY_REGISTER:
		o->registered = arg;
		return 0;
	case KEY_VOTERS:
		o->voters = arg;
		return 0;
	case KEY_OUT:
		o->out = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "it takes no argument, but there is '%s'", arg);
		return 0;
	case ARGP_KEY_END:
		options_need(state, "--home", o->home);
		options_need(state, "--record", o->record);
		options_need(state, "--register", o->registered);
		options_need(state, "--voters", o->voters);
		options_need(state, "--out", o->out);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

struct changing {
	struct session *s;
	const struct election *e;
	const struct change_options *o;
	struct voter *voters;
	struct registered *registered; /* new ones behind the others */
	size_t voters_count, before, changes_count;
	struct registered *changes; /* one per voter of the table; weight 0 revokes */
	struct voter *newcomers;    /* those who get a code */
	credential_code *codes;
	size_t newcomers_count;
	uint64_t number; /* of the first change */
	struct electorate_change electorate;
};

/* --- who changes --- */

static void count(struct electorate *out, const struct changing *c, size_t registered)
{
	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < registered; i++)
		electorate_add(out, c->registered[i].credential.style, c->registered[i].credential.weight);
}

static bool nobody(const struct changing *c, const struct voter *v, struct error *err)
{
	fail(err, ERROR_REJECTED, "credentials: the register does not have this voter", v->line);
	fail_within_index(err, "line", v->line);
	return fail_within(err, c->o->voters);
}

/* Known voters keep their key; the others' keys are made together, behind the register. */
static bool decide(struct changing *c, struct error *err)
{
	for (size_t i = 0; i < c->voters_count; i++) {
		const struct voter *v = &c->voters[i];
		struct registered *r = register_find(c->registered, c->before, v->id);
		if (!r && c->o->revokes)
			return nobody(c, v, err);
		if (r && !c->o->revokes) {
			r->credential.style = v->style;
			r->credential.weight = v->weight;
		} else if (r) {
			r->credential.weight = 0;
		} else {
			c->newcomers[c->newcomers_count++] = *v;
		}
		if (r)
			c->changes[c->changes_count++] = *r;
	}
	return true;
}

static bool add_newcomers(struct changing *c, struct error *err)
{
	struct arena *a = &c->s->arena;
	size_t n = c->newcomers_count;
	struct credential *keys = arena_take_array(a, n, struct credential, err);
	c->codes = arena_take_array(a, n, credential_code, err);
	if (!keys || !c->codes || !codes_make(c->codes, keys, n, c->e->manifest, c->s, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct voter *v = &c->newcomers[i];
		keys[i].style = v->style;
		keys[i].weight = v->weight;
		const struct registered r = {v->id, keys[i]};
		c->registered[c->before + i] = c->changes[c->changes_count++] = r;
	}
	return true;
}

/* Changes are signed for their place in the log. */
static bool read_number(struct changing *c, struct error *err)
{
	const struct board_final f = {.manifest = c->e->manifest,
	                              .key = &c->e->key,
	                              .record = c->e->record,
	                              .world = &c->s->world};
	struct board_log log;
	if (!board_log_read(&log, &f, err))
		return false;
	c->number = log.changes;
	return log.state < LOG_CLOSED ||
	       fail(err, ERROR_CONFLICT, "credentials: the log is closed, nothing can be changed",
	            ERROR_NOWHERE);
}

static bool prepare(struct changing *c, struct error *err)
{
	const struct manifest *m = c->e->manifest;
	struct arena *a = &c->s->arena;
	if (m->mode != BALLOT_CREDENTIALS)
		return fail_detail(err, ERROR_REJECTED,
		                   "credentials: this election's manifest is of mode server", ERROR_NOWHERE,
		                   c->o->record);
	if (!read_number(c, err) ||
	    !voters_read(&c->voters, &c->voters_count, c->o->voters, m, a, err) ||
	    !register_read(&c->registered, &c->before, c->voters_count, c->o->registered, m, a, err))
		return false;
	c->changes = arena_take_array(a, c->voters_count, struct registered, err);
	c->newcomers = arena_take_array(a, c->voters_count, struct voter, err);
	count(&c->electorate.before, c, c->before);
	if (!c->changes || !c->newcomers || !decide(c, err) || !add_newcomers(c, err))
		return false;
	count(&c->electorate.after, c, c->before + c->newcomers_count);
	return true;
}

/* --- what is written --- */

static bool write_changes(struct sink *sink, const struct changing *c,
                          const struct identity_secret *key, struct error *err)
{
	const digest *eid = &c->e->key.eid;
	struct merkle ignored;
	merkle_init(&ignored);
	for (size_t i = 0; i < c->changes_count; i++) {
		const struct credential *k = &c->changes[i].credential;
		struct entry e = {.kind = ENTRY_CREDENTIAL,
		                  .key = BYTES_OF(k->key),
		                  .style = c->e->manifest->styles[k->style].name,
		                  .weight = k->weight};
		const struct credential_change change = {c->number + i, e.key, e.style, e.weight};
		digest statement = statement_credential(eid, &change);
		identity_sign(e.signature, key, BYTES_OF(statement.b));
		if (!log_write_entry(sink, &ignored, eid, &e, err))
			return false;
	}
	return true;
}

static bool write_register(struct sink *sink, const struct changing *c,
                           const struct identity_secret *key, struct error *err)
{
	size_t n = 0, all = c->before + c->newcomers_count;
	(void)key;
	for (size_t i = 0; i < all; i++)
		if (c->registered[i].credential.weight > 0)
			c->registered[n++] = c->registered[i];
	return register_write(sink, c->e->manifest, c->registered, n, err);
}

static bool write_codes(struct sink *sink, const struct changing *c,
                        const struct identity_secret *key, struct error *err)
{
	(void)key;
	return codes_write(sink, c->e->manifest, c->newcomers, c->codes, c->newcomers_count, err);
}

typedef bool write_fn(struct sink *sink, const struct changing *c,
                      const struct identity_secret *key, struct error *err);

/* What the board gets comes last: then everything else is there. */
static bool write_all(struct folder *out, const struct changing *c,
                      const struct identity_secret *key, struct error *err)
{
	static const struct {
		const char *name;
		write_fn *write;
	} files[] = {
		{CODES_FILE, write_codes}, {REGISTER_FILE, write_register}, {CHANGES_FILE, write_changes}};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (out->exists(out, files[i].name))
			return fail_detail(err, ERROR_CONFLICT,
			                   "credentials: the folder is in use; take a new one", ERROR_NOWHERE,
			                   files[i].name);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct sink *sink;
		if (files[i].write == write_codes && c->newcomers_count == 0)
			continue;
		if (!out->create(out, files[i].name, false, &sink, err))
			return false;
		if (!files[i].write(sink, c, key, err)) {
			sink_abort(sink);
			return false;
		}
		if (!sink_commit(sink, err))
			return false;
	}
	return true;
}

/* --- the command --- */

static bool report(const struct changing *c, struct error *err)
{
	const struct change_options *o = c->o;
	struct json_writer w;
	small_lists_warn(&o->common, c->e->manifest, &c->electorate);
	if (!o->common.json) {
		if (c->newcomers_count)
			output_remark(&o->common, "%zu new codes are in %s/" CODES_FILE ".", c->newcomers_count,
			              o->out);
		output_remark(&o->common,
		              "%zu changes are signed. Next: urna board change --home BOARD --record %s "
		              "%s/" CHANGES_FILE ". From now on the register is %s/" REGISTER_FILE ".",
		              c->changes_count, o->record, o->out, o->out);
		return true;
	}
	output_json_begin(&w, c->s->command);
	json_put_key(&w, "ok");
	json_put_flag(&w, true);
	json_put_key(&w, "changes");
	json_put_u64(&w, c->changes_count);
	json_put_key(&w, "first");
	json_put_u64(&w, c->number);
	json_put_key(&w, "codes");
	json_put_u64(&w, c->newcomers_count);
	json_put_key(&w, "out");
	json_put_text(&w, o->out);
	small_lists_put_json(&w, c->e->manifest, &c->electorate);
	output_json_fingerprint(&w, &c->e->key.eid);
	return output_json_end(&w, err);
}

static bool is_the_registrar(const struct manifest *m, const struct keyholder *k, struct error *err)
{
	if (memcmp(m->registrar, k->identity->pub, sizeof m->registrar) == 0)
		return true;
	fail(err, ERROR_REJECTED, "registrar: the manifest names another one than this home's key",
	     ERROR_NOWHERE);
	return fail_within(err, k->path);
}

static bool sign_changes(struct changing *c, struct error *err)
{
	struct keyholder k;
	struct folder *out;
	size_t mark = arena_mark(&c->s->arena);
	if (!keyholder_open(&k, c->o->home, err))
		return false;
	bool good = prepare(c, err) && is_the_registrar(c->e->manifest, &k, err) &&
	            lies_outside(c->o->out, c->o->record, err) &&
	            election_folder_open(&out, c->o->out, DISK_MAKE_PRIVATE, err);
	if (good) {
		good = write_all(out, c, k.identity, err);
		disk_folder_close(out);
	}
	keyholder_close(&k);
	arena_release_wiped(&c->s->arena, mark); /* the codes */
	return good;
}

static bool change(struct session *s, void *ctx, struct error *err)
{
	const struct change_options *o = ctx;
	struct election e;
	struct changing c = {.s = s, .e = &e, .o = o};
	if (!election_open(&e, o->record, DISK_READ, s, err))
		return false;
	bool good = election_read_key(&e, err) && sign_changes(&c, err);
	session_progress_done(s);
	good = good && report(&c, err);
	election_close(&e);
	return good;
}

static int run(bool revokes, const char *doc, int argc, char **argv)
{
	const struct argp argp = {options, parse, NULL, doc, options_common, NULL, NULL};
	struct change_options o = {.common = COMMON_OPTIONS_DEFAULT, .revokes = revokes};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, change, &o);
}

int cmd_credentials_change(int argc, char **argv)
{
	return run(false, change_doc, argc, argv);
}

int cmd_credentials_revoke(int argc, char **argv)
{
	return run(true, revoke_doc, argc, argv);
}
