/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks 1 and 2: somebody else's ballot, as it is or bent, becomes a ballot of mine. */
#include "support/support.h"

#include "attacks/attacker.h"

static uint8_t victim[URN_BALLOT_MAX], mine[2 * URN_BALLOT_MAX], room[URN_BALLOT_MAX];

/* --- 1: copies --- */

static void attack_01_a_ballot_copied_byte_for_byte_is_no_second_vote(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		scene_begin((enum ballot_mode)mode);
		scene_open();
		bytes b = scene_vote(victim, 1, 0);
		scene_attack(b, BOARD_ACCEPTED_BEFORE, "the very same");
		scene_vote(room, 2, 0);
		scene_attack(b, BOARD_ACCEPTED_BEFORE, "and again");
		scene_named("1: copied byte for byte");
		scene_end();
	}
}

/* The attacker's pseudonym in the victim's ballot. */
static bytes under_my_name(unsigned me)
{
	const struct map m = map_of(u.voters[1].style);
	const pseudonym p = who_of(me);
	uint8_t tree[PSEUDONYM_TREE_MAX];
	memcpy(mine, victim, m.end);
	assert_int_equal(pseudonym_encode(tree, &p), m.p_len);
	memcpy(mine + m.p, tree, m.p_len);
	sign_ballot(mine, me, u.voters[1].style, 0);
	return bytes_of(mine, m.end);
}

static void attack_01_a_ballot_copied_for_another_voter_is_refused(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		scene_begin((enum ballot_mode)mode);
		u.voters[4].style = 1; /* as voter 1 */
		scene_open();
		bytes b = scene_vote(victim, 1, 0);
		scene_attack(under_my_name(4), BOARD_REPEATED_U, "copied and signed anew");
		if (mode == BALLOT_CREDENTIALS) { /* his ballot with my signature, mine with his */
			const struct map m = map_of(1);
			memcpy(mine, b.p, b.len);
			sign_ballot(mine, 4, 1, 0);
			scene_attack(bytes_of(mine, b.len), BOARD_ACCEPTED_BEFORE, "signed by another");
			urn_ballot(mine, &u, 4, 1, 0);
			memcpy(mine + m.r, victim + m.r, m.end - m.r);
			scene_attack(bytes_of(mine, m.end), BOARD_WRONG_SIGNATURE, "the victim's signature");
		}
		scene_vote(room, 4, 0);
		scene_named("1: copied for another voter");
		scene_end();
	}
}

/* The board hands the ballot on before it logs it, or never does: no u is known yet. */
static void attack_01_a_copy_that_comes_before_the_original_is_refused(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		scene_begin((enum ballot_mode)mode);
		u.voters[4].style = 1;
		scene_open();
		urn_ballot(victim, &u, 1, 1, 0);
		scene_attack(under_my_name(4), BOARD_WRONG_PROOF, "a copy of what nobody has seen");
		scene_vote(room, 4, 0);
		scene_named("1: the original is held back");
		/* the original behind its copy is lost, and that the record says as well */
		scene_open();
		scene_log(under_my_name(4), BOARD_WRONG_PROOF, "copied");
		scene_log(bytes_of(victim, map_of(1).end), BOARD_REPEATED_U, "the original");
		scene_named("1: the copy comes first");
		scene_end();
	}
}

static void swap(size_t a, size_t b, size_t len)
{
	uint8_t t[81];
	memcpy(t, mine + a, len);
	memcpy(mine + a, mine + b, len);
	memcpy(mine + b, t, len);
}

/* Styles "south": g2 of two points, g1 of one. */
static void attack_01_a_copy_with_its_proofs_in_another_order_is_refused(void **state)
{
	(void)state;
	scene_begin(BALLOT_CREDENTIALS);
	scene_open();
	scene_vote(room, 2, 0);
	const struct map m = map_of(1);
	for (unsigned i = 0; i < m.n; i++)
		for (unsigned j = i + 1; j < m.n; j++)
			for (unsigned what = 1; what < 8; what++) { /* bit 0: z, 1: A, 2: the ciphertext */
				unsigned voter = 4 + 3 * ((i + j + what) % 5);
				urn_ballot(mine, &u, voter, 1, 0);
				if (what & 1)
					swap(m.z[i], m.z[j], 38);
				if (what & 2)
					swap(m.a[i], m.a[j], 81);
				if (what & 4) {
					swap(m.u[i], m.u[j], 81);
					swap(m.v[i], m.v[j], 81);
				}
				sign_ballot(mine, voter, 1, 0);
				scene_attack(bytes_of(mine, m.end), BOARD_WRONG_PROOF, "parts re-ordered");
			}
	scene_named("1: proofs re-ordered");
	scene_end();
}

/* One tree written in another way: a reader that is generous would have two names for one ballot.
 * Each `at` is a tree's; nothing but its header changes, or a byte is put in or taken out. */
static void attack_01_a_copy_in_another_encoding_is_malformed(void **state)
{
	(void)state;
	scene_begin(BALLOT_CREDENTIALS);
	scene_open();
	bytes b = scene_vote(victim, 1, 0);
	const struct map m = map_of(1);
	const size_t trees[] = {0,       5,    m.label, m.eid,  m.p,         m.p + 5,
	                        m.style, m.ct, m.u[0],  m.v[1], m.u[0] + 43, m.aa,
	                        m.a[2],  m.zz, m.z[1],  m.seq,  m.r,         m.zs};
	for (size_t i = 0; i < sizeof trees / sizeof *trees; i++) {
		size_t at = trees[i];
		for (unsigned how = 0; how < 6; how++) {
			bytes x = bytes_of(mine, b.len);
			memcpy(mine, b.p, b.len);
			switch (how) {
			case 0: /* neither leaf nor node */
				mine[at] = 2;
				break;
			case 1: /* the other one */
				mine[at] ^= 1;
				break;
			case 2: /* one more, or one byte longer, with a zero in front of what follows */
				store_be32(mine + at + 1, load_be32(mine + at + 1) + 1);
				memmove(mine + at + 6, mine + at + 5, b.len - at - 5);
				mine[at + 5] = 0;
				x.len++;
				break;
			case 3: /* one less */
				store_be32(mine + at + 1, load_be32(mine + at + 1) - 1);
				break;
			case 4: /* a length that is negative */
				mine[at + 1] |= 0x80;
				break;
			default: /* wrapped once more */
				memmove(mine + at + 5, mine + at, b.len - at);
				tree_put_node(mine + at, 1);
				x.len += 5;
				break;
			}
			scene_attack(x, BOARD_MALFORMED, "another encoding");
		}
	}
	memcpy(mine, b.p, b.len);
	mine[b.len] = 0;
	scene_attack(bytes_of(mine, b.len + 1), BOARD_MALFORMED, "a byte behind it");
	memcpy(mine + b.len, b.p, b.len);
	scene_attack(bytes_of(mine, 2 * b.len), BOARD_MALFORMED, "twice in one");
	scene_attack(bytes_of(mine + 5, m.body_end - 5), BOARD_MALFORMED, "the body alone");
	scene_named("1: other encodings");
	scene_end();
}

/* --- 2: ballots bent --- */

static const uint8_t modulus_q[33] = {0,    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00,
                                      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
                                      0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9,
                                      0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
static const uint8_t modulus_p[33] = {0,    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01,
                                      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0,
                                      0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                      0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

/* The leaf of 33 bytes at `at` has room for it. */
static void add_modulus(size_t at, const uint8_t *modulus)
{
	unsigned carry = 0;
	for (unsigned i = 33; i-- > 0;) {
		carry += (unsigned)mine[at + 5 + i] + modulus[i];
		mine[at + 5 + i] = (uint8_t)carry;
		carry >>= 8;
	}
}

static void bend_point(size_t at, unsigned how)
{
	const point p = point_in(mine, at), g = point_generator();
	point q;
	scalar k;
	switch (how) {
	case 0:
		point_add(&q, &p, &g);
		break;
	case 1:
		point_neg(&q, &p);
		break;
	case 2:
		point_add(&q, &p, &p);
		break;
	case 3:
		k = any_scalar();
		q = times_g(&k);
		break;
	case 4:
		q = point_infinity();
		break;
	case 5:
		add_modulus(at + 5, modulus_p);
		return;
	case 6:
		add_modulus(at + 43, modulus_p);
		return;
	default: /* off the curve, on its twist as likely as not */
		mine[at + 42] ^= 1;
		return;
	}
	put_point(mine, at, &q);
}

static void bend_scalar(size_t at, unsigned how)
{
	scalar s = scalar_in(mine, at);
	switch (how % 4) {
	case 0:
		add_modulus(at, modulus_q);
		return;
	case 1:
		scalar_neg(&s, &s);
		break;
	case 2:
		scalar_add(&s, &s, &scalar_one);
		break;
	default:
		s = any_scalar();
		break;
	}
	put_scalar(mine, at, &s);
}

/* u + rG, v + rY, z + c·r: the same vote, and a proof that would hold for the old challenge. */
static void reencrypt(const struct map *m, unsigned i)
{
	const scalar r = any_scalar();
	struct ballot b;
	size_t mark = arena_mark(&u.arena);
	point p = times_g(&r), q = point_in(mine, m->u[i]);
	assert_ok(ballot_parse(&b, bytes_of(mine, m->end), &u.rules, &u.arena, &err), err);
	scalar z = scalar_in(mine, m->z[i]);
	scalar_mul_add(&z, &b.challenge, &r, &z);
	put_scalar(mine, m->z[i], &z);
	arena_release(&u.arena, mark);
	point_add(&q, &q, &p);
	put_point(mine, m->u[i], &q);
	point_mul_vartime(&p, &r, &u.pk.y);
	q = point_in(mine, m->v[i]);
	point_add(&q, &q, &p);
	put_point(mine, m->v[i], &q);
}

/* -A, -u, -z: it would hold were A and u not hashed. */
static void mirror(const struct map *m, unsigned i)
{
	bend_point(m->a[i], 1);
	bend_point(m->u[i], 1);
	bend_scalar(m->z[i], 1);
}

static void bend(const struct map *m)
{
	unsigned i = (unsigned)test_random_below(m->n), j = (i + 1) % m->n;
	unsigned how = (unsigned)test_random_below(8);
	switch (test_random_below(12)) {
	case 0:
		bend_point(m->u[i], how);
		return;
	case 1:
		bend_point(m->v[i], how);
		return;
	case 2:
		bend_point(m->a[i], how);
		return;
	case 3:
	case 4:
		bend_scalar(m->z[i], how);
		return;
	case 5:
		reencrypt(m, i);
		return;
	case 6:
		mirror(m, i);
		return;
	case 7:
		if (m->n > 1)
			swap(m->u[i], m->u[j], 81);
		else
			swap(m->u[0], m->v[0], 81);
		return;
	case 8:
		swap(m->v[i], m->a[j], 81);
		return;
	case 9:
		if (u.rules.mode == BALLOT_CREDENTIALS) {
			if (how & 1)
				bend_point(m->r, how >> 1);
			else
				bend_scalar(m->zs, how >> 1);
			return;
		}
		mine[m->p + 5 + how] ^= 1;
		return;
	default:
		mine[test_random_below(m->seq)] ^= (uint8_t)(1u << how);
		return;
	}
}

/* Some voter's ballot, bent in one way. */
static bytes bent(unsigned voter)
{
	const struct map m = map_of(u.voters[voter].style);
	bytes b = urn_ballot(victim, &u, voter, u.voters[voter].style, 0);
	do {
		memcpy(mine, b.p, b.len);
		bend(&m);
	} while (memcmp(mine, b.p, b.len) == 0);
	return bytes_of(mine, b.len);
}

static void attack_02_no_mutation_of_a_ballot_is_accepted(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		unsigned answers[BOARD_ANSWERS] = {0};
		scene_begin((enum ballot_mode)mode);
		scene_open();
		for (uint64_t i = 0; i < TEST_COUNT(400, 10000); i++) {
			bytes b = bent((unsigned)(i % u.listed));
			enum board_answer a = urn_accept(&u, b, 1);
			answers[a]++;
			if (a == BOARD_ACCEPTED || a == BOARD_ACCEPTED_BEFORE)
				fail_msg("accepted: %s", test_hex(b));
		}
		assert_true(answers[BOARD_MALFORMED] > 0 && answers[BOARD_WRONG_PROOF] > 0);
		if (mode == BALLOT_CREDENTIALS)
			assert_true(answers[BOARD_WRONG_SIGNATURE] > 0);
		scene_end();
	}
}

/* Each is one of a ballot that nobody else has: only what is wrong with it can give it away. */
static void attack_02_mutations_that_are_logged_all_the_same_are_named(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		scene_begin((enum ballot_mode)mode);
		for (uint64_t k = 0; k < TEST_COUNT(1, 25); k++) {
			scene_open();
			scene_vote(room, 0, 0);
			for (unsigned i = 0; i < 100; i++) {
				bytes b = bent(1 + i % (u.listed - 2));
				scene_log(b, urn_accept(&u, b, 1), "a mutation");
			}
			scene_vote(room, u.listed - 1, 0);
			scene_named("2: mutations");
		}
		scene_end();
	}
}

/* --- docs/protocol.md, "exactly those votes" --- */

/* A question of a ballot is voted by somebody else: with that vote's own proof, and the voter's
 * signature even (the voter's software is in it) the rest of the ballot does not go with it. */
static void attack_a_ballot_with_one_questions_ciphertext_replaced_is_refused(void **state)
{
	(void)state;
	uint8_t other[URN_BALLOT_MAX];
	for (unsigned mode = 0; mode < 2; mode++) {
		scene_begin((enum ballot_mode)mode);
		scene_open();
		scene_vote(room, 2, 0);
		const struct map m = map_of(0);
		for (unsigned with = 0; with < 3; with++) { /* ciphertext; its proof; a new signature */
			unsigned voter = 3 + 3 * with;
			urn_ballot(mine, &u, voter, 0, 0);
			urn_ballot(other, &u, voter, 0, 0);
			memcpy(mine + m.u[0], other + m.u[0], 81);
			memcpy(mine + m.v[0], other + m.v[0], 81);
			if (with > 0) {
				memcpy(mine + m.a[0], other + m.a[0], 81);
				memcpy(mine + m.z[0], other + m.z[0], 38);
			}
			if (with > 1)
				sign_ballot(mine, voter, 0, 0);
			scene_attack(bytes_of(mine, m.end), BOARD_WRONG_PROOF, "one question replaced");
		}
		scene_named("one question's ciphertext replaced");
		scene_end();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_01_a_ballot_copied_byte_for_byte_is_no_second_vote),
		cmocka_unit_test(attack_01_a_ballot_copied_for_another_voter_is_refused),
		cmocka_unit_test(attack_01_a_copy_that_comes_before_the_original_is_refused),
		cmocka_unit_test(attack_01_a_copy_with_its_proofs_in_another_order_is_refused),
		cmocka_unit_test(attack_01_a_copy_in_another_encoding_is_malformed),
		cmocka_unit_test(attack_02_no_mutation_of_a_ballot_is_accepted),
		cmocka_unit_test(attack_02_mutations_that_are_logged_all_the_same_are_named),
		cmocka_unit_test(attack_a_ballot_with_one_questions_ciphertext_replaced_is_refused),
		cmocka_unit_test(the_second_verifier_says_the_same),
	};
	return cmocka_run_group_tests(tests, scene_set_up, NULL);
}
