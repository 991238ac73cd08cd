/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/stage_internal.h"

#include "authority/memo_internal.h"
#include "files/pinned_folder.h"
#include "hash/tagged.h"

bool stage_open(struct list_stage *s, const struct authority *a, const struct election_key *key,
                const struct active_parties *active, unsigned group, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	*s = (struct list_stage){.a = a, .key = key, .active = active, .group = group};
	list_auxsid(s->auxsid, group);
	proof_folder_path(path, group);
	proof_key(&s->mix_key, key);
	return proof_session(&s->session, a->manifest, key, group, err) &&
	       subfolder_init(&s->folder, a->record, path, err);
}

struct endorsements stage_endorsements(const struct list_stage *s, const char *kind)
{
	return (struct endorsements){s->a->record, s->a->manifest, s->auxsid, kind};
}

struct signatures {
	const struct list_stage *stage;
	const char *kind;
	const digest *statement;
};

static bool all_signed(void *ctx, struct error *err)
{
	struct signatures *w = ctx;
	struct endorsements e = stage_endorsements(w->stage, w->kind);
	for (unsigned i = 0; i < w->stage->active->count; i++) {
		unsigned party = w->stage->active->party[i];
		if (!endorsement_exists(&e, party)) {
			fail(err, ERROR_UNAVAILABLE, "authority: an endorsement is not there yet", party);
			fail_within(err, w->kind);
			return fail_within_index(err, "party", party);
		}
		if (!endorsement_of(&e, party, w->statement, err))
			return false;
	}
	return true;
}

bool stage_wait_signed(const struct list_stage *s, const char *kind, const digest *statement,
                       struct error *err)
{
	struct signatures w = {s, kind, statement};
	return wait_until(s->a, all_signed, &w, err);
}

struct files {
	const struct list_stage *stage;
	enum mix_file file;
};

static bool all_there(void *ctx, struct error *err)
{
	struct files *w = ctx;
	struct folder *f = w->stage->a->record;
	for (unsigned l = 1; l <= w->stage->session.parties; l++) {
		char path[RECORD_PATH_BYTES];
		struct mix_path inside = mix_path(w->file, l);
		proof_folder_path(path, w->stage->group);
		struct text t = {path, sizeof path, strlen(path), false};
		text_add(&t, "/");
		text_add(&t, inside.text);
		if (!f->exists(f, path))
			return fail_detail(err, ERROR_UNAVAILABLE, "authority: a file is not there yet", l,
			                   path);
	}
	return true;
}

bool stage_wait_files(const struct list_stage *s, enum mix_file file, struct error *err)
{
	struct files w = {s, file};
	return wait_until(s->a, all_there, &w, err);
}

struct mix_path stage_input(const struct list_stage *s, unsigned position)
{
	return position ? mix_path(MIX_FILE_LIST, s->active->party[position - 1])
	                : mix_path(MIX_FILE_INPUT, 0);
}

unsigned stage_last_mixer(const struct list_stage *s)
{
	return s->active->party[s->a->manifest->threshold - 1];
}

bool stage_frame_is(const struct list_stage *s, struct error *err)
{
	char want[16], path[RECORD_PATH_BYTES];
	uint8_t room[16];
	bytes got;
	struct text t = TEXT_OF(want);
	struct folder *live = s->a->live;
	struct mix_path inside = mix_path(MIX_FILE_ACTIVETHRESHOLD, 0);
	text_add_u64(&t, stage_last_mixer(s));
	proof_folder_path(path, s->group);
	t = (struct text){path, sizeof path, strlen(path), false};
	text_add(&t, "/");
	text_add(&t, inside.text);
	require(!t.cut);
	if (live->exists(live, path) && folder_read(live, path, room, sizeof room, &got, NULL) &&
	    bytes_equal(got, bytes_of_text(want)))
		return true;
	fail_detail(err, ERROR_UNAVAILABLE,
	            "authority: the proof was not begun, or with other active authorities",
	            ERROR_NOWHERE, "has begun no proof for this set of active authorities");
	return fail_within_index(err, "party", s->active->party[0]);
}

static bool frame_is(void *ctx, struct error *err)
{
	return stage_frame_is(ctx, err);
}

bool stage_wait_frame(const struct list_stage *s, struct error *err)
{
	struct list_stage copy = *s;
	return wait_until(s->a, frame_is, &copy, err);
}

bool stage_statement(digest *out, digest *output, const struct list_stage *s, unsigned position,
                     struct error *err)
{
	struct folder *r = s->a->record;
	unsigned party = s->active->party[position];
	struct statement_mix m = {.party = party};
	bool good = position ? proof_digest(&m.input, r, s->group, MIX_FILE_LIST,
	                                    s->active->party[position - 1], err)
	                     : proof_digest(&m.input, r, s->group, MIX_FILE_INPUT, 0, err);
	good = good && proof_digest(&m.output, r, s->group, MIX_FILE_LIST, party, err) &&
	       proof_digest(&m.permutation_commitment, r, s->group, MIX_FILE_PERMUTATION, party, err) &&
	       proof_digest(&m.commitment, r, s->group, MIX_FILE_POS_COMMITMENT, party, err) &&
	       proof_digest(&m.reply, r, s->group, MIX_FILE_POS_REPLY, party, err);
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
	unsigned after = first ? s->active->party[first - 1] : 0;
	if (first && !proof_digest(&input, s->a->record, s->group, MIX_FILE_LIST, after, err))
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
	bool good = mix_verify_shuffles(&job, s->active->party + first, count - first, NULL, err);
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
	if (!proof_digest(&input, s->a->record, s->group, MIX_FILE_INPUT, 0, err))
		return false;
	if (!digest_equal(&input, &s->input))
		return fail(err, ERROR_REJECTED, "authority: the list mixed is not the one of the ballots",
		            ERROR_NOWHERE);
	*last = input;
	for (unsigned i = 0; i < count; i++)
		if (!stage_statement(&statements[i], last, s, i, err) ||
		    !endorsement_of(&e, s->active->party[i], &statements[i], err))
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
	if (!proof_digest(&plaintexts, s->a->record, s->group, MIX_FILE_PLAINTEXTS, 0, err))
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

struct shuffle_wait {
	const struct list_stage *stage;
	unsigned position;
};

static bool shuffle_is_signed(void *ctx, struct error *err)
{
	struct shuffle_wait *w = ctx;
	struct endorsements e = stage_endorsements(w->stage, "mix");
	unsigned party = w->stage->active->party[w->position];
	if (endorsement_exists(&e, party))
		return true;
	fail(err, ERROR_UNAVAILABLE, "authority: a shuffle is not there yet", party);
	return fail_within_index(err, "party", party);
}

bool stage_wait_shuffle(const struct list_stage *s, unsigned position, struct error *err)
{
	struct shuffle_wait w = {s, position};
	return wait_until(s->a, shuffle_is_signed, &w, err);
}

/* What the check of the ballots gave, under the digest of election and file. */
static bool ballots_memo(digest *about, const struct authority *a, const struct election_key *key,
                         struct error *err)
{
	digest file;
	struct hash h;
	if (!record_file_digest(&file, a->record, "ballots.bt", err))
		return false;
	tagged_digest_init(&h, "checked-ballots", 3);
	tree_hash_leaf(&h, BYTES_OF(key->eid.b));
	tree_hash_leaf(&h, BYTES_OF(file.b));
	tree_hash_u32(&h, (uint32_t)sizeof(struct ballot_box));
	*about = tagged_digest_finish(&h);
	return true;
}

/* A memo says nothing about the lists in the record: they must lie there as derived. */
static bool lists_are_there(const struct ballot_box *box, const struct authority *a)
{
	for (unsigned g = 0; g < a->manifest->groups_count; g++) {
		digest found;
		if (box->list_sizes[g] && (!proof_digest(&found, a->record, g, MIX_FILE_INPUT, 0, NULL) ||
		                           !digest_equal(&found, &box->list_digests[g])))
			return false;
	}
	return true;
}

static bool ballots_read(struct ballot_box *box, const struct authority *a,
                         const struct election_key *key, struct error *err)
{
	uint8_t room[MEMO_MAX];
	bytes known;
	digest about;
	_Static_assert(sizeof *box < MEMO_MAX, "a memo holds a ballot box");
	require(pinned_folder_is(a->record));
	if (!ballots_memo(&about, a, key, err))
		return false;
	if (memo_find(&known, room, a, &about) && known.len == sizeof *box) {
		memcpy(box, known.p, sizeof *box);
		if (lists_are_there(box, a))
			return true;
	}
	return ballot_box_read(box, a->manifest, key, a->record, true, a->world, err) &&
	       memo_keep(a, &about, bytes_of(box, sizeof *box), err);
}

bool ballots_check(struct ballot_box *box, const struct authority *a,
                   const struct election_key *key, struct error *err)
{
	if (!ballots_read(box, a, key, err))
		return false;
	for (unsigned g = 0; g < a->manifest->groups_count; g++)
		if (!list_size_check(a->manifest, box, g, err))
			return false;
	return true;
}

static void closing_path(char out[static 32], const struct election_key *key)
{
	struct text t = {out, 32, 0, false};
	text_add(&t, "closed-");
	text_add_hex(&t, bytes_of(key->eid.b, 8));
	require(!t.cut);
}

bool closing_decide(digest *statement, const struct authority *a, const struct election_key *key,
                    const struct ballot_box *box, struct error *err)
{
	char path[32], text[66];
	uint8_t room[80];
	bytes kept;
	*statement = statement_close(&key->eid, box->log_size, &box->root);
	if (!a->home)
		return true;
	closing_path(path, key);
	hex_encode(text, BYTES_OF(statement->b));
	text[64] = '\n';
	if (!a->home->exists(a->home, path))
		return folder_write(a->home, path, false, bytes_of(text, 65), err);
	if (!folder_read(a->home, path, room, sizeof room, &kept, err))
		return false;
	return bytes_equal(kept, bytes_of(text, 65)) ||
	       fail_detail(err, ERROR_CONFLICT,
	                   "authority: this election was closed before with other ballots; a second "
	                   "tally would show what single ballots say",
	                   ERROR_NOWHERE, path);
}
