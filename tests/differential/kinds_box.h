/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kinds of ballots, audits and credentials that a board should have refused, and did not: the rest
 * of the record, tally and result included, is as everybody makes it of such a log.
 */
#ifndef DIFFERENTIAL_KINDS_BOX_H
#define DIFFERENTIAL_KINDS_BOX_H

#include "differential/kinds_log.h"

/* --- a box, tallied --- */

static const struct tally_plan *box_tally;
static unsigned box_votes;

/* All votes of a box differ: marks of both answers and the flag, as the bits of a number. */
static void choose_in_turn(uint8_t *plaintexts, const struct urn *of, unsigned style)
{
	const struct manifest_style *s = &of->manifest->styles[style];
	unsigned bits = 1 + box_votes++ % 7;
	for (unsigned g = 0; g < s->groups_count; g++) {
		const struct plaintext_code *code = &of->manifest->groups[s->groups[g]].code;
		const uint32_t digits[64] = {bits >> 2, bits & 1, bits >> 1 & 1};
		struct error e;
		error_clear(&e);
		assert_ok(plaintext_encode(plaintexts, code, digits, &e), e);
		plaintexts += plaintext_bytes(code);
	}
}

static void box_ballot(unsigned voter, uint32_t seq)
{
	uint8_t room[URN_BALLOT_MAX];
	log_object(&l, false, urn_ballot(room, &u, voter, u.voters[voter].style, seq),
	           u.voters[voter].weight);
}

/* Voters 0, 1, 3 and 4 have both groups; of 0 the second ballot is kept. 6 audits. */
static void box_begin(void)
{
	uint8_t room[URN_BALLOT_MAX];
	box_votes = 0;
	log_begin(&l, &u);
	box_ballot(0, 0);
	box_ballot(1, 0);
	log_object(&l, true, urn_body(room, &u, 6, u.voters[6].style), 0);
	log_plain(&l, ENTRY_SUSPEND);
	log_plain(&l, ENTRY_RESUME);
	box_ballot(0, 1);
	box_ballot(3, 0);
}

static void box_end(void)
{
	box_ballot(4, 0);
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
	edit_load();
	edit_write();
	tally_run(&u, box_tally);
	urn_write(&u, "evidence/l1/why", BYTES_LITERAL("it was late"));
	reseal();
}

/* --- one wrong ballot --- */

/* In mode server, style "north": where things are in a body; in mode credentials 60 behind. */
enum {
	BODY_P = 58,
	BODY_STYLE = 79,
	BODY_CT = 89,
	BODY_U = 104,
	BODY_V = 190,
	BODY_U2 = 281,
	BODY_A = 620,
	BODY_A2 = 706,
	BODY_Z = 878,
	BODY_Z2 = 921
};
#define NORTH 9u  /* a voter of that style without other ballots */
#define LATER 12u /* another */

static size_t place(long at)
{
	return 5 + (size_t)at + (u.rules.mode == BALLOT_CREDENTIALS && at >= BODY_P + 21 ? 60 : 0);
}

static void log_voters(bytes ballot, unsigned voter)
{
	log_object(&l, false, ballot, u.voters[voter].weight);
}

static bytes north(uint8_t *room, uint32_t seq)
{
	return urn_ballot(room, &u, NORTH, u.voters[NORTH].style, seq);
}

static void ballot_with_bit(const struct kind *k)
{
	uint8_t room[URN_BALLOT_MAX];
	box_begin();
	bytes b = north(room, 0);
	room[k->at < 0 ? b.len - (size_t)-k->at : place(k->at)] ^= 1;
	log_voters(b, NORTH);
	box_end();
}

static void ballot_with_byte(const struct kind *k)
{
	uint8_t room[URN_BALLOT_MAX];
	box_begin();
	bytes b = north(room, 0);
	room[k->at < 0 ? b.len - (size_t)-k->at : place(k->at)] = (uint8_t)k->more;
	log_voters(b, NORTH);
	box_end();
}

static void ballot_with_infinity(const struct kind *k)
{
	uint8_t room[URN_BALLOT_MAX];
	box_begin();
	bytes b = north(room, 0);
	memset(room + place(k->at) + 10, 0xff, 33);
	memset(room + place(k->at) + 48, 0xff, 33);
	log_voters(b, NORTH);
	box_end();
}

static void ballot_with_large_number(const struct kind *k)
{
	uint8_t room[URN_BALLOT_MAX];
	box_begin();
	bytes b = north(room, 0);
	memset(room + (k->at < 0 ? b.len - (size_t)-k->at : place(k->at)) + 6, 0xff, 32);
	log_voters(b, NORTH);
	box_end();
}

static void ballot_resized(const struct kind *k)
{
	uint8_t room[URN_BALLOT_MAX + 8] = {0};
	box_begin();
	bytes b = north(room, 0);
	b.len = k->at ? (size_t)k->at : (size_t)((long)b.len + k->more);
	log_voters(b, NORTH);
	box_end();
}

/* 81 or more bytes of place `at` come to place `more` as well. */
static void ballot_with_copied_point(const struct kind *k)
{
	uint8_t room[URN_BALLOT_MAX];
	box_begin();
	bytes b = north(room, 0);
	memcpy(room + place(k->more), room + place(k->at), 81);
	log_voters(b, NORTH);
	box_end();
}

static void ballot_of_another_election(const struct kind *k)
{
	uint8_t room[URN_BALLOT_MAX];
	box_begin();
	u.rules.eid.b[31] ^= 1;
	bytes b = north(room, 0);
	u.rules.eid = u.key.eid;
	if (k->more)
		memcpy(room + place(k->more), room + place(k->at), 81);
	log_voters(b, NORTH);
	box_end();
}

static void ballot_of_weight(const struct kind *k)
{
	uint8_t room[URN_BALLOT_MAX];
	box_begin();
	log_object(&l, false, north(room, 0), k->at < 0 ? u.manifest->weight_max + 1 : (uint32_t)k->at);
	box_end();
}

static void ballot_of_another_weight(const struct kind *k)
{
	uint8_t room[URN_BALLOT_MAX];
	(void)k;
	box_begin();
	log_object(&l, false, north(room, 0), u.voters[NORTH].weight % 3 + 1);
	box_end();
}

static void ballot_of_seq(const struct kind *k)
{
	uint8_t room[URN_BALLOT_MAX];
	box_begin();
	if (k->more)
		log_voters(north(room, 0), NORTH);
	log_voters(north(room, (uint32_t)k->at), NORTH);
	box_end();
}

/* Cast after its body was audited. */
static void ballot_voided(const struct kind *k)
{
	uint8_t body[URN_BALLOT_MAX], room[URN_BALLOT_MAX];
	(void)k;
	box_begin();
	bytes b = urn_body(body, &u, NORTH, 0);
	log_object(&l, true, b, 0);
	log_voters(urn_cast(room, &u, NORTH, b, 0), NORTH);
	box_end();
}

/* A body cast by its voter, then again; or its pseudonym exchanged for somebody else's. */
static void ballot_copied(const struct kind *k)
{
	uint8_t body[URN_BALLOT_MAX], room[URN_BALLOT_MAX], other[URN_BALLOT_MAX];
	box_begin();
	bytes b = urn_body(body, &u, NORTH, 0);
	if (k->more)
		log_voters(urn_cast(room, &u, NORTH, b, 0), NORTH);
	urn_body(other, &u, LATER, 0);
	memcpy(body + BODY_P, other + BODY_P, u.rules.mode == BALLOT_CREDENTIALS ? 81 : 21);
	log_voters(urn_cast(room, &u, LATER, b, 0), LATER);
	box_end();
}

/* Two ballots of one voter; both u's of g2 the second takes from the first, as the votes. */
static void ballot_with_an_earlier_u(const struct kind *k)
{
	uint8_t first[URN_BALLOT_MAX], second[URN_BALLOT_MAX];
	box_begin();
	log_voters(north(first, 0), NORTH);
	bytes b = north(second, 1);
	memcpy(second + place(k->at), first + place(k->more), 81);
	log_voters(b, NORTH);
	box_end();
}

static void body_alone(const struct kind *k)
{
	uint8_t room[URN_BALLOT_MAX];
	(void)k;
	box_begin();
	log_voters(urn_body(room, &u, NORTH, 0), NORTH);
	box_end();
}

#define POINT_END 80 /* the last byte of y */
static const struct kind of_ballots[] = {
	KIND("6.1", "u not on the curve", ballot_with_bit, NULL, NULL, BODY_U + POINT_END),
	KIND("6.1", "v not on the curve", ballot_with_bit, NULL, NULL, BODY_V + POINT_END),
	KIND("6.1", "A not on the curve", ballot_with_bit, NULL, NULL, BODY_A + POINT_END),
	KIND("6.1", "u of infinity", ballot_with_infinity, NULL, NULL, BODY_U),
	KIND("6.1", "v of infinity", ballot_with_infinity, NULL, NULL, BODY_V),
	KIND("6.1", "A of infinity", ballot_with_infinity, NULL, NULL, BODY_A),
	KIND("6.1", "a coordinate of u beyond p", ballot_with_large_number, NULL, NULL, BODY_U + 5),
	KIND("6.1", "a negative coordinate", ballot_with_byte, NULL, NULL, BODY_U + 10, 0x80),
	KIND("6.1", "z beyond q", ballot_with_large_number, NULL, NULL, BODY_Z),
	KIND("6.1", "a negative z", ballot_with_byte, NULL, NULL, BODY_Z + 5, 0xff),
	KIND("6.1", "a style of no name", ballot_with_byte, NULL, NULL, BODY_STYLE + 5, 'N'),
	KIND("6.1", "a style that is no UTF-8", ballot_with_byte, NULL, NULL, BODY_STYLE + 5, 0xff),
	KIND("6.1", "a body with another beginning", ballot_with_byte, NULL, NULL, 20, '2'),
	KIND("6.1", "a leaf where a node is", ballot_with_byte, NULL, NULL, BODY_CT, 1),
	KIND("6.1", "a group too many", ballot_with_byte, NULL, NULL, BODY_CT + 4, 3),
	KIND("6.1", "a ballot with a byte behind it", ballot_resized, NULL, NULL, 0, 1),
	KIND("6.1", "a ballot with a byte less", ballot_resized, NULL, NULL, 0, -1),
	KIND("6.1", "a ballot of one byte", ballot_resized, NULL, NULL, 1),
	KIND("6.1", "a body as ballot", body_alone),
	KIND("6.1", "a ballot of another election", ballot_of_another_election),
	KIND("6.1", "one of another election with a u twice", ballot_of_another_election, NULL, NULL,
         BODY_U2, BODY_U2 + 81),
	KIND("6.1", "two equal u in a group", ballot_with_copied_point, NULL, NULL, BODY_U2,
         BODY_U2 + 81),
	KIND("6.1", "two equal u in two groups", ballot_with_copied_point, NULL, NULL, BODY_U, BODY_U2),
	KIND("6.1", "a ballot of weight 0", ballot_of_weight),
	KIND("6.1", "a ballot of too much weight", ballot_of_weight, NULL, NULL, -1),
	KIND("6.1", "a ballot that was audited", ballot_voided),
	KIND("6.1", "a ballot under another pseudonym, proofs as they were", ballot_copied),
	KIND("6.1", "the copy of a ballot under another pseudonym", ballot_copied, NULL, NULL, 0, 1),
	KIND("6.1", "a u of an earlier ballot", ballot_with_an_earlier_u, NULL, NULL, BODY_U, BODY_U),
	KIND("6.1", "a u of an earlier ballot in another group", ballot_with_an_earlier_u, NULL, NULL,
         BODY_U2, BODY_U),
	KIND("6.1", "a first ballot of seq 1", ballot_of_seq, NULL, NULL, 1),
	KIND("6.1", "a second ballot of seq 0", ballot_of_seq, NULL, NULL, 0, 1),
	KIND("6.1", "a second ballot of seq 2", ballot_of_seq, NULL, NULL, 2, 1),
	KIND("6.1", "z of the first group changed", ballot_with_bit, NULL, NULL, BODY_Z + 37),
	KIND("6.1", "z of the second group changed", ballot_with_bit, NULL, NULL, BODY_Z2 + 38 + 37),
	KIND("6.1", "A of another component", ballot_with_copied_point, NULL, NULL, BODY_A2, BODY_A),
	KIND("6.1", "a vote changed", ballot_with_copied_point, NULL, NULL, BODY_A, BODY_V),
};

static const struct kind of_server_ballots[] = {
	KIND("6.1", "a negative seq", ballot_with_byte, NULL, NULL, -4, 0x80),
	KIND("6.1", "a pseudonym changed", ballot_with_bit, NULL, NULL, BODY_P + 20),
	KIND("6.1", "a pseudonym of 15 bytes", ballot_with_byte, NULL, NULL, BODY_P + 4, 15),
};

/* --- signatures and credentials --- */

static void ballot_signed_for_another(const struct kind *k)
{
	uint8_t body[URN_BALLOT_MAX], room[URN_BALLOT_MAX], other[URN_BALLOT_MAX];
	box_begin();
	bytes b = urn_body(body, &u, NORTH, 0);
	bytes mine = urn_cast(room, &u, NORTH, b, (uint32_t)k->at);
	bytes theirs = urn_cast(other, &u, k->more ? LATER : NORTH, b, 0);
	if (k->more == 0) /* signed for seq 1, cast as 0 */
		memcpy(room + 5 + b.len, other + 5 + b.len, 9);
	else
		memcpy(room + mine.len - 119, other + theirs.len - 119, 119);
	log_voters(mine, NORTH);
	box_end();
}

static void stranger_votes(const struct kind *k)
{
	(void)k;
	box_begin();
	box_ballot(URN_VOTERS - 1, 0);
	box_end();
}

static void another_style(const struct kind *k)
{
	uint8_t room[URN_BALLOT_MAX];
	box_begin();
	log_voters(urn_ballot(room, &u, NORTH, (unsigned)k->at, 0), NORTH);
	box_end();
}

static void revoked_votes(const struct kind *k)
{
	(void)k;
	box_begin();
	log_change(&l, NORTH, 0, 0);
	box_ballot(NORTH, 0);
	box_end();
}

static const struct kind of_signed_ballots[] = {
	KIND("6.1", "S not on the curve", ballot_with_bit, NULL, NULL, BODY_P + POINT_END),
	KIND("6.1", "S of infinity", ballot_with_infinity, NULL, NULL, BODY_P),
	KIND("6.1", "R not on the curve", ballot_with_bit, NULL, NULL, -39),
	KIND("6.1", "z_s beyond q", ballot_with_large_number, NULL, NULL, -38),
	KIND("6.1", "z_s changed", ballot_with_bit, NULL, NULL, -1),
	KIND("6.1", "a signature for another seq", ballot_signed_for_another, NULL, NULL, 1),
	KIND("6.1", "a signature of another voter", ballot_signed_for_another, NULL, NULL, 0, 1),
	KIND("6.1", "a ballot of nobody on the list", stranger_votes),
	KIND("6.1", "a ballot of another style than the credential's", another_style, NULL, NULL, 1),
	KIND("6.1", "a ballot of a style of fewer groups", another_style, NULL, NULL, 2),
	KIND("6.1", "a ballot of a revoked credential", revoked_votes),
	KIND("6.1", "a ballot of another weight than the credential's", ballot_of_another_weight),
};

/* --- audits --- */

static void audit_of(const struct kind *k)
{
	uint8_t room[URN_BALLOT_MAX], cast[URN_BALLOT_MAX];
	box_begin();
	if (k->text)
		u.rules.eid.b[0] ^= 1;
	bytes b = urn_body(room, &u, NORTH, 0);
	u.rules.eid = u.key.eid;
	if (k->at == 1)
		log_voters(urn_cast(cast, &u, NORTH, b, 0), NORTH);
	if (k->at == 2)
		log_object(&l, true, b, 0);
	if (k->at == 3)
		memcpy(room + place(BODY_U2 + 81) - 5, room + place(BODY_U2) - 5, 81);
	if (k->at == 4)
		b = urn_cast(cast, &u, NORTH, b, 0);
	if (k->more)
		((uint8_t *)(uintptr_t)b.p)[b.len - (size_t)k->more] ^= 1;
	log_object(&l, true, b, 0);
	box_end();
}

static const struct kind of_audits[] = {
	KIND("6.5", "an audit of a ballot that was cast", audit_of, NULL, NULL, 1),
	KIND("6.5", "an audit twice", audit_of, NULL, NULL, 2),
	KIND("6.5", "an audit with a u twice", audit_of, NULL, NULL, 3),
	KIND("6.5", "a whole ballot as audit", audit_of, NULL, NULL, 4),
	KIND("6.5", "an audit of another election", audit_of, NULL, "other"),
	KIND("6.5", "an audit with a wrong proof", audit_of, NULL, NULL, 0, 1),
	KIND("6.5", "a cast ballot audited with a wrong proof", audit_of, NULL, NULL, 1, 1),
	KIND("6.5", "an audit with a point off the curve", audit_of, NULL, NULL, 0, 200),
};

#endif
