/* SPDX-License-Identifier: Apache-2.0 */
#include "results/question_internal.h"

bool results_note(struct results *r, const struct results_question *q, struct text *t,
                  struct error *err)
{
	static const char more[] = "…";
	struct results_note *n = arena_take_array(r->arena, 1, struct results_note, err);
	if (!n)
		return false;
	if (t->cut) { /* not in the middle of a character */
		size_t end = t->size - sizeof more;
		while (end > 0 && ((uint8_t)t->p[end] & 0xc0) == 0x80)
			end--;
		*t = (struct text){t->p, t->size, end, false};
		text_add(t, more);
	}
	uint8_t *text = arena_take_array(r->arena, t->len, uint8_t, err);
	if (!text)
		return false;
	memcpy(text, t->p, t->len);
	*n = (struct results_note){.pipe = r->pipe,
	                           .question = q ? (unsigned)(q - r->questions) + 1 : 0,
	                           .text = bytes_of(text, t->len)};
	if (r->last_note)
		r->last_note->next = n;
	else
		r->notes = n;
	r->last_note = n;
	return true;
}

bool question_fail(const struct results_question *q, struct error *err)
{
	char room[LIMIT_TEXT_BYTES + 1];
	struct text t = TEXT_OF(room);
	text_add_bytes(&t, q->id);
	return fail_within(err, room);
}

void text_add_votes(struct text *t, uint64_t n)
{
	text_add_u64(t, n);
	text_add(t, n == 1 ? " vote" : " votes");
}

static uint64_t naming(const struct results_question *q, size_t candidate, bool all)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < q->parts_count; i++) {
		const struct results_part *p = &q->parts[i];
		for (size_t k = 0; (all || p->counted) && k < p->papers_count; k++)
			for (uint32_t c = p->starts[k]; c < p->starts[k + 1]; c++)
				if (q->options[p->base + p->choices[c]].candidate == candidate) {
					sum += p->weights[k];
					break;
				}
	}
	return sum;
}

uint64_t question_naming(const struct results_question *q, size_t candidate)
{
	return naming(q, candidate, true);
}

uint64_t question_naming_counted(const struct results_question *q, size_t candidate)
{
	return naming(q, candidate, false);
}

uint16_t question_find(const struct results_question *q, bytes name)
{
	for (size_t i = 0; i < q->candidates_count; i++)
		if (bytes_equal(q->candidates[i].name, name))
			return (uint16_t)i;
	return RESULTS_NOBODY;
}

static bool note_gone(struct results *r, const struct results_question *q, size_t candidate,
                      const char *what, const char *why, struct error *err)
{
	char room[NOTE_BYTES];
	struct text t = TEXT_OF(room);
	text_add_bytes(&t, q->candidates[candidate].name);
	text_add(&t, what);
	text_add(&t, why);
	text_add(&t, "; ");
	text_add_votes(&t, question_naming(q, candidate));
	text_add(&t, " named this candidate");
	return results_note(r, q, &t, err);
}

bool question_withdraw(struct results *r, struct results_question *q, size_t candidate,
                       const char *why, struct error *err)
{
	if (q->candidates[candidate].withdrawn)
		return true;
	q->candidates[candidate].withdrawn = true;
	question_stale(q);
	return note_gone(r, q, candidate, " is withdrawn: ", why, err);
}

/* The lot without one candidate; those behind move up by one number. */
static bool lot_without(struct results *r, struct results_question *q, size_t gone,
                        struct error *err)
{
	size_t kept = 0;
	if (q->rule.lot_count == 0)
		return true;
	uint16_t *lot = arena_take_array(r->arena, q->rule.lot_count, uint16_t, err);
	if (!lot)
		return false;
	for (size_t i = 0; i < q->rule.lot_count; i++) {
		uint16_t c = q->rule.lot[i];
		if (c != gone)
			lot[kept++] = (uint16_t)(c - (c > gone));
	}
	q->rule.lot = lot;
	q->rule.lot_count = kept;
	return true;
}

bool question_remove(struct results *r, struct results_question *q, size_t candidate,
                     const char *why, struct error *err)
{
	if (!note_gone(r, q, candidate, " is removed: ", why, err) ||
	    !lot_without(r, q, candidate, err))
		return false;
	for (size_t i = 0; i < q->options_count; i++) {
		uint16_t *c = &q->options[i].candidate;
		if (*c == candidate)
			*c = RESULTS_NOBODY;
		else if (*c != RESULTS_NOBODY && *c > candidate)
			--*c;
	}
	q->candidates_count--;
	memmove(q->candidates + candidate, q->candidates + candidate + 1,
	        (q->candidates_count - candidate) * sizeof *q->candidates);
	if (q->elsewhere)
		memmove(q->elsewhere + candidate, q->elsewhere + candidate + 1,
		        q->candidates_count - candidate);
	question_stale(q);
	return true;
}

bool question_add_candidate(uint16_t *out, struct results *r, struct results_question *q,
                            bytes name, struct error *err)
{
	size_t n = q->candidates_count;
	if (!profile_check_name(name, err))
		return false;
	if (question_find(q, name) != RESULTS_NOBODY)
		return fail(err, ERROR_MALFORMED,
		            "results: there is a candidate of this name already; say \"candidate\"",
		            ERROR_NOWHERE);
	if (n == LIMIT_ANSWERS)
		return fail(err, ERROR_LIMIT, "results: too many candidates", n);
	struct results_candidate *c = arena_take_array(r->arena, n + 1, struct results_candidate, err);
	bool *elsewhere = q->elsewhere ? arena_take_array(r->arena, n + 1, bool, err) : NULL;
	if (!c || (q->elsewhere && !elsewhere))
		return false;
	memcpy(c, q->candidates, n * sizeof *c);
	c[n] = (struct results_candidate){.name = name};
	q->candidates = c;
	if (elsewhere) {
		memcpy(elsewhere, q->elsewhere, n * sizeof *elsewhere);
		elsewhere[n] = false;
		q->elsewhere = elsewhere;
	}
	*out = (uint16_t)n;
	q->candidates_count++;
	question_stale(q);
	return true;
}

bool question_add_options(uint32_t *base, struct results *r, struct results_question *q,
                          const struct results_option *more, size_t count, struct error *err)
{
	if (q->options_count + count > q->options_room) {
		size_t room = 2 * q->options_room + count;
		struct results_option *o = arena_take_array(r->arena, room, struct results_option, err);
		if (!o)
			return false;
		memcpy(o, q->options, q->options_count * sizeof *o);
		q->options = o;
		q->options_room = room;
	}
	memcpy(q->options + q->options_count, more, count * sizeof *more);
	*base = (uint32_t)q->options_count;
	q->options_count += count;
	question_stale(q);
	return true;
}
