/* SPDX-License-Identifier: Apache-2.0 */
/* Voters with credentials: revotes, weights, what the board refuses, and what nobody may change. */
#include "e2e/credential_election.h"

#include "support/support.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#define TWELVE "v1\nv2\nv3\nv4\nv5\nv6\nv7\nv8\nv9\nv10\nv11\nv12\n"

static long long number(const struct outcome *o, const char *object, const char *key)
{
	json_t *j = json_loads(o->out, JSON_REJECT_DUPLICATES, NULL);
	if (!j)
		fail_msg("no JSON: %s\n%s", o->out, o->err);
	json_t *in = object ? json_object_get(j, object) : j;
	long long v = json_integer_value(json_object_get(in, key));
	json_decref(j);
	return v;
}

/* "Ann   7" somewhere in the table of votes. */
static void assert_votes(const struct outcome *o, const char *name, unsigned votes)
{
	const char *line = o->out;
	for (; (line = strstr(line, name)); line++) {
		char *end;
		const char *p = line + strlen(name);
		unsigned long v = strtoul(p, &end, 10);
		if (end != p && v == votes && (*end == '\n' || *end == '*' || *end == ' '))
			return;
	}
	fail_msg("not %u votes for %s: %s", votes, name, o->out);
}

static void flip(const char *path, bytes original, size_t at)
{
	uint8_t *copy = malloc(original.len);
	assert_non_null(copy);
	memcpy(copy, original.p, original.len);
	copy[at] ^= (uint8_t)(1u << test_random_below(8));
	write_file(path, copy, original.len);
	free(copy);
}

static void the_last_of_a_voters_ballots_counts(void **state)
{
	(void)state;
	struct place p = place_make(TWELVE, "1");
	const char *first = place_ballots(&p, 1, 12, p.codes, "0");
	const char *again = place_ballots(&p, 2, 5, p.codes, "1");
	struct outcome o = place_collect(&p, first, again, NULL);
	assert_code(o, 0);
	assert_int_equal(number(&o, NULL, "accepted"), 17);
	assert_int_equal(number(&o, NULL, "refused"), 0);
	o = place_tally(&p);
	assert_says(o.out, "Ballots: 12 valid");
	assert_votes(&o, "Ann", 7);
	assert_votes(&o, "Bo", 5);
	place_finish_and_verify(&p);
	o = urna("verify", p.record, NULL);
	assert_says(o.out, "12 credentials, 0 changes");
	assert_says(o.out, "17 ballots in the log, 17 count, 12 are the last of their voter");
}

static void votes_weigh_what_the_list_of_voters_says(void **state)
{
	(void)state;
	struct place p =
		place_make("voter,style,weight\na,,5\nb,,5\nc,,5\nd,,4\ne\nf\ng\nh\ni\nj\nk\nl\n", "5");
	const char *heavy = place_ballots(&p, 2, 4, place_codes(&p, 1, 4), "0");
	const char *light = place_ballots(&p, 1, 8, place_codes(&p, 5, 12), "0");
	struct outcome o = place_collect(&p, text_of("2=%s", light), heavy, NULL);
	assert_code(o, 2); /* not the board's to say */
	o = place_collect(&p, light, heavy, NULL);
	assert_code(o, 0);
	o = place_tally(&p);
	assert_says(o.out, "Ballots by weight: 27 valid");
	assert_votes(&o, "Bo", 19);
	assert_votes(&o, "Ann", 8);
	/* Nobody weighs 2 or 3: the second list is empty, and declared so. */
	assert_int_equal(access(text_of("%s/endorse/l2/empty-01.bt", p.record), F_OK), 0);
	assert_int_equal(access(text_of("%s/proof/l3", p.record), F_OK), 0);
	place_finish_and_verify(&p);
}

static void in_mode_server_a_file_says_what_its_ballots_weigh(void **state)
{
	(void)state;
	struct place p = place_make(NULL, "40");
	const char *light = place_ballots(&p, 1, 12, NULL, "0");
	const char *heavy = place_ballots(&p, 3, 2, NULL, "0");
	const char *excess = place_ballots(&p, 2, 1, NULL, "0");
	struct outcome o = place_collect(&p, light, text_of("40=%s", heavy), text_of("41=%s", excess));
	assert_code(o, 1);
	assert_int_equal(number(&o, NULL, "accepted"), 14);
	assert_int_equal(number(&o, "answers", "weight"), 1);
	o = place_tally(&p);
	assert_votes(&o, "Cy", 80);
	assert_votes(&o, "Ann", 12);
	place_finish_and_verify(&p);
}

static void a_log_is_finished_when_the_result_is_signed_and_not_before(void **state)
{
	(void)state;
	struct place p = place_make(NULL, "1");
	const char *const finish[] = {"board", "finish", "--home", p.board, "--record", p.record, NULL};
	struct outcome o = place_collect(&p, place_ballots(&p, 1, 12, NULL, "0"), NULL, NULL);
	assert_code(o, 0);
	place_both(&p, "mix");
	place_both(&p, "decrypt");
	o = urna("count", "--home", p.homes[0], "--record", p.record, NULL);
	assert_code(o, 0);
	o = urna_argv(finish);
	assert_code(o, 3);
	assert_says(o.err, "1 signed, the threshold is 2");
	assert_int_not_equal(access(text_of("%s/log/checkpoint", p.record), F_OK), 0);
	o = urna("count", "--home", p.homes[1], "--record", p.record, NULL);
	assert_code(o, 0);
	o = urna("verify", p.record, NULL);
	assert_code(o, 1); /* the log has no end yet */
	const char *path = text_of("%s/endorse/result-01.bt", p.record);
	bytes original = read_file(path);
	flip(path, original, original.len - 1);
	o = urna_argv(finish);
	assert_code(o, 1);
	write_file(path, original.p, original.len);
	place_finish_and_verify(&p);
}

/* --- what the board refuses --- */

static const char *copy_of(const char *record)
{
	const char *copy = text_of("%s/copy", fresh_folder());
	const char *argv[] = {"cp", "-r", record, copy, NULL};
	struct outcome o = program(argv);
	assert_code(o, 0);
	return copy;
}

/* Credentials of the same election, but of another list than the record's. */
static const char *codes_of_strangers(const struct place *p)
{
	const char *other = copy_of(p->record), *list = text_of("%s/voters.csv", p->folder);
	const char *out = text_of("%s/codes", fresh_folder());
	assert_int_equal(unlink(text_of("%s/credentials.bt", other)), 0);
	assert_int_equal(unlink(text_of("%s/credentials-signature.bt", other)), 0);
	struct outcome o = urna("credentials", "make", "--home", text_of("%s/registrar", p->folder),
	                        "--record", other, "--voters", list, "--out", out, NULL);
	assert_code(o, 0);
	return text_of("%s/codes.csv", out);
}

static const char *spoiled(const char *file)
{
	const char *path = text_of("%s/spoiled.bt", fresh_folder());
	bytes b = read_file(file);
	uint8_t *copy = malloc(b.len);
	assert_non_null(copy);
	memcpy(copy, b.p, b.len);
	copy[b.len - 1] ^= 1; /* of the voter's signature */
	write_file(path, copy, b.len);
	free(copy);
	return path;
}

static void what_may_not_count_is_refused_and_named(void **state)
{
	(void)state;
	struct place p = place_make(TWELVE, "1");
	const char *first = place_ballots(&p, 1, 12, p.codes, "0");
	const char *skipping = place_ballots(&p, 2, 1, p.codes, "2");
	const char *strange = place_ballots(&p, 2, 3, codes_of_strangers(&p), "0");
	const char *forged = spoiled(place_ballots(&p, 2, 1, p.codes, "1"));
	struct outcome o = urna("board", "collect", "--home", p.board, "--record", p.record, "--json",
	                        first, skipping, first, strange, forged, NULL);
	assert_code(o, 1);
	assert_int_equal(number(&o, NULL, "accepted"), 12);
	assert_int_equal(number(&o, NULL, "refused"), 5);
	assert_int_equal(number(&o, "answers", "accepted-before"), 12);
	assert_int_equal(number(&o, "answers", "unknown-credential"), 3);
	assert_int_equal(number(&o, "answers", "wrong-seq"), 1);
	assert_int_equal(number(&o, "answers", "wrong-signature"), 1);
	assert_says(
		o.err, text_of("%s: ballot 0: refused: wrong-seq, its voter's next number is 1", skipping));
	assert_says(o.err, text_of("%s: ballot 2: refused: unknown-credential", strange));
	/* The record is as if they had not been sent. */
	o = place_tally(&p);
	assert_votes(&o, "Ann", 12);
	place_finish_and_verify(&p);
}

static void an_audited_ballot_is_never_cast(void **state)
{
	(void)state;
	struct place p = place_make(TWELVE, "1");
	const char *first = place_ballots(&p, 1, 12, p.codes, "0");
	bytes ballots = read_file(first);
	/* A ballot is node(body, seq, R, z): its body begins behind 5 bytes and ends 128 before. */
	const char *body = text_of("%s/audited.bt", p.folder);
	write_file(body, ballots.p + 5, ballots.len / 12 - 5 - 9 - 81 - 38);
	struct outcome o = urna("board", "collect", "--home", p.board, "--record", p.record, "--void",
	                        body, first, "--json", NULL);
	assert_code(o, 1);
	assert_int_equal(number(&o, NULL, "audits"), 1);
	assert_int_equal(number(&o, NULL, "accepted"), 11);
	assert_int_equal(number(&o, "answers", "voided"), 1);
	assert_says(o.err, "ballot 0: refused: voided");
	o = place_tally(&p);
	assert_votes(&o, "Ann", 11);
	place_finish_and_verify(&p);
	o = urna("verify", p.record, NULL);
	assert_says(o.out, "1 audits");
}

static void a_file_that_cannot_be_cut_into_ballots_changes_nothing(void **state)
{
	(void)state;
	struct place p = place_make(TWELVE, "1");
	const char *good = place_ballots(&p, 1, 12, p.codes, "0");
	const char *cut = text_of("%s/cut.bt", p.folder);
	bytes b = read_file(good);
	const size_t lengths[] = {1, 200, b.len / 12 * 7 + 1, b.len - 1};
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		write_file(cut, b.p, lengths[i]);
		struct outcome o = place_collect(&p, cut, NULL, NULL);
		assert_code(o, 1);
		assert_says(o.err, text_of("%s: ballot %zu", cut, lengths[i] / (b.len / 12)));
		assert_int_not_equal(access(text_of("%s/log/entries", p.record), F_OK), 0);
		assert_int_not_equal(access(text_of("%s/ballots.bt", p.record), F_OK), 0);
	}
	struct outcome o = place_collect(&p, good, NULL, NULL);
	assert_code(o, 0);
}

/* --- lists of too few voters --- */

static struct outcome make_codes(const struct place *p, const char *voters)
{
	const char *list = text_of("%s/voters.csv", p->folder);
	write_text(list, voters);
	return urna("credentials", "make", "--home", text_of("%s/registrar", p->folder), "--record",
	            p->record, "--voters", list, "--out", text_of("%s/codes", p->folder), NULL);
}

static void a_weight_that_few_voters_have_is_refused_before_there_are_codes(void **state)
{
	(void)state;
	struct place p = place_begin_strict("2");
	struct outcome o = make_codes(&p, TWELVE "heavy,,2\n");
	assert_code(o, 1);
	assert_says(o.err, "l2, group g1, weight bit 1: 1 credential, min_list is 10");
	assert_says(o.err, "accept_small_lists, a lower min_list");
	assert_int_not_equal(access(p.codes, F_OK), 0);
	assert_int_not_equal(access(text_of("%s/credentials.bt", p.record), F_OK), 0);
	o = make_codes(&p, TWELVE);
	assert_code(o, 0);
}

static void changes_that_leave_a_list_few_voters_are_made_with_a_warning(void **state)
{
	(void)state;
	static const char warning[] =
		"Warning: with this change l2, group g1, weight bit 1: 1 credential, min_list is 10";
	struct place p = place_begin_strict("2");
	const char *late = text_of("%s/late.csv", p.folder), *out = text_of("%s/out", p.folder);
	struct outcome o = make_codes(&p, TWELVE);
	assert_code(o, 0);
	place_both(&p, "ceremony");
	o = urna("board", "open", "--home", p.board, "--record", p.record, NULL);
	assert_code(o, 0);
	write_text(late, "v1,,2\n");
	o = urna("credentials", "change", "--home", text_of("%s/registrar", p.folder), "--record",
	         p.record, "--register", text_of("%s/codes/register.csv", p.folder), "--voters", late,
	         "--out", out, NULL);
	assert_code(o, 0);
	assert_says(o.err, warning);
	assert_null(strstr(o.err, "l1, group"));
	o = urna("board", "change", "--home", p.board, "--record", p.record,
	         text_of("%s/changes.bt", out), "--json", NULL);
	assert_code(o, 0);
	assert_says(o.err, warning);
	assert_says(o.out, "\"small_lists\"");
	assert_says(o.out, "\"l2, group g1");
	/* A log that has begun goes on. */
	o = place_collect(&p, place_ballots(&p, 1, 12, p.codes, "0"), NULL, NULL);
	assert_code(o, 0);
}

static void two_lists_of_one_manifest_convict_the_registrar(void **state)
{
	(void)state;
	struct place p = place_begin_strict("1");
	const char *other = copy_of(p.record), *manifest = text_of("%s/manifest.json", p.record);
	struct outcome o = make_codes(&p, TWELVE);
	assert_code(o, 0);
	o = urna("credentials", "make", "--home", text_of("%s/registrar", p.folder), "--record", other,
	         "--voters", text_of("%s/voters.csv", p.folder), "--out", text_of("%s/more", p.folder),
	         NULL);
	assert_code(o, 0);
	o = urna("verify", "evidence", "--manifest", manifest, p.record, other, NULL);
	assert_code(o, 0);
	assert_says(o.out, "Convicted: the registrar signed two lists of credentials for one manifest");
	o = urna("verify", "evidence", "--manifest", manifest, p.record, p.record, NULL);
	assert_code(o, 1);
	assert_says(o.err, "twice the same list");
}

/* --- what nobody may change --- */

static void a_changed_log_or_list_is_refused_by_authorities_and_verifiers(void **state)
{
	(void)state;
	static const char *const names[] = {"log/entries", "log/checkpoint-close", "credentials.bt",
	                                    "ballots.bt", "log/checkpoint"};
	struct place p = place_make(TWELVE, "1");
	struct outcome o = place_collect(&p, place_ballots(&p, 1, 12, p.codes, "0"), NULL, NULL);
	assert_code(o, 0);
	for (unsigned i = 0; i < 4; i++) {
		const char *path = text_of("%s/%s", p.record, names[i]);
		bytes original = read_file(path);
		for (uint64_t k = 0; k < TEST_COUNT(3, 40); k++) {
			flip(path, original, (size_t)test_random_below(original.len));
			o = urna("mix", "--home", p.homes[0], "--record", p.record, "--timeout=1", NULL);
			if (!strstr(o.err, "limit: ")) /* a length beyond its bound: it was not decided */
				assert_code(o, 1);
			assert_int_not_equal(o.code, 0);
			assert_int_not_equal(access(text_of("%s/endorse", p.record), F_OK), 0);
			/* A list of a spoiled log would be in the way of the right one. */
			assert_int_not_equal(access(text_of("%s/proof", p.record), F_OK), 0);
		}
		write_file(path, original.p, original.len);
	}
	place_tally(&p);
	place_finish_and_verify(&p);
	const char *words = fingerprint_of(p.record);
	for (unsigned i = 0; i < 5; i++) {
		const char *path = text_of("%s/%s", p.record, names[i]);
		bytes original = read_file(path);
		for (uint64_t k = 0; k < TEST_COUNT(3, 40); k++) {
			flip(path, original, (size_t)test_random_below(original.len));
			o = urna("verify", p.record, "--fingerprint", words, NULL);
			assert_code(o, 1);
		}
		write_file(path, original.p, original.len);
	}
	o = urna("verify", p.record, "--fingerprint", words, NULL);
	assert_code(o, 0);
}

static void another_key_signs_no_log_of_this_board(void **state)
{
	(void)state;
	struct place p = place_make(TWELVE, "1");
	const char *other = make_board(fresh_folder());
	const char *ballots = place_ballots(&p, 1, 12, p.codes, "0");
	struct outcome o =
		urna("board", "collect", "--home", other, "--record", p.record, ballots, NULL);
	assert_code(o, 1);
	assert_says(o.err, "the manifest names another one");
	assert_int_not_equal(access(text_of("%s/log", p.record), F_OK), 0);
}

/* --- the codes --- */

static unsigned mode_of(const char *path)
{
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void codes_are_private_made_once_and_never_in_the_record(void **state)
{
	(void)state;
	struct place p = place_make(TWELVE, "1");
	const char *list = text_of("%s/voters.csv", p.folder);
	assert_int_equal(mode_of(p.codes), 0600);
	assert_int_equal(mode_of(text_of("%s/codes", p.folder)), 0700);
	const char *elsewhere = text_of("%s/elsewhere", p.folder);
	const char *home = text_of("%s/registrar", p.folder);
	struct outcome o = urna("credentials", "make", "--home", home, "--record", p.record, "--voters",
	                        list, "--out", elsewhere, NULL);
	assert_code(o, 3);
	assert_says(o.err, "the record has them already");
	assert_int_equal(unlink(text_of("%s/credentials.bt", p.record)), 0);
	o = urna("credentials", "make", "--home", home, "--record", p.record, "--voters", list, "--out",
	         elsewhere, NULL);
	assert_code(o, 3);
	assert_says(o.err, "the record has them already");
	assert_int_equal(unlink(text_of("%s/credentials-signature.bt", p.record)), 0);
	o = urna("credentials", "make", "--home", text_of("%s/board", p.folder), "--record", p.record,
	         "--voters", list, "--out", elsewhere, NULL);
	assert_code(o, 1);
	assert_says(o.err, "the manifest names another registrar");
	o = urna("credentials", "make", "--home", home, "--record", p.record, "--voters", list, "--out",
	         text_of("%s/codes", p.folder), NULL);
	assert_code(o, 3);
	assert_says(o.err, "there are codes in this folder");
	static const char *const inside[] = {"", "/codes", "/../record/codes"};
	for (size_t i = 0; i < 3; i++) {
		o = urna("credentials", "make", "--home", home, "--record", p.record, "--voters", list,
		         "--out", text_of("%s%s", p.record, inside[i]), NULL);
		assert_code(o, 1);
		assert_says(o.err, "may not lie in the record");
		assert_int_not_equal(access(text_of("%s/codes", p.record), F_OK), 0);
	}
	write_text(list, "a\nb\na\n");
	o = urna("credentials", "make", "--home", home, "--record", p.record, "--voters", list, "--out",
	         elsewhere, NULL);
	assert_code(o, 1);
	assert_says(o.err, "line 3");
	assert_int_not_equal(access(text_of("%s/codes.csv", elsewhere), F_OK), 0);
	assert_int_not_equal(access(text_of("%s/credentials.bt", p.record), F_OK), 0);
}

static void whoever_has_no_code_or_needs_none_is_told(void **state)
{
	(void)state;
	struct place with = place_make(TWELVE, "1"), without = place_make(NULL, "1");
	const char *blt = text_of("%s/b.blt", with.folder), *out = text_of("%s/b.bt", with.folder);
	write_text(blt, "3 1\n13 1 0\n0\n" PLACE_CANDIDATES);
	struct outcome o = urna("encrypt", blt, "--record", with.record, "--out", out, NULL);
	assert_code(o, 2);
	assert_says(o.err, "--credentials is missing");
	o = urna("encrypt", blt, "--record", without.record, "--out", out, "--credentials", with.codes,
	         NULL);
	assert_code(o, 2);
	assert_says(o.err, "voters have none");
	o = urna("encrypt", blt, "--record", with.record, "--out", out, "--credentials", with.codes,
	         NULL);
	assert_code(o, 1);
	assert_says(o.err, "13 ballots, 12 codes");
	assert_int_not_equal(access(out, F_OK), 0);
	o = urna("credentials", "make", "--home", text_of("%s/registrar", with.folder), "--record",
	         without.record, "--voters", with.codes, "--out", text_of("%s/codes", without.folder),
	         NULL);
	assert_code(o, 1);
	assert_says(o.err, "of mode server");
}

static void a_run_with_credentials_is_verified(void **state)
{
	(void)state;
	const char *out = text_of("%s/e", fresh_folder());
	struct outcome o =
		urna("run", make_blt(5, 2, 300), "--rule=scotland", "--authorities=2", "--threshold=2",
	         "--lot=1,2,3,4,5", "--credentials", "--out", out, NULL);
	assert_code(o, 0);
	o = urna("verify", record_of(out), "--fingerprint", fingerprint_of(record_of(out)), NULL);
	assert_code(o, 0);
	assert_says(o.out, "300 credentials");
	assert_int_equal(access(text_of("%s/private/ballots.bt", out), F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_of_a_voters_ballots_counts),
		cmocka_unit_test(votes_weigh_what_the_list_of_voters_says),
		cmocka_unit_test(in_mode_server_a_file_says_what_its_ballots_weigh),
		cmocka_unit_test(a_log_is_finished_when_the_result_is_signed_and_not_before),
		cmocka_unit_test(what_may_not_count_is_refused_and_named),
		cmocka_unit_test(an_audited_ballot_is_never_cast),
		cmocka_unit_test(a_file_that_cannot_be_cut_into_ballots_changes_nothing),
		cmocka_unit_test(a_weight_that_few_voters_have_is_refused_before_there_are_codes),
		cmocka_unit_test(two_lists_of_one_manifest_convict_the_registrar),
		cmocka_unit_test(changes_that_leave_a_list_few_voters_are_made_with_a_warning),
		cmocka_unit_test(a_changed_log_or_list_is_refused_by_authorities_and_verifiers),
		cmocka_unit_test(another_key_signs_no_log_of_this_board),
		cmocka_unit_test(codes_are_private_made_once_and_never_in_the_record),
		cmocka_unit_test(whoever_has_no_code_or_needs_none_is_told),
		cmocka_unit_test(a_run_with_credentials_is_verified),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
