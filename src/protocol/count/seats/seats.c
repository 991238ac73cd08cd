/* SPDX-License-Identifier: Apache-2.0 */
#include "count/seats/seats.h"

#include "count/seats/seats_internal.h"

#define take(s, a, count, type) ((type *)take_zeroed((s), (a), (count), sizeof(type)))

const char *seats_why_name(enum seats_why w)
{
	switch (w) {
	case SEATS_BY_POINTS:
		return "points";
	case SEATS_GUARANTEED:
		return "guaranteed";
	case SEATS_MINORITY:
		return "minority";
	case SEATS_LEFT_OUT:
		return "left out";
	}
	return "unknown";
}

/* --- what the steps share --- */

bool seating_is_woman(const struct seating *s, uint16_t candidate)
{
	return s->in->people[candidate].gender == SEATS_WOMAN;
}

void seating_arrange(struct seating *s, const uint16_t *base, unsigned parts)
{
	size_t n = 0;
	for (unsigned part = 0; part < parts; part++)
		for (size_t i = 0; i < s->count; i++)
			if (s->part[base[i]] == part)
				s->scratch[n++] = base[i];
	require(n == s->count);
	memcpy(s->order, s->scratch, n * sizeof *s->order);
}

void seating_remember(struct seating *s)
{
	for (size_t i = 0; i < s->count; i++)
		s->won[s->order[i]] = i < s->out->winners_count;
}

void seating_note_parity(struct seating *s)
{
	for (size_t i = 0; i < s->count; i++) {
		uint16_t who = s->order[i];
		bool wins = i < s->out->winners_count;
		if (wins != s->won[who])
			/* Two steps may give a seat and take it again. */
			s->parity[who] = s->parity[who] != SEATS_AS_IT_WAS ? SEATS_AS_IT_WAS
			                 : wins                            ? SEATS_GAINED
			                                                   : SEATS_LOST;
	}
}

void seating_count_genders(const struct seating *s, size_t *women, size_t *men)
{
	*women = 0;
	for (size_t i = 0; i < s->out->winners_count; i++)
		*women += seating_is_woman(s, s->order[i]);
	*men = s->out->winners_count - *women;
}

/* --- preparing --- */

static void *take_zeroed(struct seating *s, struct arena *a, size_t count, size_t item_bytes)
{
	void *p = arena_take(a, count, item_bytes, s->err);
	if (!p)
		fail_within(s->err, "seats");
	else if (count > 0)
		memset(p, 0, count * item_bytes);
	return p;
}

static bool has_teams(const struct seats_rule *rule)
{
	enum seats_method m = rule->steps[0].method;
	return m == SEATS_DESBORDA || m == SEATS_DESBORDA2 || m == SEATS_DESBORDA4;
}

static bool takes_part(const struct seats_input *in, size_t candidate)
{
	return !in->counted->profile->candidates[candidate].withdrawn &&
	       !(in->elsewhere && in->elsewhere[candidate]);
}

static bool check_people(const struct seating *s)
{
	const struct candidate *candidates = s->in->counted->profile->candidates;
	for (size_t i = 0; i < s->candidates; i++) {
		const struct seats_person *person = &s->in->people[i];
		const char *what = NULL;
		if (!takes_part(s->in, i))
			continue;
		if (person->gender == SEATS_NO_GENDER)
			what = "seats: parity needs to know of every candidate whether she is a woman";
		else if (has_teams(&s->out->rule) && person->team.len == 0)
			what = "seats: a candidate has no team; who is nobody's needs one of her own";
		if (!what)
			continue;
		char room[ERROR_DETAIL_BYTES];
		struct text t = TEXT_OF(room);
		text_add_bytes(&t, candidates[i].name);
		return fail_detail(s->err, ERROR_REJECTED, what, i + 1, room);
	}
	return true;
}

static bool prepare(struct seating *s, struct arena *a)
{
	size_t n = s->candidates;
	if (!(s->by_points = take(s, a, n, uint16_t)) || !(s->order = take(s, a, n, uint16_t)) ||
	    !(s->scratch = take(s, a, n, uint16_t)) || !(s->part = take(s, a, n, uint8_t)) ||
	    !(s->why = take(s, a, n, uint8_t)) || !(s->parity = take(s, a, n, uint8_t)) ||
	    !(s->team = take(s, a, n, uint16_t)) || !(s->won = take(s, a, n, bool)) ||
	    !(s->level = take(s, a, n, bool)) || !(s->drawn = take(s, a, n, uint32_t)) ||
	    !(s->out->places = take(s, a, n, struct seats_place)) ||
	    !(s->out->teams = take(s, a, n, struct seats_team)))
		return false;
	const struct count_rule *counted = &s->in->counted->rule;
	for (size_t i = 0; i < counted->lot_count; i++)
		s->drawn[counted->lot[i]] = (uint32_t)i + 1; /* count_run has checked it */
	return true;
}

/* --- the order of points --- */

static bool fail_level(const struct seating *s, size_t from, size_t end)
{
	const struct candidate *candidates = s->in->counted->profile->candidates;
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	for (size_t i = from; i < end; i++) {
		text_add(&t, i > from ? ", " : "");
		text_add_bytes(&t, candidates[s->by_points[i]].name);
	}
	return fail_detail(s->err, ERROR_REJECTED,
	                   "seats: candidates have equal points; draw a lot and declare an order of "
	                   "the candidates",
	                   ERROR_NOWHERE, room);
}

static bool stands_before(const struct seating *s, uint16_t a, uint16_t b)
{
	return s->points[a] != s->points[b] ? s->points[a] > s->points[b] : s->drawn[a] < s->drawn[b];
}

static bool order_by_points(struct seating *s)
{
	for (size_t i = 0; i < s->candidates; i++) {
		size_t j = s->count;
		if (!takes_part(s->in, i))
			continue;
		for (; j > 0 && stands_before(s, (uint16_t)i, s->by_points[j - 1]); j--)
			s->by_points[j] = s->by_points[j - 1];
		s->by_points[j] = (uint16_t)i;
		s->count++;
	}
	for (size_t i = 0, end; i < s->count; i = end) {
		bool all = true;
		for (end = i; end < s->count && s->points[s->by_points[end]] == s->points[s->by_points[i]];)
			all = s->drawn[s->by_points[end++]] > 0 && all;
		if (end == i + 1)
			continue;
		if (!all)
			return fail_level(s, i, end);
		s->out->lots_count++;
		for (size_t j = i; j < end; j++)
			s->level[s->by_points[j]] = true;
	}
	memcpy(s->order, s->by_points, s->count * sizeof *s->order);
	s->out->winners_count = s->count < s->seats ? s->count : s->seats;
	return true;
}

/* --- teams --- */

static int compare(bytes a, bytes b)
{
	int order = memcmp(a.p, b.p, a.len < b.len ? a.len : b.len);
	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* Ascending by name; nothing depends on the order of candidates. */
static void find_teams(struct seating *s)
{
	struct seats_team *teams = s->out->teams;
	for (size_t i = 0; i < s->count; i++) {
		bytes name = s->in->people[s->by_points[i]].team;
		size_t at = 0, n = s->out->teams_count;
		while (at < n && compare(teams[at].name, name) < 0)
			at++;
		if (at < n && bytes_equal(teams[at].name, name))
			continue;
		memmove(teams + at + 1, teams + at, (n - at) * sizeof *teams);
		teams[at] = (struct seats_team){.name = name};
		s->out->teams_count++;
	}
	for (size_t i = 0; i < s->count; i++) {
		uint16_t who = s->by_points[i], at = 0;
		while (!bytes_equal(teams[at].name, s->in->people[who].team))
			at++;
		s->team[who] = at;
		teams[at].points += s->points[who];
	}
}

/* The points of all; LIMIT when 100 times their sum does not fit. */
static bool add_points(struct seating *s)
{
	units sum = 0, percent = 0;
	bool fits = true;
	for (size_t i = 0; i < s->count && fits; i++)
		fits = units_add_product(&sum, s->points[s->by_points[i]], 1);
	if (!fits || !units_add_product(&percent, sum, 100))
		return fail(s->err, ERROR_LIMIT, "seats: the points are too large to be added up exactly",
		            s->count);
	s->out->points = sum;
	return true;
}

/* --- running --- */

static bool run_step(struct seating *s)
{
	switch (s->step->method) {
	case SEATS_DESBORDA:
	case SEATS_DESBORDA2:
	case SEATS_DESBORDA3:
		return seating_desborda(s);
	case SEATS_DESBORDA4:
		return seating_desborda4(s);
	case SEATS_PROPORTION:
	case SEATS_PROPORTION_FILLED:
		seating_proportion(s);
		return true;
	case SEATS_ZIP:
		seating_zip(s);
		return true;
	case SEATS_RISE:
		seating_rise(s);
		return true;
	}
	return false;
}

static void finish(struct seating *s)
{
	struct seats_result *r = s->out;
	r->places_count = s->count;
	seating_count_genders(s, &r->women, &r->men);
	for (size_t i = 0; i < s->count; i++) {
		uint16_t who = s->order[i];
		r->places[i] = (struct seats_place){who, (enum seats_why)s->why[who],
		                                    (enum seats_parity)s->parity[who], s->level[who]};
		if (r->teams_count > 0 && i < r->winners_count)
			r->teams[s->team[who]].seats++;
	}
}

bool seats_run(struct seats_result *out, const struct seats_rule *rule,
               const struct seats_input *in, struct arena *a, struct error *err)
{
	const struct count_result *counted = in->counted;
	size_t mark = arena_mark(a);
	*out = (struct seats_result){.rule = *rule};
	struct seating s = {.out = out,
	                    .in = in,
	                    .err = err,
	                    .candidates = counted->profile->candidates_count,
	                    .seats = counted->profile->seats,
	                    .points = counted->stages[counted->stages_count - 1].tallies};
	if (counted->rule.method->staged)
		return fail_detail(err, ERROR_REJECTED,
		                   "seats: this method elects by itself; seat rules go with sums of points",
		                   ERROR_NOWHERE, counted->rule.method->name);
	bool ok = check_people(&s) && prepare(&s, a) && order_by_points(&s) && add_points(&s);
	if (ok && has_teams(rule))
		find_teams(&s);
	for (size_t i = 0; i < rule->steps_count && ok; i++) {
		s.step = &rule->steps[i];
		ok = run_step(&s);
	}
	if (ok) {
		finish(&s);
		return true;
	}
	arena_release(a, mark);
	*out = (struct seats_result){.rule = *rule};
	return false;
}

size_t seats_arena_bytes(const struct seats_input *in)
{
	size_t n = in->counted->profile->candidates_count;
	return 4 * arena_room(n * sizeof(uint16_t)) + 5 * arena_room(n) +
	       arena_room(n * sizeof(uint32_t)) + arena_room(n * sizeof(struct seats_place)) +
	       arena_room(n * sizeof(struct seats_team));
}
