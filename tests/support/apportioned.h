/* SPDX-License-Identifier: Apache-2.0 */
/* Votes of lists as a profile: one candidate of each list is marked, as many stand as wanted. */
#ifndef SUPPORT_APPORTIONED_H
#define SUPPORT_APPORTIONED_H

#include "support/support.h"

#include "base/limits.h"
#include "count/count.h"

#define APPORTIONED_MOST 16u

struct apportioned {
	struct profile profile;
	struct count_result result;
	struct profile_list lists[APPORTIONED_MOST];
	uint16_t members[LIMIT_ANSWERS];
};

static inline void apportioned_make(struct apportioned *a, const uint32_t *votes, size_t lists,
                                    size_t each)
{
	static const char letters[] = "ABCDEFGHIJKLMNOP";
	struct error err;
	error_clear(&err);
	arena_release(test_arena(), 0);
	struct profile_room room = {lists * each, lists, lists, PROFILE_MARKS};
	assert_true(lists <= APPORTIONED_MOST);
	assert_ok(profile_init(&a->profile, room, test_arena(), &err), err);
	for (size_t i = 0; i < lists * each; i++) {
		a->members[i] = (uint16_t)i;
		a->profile.candidates[i].name = bytes_of(&letters[i / each], 1);
	}
	for (size_t i = 0; i < lists; i++) {
		a->lists[i] = (struct profile_list){.name = bytes_of(&letters[i], 1),
		                                    .members = a->members + i * each,
		                                    .members_count = each};
		if (votes[i] == 0)
			continue;
		assert_ok(profile_choice(&a->profile, i * each, &err), err);
		assert_ok(profile_close_paper(&a->profile, votes[i], &err), err);
	}
	a->profile.lists = a->lists;
	a->profile.lists_count = lists;
}

/* The lot is the order of the lists. */
static inline void apportioned_count(struct apportioned *a, const char *rule, uint32_t seats)
{
	struct error err;
	struct count_rule r;
	error_clear(&err);
	assert_ok(count_rule_read(&r, bytes_of_text(rule), &err), err);
	r.lot = a->members;
	r.lot_count = a->profile.candidates_count;
	a->profile.seats = seats;
	size_t before = arena_mark(test_arena());
	assert_ok(count_run(&a->result, &r, &a->profile, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) - before <= count_arena_bytes(&r, &a->profile));
	arena_release(test_arena(), before); /* what was counted stays until the next count */
}

static inline uint32_t apportioned_seats(const struct apportioned *a, size_t list)
{
	return (uint32_t)a->result.tables[0].cells[list * 4 + 3];
}

#endif
