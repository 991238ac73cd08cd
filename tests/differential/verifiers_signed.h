/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alterations by those who hold keys: other manifests, and what a party signs beside the truth. For
 * one test program; `u` is random_box.h's. Include support.h first.
 */
#ifndef DIFFERENTIAL_VERIFIERS_SIGNED_H
#define DIFFERENTIAL_VERIFIERS_SIGNED_H

#include "hash/bytetree.h"
#include "hash/tagged.h"
#include "unit/protocol/record/random_box.h"

#include <stdio.h>

static struct error err;

static const char *const json_values[] = {"\"\"",
                                          "\" \"",
                                          "\"\\u202ea\"",
                                          "\"a\\u200b\"",
                                          "\"a b\"",
                                          "\"a\\nb\"",
                                          "\"\\u0000\"",
                                          "\"\\ud800\"",
                                          "\"Yes\"",
                                          "\"g1\"",
                                          "\"q2\"",
                                          "\"scotland\"",
                                          "\"\xc3\xa9\"",
                                          "\"\xff\"",
                                          "0",
                                          "1",
                                          "2",
                                          "3",
                                          "-1",
                                          "01",
                                          "1.0",
                                          "1e1",
                                          "100",
                                          "256",
                                          "1001",
                                          "2147483647",
                                          "2147483648",
                                          "99999999999999999999",
                                          "null",
                                          "true",
                                          "[]",
                                          "{}",
                                          "[1]",
                                          "[1,1]",
                                          "\"x\",\"y\"",
                                          "1,2"};

/* One string or number of the manifest becomes another value. */
static void spoil_manifest(struct text *what)
{
	static char room[65536];
	bytes m = urn_file(&u, "manifest.json");
	size_t start[2048], end[2048], n = 0;
	for (size_t i = 0; i < m.len && n < 2048; i++) {
		bool string = m.p[i] == '"';
		size_t from = i;
		if (!string && (m.p[i] < '0' || m.p[i] > '9'))
			continue;
		for (i++; i < m.len && (string ? m.p[i] != '"' : m.p[i] >= '0' && m.p[i] <= '9'); i++)
			i += string && m.p[i] == '\\';
		start[n] = from;
		end[n++] = i + string;
		i -= !string;
	}
	size_t k = (size_t)test_random_below(n);
	const char *value = json_values[test_random_below(sizeof json_values / sizeof *json_values)];
	struct text t = TEXT_OF(room);
	text_add_bytes(&t, bytes_of(m.p, start[k]));
	text_add(&t, value);
	text_add_bytes(&t, bytes_from(m, end[k]));
	assert_false(t.cut);
	text_add(what, "manifest at ");
	text_add_u64(what, start[k]);
	text_add(what, ": ");
	text_add(what, value);
	urn_write(&u, "manifest.json", bytes_of(t.p, t.len));
	free((void *)(uintptr_t)m.p);
}

/* node(leaf("urna-ceremony-1"), D, int attempt, int round, int index: what stands before. */
#define HEAD_BYTES (5u + 20u + 37u + 3u * 9u)
#define TAIL_BYTES (5u + 64u)

static void say_again(struct text *what, unsigned attempt, unsigned round, unsigned party,
                      bytes content)
{
	uint8_t room[8192], signature[64];
	char path[64];
	struct tree_writer w = TREE_WRITER(room);
	struct hash h;
	tagged_digest_init(&h, "message", 5);
	tree_hash_leaf(&h, BYTES_OF(u.manifest->d.b));
	tree_hash_u32(&h, attempt);
	tree_hash_u32(&h, round);
	tree_hash_u32(&h, party);
	tree_hash_leaf(&h, content);
	digest d = tagged_digest_finish(&h);
	identity_sign(signature, &u.identity[party - 1], BYTES_OF(d.b));
	tree_write_node(&w, 7);
	tree_write_leaf(&w, BYTES_LITERAL("urna-ceremony-1"));
	tree_write_leaf(&w, BYTES_OF(u.manifest->d.b));
	tree_write_u32(&w, attempt);
	tree_write_u32(&w, round);
	tree_write_u32(&w, party);
	tree_write_raw(&w, content);
	tree_write_leaf(&w, BYTES_OF(signature));
	snprintf(path, sizeof path, "ceremony/%u/r%u-%02u.bt", attempt, round, party);
	text_add(what, "signed: ");
	text_add(what, path);
	urn_write(&u, path, tree_written(&w));
}

/* A message with other content, in its place or as another round's, attempt's or party's. */
static void spoil_ceremony(struct text *what)
{
	uint8_t content[8192];
	char path[64];
	unsigned parties = u.manifest->authorities_count;
	unsigned party = 1 + (unsigned)test_random_below(parties);
	unsigned round = (unsigned)test_random_below(7), as = test_random_below(3) ? round : 5;
	snprintf(path, sizeof path, "ceremony/1/r%u-%02u.bt", round == 5 ? 4 : round, party);
	bytes file = urn_file(&u, path);
	bytes old = bytes_of(file.p + HEAD_BYTES, file.len - HEAD_BYTES - TAIL_BYTES);
	memcpy(content, old.p, old.len);
	if (test_random_below(3))
		content[test_random_below(old.len)] ^= (uint8_t)(1 << test_random_below(3));
	say_again(what, 1 + (test_random_below(3) == 0), as, 1 + (unsigned)test_random_below(parties),
	          bytes_of(content, old.len));
	free((void *)(uintptr_t)file.p);
}

/* A party's word that the attempt failed: it ends nothing that is complete. */
static void say_failed(struct text *what)
{
	uint8_t room[512], signature[64];
	struct tree_writer w = TREE_WRITER(room);
	struct hash h;
	bytes reason = test_random_below(3) ? BYTES_LITERAL("late") : BYTES_LITERAL("la\x7fte");
	unsigned culprit = (unsigned)test_random_below(u.manifest->authorities_count + 2);
	tagged_digest_init(&h, "failed", 5);
	tree_hash_leaf(&h, BYTES_OF(u.manifest->d.b));
	tree_hash_u32(&h, 1);
	tree_hash_u32(&h, 1);
	tree_hash_leaf(&h, reason);
	tree_hash_u32(&h, culprit);
	digest d = tagged_digest_finish(&h);
	identity_sign(signature, &u.identity[0], BYTES_OF(d.b));
	tree_write_node(&w, 7);
	tree_write_leaf(&w, BYTES_LITERAL("urna-ceremony-1"));
	tree_write_leaf(&w, BYTES_OF(u.manifest->d.b));
	tree_write_u32(&w, 1);
	tree_write_u32(&w, 1);
	tree_write_leaf(&w, reason);
	tree_write_u32(&w, culprit);
	tree_write_leaf(&w, BYTES_OF(signature));
	text_add(what, "said to have failed");
	urn_write(&u, "ceremony/1/failed-01.bt", tree_written(&w));
}

#endif
