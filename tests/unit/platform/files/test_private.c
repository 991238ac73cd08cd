/* SPDX-License-Identifier: Apache-2.0 */
/* Folders of secrets: nobody else gets in, and nobody else could read what lies there. */
#include "support/support.h"

#include "sandbox.h"

#include "files/disk_folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static struct error err;
static mode_t umask_before;

static int begin(void **state)
{
	umask_before = umask(022);
	return sandbox_make(state);
}

static int end(void **state)
{
	umask(umask_before);
	return sandbox_remove(state);
}

static unsigned mode_of(const char *below)
{
	struct stat st;
	assert_int_equal(stat(sandbox_path(below), &st), 0);
	return st.st_mode & 07777;
}

/* Of the one file in a folder, whatever its name. */
static unsigned mode_inside(const char *below)
{
	char path[320];
	unsigned mode = 0;
	struct dirent *e;
	assert_int_equal(disk_entries(below), 1);
	DIR *d = opendir(sandbox_path(below));
	assert_non_null(d);
	while ((e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
			snprintf(path, sizeof path, "%s/%s", below, e->d_name);
			mode = mode_of(path);
		}
	closedir(d);
	return mode;
}

static const enum disk_access both[] = {DISK_PRIVATE, DISK_MAKE_PRIVATE};

static void a_folder_others_may_enter_or_read_is_refused(void **state)
{
	(void)state;
	static const mode_t open_modes[] = {0755, 0750, 0701, 0710, 0704, 0740, 0702, 0720, 0777};
	assert_int_equal(mkdir(sandbox_path("home"), 0700), 0);
	disk_put("home/.urna-tmp-0123456789abcdef", "not ours to remove");
	for (size_t i = 0; i < sizeof open_modes / sizeof open_modes[0]; i++) {
		assert_int_equal(chmod(sandbox_path("home"), open_modes[i]), 0);
		for (size_t k = 0; k < 2; k++) {
			struct folder *f;
			assert_fails(disk_folder_open(&f, sandbox_path("home"), both[k], &err), err,
			             ERROR_REJECTED);
			assert_null(f);
			assert_non_null(strstr(err.what, "chmod 700"));
			assert_string_equal(err.detail, sandbox_path("home"));
		}
		/* Refused, not repaired: what lay open was perhaps read already. */
		assert_int_equal(mode_of("home"), open_modes[i]);
		assert_int_equal(disk_entries("home"), 1);
	}
	/* What holds no secrets may be open. */
	struct folder *f;
	assert_ok(disk_folder_open(&f, sandbox_path("home"), DISK_WRITE, &err), err);
	disk_folder_close(f);
}

static void a_folder_of_ones_own_is_accepted(void **state)
{
	(void)state;
	static const mode_t closed_modes[] = {0700, 0500};
	assert_int_equal(mkdir(sandbox_path("home"), 0700), 0);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(chmod(sandbox_path("home"), closed_modes[i]), 0);
		for (size_t k = 0; k < 2; k++) {
			struct folder *f;
			assert_ok(disk_folder_open(&f, sandbox_path("home"), both[k], &err), err);
			disk_folder_close(f);
		}
	}
}

static void somebody_elses_folder_is_refused(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		print_message("skipped: only root can give a folder away\n");
		skip();
	}
	struct folder *f;
	assert_int_equal(mkdir(sandbox_path("home"), 0700), 0);
	assert_int_equal(chown(sandbox_path("home"), 65534, (gid_t)-1), 0);
	assert_fails(disk_folder_open(&f, sandbox_path("home"), DISK_PRIVATE, &err), err,
	             ERROR_REJECTED);
	assert_fails(disk_folder_open(&f, sandbox_path("home"), DISK_MAKE_PRIVATE, &err), err,
	             ERROR_REJECTED);
}

static void only_making_makes_it(void **state)
{
	(void)state;
	struct folder *f;
	assert_fails(disk_folder_open(&f, sandbox_path("home"), DISK_PRIVATE, &err), err,
	             ERROR_MALFORMED);
	disk_put("file", "x");
	assert_fails(disk_folder_open(&f, sandbox_path("file"), DISK_PRIVATE, &err), err,
	             ERROR_MALFORMED);
	assert_null(disk_get("home"));
}

static void what_is_made_is_for_the_owner_alone_whatever_the_umask(void **state)
{
	(void)state;
	static const mode_t masks[] = {0, 02, 022, 027, 077};
	for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
		char home[16] = "home0", path[64];
		struct folder *f;
		home[4] = (char)('0' + i);
		umask(masks[i]);
		assert_ok(disk_folder_open(&f, sandbox_path(home), DISK_MAKE_PRIVATE, &err), err);
		assert_int_equal(mode_of(home), 0700);
		assert_ok(folder_write(f, "key", false, BYTES_LITERAL("secret"), &err), err);
		assert_ok(folder_write(f, "sub/deep/key", false, BYTES_LITERAL("secret"), &err), err);
		disk_folder_close(f);
		assert_ok(disk_folder_open(&f, sandbox_path(home), DISK_PRIVATE, &err), err);
		assert_ok(folder_write(f, "key", true, BYTES_LITERAL("newer"), &err), err);
		assert_ok(folder_write(f, "other/key", false, BYTES_LITERAL("secret"), &err), err);
		/* While it is being written as well. */
		struct sink *sink;
		assert_ok(f->create(f, "open/key", false, &sink, &err), err);
		snprintf(path, sizeof path, "%s/open", home);
		assert_int_equal(mode_inside(path), 0600);
		sink_abort(sink);
		disk_folder_close(f);
		static const struct {
			const char *path;
			unsigned mode;
		} made[] = {{"key", 0600},  {"sub", 0700},          {"sub/deep", 0700}, {"other", 0700},
		            {"open", 0700}, {"sub/deep/key", 0600}, {"other/key", 0600}};
		for (size_t k = 0; k < sizeof made / sizeof made[0]; k++) {
			snprintf(path, sizeof path, "%s/%s", home, made[k].path);
			assert_int_equal(mode_of(path), made[k].mode);
		}
	}
}

#define SANDBOXED(test) cmocka_unit_test_setup_teardown(test, begin, end)

/* Through a second link: what the file was. */
static void an_erased_file_has_no_bytes_left_under_any_name(void **state)
{
	(void)state;
	struct folder *f;
	uint8_t secret[9000], room[9001];
	bytes left;
	error_clear(&err);
	memset(secret, 's', sizeof secret);
	assert_ok(disk_folder_open(&f, sandbox_path("p"), DISK_MAKE_PRIVATE, &err), err);
	assert_ok(folder_write(f, "secret", false, BYTES_OF(secret), &err), err);
	assert_int_equal(link(sandbox_path("p/secret"), sandbox_path("p/link")), 0);
	assert_ok(disk_folder_erase(f, "secret", &err), err);
	assert_false(f->exists(f, "secret"));
	assert_ok(folder_read(f, "link", room, sizeof room, &left, &err), err);
	assert_int_equal(left.len, sizeof secret);
	for (size_t i = 0; i < left.len; i++)
		assert_int_equal(left.p[i], 0);
	assert_ok(disk_folder_erase(f, "secret", &err), err); /* absent is fine */
	assert_ok(disk_folder_erase(f, "none/secret", &err), err);
	disk_folder_close(f);
}

static void a_folder_of_a_descriptor_is_the_same_and_as_strict(void **state)
{
	(void)state;
	struct folder *f, *again;
	error_clear(&err);
	assert_ok(disk_folder_open(&f, sandbox_path("p"), DISK_MAKE_PRIVATE, &err), err);
	assert_ok(folder_write(f, "a", false, BYTES_LITERAL("b"), &err), err);
	int fd = disk_folder_descriptor(f);
	assert_ok(disk_folder_of(&again, fd, "its name", DISK_PRIVATE, &err), err);
	assert_true(again->exists(again, "a"));
	assert_string_equal(again->name, "its name");
	disk_folder_close(again);
	assert_ok(disk_folder_of(&again, fd, "its name", DISK_READ, &err), err);
	assert_fails(folder_write(again, "c", false, BYTES_LITERAL("b"), &err), err, ERROR_CONFLICT);
	disk_folder_close(again);
	assert_int_equal(chmod(sandbox_path("p"), 0755), 0);
	assert_fails(disk_folder_of(&again, fd, "its name", DISK_PRIVATE, &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.detail, "its name"));
	disk_folder_close(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SANDBOXED(a_folder_others_may_enter_or_read_is_refused),
		SANDBOXED(a_folder_of_ones_own_is_accepted),
		SANDBOXED(somebody_elses_folder_is_refused),
		SANDBOXED(only_making_makes_it),
		SANDBOXED(what_is_made_is_for_the_owner_alone_whatever_the_umask),
		SANDBOXED(an_erased_file_has_no_bytes_left_under_any_name),
		SANDBOXED(a_folder_of_a_descriptor_is_the_same_and_as_strict),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
