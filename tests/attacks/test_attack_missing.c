/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attack 49: what is not there proves nothing. Every file is removed, emptied and cut, every list
 * emptied; the board logs the rest and signs it. Never verified, never consistent with itself.
 */
#include "support/support.h"

#include "attacks/files.h"

static uint8_t room[URN_BALLOT_MAX];
static struct scene_files kept;

/* Two of two: every file is needed. */
static int begin(void **state)
{
	scene_set_up(state);
	scene_begin(BALLOT_CREDENTIALS);
	scene_open();
	for (unsigned i = 0; i < 6; i++)
		scene_vote(room, i, 0);
	scene_named("honest");
	scene_keep(&kept);
	assert_true(kept.files.count > 60);
	return 0;
}

static int end(void **state)
{
	(void)state;
	scene_forget(&kept);
	scene_end();
	return 0;
}

static void attack_49_a_record_without_one_of_its_files_is_rejected(void **state)
{
	(void)state;
	for (size_t i = 0; i < kept.files.count; i++) {
		const char *path = kept.files.file[i].path;
		error_clear(&err);
		assert_ok(u.record->remove(u.record, path, &err), err);
		log_anew_if(path);
		must_fail(codes_for(path), path);
		scene_restore(&kept);
	}
	scene_judged("", "49: as it was");
}

static void attack_49_a_record_with_an_empty_or_cut_file_is_rejected(void **state)
{
	(void)state;
	for (size_t i = 0; i < kept.files.count; i++) {
		const char *path = kept.files.file[i].path;
		bytes file = kept.content[i];
		uint64_t cuts = TEST_COUNT(2, file.len);
		for (uint64_t k = 0; k < cuts && k < file.len; k++) {
			size_t len = cuts == file.len ? (size_t)k
			             : k == 0         ? 0
			                              : (size_t)test_random_below(file.len);
			urn_write(&u, path, bytes_of(file.p, len));
			log_anew_if(path);
			must_fail(codes_for(path), path);
			scene_restore(&kept);
		}
	}
	scene_judged("", "49: as it was");
}

/* A tree without children, a leaf without bytes, a node of trees without children. */
static void attack_49_a_record_with_an_empty_list_is_rejected(void **state)
{
	(void)state;
	static const uint8_t empty[][15] = {
		{0, 0, 0, 0, 0}, {1, 0, 0, 0, 0}, {0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
	static const size_t lengths[] = {5, 5, 15};
	for (size_t i = 0; i < kept.files.count; i++) {
		const char *path = kept.files.file[i].path;
		if (!strstr(path, ".bt"))
			continue;
		unsigned k = (unsigned)test_random_below(3);
		for (unsigned n = 0; n < TEST_COUNT(1, 3); n++, k = (k + 1) % 3) {
			urn_write(&u, path, bytes_of(empty[k], lengths[k]));
			log_anew_if(path);
			must_fail(codes_for(path), path);
			scene_restore(&kept);
		}
	}
	scene_judged("", "49: as it was");
}

/* Every "[…]" of the manifest and the result is "[]". */
static void attack_49_a_record_with_an_empty_list_in_its_json_is_rejected(void **state)
{
	(void)state;
	static const char *const paths[] = {"manifest.json", "result.json"};
	struct ballot_box box;
	assert_ok(urn_read(&box, &u, &err), err);
	for (unsigned f = 0; f < 2; f++) {
		bytes file = urn_file(&u, paths[f]);
		unsigned lists = 0;
		for (size_t i = 0; i < file.len; i++) {
			if (file.p[i] != '[' || file.p[i + 1] == ']')
				continue;
			size_t depth = 1, to = i + 1;
			for (; depth > 0; to++)
				depth += file.p[to] == '[' ? 1 : file.p[to] == ']' ? (size_t)-1 : 0;
			uint8_t *b = malloc(file.len + 2);
			assert_non_null(b);
			memcpy(b, file.p, i);
			memcpy(b + i, "[]", 2);
			memcpy(b + i + 2, file.p + to, file.len - to);
			urn_write(&u, paths[f], bytes_of(b, file.len - to + i + 2));
			if (f)
				scene_sign_result(&box);
			/* a lot of nobody is no lot of all answers; no list is one that may be empty */
			scene_judged(f ? "10.2" : "2.1", paths[f]);
			free(b);
			scene_restore(&kept);
			lists++;
		}
		assert_true(lists >= 5);
		scene_drop(file);
	}
}

static void attack_49_a_record_without_one_of_its_folders_is_rejected(void **state)
{
	(void)state;
	static const struct {
		const char *place, *codes;
	} places[] = {{"ceremony/", "3.1"},
	              {"log/", "4.2"},
	              {"proof/", "8.1 8.2"},
	              {"proof/l2", "8.1"},
	              {"endorse/", "6.3"},
	              {"endorse/l1", "8.3"},
	              {"endorse/l2", "8.3"},
	              {"proof/l1/nizkp/l1/proofs", "8.2"},
	              {"", "2.1"}};
	for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
		for (size_t i = 0; i < kept.files.count; i++) {
			error_clear(&err);
			if (begins(kept.files.file[i].path, places[k].place))
				assert_ok(u.record->remove(u.record, kept.files.file[i].path, &err), err);
		}
		if (places[k].place[0] != 'c' && places[k].place[0] != 'l' && places[k].place[0])
			log_anew_if("proof/");
		must_fail(places[k].codes, places[k].place);
		scene_restore(&kept);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_49_a_record_without_one_of_its_files_is_rejected),
		cmocka_unit_test(attack_49_a_record_with_an_empty_or_cut_file_is_rejected),
		cmocka_unit_test(attack_49_a_record_with_an_empty_list_is_rejected),
		cmocka_unit_test(attack_49_a_record_with_an_empty_list_in_its_json_is_rejected),
		cmocka_unit_test(attack_49_a_record_without_one_of_its_folders_is_rejected),
		cmocka_unit_test(the_second_verifier_says_the_same),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
