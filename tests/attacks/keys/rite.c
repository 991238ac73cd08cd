/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "attacks/keys/rite.h"

#include "hash/tagged.h"

#include <string.h>

static struct error err;

void rite_begin(struct play *p, struct election *e, unsigned parties, unsigned threshold)
{
	election_begin(e, &PLAN_SMALL(parties, threshold), 1);
	rite_play(p, e);
}

void rite_play(struct play *p, struct election *e)
{
	play_begin(p, e->parties, e->manifest->threshold);
	p->m = *e->manifest;
	for (unsigned i = 0; i < e->parties; i++) {
		p->identity[i] = e->party[i].identity;
		ceremony_party_wipe(p->party[i]);
		play_start(p, i + 1);
	}
}

static void hash_round(struct hash *h, const struct play *p, unsigned round)
{
	for (unsigned i = 1; i <= p->m.authorities_count; i++)
		tree_hash_leaf(h, play_read(p, play_path(1, round, i)));
}

digest rite_echo(const struct play *p)
{
	const unsigned n = p->m.authorities_count;
	uint8_t present[LIMIT_PARTIES];
	struct hash h;
	memset(present, 1, sizeof present);
	tagged_digest_init(&h, "echo", 3 + 2 * n);
	tree_hash_leaf(&h, BYTES_OF(p->m.d.b));
	tree_hash_u32(&h, 1);
	tree_hash_leaf(&h, bytes_of(present, n));
	hash_round(&h, p, 0);
	hash_round(&h, p, 1);
	return tagged_digest_finish(&h);
}

digest rite_openings(const struct play *p)
{
	struct hash h;
	tagged_digest_init(&h, "openings", 2 + p->m.authorities_count);
	tree_hash_leaf(&h, BYTES_OF(p->m.d.b));
	tree_hash_u32(&h, 1);
	hash_round(&h, p, 3);
	return tagged_digest_finish(&h);
}

bytes rite_message(const struct play *p, unsigned round, unsigned index, unsigned signer,
                   bytes content)
{
	uint8_t sig[64];
	struct error error;
	struct hash h;
	error_clear(&error);
	uint8_t *room = arena_take(test_arena(), PLAY_MESSAGE_MAX, 1, &error);
	struct tree_writer w = {room, PLAY_MESSAGE_MAX, 0, false};
	tagged_digest_init(&h, "message", 5);
	tree_hash_leaf(&h, BYTES_OF(p->m.d.b));
	tree_hash_u32(&h, 1);
	tree_hash_u32(&h, round);
	tree_hash_u32(&h, index);
	tree_hash_leaf(&h, content);
	digest d = tagged_digest_finish(&h);
	identity_sign(sig, &p->identity[signer - 1], BYTES_OF(d.b));
	tree_write_node(&w, 7);
	tree_write_leaf(&w, BYTES_LITERAL("urna-ceremony-1"));
	tree_write_leaf(&w, BYTES_OF(p->m.d.b));
	tree_write_u32(&w, 1);
	tree_write_u32(&w, round);
	tree_write_u32(&w, index);
	tree_write_raw(&w, content);
	tree_write_leaf(&w, BYTES_OF(sig));
	return tree_written(&w);
}

void rite_record(struct play *p, struct election *e)
{
	struct election_files files;
	election_files(&files, p->folder);
	for (size_t i = 0; i < files.count; i++) {
		char path[RECORD_PATH_BYTES];
		struct text t = TEXT_OF(path);
		text_add(&t, "ceremony/");
		text_add(&t, files.file[i].path);
		bytes b = election_read(p->folder, files.file[i].path);
		election_write(e->record, path, b);
		drop(b);
	}
	election_files_free(&files);
}

void rite_finish(struct play *p, struct election *e)
{
	play_check(p, &e->key, &e->ceremony);
	rite_record(p, e);
	for (unsigned i = 0; i < e->parties; i++)
		if (p->party[i])
			assert_true(ceremony_party_share(&e->party[i].share, p->party[i]));
	e->rules =
		(struct ballot_rules){e->key.eid, BALLOT_SERVER, e->styles, e->manifest->styles_count};
	error_clear(&err);
	assert_ok(public_key_init(&e->pk, &e->key.polynomial[0], &e->arena, &e->arena, &err), err);
	e->mark = arena_mark(&e->arena);
}

void rite_end(struct play *p, struct election *e)
{
	play_end(p);
	election_end(e);
}

void rite_hold(struct election *e, const char *parties)
{
	for (unsigned i = 0; i < 4; i++)
		election_mark(e, i);
	election_write_box(e);
	election_tally(e, parties);
	accepted_by_verifier(e);
}
