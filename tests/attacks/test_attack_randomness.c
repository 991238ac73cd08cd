/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attack 5: challenges and nonces of real ballots, made with the generator of a release, are as
 * even as integers below q can be; the same test refuses samplers that are known to be bad.
 */
#include "support/support.h"

#include "attacks/attacker.h"
#include "host/random.h"

#include <math.h>

static const uint8_t order_q[32] = {
	0xff, 0xff, 0xff, 0xff, 0,    0,    0,    0,    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
#define CHALLENGES TEST_COUNT(20000, 200000)

/* --- the test --- */

struct sample {
	uint64_t top[256], below[256], bit[256], n; /* first byte, last byte, bits that are set */
};

static void count(struct sample *s, const uint8_t value[32])
{
	s->top[value[0]]++;
	s->below[value[31]]++;
	for (unsigned i = 0; i < 256; i++)
		s->bit[i] += value[i / 8] >> (7 - i % 8) & 1;
	s->n++;
}

/* How often a uniform integer below m begins with this byte: exact to the precision of a double. */
static double expected_top(const uint8_t m[32], unsigned byte)
{
	double all = 0, rest = 0;
	for (unsigned i = 32; i-- > 0;) {
		all = (all + m[i]) / 256;
		if (i > 0)
			rest = (rest + m[i]) / 256;
	}
	double share = byte < m[0] ? 1 : byte == m[0] ? rest : 0;
	return share / (256 * all);
}

/* One in 10^9 of good generators is above this (Wilson and Hilferty). */
static double limit(unsigned freedom)
{
	double a = 2.0 / (9.0 * freedom), t = 1 - a + 6.0 * sqrt(a);
	return freedom * t * t * t;
}

/* NULL, or what is wrong with integers that should be uniform below m. */
static const char *uneven(const struct sample *s, const uint8_t m[32])
{
	double top = 0, below = 0, n = (double)s->n;
	unsigned freedom = 0;
	for (unsigned i = 0; i < 256; i++) {
		double want = n * expected_top(m, i);
		if (want == 0 && s->top[i] > 0)
			return "beyond the modulus";
		if (want > 0) {
			top += ((double)s->top[i] - want) * ((double)s->top[i] - want) / want;
			freedom++;
		}
		want = n / 256;
		below += ((double)s->below[i] - want) * ((double)s->below[i] - want) / want;
	}
	if (top > limit(freedom - 1))
		return "first bytes";
	if (below > limit(255))
		return "last bytes";
	/* below the first byte of an integer below q a bit is set in half of them; 6.7 sigma */
	for (unsigned i = 8; i < 256 && m[0] == 0xff; i++)
		if (fabs((double)s->bit[i] - n / 2) > 3.35 * sqrt(n))
			return "a bit";
	return NULL;
}

/* --- values --- */

struct values {
	uint8_t (*value)[32];
	size_t count, room;
};

static void put_value(struct values *v, const scalar *s)
{
	if (v->count == v->room) {
		v->room = 2 * v->room + 1024;
		v->value = realloc(v->value, v->room * sizeof *v->value);
		assert_non_null(v->value);
	}
	scalar_encode(v->value[v->count++], s);
}

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

/* Even, all of 256 bits, and none twice. */
static void good(struct values *v, const char *what)
{
	struct sample s = {0};
	uint8_t seen[32] = {0};
	for (size_t i = 0; i < v->count; i++) {
		count(&s, v->value[i]);
		for (unsigned k = 0; k < 32; k++)
			seen[k] |= v->value[i][k];
	}
	const char *why = uneven(&s, order_q);
	if (why)
		fail_msg("%s: %s are uneven in %zu", what, why, v->count);
	for (unsigned k = 0; k < 32; k++)
		assert_int_equal(seen[k], 0xff); /* at least 128 bits: all of them move */
	qsort(v->value, v->count, sizeof *v->value, by_bytes);
	for (size_t i = 1; i < v->count; i++)
		if (memcmp(v->value[i - 1], v->value[i], 32) == 0)
			fail_msg("%s: twice the same", what);
	free(v->value);
	memset(v, 0, sizeof *v);
}

/* One ballot whose pseudonym goes on: a statement each, as a voter who looks for a weak challenge
 * would try them. */
static void attack_05_challenges_of_ballots_are_even_and_never_the_same(void **state)
{
	(void)state;
	struct values v = {0};
	uint8_t mine[URN_BALLOT_MAX];
	scene_begin(BALLOT_SERVER);
	const struct map m = map_of(1);
	urn_ballot(mine, &u, 1, 1, 0);
	for (uint64_t i = 0; i < CHALLENGES; i++) {
		store_be64(mine + m.p + 5, i);
		const scalar c = challenge_of(mine, 1);
		put_value(&v, &c);
	}
	good(&v, "challenges");
	scene_end();
}

/* The nonces of encryption, r, and of its proof, a = z - c·r, in ballots of real randomness. */
static void attack_05_nonces_of_ballots_are_even_and_never_the_same(void **state)
{
	(void)state;
	enum { BATCH = 256 };
	static uint8_t bodies[BATCH * URN_BALLOT_MAX], plaintexts[BATCH * 3 * MESSAGE_BYTES];
	static secret_scalar nonces[BATCH * 3];
	static pseudonym who[BATCH];
	struct values r = {0}, a = {0}, c = {0};
	struct rng *rng;
	scene_begin(BALLOT_SERVER);
	assert_ok(host_rng_new(&rng, &err), err);
	const size_t len = ballot_body_bytes(&u.styles[1], BALLOT_SERVER);
	const struct ballot_request request = {&u.rules, &u.styles[1], &u.pk, who, plaintexts, BATCH};
	const struct ballot_output out = {bodies, NULL, nonces};
	for (unsigned i = 0; i < BATCH; i++)
		who[i] = who_of(i % u.listed);
	while (r.count < TEST_COUNT(12000, 100000)) {
		size_t mark = arena_mark(&u.arena);
		error_clear(&err);
		assert_ok(ballots_encrypt_public_vartime(&out, &request, rng, &u.arena, &err), err);
		arena_release(&u.arena, mark);
		for (unsigned i = 0; i < BATCH; i++) {
			struct ballot b;
			assert_ok(
				ballot_parse_body(&b, bytes_of(bodies + i * len, len), &u.rules, &u.arena, &err),
				err);
			put_value(&c, &b.challenge);
			for (unsigned k = 0; k < 3; k++) {
				const scalar *nonce = &nonces[3 * i + k].secret;
				scalar t;
				scalar_mul(&t, &b.challenge, nonce);
				scalar_sub(&t, &b.responses[k], &t);
				put_value(&r, nonce);
				put_value(&a, &t);
			}
			arena_release(&u.arena, mark);
		}
	}
	host_rng_free(rng);
	good(&r, "nonces of encryption");
	good(&a, "nonces of proofs");
	good(&c, "challenges");
	scene_end();
}

/* k = z_s - c_s·s: a nonce of a signature that is uneven gives the credential away. */
static void attack_05_nonces_of_signatures_are_even_and_never_the_same(void **state)
{
	(void)state;
	struct values v = {0};
	uint8_t body[URN_BALLOT_MAX], mine[URN_BALLOT_MAX];
	struct rng *rng;
	scene_begin(BALLOT_CREDENTIALS);
	assert_ok(host_rng_new(&rng, &err), err);
	const struct map m = map_of(2);
	bytes made = urn_body(body, &u, 2, 2);
	for (uint64_t i = 0; i < TEST_COUNT(10000, 100000); i++) {
		struct ballot b;
		size_t mark = arena_mark(&u.arena);
		const struct ballot_signer signer = {&u.voters[2].s, &u.voters[2].who.key, &u.key.eid,
		                                     (uint32_t)i};
		scalar k;
		error_clear(&err);
		assert_ok(ballot_sign(mine, made, &signer, rng, &err), err);
		assert_ok(ballot_parse(&b, bytes_of(mine, m.end), &u.rules, &u.arena, &err), err);
		scalar_mul(&k, &b.sig_challenge, &u.voters[2].s.secret);
		scalar_sub(&k, &b.sig_response, &k);
		put_value(&v, &k);
		arena_release(&u.arena, mark);
	}
	host_rng_free(rng);
	good(&v, "nonces of signatures");
	scene_end();
}

/* --- bits beyond the modulus --- */

struct counting_rng {
	struct rng rng;
	size_t drawn;
	uint8_t fill;
};

static bool count_bytes(struct rng *rng, uint8_t *out, size_t len, struct error *e)
{
	struct counting_rng *r = (struct counting_rng *)rng;
	(void)e;
	r->drawn += len;
	memset(out, r->fill, len);
	return true;
}

/* 256 bits reduced mod q of P-256 are off by 2^-32 only, which no sample shows: so the number of
 * bits that are drawn and reduced is asked for. 384 bits leave a bias of 2^-128. */
static void attack_05_scalars_are_reduced_from_128_bits_more_than_they_have(void **state)
{
	(void)state;
	struct counting_rng r = {{count_bytes}, 0, 0xff};
	scalar s, want;
	uint8_t ones[48];
	assert_ok(scalar_random(&s, &r.rng, &err), err);
	assert_int_equal(r.drawn, 48);
	memset(ones, 0xff, sizeof ones);
	scalar_reduce(&want, ones, 48);
	assert_true(scalar_equal(&s, &want));
	assert_int_equal(TAGGED_CHALLENGE_BYTES, 48);
	/* the reduction takes all of them into account */
	for (unsigned i = 0; i < 48; i++) {
		ones[i] ^= 1;
		scalar_reduce(&s, ones, 48);
		assert_false(scalar_equal(&s, &want));
		ones[i] ^= 1;
	}
}

/* --- the test can fail --- */

static void draw(uint8_t out[32])
{
	for (unsigned i = 0; i < 32; i += 8)
		store_be64(out + i, test_random_u64());
}

/* out -= m, once, where it can. */
static bool reduce_once(uint8_t out[32], const uint8_t m[32])
{
	int borrow = 0;
	if (memcmp(out, m, 32) < 0)
		return false;
	for (unsigned i = 32; i-- > 0;) {
		int d = out[i] - m[i] - borrow;
		borrow = d < 0;
		out[i] = (uint8_t)(d + 256 * borrow);
	}
	return true;
}

/* modulus 0: q. Each sampler is one that somebody used. */
static const char *judged(unsigned sampler)
{
	static const uint8_t three_quarters[32] = {0xc0}, ninety_five[32] = {0xf3, 0x33};
	const uint8_t *m = sampler == 1 ? three_quarters : sampler == 2 ? ninety_five : order_q;
	struct sample s = {0};
	for (uint64_t i = 0; i < 20000; i++) {
		uint8_t value[32];
		draw(value);
		switch (sampler) {
		case 0: /* a good one */
			while (memcmp(value, m, 32) >= 0)
				draw(value);
			break;
		case 1: /* 256 bits reduced by a modulus of 2^255.6, and of 2^255.93 */
		case 2:
			reduce_once(value, m);
			break;
		case 3: /* a bit that is always clear: the first, the last, one between */
			value[0] &= 0x7f;
			break;
		case 4:
			value[31] &= 0xfe;
			break;
		case 5:
			value[17] &= 0xef;
			break;
		case 6: /* a byte of decimal digits */
			value[31] = (uint8_t)('0' + value[31] % 10);
			break;
		default: /* 128 bits in the place of 256 */
			memset(value, 0, 16);
			break;
		}
		count(&s, value);
	}
	return uneven(&s, m);
}

static void attack_05_the_test_refuses_samplers_that_are_known_to_be_bad(void **state)
{
	(void)state;
	const char *why = judged(0);
	if (why)
		fail_msg("a good one: %s", why);
	for (unsigned sampler = 1; sampler <= 7; sampler++)
		if (!judged(sampler))
			fail_msg("sampler %u is taken for a good one", sampler);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_05_the_test_refuses_samplers_that_are_known_to_be_bad),
		cmocka_unit_test(attack_05_challenges_of_ballots_are_even_and_never_the_same),
		cmocka_unit_test(attack_05_nonces_of_ballots_are_even_and_never_the_same),
		cmocka_unit_test(attack_05_nonces_of_signatures_are_even_and_never_the_same),
		cmocka_unit_test(attack_05_scalars_are_reduced_from_128_bits_more_than_they_have),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
