/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/manifest.h"
#include "manifest/text_internal.h"

#define USUAL_MIN_LIST 10u

/* place[index]inner, index and inner as far as they are said. */
static void warn_at(struct manifest_warnings *out, const char *place, unsigned index,
                    const char *inner, const char *what)
{
	if (out->count == MANIFEST_WARNINGS) {
		out->more++;
		return;
	}
	struct manifest_warning *w = &out->list[out->count++];
	struct text t = TEXT_OF(w->place);
	text_add(&t, place);
	if (index != UINT32_MAX) {
		text_add(&t, "[");
		text_add_u64(&t, index);
		text_add(&t, "]");
	}
	text_add(&t, inner);
	w->what = what;
}

static void warn(struct manifest_warnings *out, const char *place, const char *what)
{
	warn_at(out, place, UINT32_MAX, "", what);
}

static void warn_about_witnesses(struct manifest_warnings *out, const struct manifest *m)
{
	if (m->witnesses_count == 0)
		warn(out, "witnesses",
		     "there are none: nobody would notice a board that shows different people different "
		     "histories; 4 witnesses with lying 1 and quorum 3 protect against that");
	else if (m->witnesses_quorum > m->witnesses_count - m->witnesses_lying)
		warn(out, "witnesses.quorum",
		     "it is more than the witnesses that do not lie: the lying ones can stop the tally by "
		     "staying silent; use a smaller quorum or more witnesses");
}

static void warn_about_authorities(struct manifest_warnings *out, const struct manifest *m)
{
	if (m->threshold == 1)
		warn(out, "threshold", "one authority alone can open every vote; use 2 or more");
	if (m->threshold == m->authorities_count && m->threshold > 1)
		warn(out, "threshold",
		     "all authorities are needed: if one is lost, the votes can never be counted; use a "
		     "smaller threshold or more authorities");
	for (unsigned i = 0; i < m->authorities_count; i++)
		for (unsigned k = 0; k < i; k++)
			if (bytes_equal(m->authorities[i].operator_name, m->authorities[k].operator_name)) {
				warn_at(out, "authorities", i, ".operator",
				        "another authority has the same operator: count them as one when you ask "
				        "who would have to collude");
				break;
			}
}

/* The manifest cannot be changed when votes are in: there is no later lot. */
static void warn_about_lots(struct manifest_warnings *out, const struct manifest *m)
{
	for (unsigned q = 0; q < m->questions_count; q++)
		if (m->questions[q].rule.lot_count == 0 && m->questions[q].choices.answers > 1)
			warn_at(out, "questions", q, ".lot",
			        "there is none: a tie that only a lot can decide stops the count for good, and "
			        "a few voters can bring one about; draw an order of all answers in public and "
			        "declare it here");
}

static void warn_about_texts(struct manifest_warnings *out, const struct manifest *m)
{
	static const char what[] =
		"it has invisible or combining characters: two such texts can look alike and differ; "
		"compare it with the others on paper";
	for (unsigned q = 0; q < m->questions_count; q++) {
		const struct manifest_question *question = &m->questions[q];
		if (text_is_doubtful(question->title))
			warn_at(out, "questions", q, ".title", what);
		for (unsigned a = 0; a < question->choices.answers; a++)
			if (text_is_doubtful(question->answers[a])) {
				char inner[24];
				struct text t = TEXT_OF(inner);
				text_add(&t, ".answers[");
				text_add_u64(&t, a);
				text_add(&t, "]");
				warn_at(out, "questions", q, inner, what);
			}
	}
}

uint64_t manifest_possible_ballots(const struct manifest_question *q)
{
	const struct choices_rule *c = &q->choices;
	const unsigned answers = c->answers, most = c->max < answers ? c->max : answers;
	uint64_t sum = 1, ways = 1; /* the blank one; those that choose k (total is not looked at) */
	for (unsigned k = 1; k <= most; k++) {
		if (__builtin_mul_overflow(ways, answers - k + 1, &ways))
			return UINT64_MAX;
		if (c->kind != CHOICES_RANKS)
			ways /= k; /* C(n, k − 1) · (n − k + 1) is a multiple of k */
		if (c->kind == CHOICES_POINTS && __builtin_mul_overflow(ways, (uint64_t)c->points, &ways))
			return UINT64_MAX;
		if (k >= c->min && __builtin_add_overflow(sum, ways, &sum))
			return UINT64_MAX;
	}
	return sum;
}

static void warn_about_patterns(struct manifest_warnings *out, const struct manifest *m,
                                uint64_t voters)
{
	for (unsigned q = 0; q < m->questions_count; q++)
		if (manifest_possible_ballots(&m->questions[q]) / 10 > (voters ? voters : MANIFEST_VOTERS))
			warn_at(out, "questions", q,
			        m->questions[q].choices.kind == CHOICES_RANKS ? ".max" : "",
			        "there are many more different ballots than voters: a rare one can be a "
			        "signature, agreed upon with a buyer who looks for it among the published "
			        "votes; fewer answers or a smaller max leave less room for it");
}

void manifest_warn(struct manifest_warnings *out, const struct manifest *m, uint64_t voters)
{
	*out = (struct manifest_warnings){.count = 0};
	if (m->mode == BALLOT_SERVER)
		warn(out, "mode",
		     "eligibility rests on the server: whoever controls it can vote for people who did "
		     "not; mode credentials prevents that");
	warn_about_witnesses(out, m);
	warn_about_authorities(out, m);
	if (m->min_list < USUAL_MIN_LIST)
		warn(out, "min_list",
		     "lists of fewer than 10 ballots will be opened: they can tell who voted how; use 10 "
		     "or more");
	if (m->accept_small_lists)
		warn(out, "accept_small_lists",
		     "lists smaller than min_list will be opened all the same: they can tell who voted "
		     "how");
	if (m->min_list > 1 && !m->accept_small_lists && m->lists_count > m->groups_count)
		warn(out, m->weight_max > 1 ? "weight_max" : "areas",
		     "each area and each bit of a weight makes a list of its own: a single one of fewer "
		     "than "
		     "min_list ballots stops the count of all of them, for good; accept_small_lists, fewer "
		     "areas, or no weights prevent that");
	for (unsigned q = 0; q < m->questions_count; q++)
		if (m->questions[q].choices.write_ins)
			warn_at(out, "questions", q, ".write_ins",
			        "texts are published as voters wrote them: a text can show who wrote it, and "
			        "a voter can be paid for one");
	warn_about_lots(out, m);
	warn_about_patterns(out, m, voters);
	warn_about_texts(out, m);
}
