/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values Verificatum's verifier prints for a proof (testvectors-AUXSID.txt), and ours beside
 * them from the verifier's trace.
 */
#ifndef MIXNET_RECORDED_H
#define MIXNET_RECORDED_H

#include "unit/protocol/mixnet/world.h"

#define RECORDED_N_MAX 100u

struct seen {
	unsigned party;
	char name[16];
	uint8_t value[64];
	size_t len;
};

struct recorder {
	struct mix_trace trace;
	struct seen seen[64];
	size_t count;
	uint8_t h[2 * RECORDED_N_MAX * POINT_TREE_BYTES];
	size_t h_len;
};

/* A proof of a data set, already verified under trace. */
struct recorded_proof {
	struct world w;
	struct recorder *r;
	const char *text, *root;
};

void open_recorded(struct recorded_proof *p, const char *set, const char *auxsid);
void close_recorded(struct recorded_proof *p);

/* A file of the data set as text. */
const char *text_of(const char *root, const char *name);
/* The value line of "NAME - …" in the section of a party (0: before the first). */
const char *recorded(const char *text, unsigned party, const char *name);
/* The next number of a value line as 32 bytes; false at the end of the line. */
bool next_number(const char **at, uint8_t out[static 32]);
const struct seen *seen(const struct recorder *r, unsigned party, const char *name);
/* Our value is the recorded one. */
void same_value(const struct recorded_proof *p, unsigned party, const char *name);

#endif
