/* SPDX-License-Identifier: Apache-2.0 */
/* Files of a record changed, missing, cut, exchanged or added: never verified, never
 * self-consistent, and the first check that fails is the right one. */
#include "support/support.h"

#include "negative/record_spoil.h"

static void honest_record_is_verified(void **state)
{
	(void)state;
	accepted(record);
	assert_int_equal(election_verify(&e, record, false, &report), RECORD_SELF_CONSISTENT);
}

static void each_changed_byte_is_rejected(void **state)
{
	(void)state;
	for (size_t i = 0; i < files.count; i++) {
		const char *path = files.file[i].path;
		bytes file = election_read(record, path);
		uint8_t *p = (uint8_t *)(uintptr_t)file.p;
		size_t count = (size_t)TEST_COUNT(2, file.len);
		for (size_t k = 0; k < count && k < file.len; k++) {
			size_t at = count == file.len ? k : (size_t)test_random_below(file.len);
			char about[RECORD_PATH_BYTES + 32];
			uint8_t bit = (uint8_t)(1u << test_random_below(8));
			snprintf(about, sizeof about, "%s byte %zu bit %u", path, at, bit);
			p[at] ^= bit;
			election_write(record, path, file);
			rejected(codes_for(path), about);
			p[at] ^= bit;
		}
		election_write(record, path, file);
		drop(file);
	}
	accepted(record);
}

static void each_missing_file_is_rejected(void **state)
{
	(void)state;
	for (size_t i = 0; i < files.count; i++) {
		const char *path = files.file[i].path;
		bytes file = election_read(record, path);
		election_remove(record, path);
		rejected(codes_for(path), path);
		election_write(record, path, file);
		drop(file);
	}
	accepted(record);
}

static void each_file_emptied_cut_or_lengthened_is_rejected(void **state)
{
	(void)state;
	for (size_t i = 0; i < files.count; i++) {
		const char *path = files.file[i].path;
		bytes file = election_read(record, path);
		uint8_t *p = (uint8_t *)(uintptr_t)file.p; /* has room for one more */
		size_t lens[] = {0, 1, file.len / 2, file.len - 1, file.len + 1};
		p[file.len] = begins(path, "result") ? '\n' : 0;
		for (size_t k = 0; k < sizeof lens / sizeof *lens; k++) {
			if (lens[k] == file.len)
				continue;
			/* an urn without ballots is an urn: the closing root tells that it is another one */
			election_write(record, path, bytes_of(p, lens[k]));
			rejected(codes_for(path), path);
		}
		election_write(record, path, file);
		drop(file);
	}
	accepted(record);
}

/* The same name with another party's number. */
static bool sibling(char out[RECORD_PATH_BYTES], const char *path)
{
	strcpy(out, path);
	char *digit = strstr(out, "1.bt");
	if (!digit || digit == out || digit[-1] != '0')
		return false;
	*digit = '3';
	return record->exists(record, out);
}

static void files_of_two_parties_exchanged_are_rejected(void **state)
{
	(void)state;
	size_t pairs = 0;
	for (size_t i = 0; i < files.count; i++) {
		const char *path = files.file[i].path;
		char twin[RECORD_PATH_BYTES];
		if (!sibling(twin, path))
			continue;
		pairs++;
		bytes a = election_read(record, path), b = election_read(record, twin);
		election_write(record, path, b);
		election_write(record, twin, a);
		rejected(codes_for(path), path);
		election_write(record, path, a);
		rejected(codes_for(path), path);
		election_write(record, twin, b);
		drop(a);
		drop(b);
	}
	assert_true(pairs >= 15);
	accepted(record);
}

static void files_of_another_election_of_the_same_manifest_are_rejected(void **state)
{
	(void)state;
	size_t same = 0;
	for (size_t i = 0; i < files.count; i++) {
		const char *path = files.file[i].path;
		bytes a = election_read(record, path), b = election_read(foreign, path);
		if (bytes_equal(a, b)) {
			same++;
		} else {
			election_write(record, path, b);
			rejected(codes_for(path), path);
			election_write(record, path, a);
		}
		drop(a);
		drop(b);
	}
	/* manifest, type, version, auxsid, width, activethreshold, CorrectIndices, the placeholders of
	 * party 2: three; and the verdicts of the ceremony, which say no more than "no complaint" */
	assert_int_equal(same, 13);
	accepted(record);
}

static void files_that_do_not_belong_are_rejected(void **state)
{
	(void)state;
	static const char *const strangers[] = {
		"x",
		"ballots.bt.old",
		"Manifest.json",
		"evidence/x",
		"log/x",
		"endorse/x",
		"endorse/close-00.bt",
		"endorse/close-04.bt",
		"endorse/close-1.bt",
		"endorse/close-001.bt",
		"endorse/mix-01.bt",
		"endorse/result-02.bt",
		"endorse/close-02.bt",
		"endorse/close-01/x",
		"endorse/l1/x",
		"endorse/l1/close-01.bt",
		"endorse/l1/empty-01.bt",
		"endorse/l1/empty-02.bt",
		"endorse/l1/mix-02.bt",
		"endorse/l1/ready-02.bt",
		"endorse/l1/factors-02.bt",
		"endorse/l1/commitments-02.bt",
		"endorse/l1/l1/mix-01.bt",
		"endorse/l2/mix-01.bt",
		"endorse/l01/mix-01.bt",
		"proof/x",
		"proof/l2/protInfo.xml",
		"proof/l1/x",
		"proof/l1/nizkp/x",
		"proof/l1/nizkp/l2/x",
		"proof/l1/nizkp/l1/x",
		"proof/l1/nizkp/l1/ShuffledCiphertexts.bt",
		"proof/l1/nizkp/l1/proofs/x",
		"proof/l1/nizkp/l1/proofs/maxciph",
		"proof/l1/nizkp/l1/proofs/Ciphertexts02.bt",
		"proof/l1/nizkp/l1/proofs/PermutationCommitment02.bt",
		"proof/l1/nizkp/l1/proofs/PoSCommitment02.bt",
		"proof/l1/nizkp/l1/proofs/KeepList01.bt",
		"proof/l1/nizkp/l1/proofs/DecryptionFactors04.bt",
		"proof/l1/nizkp/l1/proofs/l1/x",
		"ceremony/x",
		"ceremony/r0-04.bt",
		"ceremony/r6-01.bt",
		"ceremony/r0-1.bt",
		"ceremony/l1/x",
	};
	for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
		const char *path = strangers[i];
		static const char *const likely[] = {"endorse/close-01.bt", "endorse/l1/mix-01.bt",
		                                     "result.json"};
		assert_false(record->exists(record, path));
		for (size_t k = 0; k < 4; k++) {
			bytes content = k < 3 ? election_read(record, likely[k]) : BYTES_NONE;
			election_write(record, path, content);
			rejected("3.1 4.1 6.3 8.2 8.3 9.2 10.3", path);
			if (k < 3)
				drop(content);
		}
		election_remove(record, path);
	}
	accepted(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_record_is_verified),
		cmocka_unit_test(each_changed_byte_is_rejected),
		cmocka_unit_test(each_missing_file_is_rejected),
		cmocka_unit_test(each_file_emptied_cut_or_lengthened_is_rejected),
		cmocka_unit_test(files_of_two_parties_exchanged_are_rejected),
		cmocka_unit_test(files_of_another_election_of_the_same_manifest_are_rejected),
		cmocka_unit_test(files_that_do_not_belong_are_rejected),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
