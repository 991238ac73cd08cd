/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of alteration of the log, its objects, its checkpoints, and of names in the record. */
#ifndef DIFFERENTIAL_KINDS_LOG_H
#define DIFFERENTIAL_KINDS_LOG_H

#include "differential/kinds.h"

#define STRAY(name) KIND("4.1", name, file_became, name, "x", 0, 0, SEAL_NONE)
/* With lists l1 and l2, 4 parties, mode server. */
static const struct kind of_names[] = {
	STRAY("x"),
	STRAY("manifest.json~"),
	STRAY("credentials.bt"),
	STRAY("more/x"),
	STRAY("log/entries2"),
	STRAY("log/tiles/0"),
	STRAY("endorse/close-00.bt"),
	STRAY("endorse/close-05.bt"),
	STRAY("endorse/close-1.bt"),
	STRAY("endorse/mix-01.bt"),
	STRAY("endorse/l3/mix-01.bt"),
	STRAY("endorse/l1/result-01.bt"),
	STRAY("endorse/l1/mix-01.bt.old"),
	STRAY("proof/x"),
	STRAY("proof/l01/protInfo.xml"),
	STRAY("proof/l3/protInfo.xml"),
	STRAY("proof/l1/nizkp/l2/version"),
	STRAY("proof/l1/nizkp/version"),
	STRAY("proof/l1/protInfo.xml~"),
};

/* --- entries --- */

static void entry_dropped(const struct kind *k)
{
	edit_load();
	edit_drop(edit_find(k->text, (size_t)k->at));
	edit_write();
}

static void entry_doubled(const struct kind *k)
{
	edit_load();
	size_t i = edit_find(k->text, 0);
	edit_put(i, edited(i));
	edit_write();
}

/* The first entry of `text` goes to before the first of `path` (its end: behind all). */
static void entry_moved(const struct kind *k)
{
	uint8_t room[EDIT_ENTRY_MAX];
	edit_load();
	size_t from = edit_find(k->text, 0), len = edit.e[from].len;
	memcpy(room, edit.e[from].b, len);
	edit_drop(from);
	edit_put(k->path ? edit_find(k->path, 0) : edit.n, bytes_of(room, len));
	edit_write();
}

/* The same, and its object is no more: one fault, not two. */
static void entry_moved_alone(const struct kind *k)
{
	struct error e;
	const char *path = strcmp(k->text, "void") == 0 ? "voids.bt" : "ballots.bt";
	bytes b = urn_file(&u, path);
	error_clear(&e);
	edit_load();
	size_t i = edit_find(k->text, 0);
	size_t size = (size_t)load_be64(edit.e[i].b + edit.e[i].len - (path[0] == 'v' ? 8 : 17));
	if (size == b.len)
		assert_ok(u.record->remove(u.record, path, &e), e);
	else
		urn_write(&u, path, bytes_from(b, size));
	free((void *)(uintptr_t)b.p);
	entry_moved(k);
}

static void plain_entry_put(const struct kind *k)
{
	edit_load();
	edit_entry(edit_find(k->path, 0), &(struct entry){.kind = (enum entry_kind)k->at});
	edit_write();
}

/* Byte `at` of the first entry of `text` becomes `more`. */
static void entry_byte(const struct kind *k)
{
	edit_load();
	size_t i = edit_find(k->text, 0);
	assert_true(i < edit.n);
	edit.e[i].b[k->at < 0 ? edit.e[i].len - (size_t)-k->at : (size_t)k->at] = (uint8_t)k->more;
	edit_write();
}

/* `more` bytes more or less at its end. */
static void entry_resized(const struct kind *k)
{
	edit_load();
	size_t i = edit_find(k->text, 0);
	assert_true(i < edit.n);
	if (k->more > 0)
		memset(edit.e[i].b + edit.e[i].len, 0, (size_t)k->more);
	edit.e[i].len = (size_t)((long)edit.e[i].len + k->more);
	edit_write();
}

/* One bit of its object's digest, with a ballot whose type is not long. */
static void entry_bit(const struct kind *k)
{
	edit_load();
	size_t i = edit_find(k->text, 0);
	assert_true(i < edit.n);
	edit.e[i].b[k->at < 0 ? edit.e[i].len - (size_t)-k->at : (size_t)k->at] ^= 1;
	edit_write();
}

static void entries_emptied(const struct kind *k)
{
	edit_load();
	edit.n = (size_t)k->more;
	edit_write();
}

/* A u64 of the entry, the last child but `at` bytes. */
static void entry_number(const struct kind *k)
{
	edit_load();
	size_t i = edit_find(k->text, 0);
	assert_true(i < edit.n);
	store_be64(edit.e[i].b + edit.e[i].len - (size_t)k->at, (uint64_t)k->more);
	edit_write();
}

static const struct kind of_entries[] = {
	KIND("4.2", "no log", file_removed, "log/entries", NULL, 0, 0, SEAL_NONE),
	KIND("4.2", "an empty log", entries_emptied),
	KIND("4.2", "a log of one entry", entries_emptied, NULL, NULL, 0, 1),
	KIND("4.2", "a log that ends within a length", end_added, "log/entries", NULL, 0, 1, SEAL_NONE),
	KIND("4.2", "a log that ends within an entry", end_cut, "log/entries", NULL, -1, 0, SEAL_NONE),
	KIND("4.2", "an entry without bytes", end_added, "log/entries", NULL, 0, 2, SEAL_NONE),
	KIND("4.2", "no entry of the manifest", entry_dropped, NULL, "manifest"),
	KIND("4.2", "no entry of the ceremony", entry_dropped, NULL, "ceremony"),
	KIND("4.2", "a log that was never opened", entry_dropped, NULL, "open"),
	KIND("4.2", "a log that was never closed", entry_dropped, NULL, "close"),
	KIND("4.2", "a tally missing in the log", entry_dropped, NULL, "tally"),
	KIND("4.2", "evidence in the log without a result", entry_dropped, NULL, "result"),
	KIND("4.2", "a log opened twice", entry_doubled, NULL, "open"),
	KIND("4.2", "a log closed twice", entry_doubled, NULL, "close"),
	KIND("4.2", "two entries of the manifest", entry_doubled, NULL, "manifest"),
	KIND("4.2", "one tally twice", entry_doubled, NULL, "tally"),
	KIND("4.2", "two results in the log", entry_doubled, NULL, "result"),
	KIND("4.2", "two entries of evidence", entry_doubled, NULL, "evidence"),
	KIND("4.2", "suspended twice", entry_doubled, NULL, "suspend"),
	KIND("4.2", "resumed twice", entry_doubled, NULL, "resume"),
	KIND("4.2", "tallies in another order", entry_moved, "result", "tally"),
	KIND("4.2", "a ballot before the opening", entry_moved, "open", "ballot"),
	KIND("4.2", "a ballot behind the end", entry_moved_alone, NULL, "ballot"),
	KIND("4.2", "a ballot behind close", entry_moved_alone, "tally", "ballot"),
	KIND("4.2", "an audit behind close", entry_moved_alone, "tally", "void"),
	KIND("4.2", "the ceremony before the manifest", entry_moved, "manifest", "ceremony"),
	KIND("4.2", "the evidence before the result", entry_moved, "result", "evidence"),
	KIND("4.2", "a ballot while suspended", entry_moved, "resume", "ballot"),
	KIND("4.2", "an audit while suspended", entry_moved, "resume", "void"),
	KIND("4.2", "resumed, and nothing was suspended", plain_entry_put, "suspend", NULL,
         ENTRY_RESUME),
	KIND("4.2", "suspended behind close", plain_entry_put, "tally", NULL, ENTRY_SUSPEND),
	KIND("4.2", "suspended before the opening", plain_entry_put, "open", NULL, ENTRY_SUSPEND),
	KIND("4.2", "an entry of no known type", entry_byte, NULL, "open", 10, 'O'),
	KIND("4.2", "an entry of another election", entry_bit, NULL, "close", -1),
	KIND("4.2", "an entry with a child more", entry_byte, NULL, "close", 4, 3),
	KIND("4.2", "an entry with a child less", entry_byte, NULL, "ballot", 4, 4),
	KIND("4.2", "an entry that is a leaf", entry_byte, NULL, "open", 0, 1),
	KIND("4.2", "an entry with bytes behind it", entry_resized, NULL, "suspend", 0, 1),
	KIND("4.2", "an entry cut short", entry_resized, NULL, "suspend", 0, -1),
	KIND("4.2", "an entry of more than 1024 bytes", entry_resized, NULL, "suspend", 0, 1000),
	KIND("4.2", "a ballot of no bytes", entry_number, NULL, "ballot", 17, 0),
	KIND("4.2", "a ballot of more bytes than there may be", entry_number, NULL, "ballot", 17,
         131073),
	KIND("4.2", "an audit of no bytes", entry_number, NULL, "void", 8, 0),
	KIND("4.2", "a negative weight", entry_byte, NULL, "ballot", -4, 0x80),
	KIND("4.2", "another manifest in the log", entry_bit, NULL, "manifest", -14),
	KIND("4.2", "another size of the manifest", entry_bit, NULL, "manifest", -1),
	KIND("4.2", "a manifest of 2 MiB in the log", entry_number, NULL, "manifest", 8, 2 << 20),
	KIND("4.2", "another ceremony in the log", entry_bit, NULL, "ceremony", -14),
	KIND("4.2", "another attempt in the log", entry_number, NULL, "ceremony", 8, 2),
	KIND("4.2", "an attempt 17 in the log", entry_number, NULL, "ceremony", 8, 17),
	KIND("4.2", "a tally of no list", entry_byte, NULL, "tally", -38, '9'),
	KIND("4.2", "evidence of no files in the log", entry_number, NULL, "evidence", 8, 0),
	KIND("4.2", "a result of no bytes in the log", entry_number, NULL, "result", 8, 0),
	KIND("4.7", "another tally in the log", entry_bit, NULL, "tally", -1),
	KIND("4.7", "another result in the log", entry_bit, NULL, "result", -14),
	KIND("4.7", "another size of the result in the log", entry_bit, NULL, "result", -1),
	KIND("4.7", "other evidence in the log", entry_bit, NULL, "evidence", -14),
	KIND("4.7", "more evidence in the log", entry_number, NULL, "evidence", 8, 9),
	KIND("4.7", "a log that says nothing of evidence", entry_dropped, NULL, "evidence"),
	KIND("4.3", "another digest of a ballot in the log", entry_bit, NULL, "ballot", -30),
	KIND("4.3", "another digest of an audit in the log", entry_bit, NULL, "void", -14),
	KIND("4.3", "another size of a ballot in the log", entry_bit, NULL, "ballot", -10),
	KIND("4.3", "a ballot less in the log", entry_dropped, NULL, "ballot"),
	KIND("4.3", "the only audit not in the log", entry_dropped, NULL, "void"),
	KIND("4.3", "a ballot twice in the log", entry_doubled, NULL, "ballot"),
	KIND("4.3", "no ballots.bt", file_removed, "ballots.bt", NULL, 0, 0, SEAL_NONE),
	KIND("4.3", "no voids.bt", file_removed, "voids.bt", NULL, 0, 0, SEAL_NONE),
	KIND("4.3", "an object cut off", end_cut, "ballots.bt", NULL, -1, 0, SEAL_NONE),
	KIND("4.3", "bytes behind the ballots", end_added, "ballots.bt", NULL, 0, 1, SEAL_NONE),
	KIND("4.3", "bytes behind the audits", end_added, "voids.bt", NULL, 0, 1, SEAL_NONE),
	KIND("4.3", "a bit of a ballot", bit_turned, "ballots.bt", NULL, 900, 0, SEAL_NONE),
	KIND("4.3", "a bit of an audit", bit_turned, "voids.bt", NULL, 700, 0, SEAL_NONE),
	KIND("4.3", "two ballots exchanged", parts_swapped, "ballots.bt", NULL, 0, 1011, SEAL_NONE),
};

/* --- checkpoints --- */

static char note_room[40000];

static struct text note_of(const char *path)
{
	bytes b = urn_file(&u, path);
	struct text t = TEXT_OF(note_room);
	text_add_bytes(&t, b);
	free((void *)(uintptr_t)b.p);
	return t;
}

/* Signed anew, by the board, of a text that is altered: `text` as in text_replaced. */
static void note_of_another_text(const struct kind *k)
{
	uint8_t blob[68];
	char find[128];
	struct error e;
	const char *arrow = strstr(k->text, "=>");
	error_clear(&e);
	snprintf(find, sizeof find, "%.*s", (int)(arrow - k->text), k->text);
	assert_true(replaced(k->path, find, arrow + 2));
	struct text t = note_of(k->path);
	size_t cut = 0;
	while (t.p[cut] != '\n' || t.p[cut + 1] != '\n')
		cut++;
	bytes text = bytes_of(t.p, cut + 1);
	note_key_id(blob, NOTE_BOARD, u.manifest->board.name, u.board_key.pub);
	identity_sign(blob + 4, &u.board_key, text);
	t.len = cut + 2;
	text_add(&t, "\xe2\x80\x94 ");
	text_add_bytes(&t, u.manifest->board.name);
	text_add(&t, " ");
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < 68; i += 3) {
		uint32_t v = (uint32_t)blob[i] << 16 | (uint32_t)(i + 1 < 68 ? blob[i + 1] : 0) << 8 |
		             (uint32_t)(i + 2 < 68 ? blob[i + 2] : 0);
		for (unsigned d = 0; d < 4; d++) {
			const char c[2] = {i + d > 68 ? '=' : digits[v >> (18 - 6 * d) & 63], 0};
			text_add(&t, c);
		}
	}
	text_add(&t, "\n");
	urn_write(&u, k->path, bytes_of(t.p, t.len));
}

/* Of fewer entries than there are, rightly signed and seen by everybody: another log. */
static void note_of_another_tree(const struct kind *k)
{
	struct merkle tree;
	edit_load();
	edit_trees();
	merkle_init(&tree);
	for (long i = 0; i < k->at; i++) {
		digest leaf = merkle_leaf(edited((size_t)i));
		merkle_append(&tree, &leaf);
	}
	sign_checkpoint(k->path,
	                k->at     ? &tree
	                : k->more ? &whole_tree
	                          : &closed_tree,
	                u.manifest->witnesses_count);
}

static void fewer_witnesses(const struct kind *k)
{
	edit_load();
	edit_trees();
	sign_checkpoint(k->path, k->more ? &whole_tree : &closed_tree, (unsigned)k->at);
}

/* Its line `at` (from 0) once more, or without it. */
static void line_doubled(const struct kind *k)
{
	struct text t = note_of(k->path);
	size_t from = 0, line = 0;
	for (; line < (size_t)k->at; line++)
		from = (size_t)((char *)memchr(t.p + from, '\n', t.len - from) + 1 - t.p);
	size_t to = (size_t)((char *)memchr(t.p + from, '\n', t.len - from) + 1 - t.p);
	memmove(t.p + to + (to - from), t.p + to, t.len - to);
	memcpy(t.p + to, t.p + from, to - from);
	urn_write(&u, k->path, bytes_of(t.p, t.len + to - from));
}

static void lines_turned(const struct kind *k)
{
	struct text t = note_of(k->path);
	size_t at[12] = {0}, n = 0;
	char copy[4096];
	for (size_t i = 0; i < t.len && n < 11; i++)
		if (t.p[i] == '\n')
			at[++n] = i + 1;
	size_t a = at[k->at], b = at[k->at + 1], c = at[k->at + 2];
	assert_true((size_t)k->at + 2 <= n);
	memcpy(copy, t.p + a, b - a);
	memmove(t.p + a, t.p + b, c - b);
	memcpy(t.p + a + (c - b), copy, b - a);
	urn_write(&u, k->path, bytes_of(t.p, t.len));
}

#define CLOSE "log/checkpoint-close"
#define FINAL "log/checkpoint"
/* With 4 witnesses of which 3 must sign. */
static const struct kind of_notes[] = {
	KIND("4.4", "no checkpoint-close", file_removed, CLOSE, NULL, 0, 0, SEAL_NONE),
	KIND("4.5", "no checkpoint", file_removed, FINAL, NULL, 0, 0, SEAL_NONE),
	KIND("4.4", "an empty note", file_became, CLOSE, "", 0, 0, SEAL_NONE),
	KIND("4.4", "a note without signatures", file_became, CLOSE, "a\n1\nb\neid c\n\n", 0, 0,
         SEAL_NONE),
	KIND("4.4", "a note of more than 32 KiB", end_added, CLOSE, NULL, 0, 33000, SEAL_NONE),
	KIND("4.4", "a note that is no UTF-8", byte_put, CLOSE, NULL, 3, 0xff, SEAL_NONE),
	KIND("4.4", "a note without its last line feed", end_cut, CLOSE, NULL, -1, 0, SEAL_NONE),
	KIND("4.4", "a note with a line feed more", end_added, CLOSE, "\n", 0, 0, SEAL_NONE),
	KIND("4.4", "a note with returns", text_replaced, CLOSE, "\n=>\r\n", 0, 0, SEAL_NONE),
	KIND("4.4", "a hyphen for the dash", text_replaced, CLOSE, "\xe2\x80\x94=>-", 0, 0, SEAL_NONE),
	KIND("4.4", "a signature of no base 64", text_replaced, CLOSE, "board =>board *", 0, 0,
         SEAL_NONE),
	KIND("4.4", "two blanks before a signature", text_replaced, CLOSE, "board =>board  ", 0, 0,
         SEAL_NONE),
	KIND("4.4", "the board's signature twice", line_doubled, CLOSE, NULL, 5, 0, SEAL_NONE),
	KIND("4.5", "a witness's signature twice", line_doubled, FINAL, NULL, 6, 0, SEAL_NONE),
	KIND("4.4", "a line of the text twice", line_doubled, CLOSE, NULL, 3, 0, SEAL_NONE),
	KIND("4.4", "the board does not sign first", lines_turned, CLOSE, NULL, 5, 0, SEAL_NONE),
	KIND("4.4", "a witness nobody knows", text_replaced, CLOSE, "w3.=>w4.", 0, 0, SEAL_NONE),
	KIND("4.4", "a witness under another's name", text_replaced, CLOSE, "w3.=>w2.", 0, 0,
         SEAL_NONE),
	KIND("4.5", "two witnesses under each other's names", text_replaced, FINAL,
         "w0.example.org =>w1.example.org ", 0, 0, SEAL_NONE),
	KIND("4.4", "a checkpoint of another board", note_of_another_text, CLOSE, "board\n=>bored\n"),
	KIND("4.4", "a checkpoint of another election", note_of_another_text, CLOSE, "eid =>eid 0"),
	KIND("4.4", "a checkpoint with upper case", note_of_another_text, CLOSE, "eid =>EID "),
	KIND("4.4", "a checkpoint with a zero in front", note_of_another_text, CLOSE,
         "board\n=>board\n0"),
	KIND("4.4", "a checkpoint of more entries", note_of_another_text, CLOSE, "board\n=>board\n1"),
	KIND("4.4", "a checkpoint of five lines", note_of_another_text, CLOSE, "eid =>more\neid "),
	KIND("4.4", "a root with other spaces", note_of_another_text, CLOSE, "=\n=>= \n"),
	KIND("4.4", "a root without its end", note_of_another_text, CLOSE, "=\n=>\n"),
	KIND("4.5", "a checkpoint signed by the board of a text with a line more", note_of_another_text,
         FINAL, "eid =>\neid "),
	KIND("4.4", "a closing of the log before the last ballot", note_of_another_tree, CLOSE, NULL,
         8),
	KIND("4.4", "a closing of the whole log", note_of_another_tree, CLOSE, NULL, 0, 1),
	KIND("4.5", "a checkpoint of the closed log only", note_of_another_tree, FINAL, NULL, 0, 0),
	KIND("4.4", "the other checkpoint", file_became, CLOSE, "=" FINAL, 0, 0, SEAL_NONE),
	KIND("4.6", "too few witnesses of the closing", fewer_witnesses, CLOSE, NULL, 2, 0),
	KIND("4.6", "too few witnesses of the end", fewer_witnesses, FINAL, NULL, 2, 1),
	KIND("4.6", "no witness of the end", fewer_witnesses, FINAL, NULL, 0, 1),
};

#endif
