/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/import_internal.h"
#include "manifest/text_internal.h"

#define LAYOUT_MAX_BYTES 64u

static const char for_the_eye[] = "how the booth shows the question; it is not in the manifest";
static const char one_text[] = "a manifest has one text, the same for everybody";
static const char booth_rule[] =
	"a rule about which answers go together; nothing here means the same";

static const struct import_field of_question[] = {
	{"title", VALUES_READ, NULL, NULL},
	{"description", VALUES_READ, NULL, NULL},
	{"layout", VALUES_READ, NULL, NULL},
	{"min", VALUES_READ, NULL, NULL},
	{"max", VALUES_READ, NULL, NULL},
	{"num_winners", VALUES_READ, NULL, NULL},
	{"tally_type", VALUES_READ, NULL, NULL},
	{"answers", VALUES_READ, NULL, NULL},
	{"extra_options", VALUES_READ, NULL, NULL},
	{"title_i18n", VALUES_ANY, one_text, NULL},
	{"description_i18n", VALUES_ANY, one_text, NULL},
	{"answer_total_votes_percentage", VALUES_ANY,
     "what percentages are taken of; results here are votes", NULL},
	{"randomize_answer_order", VALUES_ANY, for_the_eye, NULL},
	{"id", VALUES_ANY, "questions are named q1, q2, … by their place", NULL},
	{"active", VALUES_TRUE, "every question is asked", "every question of a manifest is asked"},
};

static const struct import_field of_extra[] = {
	{"group", VALUES_READ, NULL, NULL},
	{"allow_writeins", VALUES_READ, NULL, NULL},
	{"enable_checkable_lists", VALUES_READ, NULL, NULL},
	{"invalid_vote_policy", VALUES_READ, NULL, NULL},
	{"next_button", VALUES_ANY, for_the_eye, NULL},
	{"shuffled_categories", VALUES_ANY, for_the_eye, NULL},
	{"shuffling_policy", VALUES_ANY, for_the_eye, NULL},
	{"shuffle_categories", VALUES_ANY, for_the_eye, NULL},
	{"shuffle_all_options", VALUES_ANY, for_the_eye, NULL},
	{"shuffle_category_list", VALUES_ANY, for_the_eye, NULL},
	{"show_points", VALUES_ANY, for_the_eye, NULL},
	{"show_filter_field", VALUES_ANY, for_the_eye, NULL},
	{"footer_html", VALUES_ANY, for_the_eye, NULL},
	{"accordion_folding_policy", VALUES_ANY, for_the_eye, NULL},
	{"answer_columns_size", VALUES_ANY, for_the_eye, NULL},
	{"answer_group_columns_size", VALUES_ANY, for_the_eye, NULL},
	{"select_categories_1click", VALUES_ANY, for_the_eye, NULL},
	{"select_all_category_clicks", VALUES_ANY, for_the_eye, NULL},
	{"review_screen__show_question_description", VALUES_ANY, for_the_eye, NULL},
	{"force_allow_blank_vote", VALUES_ANY, "a blank vote can always be cast here", NULL},
	{"recommended_preset__tag", VALUES_EMPTY, "nothing is recommended",
     "the booth would recommend answers; it does not here"},
	{"recommended_preset__title", VALUES_ANY, for_the_eye, NULL},
	{"recommended_preset__accept_text", VALUES_ANY, for_the_eye, NULL},
	{"recommended_preset__deny_text", VALUES_ANY, for_the_eye, NULL},
	{"default_selected_option_ids", VALUES_EMPTY, "nothing is chosen beforehand",
     "answers chosen beforehand would be votes of people who did nothing; here the voter chooses"},
	{"ballot_parity_criteria", VALUES_EMPTY, "no such rule", booth_rule},
	{"restrict_choices_by_tag__name", VALUES_EMPTY, "no such rule", booth_rule},
	{"restrict_choices_by_tag__max", VALUES_EMPTY, "no such rule", booth_rule},
	{"restrict_choices_by_tag__max_error_msg", VALUES_ANY, for_the_eye, NULL},
	{"restrict_choices_by_no_tag__max", VALUES_EMPTY, "no such rule", booth_rule},
	{"enable_panachage", VALUES_TRUE, "answers of all categories can be chosen together",
     "votes with answers of two categories would be invalid; here they are valid"},
	{"cumulative_number_of_checkboxes", VALUES_ONE, "an answer is marked once",
     "several marks for one answer; here it is marked once"},
	{"write_in_config", VALUES_EMPTY, "a write-in is one text field",
     "write-ins of several fields put together; here a write-in is one text field"},
	{"truncate-max-overload", VALUES_EMPTY, "a vote with too many answers is invalid",
     "too many answers would be cut to the first few; here the vote is invalid"},
};

/* A number of 0 … 2^31-1; absent is WRONG. */
static bool take_number(struct importing *im, unsigned *out, const struct json_value **v,
                        const struct json_value *question, const char *key)
{
	struct error why;
	uint64_t number;
	error_clear(&why);
	*v = import_member(question, key);
	if (!*v) {
		import_note_missing(im, question, key);
		return false;
	}
	if (!json_u64(&number, *v, (struct json_range){0, INT32_MAX}, &why)) {
		import_note_error(im, *v, &why);
		return false;
	}
	*out = (unsigned)number;
	return true;
}

/* More than all answers is as much as all answers. */
static void note_at_most(struct importing *im, unsigned *number, unsigned most,
                         const struct json_value *v)
{
	if (*number > most)
		import_note(im, v, IMPORT_MAPPED, "more than there are answers means: all of them");
	else
		import_note(im, v, IMPORT_MAPPED, "the same number");
	if (*number > most)
		*number = most;
}

static void read_numbers(struct importing *im, struct manifest_draft_question *q,
                         const struct json_value *question, bool answers_known)
{
	const struct json_value *min, *max, *seats;
	const unsigned n = q->answers_count + q->write_ins;
	bool all = take_number(im, &q->min, &min, question, "min");
	all &= take_number(im, &q->max, &max, question, "max");
	all &= take_number(im, &q->seats, &seats, question, "num_winners");
	if (!all || !answers_known)
		return;
	if (q->max == 0)
		import_note(im, max, IMPORT_WRONG, "it must be at least 1");
	else if (q->min > q->max)
		import_note(im, min, IMPORT_WRONG, "it is more than max: no vote would be valid");
	else if (q->min > n)
		import_note(im, min, IMPORT_WRONG, "it is more than there are answers");
	else
		import_note(im, min, IMPORT_MAPPED, "the same number; a vote without any mark is blank");
	if (q->max > 0)
		note_at_most(im, &q->max, n, max);
	if (q->seats == 0)
		import_note(im, seats, IMPORT_WRONG, "it must be at least 1");
	else
		note_at_most(im, &q->seats, n, seats);
}

/* "Accordion" and the like: free short names. */
static void keep_layout(struct importing *im, bytes *out, const struct json_value *object,
                        const char *key)
{
	const struct json_value *v = import_member(object, key);
	struct error why;
	bytes text;
	if (!v)
		return;
	error_clear(&why);
	if (import_is_empty(v))
		import_note(im, v, IMPORT_IGNORED, "it is empty");
	else if (!json_text(&text, v, LAYOUT_MAX_BYTES, &why) || !text_check_line(text, &why))
		import_note(im, v, IMPORT_IGNORED, "for the eye only, and no short name");
	else if (import_keep(im, out, text))
		import_note(im, v, IMPORT_KEPT, "for the booth; nothing is counted by it");
}

static void read_invalid_policy(struct importing *im, const struct json_value *v)
{
	static const char *const known[] = {"allowed", "warn", "warn-invalid-implicit-and-explicit",
	                                    "not-allowed"};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (import_is_word(v, known[i])) {
			import_note(im, v, IMPORT_IGNORED,
			            "what the booth says before an invalid vote is cast; such a vote is never "
			            "counted, here as there");
			return;
		}
	import_note(im, v, IMPORT_WRONG,
	            "it is none of allowed, warn, warn-invalid-implicit-and-explicit, not-allowed");
}

static void read_extra(struct importing *im, struct manifest_draft_question *q,
                       const struct json_value *extra)
{
	if (!import_walk(im, extra, IMPORT_FIELDS(of_extra)))
		return;
	const struct json_value *lists = import_member(extra, "enable_checkable_lists");
	const struct json_value *policy = import_member(extra, "invalid_vote_policy");
	keep_layout(im, &q->group_layout, extra, "group");
	if (policy)
		read_invalid_policy(im, policy);
	if (lists && (import_is_empty(lists) || import_is_word(lists, "disabled")))
		import_note(im, lists, IMPORT_IGNORED, "no lists are chosen");
	else if (lists)
		import_note(im, lists, IMPORT_UNSUPPORTED, "whole lists could be chosen; here answers are");
}

static void read_write_ins(struct importing *im, const struct manifest_draft_question *q,
                           const struct json_value *question, const struct json_value *extra)
{
	const struct json_value *allowed = extra ? import_member(extra, "allow_writeins") : NULL;
	bool off = !allowed || import_is_empty(allowed);
	if (allowed && !off && !import_is_word(allowed, "true"))
		import_note(im, allowed, IMPORT_WRONG, "it must be true or false");
	else if (off && q->write_ins)
		import_note(im, question, IMPORT_WRONG,
		            "answers are marked isWriteIn, but extra_options.allow_writeins is not true");
	else if (allowed && q->write_ins)
		import_note(im, allowed, IMPORT_MAPPED, "the answers marked isWriteIn are text fields");
	else if (allowed)
		import_note(im, allowed, IMPORT_IGNORED, "no answer is a write-in");
}

void sequent_question(struct importing *im, struct manifest_draft_question *out,
                      const struct json_value *v)
{
	*out = (struct manifest_draft_question){.seats = 0};
	if (!import_walk(im, v, IMPORT_FIELDS(of_question)))
		return;
	const struct json_value *extra = import_member(v, "extra_options");
	(void)import_text(im, &out->title, v, "title", IMPORT_LINE, "the same text");
	(void)import_text(im, &out->description, v, "description", IMPORT_LINES,
	                  "the same text; HTML in it is shown as text");
	keep_layout(im, &out->layout, v, "layout");
	(void)sequent_method(im, &out->rule, v);
	if (extra)
		read_extra(im, out, extra);
	bool answers_known = sequent_answers(im, out, v);
	read_write_ins(im, out, v, extra);
	read_numbers(im, out, v, answers_known);
}
