/* SPDX-License-Identifier: Apache-2.0 */
/* How many voters each list can have, and a board that begins with too few. */
#include "support/support.h"

#include "record/electorate.h"
#include "unit/protocol/record/urn.h"

static struct urn u;

static struct electorate of_listed(void)
{
	struct electorate e = {0};
	for (unsigned v = 0; v < u.listed; v++)
		electorate_add(&e, u.voters[v].style, u.voters[v].weight);
	return e;
}

/* The same answer by another way: the lists that come of it when everybody votes. */
static void a_list_has_its_electorate_when_everybody_votes(void **state)
{
	(void)state;
	static struct ballot_box box;
	const struct urn_plan plan = {.mode = BALLOT_CREDENTIALS, .weight_max = 9, .areas = true};
	struct error err;
	error_clear(&err);
	urn_begin(&u, &plan);
	urn_open(&u);
	for (unsigned v = 0; v < u.listed; v++)
		urn_vote(&u, v, 0);
	struct electorate listed = of_listed(), now;
	board_electorate(&now, u.board);
	assert_memory_equal(&now, &listed, sizeof now);
	urn_close(&u);
	assert_ok(urn_read(&box, &u, &err), err);
	for (unsigned l = 0; l < u.manifest->lists_count; l++)
		assert_int_equal(electorate_of_list(&listed, u.manifest, l), box.list_sizes[l]);
	urn_end(&u);
}

static void whoever_is_revoked_belongs_to_no_list(void **state)
{
	(void)state;
	const struct urn_plan plan = {.mode = BALLOT_CREDENTIALS, .weight_max = 1};
	struct electorate before, after;
	urn_begin(&u, &plan);
	urn_open(&u);
	board_electorate(&before, u.board);
	urn_change(&u, 0, u.voters[0].style, 0);
	board_electorate(&after, u.board);
	assert_int_equal(after.of[u.voters[0].style][0] + 1, before.of[u.voters[0].style][0]);
	board_abandon(u.board);
	urn_end(&u);
}

/* Opens a board on a record without a log, under another least number. */
static bool opens(unsigned min_list, bool accepted, struct error *err)
{
	struct board *b;
	struct board_plan plan = urn_board_plan(&u);
	size_t mark = arena_mark(&u.arena);
	u.manifest->min_list = min_list;
	u.manifest->accept_small_lists = accepted;
	error_clear(err);
	bool good = board_open(&b, &plan, err);
	board_abandon(b);
	arena_release(&u.arena, mark);
	return good;
}

static void a_board_begins_with_no_list_of_too_few_voters(void **state)
{
	(void)state;
	const struct urn_plan plan = {.mode = BALLOT_CREDENTIALS, .weight_max = 9, .areas = true};
	struct error err;
	urn_begin(&u, &plan);
	const struct electorate e = of_listed();
	uint64_t least = UINT64_MAX;
	for (unsigned l = 0; l < u.manifest->lists_count; l++) {
		uint64_t n = electorate_of_list(&e, u.manifest, l);
		least = n > 0 && n < least ? n : least;
	}
	assert_true(opens((unsigned)least, false, &err)); /* also where nobody is in some list */
	assert_false(opens((unsigned)least + 1, false, &err));
	assert_int_equal(err.kind, ERROR_REJECTED);
	assert_non_null(strstr(err.what, "accept_small_lists"));
	assert_non_null(strstr(err.detail, "group g"));
	assert_non_null(strstr(err.detail, "area "));
	assert_non_null(strstr(err.detail, "weight bit "));
	assert_false(u.record->exists(u.record, "log/entries"));
	assert_false(u.record->exists(u.record, "ballots.bt"));
	assert_true(opens((unsigned)least + 1, true, &err));
	urn_end(&u);
}

static void a_log_that_has_begun_goes_on_with_few_voters(void **state)
{
	(void)state;
	const struct urn_plan plan = {.mode = BALLOT_CREDENTIALS, .weight_max = 1};
	struct checkpoint saved;
	struct error err;
	urn_begin(&u, &plan);
	urn_open(&u);
	error_clear(&err);
	assert_ok(board_save(&saved, u.board, &err), err);
	assert_true(opens(URN_VOTERS + 1, false, &err));
	urn_end(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_has_its_electorate_when_everybody_votes),
		cmocka_unit_test(whoever_is_revoked_belongs_to_no_list),
		cmocka_unit_test(a_board_begins_with_no_list_of_too_few_voters),
		cmocka_unit_test(a_log_that_has_begun_goes_on_with_few_voters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
