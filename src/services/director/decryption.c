/* SPDX-License-Identifier: Apache-2.0 */
/* How far a decryption is, whom the others wait for, and who did it wrongly. */
#include "mixnet/decryption.h"
#include "director/director_internal.h"

/* In the order of the protocol. */
enum step { STEP_READY, STEP_FACTORS, STEP_FREEZE_1, STEP_COMMITMENT, STEP_FREEZE_2, STEP_REPLY };
#define STEPS 6u

static const struct {
	const char *what, *kind; /* kind of a signature, else a file: */
	enum mix_file file;
} steps[STEPS] = {
	[STEP_READY] = {"a signed \"ready\"", "ready", MIX_FILES},
	[STEP_FACTORS] = {"the factors", NULL, MIX_FILE_FACTORS},
	[STEP_FREEZE_1] = {"the signature on all factors", "factors", MIX_FILES},
	[STEP_COMMITMENT] = {"the commitment", NULL, MIX_FILE_DECRYPTION_COMMITMENT},
	[STEP_FREEZE_2] = {"the signature on all commitments", "commitments", MIX_FILES},
	[STEP_REPLY] = {"the reply", NULL, MIX_FILE_DECRYPTION_REPLY},
};

struct decryption_look {
	struct looking *k;
	uint64_t n;
	unsigned attempt;
	bool has[STEPS]; /* the statement can be computed: all its files are there */
	digest statement[STEPS];
};

static struct endorsements of_kind(const struct looking *k, const char *kind, unsigned attempt)
{
	return (struct endorsements){k->d->record, k->d->manifest, k->out->auxsid, kind, attempt};
}

static digest ready_statement(const struct looking *k, unsigned attempt)
{
	const struct statement_attempt about = {&k->d->key->eid, k->out->auxsid, attempt};
	return statement_ready(&about, &k->last, k->active, k->session.parties);
}

/* The attempt a party is ready for, with this list and these active parties; 0: none. */
static unsigned ready_for(const struct looking *k, unsigned party)
{
	char path[RECORD_PATH_BYTES];
	unsigned attempt;
	endorsement_path(path, k->out->auxsid, "ready", party);
	if (!endorsement_attempt(&attempt, k->d->record, path, NULL))
		return 0;
	const struct endorsements e = of_kind(k, "ready", attempt);
	digest s = ready_statement(k, attempt);
	return endorsement_of(&e, party, &s, NULL) ? attempt : 0;
}

static void find_statements(struct decryption_look *l)
{
	const struct looking *k = l->k;
	const struct statement_attempt about = {&k->d->key->eid, k->out->auxsid, l->attempt};
	const unsigned n = k->session.parties;
	digest all[LIMIT_PARTIES];
	l->has[STEP_READY] = true;
	l->statement[STEP_READY] = ready_statement(k, l->attempt);
	l->has[STEP_FREEZE_1] = proof_digests(all, k->d->record, k->list, MIX_FILE_FACTORS, n, NULL);
	if (l->has[STEP_FREEZE_1])
		l->statement[STEP_FREEZE_1] = statement_factors(&about, all, n);
	l->has[STEP_FREEZE_2] =
		proof_digests(all, k->d->record, k->list, MIX_FILE_DECRYPTION_COMMITMENT, n, NULL);
	if (l->has[STEP_FREEZE_2])
		l->statement[STEP_FREEZE_2] = statement_commitments(&about, all, n);
}

static bool is_of_size(const struct decryption_look *l, enum mix_file file, unsigned party,
                       struct error *err)
{
	const struct mix_layout layout = {.type = MIX_MIXING, .n = l->n};
	char path[RECORD_PATH_BYTES];
	struct source *s;
	proof_file_path(path, l->k->list, file, party);
	if (!l->k->d->record->open(l->k->d->record, path, &s, err))
		return false;
	bool same = s->size == mix_file_size(&l->k->session, &layout, file);
	source_close(s);
	return same || fail_detail(err, ERROR_MALFORMED,
	                           "decryption: a file is not of the right length", party, path);
}

/* true: done. false with kind NONE: not yet; else what is wrong with it. */
static bool has_done(const struct decryption_look *l, enum step step, unsigned party,
                     struct error *why)
{
	const struct looking *k = l->k;
	char path[RECORD_PATH_BYTES];
	unsigned attempt;
	if (!steps[step].kind)
		return look_exists(k, steps[step].file, party) &&
		       is_of_size(l, steps[step].file, party, why);
	const struct endorsements e = of_kind(k, steps[step].kind, l->attempt);
	endorsement_path(path, k->out->auxsid, steps[step].kind, party);
	if (!endorsement_exists(&e, party) || !l->has[step])
		return false;
	if (!endorsement_attempt(&attempt, k->d->record, path, why))
		return false;
	if (attempt != l->attempt || (step == STEP_READY && ready_for(k, party) != attempt))
		return false;
	return endorsement_of(&e, party, &l->statement[step], why);
}

/* How many steps it has taken; STEPS + 1: something of it is wrong, and it is blamed. */
static bool progress_of(struct decryption_look *l, unsigned party, unsigned *out, struct error *err)
{
	struct error why;
	error_clear(&why);
	for (*out = 0; *out < STEPS; ++*out) {
		if (has_done(l, (enum step) * out, party, &why))
			continue;
		if (why.kind == ERROR_NONE)
			return true;
		*out = STEPS + 1;
		return look_blame(l->k, party, &why, err);
	}
	return true;
}

/* --- all have replied --- */

static bool blame_verdicts(struct decryption_look *l, struct error *err)
{
	static const char *const reasons[] = {
		[DECRYPTION_CORRECT] = "correct",
		[DECRYPTION_ABSENT] = "absent",
		[DECRYPTION_BAD_COMMITMENT] = "commitment or reply does not fit the public share",
		[DECRYPTION_BAD_FACTORS] = "factors do not fit",
		[DECRYPTION_BAD_REPLY] = "the reply is no scalar",
		[DECRYPTION_MALFORMED] = "a file is malformed",
	};
	struct looking *k = l->k;
	struct tally_world *w = k->d->world;
	enum decryption_verdict verdict[LIMIT_PARTIES + 1];
	struct mix_path path = mix_path(MIX_FILE_LIST, k->out->chain[k->out->chain_count - 1]);
	const struct decryption_job job = {.session = &k->session,
	                                   .folder = &k->folder.folder,
	                                   .list = path.text,
	                                   .key = &k->key,
	                                   .workers = w->workers,
	                                   .memory = w->arena,
	                                   .progress = w->progress};
	size_t mark = arena_mark(w->arena);
	bool good = decryption_check(&job, verdict, err);
	arena_release(w->arena, mark);
	for (unsigned p = 1; good && p <= k->session.parties; p++) {
		struct error why;
		error_clear(&why);
		if (!k->active[p] || verdict[p] == DECRYPTION_CORRECT)
			continue;
		fail_detail(&why, ERROR_REJECTED, "decryption: this party's equations do not hold", p,
		            reasons[verdict[p]]);
		good = look_blame(k, p, &why, err);
	}
	return good;
}

static bool look_at_progress(struct decryption_look *l, struct error *err)
{
	struct looking *k = l->k;
	unsigned done[LIMIT_PARTIES + 1], least = STEPS;
	bool any_blamed = false;
	find_statements(l);
	for (unsigned p = 1; p <= k->session.parties; p++) {
		if (!k->active[p])
			continue;
		if (!progress_of(l, p, &done[p], err))
			return false;
		any_blamed = any_blamed || done[p] > STEPS;
		least = done[p] < least ? done[p] : least;
	}
	for (unsigned p = 1; least < STEPS && p <= k->session.parties; p++)
		k->out->missing[p] = k->active[p] && done[p] == least;
	if (least < STEPS)
		k->out->missing_what = steps[least].what;
	return least < STEPS || any_blamed || k->d->signatures_only || blame_verdicts(l, err);
}

/* No honest party follows one alone so far (authority/attempt.c), and none would begin so many
 * alone; where everybody has begun one already, not further than the next. */
#define ATTEMPTS_AHEAD 4u

static bool find_attempt(struct decryption_look *l, struct error *err)
{
	struct looking *k = l->k;
	unsigned begun[LIMIT_PARTIES + 1] = {0}, first = 0, second = 1, ahead = 1;
	for (unsigned p = 1; p <= k->session.parties; p++) {
		begun[p] = k->active[p] ? ready_for(k, p) : 0;
		if (k->active[p] && begun[p] == 0)
			ahead = ATTEMPTS_AHEAD;
		if (begun[p] > begun[first]) {
			second = begun[first] > second ? begun[first] : second;
			first = p;
		} else if (begun[p] > second) {
			second = begun[p];
		}
	}
	l->attempt = k->out->attempt = begun[first];
	if (begun[first] <= second + ahead)
		return true;
	struct error why;
	error_clear(&why);
	fail(&why, ERROR_REJECTED, "decryption: this party has begun too many attempts", begun[first]);
	l->attempt = k->out->attempt = second;
	return look_blame(k, first, &why, err);
}

bool look_at_decryption(struct looking *k, struct error *err)
{
	struct decryption_look l = {.k = k};
	struct mix_path input = mix_path(MIX_FILE_INPUT, 0);
	return mix_list_length(&l.n, &k->folder.folder, input.text, k->session.width, err) &&
	       find_attempt(&l, err) && look_at_progress(&l, err);
}

/* --- open --- */

static bool proof_holds(struct looking *k, struct mix_facts *facts, struct error *err)
{
	struct tally_world *w = k->d->world;
	digest input;
	if (!proof_digest(&input, k->d->record, k->list, MIX_FILE_INPUT, 0, err))
		return false;
	size_t mark = arena_mark(w->arena);
	const struct mix_verify_job job = {
		.folder = &k->folder.folder,
		.session = &k->session,
		.expected = {.type = MIX_MIXING, .key = &k->key, .input = &input},
		.rng = w->rng,
		.workers = w->workers,
		.memory = w->arena,
		.progress = w->progress,
	};
	bool good = mix_verify(&job, facts, err);
	arena_release(w->arena, mark);
	return good;
}

bool look_at_plaintexts(struct looking *k, struct error *err)
{
	struct mix_facts facts;
	struct error why;
	const struct endorsements e = of_kind(k, "ready", 0);
	error_clear(&why);
	if (!k->d->signatures_only && !proof_holds(k, &facts, &why))
		return look_blame(k, 0, &why, err);
	k->out->state = DIRECTOR_OPEN;
	for (unsigned p = 1; p <= k->session.parties && !k->out->attempt; p++) {
		char path[RECORD_PATH_BYTES];
		endorsement_path(path, k->out->auxsid, "ready", p);
		if (!endorsement_attempt(&k->out->attempt, k->d->record, path, NULL))
			k->out->attempt = 0;
	}
	for (unsigned p = 1; !k->d->signatures_only && p <= k->session.parties; p++) {
		if (facts.correct[p] || !endorsement_exists(&e, p))
			continue;
		error_clear(&why);
		fail(&why, ERROR_REJECTED, "decryption: this party decrypted wrongly; t others did not", p);
		if (!look_blame(k, p, &why, err))
			return false;
	}
	return true;
}
