/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "authority/home.h"
#include "cli/member.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void what_an_authority_read_once_stays_what_others_exchange(void **state)
{
	(void)state;
	char base[] = "/tmp/urna-cli-XXXXXX", home_path[64], record_path[64], command[80];
	static struct session session;
	struct manifest_authority who = {0};
	struct manifest m = {.authorities_count = 1, .authorities = &who, .threshold = 1};
	struct election e = {.session = &session, .manifest = &m};
	struct identity_secret id;
	struct member member;
	struct folder *home;
	uint8_t room[16];
	bytes got;
	struct error err;
	error_clear(&err);
	assert_non_null(mkdtemp(base));
	snprintf(home_path, sizeof home_path, "%s/home", base);
	snprintf(record_path, sizeof record_path, "%s/record", base);
	assert_ok(disk_folder_open(&home, home_path, DISK_MAKE_PRIVATE, &err), err);
	assert_ok(home_create(home, BYTES_LITERAL("Org A"), test_rng(), &err), err);
	assert_ok(home_identity(&id, home, &err), err);
	memcpy(who.identity, id.pub, sizeof who.identity);
	identity_wipe(&id);
	disk_folder_close(home);
	assert_ok(disk_folder_open(&e.record, record_path, DISK_MAKE, &err), err);
	assert_ok(folder_write(e.record, "list", false, BYTES_LITERAL("checked"), &err), err);

	assert_ok(member_open(&member, &e, home_path, 0, &err), err);
	struct folder *seen = member.authority.record;
	assert_ok(folder_read(seen, "list", room, sizeof room, &got, &err), err);
	assert_true(bytes_equal(got, BYTES_LITERAL("checked")));
	assert_ok(folder_write(e.record, "list", true, BYTES_LITERAL("another"), &err), err);
	assert_ok(folder_read(seen, "list", room, sizeof room, &got, &err), err);
	assert_true(bytes_equal(got, BYTES_LITERAL("checked")));

	member_close(&member);
	disk_folder_close(e.record);
	snprintf(command, sizeof command, "rm -r %s", base);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_an_authority_read_once_stays_what_others_exchange),
	};
	return cmocka_run_group_tests_name("cli/election", tests, NULL, NULL);
}
