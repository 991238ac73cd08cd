/* SPDX-License-Identifier: Apache-2.0 */
/* The digests of a ceremony, computed from its files as the protocol's text says. */
#include "support/support.h"

#include "cheat.h"

#include "hash/bytetree.h"
#include "hash/tagged.h"

#include <string.h>

static struct play p;
static struct election_key key;
static struct ceremony_report report;

static void add(struct hash *h, unsigned attempt, unsigned round, unsigned index)
{
	size_t mark = arena_mark(test_arena());
	tree_hash_leaf(h, play_read(&p, play_path(attempt, round, index)));
	arena_release(test_arena(), mark);
}

static void begin(struct hash *h, const char *tag, unsigned children, unsigned attempt)
{
	tagged_digest_init(h, tag, children);
	tree_hash_leaf(h, BYTES_OF(p.m.d.b));
	tree_hash_u32(h, attempt);
}

/* The digest in the content node(leaf(flags), leaf(digest)). */
static void said(unsigned attempt, unsigned round, unsigned index, const uint8_t *flags,
                 const digest *d)
{
	bytes content = play_content(&p, attempt, round, index);
	bytes want = statement_of(&p, flags, d->b);
	assert_true(bytes_equal(content, want));
}

static void add_points(struct hash *h, const point *points, unsigned count)
{
	uint8_t tree[POINT_TREE_BYTES];
	tree_hash_node(h, count);
	for (unsigned k = 0; k < count; k++) {
		points_encode_tree(tree, &points[k], 1);
		hash_update(h, BYTES_OF(tree));
	}
}

static digest election_of(const digest *t, const uint8_t *qualified)
{
	struct hash h;
	const point full[2] = {point_generator(), key.polynomial[0]};
	tagged_digest_init(&h, "election", 5);
	tree_hash_leaf(&h, BYTES_OF(p.m.d.b));
	tree_hash_leaf(&h, BYTES_OF(t->b));
	add_points(&h, full, 2);
	add_points(&h, key.polynomial, p.m.threshold);
	tree_hash_leaf(&h, bytes_of(qualified, p.m.authorities_count));
	return tagged_digest_finish(&h);
}

/*
 * Of four parties in attempt 2: 3 is accused by 1 and answers, 4 does not open; a late opening of
 * 4 and a late answer of 2 are there too.
 */
static void digests_are_those_of_the_text(void **state)
{
	(void)state;
	static const uint8_t present[4] = {1, 1, 1, 1}, verdict1[4] = {0, 0, 1, 2},
						 verdict2[4] = {0, 0, 0, 2}, qualified[4] = {1, 1, 1, 0};
	static const unsigned to[] = {1, 0};
	struct cheat three, four;
	struct hash h;
	play_begin(&p, 4, 2);
	assert_true(play_step(&p, 1, CEREMONY_PATIENT));
	play_start(&p, 1);
	assert_true(play_step(&p, 1, CEREMONY_PATIENT));
	cheat_begin(&three, &p, 2, 3);
	cheat_begin(&four, &p, 2, 4);
	three.wrong[0] = true;
	cheat_key(&three);
	cheat_commit(&three);
	cheat_key(&four);
	cheat_commit(&four);
	play_on(&p);
	begin(&h, "echo", 11, 2);
	tree_hash_leaf(&h, BYTES_OF(present));
	for (unsigned r = 0; r < 2; r++)
		for (unsigned i = 1; i <= 4; i++)
			add(&h, 2, r, i);
	digest d = tagged_digest_finish(&h);
	said(2, 2, 1, present, &d);
	cheat_echo(&three, 1);
	cheat_echo(&four, 1);
	cheat_open(&three);
	play_on(&p);
	for (unsigned i = 1; i <= 2; i++)
		assert_true(play_step(&p, i, CEREMONY_DEADLINE));
	begin(&h, "openings", 6, 2);
	for (unsigned i = 1; i <= 3; i++)
		add(&h, 2, 3, i);
	tree_hash_leaf(&h, BYTES_NONE);
	d = tagged_digest_finish(&h);
	said(2, 4, 1, verdict1, &d);
	said(2, 4, 2, verdict2, &d);
	cheat_verdict(&three, verdict2, 1);
	play_on(&p);
	cheat_answer(&three, to, 0);
	play_on(&p);
	cheat_certify(&three, 1);
	play_out(&p);
	cheat_open(&four);
	forge(&p, 2, 5, 2, leaf_of(BYTES_LITERAL("late")));
	play_check(&p, &key, &report);
	/* T: r0, r1, r2 of four, r3 and r4 of three, r5 of one */
	begin(&h, "transcript", 2 + 12 + 6 + 1, 2);
	for (unsigned r = 0; r < 6; r++)
		for (unsigned i = 1; i <= 4; i++)
			if (r < 3 || (r < 5 && i < 4) || (r == 5 && i == 3))
				add(&h, 2, r, i);
	d = tagged_digest_finish(&h);
	assert_true(digest_equal(&d, &key.t));
	d = election_of(&key.t, qualified);
	assert_true(digest_equal(&d, &key.eid));
	said(2, 6, 1, qualified, &key.eid);
	/* all messages of the attempt */
	tagged_digest_init(&h, "certified", 1 + 12 + 4 + 3 + 2 + 3);
	tree_hash_leaf(&h, BYTES_OF(p.m.d.b));
	for (unsigned r = 0; r < 7; r++)
		for (unsigned i = 1; i <= 4; i++)
			if (play_has(&p, play_path(2, r, i)))
				add(&h, 2, r, i);
	d = tagged_digest_finish(&h);
	assert_true(digest_equal(&d, &report.certified));
	play_end(&p);
}

static void a_word_of_failure_is_signed_as_the_text_says(void **state)
{
	(void)state;
	struct ceremony_failure f;
	struct hash h;
	struct error err;
	play_begin(&p, 2, 2);
	assert_true(play_step(&p, 1, CEREMONY_PATIENT));
	play_start(&p, 1);
	assert_true(play_step(&p, 1, CEREMONY_PATIENT));
	play_failure(&f, &p, 1, 1);
	assert_int_equal(f.culprit, 1);
	tagged_digest_init(&h, "failed", 5);
	tree_hash_leaf(&h, BYTES_OF(p.m.d.b));
	tree_hash_u32(&h, 1);
	tree_hash_u32(&h, 1);
	tree_hash_leaf(&h, bytes_of_text(f.reason));
	tree_hash_u32(&h, 1);
	digest d = tagged_digest_finish(&h);
	bytes file = play_read(&p, "1/failed-01.bt");
	assert_ok(
		identity_verify_vartime(p.identity[0].pub, file.p + file.len - 64, BYTES_OF(d.b), &err),
		err);
	play_end(&p);
}

static void answers_go_to_parties_in_ascending_order(void **state)
{
	(void)state;
	static const struct {
		unsigned to[4];
		bool good;
	} cases[] = {{{1, 3, 0}, true},    {{0}, true},           {{3, 1, 0}, false},
	             {{2, 2, 0}, false},   {{4, 0}, false},       {{UINT32_MAX, 0}, false},
	             {{1, 2, 3, 0}, true}, {{1, 0x100, 0}, false}};
	struct cheat c;
	struct error err;
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cheat_answer(&c, cases[i].to, 0);
		const struct ceremony_message msg = {1, CEREMONY_ANSWER, 3, play_content(&p, 1, 5, 3)};
		assert_int_equal(ceremony_content_check(&msg, &p.m, &err), cases[i].good);
	}
	play_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_those_of_the_text),
		cmocka_unit_test(a_word_of_failure_is_signed_as_the_text_says),
		cmocka_unit_test(answers_go_to_parties_in_ascending_order),
	};
	return cmocka_run_group_tests_name("protocol/ceremony/format", tests, NULL, NULL);
}
