/* SPDX-License-Identifier: Apache-2.0 */
#include "count/methods/counting.h"

void *counting_take_zeroed(struct counting *c, size_t count, size_t item_bytes)
{
	void *p = arena_take(c->arena, count, item_bytes, c->err);
	if (!p)
		fail_within(c->err, "count");
	else if (count > 0)
		memset(p, 0, count * item_bytes);
	return p;
}

/* --- stages --- */

void counting_use_form(struct counting *c, struct units_form form)
{
	c->result->form = form;
}

void counting_about(struct counting *c, uint16_t candidate)
{
	size_t i = c->next.who_count++;
	require(i < c->candidates);
	for (; i > 0 && c->who[i - 1] > candidate; i--)
		c->who[i] = c->who[i - 1];
	c->who[i] = candidate;
}

bool counting_record(struct counting *c)
{
	size_t n = c->candidates;
	struct count_result *r = c->result;
	require(r->stages_count < c->stages_room);
	struct count_stage *s = &r->stages[r->stages_count];
	*s = c->next;
	s->who = counting_take(c, s->who_count, uint16_t);
	s->tallies = s->who ? counting_take(c, n, units) : NULL;
	s->status = s->tallies ? counting_take(c, n, uint8_t) : NULL;
	if (!s->status)
		return fail_within_index(c->err, "stage", r->stages_count + 1);
	memcpy(s->who, c->who, s->who_count * sizeof *s->who);
	memcpy(s->tallies, c->tallies, n * sizeof *s->tallies);
	memcpy(s->status, c->status, n);
	s->quota = r->quota = c->quota;
	s->nontransferable = c->nontransferable;
	s->truncated = c->truncated;
	r->lots_count += s->tie == COUNT_TIE_BY_LOT;
	r->stages_count++;
	c->next = (struct count_stage){.action = COUNT_END};
	return true;
}

void counting_elect(struct counting *c, uint16_t candidate, enum count_status status,
                    bool without_quota)
{
	struct count_result *r = c->result;
	require(r->elected_count < c->profile->seats && c->status[candidate] == COUNT_HOPEFUL);
	c->status[candidate] = (uint8_t)status;
	r->elected[r->elected_count++] =
		(struct count_seat){candidate, (uint32_t)r->stages_count, without_quota};
}

bool counting_end(struct counting *c)
{
	for (size_t i = 0; i < c->candidates; i++) {
		if (c->status[i] == COUNT_HOPEFUL)
			c->status[i] = COUNT_DEFEATED;
		if (c->status[i] == COUNT_PENDING)
			c->status[i] = COUNT_ELECTED;
	}
	c->next.action = COUNT_END;
	return counting_record(c);
}

size_t counting_with(const struct counting *c, enum count_status status)
{
	size_t count = 0;
	for (size_t i = 0; i < c->candidates; i++)
		count += c->status[i] == status;
	return count;
}

/* --- ties --- */

void counting_gather(struct counting *c, enum count_status status)
{
	c->tied_count = 0;
	for (size_t i = 0; i < c->candidates; i++)
		if (c->status[i] == status)
			c->tied[c->tied_count++] = (uint16_t)i;
}

void counting_narrow(struct counting *c, const units *numbers, bool highest)
{
	size_t kept = 0;
	units best = numbers[c->tied[0]];
	for (size_t i = 1; i < c->tied_count; i++) {
		units v = numbers[c->tied[i]];
		if (highest ? v > best : v < best)
			best = v;
	}
	for (size_t i = 0; i < c->tied_count; i++)
		if (numbers[c->tied[i]] == best)
			c->tied[kept++] = c->tied[i];
	c->tied_count = kept;
}

void counting_narrow_by_stages(struct counting *c, bool highest)
{
	for (size_t i = c->result->stages_count; i-- > 0 && c->tied_count > 1;)
		counting_narrow(c, c->result->stages[i].tallies, highest);
}

bool counting_note_tie(struct counting *c, enum count_tie tie)
{
	c->next.tied = counting_take(c, c->tied_count, uint16_t);
	if (!c->next.tied)
		return fail_within(c->err, "tie");
	memcpy(c->next.tied, c->tied, c->tied_count * sizeof *c->tied);
	c->next.tied_count = c->tied_count;
	c->next.tie = tie;
	return true;
}

static bool fail_tie(struct counting *c)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	for (size_t i = 0; i < c->tied_count; i++) {
		text_add(&t, i ? ", " : "");
		text_add_bytes(&t, c->profile->candidates[c->tied[i]].name);
	}
	fail_detail(c->err, ERROR_REJECTED,
	            "count: a tie needs a lot; draw one and declare an order of the candidates",
	            c->result->stages_count + 1, room);
	return fail_within_index(c->err, "stage", c->result->stages_count + 1);
}

/* Of c->tied, the first in the lot. */
static bool find_drawn(struct counting *c, uint16_t *candidate)
{
	uint16_t first = c->tied[0];
	bool all = true;
	for (size_t i = 0; i < c->tied_count && c->tied_count > 1; i++) {
		all = all && c->drawn[c->tied[i]] > 0;
		if (c->drawn[c->tied[i]] < c->drawn[first])
			first = c->tied[i];
	}
	*candidate = first;
	return all || fail_tie(c);
}

bool counting_draw(struct counting *c, uint16_t *candidate)
{
	return find_drawn(c, candidate) &&
	       (c->tied_count == 1 || counting_note_tie(c, COUNT_TIE_BY_LOT));
}

bool counting_choose(struct counting *c, enum count_status status, bool highest, bool look_back,
                     uint16_t *candidate)
{
	counting_gather(c, status);
	counting_narrow(c, c->tallies, highest);
	if (c->tied_count > 1 && look_back) {
		if (!counting_note_tie(c, COUNT_TIE_BY_EARLIER_STAGE))
			return false;
		counting_narrow_by_stages(c, highest);
	}
	return counting_draw(c, candidate);
}

/* --- seats and places --- */

static void leave_out(struct counting *c, uint16_t candidate)
{
	size_t kept = 0;
	for (size_t i = 0; i < c->tied_count; i++)
		if (c->tied[i] != candidate)
			c->tied[kept++] = c->tied[i];
	c->tied_count = kept;
}

/* Those in c->tied share the seats that are left, in the order of the lot. */
static bool seat_by_lot(struct counting *c, size_t seats)
{
	if (!counting_note_tie(c, COUNT_TIE_BY_LOT))
		return false;
	for (; seats > 0; seats--) {
		uint16_t candidate;
		if (!find_drawn(c, &candidate))
			return false;
		counting_elect(c, candidate, COUNT_ELECTED, false);
		leave_out(c, candidate);
	}
	return true;
}

bool counting_seat_highest(struct counting *c, const units *numbers)
{
	struct count_result *r = c->result;
	while (r->elected_count < c->profile->seats) {
		size_t left = c->profile->seats - r->elected_count;
		counting_gather(c, COUNT_HOPEFUL);
		if (c->tied_count == 0)
			break;
		counting_narrow(c, numbers ? numbers : c->tallies, true);
		if (c->tied_count > left) {
			if (!seat_by_lot(c, left))
				return false;
			break;
		}
		for (size_t i = 0; i < c->tied_count; i++)
			counting_elect(c, c->tied[i], COUNT_ELECTED, false);
	}
	return counting_end(c);
}

bool counting_seat_rest(struct counting *c, const units *numbers)
{
	struct count_result *r = c->result;
	size_t before = r->elected_count;
	if (!counting_seat_highest(c, numbers))
		return false;
	for (size_t i = before; i < r->elected_count; i++)
		r->elected[i].without_quota = true;
	return true;
}

bool counting_is_complete(const struct counting *c)
{
	size_t elected = c->result->elected_count, seats = c->profile->seats;
	return elected == seats || elected + counting_with(c, COUNT_HOPEFUL) <= seats;
}

bool counting_note_order(struct counting *c, const units *numbers)
{
	units seated = -1, left = -1;
	for (size_t i = 0; i < c->candidates; i++) {
		size_t above = 0;
		for (size_t j = 0; j < c->candidates; j++)
			above += c->status[j] == COUNT_HOPEFUL && numbers[j] > numbers[i];
		if (c->status[i] != COUNT_HOPEFUL)
			continue;
		if (above < c->profile->seats)
			seated = seated < 0 || c->tallies[i] < seated ? c->tallies[i] : seated;
		else
			left = c->tallies[i] > left ? c->tallies[i] : left;
	}
	if (seated != left || left < 0)
		return true;
	c->tied_count = 0;
	for (size_t i = 0; i < c->candidates; i++)
		if (c->status[i] == COUNT_HOPEFUL && c->tallies[i] == left)
			c->tied[c->tied_count++] = (uint16_t)i;
	return counting_note_tie(c, COUNT_TIE_BY_RULE);
}

bool counting_place(struct counting *c, const units *numbers)
{
	uint32_t *places = counting_take(c, c->candidates, uint32_t);
	if (!places)
		return false;
	for (size_t i = 0; i < c->candidates; i++) {
		if (c->status[i] == COUNT_WITHDRAWN)
			continue;
		places[i] = 1;
		for (size_t j = 0; j < c->candidates; j++)
			places[i] += c->status[j] != COUNT_WITHDRAWN && numbers[j] > numbers[i];
	}
	c->result->places = places;
	return true;
}

/* --- papers --- */

bool counting_is_standing(const struct counting *c, uint16_t choice)
{
	return choice < c->candidates && c->status[choice] != COUNT_WITHDRAWN;
}

void counting_count_paper(struct counting *c, size_t paper, bool valid)
{
	if (valid)
		c->result->valid += c->profile->counts[paper];
	else
		c->result->blank += c->profile->counts[paper];
}

/* --- tables --- */

struct count_table *counting_table(struct counting *c, const struct count_table_shape *shape)
{
	struct count_result *r = c->result;
	require(r->tables_count < c->tables_room);
	struct count_table *t = &r->tables[r->tables_count];
	bytes *names = NULL;
	if (!shape->row_names || !shape->column_names) {
		if (!(names = counting_take(c, c->candidates, bytes)))
			return NULL;
		for (size_t i = 0; i < c->candidates; i++)
			names[i] = c->profile->candidates[i].name;
	}
	*t = (struct count_table){.name = shape->name,
	                          .what = shape->what,
	                          .rows = shape->rows,
	                          .columns = shape->columns,
	                          .row_names = shape->row_names ? shape->row_names : names,
	                          .column_names = shape->column_names ? shape->column_names : names,
	                          .form = shape->form};
	if (!(t->cells = counting_take(c, t->rows * t->columns, units)))
		return NULL;
	r->tables_count++;
	return t;
}

#define NUMBER_BYTES 12u

const bytes *counting_numbers(struct counting *c, size_t count)
{
	bytes *names = counting_take(c, count, bytes);
	char *room = names ? counting_take(c, count * NUMBER_BYTES, char) : NULL;
	for (size_t i = 0; room && i < count; i++) {
		struct text t = {room + i * NUMBER_BYTES, NUMBER_BYTES, 0, false};
		text_add_u64(&t, i + 1);
		names[i] = bytes_of(t.p, t.len);
	}
	return room ? names : NULL;
}

size_t counting_numbers_bytes(size_t count)
{
	return arena_room(count * sizeof(bytes)) + arena_room(count * NUMBER_BYTES);
}

struct count_table *counting_stage_table(struct counting *c, const struct count_table_shape *shape)
{
	struct count_table_shape all = *shape;
	all.rows = c->stages_room;
	if (!all.row_names && !(all.row_names = counting_numbers(c, all.rows)))
		return NULL;
	return counting_table(c, &all);
}

units *counting_stage_row(const struct counting *c, const struct count_table *t)
{
	require(c->result->stages_count < t->rows);
	return t->cells + c->result->stages_count * t->columns;
}

void counting_cut_rows(const struct counting *c, struct count_table *t)
{
	t->rows = c->result->stages_count;
}

size_t counting_stage_table_bytes(size_t stages, size_t columns)
{
	return counting_numbers_bytes(stages) + arena_room(columns * sizeof(bytes)) +
	       arena_room(stages * columns * sizeof(units));
}

bool counting_check_one_seat(const struct count_rule *rule, const struct profile *p,
                             struct error *err)
{
	return p->seats == 1 ||
	       fail_detail(err, ERROR_REJECTED,
	                   "count: this rule fills one seat; for several take one of the rules of STV",
	                   p->seats, rule->method->name);
}

bool counting_fail_large(struct counting *c)
{
	return fail(c->err, ERROR_LIMIT,
	            "count: the numbers of this election are too large for this rule to be exact",
	            c->profile->ballots_count);
}
