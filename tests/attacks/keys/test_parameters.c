/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attack 35, and the numbers of 29: parameters of an attacker's choice, in every file of a record
 * that says anything about them. The record is finished and signed by all afterwards.
 */
#include "support/support.h"

#include "attacks/keys/forge.h"
#include "attacks/keys/prover.h"
#include "attacks/keys/second.h"

#include "mixnet/protinfo.h"

#include <stdlib.h>
#include <string.h>

static struct election e;
static struct forgery f;
static struct error err;

static int set_up(void **state)
{
	(void)state;
	attack_election(&e, 3, 2, 4);
	election_tally(&e, "1,2");
	forgery_begin(&f, &e);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	forgery_end(&f);
	election_end(&e);
	return 0;
}

struct change {
	const char *from, *to, *says;
};

/* The first occurrence. */
static bytes changed(const char *path, const struct change *c)
{
	static uint8_t room[1 << 16];
	bytes b = election_read(e.record, path);
	const size_t from = strlen(c->from), to = strlen(c->to);
	size_t at = 0;
	while (at + from <= b.len && memcmp(b.p + at, c->from, from) != 0)
		at++;
	if (at + from > b.len)
		fail_msg("%s has no %s", path, c->from);
	assert_true(b.len + to < sizeof room);
	memcpy(room, b.p, at);
	memcpy(room + at, c->to, to);
	memcpy(room + at + to, b.p + at + from, b.len - at - from);
	bytes out = bytes_of(room, b.len - from + to);
	drop(b);
	return out;
}

static void manifest_is_refused(const struct change *c)
{
	struct manifest *m;
	forgery_undo(&f);
	bytes b = changed("manifest.json", c);
	size_t mark = arena_mark(&e.arena);
	error_clear(&err);
	if (manifest_read(&m, b, &e.arena, &err)) /* what every program begins with */
		fail_msg("%s is read", c->to);
	arena_release(&e.arena, mark);
	election_write(e.record, "manifest.json", b);
	refused_by_verifier(&e, "2.1", c->says, NULL);
}

static void attack_35_another_group_hash_or_strength_in_the_manifest_is_refused(void **state)
{
	(void)state;
	static const struct change changes[] = {
		{"\"group\":\"P-256\"", "\"group\":\"P-384\"", "group"},
		{"\"group\":\"P-256\"", "\"group\":\"p-256\"", "group"},
		{"\"group\":\"P-256\"", "\"group\":\"secp256k1\"", "group"},
		{"\"group\":\"P-256\"", "\"group\":\"ModPGroup\"", "group"},
		{"\"group\":\"P-256\"", "\"group\":{\"p\":23,\"q\":11,\"g\":4}", "group"},
		{"\"group\":\"P-256\",", "", "group"},
		{"\"group\":\"P-256\"", "\"group\":\"P-256\",\"p\":\"23\"", "p"},
		{"\"rohash\":\"SHA-256\"", "\"rohash\":\"SHA-1\"", "rohash"},
		{"\"rohash\":\"SHA-256\"", "\"rohash\":\"MD5\"", "rohash"},
		{"\"prg\":\"SHA-256\"", "\"prg\":\"SHA-512\"", "prg"},
		{"\"statdist\":100", "\"statdist\":10", "statdist"},
		{"\"statdist\":100", "\"statdist\":0", "statdist"},
		{"\"vbitlenro\":256", "\"vbitlenro\":80", "vbitlenro"},
		{"\"ebitlenro\":256", "\"ebitlenro\":1", "ebitlenro"},
	};
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		manifest_is_refused(&changes[i]);
}

static void attack_29_a_threshold_or_number_of_authorities_out_of_range_is_refused(void **state)
{
	(void)state;
	static const struct change changes[] = {
		{"\"threshold\":2", "\"threshold\":0", "threshold"},
		{"\"threshold\":2", "\"threshold\":4", "threshold"},
		{"\"threshold\":2", "\"threshold\":-1", "threshold"},
		{"\"threshold\":2", "\"threshold\":4294967298", "threshold"},
		{"\"threshold\":2", "\"threshold\":2.0", NULL},
		{"\"threshold\":2", "\"threshold\":\"2\"", "threshold"},
	};
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		struct change c = changes[i];
		c.says = c.says ? c.says : "json";
		manifest_is_refused(&c);
	}
}

/* The same identity twice: one person with two shares. */
static void attack_29_an_authority_that_is_there_twice_is_refused(void **state)
{
	(void)state;
	char first[65], second[65];
	hex_encode(first, BYTES_OF(e.party[0].identity.pub));
	hex_encode(second, BYTES_OF(e.party[1].identity.pub));
	const struct change c = {second, first, "identity"};
	manifest_is_refused(&c);
}

static void attack_35_other_parameters_in_protinfo_are_refused_by_their_names(void **state)
{
	(void)state;
	static const struct change changes[] = {
		{"(P-256)", "(P-384)", "pgroup"},
		{"502d323536", "502d333834", "pgroup"},
		{"ECqPGroup(P-256)", "ModPGroup(safe-prime)", "pgroup"},
		{"<keywidth>1", "<keywidth>2", "keywidth"},
		{"<prg>SHA-256", "<prg>SHA-1", "prg"},
		{"<rohash>SHA-256", "<rohash>MD5", "rohash"},
		{"<vbitlenro>256", "<vbitlenro>80", "vbitlenro"},
		{"<ebitlenro>256", "<ebitlenro>1", "ebitlenro"},
		{"<statdist>100", "<statdist>1000", "statdist"},
		{"<thres>2", "<thres>4", "threshold"},
		{"<thres>2", "<thres>0", "threshold"},
	};
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		struct mix_session s;
		forgery_undo(&f);
		bytes b = changed("proof/l1/protInfo.xml", &changes[i]);
		/* by itself, as `urna verify proof` reads it */
		error_clear(&err);
		if (protinfo_parse(&s, b, &err))
			fail_msg("%s is read", changes[i].to);
		if (!strstr(err.what, changes[i].says))
			fail_msg("%s: %s", changes[i].says, err.what);
		/* in a record, everything else saying the same */
		election_write(e.record, "proof/l1/protInfo.xml", b);
		forgery_log(&f);
		refused_by_verifier(&e, "8.1", "protInfo.xml is not what the manifest gives", NULL);
	}
}

/* --- keys and points --- */

static void put_points(const char *path, size_t at, const point *p, unsigned n)
{
	bytes b = election_read(e.record, path);
	assert_true(at + n * (size_t)POINT_TREE_BYTES <= b.len);
	points_encode_tree((uint8_t *)(uintptr_t)b.p + at, p, n);
	election_write(e.record, path, b);
	drop(b);
}

/* (2G, 2Y) has the same private key, and other challenges. */
static void attack_35_another_generator_or_key_is_refused(void **state)
{
	(void)state;
	static const char key[] = ATTACK_PROOF "FullPublicKey.bt",
					  polynomial[] = ATTACK_PROOFS "PolynomialInExponent.bt";
	const point g = point_generator(), g2 = plus(&g, &g), y2 = plus(&f.key.y, &f.key.y);
	const point doubled[2] = {g2, y2}, other[2] = {f.key.y, g2};
	forgery_undo(&f);
	put_points(key, TREE_HEADER_BYTES, doubled, 2);
	forgery_log(&f);
	refused_by_verifier(&e, "8.2", "key: not over the standard generator", NULL);
	forgery_undo(&f);
	put_points(key, TREE_HEADER_BYTES + POINT_TREE_BYTES, &y2, 1);
	forgery_log(&f);
	refused_by_verifier(&e, "8.2", "key: the polynomial belongs to another key", NULL);
	forgery_undo(&f);
	put_points(polynomial, TREE_HEADER_BYTES, other, 2);
	forgery_log(&f);
	refused_by_verifier(&e, "8.2", "not about what was expected", NULL);
}

/* A point of a curve with another b, small subgroups and all; a coordinate not below p; infinity.
 */
static void attack_35_a_point_of_another_curve_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *path, *code, *says;
	} places[] = {
		{ATTACK_PROOFS "Ciphertexts02.bt", "8.2", "point: not on the curve"},
		{ATTACK_PROOFS "PermutationCommitment01.bt", "8.2", "point: not on the curve"},
		{ATTACK_PROOFS "PoSCommitment01.bt", "8.2", "point: not on the curve"},
		{ATTACK_PROOF "FullPublicKey.bt", "8.2", "point: not on the curve"},
		{ATTACK_PROOFS "PolynomialInExponent.bt", "8.2", "point: not on the curve"},
		{ATTACK_PROOFS "DecryptionFactors01.bt", "8.2", "point: not on the curve"},
		{ATTACK_PROOFS "DecrFactCommitment01.bt", "8.2", "point: not on the curve"},
		{ATTACK_PROOF "Plaintexts.bt", "8.2", "point: not on the curve"},
	};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		for (unsigned k = 0; k < 2; k++) {
			forgery_undo(&f);
			bytes b = election_read(e.record, places[i].path);
			uint8_t *p = (uint8_t *)(uintptr_t)b.p + b.len - 2 * 38;
			if (k) /* x = p + something */
				memset(p + TREE_HEADER_BYTES + 1, 0xff, 32);
			else /* y + 1 */
				p[2 * 38 - 1] ^= 1;
			election_write(e.record, places[i].path, b);
			drop(b);
			forgery_log(&f);
			refused_by_verifier(&e, places[i].code, places[i].says, NULL);
		}
}

/* A number that is the same modulo q, in other bytes. */
static void attack_35_a_scalar_that_is_not_reduced_is_refused(void **state)
{
	(void)state;
	static const char *const paths[] = {ATTACK_PROOFS "PoSReply01.bt",
	                                    ATTACK_PROOFS "DecrFactReply01.bt"};
	uint8_t q[33], minus_one[SCALAR_TREE_BYTES];
	scalar last;
	scalar_neg(&last, &scalar_one);
	scalars_encode_tree(minus_one, &last, 1);
	memcpy(q, minus_one + TREE_HEADER_BYTES, sizeof q);
	q[32]++; /* q − 1 ends in 50 */
	for (size_t i = 0; i < 4; i++) {
		unsigned carry = 0;
		forgery_undo(&f);
		bytes b = election_read(e.record, paths[i / 2]);
		uint8_t *p = (uint8_t *)(uintptr_t)b.p + b.len - sizeof q;
		if (i % 2) /* q itself, for 0 */
			memset(p, 0, sizeof q);
		for (size_t k = sizeof q; k-- > 0;) {
			carry += (unsigned)p[k] + q[k];
			p[k] = (uint8_t)carry;
			carry >>= 8;
		}
		election_write(e.record, paths[i / 2], b);
		drop(b);
		forgery_log(&f);
		refused_by_verifier(&e, "8.2", "scalar: not", NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_29_a_threshold_or_number_of_authorities_out_of_range_is_refused),
		cmocka_unit_test(attack_29_an_authority_that_is_there_twice_is_refused),
		cmocka_unit_test(attack_35_another_group_hash_or_strength_in_the_manifest_is_refused),
		cmocka_unit_test(attack_35_other_parameters_in_protinfo_are_refused_by_their_names),
		cmocka_unit_test(attack_35_another_generator_or_key_is_refused),
		cmocka_unit_test(attack_35_a_point_of_another_curve_is_refused),
		cmocka_unit_test(attack_35_a_scalar_that_is_not_reduced_is_refused),
		cmocka_unit_test(attack_50_the_second_verifier_judges_all_these_records_alike),
	};
	return cmocka_run_group_tests_name("attacks/parameters", tests, set_up, tear_down);
}
