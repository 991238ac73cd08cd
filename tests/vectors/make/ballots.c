/* SPDX-License-Identifier: Apache-2.0 */
/* docs/protocol.md 6.3: ballots of both modes with every secret, credentials from codes. */
#include "support/support.h"

#include "vectors/make/vectors.h"

#include "ballot/ballot.h"
#include "ballot/confirmation.h"
#include "record/credentials.h"

#include <string.h>

#define COMPONENTS 3u
#define BALLOT_ROOM 4096u

static json_t *file;
static struct ballot_style style;
static struct ballot_rules rules;
static struct public_key pk;
static secret_scalar x;

/* Hands out given scalars, as the 48 bytes that are drawn for each. */
struct script {
	struct rng rng;
	scalar draws[2 * COMPONENTS];
	size_t count, next;
};

static bool fill(struct rng *rng, uint8_t *out, size_t len, struct error *err)
{
	struct script *s = (struct script *)rng;
	(void)err;
	assert_int_equal(len, 48);
	assert_true(s->next < s->count);
	memset(out, 0, 16);
	scalar_encode(out + 16, &s->draws[s->next++]);
	return true;
}

static void script(struct script *s, size_t count)
{
	struct error err;
	*s = (struct script){.rng = {fill}, .count = count};
	assert_ok(scalars_random(s->draws, count, test_rng(), &err), err);
}

static void put_draws(json_t *v, const char *key, const struct script *s, size_t from)
{
	json_t *list = put_array(v, key);
	for (size_t i = from; i < s->count; i += 2) {
		uint8_t raw[SCALAR_BYTES];
		scalar_encode(raw, &s->draws[i]);
		add_hex(list, BYTES_OF(raw));
	}
}

struct pseudonym_and_secret {
	pseudonym who;
	secret_scalar s;
};

static void credential(struct pseudonym_and_secret *out, const char *name)
{
	const point g = point_generator();
	const digest d = sha256(BYTES_LITERAL("urna vectors: a manifest"));
	char text[CONFIRMATION_TEXT_BYTES];
	credential_code code;
	struct error err;
	assert_ok(credential_code_random(&code, test_rng(), &err), err);
	credential_secret(&out->s, &d, &code);
	out->who = (pseudonym){.mode = BALLOT_CREDENTIALS};
	point_mul(&out->who.key, &out->s, &g);
	confirmation_format(text, &code.secret);
	json_t *v = vector(file, "credential", name);
	put_digest(v, "manifest_digest", &d);
	put_text(v, "code", text);
	put_hex(v, "code_bytes", BYTES_OF(code.secret.b));
	put_scalar(v, "secret", &out->s.secret);
	put_point(v, "credential", &out->who.key);
	struct tagged t;
	tag_begin(&t, file, "C", "credential", 2);
	tag_digest(&t, "D", &d);
	tag_leaf(&t, "leaf(17 bytes of the code)", BYTES_OF(code.secret.b));
	tag_is_challenge(&t, &out->s.secret);
}

/* H_body, C_ballot and C_sig once more, from the ballot's parts. */
static void hashes(const struct ballot *b)
{
	static const char *const parts[] = {"EID", "P", "text style", "CT", "AA"};
	uint8_t tree[POINT_TREE_BYTES];
	struct tagged t;
	bytes rest = inside(b->body);
	next_tree(&rest); /* "urna-body-1" */
	tag_begin(&t, file, "C", "ballot", 5);
	for (unsigned i = 0; i < 5; i++)
		tag_tree(&t, parts[i], next_tree(&rest));
	tag_is_challenge(&t, &b->challenge);
	tag_begin(&t, file, "H", "body", 1);
	tag_leaf(&t, "leaf(body)", b->body);
	tag_is(&t, &b->id);
	if (rules.mode == BALLOT_SERVER)
		return;
	tag_begin(&t, file, "C", "sig", 5);
	points_encode_tree(tree, &b->who.key, 1);
	tag_tree(&t, "S", BYTES_OF(tree));
	points_encode_tree(tree, &b->sig_commitment, 1);
	tag_tree(&t, "R", BYTES_OF(tree));
	tag_digest(&t, "EID", &rules.eid);
	tag_int(&t, "int seq", b->seq);
	tag_digest(&t, "b", &b->id);
	tag_is_challenge(&t, &b->sig_challenge);
}

static void put_ballot(json_t *v, bytes whole)
{
	uint8_t fresh[32] = {7};
	char code[CONFIRMATION_TEXT_BYTES];
	struct ballot b;
	struct error err;
	assert_ok(ballot_parse(&b, whole, &rules, test_arena(), &err), err);
	assert_ok(ballots_check_vartime(&b, 1, fresh, test_arena(), &err), err);
	put_scalar(v, "challenge", &b.challenge);
	put_hex(v, "body", b.body);
	put_digest(v, "id", &b.id);
	const confirmation c = confirmation_of(&b.id);
	confirmation_format(code, &c);
	put_text(v, "confirmation", code);
	put_hex(v, "ballot", whole);
	if (rules.mode == BALLOT_CREDENTIALS)
		put_scalar(v, "sig_challenge", &b.sig_challenge);
	hashes(&b);
}

static void ballot(const char *name, const struct pseudonym_and_secret *by, uint32_t seq)
{
	uint8_t plaintexts[COMPONENTS * MESSAGE_BYTES], body[BALLOT_ROOM], whole[BALLOT_ROOM];
	uint8_t p[PSEUDONYM_TREE_MAX];
	struct script s;
	struct error err;
	rules.mode = by->who.mode;
	assert_ok(rng_fill(test_rng(), plaintexts, sizeof plaintexts, &err), err);
	script(&s, 2 * COMPONENTS);
	const struct ballot_request request = {&rules, &style, &pk, &by->who, plaintexts, 1};
	const struct ballot_output out = {body, NULL, NULL};
	assert_ok(ballots_encrypt(&out, &request, &s.rng, test_arena(), &err), err);
	bytes made = bytes_of(body, ballot_body_bytes(&style, rules.mode));
	json_t *v = vector(file, "ballot", name);
	put_text(v, "mode", rules.mode == BALLOT_SERVER ? "server" : "credentials");
	put_digest(v, "eid", &rules.eid);
	put_scalar(v, "secret_key", &x.secret);
	put_point(v, "public_key", &pk.y);
	put_text(v, "style", "all");
	json_array_append_new(put_array(v, "widths"), json_integer(style.width[0]));
	json_array_append_new(json_object_get(v, "widths"), json_integer(style.width[1]));
	put_int(v, "seq", seq);
	put_hex(v, "pseudonym", bytes_of(p, pseudonym_encode(p, &by->who)));
	json_t *list = put_array(v, "plaintexts");
	for (size_t i = 0; i < COMPONENTS; i++)
		add_hex(list, bytes_of(plaintexts + i * MESSAGE_BYTES, MESSAGE_BYTES));
	put_draws(v, "r", &s, 0);
	put_draws(v, "a", &s, 1);
	if (rules.mode == BALLOT_SERVER) {
		ballot_wrap(whole, made, seq);
	} else {
		const struct ballot_signer signer = {&by->s, &by->who.key, &rules.eid, seq};
		script(&s, 1);
		put_scalar(v, "voter_secret", &by->s.secret);
		put_scalar(v, "k", &s.draws[0]);
		assert_ok(ballot_sign(whole, made, &signer, &s.rng, &err), err);
	}
	put_ballot(v, bytes_of(whole, ballot_bytes(&style, rules.mode)));
}

json_t *vectors_ballots(void)
{
	static const uint32_t widths[] = {1, 2};
	struct pseudonym_and_secret voter = {{.mode = BALLOT_SERVER, .id = {1, 2, 3}}, {{{0}}}};
	struct error err;
	point y;
	const point g = point_generator();
	error_clear(&err);
	file = vector_file("docs/protocol.md 6.3: ballots of both modes with all secrets, and "
	                   "credentials from codes");
	assert_ok(ballot_style_init(&style, BYTES_LITERAL("all"), widths, 2, &err), err);
	rules = (struct ballot_rules){sha256(BYTES_LITERAL("urna vectors: an election")), BALLOT_SERVER,
	                              &style, 1};
	assert_ok(secret_scalar_random(&x, test_rng(), &err), err);
	point_mul(&y, &x, &g);
	assert_ok(public_key_init(&pk, &y, test_arena(), test_arena(), &err), err);
	ballot("the first ballot of a voter", &voter, 0);
	credential(&voter, "a voter's code");
	ballot("the third ballot of a credential", &voter, 2);
	return file;
}
