/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/import_internal.h"

static const char logistics[] = "it is about running the vote; it is not in the manifest";
static const char eligibility[] = "who may vote and how they log in is not in the manifest; set it "
								  "up with the voters' list";
static const char looks[] = "how pages look; it is not in the manifest";
static const char one_text[] = "a manifest has one text, the same for everybody";
static const char add_up[] = "results of several elections would be added up; each stands alone";
static const char paper[] =
	"votes on paper would be added to the result; here only cast ones count";
static const char names_public[] = "names would be hidden; a manifest is public, and so are they";

static const struct import_field of_election[] = {
	{"title", VALUES_READ, NULL, NULL},
	{"description", VALUES_READ, NULL, NULL},
	{"questions", VALUES_READ, NULL, NULL},
	{"presentation", VALUES_READ, NULL, NULL},
	{"census", VALUES_READ, NULL, NULL},
	{"tallyPipesConfig", VALUES_READ, NULL, NULL},
	{"weightedVotingField", VALUES_READ, NULL, NULL},
	{"id", VALUES_ANY, "an election is known by its fingerprint here", NULL},
	{"title_i18n", VALUES_ANY, one_text, NULL},
	{"description_i18n", VALUES_ANY, one_text, NULL},
	{"layout", VALUES_ANY, looks, NULL},
	{"director", VALUES_ANY, "authorities are named by their keys; nobody directs", NULL},
	{"authorities", VALUES_ANY,
     "authorities are named by their keys, and the threshold says how many are enough", NULL},
	{"virtual", VALUES_EMPTY, "an election with votes of its own", add_up},
	{"virtualSubelections", VALUES_EMPTY, "an election with votes of its own", add_up},
	{"parent_id", VALUES_ANY, "each election stands alone; voters may be in several", NULL},
	{"children_election_info", VALUES_ANY, "each election stands alone; voters may be in several",
     NULL},
	{"ballotBoxesResultsConfig", VALUES_EMPTY, "no votes on paper", paper},
	{"has_ballot_boxes", VALUES_EMPTY, "no votes on paper", paper},
	{"ballot_boxes", VALUES_EMPTY, "no votes on paper", paper},
	{"scheduled_events", VALUES_ANY, logistics, NULL},
	{"num_successful_logins_allowed", VALUES_EMPTY,
     "a voter may vote again, and the last vote counts",
     "a limit on voting again; here a voter may always vote again, and the last vote counts"},
	{"publicCandidates", VALUES_TRUE, "names are public", names_public},
	{"allow_public_census_query", VALUES_ANY, eligibility, NULL},
	{"hide_default_login_lookup_field", VALUES_ANY, eligibility, NULL},
	{"support_otl_enabled", VALUES_ANY, eligibility, NULL},
	{"inside_authenticate_otl_period", VALUES_ANY, eligibility, NULL},
	{"tally_allowed", VALUES_ANY, logistics, NULL},
	{"logo_url", VALUES_ANY, looks, NULL},
	{"extra_data", VALUES_ANY, "notes for other programs", NULL},
	{"start_date", VALUES_ANY, logistics, NULL},
	{"end_date", VALUES_ANY, logistics, NULL},
	{"contests", VALUES_NONE, NULL,
     "an election of the newer platform; only the format with \"questions\" is read"},
};

static const struct import_field of_presentation[] = {
	{"extra_options", VALUES_READ, NULL, NULL},
	{"theme", VALUES_ANY, looks, NULL},
	{"theme_css", VALUES_ANY, looks, NULL},
	{"urls", VALUES_ANY, looks, NULL},
	{"share_text", VALUES_ANY, looks, NULL},
	{"show_login_link_on_home", VALUES_ANY, looks, NULL},
	{"election_board_ceremony", VALUES_ANY, "every key is made in a ceremony here", NULL},
	{"conditional_questions", VALUES_EMPTY, "every question is asked",
     "questions that are asked after certain answers only; here every question is asked"},
	{"pdf_url", VALUES_ANY, looks, NULL},
	{"i18n_languages_conf", VALUES_ANY, looks, NULL},
	{"i18n_override", VALUES_ANY, looks, NULL},
	{"anchor_continue_btn_to_bottom", VALUES_ANY, looks, NULL},
	{"booth_log_out__countdown_seconds", VALUES_ANY, logistics, NULL},
	{"mandatory_acceptance_tos_html", VALUES_ANY, looks, NULL},
	{"mandatory_acceptance_tos_html_i18n", VALUES_ANY, looks, NULL},
	{"public_title", VALUES_ANY, looks, NULL},
	{"public_title_i18n", VALUES_ANY, looks, NULL},
	{"voter_eligibility_screen", VALUES_ANY, looks, NULL},
	{"allow_tally", VALUES_ANY, logistics, NULL},
};

static const struct import_field of_presentation_extra[] = {
	{"allow_voting_end_graceful_period", VALUES_EMPTY, "nothing is cast after the closing",
     "votes would be taken after the closing; here none is"},
	{"start_screen__skip", VALUES_ANY, looks, NULL},
	{"booth_log_out__disable", VALUES_ANY, logistics, NULL},
	{"booth_log_out__countdown_seconds", VALUES_ANY, logistics, NULL},
	{"disable__demo_voting_booth", VALUES_ANY, looks, NULL},
	{"disable__public_home", VALUES_ANY, looks, NULL},
	{"disable__election_chooser_screen", VALUES_ANY, looks, NULL},
	{"disable_voting_booth_audit_ballot", VALUES_ANY, "every ballot can be audited here", NULL},
	{"success_screen__hide_ballot_tracker", VALUES_ANY, looks, NULL},
	{"success_screen__hide_qr_code", VALUES_ANY, looks, NULL},
	{"success_screen__hide_download_ballot_ticket", VALUES_ANY, looks, NULL},
	{"success_screen__redirect__url", VALUES_ANY, looks, NULL},
	{"success_screen__redirect_to_login", VALUES_ANY, looks, NULL},
	{"success_screen__redirect_to_login__text", VALUES_ANY, looks, NULL},
	{"success_screen__redirect_to_login__auto_seconds", VALUES_ANY, looks, NULL},
	{"success_screen__ballot_ticket__logo_url", VALUES_ANY, looks, NULL},
	{"success_screen__ballot_ticket__logo_header", VALUES_ANY, looks, NULL},
	{"success_screen__ballot_ticket__logo_subheader", VALUES_ANY, looks, NULL},
	{"success_screen__ballot_ticket__h3", VALUES_ANY, looks, NULL},
	{"success_screen__ballot_ticket__h4", VALUES_ANY, looks, NULL},
	{"success_screen__ballot_ticket__show_election_id", VALUES_ANY, looks, NULL},
	{"review_screen__split_cast_edit", VALUES_ANY, looks, NULL},
	{"show_skip_question_button", VALUES_ANY, looks, NULL},
	{"public_title", VALUES_ANY, looks, NULL},
};

static const struct import_field of_census[] = {
	{"voters", VALUES_ANY, eligibility, NULL},
	{"auth_method", VALUES_ANY, eligibility, NULL},
	{"auth_method_config", VALUES_ANY, eligibility, NULL},
	{"census", VALUES_ANY, eligibility, NULL},
	{"extra_fields", VALUES_ANY, eligibility, NULL},
	{"admin_fields", VALUES_ANY, eligibility, NULL},
	{"oidc_providers", VALUES_ANY, eligibility, NULL},
	{"alternative_auth_methods", VALUES_ANY, eligibility, NULL},
	{"config", VALUES_ANY, eligibility, NULL},
	{"has_ballot_boxes", VALUES_EMPTY, "no votes on paper", paper},
};

/* An election as their server hands it out. */
static const char of_the_old_one[] = "it belongs to the election that was, not to the new one";
static const struct import_field of_row[] = {
	{"configuration", VALUES_READ, NULL, NULL},
	{"tallyPipesConfig", VALUES_READ, NULL, NULL},
	{"id", VALUES_ANY, of_the_old_one, NULL},
	{"state", VALUES_ANY, of_the_old_one, NULL},
	{"tally_state", VALUES_ANY, of_the_old_one, NULL},
	{"startDate", VALUES_ANY, of_the_old_one, NULL},
	{"endDate", VALUES_ANY, of_the_old_one, NULL},
	{"pks", VALUES_ANY, "keys are made anew, in a ceremony", NULL},
	{"results", VALUES_ANY, of_the_old_one, NULL},
	{"resultsUpdated", VALUES_ANY, of_the_old_one, NULL},
	{"trusteeKeysState", VALUES_ANY, of_the_old_one, NULL},
	{"tallyAllowed", VALUES_ANY, of_the_old_one, NULL},
	{"logo_url", VALUES_ANY, looks, NULL},
	{"ballotBoxesResultsConfig", VALUES_EMPTY, "no votes on paper", paper},
	{"virtual", VALUES_EMPTY, "an election with votes of its own", add_up},
	{"publicCandidates", VALUES_TRUE, "names are public", names_public},
};
static const struct import_field of_envelope[] = {
	{"payload", VALUES_READ, NULL, NULL},
	{"date", VALUES_ANY, of_the_old_one, NULL},
};

static void read_presentation(struct importing *im, const struct json_value *election)
{
	const struct json_value *v = import_member(election, "presentation");
	if (!v || !import_walk(im, v, IMPORT_FIELDS(of_presentation)))
		return;
	const struct json_value *extra = import_member(v, "extra_options");
	if (extra)
		import_walk(im, extra, IMPORT_FIELDS(of_presentation_extra));
}

static void read_weights(struct importing *im, const struct json_value *election)
{
	const struct json_value *v = import_member(election, "weightedVotingField");
	if (!v)
		return;
	if (import_is_empty(v))
		import_note(im, v, IMPORT_IGNORED, "every voter has the same weight");
	else if (im->base->weight_max > 1)
		import_note(im, v, IMPORT_MAPPED, "weights are in the voters' list, up to weight_max");
	else
		import_note(im, v, IMPORT_UNSUPPORTED,
		            "voters have weights, but weight_max is 1; say how much a vote may weigh");
}

static void read_questions(struct importing *im, struct manifest_draft *draft,
                           const struct json_value *election)
{
	const struct json_value *list;
	size_t count;
	if (!import_items(im, &list, &count, election, "questions"))
		return;
	if (count == 0) {
		import_note_missing(im, election, "questions");
		return;
	}
	if (count > LIMIT_QUESTIONS) {
		import_note(im, list, IMPORT_UNSUPPORTED, "more than 64 questions (LIMIT_QUESTIONS)");
		return;
	}
	struct manifest_draft_question *questions =
		im->failed ? NULL
				   : arena_take_array(im->arena, count, struct manifest_draft_question, im->err);
	if (!questions) {
		im->failed = true;
		return;
	}
	import_note(im, list, IMPORT_MAPPED,
	            "each question is a group of its own, every voter has all");
	for (size_t i = 0; i < count; i++)
		sequent_question(im, &questions[i], json_item(list, i));
	draft->questions = questions;
	draft->questions_count = (unsigned)count;
}

static void read_election(struct importing *im, struct manifest_draft *draft,
                          const struct json_value *v)
{
	if (!import_walk(im, v, IMPORT_FIELDS(of_election)))
		return;
	const struct json_value *census = import_member(v, "census");
	(void)import_text(im, &draft->title, v, "title", IMPORT_LINE, "the same text");
	(void)import_text(im, &draft->description, v, "description", IMPORT_LINES,
	                  "the same text; HTML in it is shown as text");
	read_questions(im, draft, v);
	read_presentation(im, v);
	read_weights(im, v);
	if (census && json_kind_of(census) == JSON_KIND_OBJECT)
		import_walk(im, census, IMPORT_FIELDS(of_census));
	else if (census)
		import_note(im, census, IMPORT_IGNORED, eligibility);
	sequent_pipes(im, v, "tallyPipesConfig");
}

/* Takes off what their server puts around an election. */
static void unwrap(struct importing *im, struct manifest_draft *draft, const struct json_value *v)
{
	const struct json_value *payload = import_member(v, "payload");
	if (payload) {
		import_walk(im, v, IMPORT_FIELDS(of_envelope));
		v = payload;
	}
	const struct json_value *configuration = import_member(v, "configuration");
	if (configuration) {
		import_walk(im, v, IMPORT_FIELDS(of_row));
		sequent_pipes(im, v, "tallyPipesConfig");
		v = configuration;
	}
	read_election(im, draft, v);
}

static bool is_full(const struct error *why)
{
	return why->kind == ERROR_LIMIT && strncmp(why->what, "arena: ", 7) == 0;
}

/* What no field alone shows: a plaintext or a ballot that would be too long. */
static void check_manifest(struct importing *im, const struct manifest_draft *draft,
                           const struct json_value *v)
{
	struct error why;
	error_clear(&why);
	if (im->failed || im->election->counts[IMPORT_UNSUPPORTED] ||
	    im->election->counts[IMPORT_WRONG])
		return;
	if (manifest_write(&im->election->exact, draft, im->arena, &why)) {
		im->election->draft = draft;
	} else if (is_full(&why)) {
		im->failed = true;
		fail_detail(im->err, why.kind, why.what, why.at, why.detail);
	} else {
		import_note_error(im, v, &why);
	}
}

static bool import_one(struct sequent_election *out, const struct json_value *v,
                       const struct importing *common)
{
	struct importing im = *common;
	struct import_entry *first = NULL;
	struct manifest_draft *draft = arena_take_array(im.arena, 1, struct manifest_draft, im.err);
	if (!draft)
		return false;
	*out = (struct sequent_election){.draft = NULL};
	im.election = out;
	im.end = &first;
	*draft = *im.base;
	draft->title = draft->description = BYTES_NONE;
	draft->questions_count = draft->groups_count = draft->styles_count = 0;
	unwrap(&im, draft, v);
	check_manifest(&im, draft, v);
	out->entries = first;
	return !im.failed;
}

bool sequent_import(struct sequent_import *out, bytes json, const struct manifest_draft *base,
                    struct arena *arena, struct error *err)
{
	struct json_doc *doc;
	if (!json_doc_parse(&doc, json, SEQUENT_MAX_BYTES, err))
		return false;
	const struct json_value *root = json_doc_root(doc);
	const bool several = json_kind_of(root) == JSON_KIND_ARRAY;
	const struct importing common = {.arena = arena, .err = err, .base = base};
	size_t count = 1;
	bool good =
		!several || json_items(&count, root, (struct json_range){1, SEQUENT_MAX_ELECTIONS}, err);
	struct sequent_election *elections =
		good ? arena_take_array(arena, count, struct sequent_election, err) : NULL;
	good = good && elections;
	for (size_t i = 0; good && i < count; i++)
		good = import_one(&elections[i], several ? json_item(root, i) : root, &common);
	json_doc_free(doc);
	*out = (struct sequent_import){good ? (unsigned)count : 0, elections};
	return good;
}
