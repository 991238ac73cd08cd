/* SPDX-License-Identifier: Apache-2.0 */
#include "record/verify.h"

#include "record/endorse.h"
#include "record/files_internal.h"
#include "record/proof.h"
#include "record/result.h"
#include "record/verify_internal.h"

void verification_note(struct verification *v, const char *code, const char *sentence,
                       enum check_outcome outcome, const char *detail)
{
	struct check c = {.code = code, .sentence = sentence, .outcome = outcome};
	struct text t = TEXT_OF(c.error.detail);
	text_add(&t, detail);
	c.error.at = ERROR_NOWHERE;
	if (outcome == CHECK_SKIPPED)
		v->skipped++;
	v->report->check(v->report, &c);
}

/* Too little memory says as little about a record as a broken disk does; a bound that a file
 * exceeds is the record's own fault. */
static bool is_the_machines(const struct error *err)
{
	static const char arena[] = "arena: ";
	return err->kind == ERROR_IO || err->kind == ERROR_BUG ||
	       (err->kind == ERROR_LIMIT && strncmp(err->what, arena, sizeof arena - 1) == 0);
}

bool verification_check(struct verification *v, const char *code, const char *sentence, bool good,
                        const struct error *err)
{
	struct check c = {.code = code, .sentence = sentence};
	c.outcome = good ? CHECK_PASSED : CHECK_FAILED;
	c.error.at = ERROR_NOWHERE;
	if (!good) {
		c.error = *err;
		v->failed++;
		if (is_the_machines(err))
			v->undecided = true;
	}
	v->report->check(v->report, &c);
	return good;
}

static bool read_manifest(struct verification *v, struct error *err)
{
	bytes exact;
	uint8_t *room = arena_take(v->world->arena, LIMIT_MANIFEST_BYTES + 1, 1, err);
	return room &&
	       folder_read(v->record, "manifest.json", room, LIMIT_MANIFEST_BYTES + 1, &exact, err) &&
	       manifest_read(&v->manifest, exact, v->world->arena, err);
}

static bool check_anchor(struct verification *v, struct error *err)
{
	if (!v->anchor->given)
		return true;
	return digest_equal(&v->anchor->eid, &v->key.eid) ||
	       fail(err, ERROR_REJECTED,
	            "anchor: this record is of another election than the fingerprint given",
	            ERROR_NOWHERE);
}

/* Sections 1 to 3: without manifest and key nothing else can be checked. */
static bool verify_foundation(struct verification *v)
{
	struct error err;
	struct subfolder ceremony;
	error_clear(&err);
	if (!v->anchor->given)
		verification_note(v, "1.1", "a fingerprint from outside", CHECK_NOTE,
		                  "none given: at best this record is consistent with itself");
	if (!verification_check(v, "2.1", "the manifest is read and keeps every rule",
	                        read_manifest(v, &err), &err))
		return false;
	bool good = subfolder_init(&ceremony, v->record, "ceremony", &err) &&
	            ceremony_verify(&v->key, v->manifest, &ceremony.folder, &err);
	if (!verification_check(v, "3.1",
	                        "the ceremony: signatures, openings, proofs, shares, certificates",
	                        good, &err))
		return false;
	if (!v->anchor->given)
		return true;
	return verification_check(v, "3.2", "it is the election of the fingerprint",
	                          check_anchor(v, &err), &err);
}

static bool verify_closing(struct verification *v, struct error *err)
{
	bool signed_by[LIMIT_PARTIES + 1];
	struct endorsements e = {v->record, v->manifest, NULL, "close"};
	digest s = statement_close(&v->key.eid, v->box.log_size, &v->box.root);
	v->closed_by = 0;
	if (!endorsements_read(signed_by, &e, &s, err))
		return false;
	for (unsigned l = 1; l <= v->manifest->authorities_count; l++)
		v->closed_by += signed_by[l];
	return endorsements_enough(signed_by, v->manifest->threshold, err);
}

/* Two sets of q closing parties share an honest one if fewer than t cheat and 2q > n + t - 1. */
static void note_closing(struct verification *v)
{
	char detail[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(detail);
	unsigned n = v->manifest->authorities_count, threshold = v->manifest->threshold;
	if (2 * v->closed_by > n + threshold - 1)
		return;
	text_add_u64(&t, v->closed_by);
	text_add(&t, " of ");
	text_add_u64(&t, n);
	text_add(&t, " authorities signed it: a second record with other ballots could exist beside "
	             "this one, and the difference would open votes; it takes ");
	text_add_u64(&t, (n + threshold - 1) / 2 + 1);
	text_add(&t, " signatures to exclude that");
	verification_note(v, "6.4", "the closing root is not unique", CHECK_NOTE, detail);
}

static bool verify_list_sizes(struct verification *v, struct error *err)
{
	for (unsigned g = 0; g < v->manifest->groups_count; g++)
		if (!list_size_check(v->manifest, &v->box, g, err))
			return false;
	return true;
}

/* Sections 4 to 7. */
static bool verify_ballots(struct verification *v)
{
	struct error err;
	char detail[64];
	struct text t = TEXT_OF(detail);
	error_clear(&err);
	bool files = verification_check(v, "4.1", "nothing is in the record that does not belong there",
	                                record_files_check(v->record, v->manifest, &err), &err);
	verification_note(
		v, "5.1", "eligibility", CHECK_NOTE,
		"rests on the registrar (mode \"server\": ballots carry no voter's signature)");
	error_clear(&err);
	if (!verification_check(
			v, "6.1", "every ballot: form, election, pseudonym, no repeats, proofs",
			ballot_box_read(&v->box, v->manifest, &v->key, v->record, false, v->world, &err), &err))
		return false;
	text_add_u64(&t, v->box.ballots);
	text_add(&t, " ballots");
	verification_note(v, "6.2", "ballots in the log", CHECK_NOTE, detail);
	bool closed = verification_check(v, "6.3", "the closing root is signed by t authorities",
	                                 verify_closing(v, &err), &err);
	if (closed)
		note_closing(v);
	bool sizes = verification_check(v, "7.1", "no list is smaller than the manifest allows",
	                                verify_list_sizes(v, &err), &err);
	return files && closed && sizes;
}

static bool result_is(struct verification *v, const struct election_result *r, struct error *err)
{
	struct source *s;
	bytes b;
	size_t at = 0;
	if (!v->record->open(v->record, "result.json", &s, err))
		return false;
	bool good = s->size == r->json.len ||
	            fail(err, ERROR_REJECTED, "result: not the length of the recomputed one", s->size);
	while (good && at < r->json.len) {
		good = source_next(s, r->json.len - at, &b, err);
		if (good && (b.len == 0 || memcmp(b.p, r->json.p + at, b.len) != 0))
			good = fail(err, ERROR_REJECTED, "result: differs from the recomputed one", at);
		at += good ? b.len : 0;
	}
	source_close(s);
	return good;
}

static bool verify_result_signatures(struct verification *v, const struct election_result *r,
                                     struct error *err)
{
	bool signed_by[LIMIT_PARTIES + 1];
	struct endorsements e = {v->record, v->manifest, NULL, "result"};
	digest s;
	return result_statement(&s, v->manifest, &v->key, v->box.list_sizes, v->record, r->json, err) &&
	       endorsements_read(signed_by, &e, &s, err) &&
	       endorsements_enough(signed_by, v->manifest->threshold, err);
}

static void verify_result(struct verification *v)
{
	struct error err;
	struct election_result *r;
	error_clear(&err);
	if (!verification_check(
			v, "10.1", "plaintexts are decoded and counted by the manifest's rules",
			result_compute(&r, v->manifest, &v->key, v->box.list_sizes, v->record, v->world, &err),
			&err) ||
	    !verification_check(v, "10.2", "result.json is exactly the recomputed result",
	                        result_is(v, r, &err), &err))
		return;
	verification_check(v, "10.3", "the result is signed by t authorities",
	                   verify_result_signatures(v, r, &err), &err);
}

static void summary(struct verification *v)
{
	char detail[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(detail);
	text_add_u64(&t, v->manifest->threshold);
	text_add(&t, " of ");
	text_add_u64(&t, v->manifest->authorities_count);
	text_add(&t, " authorities open the votes; no witnesses: no protection against a split view");
	verification_note(v, "11.1", "what secrecy rests on", CHECK_NOTE, detail);
	for (unsigned g = 0; g < v->manifest->groups_count; g++) {
		if (v->box.list_sizes[g] >= v->manifest->min_list)
			continue;
		t = TEXT_OF(detail);
		text_add(&t, "list l");
		text_add_u64(&t, g + 1u);
		text_add(&t, " has ");
		text_add_u64(&t, v->box.list_sizes[g]);
		text_add(&t, " ballots: small lists may tell how somebody voted");
		verification_note(v, "11.2", "small list, accepted by the manifest", CHECK_NOTE, detail);
	}
}

enum record_verdict record_verify(struct folder *record, const struct record_anchor *anchor,
                                  struct tally_world *world, struct report *report)
{
	struct verification v = {.record = record, .anchor = anchor, .world = world, .report = report};
	if (verify_foundation(&v)) {
		bool ballots = verify_ballots(&v);
		if (ballots || v.box.log_size) {
			verify_proofs(&v);
			verify_result(&v);
			summary(&v);
		} else {
			verification_note(&v, "8.0", "shuffles, decryption, result", CHECK_SKIPPED,
			                  "the ballots could not be read");
		}
	} else {
		verification_note(&v, "4.0", "everything after the ceremony", CHECK_SKIPPED,
		                  "there is no manifest or key to check it against");
	}
	if (v.undecided)
		return RECORD_UNDECIDED;
	if (v.failed)
		return RECORD_REJECTED;
	if (v.skipped)
		return RECORD_UNDECIDED;
	return anchor->given ? RECORD_VERIFIED : RECORD_SELF_CONSISTENT;
}
