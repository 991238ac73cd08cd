/* SPDX-License-Identifier: Apache-2.0 */
/* Sections 4 to 7: files, log, checkpoints, credentials, ballots, lists. */
#include "record/board.h"
#include "record/endorse.h"
#include "record/files_internal.h"
#include "record/verify_internal.h"

/* --- 4.2, 4.3, 5.1, 6.1, 6.5: one pass over the log --- */

struct fault_list {
	struct box_fault *faults;
	unsigned count;
};

static void keep_fault(void *ctx, const struct box_fault *f)
{
	struct fault_list *l = ctx;
	l->faults[l->count++] = *f; /* at most BOX_FAULTS_LISTED calls */
}

static bool read_box(struct verification *v, struct fault_list *faults, enum box_stage *stage,
                     struct error *err)
{
	const struct box_job job = {.manifest = v->manifest,
	                            .key = &v->key,
	                            .ceremony = v->ceremony,
	                            .record = v->record,
	                            .world = v->world,
	                            .fault = keep_fault,
	                            .fault_ctx = faults,
	                            .stage = stage};
	*stage = BOX_LOG;
	faults->count = 0;
	faults->faults = arena_take_array(v->world->arena, BOX_FAULTS_LISTED, struct box_fault, err);
	return faults->faults && ballot_box_read(&v->box, &job, err);
}

static const struct {
	const char *code, *sentence;
} box_checks[] = {
	[BOX_LOG] = {"4.2", "the log: every entry in form and order, opened and closed once"},
	[BOX_OBJECTS] = {"4.3", "every ballot and audit is there, under the digest of its entry"},
	[BOX_CREDENTIALS] = {"5.1", "the list of credentials, and every change of it authorised"},
	[BOX_LISTS] = {"7.0", "the lists are derived"},
};

static bool report_stage(struct verification *v, enum box_stage stage, bool good,
                         const struct error *err)
{
	return verification_check(v, box_checks[stage].code, box_checks[stage].sentence, good, err);
}

/* --- 4.4, 4.5, 4.6: checkpoints --- */

static bool check_quorum(const struct manifest *m, unsigned close, unsigned final,
                         struct error *err)
{
	if (close < m->witnesses_quorum)
		return fail_detail(err, ERROR_REJECTED,
		                   "checkpoint: fewer witnesses than the manifest's quorum have cosigned",
		                   close, BOARD_CLOSE_PATH);
	return final >= m->witnesses_quorum ||
	       fail_detail(err, ERROR_REJECTED,
	                   "checkpoint: fewer witnesses than the manifest's quorum have cosigned",
	                   final, BOARD_FINAL_PATH);
}

static void verify_checkpoints(struct verification *v)
{
	const struct checkpoint_policy policy = {v->manifest, &v->key.eid, true};
	const struct checkpoint_claim close = {v->record, BOARD_CLOSE_PATH, v->box.log_size,
	                                       &v->box.root};
	const struct checkpoint_claim whole = {v->record, BOARD_FINAL_PATH, v->box.whole_size,
	                                       &v->box.whole_root};
	struct error err;
	unsigned close_witnesses, final_witnesses;
	error_clear(&err);
	bool good = verification_check(
		v, "4.4", "checkpoint-close is the board's, for the tree that ends with \"close\"",
		checkpoint_check(&close_witnesses, &close, &policy, &err), &err);
	error_clear(&err);
	good &= verification_check(v, "4.5", "checkpoint is the board's, for the whole log",
	                           checkpoint_check(&final_witnesses, &whole, &policy, &err), &err);
	if (v->manifest->witnesses_count == 0)
		verification_note(v, "4.6", "witnesses of the checkpoints", CHECK_NOTE,
		                  "the manifest names none: no protection against a split view");
	else if (good)
		verification_check(v, "4.6", "both checkpoints have the quorum of witnesses",
		                   check_quorum(v->manifest, close_witnesses, final_witnesses, &err), &err);
	else
		verification_note(v, "4.6", "both checkpoints have the quorum of witnesses", CHECK_SKIPPED,
		                  "a checkpoint does not hold");
}

/* --- 4.7: what the log says about tally, result, evidence --- */

static bool lists_are_the_logs(struct verification *v, struct error *err)
{
	for (unsigned l = 0; l < v->manifest->lists_count; l++) {
		char auxsid[AUXSID_BYTES];
		digest files;
		list_auxsid(auxsid, l);
		if (!statement_list_files(&files, v->record, auxsid, err))
			return fail_within(err, auxsid);
		if (!digest_equal(&files, &v->box.tally[l]))
			return fail_detail(err, ERROR_REJECTED,
			                   "log: the files of a list are not those of its tally entry",
			                   ERROR_NOWHERE, auxsid);
	}
	return true;
}

static bool result_is_the_logs(struct verification *v, struct error *err)
{
	struct source *s;
	digest d;
	if (!record_file_digest(&d, v->record, "result.json", err) ||
	    !v->record->open(v->record, "result.json", &s, err))
		return false;
	uint64_t size = s->size;
	source_close(s);
	return (digest_equal(&d, &v->box.result) && size == v->box.result_bytes) ||
	       fail_detail(err, ERROR_REJECTED, "log: result.json is not that of its entry",
	                   ERROR_NOWHERE, "result.json");
}

static bool evidence_is_the_logs(struct verification *v, struct error *err)
{
	static const char *const folders[] = {"evidence"};
	digest d;
	uint64_t files;
	if (!statement_files(&d, &files, v->record, folders, 1, err))
		return false;
	if (!v->box.has_evidence)
		return files == 0 || fail_detail(err, ERROR_REJECTED, "log: no entry speaks of evidence",
		                                 files, folders[0]);
	return (digest_equal(&d, &v->box.evidence) && files == v->box.evidence_files) ||
	       fail_detail(err, ERROR_REJECTED, "log: the evidence is not that of its entry", files,
	                   folders[0]);
}

static bool tally_is_the_logs(struct verification *v, struct error *err)
{
	if (!v->box.complete)
		return fail(err, ERROR_REJECTED, "log: it ends without a result", v->box.whole_size);
	return lists_are_the_logs(v, err) && result_is_the_logs(v, err) && evidence_is_the_logs(v, err);
}

/* "party 2 (l1/mix-02), party 4 (l1/decrypt-1)": evidence/ names parties by its folders' names. */
struct evidence_names {
	struct folder *record;
	struct text *out;
	char place[16]; /* "l1", then "l1/decrypt-1" */
	unsigned named;
};

#define EVIDENCE_ROOM (ERROR_DETAIL_BYTES - 72u) /* of the detail, for the rest of the sentence */

static void name_evidence(struct evidence_names *n, unsigned party, const char *inside)
{
	struct text *t = n->out;
	if (t->len + 48 > EVIDENCE_ROOM) {
		if (t->p[t->len - 1] != '.')
			text_add(t, ", ...");
		return;
	}
	text_add(t, n->named++ ? ", party " : ": party ");
	text_add_u64(t, party);
	text_add(t, " (");
	text_add(t, n->place);
	text_add(t, inside ? "/" : "");
	text_add(t, inside ? inside : "");
	text_add(t, ")");
}

/* What is between the two: a party's number of two digits, 0 for anything else. */
static unsigned party_between(const char *name, const char *before, const char *after)
{
	const size_t len = strlen(before);
	if (strncmp(name, before, len) != 0)
		return 0;
	const char *s = name + len;
	if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9' ||
	    strncmp(s + 2, after, strlen(after)) != 0)
		return 0;
	return (unsigned)(s[0] - '0') * 10 + (unsigned)(s[1] - '0');
}

static bool visit_attempt(void *ctx, const struct folder_entry *e, struct error *err)
{
	const unsigned party = party_between(e->name, "reason-", ".txt");
	(void)err;
	if (party && strlen(e->name) == sizeof "reason-NN.txt" - 1)
		name_evidence(ctx, party, NULL);
	return true;
}

static bool visit_evidence(void *ctx, const struct folder_entry *e, struct error *err)
{
	struct evidence_names *n = ctx, inner = *n;
	const size_t len = strlen(e->name);
	const unsigned party = party_between(e->name, "mix-", "");
	bool plain = len <= 10; /* names are whatever somebody made; a note shows plain ones only */
	for (size_t i = 0; i < len; i++)
		plain = plain && (e->name[i] == '-' || (e->name[i] >= '0' && e->name[i] <= '9') ||
		                  (e->name[i] >= 'a' && e->name[i] <= 'z'));
	if (!plain || !e->is_folder)
		return true;
	if (party)
		name_evidence(n, party, e->name);
	if (strncmp(e->name, "decrypt-", 8) != 0)
		return true;
	char path[RECORD_PATH_BYTES];
	struct text t = TEXT_OF(path), place = {inner.place, sizeof inner.place, 0, false};
	text_add(&place, n->place);
	text_add(&place, "/");
	text_add(&place, e->name);
	text_add(&t, "evidence/");
	text_add(&t, inner.place);
	bool good = place.cut || n->record->list(n->record, path, visit_attempt, &inner, err);
	n->named = inner.named;
	return good;
}

static void note_evidence(struct verification *v)
{
	char detail[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(detail);
	struct evidence_names n = {.record = v->record, .out = &t};
	if (!v->box.has_evidence)
		return;
	text_add_u64(&t, v->box.evidence_files);
	text_add(&t, " files in evidence/ show what was replaced");
	for (unsigned l = 0; l < v->manifest->lists_count; l++) {
		char path[RECORD_PATH_BYTES];
		struct text p = TEXT_OF(path);
		list_auxsid(n.place, l);
		text_add(&p, "evidence/");
		text_add(&p, n.place);
		if (!v->record->list(v->record, path, visit_evidence, &n, NULL))
			continue; /* 4.7 says so; this is a note */
	}
	text_add(&t, "; they count for nothing");
	verification_note(v, "4.8", "something failed and was replaced", CHECK_NOTE, detail);
}

/* --- 5 --- */

static void verify_credentials(struct verification *v)
{
	char detail[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(detail);
	if (v->manifest->mode == BALLOT_SERVER) {
		verification_note(v, "5.1", "credentials", CHECK_NOTE,
		                  "none: eligibility rests on the server");
		return;
	}
	report_stage(v, BOX_CREDENTIALS, true, NULL);
	text_add_u64(&t, v->box.credentials);
	text_add(&t, " credentials, ");
	text_add_u64(&t, v->box.changes);
	text_add(&t, " changes by the registrar");
	verification_note(v, "5.2", "credentials", CHECK_NOTE, detail);
}

/* --- 6: ballots --- */

static void add_faults(struct text *t, const struct ballot_box *box)
{
	bool first = true;
	for (unsigned f = BALLOT_MALFORMED; f < BALLOT_FAULTS; f++) {
		if (box->faults[f] == 0)
			continue;
		text_add(t, first ? "" : ", ");
		text_add_u64(t, box->faults[f]);
		text_add(t, " ");
		text_add(t, ballot_fault_name((enum ballot_fault)f));
		first = false;
	}
}

/* Skipped by the rule, and the tally goes on: but a board that logs such ballots did wrong. */
static bool all_ballots_count(const struct ballot_box *box, struct error *err)
{
	char detail[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(detail);
	if (box->counted == box->ballots)
		return true;
	add_faults(&t, box);
	return fail_detail(err, ERROR_REJECTED, "board: it logged ballots that do not count",
	                   box->ballots - box->counted, detail);
}

static bool all_voids_stand(const struct ballot_box *box, struct error *err)
{
	return box->refused_voids == 0 ||
	       fail(err, ERROR_REJECTED,
	            "board: it logged audits of what was cast or audited before, or of no ballot",
	            box->refused_voids);
}

static void note_fault(struct verification *v, const struct box_fault *f)
{
	char detail[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(detail);
	text_add(&t, f->is_void ? "audit " : "ballot ");
	text_add_u64(&t, f->number);
	text_add(&t, " (entry ");
	text_add_u64(&t, f->entry);
	text_add(&t, ", object ");
	text_add_hex(&t, bytes_of(f->object.b, 8));
	text_add(&t, "…): ");
	text_add(&t, ballot_fault_name(f->fault));
	if (f->why.kind != ERROR_NONE) {
		text_add(&t, ": ");
		text_add(&t, f->why.what);
	}
	verification_note(v, "6.6", f->is_void ? "a refused audit" : "a ballot that does not count",
	                  CHECK_NOTE, detail);
}

static void note_numbers(struct verification *v)
{
	char detail[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(detail);
	const struct ballot_box *b = &v->box;
	text_add_u64(&t, b->ballots);
	text_add(&t, " ballots in the log, ");
	text_add_u64(&t, b->counted);
	text_add(&t, " count, ");
	text_add_u64(&t, b->kept);
	text_add(&t, " are the last of their voter; ");
	text_add_u64(&t, b->voids);
	text_add(&t, " audits, ");
	text_add_u64(&t, b->suspensions);
	text_add(&t, " suspensions");
	verification_note(v, "6.2", "ballots in the log", CHECK_NOTE, detail);
}

static bool verify_closing(struct verification *v, struct error *err)
{
	bool signed_by[LIMIT_PARTIES + 1];
	struct endorsements e = {v->record, v->manifest, NULL, "close", 0};
	digest s = statement_close(&v->key.eid, v->box.log_size, &v->box.root);
	v->closed_by = 0;
	if (!endorsements_read(signed_by, &e, &s, err))
		return false;
	for (unsigned l = 1; l <= v->manifest->authorities_count; l++)
		v->closed_by += signed_by[l];
	return endorsements_enough(signed_by, v->manifest->threshold, err);
}

/* Two sets of q closing parties share an honest one if fewer than t cheat and 2q > n + t - 1. With
 * witnesses a quorum of them has excluded a second log (2q > m + f: manifest_read). */
static void note_closing(struct verification *v)
{
	char detail[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(detail);
	unsigned n = v->manifest->authorities_count, threshold = v->manifest->threshold;
	if (v->manifest->witnesses_count || 2 * v->closed_by > n + threshold - 1)
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

static void verify_ballots(struct verification *v, const struct fault_list *faults)
{
	struct error err;
	error_clear(&err);
	verification_check(v, "6.1", "every logged ballot counts: form, eligibility, seq, proofs",
	                   all_ballots_count(&v->box, &err), &err);
	note_numbers(v);
	error_clear(&err);
	if (verification_check(v, "6.3", "the closing root is signed by t authorities",
	                       verify_closing(v, &err), &err))
		note_closing(v);
	error_clear(&err);
	verification_check(v, "6.5", "every audit is of a ballot that was never cast",
	                   all_voids_stand(&v->box, &err), &err);
	for (unsigned i = 0; i < faults->count; i++)
		note_fault(v, &faults->faults[i]);
}

/* --- 7 --- */

static bool verify_list_sizes(struct verification *v, struct error *err)
{
	for (unsigned l = 0; l < v->manifest->lists_count; l++)
		if (!list_size_check(v->manifest, &v->box, l, err))
			return false;
	return true;
}

void verify_log(struct verification *v)
{
	struct error err;
	enum box_stage stage;
	struct fault_list faults;
	error_clear(&err);
	verification_check(v, "4.1", "nothing is in the record that does not belong there",
	                   record_files_check(v->record, v->manifest, &err), &err);
	error_clear(&err);
	v->has_box = read_box(v, &faults, &stage, &err);
	if (!v->has_box) {
		report_stage(v, stage, false, &err);
		return;
	}
	report_stage(v, BOX_LOG, true, &err);
	report_stage(v, BOX_OBJECTS, true, &err);
	verify_checkpoints(v);
	error_clear(&err);
	verification_check(v, "4.7", "tally, result and evidence are those of the log",
	                   tally_is_the_logs(v, &err), &err);
	note_evidence(v);
	verify_credentials(v);
	verify_ballots(v, &faults);
	error_clear(&err);
	verification_check(v, "7.1", "no list is smaller than the manifest allows",
	                   verify_list_sizes(v, &err), &err);
}
