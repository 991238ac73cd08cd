/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "vectors/make/stage.h"

#include "base/subfolder.h"
#include "files/memory_folder.h"
#include "host/memory.h"
#include "host/pool.h"

#include <string.h>

#define ARENA_BYTES ((size_t)1 << 30)
#define RECORD_BYTES ((size_t)16 << 20)

static const char fixed[] = "\"group\":\"P-256\",\"rohash\":\"SHA-256\",\"prg\":\"SHA-256\","
							"\"statdist\":100,\"vbitlenro\":256,\"ebitlenro\":256,";

static void from_byte(struct identity_secret *out, unsigned byte)
{
	uint8_t seed[IDENTITY_SEED_BYTES];
	memset(seed, (int)byte, sizeof seed);
	identity_from_seed(out, seed);
}

static void add_key(struct text *t, const char *name, struct identity_secret *key, unsigned byte)
{
	from_byte(key, byte);
	text_add(t, "\"");
	text_add(t, name);
	text_add(t, "\":\"");
	text_add_hex(t, BYTES_OF(key->pub));
	text_add(t, "\"");
}

static void add_authorities(struct text *t, struct urn *u, unsigned n, unsigned threshold)
{
	text_add(t, "\"threshold\":");
	text_add_u64(t, threshold);
	text_add(t, ",\"authorities\":[");
	for (unsigned i = 0; i < n; i++) {
		text_add(t, i ? ",{\"operator\":\"Org " : "{\"operator\":\"Org ");
		text_add_u64(t, i + 1);
		text_add(t, "\",");
		add_key(t, "identity", &u->identity[i], STAGE_AUTHORITY + i);
		text_add(t, "}");
	}
	text_add(t, "],");
}

static void begin(struct urn *u)
{
	static const uint8_t seed[32] = {0};
	struct error err;
	memset(u, 0, sizeof *u);
	error_clear(&err);
	assert_ok(group_init(NULL, &err), err);
	assert_ok(memory_folder_new(&u->record, "record", RECORD_BYTES, &err), err);
	assert_ok(host_arena_new(&u->arena, ARENA_BYTES, &err), err);
	assert_ok(host_workers_new(&u->workers, 1, &err), err);
	chacha_rng_init(&u->rng, seed);
	u->world = (struct tally_world){&u->rng.rng, u->workers, &u->arena, NULL};
}

static void take_manifest(struct urn *u, const struct text *t)
{
	struct error err;
	bytes json = bytes_of(t->p, t->len);
	error_clear(&err);
	assert_false(t->cut);
	assert_ok(manifest_read(&u->manifest, json, &u->arena, &err), err);
	assert_ok(manifest_ballot_styles(u->styles, u->manifest, &err), err);
	urn_write(u, "manifest.json", json);
}

static void take_key(struct urn *u)
{
	struct error err;
	u->rules =
		(struct ballot_rules){u->key.eid, u->manifest->mode, u->styles, u->manifest->styles_count};
	assert_ok(public_key_init(&u->pk, &u->key.polynomial[0], &u->arena, &u->arena, &err), err);
	u->mark = arena_mark(&u->arena);
}

/* --- the tiny one --- */

static void hold_ceremony(struct urn *u)
{
	struct error err;
	struct subfolder folder;
	struct ceremony_party *party[2];
	bool done[2] = {false};
	error_clear(&err);
	assert_ok(subfolder_init(&folder, u->record, "ceremony", &err), err);
	for (unsigned i = 0; i < 2; i++)
		assert_ok(ceremony_party_new(&party[i], u->manifest, i + 1, &u->identity[i], test_rng(),
		                             &u->arena, &err),
		          err);
	for (unsigned turn = 0; turn < 100 && !(done[0] && done[1]); turn++) {
		const unsigned i = turn % 2;
		error_clear(&err);
		if (!done[i] &&
		    !ceremony_party_step(party[i], &folder.folder, CEREMONY_PATIENT, &done[i], &err))
			assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	}
	for (unsigned i = 0; i < 2; i++)
		assert_true(ceremony_party_share(&u->share[i], party[i]));
	assert_ok(ceremony_verify_report(&u->key, &u->ceremony, u->manifest, &folder.folder, &err),
	          err);
}

void stage_tiny(struct urn *u)
{
	char room[4096];
	struct text t = TEXT_OF(room);
	begin(u);
	text_add(&t, "{\"urna\":1,\"title\":\"Tiny\",");
	text_add(&t, fixed);
	text_add(&t, "\"mode\":\"server\",\"board\":{\"name\":\"tiny.example/board\",");
	add_key(&t, "key", &u->board_key, STAGE_BOARD);
	text_add(&t, "},");
	add_authorities(&t, u, 2, 2);
	text_add(&t, "\"min_list\":2,\"accept_small_lists\":false,\"questions\":[{\"id\":\"q1\","
	             "\"title\":\"Shall we?\",\"rule\":\"plurality-at-large\",\"seats\":1,\"min\":0,"
	             "\"max\":1,\"answers\":[\"Yes\",\"No\"],\"lot\":[1,2]}],"
	             "\"groups\":[{\"name\":\"g1\",\"questions\":[\"q1\"]}],"
	             "\"styles\":[{\"name\":\"all\",\"groups\":[\"g1\"]}]}\n");
	take_manifest(u, &t);
	hold_ceremony(u);
	take_key(u);
}

/* --- the full one --- */

static void invent_key(struct urn *u)
{
	struct error err;
	secret_scalar x;
	const point g = point_generator();
	assert_ok(secret_scalar_random(&x, test_rng(), &err), err);
	u->key = (struct election_key){.d = u->manifest->d, .parties = 1, .threshold = 1};
	point_mul(&u->key.polynomial[0], &x, &g);
	u->key.eid = sha256(BYTES_LITERAL("urna vectors: the EID of a log"));
	u->ceremony.certified = sha256(BYTES_LITERAL("urna vectors: a ceremony"));
	u->ceremony.attempts = 2;
}

static void add_witnesses(struct text *t, struct urn *u)
{
	text_add(t, "\"witnesses\":{\"lying\":1,\"quorum\":3,\"keys\":[");
	for (unsigned i = 0; i < 4; i++) {
		text_add(t, i ? ",{\"name\":\"w" : "{\"name\":\"w");
		text_add_u64(t, i + 1);
		text_add(t, ".example.org\",");
		add_key(t, "key", &u->witness[i], STAGE_WITNESS + i);
		text_add(t, "}");
	}
	text_add(t, "]},");
}

static void make_voters(struct urn *u)
{
	static const uint32_t style[] = {0, 1, 0, 1, 0, 1}, weight[] = {1, 3, 2, 1, 3, 1};
	const point g = point_generator();
	struct credential list[6];
	struct error err;
	error_clear(&err);
	u->listed = 5; /* the sixth is a stranger */
	for (unsigned i = 0; i < 6; i++) {
		struct urn_voter *v = &u->voters[i];
		credential_code code;
		assert_ok(credential_code_random(&code, test_rng(), &err), err);
		credential_secret(&v->s, &u->manifest->d, &code);
		*v = (struct urn_voter){{.mode = BALLOT_CREDENTIALS}, v->s, style[i], weight[i]};
		point_mul(&v->who.key, &v->s, &g);
		points_encode_tree(list[i].key, &v->who.key, 1);
		list[i].style = v->style;
		list[i].weight = v->weight;
	}
	assert_ok(credentials_write(u->record, u->manifest, &u->registrar, list, u->listed, &err), err);
}

static void choose(uint8_t *plaintexts, const struct urn *u, unsigned style)
{
	const struct manifest_style *s = &u->manifest->styles[style];
	for (unsigned g = 0; g < s->groups_count; g++) {
		const struct plaintext_code *code = &u->manifest->groups[s->groups[g]].code;
		uint32_t digits[64] = {0};
		struct error err;
		digits[1] = 1;
		assert_ok(plaintext_encode(plaintexts, code, digits, &err), err);
		plaintexts += plaintext_bytes(code);
	}
}

void stage_full(struct urn *u)
{
	char room[4096];
	struct text t = TEXT_OF(room);
	begin(u);
	text_add(&t, "{\"urna\":1,\"title\":\"Full\",");
	text_add(&t, fixed);
	text_add(&t, "\"mode\":\"credentials\",\"board\":{\"name\":\"full.example/board\",");
	add_key(&t, "key", &u->board_key, STAGE_BOARD);
	text_add(&t, "},");
	add_key(&t, "registrar", &u->registrar, STAGE_REGISTRAR);
	text_add(&t, ",");
	add_witnesses(&t, u);
	add_authorities(&t, u, 1, 1);
	text_add(&t, "\"weight_max\":3,\"min_list\":0,\"accept_small_lists\":true,"
	             "\"areas\":[\"n\",\"s\"],\"questions\":["
	             "{\"id\":\"q1\",\"title\":\"A\",\"rule\":\"plurality-at-large\",\"seats\":1,"
	             "\"min\":0,\"max\":1,\"answers\":[\"Yes\",\"No\"]},"
	             "{\"id\":\"q2\",\"title\":\"B\",\"rule\":\"plurality-at-large\",\"seats\":1,"
	             "\"min\":0,\"max\":1,\"answers\":[\"Ann\"],\"write_ins\":1}],"
	             "\"groups\":[{\"name\":\"g1\",\"questions\":[\"q1\"]},"
	             "{\"name\":\"g2\",\"questions\":[\"q2\"]}],"
	             "\"styles\":[{\"name\":\"north\",\"groups\":[\"g1\"],\"area\":\"n\"},"
	             "{\"name\":\"south\",\"groups\":[\"g2\",\"g1\"],\"area\":\"s\"}]}\n");
	take_manifest(u, &t);
	invent_key(u);
	take_key(u);
	make_voters(u);
	u->choose = choose;
	u->mark = arena_mark(&u->arena);
}
