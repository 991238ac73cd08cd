/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Divisor methods: seat after seat goes to the list with the highest votes / divisor(seats it has).
 * Quotients are compared by multiplying crosswise; divisors count thousandths.
 */
#include "count/methods/party_internal.h"

#define THOUSANDTHS 1000

static bool is_squared(const struct party *p)
{
	return p->method == PARTY_HUNTINGTON_HILL;
}

/* In thousandths; for huntington-hill the square of the divisor, in ones. 0: any votes suffice. */
static units divisor(const struct party *p, uint32_t seats)
{
	units s = seats;
	switch (p->method) {
	case PARTY_DHONDT:
		return (s + 1) * THOUSANDTHS;
	case PARTY_SAINTE_LAGUE:
		return (2 * s + 1) * THOUSANDTHS;
	case PARTY_MODIFIED:
		return seats == 0 ? p->c->rule->values[PARTY_OPTION_FIRST] : (2 * s + 1) * THOUSANDTHS;
	case PARTY_IMPERIALI:
		return (s + 2) * THOUSANDTHS / 2;
	case PARTY_DANISH:
		return (3 * s + 1) * THOUSANDTHS;
	case PARTY_ADAMS:
		return s * THOUSANDTHS;
	case PARTY_HUNTINGTON_HILL:
		return s * (s + 1);
	case PARTY_HAMILTON:
	case PARTY_DROOP:
		break;
	}
	require(false);
	return 1;
}

/* Of the quotient (or its square): votes < 2^67 and divisors < 2^22; squares < 2^106 and 2^20. */
static units numerator(const struct party *p, size_t list)
{
	units v = p->lists[list].votes;
	return is_squared(p) ? v * v : v;
}

static int compare_quotients(const struct party *p, size_t a, size_t b)
{
	units x = numerator(p, a) * divisor(p, p->lists[b].seats);
	units y = numerator(p, b) * divisor(p, p->lists[a].seats);
	return (x > y) - (x < y);
}

bool party_award_divisors(struct party *p)
{
	/* Squares of votes below 2^53, times 1000000 for the table, have 126 bits. */
	if (is_squared(p) && p->votes >> 53 > 0)
		return counting_fail_large(p->c);
	while (p->left > 0) {
		p->group_count = 0;
		for (size_t i = 0; i < p->lists_count; i++)
			if (p->lists[i].takes_part && p->lists[i].seats < p->lists[i].room)
				p->group[p->group_count++] = (uint16_t)i;
		if (p->group_count == 0)
			break;
		if (!party_choose(p, compare_quotients) || !party_seat(p, false))
			return false;
	}
	return true;
}

/* --- the table --- */

/* The largest r with r² ≤ v, for v < 2^126. */
static units root(units v)
{
	units r = 0;
	for (units bit = (units)1 << 62; bit > 0; bit >>= 1)
		if ((r + bit) * (r + bit) <= v)
			r += bit;
	return r;
}

/* votes / divisor in thousandths, cut off. */
static units quotient(const struct party *p, size_t list, uint32_t seats)
{
	units d = divisor(p, seats), v = numerator(p, list);
	return is_squared(p) ? root(v * THOUSANDTHS * THOUSANDTHS / d)
	                     : v * THOUSANDTHS * THOUSANDTHS / d;
}

struct number {
	char digits[PARTY_NUMBER_BYTES];
};

bool party_table_quotients(struct party *p, const bytes *names)
{
	uint32_t first = divisor(p, 0) == 0 ? 1 : 0, last = first, room = 0;
	for (size_t i = 0; i < p->lists_count; i++) {
		room = p->lists[i].room > room ? p->lists[i].room : room;
		last = p->lists[i].seats > last ? p->lists[i].seats : last;
	}
	if (last >= room)
		last = room > first ? room - 1 : first;
	size_t columns = last - first + 1u;
	bytes *heads = counting_take(p->c, columns, bytes);
	struct number *numbers = heads ? counting_take(p->c, columns, struct number) : NULL;
	if (!numbers)
		return false;
	for (size_t j = 0; j < columns; j++) {
		struct text t = TEXT_OF(numbers[j].digits);
		text_add_u64(&t, first + j + 1);
		heads[j] = bytes_of(numbers[j].digits, t.len);
	}
	struct count_table *t =
		counting_table(p->c, &(struct count_table_shape){
								 .name = "quotients",
								 .what = "Quotient of each list for its 1st, 2nd, … seat, cut off "
										 "(compared exactly)",
								 .rows = p->lists_count,
								 .columns = columns,
								 .row_names = names,
								 .column_names = heads,
								 .form = units_decimal(3)});
	if (!t)
		return false;
	for (size_t i = 0; i < p->lists_count; i++)
		for (size_t j = 0; j < columns && p->lists[i].takes_part; j++)
			t->cells[i * columns + j] = quotient(p, i, first + (uint32_t)j);
	return true;
}
