/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Laws that every counting rule keeps, on random contests: what may not matter does not, and no
 * vote is lost.
 */
#include "property/contest.h"

#include "base/limits.h"
#include "count/blt.h"
#include "count/result_json.h"
#include "count/text_sink.h"

static struct contest contest, other;
static uint8_t room_a[1 << 20], room_b[1 << 20];

static bytes json_of(const struct count_result *r, uint8_t *room, size_t size)
{
	struct text_sink sink;
	struct error err;
	error_clear(&err);
	text_sink_init(&sink, room, size);
	assert_ok(result_json_write(&sink.sink, r, &err), err);
	return text_sink_bytes(&sink);
}

/* Two contests that mean the same have one result, or none. */
static void assert_same_result(const char *rule)
{
	struct profile p, q;
	struct count_result r, s;
	const enum profile_kind kind = contest_kind(rule);
	arena_release(test_arena(), 0);
	contest_build(&p, &contest, kind);
	contest_build(&q, &other, kind);
	const bool counted = contest_count(&r, &p, rule, contest.lot);
	assert_int_equal(contest_count(&s, &q, rule, contest.lot), counted);
	if (counted &&
	    !bytes_equal(json_of(&r, room_a, sizeof room_a), json_of(&s, room_b, sizeof room_b)))
		fail_msg("%s: %s\n%s", rule, (char *)room_a, (char *)room_b);
}

static void order_of_papers_is_irrelevant(void **state)
{
	(void)state;
	for (size_t k = 0; contest_rules[k]; k++)
		for (uint64_t n = contest_times(contest_rules[k], 150, 10000); n > 0; n--) {
			contest_draw(&contest);
			other = contest;
			for (size_t i = other.papers; i > 1; i--) {
				size_t j = (size_t)test_random_below(i);
				struct contest_paper t = other.paper[i - 1];
				other.paper[i - 1] = other.paper[j];
				other.paper[j] = t;
			}
			assert_same_result(contest_rules[k]);
		}
}

static void splitting_papers_is_irrelevant(void **state)
{
	(void)state;
	for (size_t k = 0; contest_rules[k]; k++)
		for (uint64_t n = contest_times(contest_rules[k], 150, 10000); n > 0; n--) {
			contest_draw(&contest);
			other = contest;
			for (size_t i = 0; i < contest.papers; i++) {
				if (contest.paper[i].count == 1)
					continue;
				uint32_t part = 1 + (uint32_t)test_random_below(contest.paper[i].count - 1);
				other.paper[other.papers] = other.paper[i];
				other.paper[other.papers++].count = part;
				other.paper[i].count -= part;
			}
			assert_same_result(contest_rules[k]);
		}
}

/* --- names --- */

static void rename_candidates(uint16_t *to)
{
	other = contest;
	for (size_t i = 0; i < contest.candidates; i++)
		to[i] = (uint16_t)i;
	contest_shuffle(to, contest.candidates);
	for (size_t i = 0; i < contest.candidates; i++) {
		other.withdrawn[to[i]] = contest.withdrawn[i];
		other.lot[i] = to[contest.lot[i]];
	}
	for (size_t i = 0; i < contest.papers; i++)
		for (size_t j = 0; j < contest.candidates; j++)
			other.paper[i].choices[j] = to[contest.paper[i].choices[j]];
}

static void assert_renamed(const struct count_result *r, const struct count_result *s,
                           const uint16_t *to)
{
	assert_int_equal(r->stages_count, s->stages_count);
	assert_int_equal(r->elected_count, s->elected_count);
	assert_int_equal(r->lots_count, s->lots_count);
	for (size_t i = 0; i < r->stages_count; i++) {
		const struct count_stage *x = &r->stages[i], *y = &s->stages[i];
		assert_true(x->nontransferable == y->nontransferable && x->truncated == y->truncated);
		assert_int_equal(x->tie, y->tie);
		for (size_t j = 0; j < r->profile->candidates_count; j++) {
			assert_true(x->tallies[j] == y->tallies[to[j]]);
			assert_int_equal(x->status[j], y->status[to[j]]);
		}
	}
	for (size_t j = 0; r->places && j < r->profile->candidates_count; j++)
		assert_int_equal(r->places[j], s->places[to[j]]);
}

/* Stage by stage, without a lot where none is needed, and with the lot renamed as well. */
static void renaming_candidates_renames_the_result(void **state)
{
	(void)state;
	for (size_t k = 0; contest_rules[k]; k++) {
		const char *rule = contest_rules[k];
		uint64_t with = 0, without = 0;
		for (uint64_t n = contest_times(contest_rules[k], 300, 10000); n > 0; n--) {
			struct profile p, q;
			struct count_result r, s;
			uint16_t to[CONTEST_CANDIDATES];
			contest_draw(&contest);
			rename_candidates(to);
			arena_release(test_arena(), 0);
			contest_build(&p, &contest, contest_kind(rule));
			contest_build(&q, &other, contest_kind(rule));
			const bool decided = contest_count(&r, &p, rule, NULL);
			assert_int_equal(contest_count(&s, &q, rule, NULL), decided);
			if (decided)
				assert_renamed(&r, &s, to);
			const bool counted = contest_count(&r, &p, rule, contest.lot);
			assert_int_equal(contest_count(&s, &q, rule, other.lot), counted);
			if (!counted)
				continue;
			assert_renamed(&r, &s, to);
			assert_int_equal(r.lots_count == 0, decided);
			*(decided ? &without : &with) += 1;
		}
		if (without == 0)
			fail_msg("%s never decided anything without a lot", rule);
		if (with == 0)
			print_message("%s: no lot was ever needed\n", rule);
	}
}

/* --- sums --- */

static void no_vote_is_lost_at_any_stage(void **state)
{
	(void)state;
	for (size_t k = 0; contest_rules[k]; k++)
		for (uint64_t n = contest_times(contest_rules[k], 300, 10000); n > 0; n--) {
			struct profile p;
			struct count_result r;
			arena_release(test_arena(), 0);
			contest_draw(&contest);
			contest_build(&p, &contest, contest_kind(contest_rules[k]));
			if (!contest_count(&r, &p, contest_rules[k], contest.lot))
				continue;
			assert_int_equal(r.valid + r.blank, p.ballots_count);
			for (size_t i = 0; r.rule.method->conserves && i < r.stages_count; i++) {
				const struct count_stage *s = &r.stages[i];
				units sum = s->nontransferable + s->truncated;
				for (size_t j = 0; j < p.candidates_count; j++)
					sum += s->tallies[j];
				if (sum != r.valid * r.form.one)
					fail_msg("%s: votes are lost or made at stage %zu", contest_rules[k], i + 1);
			}
		}
}

static void seats_are_filled_and_the_last_stage_decides_all(void **state)
{
	(void)state;
	for (size_t k = 0; contest_rules[k]; k++)
		for (uint64_t n = contest_times(contest_rules[k], 300, 10000); n > 0; n--) {
			struct profile p;
			struct count_result r;
			size_t standing = 0, elected = 0;
			arena_release(test_arena(), 0);
			contest_draw(&contest);
			contest_build(&p, &contest, contest_kind(contest_rules[k]));
			for (size_t i = 0; i < p.candidates_count; i++)
				standing += !p.candidates[i].withdrawn;
			if (!contest_count(&r, &p, contest_rules[k], contest.lot))
				continue;
			const struct count_stage *last = &r.stages[r.stages_count - 1];
			assert_int_equal(last->action, COUNT_END);
			assert_int_equal(r.elected_count, standing < p.seats ? standing : p.seats);
			for (size_t i = 0; i < p.candidates_count; i++) {
				elected += last->status[i] == COUNT_ELECTED;
				assert_true(last->status[i] != COUNT_HOPEFUL && last->status[i] != COUNT_PENDING);
				assert_int_equal(last->status[i] == COUNT_WITHDRAWN, p.candidates[i].withdrawn);
			}
			assert_int_equal(elected, r.elected_count);
			for (size_t i = 0; i < r.elected_count; i++)
				assert_int_equal(last->status[r.elected[i].candidate], COUNT_ELECTED);
		}
}

static void profile_written_and_read_is_counted_alike(void **state)
{
	(void)state;
	static uint8_t file[1 << 17];
	struct error err;
	error_clear(&err);
	for (uint64_t n = TEST_COUNT(300, 30000); n > 0; n--) {
		struct profile p, q;
		struct text_sink sink;
		struct count_result r, s;
		arena_release(test_arena(), 0);
		contest_draw(&contest);
		contest_build(&p, &contest, PROFILE_RANKING);
		if (p.ballots_count > LIMIT_BALLOTS) /* no file has so many */
			continue;
		text_sink_init(&sink, file, sizeof file);
		assert_ok(blt_write(&sink.sink, &p, &err), err);
		assert_ok(blt_read(&q, text_sink_bytes(&sink), test_arena(), &err), err);
		assert_true(contest_count(&r, &p, "scotland", contest.lot) &&
		            contest_count(&s, &q, "scotland", contest.lot));
		assert_true(
			bytes_equal(json_of(&r, room_a, sizeof room_a), json_of(&s, room_b, sizeof room_b)));
	}
}

/* So that a new method cannot be forgotten here. */
static void every_method_is_tried(void **state)
{
	(void)state;
	for (size_t i = 0; count_methods[i]; i++) {
		bool tried = false;
		const size_t len = strlen(count_methods[i]->name);
		for (size_t k = 0; contest_rules[k]; k++)
			tried = tried || strcmp(count_methods[i]->name, "party-list") == 0 ||
			        (strncmp(contest_rules[k], count_methods[i]->name, len) == 0 &&
			         (contest_rules[k][len] == '\0' || contest_rules[k][len] == ':'));
		if (!tried)
			fail_msg("%s is not among contest_rules", count_methods[i]->name);
	}
}

int main(void)
{
	test_random_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_method_is_tried),
		cmocka_unit_test(order_of_papers_is_irrelevant),
		cmocka_unit_test(splitting_papers_is_irrelevant),
		cmocka_unit_test(renaming_candidates_renames_the_result),
		cmocka_unit_test(no_vote_is_lost_at_any_stage),
		cmocka_unit_test(seats_are_filled_and_the_last_stage_decides_all),
		cmocka_unit_test(profile_written_and_read_is_counted_alike),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
