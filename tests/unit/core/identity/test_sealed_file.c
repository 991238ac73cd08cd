/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "identity/sealed_file.h"

#include <stdlib.h>

static struct error err;

#define CHEAP ((struct sealed_cost){1, 8192})

static uint8_t file[SEALED_FILE_BYTES];
static struct sealed_content content;
static const uint8_t secret[] = "the share of authority 2";

static void make(void)
{
	const struct sealed_input in = {BYTES_LITERAL("correct horse"), BYTES_OF(secret), CHEAP};
	assert_ok(sealed_file_make(file, &in, test_rng(), &err), err);
}

static bool open_with(const char *passphrase)
{
	return sealed_file_open(&content, BYTES_OF(file), bytes_of_text(passphrase), &err);
}

static void a_sealed_file_opens_with_its_passphrase(void **state)
{
	(void)state;
	make();
	assert_ok(open_with("correct horse"), err);
	assert_true(bytes_equal(bytes_of(content.data, content.len), BYTES_OF(secret)));
	sealed_content_wipe(&content);
	assert_int_equal(content.len, 0);
	assert_int_equal(content.data[0], 0);
	sealed_content_wipe(NULL);
}

static void a_wrong_passphrase_is_rejected_and_shows_nothing(void **state)
{
	(void)state;
	static const char *const wrong[] = {"correct hors", "correct horse ", "Correct horse", ""};
	make();
	for (size_t i = 0; i < 4; i++) {
		memset(&content, 1, sizeof content);
		assert_fails(open_with(wrong[i]), err, ERROR_REJECTED);
		assert_int_equal(content.len, 0);
		for (size_t k = 0; k < sizeof content.data; k++)
			assert_int_equal(content.data[k], 0);
	}
}

static void content_from_nothing_to_the_most_fits(void **state)
{
	(void)state;
	static uint8_t big[SEALED_CONTENT_MAX + 1];
	const size_t lengths[] = {0, 1, SEALED_CONTENT_MAX};
	assert_ok(rng_fill(test_rng(), big, sizeof big, &err), err);
	for (size_t i = 0; i < 3; i++) {
		const struct sealed_input in = {BYTES_LITERAL("p"), bytes_of(big, lengths[i]), CHEAP};
		assert_ok(sealed_file_make(file, &in, test_rng(), &err), err);
		assert_ok(open_with("p"), err);
		assert_true(bytes_equal(bytes_of(content.data, content.len), in.content));
	}
	const struct sealed_input in = {BYTES_LITERAL("p"), BYTES_OF(big), CHEAP};
	assert_fails(sealed_file_make(file, &in, test_rng(), &err), err, ERROR_LIMIT);
}

static void any_altered_part_is_refused(void **state)
{
	(void)state;
	/* Magic, salt, nonce, first and last sealed byte, tag. Passes and memory: the test below. */
	const struct {
		size_t at;
		enum error_kind kind;
	} places[] = {{0, ERROR_MALFORMED},
	              {15, ERROR_MALFORMED},
	              {24, ERROR_REJECTED},
	              {63, ERROR_REJECTED},
	              {64, ERROR_REJECTED},
	              {SEALED_FILE_BYTES - 17, ERROR_REJECTED},
	              {SEALED_FILE_BYTES - 1, ERROR_REJECTED}};
	make();
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		file[places[i].at] ^= 1;
		assert_fails(open_with("correct horse"), err, places[i].kind);
		file[places[i].at] ^= 1;
	}
	assert_ok(open_with("correct horse"), err);
}

static void a_cost_out_of_bounds_is_refused_before_any_work(void **state)
{
	(void)state;
	const struct sealed_cost bad[] = {
		{0, 8192}, {17, 8192}, {1, 8191}, {1, 1048577}, {UINT32_MAX, UINT32_MAX}};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		const struct sealed_input in = {BYTES_LITERAL("p"), BYTES_OF(secret), bad[i]};
		make();
		store_be32(file + 16, bad[i].passes);
		store_be32(file + 20, bad[i].memory_kib);
		assert_fails(open_with("correct horse"), err, ERROR_LIMIT);
		assert_fails(sealed_file_make(file, &in, test_rng(), &err), err, ERROR_LIMIT);
	}
	make();
	store_be32(file + 16, 2); /* a cost that is allowed but not the file's own */
	assert_fails(open_with("correct horse"), err, ERROR_REJECTED);
}

static void another_length_is_not_a_sealed_file(void **state)
{
	(void)state;
	make();
	uint8_t *longer = calloc(1, SEALED_FILE_BYTES + 1);
	assert_non_null(longer);
	memcpy(longer, file, SEALED_FILE_BYTES);
	const size_t lengths[] = {0, 1, 64, SEALED_FILE_BYTES - 1, SEALED_FILE_BYTES + 1};
	for (size_t i = 0; i < 5; i++)
		assert_fails(sealed_file_open(&content, bytes_of(longer, lengths[i]),
		                              BYTES_LITERAL("correct horse"), &err),
		             err, ERROR_MALFORMED);
	free(longer);
}

static void an_empty_passphrase_is_refused_when_sealing(void **state)
{
	(void)state;
	const struct sealed_input in = {BYTES_NONE, BYTES_OF(secret), CHEAP};
	assert_fails(sealed_file_make(file, &in, test_rng(), &err), err, ERROR_MALFORMED);
}

static void two_files_of_one_secret_differ_everywhere(void **state)
{
	(void)state;
	uint8_t first[SEALED_FILE_BYTES];
	make();
	memcpy(first, file, sizeof first);
	make();
	assert_memory_not_equal(first + 24, file + 24, 16);
	assert_memory_not_equal(first + 40, file + 40, 24);
	size_t same = 0;
	for (size_t i = 64; i < SEALED_FILE_BYTES; i++)
		same += first[i] == file[i];
	assert_true(same < 200); /* 64 expected of 16320; the zeros behind the content do not show */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sealed_file_opens_with_its_passphrase),
		cmocka_unit_test(a_wrong_passphrase_is_rejected_and_shows_nothing),
		cmocka_unit_test(content_from_nothing_to_the_most_fits),
		cmocka_unit_test(any_altered_part_is_refused),
		cmocka_unit_test(a_cost_out_of_bounds_is_refused_before_any_work),
		cmocka_unit_test(another_length_is_not_a_sealed_file),
		cmocka_unit_test(an_empty_passphrase_is_refused_when_sealing),
		cmocka_unit_test(two_files_of_one_secret_differ_everywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
