/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares tests/vectors/protocol with what the product makes today, byte for byte. A difference
 * is a change of a format: when it is meant, "vectors_protocol --write" writes all anew, and
 * docs/protocol.md, docs/protocol-walkthrough.md and CHANGELOG.md say so.
 */
#include "support/support.h"

#include "vectors/make/vectors.h"

#include "files/disk_folder.h"
#include "unit/protocol/record/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACE "tests/vectors/protocol"
#define SEED 20270101u

static bool writing;

static struct folder *place(void)
{
	static struct folder *f;
	char path[1024];
	struct error err;
	const char *root = getenv("URNA_SOURCE");
	if (f)
		return f;
	error_clear(&err);
	snprintf(path, sizeof path, "%s/" PLACE, root ? root : ".");
	assert_ok(disk_folder_open(&f, path, writing ? DISK_WRITE : DISK_READ, &err), err);
	return f;
}

static bytes read_whole(struct folder *f, const char *path)
{
	struct error err;
	struct source *s;
	error_clear(&err);
	assert_ok(f->open(f, path, &s, &err), err);
	size_t size = (size_t)s->size;
	uint8_t *p = malloc(size + 1);
	assert_non_null(p);
	assert_ok(source_read(s, p, size, &err), err);
	source_close(s);
	return bytes_of(p, size);
}

static void settle(const char *path, bytes made)
{
	struct error err;
	error_clear(&err);
	if (writing) {
		assert_ok(folder_write(place(), path, true, made, &err), err);
		return;
	}
	bytes kept = read_whole(place(), path);
	size_t i = 0;
	while (i < kept.len && i < made.len && kept.p[i] == made.p[i])
		i++;
	if (kept.len != made.len || i < kept.len)
		fail_msg(PLACE "/%s differs from what is made today, from byte %zu on", path, i);
	free((void *)(uintptr_t)kept.p);
}

static void settle_json(const char *path, json_t *file)
{
	char *text = json_dumps(file, JSON_INDENT(1));
	assert_non_null(text);
	size_t len = strlen(text);
	text[len] = '\n'; /* in place of the terminator */
	settle(path, bytes_of(text, len + 1));
	free(text);
	json_decref(file);
}

#define PART(name)                                    \
	static void name##_are_as_they_were(void **state) \
	{                                                 \
		(void)state;                                  \
		test_random_restart(SEED);                    \
		settle_json(#name ".json", vectors_##name()); \
	}
PART(trees)
PART(plaintexts)
PART(ballots)
PART(ceremonies)
PART(logs)
PART(proofs)

static void compare_counts(struct folder *record)
{
	struct tally_files made, kept;
	struct folder *f;
	char path[1024];
	struct error err;
	const char *root = getenv("URNA_SOURCE");
	error_clear(&err);
	snprintf(path, sizeof path, "%s/" PLACE "/tiny-record", root ? root : ".");
	assert_ok(disk_folder_open(&f, path, DISK_READ, &err), err);
	tally_files(&made, record);
	tally_files(&kept, f);
	assert_int_equal(made.count, kept.count);
	disk_folder_close(f);
	free(made.file);
	free(kept.file);
}

static void the_tiny_record_is_as_it_was(void **state)
{
	(void)state;
	struct tally_files files;
	struct folder *record;
	json_t *secrets;
	test_random_restart(SEED);
	settle_json("record.json", vectors_record(&record, &secrets));
	settle_json("secrets.json", secrets);
	tally_files(&files, record);
	for (size_t i = 0; i < files.count; i++) {
		char path[RECORD_PATH_BYTES + 16];
		snprintf(path, sizeof path, "tiny-record/%s", files.file[i].path);
		bytes b = read_whole(record, files.file[i].path);
		settle(path, b);
		free((void *)(uintptr_t)b.p);
	}
	free(files.file);
	compare_counts(record);
	vectors_record_end();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trees_are_as_they_were),
		cmocka_unit_test(plaintexts_are_as_they_were),
		cmocka_unit_test(ballots_are_as_they_were),
		cmocka_unit_test(ceremonies_are_as_they_were),
		cmocka_unit_test(logs_are_as_they_were),
		cmocka_unit_test(proofs_are_as_they_were),
		cmocka_unit_test(the_tiny_record_is_as_it_was),
	};
	writing = argc > 1 && strcmp(argv[1], "--write") == 0;
	return cmocka_run_group_tests_name("vectors/protocol", tests, NULL, NULL);
}
