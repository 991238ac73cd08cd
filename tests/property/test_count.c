/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Laws of counting on random profiles: what may not matter does not, and no vote is lost.
 */
#include "support/support.h"

#include "base/limits.h"
#include "count/blt.h"
#include "count/count.h"
#include "count/result_json.h"
#include "count/text_sink.h"

#define CANDIDATES_MAX 12u
#define PAPERS_MAX 300u

static struct error err;
static const char *const rules[] = {"scotland", "plurality-at-large"};
static bytes names[CANDIDATES_MAX];
static uint16_t lot[CANDIDATES_MAX];

struct paper {
	uint32_t count;
	size_t length;
	uint16_t choices[CANDIDATES_MAX];
};

struct contest {
	size_t candidates, papers;
	uint32_t seats;
	bool withdrawn[CANDIDATES_MAX];
	struct paper paper[PAPERS_MAX * 2];
};

static void shuffle(uint16_t *a, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t j = (size_t)test_random_below(i);
		uint16_t t = a[i - 1];
		a[i - 1] = a[j];
		a[j] = t;
	}
}

/* Small counts and few papers make ties frequent; large ones make long fractions, and weights sums
 * beyond 32 bits. */
static void draw(struct contest *c)
{
	c->candidates = 1 + (size_t)test_random_below(CANDIDATES_MAX);
	c->seats = 1 + (uint32_t)test_random_below(5);
	c->papers = 1 + (size_t)test_random_below(test_random_below(2) ? 8 : PAPERS_MAX);
	static const uint64_t counts[] = {3, 3, 100000, LIMIT_WEIGHT};
	uint64_t most = counts[test_random_below(4)];
	for (size_t i = 0; i < CANDIDATES_MAX; i++) {
		c->withdrawn[i] = test_random_below(10) == 0;
		lot[i] = (uint16_t)i;
	}
	for (size_t i = 0; i < c->papers; i++) {
		struct paper *p = &c->paper[i];
		p->count = 1 + (uint32_t)test_random_below(most);
		p->length = (size_t)test_random_below(c->candidates + 1);
		for (size_t j = 0; j < c->candidates; j++)
			p->choices[j] = (uint16_t)j;
		shuffle(p->choices, c->candidates);
	}
	shuffle(lot, c->candidates);
}

static void build(struct profile *p, const struct contest *c)
{
	struct profile_room room = {c->candidates, c->papers, c->papers * c->candidates,
	                            PROFILE_RANKING};
	assert_ok(profile_init(p, room, test_arena(), &err), err);
	p->seats = c->seats;
	p->ballots_max = PROFILE_WEIGHT_MAX;
	for (size_t i = 0; i < c->candidates; i++)
		p->candidates[i] = (struct candidate){names[i], c->withdrawn[i]};
	for (size_t i = 0; i < c->papers; i++) {
		for (size_t j = 0; j < c->paper[i].length; j++)
			assert_ok(profile_choice(p, c->paper[i].choices[j], &err), err);
		assert_ok(profile_close_paper(p, c->paper[i].count, &err), err);
	}
}

/* false: the count asked for a lot and had none. */
static bool count(struct count_result *r, const struct profile *p, const char *name,
                  const uint16_t *order)
{
	struct count_rule rule;
	assert_ok(count_rule_read(&rule, bytes_of_text(name), &err), err);
	rule.lot = order;
	rule.lot_count = order ? p->candidates_count : 0;
	if (count_run(r, &rule, p, test_arena(), &err))
		return true;
	if (order || err.kind != ERROR_REJECTED)
		fail_msg("%s: %s (%s)", name, err.what, err.detail);
	return false;
}

static bytes json_of(const struct count_result *r, uint8_t *room, size_t size)
{
	struct text_sink sink;
	text_sink_init(&sink, room, size);
	assert_ok(result_json_write(&sink.sink, r, &err), err);
	return text_sink_bytes(&sink);
}

static uint8_t room_a[1 << 16], room_b[1 << 16];

static void assert_same_result(const struct profile *p, const struct profile *q, const char *rule)
{
	struct count_result r, s;
	assert_true(count(&r, p, rule, lot));
	assert_true(count(&s, q, rule, lot));
	assert_true(
		bytes_equal(json_of(&r, room_a, sizeof room_a), json_of(&s, room_b, sizeof room_b)));
}

static struct contest contest, other;

static void order_of_papers_is_irrelevant(void **state)
{
	(void)state;
	for (uint64_t n = TEST_COUNT(300, 30000); n > 0; n--) {
		struct profile p, q;
		arena_release(test_arena(), 0);
		draw(&contest);
		other = contest;
		for (size_t i = other.papers; i > 1; i--) {
			size_t j = (size_t)test_random_below(i);
			struct paper t = other.paper[i - 1];
			other.paper[i - 1] = other.paper[j];
			other.paper[j] = t;
		}
		build(&p, &contest);
		build(&q, &other);
		for (size_t i = 0; i < 2; i++)
			assert_same_result(&p, &q, rules[i]);
	}
}

static void splitting_papers_is_irrelevant(void **state)
{
	(void)state;
	for (uint64_t n = TEST_COUNT(300, 30000); n > 0; n--) {
		struct profile p, q;
		arena_release(test_arena(), 0);
		draw(&contest);
		other = contest;
		for (size_t i = 0; i < contest.papers; i++) {
			if (contest.paper[i].count == 1)
				continue;
			uint32_t part = 1 + (uint32_t)test_random_below(contest.paper[i].count - 1);
			other.paper[other.papers] = other.paper[i];
			other.paper[other.papers++].count = part;
			other.paper[i].count -= part;
		}
		build(&p, &contest);
		build(&q, &other);
		for (size_t i = 0; i < 2; i++)
			assert_same_result(&p, &q, rules[i]);
	}
}

static void assert_renamed(const struct count_result *r, const struct count_result *s,
                           const uint16_t *to)
{
	assert_int_equal(r->stages_count, s->stages_count);
	assert_int_equal(r->elected_count, s->elected_count);
	assert_int_equal(r->lots_count, s->lots_count);
	for (size_t i = 0; i < r->stages_count; i++) {
		const struct count_stage *x = &r->stages[i], *y = &s->stages[i];
		assert_int_equal(x->nontransferable, y->nontransferable);
		assert_int_equal(x->tie, y->tie);
		for (size_t j = 0; j < r->profile->candidates_count; j++) {
			assert_int_equal(x->tallies[j], y->tallies[to[j]]);
			assert_int_equal(x->status[j], y->status[to[j]]);
		}
	}
}

/* Stage by stage, without a lot where none is needed, and with the lot renamed as well. */
static void renaming_candidates_renames_the_result(void **state)
{
	(void)state;
	uint64_t with = 0, without = 0;
	for (uint64_t n = TEST_COUNT(1000, 100000); n > 0; n--) {
		struct profile p, q;
		uint16_t to[CANDIDATES_MAX], renamed_lot[CANDIDATES_MAX];
		arena_release(test_arena(), 0);
		draw(&contest);
		other = contest;
		for (size_t i = 0; i < contest.candidates; i++)
			to[i] = (uint16_t)i;
		shuffle(to, contest.candidates);
		for (size_t i = 0; i < contest.candidates; i++)
			other.withdrawn[to[i]] = contest.withdrawn[i];
		for (size_t i = 0; i < contest.papers; i++)
			for (size_t j = 0; j < contest.candidates; j++)
				other.paper[i].choices[j] = to[contest.paper[i].choices[j]];
		build(&p, &contest);
		build(&q, &other);
		for (size_t i = 0; i < contest.candidates; i++)
			renamed_lot[i] = to[lot[i]];
		for (size_t k = 0; k < 2; k++) {
			struct count_result r, s;
			bool decided = count(&r, &p, rules[k], NULL);
			assert_int_equal(count(&s, &q, rules[k], NULL), decided);
			if (decided)
				assert_renamed(&r, &s, to);
			*(decided ? &without : &with) += 1;
			assert_true(count(&r, &p, rules[k], lot) && count(&s, &q, rules[k], renamed_lot));
			assert_renamed(&r, &s, to);
			assert_int_equal(r.lots_count == 0, decided);
		}
	}
	assert_true(with > 0 && without > 0);
}

static void no_vote_is_lost_at_any_stage(void **state)
{
	(void)state;
	for (uint64_t n = TEST_COUNT(1000, 100000); n > 0; n--) {
		struct profile p;
		struct count_result r;
		arena_release(test_arena(), 0);
		draw(&contest);
		build(&p, &contest);
		assert_true(count(&r, &p, "scotland", lot));
		assert_int_equal(r.valid + r.blank, p.ballots_count);
		for (size_t i = 0; i < r.stages_count; i++) {
			const struct count_stage *s = &r.stages[i];
			units sum = s->nontransferable + s->truncated;
			for (size_t j = 0; j < p.candidates_count; j++)
				sum += s->tallies[j];
			assert_int_equal(sum, r.valid * 100000);
			/* Cutting loses less than one unit a ballot and transferred surplus. */
			assert_true(s->truncated <= r.valid * i);
			assert_true(i == 0 || s->truncated >= s[-1].truncated);
			assert_true(i == 0 || s->nontransferable >= s[-1].nontransferable);
		}
	}
}

static void seats_are_filled_and_nobody_changes_back(void **state)
{
	(void)state;
	for (uint64_t n = TEST_COUNT(1000, 100000); n > 0; n--) {
		struct profile p;
		arena_release(test_arena(), 0);
		draw(&contest);
		build(&p, &contest);
		size_t standing = 0;
		for (size_t i = 0; i < p.candidates_count; i++)
			standing += !p.candidates[i].withdrawn;
		for (size_t k = 0; k < 2; k++) {
			struct count_result r;
			assert_true(count(&r, &p, rules[k], lot));
			assert_int_equal(r.elected_count, standing < p.seats ? standing : p.seats);
			for (size_t j = 0; j < p.candidates_count; j++)
				for (size_t i = 1; i < r.stages_count; i++) {
					enum count_status was = r.stages[i - 1].status[j], is = r.stages[i].status[j];
					assert_true(was == is || was == COUNT_HOPEFUL ||
					            (was == COUNT_PENDING && is == COUNT_ELECTED));
				}
			for (size_t i = 0; i < r.elected_count; i++)
				assert_int_equal(r.stages[r.stages_count - 1].status[r.elected[i].candidate],
				                 COUNT_ELECTED);
		}
	}
}

static void profile_written_and_read_is_counted_alike(void **state)
{
	(void)state;
	static uint8_t file[1 << 17];
	for (uint64_t n = TEST_COUNT(300, 30000); n > 0; n--) {
		struct profile p, q;
		struct text_sink sink;
		arena_release(test_arena(), 0);
		draw(&contest);
		build(&p, &contest);
		if (p.ballots_count > LIMIT_BALLOTS) /* no file has so many */
			continue;
		text_sink_init(&sink, file, sizeof file);
		assert_ok(blt_write(&sink.sink, &p, &err), err);
		assert_ok(blt_read(&q, text_sink_bytes(&sink), test_arena(), &err), err);
		for (size_t i = 0; i < 2; i++)
			assert_same_result(&p, &q, rules[i]);
	}
}

int main(void)
{
	static char letters[CANDIDATES_MAX];
	for (size_t i = 0; i < CANDIDATES_MAX; i++) {
		letters[i] = (char)('A' + i);
		names[i] = bytes_of(&letters[i], 1);
	}
	test_random_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_of_papers_is_irrelevant),
		cmocka_unit_test(splitting_papers_is_irrelevant),
		cmocka_unit_test(renaming_candidates_renames_the_result),
		cmocka_unit_test(no_vote_is_lost_at_any_stage),
		cmocka_unit_test(seats_are_filled_and_nobody_changes_back),
		cmocka_unit_test(profile_written_and_read_is_counted_alike),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
