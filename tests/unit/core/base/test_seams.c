/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

/* One file in memory behind all three seams; it counts what was opened and closed. */
struct one_file {
	struct folder folder;
	struct source source;
	struct sink sink;
	uint8_t content[64];
	size_t len, at, step; /* step: the most it gives at once */
	bool missing, breaks;
	unsigned opened, closed, committed, aborted;
};

#define OWNER(p, member) \
	((struct one_file *)(void *)((char *)(p)-offsetof(struct one_file, member)))

static bool next(struct source *s, size_t want, bytes *out, struct error *err)
{
	struct one_file *f = OWNER(s, source);
	if (f->breaks)
		return fail(err, ERROR_IO, "disk: gone", 0);
	size_t n = f->len - f->at;
	n = n < want ? n : want;
	n = n < f->step ? n : f->step;
	*out = bytes_of(f->content + f->at, n);
	f->at += n;
	return true;
}

static void close_source(struct source *s)
{
	OWNER(s, source)->closed++;
}

static bool open_file(struct folder *folder, const char *path, struct source **out,
                      struct error *err)
{
	struct one_file *f = OWNER(folder, folder);
	if (f->missing)
		return fail_detail(err, ERROR_MALFORMED, "file: is missing", ERROR_NOWHERE, path);
	f->opened++;
	*out = &f->source;
	return true;
}

static bool append(struct sink *s, bytes b, struct error *err)
{
	struct one_file *f = OWNER(s, sink);
	if (f->breaks)
		return fail(err, ERROR_IO, "disk: full", 0);
	memcpy(f->content, b.p, b.len);
	f->len = b.len;
	return true;
}

static bool commit(struct sink *s, struct error *err)
{
	OWNER(s, sink)->committed++;
	return true;
}

static void abort_sink(struct sink *s)
{
	OWNER(s, sink)->aborted++;
}

static bool create(struct folder *folder, const char *path, bool replace, struct sink **out,
                   struct error *err)
{
	struct one_file *f = OWNER(folder, folder);
	if (f->missing)
		return fail(err, ERROR_IO, "folder: read only", ERROR_NOWHERE);
	f->opened++;
	*out = &f->sink;
	return true;
}

static struct one_file file_of(const char *content, size_t step)
{
	struct one_file f = {
		.folder = {.name = "here", .open = open_file, .create = create},
		.source = {.name = "a/b", .next = next, .close = close_source},
		.sink = {.name = "a/b", .append = append, .commit = commit, .abort = abort_sink},
		.len = strlen(content),
		.step = step,
	};
	memcpy(f.content, content, f.len);
	f.source.size = f.len;
	return f;
}

static void reading_joins_the_pieces_a_source_gives(void **state)
{
	for (size_t step = 1; step < 12; step++) {
		struct one_file f = file_of("hello world", step);
		struct error err;
		char out[11];
		assert_ok(source_read(&f.source, out, 5, &err), err);
		assert_ok(source_read(&f.source, out + 5, 0, &err), err);
		assert_ok(source_read(&f.source, out + 5, 6, &err), err);
		assert_memory_equal(out, "hello world", 11);
		assert_fails(source_read(&f.source, out, 1, &err), err, ERROR_MALFORMED);
	}
}

static void a_source_that_ends_too_early_is_named(void **state)
{
	struct one_file f = file_of("hello", 2);
	struct error err;
	char out[6];
	assert_fails(source_read(&f.source, out, 6, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.detail, "a/b");
}

static void an_error_of_the_source_is_passed_on(void **state)
{
	struct one_file f = file_of("hello", 2);
	struct error err;
	char out[5];
	f.breaks = true;
	assert_fails(source_read(&f.source, out, 5, &err), err, ERROR_IO);
}

static void a_whole_file_is_read_and_closed(void **state)
{
	struct one_file f = file_of("hello", 2);
	struct error err;
	uint8_t room[5];
	bytes out;
	assert_ok(folder_read(&f.folder, "a/b", room, sizeof room, &out, &err), err);
	assert_true(bytes_equal(out, BYTES_LITERAL("hello")));
	assert_ptr_equal(out.p, room);
	assert_int_equal(f.opened, 1);
	assert_int_equal(f.closed, 1);
}

static void an_empty_file_is_an_empty_slice(void **state)
{
	struct one_file f = file_of("", 2);
	struct error err;
	uint8_t room[1];
	bytes out;
	assert_ok(folder_read(&f.folder, "a/b", room, sizeof room, &out, &err), err);
	assert_int_equal(out.len, 0);
}

static void a_file_longer_than_the_room_is_refused_and_closed(void **state)
{
	struct one_file f = file_of("hello", 2);
	struct error err;
	uint8_t room[4];
	bytes out;
	assert_fails(folder_read(&f.folder, "a/b", room, sizeof room, &out, &err), err, ERROR_LIMIT);
	assert_string_equal(err.detail, "a/b");
	assert_int_equal(out.len, 0);
	assert_int_equal(f.closed, 1);
}

static void a_file_shorter_than_it_said_is_refused_and_closed(void **state)
{
	struct one_file f = file_of("hello", 2);
	struct error err;
	uint8_t room[8];
	bytes out;
	f.source.size = 6;
	assert_fails(folder_read(&f.folder, "a/b", room, sizeof room, &out, &err), err,
	             ERROR_MALFORMED);
	assert_int_equal(out.len, 0);
	assert_int_equal(f.closed, 1);
}

static void a_missing_file_is_an_error_and_nothing_is_closed(void **state)
{
	struct one_file f = file_of("hello", 2);
	struct error err;
	uint8_t room[8];
	bytes out;
	f.missing = true;
	assert_fails(folder_read(&f.folder, "x", room, sizeof room, &out, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.detail, "x");
	assert_int_equal(f.closed, 0);
}

static void writing_ends_in_exactly_one_commit(void **state)
{
	struct one_file f = file_of("", 2);
	struct error err;
	assert_ok(folder_write(&f.folder, "a/b", false, BYTES_LITERAL("new"), &err), err);
	assert_memory_equal(f.content, "new", 3);
	assert_int_equal(f.committed, 1);
	assert_int_equal(f.aborted, 0);
}

static void a_failed_append_aborts_and_never_commits(void **state)
{
	struct one_file f = file_of("", 2);
	struct error err;
	f.breaks = true;
	assert_fails(folder_write(&f.folder, "a/b", false, BYTES_LITERAL("new"), &err), err, ERROR_IO);
	assert_int_equal(f.committed, 0);
	assert_int_equal(f.aborted, 1);
}

static void a_failed_create_leaves_nothing_to_end(void **state)
{
	struct one_file f = file_of("", 2);
	struct error err;
	f.missing = true;
	assert_fails(folder_write(&f.folder, "a/b", false, BYTES_LITERAL("new"), &err), err, ERROR_IO);
	assert_int_equal(f.committed + f.aborted, 0);
}

static void closers_accept_nothing(void **state)
{
	source_close(NULL);
	sink_abort(NULL);
	progress_report(NULL, "mixing", 0, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_joins_the_pieces_a_source_gives),
		cmocka_unit_test(a_source_that_ends_too_early_is_named),
		cmocka_unit_test(an_error_of_the_source_is_passed_on),
		cmocka_unit_test(a_whole_file_is_read_and_closed),
		cmocka_unit_test(an_empty_file_is_an_empty_slice),
		cmocka_unit_test(a_file_longer_than_the_room_is_refused_and_closed),
		cmocka_unit_test(a_file_shorter_than_it_said_is_refused_and_closed),
		cmocka_unit_test(a_missing_file_is_an_error_and_nothing_is_closed),
		cmocka_unit_test(writing_ends_in_exactly_one_commit),
		cmocka_unit_test(a_failed_append_aborts_and_never_commits),
		cmocka_unit_test(a_failed_create_leaves_nothing_to_end),
		cmocka_unit_test(closers_accept_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
