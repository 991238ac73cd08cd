/* SPDX-License-Identifier: Apache-2.0 */
/* What only a disk can do to us: links, kills, full disks, files that change underneath. */
#include "support/support.h"

#include "sandbox.h"

#include "files/disk_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct error err;

static struct folder *open_folder(const char *below, enum disk_access access)
{
	struct folder *f;
	assert_ok(disk_folder_open(&f, sandbox_path(below), access, &err), err);
	return f;
}

static bool count_one(void *ctx, const struct folder_entry *e, struct error *e2)
{
	(void)e;
	(void)e2;
	++*(size_t *)ctx;
	return true;
}

static size_t count(struct folder *f, const char *path)
{
	size_t n = 0;
	assert_ok(f->list(f, path, count_one, &n, &err), err);
	return n;
}

static void links_below_the_folder_are_refused(void **state)
{
	(void)state;
	struct folder *f = open_folder("", DISK_WRITE);
	struct source *source;
	struct sink *sink;
	size_t n = 0;
	disk_put("target", "secret");
	assert_int_equal(mkdir(sandbox_path("real"), 0700), 0);
	disk_put("real/file", "x");
	assert_int_equal(symlink("target", sandbox_path("link")), 0);
	assert_int_equal(symlink("real", sandbox_path("folder-link")), 0);
	assert_fails(f->open(f, "link", &source, &err), err, ERROR_MALFORMED);
	assert_non_null(strstr(err.what, "link"));
	assert_fails(f->open(f, "folder-link/file", &source, &err), err, ERROR_MALFORMED);
	assert_fails(f->create(f, "folder-link/new", true, &sink, &err), err, ERROR_MALFORMED);
	assert_fails(f->remove(f, "folder-link/file", &err), err, ERROR_MALFORMED);
	assert_fails(f->list(f, "folder-link", count_one, &n, &err), err, ERROR_MALFORMED);
	assert_fails(f->list(f, "", count_one, &n, &err), err, ERROR_MALFORMED);
	assert_false(f->exists(f, "link"));
	assert_false(f->exists(f, "folder-link/file"));
	/* Replacing a link replaces the link, not what it points to. */
	assert_fails(folder_write(f, "link", false, BYTES_LITERAL("new"), &err), err, ERROR_CONFLICT);
	assert_ok(folder_write(f, "link", true, BYTES_LITERAL("new"), &err), err);
	assert_string_equal(disk_get("target"), "secret");
	assert_string_equal(disk_get("link"), "new");
	disk_folder_close(f);
}

static void pipes_are_refused_without_waiting(void **state)
{
	(void)state;
	struct folder *f = open_folder("", DISK_WRITE);
	struct source *source;
	assert_int_equal(mkfifo(sandbox_path("pipe"), 0600), 0);
	assert_fails(f->open(f, "pipe", &source, &err), err, ERROR_MALFORMED);
	assert_fails(disk_source_open(&source, sandbox_path("pipe"), &err), err, ERROR_MALFORMED);
	assert_fails(disk_source_open(&source, sandbox_path(""), &err), err, ERROR_MALFORMED);
	assert_fails(disk_source_open(&source, sandbox_path("none"), &err), err, ERROR_MALFORMED);
	assert_string_equal(err.detail, sandbox_path("none"));
	disk_folder_close(f);
}

static void the_folder_itself_is_opened_as_asked(void **state)
{
	(void)state;
	struct folder *f;
	struct sink *sink;
	struct stat st;
	disk_put("file", "x");
	assert_fails(disk_folder_open(&f, sandbox_path("new"), DISK_READ, &err), err, ERROR_MALFORMED);
	assert_fails(disk_folder_open(&f, sandbox_path("new"), DISK_WRITE, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.detail, sandbox_path("new"));
	assert_fails(disk_folder_open(&f, sandbox_path("file"), DISK_READ, &err), err, ERROR_MALFORMED);
	disk_folder_close(open_folder("new", DISK_MAKE));
	disk_folder_close(open_folder("new", DISK_MAKE));
	assert_int_equal(stat(sandbox_path("new"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	f = open_folder("", DISK_READ);
	assert_fails(f->create(f, "x", true, &sink, &err), err, ERROR_CONFLICT);
	assert_fails(f->remove(f, "file", &err), err, ERROR_CONFLICT);
	disk_folder_close(f);
	disk_folder_close(NULL);
}

static void a_file_that_becomes_shorter_is_an_io_error(void **state)
{
	(void)state;
	struct folder *f = open_folder("", DISK_WRITE);
	struct source *source;
	bytes got;
	disk_put("file", "");
	assert_int_equal(truncate(sandbox_path("file"), 20 << 20), 0);
	assert_ok(f->open(f, "file", &source, &err), err);
	assert_ok(source_next(source, 1000, &got, &err), err);
	assert_int_equal(truncate(sandbox_path("file"), 5 << 20), 0);
	bool ok = true;
	error_clear(&err);
	for (unsigned i = 0; ok && i < 20; i++)
		ok = source_next(source, 1 << 20, &got, &err);
	assert_false(ok);
	assert_int_equal(err.kind, ERROR_IO);
	assert_non_null(strstr(err.detail, "/file"));
	source_close(source);
	disk_folder_close(f);
}

static void a_file_that_changes_behind_the_buffer_is_noticed_at_the_end(void **state)
{
	(void)state;
	struct folder *f = open_folder("", DISK_WRITE);
	struct source *source;
	bytes got;
	disk_put("file", "0123456789");
	assert_ok(f->open(f, "file", &source, &err), err);
	assert_ok(source_next(source, 10, &got, &err), err);
	disk_put("file", "01234");
	assert_fails(source_next(source, 10, &got, &err), err, ERROR_IO);
	assert_fails(source_rewind(source, &err), err, ERROR_IO);
	source_close(source);
	disk_folder_close(f);
}

/* Size and time of change are both looked at, to the nanosecond. */
static void every_sign_of_a_change_is_noticed(void **state)
{
	(void)state;
	const struct {
		const char *content;
		struct timespec time;
	} after[] = {{"0123456789", {1000, 6}},
	             {"0123456789", {1001, 5}},
	             {"01234567", {1000, 5}},
	             {"0123456789a", {1000, 5}}};
	struct folder *f = open_folder("", DISK_WRITE);
	for (size_t i = 0; i < sizeof after / sizeof after[0]; i++) {
		struct source *source;
		bytes got;
		const struct timespec then[2] = {{1000, 5}, {1000, 5}};
		const struct timespec now[2] = {after[i].time, after[i].time};
		disk_put("file", "0123456789");
		assert_int_equal(utimensat(AT_FDCWD, sandbox_path("file"), then, 0), 0);
		assert_ok(f->open(f, "file", &source, &err), err);
		assert_ok(source_next(source, 10, &got, &err), err);
		assert_ok(source_rewind(source, &err), err);
		disk_put("file", after[i].content);
		assert_int_equal(utimensat(AT_FDCWD, sandbox_path("file"), now, 0), 0);
		assert_fails(source_rewind(source, &err), err, ERROR_IO);
		source_close(source);
	}
	disk_folder_close(f);
}

/* A child that writes to "file" and is killed at the given moment. */
static void kill_writer(const char *path, bool replace)
{
	int fd[2];
	char ready;
	assert_int_equal(pipe(fd), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct folder *f;
		struct sink *sink;
		static uint8_t half[3 << 20];
		bool ok = disk_folder_open(&f, sandbox_path(""), DISK_WRITE, NULL) &&
		          f->create(f, path, replace, &sink, NULL) &&
		          sink_append(sink, BYTES_OF(half), NULL);
		ok = ok && write(fd[1], "r", 1) == 1;
		for (;;)
			pause();
	}
	assert_int_equal(read(fd[0], &ready, 1), 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(fd[0]);
	close(fd[1]);
}

static void a_killed_writer_leaves_the_old_content(void **state)
{
	(void)state;
	disk_put("file", "old");
	kill_writer("file", true);
	kill_writer("sub/other", false);
	assert_string_equal(disk_get("file"), "old");
	/* The leftover itself is shown to who only reads … */
	struct folder *f = open_folder("", DISK_READ);
	assert_int_equal(count(f, ""), 2);
	assert_int_equal(count(f, "sub"), 1);
	assert_false(f->exists(f, "sub/other"));
	assert_int_equal(disk_entries("sub"), 1);
	disk_folder_close(f);
	/* … and gone for who writes next. */
	f = open_folder("", DISK_WRITE);
	assert_int_equal(disk_entries(""), 2);
	assert_int_equal(disk_entries("sub"), 0);
	disk_folder_close(f);
}

static void a_writer_at_work_is_not_cleaned_away(void **state)
{
	(void)state;
	struct folder *f = open_folder("", DISK_WRITE);
	struct sink *sink;
	assert_ok(f->create(f, "file", false, &sink, &err), err);
	disk_put(".urna-tmp-0123456789abcdef", "a leftover");
	disk_put(".urna-tmp-0123456789abcdeX", "not the pattern");
	disk_put(".urna-tmp-0123456789abcdef0", "not the pattern");
	assert_int_equal(disk_entries(""), 4);
	disk_folder_close(open_folder("", DISK_WRITE));
	assert_int_equal(disk_entries(""), 3);
	assert_ok(sink_append(sink, BYTES_LITERAL("whole"), &err), err);
	assert_ok(sink_commit(sink, &err), err);
	assert_string_equal(disk_get("file"), "whole");
	disk_folder_close(f);
}

struct listing {
	char names[512];
};

static bool note(void *ctx, const struct folder_entry *e, struct error *e2)
{
	(void)e2;
	struct listing *l = ctx;
	size_t used = strlen(l->names);
	snprintf(l->names + used, sizeof l->names - used, "%s%s ", e->name, e->is_folder ? "/" : "");
	return true;
}

static void assert_listed(struct folder *f, const char *path, const char *expected)
{
	struct listing l = {""};
	assert_ok(f->list(f, path, note, &l, &err), err);
	assert_string_equal(l.names, expected);
}

/* Nothing can lie beside what is checked just because its name looks like one of ours. */
/* Copies need not have them, and not everybody who reads a record can see them. */
static void a_folder_without_a_file_is_not_listed(void **state)
{
	(void)state;
	struct folder *reader = open_folder("", DISK_READ), *writer = open_folder("", DISK_WRITE);
	static const char *const folders[] = {"empty", "nested", "nested/deep",
	                                      "left",  "full",   "full/x"};
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		assert_int_equal(mkdir(sandbox_path(folders[i]), 0700), 0);
	assert_listed(reader, "", "");
	disk_put("full/x/a", "");
	disk_put("left/.urna-tmp-0123456789abcdef", "");
	assert_listed(reader, "", "full/ left/ ");
	assert_listed(reader, "full", "x/ ");
	assert_listed(writer, "", "full/ ");
	/* What is no file is not nothing. */
	assert_int_equal(symlink("a", sandbox_path("nested/deep/link")), 0);
	assert_listed(reader, "", "full/ left/ nested/ ");
	disk_folder_close(reader);
	disk_folder_close(writer);
}

static void a_reader_sees_every_name_and_a_writer_all_but_lock_and_temporary_files(void **state)
{
	(void)state;
	static const char *const places[] = {"", "sub"};
	struct folder *reader = open_folder("", DISK_READ), *writer = open_folder("", DISK_WRITE);
	assert_int_equal(mkdir(sandbox_path("sub"), 0700), 0);
	for (size_t i = 0; i < 2; i++) {
		static const char *const names[] = {"a",
		                                    ".urna-lock",
		                                    ".urna-tmp-0123456789abcdef",
		                                    ".urna-evil",
		                                    ".urna-lockx",
		                                    ".urna-tmp-0123456789abcdeF",
		                                    ".urna-tmp-0123456789abcde",
		                                    ".urna-",
		                                    ".urna-tmp-0123456789abcdef0"};
		for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
			char path[64];
			snprintf(path, sizeof path, "%s%s%s", places[i], i ? "/" : "", names[k]);
			disk_put(path, "x");
		}
	}
	assert_int_equal(mkdir(sandbox_path(".urna-x"), 0700), 0);
	disk_put(".urna-x/a", "x");
	assert_listed(reader, "",
	              ".urna- .urna-evil .urna-lock .urna-lockx .urna-tmp-0123456789abcde "
	              ".urna-tmp-0123456789abcdeF .urna-tmp-0123456789abcdef "
	              ".urna-tmp-0123456789abcdef0 .urna-x/ a sub/ ");
	assert_listed(writer, "",
	              ".urna- .urna-evil .urna-lockx .urna-tmp-0123456789abcde "
	              ".urna-tmp-0123456789abcdeF .urna-tmp-0123456789abcdef0 .urna-x/ a sub/ ");
	assert_listed(reader, "sub",
	              ".urna- .urna-evil .urna-lock .urna-lockx .urna-tmp-0123456789abcde "
	              ".urna-tmp-0123456789abcdeF .urna-tmp-0123456789abcdef "
	              ".urna-tmp-0123456789abcdef0 a ");
	assert_listed(writer, "sub",
	              ".urna- .urna-evil .urna-lockx .urna-tmp-0123456789abcde "
	              ".urna-tmp-0123456789abcdeF .urna-tmp-0123456789abcdef0 a ");
	disk_folder_close(reader);
	disk_folder_close(writer);
}

static void cleaning_follows_no_link(void **state)
{
	(void)state;
	assert_int_equal(mkdir(sandbox_path("outside"), 0700), 0);
	assert_int_equal(mkdir(sandbox_path("folder"), 0700), 0);
	disk_put("outside/.urna-tmp-0123456789abcdef", "not below the folder");
	assert_int_equal(symlink("../outside", sandbox_path("folder/link")), 0);
	disk_folder_close(open_folder("folder", DISK_WRITE));
	assert_int_equal(disk_entries("outside"), 1);
}

static void writers_in_many_processes_never_mix(void **state)
{
	(void)state;
	enum { WRITERS = 6, ROUNDS = 30 };
	pid_t pids[WRITERS];
	for (unsigned w = 0; w < WRITERS; w++) {
		pids[w] = fork();
		assert_true(pids[w] >= 0);
		if (pids[w] == 0) {
			uint8_t content[3000];
			memset(content, 'a' + (int)w, sizeof content);
			bool ok = true;
			for (unsigned i = 0; ok && i < ROUNDS; i++) {
				struct folder *f; /* every opening cleans: nobody's work may be lost */
				ok = disk_folder_open(&f, sandbox_path(""), DISK_WRITE, NULL) &&
				     folder_write(f, "shared", true, BYTES_OF(content), NULL);
				disk_folder_close(f);
			}
			_exit(ok ? 0 : 1);
		}
	}
	for (unsigned w = 0; w < WRITERS; w++) {
		int status;
		assert_int_equal(waitpid(pids[w], &status, 0), pids[w]);
		assert_int_equal(status, 0);
	}
	const char *content = disk_get("shared");
	assert_int_equal(strlen(content), 3000);
	assert_int_equal(strspn(content, (const char[]){content[0], '\0'}), 3000);
	assert_int_equal(disk_entries(""), 1);
}

/* Root may read everything: a child gives that up first. */
static void open_forbidden(struct folder *f)
{
	struct source *source;
	if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
		_exit(1);
	error_clear(&err);
	if (f->open(f, "file", &source, &err) || err.kind != ERROR_IO)
		_exit(2);
	_exit(strstr(err.detail, "/file: Permission denied") ? 0 : 3);
}

static void permission_is_an_io_error_in_the_systems_words(void **state)
{
	(void)state;
	int status;
	disk_put("file", "x");
	assert_int_equal(chmod(sandbox_path("file"), 0), 0);
	assert_int_equal(chmod(sandbox_path(""), 0755), 0);
	struct folder *f = open_folder("", DISK_WRITE);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		open_forbidden(f);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	disk_folder_close(f);
}

/* A file system of 1 MB, or a counted skip where mounting is not allowed. */
static void mount_small(void)
{
	assert_int_equal(mkdir(sandbox_path("small"), 0700), 0);
	if (mount("none", sandbox_path("small"), "tmpfs", MS_NOSUID | MS_NODEV, "size=1m") != 0) {
		print_message("skipped: no tmpfs can be mounted here: %s\n", strerror(errno));
		skip();
	}
}

static void a_full_disk_is_an_io_error_and_leaves_the_old_content(void **state)
{
	(void)state;
	mount_small();
	struct folder *f = open_folder("small", DISK_WRITE);
	struct sink *sink;
	static uint8_t block[64 << 10];
	bool ok = true;
	assert_ok(folder_write(f, "file", true, BYTES_LITERAL("old"), &err), err);
	assert_ok(folder_write(f, "ballast", true, BYTES_OF(block), &err), err);
	assert_ok(f->create(f, "file", true, &sink, &err), err);
	error_clear(&err);
	for (unsigned i = 0; ok && i < 64; i++)
		ok = sink_append(sink, bytes_of(block, 30000), &err);
	assert_false(ok);
	assert_int_equal(err.kind, ERROR_IO);
	assert_non_null(strstr(err.detail, "small/file: No space left on device"));
	/* What failed once has a gap: it is not committed, though there is room again. */
	assert_ok(f->remove(f, "ballast", &err), err);
	assert_fails(sink_append(sink, BYTES_LITERAL("x"), &err), err, ERROR_IO);
	assert_fails(sink_commit(sink, &err), err, ERROR_IO);
	assert_string_equal(disk_get("small/file"), "old");
	assert_int_equal(disk_entries("small"), 1);
	/* The last buffer is written by commit: it fails there as well. */
	assert_ok(f->create(f, "file", true, &sink, &err), err);
	for (unsigned i = 0; i < 16; i++)
		assert_ok(sink_append(sink, BYTES_OF(block), &err), err);
	assert_fails(sink_commit(sink, &err), err, ERROR_IO);
	assert_string_equal(disk_get("small/file"), "old");
	assert_int_equal(disk_entries("small"), 1);
	disk_folder_close(f);
	assert_int_equal(umount2(sandbox_path("small"), MNT_DETACH), 0);
}

#define SANDBOXED(test) cmocka_unit_test_setup_teardown(test, sandbox_make, sandbox_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SANDBOXED(links_below_the_folder_are_refused),
		SANDBOXED(pipes_are_refused_without_waiting),
		SANDBOXED(the_folder_itself_is_opened_as_asked),
		SANDBOXED(a_file_that_becomes_shorter_is_an_io_error),
		SANDBOXED(a_file_that_changes_behind_the_buffer_is_noticed_at_the_end),
		SANDBOXED(every_sign_of_a_change_is_noticed),
		SANDBOXED(a_killed_writer_leaves_the_old_content),
		SANDBOXED(a_writer_at_work_is_not_cleaned_away),
		SANDBOXED(a_folder_without_a_file_is_not_listed),
		SANDBOXED(a_reader_sees_every_name_and_a_writer_all_but_lock_and_temporary_files),
		SANDBOXED(cleaning_follows_no_link),
		SANDBOXED(writers_in_many_processes_never_mix),
		SANDBOXED(permission_is_an_io_error_in_the_systems_words),
		SANDBOXED(a_full_disk_is_an_io_error_and_leaves_the_old_content),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
