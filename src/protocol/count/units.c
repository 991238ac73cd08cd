/* SPDX-License-Identifier: Apache-2.0 */
#include "count/units.h"

struct units_form units_decimal(unsigned decimals)
{
	struct units_form f = {1, decimals};
	require(decimals <= 18);
	while (decimals-- > 0)
		f.one *= 10;
	return f;
}

struct units_form units_fraction(units denominator)
{
	require(denominator > 0);
	return (struct units_form){denominator, 0};
}

static units divide(units a, units b)
{
	if (a <= INT64_MAX && b <= INT64_MAX)
		return (uint64_t)a / (uint64_t)b;
	return a / b;
}

static units product(units a, units b)
{
	units out;
	require(a >= 0 && b >= 0 && !__builtin_mul_overflow(a, b, &out));
	return out;
}

units units_share(units value, units part, units whole)
{
	require(whole > 0);
	return divide(product(value, part), whole);
}

units units_share_up(units value, units part, units whole)
{
	require(whole > 0);
	units p = product(value, part), q = divide(p, whole);
	return q + (q * whole != p);
}

bool units_add_product(units *sum, units a, units b)
{
	units p, s;
	if (__builtin_mul_overflow(a, b, &p) || __builtin_add_overflow(*sum, p, &s))
		return false;
	*sum = s;
	return true;
}

units units_gcd(units a, units b)
{
	while (b != 0) {
		units rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

static void add_integer(struct text *t, units v, unsigned digits)
{
	char room[40];
	size_t n = sizeof room;
	do {
		room[--n] = (char)('0' + (int)(v % 10));
		v /= 10;
	} while (v > 0 || sizeof room - n < digits);
	text_add_bytes(t, bytes_of(room + n, sizeof room - n));
}

void units_add_text(struct text *t, units v, struct units_form form)
{
	if (v < 0) {
		text_add(t, "-");
		v = -v;
	}
	if (form.decimals > 0) {
		add_integer(t, v / form.one, 1);
		text_add(t, ".");
		add_integer(t, v % form.one, form.decimals);
		return;
	}
	units common = units_gcd(form.one, v % form.one);
	add_integer(t, v / common, 1);
	if (form.one != common) {
		text_add(t, "/");
		add_integer(t, form.one / common, 1);
	}
}
