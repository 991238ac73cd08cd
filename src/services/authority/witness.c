/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/witness_internal.h"

static bool keep_path(char out[static MIX_PATH_BYTES], const char *path, struct error *err)
{
	struct text t = {out, MIX_PATH_BYTES, 0, false};
	text_add(&t, path);
	return !t.cut || fail_detail(err, ERROR_LIMIT, "witness: a path that is too long", 0, path);
}

static void note(struct witness *w, const char *path, const digest *content, bool whole)
{
	unsigned i = 0;
	while (i < w->files_count && !bytes_equal(bytes_of_text(w->files[i].path), bytes_of_text(path)))
		i++;
	if (i < w->files_count) {
		w->files[i].unsteady |= !whole || !digest_equal(&w->files[i].content, content);
		return;
	}
	require(i < WITNESS_FILES);
	require(keep_path(w->files[i].path, path, NULL));
	w->files[i].content = *content;
	w->files[i].unsteady = !whole;
	w->files_count++;
}

/* --- reading --- */

static bool source_forward(struct source *source, size_t want, bytes *out, struct error *err)
{
	struct witness_source *s = (struct witness_source *)source;
	if (!source_next(s->inner, want, out, err))
		return false;
	hash_update(&s->hash, *out);
	return true;
}

/* Reads what is left and takes the digest of the whole. */
static void source_finish(struct witness_source *s)
{
	bytes b = BYTES_NONE;
	digest content;
	bool whole;
	while ((whole = source_forward(&s->source, SOURCE_WANT_MAX, &b, NULL)) && b.len)
		;
	hash_finish(&s->hash, content.b);
	note(s->witness, s->path, &content, whole);
}

static bool source_again(struct source *source, struct error *err)
{
	struct witness_source *s = (struct witness_source *)source;
	source_finish(s);
	hash_init(&s->hash, HASH_SHA256);
	return source_rewind(s->inner, err);
}

static void source_end(struct source *source)
{
	struct witness_source *s = (struct witness_source *)source;
	source_finish(s);
	source_close(s->inner);
	s->inner = NULL;
}

static bool witness_open(struct folder *f, const char *path, struct source **out, struct error *err)
{
	struct witness *w = (struct witness *)f;
	unsigned i = 0;
	while (i < WITNESS_SOURCES && w->sources[i].inner)
		i++;
	require(i < WITNESS_SOURCES);
	struct witness_source *s = &w->sources[i];
	if (!keep_path(s->path, path, err) || !w->below->open(w->below, path, &s->inner, err)) {
		s->inner = NULL;
		return false;
	}
	s->source = (struct source){.name = s->inner->name,
	                            .size = s->inner->size,
	                            .next = source_forward,
	                            .rewind = source_again,
	                            .close = source_end};
	s->witness = w;
	hash_init(&s->hash, HASH_SHA256);
	*out = &s->source;
	return true;
}

/* --- writing --- */

static bool sink_forward(struct sink *sink, bytes b, struct error *err)
{
	struct witness_sink *s = (struct witness_sink *)sink;
	hash_update(&s->hash, b);
	return sink_append(s->inner, b, err);
}

static bool sink_finish(struct sink *sink, struct error *err)
{
	struct witness_sink *s = (struct witness_sink *)sink;
	struct sink *inner = s->inner;
	digest content;
	s->inner = NULL;
	hash_finish(&s->hash, content.b);
	if (!sink_commit(inner, err))
		return false;
	note(s->witness, s->path, &content, true);
	return true;
}

static void sink_drop(struct sink *sink)
{
	struct witness_sink *s = (struct witness_sink *)sink;
	sink_abort(s->inner);
	s->inner = NULL;
}

static bool witness_create(struct folder *f, const char *path, bool replace, struct sink **out,
                           struct error *err)
{
	struct witness *w = (struct witness *)f;
	unsigned i = 0;
	while (i < WITNESS_SINKS && w->sinks[i].inner)
		i++;
	require(i < WITNESS_SINKS);
	struct witness_sink *s = &w->sinks[i];
	if (!keep_path(s->path, path, err) ||
	    !w->below->create(w->below, path, replace, &s->inner, err)) {
		s->inner = NULL;
		return false;
	}
	s->sink = (struct sink){s->inner->name, sink_forward, sink_finish, sink_drop};
	s->witness = w;
	hash_init(&s->hash, HASH_SHA256);
	*out = &s->sink;
	return true;
}

/* --- the rest as it is --- */

static bool witness_exists(struct folder *f, const char *path)
{
	struct witness *w = (struct witness *)f;
	return w->below->exists(w->below, path);
}

static bool witness_list(struct folder *f, const char *path, folder_visit_fn *visit, void *ctx,
                         struct error *err)
{
	struct witness *w = (struct witness *)f;
	return w->below->list(w->below, path, visit, ctx, err);
}

static bool witness_remove(struct folder *f, const char *path, struct error *err)
{
	struct witness *w = (struct witness *)f;
	return w->below->remove(w->below, path, err);
}

void witness_init(struct witness *w, struct folder *below)
{
	memset(w, 0, sizeof *w);
	w->folder = (struct folder){.name = below->name,
	                            .open = witness_open,
	                            .create = witness_create,
	                            .exists = witness_exists,
	                            .list = witness_list,
	                            .remove = witness_remove};
	w->below = below;
}

bool witness_digest(digest *out, const struct witness *w, const char *path, struct error *err)
{
	for (unsigned i = 0; i < w->files_count; i++) {
		if (!bytes_equal(bytes_of_text(w->files[i].path), bytes_of_text(path)))
			continue;
		*out = w->files[i].content;
		return !w->files[i].unsteady ||
		       fail_detail(err, ERROR_REJECTED, "authority: a file changed while it was worked on",
		                   ERROR_NOWHERE, path);
	}
	return fail_detail(err, ERROR_BUG, "witness: a file nobody read or wrote", ERROR_NOWHERE, path);
}
