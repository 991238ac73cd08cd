/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/stage_internal.h"

#include "authority/memo_internal.h"
#include "files/pinned_folder.h"
#include "hash/tagged.h"

bool stage_open(struct list_stage *s, const struct authority *a, const struct election_key *key,
                unsigned list, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	*s = (struct list_stage){.a = a, .key = key, .list = list};
	list_auxsid(s->auxsid, list);
	proof_folder_path(path, list);
	proof_key(&s->mix_key, key);
	return proof_session(&s->session, a->manifest, key, list, err) &&
	       subfolder_init(&s->folder, a->record, path, err);
}

struct endorsements stage_endorsements(const struct list_stage *s, const char *kind)
{
	return (struct endorsements){s->a->record, s->a->manifest, s->auxsid, kind, 0};
}

struct mix_path stage_input(const struct list_stage *s, unsigned position)
{
	return position ? mix_path(MIX_FILE_LIST, s->chain.party[position - 1])
	                : mix_path(MIX_FILE_INPUT, 0);
}

unsigned stage_last_mixer(const struct list_stage *s)
{
	return s->chain.party[s->chain.count - 1];
}

/* Who the proof directory says shuffles last, as others see it now; 0 when it does not. */
static unsigned frame_last(const struct list_stage *s)
{
	char path[RECORD_PATH_BYTES];
	uint8_t room[4];
	bytes got;
	struct folder *live = s->a->live;
	proof_file_path(path, s->list, MIX_FILE_ACTIVETHRESHOLD, 0);
	if (!live->exists(live, path) || !folder_read(live, path, room, sizeof room, &got, NULL))
		return 0;
	for (unsigned l = 1; l <= s->session.parties; l++) {
		char number[16];
		struct text t = TEXT_OF(number);
		text_add_u64(&t, l);
		if (bytes_equal(got, bytes_of_text(number)))
			return l;
	}
	return 0;
}

void stage_read_chain(struct list_stage *s, const bool *able)
{
	const struct shuffle_place place = {s->a->live, s->a->manifest, &s->key->eid, s->list,
	                                    &s->input};
	enum chain_hope hope;
	shuffle_tree_read(&s->tree, &place);
	const unsigned last = shuffle_tree_last(&hope, &s->tree, s->session.threshold, able);
	s->chain.count = shuffle_tree_way(s->chain.party, &s->tree, last);
}

bool stage_in_chain(const struct list_stage *s, unsigned party)
{
	bool found = false;
	for (unsigned i = 0; i < s->chain.count; i++)
		found = found || s->chain.party[i] == party;
	return found;
}

void stage_tell_strays(struct list_stage *s)
{
	const struct authority *a = s->a;
	for (unsigned l = 1; a->notice && l <= s->session.parties; l++) {
		struct error said;
		if (s->tree.of[l].state == SHUFFLE_NONE || s->told[l] || stage_in_chain(s, l))
			continue;
		error_clear(&said);
		fail(&said, ERROR_REJECTED,
		     s->tree.of[l].state == SHUFFLE_COUNTS
		         ? "mix: this party's shuffle is not of the chain that the others go on with; "
		           "it must go to evidence"
		         : "mix: what lies in the place of this party's shuffle is not signed by it for "
		           "these files; it counts for nothing, and must go to evidence",
		     l);
		fail_within_index(&said, "party", l);
		fail_within(&said, s->auxsid);
		a->notice(a->notice_ctx, &said);
		s->told[l] = true;
	}
}

bool stage_same_signature(const struct list_stage *s, unsigned party)
{
	char path[RECORD_PATH_BYTES];
	digest pinned, live;
	endorsement_path(path, s->auxsid, "mix", party);
	return record_file_digest(&pinned, s->a->record, path, NULL) &&
	       record_file_digest(&live, s->a->live, path, NULL) && digest_equal(&pinned, &live);
}

void stage_forget_shuffle(const struct list_stage *s, unsigned party)
{
	static const enum mix_file files[] = {MIX_FILE_LIST, MIX_FILE_PERMUTATION,
	                                      MIX_FILE_POS_COMMITMENT, MIX_FILE_POS_REPLY};
	char path[RECORD_PATH_BYTES];
	endorsement_path(path, s->auxsid, "mix", party);
	pinned_folder_forget(s->a->record, path);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		proof_file_path(path, s->list, files[i], party);
		pinned_folder_forget(s->a->record, path);
	}
}

bool stage_statement(digest *out, digest *output, const struct list_stage *s, unsigned position,
                     struct error *err)
{
	struct folder *r = s->a->record;
	unsigned party = s->chain.party[position];
	struct statement_mix m = {.party = party};
	bool good = position ? proof_digest(&m.input, r, s->list, MIX_FILE_LIST,
	                                    s->chain.party[position - 1], err)
	                     : proof_digest(&m.input, r, s->list, MIX_FILE_INPUT, 0, err);
	good = good && proof_digest(&m.output, r, s->list, MIX_FILE_LIST, party, err) &&
	       proof_digest(&m.permutation_commitment, r, s->list, MIX_FILE_PERMUTATION, party, err) &&
	       proof_digest(&m.commitment, r, s->list, MIX_FILE_POS_COMMITMENT, party, err) &&
	       proof_digest(&m.reply, r, s->list, MIX_FILE_POS_REPLY, party, err);
	if (good) {
		*out = statement_mix(&s->key->eid, s->auxsid, &m);
		*output = m.output;
	}
	return good;
}

static bool prove_shuffles(const struct list_stage *s, unsigned first, unsigned count,
                           struct error *err)
{
	struct tally_world *w = s->a->world;
	struct subfolder folder = s->folder;
	size_t mark = arena_mark(w->arena);
	digest input = s->input;
	unsigned after = first ? s->chain.party[first - 1] : 0;
	if (first && !proof_digest(&input, s->a->record, s->list, MIX_FILE_LIST, after, err))
		return false;
	struct mix_verify_job job = {
		.folder = &folder.folder,
		.session = &s->session,
		.expected = {.any_type = true, .key = &s->mix_key, .input = &input},
		.after = after,
		.rng = w->rng,
		.workers = w->workers,
		.memory = w->arena,
		.progress = w->progress,
		.generators = s->generators,
	};
	bool good = mix_verify_shuffles(&job, s->chain.party + first, count - first, NULL, err);
	arena_release(w->arena, mark);
	return good;
}

/* The proof of a shuffle is not checked again when its statement, which binds input, output and
 * proof by their digests, was checked before by this authority, or made by it. */
bool stage_check_shuffles(digest *last, const struct list_stage *s, unsigned count,
                          struct error *err)
{
	struct endorsements e = stage_endorsements(s, "mix");
	uint8_t room[MEMO_MAX];
	digest statements[LIMIT_PARTIES], input;
	unsigned known = 0;
	bytes nothing;
	if (!proof_digest(&input, s->a->record, s->list, MIX_FILE_INPUT, 0, err))
		return false;
	if (!digest_equal(&input, &s->input))
		return fail(err, ERROR_REJECTED, "authority: the list mixed is not the one of the ballots",
		            ERROR_NOWHERE);
	*last = input;
	for (unsigned i = 0; i < count; i++)
		if (!stage_statement(&statements[i], last, s, i, err) ||
		    !endorsement_of(&e, s->chain.party[i], &statements[i], err))
			return false;
	while (known < count && memo_find(&nothing, room, s->a, &statements[known]))
		known++;
	if (known == count)
		return true;
	if (!prove_shuffles(s, known, count, err))
		return false;
	for (unsigned i = known; i < count; i++)
		if (!memo_keep(s->a, &statements[i], BYTES_NONE, err))
			return false;
	return true;
}

bool stage_plaintexts_memo(digest *about, const struct list_stage *s, struct error *err)
{
	digest plaintexts;
	struct hash h;
	if (!proof_digest(&plaintexts, s->a->record, s->list, MIX_FILE_PLAINTEXTS, 0, err))
		return false;
	tagged_digest_init(&h, "checked-plaintexts", 4);
	tree_hash_leaf(&h, BYTES_OF(s->key->eid.b));
	tree_hash_leaf(&h, bytes_of_text(s->auxsid));
	tree_hash_leaf(&h, BYTES_OF(s->input.b));
	tree_hash_leaf(&h, BYTES_OF(plaintexts.b));
	*about = tagged_digest_finish(&h);
	return true;
}

bool stage_check_plaintexts(const struct list_stage *s, struct error *err)
{
	struct tally_world *w = s->a->world;
	struct subfolder folder = s->folder;
	uint8_t room[MEMO_MAX];
	bytes nothing;
	digest about;
	if (!stage_plaintexts_memo(&about, s, err))
		return false;
	if (memo_find(&nothing, room, s->a, &about))
		return true;
	size_t mark = arena_mark(w->arena);
	struct mix_verify_job job = {
		.folder = &folder.folder,
		.session = &s->session,
		.expected = {.type = MIX_MIXING, .key = &s->mix_key, .input = &s->input},
		.rng = w->rng,
		.workers = w->workers,
		.memory = w->arena,
		.progress = w->progress,
	};
	bool good = mix_verify(&job, NULL, err);
	arena_release(w->arena, mark);
	return good && memo_keep(s->a, &about, BYTES_NONE, err);
}

/* UNAVAILABLE, with whom it is about in front of the detail. */
static bool not_yet(const char *what, unsigned party, struct error *err)
{
	fail(err, ERROR_UNAVAILABLE, what, party);
	return fail_within_index(err, "party", party);
}

static bool two_chains(const struct active_parties *chain, struct error *err)
{
	char room[3 * LIMIT_PARTIES + 1];
	struct text t = TEXT_OF(room);
	for (unsigned i = 0; i < chain->count; i++) {
		text_add(&t, i ? "," : "");
		text_add_u64(&t, chain->party[i]);
	}
	return fail_detail(err, ERROR_REJECTED,
	                   "authority: more than one chain of shuffles is complete, and one is enough; "
	                   "whoever is not in this one must be set aside to evidence",
	                   chain->count, room);
}

static bool not_enough(const struct list_stage *s, struct error *err)
{
	const struct active_parties *chain = &s->chain;
	const char *between = "; not of the chain: party ";
	char room[128];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, chain->count);
	text_add(&t, " of ");
	text_add_u64(&t, s->session.threshold);
	text_add(&t, " shuffles");
	if (chain->count) {
		text_add(&t, ", the last by party ");
		text_add_u64(&t, chain->party[chain->count - 1]);
	}
	for (unsigned l = 1; l <= s->session.parties; l++) {
		if (s->tree.of[l].state == SHUFFLE_NONE || stage_in_chain(s, l))
			continue;
		text_add(&t, between);
		text_add_u64(&t, l);
		between = ", ";
	}
	return fail_detail(err, ERROR_UNAVAILABLE, "authority: this list is not mixed to the end yet",
	                   chain->count, room);
}

static bool chain_is_there(void *ctx, struct error *err)
{
	struct list_stage *s = ctx;
	const unsigned last = frame_last(s), threshold = s->session.threshold;
	stage_read_chain(s, NULL);
	if (shuffle_tree_complete(&s->tree, threshold) > 1)
		return two_chains(&s->chain, err);
	if (s->chain.count < threshold)
		return not_enough(s, err);
	return last == stage_last_mixer(s) ||
	       not_yet("authority: its shuffle is not finished", stage_last_mixer(s), err);
}

bool stage_wait_chain(struct list_stage *s, struct error *err)
{
	bool good = wait_until(s->a, chain_is_there, s, err);
	stage_tell_strays(s);
	return good;
}
