/* SPDX-License-Identifier: Apache-2.0 */
/* How they count, and what they do to a count afterwards. */
#include "manifest/import_internal.h"

const struct sequent_method sequent_methods[] = {
	{"plurality-at-large", "plurality-at-large"},
	{"borda", NULL},
	{"borda-custom", NULL},
	{"borda-mas-madrid", NULL},
	{"borda-nauru", NULL},
	{"cumulative", NULL},
	{"cup", NULL},
	{"desborda", NULL},
	{"desborda2", NULL},
	{"desborda3", NULL},
	{"meek-stv", NULL},
	{"pairwise-beta", NULL},
	{"pairwise-bradleyterry", NULL},
};
const size_t sequent_methods_count = sizeof sequent_methods / sizeof *sequent_methods;

bool sequent_method(struct importing *im, bytes *rule, const struct json_value *question)
{
	const struct json_value *v = import_member(question, "tally_type");
	if (!v) {
		import_note_missing(im, question, "tally_type");
		return false;
	}
	for (size_t i = 0; i < sequent_methods_count; i++) {
		if (!import_is_word(v, sequent_methods[i].theirs))
			continue;
		if (!sequent_methods[i].ours) {
			import_note(im, v, IMPORT_UNSUPPORTED, "this counting method is not counted here");
			return false;
		}
		import_note(im, v, IMPORT_MAPPED,
		            "the votes are added up in the same way; a tie for the last seat is not "
		            "decided silently by the alphabet but by a lot that somebody declares");
		*rule = bytes_of_text(sequent_methods[i].ours);
		return true;
	}
	import_note(im, v, IMPORT_UNSUPPORTED, "no counting method of this name is known");
	return false;
}

/* --- pipes: the steps of a tally --- */

static const char other_result[] = "this step changes the result; nothing here means the same";
static const char only_looks[] = "only how results are shown or stored";
static const char restricts[] = "questions would be left out of the count; all are counted here";

static const struct import_field of_tallies[] = {
	{"ignore_invalid_votes", VALUES_TRUE, "invalid votes are not counted, and listed by reason",
     "invalid votes are never counted here"},
	{"allow_empty_tally", VALUES_ANY, "a question without votes has an empty result here", NULL},
	{"print_as_csv", VALUES_ANY, only_looks, NULL},
	{"tallies_indexes", VALUES_EMPTY, "all are counted", restricts},
	{"question_indexes", VALUES_EMPTY, "all are counted", restricts},
	{"reuse_results", VALUES_EMPTY, "counted from the votes", other_result},
	{"help", VALUES_ANY, "a remark", NULL},
};
static const struct import_field of_sort[] = {
	{"withdrawals", VALUES_EMPTY, "nobody is withdrawn",
     "withdrawn candidates: remove the step, import, and name them in \"withdrawn\" of the "
     "manifest's question"},
	{"ties_sorting", VALUES_EMPTY, "ties are decided by lot",
     "an order for ties: remove the step, import, and give it as \"lot\" of the manifest's "
     "question"},
	{"question_indexes", VALUES_EMPTY, "all are sorted", restricts},
	{"help", VALUES_ANY, "a remark", NULL},
};

struct pipe {
	const char *type;
	const char *because;         /* the step itself is ignored */
	struct import_fields params; /* list NULL: whatever they are */
};
static const struct pipe pipes[] = {
	{"results.do_tallies", "every question is counted", {of_tallies, 7}},
	{"sort.sort_non_iterative", "results are sorted by votes", {of_sort, 4}},
	{"results.to_files", only_looks, {NULL, 0}},
	{"pdf.configure_pdf", only_looks, {NULL, 0}},
	{"pretty_print.pretty_print_not_iterative", only_looks, {NULL, 0}},
	{"pretty_print.pretty_print_stv_winners", only_looks, {NULL, 0}},
};
_Static_assert(sizeof of_tallies / sizeof *of_tallies == 7, "the table of pipes counts them");
_Static_assert(sizeof of_sort / sizeof *of_sort == 4, "the table of pipes counts them");

static bool is_type(const struct json_value *v, const char *type)
{
	static const char *const modules[] = {"tally_pipes.pipes.", "agora_results.pipes."};
	for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
		char room[96];
		struct text t = TEXT_OF(room);
		text_add(&t, modules[i]);
		text_add(&t, type);
		if (import_is_word(v, room))
			return true;
	}
	return false;
}

static void read_pipe(struct importing *im, const struct json_value *v)
{
	static const struct import_field fields[] = {
		{"type", VALUES_READ, NULL, NULL},
		{"params", VALUES_READ, NULL, NULL},
	};
	if (!import_walk(im, v, IMPORT_FIELDS(fields)))
		return;
	const struct json_value *type = import_member(v, "type"), *params = import_member(v, "params");
	if (!type) {
		import_note_missing(im, v, "type");
		return;
	}
	for (size_t i = 0; i < sizeof pipes / sizeof *pipes; i++) {
		if (!is_type(type, pipes[i].type))
			continue;
		import_note(im, type, IMPORT_IGNORED, pipes[i].because);
		if (params && pipes[i].params.list)
			import_walk(im, params, pipes[i].params);
		else if (params)
			import_note(im, params, IMPORT_IGNORED, pipes[i].because);
		return;
	}
	import_note(im, type, IMPORT_UNSUPPORTED, other_result);
}

static void read_pipes(struct importing *im, const struct json_value *config)
{
	static const struct import_field fields[] = {
		{"version", VALUES_ANY, "of a program that is not used here", NULL},
		{"pipes", VALUES_READ, NULL, NULL},
	};
	const struct json_value *list;
	size_t count;
	if (!import_walk(im, config, IMPORT_FIELDS(fields)) ||
	    !import_items(im, &list, &count, config, "pipes"))
		return;
	for (size_t i = 0; i < count; i++)
		read_pipe(im, json_item(list, i));
}

/* The steps as a text that is JSON itself: the usual form. */
static void read_pipes_text(struct importing *im, const struct json_value *v)
{
	char room[512];
	struct text path = TEXT_OF(room);
	struct json_doc *doc;
	struct error why;
	bytes text;
	error_clear(&why);
	if (!json_text(&text, v, SEQUENT_MAX_BYTES, &why) ||
	    !json_doc_parse(&doc, text, SEQUENT_MAX_BYTES, &why)) {
		import_note_error(im, v, &why);
		return;
	}
	json_path(&path, v);
	im->prefix = bytes_of(room, path.len);
	read_pipes(im, json_doc_root(doc));
	im->prefix = BYTES_NONE;
	json_doc_free(doc);
}

void sequent_pipes(struct importing *im, const struct json_value *object, const char *key)
{
	const struct json_value *v = import_member(object, key);
	if (!v)
		return;
	if (import_is_empty(v))
		import_note(im, v, IMPORT_IGNORED, "every question is counted");
	else if (json_kind_of(v) == JSON_KIND_TEXT)
		read_pipes_text(im, v);
	else
		read_pipes(im, v);
}
