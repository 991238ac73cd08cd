/* SPDX-License-Identifier: Apache-2.0 */
#include "count/seats/seats.h"

static const char *const names[SEATS_METHODS] = {
	[SEATS_DESBORDA] = "desborda",
	[SEATS_DESBORDA2] = "desborda2",
	[SEATS_DESBORDA3] = "desborda3",
	[SEATS_DESBORDA4] = "desborda4",
	[SEATS_PROPORTION] = "proportion",
	[SEATS_PROPORTION_FILLED] = "proportion-filled",
	[SEATS_ZIP] = "zip",
	[SEATS_RISE] = "rise",
};

/* What is before the first `end`, or all; *rest is what is behind it; false when there was none. */
static bool split(bytes *head, bytes *rest, bytes b, uint8_t end)
{
	size_t len = 0;
	while (len < b.len && b.p[len] != end)
		len++;
	*head = bytes_of(b.p, len);
	*rest = bytes_from(b, len + 1);
	return len < b.len;
}

static bool fail_name(struct error *err, bytes name)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add_bytes(&t, name);
	text_add(&t, ": the steps are");
	for (size_t i = 0; i < SEATS_METHODS; i++) {
		text_add(&t, i ? ", " : " ");
		text_add(&t, names[i]);
	}
	return fail_detail(err, ERROR_REJECTED, "seats: unknown rule", ERROR_NOWHERE, room);
}

/* 1 … LIMIT_ANSWERS without leading zeros. */
static bool read_part(uint32_t *out, bytes b)
{
	uint32_t v = 0;
	if (b.len == 0 || b.len > 4 || b.p[0] == '0')
		return false;
	for (size_t i = 0; i < b.len; i++) {
		if (b.p[i] < '0' || b.p[i] > '9')
			return false;
		v = v * 10 + (uint32_t)(b.p[i] - '0');
	}
	*out = v;
	return v <= LIMIT_ANSWERS;
}

static bool read_proportion(struct seats_step *step, bytes text, struct error *err)
{
	bytes a, b;
	if (!split(&a, &b, text, '/') || !read_part(&step->larger, a) ||
	    !read_part(&step->smaller, b) || step->larger < step->smaller)
		return fail(err, ERROR_MALFORMED,
		            "seats: a proportion is two numbers, the larger first: proportion:3/2",
		            ERROR_NOWHERE);
	return true;
}

static bool read_step(struct seats_step *step, bytes text, struct error *err)
{
	bytes name, rest;
	bool more = split(&name, &rest, text, ':');
	size_t found = 0;
	while (found < SEATS_METHODS && !bytes_equal(name, bytes_of_text(names[found])))
		found++;
	if (found == SEATS_METHODS)
		return fail_name(err, name);
	*step = (struct seats_step){.method = (enum seats_method)found};
	if (step->method == SEATS_PROPORTION || step->method == SEATS_PROPORTION_FILLED)
		return read_proportion(step, rest, err);
	return !more || fail_detail(err, ERROR_MALFORMED, "seats: this step has no options",
	                            ERROR_NOWHERE, names[found]);
}

bool seats_rule_read(struct seats_rule *out, bytes text, struct error *err)
{
	bytes one, rest = text;
	*out = (struct seats_rule){.steps_count = 0};
	if (text.len >= SEATS_RULE_BYTES)
		return fail(err, ERROR_LIMIT, "seats: the text of a rule is too long", text.len);
	for (bool more = true; more;) {
		if (out->steps_count == SEATS_STEPS)
			return fail(err, ERROR_LIMIT, "seats: too many steps", SEATS_STEPS);
		more = split(&one, &rest, rest, '+');
		struct seats_step *step = &out->steps[out->steps_count];
		if (!read_step(step, one, err))
			return false;
		if (out->steps_count++ > 0 && step->method <= SEATS_DESBORDA4)
			return fail_detail(err, ERROR_REJECTED,
			                   "seats: this step starts from the points; it stands first",
			                   ERROR_NOWHERE, names[step->method]);
	}
	memcpy(out->text, text.p, text.len);
	return true;
}
