/* SPDX-License-Identifier: Apache-2.0 */
#include "record/verify_internal.h"

#include "mixnet/verify.h"
#include "record/endorse.h"
#include "record/proof.h"

struct list_check {
	struct verification *v;
	unsigned list;
	char auxsid[AUXSID_BYTES];
	struct mix_session session;
	struct mix_facts facts;
	bool shuffle_bad, decryption_bad;
};

static bool list_report(struct list_check *l, const char *code, const char *sentence, bool good,
                        struct error *err)
{
	if (!good)
		fail_within(err, l->auxsid);
	return verification_check(l->v, code, sentence, good, err);
}

static bool protinfo_is_derived(struct list_check *l, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	struct arena *a = l->v->world->arena;
	bytes want, got;
	size_t mark = arena_mark(a);
	uint8_t *room = arena_take(a, PROTINFO_ROOM + 1, 1, err);
	proof_protinfo_path(path, l->list);
	bool good = room && proof_protinfo(&want, l->v->manifest, &l->session, a, err) &&
	            folder_read(l->v->record, path, room, PROTINFO_ROOM + 1, &got, err) &&
	            (bytes_equal(want, got) ||
	             fail(err, ERROR_REJECTED, "proof: protInfo.xml is not what the manifest gives",
	                  ERROR_NOWHERE));
	arena_release(a, mark);
	return good;
}

static void on_finding(void *ctx, const struct mix_finding *f)
{
	struct list_check *l = ctx;
	switch (f->check) {
	case MIX_CHECK_DECRYPTION_COMMITMENT:
	case MIX_CHECK_DECRYPTION_FACTORS:
	case MIX_CHECK_PLACEHOLDER:
	case MIX_CHECK_CORRECT_INDICES:
	case MIX_CHECK_PLAINTEXTS:
		l->decryption_bad = true;
		break;
	case MIX_CHECK_FILES:
	case MIX_CHECK_EXPECTATION:
	case MIX_CHECK_SHUFFLE_COUNT:
	case MIX_CHECK_CHAIN:
	case MIX_CHECK_A:
	case MIX_CHECK_B:
	case MIX_CHECK_C:
	case MIX_CHECK_D:
	case MIX_CHECK_F:
	case MIX_CHECK_CONSISTENT_A:
		l->shuffle_bad = true;
		break;
	}
}

/* Verificatum's other form of a shuffle would verify; but nobody signs its files as 9.3 has them.
 */
static bool not_prepared(struct folder *proof, struct error *err)
{
	struct mix_path maxciph = mix_path(MIX_FILE_MAXCIPH, 0);
	return !proof->exists(proof, maxciph.text) ||
	       fail_detail(err, ERROR_MALFORMED,
	                   "proof: a shuffle with pre-computation, which a record may not have",
	                   ERROR_NOWHERE, maxciph.text);
}

static bool directory_verifies(struct list_check *l, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	struct tally_world *w = l->v->world;
	struct subfolder folder;
	struct mix_key key;
	proof_folder_path(path, l->list);
	proof_key(&key, &l->v->key);
	size_t mark = arena_mark(w->arena);
	struct mix_verify_job job = {
		.session = &l->session,
		.expected = {.type = MIX_MIXING, .key = &key, .input = &l->v->box.list_digests[l->list]},
		.rng = w->rng,
		.workers = w->workers,
		.memory = w->arena,
		.progress = w->progress,
		.report = on_finding,
		.report_ctx = l,
	};
	bool good = subfolder_init(&folder, l->v->record, path, err);
	job.folder = &folder.folder;
	good = good && not_prepared(job.folder, err) && mix_verify(&job, &l->facts, err);
	arena_release(w->arena, mark);
	return good;
}

/* *list: of what the party shuffled; then of what came of it. */
static bool mix_statement(digest *out, digest *list, struct list_check *l, unsigned party,
                          struct error *err)
{
	struct folder *r = l->v->record;
	struct statement_mix s = {.party = party, .input = *list};
	bool good =
		proof_digest(&s.output, r, l->list, MIX_FILE_LIST, party, err) &&
		proof_digest(&s.permutation_commitment, r, l->list, MIX_FILE_PERMUTATION, party, err) &&
		proof_digest(&s.commitment, r, l->list, MIX_FILE_POS_COMMITMENT, party, err) &&
		proof_digest(&s.reply, r, l->list, MIX_FILE_POS_REPLY, party, err);
	if (!good)
		return false;
	*out = statement_mix(&l->v->key.eid, l->auxsid, &s);
	*list = s.output;
	return true;
}

/* Nobody may have signed any of these about this list: every byte of a record means something. */
static bool not_endorsed(struct list_check *l, const char *const *kinds, struct error *err)
{
	for (; *kinds; kinds++) {
		struct endorsements e = {l->v->record, l->v->manifest, l->auxsid, *kinds, 0};
		for (unsigned p = 1; p <= l->v->manifest->authorities_count; p++)
			if (endorsement_exists(&e, p)) {
				fail_detail(err, ERROR_REJECTED,
				            "endorsement: a statement that contradicts the list's size", p, *kinds);
				return fail_within_index(err, "party", p);
			}
	}
	return true;
}

/* Each shuffle signed by its author; nobody signs a shuffle that is not there. */
static bool mixes_endorsed(struct list_check *l, struct error *err)
{
	static const char *const of_empty_lists[] = {"empty", NULL};
	struct endorsements e = {l->v->record, l->v->manifest, l->auxsid, "mix", 0};
	digest list = l->facts.input;
	if (l->facts.layout.stray_list)
		return fail(err, ERROR_MALFORMED, "record: a list that no shuffle made", ERROR_NOWHERE);
	if (!not_endorsed(l, of_empty_lists, err))
		return false;
	for (unsigned p = 1; p <= l->v->manifest->authorities_count; p++) {
		digest s;
		if (!l->facts.layout.shuffled[p]) {
			if (!endorsement_exists(&e, p))
				continue;
			fail(err, ERROR_REJECTED, "endorsement: of a shuffle that is not there", p);
			return fail_within_index(err, "party", p);
		}
		if (!mix_statement(&s, &list, l, p, err) || !endorsement_of(&e, p, &s, err))
			return false;
	}
	return true;
}

/* Who decrypts in the attempt that the record ends with, and its number. */
struct active {
	unsigned attempt, count;
	bool is[LIMIT_PARTIES + 1];
};

/* All who decrypt have signed that they are ready, before anything is decrypted; so they are those
 * whose word is there. Every stage is of the same attempt. */
static bool find_active(struct active *out, struct list_check *l, struct error *err)
{
	static const char *const kinds[] = {"ready", "factors", "commitments"};
	*out = (struct active){0};
	for (unsigned i = 0; i < 3; i++) {
		unsigned attempt;
		struct endorsements e = {l->v->record, l->v->manifest, l->auxsid, kinds[i], 0};
		if (!endorsements_attempt(&attempt, &e, err))
			return false;
		if (i > 0 && attempt != out->attempt)
			return fail_detail(err, ERROR_REJECTED, "endorsement: stages of different attempts",
			                   attempt, kinds[i]);
		out->attempt = attempt;
	}
	struct endorsements ready = {l->v->record, l->v->manifest, l->auxsid, "ready", 0};
	for (unsigned p = 1; p <= l->v->manifest->authorities_count; p++)
		out->count += out->is[p] = endorsement_exists(&ready, p);
	return out->count >= l->v->manifest->threshold ||
	       fail(err, ERROR_REJECTED, "endorsement: fewer parties are ready than the threshold",
	            out->count);
}

/* Every party marked correct signed each stage; whoever else signed, truly. */
static bool stage_endorsed(struct list_check *l, const char *kind, const struct active *active,
                           const digest *statement, struct error *err)
{
	bool signed_by[LIMIT_PARTIES + 1];
	struct endorsements e = {l->v->record, l->v->manifest, l->auxsid, kind, active->attempt};
	if (!endorsements_read(signed_by, &e, statement, err))
		return false;
	for (unsigned p = 1; p <= l->v->manifest->authorities_count; p++) {
		const char *what = NULL;
		if (l->facts.correct[p] && !signed_by[p])
			what = "endorsement: a party that decrypted did not sign this stage";
		else if (signed_by[p] && !active->is[p])
			what = "endorsement: of a party that takes no part in this attempt";
		if (!what)
			continue;
		fail_detail(err, ERROR_REJECTED, what, p, kind);
		return fail_within_index(err, "party", p);
	}
	return true;
}

/* A party that takes no part leaves Verificatum's placeholders: infinity everywhere. */
static bool is_placeholder(struct list_check *l, enum mix_file file, unsigned party,
                           struct error *err)
{
	static const uint8_t infinity[33] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	                                     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	                                     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	                                     0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	char path[RECORD_PATH_BYTES];
	struct source *s;
	proof_file_path(path, l->list, file, party);
	if (!l->v->record->open(l->v->record, path, &s, err))
		return false;
	bool good = true;
	for (uint64_t left = s->size; good && left > 0;) {
		uint8_t header[TREE_HEADER_BYTES], leaf[sizeof infinity];
		good = source_read(s, header, sizeof header, err);
		left -= sizeof header; /* of the right size: mix_layout_read */
		if (!good || header[0] == 0)
			continue;
		good =
			source_read(s, leaf, sizeof leaf, err) &&
			(memcmp(leaf, infinity, sizeof leaf) == 0 ||
		     fail_detail(err, ERROR_REJECTED,
		                 "decryption: a party that takes no part has left something", party, path));
		left -= sizeof leaf;
	}
	source_close(s);
	return good;
}

static bool others_are_absent(struct list_check *l, const struct active *active, struct error *err)
{
	for (unsigned p = 1; p <= l->v->manifest->authorities_count; p++) {
		if (active->is[p])
			continue;
		if (l->facts.correct[p])
			return fail(err, ERROR_REJECTED, "decryption: a party that is not ready decrypted", p);
		if (!is_placeholder(l, MIX_FILE_FACTORS, p, err) ||
		    !is_placeholder(l, MIX_FILE_DECRYPTION_COMMITMENT, p, err))
			return false;
	}
	return true;
}

static bool decryption_endorsed(struct list_check *l, struct error *err)
{
	const struct election_key *key = &l->v->key;
	struct folder *r = l->v->record;
	struct active active;
	digest parts[LIMIT_PARTIES];
	if (!find_active(&active, l, err) || !others_are_absent(l, &active, err))
		return false;
	const struct statement_attempt about = {&key->eid, l->auxsid, active.attempt};
	digest s = statement_ready(&about, &l->facts.output, active.is, key->parties);
	if (!stage_endorsed(l, "ready", &active, &s, err) ||
	    !proof_digests(parts, r, l->list, MIX_FILE_FACTORS, key->parties, err))
		return false;
	s = statement_factors(&about, parts, key->parties);
	if (!stage_endorsed(l, "factors", &active, &s, err) ||
	    !proof_digests(parts, r, l->list, MIX_FILE_DECRYPTION_COMMITMENT, key->parties, err))
		return false;
	s = statement_commitments(&about, parts, key->parties);
	return stage_endorsed(l, "commitments", &active, &s, err);
}

static bool no_entry(void *ctx, const struct folder_entry *e, struct error *err)
{
	(void)ctx;
	return fail_detail(err, ERROR_MALFORMED, "record: a proof of a list without ballots",
	                   ERROR_NOWHERE, e->name);
}

static bool empty_list_endorsed(struct list_check *l, struct error *err)
{
	static const char *const of_mixed_lists[] = {"mix", "ready", "factors", "commitments", NULL};
	char path[RECORD_PATH_BYTES];
	bool signed_by[LIMIT_PARTIES + 1];
	struct folder *r = l->v->record;
	struct endorsements e = {r, l->v->manifest, l->auxsid, "empty", 0};
	digest s = statement_empty(&l->v->key.eid, l->auxsid);
	struct text t = TEXT_OF(path);
	text_add(&t, "proof/");
	text_add(&t, l->auxsid);
	return r->list(r, path, no_entry, NULL, err) && not_endorsed(l, of_mixed_lists, err) &&
	       endorsements_read(signed_by, &e, &s, err) &&
	       endorsements_enough(signed_by, l->v->manifest->threshold, err);
}

static void verify_list(struct list_check *l)
{
	struct error err;
	error_clear(&err);
	if (l->v->box.list_sizes[l->list] == 0) {
		list_report(l, "8.5", "a list without ballots is declared empty by t authorities",
		            empty_list_endorsed(l, &err), &err);
		return;
	}
	bool good = proof_session(&l->session, l->v->manifest, &l->v->key, l->list, &err) &&
	            protinfo_is_derived(l, &err);
	if (!list_report(l, "8.1", "protInfo.xml is the one the manifest and the key give", good, &err))
		return;
	good = directory_verifies(l, &err);
	bool mixed = list_report(l, "8.2", "t shuffles, chained from the ballots, each proved",
	                         good || (l->decryption_bad && !l->shuffle_bad), &err);
	if (mixed)
		list_report(l, "9.1", "decryption: every party's equations, the plaintexts", good, &err);
	else
		verification_note(l->v, "9.1", "decryption", CHECK_SKIPPED, "the shuffles do not hold");
	if (!good)
		return;
	list_report(l, "8.3", "each shuffle is signed by its author", mixes_endorsed(l, &err), &err);
	list_report(l, "9.2", "readiness and both freezes are signed by all who decrypted",
	            decryption_endorsed(l, &err), &err);
}

void verify_proofs(struct verification *v)
{
	for (unsigned i = 0; i < v->manifest->lists_count; i++) {
		struct list_check l = {.v = v, .list = i};
		list_auxsid(l.auxsid, i);
		verify_list(&l);
	}
}
