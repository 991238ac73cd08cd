/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/memo_internal.h"
#include "authority/promise_internal.h"
#include "mixnet/shuffle.h"

/* The public frame of a proof directory: the same bytes whoever writes it. */
static bool write_frame(const struct list_stage *s, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	struct folder *r = s->a->record;
	struct arena *arena = s->a->world->arena;
	struct subfolder folder = s->folder;
	size_t mark = arena_mark(arena);
	bytes xml;
	proof_protinfo_path(path, s->list);
	bool good = proof_protinfo(&xml, s->a->manifest, &s->session, arena, err) &&
	            folder_write(r, path, true, xml, err) &&
	            mix_dir_write(&folder.folder, &s->session, &s->mix_key, MIX_MIXING,
	                          stage_last_mixer(s), err);
	arena_release(arena, mark);
	return good;
}

/* Who takes part may be decided anew as long as nobody else has shuffled. */
static bool begin_frame(const struct list_stage *s, struct error *err)
{
	struct endorsements e = stage_endorsements(s, "mix");
	bool begun = false;
	for (unsigned l = 1; l <= s->a->manifest->authorities_count; l++)
		begun |= l != s->a->index && endorsement_exists(&e, l);
	if (!begun)
		return write_frame(s, err);
	return stage_frame_is(s, NULL) ||
	       fail(err, ERROR_CONFLICT,
	            "authority: others have shuffled this list with other active authorities",
	            ERROR_NOWHERE);
}

static bool wait_for_predecessors(const struct list_stage *s, unsigned position, struct error *err)
{
	for (unsigned i = 0; i < position; i++)
		if (!stage_wait_shuffle(s, i, err))
			return false;
	return true;
}

/* Begun before the predecessors are waited for, for nothing else could be done meanwhile. */
static bool shuffle(digest *statement, struct list_stage *s, unsigned position, uint64_t n,
                    struct error *err)
{
	struct tally_world *w = s->a->world;
	struct subfolder folder = s->folder;
	struct mix_path input = stage_input(s, position);
	struct shuffle *own;
	digest list;
	struct shuffle_job job = {
		.session = &s->session,
		.folder = &folder.folder,
		.input = input.text,
		.party = s->chain.party[position],
		.y = &s->mix_key.y,
		.rng = w->rng,
		.workers = w->workers,
		.memory = w->arena,
		.progress = w->progress,
	};
	if (!shuffle_begin(&own, &job, n, err))
		return false;
	s->generators = shuffle_generators(own);
	/* Who takes part may have been decided anew while we waited. */
	bool good = wait_for_predecessors(s, position, err) && stage_wait_frame(s, err) &&
	            stage_check_shuffles(&list, s, position, err);
	s->generators = NULL;
	if (!good) {
		shuffle_abandon(own);
		return false;
	}
	return shuffle_finish(own, err) && stage_statement(statement, &list, s, position, err);
}

/*
 * A shuffle killed before its signature left at most files nobody signed: all four are made anew,
 * with fresh randomness, so that no commitment ever meets a second challenge.
 */
static bool discard_unsigned(const struct list_stage *s, unsigned position, struct error *err)
{
	static const enum mix_file files[] = {MIX_FILE_LIST, MIX_FILE_PERMUTATION,
	                                      MIX_FILE_POS_COMMITMENT, MIX_FILE_POS_REPLY};
	struct subfolder folder = s->folder;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct mix_path path = mix_path(files[i], s->chain.party[position]);
		if (!folder.folder.remove(&folder.folder, path.text, err))
			return false;
	}
	return true;
}

static bool mix_list(struct list_stage *s, uint64_t n, struct error *err)
{
	const unsigned mixers = s->chain.count;
	struct endorsements e = stage_endorsements(s, "mix");
	unsigned position = 0;
	digest statement, last;
	while (position < mixers && s->chain.party[position] != s->a->index)
		position++;
	if (position == mixers)
		return true;
	if (position == 0 && !begin_frame(s, err))
		return false;
	if (!stage_wait_frame(s, err))
		return false;
	if (endorsement_exists(&e, s->a->index))
		return wait_for_predecessors(s, position, err) &&
		       stage_check_shuffles(&last, s, position + 1, err);
	return discard_unsigned(s, position, err) && shuffle(&statement, s, position, n, err) &&
	       memo_keep(s->a, &statement, BYTES_NONE, err) &&
	       endorse(&e, s->a->index, s->a->identity, &statement, err);
}

static bool sign_closing(const struct authority *a, const struct election_key *key,
                         const struct ballot_box *box, struct error *err)
{
	struct endorsements e = {a->record, a->manifest, NULL, "close", 0};
	digest s;
	return closing_decide(&s, a, key, box, err) && endorse(&e, a->index, a->identity, &s, err);
}

/* Shuffles the list, or says that there is nothing to shuffle. */
static bool mix_or_declare_empty(struct list_stage *s, uint64_t n, struct error *err)
{
	struct endorsements e = stage_endorsements(s, "empty");
	digest empty = statement_empty(&s->key->eid, s->auxsid);
	if (n == 0)
		return endorse(&e, s->a->index, s->a->identity, &empty, err);
	return mix_list(s, n, err);
}

bool authority_mix(const struct authority *a, const struct election_key *key,
                   const struct active_parties *active, struct error *err)
{
	struct ballot_box box;
	struct active_parties chain = *active;
	require(active->count >= a->manifest->threshold);
	chain.count = a->manifest->threshold;
	if (!ballots_check(&box, a, key, err) || !sign_closing(a, key, &box, err))
		return false;
	for (unsigned l = 0; l < a->manifest->lists_count; l++) {
		struct list_stage s;
		if (!stage_open(&s, a, key, l, err))
			return false;
		s.chain = chain;
		s.input = box.list_digests[l];
		if (!mix_or_declare_empty(&s, box.list_sizes[l], err))
			return fail_within(err, s.auxsid);
	}
	return true;
}
