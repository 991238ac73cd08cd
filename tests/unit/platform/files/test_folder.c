/* SPDX-License-Identifier: Apache-2.0 */
/* What holds for every struct folder: each test runs on disk and in memory. */
#include "support/support.h"

#include "sandbox.h"

#include "files/disk_folder.h"
#include "files/memory_folder.h"

#include <stdio.h>
#include <stdlib.h>

static struct error err;

static struct folder *disk(void)
{
	struct folder *f;
	assert_ok(disk_folder_open(&f, sandbox_path(""), DISK_WRITE, &err), err);
	return f;
}

static struct folder *memory(void)
{
	struct folder *f;
	assert_ok(memory_folder_new(&f, "memory", 64u << 20, &err), err);
	return f;
}

static void on_both(void (*test)(struct folder *))
{
	struct folder *f = disk();
	test(f);
	disk_folder_close(f);
	f = memory();
	test(f);
	memory_folder_free(f);
}

static void put(struct folder *f, const char *path, bytes content)
{
	assert_ok(folder_write(f, path, true, content, &err), err);
}

static void assert_content(struct folder *f, const char *path, bytes expected)
{
	static uint8_t room[1 << 16];
	bytes got;
	assert_ok(folder_read(f, path, room, sizeof room, &got, &err), err);
	assert_true(bytes_equal(got, expected));
}

static void write_and_read(struct folder *f)
{
	put(f, "a", BYTES_LITERAL("one"));
	put(f, "x/y/z.bt", BYTES_LITERAL("two"));
	put(f, "empty", BYTES_NONE);
	assert_content(f, "a", BYTES_LITERAL("one"));
	assert_content(f, "x/y/z.bt", BYTES_LITERAL("two"));
	assert_content(f, "empty", BYTES_NONE);
	assert_true(f->exists(f, "a") && f->exists(f, "x/y/z.bt") && f->exists(f, "empty"));
	assert_false(f->exists(f, "x") || f->exists(f, "b") || f->exists(f, "x/b/c"));
	assert_false(f->exists(f, "../x") || f->exists(f, ""));
}

static void what_is_written_is_read_back(void **state)
{
	(void)state;
	on_both(write_and_read);
}

/* Appends of random lengths, read back in random pieces, twice. */
static void stream(struct folder *f)
{
	size_t len = 9u << 20;
	uint8_t *content = malloc(len);
	struct sink *sink;
	struct source *source;
	assert_non_null(content);
	assert_ok(rng_fill(test_rng(), content, len, &err), err);
	assert_ok(f->create(f, "big", false, &sink, &err), err);
	for (size_t at = 0; at < len;) {
		uint64_t most = test_random_below(4) ? 5000 : 3u << 20;
		size_t n = (size_t)test_random_below(most);
		n = n < len - at ? n : len - at;
		assert_ok(sink_append(sink, bytes_of(content + at, n), &err), err);
		at += n;
	}
	assert_false(f->exists(f, "big"));
	assert_ok(sink_commit(sink, &err), err);
	assert_ok(f->open(f, "big", &source, &err), err);
	assert_string_equal(source->name, "big");
	assert_int_equal(source->size, len);
	for (unsigned pass = 0; pass < 2; pass++) {
		bytes got;
		size_t at = 0;
		while (at < len) {
			uint64_t most = test_random_below(4) ? 5000 : SOURCE_WANT_MAX;
			size_t want = 1 + (size_t)test_random_below(most);
			assert_ok(source_next(source, want, &got, &err), err);
			assert_int_equal(got.len, want < len - at ? want : len - at);
			assert_memory_equal(got.p, content + at, got.len);
			at += got.len;
		}
		assert_ok(source_next(source, 1, &got, &err), err);
		assert_int_equal(got.len, 0);
		assert_ok(source_rewind(source, &err), err);
	}
	source_close(source);
	free(content);
}

static void large_files_stream_in_any_pieces(void **state)
{
	(void)state;
	on_both(stream);
}

static void refuse_names(struct folder *f)
{
	static const char *const bad[] = {
		"",          ".",     "..",         "/",
		"/a",        "a/",    "a//b",       "a/../b",
		"../a",      "a/./b", "a/..",       "a\nb",
		"a\x7f",     "\x01",  ".urna-lock", ".urna-tmp-0123456789abcdef",
		"x/.urna-y",
	};
	char long_name[300];
	memset(long_name, 'n', 256);
	long_name[256] = '\0';
	for (size_t i = 0; i <= sizeof bad / sizeof bad[0]; i++) {
		const char *name = i < sizeof bad / sizeof bad[0] ? bad[i] : long_name;
		struct sink *sink = NULL;
		struct source *source = NULL;
		assert_fails(f->create(f, name, true, &sink, &err), err, ERROR_MALFORMED);
		assert_fails(f->open(f, name, &source, &err), err, ERROR_MALFORMED);
		assert_fails(f->remove(f, name, &err), err, ERROR_MALFORMED);
		assert_false(f->exists(f, name));
		assert_null(sink);
		assert_null(source);
	}
	put(f, "..a", BYTES_LITERAL("x"));
	put(f, ".hidden", BYTES_LITERAL("x"));
	put(f, "grün weiß", BYTES_LITERAL("x"));
	long_name[255] = '\0';
	put(f, long_name, BYTES_LITERAL("x"));
}

static void names_that_leave_the_folder_or_are_ours_are_refused(void **state)
{
	(void)state;
	on_both(refuse_names);
}

static void missing(struct folder *f)
{
	struct source *source;
	assert_fails(f->open(f, "no/such", &source, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.what, "files: is missing");
	assert_non_null(strstr(err.detail, f->name));
	assert_non_null(strstr(err.detail, "/no/such"));
	assert_ok(f->remove(f, "no/such", &err), err);
	put(f, "d/file", BYTES_LITERAL("x"));
	assert_fails(f->open(f, "d", &source, &err), err, ERROR_MALFORMED);
	assert_fails(f->open(f, "d/file/below", &source, &err), err, ERROR_MALFORMED);
	assert_fails(f->remove(f, "d", &err), err, ERROR_MALFORMED);
	assert_ok(f->remove(f, "d/file", &err), err);
	assert_false(f->exists(f, "d/file"));
}

static void a_missing_file_is_named_and_removing_it_is_fine(void **state)
{
	(void)state;
	on_both(missing);
}

static void conflicts(struct folder *f)
{
	struct sink *first, *second;
	put(f, "a", BYTES_LITERAL("old"));
	assert_fails(folder_write(f, "a", false, BYTES_LITERAL("new"), &err), err, ERROR_CONFLICT);
	assert_non_null(strstr(err.detail, "/a"));
	assert_content(f, "a", BYTES_LITERAL("old"));
	assert_ok(folder_write(f, "a", true, BYTES_LITERAL("new"), &err), err);
	assert_content(f, "a", BYTES_LITERAL("new"));
	/* Two writers of a name that does not exist yet: the second to commit loses. */
	assert_ok(f->create(f, "b", false, &first, &err), err);
	assert_ok(f->create(f, "b", false, &second, &err), err);
	assert_ok(sink_append(first, BYTES_LITERAL("1"), &err), err);
	assert_ok(sink_append(second, BYTES_LITERAL("2"), &err), err);
	assert_ok(sink_commit(second, &err), err);
	assert_fails(sink_commit(first, &err), err, ERROR_CONFLICT);
	assert_content(f, "b", BYTES_LITERAL("2"));
	/* A folder is never replaced by a file, nor a file by a folder. */
	put(f, "c/d", BYTES_LITERAL("x"));
	assert_fails(folder_write(f, "c", true, BYTES_LITERAL("y"), &err), err, ERROR_CONFLICT);
	assert_fails(folder_write(f, "a/b", true, BYTES_LITERAL("y"), &err), err, ERROR_MALFORMED);
	assert_content(f, "c/d", BYTES_LITERAL("x"));
}

static void an_existing_name_is_replaced_only_on_request(void **state)
{
	(void)state;
	on_both(conflicts);
}

static void abort_one(struct folder *f)
{
	struct sink *sink;
	put(f, "a", BYTES_LITERAL("old"));
	assert_ok(f->create(f, "a", true, &sink, &err), err);
	assert_ok(sink_append(sink, BYTES_LITERAL("new"), &err), err);
	assert_content(f, "a", BYTES_LITERAL("old"));
	sink_abort(sink);
	assert_content(f, "a", BYTES_LITERAL("old"));
}

static void an_aborted_file_leaves_the_old_one(void **state)
{
	(void)state;
	on_both(abort_one);
	assert_int_equal(disk_entries(""), 1);
}

static bool note(void *ctx, const struct folder_entry *e, struct error *e2)
{
	struct text *t = ctx;
	(void)e2;
	text_add(t, e->name);
	text_add(t, e->is_folder ? "/ " : "=");
	if (!e->is_folder) {
		text_add_u64(t, e->size);
		text_add(t, " ");
	}
	return true;
}

static const char *listed(struct folder *f, const char *path)
{
	static char room[512];
	struct text t = TEXT_OF(room);
	room[0] = '\0';
	assert_ok(f->list(f, path, note, &t, &err), err);
	return room;
}

static bool refuse_second(void *ctx, const struct folder_entry *e, struct error *e2)
{
	unsigned *seen = ctx;
	(void)e;
	return ++*seen < 2 || fail(e2, ERROR_REJECTED, "test: enough", *seen);
}

static void list_all(struct folder *f)
{
	struct sink *open_sink;
	unsigned seen = 0;
	assert_string_equal(listed(f, ""), "");
	assert_string_equal(listed(f, "nothing/here"), "");
	put(f, "b", BYTES_LITERAL("12"));
	put(f, "B", BYTES_LITERAL("1"));
	put(f, "a/x", BYTES_LITERAL("1"));
	put(f, "a.b", BYTES_LITERAL("123"));
	put(f, "a/y/z", BYTES_LITERAL("1"));
	put(f, "a-b", BYTES_NONE);
	put(f, "ä", BYTES_LITERAL("1"));
	put(f, "10", BYTES_LITERAL("1"));
	put(f, "9", BYTES_LITERAL("1"));
	assert_ok(f->create(f, "unseen", false, &open_sink, &err), err);
	assert_string_equal(listed(f, ""), "10=1 9=1 B=1 a/ a-b=0 a.b=3 b=2 ä=1 ");
	assert_string_equal(listed(f, "a"), "x=1 y/ ");
	assert_string_equal(listed(f, "a/y"), "z=1 ");
	sink_abort(open_sink);
	assert_fails(f->list(f, "b", note, NULL, &err), err, ERROR_MALFORMED);
	assert_fails(f->list(f, "..", note, NULL, &err), err, ERROR_MALFORMED);
	assert_fails(f->list(f, "", refuse_second, &seen, &err), err, ERROR_REJECTED);
	assert_int_equal(seen, 2);
}

static void a_list_is_in_byte_order_and_shows_direct_children(void **state)
{
	(void)state;
	on_both(list_all);
}

static void replace_while_reading(struct folder *f)
{
	struct source *source;
	uint8_t got[3];
	put(f, "a", BYTES_LITERAL("old"));
	assert_ok(f->open(f, "a", &source, &err), err);
	put(f, "a", BYTES_LITERAL("newer"));
	assert_ok(source_read(source, got, 3, &err), err);
	assert_memory_equal(got, "old", 3);
	assert_ok(source_rewind(source, &err), err);
	assert_ok(f->remove(f, "a", &err), err);
	assert_ok(source_read(source, got, 3, &err), err);
	assert_memory_equal(got, "old", 3);
	assert_fails(source_read(source, got, 1, &err), err, ERROR_MALFORMED);
	source_close(source);
}

static void a_reader_keeps_the_file_it_opened(void **state)
{
	(void)state;
	on_both(replace_while_reading);
}

static void the_memory_folder_is_bounded(void **state)
{
	(void)state;
	struct folder *f;
	struct sink *sink;
	assert_ok(memory_folder_new(&f, "small", 10, &err), err);
	put(f, "a", BYTES_LITERAL("123456"));
	assert_ok(f->create(f, "b", false, &sink, &err), err);
	assert_ok(sink_append(sink, BYTES_LITERAL("1234"), &err), err);
	assert_fails(sink_append(sink, BYTES_LITERAL("5"), &err), err, ERROR_LIMIT);
	assert_fails(sink_append(sink, BYTES_NONE, &err), err, ERROR_IO);
	assert_fails(sink_commit(sink, &err), err, ERROR_IO);
	assert_false(f->exists(f, "b"));
	assert_ok(f->remove(f, "a", &err), err);
	put(f, "c", BYTES_LITERAL("1234567890"));
	memory_folder_free(f);
	memory_folder_free(NULL);
}

#define SANDBOXED(test) cmocka_unit_test_setup_teardown(test, sandbox_make, sandbox_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SANDBOXED(what_is_written_is_read_back),
		SANDBOXED(large_files_stream_in_any_pieces),
		SANDBOXED(names_that_leave_the_folder_or_are_ours_are_refused),
		SANDBOXED(a_missing_file_is_named_and_removing_it_is_fine),
		SANDBOXED(an_existing_name_is_replaced_only_on_request),
		SANDBOXED(an_aborted_file_leaves_the_old_one),
		SANDBOXED(a_list_is_in_byte_order_and_shows_direct_children),
		SANDBOXED(a_reader_keeps_the_file_it_opened),
		cmocka_unit_test(the_memory_folder_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
