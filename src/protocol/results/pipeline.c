/* SPDX-License-Identifier: Apache-2.0 */
#include "results/pipeline.h"

#include "results/pipes_internal.h"

/* Sequent's that Urna does not have, and why nobody misses them. */
static const struct {
	const char *name, *instead;
} foreign[] = {
	{"append_ballots", "votes of several areas are counted together by do_tallies"},
	{"apply_removals", "remove-candidates in apply_modifications takes effect at once"},
	{"configure_pdf", "a page for people: urna results --format html"},
	{"data_list_reverse", "questions are joined by join_questions, in any order"},
	{"duplicate_questions", "join_questions adds questions up; one vote is never counted twice"},
	{"election_max_size_corrections",
     "corrections of sizes are not made: votes are counted exactly"},
	{"make_multipart", "questions are joined by join_questions"},
	{"multipart_tally_plaintexts_append_joiner", "questions are joined by join_questions"},
	{"multipart_tally_plaintexts_joiner", "questions are joined by join_questions"},
	{"podemos_parity2_loreg_zip_non_iterative", "seats with a rule of parity"},
	{"podemos_parity_loreg_zip_non_iterative", "seats with a rule of parity"},
	{"podemos_proportion_rounded_and_duplicates",
     "seats with a proportion, and elected_elsewhere for the other question"},
	{"pretty_print_not_iterative", "urna results --format text"},
	{"pretty_print_stv_winners", "urna results --format text"},
	{"question_totals_with_corrections", "corrections are not made: votes are counted exactly"},
	{"reduce_answers_with_corrections", "corrections are not made: votes are counted exactly"},
	{"reorder_winners",
     "the order of winners follows from the count; seats with rise moves women up"},
	{"sort_non_iterative_losers", "all candidates are ordered by the count"},
	{"stv_first_round_tiebreak", "a lot: ties_sorting in sort_non_iterative"},
	{"team_count_weight_correction", "seats with a rule of teams"},
	{"to_files", "urna results --out"},
};

/* "tally_pipes.pipes.MODULE.NAME" for a pipe of that module, or NAME. */
static bool is_called(const char *name, const char *module, bytes type)
{
	static const char *const packages[] = {"tally_pipes.pipes.", "agora_results.pipes."};
	char room[128];
	if (bytes_equal(type, bytes_of_text(name)))
		return true;
	for (unsigned i = 0; i < 2 && module; i++) {
		struct text t = TEXT_OF(room);
		text_add(&t, packages[i]);
		text_add(&t, module);
		text_add(&t, ".");
		text_add(&t, name);
		if (bytes_equal(type, bytes_of_text(room)))
			return true;
	}
	return false;
}

static bytes last_part(bytes type)
{
	size_t at = type.len;
	while (at > 0 && type.p[at - 1] != '.')
		at--;
	return bytes_from(type, at);
}

static bool find_pipe(const struct pipe **out, const struct json_value *v, struct error *err)
{
	bytes type;
	if (!json_text(&type, v, 128, err))
		return false;
	for (size_t i = 0; pipes[i]; i++)
		if (is_called(pipes[i]->name, pipes[i]->module, type)) {
			*out = pipes[i];
			return true;
		}
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
		if (bytes_equal(last_part(type), bytes_of_text(foreign[i].name)))
			return json_refuse_because(v, ERROR_REJECTED, "pipeline: Urna does not have this pipe",
			                           foreign[i].instead, err);
	return json_refuse_because(v, ERROR_REJECTED, "pipeline: unknown pipe",
	                           "urna results --pipes lists what there is", err);
}

static bool read_step(struct pipeline_step *out, const struct json_value *v, struct arena *a,
                      struct error *err)
{
	static const char *const known[] = {"type", "params", "help"};
	const struct json_value *type, *params;
	void *kept = NULL;
	if (!json_only(v, JSON_NAMES(known), err) || !json_need(&type, v, "type", err) ||
	    !find_pipe(&out->pipe, type, err) || !json_need(&params, v, "params", err) ||
	    !out->pipe->read(&kept, params, a, err))
		return false;
	out->params = kept;
	return true;
}

static bool read_steps(struct pipeline *out, const struct json_value *root, struct arena *a,
                       struct error *err)
{
	static const char *const known[] = {"version", "pipes", "help"};
	const struct json_value *version, *list;
	bytes text;
	if (!json_only(root, JSON_NAMES(known), err) || !json_need(&version, root, "version", err) ||
	    !json_text(&text, version, 32, err))
		return false;
	if (text.len < 2 || text.p[0] != '1' || text.p[1] != '.')
		return json_refuse_because(version, ERROR_REJECTED,
		                           "pipeline: a version that Urna does not know", "known: 1.0",
		                           err);
	if (!json_need(&list, root, "pipes", err) ||
	    !json_items(&out->steps_count, list, (struct json_range){0, PIPELINE_PIPES}, err) ||
	    !(out->steps = arena_take_array(a, out->steps_count, struct pipeline_step, err)))
		return false;
	for (size_t i = 0; i < out->steps_count; i++)
		if (!read_step(&out->steps[i], json_item(list, i), a, err))
			return false;
	return true;
}

bool pipeline_read(struct pipeline *out, bytes json, struct arena *a, struct error *err)
{
	struct json_doc *doc;
	*out = (struct pipeline){.exact = sha256(json)};
	if (!json_doc_parse(&doc, json, PIPELINE_BYTES, err))
		return false;
	bool good = read_steps(out, json_doc_root(doc), a, err);
	json_doc_free(doc);
	return good;
}

static bool fail_in_pipe(const struct pipeline *p, size_t i, struct error *err)
{
	char room[96];
	struct text t = TEXT_OF(room);
	text_add(&t, "pipes[");
	text_add_u64(&t, i);
	text_add(&t, "] ");
	text_add(&t, p->steps[i].pipe->name);
	return fail_within(err, room);
}

/* Votes that no pipe asked for are not counted: nobody should have to find that out. */
static bool note_uncounted(struct results *r, struct error *err)
{
	for (size_t i = 0; i < r->questions_count; i++) {
		const struct results_question *q = &r->questions[i];
		char room[NOTE_BYTES];
		struct text t = TEXT_OF(room);
		uint64_t votes = 0;
		for (size_t k = 0; k < q->parts_count; k++) {
			struct results_totals of = results_part_totals(&q->parts[k]);
			votes += q->parts[k].counted ? 0 : of.valid + of.blank + of.invalid;
		}
		text_add_votes(&t, votes);
		text_add(&t, " of this question are not counted: no do_tallies asked for them");
		if (votes > 0 && !q->left_out && !results_note(r, q, &t, err))
			return false;
	}
	return true;
}

bool pipeline_run(struct results *r, const struct pipeline *p, struct error *err)
{
	r->pipeline = p->exact;
	for (size_t i = 0; i < p->steps_count; i++) {
		r->pipe = (unsigned)i + 1;
		if (!p->steps[i].pipe->apply(r, p->steps[i].params, err))
			return fail_in_pipe(p, i, err);
	}
	r->pipe = 0;
	return note_uncounted(r, err) && results_evaluate_all(r, err);
}
