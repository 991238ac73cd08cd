/* SPDX-License-Identifier: Apache-2.0 */
/* Elections of others as manifests; authorities as anchors. */
#include "e2e/e2e.h"

#include "support/support.h"

#include <unistd.h>

#include <jansson.h>

#define ELECTION(title, tally)                                                                     \
	"{\"id\": 7, \"title\": \"" title "\", \"description\": \"\", \"questions\": [{"               \
	"\"title\": \"Who?\", \"description\": \"\", \"tally_type\": \"" tally "\", \"min\": 0, "      \
	"\"max\": 1, \"num_winners\": 1, \"layout\": \"accordion\", \"answers\": ["                    \
	"{\"id\": 0, \"text\": \"Ann\", \"category\": \"\", \"details\": \"\", \"sort_order\": 0}, "   \
	"{\"id\": 1, \"text\": \"Bo\", \"category\": \"\", \"details\": \"\", \"sort_order\": 1}]}], " \
	"\"start_date\": \"2027-01-01T00:00:00\"}"

struct people {
	const char *folder, *authority, *board, *record, *file;
};

static struct people make_people(const char *content)
{
	struct people p = {.folder = fresh_folder()};
	struct outcome o =
		urna("ceremony", "init", "--home", text_of("%s/a1", p.folder), "--operator", "Org", NULL);
	assert_code(o, 0);
	p.authority = text_of("%s/a1/identity.json", p.folder);
	p.board = text_of("%s/identity.json", make_board(p.folder));
	p.record = text_of("%s/record", p.folder);
	p.file = text_of("%s/election.json", p.folder);
	write_text(p.file, content);
	return p;
}

static struct outcome import(const struct people *p, const char *more, const char *most)
{
	return urna("manifest", "import-sequent", p->file, "--threshold=1", "--authority", p->authority,
	            "--board", p->board, "--record", p->record, more, more ? most : NULL, NULL);
}

static void an_election_of_theirs_becomes_a_manifest(void **state)
{
	(void)state;
	struct people p = make_people(ELECTION("Old board", "plurality-at-large"));
	struct outcome o = urna("manifest", "import-sequent", p.file, NULL);
	assert_code(o, 0);
	assert_says(o.out, "questions[0].tally_type: mapped");
	assert_says(o.out, "start_date: ignored");
	assert_says(o.out, "0 unsupported, 0 wrong");
	assert_int_not_equal(access(p.record, F_OK), 0); /* only a report was asked for */
	o = import(&p, NULL, NULL);
	assert_code(o, 0);
	o = urna("manifest", "check", text_of("%s/manifest.json", p.record), NULL);
	assert_code(o, 0);
	assert_says(o.out, "Old board");
	assert_says(o.out, "   2  Bo");
	assert_says(o.out, "urna.test/board");
	o = import(&p, NULL, NULL); /* nothing is overwritten */
	assert_code(o, 3);
	assert_says(o.err, "conflict");
}

static void what_cannot_be_taken_over_is_named_and_nothing_is_written(void **state)
{
	(void)state;
	struct people p = make_people(ELECTION("Old board", "borda"));
	struct outcome o = import(&p, NULL, NULL);
	assert_code(o, 1);
	assert_says(o.out, "questions[0].tally_type: unsupported: borda");
	assert_says(o.err, "questions[0].tally_type");
	assert_int_not_equal(access(p.record, F_OK), 0);
	o = import(&p, "--json", NULL);
	assert_code(o, 1);
	json_t *j = json_loads(o.out, JSON_REJECT_DUPLICATES, NULL);
	int ok, unsupported;
	const char *kind, *fate;
	assert_non_null(j);
	assert_int_equal(json_unpack(j, "{s:b,s:{s:s},s:[{s:{s:i},s:[{s:s},*]}]}", "ok", &ok, "error",
	                             "kind", &kind, "elections", "counts", "unsupported", &unsupported,
	                             "entries", "fate", &fate),
	                 0);
	assert_false(ok);
	assert_string_equal(kind, "rejected");
	assert_int_equal(unsupported, 1);
	json_decref(j);
}

static void of_several_elections_one_is_chosen(void **state)
{
	(void)state;
	struct people p =
		make_people("[" ELECTION("One", "borda") "," ELECTION("Two", "plurality-at-large") "]");
	struct outcome o = import(&p, NULL, NULL);
	assert_code(o, 2);
	assert_says(o.err, "2 elections are in it");
	o = import(&p, "--election=3", NULL);
	assert_code(o, 2);
	o = import(&p, "--election=1", NULL);
	assert_code(o, 1);
	o = import(&p, "--election=2", NULL);
	assert_code(o, 0);
	o = urna("manifest", "check", text_of("%s/manifest.json", p.record), NULL);
	assert_says(o.out, "Two");
}

/* --- anchors --- */

static void the_authorities_keys_are_an_anchor_too(void **state)
{
	(void)state;
	const char *folder = make_election(make_blt(5, 2, 12), "2", "2", NULL);
	const char *record = record_of(folder);
	const char *a1 = text_of("%s/private/a1/identity.json", folder);
	const char *a2 = text_of("%s/private/a2/identity.json", folder);
	struct outcome o = urna("verify", record, "--authority", a1, "--authority", a2, NULL);
	assert_code(o, 0);
	assert_says(o.out, "an election of these authorities");
	/* it does not say which, so it shows what the reader can compare */
	assert_says(o.out, "which of their elections");
	assert_says(o.out, fingerprint_of(record));
	o = urna("verify", record, "--authority", a1, "--authority", a2, "--threshold=1", NULL);
	assert_code(o, 0);
	/* As a key, however it is written. */
	bytes file = read_file(a1);
	json_t *j = json_loadb((const char *)file.p, file.len, 0, NULL);
	const char *hex = json_string_value(json_object_get(j, "identity"));
	assert_non_null(hex);
	o = urna("verify", record, "--authority", hex, "--authority", a2, NULL);
	assert_code(o, 0);
	json_decref(j);
	/* Others, another order, or not all of them. */
	o = urna("verify", record, "--authority", a2, "--authority", a1, NULL);
	assert_code(o, 1);
	assert_says(o.out, "another authority");
	o = urna("verify", record, "--authority", a1, NULL);
	assert_code(o, 1);
	o = urna("verify", record, "--authority", a1, "--authority",
	         text_of("%s/private/board/identity.json", folder), NULL);
	assert_code(o, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_election_of_theirs_becomes_a_manifest),
		cmocka_unit_test(what_cannot_be_taken_over_is_named_and_nothing_is_written),
		cmocka_unit_test(of_several_elections_one_is_chosen),
		cmocka_unit_test(the_authorities_keys_are_an_anchor_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
