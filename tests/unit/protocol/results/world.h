/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results of a small election for tests of pipes: a manifest, votes by hand, a pipeline as text.
 * Quotes in JSON are written ' here. Include support.h first.
 */
#ifndef RESULTS_WORLD_H
#define RESULTS_WORLD_H

#include "results/open.h"
#include "results/part.h"
#include "results/pipeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Public keys of RFC 8032, section 7.1. */
#define WORLD_KEY_1 "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define WORLD_KEY_2 "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"

struct world {
	struct manifest *m;
	struct results r;
	struct opening_question opening[LIMIT_QUESTIONS];
	struct pipeline p;
	struct error err;
};

static inline bytes world_json(const char *text)
{
	size_t n = strlen(text);
	char *copy = arena_take_array(test_arena(), n + 1, char, NULL);
	assert_non_null(copy);
	for (size_t i = 0; i <= n; i++)
		copy[i] = text[i] == '\'' ? '"' : text[i];
	return bytes_of(copy, n);
}

/* Questions as in a manifest, without the brackets; each gets an empty part "north". */
static inline void world_begin(struct world *w, const char *questions)
{
	static char room[16384];
	char groups[1024] = "", ids[256] = "";
	arena_release(test_arena(), 0);
	memset(w, 0, sizeof *w);
	error_clear(&w->err);
	unsigned n = 0;
	for (const char *p = questions; (p = strstr(p, "'id':")); p++)
		n++;
	for (unsigned i = 1; i <= n; i++) {
		snprintf(groups + strlen(groups), sizeof groups - strlen(groups),
		         "%s{'name':'g%u','questions':['q%u']}", i > 1 ? "," : "", i, i);
		snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%s'g%u'", i > 1 ? "," : "", i);
	}
	snprintf(room, sizeof room,
	         "{'urna':1,'title':'Test','group':'P-256','rohash':'SHA-256','prg':'SHA-256',"
	         "'statdist':100,'vbitlenro':256,'ebitlenro':256,'mode':'server',"
	         "'board':{'name':'b.example','key':'%s'},'threshold':1,"
	         "'authorities':[{'operator':'A','identity':'%s'}],'min_list':1,"
	         "'accept_small_lists':true,'questions':[%s],'groups':[%s],"
	         "'styles':[{'name':'all','groups':[%s]}]}",
	         WORLD_KEY_1, WORLD_KEY_2, questions, groups, ids);
	assert_ok(manifest_read(&w->m, world_json(room), test_arena(), &w->err), w->err);
	assert_ok(results_of_manifest(&w->r, w->m, test_arena(), &w->err), w->err);
	for (unsigned i = 0; i < n; i++) {
		struct results_part part;
		const struct choices_rule *rule = &w->m->questions[i].choices;
		assert_ok(opening_begin(&w->opening[i], rule, 100, test_arena(), &w->err), w->err);
		assert_ok(opening_part(&part, BYTES_LITERAL("north"), rule, 100, test_arena(), &w->err),
		          w->err);
		assert_ok(question_add_part(&w->r.questions[i], &part, test_arena(), &w->err), w->err);
	}
}

/* values: a digit for each answer, "102"; texts: one for each field, in order, up to NULL. */
static inline void world_vote(struct world *w, unsigned question, uint64_t weight,
                              const char *values, const char *const *texts)
{
	const struct choices_rule *rule = &w->m->questions[question].choices;
	uint32_t digits[512] = {0}, v[LIMIT_ANSWERS];
	struct write_in fields[8];
	memset(fields, 0, sizeof fields);
	for (size_t i = 0; i < rule->answers; i++)
		v[i] = (uint32_t)(values[i] - '0');
	for (size_t i = 0; texts && texts[i]; i++) {
		/* "2:Bob" has rank or points 2. */
		bool valued = rule->kind != CHOICES_MARKS;
		const char *text = valued ? texts[i] + 2 : texts[i];
		fields[i].rank = valued ? (uint32_t)(texts[i][0] - '0') : 0;
		fields[i].length = (uint32_t)strlen(text);
		memcpy(fields[i].text, text, strlen(text));
	}
	assert_ok(choices_encode(digits, rule, v, false, &w->err), w->err);
	assert_ok(choices_encode_write_ins(digits, rule, fields, &w->err), w->err);
	const struct opened_vote vote = {.question = question,
	                                 .weight = weight,
	                                 .verdict = choices_verdict_vartime(rule, digits),
	                                 .digits = digits};
	assert_ok(opening_add(&w->r.questions[question].parts[0], &w->opening[question], rule, &vote,
	                      &w->err),
	          w->err);
}

static inline void world_end_votes(struct world *w)
{
	for (size_t i = 0; i < w->r.questions_count; i++)
		assert_ok(opening_texts(&w->r.questions[i], &w->opening[i], test_arena(), &w->err), w->err);
}

#define PIPES(inside) "{'version':'1.0','pipes':[" inside "]}"
#define DO_TALLIES "{'type':'do_tallies','params':{}}"

static inline bool world_try(struct world *w, const char *pipes_text)
{
	error_clear(&w->err);
	return pipeline_read(&w->p, world_json(pipes_text), test_arena(), &w->err) &&
	       pipeline_run(&w->r, &w->p, &w->err);
}

static inline void world_run(struct world *w, const char *pipes_text)
{
	world_end_votes(w);
	assert_ok(world_try(w, pipes_text), w->err);
}

static inline void assert_refused(struct world *w, const char *pipes_text, enum error_kind kind,
                                  const char *place)
{
	world_end_votes(w);
	assert_fails(world_try(w, pipes_text), w->err, kind);
	if (!strstr(w->err.detail, place))
		fail_msg("'%s' is not in: %s (%s)", place, w->err.detail, w->err.what);
}

/* "Ann Bo": those with a seat, in order. */
static inline void assert_winners(const struct results *r, size_t question, const char *names)
{
	char room[1024];
	struct text t = TEXT_OF(room);
	uint16_t winners[LIMIT_ANSWERS];
	const struct results_question *q = &r->questions[question];
	size_t n = results_winners(winners, q);
	for (size_t i = 0; i < n; i++) {
		text_add(&t, i > 0 ? " " : "");
		text_add_bytes(&t, q->candidates[winners[i]].name);
	}
	assert_string_equal(room, names);
}

/* "Ann 3, Bo 0": tallies of the first stage. */
static inline void assert_tallies(const struct results *r, size_t question, const char *tallies)
{
	char room[1024];
	struct text t = TEXT_OF(room);
	const struct results_question *q = &r->questions[question];
	assert_non_null(q->count);
	for (size_t i = 0; i < q->candidates_count; i++) {
		text_add(&t, i > 0 ? ", " : "");
		text_add_bytes(&t, q->candidates[i].name);
		text_add(&t, " ");
		units_add_text(&t, q->count->stages[0].tallies[i], q->count->form);
	}
	assert_string_equal(room, tallies);
}

static inline void assert_journal_says(const struct results *r, const char *sentence)
{
	for (const struct results_note *n = r->notes; n; n = n->next)
		if (bytes_equal(n->text, bytes_of_text(sentence)))
			return;
	for (const struct results_note *n = r->notes; n; n = n->next)
		print_message("%u/%u %.*s\n", n->pipe, n->question, (int)n->text.len,
		              (const char *)n->text.p);
	fail_msg("the journal does not say: %s", sentence);
}

#endif
