/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small election for tests: keys with known shares, an encrypted list, parties that shuffle and
 * decrypt into a folder. Every step fails the test when it fails.
 */
#ifndef MIXNET_WORLD_H
#define MIXNET_WORLD_H

#include "support/support.h"

#include "mixnet/decryption.h"
#include "mixnet/protinfo.h"
#include "mixnet/shuffle.h"
#include "mixnet/verify.h"

struct world {
	struct mix_session session;
	struct folder *folder;
	bool own_folder;
	struct workers *workers;
	struct arena arena;
	uint64_t n;
	struct mix_key key;
	secret_scalar share[LIMIT_PARTIES + 1];
	struct rng *rng;
	struct mix_trace *trace;
	struct mix_finding findings[64]; /* of the last world_verify */
	size_t findings_count;
};

/* Workers that run the blocks one after the other under `count` worker numbers in turn. */
struct workers *serial_workers(unsigned count);

/* folder NULL: one in memory. */
void world_init(struct world *w, uint32_t parties, uint32_t threshold, uint32_t width, uint64_t n,
                struct folder *folder);
void world_done(struct world *w);
/* Keys, the files of the key, and n ciphertexts of the points 1·G, 2·G, … */
void world_start(struct world *w, enum mix_type type, uint32_t activethreshold);
void world_shuffle(struct world *w, const char *input, unsigned party);
/* active[p]: takes part; the others leave placeholders. */
void world_decrypt(struct world *w, const char *list, const bool *active);
/* All of it: the given parties shuffle in order, the active ones decrypt. */
void world_mix(struct world *w, const unsigned *shufflers, size_t count, const bool *active);
/* The plaintexts are the points 1·G … n·ω·G, each once. */
void world_check_plaintexts(struct world *w);
bool world_verify(struct world *w, struct mix_facts *facts, struct error *err);
struct mix_verify_job world_verify_job(struct world *w);
struct decryption_job world_decryption_job(struct world *w, const char *list);

/* Heap memory that world_done frees. */
void *world_keep(void *p);
/* A file read whole, to live as long as the world; and written over. */
bytes world_read(struct folder *f, const char *path);
void world_write(struct folder *f, const char *path, bytes content);
/* All files of a proof directory, sorted; returns how many. */
size_t world_files(struct folder *f, struct mix_path *out, size_t max);

/* An archive of ../shared/data/verificatum unpacked under a temporary folder, removed at exit.
 * Skips the test when the data is absent. */
const char *unpacked(const char *name);
struct folder *open_disk(const char *root, const char *path);
/* The session of a protInfo.xml with auxsid and width of the proof. */
void session_of(struct mix_session *out, const char *root, const char *auxsid, uint32_t width);

#endif
