/* SPDX-License-Identifier: Apache-2.0 */
#include "election.h"

#include "support/keys.h"

#include <stdio.h>
#include <string.h>

static const struct manifest_authority authorities[] = {
	{{(const uint8_t *)"Org A", 5}, TEST_KEY_1}, {{(const uint8_t *)"Org B", 5}, TEST_KEY_2}};
struct manifest_draft election_base = {
	.board = {{(const uint8_t *)"b.example", 9}, TEST_KEY_7},
	.threshold = 2,
	.authorities_count = 2,
	.authorities = authorities,
	.min_list = 10,
};

const char election[] =
	"{\"id\":7,\"title\":\"Council\",\"description\":\"Two <b>lines</b>\\nof text\","
	"\"layout\":\"simple\",\"director\":\"a1\",\"authorities\":[\"a2\"],"
	"\"questions\":[{\"title\":\"Board\",\"description\":\"Who?\",\"layout\":\"accordion\","
	"\"min\":0,\"max\":2,\"num_winners\":1,\"tally_type\":\"plurality-at-large\","
	"\"answer_total_votes_percentage\":\"over-total-votes\","
	"\"answers\":[" ANSWER_BO "," ANSWER_ANN "," ANSWER_CY "],"
	"\"extra_options\":{\"group\":\"first\",\"allow_writeins\":false,\"enable_panachage\":true,"
	"\"cumulative_number_of_checkboxes\":1,\"enable_checkable_lists\":\"disabled\","
	"\"invalid_vote_policy\":\"warn\",\"shuffle_all_options\":true}}],"
	"\"presentation\":{\"theme\":\"default\",\"theme_css\":\"\",\"urls\":[],"
	"\"extra_options\":{\"start_screen__skip\":false}},"
	"\"tallyPipesConfig\":\"{\\\"version\\\":\\\"1.0\\\",\\\"pipes\\\":[{\\\"type\\\":"
	"\\\"tally_pipes.pipes.results.do_tallies\\\",\\\"params\\\":{}}]}\","
	"\"virtual\":false,\"census\":{\"voters\":[],\"census\":\"close\"},\"publicCandidates\":true,"
	"\"num_successful_logins_allowed\":0,\"weightedVotingField\":\"\"}";

const char *election_with(const char *from, const char *to)
{
	static char room[1 << 16];
	const char *at = strstr(election, from);
	if (!at)
		fail_msg("'%s' is not in the election", from ? from : "");
	int len = snprintf(room, sizeof room, "%.*s%s%s", (int)(at - election), election, to,
	                   at + strlen(from));
	assert_true(len > 0 && (size_t)len < sizeof room);
	return room;
}

struct sequent_import election_import(const char *text)
{
	struct error err;
	struct sequent_import out;
	error_clear(&err);
	arena_release(test_arena(), 0);
	assert_ok(sequent_import(&out, bytes_of_text(text), &election_base, test_arena(), &err), err);
	return out;
}

const struct import_entry *election_entry(const struct sequent_election *e, const char *path)
{
	for (const struct import_entry *i = e->entries; i; i = i->next)
		if (bytes_equal(i->path, bytes_of_text(path)))
			return i;
	return NULL;
}

void election_expect(const struct sequent_election *e, const char *path, enum import_fate fate)
{
	const struct import_entry *i = election_entry(e, path);
	if (!i)
		fail_msg("%s is not in the report", path);
	if (i->fate != fate)
		fail_msg("%s is %s, not %s: %s", path, import_fate_name(i->fate), import_fate_name(fate),
		         i->because);
}

void election_refused(const char *from, const char *to, const char *path, enum import_fate fate,
                      const char *reason)
{
	struct sequent_import im = election_import(election_with(from, to));
	const struct sequent_election *e = &im.elections[0];
	char room[1024];
	struct text t = TEXT_OF(room);
	assert_int_equal(im.count, 1);
	if (e->draft)
		fail_msg("%s -> %s is imported", from, to);
	election_expect(e, path, fate);
	import_entry_text(&t, election_entry(e, path));
	if (!strstr(room, reason))
		fail_msg("'%s' does not say '%s'", room, reason);
	assert_int_equal(e->counts[IMPORT_UNSUPPORTED] + e->counts[IMPORT_WRONG], 1);
}

struct manifest *election_imported(const char *text)
{
	struct error err;
	struct manifest *m;
	char room[512];
	struct sequent_import im = election_import(text);
	error_clear(&err);
	for (const struct import_entry *i = im.elections[0].entries; i; i = i->next) {
		struct text t = TEXT_OF(room);
		import_entry_text(&t, i);
		if (i->fate == IMPORT_UNSUPPORTED || i->fate == IMPORT_WRONG)
			fail_msg("%s", room);
	}
	assert_non_null(im.elections[0].draft);
	assert_ok(sequent_refuse(&im.elections[0], &err), err);
	assert_ok(manifest_read(&m, im.elections[0].exact, test_arena(), &err), err);
	return m;
}
