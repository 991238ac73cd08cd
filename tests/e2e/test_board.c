/* SPDX-License-Identifier: Apache-2.0 */
/* A log that stays open: several collections, acts between them, kill -9, witnesses, two histories.
 */
#include "e2e/credential_election.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#define TWELVE "v1\nv2\nv3\nv4\nv5\nv6\nv7\nv8\nv9\nv10\nv11\nv12\n"

/* --- pieces --- */

static long long number(const struct outcome *o, const char *key)
{
	json_t *j = json_loads(o->out, JSON_REJECT_DUPLICATES, NULL);
	if (!j)
		fail_msg("no JSON: %s\n%s", o->out, o->err);
	long long v = json_integer_value(json_object_get(j, key));
	json_decref(j);
	return v;
}

static struct outcome act(const struct place *p, const char *verb, const char *file)
{
	return urna("board", verb, "--home", p->board, "--record", p->record, "--json", file, NULL);
}

static struct outcome cosign(const char *home, const char *record)
{
	return urna("witness", "cosign", "--home", home, "--record", record, "--json", NULL);
}

/* The registrar's signed changes about the voters of a table; the folder they are in. */
static const char *sign_changes(const struct place *p, const char *verb, const char *registered,
                                const char *table)
{
	const char *folder = fresh_folder(), *voters = text_of("%s/voters.csv", folder);
	const char *out = text_of("%s/changes", folder);
	write_text(voters, table);
	struct outcome o =
		urna("credentials", verb, "--home", text_of("%s/registrar", p->folder), "--record",
	         p->record, "--register", registered, "--voters", voters, "--out", out, NULL);
	assert_code(o, 0);
	return out;
}

static const char *copy_of(const char *folder)
{
	const char *copy = text_of("%s/copy", fresh_folder());
	const char *argv[] = {"cp", "-r", folder, copy, NULL};
	struct outcome o = program(argv);
	assert_code(o, 0);
	return copy;
}

/* The bodies of a file of ballots: a ballot is node(body, seq, R, z), all of one length. */
static const char *body_of_first(const char *ballots, unsigned count)
{
	const char *path = text_of("%s/audited.bt", fresh_folder());
	bytes b = read_file(ballots);
	write_file(path, b.p + 5, b.len / count - 5 - 9 - 81 - 38);
	return path;
}

static bool second_verifier_is_there(void)
{
	const char *source = getenv("URNA_SOURCE");
	return source && access(text_of("%s/web/verifier/noble/curves", source), R_OK) == 0 &&
	       system("node --version >/dev/null 2>&1") == 0;
}

static void both_verifiers_say(const char *record, const char *words, int code, const char *check)
{
	struct outcome o = urna("verify", record, "--fingerprint", words, NULL);
	assert_code(o, code);
	assert_says(o.out, check);
	if (!second_verifier_is_there()) {
		print_message("node, or npm ci in web/verifier, is missing: one verifier only\n");
		return;
	}
	const char *cli = text_of("%s/web/verifier/cli.js", getenv("URNA_SOURCE"));
	const char *argv[] = {"node", cli, record, "--fingerprint", words, NULL};
	o = program(argv);
	assert_code(o, code);
	assert_says(o.out, check);
}

/* --- kill -9 --- */

/* The command is killed after a random while, so often; then it is run to its end. */
static struct outcome survive(const char *const *arguments, unsigned kills)
{
	struct error err;
	for (unsigned i = 0; i < kills; i++) {
		struct child c;
		urna_start(&c, arguments);
		const struct timespec t = {0, (long)test_random_below(80) * 1000000};
		nanosleep(&t, NULL); /* wherever it is then */
		error_clear(&err);
		if (!child_signal(&c, SIGKILL, &err)) /* it was faster */
			assert_int_equal(err.kind, ERROR_UNAVAILABLE);
		urna_wait(&c, 60000);
	}
	return urna_argv(arguments);
}

static void a_board_that_is_killed_again_and_again_loses_nothing(void **state)
{
	(void)state;
	unsigned kills = (unsigned)TEST_COUNT(4, 30);
	struct place p = place_make(TWELVE, "3");
	const char *parts[3];
	for (unsigned i = 0; i < 3; i++)
		parts[i] = place_ballots(&p, 1 + i, 4, place_codes(&p, 1 + 4 * i, 4 + 4 * i), "0");
	const char *open[] = {"board", "open", "--home", p.board, "--record", p.record, NULL};
	assert_code(survive(open, kills), 0);
	for (unsigned i = 0; i < 3; i++) {
		const char *collect[] = {"board",  "collect", "--home", p.board, "--record",
		                         p.record, "--json",  parts[i], NULL};
		struct outcome o = survive(collect, kills);
		assert_code(o, 0);
		o = urna_argv(collect); /* whatever the killed ones did, each is in it once */
		assert_code(o, 0);
		assert_int_equal(number(&o, "accepted"), 0);
	}
	const char *changes =
		sign_changes(&p, "change", text_of("%s/codes/register.csv", p.folder), "v1,,3\n");
	const char *change[] = {"board",    "change", "--home", p.board,
	                        "--record", p.record, "--json", text_of("%s/changes.bt", changes),
	                        NULL};
	assert_code(survive(change, kills), 0);
	struct outcome o = urna_argv(change);
	assert_code(o, 0);
	assert_int_equal(number(&o, "changes"), 0);
	const char *close[] = {"board", "close", "--home", p.board, "--record", p.record, NULL};
	assert_code(survive(close, kills), 0);
	o = place_tally(&p);
	assert_says(o.out, "Ballots by weight: 14 valid");
	place_finish_and_verify(&p);
	o = urna("verify", p.record, NULL);
	assert_says(o.out, "12 ballots in the log, 12 count");
	assert_says(o.out, "12 credentials, 1 changes");
}

/* --- everything at once --- */

/* Suspension, audits, changes, revocation, votes again, in several runs of the board. */
static void vote(const struct place *p)
{
	const char *early = place_ballots(p, 1, 12, p->codes, "0");
	assert_code(act(p, "open", NULL), 0);
	struct outcome o = place_collect(p, early, NULL, NULL);
	assert_code(o, 0);
	assert_int_equal(number(&o, "accepted"), 12);
	assert_says(o.out, "\"closed\": false");

	const char *again = place_ballots(p, 2, 5, place_codes(p, 1, 5), "1");
	assert_code(act(p, "suspend", NULL), 0);
	assert_code(act(p, "suspend", NULL), 3);
	o = place_collect(p, again, NULL, NULL);
	assert_code(o, 1);
	assert_says(o.out, "\"not-open\": 5");
	assert_code(act(p, "resume", NULL), 0);
	assert_code(place_collect(p, again, NULL, NULL), 0);

	const char *changes =
		sign_changes(p, "change", text_of("%s/codes/register.csv", p->folder), "v1,,3\nnew,,2\n");
	const char *late = place_ballots(p, 3, 1, text_of("%s/codes.csv", changes), "0");
	o = place_collect(p, late, NULL, NULL);
	assert_code(o, 1); /* nobody knows him yet */
	assert_says(o.out, "\"unknown-credential\": 1");
	o = act(p, "change", text_of("%s/changes.bt", changes));
	assert_code(o, 0);
	assert_int_equal(number(&o, "changes"), 2);
	const char *audited = place_ballots(p, 2, 1, text_of("%s/codes.csv", changes), "0");
	o = act(p, "void", body_of_first(audited, 1));
	assert_code(o, 0);
	assert_int_equal(number(&o, "audits"), 1);
	o = place_collect(p, late, audited, NULL);
	assert_code(o, 1);
	assert_int_equal(number(&o, "accepted"), 1);
	assert_says(o.out, "\"voided\": 1");

	const char *gone = sign_changes(p, "revoke", text_of("%s/register.csv", changes), "v12\n");
	assert_code(act(p, "change", text_of("%s/changes.bt", gone)), 0);
	o = place_collect(p, place_ballots(p, 2, 1, place_codes(p, 12, 12), "1"), NULL, NULL);
	assert_code(o, 1);
	assert_says(o.out, "\"unknown-credential\": 1");
}

/* The board's second history: its home and record as they were, one other ballot more. */

static struct place fork_of(const struct place *p)
{
	struct place f = *p;
	f.folder = copy_of(p->folder);
	f.board = text_of("%s/board", f.folder);
	f.record = text_of("%s/record", f.folder);
	f.witness[3] = text_of("%s/w4", f.folder);
	return f;
}

static void the_liar_signs_both_and_the_others_one(const struct place *p, const struct place *f)
{
	struct outcome o = cosign(p->witness[3], p->record);
	assert_code(o, 0);
	assert_code(cosign(f->witness[3], f->record), 0); /* w4 keeps two memories */
	assert_code(cosign(p->witness[0], p->record), 0);
	o = cosign(p->witness[0], f->record);
	assert_code(o, 3);
	assert_says(o.err, "two logs of the same size");
	assert_code(cosign(p->witness[1], f->record), 0); /* has not seen the other yet */
	o = cosign(p->witness[1], p->record);
	assert_code(o, 3);
	/* Two of four have signed either: no authority closes on it. */
	for (unsigned i = 0; i < 2; i++) {
		o = urna("mix", "--home", p->homes[0], "--record", i ? f->record : p->record, "--timeout=5",
		         NULL);
		assert_code(o, 3);
		assert_says(o.err, "fewer witnesses than the manifest's quorum");
		assert_says(o.err, "2 of 3 cosignatures, of 4 witnesses");
		assert_says(o.err, "urna witness cosign");
	}
	assert_code(cosign(p->witness[2], p->record), 0);
	assert_code(cosign(p->witness[2], f->record), 3);
	o = urna("mix", "--home", f->homes[0], "--record", f->record, "--timeout=5", NULL);
	assert_code(o, 3); /* for ever */
}

static void the_fork_convicts_board_and_liar(const struct place *p, const struct place *f)
{
	const char *manifest = text_of("%s/manifest.json", p->record);
	const char *a = text_of("%s/log/checkpoint-close", p->record);
	const char *b = text_of("%s/log/checkpoint-close", f->record);
	struct outcome o = urna("verify", "evidence", "--manifest", manifest, a, b, NULL);
	assert_code(o, 0);
	assert_says(o.out, "the board 'urna.test/board' signed two logs");
	assert_says(o.out, "the witness 'w4.test' signed two logs");
	assert_null(strstr(o.out, "w1.test"));
	assert_null(strstr(o.out, "w2.test"));
	o = urna("verify", "evidence", "--manifest", manifest, a, b, "--json", NULL);
	assert_code(o, 0);
	json_t *j = json_loads(o.out, JSON_REJECT_DUPLICATES, NULL);
	assert_int_equal(json_array_size(json_object_get(j, "convicted")), 2);
	json_decref(j);
	o = urna("verify", "evidence", "--manifest", manifest, a, a, NULL);
	assert_code(o, 1);
	assert_says(o.err, "twice the same");
	/* What an honest witness keeps is enough to show it. */
	const char *argv[] = {"sh", "-c", text_of("ls %s/seen-*", p->witness[0]), NULL};
	struct outcome seen = program(argv);
	assert_code(seen, 0);
	seen.out[strcspn(seen.out, "\n")] = '\0';
	o = urna("verify", "evidence", "--manifest", manifest, seen.out, b, NULL);
	assert_code(o, 0);
	assert_says(o.out, "the board 'urna.test/board'");
	assert_null(strstr(o.out, "witness"));
}

static void an_election_with_everything_and_a_second_history_is_verified_by_both(void **state)
{
	(void)state;
	struct place p = place_make_witnessed(TWELVE, "3", 4);
	vote(&p);
	struct place f = fork_of(&p);
	const char *one = place_ballots(&p, 1, 1, place_codes(&p, 7, 7), "1");
	const char *other = place_ballots(&p, 2, 1, place_codes(&p, 7, 7), "1");
	assert_code(place_collect(&p, one, NULL, NULL), 0);
	assert_code(place_collect(&f, other, NULL, NULL), 0);
	assert_code(act(&p, "close", NULL), 0);
	assert_code(act(&f, "close", NULL), 0);
	the_liar_signs_both_and_the_others_one(&p, &f);
	the_fork_convicts_board_and_liar(&p, &f);
	struct outcome o = place_tally(&p);
	assert_says(o.out, "Ballots by weight: 15 valid");
	finish_log(p.folder, p.record);
	const char *words = fingerprint_of(p.record);
	both_verifiers_say(p.record, words, 1, "4.6");
	assert_code(cosign(p.witness[0], p.record), 0);
	assert_code(cosign(p.witness[2], p.record), 0);
	assert_code(cosign(p.witness[3], p.record), 0);
	both_verifiers_say(p.record, words, 0, "3 changes");
	o = urna("verify", p.record, NULL);
	assert_says(o.out, "19 ballots in the log, 19 count, 12 are the last of their voter");
	assert_says(o.out, "1 audits");
	assert_says(o.out, "1 suspensions");
}

/* --- what does not fit --- */

static void acts_need_an_open_log_of_this_board(void **state)
{
	(void)state;
	struct place p = place_make(TWELVE, "1");
	const char *ballots = place_ballots(&p, 1, 12, p.codes, "0");
	static const char *const verbs[] = {"suspend", "resume", "close"};
	for (unsigned i = 0; i < 3; i++) {
		struct outcome o = act(&p, verbs[i], NULL);
		assert_code(o, 3);
		assert_says(o.err, "urna board open begins one");
	}
	assert_code(act(&p, "void", body_of_first(ballots, 12)), 3);
	assert_code(act(&p, "open", NULL), 0);
	assert_code(act(&p, "open", NULL), 0);
	assert_code(act(&p, "resume", NULL), 3);
	const char *before = copy_of(p.record);
	assert_code(place_collect(&p, ballots, NULL, NULL), 0);
	struct outcome o = urna("mix", "--home", p.homes[0], "--record", p.record, NULL);
	assert_code(o, 3);
	assert_says(o.err, "urna board close");
	o = urna("verify", p.record, NULL);
	assert_code(o, 1);
	/* The record of yesterday, and one that somebody else made grow. */
	assert_code(act(&p, "suspend", NULL), 0);
	struct place old = p;
	old.record = before;
	o = act(&old, "close", NULL);
	assert_code(o, 3);
	assert_says(o.err, "not the one this board wrote last");
	assert_code(act(&p, "close", NULL), 0);
	assert_code(act(&p, "close", NULL), 0);
	for (unsigned i = 0; i < 2; i++)
		assert_code(act(&p, verbs[i], NULL), 3);
	o = place_collect(&p, ballots, NULL, NULL);
	assert_code(o, 3);
	assert_says(o.err, "closed for good");
	place_tally(&p);
	place_finish_and_verify(&p);
}

static void a_small_log_is_not_closed_before_more_have_voted(void **state)
{
	(void)state;
	const char *folder = fresh_folder(), *record = text_of("%s/record", folder);
	const char *blt = make_blt(3, 1, 9), *ballots = text_of("%s/b.bt", folder);
	const char *home = text_of("%s/a1", folder), *board = make_board(folder);
	assert_code(urna("ceremony", "init", "--home", home, "--operator", "A", NULL), 0);
	struct outcome o = urna("manifest", "new", blt, "--rule=scotland", "--threshold=1",
	                        "--authority", text_of("%s/identity.json", home), "--board",
	                        text_of("%s/identity.json", board), "--record", record, NULL);
	assert_code(o, 0);
	assert_code(urna("ceremony", "--home", home, "--record", record, NULL), 0);
	assert_code(urna("encrypt", blt, "--record", record, "--out", ballots, NULL), 0);
	assert_code(urna("board", "open", "--home", board, "--record", record, NULL), 0);
	assert_code(urna("board", "collect", "--home", board, "--record", record, ballots, NULL), 0);
	o = urna("board", "close", "--home", board, "--record", record, NULL);
	assert_code(o, 1);
	assert_says(o.err, "9 ballots, at least 10");
	ballots = text_of("%s/c.bt", folder);
	assert_code(urna("encrypt", blt, "--record", record, "--out", ballots, NULL), 0);
	assert_code(urna("board", "collect", "--home", board, "--record", record, ballots, NULL), 0);
	assert_code(urna("board", "close", "--home", board, "--record", record, NULL), 0);
}

static void changes_are_signed_for_one_place_by_the_registrar(void **state)
{
	(void)state;
	struct place p = place_make(TWELVE, "5");
	const char *registered = text_of("%s/codes/register.csv", p.folder);
	assert_code(act(&p, "open", NULL), 0);
	const char *first = text_of("%s/changes.bt", sign_changes(&p, "change", registered, "v1,,2\n"));
	const char *rival = text_of("%s/changes.bt", sign_changes(&p, "revoke", registered, "v1\n"));
	bytes b = read_file(first);
	const char *bad = text_of("%s/bad.bt", p.folder);
	uint8_t *copy = malloc(b.len);
	assert_non_null(copy);
	memcpy(copy, b.p, b.len);
	copy[b.len - 1] ^= 1;
	write_file(bad, copy, b.len);
	struct outcome o = act(&p, "change", bad);
	assert_code(o, 1);
	write_file(bad, b.p, b.len - 1);
	assert_code(act(&p, "change", bad), 1);
	free(copy);
	assert_code(act(&p, "change", first), 0);
	o = act(&p, "change", rival); /* signed for the place that is taken */
	assert_code(o, 1);
	assert_says(o.err, "signed for another place");
	o = urna("credentials", "revoke", "--home", text_of("%s/board", p.folder), "--record", p.record,
	         "--register", registered, "--voters", text_of("%s/voters.csv", p.folder), "--out",
	         text_of("%s/out", p.folder), NULL);
	assert_code(o, 1);
	assert_says(o.err, "the manifest names another one");
	write_text(text_of("%s/strange.csv", p.folder), "nobody\n");
	o = urna("credentials", "revoke", "--home", text_of("%s/registrar", p.folder), "--record",
	         p.record, "--register", registered, "--voters", text_of("%s/strange.csv", p.folder),
	         "--out", text_of("%s/out", p.folder), NULL);
	assert_code(o, 1);
	assert_says(o.err, "does not have this voter");
	o = urna("credentials", "revoke", "--home", text_of("%s/registrar", p.folder), "--record",
	         p.record, "--register", registered, "--voters", text_of("%s/voters.csv", p.folder),
	         "--out", text_of("%s/out", p.record), NULL);
	assert_code(o, 1);
	assert_says(o.err, "may not lie in the record");
}

static void a_witness_that_the_manifest_does_not_name_is_told(void **state)
{
	(void)state;
	struct place p = place_make_witnessed(NULL, "1", 1), q = place_make(NULL, "1");
	const char *stranger = text_of("%s/stranger", p.folder);
	struct outcome o = cosign(p.witness[0], p.record);
	assert_code(o, 3);
	assert_says(o.err, "the board has signed nothing yet");
	assert_code(urna("witness", "init", "--home", stranger, "--name", "s", NULL), 0);
	o = cosign(stranger, p.record);
	assert_code(o, 1);
	assert_says(o.err, "names others, not this key");
	o = cosign(stranger, q.record);
	assert_code(o, 1);
	assert_says(o.err, "names no witnesses");
	o = urna("witness", "init", "--home", text_of("%s/x", p.folder), "--name", "a b", NULL);
	assert_code(o, 2);
	const char *identity = text_of("%s/identity.json", p.witness[0]);
	static const char *const wrong[][2] = {{"--witness-quorum=2", NULL},
	                                       {"--witness-lying=1", NULL}};
	for (unsigned i = 0; i < 2; i++) {
		o = urna("manifest", "new", text_of("%s/manifest.blt", p.folder),
		         "--rule=plurality-at-large", "--threshold=1", "--authority",
		         text_of("%s/identity.json", p.homes[0]), "--board",
		         text_of("%s/identity.json", p.board), "--record", text_of("%s/r", p.folder),
		         "--witness", identity, wrong[i][0], NULL);
		assert_code(o, 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_election_with_everything_and_a_second_history_is_verified_by_both),
		cmocka_unit_test(a_board_that_is_killed_again_and_again_loses_nothing),
		cmocka_unit_test(acts_need_an_open_log_of_this_board),
		cmocka_unit_test(a_small_log_is_not_closed_before_more_have_voted),
		cmocka_unit_test(changes_are_signed_for_one_place_by_the_registrar),
		cmocka_unit_test(a_witness_that_the_manifest_does_not_name_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
