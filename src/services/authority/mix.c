/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mixing: who shuffles is decided by the record as everybody sees it. The chain is who has signed a
 * shuffle of the list, ascending; the next candidate above its last one continues it.
 */
#include "authority/memo_internal.h"
#include "authority/promise_internal.h"
#include "mixnet/shuffle.h"

/* How often the chain may change under a party's hands before it gives up. */
#define ROUNDS_MAX 16u

/* One party's way through one list. */
struct mixing {
	struct list_stage *s;
	const struct active_parties *mixers;
	uint64_t n;
	bool passed_over[LIMIT_PARTIES + 1]; /* waited for in vain */
	enum { TURN_OWN, TURN_WAIT, TURN_OVER } turn;
	unsigned next;  /* whose turn it is */
	unsigned seen;  /* shuffles signed when a wait began */
	unsigned place; /* in the chain, if everybody before comes; from 0 */
	struct shuffle_job job;
	struct subfolder folder;
	struct mix_path input;
	struct shuffle *own; /* begun */
};

static unsigned last_of(const struct active_parties *chain)
{
	return chain->count ? chain->party[chain->count - 1] : 0;
}

static bool may_follow(const struct mixing *m, unsigned party)
{
	return party > last_of(&m->s->chain) && !m->passed_over[party];
}

/* Whose turn it is, as the record shows it to everybody. */
static void look(struct mixing *m)
{
	struct list_stage *s = m->s;
	const unsigned own = s->a->index;
	stage_read_chain(s);
	m->next = 0;
	m->place = s->chain.count;
	for (unsigned i = 0; i < m->mixers->count; i++) {
		unsigned party = m->mixers->party[i];
		if (!may_follow(m, party))
			continue;
		m->next = m->next ? m->next : party;
		m->place += party < own;
	}
	if (s->chain.count >= s->session.threshold || last_of(&s->chain) > own)
		m->turn = TURN_OVER;
	else
		m->turn = m->next == own ? TURN_OWN : TURN_WAIT;
}

/* --- waiting for the turn --- */

static bool turn_changed(void *ctx, struct error *err)
{
	struct mixing *m = ctx;
	look(m);
	if (m->turn != TURN_WAIT || m->s->chain.count != m->seen)
		return true;
	fail(err, ERROR_UNAVAILABLE, "authority: a shuffle is not there yet", m->next);
	return fail_within_index(err, "party", m->next);
}

/* Enough are left without it. */
static bool can_pass_over(const struct mixing *m, unsigned party)
{
	unsigned left = m->s->chain.count;
	for (unsigned i = 0; i < m->mixers->count; i++)
		left += m->mixers->party[i] != party && may_follow(m, m->mixers->party[i]);
	return left >= m->s->session.threshold;
}

/* A deadline has passed: the next of higher index takes the place, where enough are left. */
static bool pass_over(struct mixing *m, const struct error *why, struct error *err)
{
	const struct authority *a = m->s->a;
	struct error said;
	bool late = why->kind == ERROR_UNAVAILABLE && !(a->stopped && a->stopped());
	if (!late || !can_pass_over(m, m->next)) {
		if (err)
			*err = *why;
		return false;
	}
	m->passed_over[m->next] = true;
	error_clear(&said);
	fail(&said, ERROR_UNAVAILABLE, "mix: waited for it in vain, another party takes its place",
	     m->next);
	fail_within_index(&said, "party", m->next);
	fail_within(&said, m->s->auxsid);
	if (a->notice)
		a->notice(a->notice_ctx, &said);
	return true;
}

/* Begun before the turn comes, if it is likely to: nothing else could be done meanwhile. */
static bool begin(struct mixing *m, struct error *err)
{
	struct tally_world *w = m->s->a->world;
	if (m->own || m->place >= m->s->session.threshold)
		return true;
	m->folder = m->s->folder;
	m->job = (struct shuffle_job){
		.session = &m->s->session,
		.folder = &m->folder.folder,
		.input = m->input.text,
		.party = m->s->a->index,
		.y = &m->s->mix_key.y,
		.rng = w->rng,
		.workers = w->workers,
		.memory = w->arena,
		.progress = w->progress,
	};
	return shuffle_begin(&m->own, &m->job, m->n, err);
}

static bool wait_for_turn(struct mixing *m, struct error *err)
{
	look(m);
	while (m->turn == TURN_WAIT) {
		struct error why;
		error_clear(&why);
		m->seen = m->s->chain.count;
		if (!begin(m, err))
			return false;
		if (!wait_until(m->s->a, turn_changed, m, &why) && !pass_over(m, &why, err))
			return false;
		look(m);
	}
	return true;
}

/* --- shuffling --- */

/*
 * The public frame of a proof directory: the same bytes whoever writes it, but for who shuffled
 * last. So each writes it before it signs.
 */
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

/*
 * A shuffle killed before its signature left at most files nobody signed: all four are made anew,
 * with fresh randomness, so that no commitment ever meets a second challenge.
 */
static bool discard_unsigned(const struct list_stage *s, struct error *err)
{
	static const enum mix_file files[] = {MIX_FILE_LIST, MIX_FILE_PERMUTATION,
	                                      MIX_FILE_POS_COMMITMENT, MIX_FILE_POS_REPLY};
	struct subfolder folder = s->folder;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct mix_path path = mix_path(files[i], s->a->index);
		if (!folder.folder.remove(&folder.folder, path.text, err))
			return false;
	}
	return true;
}

/* All shuffles so far are proved and signed by their authors, whoever they are. */
static bool shuffle(digest *statement, struct mixing *m, struct error *err)
{
	struct list_stage *s = m->s;
	const unsigned position = s->chain.count;
	digest list;
	m->input = stage_input(s, position);
	s->chain.party[s->chain.count++] = s->a->index;
	bool good = write_frame(s, err) && begin(m, err);
	s->generators = good ? shuffle_generators(m->own) : NULL;
	good = good && stage_check_shuffles(&list, s, position, err);
	s->generators = NULL;
	if (!good) {
		shuffle_abandon(m->own);
		m->own = NULL;
		return false;
	}
	good = shuffle_finish(m->own, err);
	m->own = NULL;
	return good && write_frame(s, err) && stage_statement(statement, &list, s, position, err);
}

/* Others see the chain that this shuffle continues; else it would be one of no list there is. */
static bool still_fits(const struct mixing *m)
{
	struct list_stage now = *m->s;
	const struct active_parties *built = &m->s->chain;
	stage_read_chain(&now);
	if (now.chain.count + 1 != built->count)
		return false;
	for (unsigned i = 0; i < now.chain.count; i++)
		if (now.chain.party[i] != built->party[i] || !stage_same_signature(&now, built->party[i]))
			return false;
	return true;
}

/* What was said of the chain before it changed is void. */
static bool begin_again(struct mixing *m, struct error *err)
{
	if (!discard_unsigned(m->s, err))
		return false;
	for (unsigned l = 1; l <= m->s->session.parties; l++)
		stage_forget_shuffle(m->s, l);
	return true;
}

static bool take_turn(struct mixing *m, bool *done, struct error *err)
{
	const struct authority *a = m->s->a;
	struct endorsements e = stage_endorsements(m->s, "mix");
	digest statement;
	if (!shuffle(&statement, m, err))
		return false;
	*done = still_fits(m);
	if (!*done)
		return begin_again(m, err);
	return memo_keep(a, &statement, BYTES_NONE, err) &&
	       endorse(&e, a->index, a->identity, &statement, err);
}

static bool run_rounds(struct mixing *m, struct error *err)
{
	bool done = false;
	for (unsigned round = 0; round < ROUNDS_MAX && !done; round++) {
		if (!discard_unsigned(m->s, err) || !wait_for_turn(m, err))
			return false;
		if (m->turn == TURN_OVER)
			return true;
		if (!take_turn(m, &done, err))
			return false;
	}
	return done || fail(err, ERROR_CONFLICT,
	                    "mix: others change the chain again and again; ask who directs them",
	                    m->s->a->index);
}

/* What this party has shuffled is checked with all before it. The frame of a whole chain is the
 * same bytes whoever writes it. */
static bool check_own(struct list_stage *s, unsigned position, struct error *err)
{
	digest last;
	return stage_check_shuffles(&last, s, position + 1, err) &&
	       (s->chain.count != s->session.threshold || write_frame(s, err));
}

static bool mix_list(struct list_stage *s, const struct active_parties *mixers, uint64_t n,
                     struct error *err)
{
	struct mixing m = {.s = s, .mixers = mixers, .n = n};
	bool asked = false;
	stage_read_chain(s);
	for (unsigned i = 0; i < s->chain.count; i++)
		if (s->chain.party[i] == s->a->index)
			return check_own(s, i, err);
	for (unsigned i = 0; i < mixers->count; i++)
		asked = asked || mixers->party[i] == s->a->index;
	if (!asked)
		return discard_unsigned(s, err);
	bool good = run_rounds(&m, err);
	shuffle_abandon(m.own);
	return good;
}

static bool sign_closing(const struct authority *a, const struct election_key *key,
                         const struct ballot_box *box, struct error *err)
{
	struct endorsements e = {a->record, a->manifest, NULL, "close", 0};
	digest s;
	return closing_decide(&s, a, key, box, err) && endorse(&e, a->index, a->identity, &s, err);
}

/* Shuffles the list, or says that there is nothing to shuffle. */
static bool mix_or_declare_empty(struct list_stage *s, const struct active_parties *mixers,
                                 uint64_t n, struct error *err)
{
	struct endorsements e = stage_endorsements(s, "empty");
	digest empty = statement_empty(&s->key->eid, s->auxsid);
	if (n == 0)
		return endorse(&e, s->a->index, s->a->identity, &empty, err);
	return mix_list(s, mixers, n, err);
}

bool authority_mix(const struct authority *a, const struct election_key *key,
                   const struct active_parties *mixers, struct error *err)
{
	struct ballot_box box;
	if (!ballots_check(&box, a, key, err) || !sign_closing(a, key, &box, err))
		return false;
	for (unsigned l = 0; l < a->manifest->lists_count; l++) {
		struct list_stage s;
		if (!stage_open(&s, a, key, l, err))
			return false;
		s.input = box.list_digests[l];
		if (!mix_or_declare_empty(&s, mixers, box.list_sizes[l], err))
			return fail_within(err, s.auxsid);
	}
	return true;
}
