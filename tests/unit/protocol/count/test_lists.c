/* SPDX-License-Identifier: Apache-2.0 */
/* The table of candidates and lists. */
#include "support/support.h"

#include "base/limits.h"
#include "count/csv.h"
#include "count/lists.h"

static struct error err;
static struct lists_file lists;
static struct profile profile;

static bool read_text(const char *text)
{
	bytes file = bytes_of_text(text);
	arena_release(test_arena(), 0);
	error_clear(&err);
	size_t before = arena_mark(test_arena());
	bool good = lists_read(&lists, file, test_arena(), &err);
	assert_true(arena_mark(test_arena()) - before <= lists_arena_bytes(file));
	return good;
}

static void assert_refused(const char *text, const char *what, const char *detail)
{
	if (read_text(text))
		fail_msg("accepted: %s", text);
	assert_int_equal(err.kind, ERROR_MALFORMED);
	assert_string_equal(err.what, what);
	assert_string_equal(err.detail, detail);
}

/* Candidates 1 … 5: Ann Bo Cy Di Green. */
static bool apply_text(const char *text)
{
	static const char *const names[] = {"Ann", "Bo", "Cy", "Di", "Green"};
	assert_ok(read_text(text), err);
	assert_ok(
		profile_init(&profile, (struct profile_room){5, 1, 1, PROFILE_MARKS}, test_arena(), &err),
		err);
	for (size_t i = 0; i < 5; i++)
		profile.candidates[i].name = bytes_of_text(names[i]);
	size_t before = arena_mark(test_arena());
	bool good = lists_apply(&profile, &lists, test_arena(), &err);
	assert_true(arena_mark(test_arena()) - before <= lists_apply_bytes(&profile));
	assert_true(good || profile.lists_count == 0);
	return good;
}

static void assert_does_not_fit(const char *text, const char *what, const char *detail)
{
	if (apply_text(text))
		fail_msg("accepted: %s", text);
	assert_int_equal(err.kind, ERROR_MALFORMED);
	assert_string_equal(err.what, what);
	assert_string_equal(err.detail, detail);
}

static void assert_text(bytes b, const char *expected)
{
	assert_true(bytes_equal(b, bytes_of_text(expected)));
}

static void rows_are_read_in_their_order(void **state)
{
	(void)state;
	assert_ok(read_text("\xef\xbb\xbf candidate , list \r\n\r\nBo,Green\r \n\"Ann \"\"A\"\", B\" ,"
	                    "\" Red, old\"\nCy,"),
	          err);
	assert_int_equal(lists.count, 3);
	assert_text(lists.candidates[0], "Bo");
	assert_text(lists.lists[0], "Green");
	assert_text(lists.candidates[1], "Ann \"A\", B");
	assert_text(lists.lists[1], "Red, old");
	assert_text(lists.candidates[2], "Cy");
	assert_int_equal(lists.lists[2].len, 0);
}

static void file_of_another_form_is_refused_by_row(void **state)
{
	(void)state;
	const char *cells = "lists: a row has two cells, candidate and list, with a comma between";
	assert_refused("", "lists: the file is empty", "row 1");
	assert_refused("candidate,list\n\n", "lists: there are no candidates below the header",
	               "row 3");
	assert_refused("name,list\nAnn,Red\n", "lists: the first row must be the header candidate,list",
	               "row 1");
	assert_refused("candidate,party\nAnn,Red\n",
	               "lists: the first row must be the header candidate,list", "row 1");
	assert_refused("candidate,list\nAnn,Red\nBo\n", cells, "row 3");
	assert_refused("candidate;list\nAnn;Red\n", cells, "row 1");
	assert_refused("candidate,list\nAnn,Red,1\n",
	               "lists: more than two cells; quote names that hold commas", "row 2");
	assert_refused("candidate,list\n\"Ann,Red\n", "lists: a quoted cell is not closed on its line",
	               "row 2");
	assert_refused("candidate,list\n\"Ann\"x,Red\n",
	               "lists: text after the closing quote of a cell", "row 2");
	assert_refused("candidate,list\nAn\"n,Red\n",
	               "lists: a quote inside a cell that does not begin with one", "row 2");
	assert_refused("candidate,list\n,Red\n", "profile: a name is empty", "row 2");
	assert_refused("candidate,list\nAnn,R\x01\n", "profile: a name has a control character",
	               "row 2");
	assert_refused("candidate,list\nAnn,Red\n\nAnn,Green\n", "lists: a candidate stands twice",
	               "row 4: Ann");
}

static void more_candidates_than_can_stand_are_a_limit(void **state)
{
	(void)state;
	static char text[16000] = "candidate,list\n";
	struct text t = {text, sizeof text, 15, false};
	for (unsigned i = 0; i <= LIMIT_ANSWERS; i++) {
		text_add_u64(&t, i);
		text_add(&t, ",Red\n");
	}
	assert_false(t.cut);
	assert_false(read_text(text));
	assert_int_equal(err.kind, ERROR_LIMIT);
	assert_string_equal(err.detail, "row 1002");
}

static void lists_have_their_members_in_the_order_of_the_rows(void **state)
{
	(void)state;
	assert_ok(apply_text("candidate,list\nDi,Red\nGreen,Green\nBo,Green\nCy,\nAnn,Green\n"), err);
	assert_int_equal(profile.lists_count, 3);
	assert_text(profile.lists[0].name, "Red");
	assert_int_equal(profile.lists[0].members_count, 1);
	assert_int_equal(profile.lists[0].members[0], 3);
	assert_false(profile.lists[0].has_line);
	assert_text(profile.lists[1].name, "Green");
	assert_int_equal(profile.lists[1].members_count, 2);
	assert_int_equal(profile.lists[1].members[0], 1);
	assert_int_equal(profile.lists[1].members[1], 0);
	assert_true(profile.lists[1].has_line);
	assert_int_equal(profile.lists[1].line, 4);
	assert_text(profile.lists[2].name, "Cy");
	assert_int_equal(profile.lists[2].members_count, 1);
	assert_int_equal(profile.lists[2].members[0], 2);
	assert_false(profile.lists[2].has_line);
}

static void candidates_and_lists_must_fit_together(void **state)
{
	(void)state;
	assert_does_not_fit("candidate,list\nAnn,Red\nEve,Red\n", "lists: nobody of this name stands",
	                    "Eve");
	assert_does_not_fit("candidate,list\nAnn,R\nBo,R\nDi,R\nGreen,R\n",
	                    "lists: a candidate is on no list", "Cy");
	assert_does_not_fit("candidate,list\nAnn,R\nBo,R\nCy,R\nDi,R\nGreen,Green\n",
	                    "lists: a list has a line and no candidates; one who stands alone has an "
	                    "empty cell for the list",
	                    "Green");
	const char *same = "lists: a list has the name of a candidate who stands alone";
	assert_does_not_fit("candidate,list\nAnn,\nBo,Ann\nCy,\nDi,\nGreen,\n", same, "Ann");
	assert_does_not_fit("candidate,list\nBo,Ann\nAnn,\nCy,\nDi,\nGreen,\n", same, "Ann");
}

static void table_of_ballots_takes_its_candidates_from_the_lists(void **state)
{
	(void)state;
	assert_ok(read_text("candidate,list\nCy,Red\nAnn,Red\nBo,Green\n"), err);
	struct csv_options options = {.candidates = lists.candidates, .candidates_count = lists.count};
	assert_ok(
		csv_read(&profile, BYTES_LITERAL("count,choice\n7,Bo\n"), &options, test_arena(), &err),
		err);
	assert_ok(lists_apply(&profile, &lists, test_arena(), &err), err);
	assert_int_equal(profile.lists_count, 2);
	assert_int_equal(profile.lists[0].members[1], 1);
	assert_text(profile.candidates[1].name, "Ann");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_read_in_their_order),
		cmocka_unit_test(file_of_another_form_is_refused_by_row),
		cmocka_unit_test(more_candidates_than_can_stand_are_a_limit),
		cmocka_unit_test(lists_have_their_members_in_the_order_of_the_rows),
		cmocka_unit_test(candidates_and_lists_must_fit_together),
		cmocka_unit_test(table_of_ballots_takes_its_candidates_from_the_lists),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
