/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The seams: how the world reaches core and protocol. Four small structs of functions and one
 * named set of them; platform/host and platform/files implement them, tests implement their own.
 * Implementations embed the struct as first member.
 */
#ifndef BASE_SEAMS_H
#define BASE_SEAMS_H

#include "base/bytes.h"
#include "base/error.h"

/* Random bytes fit for secrets. Fails (IO) rather than return weak ones. One thread at a time. */
struct rng {
	bool (*fill)(struct rng *rng, uint8_t *out, size_t len, struct error *err);
};

static inline must_check bool rng_fill(struct rng *r, void *out, size_t len, struct error *err)
{
	return r->fill(r, (uint8_t *)out, len, err);
}

/*
 * Runs f(ctx, block, worker) for each block 0…blocks-1 over `count` threads (worker < count, two
 * calls with one worker number never overlap) and returns when all are done; the first error by
 * block number wins, later blocks may be skipped then. Results must not depend on count.
 */
typedef bool workers_fn(void *ctx, size_t block, unsigned worker, struct error *err);
struct workers {
	unsigned count; /* ≥ 1, ≤ LIMIT_WORKERS */
	bool (*run)(struct workers *w, size_t blocks, workers_fn *f, void *ctx, struct error *err);
};

static inline must_check bool workers_run(struct workers *w, size_t blocks, workers_fn *f,
                                          void *ctx, struct error *err)
{
	return w->run(w, blocks, f, ctx, err);
}

/*
 * A finite byte stream of known size. next: the following min(want, rest) bytes as a slice that is
 * valid until the next call on this source (want ≤ SOURCE_WANT_MAX); an empty slice means the end.
 * A file that changes its size underneath is an IO error.
 */
#define SOURCE_WANT_MAX ((size_t)4 << 20)
struct source {
	const char *name; /* for messages: the path inside its folder */
	uint64_t size;
	bool (*next)(struct source *s, size_t want, bytes *out, struct error *err);
	bool (*rewind)(struct source *s, struct error *err);
	void (*close)(struct source *s); /* frees it */
};

static inline must_check bool source_next(struct source *s, size_t want, bytes *out,
                                          struct error *err)
{
	return s->next(s, want, out, err);
}
/* Exactly len bytes or MALFORMED "… ends too early". */
bool source_read(struct source *s, void *out, size_t len, struct error *err) must_check;
static inline must_check bool source_rewind(struct source *s, struct error *err)
{
	return s->rewind(s, err);
}
static inline void source_close(struct source *s) /* NULL is fine */
{
	if (s)
		s->close(s);
}

/*
 * A stream being written. Nothing is visible under its name before commit, which makes it durable;
 * abort removes every trace. Exactly one of the two ends (and frees) it.
 */
struct sink {
	const char *name;
	bool (*append)(struct sink *s, bytes b, struct error *err);
	bool (*commit)(struct sink *s, struct error *err);
	void (*abort)(struct sink *s);
};

static inline must_check bool sink_append(struct sink *s, bytes b, struct error *err)
{
	return s->append(s, b, err);
}
static inline must_check bool sink_commit(struct sink *s, struct error *err)
{
	return s->commit(s, err);
}
static inline void sink_abort(struct sink *s) /* NULL is fine */
{
	if (s)
		s->abort(s);
}

/*
 * A folder: sources and sinks under relative names with '/' ("proofs/Ciphertexts01.bt"). Names are
 * made by us, never taken from outside; "..", absolute names and links are refused all the same.
 */
struct folder_entry {
	const char *name; /* borrows, during the callback */
	uint64_t size;
	bool is_folder;
};
typedef bool folder_visit_fn(void *ctx, const struct folder_entry *e, struct error *err);
struct folder {
	const char *name; /* for messages */
	/* MALFORMED "… is missing" when absent. */
	bool (*open)(struct folder *f, const char *path, struct source **out, struct error *err);
	/* replace = false: CONFLICT when the name exists at commit. Missing folders are made. */
	bool (*create)(struct folder *f, const char *path, bool replace, struct sink **out,
	               struct error *err);
	bool (*exists)(struct folder *f, const char *path);
	/* Direct children in ascending byte order of names; a missing folder is an empty one, and one
	 * without any file below is missing: a copy need not have it. */
	bool (*list)(struct folder *f, const char *path, folder_visit_fn *visit, void *ctx,
	             struct error *err);
	bool (*remove)(struct folder *f, const char *path,
	               struct error *err); /* a file; absent is fine */
};

/* Whole small files. read: LIMIT when longer than room; *out borrows room. */
bool folder_read(struct folder *f, const char *path, uint8_t *room, size_t room_len, bytes *out,
                 struct error *err) must_check;
bool folder_write(struct folder *f, const char *path, bool replace, bytes content,
                  struct error *err) must_check;

/* Progress of long work, for a terminal or a log. done ≤ total; stage is a literal. NULL is fine.
 */
struct progress {
	void (*report)(struct progress *p, const char *stage, uint64_t done, uint64_t total);
};
static inline void progress_report(struct progress *p, const char *stage, uint64_t done,
                                   uint64_t total)
{
	if (p)
		p->report(p, stage, done, total);
}

#endif
