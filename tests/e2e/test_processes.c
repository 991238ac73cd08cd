/* SPDX-License-Identifier: Apache-2.0 */
/* Authorities that do not come, are killed or are told to stop: an error that says so, no hang. */
#include "e2e/e2e.h"

#include "support/support.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct place {
	const char *folder, *record, *homes[3], *file;
};

/* Two authorities and a manifest; what follows is up to the test. */
static struct place prepare(unsigned ballots)
{
	const char *folder = fresh_folder();
	struct place p = {
		.folder = folder, .record = text_of("%s/record", folder), .file = make_blt(5, 2, ballots)};
	for (unsigned i = 0; i < 2; i++) {
		p.homes[i] = text_of("%s/a%u", folder, i + 1);
		struct outcome o = urna("ceremony", "init", "--home", p.homes[i], "--operator", "X", NULL);
		assert_code(o, 0);
	}
	struct outcome o =
		urna("manifest", "new", p.file, "--rule=scotland", "--threshold=2", "--lot=1,2,3,4,5",
	         "--authority", text_of("%s/identity.json", p.homes[0]), "--authority",
	         text_of("%s/identity.json", p.homes[1]), "--board",
	         text_of("%s/identity.json", make_board(folder)), "--record", p.record, NULL);
	assert_code(o, 0);
	return p;
}

static void both(const char *command, const struct place *p)
{
	struct child c[2];
	for (unsigned i = 0; i < 2; i++) {
		const char *arguments[] = {command,   "--home",        p->homes[i], "--record",
		                           p->record, "--timeout=120", NULL};
		urna_start(&c[i], arguments);
	}
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(urna_wait(&c[i], 200000), 0);
}

static void a_ceremony_names_whom_it_waited_for(void **state)
{
	(void)state;
	struct place p = prepare(12);
	struct outcome o =
		urna("ceremony", "--home", p.homes[0], "--record", p.record, "--timeout=0.3", NULL);
	assert_code(o, 3);
	assert_says(o.err, "unavailable");
	assert_says(o.err, "2");
	assert_says(o.err, "Run the same command again");
}

static void a_mix_names_whom_it_waited_for(void **state)
{
	(void)state;
	struct place p = prepare(12);
	both("ceremony", &p);
	collect_ballots(p.folder, p.record, p.file);
	struct outcome o =
		urna("mix", "--home", p.homes[1], "--record", p.record, "--timeout=0.3", NULL);
	assert_code(o, 3);
	assert_says(o.err, "party 1");
	/* Later it goes on where it stood. */
	both("mix", &p);
}

static void an_authority_of_another_election_is_refused(void **state)
{
	(void)state;
	struct place p = prepare(12), other = prepare(12);
	both("ceremony", &p);
	collect_ballots(p.folder, p.record, p.file);
	struct outcome o = urna("mix", "--home", other.homes[0], "--record", p.record, NULL);
	assert_code(o, 1);
	assert_says(o.err, "does not name this identity key");
}

static void wait_for_file(const char *path)
{
	const struct timespec step = {0, 1000000};
	for (unsigned i = 0; i < 60000; i++) {
		if (access(path, F_OK) == 0)
			return;
		nanosleep(&step, NULL);
	}
	fail_msg("%s does not appear", path);
}

static void a_killed_authority_leaves_the_others_with_an_error_until_it_is_run_again(void **state)
{
	(void)state;
	struct place p = prepare(400);
	struct child c[2];
	struct error err;
	error_clear(&err);
	both("ceremony", &p);
	collect_ballots(p.folder, p.record, p.file);
	both("mix", &p);
	for (unsigned i = 0; i < 2; i++) {
		const char *arguments[] = {"decrypt", "--home",      p.homes[i], "--record",
		                           p.record,  "--timeout=1", NULL};
		urna_start(&c[i], arguments);
	}
	wait_for_file(text_of("%s/endorse/l1/ready-01.bt", p.record));
	assert_ok(child_signal(&c[0], SIGKILL, &err), err);
	assert_int_equal(urna_wait(&c[0], 60000), -SIGKILL);
	/* Killed at the very end, the first one may have published everything. */
	int code = urna_wait(&c[1], 60000);
	assert_true(code == 3 || code == 0);
	struct outcome o = urna("verify", p.record, NULL);
	assert_int_not_equal(o.code, 0);
	both("decrypt", &p);
	for (unsigned i = 0; i < 2; i++) {
		o = urna("count", "--home", p.homes[i], "--record", p.record, NULL);
		assert_code(o, 0);
	}
	finish_log(p.folder, p.record);
	o = urna("verify", p.record, "--fingerprint", fingerprint_of(p.record), NULL);
	assert_code(o, 0);
}

static void an_authority_told_to_stop_ends_at_once(void **state)
{
	(void)state;
	struct place p = prepare(12);
	struct child c;
	struct error err;
	error_clear(&err);
	const char *arguments[] = {"ceremony", "--home",        p.homes[0], "--record",
	                           p.record,   "--timeout=600", NULL};
	urna_start(&c, arguments);
	wait_for_file(text_of("%s/ceremony/1/r0-01.bt", p.record));
	assert_ok(child_signal(&c, SIGTERM, &err), err);
	assert_int_equal(urna_wait(&c, 30000), 3);
}

/* The processes whose parent is this one, from /proc; -1: /proc does not tell. */
static int children_of(int pid, int *out, int room)
{
	char line[4096];
	FILE *f = fopen(text_of("/proc/%d/task/%d/children", pid, pid), "r");
	if (!f)
		return -1;
	int count = 0;
	if (fgets(line, sizeof line, f))
		for (char *p = line, *end; count < room; p = end) {
			long v = strtol(p, &end, 10);
			if (end == p)
				break;
			out[count++] = (int)v;
		}
	fclose(f);
	return count;
}

static void wait_for_children(const struct child *c, int wanted, int *out)
{
	const struct timespec step = {0, 1000000};
	for (unsigned i = 0; i < 100000; i++) {
		int count = children_of(c->pid, out, 8);
		if (count < 0)
			skip();
		if (count >= wanted)
			return;
		nanosleep(&step, NULL);
	}
	fail_msg("urna run never had %d children", wanted);
}

/* What urna run leaves behind becomes ours, and can be counted. */
static void nobody_is_left(void)
{
	const struct timespec step = {0, 10000000};
	for (unsigned i = 0; i < 2000; i++) {
		if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD)
			return;
		nanosleep(&step, NULL);
	}
	fail_msg("a child of urna run goes on without it");
}

static void start_run(struct child *c, const char *out)
{
	const char *argv[] = {"sh", "-c",
	                      text_of("exec '%s/src/apps/cli/urna' run '%s' --rule scotland "
	                              "--authorities 3 --threshold 2 --out '%s' --lot 1,2,3,4,5 "
	                              ">'%s.out' 2>'%s.err'",
	                              getenv("URNA_BUILD") ? getenv("URNA_BUILD") : "build/release",
	                              make_blt(5, 2, 3000), out, out, out),
	                      NULL};
	struct error err;
	error_clear(&err);
	const struct child_spec spec = {
		.argv = argv, .in = CHILD_NULL, .out = CHILD_NULL, .err = CHILD_NULL};
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	assert_ok(child_start(c, &spec, &err), err);
}

static const char *said(const char *path)
{
	bytes b = read_file(path);
	return text_of("%.*s", (int)b.len, (const char *)b.p);
}

static void a_run_told_to_stop_takes_its_children_with_it(void **state)
{
	(void)state;
	const char *out = text_of("%s/e", fresh_folder());
	struct child c;
	struct error err;
	int children[8];
	error_clear(&err);
	start_run(&c, out);
	wait_for_file(text_of("%s/record/ballots.bt", out));
	wait_for_children(&c, 2, children);
	assert_ok(child_signal(&c, SIGINT, &err), err);
	assert_int_equal(urna_wait(&c, 30000), 3);
	nobody_is_left();
	assert_says(said(text_of("%s.err", out)), "stopped on request");
}

static void the_children_of_a_killed_run_end_too(void **state)
{
	(void)state;
	const char *out = text_of("%s/e", fresh_folder());
	struct child c;
	struct error err;
	int children[8];
	error_clear(&err);
	start_run(&c, out);
	wait_for_file(text_of("%s/record/ballots.bt", out));
	wait_for_children(&c, 3, children);
	/* Without the first mixer the others would wait for an hour. */
	assert_ok(child_signal(&c, SIGKILL, &err), err);
	kill(children[0], SIGKILL);
	assert_int_equal(urna_wait(&c, 30000), -SIGKILL);
	nobody_is_left();
}

static void a_killed_child_of_a_run_is_named_and_the_others_go_on(void **state)
{
	(void)state;
	const char *out = text_of("%s/e", fresh_folder());
	struct child c;
	int children[8];
	start_run(&c, out);
	wait_for_file(text_of("%s/record/ballots.bt", out));
	wait_for_children(&c, 3, children);
	assert_int_equal(kill(children[0], SIGKILL), 0);
	assert_int_equal(urna_wait(&c, 60000), 0);
	nobody_is_left();
	const char *error = said(text_of("%s.err", out));
	assert_says(error, "ended by a signal");
	assert_says(error, "authority ");
	assert_says(said(text_of("%s.out", out)), "verified");
}

static void assert_no_file_with(const char *folder, const char *part)
{
	struct dirent *e;
	DIR *d = opendir(folder);
	assert_non_null(d);
	while ((e = readdir(d)))
		assert_null(strstr(e->d_name, part));
	closedir(d);
}

static void an_interrupted_import_leaves_no_ballots(void **state)
{
	(void)state;
	struct place p = prepare(12);
	struct child c;
	struct error err;
	error_clear(&err);
	both("ceremony", &p);
	const char *folder = fresh_folder(), *many = text_of("%s/many.blt", folder);
	write_text(many, "5 2\n3000000 1 0\n0\n\"Candidate 1\"\n\"Candidate 2\"\n\"Candidate 3\"\n"
	                 "\"Candidate 4\"\n\"Candidate 5\"\n\"T\"\n");
	const char *out = text_of("%s/ballots.bt", folder);
	const char *arguments[] = {"encrypt", many, "--record", p.record, "--out", out, NULL};
	urna_start(&c, arguments);
	const struct timespec begin = {0, 500000000};
	nanosleep(&begin, NULL); /* any moment of the work will do */
	assert_ok(child_signal(&c, SIGTERM, &err), err);
	assert_int_equal(urna_wait(&c, 30000), 3);
	assert_no_file_with(folder, ".bt");
}

/* Temporary files are made when it opens the log. */
static void wait_for_temporary_file(const char *folder)
{
	const struct timespec step = {0, 100000};
	for (unsigned i = 0; i < 600000; i++) {
		bool found = false;
		DIR *d = opendir(folder);
		for (const struct dirent *e; d && (e = readdir(d));)
			found = found || strstr(e->d_name, "tmp");
		if (d)
			closedir(d);
		if (found)
			return;
		nanosleep(&step, NULL);
	}
	fail_msg("nothing is written in %s", folder);
}

static void a_board_that_is_killed_begins_again(void **state)
{
	(void)state;
	struct place p = prepare(2000);
	struct child c;
	struct error err;
	error_clear(&err);
	both("ceremony", &p);
	const char *ballots = text_of("%s/ballots.bt", p.folder);
	const char *board = text_of("%s/board", p.folder);
	struct outcome o = urna("encrypt", p.file, "--record", p.record, "--out", ballots, NULL);
	assert_code(o, 0);
	const char *arguments[] = {"board",    "collect", "--home", board,
	                           "--record", p.record,  ballots,  NULL};
	for (unsigned i = 0; i < 2; i++) {
		urna_start(&c, arguments);
		wait_for_temporary_file(p.record);
		assert_ok(child_signal(&c, i ? SIGKILL : SIGTERM, &err), err);
		int code = urna_wait(&c, 30000);
		if (code == 0)
			skip(); /* it was faster than the signal */
		assert_int_equal(code, i ? -SIGKILL : 3);
		assert_int_not_equal(access(text_of("%s/log/entries", p.record), F_OK), 0);
	}
	o = urna_argv(arguments);
	assert_code(o, 0);
	assert_no_file_with(p.record, "tmp");
	both("mix", &p);
}

static void a_closed_log_without_a_signature_is_signed_later(void **state)
{
	(void)state;
	struct place p = prepare(12);
	both("ceremony", &p);
	collect_ballots(p.folder, p.record, p.file);
	const char *signature = text_of("%s/log/checkpoint-close", p.record);
	bytes before = read_file(signature);
	assert_int_equal(unlink(signature), 0);
	struct outcome o = urna("mix", "--home", p.homes[0], "--record", p.record, "--timeout=1", NULL);
	assert_code(o, 3);
	o = urna("board", "close", "--home", text_of("%s/board", p.folder), "--record", p.record, NULL);
	assert_code(o, 0);
	bytes after = read_file(signature);
	assert_true(bytes_equal(before, after));
	both("mix", &p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ceremony_names_whom_it_waited_for),
		cmocka_unit_test(a_mix_names_whom_it_waited_for),
		cmocka_unit_test(an_authority_of_another_election_is_refused),
		cmocka_unit_test(a_killed_authority_leaves_the_others_with_an_error_until_it_is_run_again),
		cmocka_unit_test(an_authority_told_to_stop_ends_at_once),
		cmocka_unit_test(a_run_told_to_stop_takes_its_children_with_it),
		cmocka_unit_test(the_children_of_a_killed_run_end_too),
		cmocka_unit_test(a_killed_child_of_a_run_is_named_and_the_others_go_on),
		cmocka_unit_test(an_interrupted_import_leaves_no_ballots),
		cmocka_unit_test(a_board_that_is_killed_begins_again),
		cmocka_unit_test(a_closed_log_without_a_signature_is_signed_later),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
