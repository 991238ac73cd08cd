/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attack 39: ciphertexts made of other voters' (Pfitzmann 1994; Cortier and Smyth 2011), with
 * whatever proof their makers can compute. The board refuses them; a board that logs them all the
 * same is named, and the authorities leave them out.
 */
#include "support/support.h"

#include "attacks/keys/forge.h"
#include "attacks/keys/prover.h"
#include "attacks/keys/second.h"

#include "hash/tagged.h"

#include <string.h>

#define MINE 3u /* the attacker's place; 0, 1 and 2 are others' */

static struct election e;
static struct error err;

/* A ballot of the one group of width 1, as it stands. */
struct parts {
	point u, v, a;
	scalar z, c;
};

/* u, v, A are behind this much from the end. */
#define Z_FROM_END (9u + SCALAR_TREE_BYTES)
#define A_FROM_END (Z_FROM_END + 10u + POINT_TREE_BYTES)
#define V_FROM_END (A_FROM_END + 10u + POINT_TREE_BYTES)
#define U_FROM_END (V_FROM_END + 5u + POINT_TREE_BYTES)
#define CT_FROM_END (U_FROM_END + 15u)
/* EID … AA: what is hashed begins behind two nodes and the leaf "urna-body-1". */
#define STATEMENT_AT (2u * TREE_HEADER_BYTES + TREE_HEADER_BYTES + 11u)

static scalar challenge_of(bytes ballot)
{
	uint8_t wide[TAGGED_CHALLENGE_BYTES];
	struct hash h;
	scalar c;
	tagged_challenge_init(&h, "ballot", 5);
	hash_update(&h, bytes_of(ballot.p + STATEMENT_AT,
	                         ballot.len - STATEMENT_AT - Z_FROM_END - 2 * TREE_HEADER_BYTES));
	tagged_challenge_finish(&h, wide);
	scalar_reduce(&c, wide, sizeof wide);
	return c;
}

static point point_at(bytes ballot, size_t from_end)
{
	point p;
	assert_ok(points_decode_tree(&p, bytes_of(ballot.p + ballot.len - from_end, POINT_TREE_BYTES),
	                             1, POINT_FINITE, &err),
	          err);
	return p;
}

static bool holds(const struct parts *x)
{
	const point g = point_generator();
	point left = times(&x->z, &g), right = times(&x->c, &x->u);
	right = plus(&right, &x->a);
	return point_equal(&left, &right);
}

static struct parts parts_of(bytes ballot)
{
	struct parts x = {.u = point_at(ballot, U_FROM_END),
	                  .v = point_at(ballot, V_FROM_END),
	                  .a = point_at(ballot, A_FROM_END),
	                  .c = challenge_of(ballot)};
	assert_ok(scalars_decode_tree(
				  &x.z, bytes_of(ballot.p + ballot.len - Z_FROM_END, SCALAR_TREE_BYTES), 1, &err),
	          err);
	return x;
}

/* The attacker's own ballot with these parts. */
static bytes ballot_with(uint8_t *room, const struct parts *x)
{
	bytes own = election_ballot(&e, MINE);
	uint8_t *end = room + own.len;
	memcpy(room, own.p, own.len);
	points_encode_tree(end - U_FROM_END, &x->u, 1);
	points_encode_tree(end - V_FROM_END, &x->v, 1);
	points_encode_tree(end - A_FROM_END, &x->a, 1);
	scalars_encode_tree(end - Z_FROM_END, &x->z, 1);
	return bytes_of(room, own.len);
}

/* --- the attacks --- */

static scalar negative(const scalar *x)
{
	scalar out;
	scalar_neg(&out, x);
	return out;
}

/* The product of two, with the product of the proofs. */
static void product(struct parts *out, const struct parts *x, const struct parts *y)
{
	out->u = plus(&x->u, &y->u);
	out->v = plus(&x->v, &y->v);
	out->a = plus(&x->a, &y->a);
	scalar_add(&out->z, &x->z, &y->z);
}

/* Somebody's vote, multiplied: it reads the same to whoever sees pairs in the result. */
static void power(struct parts *out, const struct parts *x, const struct parts *y)
{
	const scalar three = scalar_of_u64(3);
	(void)y;
	out->u = times(&three, &x->u);
	out->v = times(&three, &x->v);
	out->a = times(&three, &x->a);
	scalar_mul(&out->z, &three, &x->z);
}

static void inverse(struct parts *out, const struct parts *x, const struct parts *y)
{
	(void)y;
	point_neg(&out->u, &x->u);
	point_neg(&out->v, &x->v);
	point_neg(&out->a, &x->a);
	out->z = negative(&x->z);
}

/* Re-encrypted by s, with the proof moved by c·s: it would hold under the old challenge. */
static void moved(struct parts *out, const struct parts *x, const struct parts *y)
{
	const point g = point_generator();
	const scalar s = random_scalar();
	(void)y;
	point on_u = times(&s, &g), on_v = times(&s, &e.pk.y);
	out->u = plus(&x->u, &on_u);
	out->v = plus(&x->v, &on_v);
	out->a = x->a;
	scalar_mul_add(&out->z, &x->c, &s, &x->z);
}

/* A challenge and a response of one's own choice, and A to fit them. */
static void simulated(struct parts *out, const struct parts *x, const struct parts *y)
{
	const point g = point_generator();
	product(out, x, y);
	out->c = random_scalar();
	out->z = random_scalar();
	const scalar minus = negative(&out->c);
	point zg = times(&out->z, &g), cu = times(&minus, &out->u);
	out->a = plus(&zg, &cu);
}

/* With u as little as the attacker can hide it: solved for after the challenge. */
static void solved_for_u(struct parts *out, const struct parts *x, const struct parts *y)
{
	uint8_t room[1024];
	const point g = point_generator();
	scalar by;
	product(out, x, y);
	out->a = times(&out->z, &g); /* any */
	out->c = challenge_of(ballot_with(room, out));
	out->z = random_scalar();
	scalar_invert(&by, &out->c);
	point zg = times(&out->z, &g);
	point_sub(&zg, &zg, &out->a);
	out->u = times(&by, &zg);
}

/* Another's ciphertext with G added: a vote for another answer, if votes were numbers. */
static void shifted(struct parts *out, const struct parts *x, const struct parts *y)
{
	const point g = point_generator();
	(void)y;
	*out = *x;
	out->v = plus(&x->v, &g);
}

static void copied(struct parts *out, const struct parts *x, const struct parts *y)
{
	(void)y;
	*out = *x;
}

struct attack {
	const char *name;
	void (*make)(struct parts *out, const struct parts *x, const struct parts *y);
	enum board_answer answer;
	enum ballot_fault fault;
};

static const struct attack attacks[] = {
	{"product", product, BOARD_WRONG_PROOF, BALLOT_PROOF},
	{"power", power, BOARD_WRONG_PROOF, BALLOT_PROOF},
	{"inverse", inverse, BOARD_WRONG_PROOF, BALLOT_PROOF},
	{"moved", moved, BOARD_WRONG_PROOF, BALLOT_PROOF},
	{"simulated", simulated, BOARD_WRONG_PROOF, BALLOT_PROOF},
	{"solved for u", solved_for_u, BOARD_WRONG_PROOF, BALLOT_PROOF},
	{"shifted", shifted, BOARD_REPEATED_U, BALLOT_REPEATED_U},
	{"copied", copied, BOARD_REPEATED_U, BALLOT_REPEATED_U},
};
#define ATTACKS (sizeof attacks / sizeof *attacks)

static bytes forged(uint8_t *room, const struct attack *a)
{
	const struct parts x = parts_of(election_ballot(&e, 0)), y = parts_of(election_ballot(&e, 1));
	struct parts out = {.c = scalar_zero};
	assert_true(holds(&x) && holds(&y));
	a->make(&out, &x, &y);
	return ballot_with(room, &out);
}

static int set_up(void **state)
{
	(void)state;
	error_clear(&err);
	attack_election(&e, 2, 2, MINE + 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	election_end(&e);
	return 0;
}

static void attack_39_related_ciphertexts_are_refused_by_the_board(void **state)
{
	(void)state;
	static const char *const files[] = {"log/entries", "log/checkpoint-close", "ballots.bt"};
	const struct board_plan plan = {.manifest = e.manifest,
	                                .key = &e.key,
	                                .ceremony = &e.ceremony,
	                                .record = e.record,
	                                .world = &e.world,
	                                .voters_max = 8,
	                                .ballots_max = 8,
	                                .voids_max = 1,
	                                .changes_max = 1};
	struct board *board;
	struct board_receipt receipt;
	uint8_t room[1024];
	for (size_t i = 0; i < 3; i++)
		election_remove(e.record, files[i]);
	assert_ok(board_open(&board, &plan, &err), err);
	for (unsigned i = 0; i < MINE; i++) {
		const struct board_ballot in = {election_ballot(&e, i), 1};
		assert_ok(board_accept(&receipt, board, &in, 1, &err), err);
		assert_int_equal(receipt.answer, BOARD_ACCEPTED);
	}
	for (size_t i = 0; i < ATTACKS; i++) {
		const struct board_ballot in = {forged(room, &attacks[i]), 1};
		assert_ok(board_accept(&receipt, board, &in, 1, &err), err);
		if (receipt.answer != attacks[i].answer)
			fail_msg("%s: %s", attacks[i].name, board_answer_name(receipt.answer));
	}
	/* and the attacker's own vote is still welcome */
	const struct board_ballot own = {election_ballot(&e, MINE), 1};
	assert_ok(board_accept(&receipt, board, &own, 1, &err), err);
	assert_int_equal(receipt.answer, BOARD_ACCEPTED);
	board_abandon(board);
	arena_release(&e.arena, e.mark);
	election_write_box(&e);
}

/* The board logs them: every authority judges for itself, and the tally goes on without. */
static void attack_39_related_ciphertexts_that_are_logged_are_left_out_and_named(void **state)
{
	(void)state;
	static struct forgery f;
	uint8_t room[1024];
	for (size_t i = 0; i < ATTACKS; i++) {
		const struct attack *a = &attacks[i];
		struct election_files files;
		election_write_box(&e);
		forgery_ballot(&e, MINE, forged(room, a));
		forgery_begin(&f, &e);
		assert_int_equal(f.box.counted, MINE);
		if (f.box.faults[a->fault] != 1)
			fail_msg("%s: another reason", a->name);
		forgery_undo(&f); /* nobody remembers the box before */
		election_tally(&e, "1,2");
		refused_by_verifier(&e, "6.1", "logged ballots that do not count", NULL);
		assert_true(noted_by_verifier(&e, "6.6", ballot_fault_name(a->fault)));
		bytes b = election_read(e.record, ATTACK_PROOF "Plaintexts.bt");
		assert_int_equal(b.len, TREE_HEADER_BYTES + MINE * POINT_TREE_BYTES);
		drop(b);
		election_files(&files, e.record);
		for (size_t k = 0; k < files.count; k++)
			if (!f.begun->exists(f.begun, files.file[k].path))
				election_remove(e.record, files.file[k].path);
		election_files_free(&files);
		forgery_end(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_39_related_ciphertexts_are_refused_by_the_board),
		cmocka_unit_test(attack_39_related_ciphertexts_that_are_logged_are_left_out_and_named),
		cmocka_unit_test(attack_50_the_second_verifier_judges_all_these_records_alike),
	};
	return cmocka_run_group_tests_name("attacks/related", tests, set_up, tear_down);
}
