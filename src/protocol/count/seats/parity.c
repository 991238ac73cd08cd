/* SPDX-License-Identifier: Apache-2.0 */
/* Steps that look at women and men only. */
#include "count/seats/seats_internal.h"

/* Agora Voting's groups: two women and two men first, then three and two. */
#define FIRST_GROUP 4u
#define OTHER_GROUPS 5u

void seating_zip(struct seating *s)
{
	size_t next[2] = {0, 0}; /* where the next man, the next woman may stand */
	bool woman = s->count > 0 && seating_is_woman(s, s->order[0]);
	seating_remember(s);
	for (size_t i = 0; i < s->count; i++, woman = !woman) {
		size_t at = next[woman];
		while (at < s->count && seating_is_woman(s, s->order[at]) != woman)
			at++;
		if (at == s->count) { /* none left: the others follow one after another */
			next[woman] = at;
			woman = !woman;
			at = next[woman];
			while (seating_is_woman(s, s->order[at]) != woman)
				at++;
		}
		s->scratch[i] = s->order[at];
		next[woman] = at + 1;
	}
	memcpy(s->order, s->scratch, s->count * sizeof *s->order);
	seating_note_parity(s);
	size_t women, men;
	seating_count_genders(s, &women, &men);
	s->out->parity_error = women > men + 1 || men > women + 1;
}

/* order[0 … last], the last a woman, by points: how far up she stands. False: she does not rise. */
static bool raise_woman(struct seating *s, uint16_t *order, size_t last)
{
	uint16_t woman = order[last];
	size_t above = 0;
	for (size_t i = 0; i < last; i++)
		above += s->points[order[i]] >= s->points[woman];
	if (above == last)
		return false;
	/* Insertion: equals keep the order they have. */
	for (size_t i = 1; i <= last; i++) {
		uint16_t who = order[i];
		size_t j = i;
		for (; j > 0 && s->points[order[j - 1]] < s->points[who]; j--)
			order[j] = order[j - 1];
		order[j] = who;
	}
	return true;
}

void seating_rise(struct seating *s)
{
	size_t winners = s->out->winners_count, size = FIRST_GROUP;
	for (size_t start = 0; start < winners; start += size, size = OTHER_GROUPS) {
		size_t end = start + size < winners ? start + size : winners;
		size_t from = start; /* behind the woman before */
		for (size_t i = start; i < end; i++) {
			uint16_t woman = s->order[i];
			if (!seating_is_woman(s, woman))
				continue;
			if (raise_woman(s, s->order + from, i - from))
				while (s->order[from] != woman)
					from++;
			else
				from = i;
			from++;
		}
	}
}

/* The first `most` of one gender and the first of the other get the seats. */
void seating_proportion(struct seating *s)
{
	const struct seats_step *step = s->step;
	size_t total = step->larger + step->smaller, seats = s->seats;
	size_t full = s->count < seats ? s->count : seats;
	size_t cap = (2 * seats * step->larger + total) / (2 * total); /* halves go up */
	size_t women, men;
	seating_remember(s);
	seating_count_genders(s, &women, &men);
	bool reduce = women > cap || men > cap, women_reduced = women > cap;
	size_t same = 0, other = 0;
	for (size_t i = 0; i < s->count && reduce; i++) {
		uint16_t who = s->order[i];
		if (seating_is_woman(s, who) == women_reduced)
			s->part[who] = same++ < cap ? 0 : 1;
		else
			s->part[who] = other++ < seats - cap ? 0 : 2;
	}
	if (reduce) {
		size_t found = cap + (other < seats - cap ? other : seats - cap);
		seating_arrange(s, s->order, 3);
		if (s->step->method == SEATS_PROPORTION)
			s->out->winners_count = found;
		for (size_t i = 0; i < s->count; i++)
			s->part[s->order[i]] = i >= s->out->winners_count;
		seating_arrange(s, s->by_points, 2);
	}
	seating_note_parity(s);
	seating_count_genders(s, &women, &men);
	s->out->parity_error = women > cap || men > cap || s->out->winners_count < full;
}
