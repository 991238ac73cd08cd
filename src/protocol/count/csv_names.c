/* SPDX-License-Identifier: Apache-2.0 */
#include "count/csv_names_internal.h"

_Static_assert(NAMES_SLOTS >= 4 * LIMIT_ANSWERS, "a free slot is always near");

bool names_init(struct names *n, struct arena *a, struct error *err)
{
	*n = (struct names){.arena = a};
	n->names = arena_take_array(a, LIMIT_ANSWERS, bytes, err);
	n->slots = n->names ? arena_take_array(a, NAMES_SLOTS, uint16_t, err) : NULL;
	if (!n->slots)
		return fail_within(err, "csv: names");
	memset(n->slots, 0, NAMES_SLOTS * sizeof *n->slots);
	return true;
}

size_t names_arena_bytes(bytes file)
{
	/* The list, the slots, and at worst a rounded-up copy of every name. */
	return arena_room(LIMIT_ANSWERS * sizeof(bytes)) + arena_room(NAMES_SLOTS * sizeof(uint16_t)) +
	       LIMIT_ANSWERS * (size_t)ARENA_ALIGN + arena_room(file.len);
}

static size_t slot_of(const struct names *n, bytes name)
{
	uint32_t h = 2166136261u; /* FNV-1a: the names are public and few */
	for (size_t i = 0; i < name.len; i++)
		h = (h ^ name.p[i]) * 16777619u;
	size_t s = (h ^ h >> 16) % NAMES_SLOTS;
	while (n->slots[s] && !bytes_equal(n->names[n->slots[s] - 1], name))
		s = (s + 1) % NAMES_SLOTS;
	return s;
}

static bool fail_name(struct error *err, enum error_kind kind, const char *what, bytes name)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add_bytes(&t, name);
	return fail_detail(err, kind, what, ERROR_NOWHERE, room);
}

static bool add(struct names *n, size_t slot, bytes name, bool copy, struct error *err)
{
	if (n->count == LIMIT_ANSWERS)
		return fail(err, ERROR_LIMIT, "csv: too many candidates (LIMIT_ANSWERS)", LIMIT_ANSWERS);
	if (!profile_check_name(name, err))
		return false;
	if (copy) {
		uint8_t *p = arena_take(n->arena, name.len, 1, err);
		if (!p)
			return false;
		memcpy(p, name.p, name.len);
		name.p = p;
	}
	n->names[n->count++] = name;
	n->slots[slot] = (uint16_t)n->count;
	return true;
}

bool names_declare(struct names *n, bytes name, struct error *err)
{
	size_t slot = slot_of(n, name);
	if (n->slots[slot])
		return fail_name(err, ERROR_MALFORMED, "csv: two candidates have the same name", name);
	return add(n, slot, name, false, err);
}

/* A number as the file forms write it: 1 … without leading zeros; 0 when it is none. */
static uint64_t number_of(bytes name)
{
	uint64_t v = 0;
	if (name.len == 0 || name.len > 9 || name.p[0] == '0')
		return 0;
	for (size_t i = 0; i < name.len; i++) {
		if (name.p[i] < '0' || name.p[i] > '9')
			return 0;
		v = v * 10 + (name.p[i] - '0');
	}
	return v;
}

bool names_find(struct names *n, uint64_t *index, bytes name, bool copy, struct error *err)
{
	size_t slot = slot_of(n, name);
	if (!n->slots[slot] && n->closed) {
		uint64_t number = number_of(name);
		if (number == 0 || number > n->count)
			return fail_name(err, ERROR_MALFORMED, "csv: no such candidate", name);
		*index = number - 1;
		return true;
	}
	if (!n->slots[slot] && !add(n, slot, name, copy, err))
		return false;
	*index = n->slots[slot] - 1u;
	return true;
}

static int compare(bytes a, bytes b)
{
	int c = memcmp(a.p, b.p, a.len < b.len ? a.len : b.len);
	return c ? c : (a.len > b.len) - (a.len < b.len);
}

/* The text of a number in the arena, as a name for a candidate nobody ranked. */
static bool number_name(bytes *out, struct arena *a, uint64_t number, struct error *err)
{
	char *p = arena_take(a, 8, 1, err);
	if (!p)
		return false;
	struct text t = {p, 8, 0, false};
	text_add_u64(&t, number);
	*out = bytes_of(p, t.len);
	return true;
}

static bool settle_numbers(struct names *n, struct profile *p, uint16_t *order, struct error *err)
{
	uint64_t highest = 0;
	for (size_t i = 0; i < n->count; i++) {
		uint64_t number = number_of(n->names[i]);
		highest = number > highest ? number : highest;
	}
	if (highest > LIMIT_ANSWERS)
		return fail(err, ERROR_LIMIT, "csv: candidate number too large (LIMIT_ANSWERS)", highest);
	for (size_t i = 0; i < n->count; i++) {
		order[i] = (uint16_t)(number_of(n->names[i]) - 1);
		p->candidates[order[i]].name = n->names[i];
	}
	p->candidates_count = highest;
	for (size_t i = 0; i < highest; i++)
		if (p->candidates[i].name.len == 0 &&
		    !number_name(&p->candidates[i].name, n->arena, i + 1, err))
			return false;
	return true;
}

bool names_settle(struct names *n, struct profile *p, uint16_t *order, struct error *err)
{
	if (n->count == 0)
		return fail(err, ERROR_MALFORMED, "csv: no ballot names a candidate", ERROR_NOWHERE);
	bool numbers = !n->closed;
	for (size_t i = 0; i < n->count; i++)
		numbers = numbers && number_of(n->names[i]) != 0;
	if (numbers)
		return settle_numbers(n, p, order, err);
	p->candidates_count = n->count;
	for (size_t i = 0; i < n->count; i++) {
		order[i] = (uint16_t)i;
		if (!n->closed) { /* its rank: at most LIMIT_ANSWERS squared comparisons */
			order[i] = 0;
			for (size_t j = 0; j < n->count; j++)
				order[i] = (uint16_t)(order[i] + (compare(n->names[j], n->names[i]) < 0));
		}
		p->candidates[order[i]].name = n->names[i];
	}
	return true;
}
