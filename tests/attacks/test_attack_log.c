/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attack 47, and those of docs/protocol.md on the log, its witnesses, the manifest and the anchor:
 * board and authorities are in league, sign whatever they make, and one thing is not as it was.
 */
#include "support/support.h"

#include "attacks/scene.h"
#include "record/proof.h"

static uint8_t room[URN_BALLOT_MAX];

static void honest_record(unsigned voters)
{
	scene_open();
	for (unsigned i = 0; i < voters; i++)
		scene_vote(room, i, 0);
	scene_named("honest");
}

/* --- 47: what is mixed is not what was logged --- */

#define INPUT "proof/l1/nizkp/l1/Ciphertexts.bt"
static enum omission {
	DROPPED,
	DOUBLED,
	COPIED_OVER,
	REORDERED,
	STUFFED,
	REENCRYPTED,
	HALVES_EXCHANGED,
	OMISSIONS
} omission;

static void put_list(const uint8_t *us, const uint8_t *vs, size_t n)
{
	uint8_t out[4096];
	size_t at = tree_put_node(out, 2);
	assert_true(15 + 162 * n <= sizeof out);
	at += tree_put_node(out + at, (uint32_t)n);
	memcpy(out + at, us, 81 * n);
	at += 81 * n;
	at += tree_put_node(out + at, (uint32_t)n);
	memcpy(out + at, vs, 81 * n);
	urn_write(&u, INPUT, bytes_of(out, at + 81 * n));
}

static void shift(uint8_t *tree, const point *by)
{
	point p;
	assert_ok(points_decode_tree(&p, bytes_of(tree, 81), 1, POINT_FINITE, &err), err);
	point_add(&p, &p, by);
	points_encode_tree(tree, &p, 1);
}

static void omit(struct urn *of, uint64_t *sizes)
{
	uint8_t us[20 * 81], vs[20 * 81], t[81];
	size_t n = (size_t)sizes[0];
	bytes file = urn_file(of, INPUT);
	const point g = point_generator(), y = of->pk.y;
	assert_int_equal(file.len, 15 + 162 * n);
	memcpy(us, file.p + 10, 81 * n);
	memcpy(vs, file.p + 15 + 81 * n, 81 * n);
	switch (omission) {
	case DROPPED:
		n--;
		break;
	case DOUBLED:
		memcpy(us + 81 * n, us, 81);
		memcpy(vs + 81 * n, vs, 81);
		n++;
		break;
	case COPIED_OVER:
		memcpy(us + 81, us, 81);
		memcpy(vs + 81, vs, 81);
		shift(us + 81, &g);
		shift(vs + 81, &y);
		break;
	case REORDERED:
		for (unsigned half = 0; half < 2; half++) {
			uint8_t *a = half ? vs : us;
			memcpy(t, a, 81);
			memcpy(a, a + 81, 81);
			memcpy(a + 81, t, 81);
		}
		break;
	case STUFFED:
		points_encode_tree(us + 81 * n, &g, 1);
		points_encode_tree(vs + 81 * n, &y, 1);
		n++;
		break;
	case REENCRYPTED:
		shift(us, &g);
		shift(vs, &y);
		break;
	case HALVES_EXCHANGED:
	case OMISSIONS:
		memcpy(t, vs, 81);
		memcpy(vs, vs + 81, 81);
		memcpy(vs + 81, t, 81);
		break;
	}
	put_list(us, vs, n);
	sizes[0] = n;
	scene_drop(file);
}

static void attack_47_a_list_that_leaves_out_doubles_or_reorders_ballots_is_refused(void **state)
{
	(void)state;
	static const char *const abouts[OMISSIONS] = {"47: left out",
	                                              "47: doubled",
	                                              "47: one copied over another",
	                                              "47: reordered",
	                                              "47: one more",
	                                              "47: re-encrypted beforehand",
	                                              "47: halves of two ballots exchanged"};
	for (unsigned mode = 0; mode < 2; mode++) {
		scene_begin((enum ballot_mode)mode);
		for (omission = DROPPED; omission < OMISSIONS; omission++) {
			scene_open();
			for (unsigned i = 0; i < 5; i++)
				scene_vote(room, 3 * i, 0);
			scene_close();
			tally_run(&u, &(struct tally_plan){.mixers = "12", .active = "12", .listed = omit});
			scene_log_anew();
			scene_judged(omission == DROPPED || omission == DOUBLED || omission == STUFFED
			                 ? "8.2 10.1"
			                 : "8.2",
			             abouts[omission]);
		}
		scene_end();
	}
}

/* --- leaves where none may be --- */

struct entries {
	bytes file;
	size_t count, start[64];
};

static void read_entries(struct entries *e)
{
	e->file = urn_file(&u, "log/entries");
	e->count = 0;
	for (size_t at = 0; at < e->file.len;
	     at += 2 + ((size_t)e->file.p[at] << 8 | e->file.p[at + 1]))
		e->start[e->count++] = at;
	e->start[e->count] = e->file.len;
}

/* The root of the first n entries of the file as it stands. */
static struct checkpoint tree_of(size_t n)
{
	struct entries e;
	struct merkle tree;
	struct checkpoint c = {.origin = u.manifest->board.name, .size = n, .eid = u.key.eid};
	read_entries(&e);
	merkle_init(&tree);
	for (size_t i = 0; i < n; i++) {
		size_t at = e.start[i] + 2;
		const digest leaf = merkle_leaf(bytes_of(e.file.p + at, e.start[i + 1] - at));
		merkle_append(&tree, &leaf);
	}
	c.root = merkle_root(&tree);
	scene_drop(e.file);
	return c;
}

/* Board's signature and the witnesses of this set, bit by bit. */
static void sign_tree(const char *path, const struct checkpoint *c, unsigned witnesses)
{
	char text[4096];
	struct text t = TEXT_OF(text);
	struct note n;
	error_clear(&err);
	assert_ok(checkpoint_sign(&t, c, &u.board_key, &err), err);
	assert_ok(note_read(&n, bytes_of(t.p, t.len), &err), err);
	for (unsigned w = 0; w < u.manifest->witnesses_count; w++) {
		const struct cosigner by = {u.manifest->witnesses[w].name, &u.witness[w], 1800000000};
		if (witnesses & 1u << w)
			assert_ok(checkpoint_cosign(&t, n.text, &by, &err), err);
	}
	urn_write(&u, path, bytes_of(t.p, t.len));
}
#define ALL_WITNESSES 0xfu

/* An entry put in behind the first `at`, everything signed over what there is then. */
static void insert_entry(size_t at, bytes entry)
{
	struct entries e;
	uint8_t len[2] = {(uint8_t)(entry.len >> 8), (uint8_t)entry.len};
	struct sink *s;
	read_entries(&e);
	error_clear(&err);
	assert_ok(u.record->create(u.record, "log/entries", true, &s, &err), err);
	assert_ok(sink_append(s, bytes_of(e.file.p, e.start[at]), &err), err);
	assert_ok(sink_append(s, BYTES_OF(len), &err), err);
	assert_ok(sink_append(s, entry, &err), err);
	assert_ok(sink_append(s, bytes_from(e.file, e.start[at]), &err), err);
	assert_ok(sink_commit(s, &err), err);
	const struct checkpoint whole = tree_of(e.count + 1);
	sign_tree(BOARD_FINAL_PATH, &whole, ALL_WITNESSES);
	scene_drop(e.file);
}

static void append_to(const char *path, bytes object)
{
	bool there = u.record->exists(u.record, path);
	bytes all = there ? urn_file(&u, path) : BYTES_NONE;
	uint8_t *more = malloc(all.len + object.len);
	assert_non_null(more);
	if (all.len)
		memcpy(more, all.p, all.len);
	memcpy(more + all.len, object.p, object.len);
	urn_write(&u, path, bytes_of(more, all.len + object.len));
	free(more);
	if (there)
		scene_drop(all);
}

/* Everywhere from "close" to the end. A ballot or void without its object; with it, the objects
 * that nothing before "close" names are found first. */
static void attack_a_leaf_after_close_is_refused(void **state)
{
	(void)state;
	static const struct {
		enum entry_kind kind;
		const char *objects, *code;
	} leaves[] = {{ENTRY_BALLOT, NULL, "4.2"}, {ENTRY_BALLOT, "ballots.bt", "4.3"},
	              {ENTRY_VOID, NULL, "4.2"},   {ENTRY_VOID, "voids.bt", "4.3"},
	              {ENTRY_OPEN, NULL, "4.2"},   {ENTRY_SUSPEND, NULL, "4.2"},
	              {ENTRY_RESUME, NULL, "4.2"}, {ENTRY_CLOSE, NULL, "4.2"}};
	struct scene_files kept;
	scene_begin(BALLOT_CREDENTIALS);
	honest_record(3);
	scene_keep(&kept);
	const size_t close = l.count, end = close + u.manifest->lists_count + 1;
	bytes late = urn_ballot(room, &u, 5, u.voters[5].style, 0);
	for (size_t at = close; at <= end; at++)
		for (unsigned k = 0; k < sizeof leaves / sizeof *leaves; k++) {
			uint8_t entry[LIMIT_LOG_ENTRY_BYTES];
			struct entry e = {.kind = leaves[k].kind};
			if (e.kind == ENTRY_BALLOT || e.kind == ENTRY_VOID) {
				e.object = sha256(late);
				e.number = late.len;
				e.weight = e.kind == ENTRY_BALLOT;
			}
			if (leaves[k].objects)
				append_to(leaves[k].objects, late);
			insert_entry(at, entry_write(entry, &u.key.eid, &e));
			scene_judged(leaves[k].code, "entry behind close");
			scene_restore(&kept);
		}
	scene_judged("", "as it was");
	scene_forget(&kept);
	scene_end();
}

/* --- witnesses --- */

/* Two records of one election, other ballots, everybody's signatures. Of four witnesses one lies
 * and cosigns both; each honest one cosigns what it sees first. However the three are held apart,
 * only one of the two records has its quorum of three. */
static void attack_a_quorum_with_a_lying_witness_makes_no_second_log(void **state)
{
	(void)state;
	struct scene_files fork[2];
	struct checkpoint close[2], whole[2];
	scene_begin(BALLOT_CREDENTIALS);
	for (unsigned i = 0; i < 2; i++) {
		honest_record(3 + i);
		close[i] = tree_of(l.count);
		whole[i] = tree_of(l.count + u.manifest->lists_count + 1);
		scene_keep(&fork[i]);
	}
	for (unsigned liar = 0; liar < 4; liar++)
		for (unsigned honest = 0; honest < 8; honest++) {
			unsigned sees[2] = {1u << liar, 1u << liar}, verified = 0;
			for (unsigned w = 0, bit = 0; w < 4; w++)
				if (w != liar)
					sees[honest >> bit++ & 1] |= 1u << w;
			for (unsigned i = 0; i < 2; i++) {
				scene_restore(&fork[i]);
				sign_tree(BOARD_CLOSE_PATH, &close[i], sees[i]);
				sign_tree(BOARD_FINAL_PATH, &whole[i], sees[i]);
				bool enough = __builtin_popcount(sees[i]) >= 3;
				if (liar == 0)
					scene_judged(enough ? "" : "4.6", "a fork");
				else
					scene_checked(enough ? "" : "4.6", "a fork");
				verified += enough;
			}
			assert_int_equal(verified, 1);
		}
	for (unsigned i = 0; i < 2; i++)
		scene_forget(&fork[i]);
	scene_end();
}

/* --- the anchor, the manifest --- */

static enum record_verdict verdict(enum anchor_kind kind, const struct urn *of)
{
	digest keys[2];
	for (unsigned i = 0; i < 2; i++)
		keys[i] = sha256(BYTES_OF(of->identity[i].pub));
	const struct record_anchor anchor = {kind, of->key.eid, keys, 2, 0};
	return tally_verify(&u, u.record, &anchor, &report);
}

static void attack_a_foreign_but_complete_record_is_never_verified_without_an_anchor(void **state)
{
	(void)state;
	static struct urn real;
	scene_begin(BALLOT_CREDENTIALS);
	real = u;
	scene_begin(BALLOT_CREDENTIALS); /* everything of it is the attacker's */
	honest_record(3);
	assert_int_equal(verdict(ANCHOR_NONE, &u), RECORD_SELF_CONSISTENT);
	assert_true(tally_noted(&report, "1.1"));
	assert_int_equal(verdict(ANCHOR_ELECTION, &u), RECORD_VERIFIED);
	assert_int_equal(verdict(ANCHOR_ELECTION, &real), RECORD_REJECTED);
	assert_string_equal(tally_failed(&report), "3.2");
	assert_int_equal(verdict(ANCHOR_AUTHORITIES, &real), RECORD_REJECTED);
	assert_string_equal(tally_failed(&report), "1.2");
	scene_end();
	urn_end(&real);
}

static void attack_a_manifest_that_differs_by_a_space_is_another_election(void **state)
{
	(void)state;
	scene_begin(BALLOT_SERVER);
	honest_record(3);
	bytes exact = urn_file(&u, "manifest.json");
	uint8_t *other = malloc(exact.len + 1);
	assert_non_null(other);
	for (size_t i = 0; i <= exact.len; i++) {
		const char c = i ? (char)exact.p[i - 1] : '{';
		if (i != 0 && i != exact.len && c != ',' && c != ':' && c != '}')
			continue;
		if (i > 200 && i + 100 < exact.len)
			continue; /* every place is like these */
		memcpy(other, exact.p, i);
		other[i] = ' ';
		memcpy(other + i + 1, exact.p + i, exact.len - i);
		urn_write(&u, "manifest.json", bytes_of(other, exact.len + 1));
		scene_judged("3.1", "a space");
	}
	urn_write(&u, "manifest.json", bytes_of(exact.p, exact.len - 1));
	scene_judged("3.1", "without its last line feed");
	urn_write(&u, "manifest.json", exact);
	scene_judged("", "as it was");
	free(other);
	scene_drop(exact);
	scene_end();
}

/* Authority 2 is another one: with its key in the manifest alone the ceremony is not signed; with a
 * ceremony of its own it is a whole election of another name. */
static void attack_an_eid_with_one_changed_authority_key_is_another_election(void **state)
{
	(void)state;
	static struct urn real;
	struct scene_files kept;
	struct identity_secret attacker;
	char old_key[65], new_key[65];
	scene_begin(BALLOT_SERVER);
	honest_record(3);
	scene_keep(&kept);
	assert_ok(identity_generate(&attacker, test_rng(), &err), err);
	hex_encode(old_key, BYTES_OF(u.identity[1].pub));
	hex_encode(new_key, BYTES_OF(attacker.pub));
	bytes exact = urn_file(&u, "manifest.json");
	char *at = memmem(exact.p, exact.len, old_key, 64);
	assert_non_null(at);
	memcpy(at, new_key, 64);
	urn_write(&u, "manifest.json", exact);
	scene_judged("3.1", "another key in the manifest");
	scene_restore(&kept);
	/* and the same election by the attacker's own hand */
	real = u;
	at = memmem(real.manifest->exact.p, real.manifest->exact.len, old_key, 64);
	assert_non_null(at);
	memcpy(at, new_key, 64);
	struct urn like = real;
	like.identity[1] = attacker;
	const struct urn_plan plan = {
		.mode = BALLOT_SERVER, .weight_max = 1, .parties = 2, .threshold = 2};
	urn_begin_again(&u, &like, &plan);
	honest_record(3);
	assert_int_equal(verdict(ANCHOR_NONE, &u), RECORD_SELF_CONSISTENT);
	assert_int_equal(verdict(ANCHOR_ELECTION, &real), RECORD_REJECTED);
	assert_string_equal(tally_failed(&report), "3.2");
	assert_int_equal(verdict(ANCHOR_AUTHORITIES, &real), RECORD_REJECTED);
	assert_string_equal(tally_failed(&report), "1.2");
	/* its key and its ballots cannot be had under the real name */
	bytes manifest = urn_file(&real, "manifest.json");
	urn_write(&u, "manifest.json", manifest);
	assert_int_equal(verdict(ANCHOR_ELECTION, &real), RECORD_REJECTED);
	assert_string_equal(tally_failed(&report), "3.1");
	scene_drop(manifest);
	scene_drop(exact);
	scene_forget(&kept);
	scene_end();
	urn_end(&real);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_47_a_list_that_leaves_out_doubles_or_reorders_ballots_is_refused),
		cmocka_unit_test(attack_a_leaf_after_close_is_refused),
		cmocka_unit_test(attack_a_quorum_with_a_lying_witness_makes_no_second_log),
		cmocka_unit_test(attack_a_foreign_but_complete_record_is_never_verified_without_an_anchor),
		cmocka_unit_test(attack_a_manifest_that_differs_by_a_space_is_another_election),
		cmocka_unit_test(attack_an_eid_with_one_changed_authority_key_is_another_election),
		cmocka_unit_test(the_second_verifier_says_the_same),
	};
	return cmocka_run_group_tests(tests, scene_set_up, NULL);
}
