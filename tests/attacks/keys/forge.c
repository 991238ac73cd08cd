/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "attacks/keys/forge.h"
#include "attacks/keys/second.h"

#include "files/memory_folder.h"
#include "mixnet/shuffle.h"
#include "record/endorse.h"

#include <stdio.h>
#include <stdlib.h>

static struct error err;

void drop(bytes b)
{
	free((void *)(uintptr_t)b.p);
}

bool there(const struct election *e, const char *path)
{
	return e->record->exists(e->record, path);
}

digest digest_of_file(const struct election *e, const char *path)
{
	bytes b = election_read(e->record, path);
	digest d = sha256(b);
	drop(b);
	return d;
}

void attack_election(struct election *e, unsigned parties, unsigned threshold, unsigned votes)
{
	election_begin(e, &PLAN_SMALL(parties, threshold), 1);
	election_ceremony(e);
	for (unsigned i = 0; i < votes; i++)
		election_mark(e, i % 4);
	election_write_box(e);
}

/* --- the urn --- */

static void read_box(struct forgery *f)
{
	struct election *e = f->e;
	const struct box_job job = {.manifest = e->manifest,
	                            .key = &e->key,
	                            .ceremony = &e->ceremony,
	                            .record = e->record,
	                            .world = &e->world};
	assert_ok(ballot_box_read(&f->box, &job, &err), err);
}

void forgery_begin(struct forgery *f, struct election *e)
{
	char path[RECORD_PATH_BYTES];
	*f = (struct forgery){.e = e};
	error_clear(&err);
	assert_ok(proof_session(&f->session, e->manifest, &e->key, 0, &err), err);
	assert_int_equal(f->session.width, 1);
	proof_key(&f->key, &e->key);
	proof_folder_path(path, 0);
	assert_ok(subfolder_init(&f->proof, e->record, path, &err), err);
	read_box(f);
	f->begun = election_copy(e->record);
}

void forgery_undo(struct forgery *f)
{
	struct election *e = f->e;
	struct election_files files;
	error_clear(&err);
	election_files(&files, e->record);
	for (size_t i = 0; i < files.count; i++)
		election_remove(e->record, files.file[i].path);
	election_files_free(&files);
	election_files(&files, f->begun);
	for (size_t i = 0; i < files.count; i++) {
		bytes b = election_read(f->begun, files.file[i].path);
		election_write(e->record, files.file[i].path, b);
		drop(b);
	}
	election_files_free(&files);
	for (unsigned i = 0; i < e->parties; i++) {
		struct election_party *p = &e->party[i];
		memory_folder_free(p->home);
		assert_ok(memory_folder_new(&p->home, "home", 1 << 20, &err), err);
		p->authority.home = p->home;
	}
}

void forgery_end(struct forgery *f)
{
	memory_folder_free(f->begun);
}

void forgery_ballot(struct election *e, size_t index, bytes object)
{
	const struct board_final final = {e->manifest, &e->key,       e->record,
	                                  &e->world,   &e->board_key, NULL};
	const digest before = sha256(election_ballot(e, index)), after = sha256(object);
	struct checkpoint c;
	bytes entries = election_read(e->record, "log/entries");
	bytes ballots = election_read(e->record, "ballots.bt");
	uint8_t *p = (uint8_t *)(uintptr_t)entries.p;
	unsigned found = 0;
	error_clear(&err);
	for (size_t at = 0; at + 32 <= entries.len; at++)
		if (memcmp(p + at, before.b, 32) == 0) {
			memcpy(p + at, after.b, 32);
			found++;
		}
	assert_int_equal(found, 1);
	assert_int_equal(object.len, election_ballot(e, index).len);
	memcpy((uint8_t *)(uintptr_t)ballots.p + e->starts[index], object.p, object.len);
	election_write(e->record, "log/entries", entries);
	election_write(e->record, "ballots.bt", ballots);
	election_remove(e->record, BOARD_CLOSE_PATH);
	assert_ok(board_sign_close(&c, &final, &err), err);
	drop(entries);
	drop(ballots);
}

void forgery_sign(struct forgery *f, const char *auxsid, const char *kind, unsigned party,
                  const digest *statement, unsigned attempt)
{
	char path[RECORD_PATH_BYTES];
	endorsement_path(path, auxsid, kind, party);
	if (there(f->e, path))
		election_remove(f->e->record, path);
	assert_ok(endorsement_write(f->e->record, path, &f->e->party[party - 1].identity,
	                            (struct endorsed){attempt, statement}, &err),
	          err);
}

static void all_sign(struct forgery *f, const char *parties, const char *auxsid, const char *kind,
                     const digest *statement)
{
	for (const char *p = parties; *p; p++)
		forgery_sign(f, auxsid, kind, (unsigned)(*p - '0'), statement, auxsid ? 1 : 0);
}

void forgery_close(struct forgery *f, const char *parties)
{
	read_box(f);
	digest d = statement_close(&f->e->key.eid, f->box.log_size, &f->box.root);
	all_sign(f, parties, NULL, "close", &d);
}

/* --- shuffles --- */

void forgery_frame(struct forgery *f, unsigned last)
{
	char path[RECORD_PATH_BYTES];
	struct election *e = f->e;
	size_t mark = arena_mark(&e->arena);
	bytes xml;
	f->last = last;
	assert_ok(proof_protinfo(&xml, e->manifest, &f->session, &e->arena, &err), err);
	proof_protinfo_path(path, 0);
	election_write(e->record, path, xml);
	assert_ok(mix_dir_write(&f->proof.folder, &f->session, &f->key, MIX_MIXING, last, &err), err);
	arena_release(&e->arena, mark);
}

void forgery_shuffle(struct forgery *f, const char *input, unsigned party)
{
	struct shuffle_job job = {.session = &f->session,
	                          .folder = &f->proof.folder,
	                          .input = input,
	                          .party = party,
	                          .y = &f->key.y,
	                          .rng = test_rng(),
	                          .workers = f->e->workers,
	                          .memory = &f->e->arena};
	assert_ok(shuffle_prove(&job, &err), err);
}

static digest of_proof(const struct forgery *f, const char *path)
{
	char whole[RECORD_PATH_BYTES];
	snprintf(whole, sizeof whole, ATTACK_PROOF "%s", path);
	return digest_of_file(f->e, whole);
}

void forgery_sign_mix(struct forgery *f, unsigned party, const char *input, unsigned signer)
{
	char path[RECORD_PATH_BYTES];
	const struct statement_mix s = {
		.party = party,
		.input = of_proof(f, input),
		.output = of_proof(f, mix_path(MIX_FILE_LIST, party).text),
		.permutation_commitment = of_proof(f, mix_path(MIX_FILE_PERMUTATION, party).text),
		.commitment = of_proof(f, mix_path(MIX_FILE_POS_COMMITMENT, party).text),
		.reply = of_proof(f, mix_path(MIX_FILE_POS_REPLY, party).text)};
	digest d = statement_mix(&f->e->key.eid, "l1", &s);
	endorsement_path(path, "l1", "mix", party);
	if (there(f->e, path))
		election_remove(f->e->record, path);
	assert_ok(endorsement_write(f->e->record, path, &f->e->party[signer - 1].identity,
	                            (struct endorsed){0, &d}, &err),
	          err);
}

/* --- decryption --- */

static void freeze(struct forgery *f, enum mix_file file, const char *kind, const char *active)
{
	const struct statement_attempt about = {&f->e->key.eid, "l1", 1};
	digest parts[LIMIT_PARTIES], d;
	assert_ok(proof_digests(parts, f->e->record, 0, file, f->e->parties, &err), err);
	d = file == MIX_FILE_FACTORS ? statement_factors(&about, parts, f->e->parties)
	                             : statement_commitments(&about, parts, f->e->parties);
	all_sign(f, active, "l1", kind, &d);
}

void forgery_decrypt(struct forgery *f, const char *active)
{
	struct election *e = f->e;
	struct mix_path list = mix_path(MIX_FILE_LIST, f->last);
	const struct decryption_job job = {.session = &f->session,
	                                   .folder = &f->proof.folder,
	                                   .list = list.text,
	                                   .key = &f->key,
	                                   .workers = e->workers,
	                                   .memory = &e->arena};
	const struct statement_attempt about = {&e->key.eid, "l1", 1};
	bool is[LIMIT_PARTIES + 1] = {false};
	struct decryption_nonce nonces[ELECTION_PARTIES_MAX + 1] = {0};
	for (const char *p = active; *p; p++)
		is[*p - '0'] = true;
	digest last = of_proof(f, list.text), d = statement_ready(&about, &last, is, e->parties);
	all_sign(f, active, "l1", "ready", &d);
	for (unsigned l = 1; l <= e->parties; l++)
		assert_ok(is[l] ? decryption_factors(&job, l, &e->party[l - 1].share, &err)
		                : decryption_placeholder(&job, l, DECRYPTION_FACTORS, &err),
		          err);
	freeze(f, MIX_FILE_FACTORS, "factors", active);
	for (unsigned l = 1; l <= e->parties; l++)
		assert_ok(is[l] ? decryption_commit(&job, l, test_rng(), &nonces[l], &err)
		                : decryption_placeholder(&job, l, DECRYPTION_COMMITMENT, &err),
		          err);
	freeze(f, MIX_FILE_DECRYPTION_COMMITMENT, "commitments", active);
	for (unsigned l = 1; l <= e->parties; l++)
		assert_ok(is[l] ? decryption_reply(&job, &e->party[l - 1].share, &nonces[l], &err)
		                : decryption_placeholder(&job, l, DECRYPTION_REPLY, &err),
		          err);
	assert_ok(decryption_combine(&job, is, &err), err);
}

void forgery_log(struct forgery *f)
{
	if (there(f->e, BOARD_FINAL_PATH))
		election_remove(f->e->record, BOARD_FINAL_PATH);
	election_finish(f->e);
}

void forgery_result(struct forgery *f, const char *parties)
{
	struct election *e = f->e;
	struct election_result *r;
	size_t mark = arena_mark(&e->arena);
	digest d;
	assert_ok(
		result_compute(&r, e->manifest, &e->key, f->box.list_sizes, e->record, &e->world, &err),
		err);
	election_write(e->record, "result.json", r->json);
	assert_ok(
		result_statement(&d, e->manifest, &e->key, f->box.list_sizes, e->record, r->json, &err),
		err);
	all_sign(f, parties, NULL, "result", &d);
	arena_release(&e->arena, mark);
	forgery_log(f);
}

/* --- what comes of it --- */

static struct election_report report;

static bool says(const struct error *why, const char *text)
{
	return (why->what && strstr(why->what, text)) || strstr(why->detail, text);
}

void refused_by_verifier(struct election *e, const char *code, const char *what, const char *detail)
{
	enum record_verdict v = election_verify(e, e->record, true, &report);
	second_keep(e, v, &report);
	if (v != RECORD_REJECTED || strcmp(election_failed(&report), code) != 0)
		fail_msg("verdict %d, check '%s' failed, not %s", (int)v, election_failed(&report), code);
	const struct error *why = election_error(&report, code);
	if (!says(why, what) || (detail && !says(why, detail)))
		fail_msg("%s: %s (%s), not: %s %s", code, why->what, why->detail, what,
		         detail ? detail : "");
}

void accepted_by_verifier(struct election *e)
{
	enum record_verdict v = election_verify(e, e->record, true, &report);
	second_keep(e, v, &report);
	if (v != RECORD_VERIFIED)
		fail_msg("%s failed: %s", election_failed(&report),
		         election_error(&report, election_failed(&report))->what);
}

bool noted_by_verifier(struct election *e, const char *code, const char *text)
{
	election_verify(e, e->record, true, &report);
	for (unsigned i = 0; i < report.count; i++)
		if (strcmp(report.checks[i].code, code) == 0 && report.checks[i].outcome == CHECK_NOTE &&
		    says(&report.checks[i].error, text))
			return true;
	return false;
}

void refused_by_party(struct election *e, enum election_step step, unsigned party,
                      const char *active, enum error_kind kind, const char *text)
{
	const char who[2] = {(char)('0' + party), 0};
	const struct error *why = &e->party[party - 1].err;
	for (unsigned i = 0; i < e->parties; i++)
		e->party[i].authority.timeout_ms = 100;
	assert_false(election_step(e, step, who, active));
	if (why->kind != kind || !says(why, text))
		fail_msg("party %u: %s: %s (%s), not: %s", party, error_kind_name(why->kind), why->what,
		         why->detail, text);
	for (unsigned i = 0; i < e->parties; i++)
		e->party[i].authority.timeout_ms = 60000;
}

void share_is_unused(struct election *e, unsigned party)
{
	static const char *const marks[] = {"endorse/l1/ready-0%u.bt",
	                                    ATTACK_PROOFS "DecryptionFactors0%u.bt",
	                                    ATTACK_PROOFS "DecrFactCommitment0%u.bt"};
	for (unsigned i = 0; i < 3; i++) {
		char path[RECORD_PATH_BYTES];
		struct text t = TEXT_OF(path);
		const char *gap = strchr(marks[i], '%');
		text_add_bytes(&t, bytes_of(marks[i], (size_t)(gap - marks[i])));
		text_add_u64(&t, party);
		text_add(&t, gap + 2);
		if (there(e, path))
			fail_msg("party %u has left %s", party, path);
	}
}
