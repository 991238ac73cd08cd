/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decryption of one list, in the protocol's order: everybody verifies and says so; factors; freeze
 * 1; commitments; freeze 2; replies. A nonce lives in memory only and in one attempt only.
 */
#include "authority/decrypt_internal.h"
#include "authority/memo_internal.h"
#include "authority/promise_internal.h"

/* The urn was closed with these ballots by t authorities; no share is used before. What somebody
 * put in the place of another closing stops nobody, but the record cannot have it. */
static bool closed(const struct list_stage *s, struct error *err)
{
	const struct authority *a = s->a;
	bool signed_by[LIMIT_PARTIES + 1];
	const struct endorsements e = {a->record, a->manifest, NULL, "close", 0};
	const unsigned wrong = endorsements_right(signed_by, &e, &s->closing);
	struct error said;
	error_clear(&said);
	if (wrong && !endorsement_of(&e, wrong, &s->closing, &said)) {
		fail_within_index(&said, "party", wrong);
		if (a->notice)
			a->notice(a->notice_ctx, &said);
	}
	return endorsements_enough(signed_by, a->manifest->threshold, err);
}

/* The list that is opened: the last of t shuffles that hold, and the only one this authority ever
 * opens of these ballots. */
static bool find_list(struct decrypting *d, struct error *err)
{
	struct list_stage *s = &d->stage;
	if (!stage_wait_chain(s, err) || !closed(s, err) ||
	    !stage_check_shuffles(&d->list, s, s->chain.count, err) ||
	    !final_list_decide(s, &d->list, err))
		return false;
	d->path = mix_path(MIX_FILE_LIST, stage_last_mixer(s));
	d->job.list = d->path.text;
	return true;
}

static bool agree_on_ready(struct decrypting *d, struct error *err)
{
	digest statement = attempt_ready(d, d->attempt);
	return attempt_agree(d, "ready", &statement, err);
}

typedef digest freeze_fn(const struct statement_attempt *a, const digest *files, size_t n);

/* Everybody signs the digests of all parties' files of one kind: nobody can exchange one after. */
static bool freeze(struct decrypting *d, enum mix_file file, const char *kind, freeze_fn *statement,
                   struct error *err)
{
	const struct list_stage *s = &d->stage;
	const struct statement_attempt about = {&s->key->eid, s->auxsid, d->attempt};
	digest all[LIMIT_PARTIES];
	if (!attempt_wait_files(d, file, err) ||
	    !proof_digests(all, s->a->record, s->list, file, s->session.parties, err))
		return false;
	digest frozen = statement(&about, all, s->session.parties);
	return attempt_agree(d, kind, &frozen, err);
}

static bool freeze_factors(struct decrypting *d, struct error *err)
{
	return (d->resumed ||
	        (files_placeholders(d, DECRYPTION_FACTORS, err) && files_factors(d, err))) &&
	       freeze(d, MIX_FILE_FACTORS, "factors", statement_factors, err);
}

/* The attempt is kept in the home before the commitment leaves: there is never another for it. */
static bool commit(struct decrypting *d, struct error *err)
{
	const struct authority *a = d->stage.a;
	return files_placeholders(d, DECRYPTION_COMMITMENT, err) &&
	       attempt_keep(&d->stage, d->attempt, err) &&
	       decryption_commit(&d->job, a->index, a->world->rng, &d->nonce, err);
}

static bool freeze_commitments(struct decrypting *d, struct error *err)
{
	return (d->resumed || commit(d, err)) &&
	       freeze(d, MIX_FILE_DECRYPTION_COMMITMENT, "commitments", statement_commitments, err);
}

static bool reply(struct decrypting *d, struct error *err)
{
	return (d->resumed || (files_placeholders(d, DECRYPTION_REPLY, err) &&
	                       decryption_reply(&d->job, d->share, &d->nonce, err))) &&
	       attempt_wait_files(d, MIX_FILE_DECRYPTION_REPLY, err);
}

static bool wrong_party(unsigned party, enum decryption_verdict verdict, struct error *err)
{
	static const char *const reasons[] = {
		[DECRYPTION_CORRECT] = "correct",
		[DECRYPTION_ABSENT] = "absent",
		[DECRYPTION_BAD_COMMITMENT] = "commitment or reply does not fit the public share",
		[DECRYPTION_BAD_FACTORS] = "factors do not fit",
		[DECRYPTION_BAD_REPLY] = "the reply is no scalar",
		[DECRYPTION_MALFORMED] = "a file is malformed",
	};
	fail_detail(err, ERROR_REJECTED, "decryption: this party's equations do not hold", party,
	            reasons[verdict]);
	return fail_within_index(err, "party", party);
}

/*
 * With t parties whose equations hold the list is open; the others are told, this one fails. But
 * what is frozen stays in the proof directory, and no verifier accepts a file there that is not of
 * its form, whoever it is of: with such a one the attempt is over, and the next is without its
 * author.
 */
static bool judge(const struct decrypting *d, bool correct[static LIMIT_PARTIES + 1],
                  struct error *err)
{
	enum decryption_verdict verdict[LIMIT_PARTIES + 1];
	const struct authority *a = d->stage.a;
	unsigned wrong = 0, right = 0, malformed = 0;
	if (!decryption_check(&d->job, verdict, err))
		return false;
	memset(correct, 0, (LIMIT_PARTIES + 1) * sizeof *correct);
	for (unsigned i = 0; i < d->active->count; i++) {
		unsigned l = d->active->party[i];
		correct[l] = verdict[l] == DECRYPTION_CORRECT;
		right += correct[l];
		if (verdict[l] == DECRYPTION_MALFORMED && malformed == 0)
			malformed = l;
		if (!correct[l] && (wrong == 0 || l == a->index))
			wrong = l;
	}
	if (malformed)
		return wrong_party(malformed, verdict[malformed], err);
	if (right < a->manifest->threshold || wrong == a->index)
		return wrong_party(wrong, verdict[wrong], err);
	for (unsigned i = 0; a->notice && i < d->active->count; i++) {
		struct error said;
		unsigned l = d->active->party[i];
		error_clear(&said);
		if (!correct[l] && !wrong_party(l, verdict[l], &said))
			a->notice(a->notice_ctx, &said);
	}
	return true;
}

static bool finish(struct decrypting *d, struct error *err)
{
	bool correct[LIMIT_PARTIES + 1];
	digest about;
	return judge(d, correct, err) && files_plaintexts(d, correct, err) &&
	       stage_plaintexts_memo(&about, &d->stage, err) &&
	       memo_keep(d->stage.a, &about, BYTES_NONE, err);
}

static bool run_attempt(struct decrypting *d, struct error *err)
{
	d->frozen = (struct decryption_frozen){0};
	d->nonce = (struct decryption_nonce){0};
	d->job.made = 0;
	bool good = attempt_clear(d, err) && agree_on_ready(d, err) && freeze_factors(d, err) &&
	            freeze_commitments(d, err) && reply(d, err) && finish(d, err);
	decryption_nonce_wipe(&d->nonce);
	return good || fail_within_index(err, "attempt", d->attempt);
}

static void tell_that_it_goes_on(const struct decrypting *d)
{
	const struct authority *a = d->stage.a;
	struct error said;
	error_clear(&said);
	fail(&said, ERROR_CONFLICT, "decryption: another party has begun another attempt", d->joined);
	fail_within_index(&said, "attempt", d->joined);
	fail_within(&said, d->stage.auxsid);
	if (a->notice)
		a->notice(a->notice_ctx, &said);
}

/* Others have opened the list, with other active parties perhaps. */
static bool is_open(const struct decrypting *d, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	const struct list_stage *s = &d->stage;
	proof_file_path(path, s->list, MIX_FILE_PLAINTEXTS, 0);
	return s->a->live->exists(s->a->live, path) && !d->resumed && stage_check_plaintexts(s, err);
}

/* Attempt after attempt, as long as others begin higher ones. */
static bool run_attempts(struct decrypting *d, struct error *err)
{
	if (!find_list(d, err) || !attempt_find(d, err))
		return false;
	if (is_open(d, NULL))
		return true;
	for (;;) {
		struct error why;
		error_clear(&why);
		if (run_attempt(d, &why))
			return true;
		if (d->joined == 0) {
			if (err)
				*err = why;
			return false;
		}
		tell_that_it_goes_on(d);
		d->attempt = d->joined;
		d->resumed = false;
	}
}

static bool decrypt_list(struct decrypting *d, struct error *err)
{
	const struct authority *a = d->stage.a;
	struct arena *arena = a->world->arena;
	size_t mark = arena_mark(arena);
	d->job = (struct decryption_job){
		.session = &d->stage.session,
		.folder = &d->stage.folder.folder,
		.key = &d->stage.mix_key,
		.workers = a->world->workers,
		.memory = arena,
		.progress = a->world->progress,
		.frozen = &d->frozen,
	};
	bool good = run_attempts(d, err);
	arena_release(arena, mark);
	return good;
}

static bool can_decrypt(const struct authority *a, const struct election_key *key,
                        const struct active_parties *active, struct error *err)
{
	bool own = false;
	for (unsigned i = 0; i < active->count; i++) {
		unsigned l = active->party[i];
		own = own || l == a->index;
		if (!key->qualified[l - 1]) {
			fail(err, ERROR_REJECTED,
			     "decryption: this party has no share of the key; name others as active", l);
			return fail_within_index(err, "party", l);
		}
	}
	return own || fail(err, ERROR_REJECTED,
	                   "decryption: this authority is not among the active ones", a->index);
}

bool authority_decrypt(const struct authority *a, const struct election_key *key,
                       const secret_scalar *share, const struct active_parties *active,
                       struct error *err)
{
	struct ballot_box box;
	struct decrypting d = {.active = active, .share = share};
	digest closing;
	for (unsigned i = 0; i < active->count; i++)
		d.is_active[active->party[i]] = true;
	if (!can_decrypt(a, key, active, err) || !ballots_check(&box, a, key, err) ||
	    !closing_decide(&closing, a, key, &box, err))
		return false;
	for (unsigned l = 0; l < a->manifest->lists_count; l++) {
		if (box.list_sizes[l] == 0)
			continue;
		if (!stage_open(&d.stage, a, key, l, err))
			return false;
		d.n = box.list_sizes[l];
		d.stage.input = box.list_digests[l];
		d.stage.closing = closing;
		if (!decrypt_list(&d, err))
			return fail_within(err, d.stage.auxsid);
	}
	return true;
}
