/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attempts at decrypting one list. All active parties work in the same one: whoever cannot go on in
 * an attempt begins the next, and the others, who see it signed "ready" for that, join.
 *
 * A party removes what it left in earlier attempts before it says that it is ready for another. So
 * when all are ready, every file of an active party is of this attempt.
 */
#include "authority/decrypt_internal.h"
#include "authority/promise_internal.h"
#include "files/pinned_folder.h"

/* How many attempts ahead one run follows fewer than t others: they must not use up all of them. */
#define ATTEMPTS_AHEAD 4u

static const char *const kinds[] = {"commitments", "factors", "ready"}; /* the last goes last */
#define KINDS (sizeof kinds / sizeof *kinds)

static const enum mix_file answers[] = {MIX_FILE_DECRYPTION_REPLY, MIX_FILE_DECRYPTION_COMMITMENT};
#define ANSWERS (sizeof answers / sizeof *answers)

digest attempt_ready(const struct decrypting *d, unsigned attempt)
{
	const struct list_stage *s = &d->stage;
	const struct statement_attempt about = {&s->key->eid, s->auxsid, attempt};
	return statement_ready(&about, &d->list, d->is_active, s->session.parties);
}

struct endorsements attempt_endorsements(const struct decrypting *d, const char *kind)
{
	struct endorsements e = stage_endorsements(&d->stage, kind);
	e.attempt = d->attempt;
	return e;
}

/* The attempt this party is ready for now, with this list and these active parties; 0: none. */
static unsigned ready_for(const struct decrypting *d, unsigned party)
{
	struct endorsements e = stage_endorsements(&d->stage, "ready");
	char path[RECORD_PATH_BYTES];
	unsigned attempt;
	e.record = d->stage.a->live;
	endorsement_path(path, e.auxsid, e.kind, party);
	if (!endorsement_exists(&e, party) || !endorsement_attempt(&attempt, e.record, path, NULL))
		return 0;
	digest statement = attempt_ready(d, attempt);
	e.attempt = attempt;
	return endorsement_of(&e, party, &statement, NULL) ? attempt : 0;
}

static bool too_far(const struct decrypting *d, unsigned party, unsigned attempt, struct error *err)
{
	char room[64];
	struct text t = TEXT_OF(room);
	text_add(&t, "attempt ");
	text_add_u64(&t, attempt);
	text_add(&t, ", the highest this run joins is ");
	text_add_u64(&t, d->highest);
	fail_detail(err, ERROR_REJECTED,
	            "decryption: a party has begun too many attempts; ask its operator, or decrypt "
	            "without it",
	            party, room);
	return fail_within_index(err, "party", party);
}

/*
 * One party's word is followed to the attempt after ours and no further, so that nobody makes us
 * keep a number that the others have not got to. What all other active parties, or t others, are in
 * is theirs; t others are followed wherever they are, for one of them at least is honest. A party
 * that never committed has no number to lose, and follows anybody a few attempts up.
 */
static bool may_join(const struct decrypting *d, unsigned attempt, unsigned supporters)
{
	const unsigned others = d->active->count - 1;
	if (supporters >= d->stage.session.threshold)
		return true;
	return attempt <= d->highest &&
	       (attempt <= d->attempt + 1 || supporters == others || !d->committed);
}

/* The highest attempt above ours that others have begun and that is joined; 0: none. */
static bool others_attempt(unsigned *out, const struct decrypting *d, struct error *err)
{
	unsigned begun[LIMIT_PARTIES + 1] = {0}, far = 0;
	*out = 0;
	for (unsigned l = 1; l <= d->stage.session.parties; l++)
		if (d->is_active[l] && l != d->stage.a->index)
			begun[l] = ready_for(d, l);
	for (unsigned l = 1; l <= d->stage.session.parties; l++) {
		unsigned supporters = 0;
		if (begun[l] <= d->attempt)
			continue;
		for (unsigned q = 1; q <= d->stage.session.parties; q++)
			supporters += begun[q] >= begun[l];
		if (may_join(d, begun[l], supporters))
			*out = begun[l] > *out ? begun[l] : *out;
		else if (begun[l] > d->highest && begun[l] > begun[far])
			far = l;
	}
	return *out || !far || too_far(d, far, begun[far], err);
}

static bool is_there(const struct decrypting *d, enum mix_file file, unsigned party)
{
	char path[RECORD_PATH_BYTES];
	struct folder *live = d->stage.a->live;
	proof_file_path(path, d->stage.list, file, party);
	return live->exists(live, path);
}

bool attempt_find(struct decrypting *d, struct error *err)
{
	const unsigned own = d->stage.a->index;
	const unsigned ready = ready_for(d, own);
	unsigned last, others;
	if (!attempt_kept(&last, &d->stage, err))
		return false;
	/* The record may know more than a home that was restored from a copy. */
	if (ready > last && is_there(d, MIX_FILE_DECRYPTION_COMMITMENT, own))
		last = ready;
	d->resumed = ready > 0 && ready == last && is_there(d, MIX_FILE_DECRYPTION_REPLY, own);
	d->attempt = d->resumed || ready > last ? ready : last + 1;
	d->highest = d->attempt + ATTEMPTS_AHEAD;
	d->committed = last > 0;
	if (!others_attempt(&others, d, err))
		return false;
	if (others) {
		d->attempt = others;
		d->resumed = false;
	}
	return true;
}

/* --- clearing the way --- */

static bool set_aside(const struct decrypting *d, const char *path, unsigned attempt,
                      struct error *err)
{
	char target[RECORD_PATH_BYTES];
	struct folder *live = d->stage.a->live, *r = d->stage.a->record;
	struct text t = TEXT_OF(target);
	const char *name = strrchr(path, '/');
	if (!live->exists(live, path))
		return true;
	text_add(&t, "evidence/");
	text_add(&t, d->stage.auxsid);
	text_add(&t, "/decrypt-");
	text_add_u64(&t, attempt);
	text_add(&t, name);
	require(name && !t.cut);
	return files_copy(live, target, live, path, err) && r->remove(r, path, err);
}

bool attempt_set_aside(const struct decrypting *d, enum mix_file file, unsigned party,
                       unsigned attempt, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	struct folder *r = d->stage.a->record;
	proof_file_path(path, d->stage.list, file, party);
	if (files_is_placeholder(d, file, party))
		return r->remove(r, path, err);
	return set_aside(d, path, attempt, err);
}

/* The number a party's files go to evidence under: what its signature says, else the last. */
static unsigned left_in(const struct decrypting *d, unsigned party)
{
	char path[RECORD_PATH_BYTES];
	unsigned attempt;
	for (size_t i = 0; i < KINDS; i++) {
		endorsement_path(path, d->stage.auxsid, kinds[i], party);
		if (endorsement_attempt(&attempt, d->stage.a->live, path, NULL))
			return attempt;
	}
	return d->attempt > 1 ? d->attempt - 1 : 1;
}

/* What a party left and did not sign for this attempt. */
static bool clear_party(const struct decrypting *d, unsigned party, bool keep_signed,
                        struct error *err)
{
	const unsigned attempt = left_in(d, party);
	for (size_t i = 0; i < ANSWERS; i++)
		if (!attempt_set_aside(d, answers[i], party, attempt, err))
			return false;
	for (size_t i = 0; i < KINDS; i++) {
		char path[RECORD_PATH_BYTES];
		if (keep_signed && i > 0) /* "ready" and "factors" hold as long as nobody committed */
			break;
		endorsement_path(path, d->stage.auxsid, kinds[i], party);
		if (!set_aside(d, path, attempt, err))
			return false;
	}
	return true;
}

/* They stay, for they are the same in each attempt; but not those of a party that was absent. */
static bool clear_own_factors(const struct decrypting *d, struct error *err)
{
	const unsigned own = d->stage.a->index;
	return !files_is_placeholder(d, MIX_FILE_FACTORS, own) ||
	       attempt_set_aside(d, MIX_FILE_FACTORS, own, d->attempt, err);
}

static bool said_something(const struct decrypting *d, unsigned party)
{
	for (size_t i = 0; i < KINDS; i++) {
		struct endorsements e = stage_endorsements(&d->stage, kinds[i]);
		e.record = d->stage.a->live;
		if (endorsement_exists(&e, party))
			return true;
	}
	return false;
}

/* Parties that took part in an earlier attempt, and do not in this one. */
static bool clear_the_absent(const struct decrypting *d, struct error *err)
{
	for (unsigned l = 1; l <= d->stage.session.parties; l++) {
		if (d->is_active[l] || !said_something(d, l))
			continue;
		if (!attempt_set_aside(d, MIX_FILE_FACTORS, l, left_in(d, l), err) ||
		    !clear_party(d, l, false, err))
			return false;
	}
	return true;
}

static void forget_all(const struct decrypting *d)
{
	static const enum mix_file files[] = {MIX_FILE_FACTORS, MIX_FILE_DECRYPTION_COMMITMENT,
	                                      MIX_FILE_DECRYPTION_REPLY};
	struct folder *r = d->stage.a->record;
	char path[RECORD_PATH_BYTES];
	for (unsigned l = 1; l <= d->stage.session.parties; l++) {
		for (size_t i = 0; i < KINDS; i++) {
			endorsement_path(path, d->stage.auxsid, kinds[i], l);
			pinned_folder_forget(r, path);
		}
		for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
			proof_file_path(path, d->stage.list, files[i], l);
			pinned_folder_forget(r, path);
		}
	}
}

bool attempt_clear(struct decrypting *d, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	struct folder *live = d->stage.a->live;
	if (d->attempt > LIMIT_DECRYPTIONS)
		return fail(err, ERROR_LIMIT, "decryption: no attempt is left for this list", d->attempt);
	d->joined = 0;
	forget_all(d);
	if (d->resumed)
		return true;
	proof_file_path(path, d->stage.list, MIX_FILE_PLAINTEXTS, 0);
	if (live->exists(live, path))
		return fail_detail(err, ERROR_CONFLICT,
		                   "decryption: this list has plaintexts already; what is to be replaced "
		                   "must be moved to evidence first",
		                   d->attempt, path);
	const unsigned own = d->stage.a->index;
	return (own != d->active->party[0] || clear_the_absent(d, err)) && clear_own_factors(d, err) &&
	       clear_party(d, own, ready_for(d, own) == d->attempt, err);
}

/* --- waiting --- */

struct attempt_condition {
	struct decrypting *d;
	wait_condition *holds;
	void *ctx;
};

static bool holds_or_is_over(void *ctx, struct error *err)
{
	struct attempt_condition *c = ctx;
	unsigned others;
	if (!others_attempt(&others, c->d, err))
		return false;
	if (others) {
		c->d->joined = others;
		return fail(err, ERROR_CONFLICT, "decryption: another party has begun another attempt",
		            others);
	}
	return c->holds(c->ctx, err);
}

bool attempt_wait(struct decrypting *d, wait_condition *holds, void *ctx, struct error *err)
{
	struct attempt_condition c = {d, holds, ctx};
	return wait_until(d->stage.a, holds_or_is_over, &c, err);
}

struct signatures {
	const struct decrypting *d;
	const char *kind;
	const digest *statement;
};

static bool not_signed_yet(const struct signatures *w, unsigned party, const char *what,
                           struct error *err)
{
	fail(err, ERROR_UNAVAILABLE, what, party);
	fail_within(err, w->kind);
	return fail_within_index(err, "party", party);
}

/* Whose readiness is for something else has not been asked again yet, perhaps. */
static bool has_signed(const struct signatures *w, unsigned party, struct error *err)
{
	struct endorsements e = attempt_endorsements(w->d, w->kind);
	char path[RECORD_PATH_BYTES];
	unsigned attempt;
	bool other = false;
	endorsement_path(path, e.auxsid, e.kind, party);
	if (!endorsement_exists(&e, party))
		return not_signed_yet(w, party, "authority: an endorsement is not there yet", err);
	if (!endorsement_attempt(&attempt, e.record, path, NULL) || attempt != w->d->attempt)
		other = true;
	else if (endorsement_of(&e, party, w->statement, err))
		return true;
	pinned_folder_forget(e.record, path);
	if (!other && strcmp(w->kind, "ready") != 0)
		return false;
	return not_signed_yet(w, party,
	                      "authority: this party is not ready for this attempt with this list and "
	                      "these active parties",
	                      err);
}

static bool all_signed(void *ctx, struct error *err)
{
	struct signatures *w = ctx;
	for (unsigned i = 0; i < w->d->active->count; i++)
		if (!has_signed(w, w->d->active->party[i], err))
			return false;
	return true;
}

bool attempt_agree(struct decrypting *d, const char *kind, const digest *statement,
                   struct error *err)
{
	const struct authority *a = d->stage.a;
	struct endorsements e = attempt_endorsements(d, kind);
	struct signatures w = {d, kind, statement};
	bool good = d->resumed ? endorsement_of(&e, a->index, statement, err)
	                       : endorse(&e, a->index, a->identity, statement, err);
	return good && attempt_wait(d, all_signed, &w, err);
}

struct awaited_files {
	const struct decrypting *d;
	enum mix_file file;
};

static bool all_there(void *ctx, struct error *err)
{
	struct awaited_files *w = ctx;
	const struct list_stage *s = &w->d->stage;
	for (unsigned l = 1; l <= s->session.parties; l++) {
		char path[RECORD_PATH_BYTES];
		proof_file_path(path, s->list, w->file, l);
		if (!s->a->record->exists(s->a->record, path))
			return fail_detail(err, ERROR_UNAVAILABLE, "authority: a file is not there yet", l,
			                   path);
	}
	return true;
}

bool attempt_wait_files(struct decrypting *d, enum mix_file file, struct error *err)
{
	struct awaited_files w = {d, file};
	return attempt_wait(d, all_there, &w, err);
}
