/* SPDX-License-Identifier: Apache-2.0 */
#include "play.h"

#include "files/memory_folder.h"
#include "hash/bytetree.h"
#include "hash/tagged.h"

#include <stdio.h>
#include <string.h>

void play_begin(struct play *p, unsigned n, unsigned t)
{
	struct error err;
	error_clear(&err);
	memset(p, 0, sizeof *p);
	arena_release(test_arena(), 0);
	assert_ok(memory_folder_new(&p->folder, "ceremony", 1 << 20, &err), err);
	p->m.threshold = t;
	p->m.authorities_count = n;
	p->m.authorities = p->authorities;
	assert_ok(rng_fill(test_rng(), p->m.d.b, 32, &err), err);
	for (unsigned i = 0; i < n; i++) {
		assert_ok(identity_generate(&p->identity[i], test_rng(), &err), err);
		memcpy(p->authorities[i].identity, p->identity[i].pub, 32);
	}
	for (unsigned i = 0; i < n; i++)
		assert_ok(ceremony_party_new(&p->party[i], &p->m, i + 1, &p->identity[i], test_rng(),
		                             test_arena(), &err),
		          err);
}

void play_end(struct play *p)
{
	memory_folder_free(p->folder);
}

bool everybody(struct play *p, bool *done, struct error *err)
{
	for (unsigned i = 0; i < p->m.authorities_count; i++)
		if (!ceremony_party_step(p->party[i], p->folder, done, err))
			return false;
	return true;
}

void play_rounds(struct play *p, unsigned rounds)
{
	bool done;
	struct error err;
	error_clear(&err);
	for (unsigned r = 0; r < rounds; r++)
		assert_ok(everybody(p, &done, &err), err);
}

void play_whole_from(struct play *p, unsigned played, struct election_key *key)
{
	struct error err;
	bool done;
	error_clear(&err);
	play_rounds(p, CEREMONY_ROUNDS - played);
	assert_ok(everybody(p, &done, &err), err);
	assert_true(done);
	assert_ok(ceremony_verify(key, &p->m, p->folder, &err), err);
}

void play_whole(struct play *p, struct election_key *key)
{
	play_whole_from(p, 0, key);
}

void forge(struct play *p, unsigned round, unsigned index, bytes content)
{
	uint8_t room[8192], sig[64];
	char path[32];
	struct error err;
	struct hash h;
	tagged_digest_init(&h, "message", 5);
	tree_hash_leaf(&h, BYTES_OF(p->m.d.b));
	tree_hash_u32(&h, 1);
	tree_hash_u32(&h, round);
	tree_hash_u32(&h, index);
	tree_hash_leaf(&h, content);
	digest d = tagged_digest_finish(&h);
	identity_sign(sig, &p->identity[index - 1], BYTES_OF(d.b));
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, 7);
	tree_write_leaf(&w, BYTES_LITERAL("urna-ceremony-1"));
	tree_write_leaf(&w, BYTES_OF(p->m.d.b));
	tree_write_u32(&w, 1);
	tree_write_u32(&w, round);
	tree_write_u32(&w, index);
	tree_write_raw(&w, content);
	tree_write_leaf(&w, BYTES_OF(sig));
	snprintf(path, sizeof path, "r%u-%02u.bt", round, index);
	error_clear(&err);
	assert_ok(folder_write(p->folder, path, true, tree_written(&w), &err), err);
}

bytes leaf_of(uint8_t *room, size_t size, bytes b)
{
	struct tree_writer w = {room, size, 0, false};
	tree_write_leaf(&w, b);
	return tree_written(&w);
}
