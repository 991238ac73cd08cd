/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kind of alteration that we could think of, each in a record in which all else fits: both
 * verifiers refuse it, by the same checks, and first by the one that is meant to catch it.
 *
 * Skipped where there is no node, or web/verifier has no noble/ (npm ci).
 */
#include "support/support.h"

#include "differential/kinds_box.h"
#include "differential/kinds_ceremony.h"
#include "differential/kinds_credentials.h"
#include "differential/kinds_lists.h"
#include "differential/kinds_manifest.h"
#include "differential/kinds_tally.h"

#define KINDS_MIN 200u

static const struct tally_plan tally_of_four = {.mixers = "13", .active = "124"};
static const struct tally_plan tally_of_two = {.mixers = "2", .active = "12"};
static struct kept_files begun, whole;

static void four_deal(struct urn *of)
{
	static struct script s;
	script_begin(&s, of, 1);
	s.accuses[1][0] = true;
	script_play(&s);
}

static void begin_world(const struct urn_plan *plan)
{
	begin_comparing();
	urn_begin(&u, plan);
	keep(&begun, &u);
}

/* The record as it is without an alteration; and that nothing is wrong with it. */
static void make_whole(const struct tally_plan *plan)
{
	const struct record_anchor anchor = {.kind = ANCHOR_ELECTION, .eid = u.key.eid};
	box_tally = plan;
	box_begin();
	box_end();
	keep(&whole, &u);
	compare_with("nothing", &anchor, NULL);
	if (strcmp(cases[0].ours, "verified\t") != 0)
		fail_msg("without any alteration: %s", cases[0].ours);
}

static void end_world(void)
{
	forget_kept(&begun);
	ask_the_other();
	urn_end(&u);
}

static const struct urn_plan server = {.mode = BALLOT_SERVER,
                                       .weight_max = 1,
                                       .parties = 4,
                                       .threshold = 2,
                                       .choose = choose_in_turn,
                                       .ceremony = four_deal};
static const struct urn_plan credentials = {.mode = BALLOT_CREDENTIALS,
                                            .weight_max = 3,
                                            .areas = true,
                                            .witnesses = 4,
                                            .parties = 2,
                                            .threshold = 1,
                                            .choose = choose_in_turn};

static void altered_tallies_are_refused(void **state)
{
	(void)state;
	begin_world(&server);
	make_whole(&tally_of_four);
	TRY_KINDS(of_shuffles, &whole);
	TRY_KINDS(of_decryption, &whole);
	TRY_KINDS(of_results, &whole);
	TRY_KINDS(of_tails, &whole);
	try_anchors();
	forget_kept(&whole);
	end_world();
}

static void altered_logs_are_refused(void **state)
{
	(void)state;
	begin_world(&server);
	make_whole(&tally_of_four);
	TRY_KINDS(of_names, &whole);
	TRY_KINDS(of_entries, &whole);
	forget_kept(&whole);
	end_world();
}

static void altered_manifests_notes_and_credentials_are_refused(void **state)
{
	(void)state;
	begin_world(&credentials);
	make_whole(&tally_of_two);
	TRY_KINDS(of_manifests, &whole);
	TRY_KINDS(of_notes, &whole);
	TRY_KINDS(of_credentials, &whole);
	forget_kept(&whole);
	end_world();
}

static void wrong_ballots_are_refused(void **state)
{
	(void)state;
	begin_world(&server);
	box_tally = &tally_of_four;
	TRY_KINDS(of_ballots, &begun);
	TRY_KINDS(of_server_ballots, &begun);
	TRY_KINDS(of_audits, &begun);
	end_world();
}

static void wrong_signed_ballots_are_refused(void **state)
{
	(void)state;
	begin_world(&credentials);
	box_tally = &tally_of_two;
	TRY_KINDS(of_signed_ballots, &begun);
	TRY_KINDS(of_revoked_lists, &begun);
	end_world();
}

static void wrong_lists_are_refused(void **state)
{
	static const struct tally_plan no_result = {.mixers = "12", .active = "12", .no_result = true};
	static const struct tally_plan two = {.mixers = "12", .active = "123"};
	struct urn_plan plan = server;
	(void)state;
	plan.ceremony = NULL;
	plan.parties = 3;
	begin_world(&plan);
	make_partly_empty(&two);
	keep(&whole, &u);
	TRY_KINDS(of_empty_lists, &whole);
	forget_kept(&whole);
	restore(&begun, &u);
	box_tally = &two;
	TRY_KINDS(of_lists, &begun);
	end_world();
	plan.min_list = 6;
	begin_world(&plan);
	TRY_KINDS(of_small_lists, &begun);
	end_world();
	plan.min_list = 0;
	plan.questions = without_lots;
	box_tally = &no_result;
	begin_world(&plan);
	TRY_KINDS(of_ties, &begun);
	end_world();
}

static void wrong_ceremonies_are_refused(void **state)
{
	struct urn_plan plan = server;
	struct kept_files manifest;
	(void)state;
	for (plan.threshold = 2; plan.threshold <= 3; plan.threshold++) {
		struct error e;
		begin_comparing();
		urn_begin(&u, &plan);
		error_clear(&e);
		keep(&begun, &u);
		for (size_t i = 0; i < begun.files.count; i++)
			if (strcmp(begun.files.file[i].path, "manifest.json") != 0)
				assert_ok(u.record->remove(u.record, begun.files.file[i].path, &e), e);
		keep(&manifest, &u);
		if (plan.threshold == 2)
			TRY_KINDS(of_parted_ceremonies, &manifest);
		else
			TRY_KINDS(of_ceremonies, &manifest);
		forget_kept(&manifest);
		end_world();
	}
}

static void there_are_two_hundred_kinds(void **state)
{
	(void)state;
	print_message("kinds of altered record: %zu, tried: %zu\n", kinds_count, kinds_tried);
	assert_true(kinds_tried >= KINDS_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(altered_manifests_notes_and_credentials_are_refused),
		cmocka_unit_test(wrong_ceremonies_are_refused),
		cmocka_unit_test(altered_logs_are_refused),
		cmocka_unit_test(wrong_ballots_are_refused),
		cmocka_unit_test(wrong_signed_ballots_are_refused),
		cmocka_unit_test(wrong_lists_are_refused),
		cmocka_unit_test(altered_tallies_are_refused),
		cmocka_unit_test(there_are_two_hundred_kinds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
