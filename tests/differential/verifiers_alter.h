/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alterations of a finished record, of files and of the log. For one test program; `u` is
 * random_box.h's. Include support.h first.
 */
#ifndef DIFFERENTIAL_VERIFIERS_ALTER_H
#define DIFFERENTIAL_VERIFIERS_ALTER_H

#include "differential/verifiers_compare.h"
#include "differential/verifiers_signed.h"

static bytes any_file(char path[static RECORD_PATH_BYTES])
{
	struct tally_files files;
	tally_files(&files, u.record);
	memcpy(path, files.file[test_random_below(files.count)].path, RECORD_PATH_BYTES);
	free(files.file);
	return urn_file(&u, path);
}

/* One file of the record: one bit, a missing end, one byte more, other bytes of the same length. */
static void spoil_bytes(struct text *what, const char *path, bytes b)
{
	uint8_t *p = (uint8_t *)(uintptr_t)b.p; /* with room for a byte more: urn_file */
	size_t at = b.len ? (size_t)test_random_below(b.len) : 0;
	uint8_t mask = (uint8_t)(1 << test_random_below(8));
	switch (b.len ? test_random_below(6) : 2) {
	case 0:
		text_add(what, "cut: ");
		b.len = at;
		break;
	case 1:
		text_add(what, "byte dropped: ");
		memmove(p + at, p + at + 1, b.len - at - 1);
		b.len--;
		break;
	case 2:
		text_add(what, "byte more: ");
		p[b.len++] = mask;
		break;
	default:
		text_add(what, "bit: ");
		p[at] ^= mask;
		break;
	}
	text_add(what, path);
	text_add(what, " at ");
	text_add_u64(what, at);
	urn_write(&u, path, b);
}

static void exchange_files(struct text *what, const char *path, bytes b)
{
	char other[RECORD_PATH_BYTES];
	bytes theirs = any_file(other);
	text_add(what, "exchanged: ");
	text_add(what, path);
	text_add(what, ", ");
	text_add(what, other);
	urn_write(&u, path, theirs);
	urn_write(&u, other, b);
	free((void *)(uintptr_t)theirs.p);
}

static void stray_file(struct text *what, bytes b)
{
	static const char *const names[] = {"x",
	                                    "log/x",
	                                    "endorse/l1/empty-01.bt",
	                                    "endorse/close-09.bt",
	                                    "proof/l1/x",
	                                    "proof/l1/nizkp/l1/x",
	                                    "proof/l9/protInfo.xml",
	                                    "ceremony/1/failed-01.bt",
	                                    "ceremony/2/r0-01.bt",
	                                    "evidence/x",
	                                    "voids.bt",
	                                    "credentials.bt",
	                                    "credentials-signature.bt"};
	const char *name = names[test_random_below(sizeof names / sizeof *names)];
	text_add(what, "put: ");
	text_add(what, name);
	urn_write(&u, name, b);
}

/* Entries of the log: one dropped, doubled, or exchanged with the next. */
static void spoil_entries(struct text *what)
{
	bytes log = urn_file(&u, "log/entries");
	uint8_t *out = malloc(2 * log.len);
	size_t start[512], n = 0, len = 0;
	assert_non_null(out);
	for (size_t at = 0; at < log.len && n < 500; at += 2 + ((size_t)log.p[at] << 8 | log.p[at + 1]))
		start[n++] = at;
	start[n] = log.len;
	size_t k = (size_t)test_random_below(n - 1);
	unsigned how = (unsigned)test_random_below(3);
	for (size_t i = 0; i < n; i++) {
		size_t from = i;
		if (how == 0 && i == k)
			continue;
		if (how == 2 && i == k)
			from = k + 1;
		if (how == 2 && i == k + 1)
			from = k;
		for (unsigned times = how == 1 && i == k ? 2 : 1; times > 0; times--) {
			memcpy(out + len, log.p + start[from], start[from + 1] - start[from]);
			len += start[from + 1] - start[from];
		}
	}
	text_add(what, how == 0   ? "entry dropped: "
	               : how == 1 ? "entry doubled: "
	                          : "entries turned: ");
	text_add_u64(what, k);
	urn_write(&u, "log/entries", bytes_of(out, len));
	free(out);
	free((void *)(uintptr_t)log.p);
}

/* The log names the altered files: only what they contain can give them away. */
static void log_anew(struct text *what)
{
	struct checkpoint c;
	const struct board_final f = {u.manifest, &u.key, u.record, &u.world, &u.board_key, NULL};
	error_clear(&err);
	assert_ok(u.record->remove(u.record, BOARD_FINAL_PATH, &err), err);
	if (!board_finish(&c, &f, &err))
		return;
	for (unsigned w = 0; w < u.manifest->witnesses_quorum; w++)
		urn_cosign(&u, BOARD_FINAL_PATH, w);
	text_add(what, ", logged anew");
}

static void alter(char what[static 160])
{
	char path[RECORD_PATH_BYTES];
	struct text t = {what, 160, 0, false};
	bytes b = any_file(path);
	switch (test_random_below(16)) {
	case 4:
	case 5:
		spoil_manifest(&t);
		break;
	case 6:
	case 7:
		spoil_ceremony(&t);
		break;
	case 8:
		say_failed(&t);
		if (test_random_below(2))
			spoil_ceremony(&t);
		break;
	case 0:
		text_add(&t, "removed: ");
		text_add(&t, path);
		assert_ok(u.record->remove(u.record, path, &err), err);
		break;
	case 1:
		exchange_files(&t, path, b);
		break;
	case 2:
		stray_file(&t, b);
		break;
	case 3:
		spoil_entries(&t);
		break;
	default:
		spoil_bytes(&t, path, b);
		break;
	}
	free((void *)(uintptr_t)b.p);
	if ((strncmp(path, "proof", 5) == 0 || strncmp(path, "endorse", 7) == 0 ||
	     strcmp(path, "result.json") == 0) &&
	    test_random_below(3))
		log_anew(&t);
}

#endif
