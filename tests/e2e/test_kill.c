/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Authorities that are killed before each of their durable steps, in the ceremony, the mix and the
 * decryption, and started again: with what they left; with an older copy of their home; from a
 * backup. Whatever happens, the work can be ended, and nothing that was published for one
 * commitment has a second answer.
 */
#include "e2e/authorities.h"
#include "e2e/seen.h"
#include "e2e/watch.h"

#include "support/support.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define ROUNDS 4u

enum comeback { AS_LEFT, OLDER_HOME, FROM_BACKUP, COMEBACKS };

static void shell(const char *command)
{
	const char *argv[] = {"sh", "-c", command, NULL};
	struct outcome o = program(argv);
	assert_code(o, 0);
}

/* A copy of everything, to be spoiled. */
static struct authorities copy_of(const struct authorities *p)
{
	struct authorities copy = *p;
	copy.folder = text_of("%s/copy", fresh_folder());
	shell(text_of("cp -a '%s' '%s'", p->folder, copy.folder));
	copy.record = text_of("%s/record", copy.folder);
	for (unsigned i = 0; i < p->count; i++)
		copy.homes[i] = text_of("%s/a%u", copy.folder, i + 1);
	return copy;
}

struct death {
	const char *command;
	unsigned victim; /* 0 or 1; the other one is left alone */
	unsigned step;   /* before which it is killed; 0: never */
	unsigned copied; /* before which its home is copied, for OLDER_HOME */
	bool whole;      /* urna, else its key process */
	enum comeback comeback;
};

static unsigned life; /* of a record */

/* How many steps there were. */
static unsigned live(const struct authorities *p, const struct death *d)
{
	const char *arguments[] = {d->command,     "--home", p->homes[d->victim], "--record", p->record,
	                           "--timeout=30", NULL};
	struct watched w;
	watch_start(&w, arguments);
	while (watch_next(&w)) {
		seen_look(p->record, life);
		if (w.step == d->copied)
			shell(text_of("cp -a '%s' '%s/older'", p->homes[d->victim], p->folder));
		if (w.step == d->step) {
			watch_kill(&w, d->whole);
			break;
		}
	}
	int code = watch_end(&w);
	seen_look(p->record, life);
	assert_true(d->step && w.step >= d->step ? code != 0 : code == 0);
	return w.step;
}

/* How many steps a run has depends on what the other one has done: one may end before its copy. */
static void come_back(const struct authorities *p, const struct death *d, unsigned steps)
{
	const char *home = p->homes[d->victim];
	if (d->comeback == OLDER_HOME && d->copied && d->copied <= steps)
		shell(text_of("mv '%s' '%s/dead' && mv '%s/older' '%s'", home, p->folder, p->folder, home));
	if (d->comeback != FROM_BACKUP)
		return;
	shell(text_of("mv '%s' '%s/dead'", home, p->folder));
	struct outcome o = urna("share", "restore", text_of("%s/backup-%u", p->folder, d->victim),
	                        "--home", home, "--record", p->record, "--backup-passphrase-file",
	                        text_of("%s/passphrase", p->folder), NULL);
	assert_code(o, 0);
}

/* Both again until both are done; the other may still be at it. */
static bool finish(const struct authorities *p, const struct death *d, struct child *other)
{
	const unsigned rest = 1 - d->victim;
	bool done[2] = {false, false}, running = true;
	for (unsigned round = 0; round < ROUNDS && !(done[0] && done[1]); round++) {
		if (!done[rest] && !running)
			authorities_start(other, p, d->command, rest, "30");
		const char *arguments[] = {
			d->command, "--home", p->homes[d->victim], "--record", p->record, "--timeout=30", NULL};
		struct watched w;
		watch_start(&w, arguments);
		while (watch_next(&w))
			seen_look(p->record, life);
		done[d->victim] = watch_end(&w) == 0;
		if (!done[rest])
			done[rest] = urna_wait(other, 100000) == 0;
		running = false;
		seen_look(p->record, life);
	}
	return done[0] && done[1];
}

static void verify_all(const struct authorities *p)
{
	for (unsigned i = 0; i < p->count; i++) {
		struct outcome o = urna("count", "--home", p->homes[i], "--record", p->record, NULL);
		assert_code(o, 0);
	}
	finish_log(p->folder, p->record);
	struct outcome o = urna("verify", p->record, "--fingerprint", fingerprint_of(p->record), NULL);
	assert_code(o, 0);
}

/* The ceremony may be over with a share that only the lost home had: then it says so. */
static bool lost_its_share(const struct authorities *p, const struct death *d)
{
	if (d->comeback != OLDER_HOME || strcmp(d->command, "ceremony") != 0)
		return false;
	struct outcome o =
		urna("ceremony", "--home", p->homes[d->victim], "--record", p->record, "--timeout=2", NULL);
	return o.code == 3 && strstr(o.err, "no key share of this election is kept here") != NULL;
}

static unsigned die(const struct authorities *base, const struct death *d)
{
	struct authorities p = copy_of(base);
	struct child other;
	life++;
	authorities_start(&other, &p, d->command, 1 - d->victim, "30");
	unsigned steps = live(&p, d);
	come_back(&p, d, steps);
	if (!finish(&p, d, &other) && !lost_its_share(&p, d))
		fail_msg("urna %s of %u, killed before step %u (home of %u, comeback %d), is never done",
		         d->command, d->victim, d->step, d->copied, (int)d->comeback);
	if (strcmp(d->command, "decrypt") == 0)
		verify_all(&p);
	shell(text_of("rm -rf '%s'", p.folder));
	return steps;
}

/* A sample of the steps that lies all over them; in a soak run all, and every way to come back. */
static void die_everywhere(const struct authorities *base, const char *command, unsigned victim)
{
	const struct death none = {.command = command, .victim = victim};
	const unsigned steps = die(base, &none), ways = strcmp(command, "decrypt") == 0 ? 3 : 2;
	const unsigned deaths = (unsigned)TEST_COUNT(3, (uint64_t)steps * ways * 2);
	print_message("urna %s: %u durable steps, killed at %u\n", command, steps, deaths);
	assert_true(steps > 5);
	for (unsigned i = 0; i < deaths; i++) {
		struct death d = {.command = command, .victim = victim, .whole = i % 2 == 0};
		d.comeback = (enum comeback)(test_random_below(ways));
		d.step = 1 + (unsigned)((i * steps + test_random_below(steps)) / deaths);
		if (TEST_COUNT(0, 1)) {
			d.step = 1 + i / (ways * 2);
			d.comeback = (enum comeback)(i / 2 % ways);
		}
		if (d.comeback == OLDER_HOME)
			d.copied = 1 + (unsigned)test_random_below(d.step);
		die(base, &d);
	}
}

static void make_backups(const struct authorities *p)
{
	const char *passphrase = text_of("%s/passphrase", p->folder);
	write_text(passphrase, "far away\n");
	for (unsigned i = 0; i < 2; i++) {
		struct outcome o = urna("share", "backup", "--home", p->homes[i], "--record", p->record,
		                        "--out", text_of("%s/backup-%u", p->folder, i),
		                        "--backup-passphrase-file", passphrase, NULL);
		assert_code(o, 0);
	}
}

static void each_dies(const struct authorities *base, const char *command)
{
	die_everywhere(base, command, 0);
	die_everywhere(base, command, 1);
}

static void a_ceremony_killed_anywhere_is_finished_without_a_second_word(void **state)
{
	(void)state;
	struct authorities p = authorities_make(2, 8);
	each_dies(&p, "ceremony");
	assert_true(seen_count("opening with a point of a polynomial") > 10);
}

static void a_mix_killed_anywhere_is_finished_with_fresh_randomness(void **state)
{
	(void)state;
	struct authorities p = authorities_make(2, 8);
	authorities_until(&p, "collect");
	each_dies(&p, "mix");
	assert_true(seen_count("reply of a shuffle") > 4);
}

static void a_decryption_killed_anywhere_answers_no_commitment_twice(void **state)
{
	(void)state;
	struct authorities p = authorities_make(2, 8);
	authorities_until(&p, "mix");
	make_backups(&p);
	each_dies(&p, "decrypt");
	assert_true(seen_count("reply of a decryption") > 4);
	assert_true(seen_count("challenge of a commitment") > 4);
}

/* Whatever there is of the new home: it does not close an urn as if it had never closed one. */
static void a_restoration_killed_anywhere_leaves_no_home_that_forgot(void **state)
{
	(void)state;
	struct authorities p = authorities_make(2, 8);
	authorities_until(&p, "collect");
	make_backups(&p);
	unsigned steps = 0, at = 1 + (unsigned)test_random_below(TEST_COUNT(2, 1));
	for (bool killed = true; killed; at += (unsigned)TEST_COUNT(2, 1)) {
		const char *home = text_of("%s/new%u", p.folder, at);
		const char *arguments[] = {"share",
		                           "restore",
		                           text_of("%s/backup-0", p.folder),
		                           "--home",
		                           home,
		                           "--record",
		                           p.record,
		                           "--backup-passphrase-file",
		                           text_of("%s/passphrase", p.folder),
		                           NULL};
		struct watched w;
		watch_start(&w, arguments);
		while (watch_next(&w) && w.step < at)
			;
		killed = w.pending;
		if (killed)
			watch_kill(&w, at % 2 == 0);
		int code = watch_end(&w);
		steps = w.step;
		assert_true(killed ? code != 0 : code == 0);
		struct outcome o = urna("mix", "--home", home, "--record", p.record, "--timeout=1", NULL);
		assert_int_not_equal(o.code, 0);
		assert_int_not_equal(access(text_of("%s/endorse/close-01.bt", p.record), F_OK), 0);
		o = urna_argv(arguments);
		assert_code(o, 0);
		o = urna("share", "check", "--home", home, "--record", p.record, NULL);
		assert_code(o, 0);
	}
	assert_true(steps >= 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ceremony_killed_anywhere_is_finished_without_a_second_word),
		cmocka_unit_test(a_mix_killed_anywhere_is_finished_with_fresh_randomness),
		cmocka_unit_test(a_decryption_killed_anywhere_answers_no_commitment_twice),
		cmocka_unit_test(a_restoration_killed_anywhere_leaves_no_home_that_forgot),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
