/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record with anything changed in it is never verified, and never ends the verifier otherwise
 * than with a verdict. The election is 2 of 3 with the second away, so that every kind of file is
 * there, placeholders included.
 */
#include "e2e/e2e.h"

#include "support/support.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 256u

static const char *record, *words;
static const char *files[FILES_MAX];
static unsigned files_count;

static int note_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (type == FTW_F) {
		assert_true(files_count < FILES_MAX);
		files[files_count++] = text_of("%s", path);
	}
	return 0;
}

static int hold_election(void **state)
{
	(void)state;
	record = record_of(make_election(make_blt(5, 2, 12), "3", "2", "1,3"));
	words = fingerprint_of(record);
	files_count = 0;
	return nftw(record, note_file, 16, FTW_PHYS);
}

static const char *changed; /* what was changed, for the message */

static void must_not_verify(void)
{
	struct outcome o = urna("verify", record, "--fingerprint", words, "--quiet", NULL);
	if (o.code != 1 && o.code != 3)
		fail_msg("%s: exit code %d\nstdout: %s\nstderr: %s", changed, o.code, o.out, o.err);
	o = urna("verify", record, "--quiet", "--threads=1", NULL);
	/* Without a fingerprint "self-consistent" is 3 as well: the changed record may not be that. */
	if (o.code != 1 && (o.code != 3 || strstr(o.out, "Self-consistent")))
		fail_msg("%s: exit code %d\nstdout: %s\nstderr: %s", changed, o.code, o.out, o.err);
}

static void the_untouched_record_is_verified(void **state)
{
	(void)state;
	struct outcome o = urna("verify", record, "--fingerprint", words, NULL);
	assert_code(o, 0);
	assert_true(files_count > 40);
}

static void flip(const char *path, bytes original, size_t at)
{
	uint8_t *copy = malloc(original.len);
	assert_non_null(copy);
	memcpy(copy, original.p, original.len);
	copy[at] ^= (uint8_t)(1u << test_random_below(8));
	write_file(path, copy, original.len);
	free(copy);
	changed = text_of("%s: a bit of byte %zu", path, at);
	must_not_verify();
}

static void a_changed_byte_in_any_file_is_noticed(void **state)
{
	(void)state;
	for (unsigned i = 0; i < files_count; i++) {
		bytes original = read_file(files[i]);
		assert_true(original.len > 0);
		if (getenv("URNA_SOAK")) {
			flip(files[i], original, 0);
			flip(files[i], original, original.len - 1);
		}
		for (uint64_t k = 0; k < TEST_COUNT(1, 20); k++)
			flip(files[i], original, (size_t)test_random_below(original.len));
		write_file(files[i], original.p, original.len);
	}
}

static void a_cut_or_longer_file_is_noticed(void **state)
{
	(void)state;
	for (unsigned i = 0; i < files_count; i++) {
		bytes original = read_file(files[i]);
		uint8_t *longer = malloc(original.len + 1);
		assert_non_null(longer);
		memcpy(longer, original.p, original.len);
		longer[original.len] = '\n';
		bool cut = test_random_below(2) || getenv("URNA_SOAK");
		if (cut) {
			changed = text_of("%s: cut", files[i]);
			write_file(files[i], original.p, (size_t)test_random_below(original.len));
			must_not_verify();
		}
		if (!cut || getenv("URNA_SOAK")) {
			changed = text_of("%s: one byte longer", files[i]);
			write_file(files[i], longer, original.len + 1);
			must_not_verify();
		}
		free(longer);
		write_file(files[i], original.p, original.len);
	}
}

static void a_missing_file_is_noticed(void **state)
{
	(void)state;
	uint64_t step = TEST_COUNT(3, 1);
	for (unsigned i = (unsigned)test_random_below(step); i < files_count; i += (unsigned)step) {
		const char *aside = text_of("%s/aside", fresh_folder());
		changed = text_of("%s: missing", files[i]);
		assert_int_equal(rename(files[i], aside), 0);
		must_not_verify();
		assert_int_equal(rename(aside, files[i]), 0);
	}
}

static void an_added_file_is_noticed_wherever_it_lies(void **state)
{
	(void)state;
	static const char *const places[] = {
		"more",
		"ceremony/more",
		"ceremony/1/r0-04.bt",
		"ceremony/1/r5-01.bt",
		"ceremony/1/failed-01.bt",
		"ceremony/1/more",
		"ceremony/2/more",
		"ceremony/2/r0-01.bt",
		"credentials.bt",
		"credentials-signature.bt",
		"voids.bt",
		"log/more",
		"evidence/more",
		"endorse/close-04.bt",
		"endorse/more",
		"endorse/l1/mix-04.bt",
		"endorse/l1/empty-01.bt",
		"proof/more",
		"proof/l1/more",
		"proof/l1/nizkp/more",
		"proof/l1/nizkp/l1/more",
		"proof/l1/nizkp/l1/proofs/Ciphertexts02.bt",
		"proof/l1/nizkp/l1/proofs/PoSReply02.bt",
	};
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		const char *path = text_of("%s/%s", record, places[i]);
		changed = text_of("%s: added", path);
		assert_int_not_equal(access(path, F_OK), 0);
		const char *around = text_of("%.*s", (int)(strrchr(path, '/') - path), path);
		bool made = mkdir(around, 0777) == 0;
		write_text(path, "x");
		must_not_verify();
		assert_int_equal(unlink(path), 0);
		assert_true(!made || rmdir(around) == 0);
	}
}

/* A record is its files: a folder without one is not there. */
static void added_folder_is_noticed(const char *path, const char *what)
{
	const char *folder = text_of("%s/%s", record, path), *inside = text_of("%s/inside", folder);
	changed = what;
	assert_int_equal(mkdir(folder, 0777), 0);
	write_text(inside, "x");
	must_not_verify();
	assert_int_equal(unlink(inside), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void an_added_folder_or_link_is_noticed(void **state)
{
	(void)state;
	added_folder_is_noticed("more", "a folder in the record");
	added_folder_is_noticed("proof/l2", "a second list's folder");
	changed = "a link in the place of a file";
	const char *result = text_of("%s/result.json", record);
	const char *aside = text_of("%s/aside", fresh_folder());
	assert_int_equal(rename(result, aside), 0);
	assert_int_equal(symlink(aside, result), 0);
	must_not_verify();
	assert_int_equal(unlink(result), 0);
	assert_int_equal(rename(aside, result), 0);
}

/* Our own programs' names are no place to hide something. */
static void a_file_or_folder_named_like_ours_is_noticed_wherever_it_lies(void **state)
{
	(void)state;
	static const char *const folders[] = {"",
	                                      "ceremony/",
	                                      "ceremony/1/",
	                                      "log/",
	                                      "endorse/",
	                                      "endorse/l1/",
	                                      "proof/",
	                                      "proof/l1/",
	                                      "proof/l1/nizkp/",
	                                      "proof/l1/nizkp/l1/",
	                                      "proof/l1/nizkp/l1/proofs/"};
	static const char *const names[] = {".urna-evil", ".urna-lock", ".urna-tmp-0123456789abcdef",
	                                    ".hidden"};
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
			const char *path = text_of("%s/%s%s", record, folders[i], names[k]);
			changed = text_of("%s: added", path);
			write_text(path, "x");
			must_not_verify();
			assert_int_equal(unlink(path), 0);
		}
		const char *folder = text_of("%s.urna-x", folders[i]);
		added_folder_is_noticed(folder, text_of("%s: an added folder", folder));
	}
}

static void swap(const char *a, const char *b)
{
	const char *p = text_of("%s/%s", record, a), *q = text_of("%s/%s", record, b);
	const char *aside = text_of("%s/aside", fresh_folder());
	assert_int_equal(rename(p, aside), 0);
	assert_int_equal(rename(q, p), 0);
	assert_int_equal(rename(aside, q), 0);
}

static void files_in_each_others_place_are_noticed(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
		{"ceremony/1/r1-01.bt", "ceremony/1/r1-02.bt"},
		{"ceremony/1/r6-02.bt", "ceremony/1/r6-03.bt"},
		{"log/checkpoint-close", "log/checkpoint"},
		{"endorse/close-01.bt", "endorse/close-03.bt"},
		{"endorse/result-01.bt", "endorse/result-03.bt"},
		{"endorse/l1/mix-01.bt", "endorse/l1/mix-03.bt"},
		{"endorse/l1/ready-01.bt", "endorse/l1/factors-01.bt"},
		{"proof/l1/nizkp/l1/proofs/Ciphertexts01.bt", "proof/l1/nizkp/l1/proofs/Ciphertexts03.bt"},
		{"proof/l1/nizkp/l1/proofs/PoSReply01.bt", "proof/l1/nizkp/l1/proofs/PoSReply03.bt"},
		{"proof/l1/nizkp/l1/proofs/DecryptionFactors01.bt",
	     "proof/l1/nizkp/l1/proofs/DecryptionFactors03.bt"},
	};
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		changed = text_of("%s and %s swapped", pairs[i][0], pairs[i][1]);
		swap(pairs[i][0], pairs[i][1]);
		must_not_verify();
		swap(pairs[i][0], pairs[i][1]);
	}
}

static void ballots_dropped_doubled_or_exchanged_are_noticed(void **state)
{
	(void)state;
	const char *path = text_of("%s/ballots.bt", record);
	bytes original = read_file(path);
	size_t each = original.len / 12;
	uint8_t *copy = malloc(original.len + each);
	assert_non_null(copy);
	assert_int_equal(original.len % 12, 0);
	changed = "the last ballot dropped";
	write_file(path, original.p, original.len - each);
	must_not_verify();
	changed = "a ballot doubled";
	memcpy(copy, original.p, original.len);
	memcpy(copy + original.len, original.p + each, each);
	write_file(path, copy, original.len + each);
	must_not_verify();
	changed = "two ballots exchanged";
	memcpy(copy, original.p + each, each);
	memcpy(copy + each, original.p, each);
	write_file(path, copy, original.len);
	must_not_verify();
	free(copy);
	write_file(path, original.p, original.len);
}

/* Everything in it holds, yet it is not the election people voted in. */
static void a_whole_record_of_another_election_is_rejected(void **state)
{
	(void)state;
	const char *other = record_of(make_election(make_blt(5, 2, 12), "3", "2", NULL));
	struct outcome o = urna("verify", other, "--fingerprint", words, NULL);
	assert_code(o, 1);
	assert_says(o.out, "another election");
	assert_says(o.out, words);
	o = urna("verify", other, "--fingerprint", fingerprint_of(other), NULL);
	assert_code(o, 0);
}

static void a_fingerprint_may_be_typed_in_many_ways(void **state)
{
	(void)state;
	char *spaced = strdup(words);
	for (char *p = spaced; *p; p++)
		*p = *p == '-' ? ' ' : *p;
	struct outcome o = urna("verify", record, "--fingerprint", spaced, NULL);
	free(spaced);
	assert_code(o, 0);
	o = urna("verify", record, "--fingerprint", text_of("  %s\n", words), NULL);
	assert_code(o, 0);
}

static void the_record_is_as_it_was(void **state)
{
	the_untouched_record_is_verified(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_untouched_record_is_verified),
		cmocka_unit_test(a_changed_byte_in_any_file_is_noticed),
		cmocka_unit_test(a_cut_or_longer_file_is_noticed),
		cmocka_unit_test(a_missing_file_is_noticed),
		cmocka_unit_test(an_added_file_is_noticed_wherever_it_lies),
		cmocka_unit_test(an_added_folder_or_link_is_noticed),
		cmocka_unit_test(a_file_or_folder_named_like_ours_is_noticed_wherever_it_lies),
		cmocka_unit_test(files_in_each_others_place_are_noticed),
		cmocka_unit_test(ballots_dropped_doubled_or_exchanged_are_noticed),
		cmocka_unit_test(a_whole_record_of_another_election_is_rejected),
		cmocka_unit_test(a_fingerprint_may_be_typed_in_many_ways),
		cmocka_unit_test(the_record_is_as_it_was),
	};
	return cmocka_run_group_tests(tests, hold_election, NULL);
}
