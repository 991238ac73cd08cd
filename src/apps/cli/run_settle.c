/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the record says of a tally under way, and what follows: who is left out, what goes to
 * evidence, who shuffles and decrypts next.
 */
#include "cli/run_tally.h"

#include <string.h>

#define UNSIGNED_MAX 8u /* how often files that nobody signed may be wrong */

/* --- who is left out --- */

void run_tell(struct tally *t, const struct run_replaced *what)
{
	struct run *r = t->r;
	if (r->replaced_count == RUN_REPLACED_MAX)
		return;
	r->replaced[r->replaced_count] = *what;
	run_report_replaced(r, &r->replaced[r->replaced_count++]);
}

void run_leave_out(struct tally *t, unsigned party, const char *stage, const char *list,
                   const struct error *why)
{
	struct run_replaced what = {.party = party, .stage = stage, .why = *why};
	struct text name = TEXT_OF(what.list);
	if (t->out[party])
		return;
	t->out[party] = true;
	text_add(&name, list);
	run_tell(t, &what);
}

bool run_can_mix(const struct tally *t, unsigned party)
{
	return t->mixer[party] && !t->out[party];
}

unsigned run_count_left(const struct tally *t, const bool chosen[LIMIT_PARTIES + 1])
{
	unsigned count = 0;
	for (unsigned l = 1; l <= LIMIT_PARTIES; l++)
		count += chosen[l] && !t->out[l];
	return count;
}

/* "2 of 3; without authority 1 (mix of l1), authority 4 (decrypt of l1)" */
bool run_too_few(const struct tally *t, unsigned left, struct error *err)
{
	char room[ERROR_DETAIL_BYTES];
	struct text text = TEXT_OF(room);
	text_add_u64(&text, left);
	text_add(&text, " where ");
	text_add_u64(&text, t->e.manifest->threshold);
	text_add(&text, " are needed; missing:");
	for (unsigned i = 0; i < t->r->replaced_count; i++) {
		const struct run_replaced *p = &t->r->replaced[i];
		if (!p->party)
			continue;
		text_add(&text, " authority ");
		text_add_u64(&text, p->party);
		text_add(&text, " (");
		text_add(&text, p->stage);
		text_add(&text, p->list[0] ? " of " : "");
		text_add(&text, p->list);
		text_add(&text, ")");
	}
	return fail_detail(err, ERROR_UNAVAILABLE,
	                   "run: fewer authorities are left than the threshold says", left, room);
}

/* --- what the record says --- */

static const char *stage_of(const struct director_list *l)
{
	return l->state == DIRECTOR_MIXING ? "mix" : "decrypt";
}

static bool settle_unsigned(struct tally *t, const struct director_fault *f, struct error *err)
{
	struct run_replaced what = {.stage = stage_of(&t->view), .why = f->why};
	struct text name = TEXT_OF(what.list);
	if (++t->unsigned_files > UNSIGNED_MAX) {
		if (err)
			*err = f->why;
		return fail_within(err, t->view.auxsid);
	}
	text_add(&name, t->view.auxsid);
	run_tell(t, &what);
	t->settled = true;
	return director_set_aside_unsigned(&t->d, t->view.list, &f->why, err);
}

static struct run_replaced *not_noted(struct tally *t, unsigned party)
{
	for (unsigned i = 0; i < t->r->replaced_count; i++)
		if (t->r->replaced[i].party == party && !t->r->replaced[i].noted)
			return &t->r->replaced[i];
	return NULL;
}

static bool set_aside(struct tally *t, unsigned party, const struct error *why, struct error *err)
{
	struct run_replaced *known = not_noted(t, party);
	t->settled = true;
	if (known)
		known->noted = true;
	return director_set_aside_shuffle(&t->d, t->view.list, party, known ? &known->why : why, err);
}

static bool settle_shuffle(struct tally *t, const struct director_fault *f, struct error *err)
{
	/* Of one that works on, or will be run again: it discards them itself. */
	if (f->unsigned_files && !t->out[f->party] && t->view.state == DIRECTOR_MIXING)
		return true;
	if (!f->unsigned_files)
		run_leave_out(t, f->party, "mix", t->view.auxsid, &f->why);
	return set_aside(t, f->party, &f->why, err);
}

static bool is_in_chain(const struct director_list *l, unsigned party)
{
	bool found = false;
	for (unsigned i = 0; i < l->chain_count; i++)
		found = found || l->chain[i] == party;
	return found;
}

/* Who is left out, and has left nothing in the record that is wrong, is named in the evidence. */
static bool note_absent(struct tally *t, struct error *err)
{
	for (unsigned i = 0; i < t->r->replaced_count; i++) {
		struct run_replaced *p = &t->r->replaced[i];
		if (p->noted || p->party == 0)
			continue;
		const struct director_fault about = {.party = p->party, .why = p->why};
		bool good = true;
		if (t->view.state == DIRECTOR_MIXING && strcmp(p->stage, "mix") == 0 &&
		    !is_in_chain(&t->view, p->party))
			good = set_aside(t, p->party, &p->why, err);
		else if (t->view.state == DIRECTOR_DECRYPTING && strcmp(p->stage, "decrypt") == 0)
			good = director_note_decryptor(&t->d, t->view.list, t->view.attempt, about, err);
		else
			continue;
		p->noted = true;
		if (!good)
			return false;
	}
	return true;
}

static bool is_of_a_shuffle(const struct director_fault *f)
{
	return strncmp(f->why.what, "decryption", 10) != 0 && f->party > 0;
}

static bool settle_decryptor(struct tally *t, const struct director_fault *f, struct error *err)
{
	run_leave_out(t, f->party, "decrypt", t->view.auxsid, &f->why);
	struct run_replaced *entry = not_noted(t, f->party);
	if (!entry)
		return true;
	entry->noted = true;
	return director_note_decryptor(&t->d, t->view.list, t->view.attempt, *f, err);
}

static bool settle(struct tally *t, const struct director_fault *f, struct error *err)
{
	if (f->party == 0)
		return settle_unsigned(t, f, err);
	const bool in_shuffle = t->view.state == DIRECTOR_MIXING || f->unsigned_files;
	return in_shuffle || is_of_a_shuffle(f) ? settle_shuffle(t, f, err)
	                                        : settle_decryptor(t, f, err);
}

/* One that shuffled although others before it could have: nobody had asked it yet. */
static bool settle_order(struct tally *t, struct error *err)
{
	const struct director_list *l = &t->view;
	unsigned after = 0;
	for (unsigned i = 0; i < l->chain_count; i++) {
		const unsigned party = l->chain[i];
		struct error why;
		bool early = false;
		for (unsigned q = after + 1; q < party; q++)
			early = early || run_can_mix(t, q);
		if (early) {
			error_clear(&why);
			fail(&why, ERROR_REJECTED, "mix: this party has shuffled before its turn", party);
			run_leave_out(t, party, "mix", l->auxsid, &why);
			return set_aside(t, party, &why, err);
		}
		after = party;
	}
	return true;
}

/* Nobody is left above the last: shuffles that hold must go as well, from the end on. */
static bool begin_anew(struct tally *t, unsigned keep, struct error *err)
{
	const struct director_list *l = &t->view;
	struct error why;
	error_clear(&why);
	fail(&why, ERROR_NONE,
	     "this shuffle holds; the chain was begun anew, for nobody was left "
	     "behind it",
	     ERROR_NOWHERE);
	for (unsigned i = keep; i < l->chain_count; i++)
		if (!director_set_aside_shuffle(&t->d, l->list, l->chain[i], &why, err))
			return false;
	t->settled = true;
	return true;
}

static bool plan_mix(struct tally *t, struct error *err)
{
	bool can[LIMIT_PARTIES + 1];
	unsigned keep, left = run_count_left(t, t->mixer);
	for (unsigned l = 0; l <= LIMIT_PARTIES; l++)
		can[l] = run_can_mix(t, l);
	if (t->view.chain_count == t->e.manifest->threshold) { /* it lacks its frame */
		t->wanted[t->view.chain[t->view.chain_count - 1]] = true;
		return true;
	}
	if (!settle_order(t, err))
		return false;
	if (t->settled)
		return true;
	if (director_wanted(t->wanted, &keep, &t->d, &t->view, can))
		return true;
	return keep == UINT32_MAX ? run_too_few(t, left, err) : begin_anew(t, keep, err);
}

/* One look at one list: what failed is set aside, and it is looked at again. */
static bool look_at(struct tally *t, unsigned list, struct error *err)
{
	do {
		t->settled = false;
		if (!director_look(&t->view, &t->d, list, t->decrypts, err))
			return false;
		for (unsigned i = 0; i < t->view.faults_count; i++)
			if (!settle(t, &t->view.faults[i], err))
				return false;
		if (!t->settled && !note_absent(t, err))
			return false;
		if (!t->settled && t->view.state == DIRECTOR_MIXING && !plan_mix(t, err))
			return false;
	} while (t->settled);
	t->mixing = t->mixing || t->view.state == DIRECTOR_MIXING;
	t->decrypting = t->decrypting || t->view.state == DIRECTOR_DECRYPTING;
	return true;
}

static void choose_decryptors(struct tally *t)
{
	for (unsigned l = 1; l <= t->e.manifest->authorities_count; l++)
		t->decrypts[l] = t->active[l] && !t->out[l] && t->e.key.qualified[l - 1];
}

bool run_look(struct tally *t, struct error *err)
{
	size_t mark = arena_mark(&t->e.session->arena);
	unsigned before;
	bool good = true;
	do { /* who is left out of one list is of no use for those before it either */
		before = t->r->replaced_count;
		t->mixing = t->decrypting = false;
		memset(t->wanted, 0, sizeof t->wanted);
		choose_decryptors(t);
		for (unsigned l = 0; good && l < t->e.manifest->lists_count; l++)
			good = look_at(t, l, err);
	} while (good && t->r->replaced_count != before);
	arena_release(&t->e.session->arena, mark);
	return good;
}
