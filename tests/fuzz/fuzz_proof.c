/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A proof directory with one file that somebody else wrote. Bits of the first byte: the file
 * (modulo how many there are), and whether the input is the file or lies over the good one, from
 * where its first two bytes say. For any input: the verifier takes the directory as it was made and
 * no other, and says why; what it finds names a party and an element that there are.
 */
#include "unit/protocol/mixnet/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define N 2u
#define PARTIES 3u /* the third takes no part */
#define THRESHOLD 2u
#define FILES_MAX 32u

static struct world w;
static struct mix_path paths[FILES_MAX];
static bytes good[FILES_MAX];
static size_t files;

static void set_up(void)
{
	const uint64_t run = test_random_seed();
	static const unsigned shufflers[] = {1, 2};
	static const bool active[LIMIT_PARTIES + 1] = {false, true, true};
	test_random_restart(1);
	world_init(&w, PARTIES, THRESHOLD, 1, N, NULL);
	world_mix(&w, shufflers, 2, active);
	files = world_files(w.folder, paths, FILES_MAX);
	for (size_t i = 0; i < files; i++)
		good[i] = world_read(w.folder, paths[i].text);
	w.workers = serial_workers(1);
	test_random_restart(run);
}

static void check_findings(const struct error *err)
{
	require(err->kind == ERROR_MALFORMED || err->kind == ERROR_REJECTED ||
	        err->kind == ERROR_LIMIT);
	require(err->what != NULL && w.findings_count > 0);
	for (size_t i = 0; i < w.findings_count; i++) {
		require(mix_check_name(w.findings[i].check) && w.findings[i].party <= PARTIES);
		/* of a file it is a place in it */
		require(w.findings[i].check == MIX_CHECK_FILES || w.findings[i].at == ERROR_NOWHERE ||
		        w.findings[i].at < N);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t room[1 << 16];
	struct error err;
	if (files == 0)
		set_up();
	if (size == 0 || size > sizeof room)
		return 0;
	size_t file = (data[0] & 0x7f) % files;
	bytes in = bytes_of(data + 1, size - 1), old = good[file];
	if (data[0] & 0x80 && in.len >= 2 && old.len > 0) {
		size_t at = ((size_t)in.p[0] << 8 | in.p[1]) % old.len, len = in.len - 2;
		memcpy(room, old.p, old.len);
		memcpy(room + at, in.p + 2, len < old.len - at ? len : old.len - at);
		in = bytes_of(room, old.len);
	}
	size_t mark = arena_mark(&w.arena);
	error_clear(&err);
	world_write(w.folder, paths[file].text, in);
	bool accepted = world_verify(&w, NULL, &err);
	require(accepted == bytes_equal(in, old));
	if (!accepted)
		check_findings(&err);
	require(arena_mark(&w.arena) == mark);
	world_write(w.folder, paths[file].text, old);
	return 0;
}
