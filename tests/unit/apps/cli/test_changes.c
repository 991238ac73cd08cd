/* SPDX-License-Identifier: Apache-2.0 */
/* Files of signed changes, as long as they are well formed. */
#include "support/support.h"

#include "cli/changes.h"
#include "group/point.h"

#include <stdlib.h>
#include <unistd.h>

static const digest eid = {{7}};
static struct changes changes;
static struct error err;
static uint8_t file[1 << 17];
static size_t len;

static void add(enum entry_kind kind, bytes style)
{
	uint8_t key[POINT_TREE_BYTES], room[LIMIT_LOG_ENTRY_BYTES];
	const point g = point_generator();
	points_encode_tree(key, &g, 1);
	const struct entry e = {.kind = kind, .key = BYTES_OF(key), .style = style, .weight = 1};
	bytes b = entry_write(room, &eid, &e);
	file[len] = (uint8_t)(b.len >> 8);
	file[len + 1] = (uint8_t)b.len;
	memcpy(file + len + 2, b.p, b.len);
	len += 2 + b.len;
}

static bool reads(size_t until)
{
	char path[] = "/tmp/urna-changes-XXXXXX";
	int fd = mkstemp(path);
	assert_int_equal(write(fd, file, until), (ssize_t)until);
	close(fd);
	error_clear(&err);
	arena_release(test_arena(), 0);
	bool good = changes_read(&changes, path, &eid, test_arena(), &err);
	unlink(path);
	return good;
}

static int begin(void **state)
{
	(void)state;
	len = 0;
	return !group_init(NULL, &err);
}

static void changes_are_read_in_their_order(void **state)
{
	(void)state;
	add(ENTRY_CREDENTIAL, BYTES_LITERAL("north"));
	add(ENTRY_CREDENTIAL, BYTES_LITERAL("s"));
	assert_ok(reads(len), err);
	assert_int_equal(changes.count, 2);
	assert_true(bytes_equal(changes.list[0].style, BYTES_LITERAL("north")));
	assert_true(bytes_equal(changes.list[1].style, BYTES_LITERAL("s")));
}

/* A style without a name is none of any manifest, but an entry may say it. */
static void many_of_the_shortest_have_room(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 500; i++)
		add(ENTRY_CREDENTIAL, BYTES_NONE);
	assert_ok(reads(len), err);
	assert_int_equal(changes.count, 500);
	assert_true((uint8_t *)&changes.list[500] <= test_arena()->base + test_arena()->used);
}

static void a_file_that_ends_within_a_change_is_refused(void **state)
{
	(void)state;
	add(ENTRY_CREDENTIAL, BYTES_LITERAL("north"));
	for (size_t until = 0; until < len; until++)
		assert_fails(reads(until), err, ERROR_MALFORMED);
	assert_ok(reads(len), err);
}

static void an_entry_of_another_kind_is_refused(void **state)
{
	(void)state;
	add(ENTRY_CREDENTIAL, BYTES_LITERAL("north"));
	add(ENTRY_SUSPEND, BYTES_NONE);
	assert_fails(reads(len), err, ERROR_MALFORMED);
	assert_non_null(strstr(err.detail, "change 1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(changes_are_read_in_their_order, begin),
		cmocka_unit_test_setup(many_of_the_shortest_have_room, begin),
		cmocka_unit_test_setup(a_file_that_ends_within_a_change_is_refused, begin),
		cmocka_unit_test_setup(an_entry_of_another_kind_is_refused, begin),
	};
	return cmocka_run_group_tests_name("changes", tests, NULL, NULL);
}
