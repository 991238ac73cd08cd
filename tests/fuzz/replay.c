/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target without a fuzzer: PROGRAM CORPUS [ROUNDS] feeds it every file of the folder,
 * every truncation of the first bytes of each, and ROUNDS mutations from a printed seed (a thousand
 * times as many in a soak). A finding is a crash.
 */
#include "support/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define INPUTS_MAX 4096u
#define INPUT_BYTES_MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bytes inputs[INPUTS_MAX];
static size_t inputs_count;

/* A copy of exactly the size, so that a sanitizer sees a read one byte past the end. */
static void feed(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + (size == 0));
	if (!copy)
		abort();
	if (size > 0)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void load(const char *folder)
{
	DIR *dir = opendir(folder);
	if (!dir)
		return; /* no corpus yet: mutations of nothing are inputs too */
	for (struct dirent *e; (e = readdir(dir)) && inputs_count < INPUTS_MAX;) {
		char path[4096];
		if (e->d_name[0] == '.')
			continue;
		if (snprintf(path, sizeof path, "%s/%s", folder, e->d_name) < (int)sizeof path)
			inputs[inputs_count++] = test_file(path);
	}
	closedir(dir);
}

static void mutate(uint8_t *room, size_t *size)
{
	for (uint64_t edits = 1 + test_random_below(4); edits > 0; edits--) {
		size_t at = *size ? (size_t)test_random_below(*size) : 0;
		switch (test_random_below(5)) {
		case 0: /* one bit */
			if (*size)
				room[at] ^= (uint8_t)(1u << test_random_below(8));
			break;
		case 1: /* a byte of those that parsers are sensitive to */
			if (*size)
				room[at] = (uint8_t) "\x00\x01\x7f\x80\xff\"{}[],\n0"[test_random_below(13)];
			break;
		case 2: /* the end is missing */
			*size = at;
			break;
		case 3: /* a piece is there twice */
			if (*size < INPUT_BYTES_MAX / 2) {
				memmove(room + at + (*size - at), room + at, *size - at);
				*size += *size - at;
			}
			break;
		default: /* one more byte */
			if (*size < INPUT_BYTES_MAX)
				room[(*size)++] = (uint8_t)test_random_u64();
		}
	}
}

int main(int argc, char **argv)
{
	static uint8_t room[INPUT_BYTES_MAX + 1];
	if (argc < 2 || argc > 3) {
		fputs("usage: PROGRAM CORPUS [ROUNDS]\n", stderr);
		return 2;
	}
	load(argv[1]);
	feed(NULL, 0);
	for (size_t i = 0; i < inputs_count; i++) {
		feed(inputs[i].p, inputs[i].len);
		for (size_t size = 0; size < inputs[i].len && size < 2000; size++)
			feed(inputs[i].p, size);
	}
	uint64_t few = argc == 3 ? strtoull(argv[2], NULL, 10) : 5000;
	uint64_t rounds = TEST_COUNT(few, few * 1000);
	for (uint64_t i = 0; i < rounds; i++) {
		bytes from = BYTES_NONE;
		if (inputs_count)
			from = inputs[test_random_below(inputs_count)];
		size_t size = from.len < INPUT_BYTES_MAX ? from.len : INPUT_BYTES_MAX;
		if (size > 0)
			memcpy(room, from.p, size);
		mutate(room, &size);
		feed(room, size);
	}
	printf("%zu inputs of the corpus, %llu mutations\n", inputs_count, (unsigned long long)rounds);
	return 0;
}
