/* SPDX-License-Identifier: Apache-2.0 */
/* Files of a record changed, missing, cut, exchanged or added: never verified, never
 * self-consistent, and the right check is among those that fail. */
#include "support/support.h"

#include "negative/record_spoil.h"

static void honest_record_is_verified(void **state)
{
	(void)state;
	accepted();
}

static void each_changed_byte_is_rejected(void **state)
{
	(void)state;
	for (size_t i = 0; i < files.count; i++) {
		const char *path = files.file[i].path;
		bytes file = urn_file(&u, path);
		uint8_t *p = (uint8_t *)(uintptr_t)file.p;
		size_t count = (size_t)TEST_COUNT(1, file.len);
		for (size_t k = 0; k < count && k < file.len; k++) {
			size_t at = count == file.len ? k : (size_t)test_random_below(file.len);
			char about[RECORD_PATH_BYTES + 32];
			uint8_t bit = (uint8_t)(1u << test_random_below(8));
			snprintf(about, sizeof about, "%s byte %zu bit %u", path, at, bit);
			p[at] ^= bit;
			urn_write(&u, path, file);
			rejected(begins(path, "evidence") ? "4.7" : codes_for(path), about);
			p[at] ^= bit;
		}
		urn_write(&u, path, file);
		drop(file);
	}
	accepted();
}

static void each_missing_file_is_rejected(void **state)
{
	(void)state;
	for (size_t i = 0; i < files.count; i++) {
		const char *path = files.file[i].path;
		bytes file = urn_file(&u, path);
		/* t signatures are enough for closing and result: the third may be absent */
		bool may =
			strcmp(path, "endorse/close-03.bt") == 0 || strcmp(path, "endorse/result-03.bt") == 0 ||
			strcmp(path, "endorse/close-02.bt") == 0 || strcmp(path, "endorse/result-02.bt") == 0 ||
			strcmp(path, "endorse/close-01.bt") == 0 || strcmp(path, "endorse/result-01.bt") == 0;
		spoil_remove(path);
		if (may)
			accepted();
		else
			rejected(begins(path, "evidence") ? "4.7" : codes_for(path), path);
		urn_write(&u, path, file);
		drop(file);
	}
	accepted();
}

static void each_file_emptied_cut_or_lengthened_is_rejected(void **state)
{
	(void)state;
	for (size_t i = 0; i < files.count; i++) {
		const char *path = files.file[i].path;
		bytes file = urn_file(&u, path);
		uint8_t *p = (uint8_t *)(uintptr_t)file.p; /* has room for one more */
		size_t lens[] = {0, 1, file.len / 2, file.len - 1, file.len + 1};
		p[file.len] = begins(path, "result") ? '\n' : 0;
		for (size_t k = test_random_below(2); k < sizeof lens / sizeof *lens; k += 1 + k % 2) {
			if (lens[k] == file.len)
				continue;
			urn_write(&u, path, bytes_of(p, lens[k]));
			rejected(begins(path, "evidence") ? "4.7" : codes_for(path), path);
		}
		urn_write(&u, path, file);
		drop(file);
	}
	accepted();
}

/* The same name with another party's number. */
static bool sibling(char out[RECORD_PATH_BYTES], const char *path)
{
	strcpy(out, path);
	char *digit = strstr(out, "1.bt");
	if (!digit || digit == out || digit[-1] != '0')
		return false;
	for (char to = '2'; to <= '3'; to++) {
		*digit = to;
		if (u.record->exists(u.record, out))
			return true;
	}
	return false;
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
		bytes a = urn_file(&u, path), b = urn_file(&u, twin);
		if (!bytes_equal(a, b)) {
			pairs++;
			urn_write(&u, path, b);
			urn_write(&u, twin, a);
			rejected(codes_for(path), path);
			urn_write(&u, path, a);
			rejected(codes_for(path), path);
			urn_write(&u, twin, b);
		}
		drop(a);
		drop(b);
	}
	assert_true(pairs >= 15);
	accepted();
}

static void files_of_another_election_of_the_same_manifest_are_rejected(void **state)
{
	(void)state;
	size_t others = 0;
	for (size_t i = 0; i < files.count; i++) {
		const char *path = files.file[i].path;
		if (!other.record->exists(other.record, path))
			continue;
		bytes a = urn_file(&u, path), b = urn_file(&other, path);
		if (!bytes_equal(a, b)) {
			others++;
			urn_write(&u, path, b);
			rejected(codes_for(path), path);
			urn_write(&u, path, a);
		}
		drop(a);
		drop(b);
	}
	assert_true(others > 60);
	accepted();
}

static void files_that_do_not_belong_are_rejected(void **state)
{
	(void)state;
	static const char *const strangers[] = {
		"x",
		"ballots.bt.old",
		"Manifest.json",
		"evidence/y",
		"evidence/l1/decrypt-1/y",
		"log/x",
		"log/entries.old",
		"endorse/x",
		"endorse/close-00.bt",
		"endorse/close-04.bt",
		"endorse/close-1.bt",
		"endorse/close-001.bt",
		"endorse/mix-01.bt",
		"endorse/l1/x",
		"endorse/l1/close-01.bt",
		"endorse/l1/empty-01.bt",
		"endorse/l1/empty-02.bt",
		"endorse/l1/mix-02.bt",
		"endorse/l1/ready-03.bt",
		"endorse/l1/factors-03.bt",
		"endorse/l1/commitments-03.bt",
		"endorse/l1/l1/mix-01.bt",
		"endorse/l3/mix-01.bt",
		"endorse/l01/mix-01.bt",
		"proof/x",
		"proof/l3/protInfo.xml",
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
		"ceremony/x",
		"ceremony/1/x",
		"ceremony/1/r0-04.bt",
		"ceremony/1/r7-01.bt",
		"ceremony/2/r0-01.bt",
	};
	for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
		const char *path = strangers[i];
		static const char *const likely[] = {"endorse/close-01.bt", "endorse/l1/mix-01.bt"};
		assert_false(u.record->exists(u.record, path));
		bytes content = i % 3 < 2 ? urn_file(&u, likely[i % 3]) : BYTES_NONE;
		urn_write(&u, path, content);
		rejected("3.1 4.1 4.7", path);
		if (i % 3 < 2)
			drop(content);
		spoil_remove(path);
	}
	accepted();
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
