/* SPDX-License-Identifier: Apache-2.0 */
/* The key process of a running authority: in its jail, alone with the secrets, gone with urna. */
#include "e2e/authorities.h"

#include "support/support.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED true
#else
#define SANITIZED false
#endif

/* One of two authorities, in the ceremony, waiting for the other. */
static int start_one(struct authorities *p, struct child *c)
{
	*p = authorities_make(2, 12);
	authorities_start(c, p, "ceremony", 0, "600");
	int keys = key_process_of(c);
	wait_for_path(text_of("%s/ceremony/1/r1-01.bt", p->record));
	return keys;
}

static void end(struct child *c)
{
	struct error err;
	error_clear(&err);
	assert_ok(child_signal(c, SIGTERM, &err), err);
	assert_int_equal(urna_wait(c, 30000), 3);
}

static long status_number(int pid, const char *name)
{
	char line[256];
	long value = -1;
	FILE *f = fopen(text_of("/proc/%d/status", pid), "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f))
		if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
			value = strtol(line + strlen(name) + 1, NULL, 10);
	fclose(f);
	return value;
}

static void the_key_process_at_work_is_in_its_jail(void **state)
{
	(void)state;
	struct authorities p;
	struct child c;
	int keys = start_one(&p, &c);
	const long seccomp = status_number(keys, "Seccomp"), own = status_number(c.pid, "Seccomp");
	const long privileges = status_number(keys, "NoNewPrivs"),
			   locked = status_number(keys, "VmLck");
	end(&c);
	assert_int_equal(privileges, 1);
	assert_int_equal(own, 0);
	if (SANITIZED)
		skip(); /* AddressSanitizer locks nothing, and has no seccomp */
	assert_int_equal(seccomp, 2);
	assert_true(locked > 0);
}

/* How often any of these bytes are in a process's own writable memory; -1: it may not be read. */
static long count_in_memory(int pid, bytes what)
{
	char line[512];
	long found = 0;
	FILE *maps = fopen(text_of("/proc/%d/maps", pid), "r");
	int mem = open(text_of("/proc/%d/mem", pid), O_RDONLY);
	if (!maps || mem < 0) {
		if (maps)
			fclose(maps);
		return -1;
	}
	while (fgets(line, sizeof line, maps)) {
		unsigned long long from, to;
		char rights[8];
		if (sscanf(line, "%llx-%llx %7s", &from, &to, rights) != 3 || rights[0] != 'r')
			continue;
		/* Address space of which hardly anything is touched is read as far as it was. */
		uint8_t room[65536 + 64];
		bool fresh = true;
		for (; from < to && fresh; from += 65536) {
			ssize_t n = pread(mem, room, sizeof room, (off_t)from);
			fresh = n > 0 && (to - from < ((uint64_t)1 << 26) || room[0] || room[n - 1]);
			for (ssize_t i = 0; i + (ssize_t)what.len <= n && i < 65536; i++)
				found += memcmp(room + i, what.p, what.len) == 0;
		}
	}
	fclose(maps);
	close(mem);
	return found;
}

static void the_identity_is_in_the_memory_of_the_key_process_alone(void **state)
{
	(void)state;
	struct authorities p;
	struct child c;
	uint8_t seed[32];
	if (SANITIZED)
		skip(); /* shadow memory is too large to be searched */
	int keys = start_one(&p, &c);
	bytes text = read_file(text_of("%s/identity.key", p.homes[0]));
	assert_int_equal(text.len, 65);
	test_from_hex(seed, 32, text_of("%.64s", (const char *)text.p));
	long there = count_in_memory(keys, BYTES_OF(seed));
	long raw = count_in_memory(c.pid, BYTES_OF(seed));
	long hex = count_in_memory(c.pid, bytes_of(text.p, 64));
	end(&c);
	if (there < 0 || raw < 0)
		skip(); /* not root: nobody may look, which is as it should be */
	assert_true(there > 0);
	assert_int_equal(raw, 0);
	assert_int_equal(hex, 0);
}

static void nobody_is_left(void)
{
	const struct timespec step = {0, 10000000};
	for (unsigned i = 0; i < 2000; i++) {
		if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD)
			return;
		nanosleep(&step, NULL);
	}
	fail_msg("a key process goes on without urna");
}

static void the_key_process_ends_with_urna_and_leaves_the_home_free(void **state)
{
	(void)state;
	struct authorities p;
	struct child c;
	struct error err;
	error_clear(&err);
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	start_one(&p, &c);
	assert_ok(child_signal(&c, SIGKILL, &err), err);
	assert_int_equal(urna_wait(&c, 30000), -SIGKILL);
	struct outcome o =
		urna("ceremony", "--home", p.homes[0], "--record", p.record, "--timeout=0.2", NULL);
	assert_code(o, 3);
	assert_says(o.err, "deadline"); /* and not that the home is in use */
	nobody_is_left();
}

static void a_killed_key_process_is_told_and_the_command_can_be_repeated(void **state)
{
	(void)state;
	struct authorities p = authorities_make(2, 12);
	const char *err_path = text_of("%s/err", p.folder), *build = getenv("URNA_BUILD");
	const char *argv[] = {"sh", "-c",
	                      text_of("exec '%s/src/apps/cli/urna' ceremony --home '%s' --record '%s' "
	                              "2>'%s'",
	                              build ? build : "build/release", p.homes[0], p.record, err_path),
	                      NULL};
	struct error err;
	struct child c;
	error_clear(&err);
	const struct child_spec spec = {
		.argv = argv, .in = CHILD_NULL, .out = CHILD_NULL, .err = CHILD_NULL};
	assert_ok(child_start(&c, &spec, &err), err);
	wait_for_path(text_of("%s/ceremony/1/r1-01.bt", p.record));
	assert_int_equal(kill(key_process_of(&c), SIGKILL), 0);
	assert_int_equal(urna_wait(&c, 30000), 3);
	bytes said = read_file(err_path);
	assert_says(text_of("%.*s", (int)said.len, (const char *)said.p),
	            "the key process ended without an answer: Killed");
	authorities_all(&p, "ceremony");
}

/* --- where there is no seccomp --- */

/* As if the kernel had none. */
static bool take_seccomp_away(void)
{
	const struct scmp_arg_cmp set = {0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0};
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	return f && seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0) == 0 &&
	       seccomp_rule_add_array(f, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1, &set) == 0 &&
	       seccomp_load(f) == 0;
}

static struct outcome without_seccomp(const struct authorities *p, const char *option)
{
	const char *build = getenv("URNA_BUILD"), *said = text_of("%s/said", p->folder);
	const char *urna_path = text_of("%s/src/apps/cli/urna", build ? build : "build/release");
	int status;
	pid_t child = fork();
	if (child == 0) {
		int fd = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		if (fd >= 0 && dup2(fd, 2) == 2 && take_seccomp_away())
			execl(urna_path, "urna", "ceremony", "--home", p->homes[0], "--record", p->record,
			      "--timeout=0.2", option, (char *)NULL);
		_exit(99);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	bytes text = read_file(said);
	static char err[4096];
	snprintf(err, sizeof err, "%.*s", (int)text.len, (const char *)text.p);
	return (struct outcome){.code = WEXITSTATUS(status), .out = err, .err = err};
}

static void without_seccomp_nothing_secret_is_done_unless_it_is_asked_for(void **state)
{
	(void)state;
	struct authorities p = authorities_make(2, 12);
	if (SANITIZED)
		skip();
	struct outcome o = without_seccomp(&p, NULL);
	assert_code(o, 3);
	assert_says(o.err, "no seccomp");
	assert_says(o.err, "--without-jail");
	assert_int_not_equal(access(text_of("%s/ceremony", p.record), F_OK), 0);
	o = without_seccomp(&p, "--without-jail");
	assert_code(o, 3);
	assert_says(o.err, "works without its jail");
	assert_says(o.err, "deadline");
	assert_int_equal(access(text_of("%s/ceremony/1/r1-01.bt", p.record), F_OK), 0);
}

static void started_by_hand_it_says_whose_it_is(void **state)
{
	(void)state;
	const char *build = getenv("URNA_BUILD");
	const char *path = text_of("%s/src/apps/cli/urna-keys", build ? build : "build/release");
	const char *help[] = {path, "--help", NULL}, *bare[] = {path, NULL};
	struct outcome o = program(help);
	assert_code(o, 2);
	assert_says(o.err, "started by urna");
	o = program(bare);
	assert_code(o, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_key_process_at_work_is_in_its_jail),
		cmocka_unit_test(the_identity_is_in_the_memory_of_the_key_process_alone),
		cmocka_unit_test(the_key_process_ends_with_urna_and_leaves_the_home_free),
		cmocka_unit_test(a_killed_key_process_is_told_and_the_command_can_be_repeated),
		cmocka_unit_test(without_seccomp_nothing_secret_is_done_unless_it_is_asked_for),
		cmocka_unit_test(started_by_hand_it_says_whose_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
