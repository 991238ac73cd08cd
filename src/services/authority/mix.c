/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mixing: who shuffles is decided by the record as everybody sees it. The chain is who has signed
 * shuffles of one another's lists (record/chain.h), among the ones that those who are left can
 * still finish; the next candidate above its last one continues it. A file in somebody's name
 * that is not in the chain is passed over like one who does not come.
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
	unsigned next;            /* whose turn it is */
	unsigned seen, seen_last; /* the chain when a wait began */
	unsigned place;           /* in the chain, if everybody before comes; from 0 */
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

static void find_able(bool able[static LIMIT_PARTIES + 1], const struct mixing *m)
{
	memset(able, 0, (LIMIT_PARTIES + 1) * sizeof *able);
	for (unsigned i = 0; i < m->mixers->count; i++)
		able[m->mixers->party[i]] = !m->passed_over[m->mixers->party[i]];
}

/* Whose turn it is, as the record shows it to everybody. */
static void look(struct mixing *m)
{
	struct list_stage *s = m->s;
	const unsigned own = s->a->index;
	bool able[LIMIT_PARTIES + 1];
	find_able(able, m);
	stage_read_chain(s, able);
	m->next = 0;
	m->place = last_of(&s->chain) > own ? s->session.threshold : s->chain.count;
	for (unsigned i = 0; i < m->mixers->count; i++) {
		unsigned party = m->mixers->party[i];
		if (!may_follow(m, party))
			continue;
		m->next = m->next ? m->next : party;
		m->place += party < own;
	}
	if (s->chain.count >= s->session.threshold)
		m->turn = TURN_OVER;
	else
		m->turn = m->next == own ? TURN_OWN : TURN_WAIT;
}

/* --- waiting for the turn --- */

static bool turn_changed(void *ctx, struct error *err)
{
	struct mixing *m = ctx;
	const struct active_parties *chain = &m->s->chain;
	look(m);
	if (m->turn != TURN_WAIT || chain->count != m->seen || last_of(chain) != m->seen_last)
		return true;
	if (m->s->tree.of[m->next].state != SHUFFLE_NONE) /* but not in the chain */
		return true;
	fail(err, ERROR_UNAVAILABLE, "authority: a shuffle is not there yet", m->next);
	return fail_within_index(err, "party", m->next);
}

/* Nobody ends well with a list half mixed that he has not shuffled. */
static bool not_finished(const struct mixing *m, struct error *err)
{
	char room[64];
	struct text t = TEXT_OF(room);
	text_add(&t, "not finished, ");
	text_add_u64(&t, m->s->chain.count);
	text_add(&t, " of ");
	text_add_u64(&t, m->s->session.threshold);
	text_add(&t, " shuffles");
	return fail_within(err, room);
}

/* Enough are left without it, behind this chain or another. */
static bool can_pass_over(const struct mixing *m, unsigned party)
{
	bool able[LIMIT_PARTIES + 1];
	enum chain_hope hope;
	find_able(able, m);
	able[party] = false;
	(void)shuffle_tree_last(&hope, &m->s->tree, m->s->session.threshold, able);
	return hope == CHAIN_CAN_END;
}

/* The next of higher index takes the place, or, where too few are left behind the chain, it goes on
 * from where enough are. */
static bool pass_over(struct mixing *m, const char *what, const struct error *why,
                      struct error *err)
{
	const struct authority *a = m->s->a;
	struct error said;
	if (!can_pass_over(m, m->next)) {
		if (err)
			*err = *why;
		return not_finished(m, err);
	}
	m->passed_over[m->next] = true;
	error_clear(&said);
	fail(&said, ERROR_UNAVAILABLE, what, m->next);
	fail_within_index(&said, "party", m->next);
	fail_within(&said, m->s->auxsid);
	if (a->notice)
		a->notice(a->notice_ctx, &said);
	return true;
}

/* What lies in its place is no shuffle of this chain: to wait for it would be of no use. */
static bool pass_over_stray(struct mixing *m, struct error *err)
{
	struct error why;
	error_clear(&why);
	stage_tell_strays(m->s);
	fail(&why, ERROR_REJECTED,
	     "mix: what lies in the place of this party's shuffle does not fit the signed chain; it "
	     "must "
	     "go to evidence, and too few are left without it",
	     m->next);
	fail_within_index(&why, "party", m->next);
	return pass_over(m, "mix: its file is no shuffle of the chain, another party takes its place",
	                 &why, err);
}

static bool nobody_left(const struct mixing *m, struct error *err)
{
	fail(err, ERROR_UNAVAILABLE,
	     "mix: of those who are to shuffle, too few are left behind the last; ask who directs them",
	     last_of(&m->s->chain));
	return not_finished(m, err);
}

/* A deadline has passed, or it was stopped, or something is wrong. */
static bool wait_ended(struct mixing *m, const struct error *why, struct error *err)
{
	const struct authority *a = m->s->a;
	if (why->kind == ERROR_UNAVAILABLE && !(a->stopped && a->stopped()))
		return pass_over(m, "mix: waited for it in vain, another party takes its place", why, err);
	if (err)
		*err = *why;
	return false;
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
	for (look(m); m->turn == TURN_WAIT; look(m)) {
		struct error why;
		error_clear(&why);
		if (m->next == 0)
			return nobody_left(m, err);
		if (m->s->tree.of[m->next].state != SHUFFLE_NONE) {
			if (!pass_over_stray(m, err))
				return false;
			continue;
		}
		m->seen = m->s->chain.count;
		m->seen_last = last_of(&m->s->chain);
		if (!begin(m, err))
			return false;
		if (!wait_until(m->s->a, turn_changed, m, &why) && !wait_ended(m, &why, err))
			return false;
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
	bool able[LIMIT_PARTIES + 1];
	find_able(able, m);
	stage_read_chain(&now, able);
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

/* A file in this party's own name is there, and not in the chain. */
static bool own_stray(const struct list_stage *s, struct error *err)
{
	if (s->chain.count == s->session.threshold)
		return true; /* not needed; whoever directs sets it aside */
	fail(err, ERROR_REJECTED,
	     "mix: what lies in the place of this authority's own shuffle is not of the chain that "
	     "those "
	     "named can finish; it must go to evidence first",
	     s->a->index);
	return fail_within_index(err, "party", s->a->index);
}

static bool mix_list(struct list_stage *s, const struct active_parties *mixers, uint64_t n,
                     struct error *err)
{
	struct mixing m = {.s = s, .mixers = mixers, .n = n};
	const unsigned own = s->a->index;
	bool asked = false, good = true;
	look(&m);
	for (unsigned i = 0; i < mixers->count; i++)
		asked = asked || mixers->party[i] == own;
	if (stage_in_chain(s, own))
		good = check_own(s, s->tree.of[own].depth - 1, err);
	else if (s->tree.of[own].state != SHUFFLE_NONE)
		good = !asked || own_stray(s, err);
	else if (asked)
		good = run_rounds(&m, err);
	else
		good = discard_unsigned(s, err);
	shuffle_abandon(m.own);
	stage_tell_strays(s);
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
