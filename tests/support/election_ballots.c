/* SPDX-License-Identifier: Apache-2.0 */
/* Ballots of a test election: by the product's encoder, and, for any points, by one of our own. */
#include "support/support.h"

#include "support/election.h"

#include "hash/tagged.h"

#include <stdlib.h>

#define BALLOT_ROOM 65536u
#define COMPONENTS_MAX 64u

static uint8_t *box_room(struct election *e, size_t len)
{
	if (e->box_len + len > e->box_room) {
		e->box_room = 2 * e->box_room + len + BALLOT_ROOM;
		e->box = realloc(e->box, e->box_room);
		assert_non_null(e->box);
	}
	if (e->ballots + 2 > e->ballots_room) {
		e->ballots_room = 2 * e->ballots_room + 64;
		e->starts = realloc(e->starts, e->ballots_room * sizeof *e->starts);
		assert_non_null(e->starts);
	}
	e->starts[e->ballots++] = e->box_len;
	e->starts[e->ballots] = e->box_len + len;
	uint8_t *at = e->box + e->box_len;
	e->box_len += len;
	return at;
}

bytes election_ballot(const struct election *e, size_t index)
{
	return bytes_of(e->box + e->starts[index], e->starts[index + 1] - e->starts[index]);
}

static pseudonym fresh_pseudonym(const uint8_t *who)
{
	struct error err;
	pseudonym p = {.mode = BALLOT_SERVER};
	if (who)
		memcpy(p.id, who, sizeof p.id);
	else
		assert_ok(rng_fill(test_rng(), p.id, sizeof p.id, &err), err);
	return p;
}

void election_cast(struct election *e, unsigned style, const uint8_t *plaintexts)
{
	static uint8_t body[BALLOT_ROOM];
	struct error err;
	size_t mark = arena_mark(&e->arena);
	const pseudonym who = fresh_pseudonym(NULL);
	const struct ballot_request request = {&e->rules, &e->styles[style], &e->pk,
	                                       &who,      plaintexts,        1};
	const struct ballot_output out = {body, NULL, NULL};
	error_clear(&err);
	assert_ok(ballots_encrypt_public_vartime(&out, &request, test_rng(), &e->arena, &err), err);
	arena_release(&e->arena, mark);
	ballot_wrap(box_room(e, ballot_bytes(&e->styles[style], BALLOT_SERVER)),
	            bytes_of(body, ballot_body_bytes(&e->styles[style], BALLOT_SERVER)), 0);
}

/* node over groups of node(p…); with `second`, of node(node(p…), node(second…)) */
static void put_points(struct tree_writer *w, const struct ballot_style *s, const point *p,
                       const point *second)
{
	uint8_t tree[81];
	size_t at = 0;
	tree_write_node(w, s->groups);
	for (unsigned g = 0; g < s->groups; g++) {
		if (second)
			tree_write_node(w, 2);
		for (unsigned half = 0; half < (second ? 2 : 1); half++) {
			tree_write_node(w, s->width[g]);
			for (unsigned j = 0; j < s->width[g]; j++) {
				points_encode_tree(tree, half ? &second[at + j] : &p[at + j], 1);
				tree_write_raw(w, BYTES_OF(tree));
			}
		}
		at += s->width[g];
	}
}

static void put_scalars(struct tree_writer *w, const struct ballot_style *s, const scalar *z)
{
	uint8_t tree[38];
	tree_write_node(w, s->groups);
	for (unsigned g = 0; g < s->groups; g++) {
		tree_write_node(w, s->width[g]);
		for (unsigned j = 0; j < s->width[g]; j++) {
			scalars_encode_tree(tree, z++, 1);
			tree_write_raw(w, BYTES_OF(tree));
		}
	}
}

void election_cast_points(struct election *e, unsigned style, const point *m, const uint8_t *who)
{
	static uint8_t room[BALLOT_ROOM];
	struct error err;
	const struct ballot_style *s = &e->styles[style];
	const point g = point_generator();
	secret_scalar r[COMPONENTS_MAX], a[COMPONENTS_MAX];
	point u[COMPONENTS_MAX], v[COMPONENTS_MAX], commit[COMPONENTS_MAX];
	scalar z[COMPONENTS_MAX], c;
	uint8_t wide[TAGGED_CHALLENGE_BYTES];
	struct hash h;
	pseudonym p = fresh_pseudonym(who);
	assert_true(s->components <= COMPONENTS_MAX);
	for (unsigned i = 0; i < s->components; i++) {
		assert_ok(secret_scalar_random(&r[i], test_rng(), &err), err);
		assert_ok(secret_scalar_random(&a[i], test_rng(), &err), err);
		if (e->nonce)
			r[i] = *e->nonce;
		point_mul(&u[i], &r[i], &g);
		point_mul(&v[i], &r[i], &e->pk.y);
		point_add(&v[i], &v[i], &m[i]);
		point_mul(&commit[i], &a[i], &g);
	}
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, 2);
	tree_write_node(&w, 7);
	tree_write_leaf(&w, BYTES_LITERAL("urna-body-1"));
	size_t statement = w.len;
	tree_write_leaf(&w, BYTES_OF(e->key.eid.b));
	tree_write_leaf(&w, BYTES_OF(p.id));
	tree_write_leaf(&w, s->name);
	put_points(&w, s, u, v);
	put_points(&w, s, commit, NULL);
	tagged_challenge_init(&h, "ballot", 5);
	hash_update(&h, bytes_of(room + statement, w.len - statement));
	tagged_challenge_finish(&h, wide);
	scalar_reduce(&c, wide, sizeof wide);
	for (unsigned i = 0; i < s->components; i++)
		scalar_mul_add(&z[i], &c, &r[i].secret, &a[i].secret);
	put_scalars(&w, s, z);
	tree_write_u32(&w, 0);
	bytes ballot = tree_written(&w);
	assert_int_equal(ballot.len, ballot_bytes(s, BALLOT_SERVER));
	memcpy(box_room(e, ballot.len), ballot.p, ballot.len);
}

void election_encode(uint8_t *plaintext, const struct election *e, unsigned group,
                     const uint32_t *values)
{
	struct error err;
	assert_ok(plaintext_encode(plaintext, &e->manifest->groups[group].code, values, &err), err);
}

void election_vote(struct election *e, unsigned style, const uint32_t *digits)
{
	uint8_t plaintexts[COMPONENTS_MAX * MESSAGE_BYTES];
	const struct manifest_style *s = &e->manifest->styles[style];
	size_t at = 0;
	for (unsigned g = 0; g < s->groups_count; g++) {
		const struct plaintext_code *code = &e->manifest->groups[s->groups[g]].code;
		election_encode(plaintexts + at, e, s->groups[g], digits);
		at += plaintext_bytes(code);
		digits += code->digits;
	}
	election_cast(e, style, plaintexts);
}

const struct election_plan *plan_wide(unsigned parties, unsigned threshold)
{
	static char questions[16384];
	static struct election_plan plan;
	struct text t = TEXT_OF(questions);
	text_add(&t, "{\"id\":\"q1\",\"title\":\"Board\",\"rule\":\"scotland\",\"seats\":2,\"min\":0,"
	             "\"max\":5,\"answers\":[\"Ann\",\"Bo\",\"Cy\",\"Di\",\"Ed\"],"
	             "\"lot\":[1,2,3,4,5]},"
	             "{\"id\":\"q2\",\"title\":\"Chair\",\"rule\":\"plurality-at-large\",\"seats\":1,"
	             "\"min\":1,\"max\":2,\"answers\":[\"Flo\",\"Gus\",\"Hal\"],\"lot\":[3,2,1]},"
	             "{\"id\":\"q3\",\"title\":\"Motion\",\"rule\":\"plurality-at-large\",\"seats\":1,"
	             "\"min\":2,\"max\":2,\"answers\":[\"Yes\",\"No\",\"Later\"],\"lot\":[1,2,3]},"
	             "{\"id\":\"q4\",\"title\":\"Council\",\"rule\":\"plurality-at-large\",\"seats\":3,"
	             "\"min\":0,\"max\":250,\"answers\":[");
	for (unsigned i = 0; i < 250; i++) {
		text_add(&t, i ? ",\"A" : "\"A");
		text_add_u64(&t, i);
		text_add(&t, "\"");
	}
	text_add(&t, "],\"lot\":[");
	for (unsigned i = 0; i < 250; i++) {
		text_add(&t, i ? "," : "");
		text_add_u64(&t, i + 1);
	}
	text_add(&t, "]}");
	assert_false(t.cut);
	plan = (struct election_plan){
		.parties = parties,
		.threshold = threshold,
		.questions = questions,
		.groups = "{\"name\":\"g1\",\"questions\":[\"q1\",\"q2\"]},"
				  "{\"name\":\"g2\",\"questions\":[\"q3\"]},"
				  "{\"name\":\"g3\",\"questions\":[\"q4\"]}",
		.styles = "{\"name\":\"all\",\"groups\":[\"g1\",\"g2\",\"g3\"]},"
				  "{\"name\":\"rest\",\"groups\":[\"g3\",\"g1\"]},"
				  "{\"name\":\"one\",\"groups\":[\"g2\"]}",
	};
	return &plan;
}

void election_mark(struct election *e, unsigned answer)
{
	uint8_t plaintext[MESSAGE_BYTES];
	uint32_t digits[4] = {0};
	if (answer)
		digits[answer] = 1;
	election_encode(plaintext, e, 0, digits);
	election_cast(e, 0, plaintext);
}

static void accept_all(struct election *e, struct board *board)
{
	struct error err;
	struct board_receipt receipt;
	error_clear(&err);
	for (size_t i = 0; i < e->ballots; i++) {
		const struct board_ballot in = {election_ballot(e, i), 1};
		assert_ok(board_accept(&receipt, board, &in, 1, &err), err);
		if (receipt.answer != BOARD_ACCEPTED)
			fail_msg("ballot %zu: %s: %s", i, board_answer_name(receipt.answer), receipt.why.what);
	}
}

void election_write_box(struct election *e)
{
	static const char *const files[] = {"log/entries", "log/checkpoint-close", "log/checkpoint",
	                                    "ballots.bt", "voids.bt"};
	struct error err;
	struct board *board;
	struct checkpoint c;
	const struct board_plan plan = {.manifest = e->manifest,
	                                .key = &e->key,
	                                .ceremony = &e->ceremony,
	                                .record = e->record,
	                                .world = &e->world,
	                                .voters_max = e->ballots + 1,
	                                .ballots_max = e->ballots + 1,
	                                .voids_max = 1,
	                                .changes_max = 1};
	error_clear(&err);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		election_remove(e->record, files[i]);
	assert_ok(board_open(&board, &plan, &err), err);
	accept_all(e, board);
	assert_ok(board_close(&c, board, &e->board_key, &err), err);
	arena_release(&e->arena, e->mark);
}
