/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attack 4 on the proof of possession of a dealer in the ceremony: forged by the textbook, and with
 * each thing that its challenge hashes changed alone. Who opens so is out, by name; the others go
 * on. (Attack 25, the rogue key itself, is in another program.)
 */
#include "support/support.h"

#include "unit/protocol/ceremony/cheat.h"

#include "elgamal/elgamal.h"
#include "hash/tagged.h"
#include "proof/proof.h"

static struct play p;
static struct cheat c;
static struct error err;

/* What the challenge is about; a proof is made of it and then shown with the truth. */
struct about {
	digest d;
	unsigned attempt, index;
	uint8_t identity[32];
	point coefficients[2], a;
};

static scalar challenge(const struct about *t)
{
	uint8_t room[512], wide[TAGGED_CHALLENGE_BYTES];
	struct tree_writer w = TREE_WRITER(room);
	struct hash h;
	scalar out;
	uint8_t tree[POINT_TREE_BYTES];
	tree_write_node(&w, 2);
	for (unsigned i = 0; i < 3; i++) {
		points_encode_tree(tree, i < 2 ? &t->coefficients[i] : &t->a, 1);
		tree_write_raw(&w, BYTES_OF(tree));
	}
	tagged_challenge_init(&h, "pop", 6);
	tree_hash_leaf(&h, BYTES_OF(t->d.b));
	tree_hash_u32(&h, t->attempt);
	tree_hash_u32(&h, t->index);
	tree_hash_leaf(&h, BYTES_OF(t->identity));
	hash_update(&h, tree_written(&w));
	tagged_challenge_finish(&h, wide);
	scalar_reduce(&out, wide, sizeof wide);
	return out;
}

static void ends(enum ceremony_fate fate, const char *what)
{
	struct election_key key;
	struct ceremony_report report;
	cheat_until_open(&c);
	if (fate == CEREMONY_QUALIFIED) {
		static const uint8_t fine[3] = {0};
		cheat_verdict(&c, fine, 1);
		play_on(&p);
		cheat_certify(&c, 1);
	}
	play_out(&p);
	play_check(&p, &key, &report);
	if (report.fate[2] != fate)
		fail_msg("%s: party 3 %s", what, ceremony_fate_text(report.fate[2]));
	assert_int_equal(key.qualified[2], fate == CEREMONY_QUALIFIED);
}

/* A proof for what `flip` makes of the statement: true of it, and of nothing else. */
static void prove(unsigned flip)
{
	scalar nonce, ch;
	const point g = point_generator();
	assert_ok(scalar_random(&nonce, test_rng(), &err), err);
	point_mul_vartime(&c.a, &nonce, &g);
	struct about t = {p.m.d, 1, 3, {0}, {c.c[0], c.c[1]}, c.a};
	memcpy(t.identity, p.identity[2].pub, 32);
	switch (flip) {
	case 1:
		t.d.b[7] ^= 1;
		break;
	case 2:
		t.attempt = 2;
		break;
	case 3:
		t.index = 2;
		break;
	case 4:
		memcpy(t.identity, p.identity[1].pub, 32);
		break;
	case 5: /* c_0 is another, and z right for it under the same challenge: see below */
		point_add(&t.coefficients[0], &t.coefficients[0], &g);
		break;
	case 6:
		point_add(&t.coefficients[1], &t.coefficients[1], &g);
		break;
	case 7:
		point_add(&t.a, &t.a, &g);
		break;
	default:
		break;
	}
	ch = challenge(&t);
	scalar_mul_add(&c.z, &ch, &c.f[0], &nonce);
	error_clear(&err);
	assert_ok(proof_check_log_vartime(&c.a, &ch, &c.c[0], &c.z, &err), err);
}

static void attack_04_each_thing_that_a_proof_of_possession_hashes_is_hashed(void **state)
{
	(void)state;
	for (unsigned flip = 0; flip <= 7; flip++) {
		play_begin(&p, 3, 2);
		cheat_begin(&c, &p, 1, 3);
		prove(flip);
		ends(flip ? CEREMONY_UNOPENED : CEREMONY_QUALIFIED, "a changed statement");
		play_end(&p);
	}
}

/* A = z·G - ch·C_0 for a challenge and an answer chosen first, and a C_0 nobody knows. */
static void attack_04_a_proof_of_possession_by_the_textbook_is_refused(void **state)
{
	(void)state;
	for (unsigned known = 0; known < 2; known++) {
		scalar ch;
		const point g = point_generator();
		point z_g, ch_c;
		play_begin(&p, 3, 2);
		cheat_begin(&c, &p, 1, 3);
		if (!known)
			point_sub(&c.c[0], &c.c[0], &g);
		assert_ok(scalar_random(&ch, test_rng(), &err), err);
		assert_ok(scalar_random(&c.z, test_rng(), &err), err);
		point_mul_vartime(&z_g, &c.z, &g);
		point_mul_vartime(&ch_c, &ch, &c.c[0]);
		point_sub(&c.a, &z_g, &ch_c);
		assert_ok(proof_check_log_vartime(&c.a, &ch, &c.c[0], &c.z, &err), err);
		ends(CEREMONY_UNOPENED, "the challenge first");
		play_end(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_04_each_thing_that_a_proof_of_possession_hashes_is_hashed),
		cmocka_unit_test(attack_04_a_proof_of_possession_by_the_textbook_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
