/* SPDX-License-Identifier: Apache-2.0 */
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
		if (is_the_machines(err))
			v->undecided = true;
		else
			v->failed = true;
	}
	v->report->check(v->report, &c);
	return good;
}

/* --- 1 anchor, 2 manifest, 3 ceremony --- */

static bool read_manifest(struct verification *v, struct error *err)
{
	bytes exact;
	uint8_t *room = arena_take(v->world->arena, LIMIT_MANIFEST_BYTES + 1, 1, err);
	return room &&
	       folder_read(v->record, "manifest.json", room, LIMIT_MANIFEST_BYTES + 1, &exact, err) &&
	       manifest_read(&v->manifest, exact, v->world->arena, err);
}

/* With all authorities known, all signatures below the key are of somebody known. */
static bool authorities_are_the_anchors(struct verification *v, struct error *err)
{
	const struct manifest *m = v->manifest;
	if (v->anchor->authorities_count != m->authorities_count)
		return fail(err, ERROR_REJECTED,
		            "anchor: this election has another number of authorities than fingerprints "
		            "were given",
		            m->authorities_count);
	for (unsigned i = 0; i < m->authorities_count; i++) {
		digest d = sha256(BYTES_OF(m->authorities[i].identity));
		if (!digest_equal(&d, &v->anchor->authorities[i])) {
			fail(err, ERROR_REJECTED, "anchor: another authority than the fingerprint given",
			     i + 1u);
			return fail_within(err, (const char *)m->authorities[i].operator_name.p);
		}
	}
	return true;
}

/* Everybody in Q has certified this EID, and with it the manifest (ceremony/ceremony.h). */
static bool enough_vouch(const struct verification *v, struct error *err)
{
	const unsigned n = v->manifest->authorities_count;
	const unsigned least = v->anchor->vouch ? v->anchor->vouch : n;
	unsigned count = 0;
	for (unsigned l = 0; l < n; l++)
		count += v->key.qualified[l];
	if (count >= least)
		return true;
	fail(err, ERROR_REJECTED, "anchor: too few of the known authorities made this election's key",
	     count);
	struct text t = TEXT_OF(err->detail);
	text_add_u64(&t, count);
	text_add(&t, ", not ");
	text_add_u64(&t, least);
	return false;
}

static bool election_is_the_anchors(struct verification *v, struct error *err)
{
	if (v->anchor->kind == ANCHOR_AUTHORITIES)
		return enough_vouch(v, err);
	return digest_equal(&v->anchor->eid, &v->key.eid) ||
	       fail(err, ERROR_REJECTED,
	            "anchor: this record is of another election than the fingerprint given",
	            ERROR_NOWHERE);
}

/* Whoever did not come through the ceremony, and why; and how often it was begun. */
static void note_ceremony(struct verification *v)
{
	char detail[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(detail);
	if (v->ceremony->attempts > 1) {
		text_add_u64(&t, v->ceremony->attempts);
		text_add(&t, " attempts were needed; the first failed: ");
		text_add(&t, v->ceremony->failures[0].reason);
		verification_note(v, "3.3", "the ceremony did not succeed at once", CHECK_NOTE, detail);
	}
	for (unsigned l = 0; l < v->manifest->authorities_count; l++) {
		if (v->key.qualified[l])
			continue;
		t = TEXT_OF(detail);
		text_add(&t, "party ");
		text_add_u64(&t, l + 1u);
		text_add(&t, " ");
		text_add(&t, ceremony_fate_text(v->ceremony->fate[l]));
		verification_note(v, "3.4", "an authority has no part in the key", CHECK_NOTE, detail);
	}
}

static bool verify_ceremony(struct verification *v, struct error *err)
{
	struct subfolder ceremony;
	v->ceremony = arena_take_array(v->world->arena, 1, struct ceremony_report, err);
	return v->ceremony && subfolder_init(&ceremony, v->record, "ceremony", err) &&
	       ceremony_verify_report(&v->key, v->ceremony, v->manifest, &ceremony.folder, err);
}

/* Without manifest and key nothing else can be checked. */
static bool verify_foundation(struct verification *v)
{
	struct error err;
	error_clear(&err);
	if (v->anchor->kind == ANCHOR_NONE)
		verification_note(v, "1.1", "a fingerprint from outside", CHECK_NOTE,
		                  "none given: at best this record is consistent with itself");
	if (!verification_check(v, "2.1", "the manifest is read and keeps every rule",
	                        read_manifest(v, &err), &err))
		return false;
	if (v->anchor->kind == ANCHOR_AUTHORITIES &&
	    !verification_check(v, "1.2", "the authorities are those of the fingerprints",
	                        authorities_are_the_anchors(v, &err), &err))
		return false;
	if (!verification_check(v, "3.1",
	                        "the ceremony: signatures, openings, proofs, shares, certificates",
	                        verify_ceremony(v, &err), &err))
		return false;
	if (v->anchor->kind != ANCHOR_NONE &&
	    !verification_check(v, "3.2",
	                        "it is the election of the fingerprint, or of enough authorities",
	                        election_is_the_anchors(v, &err), &err))
		return false;
	note_ceremony(v);
	return true;
}

/* --- 11 what rests on trust --- */

static void note_operators(struct verification *v)
{
	char detail[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(detail);
	const struct manifest *m = v->manifest;
	unsigned operators = 0;
	for (unsigned i = 0; i < m->authorities_count; i++) {
		bool known = false;
		for (unsigned k = 0; k < i; k++)
			known |= bytes_equal(m->authorities[k].operator_name, m->authorities[i].operator_name);
		operators += !known;
	}
	text_add_u64(&t, m->threshold);
	text_add(&t, " of ");
	text_add_u64(&t, m->authorities_count);
	text_add(&t, " authorities, of ");
	text_add_u64(&t, operators);
	text_add(&t, " operators, open the votes");
	verification_note(v, "11.1", "what secrecy rests on", CHECK_NOTE, detail);
}

static void note_eligibility(struct verification *v)
{
	if (v->manifest->mode == BALLOT_SERVER)
		verification_note(v, "11.2", "what eligibility rests on", CHECK_NOTE,
		                  "on the server: ballots carry no voter's signature; who voted, how "
		                  "often and with which weight is its word");
	else
		verification_note(v, "11.2", "what eligibility rests on", CHECK_NOTE,
		                  "on the registrar, who made the list of credentials; every ballot is "
		                  "signed with a credential");
}

static void note_witnesses(struct verification *v)
{
	char detail[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(detail);
	const struct manifest *m = v->manifest;
	if (m->witnesses_count == 0) {
		verification_note(v, "11.3", "what uniqueness rests on", CHECK_NOTE,
		                  "no witnesses: no protection against a split view");
		return;
	}
	text_add_u64(&t, m->witnesses_quorum);
	text_add(&t, " of ");
	text_add_u64(&t, m->witnesses_count);
	text_add(&t, " witnesses must have seen this log; it is the only one while at most ");
	text_add_u64(&t, m->witnesses_lying);
	text_add(&t, " of them lie");
	verification_note(v, "11.3", "what uniqueness rests on", CHECK_NOTE, detail);
}

static void note_small_lists(struct verification *v)
{
	for (unsigned l = 0; l < v->manifest->lists_count; l++) {
		char detail[ERROR_DETAIL_BYTES], auxsid[AUXSID_BYTES];
		struct text t = TEXT_OF(detail);
		if (v->box.list_sizes[l] >= v->manifest->min_list)
			continue;
		list_auxsid(auxsid, l);
		text_add(&t, "list ");
		text_add(&t, auxsid);
		text_add(&t, " has ");
		text_add_u64(&t, v->box.list_sizes[l]);
		text_add(&t, " ballots: small lists may tell how somebody voted");
		verification_note(v, "11.4", "small list, accepted by the manifest", CHECK_NOTE, detail);
	}
}

static void summary(struct verification *v)
{
	note_operators(v);
	note_eligibility(v);
	note_witnesses(v);
	if (v->has_box)
		note_small_lists(v);
}

static void verify_election(struct verification *v)
{
	verify_log(v);
	if (v->has_box) {
		verify_proofs(v);
		verify_result(v);
	} else {
		verification_note(v, "8.0", "shuffles, decryption, result", CHECK_SKIPPED,
		                  "without the log there are no lists to check them against");
	}
	summary(v);
}

enum record_verdict record_verify(struct folder *record, const struct record_anchor *anchor,
                                  struct tally_world *world, struct report *report)
{
	struct verification v = {.record = record, .anchor = anchor, .world = world, .report = report};
	if (verify_foundation(&v))
		verify_election(&v);
	else
		verification_note(&v, "4.0", "everything after the ceremony", CHECK_SKIPPED,
		                  "there is no manifest or key to check it against");
	if (v.failed)
		return RECORD_REJECTED;
	if (v.undecided || v.skipped)
		return RECORD_UNDECIDED;
	return anchor->kind == ANCHOR_NONE ? RECORD_SELF_CONSISTENT : RECORD_VERIFIED;
}
