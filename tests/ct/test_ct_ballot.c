/* SPDX-License-Identifier: Apache-2.0 */
/* The whole way of a vote: choices, plaintext, points, encryption, proofs, signature. */
#include "ct/ct.h"

#include "ballot/ballot.h"
#include "ballot/choices.h"
#include "ballot/plaintext.h"
#include "hash/chacha20.h"

#include <stdio.h>
#include <stdlib.h>

#define ANSWERS 6u
#define VOTERS 2u
#define BODY_MAX 4096u

#define WRITE_INS 2u
#define WRITTEN_DIGITS (ANSWERS + 1 + WRITE_INS * (WRITE_IN_BYTES + 2))

static const struct choices_rule ranks = {CHOICES_RANKS, ANSWERS, 1, ANSWERS, 0, 0, 0};
static const struct choices_rule marks = {CHOICES_MARKS, ANSWERS, 1, 2, 0, 0, 0};
static const struct choices_rule written = {CHOICES_RANKS, ANSWERS, 1, ANSWERS, WRITE_INS, 0, 0};

static struct arena memory, scratch;
static struct public_key pk;
static struct ballot_style style;
static struct ballot_rules rules;
static struct plaintext_code code;
static uint32_t bases[2 * (ANSWERS + 1)], digits[2 * (ANSWERS + 1)];
static uint8_t plaintexts[VOTERS * PLAINTEXT_MAX_BYTES];
static uint8_t bodies[VOTERS * BODY_MAX], cast[BODY_MAX];
static enum verdict verdict;
static struct chacha_rng rng;

static void make_room(struct arena *a, size_t size)
{
	void *block = aligned_alloc(ARENA_ALIGN, size);
	if (!block)
		abort();
	arena_init(a, block, size);
}

static void prepare(void)
{
	make_room(&memory, (size_t)1 << 20);
	make_room(&scratch, (size_t)32 << 20);
	point g = point_generator(), y;
	scalar x = scalar_of_u64(77);
	point_mul_vartime(&y, &x, &g);
	size_t n = choices_bases(bases, &ranks);
	n += choices_bases(bases + n, &marks);
	if (!public_key_init(&pk, &y, &memory, &scratch, NULL) ||
	    !plaintext_code_init(&code, bases, n, NULL) ||
	    !ballot_style_init(&style, BYTES_LITERAL("all"), &code.width, 1, NULL))
		abort();
	rules = (struct ballot_rules){.mode = BALLOT_CREDENTIALS, .styles = &style, .styles_count = 1};
}

static void start(void)
{
	static uint8_t seed[32] = {7, 7, 7};
	ct_unpoison(&rng, sizeof rng);
	chacha_rng_init(&rng, seed);
	ct_poison(rng.key, sizeof rng.key);
}

static bytes choosing(void)
{
	uint32_t values[ANSWERS] = {1, 0, 3, 2, 0, 4}, crosses[ANSWERS] = {0, 1, 0, 0, 1, 0};
	start();
	ct_poison(values, sizeof values);
	ct_poison(crosses, sizeof crosses);
	if (!choices_encode(digits, &ranks, values, false, NULL) ||
	    !choices_encode(digits + ANSWERS + 1, &marks, crosses, false, NULL))
		fputs("choices refused\n", stderr);
	return bytes_of(digits + 1, ANSWERS * sizeof digits[0]);
}

static bytes judging(void)
{
	choosing();
	verdict = choices_verdict(&ranks, digits);
	return bytes_of(&verdict, sizeof verdict);
}

static void judging_vartime(void)
{
	choosing();
	verdict = choices_verdict_vartime(&ranks, digits);
	ct_branch_on(&verdict, sizeof verdict);
}

static bytes packing(void)
{
	choosing();
	for (size_t i = 0; i < VOTERS; i++) {
		if (!plaintext_encode(plaintexts + i * plaintext_bytes(&code), &code, digits, NULL))
			fputs("digits refused\n", stderr);
	}
	return bytes_of(plaintexts + plaintext_bytes(&code) - 4, 4);
}

/* Two texts, one of them of two bytes a character, beside ranked answers. */
static uint32_t written_digits[WRITTEN_DIGITS];

static bytes writing_in(void)
{
	uint32_t values[ANSWERS] = {1, 0, 0, 2, 0, 0};
	struct write_in fields[WRITE_INS] = {{3, 6, "Zo\xc3\xab K"}, {4, 2, "Al"}};
	start();
	ct_poison(values, sizeof values);
	ct_poison(fields, sizeof fields);
	if (!choices_encode(written_digits, &written, values, false, NULL) ||
	    !choices_encode_write_ins(written_digits, &written, fields, NULL))
		fputs("write-ins refused\n", stderr);
	return bytes_of(written_digits + ANSWERS + 2, 8 * sizeof written_digits[0]);
}

static bytes judging_write_ins(void)
{
	writing_in();
	verdict = choices_verdict(&written, written_digits);
	return bytes_of(&verdict, sizeof verdict);
}

static void judging_write_ins_vartime(void)
{
	writing_in();
	verdict = choices_verdict_vartime(&written, written_digits);
	ct_branch_on(&verdict, sizeof verdict);
}

typedef bool encrypt_fn(const struct ballot_output *out, const struct ballot_request *request,
                        struct rng *from, struct arena *room, struct error *err);

static bytes encrypt_by(encrypt_fn *encrypt)
{
	packing();
	pseudonym who[VOTERS];
	for (size_t i = 0; i < VOTERS; i++)
		who[i] = (pseudonym){.mode = BALLOT_CREDENTIALS, .key = point_generator()};
	struct ballot_request request = {&rules, &style, &pk, who, plaintexts, VOTERS};
	struct ballot_output out = {.bodies = bodies};
	size_t len = ballot_body_bytes(&style, rules.mode);
	if (len > BODY_MAX || !encrypt(&out, &request, &rng.rng, &scratch, NULL))
		fputs("not encrypted\n", stderr);
	return bytes_of(bodies + len - 8, 8); /* the end of the last response */
}

static bytes encrypting(void)
{
	return encrypt_by(ballots_encrypt);
}

static void encrypting_vartime(void)
{
	encrypt_by(ballots_encrypt_public_vartime);
}

/* The body is public when it is signed; the voter's key and the nonce are not. */
static bytes signing(void)
{
	encrypting();
	ct_unpoison(bodies, sizeof bodies);
	secret_scalar s = {scalar_of_u64(99)};
	point key = point_generator();
	ct_poison(&s, sizeof s);
	struct ballot_signer signer = {&s, &key, &rules.eid, 1};
	size_t len = ballot_body_bytes(&style, rules.mode);
	if (!ballot_sign(cast, bytes_of(bodies, len), &signer, &rng.rng, NULL))
		fputs("not signed\n", stderr);
	return bytes_of(cast + ballot_bytes(&style, rules.mode) - 8, 8);
}

static const struct ct_case cases[] = {
	{"choices_encode", choosing, NULL},
	{"choices_verdict", judging, judging_vartime},
	{"choices_encode_write_ins", writing_in, NULL},
	{"choices_verdict of write-ins", judging_write_ins, judging_write_ins_vartime},
	{"plaintext_encode", packing, NULL},
	{"ballots_encrypt", encrypting, encrypting_vartime},
	{"ballot_sign", signing, NULL},
};

int main(int argc, char **argv)
{
	(void)argc;
	if (argv[1] && !group_init(argv[1], NULL))
		return 2;
	prepare();
	return ct_run(argv, group_backend_name(), cases, sizeof cases / sizeof cases[0]);
}
