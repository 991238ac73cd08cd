/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes and checkpoints: known bytes, strict reading, and who must have signed. */
#include "support/support.h"

#include "record/note.h"

#include <stdio.h>
#include <stdlib.h>

#define ROOM 8192u

/* Made by tests/vectors/make_record.py with another implementation of Ed25519: seeds 00 01 … 1f of
 * the board, 20 21 … 3f of the witness. */
static const char text_known[] =
	"urna.example.org/board\n12345\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=\n"
	"eid a7340e44c747eac6bf34d5537c3ed2ed153d05bf0e1855e09148ecbe49e2318e\n";
static const char board_line[] = "\xe2\x80\x94 urna.example.org/board "
								 "0LzHqB9NS2PSWHDL1ICO6Nmy+VeHSSSHRHnYMPDoQgmEqKyVBF/"
								 "3J6Y908nPJnFnpFDKw4sHKZgJXXLa4OJRgYa67wc=\n";
static const char witness_line[] =
	"\xe2\x80\x94 w1.example.org "
	"MFfKrAAAAABlU/"
	"EAJ0KDOvCQ4vAYhhvNcrTMfcDpj05QnQBJJ5Cz8WAADZXYIisZG5faUuOg2LudBgkhKZcpURu77Dm2A1sJiB3HDg==\n";
#define TIME_KNOWN 1700000000u

static struct identity_secret board, witness, more[3];
static struct manifest_signer witnesses[4];
static struct manifest manifest;
static struct checkpoint point_known;
static char known[ROOM];

static struct identity_secret seeded(uint8_t first)
{
	uint8_t seed[32];
	struct identity_secret key;
	for (unsigned i = 0; i < 32; i++)
		seed[i] = (uint8_t)(first + i);
	identity_from_seed(&key, seed);
	return key;
}

static int set_up(void **state)
{
	(void)state;
	static const char *const names[] = {"w1.example.org", "w2.example.org", "w3.example.org",
	                                    "w4.example.org"};
	board = seeded(0);
	witness = seeded(32);
	for (unsigned i = 0; i < 4; i++) {
		if (i > 0)
			more[i - 1] = seeded((uint8_t)(64 + 32 * i));
		const struct identity_secret *k = i ? &more[i - 1] : &witness;
		witnesses[i].name = bytes_of_text(names[i]);
		memcpy(witnesses[i].key, k->pub, 32);
	}
	manifest.board.name = BYTES_LITERAL("urna.example.org/board");
	memcpy(manifest.board.key, board.pub, 32);
	manifest.witnesses = witnesses;
	manifest.witnesses_count = 4;
	manifest.witnesses_lying = 1;
	manifest.witnesses_quorum = 1;
	point_known = (struct checkpoint){manifest.board.name, 12345, sha256(BYTES_LITERAL("root")),
	                                  sha256(BYTES_LITERAL("eid"))};
	snprintf(known, sizeof known, "%s\n%s%s", text_known, board_line, witness_line);
	return 0;
}

static bool verify(const char *note, size_t len, unsigned *count, struct error *err)
{
	const struct checkpoint_policy policy = {&manifest, &point_known.eid, false};
	struct checkpoint c;
	error_clear(err);
	*count = 0;
	return checkpoint_verify(&c, count, bytes_of(note, len), &policy, err) &&
	       (c.size == point_known.size && digest_equal(&c.root, &point_known.root));
}

static bool holds(const char *note)
{
	struct error err;
	unsigned count;
	return verify(note, strlen(note), &count, &err);
}

static void cosign(struct text *note, unsigned i, const char *text)
{
	struct error err;
	const struct cosigner by = {witnesses[i].name, i ? &more[i - 1] : &witness, TIME_KNOWN + i};
	error_clear(&err);
	assert_ok(checkpoint_cosign(note, bytes_of_text(text), &by, &err), err);
}

static void notes_have_the_bytes_of_another_implementation(void **state)
{
	(void)state;
	static char room[ROOM];
	struct text t = TEXT_OF(room);
	struct error err;
	error_clear(&err);
	assert_ok(checkpoint_sign(&t, &point_known, &board, &err), err);
	cosign(&t, 0, text_known);
	assert_string_equal(room, known);
}

static void a_checkpoint_is_read_as_it_was_written(void **state)
{
	(void)state;
	struct error err;
	struct note n;
	struct checkpoint c;
	error_clear(&err);
	assert_ok(note_read(&n, bytes_of_text(known), &err), err);
	assert_int_equal(n.signatures_count, 2);
	assert_true(bytes_equal(n.text, bytes_of_text(text_known)));
	assert_ok(checkpoint_read(&c, n.text, &err), err);
	assert_true(bytes_equal(c.origin, point_known.origin));
	assert_int_equal(c.size, 12345);
	assert_memory_equal(c.root.b, point_known.root.b, 32);
	assert_memory_equal(c.eid.b, point_known.eid.b, 32);
	unsigned count;
	assert_ok(verify(known, strlen(known), &count, &err), err);
	assert_int_equal(count, 1);
}

static void a_note_with_any_bit_changed_is_refused(void **state)
{
	(void)state;
	size_t len = strlen(known);
	for (size_t bit = 0; bit < 8 * len; bit++) {
		char copy[ROOM];
		struct error err;
		unsigned count;
		memcpy(copy, known, len);
		copy[bit / 8] = (char)(copy[bit / 8] ^ 1 << bit % 8);
		if (verify(copy, len, &count, &err))
			fail_msg("bit %zu of byte %zu (%c)", bit % 8, bit / 8, known[bit / 8]);
	}
}

static void a_note_cut_or_lengthened_is_refused(void **state)
{
	(void)state;
	size_t len = strlen(known), without = len - strlen(witness_line);
	struct error err;
	unsigned count;
	for (size_t cut = 0; cut < len; cut++) {
		assert_false(verify(known, cut, &count, &err));
		/* without the last line it is a good note, of too few */
		if (cut == without)
			assert_int_equal(err.kind, ERROR_UNAVAILABLE);
		else
			assert_int_equal(err.kind, ERROR_MALFORMED);
	}
	char copy[ROOM];
	memcpy(copy, known, len);
	for (unsigned c = 0; c < 256; c++) {
		copy[len] = (char)c;
		assert_false(verify(copy, len + 1, &count, &err));
	}
}

/* The text signed anew each time: it is the form that is refused. */
static bool signed_text_holds(const char *text)
{
	static char room[ROOM];
	uint8_t blob[68];
	struct text t = TEXT_OF(room);
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	note_key_id(blob, NOTE_BOARD, manifest.board.name, board.pub);
	identity_sign(blob + 4, &board, bytes_of_text(text));
	text_add(&t, text);
	text_add(&t, "\n\xe2\x80\x94 urna.example.org/board ");
	for (size_t i = 0; i < 68; i += 3) {
		uint32_t v = (uint32_t)blob[i] << 16 | (uint32_t)(i + 1 < 68 ? blob[i + 1] : 0) << 8 |
		             (i + 2 < 68 ? blob[i + 2] : 0);
		char four[5] = {digits[v >> 18], digits[v >> 12 & 63], digits[v >> 6 & 63],
		                i + 2 < 68 ? digits[v & 63] : '=', 0};
		text_add(&t, four);
	}
	text_add(&t, "\n");
	cosign(&t, 0, text);
	assert_false(t.cut);
	return holds(room);
}

#define ROOT "SBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I="
#define EID "a7340e44c747eac6bf34d5537c3ed2ed153d05bf0e1855e09148ecbe49e2318e"
#define ORIGIN "urna.example.org/board\n"
static void checkpoints_of_another_form_are_refused_though_signed(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"urna.example.org/boarD\n12345\n" ROOT "\neid " EID "\n",
		ORIGIN "012345\n" ROOT "\neid " EID "\n",
		ORIGIN "+12345\n" ROOT "\neid " EID "\n",
		ORIGIN "12345 \n" ROOT "\neid " EID "\n",
		ORIGIN "\n" ROOT "\neid " EID "\n",
		ORIGIN "-1\n" ROOT "\neid " EID "\n",
		ORIGIN "1x\n" ROOT "\neid " EID "\n",
		ORIGIN "18446744073709563961\n" ROOT "\neid " EID "\n", /* 2^64 + 12345 */
		ORIGIN "9223372036854775808\n" ROOT "\neid " EID "\n",
		ORIGIN "12345\n" ROOT " \neid " EID "\n",
		ORIGIN "12345\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7J=\neid " EID "\n",
		ORIGIN "12345\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I\neid " EID "\n",
		ORIGIN "12345\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7IA\neid " EID "\n",
		ORIGIN "12345\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2\neid " EID "\n",
		ORIGIN "12345\n" ROOT "\n",
		ORIGIN "12345\n" ROOT "\n" EID "\n",
		ORIGIN "12345\n" ROOT "\neid  " EID "\n",
		ORIGIN "12345\n" ROOT "\neid A7340e44c747eac6bf34d5537c3ed2ed153d05bf0e1855e09148ecbe49"
			   "e2318e\n",
		ORIGIN "12345\n" ROOT "\neid b7340e44c747eac6bf34d5537c3ed2ed153d05bf0e1855e09148ecbe49"
			   "e2318e\n",
		ORIGIN "12345\n" ROOT "\neid " EID "\nmore\n",
		ORIGIN "12345\n" ROOT "\neid " EID,
		ORIGIN "12345\n\n" ROOT "\neid " EID "\n",
		"\n" ORIGIN "12345\n" ROOT "\neid " EID "\n",
		ORIGIN "12345\r\n" ROOT "\neid " EID "\n",
		ORIGIN "12345\n" ROOT "\neid " EID "\n\t\n",
		"",
	};
	assert_true(signed_text_holds(text_known));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (signed_text_holds(bad[i]))
			fail_msg("case %zu", i);
}

static void signature_lines_of_another_form_are_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"\xe2\x80\x94 urna.example.org/board\n",
		"\xe2\x80\x94 urna.example.org/board \n",
		"\xe2\x80\x94  urna.example.org/board AAAAAAA=\n",
		"\xe2\x80\x94 a+b AAAAAAA=\n",
		"\xe2\x80\x94 x AAAAAA==\n", /* a key id and nothing else */
		"\xe2\x80\x94 x AAAAAAA=  \n",
		"- x AAAAAAA=\n",
		"\xe2\x80\x93 x AAAAAAA=\n",
		"x\n",
		"\n",
	};
	struct note n;
	struct error err;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char note[ROOM];
		snprintf(note, sizeof note, "%s\n%s%s", text_known, board_line, bad[i]);
		assert_fails(note_read(&n, bytes_of_text(note), &err), err, ERROR_MALFORMED);
	}
	static char many[ROOM];
	struct text t = TEXT_OF(many);
	text_add(&t, "x\n\n");
	for (unsigned i = 0; i <= NOTE_SIGNATURES_MAX; i++) {
		bool fits = i < NOTE_SIGNATURES_MAX;
		text_add(&t, "\xe2\x80\x94 x AAAAAAA=\n");
		error_clear(&err);
		assert_int_equal(note_read(&n, bytes_of_text(many), &err), fits);
	}
	assert_int_equal(err.kind, ERROR_LIMIT);
}

static void the_board_signs_first_and_nobody_unknown_signs_at_all(void **state)
{
	(void)state;
	static char note[ROOM];
	struct error err;
	unsigned count;
	static const char stranger[] = "\xe2\x80\x94 stranger.example.org AAAAAAA=\n";
	snprintf(note, sizeof note, "%s\n%s%s", text_known, witness_line, board_line);
	assert_false(holds(note));
	snprintf(note, sizeof note, "%s\n%s", text_known, witness_line);
	assert_false(holds(note));
	snprintf(note, sizeof note, "%s\n%s%s%s", text_known, board_line, board_line, witness_line);
	assert_false(holds(note));
	snprintf(note, sizeof note, "%s\n%s%s%s", text_known, board_line, witness_line, stranger);
	assert_false(verify(note, strlen(note), &count, &err));
	assert_int_equal(err.kind, ERROR_REJECTED);
	assert_non_null(strstr(err.detail, "signature 2"));
}

static void a_quorum_is_of_different_witnesses(void **state)
{
	(void)state;
	struct error err;
	unsigned count;
	manifest.witnesses_quorum = 3;
	for (unsigned set = 0; set < 16; set++) {
		static char note[ROOM];
		struct text t = TEXT_OF(note);
		unsigned signers = 0;
		text_add(&t, text_known);
		text_add(&t, "\n");
		text_add(&t, board_line);
		for (unsigned i = 4; i-- > 0;) { /* in any order */
			if (set >> i & 1) {
				cosign(&t, i, text_known);
				signers++;
			}
		}
		assert_int_equal(verify(note, t.len, &count, &err), signers >= 3);
		assert_int_equal(count, signers);
		if (signers < 3)
			assert_int_equal(err.kind, ERROR_UNAVAILABLE);
		if (signers == 0)
			continue;
		for (unsigned i = 0; !(set >> i & 1) || (cosign(&t, i, text_known), false); i++)
			;
		assert_false(verify(note, t.len, &count, &err)); /* one of them again */
		assert_non_null(strstr(err.what, "twice"));
	}
	manifest.witnesses_quorum = 1;
}

static void cosignatures_that_do_not_hold_are_not_counted_but_refused(void **state)
{
	(void)state;
	static char note[ROOM];
	struct error err;
	unsigned count;
	const struct cosigner wrong[] = {
		{witnesses[0].name, &more[0], TIME_KNOWN}, /* another key */
		{witnesses[1].name, &witness, TIME_KNOWN}, /* another name */
		{manifest.board.name, &board, TIME_KNOWN}, /* the board is no witness */
	};
	for (unsigned i = 0; i < 4; i++) {
		struct text t = TEXT_OF(note);
		text_add(&t, known);
		error_clear(&err);
		if (i < 3)
			assert_ok(checkpoint_cosign(&t, bytes_of_text(text_known), &wrong[i], &err), err);
		else
			cosign(&t, 1, "another text\n");
		assert_false(verify(note, t.len, &count, &err));
		assert_int_equal(err.kind, ERROR_REJECTED);
	}
}

static void a_cosignature_of_another_time_does_not_hold(void **state)
{
	(void)state;
	struct note n;
	struct error err;
	error_clear(&err);
	assert_ok(note_read(&n, bytes_of_text(known), &err), err);
	assert_ok(note_cosigned_by(&n, 1, &witnesses[0], &err), err);
	n.signatures[1].blob[7] ^= 1;
	assert_fails(note_cosigned_by(&n, 1, &witnesses[0], &err), err, ERROR_REJECTED);
	n.signatures[1].blob[7] ^= 1;
	/* a board's kind of signature by the witness is none */
	n.signatures[1].len = 64;
	assert_fails(note_cosigned_by(&n, 1, &witnesses[0], &err), err, ERROR_REJECTED);
}

static void without_witnesses_a_board_signs_alone(void **state)
{
	(void)state;
	static char note[ROOM];
	snprintf(note, sizeof note, "%s\n%s", text_known, board_line);
	manifest.witnesses_count = manifest.witnesses_quorum = 0;
	assert_true(holds(note));
	assert_false(holds(known)); /* now nobody knows that witness */
	manifest.witnesses_count = 4;
	manifest.witnesses_quorum = 1;
}

static void a_room_too_small_is_a_limit(void **state)
{
	(void)state;
	struct error err;
	for (size_t size = 1; size < strlen(known) - strlen(witness_line); size += 13) {
		char room[ROOM];
		struct text t = {room, size, 0, false};
		room[0] = 0;
		assert_fails(checkpoint_sign(&t, &point_known, &board, &err), err, ERROR_LIMIT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notes_have_the_bytes_of_another_implementation),
		cmocka_unit_test(a_checkpoint_is_read_as_it_was_written),
		cmocka_unit_test(a_note_with_any_bit_changed_is_refused),
		cmocka_unit_test(a_note_cut_or_lengthened_is_refused),
		cmocka_unit_test(checkpoints_of_another_form_are_refused_though_signed),
		cmocka_unit_test(signature_lines_of_another_form_are_refused),
		cmocka_unit_test(the_board_signs_first_and_nobody_unknown_signs_at_all),
		cmocka_unit_test(a_quorum_is_of_different_witnesses),
		cmocka_unit_test(cosignatures_that_do_not_hold_are_not_counted_but_refused),
		cmocka_unit_test(a_cosignature_of_another_time_does_not_hold),
		cmocka_unit_test(without_witnesses_a_board_signs_alone),
		cmocka_unit_test(a_room_too_small_is_a_limit),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
