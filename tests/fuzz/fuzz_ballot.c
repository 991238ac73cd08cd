/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading of ballots and of what people type and decrypt. The first byte chooses the mode; the
 * rest is a ballot, a plaintext, and a confirmation code. For any input:
 *   a ballot that is read has the length that its head announces, and its parts are the input;
 *   its body alone reads the same;
 *   digits that are decoded encode to the same bytes; both judgements of choices agree;
 *   a confirmation code that is read is written and read back as the same.
 */
#include "ballot/ballot.h"
#include "ballot/choices.h"
#include "ballot/confirmation.h"
#include "ballot/plaintext.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The election of tests/vectors/make_ballot.py, whose ballots are the corpus. */
static const digest eid = {{0x96, 0xb0, 0x12, 0x6e, 0x9a, 0x10, 0x60, 0x7a, 0x5d, 0x19, 0xfd,
                            0x88, 0xe2, 0xbb, 0xc8, 0xe4, 0x00, 0x24, 0x21, 0xfd, 0x34, 0xb0,
                            0xc0, 0xdb, 0xa1, 0x80, 0xd6, 0xd6, 0xe6, 0xa5, 0x99, 0x0d}};
static struct ballot_style styles[2];
static struct arena memory;

static void set_up(void)
{
	static const uint32_t all[] = {1}, north[] = {2, 1};
	static uint8_t room[8192];
	if (memory.base)
		return;
	require(ballot_style_init(&styles[0], BYTES_LITERAL("all"), all, 1, NULL));
	require(ballot_style_init(&styles[1], BYTES_LITERAL("north"), north, 2, NULL));
	arena_init(&memory, room, sizeof room);
}

static void read_ballot(bytes in, enum ballot_mode mode)
{
	const struct ballot_rules rules = {eid, mode, styles, 2};
	struct ballot b, body;
	struct error err;
	size_t len;
	bool measured = ballot_measure(&len, in, &rules, &err);
	if (!ballot_parse(&b, in, &rules, &memory, &err)) {
		require(err.kind == ERROR_MALFORMED || err.kind == ERROR_REJECTED ||
		        err.kind == ERROR_LIMIT);
		require(memory.used == 0);
		return;
	}
	require(measured && len == in.len);
	require(b.body.p == in.p + 5 && b.ending.p == b.body.p + b.body.len);
	require(b.ending.p + b.ending.len == in.p + in.len);
	require(ballot_parse_body(&body, b.body, &rules, &memory, &err));
	require(digest_equal(&b.id, &body.id) && scalar_equal(&b.challenge, &body.challenge));
	arena_release(&memory, 0);
}

static void read_plaintext(bytes in)
{
	/* 2·32^43 = 2^216: one in 256 of all plaintexts is in range */
	static const struct choices_rule rule = {
		.kind = CHOICES_RANKS, .answers = 43, .min = 2, .max = 31};
	uint32_t bases[44], digits[44];
	uint8_t again[MESSAGE_BYTES];
	struct plaintext_code code;
	require(plaintext_code_init(&code, bases, choices_bases(bases, &rule), NULL));
	if (in.len < plaintext_bytes(&code) || !plaintext_decode_vartime(digits, &code, in.p))
		return;
	require(plaintext_encode(again, &code, digits, NULL));
	require(memcmp(again, in.p, sizeof again) == 0);
	require(choices_verdict(&rule, digits) == choices_verdict_vartime(&rule, digits));
}

static void read_confirmation(bytes in)
{
	confirmation c, again;
	char text[CONFIRMATION_TEXT_BYTES];
	struct error err;
	if (!confirmation_parse(&c, in, &err)) {
		require(err.kind == ERROR_MALFORMED);
		require(err.at <= in.len || err.at == ERROR_NOWHERE);
		return;
	}
	confirmation_format(text, &c);
	require(confirmation_parse(&again, bytes_of_text(text), &err));
	require(confirmation_equal(&c, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	set_up();
	if (size == 0)
		return 0;
	bytes in = bytes_of(data + 1, size - 1);
	read_ballot(in, data[0] & 1 ? BALLOT_CREDENTIALS : BALLOT_SERVER);
	read_plaintext(in);
	read_confirmation(in);
	return 0;
}
