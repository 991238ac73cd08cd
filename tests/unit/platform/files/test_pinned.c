/* SPDX-License-Identifier: Apache-2.0 */
/* What was read or written once is what is read later, whatever others do to the folder. */
#include "support/support.h"

#include "sandbox.h"

#include "files/disk_folder.h"
#include "files/pinned_folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static struct error err;
static struct folder *below, *pinned;

static int begin(void **state)
{
	if (sandbox_make(state) != 0)
		return 1;
	assert_int_equal(mkdir(sandbox_path("private"), 0700), 0);
	assert_int_equal(mkdir(sandbox_path("shared"), 0700), 0);
	assert_ok(disk_folder_open(&below, sandbox_path("shared"), DISK_WRITE, &err), err);
	assert_ok(pinned_folder_new(&pinned, below, sandbox_path("private"), &err), err);
	return 0;
}

static void a_pinned_folder_is_told_from_others(void **state)
{
	(void)state;
	assert_true(pinned_folder_is(pinned));
	assert_false(pinned_folder_is(below));
}

/* Whatever a test did: no name of ours is in the private folder, during and after. */
static int end(void **state)
{
	assert_int_equal(disk_entries("private"), 0);
	pinned_folder_free(pinned);
	disk_folder_close(below);
	assert_int_equal(disk_entries("private"), 0);
	return sandbox_remove(state);
}

/* As another process can: the old file's bytes are changed, and a new one takes its name. */
static void exchange(const char *path, const char *content)
{
	disk_put(path, content);
	assert_int_equal(rename(sandbox_path(path), sandbox_path("aside")), 0);
	disk_put(path, content);
	assert_int_equal(unlink(sandbox_path("aside")), 0);
}

static void assert_content(struct folder *f, const char *path, const char *expected)
{
	uint8_t room[256];
	bytes got;
	assert_ok(folder_read(f, path, room, sizeof room, &got, &err), err);
	assert_true(bytes_equal(got, bytes_of_text(expected)));
}

static void assert_next(struct source *s, size_t want, const char *expected)
{
	bytes got;
	assert_ok(source_next(s, want, &got, &err), err);
	assert_true(bytes_equal(got, bytes_of_text(expected)));
}

static void a_file_exchanged_after_its_first_read_keeps_its_bytes(void **state)
{
	(void)state;
	disk_put("shared/a", "checked");
	disk_put("shared/b", "another");
	assert_content(pinned, "a", "checked");
	assert_content(pinned, "b", "another");
	exchange("shared/a", "something else, and longer");
	assert_content(pinned, "a", "checked");
	assert_content(pinned, "b", "another");
	assert_content(below, "a", "something else, and longer");
	assert_int_equal(unlink(sandbox_path("shared/a")), 0);
	assert_content(pinned, "a", "checked");
	assert_true(pinned->exists(pinned, "a"));
	/* Only the name is bound: what was never read is as it is below. */
	exchange("shared/c", "new");
	assert_content(pinned, "c", "new");
}

static void a_name_that_is_forgotten_is_read_again(void **state)
{
	(void)state;
	struct source *s;
	disk_put("shared/a", "first");
	disk_put("shared/b", "kept");
	assert_content(pinned, "a", "first");
	assert_content(pinned, "b", "kept");
	assert_ok(pinned->open(pinned, "a", &s, &err), err);
	exchange("shared/a", "second");
	exchange("shared/b", "changed");
	pinned_folder_forget(pinned, "a");
	pinned_folder_forget(pinned, "never read");
	assert_content(pinned, "a", "second");
	assert_content(pinned, "b", "kept");
	assert_next(s, 100, "first"); /* who has it open keeps it */
	source_close(s);
	assert_ok(folder_write(pinned, "own", false, BYTES_LITERAL("mine"), &err), err);
	exchange("shared/own", "theirs");
	pinned_folder_forget(pinned, "own");
	assert_content(pinned, "own", "theirs");
}

static void opening_alone_binds_the_bytes(void **state)
{
	(void)state;
	struct source *s;
	disk_put("shared/a", "checked");
	assert_ok(pinned->open(pinned, "a", &s, &err), err);
	exchange("shared/a", "exchanged");
	assert_int_equal(s->size, 7);
	assert_string_equal(s->name, "a");
	assert_next(s, 100, "checked");
	source_close(s);
}

static void rewinding_gives_the_same_bytes_again(void **state)
{
	(void)state;
	struct source *s;
	disk_put("shared/a", "0123456789");
	assert_ok(pinned->open(pinned, "a", &s, &err), err);
	assert_next(s, 4, "0123");
	exchange("shared/a", "abcdefghij");
	assert_next(s, 4, "4567");
	assert_ok(source_rewind(s, &err), err);
	assert_next(s, 10, "0123456789");
	assert_next(s, 10, "");
	assert_next(s, 10, "");
	source_close(s);
}

static void two_sources_of_one_file_do_not_move_each_other(void **state)
{
	(void)state;
	struct source *a, *b, *other;
	disk_put("shared/a", "0123456789");
	disk_put("shared/other", "abcdefghij");
	assert_ok(pinned->open(pinned, "a", &a, &err), err);
	assert_next(a, 3, "012");
	exchange("shared/a", "XXXXXXXXXX");
	assert_ok(pinned->open(pinned, "a", &b, &err), err);
	assert_ok(pinned->open(pinned, "other", &other, &err), err);
	assert_next(b, 5, "01234");
	assert_next(other, 2, "ab");
	assert_next(a, 3, "345");
	assert_ok(source_rewind(a, &err), err);
	assert_next(b, 9, "56789");
	assert_next(a, 1, "0");
	assert_next(other, 9, "cdefghij");
	source_close(b);
	assert_next(a, 9, "123456789");
	source_close(a);
	source_close(other);
}

static void a_file_written_through_it_is_served_as_written(void **state)
{
	(void)state;
	struct sink *sink;
	assert_ok(pinned->create(pinned, "sub/a", false, &sink, &err), err);
	assert_string_equal(sink->name, "sub/a");
	assert_ok(sink_append(sink, BYTES_LITERAL("as "), &err), err);
	assert_ok(sink_append(sink, BYTES_NONE, &err), err);
	assert_ok(sink_append(sink, BYTES_LITERAL("written"), &err), err);
	assert_false(pinned->exists(pinned, "sub/a"));
	assert_ok(sink_commit(sink, &err), err);
	assert_string_equal(disk_get("shared/sub/a"), "as written");
	exchange("shared/sub/a", "exchanged");
	assert_content(pinned, "sub/a", "as written");
	assert_int_equal(unlink(sandbox_path("shared/sub/a")), 0);
	assert_content(pinned, "sub/a", "as written");
}

static void replacing_gives_the_new_bytes_and_leaves_open_sources_the_old(void **state)
{
	(void)state;
	struct source *s;
	for (unsigned round = 0; round < 3; round++) { /* copied, then written, then written again */
		const char *old = round ? (round == 1 ? "second" : "third") : "first";
		const char *new = round ? (round == 1 ? "third" : "fourth") : "second";
		if (round == 0)
			disk_put("shared/a", old);
		assert_ok(pinned->open(pinned, "a", &s, &err), err);
		assert_ok(folder_write(pinned, "a", true, bytes_of_text(new), &err), err);
		exchange("shared/a", "exchanged");
		assert_next(s, 100, old);
		source_close(s);
		assert_content(pinned, "a", new);
	}
}

static void an_existing_name_is_a_conflict_and_nothing_changes(void **state)
{
	(void)state;
	struct sink *sink;
	disk_put("shared/a", "theirs");
	assert_ok(pinned->create(pinned, "a", false, &sink, &err), err);
	assert_ok(sink_append(sink, BYTES_LITERAL("mine"), &err), err);
	assert_fails(sink_commit(sink, &err), err, ERROR_CONFLICT);
	assert_non_null(strstr(err.detail, "shared/a"));
	assert_string_equal(disk_get("shared/a"), "theirs");
	assert_int_equal(disk_entries("shared"), 1);
	assert_content(pinned, "a", "theirs");
	/* Also when it was read before. */
	assert_fails(folder_write(pinned, "a", false, BYTES_LITERAL("mine"), &err), err,
	             ERROR_CONFLICT);
	assert_content(pinned, "a", "theirs");
}

static void an_aborted_file_leaves_nothing(void **state)
{
	(void)state;
	struct sink *sink;
	struct source *s;
	assert_ok(pinned->create(pinned, "a", false, &sink, &err), err);
	assert_ok(sink_append(sink, BYTES_LITERAL("half"), &err), err);
	sink_abort(sink);
	assert_int_equal(disk_entries("shared"), 0);
	assert_false(pinned->exists(pinned, "a"));
	assert_fails(pinned->open(pinned, "a", &s, &err), err, ERROR_MALFORMED);
	disk_put("shared/a", "theirs");
	assert_content(pinned, "a", "theirs");
	/* An aborted replacement leaves what was bound before. */
	assert_ok(pinned->create(pinned, "a", true, &sink, &err), err);
	assert_ok(sink_append(sink, BYTES_LITERAL("half"), &err), err);
	sink_abort(sink);
	exchange("shared/a", "exchanged");
	assert_content(pinned, "a", "theirs");
}

static void a_removed_file_is_forgotten(void **state)
{
	(void)state;
	struct source *s, *open;
	for (unsigned written = 0; written < 2; written++) {
		if (written)
			assert_ok(folder_write(pinned, "a", false, BYTES_LITERAL("first"), &err), err);
		else
			disk_put("shared/a", "first");
		assert_content(pinned, "a", "first");
		assert_ok(pinned->open(pinned, "a", &open, &err), err);
		assert_ok(pinned->remove(pinned, "a", &err), err);
		assert_false(pinned->exists(pinned, "a"));
		assert_null(disk_get("shared/a"));
		assert_fails(pinned->open(pinned, "a", &s, &err), err, ERROR_MALFORMED);
		assert_ok(pinned->remove(pinned, "a", &err), err);
		disk_put("shared/a", "second");
		assert_content(pinned, "a", "second");
		assert_next(open, 100, "first");
		source_close(open);
		assert_ok(pinned->remove(pinned, "a", &err), err);
	}
}

static void forgetting_one_file_keeps_the_others(void **state)
{
	(void)state;
	enum { FILES = 200 }; /* beyond the first room for pins */
	for (unsigned i = 0; i < FILES; i++) {
		char below_path[32];
		snprintf(below_path, sizeof below_path, "shared/f%u", i);
		const char *path = below_path + 7;
		if (i % 3)
			disk_put(below_path, path);
		else
			assert_ok(folder_write(pinned, path, false, bytes_of_text(path), &err), err);
		assert_content(pinned, path, path);
		exchange(below_path, "exchanged");
		if (i % 5 == 0)
			assert_ok(pinned->remove(pinned, path, &err), err);
	}
	for (unsigned i = 0; i < FILES; i++) {
		char path[16];
		snprintf(path, sizeof path, "f%u", i);
		assert_int_equal(pinned->exists(pinned, path), i % 5 != 0);
		if (i % 5)
			assert_content(pinned, path, path);
	}
}

struct listing {
	char names[64];
};

static bool note(void *ctx, const struct folder_entry *e, struct error *e2)
{
	(void)e2;
	struct listing *l = ctx;
	strcat(l->names, e->name);
	strcat(l->names, e->is_folder ? "/ " : " ");
	return true;
}

static void listing_and_existence_are_those_below_until_read(void **state)
{
	(void)state;
	struct listing l = {""};
	assert_false(pinned->exists(pinned, "a"));
	disk_put("shared/a", "x");
	assert_true(pinned->exists(pinned, "a"));
	assert_int_equal(unlink(sandbox_path("shared/a")), 0);
	assert_false(pinned->exists(pinned, "a"));
	disk_put("shared/b", "x");
	assert_int_equal(mkdir(sandbox_path("shared/s"), 0700), 0);
	assert_content(pinned, "b", "x");
	assert_ok(folder_write(pinned, "s/c", false, BYTES_LITERAL("x"), &err), err);
	disk_put("shared/d", "x");
	assert_int_equal(unlink(sandbox_path("shared/b")), 0);
	assert_ok(pinned->list(pinned, "", note, &l, &err), err);
	assert_string_equal(l.names, "d s/ ");
	l.names[0] = '\0';
	assert_ok(pinned->list(pinned, "s", note, &l, &err), err);
	assert_string_equal(l.names, "c ");
	assert_string_equal(pinned->name, below->name);
}

/* Twice, in pieces up to the largest. */
static void read_oddly(const char *path, const uint8_t *content, size_t len)
{
	static const size_t wants[] = {1, SOURCE_WANT_MAX, 4097,
	                               3, (1u << 20) + 1,  SOURCE_WANT_MAX - 1};
	struct source *s;
	assert_ok(pinned->open(pinned, path, &s, &err), err);
	assert_int_equal(s->size, len);
	for (unsigned pass = 0; pass < 2; pass++) {
		bytes got;
		size_t at = 0;
		for (unsigned i = 0; at < len; i++) {
			size_t want = wants[i % (sizeof wants / sizeof wants[0])];
			assert_ok(source_next(s, want, &got, &err), err);
			assert_int_equal(got.len, want < len - at ? want : len - at);
			assert_memory_equal(got.p, content + at, got.len);
			at += got.len;
		}
		assert_ok(source_next(s, 7, &got, &err), err);
		assert_int_equal(got.len, 0);
		assert_ok(source_rewind(s, &err), err);
	}
	source_close(s);
}

static void large_files_come_in_any_pieces(void **state)
{
	(void)state;
	const size_t len = 2 * SOURCE_WANT_MAX + 12345;
	uint8_t *content = malloc(len);
	assert_non_null(content);
	assert_ok(rng_fill(test_rng(), content, len, &err), err);
	disk_put("shared/small", "small");
	assert_content(pinned, "small", "small"); /* the next copy does not begin at 0 */
	assert_ok(folder_write(below, "read", false, bytes_of(content, len), &err), err);
	struct source *s;
	assert_ok(pinned->open(pinned, "read", &s, &err), err);
	source_close(s);
	exchange("shared/read", "exchanged");
	read_oddly("read", content, len);
	struct sink *sink;
	assert_ok(pinned->create(pinned, "written", false, &sink, &err), err);
	for (size_t at = 0, n; at < len; at += n) {
		n = 1 + (size_t)test_random_below(3u << 20);
		n = n < len - at ? n : len - at;
		assert_ok(sink_append(sink, bytes_of(content + at, n), &err), err);
	}
	assert_ok(sink_commit(sink, &err), err);
	exchange("shared/written", "exchanged");
	read_oddly("written", content, len);
	free(content);
}

static void an_empty_file_is_bound_too(void **state)
{
	(void)state;
	struct source *s;
	disk_put("shared/a", "");
	assert_content(pinned, "a", "");
	assert_ok(folder_write(pinned, "b", false, BYTES_NONE, &err), err);
	exchange("shared/a", "more");
	exchange("shared/b", "more");
	assert_content(pinned, "a", "");
	assert_content(pinned, "b", "");
	assert_ok(pinned->open(pinned, "a", &s, &err), err);
	assert_next(s, 1, "");
	source_close(s);
}

static void a_missing_file_is_malformed_and_named(void **state)
{
	(void)state;
	struct source *s;
	struct sink *sink;
	assert_fails(pinned->open(pinned, "sub/none", &s, &err), err, ERROR_MALFORMED);
	assert_non_null(strstr(err.what, "missing"));
	assert_non_null(strstr(err.detail, "shared/sub/none"));
	/* Not remembered as missing. */
	assert_int_equal(mkdir(sandbox_path("shared/sub"), 0700), 0);
	disk_put("shared/sub/none", "now");
	assert_content(pinned, "sub/none", "now");
	assert_fails(pinned->open(pinned, "../shared/sub/none", &s, &err), err, ERROR_MALFORMED);
	assert_fails(pinned->create(pinned, "../x", true, &sink, &err), err, ERROR_MALFORMED);
}

static void without_its_private_folder_it_cannot_begin(void **state)
{
	(void)state;
	struct folder *f;
	assert_fails(pinned_folder_new(&f, below, sandbox_path("none"), &err), err, ERROR_IO);
	assert_non_null(strstr(err.detail, "/none: No such file"));
	disk_put("file", "x");
	assert_fails(pinned_folder_new(&f, below, sandbox_path("file"), &err), err, ERROR_IO);
	pinned_folder_free(NULL);
}

static void a_private_folder_that_disappears_is_an_io_error_of_the_next_writing(void **state)
{
	(void)state;
	struct folder *f;
	struct sink *sink;
	assert_int_equal(mkdir(sandbox_path("gone"), 0700), 0);
	assert_ok(pinned_folder_new(&f, below, sandbox_path("gone"), &err), err);
	assert_int_equal(rmdir(sandbox_path("gone")), 0);
	assert_fails(f->create(f, "a", false, &sink, &err), err, ERROR_IO);
	assert_int_equal(disk_entries("shared"), 0);
	pinned_folder_free(f);
}

/* A private file system of 1 MB, or a counted skip where mounting is not allowed. */
static void a_full_private_disk_is_an_io_error_and_nothing_is_committed(void **state)
{
	(void)state;
	struct folder *f;
	struct sink *sink;
	struct source *s;
	static uint8_t block[600 << 10];
	assert_int_equal(mkdir(sandbox_path("small"), 0700), 0);
	if (mount("none", sandbox_path("small"), "tmpfs", MS_NOSUID | MS_NODEV, "size=1m") != 0) {
		print_message("skipped: no tmpfs can be mounted here: %s\n", strerror(errno));
		skip();
	}
	assert_ok(pinned_folder_new(&f, below, sandbox_path("small"), &err), err);
	disk_put("shared/ballast", "");
	assert_int_equal(truncate(sandbox_path("shared/ballast"), sizeof block), 0);
	assert_ok(f->open(f, "ballast", &s, &err), err);
	source_close(s);
	assert_ok(f->create(f, "a", false, &sink, &err), err);
	assert_ok(sink_append(sink, BYTES_LITERAL("first"), &err), err);
	assert_fails(sink_append(sink, BYTES_OF(block), &err), err, ERROR_IO);
	assert_non_null(strstr(err.detail, "a: No space left on device"));
	assert_fails(sink_append(sink, BYTES_LITERAL("x"), &err), err, ERROR_IO);
	assert_fails(sink_commit(sink, &err), err, ERROR_IO);
	assert_int_equal(disk_entries("shared"), 1);
	assert_false(f->exists(f, "a"));
	disk_put("shared/more", "");
	assert_int_equal(truncate(sandbox_path("shared/more"), sizeof block), 0);
	assert_fails(f->open(f, "more", &s, &err), err, ERROR_IO);
	assert_non_null(strstr(err.detail, "shared/more: No space left on device"));
	assert_int_equal(disk_entries("small"), 0);
	pinned_folder_free(f);
	assert_int_equal(umount2(sandbox_path("small"), MNT_DETACH), 0);
}

#define PINNED(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PINNED(a_pinned_folder_is_told_from_others),
		PINNED(a_file_exchanged_after_its_first_read_keeps_its_bytes),
		PINNED(a_name_that_is_forgotten_is_read_again),
		PINNED(opening_alone_binds_the_bytes),
		PINNED(rewinding_gives_the_same_bytes_again),
		PINNED(two_sources_of_one_file_do_not_move_each_other),
		PINNED(a_file_written_through_it_is_served_as_written),
		PINNED(replacing_gives_the_new_bytes_and_leaves_open_sources_the_old),
		PINNED(an_existing_name_is_a_conflict_and_nothing_changes),
		PINNED(an_aborted_file_leaves_nothing),
		PINNED(a_removed_file_is_forgotten),
		PINNED(forgetting_one_file_keeps_the_others),
		PINNED(listing_and_existence_are_those_below_until_read),
		PINNED(large_files_come_in_any_pieces),
		PINNED(an_empty_file_is_bound_too),
		PINNED(a_missing_file_is_malformed_and_named),
		PINNED(without_its_private_folder_it_cannot_begin),
		PINNED(a_private_folder_that_disappears_is_an_io_error_of_the_next_writing),
		PINNED(a_full_private_disk_is_an_io_error_and_nothing_is_committed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
