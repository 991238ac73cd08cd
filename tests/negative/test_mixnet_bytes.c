/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No byte of a proof directory can change: every byte of every file of small proofs is altered, cut
 * off and appended to.
 */
#include "unit/protocol/mixnet/world.h"

#include <stdlib.h>

static const bool first_two[LIMIT_PARTIES + 1] = {false, true, true, false};
static const unsigned in_order[] = {1, 2};

/* 2-of-3 with an absent party, so that placeholders are there as well. */
static void mixed(struct world *w, uint32_t width, uint64_t n)
{
	world_init(w, 3, 2, width, n, NULL);
	world_mix(w, in_order, 2, first_two);
}

static void is_refused(struct world *w, const char *file, size_t at, uint8_t mask)
{
	struct error err;
	error_clear(&err);
	if (world_verify(w, NULL, &err))
		fail_msg("accepted: %s, byte %zu, bits %02x", file, at, mask);
	if (err.kind != ERROR_REJECTED && err.kind != ERROR_MALFORMED)
		fail_msg("%s, byte %zu: %s %s", file, at, error_kind_name(err.kind), err.what);
	assert_true(w->findings_count > 0);
}

typedef void spoil_fn(struct world *w, const char *file, uint8_t *bytes_of_file, size_t len);

static void for_every_file(struct world *w, spoil_fn *spoil)
{
	struct mix_path files[64];
	struct error err;
	size_t count = world_files(w->folder, files, 64);
	assert_ok(world_verify(w, NULL, &err), err);
	for (size_t i = 0; i < count; i++) {
		bytes good = world_read(w->folder, files[i].text);
		uint8_t *copy = malloc(good.len + 16);
		assert_non_null(copy);
		memcpy(copy, good.p, good.len);
		memset(copy + good.len, 0, 16);
		spoil(w, files[i].text, copy, good.len);
		world_write(w->folder, files[i].text, good);
		free(copy);
	}
	assert_ok(world_verify(w, NULL, &err), err);
}

static void flip_sampled_bytes(struct world *w, const char *file, uint8_t *b, size_t len)
{
	size_t step = (size_t)TEST_COUNT(1 + len / 24, 1);
	size_t at = (size_t)test_random_below(step);
	for (; at < len; at += step) {
		uint8_t mask = (uint8_t)(1u << test_random_below(8));
		b[at] ^= mask;
		world_write(w->folder, file, bytes_of(b, len));
		is_refused(w, file, at, mask);
		b[at] ^= mask;
	}
}

/* The first headers, a whole first point, and the last bytes: every one. */
static void flip_every_byte_at_the_ends(struct world *w, const char *file, uint8_t *b, size_t len)
{
	for (size_t at = 0; at < len; at++) {
		if (at >= 28 && at + 3 < len)
			continue;
		b[at] ^= 0x80;
		world_write(w->folder, file, bytes_of(b, len));
		is_refused(w, file, at, 0x80);
		b[at] ^= 0x80;
	}
}

static void cut_everywhere(struct world *w, const char *file, uint8_t *b, size_t len)
{
	for (size_t at = 0; at < len; at++) {
		world_write(w->folder, file, bytes_of(b, at));
		is_refused(w, file, at, 0);
	}
}

static void append(struct world *w, const char *file, uint8_t *b, size_t len)
{
	for (size_t more = 1; more <= 16; more++) {
		world_write(w->folder, file, bytes_of(b, len + more));
		is_refused(w, file, len, 0);
	}
}

/* Every length field and every tag byte of every tree in the file. */
static void alter_every_header(struct world *w, const char *file, uint8_t *b, size_t len)
{
	if (!strstr(file, ".bt"))
		return;
	for (size_t at = 0; at < len;) {
		size_t next = at + 5 + (b[at] == 1 ? load_be32(b + at + 1) : 0);
		size_t field = at + (size_t)test_random_below(5);
		uint8_t mask = (uint8_t)(field == at ? 1u : 1u << test_random_below(8));
		b[field] ^= mask;
		world_write(w->folder, file, bytes_of(b, len));
		is_refused(w, file, field, mask);
		b[field] ^= mask;
		at = next;
	}
}

static void a_flipped_bit_anywhere_is_refused(void **state)
{
	(void)state;
	struct world w;
	mixed(&w, 1, 2);
	for_every_file(&w, flip_sampled_bytes);
	world_done(&w);
}

static void a_flipped_bit_in_a_wide_proof_is_refused(void **state)
{
	(void)state;
	struct world w;
	mixed(&w, 2, 3);
	for_every_file(&w, flip_sampled_bytes);
	world_done(&w);
}

static void altered_first_and_last_bytes_are_refused(void **state)
{
	(void)state;
	struct world w;
	mixed(&w, 1, 1);
	for_every_file(&w, flip_every_byte_at_the_ends);
	world_done(&w);
}

static void altered_headers_are_refused(void **state)
{
	(void)state;
	struct world w;
	mixed(&w, 2, 2);
	for_every_file(&w, alter_every_header);
	world_done(&w);
}

static void a_file_cut_at_any_byte_is_refused(void **state)
{
	(void)state;
	struct world w;
	mixed(&w, 1, 1);
	for_every_file(&w, cut_everywhere);
	world_done(&w);
}

static void bytes_after_the_end_are_refused(void **state)
{
	(void)state;
	struct world w;
	mixed(&w, 1, 2);
	for_every_file(&w, append);
	world_done(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flipped_bit_anywhere_is_refused),
		cmocka_unit_test(a_flipped_bit_in_a_wide_proof_is_refused),
		cmocka_unit_test(altered_first_and_last_bytes_are_refused),
		cmocka_unit_test(altered_headers_are_refused),
		cmocka_unit_test(a_file_cut_at_any_byte_is_refused),
		cmocka_unit_test(bytes_after_the_end_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
