/* SPDX-License-Identifier: Apache-2.0 */
/*
 * docs/protocol.md 7, 8: one log with every type of entry and every kind of thing that happens to
 * ballots, its tree and checkpoints, and the lists that follow from it.
 */
#include "support/support.h"

#include "vectors/make/stage.h"
#include "vectors/make/vectors.h"

#include "record/note.h"
#include "unit/protocol/record/urn_log.h"

#include <stdlib.h>
#include <string.h>

static json_t *file;
static struct urn u;
static struct urn_log l;
static struct ballot_box box;
static json_t *faults;

static void vote(unsigned voter, uint32_t style, uint32_t seq, uint32_t weight)
{
	uint8_t room[URN_BALLOT_MAX];
	log_object(&l, false, urn_ballot(room, &u, voter, style, seq), weight);
}

static void spoiled(unsigned voter, uint32_t seq, size_t from_the_end)
{
	uint8_t room[URN_BALLOT_MAX];
	const struct urn_voter *v = &u.voters[voter];
	bytes b = urn_ballot(room, &u, voter, v->style, seq);
	room[b.len - from_the_end] ^= 1;
	log_object(&l, false, b, v->weight);
}

/* What voters, registrar and board do; see "faults" in the file for what does not count. */
static void happen(void)
{
	uint8_t room[URN_BALLOT_MAX], body[URN_BALLOT_MAX];
	log_begin(&l, &u);
	vote(0, 0, 0, 1);
	vote(1, 1, 0, 3);
	vote(0, 0, 1, 1); /* again: only this one is kept */
	vote(0, 0, 1, 1); /* a seq that was */
	vote(5, 1, 0, 1); /* a stranger */
	vote(2, 1, 0, 2); /* another's style */
	vote(2, 0, 0, 1); /* another weight than the credential's */
	log_plain(&l, ENTRY_SUSPEND);
	log_change(&l, 2, 0, 3);
	log_change(&l, 5, 1, 1); /* the stranger is listed */
	log_plain(&l, ENTRY_RESUME);
	vote(2, 0, 0, 3);
	vote(5, 1, 0, 1);
	bytes audited = urn_body(body, &u, 3, 1);
	log_object(&l, true, audited, 0);
	log_object(&l, false, urn_cast(room, &u, 3, audited, 0), 1); /* what was audited is dead */
	vote(3, 1, 0, 1);
	spoiled(3, 1, 1); /* the signature */
	log_object(&l, false, BYTES_LITERAL("no ballot"), 1);
	vote(4, 0, 0, 3);
	log_change(&l, 4, 0, 0); /* revoked, and the vote with it */
	log_plain(&l, ENTRY_CLOSE);
	for (unsigned i = 0; i < u.manifest->lists_count; i++) {
		char auxsid[AUXSID_BYTES];
		list_auxsid(auxsid, i);
		log_entry(&l, &(struct entry){.kind = ENTRY_TALLY,
		                              .object = sha256(bytes_of_text(auxsid)),
		                              .auxsid = bytes_of_text(auxsid)});
	}
	log_entry(&l, &(struct entry){.kind = ENTRY_RESULT,
	                              .object = sha256(BYTES_LITERAL("a result")),
	                              .number = 8});
	log_entry(&l, &(struct entry){.kind = ENTRY_EVIDENCE,
	                              .object = sha256(BYTES_LITERAL("evidence")),
	                              .number = 2});
	log_write(&l);
}

static void take_fault(void *ctx, const struct box_fault *f)
{
	(void)ctx;
	json_t *o = json_object();
	put_text(o, "what", f->is_void ? "void" : "ballot");
	put_int(o, "number", f->number);
	put_text(o, "reason", ballot_fault_name(f->fault));
	json_array_append_new(faults, o);
}

static const char *kind_of(const uint8_t *entry, size_t len)
{
	struct entry e;
	struct error err;
	assert_ok(entry_read(&e, bytes_of(entry, len), &u.key.eid, &err), err);
	return entry_kind_name(e.kind);
}

static void put_entries(json_t *v)
{
	json_t *list = put_array(v, "entries");
	struct merkle tree;
	merkle_init(&tree);
	for (size_t i = 0; i < l.count; i++) {
		bytes b = bytes_of(l.entry[i].bytes, l.entry[i].len);
		const digest leaf = merkle_leaf(b);
		merkle_append(&tree, &leaf);
		const digest root = merkle_root(&tree);
		json_t *o = json_object();
		put_text(o, "type", kind_of(b.p, b.len));
		put_hex(o, "entry", b);
		put_digest(o, "leaf_hash", &leaf);
		put_digest(o, "root", &root);
		json_array_append_new(list, o);
	}
	assert_int_equal(tree.size, box.whole_size);
	const digest root = merkle_root(&tree);
	assert_true(digest_equal(&root, &box.whole_root));
}

static void put_checkpoint(json_t *v, const char *key, uint64_t size, const digest *root)
{
	char room[2048];
	struct text t = TEXT_OF(room);
	struct note note;
	struct error err;
	unsigned witnesses;
	struct checkpoint c = {u.manifest->board.name, size, *root, u.key.eid};
	const struct checkpoint_policy policy = {u.manifest, &u.key.eid, false};
	assert_ok(checkpoint_sign(&t, &c, &u.board_key, &err), err);
	assert_ok(note_read(&note, bytes_of(t.p, t.len), &err), err);
	for (unsigned i = 0; i < 3; i++) {
		const struct cosigner by = {u.manifest->witnesses[i].name, &u.witness[i], 1700000000 + i};
		assert_ok(checkpoint_cosign(&t, note.text, &by, &err), err);
	}
	assert_ok(checkpoint_verify(&c, &witnesses, bytes_of(t.p, t.len), &policy, &err), err);
	assert_int_equal(witnesses, 3);
	json_t *o = put_object(v, key);
	put_int(o, "size", size);
	put_digest(o, "root", root);
	put_text(o, "note", t.p);
}

static void put_lists(json_t *v)
{
	json_t *list = put_array(v, "lists");
	for (unsigned i = 0; i < u.manifest->lists_count; i++) {
		const struct manifest_list *m = &u.manifest->lists[i];
		json_t *o = json_object();
		char auxsid[AUXSID_BYTES];
		list_auxsid(auxsid, i);
		put_text(o, "auxsid", auxsid);
		put_text(o, "group", m->group ? "g2" : "g1");
		put_text(o, "area", m->area ? "s" : "n");
		put_int(o, "bit", m->bit);
		put_int(o, "ballots", box.list_sizes[i]);
		if (box.list_sizes[i])
			put_digest(o, "ciphertexts_sha256", &box.list_digests[i]);
		json_array_append_new(list, o);
	}
}

static void put_objects(json_t *v, const char *key, const char *path)
{
	bytes b = urn_file(&u, path);
	put_hex(v, key, b);
	free((void *)(uintptr_t)b.p);
}

/* H_credential-change of the first change. */
static void hash_of_a_change(void)
{
	uint8_t key[POINT_TREE_BYTES];
	struct tagged t;
	points_encode_tree(key, &u.voters[2].who.key, 1);
	const struct credential_change c = {0, BYTES_OF(key), BYTES_LITERAL("north"), 3};
	const digest d = statement_credential(&u.key.eid, &c);
	tag_begin(&t, file, "H", "credential-change", 5);
	tag_digest(&t, "EID", &u.key.eid);
	tag_u64(&t, "u64 number", 0);
	tag_tree(&t, "S", BYTES_OF(key));
	tag_text(&t, "text style", "north");
	tag_int(&t, "int weight", 3);
	tag_is(&t, &d);
}

/* H_credentials, which the registrar has signed. */
static void hash_of_the_list(void)
{
	struct credentials_facts facts;
	struct error err;
	struct tagged t;
	error_clear(&err);
	assert_ok(credentials_read(&facts, u.record, u.manifest, NULL, NULL, &err), err);
	const digest d = credentials_statement(u.manifest, &facts);
	tag_begin(&t, file, "H", "credentials", 3);
	tag_digest(&t, "D", &u.manifest->d);
	tag_digest(&t, "digest of credentials.bt", &facts.file);
	tag_u64(&t, "u64 number of records", facts.records);
	tag_is(&t, &d);
}

json_t *vectors_logs(void)
{
	struct error err;
	file = vector_file("docs/protocol.md 7, 8: a log with every type of entry, its tree, "
	                   "checkpoints with cosignatures, who counts, and the lists");
	stage_full(&u);
	happen();
	json_t *v = vector(file, "log", "credentials, areas, weights, witnesses");
	faults = put_array(v, "faults");
	struct box_job job = urn_job(&u);
	job.fault = take_fault;
	error_clear(&err);
	assert_ok(ballot_box_read(&box, &job, &err), err);
	assert_true(box.complete && box.has_evidence);
	put_int(v, "counted", box.counted);
	put_int(v, "kept", box.kept);
	put_lists(v);
	put_checkpoint(v, "close", box.log_size, &box.root);
	put_checkpoint(v, "whole", box.whole_size, &box.whole_root);
	put_utf8(v, "manifest", u.manifest->exact);
	put_digest(v, "manifest_digest", &u.manifest->d);
	put_digest(v, "eid", &u.key.eid);
	put_digest(v, "certified", &u.ceremony.certified);
	put_int(v, "attempt", u.ceremony.attempts);
	put_objects(v, "credentials", "credentials.bt");
	put_objects(v, "credentials_signature", "credentials-signature.bt");
	put_entries(v);
	put_objects(v, "ballots", "ballots.bt");
	put_objects(v, "voids", "voids.bt");
	hash_of_a_change();
	hash_of_the_list();
	urn_end(&u);
	free(l.ballots);
	free(l.voids);
	return file;
}
