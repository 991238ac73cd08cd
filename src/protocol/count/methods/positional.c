/* SPDX-License-Identifier: Apache-2.0 */
#include "count/methods/positional.h"

#define PLACE_BYTES 5u /* "1000" and what ends it */

static size_t paper_places(const struct counting *c, size_t paper)
{
	const struct profile *p = c->profile;
	size_t places = 0;
	for (uint32_t j = p->starts[paper]; j < p->starts[paper + 1]; j++)
		places += counting_is_standing(c, p->choices[j]);
	return places;
}

size_t positional_places(const struct counting *c)
{
	size_t most = 0;
	for (size_t i = 0; i < c->profile->papers_count; i++) {
		size_t places = paper_places(c, i);
		most = places > most ? places : most;
	}
	return most;
}

bool positional_init(struct positional *s, struct counting *c)
{
	*s = (struct positional){.form = units_decimal(0), .places = positional_places(c)};
	s->worth = counting_take(c, s->places, units);
	return s->worth != NULL;
}

/* "1", "2", … for the columns of the table. */
static bytes *place_names(struct counting *c, size_t places)
{
	bytes *names = counting_take(c, places, bytes);
	char *room = names ? counting_take(c, places * PLACE_BYTES, char) : NULL;
	if (!room)
		return NULL;
	for (size_t i = 0; i < places; i++) {
		struct text t = {room + i * PLACE_BYTES, PLACE_BYTES, 0, false};
		text_add_u64(&t, i + 1);
		names[i] = bytes_of(t.p, t.len);
	}
	return names;
}

static struct count_table *voters_table(struct counting *c, size_t places)
{
	const bytes *names = place_names(c, places);
	return names ? counting_table(c,
	                              &(struct count_table_shape){
									  .name = "voters_by_position",
									  .what = "How many ballots have the candidate in this place",
									  .rows = c->candidates,
									  .columns = places,
									  .column_names = names,
									  .form = units_decimal(0)})
	             : NULL;
}

bool positional_count(struct counting *c, const struct positional *s)
{
	const struct profile *p = c->profile;
	struct count_table *voters = voters_table(c, s->places);
	units for_all = 0; /* what everybody has from papers that share; the ranked give theirs back */
	if (!voters)
		return false;
	for (size_t i = 0; i < p->papers_count; i++) {
		size_t places = paper_places(c, i), place = 0;
		counting_count_paper(c, i, places > 0);
		if (places == 0)
			continue;
		/* u unranked: places worth u - 1, …, 0 are shared, (u - 1) / 2 for each of them. */
		size_t unranked = c->standing - places;
		units share = s->shared && unranked > 0 ? (units)(unranked - 1) * s->form.one / 2 : 0;
		for_all += share * p->counts[i];
		for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++) {
			uint16_t who = p->choices[j];
			if (!counting_is_standing(c, who))
				continue;
			c->tallies[who] += (s->worth[place] - share) * p->counts[i];
			voters->cells[who * s->places + place++] += p->counts[i];
		}
	}
	for (size_t i = 0; i < c->candidates; i++)
		c->tallies[i] += counting_is_standing(c, (uint16_t)i) ? for_all : 0;
	counting_use_form(c, s->form);
	c->next.action = COUNT_FIRST;
	return counting_record(c) && counting_place(c, c->tallies) && counting_seat_highest(c, NULL);
}

size_t positional_arena_bytes(const struct count_rule *rule, const struct profile *p)
{
	size_t n = p->candidates_count, places = 0;
	(void)rule;
	for (size_t i = 0; i < p->papers_count; i++) {
		size_t length = p->starts[i + 1] - p->starts[i];
		places = length > places ? length : places;
	}
	return arena_room(places * sizeof(units)) + arena_room(places * sizeof(bytes)) +
	       arena_room(places * PLACE_BYTES) + arena_room(n * sizeof(bytes)) +
	       arena_room(n * places * sizeof(units)) + arena_room(n * sizeof(uint32_t));
}
