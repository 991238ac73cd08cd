/* SPDX-License-Identifier: Apache-2.0 */
/* Laws of apportionment on random votes. */
#include "support/apportioned.h"

#include "count/result_json.h"
#include "count/text_sink.h"

#include <stdio.h>

#define LISTS 6u
#define EACH 12u

static struct error err;
static struct apportioned a, b;
static uint32_t votes[LISTS];
static size_t lists;

static const char *const divisors[] = {"dhondt",         "sainte-lague", "modified-sainte-lague",
                                       "imperiali",      "danish",       "adams",
                                       "huntington-hill"};
static const char *const all[] = {"dhondt",    "sainte-lague",    "modified-sainte-lague",
                                  "imperiali", "danish",          "adams",
                                  "hamilton",  "huntington-hill", "droop-remainder"};
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* Small numbers make ties, large ones do not. */
static void draw(void)
{
	static const uint64_t most[] = {3, 20, 1000, 5000000};
	uint64_t bound = most[test_random_below(4)];
	lists = 1 + (size_t)test_random_below(LISTS);
	for (size_t i = 0; i < lists; i++)
		votes[i] = (uint32_t)test_random_below(bound);
	apportioned_make(&a, votes, lists, EACH);
}

static const char *rule_of(const char *method)
{
	static char room[64];
	snprintf(room, sizeof room, "party-list:method=%s", method);
	return room;
}

static void one_more_seat_takes_none_from_a_list_by_divisors(void **state)
{
	(void)state;
	for (uint64_t n = TEST_COUNT(100, 10000); n > 0; n--) {
		draw();
		for (size_t k = 0; k < COUNT_OF(divisors); k++) {
			uint32_t before[LISTS] = {0};
			for (uint32_t seats = 1; seats <= 12; seats++) {
				uint32_t sum = 0;
				apportioned_count(&a, rule_of(divisors[k]), seats);
				for (size_t i = 0; i < lists; i++) {
					uint32_t now = apportioned_seats(&a, i);
					assert_true(now >= before[i]);
					sum += before[i] = now;
				}
				assert_int_equal(sum, a.result.elected_count);
				assert_true(sum == seats || sum == 0 || sum % EACH == 0);
			}
		}
	}
}

/* With candidates enough: rounded down or up, never further from the quota. */
static void hamilton_stays_within_the_quota(void **state)
{
	(void)state;
	for (uint64_t n = TEST_COUNT(1000, 100000); n > 0; n--) {
		uint64_t sum = 0, seats = 1 + test_random_below(EACH);
		draw();
		apportioned_count(&a, "party-list:method=hamilton", (uint32_t)seats);
		for (size_t i = 0; i < lists; i++)
			sum += votes[i];
		for (size_t i = 0; sum > 0 && i < lists; i++) {
			uint64_t got = apportioned_seats(&a, i);
			assert_true(got >= votes[i] * seats / sum);
			assert_true(got <= (votes[i] * seats + sum - 1) / sum);
		}
	}
}

static void more_votes_never_have_fewer_seats(void **state)
{
	(void)state;
	for (uint64_t n = TEST_COUNT(500, 50000); n > 0; n--) {
		draw();
		for (size_t k = 0; k < COUNT_OF(all); k++) {
			apportioned_count(&a, rule_of(all[k]), 1 + (uint32_t)test_random_below(EACH));
			for (size_t i = 0; i < lists; i++)
				for (size_t j = 0; j < lists; j++)
					assert_true(votes[i] <= votes[j] ||
					            apportioned_seats(&a, i) >= apportioned_seats(&a, j));
		}
	}
}

/* More than half of the votes are at least half of the seats, rounded down, by dhondt. */
static void dhondt_gives_a_majority_of_votes_half_of_the_seats(void **state)
{
	(void)state;
	for (uint64_t n = TEST_COUNT(500, 50000); n > 0; n--) {
		uint64_t sum = 0, seats = 1 + test_random_below(EACH);
		draw();
		apportioned_count(&a, "party-list", (uint32_t)seats);
		for (size_t i = 0; i < lists; i++)
			sum += votes[i];
		for (size_t i = 0; i < lists; i++)
			assert_true(2 * (uint64_t)votes[i] <= sum || apportioned_seats(&a, i) >= seats / 2);
	}
}

/* --- what may not matter --- */

#define CANDIDATES 8u

struct paper {
	uint32_t count;
	size_t marks;
	uint16_t mark[CANDIDATES];
};

static void shuffle(uint16_t *x, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t j = (size_t)test_random_below(i);
		uint16_t t = x[i - 1];
		x[i - 1] = x[j];
		x[j] = t;
	}
}

/* Three lists of 3, 3 and 2; candidate i is called to[i]. */
static void build(struct apportioned *x, const struct paper *papers, size_t count,
                  const uint16_t *to)
{
	static const char letters[] = "STUVWXYZ";
	assert_ok(
		profile_init(&x->profile,
	                 (struct profile_room){CANDIDATES, count, count * CANDIDATES, PROFILE_MARKS},
	                 test_arena(), &err),
		err);
	for (size_t i = 0; i < CANDIDATES; i++) {
		x->profile.candidates[to[i]].name = bytes_of(&letters[i], 1);
		x->members[i] = to[i];
	}
	for (size_t i = 0; i < 3; i++)
		x->lists[i] = (struct profile_list){.name = bytes_of(&"ABC"[i], 1),
		                                    .members = x->members + 3 * i,
		                                    .members_count = i < 2 ? 3 : 2};
	x->profile.lists = x->lists;
	x->profile.lists_count = 3;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < papers[i].marks; j++)
			assert_ok(profile_choice(&x->profile, to[papers[i].mark[j]], &err), err);
		assert_ok(profile_close_paper(&x->profile, papers[i].count, &err), err);
	}
}

static bool count_it(struct apportioned *x, const char *rule, uint32_t seats, const uint16_t *lot)
{
	struct count_rule r;
	assert_ok(count_rule_read(&r, bytes_of_text(rule), &err), err);
	r.lot = lot;
	r.lot_count = lot ? CANDIDATES : 0;
	x->profile.seats = seats;
	if (count_run(&x->result, &r, &x->profile, test_arena(), &err))
		return true;
	if (lot || err.kind != ERROR_REJECTED)
		fail_msg("%s: %s (%s)", rule, err.what, err.detail);
	return false;
}

static void assert_same(const uint16_t *to)
{
	assert_int_equal(a.result.stages_count, b.result.stages_count);
	assert_int_equal(a.result.elected_count, b.result.elected_count);
	assert_int_equal(a.result.lots_count, b.result.lots_count);
	for (size_t i = 0; i < a.result.stages_count; i++)
		for (size_t j = 0; j < CANDIDATES; j++) {
			assert_int_equal(a.result.stages[i].status[j], b.result.stages[i].status[to[j]]);
			assert_int_equal(a.result.stages[i].tie, b.result.stages[i].tie);
		}
}

static void draw_papers(struct paper *papers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		papers[i].count = 1 + (uint32_t)test_random_below(3);
		papers[i].marks = (size_t)test_random_below(3);
		for (size_t j = 0; j < CANDIDATES; j++)
			papers[i].mark[j] = (uint16_t)j;
		shuffle(papers[i].mark, CANDIDATES);
	}
}

static void names_and_order_of_papers_are_irrelevant(void **state)
{
	(void)state;
	size_t with = 0, without = 0;
	for (uint64_t n = TEST_COUNT(500, 50000); n > 0; n--) {
		struct paper papers[12], other[12];
		uint16_t same[CANDIDATES], to[CANDIDATES], lot[CANDIDATES], renamed[CANDIDATES];
		char rule[120];
		size_t count = 1 + (size_t)test_random_below(12);
		uint32_t seats = 1 + (uint32_t)test_random_below(CANDIDATES);
		for (size_t i = 0; i < CANDIDATES; i++)
			same[i] = to[i] = lot[i] = (uint16_t)i;
		shuffle(to, CANDIDATES);
		shuffle(lot, CANDIDATES);
		for (size_t i = 0; i < CANDIDATES; i++)
			renamed[i] = to[lot[i]];
		draw_papers(papers, count);
		for (size_t i = 0; i < count; i++)
			other[i] = papers[count - 1 - i];
		snprintf(rule, sizeof rule, "party-list:method=%s,lists=open,panachage=%s",
		         all[test_random_below(COUNT_OF(all))], test_random_below(2) ? "on" : "off");
		arena_release(test_arena(), 0);
		build(&a, papers, count, same);
		build(&b, other, count, to);
		bool decided = count_it(&a, rule, seats, NULL);
		assert_int_equal(count_it(&b, rule, seats, NULL), decided);
		*(decided ? &without : &with) += 1;
		if (decided)
			assert_same(to);
		assert_true(count_it(&a, rule, seats, lot) && count_it(&b, rule, seats, renamed));
		assert_same(to);
		assert_int_equal(a.result.lots_count == 0, decided);
		assert_int_equal(a.result.valid + a.result.blank, a.profile.ballots_count);
	}
	assert_true(with > 0 && without > 0);
}

/* A ballot split over two papers is the same election, to the byte of its result. */
static void splitting_papers_is_irrelevant(void **state)
{
	(void)state;
	static uint8_t room_a[1 << 14], room_b[1 << 14];
	for (uint64_t n = TEST_COUNT(300, 30000); n > 0; n--) {
		struct paper papers[12];
		uint16_t same[CANDIDATES];
		size_t count = 1 + (size_t)test_random_below(6);
		uint32_t seats = 1 + (uint32_t)test_random_below(CANDIDATES);
		struct text_sink x, y;
		for (size_t i = 0; i < CANDIDATES; i++)
			same[i] = (uint16_t)i;
		draw_papers(papers, count);
		arena_release(test_arena(), 0);
		for (size_t i = 0; i < count; i++) {
			papers[count + i] = papers[i];
			papers[i].count += papers[count + i].count;
		}
		build(&a, papers, count, same);
		for (size_t i = 0; i < count; i++)
			papers[i].count -= papers[count + i].count;
		build(&b, papers, 2 * count, same);
		const char *rule = rule_of(all[test_random_below(COUNT_OF(all))]);
		assert_true(count_it(&a, rule, seats, same) && count_it(&b, rule, seats, same));
		text_sink_init(&x, room_a, sizeof room_a);
		text_sink_init(&y, room_b, sizeof room_b);
		assert_ok(result_json_write(&x.sink, &a.result, &err), err);
		assert_ok(result_json_write(&y.sink, &b.result, &err), err);
		assert_true(bytes_equal(text_sink_bytes(&x), text_sink_bytes(&y)));
	}
}

int main(void)
{
	test_random_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_more_seat_takes_none_from_a_list_by_divisors),
		cmocka_unit_test(hamilton_stays_within_the_quota),
		cmocka_unit_test(more_votes_never_have_fewer_seats),
		cmocka_unit_test(dhondt_gives_a_majority_of_votes_half_of_the_seats),
		cmocka_unit_test(names_and_order_of_papers_are_irrelevant),
		cmocka_unit_test(splitting_papers_is_irrelevant),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
