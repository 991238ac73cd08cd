/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "unit/protocol/record/urn.h"

#include "record/statement.h"

#include "base/subfolder.h"
#include "ceremony/ceremony.h"
#include "files/memory_folder.h"
#include "host/memory.h"
#include "host/pool.h"
#include "record/entry.h"

#include <stdlib.h>

#define ARENA_BYTES ((size_t)1 << 30)
#define RECORD_BYTES ((size_t)256 << 20)
#define STRANGERS 2u

static void add_key(struct text *t, const char *name, struct identity_secret *key)
{
	char hex[65];
	struct error err;
	assert_ok(identity_generate(key, test_rng(), &err), err);
	hex_encode(hex, BYTES_OF(key->pub));
	text_add(t, "\"");
	text_add(t, name);
	text_add(t, "\":\"");
	text_add(t, hex);
	text_add(t, "\"");
}

static void add_witnesses(struct text *t, struct urn *u, unsigned n)
{
	text_add(t, ",\"witnesses\":{\"lying\":1,\"quorum\":");
	text_add_u64(t, (n + 1) / 2 + 1);
	text_add(t, ",\"keys\":[");
	for (unsigned i = 0; i < n; i++) {
		text_add(t, i ? ",{\"name\":\"w" : "{\"name\":\"w");
		text_add_u64(t, i);
		text_add(t, ".example.org\",");
		add_key(t, "key", &u->witness[i]);
		text_add(t, "}");
	}
	text_add(t, "]}");
}

static void add_authorities(struct text *t, struct urn *u, const struct urn_plan *plan)
{
	text_add(t, "\"threshold\":");
	text_add_u64(t, plan->parties ? plan->threshold : 1);
	text_add(t, ",\"authorities\":[");
	for (unsigned i = 0; i == 0 || i < plan->parties; i++) {
		text_add(t, i ? ",{\"operator\":\"Org " : "{\"operator\":\"Org ");
		text_add_u64(t, i + 1);
		text_add(t, "\",");
		add_key(t, "identity", &u->identity[i]);
		text_add(t, "}");
	}
	text_add(t, "]");
}

static const char marks[] =
	"[{\"id\":\"q1\",\"title\":\"A\",\"rule\":\"plurality-at-large\",\"seats\":1,\"min\":0,"
	"\"max\":1,\"answers\":[\"Yes\",\"No\"],\"lot\":[1,2]},"
	"{\"id\":\"q2\",\"title\":\"B\",\"rule\":\"plurality-at-large\",\"seats\":1,\"min\":0,"
	"\"max\":1,\"answers\":[\"Ann\",\"Bo\"],\"lot\":[2,1],\"write_ins\":1}]";

static void write_manifest(struct urn *u, const struct urn_plan *plan)
{
	static char room[32768];
	struct error err;
	struct text t = TEXT_OF(room);
	bool credentials = plan->mode == BALLOT_CREDENTIALS;
	text_add(&t, "{\"urna\":1,\"title\":\"Test\",\"group\":\"P-256\",\"rohash\":\"SHA-256\","
	             "\"prg\":\"SHA-256\",\"statdist\":100,\"vbitlenro\":256,\"ebitlenro\":256,"
	             "\"mode\":");
	text_add(&t, credentials ? "\"credentials\"," : "\"server\",");
	text_add(&t, "\"board\":{\"name\":\"urna.example.org/board\",");
	add_key(&t, "key", &u->board_key);
	text_add(&t, "},");
	if (credentials) {
		add_key(&t, "registrar", &u->registrar);
		text_add(&t, ",");
	}
	add_authorities(&t, u, plan);
	text_add(&t, ",\"weight_max\":");
	text_add_u64(&t, plan->weight_max);
	text_add(&t, ",\"min_list\":");
	text_add_u64(&t, plan->min_list);
	text_add(&t, plan->min_list ? ",\"accept_small_lists\":false" : ",\"accept_small_lists\":true");
	if (plan->witnesses)
		add_witnesses(&t, u, plan->witnesses);
	if (plan->areas)
		text_add(&t, ",\"areas\":[\"n\",\"s\"]");
	text_add(&t, ",\"questions\":");
	text_add(&t, plan->questions ? plan->questions : marks);
	text_add(&t, ",\"groups\":[{\"name\":\"g1\",\"questions\":[\"q1\"]},"
	             "{\"name\":\"g2\",\"questions\":[\"q2\"]}],\"styles\":[");
	static const char *const styles[] = {"{\"name\":\"north\",\"groups\":[\"g1\",\"g2\"]",
	                                     ",{\"name\":\"south\",\"groups\":[\"g2\",\"g1\"]",
	                                     ",{\"name\":\"part\",\"groups\":[\"g2\"]"};
	for (unsigned i = 0; i < URN_STYLES; i++) {
		text_add(&t, styles[i]);
		if (plan->areas)
			text_add(&t, i ? ",\"area\":\"s\"" : ",\"area\":\"n\"");
		text_add(&t, "}");
	}
	text_add(&t, "]}\n");
	assert_false(t.cut);
	assert_ok(manifest_read(&u->manifest, bytes_of(room, t.len), &u->arena, &err), err);
	urn_write(u, "manifest.json", bytes_of(room, t.len));
}

/* All parties in turn, until all are done. */
static void hold_ceremony(struct urn *u, const struct urn_plan *plan)
{
	struct error err;
	struct subfolder folder;
	struct ceremony_party *party[URN_PARTIES];
	bool done[URN_PARTIES] = {false}, all = false;
	error_clear(&err);
	assert_ok(subfolder_init(&folder, u->record, "ceremony", &err), err);
	for (unsigned i = 0; i < plan->parties; i++)
		assert_ok(ceremony_party_new(&party[i], u->manifest, i + 1, &u->identity[i], test_rng(),
		                             &u->arena, &err),
		          err);
	for (unsigned turn = 0; turn < 100 && !all; turn++) {
		all = true;
		for (unsigned i = 0; i < plan->parties; i++) {
			error_clear(&err);
			if (!done[i] &&
			    !ceremony_party_step(party[i], &folder.folder, CEREMONY_PATIENT, &done[i], &err))
				assert_int_equal(err.kind, ERROR_UNAVAILABLE);
			all &= done[i];
		}
	}
	assert_true(all);
	for (unsigned i = 0; i < plan->parties; i++)
		assert_true(ceremony_party_share(&u->share[i], party[i]));
	assert_ok(ceremony_verify_report(&u->key, &u->ceremony, u->manifest, &folder.folder, &err),
	          err);
}

static void play_ceremony(struct urn *u, const struct urn_plan *plan)
{
	struct error err;
	struct subfolder folder;
	error_clear(&err);
	plan->ceremony(u);
	assert_ok(subfolder_init(&folder, u->record, "ceremony", &err), err);
	assert_ok(ceremony_verify_report(&u->key, &u->ceremony, u->manifest, &folder.folder, &err),
	          err);
}

static void invent_key(struct urn *u)
{
	struct error err;
	secret_scalar x;
	const point g = point_generator();
	assert_ok(secret_scalar_random(&x, test_rng(), &err), err);
	point_mul(&u->key.polynomial[0], &x, &g);
	u->key.parties = u->key.threshold = 1;
	u->key.d = u->manifest->d;
	assert_ok(rng_fill(test_rng(), u->key.eid.b, 32, &err), err);
	assert_ok(rng_fill(test_rng(), u->ceremony.certified.b, 32, &err), err);
	u->ceremony.attempts = 2;
}

static void make_key(struct urn *u, const struct urn_plan *plan)
{
	struct error err;
	error_clear(&err);
	if (plan->ceremony)
		play_ceremony(u, plan);
	else if (plan->parties)
		hold_ceremony(u, plan);
	else
		invent_key(u);
	assert_ok(manifest_ballot_styles(u->styles, u->manifest, &err), err);
	u->rules = (struct ballot_rules){u->key.eid, plan->mode, u->styles, u->manifest->styles_count};
	assert_ok(public_key_init(&u->pk, &u->key.polynomial[0], &u->arena, &u->arena, &err), err);
}

static void make_voters(struct urn *u, const struct urn_plan *plan)
{
	struct credential list[URN_VOTERS];
	struct error err;
	const point g = point_generator();
	error_clear(&err);
	u->listed = URN_VOTERS - STRANGERS;
	for (unsigned i = 0; i < URN_VOTERS; i++) {
		struct urn_voter *v = &u->voters[i];
		v->style = i % URN_STYLES;
		v->weight = 1 + (uint32_t)test_random_below(plan->weight_max);
		v->who.mode = plan->mode;
		assert_ok(rng_fill(test_rng(), v->who.id, sizeof v->who.id, &err), err);
		if (plan->mode == BALLOT_CREDENTIALS) {
			credential_code code;
			assert_ok(credential_code_random(&code, test_rng(), &err), err);
			credential_secret(&v->s, &u->manifest->d, &code);
			point_mul(&v->who.key, &v->s, &g);
			points_encode_tree(list[i].key, &v->who.key, 1);
			list[i].style = v->style;
			list[i].weight = v->weight;
		}
	}
	if (plan->mode == BALLOT_CREDENTIALS)
		assert_ok(credentials_write(u->record, u->manifest, &u->registrar, list, u->listed, &err),
		          err);
}

/* One answer of each question, or none. */
static void choose(uint8_t *plaintexts, const struct urn *u, unsigned style)
{
	const struct manifest_style *s = &u->manifest->styles[style];
	for (unsigned g = 0; g < s->groups_count; g++) {
		const struct plaintext_code *code = &u->manifest->groups[s->groups[g]].code;
		uint32_t digits[64] = {0};
		struct error err;
		error_clear(&err);
		digits[1 + test_random_below(2)] = test_random_below(5) > 0;
		assert_ok(plaintext_encode(plaintexts, code, digits, &err), err);
		plaintexts += plaintext_bytes(code);
	}
}

static void begin_world(struct urn *u, const struct urn_plan *plan)
{
	struct error err;
	uint8_t seed[32];
	memset(u, 0, sizeof *u);
	error_clear(&err);
	assert_ok(group_init(NULL, &err), err);
	assert_ok(memory_folder_new(&u->record, "record", RECORD_BYTES, &err), err);
	assert_ok(host_arena_new(&u->arena, ARENA_BYTES, &err), err);
	assert_ok(host_workers_new(&u->workers, plan->workers ? plan->workers : 1, &err), err);
	assert_ok(rng_fill(test_rng(), seed, sizeof seed, &err), err);
	chacha_rng_init(&u->rng, seed);
	u->world = (struct tally_world){&u->rng.rng, u->workers, &u->arena, NULL};
	u->choose = plan->choose ? plan->choose : choose;
}

void urn_sign_credentials(struct urn *u, const struct identity_secret *by, uint64_t records)
{
	struct error err;
	bytes file = urn_file(u, CREDENTIALS_FILE);
	const struct credentials_facts facts = {sha256(file), records};
	digest s = credentials_statement(u->manifest, &facts);
	error_clear(&err);
	assert_ok(u->record->remove(u->record, CREDENTIALS_SIGNATURE, &err), err);
	assert_ok(
		endorsement_write(u->record, CREDENTIALS_SIGNATURE, by, (struct endorsed){0, &s}, &err),
		err);
	free((void *)(uintptr_t)file.p);
}

void urn_begin(struct urn *u, const struct urn_plan *plan)
{
	begin_world(u, plan);
	write_manifest(u, plan);
	make_key(u, plan);
	make_voters(u, plan);
	u->mark = arena_mark(&u->arena);
}

void urn_begin_again(struct urn *u, const struct urn *like, const struct urn_plan *plan)
{
	struct error err;
	begin_world(u, plan);
	u->board_key = like->board_key;
	u->registrar = like->registrar;
	memcpy(u->witness, like->witness, sizeof u->witness);
	memcpy(u->identity, like->identity, sizeof u->identity);
	error_clear(&err);
	assert_ok(manifest_read(&u->manifest, like->manifest->exact, &u->arena, &err), err);
	urn_write(u, "manifest.json", like->manifest->exact);
	make_key(u, plan);
	make_voters(u, plan);
	u->mark = arena_mark(&u->arena);
}

void urn_end(struct urn *u)
{
	board_abandon(u->board);
	memory_folder_free(u->home);
	memory_folder_free(u->record);
	host_workers_free(u->workers);
	host_arena_free(&u->arena);
}

struct board_plan urn_board_plan(struct urn *u)
{
	return (struct board_plan){.manifest = u->manifest,
	                           .key = &u->key,
	                           .ceremony = &u->ceremony,
	                           .record = u->record,
	                           .world = &u->world,
	                           .voters_max = 1000,
	                           .ballots_max = 1000,
	                           .voids_max = 100,
	                           .changes_max = 100,
	                           .home = u->home};
}

void urn_open(struct urn *u)
{
	struct error err;
	const struct board_plan plan = urn_board_plan(u);
	error_clear(&err);
	assert_ok(board_open(&u->board, &plan, &err), err);
	u->changes = 0;
}

/* --- ballots --- */

bytes urn_body(uint8_t *room, struct urn *u, unsigned voter, unsigned style)
{
	struct error err;
	uint8_t plaintexts[4 * MESSAGE_BYTES] = {0};
	size_t mark = arena_mark(&u->arena);
	const struct ballot_request request = {
		&u->rules, &u->styles[style], &u->pk, &u->voters[voter].who, plaintexts, 1};
	const struct ballot_output out = {room, NULL, NULL};
	error_clear(&err);
	u->choose(plaintexts, u, style);
	assert_ok(ballots_encrypt_public_vartime(&out, &request, test_rng(), &u->arena, &err), err);
	arena_release(&u->arena, mark);
	return bytes_of(room, ballot_body_bytes(&u->styles[style], u->rules.mode));
}

bytes urn_cast(uint8_t *room, struct urn *u, unsigned voter, bytes body, uint32_t seq)
{
	struct error err;
	const struct urn_voter *v = &u->voters[voter];
	const struct ballot_signer signer = {&v->s, &v->who.key, &u->key.eid, seq};
	size_t extra = ballot_bytes(&u->styles[0], u->rules.mode) -
	               ballot_body_bytes(&u->styles[0], u->rules.mode);
	if (u->rules.mode == BALLOT_SERVER)
		ballot_wrap(room, body, seq);
	else
		assert_ok(ballot_sign(room, body, &signer, test_rng(), &err), err);
	return bytes_of(room, body.len + extra);
}

bytes urn_ballot(uint8_t *room, struct urn *u, unsigned voter, unsigned style, uint32_t seq)
{
	uint8_t body[URN_BALLOT_MAX];
	return urn_cast(room, u, voter, urn_body(body, u, voter, style), seq);
}

enum board_answer urn_accept(struct urn *u, bytes ballot, uint32_t weight)
{
	struct error err;
	struct board_receipt r;
	const struct board_ballot in = {ballot, weight};
	error_clear(&err);
	assert_ok(board_accept(&r, u->board, &in, 1, &err), err);
	return r.answer;
}

void urn_vote(struct urn *u, unsigned voter, uint32_t seq)
{
	uint8_t room[URN_BALLOT_MAX];
	const struct urn_voter *v = &u->voters[voter];
	enum board_answer a = urn_accept(u, urn_ballot(room, u, voter, v->style, seq), v->weight);
	if (a != BOARD_ACCEPTED)
		fail_msg("voter %u: %s", voter, board_answer_name(a));
}

void urn_change(struct urn *u, unsigned voter, uint32_t style, uint32_t weight)
{
	uint8_t key[POINT_TREE_BYTES], signature[64];
	struct error err;
	struct urn_voter *v = &u->voters[voter];
	points_encode_tree(key, &v->who.key, 1);
	const struct credential_change c = {u->changes++, BYTES_OF(key),
	                                    u->manifest->styles[style].name, weight};
	digest s = statement_credential(&u->key.eid, &c);
	identity_sign(signature, &u->registrar, BYTES_OF(s.b));
	error_clear(&err);
	assert_ok(board_change_credential(u->board, &c, signature, &err), err);
	v->style = style;
	v->weight = weight;
}

void urn_close(struct urn *u)
{
	struct error err;
	struct checkpoint c;
	error_clear(&err);
	assert_ok(board_close(&c, u->board, &u->board_key, &err), err);
}

void urn_cosign(struct urn *u, const char *path, unsigned witness)
{
	char room[512];
	struct note note;
	struct error err;
	struct text line = TEXT_OF(room);
	const struct checkpoint_policy policy = {u->manifest, &u->key.eid, true};
	const struct cosigner by = {u->manifest->witnesses[witness].name, &u->witness[witness],
	                            1700000000 + witness};
	bytes file = urn_file(u, path);
	error_clear(&err);
	assert_ok(note_read(&note, file, &err) && checkpoint_cosign(&line, note.text, &by, &err) &&
	              board_add_cosignature(u->record, path, &policy, bytes_of(line.p, line.len), &err),
	          err);
	free((void *)(uintptr_t)file.p);
}

/* --- reading --- */

struct box_job urn_job(struct urn *u)
{
	return (struct box_job){.manifest = u->manifest,
	                        .key = &u->key,
	                        .ceremony = &u->ceremony,
	                        .record = u->record,
	                        .world = &u->world};
}

bool urn_read(struct ballot_box *out, struct urn *u, struct error *err)
{
	const struct box_job job = urn_job(u);
	size_t mark = arena_mark(&u->arena);
	error_clear(err);
	bool good = ballot_box_read(out, &job, err);
	assert_int_equal(arena_mark(&u->arena), mark);
	return good;
}

bytes urn_file(struct urn *u, const char *path)
{
	struct error err;
	struct source *s;
	error_clear(&err);
	assert_ok(u->record->open(u->record, path, &s, &err), err);
	size_t size = (size_t)s->size;
	uint8_t *p = malloc(size + 1);
	assert_non_null(p);
	assert_ok(source_read(s, p, size, &err), err);
	source_close(s);
	return bytes_of(p, size);
}

void urn_write(struct urn *u, const char *path, bytes content)
{
	struct error err;
	error_clear(&err);
	assert_ok(folder_write(u->record, path, true, content, &err), err);
}
