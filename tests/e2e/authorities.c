/* SPDX-License-Identifier: Apache-2.0 */
#include "e2e/authorities.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct authorities authorities_make(unsigned authorities, unsigned ballots)
{
	const char *folder = fresh_folder(), *arguments[32];
	struct authorities p = {.folder = folder,
	                        .record = text_of("%s/record", folder),
	                        .file = make_blt(5, 2, ballots),
	                        .count = authorities};
	const char *first[] = {"manifest",
	                       "new",
	                       p.file,
	                       "--rule=scotland",
	                       "--threshold=2",
	                       "--lot=1,2,3,4,5",
	                       "--accept-small-lists",
	                       "--record",
	                       p.record,
	                       "--board",
	                       text_of("%s/identity.json", make_board(folder))};
	unsigned n = sizeof first / sizeof first[0];
	memcpy(arguments, first, sizeof first);
	for (unsigned i = 0; i < authorities; i++) {
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

void authorities_start(struct child *c, const struct authorities *p, const char *command,
                       unsigned i, const char *timeout)
{
	const char *arguments[] = {command,   "--home",    p->homes[i], "--record",
	                           p->record, "--timeout", timeout,     NULL};
	urna_start(c, arguments);
}

void authorities_all(const struct authorities *p, const char *command)
{
	struct child c[AUTHORITIES_MAX];
	for (unsigned i = 0; i < p->count; i++)
		authorities_start(&c[i], p, command, i, "120");
	for (unsigned i = 0; i < p->count; i++)
		assert_int_equal(urna_wait(&c[i], 200000), 0);
}

void authorities_until(const struct authorities *p, const char *command)
{
	authorities_all(p, "ceremony");
	if (strcmp(command, "ceremony") == 0)
		return;
	collect_ballots(p->folder, p->record, p->file);
	if (strcmp(command, "collect") != 0)
		authorities_all(p, "mix");
}

void wait_for_path(const char *path)
{
	const struct timespec step = {0, 1000000};
	for (unsigned i = 0; i < 60000; i++) {
		if (access(path, F_OK) == 0)
			return;
		nanosleep(&step, NULL);
	}
	fail_msg("%s does not appear", path);
}

const char *file_in(const char *folder, const char *pattern)
{
	const char *argv[] = {"sh", "-c", text_of("ls '%s' | grep '%s'", folder, pattern), NULL};
	struct outcome o = program(argv);
	size_t len = strlen(o.out);
	return len ? text_of("%s/%.*s", folder, (int)len - 1, o.out) : NULL;
}

static int only_child(int pid)
{
	int child = 0;
	FILE *f = fopen(text_of("/proc/%d/task/%d/children", pid, pid), "r");
	if (!f)
		return -1;
	if (fscanf(f, "%d", &child) != 1)
		child = 0;
	fclose(f);
	return child;
}

int key_process_of(const struct child *c)
{
	const struct timespec step = {0, 1000000};
	for (unsigned i = 0; i < 60000; i++) {
		int child = only_child(c->pid);
		if (child < 0)
			skip(); /* /proc does not tell */
		if (child > 0)
			return child;
		nanosleep(&step, NULL);
	}
	fail_msg("process %d never had a child", c->pid);
	return 0;
}
