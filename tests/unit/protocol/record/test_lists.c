/* SPDX-License-Identifier: Apache-2.0 */
/* From ballots.bt to lists and root, against a second derivation made here from the bytes alone. */
#include "support/support.h"

#include "support/election.h"

#include "host/pool.h"
#include "record/merkle.h"
#include "record/proof.h"

#include <stdio.h>
#include <stdlib.h>

static bool read_box(struct election *e, struct ballot_box *box, bool write, struct error *err)
{
	error_clear(err);
	size_t mark = arena_mark(&e->arena);
	bool good = ballot_box_read(box, e->manifest, &e->key, e->record, write, &e->world, err);
	assert_int_equal(arena_mark(&e->arena), mark);
	return good;
}

/* --- the second derivation --- */

struct column {
	uint8_t *p;
	size_t len;
};

static void column_add(struct column *c, bytes tree)
{
	c->p = realloc(c->p, c->len + tree.len);
	assert_non_null(c->p);
	memcpy(c->p + c->len, tree.p, tree.len);
	c->len += tree.len;
}

/* The (u, v) trees of one group as they stand in a ballot's bytes. */
static void find_group(bytes out[2][LIMIT_WIDTH], const struct election *e, bytes ballot,
                       const struct manifest_style *style, unsigned wanted)
{
	struct error err;
	struct tree_reader r = TREE_READER(ballot);
	bytes ignored;
	error_clear(&err);
	assert_ok(tree_node(&r, 2, &err) && tree_node(&r, 7, &err), err);
	for (unsigned i = 0; i < 4; i++)
		assert_ok(tree_leaf_any(&r, &ignored, 300, &err), err);
	assert_ok(tree_node(&r, style->groups_count, &err), err);
	for (unsigned g = 0; g < style->groups_count; g++) {
		unsigned width = e->manifest->groups[style->groups[g]].code.width;
		assert_ok(tree_node(&r, 2, &err), err);
		for (unsigned half = 0; half < 2; half++) {
			assert_ok(tree_node(&r, width, &err), err);
			for (unsigned j = 0; j < width; j++) {
				bytes tree;
				assert_ok(tree_raw(&r, &tree, 81, &err), err);
				if (style->groups[g] == wanted)
					out[half][j] = tree;
			}
		}
	}
}

static unsigned style_of(const struct election *e, bytes ballot)
{
	for (unsigned s = 0; s < e->manifest->styles_count; s++) {
		bytes name = e->manifest->styles[s].name;
		if (memcmp(ballot.p + 5 + 5 + 16 + 37 + 21 + 5, name.p, name.len) == 0)
			return s;
	}
	fail_msg("no style");
	return 0;
}

static bool has_group(const struct manifest_style *s, unsigned group)
{
	for (unsigned g = 0; g < s->groups_count; g++)
		if (s->groups[g] == group)
			return true;
	return false;
}

static uint64_t derive(digest *out, const struct election *e, unsigned group)
{
	struct column columns[2][LIMIT_WIDTH] = {0};
	unsigned width = e->manifest->groups[group].code.width;
	uint32_t n = 0;
	uint8_t header[5];
	struct hash h;
	for (size_t b = 0; b < e->ballots; b++) {
		bytes ballot = election_ballot(e, b), found[2][LIMIT_WIDTH];
		const struct manifest_style *style = &e->manifest->styles[style_of(e, ballot)];
		if (!has_group(style, group))
			continue;
		find_group(found, e, ballot, style, group);
		for (unsigned half = 0; half < 2; half++)
			for (unsigned j = 0; j < width; j++)
				column_add(&columns[half][j], found[half][j]);
		n++;
	}
	hash_init(&h, HASH_SHA256);
	tree_put_node(header, 2);
	hash_update(&h, BYTES_OF(header));
	for (unsigned half = 0; half < 2; half++) {
		tree_put_node(header, width);
		if (width > 1)
			hash_update(&h, BYTES_OF(header));
		for (unsigned j = 0; j < width; j++) {
			tree_put_node(header, n);
			hash_update(&h, BYTES_OF(header));
			hash_update(&h, bytes_of(columns[half][j].p, columns[half][j].len));
			free(columns[half][j].p);
		}
	}
	hash_finish(&h, out->b);
	return n;
}

static digest leaf(const struct election *e, const char *type, const digest *object, uint64_t size)
{
	uint8_t room[256], be[8];
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, object ? 4 : 2);
	tree_write_leaf(&w, bytes_of_text(type));
	tree_write_leaf(&w, BYTES_OF(e->key.eid.b));
	for (unsigned i = 0; i < 8; i++)
		be[i] = (uint8_t)(size >> (56 - 8 * i));
	if (object) {
		tree_write_leaf(&w, BYTES_OF(object->b));
		tree_write_leaf(&w, BYTES_OF(be));
	}
	return merkle_leaf(tree_written(&w));
}

/* RFC 6962's definition, by recursion. */
static digest tree_hash(const digest *leaves, size_t n)
{
	if (n == 1)
		return leaves[0];
	size_t k = 1;
	while (2 * k < n)
		k *= 2;
	digest a = tree_hash(leaves, k), b = tree_hash(leaves + k, n - k);
	return merkle_node(&a, &b);
}

static digest root_of(const struct election *e)
{
	digest *leaves = malloc((e->ballots + 5) * sizeof *leaves);
	assert_non_null(leaves);
	leaves[0] = leaf(e, "manifest", &e->key.d, e->manifest->exact.len);
	leaves[1] = leaf(e, "ceremony", &e->key.t, e->key.parties);
	leaves[2] = leaf(e, "election", &e->key.eid, e->key.threshold);
	leaves[3] = leaf(e, "open", NULL, 0);
	for (size_t b = 0; b < e->ballots; b++) {
		digest d = sha256(election_ballot(e, b));
		leaves[4 + b] = leaf(e, "ballot", &d, election_ballot(e, b).len);
	}
	leaves[4 + e->ballots] = leaf(e, "close", NULL, 0);
	digest root = tree_hash(leaves, e->ballots + 5);
	free(leaves);
	return root;
}

static void agree(struct election *e)
{
	struct ballot_box box;
	struct error err;
	election_write_box(e);
	assert_ok(read_box(e, &box, true, &err), err);
	assert_int_equal(box.ballots, e->ballots);
	assert_int_equal(box.log_size, e->ballots + 5);
	digest root = root_of(e);
	assert_memory_equal(box.root.b, root.b, 32);
	for (unsigned g = 0; g < e->manifest->groups_count; g++) {
		char path[RECORD_PATH_BYTES];
		digest want;
		proof_folder_path(path, g);
		strcat(path, "/Ciphertexts.bt");
		assert_int_equal(box.list_sizes[g], derive(&want, e, g));
		assert_memory_equal(box.list_digests[g].b, want.b, 32);
		assert_int_equal(e->record->exists(e->record, path), box.list_sizes[g] > 0);
		if (box.list_sizes[g]) {
			bytes file = election_read(e->record, path);
			digest d = sha256(file);
			assert_memory_equal(d.b, want.b, 32);
			free((void *)(uintptr_t)file.p);
		}
	}
}

/* --- tests --- */

static void cast_in_style(struct election *e, unsigned style)
{
	static const uint32_t digits[WIDE_DIGITS_1 + WIDE_DIGITS_2 + WIDE_DIGITS_3];
	election_vote(e, style, digits);
}

/* Lists of other ballots are in the way. */
static void remove_lists(struct election *e)
{
	for (unsigned g = 0; g < e->manifest->groups_count; g++) {
		char path[RECORD_PATH_BYTES];
		proof_folder_path(path, g);
		strcat(path, "/Ciphertexts.bt");
		election_remove(e->record, path);
	}
}

static void lists_and_root_are_those_of_a_second_derivation(void **state)
{
	(void)state;
	struct election e;
	election_begin(&e, plan_wide(1, 1), 1);
	election_ceremony(&e);
	agree(&e);
	for (unsigned i = 0; i < TEST_COUNT(20, 200); i++)
		cast_in_style(&e, (unsigned)test_random_below(3));
	remove_lists(&e);
	agree(&e);
	election_end(&e);
}

static void a_list_nobody_votes_in_is_empty_and_not_written(void **state)
{
	(void)state;
	struct election e;
	election_begin(&e, plan_wide(1, 1), 1);
	election_ceremony(&e);
	cast_in_style(&e, 2);
	cast_in_style(&e, 2);
	agree(&e);
	election_end(&e);
}

static void lists_do_not_depend_on_the_number_of_workers(void **state)
{
	(void)state;
	struct election e;
	struct ballot_box one, many;
	struct error err;
	election_begin(&e, plan_wide(1, 1), 1);
	election_ceremony(&e);
	for (unsigned i = 0; i < 9; i++)
		cast_in_style(&e, i % 3);
	election_write_box(&e);
	assert_ok(read_box(&e, &one, false, &err), err);
	for (unsigned count = 2; count <= 5; count += 3) {
		struct workers *w;
		assert_ok(host_workers_new(&w, count, &err), err);
		e.world.workers = w;
		assert_ok(read_box(&e, &many, false, &err), err);
		e.world.workers = e.workers;
		host_workers_free(w);
		assert_memory_equal(&one, &many, sizeof one);
	}
	election_end(&e);
}

static void another_list_in_its_place_is_rejected(void **state)
{
	(void)state;
	struct election e;
	struct ballot_box box;
	struct error err;
	static const char path[] = "proof/l1/nizkp/l1/Ciphertexts.bt";
	election_begin(&e, &PLAN_SMALL(1, 1), 1);
	election_ceremony(&e);
	for (unsigned i = 0; i < 3; i++)
		election_mark(&e, i);
	election_write_box(&e);
	assert_ok(read_box(&e, &box, true, &err), err);
	assert_ok(read_box(&e, &box, true, &err), err);
	bytes file = election_read(e.record, path);
	uint8_t *p = (uint8_t *)(uintptr_t)file.p;
	p[file.len - 1] ^= 1;
	election_write(e.record, path, file);
	assert_fails(read_box(&e, &box, true, &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.detail, path));
	election_write(e.record, path, bytes_of(file.p, file.len - 81));
	assert_fails(read_box(&e, &box, true, &err), err, ERROR_REJECTED);
	/* who only reads does not look at it */
	assert_ok(read_box(&e, &box, false, &err), err);
	free(p);
	election_end(&e);
}

static void too_little_memory_is_a_limit_and_leaves_nothing(void **state)
{
	(void)state;
	struct election e;
	struct ballot_box box;
	struct error err;
	election_begin(&e, &PLAN_SMALL(1, 1), 1);
	election_ceremony(&e);
	for (unsigned i = 0; i < 3; i++)
		election_mark(&e, i);
	election_write_box(&e);
	struct arena whole = e.arena;
	for (size_t room = 0; room < (size_t)64 << 20; room += (size_t)3 << 20) {
		e.arena.size = e.arena.used + room;
		memset(&box, 1, sizeof box);
		if (read_box(&e, &box, true, &err))
			break;
		assert_int_equal(err.kind, ERROR_LIMIT);
		assert_int_equal(box.log_size, 0);
	}
	assert_int_equal(box.ballots, 3);
	e.arena = whole;
	election_end(&e);
}

static void a_missing_file_of_ballots_is_malformed(void **state)
{
	(void)state;
	struct election e;
	struct ballot_box box;
	struct error err;
	election_begin(&e, &PLAN_SMALL(1, 1), 1);
	election_ceremony(&e);
	assert_fails(read_box(&e, &box, false, &err), err, ERROR_MALFORMED);
	assert_non_null(strstr(err.detail, "ballots.bt"));
	election_end(&e);
}

static void small_lists_are_refused_unless_the_manifest_accepts_them(void **state)
{
	(void)state;
	struct manifest m = {.min_list = 10};
	struct ballot_box box = {0};
	struct error err;
	error_clear(&err);
	for (uint64_t n = 0; n < 12; n++) {
		box.list_sizes[1] = n;
		bool small = n > 0 && n < 10;
		m.accept_small_lists = false;
		if (small) {
			assert_fails(list_size_check(&m, &box, 1, &err), err, ERROR_REJECTED);
			assert_non_null(strstr(err.detail, "l2"));
			assert_int_equal(err.at, n);
		} else {
			assert_ok(list_size_check(&m, &box, 1, &err), err);
		}
		m.accept_small_lists = true;
		assert_ok(list_size_check(&m, &box, 1, &err), err);
	}
}

/* Beyond a block of 8192 ballots and one of 4 MB; a repeated ballot at the end tells that
 * everything before was remembered. */
static void boxes_of_more_than_one_block_are_read_whole(void **state)
{
	(void)state;
	struct election e;
	struct ballot_box box;
	struct error err;
	election_begin(&e, &PLAN_SMALL(1, 1), 1);
	election_ceremony(&e);
	for (size_t first = TEST_COUNT(8193, 8191); e.ballots < 8193;) {
		election_mark(&e, e.ballots % 4);
		if (e.ballots < first)
			continue;
		remove_lists(&e);
		agree(&e);
	}
	bytes first = election_ballot(&e, 0);
	size_t len = e.box_len + first.len;
	uint8_t *all = malloc(len);
	assert_non_null(all);
	memcpy(all, e.box, e.box_len);
	memcpy(all + e.box_len, first.p, first.len);
	election_write(e.record, "ballots.bt", bytes_of(all, len));
	free(all);
	assert_fails(read_box(&e, &box, false, &err), err, ERROR_REJECTED);
	char place[32];
	snprintf(place, sizeof place, "ballot %zu", e.ballots);
	assert_non_null(strstr(err.detail, place));
	election_end(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_and_root_are_those_of_a_second_derivation),
		cmocka_unit_test(a_list_nobody_votes_in_is_empty_and_not_written),
		cmocka_unit_test(lists_do_not_depend_on_the_number_of_workers),
		cmocka_unit_test(another_list_in_its_place_is_rejected),
		cmocka_unit_test(too_little_memory_is_a_limit_and_leaves_nothing),
		cmocka_unit_test(a_missing_file_of_ballots_is_malformed),
		cmocka_unit_test(small_lists_are_refused_unless_the_manifest_accepts_them),
		cmocka_unit_test(boxes_of_more_than_one_block_are_read_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
