/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/import.h"

#include "ballot/choices.h"
#include "cli/output.h"
#include "cli/voters.h"

#include <string.h>

#define SHOWN_BYTES 80u

/* --- a random order --- */

static bool random_below(uint64_t *out, uint64_t bound, struct rng *rng, struct error *err)
{
	const uint64_t excess = UINT64_MAX % bound + 1; /* what would favour small numbers */
	uint64_t v;
	do {
		if (!rng_fill(rng, &v, sizeof v, err))
			return false;
	} while (excess != bound && v > UINT64_MAX - excess);
	*out = v % bound;
	return true;
}

/* Fisher and Yates. */
static bool shuffle(uint32_t *order, uint64_t n, struct rng *rng, struct error *err)
{
	for (uint64_t i = n; i > 1; i--) {
		uint64_t j;
		if (!random_below(&j, i, rng, err))
			return false;
		uint32_t other = order[j];
		order[j] = order[i - 1];
		order[i - 1] = other;
	}
	return true;
}

static bool expand(struct import_question *q, struct tally_world *world, struct error *err)
{
	const struct profile *p = &q->profile;
	q->ballots = p->ballots_count;
	q->order = arena_take_array(world->arena, (size_t)q->ballots + 1, uint32_t, err);
	if (!q->order)
		return false;
	uint64_t at = 0;
	for (size_t paper = 0; paper < p->papers_count; paper++)
		for (uint32_t k = 0; k < p->counts[paper]; k++)
			q->order[at++] = (uint32_t)paper;
	require(at == q->ballots);
	return shuffle(q->order, q->ballots, world->rng, err);
}

/* --- does the file fit the question? --- */

static void add_quoted(struct text *t, bytes name)
{
	char shown[SHOWN_BYTES];
	output_printable_bytes(shown, sizeof shown, name);
	text_add(t, "'");
	text_add(t, shown);
	text_add(t, "'");
}

static bool same_candidates(const struct import_question *q, struct error *err)
{
	const struct profile *p = &q->profile;
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	size_t both = p->candidates_count < q->question->choices.answers ? p->candidates_count
	                                                                 : q->question->choices.answers;
	for (size_t i = 0; i < both; i++) {
		if (bytes_equal(p->candidates[i].name, q->question->answers[i]))
			continue;
		text_add(&t, "candidate ");
		text_add_u64(&t, i + 1);
		text_add(&t, " is ");
		add_quoted(&t, p->candidates[i].name);
		text_add(&t, " in the file and ");
		add_quoted(&t, q->question->answers[i]);
		text_add(&t, " in the manifest");
		return fail_detail(err, ERROR_REJECTED, "ballots: not the candidates of this election",
		                   i + 1, room);
	}
	if (p->candidates_count == q->question->choices.answers)
		return true;
	text_add_u64(&t, p->candidates_count);
	text_add(&t, " candidates in the file, ");
	text_add_u64(&t, q->question->choices.answers);
	text_add(&t, " in the manifest");
	return fail_detail(err, ERROR_REJECTED, "ballots: not the candidates of this election",
	                   ERROR_NOWHERE, room);
}

/* Points beyond the manifest's have no digit. */
static bool points_fit(const struct import_question *q, struct error *err)
{
	const struct profile *p = &q->profile;
	for (size_t i = 0; i < p->papers_count; i++)
		for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++)
			if (p->values[j] > q->question->choices.points) {
				fail(err, ERROR_REJECTED, "ballots: more points than the manifest allows", i + 1);
				return fail_within_index(err, "paper", i + 1);
			}
	return true;
}

static bool fail_kind(enum profile_kind is, enum profile_kind wanted, struct error *err)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add(&t, "they are ");
	text_add(&t, profile_kind_name(is));
	text_add(&t, "; this question needs ");
	text_add(&t, profile_kind_name(wanted));
	return fail_detail(err, ERROR_REJECTED, "ballots: of another kind than the question's",
	                   ERROR_NOWHERE, room);
}

/* A rank beyond the manifest's last one has no digit. */
static bool papers_fit(const struct import_question *q, struct error *err)
{
	const struct profile *p = &q->profile;
	const enum profile_kind wanted = q->question->rule.method->ballot;
	if (p->kind != wanted && !(p->kind == PROFILE_RANKING && wanted == PROFILE_MARKS))
		return fail_kind(p->kind, wanted, err);
	if (q->question->choices.kind == CHOICES_POINTS)
		return points_fit(q, err);
	if (q->question->choices.kind != CHOICES_RANKS)
		return true;
	for (size_t i = 0; i < p->papers_count; i++) {
		if (p->starts[i + 1] - p->starts[i] <= q->question->choices.max)
			continue;
		fail(err, ERROR_REJECTED, "ballots: a paper has more preferences than the manifest allows",
		     i + 1);
		return fail_within_index(err, "paper", i + 1);
	}
	return true;
}

static bool read_question(struct import_question *q, const char *path, struct tally_world *world,
                          struct error *err)
{
	struct ballot_file file;
	struct ballot_file_options how = {
		.candidates = q->question->answers,
		.candidates_count = q->question->choices.answers,
	};
	if (!ballot_file_read(&file, path, &how, world->arena, err))
		return false;
	q->profile = file.profile;
	if (!same_candidates(q, err) || !papers_fit(q, err))
		return fail_within(err, path);
	return expand(q, world, err);
}

/* --- which file is of which question? --- */

static const char *file_of(bytes id, const struct import_files *files)
{
	for (unsigned i = 0; i < files->count; i++)
		if (strncmp(files->files[i], (const char *)id.p, id.len) == 0 &&
		    files->files[i][id.len] == '=')
			return files->files[i] + id.len + 1;
	return NULL;
}

static bool find_style(struct import *im, const char *name, struct error *err)
{
	const struct manifest *m = im->manifest;
	uint32_t i;
	if (name && !style_index(&i, m, bytes_of_text(name)))
		return fail_detail(err, ERROR_REJECTED, "style: the manifest has none of this name",
		                   ERROR_NOWHERE, name);
	if (!name && !style_with_everything(&i, m, err))
		return false;
	im->style = &m->styles[i];
	return true;
}

static unsigned questions_of(const struct manifest *m, const struct manifest_style *style)
{
	unsigned count = 0;
	for (unsigned g = 0; g < style->groups_count; g++)
		count += m->groups[style->groups[g]].questions_count;
	return count;
}

static bool read_one(struct import *im, unsigned question, const char *path,
                     struct tally_world *world, struct error *err)
{
	struct import_question *q = &im->questions[question];
	*q = (struct import_question){.question = &im->manifest->questions[question]};
	if (!path)
		return fail_detail(err, ERROR_REJECTED, "import: no file is named for this question",
		                   question + 1, (const char *)q->question->id.p);
	if (!read_question(q, path, world, err))
		return false;
	im->ballots = q->ballots > im->ballots ? q->ballots : im->ballots;
	return true;
}

bool import_read(struct import *out, const struct election *e, const struct import_files *files,
                 struct error *err)
{
	struct tally_world *world = &e->session->world;
	const struct manifest *m = e->manifest;
	*out = (struct import){.manifest = m};
	out->questions =
		arena_take_array(world->arena, m->questions_count, struct import_question, err);
	if (!out->questions || !find_style(out, files->style, err))
		return false;
	const unsigned wanted = questions_of(m, out->style);
	if (files->count != wanted) {
		fail(err, ERROR_REJECTED,
		     "import: one file is wanted for each question, as ID=FILE where there are more than "
		     "one",
		     wanted);
		return fail_within_index(err, "questions", wanted);
	}
	for (unsigned g = 0; g < out->style->groups_count; g++) {
		const struct manifest_group *group = &m->groups[out->style->groups[g]];
		for (unsigned i = 0; i < group->questions_count; i++) {
			unsigned q = group->questions[i];
			const char *path = file_of(m->questions[q].id, files);
			if (!path && wanted == 1)
				path = files->files[0];
			if (!read_one(out, q, path, world, err))
				return false;
		}
	}
	return true;
}

/* --- a ballot --- */

static void mark(uint32_t *values, const struct import_question *q, uint64_t i)
{
	const struct profile *p = &q->profile;
	memset(values, 0, q->question->choices.answers * sizeof *values);
	if (i >= q->ballots)
		return;
	const bool ranked = q->question->choices.kind == CHOICES_RANKS;
	uint32_t paper = q->order[i], first = p->starts[paper], last = p->starts[paper + 1];
	for (uint32_t k = first; k < last; k++)
		values[p->choices[k]] = p->values ? p->values[k] : ranked ? k - first + 1 : 1;
}

bool import_digits(uint32_t *digits, const struct import *im, unsigned group, uint64_t i,
                   struct error *err)
{
	const struct manifest_group *g = &im->manifest->groups[group];
	uint32_t values[LIMIT_ANSWERS];
	for (unsigned k = 0; k < g->questions_count; k++) {
		const struct import_question *q = &im->questions[g->questions[k]];
		mark(values, q, i);
		if (!choices_encode(digits, &q->question->choices, values, false, err))
			return false;
		digits += choices_digits(&q->question->choices);
	}
	return true;
}
