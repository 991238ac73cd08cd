/* SPDX-License-Identifier: Apache-2.0 */
/* What an authority keeps at home: the share before its word, for itself alone, one at a time. */
#include "e2e/e2e.h"

#include "support/support.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#define AUTHORITIES_MAX 3u

struct place {
	const char *folder, *record, *homes[AUTHORITIES_MAX], *file;
	unsigned count;
};

/* Authorities and a manifest of threshold 2; what follows is up to the test. */
static struct place prepare(unsigned count)
{
	const char *folder = fresh_folder(), *arguments[32];
	struct place p = {.folder = folder,
	                  .record = text_of("%s/record", folder),
	                  .file = make_blt(5, 2, 12),
	                  .count = count};
	const char *first[] = {"manifest",      "new",
	                       p.file,          "--rule=scotland",
	                       "--threshold=2", "--lot=1,2,3,4,5",
	                       "--record",      p.record,
	                       "--board",       text_of("%s/identity.json", make_board(folder))};
	unsigned n = sizeof first / sizeof first[0];
	memcpy(arguments, first, sizeof first);
	for (unsigned i = 0; i < count; i++) {
		p.homes[i] = text_of("%s/a%u", folder, i + 1);
		struct outcome o = urna("ceremony", "init", "--home", p.homes[i], "--operator", "X", NULL);
		assert_code(o, 0);
		arguments[n++] = "--authority";
		arguments[n++] = text_of("%s/identity.json", p.homes[i]);
	}
	arguments[n] = NULL;
	struct outcome o = urna_argv(arguments);
	assert_code(o, 0);
	return p;
}

static void start(struct child *c, const char *command, const char *home, const char *record,
                  const char *timeout)
{
	const char *arguments[] = {command, "--home",    home,    "--record",
	                           record,  "--timeout", timeout, NULL};
	urna_start(c, arguments);
}

static void all(const char *command, const struct place *p)
{
	struct child c[AUTHORITIES_MAX];
	for (unsigned i = 0; i < p->count; i++)
		start(&c[i], command, p->homes[i], p->record, "120");
	for (unsigned i = 0; i < p->count; i++)
		assert_int_equal(urna_wait(&c[i], 200000), 0);
}

static void wait_for(const char *path)
{
	const struct timespec step = {0, 1000000};
	for (unsigned i = 0; i < 60000; i++) {
		if (access(path, F_OK) == 0)
			return;
		nanosleep(&step, NULL);
	}
	fail_msg("%s does not appear", path);
}

/* Brings one message from a copy of the record to another, as a whole. */
static void carry(const char *from, const char *to, unsigned round, unsigned party)
{
	const char *name = text_of("ceremony/1/r%u-%02u.bt", round, party);
	const char *source = text_of("%s/%s", from, name), *half = text_of("%s-half", to);
	wait_for(source);
	bytes message = read_file(source);
	write_file(half, message.p, message.len);
	assert_int_equal(rename(half, text_of("%s/%s", to, name)), 0);
}

/* The share file of the one ceremony this home has seen; NULL: none. */
static const char *share_in(const char *home)
{
	const char *argv[] = {"sh", "-c", text_of("ls '%s' | grep '^share-.*[.]key$'", home), NULL};
	struct outcome o = program(argv);
	size_t len = strlen(o.out);
	return len ? text_of("%s/%.*s", home, (int)len - 1, o.out) : NULL;
}

static unsigned mode_of(const char *path)
{
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

/*
 * The third authority works in a copy of the record, and the test carries the messages: all but
 * the certificates, which reach nobody before everybody was told to stop.
 */
static void a_ceremony_cut_off_at_the_certificates_is_finished_by_the_same_commands(void **state)
{
	(void)state;
	struct place p = prepare(3);
	struct child c[3];
	struct error err;
	error_clear(&err);
	const char *copy = text_of("%s/copy", fresh_folder());
	const char *argv[] = {"cp", "-r", p.record, copy, NULL};
	struct outcome o = program(argv);
	assert_code(o, 0);
	for (unsigned i = 0; i < 3; i++)
		start(&c[i], "ceremony", p.homes[i], i == 2 ? copy : p.record, "120");
	for (unsigned round = 0; round < 5; round++) {
		carry(copy, p.record, round, 3);
		carry(p.record, copy, round, 1);
		carry(p.record, copy, round, 2);
	}
	for (unsigned i = 0; i < 3; i++)
		wait_for(text_of("%s/ceremony/1/r6-%02u.bt", i == 2 ? copy : p.record, i + 1));
	for (unsigned i = 0; i < 3; i++) {
		assert_ok(child_signal(&c[i], SIGTERM, &err), err);
		assert_int_equal(urna_wait(&c[i], 60000), 3);
	}
	const char *shares[3];
	for (unsigned i = 0; i < 3; i++) {
		shares[i] = share_in(p.homes[i]);
		assert_non_null(shares[i]);
		assert_int_equal(mode_of(shares[i]), 0600);
		assert_int_equal(mode_of(p.homes[i]), 0700);
	}
	carry(copy, p.record, 6, 3);
	all("ceremony", &p);
	all("ceremony", &p); /* and once more: nothing is held again */
	for (unsigned i = 0; i < 3; i++)
		assert_string_equal(share_in(p.homes[i]), shares[i]);
	/* Every share is one of the key: all three open the votes. */
	collect_ballots(p.folder, p.record, p.file);
	all("mix", &p);
	all("decrypt", &p);
	for (unsigned i = 0; i < 3; i++) {
		o = urna("count", "--home", p.homes[i], "--record", p.record, NULL);
		assert_code(o, 0);
	}
	finish_log(p.folder, p.record);
	o = urna("verify", p.record, "--fingerprint", fingerprint_of(p.record), NULL);
	assert_code(o, 0);
}

/* Two of three hold the ceremony, and everybody can see that the third has no part in it. */
static void an_authority_that_does_not_come_is_left_out_and_named(void **state)
{
	(void)state;
	struct place p = prepare(3);
	struct child other;
	start(&other, "ceremony", p.homes[1], p.record, "1");
	struct outcome o =
		urna("ceremony", "--home", p.homes[0], "--record", p.record, "--timeout=1", NULL);
	assert_code(o, 0);
	assert_says(o.out, "Authority 3 (X) has no part in the key");
	assert_int_equal(urna_wait(&other, 60000), 0);
	o = urna("ceremony", "--home", p.homes[0], "--record", p.record, "--json", NULL);
	assert_code(o, 0);
	json_t *j = json_loads(o.out, JSON_REJECT_DUPLICATES, NULL);
	int attempts, first, third;
	assert_non_null(j);
	assert_int_equal(json_unpack(j, "{s:i,s:[{s:b},{},{s:b}]}", "attempts", &attempts, "parties",
	                             "qualified", &first, "qualified", &third),
	                 0);
	assert_int_equal(attempts, 1);
	assert_true(first);
	assert_false(third);
	json_decref(j);
	/* Whoever comes late is told that it is over. */
	o = urna("ceremony", "--home", p.homes[2], "--record", p.record, "--timeout=1", NULL);
	assert_code(o, 1);
	assert_says(o.err, "without this party");
	p.count = 2;
	collect_ballots(p.folder, p.record, p.file);
	static const char *const steps[] = {"mix", "decrypt"};
	for (unsigned k = 0; k < 2; k++) {
		const char *who = k ? "--active=1,2" : "--mixers=1,2";
		const char *second[] = {steps[k], "--home", p.homes[1], "--record", p.record, who, NULL};
		urna_start(&other, second);
		o = urna(steps[k], "--home", p.homes[0], "--record", p.record, who, NULL);
		assert_code(o, 0);
		assert_int_equal(urna_wait(&other, 60000), 0);
	}
	for (unsigned i = 0; i < 2; i++) {
		o = urna("count", "--home", p.homes[i], "--record", p.record, NULL);
		assert_code(o, 0);
	}
	finish_log(p.folder, p.record);
	o = urna("verify", p.record, "--fingerprint", fingerprint_of(p.record), NULL);
	assert_code(o, 0);
	assert_says(o.out, "an authority has no part in the key");
}

/* Whoever keeps the folder takes the ceremony away and asks for it once more. */
static void a_ceremony_that_was_taken_away_is_not_held_again(void **state)
{
	(void)state;
	struct place p = prepare(2);
	all("ceremony", &p);
	const char *there = text_of("%s/ceremony", p.record), *away = text_of("%s/away", p.folder);
	const char *shares[2] = {share_in(p.homes[0]), share_in(p.homes[1])};
	assert_int_equal(rename(there, away), 0);
	for (unsigned i = 0; i < 2; i++) {
		struct outcome o =
			urna("ceremony", "--home", p.homes[i], "--record", p.record, "--timeout=1", NULL);
		assert_true(o.code != 0);
		assert_says(o.err, "the record has lost messages that this authority signed");
		assert_says(o.err, "new manifest");
	}
	assert_int_not_equal(access(text_of("%s/1", there), F_OK), 0);
	/* What they said brings them back. */
	rmdir(there);
	assert_int_equal(rename(away, there), 0);
	all("ceremony", &p);
	for (unsigned i = 0; i < 2; i++)
		assert_string_equal(share_in(p.homes[i]), shares[i]);
}

/* A file that anybody could have put there stops nobody; it has to go before the record counts. */
static void a_file_that_nobody_signed_costs_no_share(void **state)
{
	(void)state;
	struct place p = prepare(3);
	struct child other;
	static const char *const names[] = {"ceremony/1/r1-03.bt", "ceremony/1/r5-01.bt"};
	const char *argv[] = {"mkdir", "-p", text_of("%s/ceremony/1", p.record), NULL};
	struct outcome o = program(argv);
	assert_code(o, 0);
	for (unsigned k = 0; k < 2; k++)
		write_file(text_of("%s/%s", p.record, names[k]), (const uint8_t *)"garbage", 7);
	start(&other, "ceremony", p.homes[1], p.record, "1");
	o = urna("ceremony", "--home", p.homes[0], "--record", p.record, "--timeout=1", NULL);
	assert_code(o, 1);
	assert_says(o.err, "counts as absent");
	assert_says(o.err, "the share is kept");
	assert_int_equal(urna_wait(&other, 60000), 1);
	const char *shares[2] = {share_in(p.homes[0]), share_in(p.homes[1])};
	assert_non_null(shares[0]);
	assert_non_null(shares[1]);
	for (unsigned k = 0; k < 2; k++)
		assert_int_equal(unlink(text_of("%s/%s", p.record, names[k])), 0);
	p.count = 2;
	all("ceremony", &p);
	for (unsigned i = 0; i < 2; i++)
		assert_string_equal(share_in(p.homes[i]), shares[i]);
	assert_int_not_equal(access(text_of("%s/ceremony/2", p.record), F_OK), 0);
}

static void a_share_that_opens_is_told_from_one_that_does_not(void **state)
{
	(void)state;
	struct place p = prepare(2);
	all("ceremony", &p);
	struct outcome o = urna("share", "check", "--home", p.homes[0], "--record", p.record, NULL);
	assert_code(o, 0);
	assert_says(o.out, "authority 1");
	const char *share = share_in(p.homes[0]);
	bytes b = read_file(share);
	uint8_t *copy = malloc(b.len);
	assert_non_null(copy);
	memcpy(copy, b.p, b.len);
	copy[test_random_below(b.len)] ^= 1;
	write_file(share, copy, b.len);
	o = urna("share", "check", "--home", p.homes[0], "--record", p.record, NULL);
	assert_code(o, 1);
	/* Nor is another party's share this one's. */
	bytes other = read_file(share_in(p.homes[1]));
	write_file(share, other.p, other.len);
	o = urna("share", "check", "--home", p.homes[0], "--record", p.record, NULL);
	assert_code(o, 1);
	write_file(share, b.p, b.len);
	o = urna("share", "check", "--home", p.homes[0], "--record", p.record, "--json", NULL);
	assert_code(o, 0);
	free(copy);
}

static void a_home_others_may_enter_is_refused(void **state)
{
	(void)state;
	static const char *const commands[] = {"ceremony", "mix", "decrypt"};
	struct place p = prepare(2);
	all("ceremony", &p);
	collect_ballots(p.folder, p.record, p.file);
	assert_int_equal(chmod(p.homes[1], 0755), 0);
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		struct outcome o =
			urna(commands[i], "--home", p.homes[1], "--record", p.record, "--timeout=0.3", NULL);
		assert_code(o, 1);
		assert_says(o.err, "chmod 700");
		assert_says(o.err, p.homes[1]);
	}
	assert_int_not_equal(access(text_of("%s/endorse", p.record), F_OK), 0);
	assert_int_equal(chmod(p.homes[1], 0700), 0);
	all("mix", &p);
}

static void nobody_begins_with_a_home_that_lies_open(void **state)
{
	(void)state;
	const char *home = text_of("%s/a", fresh_folder());
	assert_int_equal(mkdir(home, 0700), 0);
	assert_int_equal(chmod(home, 0755), 0);
	struct outcome o = urna("ceremony", "init", "--home", home, "--operator", "X", NULL);
	assert_code(o, 1);
	assert_says(o.err, "chmod 700");
	assert_int_equal(rmdir(home), 0); /* nothing was put into it */
}

/* The holder writes its number into the lock once it has it. */
static void wait_for_holder(const char *home, const struct child *c)
{
	const struct timespec step = {0, 1000000};
	const char *path = text_of("%s/.urna-lock", home), *number = text_of("%d\n", c->pid);
	for (unsigned i = 0; i < 60000; i++) {
		char room[32] = "";
		FILE *f = fopen(path, "r");
		if (f) {
			room[fread(room, 1, sizeof room - 1, f)] = '\0';
			fclose(f);
		}
		if (strcmp(room, number) == 0)
			return;
		nanosleep(&step, NULL);
	}
	fail_msg("process %d never held %s", c->pid, path);
}

static void a_second_command_on_one_home_is_told_who_uses_it(void **state)
{
	(void)state;
	struct place p = prepare(2);
	struct child c, first;
	all("ceremony", &p);
	collect_ballots(p.folder, p.record, p.file);
	start(&c, "mix", p.homes[1], p.record, "600"); /* waits for the first authority */
	wait_for_holder(p.homes[1], &c);
	struct outcome o =
		urna("mix", "--home", p.homes[1], "--record", p.record, "--timeout=0.3", NULL);
	assert_code(o, 3);
	assert_says(o.err, "in use");
	assert_says(o.err, text_of("process %d", c.pid));
	assert_says(o.err, p.homes[1]);
	/* The one at work was not disturbed, and its end gives the home free. */
	start(&first, "mix", p.homes[0], p.record, "120");
	assert_int_equal(urna_wait(&first, 120000), 0);
	assert_int_equal(urna_wait(&c, 120000), 0);
	o = urna("mix", "--home", p.homes[1], "--record", p.record, "--timeout=60", NULL);
	assert_code(o, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ceremony_cut_off_at_the_certificates_is_finished_by_the_same_commands),
		cmocka_unit_test(an_authority_that_does_not_come_is_left_out_and_named),
		cmocka_unit_test(a_ceremony_that_was_taken_away_is_not_held_again),
		cmocka_unit_test(a_file_that_nobody_signed_costs_no_share),
		cmocka_unit_test(a_share_that_opens_is_told_from_one_that_does_not),
		cmocka_unit_test(a_home_others_may_enter_is_refused),
		cmocka_unit_test(nobody_begins_with_a_home_that_lies_open),
		cmocka_unit_test(a_second_command_on_one_home_is_told_who_uses_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
