/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kinds of alteration: what it is called, which check must be the first to fail, how it is made.
 * For one test program; `u` is the record at hand. Include support.h first.
 */
#ifndef DIFFERENTIAL_KINDS_H
#define DIFFERENTIAL_KINDS_H

#include "differential/verifiers_compare.h"
#include "differential/verifiers_keep.h"
#include "differential/verifiers_reseal.h"

struct kind {
	const char *code, *what;
	void (*alter)(const struct kind *k);
	const char *path, *text; /* what alter() needs of them */
	long at, more;
	enum { SEAL_ALL, SEAL_LOG, SEAL_NONE } seal; /* what is made to fit: all signatures, the log */
};

#define KIND(code_, what_, ...)                            \
	{                                                      \
		.code = code_, .what = what_, .alter = __VA_ARGS__ \
	}

static size_t kinds_count;
static const struct kind *kinds_seen[1024];

/* Each a different alteration: no two have one name. */
static void count_kind(const struct kind *k)
{
	for (size_t i = 0; i < kinds_count; i++)
		if (strcmp(kinds_seen[i]->what, k->what) == 0 && kinds_seen[i] != k)
			fail_msg("two kinds are called \"%s\"", k->what);
	assert_true(kinds_count < sizeof kinds_seen / sizeof *kinds_seen);
	kinds_seen[kinds_count++] = k;
}

/* In soak all of them; else one in three, and which third is drawn. */
static size_t kinds_tried;
static bool is_due(void)
{
	static uint64_t third = UINT64_MAX;
	if (third == UINT64_MAX)
		third = test_random_below(3);
	if (TEST_COUNT(0, 1) == 0 && kinds_count % 3 != third)
		return false;
	kinds_tried++;
	return true;
}

static void try_kinds(const struct kind *kinds, size_t n, const struct kept_files *from)
{
	for (size_t i = 0; i < n; i++) {
		const struct kind *k = &kinds[i];
		const struct record_anchor anchor = {.kind = ANCHOR_ELECTION, .eid = u.key.eid};
		count_kind(k);
		if (!is_due())
			continue;
		k->alter(k);
		compare_with(k->what, &anchor, k->code);
		restore(from, &u);
	}
}
#define TRY_KINDS(table, from) try_kinds(table, sizeof(table) / sizeof *(table), from)

/* --- one file --- */

static void fit(const struct kind *k)
{
	if (k->seal == SEAL_ALL)
		resign();
	if (k->seal != SEAL_NONE)
		relog();
}

static void put_back(const struct kind *k, bytes b)
{
	urn_write(&u, k->path, b);
	free((void *)(uintptr_t)b.p);
	fit(k);
}

/* A file with room behind it. at < 0: from its end. */
static bytes taken(const struct kind *k, uint8_t **p, size_t *at)
{
	bytes b = urn_file(&u, k->path);
	uint8_t *room = realloc((void *)(uintptr_t)b.p, b.len + ((size_t)2 << 20));
	assert_non_null(room);
	*p = room;
	*at = k->at < 0 ? b.len - (size_t)-k->at : (size_t)k->at;
	assert_true(*at <= b.len);
	return bytes_of(room, b.len);
}

static void file_removed(const struct kind *k)
{
	struct error e;
	error_clear(&e);
	assert_true(u.record->exists(u.record, k->path));
	assert_ok(u.record->remove(u.record, k->path, &e), e);
	fit(k);
}

static void bit_turned(const struct kind *k)
{
	uint8_t *p;
	size_t at;
	bytes b = taken(k, &p, &at);
	p[at] ^= 1;
	put_back(k, b);
}

static void byte_put(const struct kind *k)
{
	uint8_t *p;
	size_t at;
	bytes b = taken(k, &p, &at);
	p[at] = (uint8_t)k->more;
	put_back(k, b);
}

static void end_cut(const struct kind *k)
{
	uint8_t *p;
	size_t at;
	bytes b = taken(k, &p, &at);
	b.len = at;
	put_back(k, b);
}

/* text behind it, or `more` zeros */
static void end_added(const struct kind *k)
{
	uint8_t *p;
	size_t at, len = k->text ? strlen(k->text) : (size_t)k->more;
	bytes b = taken(k, &p, &at);
	memset(p + b.len, 0, len);
	if (k->text)
		memcpy(p + b.len, k->text, len);
	b.len += len;
	put_back(k, b);
}

/* `more` bytes at `at` exchanged with as many behind them. */
static void parts_swapped(const struct kind *k)
{
	uint8_t *p, room[1024];
	size_t at, len = (size_t)k->more;
	bytes b = taken(k, &p, &at);
	assert_true(at + 2 * len <= b.len && len <= sizeof room);
	memcpy(room, p + at, len);
	memcpy(p + at, p + at + len, len);
	memcpy(p + at + len, room, len);
	put_back(k, b);
}

/* The point at `at` becomes infinity. */
static void point_emptied(const struct kind *k)
{
	uint8_t *p;
	size_t at;
	bytes b = taken(k, &p, &at);
	memset(p + at + 10, 0xff, 33);
	memset(p + at + 48, 0xff, 33);
	put_back(k, b);
}

/* The leaf of 33 bytes at `at` becomes 00 ff…: no scalar, and no coordinate. */
static void number_filled(const struct kind *k)
{
	uint8_t *p;
	size_t at;
	bytes b = taken(k, &p, &at);
	memset(p + at + 6, 0xff, 32);
	put_back(k, b);
}

/* The file becomes a text, or what another file is. */
static void file_became(const struct kind *k)
{
	if (k->text[0] == '=') {
		bytes b = urn_file(&u, k->text + 1);
		urn_write(&u, k->path, b);
		free((void *)(uintptr_t)b.p);
	} else {
		urn_write(&u, k->path, bytes_of_text(k->text));
	}
	fit(k);
}

static void files_swapped(const struct kind *k)
{
	bytes a = urn_file(&u, k->path), b = urn_file(&u, k->text);
	urn_write(&u, k->path, b);
	urn_write(&u, k->text, a);
	free((void *)(uintptr_t)a.p);
	free((void *)(uintptr_t)b.p);
	fit(k);
}

/* The first place of `path`'s content in manifest.json becomes `text`; see kinds_manifest.h. */
static bool replaced(const char *path, const char *find, const char *with)
{
	static uint8_t room[2u << 20];
	bytes b = urn_file(&u, path);
	struct tree_writer w = TREE_WRITER(room);
	size_t len = strlen(find), i = 0;
	while (i + len <= b.len && memcmp(b.p + i, find, len) != 0)
		i++;
	bool found = i + len <= b.len;
	if (found) {
		tree_write_raw(&w, bytes_of(b.p, i));
		tree_write_raw(&w, bytes_of_text(with));
		tree_write_raw(&w, bytes_from(b, i + len));
		urn_write(&u, path, tree_written(&w));
	}
	free((void *)(uintptr_t)b.p);
	return found;
}

/* In a file, text (before the first "=>") becomes what stands behind it. */
static void text_replaced(const struct kind *k)
{
	char find[256];
	const char *arrow = strstr(k->text, "=>");
	assert_non_null(arrow);
	snprintf(find, sizeof find, "%.*s", (int)(arrow - k->text), k->text);
	if (!replaced(k->path, find, arrow + 2))
		fail_msg("%s: \"%s\" is not in %s", k->what, find, k->path);
	fit(k);
}

#endif
