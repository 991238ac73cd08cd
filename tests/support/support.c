/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

static uint64_t state[4];
static bool seeded;

static uint64_t splitmix(uint64_t *x)
{
	uint64_t z = (*x += 0x9e3779b97f4a7c15u);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

void test_random_restart(uint64_t seed)
{
	seeded = true;
	for (size_t i = 0; i < 4; i++)
		state[i] = splitmix(&seed);
}

uint64_t test_random_seed(void)
{
	static uint64_t seed;
	if (seeded)
		return seed;
	const char *given = getenv("URNA_SEED");
	if (given)
		seed = strtoull(given, NULL, 0);
	else if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
		abort();
	test_random_restart(seed);
	fprintf(stderr, "URNA_SEED=%llu\n", (unsigned long long)seed);
	return seed;
}

static uint64_t rotl(uint64_t v, unsigned n)
{
	return v << n | v >> (64 - n);
}

uint64_t test_random_u64(void)
{
	test_random_seed();
	uint64_t result = rotl(state[1] * 5, 7) * 9, t = state[1] << 17;
	state[2] ^= state[0];
	state[3] ^= state[1];
	state[1] ^= state[2];
	state[0] ^= state[3];
	state[2] ^= t;
	state[3] = rotl(state[3], 45);
	return result;
}

uint64_t test_random_below(uint64_t bound)
{
	return test_random_u64() % bound;
}

static bool fill(struct rng *rng, uint8_t *out, size_t len, struct error *err)
{
	(void)rng;
	(void)err;
	for (size_t i = 0; i < len; i += 8) {
		uint64_t v = test_random_u64();
		memcpy(out + i, &v, len - i < 8 ? len - i : 8);
	}
	return true;
}

struct rng *test_rng(void)
{
	static struct rng rng = {fill};
	test_random_seed();
	return &rng;
}

uint64_t test_count(uint64_t sample, uint64_t soak)
{
	return getenv("URNA_SOAK") ? soak : sample;
}

/* Files read by a test live until the process ends; this list is what keeps them reachable. */
static void keep_until_exit(uint8_t *p)
{
	static struct kept {
		struct kept *next;
		uint8_t *p;
	} * all;
	struct kept *k = malloc(sizeof *k);
	if (!k)
		abort();
	*k = (struct kept){all, p};
	all = k;
}

static bool read_all(const char *path, bytes *out)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return false;
	size_t size = 0, room = 1 << 16;
	uint8_t *p = malloc(room);
	for (size_t n; p && (n = fread(p + size, 1, room - size, f)) > 0;) {
		size += n;
		if (size == room)
			p = realloc(p, room *= 2);
	}
	fclose(f);
	if (!p)
		abort();
	keep_until_exit(p);
	*out = bytes_of(p, size);
	return true;
}

static void data_path(char *room, size_t size, const char *path)
{
	const char *root = getenv("URNA_DATA");
	snprintf(room, size, "%s/%s", root ? root : "../shared/data", path);
}

bool test_data_exists(const char *path)
{
	char full[1024];
	data_path(full, sizeof full, path);
	FILE *f = fopen(full, "rb");
	if (f)
		fclose(f);
	return f != NULL;
}

bytes test_data(const char *path)
{
	char full[1024];
	bytes out = BYTES_NONE;
	data_path(full, sizeof full, path);
	if (!read_all(full, &out)) {
		fprintf(stderr, "skipped: no %s\n", path);
		skip();
	}
	return out;
}

bytes test_file(const char *path)
{
	char full[1024];
	bytes out = BYTES_NONE;
	const char *root = getenv("URNA_SOURCE");
	if (path[0] == '/')
		snprintf(full, sizeof full, "%s", path);
	else
		snprintf(full, sizeof full, "%s/%s", root ? root : ".", path);
	if (!read_all(full, &out))
		fail_msg("cannot read %s", full);
	return out;
}

struct arena *test_arena(void)
{
	static struct arena a;
	if (!a.base) {
		size_t size = (size_t)64 << 20;
		void *memory = aligned_alloc(ARENA_ALIGN, size);
		if (!memory)
			abort();
		arena_init(&a, memory, size);
	}
	return &a;
}

void test_from_hex(uint8_t *out, size_t len, const char *hex)
{
	if (!hex_decode(out, len, bytes_of_text(hex)))
		fail_msg("bad hex: %s", hex);
}

const char *test_hex(bytes b)
{
	static char room[4][8192];
	static unsigned next;
	char *out = room[next++ % 4];
	if (b.len > 4000)
		b.len = 4000;
	hex_encode(out, b);
	return out;
}
