/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/protocol/mixnet/world.h"

#include <stdlib.h>

static const bool both[LIMIT_PARTIES + 1] = {false, true, true};
static const unsigned in_order[] = {1, 2};

static void mixed(struct world *w, uint32_t width)
{
	world_init(w, 2, 2, width, 3, NULL);
	world_mix(w, in_order, 2, both);
}

static void files_are_named_as_documented(void **state)
{
	(void)state;
	assert_string_equal(mix_path(MIX_FILE_INPUT, 0).text, "Ciphertexts.bt");
	assert_string_equal(mix_path(MIX_FILE_LIST, 1).text, "proofs/Ciphertexts01.bt");
	assert_string_equal(mix_path(MIX_FILE_FACTORS, 25).text, "proofs/DecryptionFactors25.bt");
	assert_string_equal(mix_path(MIX_FILE_ACTIVETHRESHOLD, 0).text, "proofs/activethreshold");
}

static void sizes_are_the_documented_ones(void **state)
{
	(void)state;
	struct mix_session s;
	struct error err;
	struct mix_layout l = {.n = 10, .n0 = 0};
	assert_ok(mix_session_init(&s, BYTES_LITERAL("ab"), BYTES_LITERAL("l1"), 3, 2, &err), err);
	assert_int_equal(mix_file_size(&s, &l, MIX_FILE_PUBLIC_KEY), 167);
	assert_int_equal(mix_file_size(&s, &l, MIX_FILE_INPUT), 15 + 162 * 10);
	assert_int_equal(mix_file_size(&s, &l, MIX_FILE_PLAINTEXTS), 5 + 81 * 10);
	assert_int_equal(mix_file_size(&s, &l, MIX_FILE_POLYNOMIAL), 5 + 81 * 2);
	assert_int_equal(mix_file_size(&s, &l, MIX_FILE_POS_COMMITMENT), 425 + 162 * 10);
	assert_int_equal(mix_file_size(&s, &l, MIX_FILE_POS_REPLY), 167 + 76 * 10);
	assert_int_equal(mix_file_size(&s, &l, MIX_FILE_DECRYPTION_COMMITMENT), 167);
	assert_int_equal(mix_file_size(&s, &l, MIX_FILE_DECRYPTION_REPLY), 38);
	assert_int_equal(mix_file_size(&s, &l, MIX_FILE_CORRECT), 6 + 3);
	l.n0 = 12;
	assert_int_equal(mix_file_size(&s, &l, MIX_FILE_PERMUTATION), 977);
	assert_int_equal(mix_file_size(&s, &l, MIX_FILE_POSC_COMMITMENT), 2202);
	assert_int_equal(mix_file_size(&s, &l, MIX_FILE_POSC_REPLY), 1041);
	assert_int_equal(mix_file_size(&s, &l, MIX_FILE_KEEP), 17);
	assert_int_equal(mix_file_size(&s, &l, MIX_FILE_CCPOS_COMMITMENT), 253);
	assert_int_equal(mix_file_size(&s, &l, MIX_FILE_CCPOS_REPLY), 466);
}

static void the_layout_of_a_mix_is_read(void **state)
{
	(void)state;
	for (uint32_t width = 1; width <= 3; width++) {
		struct world w;
		struct error err;
		struct mix_layout l;
		mixed(&w, width);
		assert_ok(mix_layout_read(&l, w.folder, &w.session, &err), err);
		assert_int_equal(l.type, MIX_MIXING);
		assert_int_equal(l.n, 3);
		assert_int_equal(l.n0, 0);
		assert_int_equal(l.activethreshold, 2);
		assert_int_equal(l.shuffles, 2);
		assert_true(l.shuffled[1] && l.shuffled[2]);
		assert_false(l.stray_list);
		world_done(&w);
	}
}

static void a_missing_file_is_named(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	struct mix_layout l;
	struct mix_path files[32];
	mixed(&w, 1);
	size_t count = world_files(w.folder, files, 32);
	assert_int_equal(count, 7 + 3 + 2 * 7);
	for (size_t i = 0; i < count; i++) {
		bytes content = world_read(w.folder, files[i].text);
		assert_ok(w.folder->remove(w.folder, files[i].text, &err), err);
		assert_fails(mix_layout_read(&l, w.folder, &w.session, &err), err, ERROR_MALFORMED);
		/* Without its commitment a shuffle is no shuffle: the first file left over is named. */
		if (!strstr(files[i].text, "PoSCommitment"))
			assert_non_null(strstr(err.detail, files[i].text));
		world_write(w.folder, files[i].text, content);
	}
	assert_ok(mix_layout_read(&l, w.folder, &w.session, &err), err);
	world_done(&w);
}

static void a_file_that_does_not_belong_there_is_refused(void **state)
{
	(void)state;
	static const char *const names[] = {"x",
	                                    "Ciphertexts01.bt",
	                                    "ShuffledCiphertexts.bt",
	                                    "proofs/x",
	                                    "proofs/Ciphertexts03.bt",
	                                    "proofs/Ciphertexts1.bt",
	                                    "proofs/KeepList01.bt",
	                                    "proofs/PoSReply03.bt",
	                                    "proofs/DecryptionFactors03.bt",
	                                    "proofs/DecryptionFactors26.bt",
	                                    "proofs/version",
	                                    "proofs/more/x",
	                                    "more/x"};
	struct world w;
	struct error err;
	struct mix_layout l;
	mixed(&w, 1);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		world_write(w.folder, names[i], BYTES_LITERAL("1"));
		assert_fails(mix_layout_read(&l, w.folder, &w.session, &err), err, ERROR_MALFORMED);
		assert_ok(w.folder->remove(w.folder, names[i], &err), err);
	}
	world_done(&w);
}

static void texts_must_be_exactly_right(void **state)
{
	(void)state;
	static const struct {
		const char *path, *content;
	} cases[] = {
		{"version", "3.1.0\n"},
		{"version", "3.1"},
		{"version", ""},
		{"type", "Mixing"},
		{"type", "shuffling"},
		{"type", "decryption"},
		{"auxsid", "l2"},
		{"auxsid", ""},
		{"width", "2"},
		{"width", "01"},
		{"width", "1 "},
		{"proofs/activethreshold", "1"},
		{"proofs/activethreshold", "3"},
		{"proofs/activethreshold", "02"},
		{"proofs/activethreshold", ""},
		{"proofs/maxciph", "3"},
		{"proofs/maxciph", "2"},
		{"proofs/maxciph", "0"},
	};
	struct world w;
	struct error err;
	struct mix_layout l;
	mixed(&w, 1);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool is_new = !w.folder->exists(w.folder, cases[i].path);
		bytes before = is_new ? BYTES_NONE : world_read(w.folder, cases[i].path);
		world_write(w.folder, cases[i].path, bytes_of_text(cases[i].content));
		if (mix_layout_read(&l, w.folder, &w.session, &err))
			fail_msg("accepted %s: %s", cases[i].path, cases[i].content);
		assert_int_equal(err.kind, ERROR_MALFORMED);
		if (is_new)
			assert_ok(w.folder->remove(w.folder, cases[i].path, &err), err);
		else
			world_write(w.folder, cases[i].path, before);
	}
	assert_ok(mix_layout_read(&l, w.folder, &w.session, &err), err);
	world_done(&w);
}

static void the_width_of_the_session_decides_how_long_a_list_is(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	struct mix_layout l;
	uint64_t n;
	mixed(&w, 1);
	w.session.width = 2;
	assert_fails(mix_layout_read(&l, w.folder, &w.session, &err), err, ERROR_MALFORMED);
	assert_ok(mix_list_length(&n, w.folder, "Ciphertexts.bt", 1, &err), err);
	assert_int_equal(n, 3);
	assert_fails(mix_list_length(&n, w.folder, "version", 1, &err), err, ERROR_MALFORMED);
	assert_fails(mix_list_length(&n, w.folder, "nothing", 1, &err), err, ERROR_MALFORMED);
	world_done(&w);
}

static void a_key_of_another_polynomial_is_refused(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	struct mix_key key;
	mixed(&w, 1);
	assert_ok(mix_key_read(&key, w.folder, &w.session, &err), err);
	assert_true(point_equal(&key.y, &w.key.y));
	for (unsigned p = 1; p <= 2; p++) {
		point mine, share, g = point_generator();
		point_mul(&mine, &w.share[p], &g);
		mix_key_share_vartime(&share, &key, &w.session, p);
		assert_true(point_equal(&mine, &share));
	}
	struct mix_key other = w.key;
	other.polynomial[0] = other.polynomial[1];
	assert_ok(mix_dir_write(w.folder, &w.session, &other, MIX_MIXING, 2, &err), err);
	assert_fails(mix_key_read(&key, w.folder, &w.session, &err), err, ERROR_MALFORMED);
	other.y = other.polynomial[0] = point_infinity();
	assert_ok(mix_dir_write(w.folder, &w.session, &other, MIX_MIXING, 2, &err), err);
	assert_fails(mix_key_read(&key, w.folder, &w.session, &err), err, ERROR_MALFORMED);
	world_done(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_named_as_documented),
		cmocka_unit_test(sizes_are_the_documented_ones),
		cmocka_unit_test(the_layout_of_a_mix_is_read),
		cmocka_unit_test(a_missing_file_is_named),
		cmocka_unit_test(a_file_that_does_not_belong_there_is_refused),
		cmocka_unit_test(texts_must_be_exactly_right),
		cmocka_unit_test(the_width_of_the_session_decides_how_long_a_list_is),
		cmocka_unit_test(a_key_of_another_polynomial_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
