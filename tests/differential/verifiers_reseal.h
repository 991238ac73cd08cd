/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes an altered record fit again, as those with all keys can: the authorities sign what now lies
 * there, the log names it, the board and the witnesses sign the log. Only the alteration is left to
 * give the record away. For one test program; `u` is the record at hand. Include support.h first.
 */
#ifndef DIFFERENTIAL_VERIFIERS_RESEAL_H
#define DIFFERENTIAL_VERIFIERS_RESEAL_H

#include "record/endorse.h"
#include "record/merkle.h"
#include "record/note.h"
#include "record/proof.h"
#include "unit/protocol/record/tally.h"
#include "unit/protocol/record/urn_log.h"

static struct urn u;
static struct urn_log l;

/* --- the log as a list of entries --- */

#define EDIT_ENTRIES_MAX 128u
#define EDIT_ENTRY_MAX 2048u

static struct {
	size_t n;
	struct {
		uint8_t b[EDIT_ENTRY_MAX];
		size_t len;
	} e[EDIT_ENTRIES_MAX];
} edit;

static void edit_load(void)
{
	bytes log = urn_file(&u, "log/entries");
	edit.n = 0;
	for (size_t at = 0; at < log.len;) {
		size_t len = (size_t)log.p[at] << 8 | log.p[at + 1];
		assert_true(edit.n < EDIT_ENTRIES_MAX && len <= EDIT_ENTRY_MAX);
		memcpy(edit.e[edit.n].b, log.p + at + 2, len);
		edit.e[edit.n++].len = len;
		at += 2 + len;
	}
	free((void *)(uintptr_t)log.p);
}

/* The place of the first entry of a type, from `from` on; of the last entry if there is none. */
static size_t edit_find(const char *type, size_t from)
{
	size_t i = from;
	for (; i < edit.n; i++) {
		size_t len = edit.e[i].len > 10 ? edit.e[i].b[9] : 0;
		if (len == strlen(type) && memcmp(edit.e[i].b + 10, type, len) == 0)
			break;
	}
	return i;
}

static inline void edit_drop(size_t i)
{
	assert_true(i < edit.n);
	memmove(&edit.e[i], &edit.e[i + 1], (--edit.n - i) * sizeof edit.e[0]);
}

/* Before entry i. */
static void edit_put(size_t i, bytes b)
{
	assert_true(i <= edit.n && edit.n < EDIT_ENTRIES_MAX && b.len <= EDIT_ENTRY_MAX);
	memmove(&edit.e[i + 1], &edit.e[i], (edit.n++ - i) * sizeof edit.e[0]);
	memmove(edit.e[i].b, b.p, b.len);
	edit.e[i].len = b.len;
}

static void edit_entry(size_t i, const struct entry *e)
{
	uint8_t room[LIMIT_LOG_ENTRY_BYTES];
	edit_put(i, entry_write(room, &u.key.eid, e));
}

static bytes edited(size_t i)
{
	return bytes_of(edit.e[i].b, edit.e[i].len);
}

/* Behind "close": the tallies, the result and the evidence as they lie there now. */
static void edit_tail(void)
{
	static const char *const evidence[] = {"evidence"};
	struct error e;
	char auxsid[AUXSID_BYTES];
	struct entry entry = {.kind = ENTRY_TALLY};
	error_clear(&e);
	edit.n = edit_find("close", 0) + 1;
	for (unsigned k = 0; k < u.manifest->lists_count; k++) {
		list_auxsid(auxsid, k);
		entry.auxsid = bytes_of_text(auxsid);
		assert_ok(statement_list_files(&entry.object, u.record, auxsid, &e), e);
		edit_entry(edit.n, &entry);
	}
	entry = (struct entry){.kind = ENTRY_RESULT};
	if (u.record->exists(u.record, "result.json")) {
		bytes b = urn_file(&u, "result.json");
		entry.object = sha256(b);
		entry.number = b.len ? b.len : 1;
		free((void *)(uintptr_t)b.p);
		edit_entry(edit.n, &entry);
	}
	entry = (struct entry){.kind = ENTRY_EVIDENCE};
	assert_ok(statement_files(&entry.object, &entry.number, u.record, evidence, 1, &e), e);
	if (entry.number)
		edit_entry(edit.n, &entry);
}

/* --- who signs --- */

static void sign_again(const char *auxsid, const char *kind, unsigned party, unsigned attempt,
                       const digest *statement)
{
	char path[RECORD_PATH_BYTES];
	struct error e;
	error_clear(&e);
	endorsement_path(path, auxsid, kind, party);
	assert_ok(u.record->remove(u.record, path, &e), e);
	assert_ok(endorsement_write(u.record, path, &u.identity[party - 1],
	                            (struct endorsed){attempt, statement}, &e),
	          e);
}

/* The tree of the first `size` entries, signed by the board and cosigned by `witnesses`. */
static void sign_checkpoint(const char *path, const struct merkle *tree, unsigned witnesses)
{
	char room[8192];
	struct text t = TEXT_OF(room);
	struct error e;
	const struct checkpoint c = {u.manifest->board.name, tree->size, merkle_root(tree), u.key.eid};
	error_clear(&e);
	assert_ok(checkpoint_sign(&t, &c, &u.board_key, &e), e);
	size_t text = 0;
	while (room[text] != '\n' || room[text + 1] != '\n')
		text++;
	for (unsigned w = 0; w < witnesses; w++) {
		const struct cosigner by = {u.manifest->witnesses[w].name, &u.witness[w], 1700000000 + w};
		assert_ok(checkpoint_cosign(&t, bytes_of(room, text + 1), &by, &e), e);
	}
	urn_write(&u, path, bytes_of(t.p, t.len));
}

static struct merkle closed_tree, whole_tree;

static void edit_trees(void)
{
	size_t close = edit_find("close", 0);
	merkle_init(&whole_tree);
	merkle_init(&closed_tree);
	for (size_t i = 0; i < edit.n; i++) {
		digest leaf = merkle_leaf(edited(i));
		merkle_append(&whole_tree, &leaf);
		if (i <= close)
			merkle_append(&closed_tree, &leaf);
	}
}

/* The entries as they stand, with checkpoints and closing signatures of everybody. */
static void edit_write(void)
{
	static uint8_t room[EDIT_ENTRIES_MAX * EDIT_ENTRY_MAX];
	size_t len = 0;
	for (size_t i = 0; i < edit.n; i++) {
		room[len++] = (uint8_t)(edit.e[i].len >> 8);
		room[len++] = (uint8_t)edit.e[i].len;
		memcpy(room + len, edit.e[i].b, edit.e[i].len);
		len += edit.e[i].len;
	}
	urn_write(&u, "log/entries", bytes_of(room, len));
	edit_trees();
	sign_checkpoint("log/checkpoint-close", &closed_tree, u.manifest->witnesses_count);
	sign_checkpoint("log/checkpoint", &whole_tree, u.manifest->witnesses_count);
	const digest closed = merkle_root(&closed_tree);
	const digest d = statement_close(&u.key.eid, closed_tree.size, &closed);
	for (unsigned p = 1; p <= u.manifest->authorities_count; p++)
		sign_again(NULL, "close", p, 0, &d);
}

/* --- endorsements of what lies there now --- */

static bool has_endorsement(const char *auxsid, const char *kind, unsigned party)
{
	char path[RECORD_PATH_BYTES];
	endorsement_path(path, auxsid, kind, party);
	return u.record->exists(u.record, path);
}

static bool has_file(unsigned list, enum mix_file file, unsigned party)
{
	char path[RECORD_PATH_BYTES];
	proof_file_path(path, list, file, party);
	return u.record->exists(u.record, path);
}

static digest digest_of(unsigned list, enum mix_file file, unsigned party)
{
	struct error e;
	digest d = {{0}};
	error_clear(&e);
	if (has_file(list, file, party))
		assert_ok(proof_digest(&d, u.record, list, file, party, &e), e);
	return d;
}

static digest resign_mixes(unsigned list, const char *auxsid)
{
	digest last = digest_of(list, MIX_FILE_INPUT, 0);
	for (unsigned p = 1; p <= u.manifest->authorities_count; p++) {
		if (!has_file(list, MIX_FILE_POS_COMMITMENT, p))
			continue;
		const struct statement_mix s = {p,
		                                last,
		                                digest_of(list, MIX_FILE_LIST, p),
		                                digest_of(list, MIX_FILE_PERMUTATION, p),
		                                digest_of(list, MIX_FILE_POS_COMMITMENT, p),
		                                digest_of(list, MIX_FILE_POS_REPLY, p)};
		const digest d = statement_mix(&u.key.eid, auxsid, &s);
		last = s.output;
		if (has_endorsement(auxsid, "mix", p))
			sign_again(auxsid, "mix", p, 0, &d);
	}
	return last;
}

static void resign_stages(unsigned list, const char *auxsid, const digest *last)
{
	static const char *const kinds[] = {"ready", "factors", "commitments"};
	const unsigned n = u.manifest->authorities_count;
	bool active[LIMIT_PARTIES + 1] = {false};
	digest parts[LIMIT_PARTIES];
	for (unsigned p = 1; p <= n; p++)
		active[p] = has_endorsement(auxsid, "ready", p);
	for (unsigned k = 0; k < 3; k++) {
		for (unsigned p = 1; p <= n; p++) {
			char path[RECORD_PATH_BYTES];
			struct error e;
			unsigned attempt;
			error_clear(&e);
			endorsement_path(path, auxsid, kinds[k], p);
			if (!u.record->exists(u.record, path) ||
			    !endorsement_attempt(&attempt, u.record, path, &e))
				continue;
			const struct statement_attempt about = {&u.key.eid, auxsid, attempt};
			for (unsigned i = 1; i <= n; i++)
				parts[i - 1] =
					digest_of(list, k == 1 ? MIX_FILE_FACTORS : MIX_FILE_DECRYPTION_COMMITMENT, i);
			const digest d = k == 0   ? statement_ready(&about, last, active, n)
			                 : k == 1 ? statement_factors(&about, parts, n)
			                          : statement_commitments(&about, parts, n);
			sign_again(auxsid, kinds[k], p, attempt, &d);
		}
	}
}

static void resign(void)
{
	digest plaintexts[64], result = {{0}};
	struct error e;
	size_t lists = 0;
	char auxsid[AUXSID_BYTES];
	error_clear(&e);
	for (unsigned k = 0; k < u.manifest->lists_count; k++) {
		list_auxsid(auxsid, k);
		const digest last = resign_mixes(k, auxsid);
		resign_stages(k, auxsid, &last);
		if (has_file(k, MIX_FILE_PLAINTEXTS, 0))
			plaintexts[lists++] = digest_of(k, MIX_FILE_PLAINTEXTS, 0);
	}
	if (u.record->exists(u.record, "result.json"))
		assert_ok(record_file_digest(&result, u.record, "result.json", &e), e);
	const digest d = statement_result(&u.key.eid, plaintexts, lists, &result);
	for (unsigned p = 1; p <= u.manifest->authorities_count; p++)
		if (has_endorsement(NULL, "result", p))
			sign_again(NULL, "result", p, 0, &d);
}

/* The log names what lies there. */
static void relog(void)
{
	edit_load();
	edit_tail();
	edit_write();
}

static void reseal(void)
{
	resign();
	relog();
}

#endif
