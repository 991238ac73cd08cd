/* SPDX-License-Identifier: Apache-2.0 */
/* docs/protocol.md 5: two ceremonies of 2 of 3, message by message, and every hash in them. */
#include "support/support.h"

#include "vectors/make/vectors.h"

#include "ceremony/key.h"
#include "identity/words.h"
#include "unit/protocol/ceremony/cheat.h"

#include <stdio.h>
#include <string.h>

#define N 3u
#define T 2u

static json_t *file;
static struct play p;
static struct cheat c;
static struct election_key key;
static struct ceremony_report report;

static void put_result(json_t *v)
{
	static const char *const fates[] = {"kept",         "absent",       "not opened",
	                                    "accused by t", "not answered", "wrongly answered"};
	char sid[ELECTION_SID_BYTES + 1], words[WORDS_TEXT_BYTES];
	json_t *polynomial = put_array(v, "polynomial"), *shares, *list;
	uint8_t tree[POINT_TREE_BYTES];
	for (unsigned m = 0; m < T; m++) {
		points_encode_tree(tree, &key.polynomial[m], 1);
		add_hex(polynomial, BYTES_OF(tree));
	}
	shares = put_array(v, "public_shares");
	for (unsigned i = 0; i < N; i++) {
		points_encode_tree(tree, &key.shares[i], 1);
		add_hex(shares, BYTES_OF(tree));
	}
	list = put_array(v, "fates");
	for (unsigned i = 0; i < N; i++)
		json_array_append_new(list, json_string(fates[report.fate[i]]));
	put_hex(v, "qualified", bytes_of(key.qualified, N));
	put_digest(v, "transcript", &key.t);
	put_digest(v, "eid", &key.eid);
	election_sid(sid, &key);
	words_encode(words, key.eid.b);
	put_text(v, "sid", sid);
	put_text(v, "fingerprint", words);
	put_digest(v, "certified", &report.certified);
}

static void put_ceremony(const char *name)
{
	json_t *v = vector(file, "ceremony", name), *list;
	put_int(v, "threshold", T);
	put_digest(v, "manifest_digest", &p.m.d);
	list = put_array(v, "identities");
	for (unsigned i = 0; i < N; i++)
		add_hex(list, BYTES_OF(p.authorities[i].identity));
	list = put_object(v, "files");
	for (unsigned round = 0; round < CEREMONY_ROUNDS; round++)
		for (unsigned i = 1; i <= N; i++) {
			char path[48];
			snprintf(path, sizeof path, "ceremony/%s", play_path(1, round, i));
			if (play_has(&p, play_path(1, round, i)))
				put_hex(list, path, play_read(&p, play_path(1, round, i)));
		}
	put_result(v);
}

/* --- hashes of the ceremony with an answer --- */

static void begin(struct tagged *t, const char *kind, const char *tag, unsigned children)
{
	tag_begin(t, file, kind, tag, children);
	tag_digest(t, "D", &p.m.d);
}

/* Messages of a round of parties 1 … N as leaves. */
static void messages(struct tagged *t, unsigned round, unsigned from)
{
	char what[16];
	for (unsigned i = from; i <= N; i++) {
		snprintf(what, sizeof what, "leaf(r%u-%02u)", round, i);
		tag_leaf(t, what, play_read(&p, play_path(1, round, i)));
	}
}

static digest last_digest(unsigned round)
{
	digest d;
	bytes content = play_content(&p, 1, round, 1);
	memcpy(d.b, content.p + content.len - 32, 32);
	return d;
}

static void hash_of_a_message(void)
{
	struct tagged t;
	struct error err;
	bytes message = play_read(&p, play_path(1, 1, 2));
	begin(&t, "H", "message", 5);
	tag_int(&t, "int attempt", 1);
	tag_int(&t, "int round", 1);
	tag_int(&t, "int index", 2);
	tag_leaf(&t, "leaf(content)", play_content(&p, 1, 1, 2));
	json_t *v = t.v;
	digest d = tag_end(&t);
	bytes signature = bytes_from(message, message.len - 64);
	assert_ok(identity_verify_vartime(p.authorities[1].identity, signature.p, BYTES_OF(d.b), &err),
	          err);
	put_hex(v, "key", BYTES_OF(p.authorities[1].identity));
	put_hex(v, "signature", signature);
}

/* z·G = A + c·C_0 */
static void proof_of_possession(const scalar *challenge, bytes points, bytes a, bytes z)
{
	struct error err;
	point c0, commitment, left, right;
	const point g = point_generator();
	scalar response;
	assert_ok(points_decode_tree(&c0, bytes_of(inside(points).p, POINT_TREE_BYTES), 1, POINT_FINITE,
	                             &err) &&
	              points_decode_tree(&commitment, a, 1, POINT_FINITE, &err) &&
	              scalars_decode_tree(&response, z, 1, &err),
	          err);
	point_mul_vartime(&left, &response, &g);
	point_mul_vartime(&right, challenge, &c0);
	point_add(&right, &right, &commitment);
	assert_true(point_equal(&left, &right));
}

static void hashes_of_a_dealing(void)
{
	struct tagged t;
	digest committed;
	bytes rest = inside(play_content(&p, 1, 3, 2));
	bytes points = next_tree(&rest), a = next_tree(&rest), z = next_tree(&rest);
	begin(&t, "H", "commit", 7);
	tag_int(&t, "int attempt", 1);
	tag_int(&t, "int i", 2);
	tag_tree(&t, "C_i", points);
	tag_tree(&t, "A_i", a);
	tag_tree(&t, "z_i", z);
	tag_tree(&t, "leaf(salt)", next_tree(&rest));
	memcpy(committed.b, inside(play_content(&p, 1, 1, 2)).p, 32);
	tag_is(&t, &committed);
	begin(&t, "C", "pop", 6);
	tag_int(&t, "int attempt", 1);
	tag_int(&t, "int i", 2);
	tag_leaf(&t, "leaf(identity key i)", BYTES_OF(p.authorities[1].identity));
	tag_tree(&t, "C_i", points);
	tag_tree(&t, "A_i", a);
	scalar challenge = tag_end_challenge(&t);
	proof_of_possession(&challenge, points, a, z);
}

static void hashes_of_agreements(void)
{
	static const uint8_t all[N] = {1, 1, 1};
	struct tagged t;
	digest d = last_digest(2);
	begin(&t, "H", "echo", 3 + 2 * N);
	tag_int(&t, "int attempt", 1);
	tag_leaf(&t, "flags present", BYTES_OF(all));
	messages(&t, 0, 1);
	messages(&t, 1, 1);
	tag_is(&t, &d);
	d = last_digest(4);
	begin(&t, "H", "openings", 2 + N);
	tag_int(&t, "int attempt", 1);
	messages(&t, 3, 1);
	tag_is(&t, &d);
}

static void hashes_of_the_end(void)
{
	struct tagged t;
	uint8_t tree[5 + T * POINT_TREE_BYTES];
	const point g = point_generator();
	begin(&t, "H", "transcript", 2 + 5 * N + 1);
	tag_int(&t, "int attempt", 1);
	for (unsigned round = 0; round <= 4; round++)
		messages(&t, round, 1);
	messages(&t, 5, 3); /* only party 3 had an accuser */
	tag_is(&t, &key.t);
	begin(&t, "H", "election", 5);
	tag_digest(&t, "T", &key.t);
	tree_put_node(tree, 2);
	points_encode_tree(tree + 5, &g, 1);
	points_encode_tree(tree + 5 + POINT_TREE_BYTES, &key.polynomial[0], 1);
	tag_tree(&t, "node(G, Y)", BYTES_OF(tree));
	tree_put_node(tree, T);
	points_encode_tree(tree + 5, key.polynomial, T);
	tag_tree(&t, "node(P_0 … P_{t-1})", BYTES_OF(tree));
	tag_leaf(&t, "flags Q", bytes_of(key.qualified, N));
	tag_is(&t, &key.eid);
	begin(&t, "H", "certified", 1 + 6 * N + 1);
	for (unsigned round = 0; round < CEREMONY_ROUNDS; round++)
		messages(&t, round, round == CEREMONY_ANSWER ? 3 : 1);
	tag_is(&t, &report.certified);
}

/* --- words beside a ceremony --- */

static void word_of_failure(void)
{
	static const char reason[] = "party 2 did not speak";
	uint8_t room[512], signature[64];
	struct ceremony_failure read;
	struct error err;
	struct tagged t;
	begin(&t, "H", "failed", 5);
	tag_int(&t, "int attempt", 1);
	tag_int(&t, "int index", 3);
	tag_text(&t, "text reason", reason);
	tag_int(&t, "int culprit", 2);
	json_t *v = t.v;
	digest d = tag_end(&t);
	identity_sign(signature, &p.identity[2], BYTES_OF(d.b));
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, 7);
	tree_write_leaf(&w, BYTES_LITERAL("urna-ceremony-1"));
	tree_write_leaf(&w, BYTES_OF(p.m.d.b));
	tree_write_u32(&w, 1);
	tree_write_u32(&w, 3);
	tree_write_leaf(&w, bytes_of_text(reason));
	tree_write_u32(&w, 2);
	tree_write_leaf(&w, BYTES_OF(signature));
	assert_ok(ceremony_failure_read(&read, &p.m, tree_written(&w), &err), err);
	assert_string_equal(read.reason, reason);
	put_hex(v, "key", BYTES_OF(p.authorities[2].identity));
	put_hex(v, "signature", BYTES_OF(signature));
	put_hex(v, "file", tree_written(&w));
}

static void word_of_destruction(void)
{
	uint8_t word[KEY_DESTROYED_BYTES];
	struct error err;
	struct tagged t;
	key_destroyed_make(word, &key, 1, &p.identity[0]);
	tag_begin(&t, file, "H", "destroyed", 2);
	tag_digest(&t, "EID", &key.eid);
	tag_int(&t, "int index", 1);
	json_t *v = t.v;
	digest d = tag_end(&t);
	bytes signature = bytes_from(BYTES_OF(word), sizeof word - 64);
	assert_ok(identity_verify_vartime(p.authorities[0].identity, signature.p, BYTES_OF(d.b), &err),
	          err);
	put_hex(v, "key", BYTES_OF(p.authorities[0].identity));
	put_hex(v, "signature", signature);
	put_hex(v, "file", BYTES_OF(word));
}

json_t *vectors_ceremonies(void)
{
	static const unsigned to[] = {2, 0};
	static const uint8_t fine[N] = {0};
	file = vector_file("docs/protocol.md 5: ceremonies of 2 of 3, one party absent or accused; the "
	                   "hashes are those of the second one");
	play_begin(&p, N, T);
	p.party[2] = NULL;
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.fate[2], CEREMONY_ABSENT);
	put_ceremony("party 3 is absent");
	play_end(&p);

	play_begin(&p, N, T);
	cheat_begin(&c, &p, 1, 3);
	c.wrong[1] = true;
	cheat_until_open(&c);
	cheat_verdict(&c, fine, 1);
	play_on(&p);
	cheat_answer(&c, to, 0);
	play_on(&p);
	cheat_certify(&c, 1);
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.accusers[2], 1);
	assert_int_equal(report.fate[2], CEREMONY_QUALIFIED);
	put_ceremony("party 3 is accused by party 2, and answers");
	hash_of_a_message();
	hashes_of_a_dealing();
	hashes_of_agreements();
	hashes_of_the_end();
	word_of_failure();
	word_of_destruction();
	play_end(&p);
	return file;
}
