/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/home.h"
#include "authority/wait_internal.h"
#include "base/subfolder.h"
#include "files/pinned_folder.h"

struct step {
	struct ceremony_party *party;
	struct folder *ceremony;
	bool done;
};

static bool next_step(void *ctx, struct error *err)
{
	struct step *s = ctx;
	return ceremony_party_step(s->party, s->ceremony, CEREMONY_PATIENT, &s->done, err);
}

/*
 * Each wait has its own deadline; when it passes, the party decides whether it can go on without
 * those who are missing. If not even then, the wait's own error says who is waited for.
 */
static bool step_or_go_on(const struct authority *a, struct step *s, struct error *err)
{
	struct error wait, last;
	error_clear(&wait);
	error_clear(&last);
	if (wait_until(a, next_step, s, &wait))
		return true;
	bool over = wait.kind == ERROR_UNAVAILABLE && !(a->stopped && a->stopped());
	if (over && ceremony_party_step(s->party, s->ceremony, CEREMONY_DEADLINE, &s->done, &last))
		return true;
	if (err)
		*err = over && last.kind != ERROR_UNAVAILABLE ? last : wait;
	return false;
}

static bool hold(struct election_key *key, secret_scalar *share, const struct authority *a,
                 struct step *s, struct error *err)
{
	while (!s->done) {
		if (!step_or_go_on(a, s, err))
			return fail_within_index(err, "attempt", ceremony_party_attempt(s->party));
		progress_report(a->world->progress, "key ceremony", ceremony_party_round(s->party),
		                CEREMONY_ROUNDS);
	}
	if (!ceremony_key(key, a->manifest, s->ceremony, err))
		return false;
	return ceremony_party_share(share, s->party) ||
	       fail(err, ERROR_CONFLICT,
	            "ceremony: this authority has certified the key already, its share is in its home",
	            a->index);
}

static bool recollect(void *ctx, struct ceremony_past *out, struct error *err)
{
	const struct authority *a = ctx;
	const struct manifest *m = a->manifest;
	return home_ceremony_past(out, a->home, &m->d, m->authorities_count, err);
}

static bool remember(void *ctx, const struct ceremony_past *past, struct error *err)
{
	const struct authority *a = ctx;
	const struct manifest *m = a->manifest;
	return home_keep_ceremony_past(a->home, past, &m->d, m->authorities_count, err);
}

/* Anybody can put a file there before its author does: what is read must be the author's. */
static void doubt(void *ctx, const char *path, const struct error *why)
{
	const struct authority *a = ctx;
	struct error told;
	char whole[64];
	struct text t = TEXT_OF(whole);
	text_add(&t, "ceremony/");
	text_add(&t, path);
	require(!t.cut);
	pinned_folder_forget(a->record, whole);
	if (!why || !a->notice)
		return;
	error_clear(&told);
	fail_detail(&told, ERROR_REJECTED,
	            "ceremony: a file counts as absent, its party has not signed it for this place; "
	            "remove it",
	            ERROR_NOWHERE, whole);
	a->notice(a->notice_ctx, &told);
}

bool authority_ceremony(struct election_key *key, secret_scalar *share, const struct authority *a,
                        struct arena *locked, struct error *err)
{
	struct subfolder ceremony;
	struct step s = {.ceremony = &ceremony.folder};
	require(pinned_folder_is(a->record));
	if (!subfolder_init(&ceremony, a->record, "ceremony", err) ||
	    !ceremony_party_new(&s.party, a->manifest, a->index, a->identity, a->world->rng, locked,
	                        err))
		return false;
	struct authority self = *a; /* the seams' context is not const */
	ceremony_party_keep(s.party, a->keep_share, a->recall_share, a->keep_ctx);
	ceremony_party_doubt(s.party, doubt, &self);
	if (a->home)
		ceremony_party_remember(s.party, recollect, remember, &self);
	bool good = hold(key, share, a, &s, err);
	ceremony_party_wipe(s.party);
	return good;
}

bool authority_has_certified(const struct authority *a)
{
	struct subfolder ceremony;
	bool certified = false;
	return subfolder_init(&ceremony, a->record, "ceremony", NULL) &&
	       ceremony_certified_by(&certified, a->manifest, a->index, &ceremony.folder, NULL) &&
	       certified;
}

struct awaited {
	const struct authority *a;
	struct folder *ceremony;
	struct election_key *key;
};

static bool is_finished(void *ctx, struct error *err)
{
	struct awaited *w = ctx;
	return ceremony_verify(w->key, w->a->manifest, w->ceremony, err);
}

bool authority_await_key(struct election_key *key, const struct authority *a, struct error *err)
{
	struct subfolder ceremony;
	struct awaited w = {a, &ceremony.folder, key};
	return subfolder_init(&ceremony, a->record, "ceremony", err) &&
	       wait_until(a, is_finished, &w, err);
}
