/* SPDX-License-Identifier: Apache-2.0 */
#include "count/profile.h"

#include "count/utf8_internal.h"

/* starts[] and seen[] are 32 bits wide; profile_init holds papers and choices below that. */
_Static_assert(LIMIT_WEIGHT < UINT32_MAX, "a paper's count has 32 bits");
_Static_assert(PROFILE_WEIGHT_MAX < INT64_MAX, "sums of weights have 63 bits");
_Static_assert(LIMIT_ANSWERS < PROFILE_REPEATED, "a candidate has 16 bits");

bool profile_init(struct profile *p, struct profile_room room, struct arena *a, struct error *err)
{
	*p = (struct profile){0};
	if (room.candidates == 0)
		return fail(err, ERROR_MALFORMED, "profile: no candidates", ERROR_NOWHERE);
	if (room.candidates > LIMIT_ANSWERS)
		return fail(err, ERROR_LIMIT, "profile: too many candidates (LIMIT_ANSWERS)",
		            room.candidates);
	if (room.papers >= UINT32_MAX || room.choices >= UINT32_MAX)
		return fail(err, ERROR_LIMIT, "profile: too many papers, or choices on them", room.papers);
	size_t mark = arena_mark(a);
	p->candidates = arena_take_array(a, room.candidates, struct candidate, err);
	p->seen = p->candidates ? arena_take_array(a, room.candidates, uint32_t, err) : NULL;
	p->counts = p->seen ? arena_take_array(a, room.papers + 1, uint32_t, err) : NULL;
	p->starts = p->counts ? arena_take_array(a, room.papers + 2, uint32_t, err) : NULL;
	p->choices = p->starts ? arena_take_array(a, room.choices + 1, uint16_t, err) : NULL;
	bool valued = room.kind == PROFILE_RANKS || room.kind == PROFILE_SCORES;
	if (p->choices && valued)
		p->values = arena_take_array(a, room.choices + 1, uint32_t, err);
	if (!p->choices || (valued && !p->values)) {
		arena_release(a, mark);
		return fail_within(err, "profile");
	}
	p->kind = room.kind;
	p->candidates_count = room.candidates;
	p->papers_room = room.papers;
	p->choices_room = room.choices;
	p->seats = 1;
	p->ballots_max = LIMIT_BALLOTS;
	p->starts[0] = 0;
	for (size_t i = 0; i < room.candidates; i++) {
		p->candidates[i] = (struct candidate){BYTES_NONE, false};
		p->seen[i] = 0;
	}
	return true;
}

size_t profile_arena_bytes(struct profile_room room)
{
	return arena_room(room.candidates * sizeof(struct candidate)) +
	       arena_room(room.candidates * sizeof(uint32_t)) +
	       arena_room((room.papers + 1) * sizeof(uint32_t)) +
	       arena_room((room.papers + 2) * sizeof(uint32_t)) +
	       arena_room((room.choices + 1) * sizeof(uint16_t)) +
	       (room.kind == PROFILE_RANKS || room.kind == PROFILE_SCORES
	            ? arena_room((room.choices + 1) * sizeof(uint32_t))
	            : 0);
}

static bool fail_candidate(struct error *err, const char *what, uint64_t number, size_t of)
{
	char room[64];
	struct text t = TEXT_OF(room);
	text_add(&t, "candidate ");
	text_add_u64(&t, number);
	text_add(&t, " of ");
	text_add_u64(&t, of);
	return fail_detail(err, ERROR_MALFORMED, what, number - 1, room);
}

bool profile_paper_has(const struct profile *p, uint64_t candidate)
{
	return candidate < p->candidates_count && p->seen[candidate] == p->papers_count + 1;
}

static bool take(struct profile *p, uint16_t choice, struct error *err)
{
	if (p->choices_count >= p->choices_room)
		return fail(err, ERROR_LIMIT, "profile: more choices than declared", p->choices_room);
	p->choices[p->choices_count++] = choice;
	return true;
}

bool profile_choice(struct profile *p, uint64_t candidate, struct error *err)
{
	if (candidate >= p->candidates_count)
		return fail_candidate(err, "profile: no such candidate", candidate + 1,
		                      p->candidates_count);
	if (profile_paper_has(p, candidate))
		return fail_candidate(err, "profile: candidate twice on one paper", candidate + 1,
		                      p->candidates_count);
	p->seen[candidate] = (uint32_t)(p->papers_count + 1);
	return take(p, (uint16_t)candidate, err);
}

bool profile_value(struct profile *p, uint64_t candidate, uint32_t value, struct error *err)
{
	if (p->kind == PROFILE_RANKS && value == 0)
		return fail(err, ERROR_MALFORMED, "profile: ranks begin with 1", candidate);
	if (!profile_choice(p, candidate, err))
		return false;
	p->values[p->choices_count - 1] = value;
	return true;
}

bool profile_gap(struct profile *p, uint16_t which, struct error *err)
{
	require(p->kind == PROFILE_RANKING);
	require(which == PROFILE_SKIPPED || which == PROFILE_OVERVOTE || which == PROFILE_REPEATED);
	p->gaps = true;
	return take(p, which, err);
}

bool profile_pair(struct profile *p, uint64_t winner, uint64_t loser, struct error *err)
{
	uint64_t worse = winner >= p->candidates_count ? winner : loser;
	require(p->kind == PROFILE_PAIRS);
	if (worse >= p->candidates_count)
		return fail_candidate(err, "profile: no such candidate", worse + 1, p->candidates_count);
	if (winner == loser)
		return fail_candidate(err, "profile: a candidate compared with itself", winner + 1,
		                      p->candidates_count);
	for (size_t i = p->starts[p->papers_count]; i < p->choices_count; i += 2)
		if (p->choices[i] == winner && p->choices[i + 1] == loser)
			return fail_candidate(err, "profile: one pair twice on one paper", winner + 1,
			                      p->candidates_count);
	return take(p, (uint16_t)winner, err) && take(p, (uint16_t)loser, err);
}

bool profile_close_paper(struct profile *p, uint64_t count, struct error *err)
{
	if (count == 0)
		return fail(err, ERROR_MALFORMED, "profile: a paper stands for at least one ballot",
		            p->papers_count);
	if (p->papers_count >= p->papers_room)
		return fail(err, ERROR_LIMIT, "profile: more papers than declared", p->papers_room);
	if (count > LIMIT_WEIGHT || count > p->ballots_max - p->ballots_count)
		return fail(err, ERROR_LIMIT, "profile: too many ballots (LIMIT_BALLOTS)", p->ballots_max);
	p->ballots_count += count;
	p->counts[p->papers_count++] = (uint32_t)count;
	p->starts[p->papers_count] = (uint32_t)p->choices_count;
	return true;
}

bool profile_check_name(bytes name, struct error *err)
{
	if (name.len == 0)
		return fail(err, ERROR_MALFORMED, "profile: a name is empty", ERROR_NOWHERE);
	if (name.len > LIMIT_TEXT_BYTES)
		return fail(err, ERROR_LIMIT, "profile: a name is too long (LIMIT_TEXT_BYTES)", name.len);
	bool visible = false;
	for (size_t pos = 0; pos < name.len;) {
		uint32_t code;
		if (!utf8_next(name, &pos, &code))
			return fail(err, ERROR_MALFORMED,
			            "profile: a name is not UTF-8; convert the file to UTF-8", pos);
		if (utf8_is_control(code))
			return fail(err, ERROR_MALFORMED, "profile: a name has a control character", pos);
		visible = visible || (code != ' ' && code != 0xa0 && !utf8_is_invisible(code));
	}
	if (!visible)
		return fail(err, ERROR_MALFORMED, "profile: a name is blank", ERROR_NOWHERE);
	return true;
}

bool profile_check_names_differ(const struct profile *p, struct error *err)
{
	for (size_t i = 1; i < p->candidates_count; i++)
		for (size_t j = 0; j < i; j++)
			if (bytes_equal(p->candidates[i].name, p->candidates[j].name)) {
				char room[ERROR_DETAIL_BYTES];
				struct text t = TEXT_OF(room);
				text_add(&t, "candidates ");
				text_add_u64(&t, j + 1);
				text_add(&t, " and ");
				text_add_u64(&t, i + 1);
				text_add(&t, ": ");
				text_add_bytes(&t, p->candidates[i].name);
				return fail_detail(err, ERROR_MALFORMED,
				                   "profile: two candidates have the same name", i, room);
			}
	return true;
}
