/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program urna, but some authorities cheat or die: URNA_CHEAT="a2=mix:equation
 * a4=decrypt:share" says who (by the name of the home), in which command, how. Its children are
 * this program, too, so `urna run` holds an election with cheaters. Everything else is urna's own
 * main.
 *
 *   mix:     equation output input signature unsigned malformed early; each a whole shuffle when it
 *            is its turn, or, `early`, at once
 *            start (killed before it does anything), within (killed while it shuffles), finish
 *            (killed when its files are there, unsigned), after (killed when it has signed),
 *            closing (honest, but its signature on the closing is garbage in the end)
 *   decrypt: share (factors of another share), factors, commitment, reply (a byte of them changed,
 *            signed where they are), start, commit, answer (killed when it comes to commitment,
 * reply) count:   start all:     absent (it never does anything)
 */
#include "authority/home.h"
#include "cli/command.h"
#include "cli/election.h"
#include "cli/session.h"
#include "files/disk_folder.h"
#include "files/pinned_folder.h"
#include "host/clock.h"
#include "record/endorse.h"
#include "record/proof.h"
#include "support/cheat.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

int urna_main(int argc, char **argv);

/* What urna-keys holds, without its jail. */
struct cheater {
	struct folder *home, *record; /* record: pinned */
	struct identity_secret identity;
	secret_scalar share;
	struct authority authority;
};

struct options {
	const char *command, *how, *home, *record;
	struct active_parties parties; /* of --mixers or --active; none: all */
	unsigned index;
};

static const char *value_of(int argc, char **argv, const char *option)
{
	size_t len = strlen(option);
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], option) == 0 && i + 1 < argc)
			return argv[i + 1];
		if (strncmp(argv[i], option, len) == 0 && argv[i][len] == '=')
			return argv[i] + len + 1;
	}
	return NULL;
}

static void read_parties(struct active_parties *out, const char *text)
{
	for (const char *s = text; s && *s; s += *s == ',') {
		char *end;
		out->party[out->count++] = (unsigned)strtoul(s, &end, 10);
		s = end;
	}
}

/* How this authority cheats in this command; NULL: not at all. */
static const char *find_cheat(struct options *o, int argc, char **argv)
{
	static char room[32];
	char wanted[64];
	const char *all = getenv("URNA_CHEAT");
	o->home = argc > 1 ? value_of(argc, argv, "--home") : NULL;
	if (!all || !o->home)
		return NULL;
	o->command = argv[1];
	o->record = value_of(argc, argv, "--record");
	const char *name = strrchr(o->home, '/') ? strrchr(o->home, '/') + 1 : o->home;
	snprintf(wanted, sizeof wanted, "%s=%s:", name, o->command);
	const char *found = strstr(all, wanted);
	if (!found)
		return NULL;
	read_parties(&o->parties, value_of(argc, argv, "--mixers"));
	read_parties(&o->parties, value_of(argc, argv, "--active"));
	snprintf(room, sizeof room, "%s", found + strlen(wanted));
	room[strcspn(room, " ")] = '\0';
	return room;
}

static void pause_ms(long ms)
{
	const struct timespec t = {ms / 1000, ms % 1000 * 1000000};
	nanosleep(&t, NULL);
}

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* --- mixing --- */

static enum cheat_kind kind_of(const char *how)
{
	static const struct {
		const char *name;
		enum cheat_kind kind;
	} kinds[] = {{"equation", CHEAT_EQUATION},   {"output", CHEAT_OUTPUT},
	             {"input", CHEAT_INPUT},         {"signature", CHEAT_SIGNATURE},
	             {"unsigned", CHEAT_UNSIGNED},   {"finish", CHEAT_UNSIGNED},
	             {"malformed", CHEAT_MALFORMED}, {"early", CHEAT_INPUT}};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (is(how, kinds[i].name))
			return kinds[i].kind;
	return CHEAT_HONEST;
}

static bool is_my_turn(const struct cheat *c, const struct active_parties *mixers)
{
	const unsigned last = cheat_last(c);
	for (unsigned i = 0; i < mixers->count; i++)
		if (mixers->party[i] > last)
			return mixers->party[i] == c->party;
	return false;
}

static bool is_asked(const struct options *o)
{
	for (unsigned i = 0; i < o->parties.count; i++)
		if (o->parties.party[i] == o->index)
			return true;
	return o->parties.count == 0;
}

static void die(void)
{
	if (raise(SIGKILL) != 0)
		abort();
}

/* Signs the closing like anybody, then shuffles in its own way. */
static bool cheat_mix(struct options *o, struct election *e, struct cheater *m, struct error *err)
{
	const struct authority *a = &m->authority;
	struct active_parties nobody = {0};
	struct cheat c = {.manifest = e->manifest,
	                  .key = &e->key,
	                  .record = e->record,
	                  .world = a->world,
	                  .identity = a->identity,
	                  .party = a->index};
	if (!authority_mix(a, &e->key, &nobody, err))
		return false;
	for (c.list = 0; c.list < e->manifest->lists_count; c.list++) {
		char path[RECORD_PATH_BYTES];
		proof_file_path(path, c.list, MIX_FILE_INPUT, 0);
		if (!e->record->exists(e->record, path) || (!is_asked(o) && !is(o->how, "early")))
			continue;
		while (!is(o->how, "early") && !is_my_turn(&c, &o->parties))
			pause_ms(5);
		if (!cheat_shuffle(&c, kind_of(o->how), err))
			return false;
		if (is(o->how, "finish"))
			die();
	}
	return true;
}

/* An honest one that is killed. */
static bool mix_and_die(const struct options *o, struct election *e, struct cheater *m,
                        struct error *err)
{
	if (!authority_mix(&m->authority, &e->key, &o->parties, err))
		return false;
	die();
	return true;
}

/* An honest one, but for its name under the closing. */
static bool mix_and_unsign(const struct options *o, struct election *e, struct cheater *m,
                           struct error *err)
{
	char path[RECORD_PATH_BYTES];
	endorsement_path(path, NULL, "close", o->index);
	return authority_mix(&m->authority, &e->key, &o->parties, err) &&
	       cheat_flip(e->record, path, 0, err);
}

static bool decrypt(const struct options *o, struct election *e, struct cheater *m,
                    struct error *err)
{
	if (!home_load_share(&m->share, m->home, &e->key, m->authority.index, BYTES_NONE, err))
		return false;
	if (is(o->how, "share"))
		scalar_add(&m->share.secret, &m->share.secret, &scalar_one);
	return authority_decrypt(&m->authority, &e->key, &m->share, &o->parties, err);
}

/* --- the program --- */

/* The file that is spoiled, or at which it dies. */
static bool find_spoiled(char path[static RECORD_PATH_BYTES], bool *kill, const struct options *o)
{
	*kill = is(o->how, "within") || is(o->how, "commit") || is(o->how, "answer");
	if (is(o->how, "within"))
		proof_file_path(path, 0, MIX_FILE_POS_REPLY, o->index);
	else if (is(o->how, "factors"))
		proof_file_path(path, 0, MIX_FILE_FACTORS, o->index);
	else if (is(o->how, "commit") || is(o->how, "commitment"))
		proof_file_path(path, 0, MIX_FILE_DECRYPTION_COMMITMENT, o->index);
	else if (is(o->how, "answer") || is(o->how, "reply"))
		proof_file_path(path, 0, MIX_FILE_DECRYPTION_REPLY, o->index);
	else
		return false;
	return true;
}

static unsigned index_of(const struct manifest *m, const struct identity_secret *id)
{
	unsigned party = 1;
	while (memcmp(m->authorities[party - 1].identity, id->pub, sizeof id->pub) != 0)
		party++;
	return party;
}

/* `record` is as others see it; it may spoil what is written. */
static bool become(struct cheater *m, struct election *e, struct folder *record,
                   const struct options *o, struct error *err)
{
	if (!pinned_folder_new(&m->record, record, o->home, err))
		return false;
	m->authority = (struct authority){.manifest = e->manifest,
	                                  .index = o->index,
	                                  .identity = &m->identity,
	                                  .record = m->record,
	                                  .live = record,
	                                  .home = m->home,
	                                  .world = &e->session->world,
	                                  .clock = host_clock(),
	                                  .timeout_ms = 60000};
	return true;
}

static bool work(struct session *s, void *ctx, struct error *err)
{
	static struct cheater m;
	struct options *o = ctx;
	struct election e;
	struct spoiler spoiler;
	char path[RECORD_PATH_BYTES];
	bool kill;
	if (!disk_folder_open(&m.home, o->home, DISK_PRIVATE, err) ||
	    !home_identity(&m.identity, m.home, err) ||
	    !election_open(&e, o->record, DISK_WRITE, s, err) || !election_read_key(&e, err))
		return false;
	o->index = index_of(e.manifest, &m.identity);
	bool spoils = find_spoiled(path, &kill, o);
	if (spoils)
		spoiler_init(&spoiler, e.record, path, kill);
	if (!become(&m, &e, spoils ? &spoiler.folder : e.record, o, err))
		return false;
	spoiler.pinned = m.record;
	if (o->parties.count == 0)
		active_parties_qualified(&o->parties, &e.key);
	bool good = is(o->command, "decrypt") ? decrypt(o, &e, &m, err)
	            : is(o->how, "after")     ? mix_and_die(o, &e, &m, err)
	            : is(o->how, "closing")   ? mix_and_unsign(o, &e, &m, err)
	            : spoils                  ? authority_mix(&m.authority, &e.key, &o->parties, err)
	                                      : cheat_mix(o, &e, &m, err);
	pinned_folder_free(m.record);
	disk_folder_close(m.home);
	election_close(&e);
	return good;
}

int main(int argc, char **argv)
{
	struct options o = {0};
	o.how = find_cheat(&o, argc, argv);
	if (!o.how)
		return urna_main(argc, argv);
	if (is(o.how, "start"))
		die();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		return EXIT_UNDECIDED;
	while (is(o.how, "absent"))
		pause_ms(50);
	struct common_options common = COMMON_OPTIONS_DEFAULT;
	struct error err;
	error_clear(&err);
	common.quiet = true;
	if (!group_init(NULL, &err))
		return EXIT_UNDECIDED;
	return session_run("urna cheat", &common, work, &o);
}
