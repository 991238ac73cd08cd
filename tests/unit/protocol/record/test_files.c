/* SPDX-License-Identifier: Apache-2.0 */
/* H_files: one digest for all files below some folders. */
#include "support/support.h"

#include "base/limits.h"
#include "files/memory_folder.h"
#include "hash/tagged.h"
#include "record/statement.h"

#include <stdio.h>
#include <stdlib.h>

static struct folder *folder;

static void put_file(const char *path, const char *text)
{
	struct error err;
	error_clear(&err);
	assert_ok(folder_write(folder, path, true, bytes_of_text(text), &err), err);
}

static void a_set_of_files_has_the_specified_digest(void **state)
{
	(void)state;
	struct error err;
	digest d;
	uint64_t count;
	static const char *const both[] = {"endorse/l1", "proof/l1"};
	error_clear(&err);
	put_file("endorse/l1/mix-01.bt", "m");
	put_file("proof/l1/a/b", "b");
	put_file("proof/l1/a.bt", "a");
	put_file("proof/l2/c", "c");
	assert_ok(statement_files(&d, &count, folder, both, 2, &err), err);
	assert_int_equal(count, 3);
	assert_string_equal(test_hex(BYTES_OF(d.b)),
	                    "028115da2ac26bd1cd317cc0a095ad21047fa82b6062f6c4dcd0d9430b3923f0");
	digest again;
	assert_ok(statement_list_files(&again, folder, "l1", &err), err);
	assert_memory_equal(again.b, d.b, 32);
	put_file("proof/l1/a/c", "");
	assert_ok(statement_list_files(&again, folder, "l1", &err), err);
	assert_memory_not_equal(again.b, d.b, 32);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void a_set_of_many_files_is_taken_in_the_order_of_their_paths(void **state)
{
	(void)state;
	enum { MANY = 200 };
	static char path[MANY][32];
	static const char *const at[] = {"evidence"};
	struct error err;
	struct hash h;
	digest d, expected;
	error_clear(&err);
	for (unsigned i = 0; i < MANY; i++) { /* n7.b, n7/x, n7a and so on: '.' is below '/' */
		static const char *const ending[] = {".b", "/x", "a"};
		snprintf(path[i], sizeof path[i], "evidence/n%u%s", i / 3 * 7919 % 1000, ending[i % 3]);
		put_file(path[i], path[i]);
	}
	qsort(path, MANY, sizeof path[0], by_bytes);
	tagged_digest_init(&h, "files", 2 * MANY);
	for (unsigned i = 0; i < MANY; i++) {
		digest file = sha256(bytes_of_text(path[i]));
		tree_hash_leaf(&h, bytes_of_text(path[i]));
		tree_hash_leaf(&h, BYTES_OF(file.b));
	}
	expected = tagged_digest_finish(&h);
	assert_ok(statement_files(&d, NULL, folder, at, 1, &err), err);
	assert_memory_equal(d.b, expected.b, sizeof d.b);
}

/* A folder with one file more than may be. */
static bool list_too_many(struct folder *f, const char *path, folder_visit_fn *visit, void *ctx,
                          struct error *err)
{
	(void)f;
	(void)path;
	for (unsigned i = 0; i <= LIMIT_FILES; i++) {
		char name[16];
		snprintf(name, sizeof name, "%06u", (i * 7919u) % (LIMIT_FILES + 1));
		const struct folder_entry e = {.name = name};
		if (!visit(ctx, &e, err))
			return false;
	}
	return true;
}

static void a_folder_that_somebody_filled_is_refused(void **state)
{
	(void)state;
	static const char *const at[] = {"evidence"};
	struct folder full = {.name = "full", .list = list_too_many};
	struct error err;
	digest d;
	error_clear(&err);
	assert_fails(statement_files(&d, NULL, &full, at, 1, &err), err, ERROR_LIMIT);
	assert_non_null(strstr(err.what, "too many files"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_set_of_files_has_the_specified_digest),
		cmocka_unit_test(a_set_of_many_files_is_taken_in_the_order_of_their_paths),
		cmocka_unit_test(a_folder_that_somebody_filled_is_refused),
	};
	struct error err;
	error_clear(&err);
	if (!memory_folder_new(&folder, "test", (size_t)64 << 20, &err))
		return 1;
	int failed = cmocka_run_group_tests_name("protocol/record/files", tests, NULL, NULL);
	memory_folder_free(folder);
	return failed;
}
