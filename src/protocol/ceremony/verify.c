/* SPDX-License-Identifier: Apache-2.0 */
#include "ceremony/attempt_internal.h"

#include "hash/tagged.h"

const char *ceremony_fate_text(enum ceremony_fate fate)
{
	switch (fate) {
	case CEREMONY_QUALIFIED:
		return "dealt and holds a share";
	case CEREMONY_ABSENT:
		return "did not take part: no key and commitment in time";
	case CEREMONY_UNOPENED:
		return "is out: did not validly open its commitment in time";
	case CEREMONY_ACCUSED:
		return "is out: as many parties as the threshold say that their shares are wrong";
	case CEREMONY_UNANSWERED:
		return "is out: a party complained about its share, and it did not answer in time";
	case CEREMONY_MISANSWERED:
		return "is out: a party complained about its share, and the answer is wrong";
	}
	return "";
}

/* --- one attempt --- */

static bool differs(struct attempt *a, const char *what, struct error *err)
{
	fail(err, ERROR_REJECTED, what, ERROR_NOWHERE);
	return attempt_ends(a, 0, err);
}

static bool check_openings(struct outcome *o, struct attempt *a, struct error *err)
{
	struct opening opening;
	digest d;
	bool valid;
	for (unsigned i = 1; i <= a->m->authorities_count; i++) {
		if (!o->opened[i - 1])
			continue;
		if (!opening_find(&opening, &valid, a, i, o->present, err))
			return false;
		if (!valid) {
			fail(err, ERROR_REJECTED, "ceremony: no valid opening, and the verdicts say there is",
			     ERROR_NOWHERE);
			return attempt_ends(a, i, err);
		}
		memcpy(o->c[i - 1], opening.c, sizeof opening.c);
	}
	if (!openings_digest(&d, a, o->opened, err))
		return false;
	return digest_equal(&d, &o->openings) ||
	       differs(a, "ceremony: the verdicts are on other openings", err);
}

/* Whether the set that is certified follows from the complaints and answers. */
static bool check_qualified(struct outcome *o, struct attempt *a, const uint8_t *certified,
                            struct error *err)
{
	scalar unused;
	for (unsigned i = 1; i <= a->m->authorities_count; i++) {
		enum ceremony_fate *fate = &o->fate[i - 1];
		bool right = false, there = attempt_has(a, CEREMONY_ANSWER, i);
		if (*fate == CEREMONY_UNANSWERED && there && !answer_find(&right, &unused, a, o, i, 0, err))
			return false;
		if (*fate == CEREMONY_UNANSWERED && right && certified[i - 1])
			*fate = CEREMONY_QUALIFIED;
		else if (*fate == CEREMONY_UNANSWERED && there && !right)
			*fate = CEREMONY_MISANSWERED;
		o->qualified[i - 1] = *fate == CEREMONY_QUALIFIED;
		if (o->qualified[i - 1] == certified[i - 1])
			continue;
		fail(err, ERROR_REJECTED,
		     certified[i - 1] ? "ceremony: a party is certified that is out"
		                      : "ceremony: a party is left out without a reason",
		     ERROR_NOWHERE);
		return attempt_ends(a, i, err);
	}
	return true;
}

bool attempt_verify(struct election_key *out, struct outcome *o, struct attempt *a, unsigned first,
                    struct error *err)
{
	struct agreement said;
	uint8_t everybody[LIMIT_PARTIES];
	digest d;
	memset(everybody, 1, sizeof everybody);
	memset(o, 0, sizeof *o);
	if (!agreement_reach(&said, a, CEREMONY_ECHO, everybody, first, err))
		return false;
	memcpy(o->present, said.member, sizeof o->present);
	if (!round_complete(a, CEREMONY_KEY, o->present, err) ||
	    !round_complete(a, CEREMONY_COMMIT, o->present, err) ||
	    !echo_digest(&d, a, o->present, err))
		return false;
	if (!digest_equal(&d, &said.d))
		return differs(a, "ceremony: the echoes are of other keys and commitments", err);
	if (!agreement_reach(&said, a, CEREMONY_VERDICT, o->present, first, err))
		return false;
	outcome_accuse(o, a->m, &said);
	if (!check_openings(o, a, err) ||
	    !agreement_reach(&said, a, CEREMONY_CERTIFY, o->opened, first, err) ||
	    !check_qualified(o, a, said.member, err) || !key_derive(out, a, o, err))
		return false;
	return digest_equal(&out->eid, &said.d) ||
	       differs(a, "ceremony: the certificates are of another election", err);
}

/* --- the files --- */

struct file_visit {
	struct attempt *a;
	unsigned messages;
};

static bool visit_file(void *ctx, const struct folder_entry *e, struct error *err)
{
	struct file_visit *v = ctx;
	struct attempt *a = v->a;
	struct ceremony_failure failure;
	char path[MESSAGE_PATH_BYTES];
	struct message msg;
	for (unsigned i = 1; i <= a->m->authorities_count && !e->is_folder; i++) {
		for (unsigned r = 0; r < CEREMONY_ROUNDS; r++) {
			message_path(path, r, i);
			if (!bytes_equal(bytes_of_text(path), bytes_of_text(e->name)))
				continue;
			v->messages++;
			return attempt_read(&msg, a, (enum ceremony_round)r, i, err);
		}
		failure_path(path, i);
		if (bytes_equal(bytes_of_text(path), bytes_of_text(e->name)))
			return failure_read(&failure, a, i, err);
	}
	return fail_detail(err, ERROR_MALFORMED, "ceremony: a file that does not belong here",
	                   ERROR_NOWHERE, e->name);
}

/* Every file of the attempt is a message in its place, rightly signed. */
static bool check_files(struct file_visit *v, struct attempt *a, struct error *err)
{
	*v = (struct file_visit){.a = a};
	return a->at.folder.list(&a->at.folder, "", visit_file, v, err) ||
	       fail_within_index(err, "attempt", a->number);
}

static bool certified_digest(digest *out, struct attempt *a, unsigned messages, struct error *err)
{
	struct hash h;
	struct message msg;
	tagged_digest_init(&h, "certified", 1 + messages);
	tree_hash_leaf(&h, BYTES_OF(a->m->d.b));
	for (unsigned r = 0; r < CEREMONY_ROUNDS; r++) {
		for (unsigned i = 1; i <= a->m->authorities_count; i++) {
			if (!attempt_has(a, (enum ceremony_round)r, i))
				continue;
			if (!attempt_read(&msg, a, (enum ceremony_round)r, i, err))
				return false;
			tree_hash_leaf(&h, msg.file);
		}
	}
	*out = tagged_digest_finish(&h);
	return true;
}

/* --- which attempt --- */

static unsigned spoke_in(struct attempt *a, enum ceremony_round round)
{
	unsigned count = 0;
	for (unsigned i = 1; i <= a->m->authorities_count; i++)
		count += attempt_has(a, round, i);
	return count;
}

/*
 * Whether an attempt was complete, so that a word of failure cannot end it any more: else a party
 * could undo a finished ceremony. Unless t parties hold the next one: they had reason to.
 */
static bool was_complete(bool *complete, const struct attempt *at, struct folder *ceremony,
                         struct error *err)
{
	const struct manifest *m = at->m;
	struct attempt a = {.doubts = at->doubts},
				   next = {0}; /* the next may be none that is allowed */
	struct election_key key;
	struct outcome o;
	struct error why;
	*complete = false;
	if (!attempt_begin(&a, m, ceremony, at->number, err) ||
	    !attempt_begin(&next, m, ceremony, at->number + 1, err))
		return false;
	if (spoke_in(&a, CEREMONY_CERTIFY) < m->threshold ||
	    spoke_in(&next, CEREMONY_KEY) >= m->threshold)
		return true;
	error_clear(&why);
	*complete = attempt_verify(&key, &o, &a, 0, &why);
	if (!*complete && is_the_machines(&why)) {
		if (err)
			*err = why;
		return false;
	}
	return true;
}

bool attempt_current(unsigned *attempt, const struct manifest *m, struct folder *ceremony,
                     struct doubts *doubts, struct error *err)
{
	struct ceremony_failure failure;
	struct attempt a = {.doubts = doubts};
	for (*attempt = 1; *attempt <= LIMIT_ATTEMPTS; ++*attempt) {
		bool failed, complete = false;
		if (!attempt_at(&a, m, ceremony, *attempt, err) ||
		    !failure_find(&failed, &failure, &a, err) ||
		    (failed && !was_complete(&complete, &a, ceremony, err)))
			return false;
		if (!failed || complete)
			return true;
	}
	return fail(err, ERROR_LIMIT,
	            "ceremony: every attempt that is allowed has failed; a new manifest is needed",
	            LIMIT_ATTEMPTS);
}

bool ceremony_current(unsigned *attempt, const struct manifest *m, struct folder *ceremony,
                      struct error *err)
{
	return attempt_current(attempt, m, ceremony, NULL, err);
}

bool attempt_key(struct election_key *out, const struct manifest *m, struct folder *ceremony,
                 struct doubts *doubts, struct error *err)
{
	struct attempt a = {.doubts = doubts};
	struct outcome o;
	unsigned number;
	return attempt_current(&number, m, ceremony, doubts, err) &&
	       attempt_begin(&a, m, ceremony, number, err) && attempt_verify(out, &o, &a, 0, err);
}

bool ceremony_key(struct election_key *out, const struct manifest *m, struct folder *ceremony,
                  struct error *err)
{
	return attempt_key(out, m, ceremony, NULL, err);
}

/* --- the whole --- */

static bool visit_attempt(void *ctx, const struct folder_entry *e, struct error *err)
{
	unsigned *highest = ctx;
	for (unsigned k = 1; k <= LIMIT_ATTEMPTS && e->is_folder; k++) {
		char path[16];
		struct text t = TEXT_OF(path);
		text_add_u64(&t, k);
		if (!bytes_equal(bytes_of_text(path), bytes_of_text(e->name)))
			continue;
		*highest = k > *highest ? k : *highest;
		return true;
	}
	return fail_detail(err, ERROR_MALFORMED, "ceremony: a file that does not belong here",
	                   ERROR_NOWHERE, e->name);
}

static bool check_failed_attempt(struct ceremony_report *report, const struct manifest *m,
                                 struct folder *ceremony, unsigned number, struct error *err)
{
	struct attempt a = {0};
	struct file_visit v;
	bool found;
	return attempt_at(&a, m, ceremony, number, err) && check_files(&v, &a, err) &&
	       failure_find(&found, &report->failures[number - 1], &a, err);
}

static bool check_last_attempt(struct election_key *out, struct ceremony_report *report,
                               const struct manifest *m, struct folder *ceremony, struct error *err)
{
	struct attempt a = {0};
	struct file_visit v;
	struct outcome o;
	if (!attempt_begin(&a, m, ceremony, report->attempts, err) || !check_files(&v, &a, err))
		return false;
	if (!attempt_verify(out, &o, &a, 0, err) ||
	    !certified_digest(&report->certified, &a, v.messages, err))
		return fail_within_index(err, "attempt", a.number);
	memcpy(report->fate, o.fate, sizeof o.fate);
	memcpy(report->accusers, o.accusers, sizeof o.accusers);
	return true;
}

/* Begun by some after the others had finished: it counts for nothing. */
static bool check_later_attempt(const struct manifest *m, struct folder *ceremony, unsigned number,
                                struct error *err)
{
	struct attempt a = {0};
	struct file_visit v;
	if (!attempt_begin(&a, m, ceremony, number, err) || !check_files(&v, &a, err))
		return false;
	return spoke_in(&a, CEREMONY_KEY) < m->threshold ||
	       fail(err, ERROR_REJECTED, "ceremony: an attempt after one that nobody ended", number);
}

bool ceremony_verify_report(struct election_key *out, struct ceremony_report *report,
                            const struct manifest *m, struct folder *ceremony, struct error *err)
{
	struct ceremony_report own, *r = report ? report : &own;
	unsigned highest = 0;
	memset(r, 0, sizeof *r);
	if (!ceremony->list(ceremony, "", visit_attempt, &highest, err) ||
	    !ceremony_current(&r->attempts, m, ceremony, err))
		return false;
	if (highest == 0)
		return fail(err, ERROR_UNAVAILABLE, "ceremony: has not begun", ERROR_NOWHERE);
	for (unsigned k = 1; k < r->attempts; k++)
		if (!check_failed_attempt(r, m, ceremony, k, err))
			return false;
	for (unsigned k = r->attempts + 1; k <= highest; k++)
		if (!check_later_attempt(m, ceremony, k, err))
			return false;
	return check_last_attempt(out, r, m, ceremony, err);
}

bool ceremony_verify(struct election_key *out, const struct manifest *m, struct folder *ceremony,
                     struct error *err)
{
	return ceremony_verify_report(out, NULL, m, ceremony, err);
}

bool ceremony_certified_by(bool *out, const struct manifest *m, unsigned index,
                           struct folder *ceremony, struct error *err)
{
	struct attempt a = {0};
	unsigned number;
	if (!ceremony_current(&number, m, ceremony, err) ||
	    !attempt_begin(&a, m, ceremony, number, err))
		return false;
	*out = attempt_has(&a, CEREMONY_CERTIFY, index);
	return true;
}
