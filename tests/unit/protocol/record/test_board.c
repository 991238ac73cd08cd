/* SPDX-License-Identifier: Apache-2.0 */
/* The ballot box: what it accepts, and what it answers otherwise. */
#include "support/support.h"

#include "unit/protocol/record/urn.h"

#include "record/entry.h"

static struct urn u;
static struct error err;
static uint8_t room[URN_BALLOT_MAX], other_room[URN_BALLOT_MAX];

static void begin(enum ballot_mode mode)
{
	urn_begin(&u, &(struct urn_plan){.mode = mode, .weight_max = 5, .areas = true, .witnesses = 4});
	urn_open(&u);
	error_clear(&err);
}

#define assert_answer(got, want)                                                  \
	do {                                                                          \
		enum board_answer answer_ = (got);                                        \
		if (answer_ != (want))                                                    \
			fail_msg("line %d: %s, not %s", __LINE__, board_answer_name(answer_), \
			         board_answer_name(want));                                    \
	} while (0)

static unsigned with_style(unsigned style)
{
	for (unsigned v = 0; v < u.listed; v++)
		if (u.voters[v].style == style)
			return v;
	u.voters[0].style = style; /* server mode asks nobody */
	return 0;
}

static void a_ballot_is_accepted_once_and_its_receipt_given_again(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		begin((enum ballot_mode)mode);
		struct board_receipt r[3];
		const struct urn_voter *v = &u.voters[3];
		bytes b = urn_ballot(room, &u, 3, v->style, 0);
		const struct board_ballot in[] = {{b, v->weight}, {b, v->weight}};
		assert_ok(board_accept(r, u.board, in, 2, &err), err);
		assert_answer(r[0].answer, BOARD_ACCEPTED);
		assert_answer(r[1].answer, BOARD_ACCEPTED_BEFORE);
		assert_ok(board_accept(&r[2], u.board, in, 1, &err), err);
		assert_answer(r[2].answer, BOARD_ACCEPTED_BEFORE);
		assert_int_equal(r[0].entry, mode ? 4 : 3); /* manifest, ceremony, [credentials], open */
		for (unsigned i = 1; i < 3; i++) {
			assert_int_equal(r[i].entry, r[0].entry);
			assert_memory_equal(r[i].id.b, r[0].id.b, 32);
		}
		digest id =
			ballot_id(bytes_of(b.p + 5, ballot_body_bytes(&u.styles[v->style], u.rules.mode)));
		assert_memory_equal(r[0].id.b, id.b, 32);
		urn_end(&u);
	}
}

/* Each ballot is wrong in everything from some check on: the first one answers. */
static void the_first_check_that_fails_answers(void **state)
{
	(void)state;
	begin(BALLOT_CREDENTIALS);
	static uint8_t huge[LIMIT_BALLOT_BYTES + 1];
	unsigned stranger = URN_VOTERS - 1, n = with_style(0);
	assert_answer(urn_accept(&u, BYTES_OF(huge), 1), BOARD_TOO_LONG);
	assert_answer(urn_accept(&u, BYTES_NONE, 1), BOARD_MALFORMED);
	bytes b = urn_ballot(room, &u, n, 0, 7);
	assert_answer(urn_accept(&u, bytes_of(b.p, b.len - 1), 1), BOARD_MALFORMED);
	u.rules.eid.b[0] ^= 1;
	b = urn_ballot(room, &u, stranger, 0, 7);
	u.rules.eid.b[0] ^= 1;
	assert_answer(urn_accept(&u, b, 1), BOARD_OTHER_ELECTION);
	b = urn_ballot(room, &u, stranger, 0, 7);
	assert_answer(urn_accept(&u, b, 1), BOARD_UNKNOWN_CREDENTIAL);
	b = urn_ballot(room, &u, n, 1, 7);
	assert_answer(urn_accept(&u, b, 1), BOARD_STYLE_NOT_ALLOWED);
	b = urn_ballot(room, &u, n, 0, 7);
	assert_answer(urn_accept(&u, b, 1), BOARD_WRONG_SEQ);
	room[b.len - 1] ^= 1;
	assert_answer(urn_accept(&u, b, 1), BOARD_WRONG_SEQ);
	b = urn_ballot(room, &u, n, 0, 0);
	room[b.len - 1] ^= 1; /* of z_s */
	assert_answer(urn_accept(&u, b, 1), BOARD_WRONG_SIGNATURE);
	size_t end_of_body = 5 + ballot_body_bytes(&u.styles[0], BALLOT_CREDENTIALS);
	room[end_of_body - 1] ^= 1; /* of the last z: the id changes with it */
	assert_answer(urn_accept(&u, b, 1), BOARD_WRONG_PROOF);
	assert_ok(board_suspend(u.board, &err), err);
	assert_answer(urn_accept(&u, b, 1), BOARD_NOT_OPEN);
	b = urn_ballot(room, &u, n, 1, 7);
	assert_answer(urn_accept(&u, b, 1), BOARD_STYLE_NOT_ALLOWED);
	urn_end(&u);
}

static void nothing_that_was_refused_is_in_the_log(void **state)
{
	(void)state;
	begin(BALLOT_SERVER);
	struct ballot_box box;
	bytes b = urn_ballot(room, &u, 0, 0, 0);
	room[5 + ballot_body_bytes(&u.styles[0], BALLOT_SERVER) - 1] ^= 1;
	assert_answer(urn_accept(&u, b, 1), BOARD_WRONG_PROOF);
	room[5 + ballot_body_bytes(&u.styles[0], BALLOT_SERVER) - 1] ^= 1;
	assert_answer(urn_accept(&u, b, 6), BOARD_WEIGHT);
	assert_answer(urn_accept(&u, b, 0), BOARD_WEIGHT);
	/* and leaves no trace in the ledger: the same u's are fine now */
	assert_answer(urn_accept(&u, b, 5), BOARD_ACCEPTED);
	urn_close(&u);
	board_abandon(u.board);
	assert_ok(urn_read(&box, &u, &err), err);
	assert_int_equal(box.ballots, 1);
	assert_int_equal(box.counted, 1);
	assert_int_equal(box.log_size, 5);
	urn_end(&u);
}

static void copies_and_revotes_are_told_apart(void **state)
{
	(void)state;
	begin(BALLOT_SERVER);
	bytes body = urn_body(other_room, &u, 2, 1);
	bytes b = urn_cast(room, &u, 2, body, 0);
	assert_answer(urn_accept(&u, b, 1), BOARD_ACCEPTED);
	b = urn_cast(room, &u, 2, body, 1); /* the same ciphertexts as a revote */
	assert_answer(urn_accept(&u, b, 1), BOARD_REPEATED_U);
	b = urn_ballot(room, &u, 2, 1, 0);
	struct board_receipt r;
	const struct board_ballot in = {b, 1};
	assert_ok(board_accept(&r, u.board, &in, 1, &err), err);
	assert_answer(r.answer, BOARD_WRONG_SEQ);
	assert_int_equal(r.seq, 1);
	assert_answer(urn_accept(&u, urn_ballot(room, &u, 2, 1, 2), 1), BOARD_WRONG_SEQ);
	assert_answer(urn_accept(&u, urn_ballot(room, &u, 2, 1, 1), 1), BOARD_ACCEPTED);
	assert_answer(urn_accept(&u, urn_ballot(room, &u, 2, 0, 2), 1), BOARD_ACCEPTED);
	urn_end(&u);
}

static enum board_answer audit(bytes body)
{
	struct board_receipt r;
	assert_ok(board_void(&r, u.board, body, &err), err);
	return r.answer;
}

static void an_audited_ballot_can_never_be_cast(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		begin((enum ballot_mode)mode);
		unsigned style = u.voters[1].style;
		uint32_t weight = u.voters[1].weight;
		bytes body = urn_body(other_room, &u, 1, style);
		assert_answer(audit(body), BOARD_ACCEPTED);
		assert_answer(audit(body), BOARD_VOIDED);
		assert_answer(urn_accept(&u, urn_cast(room, &u, 1, body, 0), weight), BOARD_VOIDED);
		/* a cast one is no longer audited */
		body = urn_body(other_room, &u, 1, style);
		assert_answer(urn_accept(&u, urn_cast(room, &u, 1, body, 0), weight), BOARD_ACCEPTED);
		assert_answer(audit(body), BOARD_REPEATED_U);
		other_room[body.len - 1] ^= 1;
		assert_answer(audit(body), BOARD_WRONG_PROOF);
		assert_answer(audit(bytes_of(body.p, body.len - 1)), BOARD_MALFORMED);
		/* who has voted may audit the next one */
		body = urn_body(other_room, &u, 1, style);
		assert_answer(audit(body), BOARD_ACCEPTED);
		assert_ok(board_suspend(u.board, &err), err);
		body = urn_body(other_room, &u, 1, style);
		assert_answer(audit(body), BOARD_NOT_OPEN);
		urn_end(&u);
	}
}

static void suspending_and_resuming_alternate(void **state)
{
	(void)state;
	begin(BALLOT_SERVER);
	assert_fails(board_resume(u.board, &err), err, ERROR_CONFLICT);
	for (unsigned i = 0; i < 3; i++) {
		assert_ok(board_suspend(u.board, &err), err);
		assert_fails(board_suspend(u.board, &err), err, ERROR_CONFLICT);
		assert_answer(urn_accept(&u, urn_ballot(room, &u, i, 0, 0), 1), BOARD_NOT_OPEN);
		assert_ok(board_resume(u.board, &err), err);
		assert_answer(urn_accept(&u, urn_ballot(room, &u, i, 0, 0), 1), BOARD_ACCEPTED);
	}
	assert_ok(board_suspend(u.board, &err), err);
	urn_close(&u);
	assert_fails(board_resume(u.board, &err), err, ERROR_CONFLICT);
	struct ballot_box box;
	assert_ok(urn_read(&box, &u, &err), err);
	assert_int_equal(box.suspensions, 4);
	urn_end(&u);
}

static void changes_of_credentials_take_effect_and_need_the_registrar(void **state)
{
	(void)state;
	begin(BALLOT_CREDENTIALS);
	unsigned stranger = URN_VOTERS - 1, n = with_style(0);
	uint8_t key[POINT_TREE_BYTES], signature[64];
	points_encode_tree(key, &u.voters[n].who.key, 1);
	struct credential_change c = {0, BYTES_OF(key), BYTES_LITERAL("south"), 2};
	digest s = statement_credential(&u.key.eid, &c);
	identity_sign(signature, &u.board_key, BYTES_OF(s.b)); /* not the registrar */
	assert_fails(board_change_credential(u.board, &c, signature, &err), err, ERROR_REJECTED);
	identity_sign(signature, &u.registrar, BYTES_OF(s.b));
	c.weight = 3; /* not what he signed */
	assert_fails(board_change_credential(u.board, &c, signature, &err), err, ERROR_REJECTED);
	c.weight = 2;
	c.number = 1;
	assert_fails(board_change_credential(u.board, &c, signature, &err), err, ERROR_CONFLICT);
	c.number = 0;
	assert_ok(board_change_credential(u.board, &c, signature, &err), err);
	assert_fails(board_change_credential(u.board, &c, signature, &err), err, ERROR_CONFLICT);
	assert_answer(urn_accept(&u, urn_ballot(room, &u, n, 0, 0), 0), BOARD_STYLE_NOT_ALLOWED);
	assert_answer(urn_accept(&u, urn_ballot(room, &u, n, 1, 0), 0), BOARD_ACCEPTED);
	points_encode_tree(key, &u.voters[stranger].who.key, 1);
	c = (struct credential_change){1, BYTES_OF(key), BYTES_LITERAL("part"), 5};
	s = statement_credential(&u.key.eid, &c);
	identity_sign(signature, &u.registrar, BYTES_OF(s.b));
	assert_ok(board_change_credential(u.board, &c, signature, &err), err);
	assert_answer(urn_accept(&u, urn_ballot(room, &u, stranger, 2, 0), 0), BOARD_ACCEPTED);
	c = (struct credential_change){2, BYTES_OF(key), BYTES_LITERAL("part"), 0};
	s = statement_credential(&u.key.eid, &c);
	identity_sign(signature, &u.registrar, BYTES_OF(s.b));
	assert_ok(board_change_credential(u.board, &c, signature, &err), err);
	assert_answer(urn_accept(&u, urn_ballot(room, &u, stranger, 2, 1), 0),
	              BOARD_UNKNOWN_CREDENTIAL);
	urn_close(&u);
	struct ballot_box box;
	assert_ok(urn_read(&box, &u, &err), err);
	assert_int_equal(box.changes, 3);
	assert_int_equal(box.counted, 2);
	assert_int_equal(box.kept, 1); /* the other voter's was revoked */
	urn_end(&u);
}

static void elections_without_credentials_have_no_changes(void **state)
{
	(void)state;
	begin(BALLOT_SERVER);
	uint8_t key[POINT_TREE_BYTES] = {0}, signature[64] = {0};
	const struct credential_change c = {0, BYTES_OF(key), BYTES_LITERAL("north"), 1};
	assert_fails(board_change_credential(u.board, &c, signature, &err), err, ERROR_CONFLICT);
	urn_end(&u);
}

static void a_batch_gives_what_one_after_another_gives(void **state)
{
	(void)state;
	enum { N = 12 };
	static uint8_t rooms[N][URN_BALLOT_MAX];
	struct board_ballot in[N];
	struct board_receipt together[N], alone[N];
	begin(BALLOT_CREDENTIALS);
	for (unsigned i = 0; i < N; i++) {
		unsigned voter = (unsigned)test_random_below(4);
		in[i].object =
			urn_ballot(rooms[i], &u, voter, u.voters[voter].style, (uint32_t)test_random_below(3));
		if (i && test_random_below(4) == 0)
			in[i] = in[i - 1];
		if (test_random_below(4) == 0)
			rooms[i][in[i].object.len - 1] ^= 1;
	}
	assert_ok(board_accept(together, u.board, in, N, &err), err);
	board_abandon(u.board);
	arena_release(&u.arena, u.mark);
	urn_open(&u);
	for (unsigned i = 0; i < N; i++) {
		assert_ok(board_accept(&alone[i], u.board, &in[i], 1, &err), err);
		assert_answer(together[i].answer, alone[i].answer);
		assert_int_equal(together[i].entry, alone[i].entry);
	}
	urn_end(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ballot_is_accepted_once_and_its_receipt_given_again),
		cmocka_unit_test(the_first_check_that_fails_answers),
		cmocka_unit_test(nothing_that_was_refused_is_in_the_log),
		cmocka_unit_test(copies_and_revotes_are_told_apart),
		cmocka_unit_test(an_audited_ballot_can_never_be_cast),
		cmocka_unit_test(suspending_and_resuming_alternate),
		cmocka_unit_test(changes_of_credentials_take_effect_and_need_the_registrar),
		cmocka_unit_test(elections_without_credentials_have_no_changes),
		cmocka_unit_test(a_batch_gives_what_one_after_another_gives),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
