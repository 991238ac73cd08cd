/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/promise_internal.h"

#include "authority/home.h"
#include "record/note.h"

#define PROMISE_PATH_BYTES 40u

static void promise_path(char out[static PROMISE_PATH_BYTES], const char *kind,
                         const struct election_key *key, const char *auxsid)
{
	struct text t = {out, PROMISE_PATH_BYTES, 0, false};
	text_add(&t, kind);
	text_add(&t, "-");
	text_add_hex(&t, bytes_of(key->eid.b, 8));
	if (auxsid) {
		text_add(&t, "-");
		text_add(&t, auxsid);
	}
	require(!t.cut);
}

/* 64 hex digits and a line feed: kept when nothing is, else the same as what is. */
static bool keep_once(const struct authority *a, const char *path, const digest *d,
                      const char *otherwise, struct error *err)
{
	char text[66];
	uint8_t room[80];
	bytes kept;
	if (!a->home)
		return true;
	hex_encode(text, BYTES_OF(d->b));
	text[64] = '\n';
	if (!a->home->exists(a->home, path))
		return folder_write(a->home, path, false, bytes_of(text, 65), err);
	if (!folder_read(a->home, path, room, sizeof room, &kept, err))
		return false;
	return bytes_equal(kept, bytes_of(text, 65)) ||
	       fail_detail(err, ERROR_CONFLICT, otherwise, ERROR_NOWHERE, path);
}

/*
 * What was signed with a home that is lost cannot be known. Its closing may lie in the record; else
 * t others must have signed this one: with fewer than t dishonest, one of them keeps promises too.
 */
static bool restored_may_close(const struct authority *a, const struct election_key *key,
                               const char *path, const digest *statement, struct error *err)
{
	struct endorsements e = {a->record, a->manifest, NULL, "close", 0};
	bool signed_by[LIMIT_PARTIES + 1];
	unsigned others = 0;
	if (home_past(a->home, key) == HOME_KNOWS || a->home->exists(a->home, path))
		return true;
	(void)endorsements_right(signed_by, &e, statement);
	for (unsigned l = 1; l <= LIMIT_PARTIES; l++)
		others += l != a->index && signed_by[l];
	if (signed_by[a->index] || home_past(a->home, key) == HOME_RESTORED_UNUSED)
		return true;
	if (endorsement_exists(&e, a->index)) { /* garbage, or of other ballots: it cannot know which */
		fail(err, ERROR_REJECTED,
		     "authority: restored from a backup, it finds a closing under its name that is not of "
		     "these ballots; set it aside only if nobody can have another record of this election",
		     ERROR_NOWHERE);
		return fail_within_index(err, "party", a->index);
	}
	if (others >= a->manifest->threshold)
		return true;
	return fail(
		err, ERROR_UNAVAILABLE,
		"authority: restored from a backup, it signs a closing only after as many others as "
		"the threshold says",
		others);
}

bool closing_decide(digest *statement, const struct authority *a, const struct election_key *key,
                    const struct ballot_box *box, struct error *err)
{
	char path[PROMISE_PATH_BYTES];
	unsigned witnesses;
	const struct checkpoint_policy policy = {a->manifest, &key->eid, false};
	const struct checkpoint_claim claim = {a->record, "log/checkpoint-close", box->log_size,
	                                       &box->root};
	*statement = statement_close(&key->eid, box->log_size, &box->root);
	promise_path(path, "closed", key, NULL);
	return checkpoint_check(&witnesses, &claim, &policy, err) &&
	       restored_may_close(a, key, path, statement, err) &&
	       keep_once(a, path, statement,
	                 "authority: this election was closed before with other ballots; a second "
	                 "tally would show what single ballots say",
	                 err);
}

bool final_list_decide(const struct list_stage *s, const digest *list, struct error *err)
{
	char path[PROMISE_PATH_BYTES];
	promise_path(path, "final", s->key, s->auxsid);
	return keep_once(s->a, path, list,
	                 "authority: this authority was ready to open another list of these ballots "
	                 "before; it opens one list only",
	                 err);
}

#define SETS_PARTIES_MAX 8u /* of so many, every set that may have been active is tried */

/* What lies there is this party's word that it was ready in attempt k, with whomever. */
static bool was_ready(const struct list_stage *s, const char *path, unsigned k, const digest *list)
{
	const struct statement_attempt about = {&s->key->eid, s->auxsid, k};
	const uint8_t *identity = s->a->manifest->authorities[s->a->index - 1].identity;
	const unsigned n = s->session.parties;
	unsigned number;
	if (!endorsement_attempt(&number, s->a->live, path, NULL) || number != k)
		return false;
	for (unsigned set = 1; n <= SETS_PARTIES_MAX && set < 1u << n; set++) {
		bool active[LIMIT_PARTIES + 1] = {false};
		for (unsigned l = 1; l <= n; l++)
			active[l] = set >> (l - 1) & 1;
		if (!active[s->a->index])
			continue;
		digest statement = statement_ready(&about, list, active, n);
		const struct endorsed what = {k, &statement};
		if (endorsement_check(s->a->live, path, identity, what, NULL))
			return true;
	}
	return n > SETS_PARTIES_MAX; /* too many to try: rather a number too high than one twice */
}

/* The highest attempt that this party was ready for, as the record's evidence has it signed; 0:
 * none. What others put there in its name uses up no number. */
static unsigned attempt_seen(const struct list_stage *s)
{
	digest list;
	if (!proof_digest(&list, s->a->live, s->list, MIX_FILE_LIST, stage_last_mixer(s), NULL))
		return 0;
	for (unsigned k = LIMIT_DECRYPTIONS; k >= 1; k--) {
		char path[RECORD_PATH_BYTES];
		struct text t = TEXT_OF(path);
		text_add(&t, "evidence/");
		text_add(&t, s->auxsid);
		text_add(&t, "/decrypt-");
		text_add_u64(&t, k);
		text_add(&t, s->a->index < 10 ? "/ready-0" : "/ready-");
		text_add_u64(&t, s->a->index);
		text_add(&t, ".bt");
		require(!t.cut);
		if (s->a->live->exists(s->a->live, path) && was_ready(s, path, k, &list))
			return k;
	}
	return 0;
}

bool attempt_kept(unsigned *attempt, const struct list_stage *s, struct error *err)
{
	char path[PROMISE_PATH_BYTES];
	uint8_t room[8];
	struct folder *home = s->a->home;
	bytes kept;
	*attempt = 0;
	promise_path(path, "attempt", s->key, s->auxsid);
	if (!home || !home->exists(home, path)) {
		if (home_past(home, s->key) != HOME_KNOWS)
			*attempt = attempt_seen(s);
		return true;
	}
	if (!folder_read(home, path, room, sizeof room, &kept, err))
		return false;
	uint64_t number = 0;
	if (kept.len < 2 || kept.p[kept.len - 1] != '\n' ||
	    !number_decode(&number, bytes_of(kept.p, kept.len - 1), LIMIT_DECRYPTIONS) || number == 0)
		return fail_detail(err, ERROR_MALFORMED, "home: not the number of an attempt",
		                   ERROR_NOWHERE, path);
	*attempt = (unsigned)number;
	return true;
}

bool attempt_keep(const struct list_stage *s, unsigned attempt, struct error *err)
{
	char path[PROMISE_PATH_BYTES], room[8];
	struct text t = TEXT_OF(room);
	unsigned last;
	if (!attempt_kept(&last, s, err))
		return false;
	promise_path(path, "attempt", s->key, s->auxsid);
	if (attempt <= last)
		return fail_detail(
			err, ERROR_CONFLICT,
			"decryption: this authority has committed in this attempt or a later one", attempt,
			path);
	text_add_u64(&t, attempt);
	text_add(&t, "\n");
	return !s->a->home || folder_write(s->a->home, path, true, bytes_of(t.p, t.len), err);
}
