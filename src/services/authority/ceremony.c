/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/wait_internal.h"
#include "base/subfolder.h"
#include "files/pinned_folder.h"

struct step {
	struct ceremony_party *party;
	struct folder *ceremony;
	struct progress *progress;
	unsigned steps;
	bool done;
};

static bool next_step(void *ctx, struct error *err)
{
	struct step *s = ctx;
	return ceremony_party_step(s->party, s->ceremony, &s->done, err);
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
	ceremony_party_keep(s.party, a->keep_share, a->keep_ctx);
	bool good = true;
	while (good && !s.done) {
		good = wait_until(a, next_step, &s, err);
		progress_report(a->world->progress, "key ceremony", ++s.steps, CEREMONY_ROUNDS + 1);
	}
	good = good && ceremony_verify(key, a->manifest, &ceremony.folder, err);
	if (good)
		ceremony_party_share(share, s.party);
	ceremony_party_wipe(s.party);
	return good;
}

static bool certificate_exists(const struct authority *a, unsigned party)
{
	char path[32];
	struct text t = TEXT_OF(path);
	text_add(&t, party < 10 ? "ceremony/r5-0" : "ceremony/r5-");
	text_add_u64(&t, party);
	text_add(&t, ".bt");
	require(!t.cut);
	return a->record->exists(a->record, path);
}

bool authority_has_certified(const struct authority *a)
{
	return certificate_exists(a, a->index);
}

static bool all_certified(void *ctx, struct error *err)
{
	const struct authority *a = ctx;
	for (unsigned l = 1; l <= a->manifest->authorities_count; l++)
		if (!certificate_exists(a, l)) {
			fail(err, ERROR_UNAVAILABLE, "ceremony: a certificate is not there yet", l);
			return fail_within_index(err, "party", l);
		}
	return true;
}

bool authority_await_key(struct election_key *key, const struct authority *a, struct error *err)
{
	struct subfolder ceremony;
	struct authority waiting = *a;
	return wait_until(a, all_certified, &waiting, err) &&
	       subfolder_init(&ceremony, a->record, "ceremony", err) &&
	       ceremony_verify(key, a->manifest, &ceremony.folder, err);
}
