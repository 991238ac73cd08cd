/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What prover and verifier share: work in blocks over threads, and the transcript.
 *
 * A wave of blocks is read by the calling thread (a source is one thread's), then worked on by all
 * workers. Each worker has a lane: its own scratch, block buffers and MSM accumulator.
 */
#ifndef MIXNET_ENGINE_INTERNAL_H
#define MIXNET_ENGINE_INTERNAL_H

#include "group/msm.h"
#include "mixnet/files_internal.h"

#define ENGINE_BLOCK_MAX 2048u /* inversions shared by fewer cost more, by more not less */
#define WAVE_BLOCKS 24u        /* 24 · 2048 · 81 bytes < SOURCE_WANT_MAX */

struct lane {
	struct arena scratch; /* GROUP_SCRATCH_BYTES */
	point *points;        /* one block */
	point *more[2];       /* likewise */
	scalar *scalars;      /* likewise */
	struct msm_vartime *msm;
	scalar sum, product; /* of one run; collected by the caller in any order */
	point point_sums[2]; /* likewise */
};

struct engine {
	struct workers *workers;
	struct lane *lanes;
	struct progress *progress;
	size_t block;  /* elements; every block of every run starts at a multiple of it */
	uint8_t *wave; /* results of a wave, in order */
	size_t wave_bytes;
};

/* A function of n alone, for randomness is drawn by blocks: of large n a multiple of 8 equal
 * blocks, so that workers end together. */
size_t engine_block(uint64_t n);
static inline uint64_t engine_wave_items(const struct engine *e)
{
	return (uint64_t)WAVE_BLOCKS * e->block;
}

size_t engine_bytes(uint64_t n, unsigned workers);
/* n bounds the number of items of any later run. */
bool engine_init(struct engine *e, struct workers *workers, uint64_t n, struct arena *memory,
                 struct error *err) must_check;
/* A sum over all lanes: begin, msm_vartime_add to lane->msm in blocks, finish. Accumulators live in
 * `memory` until the caller releases it; `terms` is for the whole sum. */
size_t engine_msm_bytes(unsigned workers, uint64_t terms);
bool engine_msm_begin(struct engine *e, uint64_t terms, struct arena *memory,
                      struct error *err) must_check;
void engine_msm_finish(struct engine *e, point *out);

/* One block: elements first … first+count-1, raw their bytes (or where to put them). */
struct block {
	uint64_t first;
	size_t count;
	const uint8_t *in; /* from a source, or NULL */
	uint8_t *out;      /* into the wave buffer, or NULL */
};
typedef bool block_fn(void *ctx, struct lane *lane, const struct block *b, struct error *err);

/* The n elements of a column that stand next in the source. */
bool engine_read(struct engine *e, struct source *s, uint64_t n, size_t element_bytes, block_fn *f,
                 void *ctx, struct error *err) must_check;
/* The next len bytes as they stand; valid until the next call on this source. */
bool engine_next(struct source *s, size_t len, bytes *out, struct error *err) must_check;
/* Skips them. */
bool engine_skip(struct source *s, uint64_t len, struct error *err) must_check;
/* No file: blocks of [0, n). */
bool engine_run(struct engine *e, uint64_t n, block_fn *f, void *ctx, struct error *err) must_check;
/* f fills b->out; the bytes go to the sink and into the hash (either may be NULL), in order. */
struct outlet {
	struct sink *sink;
	struct oracle *oracle;
};
bool engine_write(struct engine *e, const struct outlet *to, uint64_t n, size_t element_bytes,
                  block_fn *f, void *ctx, struct error *err) must_check;
bool outlet_put(const struct outlet *to, bytes b, struct error *err) must_check;

void lanes_clear(struct engine *e); /* sums = 0, product = 1 */
scalar lanes_sum(const struct engine *e);
scalar lanes_product(const struct engine *e);
void lane_add_points(struct lane *lane, unsigned which, size_t count); /* Σ lane->points */
point lanes_point_sum(const struct engine *e, unsigned which);

/* --- transcript --- */

struct transcript {
	const struct mix_session *session;
	struct mix_trace *trace;
	uint8_t rho[HASH_MAX_BYTES];
};

void transcript_init(struct transcript *t, const struct mix_session *s, struct mix_trace *trace);
void trace_value(const struct transcript *t, unsigned party, const char *name, bytes value);
/* An oracle that gives seeds for the batching generator, or challenges; rho is absorbed. */
void oracle_begin_seed(struct oracle *o, const struct transcript *t);
void oracle_begin_challenge(struct oracle *o, const struct transcript *t);
void oracle_node(struct oracle *o, uint32_t children);
void oracle_point(struct oracle *o, const point *p);
void oracle_key(struct oracle *o, const point *y, uint32_t width);
void oracle_points(struct oracle *o, const point *p, uint64_t n); /* node(n) and all */
/* The whole content of a file of known size. */
bool oracle_file(struct oracle *o, struct folder *f, const char *path, uint64_t size,
                 struct error *err) must_check;
bool hash_file(struct hash *h, struct folder *f, const char *path, uint64_t size,
               struct error *err) must_check;
bool file_digest(digest *out, struct folder *f, const char *path, uint64_t size,
                 struct error *err) must_check;
/* The finished seed as a generator of e. seed has room for HASH_MAX_BYTES. */
void oracle_finish_seed(struct oracle *o, const struct transcript *t, uint8_t *seed, struct prg *e);
void oracle_seed_leaf(struct oracle *o, const struct transcript *t, const uint8_t *seed);
void oracle_finish_challenge(struct oracle *o, const struct transcript *t, unsigned party,
                             const char *name, scalar *v);

/* e_first … as scalars. */
void batching_scalars(scalar *out, const struct prg *e, unsigned bits, uint64_t first,
                      size_t count);
/* All of e into an array; their product mod q. */
bool batching_fill(struct engine *e, scalar *out, const struct prg *prg,
                   const struct mix_session *s, uint64_t n, struct error *err) must_check;

/* The two hashes of a decryption. `list` is what is decrypted. */
struct decryption_files {
	const struct transcript *transcript;
	struct folder *folder;
	const struct mix_layout *layout;
	const char *list;
};
bool decryption_seed(const struct decryption_files *f, uint8_t seed[static HASH_MAX_BYTES],
                     struct prg *e, struct error *err) must_check;
bool decryption_challenge(const struct decryption_files *f, const uint8_t *seed, scalar *v,
                          struct error *err) must_check;

/* h_0 … h_{n-1}. */
bool generators_fill(struct engine *e, point *out, uint64_t n, const struct transcript *t,
                     struct error *err) must_check;

/* decode with the file's name and the element's index in the error */
bool decode_points(point *out, const struct block *b, const char *name,
                   struct error *err) must_check;
bool decode_scalars(scalar *out, const struct block *b, const char *name,
                    struct error *err) must_check;

#endif
