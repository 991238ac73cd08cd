/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attack 4 on ballots, signatures and statements: each is forged as the textbook does where a
 * challenge does not hash the whole statement, and each thing hashed is changed alone, with an
 * answer that would be right for the old challenge. Shuffles and decryptions: attacks/proofs; the
 * proof of possession: attacks/possession.
 */
#include "support/support.h"

#include "attacks/attacker.h"
#include "record/endorse.h"
#include "record/proof.h"

#include <sodium.h>

static uint8_t mine[URN_BALLOT_MAX], room[URN_BALLOT_MAX];

/* Styles "north" and "south" have one shape: their groups in another order. */
static const char two_alike[] =
	"[{\"id\":\"q1\",\"title\":\"A\",\"rule\":\"plurality-at-large\",\"seats\":1,\"min\":0,"
	"\"max\":1,\"answers\":[\"Yes\",\"No\"],\"lot\":[1,2]},"
	"{\"id\":\"q2\",\"title\":\"B\",\"rule\":\"plurality-at-large\",\"seats\":1,\"min\":0,"
	"\"max\":1,\"answers\":[\"Yes\",\"No\"],\"lot\":[1,2]}]";

static void begin(enum ballot_mode mode)
{
	const struct urn_plan plan = {
		.mode = mode, .weight_max = 1, .parties = 2, .threshold = 2, .questions = two_alike};
	urn_begin(&u, &plan);
	scene_open();
}

/* --- the ballot's proof --- */

static void holds(const point *a, const scalar *c, const point *x, const scalar *z)
{
	error_clear(&err);
	assert_ok(proof_check_log_vartime(a, c, x, z, &err), err);
}

/* Somebody else's ciphertext, whose r I do not know, as my own vote: c and z first. */
static void attack_04_a_ballot_proof_with_its_challenge_chosen_first_is_refused(void **state)
{
	(void)state;
	uint8_t victim[URN_BALLOT_MAX];
	for (unsigned mode = 0; mode < 2; mode++) {
		begin((enum ballot_mode)mode);
		scene_vote(room, 3, 0);
		const struct map m = map_of(0);
		urn_ballot(victim, &u, 6, 0, 0);
		urn_ballot(mine, &u, 9, 0, 0);
		const scalar c = any_scalar();
		for (unsigned i = 0; i < m.n; i++) {
			memcpy(mine + m.u[i], victim + m.u[i], 81);
			memcpy(mine + m.v[i], victim + m.v[i], 81);
			const scalar z = any_scalar();
			const point x = point_in(mine, m.u[i]);
			point a = times_g(&z), cx;
			point_mul_vartime(&cx, &c, &x);
			point_sub(&a, &a, &cx);
			holds(&a, &c, &x, &z);
			put_point(mine, m.a[i], &a);
			put_scalar(mine, m.z[i], &z);
		}
		sign_ballot(mine, 9, 0, 0);
		scene_attack(bytes_of(mine, m.end), BOARD_WRONG_PROOF, "the challenge first");
		scene_named("4: challenge first");
		scene_end();
	}
}

/* A and c first, then the statement: u = (z·G - A) / c. */
static void attack_04_a_ballot_whose_ciphertext_is_solved_for_is_refused(void **state)
{
	(void)state;
	begin(BALLOT_CREDENTIALS);
	const struct map m = map_of(0);
	for (unsigned i = 0; i < m.n; i++) {
		unsigned voter = 3 * i + 3;
		urn_ballot(mine, &u, voter, 0, 0);
		const scalar c = challenge_of(mine, 0), z = any_scalar();
		const point a = point_in(mine, m.a[i]);
		scalar inverse;
		point x = times_g(&z);
		scalar_invert(&inverse, &c);
		point_sub(&x, &x, &a);
		point_mul_vartime(&x, &inverse, &x);
		holds(&a, &c, &x, &z);
		put_point(mine, m.u[i], &x);
		put_scalar(mine, m.z[i], &z);
		sign_ballot(mine, voter, 0, 0);
		scene_attack(bytes_of(mine, m.end), BOARD_WRONG_PROOF, "the statement last");
	}
	scene_vote(room, 18, 0);
	scene_named("4: statement solved for");
	scene_end();
}

/* By k·G, and z by what keeps the equation true under the old challenge. */
static void shift_u(const struct map *m, unsigned i, const scalar *c)
{
	const scalar k = any_scalar();
	point p = times_g(&k), x = point_in(mine, m->u[i]);
	const point a = point_in(mine, m->a[i]);
	scalar z = scalar_in(mine, m->z[i]);
	point_add(&x, &x, &p);
	scalar_mul_add(&z, c, &k, &z);
	holds(&a, c, &x, &z);
	put_point(mine, m->u[i], &x);
	put_scalar(mine, m->z[i], &z);
}

static void shift_a(const struct map *m, unsigned i, const scalar *c)
{
	const scalar k = any_scalar();
	point p = times_g(&k), a = point_in(mine, m->a[i]);
	const point x = point_in(mine, m->u[i]);
	scalar z = scalar_in(mine, m->z[i]);
	point_add(&a, &a, &p);
	scalar_add(&z, &z, &k);
	holds(&a, c, &x, &z);
	put_point(mine, m->a[i], &a);
	put_scalar(mine, m->z[i], &z);
}

static void shift_v(const struct map *m, unsigned i)
{
	const point g = point_generator();
	point v = point_in(mine, m->v[i]);
	point_add(&v, &v, &g);
	put_point(mine, m->v[i], &v);
}

/* EID, P, style, and every u, v and A of every question, one after the other. In each case all
 * equations hold under the challenge before the change. */
static void attack_04_each_thing_that_a_ballots_challenge_hashes_is_hashed(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		begin((enum ballot_mode)mode);
		scene_vote(room, 3, 0);
		const struct map m = map_of(0);
		for (unsigned i = 0; i < m.n; i++)
			for (unsigned what = 0; what < 3; what++) {
				unsigned voter = 6 + 3 * ((3 * i + what) % 4);
				urn_ballot(mine, &u, voter, 0, 0);
				const scalar c = challenge_of(mine, 0);
				if (what == 0)
					shift_u(&m, i, &c);
				else if (what == 1)
					shift_v(&m, i);
				else
					shift_a(&m, i, &c);
				sign_ballot(mine, voter, 0, 0);
				scene_attack(bytes_of(mine, m.end), BOARD_WRONG_PROOF, "u, v or A");
			}
		/* EID: proved for another election */
		u.rules.eid.b[31] ^= 1;
		urn_ballot(mine, &u, 6, 0, 0);
		u.rules.eid.b[31] ^= 1;
		mine[m.eid + 5 + 31] ^= 1;
		sign_ballot(mine, 6, 0, 0);
		scene_attack(bytes_of(mine, m.end), BOARD_WRONG_PROOF, "the election");
		/* P: proved by another voter */
		uint8_t tree[PSEUDONYM_TREE_MAX];
		const pseudonym p = who_of(9);
		urn_ballot(mine, &u, 6, 0, 0);
		pseudonym_encode(tree, &p);
		memcpy(mine + m.p, tree, m.p_len);
		sign_ballot(mine, 9, 0, 0);
		scene_attack(bytes_of(mine, m.end), BOARD_WRONG_PROOF, "the voter");
		/* the style: two questions change places, and with them what is voted */
		urn_ballot(mine, &u, 4, 0, 0);
		assert_memory_equal(mine + m.style + 5, "north", 5);
		memcpy(mine + m.style + 5, "south", 5);
		sign_ballot(mine, 4, 1, 0);
		scene_attack(bytes_of(mine, m.end), BOARD_WRONG_PROOF, "the style");
		scene_named("4: inputs of the challenge");
		scene_end();
	}
}

/* --- the ballot's signature --- */

/* c_s = C_sig(S, R, EID, seq, b). S is in b as well, so that no ballot can be signed with another
 * one: such a signature is attack 11's. */
static void attack_04_each_thing_that_a_ballots_signature_hashes_is_hashed(void **state)
{
	(void)state;
	uint8_t body[URN_BALLOT_MAX];
	begin(BALLOT_CREDENTIALS);
	scene_vote(room, 3, 0);
	const struct map m = map_of(0);
	/* R, with z_s right for the old challenge */
	urn_ballot(mine, &u, 6, 0, 0);
	const scalar k = any_scalar();
	point p = times_g(&k), r = point_in(mine, m.r);
	scalar z = scalar_in(mine, m.zs);
	point_add(&r, &r, &p);
	scalar_add(&z, &z, &k);
	put_point(mine, m.r, &r);
	put_scalar(mine, m.zs, &z);
	scene_attack(bytes_of(mine, m.end), BOARD_WRONG_SIGNATURE, "R");
	/* EID */
	bytes made = urn_body(body, &u, 6, 0);
	u.key.eid.b[0] ^= 1;
	urn_cast(mine, &u, 6, made, 0);
	u.key.eid.b[0] ^= 1;
	scene_attack(bytes_of(mine, m.end), BOARD_WRONG_SIGNATURE, "EID");
	/* seq */
	urn_ballot(mine, &u, 6, 0, 1);
	store_be32(mine + m.seq + 5, 0);
	scene_attack(bytes_of(mine, m.end), BOARD_WRONG_SIGNATURE, "seq");
	/* b: another ballot of the same voter */
	uint8_t other[URN_BALLOT_MAX];
	urn_ballot(other, &u, 6, 0, 0);
	urn_ballot(mine, &u, 6, 0, 0);
	memcpy(mine + m.r, other + m.r, m.end - m.r);
	scene_attack(bytes_of(mine, m.end), BOARD_WRONG_SIGNATURE, "b");
	/* the mirrored one: -R, -z_s */
	urn_ballot(mine, &u, 6, 0, 0);
	r = point_in(mine, m.r);
	z = scalar_in(mine, m.zs);
	point_neg(&r, &r);
	scalar_neg(&z, &z);
	put_point(mine, m.r, &r);
	put_scalar(mine, m.zs, &z);
	scene_attack(bytes_of(mine, m.end), BOARD_WRONG_SIGNATURE, "mirrored");
	scene_vote(room, 6, 0);
	scene_named("4: inputs of a signature");
	scene_end();
}

/* --- statements of authorities, in Ed25519 --- */

static void put_signature(const char *path, const uint8_t signature[64], unsigned attempt)
{
	uint8_t file[83];
	struct tree_writer w = TREE_WRITER(file);
	if (attempt) {
		tree_write_node(&w, 2);
		tree_write_u32(&w, attempt);
	}
	tree_write_leaf(&w, bytes_of(signature, 64));
	urn_write(&u, path, tree_written(&w));
}

static void honest_record(void)
{
	for (unsigned i = 0; i < 3; i++)
		scene_vote(room, i, 0);
	scene_named("honest");
}

/* R = S·B - c·A for an S and a c chosen first: no hash gives this c. */
static void attack_04_a_forged_ed25519_signature_is_refused(void **state)
{
	(void)state;
	uint8_t signature[64], c[32], s_b[32], c_a[32];
	begin(BALLOT_SERVER);
	honest_record();
	bytes kept = urn_file(&u, "endorse/l1/mix-02.bt");
	crypto_core_ed25519_scalar_random(signature + 32);
	crypto_core_ed25519_scalar_random(c);
	assert_int_equal(crypto_scalarmult_ed25519_base_noclamp(s_b, signature + 32), 0);
	assert_int_equal(crypto_scalarmult_ed25519_noclamp(c_a, c, u.identity[1].pub), 0);
	assert_int_equal(crypto_core_ed25519_sub(signature, s_b, c_a), 0);
	put_signature("endorse/l1/mix-02.bt", signature, 0);
	scene_log_anew();
	scene_judged("8.3", "4: a forged signature");
	urn_write(&u, "endorse/l1/mix-02.bt", kept);
	scene_log_anew();
	scene_judged("", "4: the right one");
	scene_drop(kept);
	scene_end();
}

static digest flipped(digest d)
{
	d.b[31] ^= 1;
	return d;
}

static digest mix_statement(unsigned flip)
{
	struct statement_mix s = {.party = 2};
	digest eid = u.key.eid;
	digest *parts[] = {&s.input, &s.output, &s.permutation_commitment, &s.commitment, &s.reply};
	static const enum mix_file files[] = {MIX_FILE_LIST, MIX_FILE_LIST, MIX_FILE_PERMUTATION,
	                                      MIX_FILE_POS_COMMITMENT, MIX_FILE_POS_REPLY};
	error_clear(&err);
	for (unsigned i = 0; i < 5; i++)
		assert_ok(proof_digest(parts[i], u.record, 0, files[i], i ? 2 : 1, &err), err);
	if (flip >= 1 && flip <= 5)
		*parts[flip - 1] = flipped(*parts[flip - 1]);
	if (flip == 6)
		eid = flipped(eid);
	if (flip == 7)
		s.party = 1;
	return statement_mix(&eid, flip == 8 ? "l2" : "l1", &s);
}

/* By the right authority, with its right key: in one thing another statement. */
static void attack_04_each_thing_that_a_shuffles_author_signs_is_signed(void **state)
{
	(void)state;
	uint8_t signature[64];
	begin(BALLOT_SERVER);
	honest_record();
	for (unsigned flip = 0; flip <= 8; flip++) {
		digest d = mix_statement(flip);
		identity_sign(signature, &u.identity[1], BYTES_OF(d.b));
		put_signature("endorse/l1/mix-02.bt", signature, 0);
		scene_log_anew();
		scene_judged(flip ? "8.3" : "", "4: another statement of a mixer");
	}
	scene_end();
}

static digest stage_statement(unsigned stage, unsigned flip)
{
	static const enum mix_file files[] = {MIX_FILE_LIST, MIX_FILE_FACTORS,
	                                      MIX_FILE_DECRYPTION_COMMITMENT};
	bool active[LIMIT_PARTIES + 1] = {false, true, flip != 1};
	digest parts[2], eid = flip == 2 ? flipped(u.key.eid) : u.key.eid;
	const struct statement_attempt about = {&eid, flip == 3 ? "l2" : "l1", flip == 4 ? 2 : 1};
	error_clear(&err);
	if (stage == 0) {
		assert_ok(proof_digest(&parts[0], u.record, 0, files[0], 2, &err), err);
		if (flip == 5)
			parts[0] = flipped(parts[0]);
		return statement_ready(&about, &parts[0], active, 2);
	}
	assert_ok(proof_digests(parts, u.record, 0, files[stage], 2, &err), err);
	if (flip == 1 || flip == 5)
		parts[flip == 5] = flipped(parts[flip == 5]);
	return stage == 1 ? statement_factors(&about, parts, 2)
	                  : statement_commitments(&about, parts, 2);
}

static void attack_04_each_thing_that_a_decryptor_signs_is_signed(void **state)
{
	(void)state;
	static const char *const kinds[] = {"ready", "factors", "commitments"};
	uint8_t signature[64];
	begin(BALLOT_SERVER);
	honest_record();
	for (unsigned stage = 0; stage < 3; stage++) {
		char path[RECORD_PATH_BYTES];
		endorsement_path(path, "l1", kinds[stage], 2);
		for (unsigned flip = 0; flip <= 6; flip++) {
			digest d = stage_statement(stage, flip % 6);
			identity_sign(signature, &u.identity[1], BYTES_OF(d.b));
			put_signature(path, signature, 1);
			scene_log_anew();
			scene_judged(flip % 6 ? "9.2" : "", "4: another statement of a decryptor");
		}
	}
	scene_end();
}

static void attack_04_each_thing_that_closes_an_election_or_its_result_is_signed(void **state)
{
	(void)state;
	struct ballot_box box;
	uint8_t signature[64];
	begin(BALLOT_SERVER);
	honest_record();
	assert_ok(urn_read(&box, &u, &err), err);
	for (unsigned flip = 0; flip <= 4; flip++) {
		const digest eid = flip == 1 ? flipped(u.key.eid) : u.key.eid;
		const digest top = flip == 2 ? flipped(box.root) : box.root;
		const digest d = statement_close(&eid, box.log_size + (flip == 3), &top);
		identity_sign(signature, &u.identity[1], BYTES_OF(d.b));
		put_signature("endorse/close-02.bt", signature, 0);
		scene_judged(flip % 4 ? "6.3" : "", "4: another closing");
	}
	digest plain[2], json = {{0}};
	error_clear(&err);
	assert_ok(record_file_digest(&json, u.record, "result.json", &err), err);
	for (unsigned i = 0; i < 2; i++)
		assert_ok(proof_digest(&plain[i], u.record, i, MIX_FILE_PLAINTEXTS, 0, &err), err);
	for (unsigned flip = 0; flip <= 5; flip++) {
		const digest eid = flip == 1 ? flipped(u.key.eid) : u.key.eid;
		const digest lists[2] = {flip == 2 ? flipped(plain[0]) : plain[0],
		                         flip == 3 ? flipped(plain[1]) : plain[1]};
		const digest result = flip == 4 ? flipped(json) : json;
		const digest d = statement_result(&eid, lists, 2, &result);
		identity_sign(signature, &u.identity[1], BYTES_OF(d.b));
		put_signature("endorse/result-02.bt", signature, 0);
		scene_judged(flip % 5 ? "10.3" : "", "4: another result");
	}
	scene_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_04_a_ballot_proof_with_its_challenge_chosen_first_is_refused),
		cmocka_unit_test(attack_04_a_ballot_whose_ciphertext_is_solved_for_is_refused),
		cmocka_unit_test(attack_04_each_thing_that_a_ballots_challenge_hashes_is_hashed),
		cmocka_unit_test(attack_04_each_thing_that_a_ballots_signature_hashes_is_hashed),
		cmocka_unit_test(attack_04_a_forged_ed25519_signature_is_refused),
		cmocka_unit_test(attack_04_each_thing_that_a_shuffles_author_signs_is_signed),
		cmocka_unit_test(attack_04_each_thing_that_a_decryptor_signs_is_signed),
		cmocka_unit_test(attack_04_each_thing_that_closes_an_election_or_its_result_is_signed),
		cmocka_unit_test(the_second_verifier_says_the_same),
	};
	return cmocka_run_group_tests(tests, scene_set_up, NULL);
}
