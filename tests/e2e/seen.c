/* SPDX-License-Identifier: Apache-2.0 */
#include "e2e/seen.h"

#include "hash/sha2.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PARTIES 2u
#define ATTEMPTS 16u
#define PROOFS "proof/l1/nizkp/l1/proofs/"

/* --- one value for each key --- */

static struct relation {
	const char *kind;
	digest key, value;
} * relations;
static size_t relations_count, relations_room;

static void relate(const char *kind, bytes key, bytes value)
{
	const digest k = sha256(key), v = sha256(value);
	for (size_t i = 0; i < relations_count; i++) {
		const struct relation *r = &relations[i];
		if (strcmp(r->kind, kind) != 0 || memcmp(&r->key, &k, sizeof k) != 0)
			continue;
		if (memcmp(&r->value, &v, sizeof v) != 0)
			fail_msg("a second %s", kind);
		return;
	}
	if (relations_count == relations_room) {
		relations_room = relations_room ? 2 * relations_room : 1024;
		relations = realloc(relations, relations_room * sizeof *relations);
		assert_non_null(relations);
	}
	relations[relations_count++] = (struct relation){kind, k, v};
}

unsigned seen_count(const char *kind)
{
	unsigned count = 0;
	for (size_t i = 0; i < relations_count; i++)
		count += strcmp(relations[i].kind, kind) == 0;
	return count;
}

/* --- files --- */

struct file {
	uint8_t *p;
	size_t len;
};

static bytes content(struct file f)
{
	return bytes_of(f.p, f.len);
}

/* p NULL: not there now. Files change while others work: as a whole, by a rename. */
static struct file take(const char *record, const char *path)
{
	struct file f = {0};
	struct stat st;
	int fd = open(text_of("%s/%s", record, path), O_RDONLY);
	if (fd < 0)
		return f;
	assert_int_equal(fstat(fd, &st), 0);
	f.p = malloc((size_t)st.st_size + 1);
	assert_non_null(f.p);
	f.len = (size_t)st.st_size;
	assert_int_equal(read(fd, f.p, f.len), st.st_size);
	close(fd);
	return f;
}

/* --- points --- */

#define POINT_BYTES 81u

static bool is_point(const uint8_t *p)
{
	static const uint8_t node[] = {0, 0, 0, 0, 2}, leaf[] = {1, 0, 0, 0, 33};
	return memcmp(p, node, 5) == 0 && memcmp(p + 5, leaf, 5) == 0 && memcmp(p + 43, leaf, 5) == 0;
}

/* Every point in the file belongs to `owner` alone. */
static void own_points(const char *kind, struct file f, bytes owner)
{
	for (size_t i = 0; i + POINT_BYTES <= f.len; i++)
		if (is_point(f.p + i))
			relate(kind, bytes_of(f.p + i, POINT_BYTES), owner);
}

/* --- the ceremony --- */

static void look_at_ceremony(const char *record, unsigned life)
{
	for (unsigned a = 1; a <= ATTEMPTS; a++) {
		for (unsigned l = 1; l <= PARTIES; l++) {
			for (unsigned round = 0; round <= 6; round++) {
				const char *path = text_of("ceremony/%u/r%u-%02u.bt", a, round, l);
				const char *name = text_of("%u/%s", life, path);
				struct file f = take(record, path);
				if (!f.p)
					continue;
				relate("message of a party in a round", bytes_of_text(name), content(f));
				if (round == 3)
					own_points("opening with a point of a polynomial", f, content(f));
				free(f.p);
			}
		}
	}
}

/* --- shuffles --- */

static void look_at_shuffle(const char *record, unsigned l)
{
	struct file permutation = take(record, text_of(PROOFS "PermutationCommitment%02u.bt", l));
	struct file list = take(record, text_of(PROOFS "Ciphertexts%02u.bt", l));
	struct file commitment = take(record, text_of(PROOFS "PoSCommitment%02u.bt", l));
	struct file reply = take(record, text_of(PROOFS "PoSReply%02u.bt", l));
	if (permutation.p)
		own_points("permutation commitment with a point", permutation, content(permutation));
	if (list.p)
		own_points("shuffled list with a point", list, content(list));
	if (permutation.p && list.p)
		relate("list of a permutation", content(permutation), content(list));
	if (permutation.p && commitment.p)
		relate("commitment of a permutation", content(permutation), content(commitment));
	if (commitment.p && reply.p)
		relate("reply of a shuffle", content(commitment), content(reply));
	free(permutation.p);
	free(list.p);
	free(commitment.p);
	free(reply.p);
}

/* --- decryption --- */

static bool is_placeholder(struct file commitment)
{
	return commitment.len > 20 && commitment.p[commitment.len - 1] == 0xff &&
	       commitment.p[commitment.len - 8] == 0xff;
}

/* node(int a, leaf(signature)): what party l signed; 0: nothing. */
static unsigned attempt_of(const char *record, unsigned l)
{
	struct file f = take(record, text_of("endorse/l1/commitments-%02u.bt", l));
	unsigned attempt = f.p && f.len > 14 ? f.p[13] : 0;
	free(f.p);
	return attempt;
}

/* attempt 0: that of the party's signature; what is exchanged meanwhile is looked at next time. */
static void look_at_answer(const char *record, const char *folder, unsigned l, unsigned attempt)
{
	const unsigned before = attempt ? attempt : attempt_of(record, l);
	struct file commitment = take(record, text_of("%sDecrFactCommitment%02u.bt", folder, l));
	struct file reply = take(record, text_of("%sDecrFactReply%02u.bt", folder, l));
	const unsigned after = attempt ? attempt : attempt_of(record, l);
	if (commitment.p && !is_placeholder(commitment)) {
		if (reply.p)
			relate("reply of a decryption", content(commitment), content(reply));
		if (before && before == after)
			relate("attempt of a commitment", content(commitment),
			       bytes_of(&before, sizeof before));
	}
	free(commitment.p);
	free(reply.p);
}

/* Whoever has signed the freeze of commitments answers the challenge that all of them give. */
static void look_at_challenge(const char *record, unsigned l)
{
	uint8_t all[4096];
	size_t len = 0;
	bool whole = true; /* an attempt that is given up loses its files one by one */
	struct file own = take(record, text_of(PROOFS "DecrFactCommitment%02u.bt", l));
	for (unsigned k = 1; k <= PARTIES; k++) {
		struct file f = take(record, text_of(PROOFS "DecrFactCommitment%02u.bt", k));
		assert_true(len + f.len < sizeof all);
		whole = whole && f.p;
		if (f.p)
			memcpy(all + len, f.p, f.len);
		len += f.len;
		free(f.p);
	}
	/* Only what is still signed after it was read was signed all the time. */
	if (whole && own.p && attempt_of(record, l))
		relate("challenge of a commitment", content(own), bytes_of(all, len));
	free(own.p);
}

void seen_look(const char *record, unsigned life)
{
	look_at_ceremony(record, life);
	for (unsigned l = 1; l <= PARTIES; l++) {
		look_at_shuffle(record, l);
		look_at_answer(record, PROOFS, l, 0);
		if (attempt_of(record, l))
			look_at_challenge(record, l);
		for (unsigned a = 1; a <= ATTEMPTS; a++)
			look_at_answer(record, text_of("evidence/l1/decrypt-%u/", a), l, a);
	}
}
