/* SPDX-License-Identifier: Apache-2.0 */
#include "support/cheat.h"

#include "base/subfolder.h"
#include "files/pinned_folder.h"
#include "mixnet/shuffle.h"
#include "record/endorse.h"
#include "record/proof.h"

#include <signal.h>
#include <stdlib.h>

static const enum mix_file files[] = {MIX_FILE_LIST, MIX_FILE_PERMUTATION, MIX_FILE_POS_COMMITMENT,
                                      MIX_FILE_POS_REPLY};
#define FILES (sizeof files / sizeof *files)

unsigned cheat_last(const struct cheat *c)
{
	char auxsid[AUXSID_BYTES];
	const struct endorsements e = {c->record, c->manifest, auxsid, "mix", 0};
	unsigned last = 0;
	list_auxsid(auxsid, c->list);
	for (unsigned l = 1; l <= c->manifest->authorities_count; l++)
		last = endorsement_exists(&e, l) ? l : last;
	return last;
}

/* --- changing files --- */

/* The whole file, changed by a function of it, in its place. */
struct changed {
	uint8_t *p;
	size_t len;
};

static bool read_whole(struct changed *out, struct folder *record, const char *path,
                       struct error *err)
{
	struct source *s;
	if (!record->open(record, path, &s, err))
		return false;
	out->len = (size_t)s->size;
	out->p = malloc(out->len + 1);
	bool good = out->p && source_read(s, out->p, out->len, err);
	source_close(s);
	return good;
}

static bool write_whole(struct changed *c, struct folder *record, const char *path,
                        struct error *err)
{
	bool good = folder_write(record, path, true, bytes_of(c->p, c->len), err);
	free(c->p);
	return good;
}

bool cheat_flip(struct folder *record, const char *path, size_t from_end, struct error *err)
{
	struct changed c;
	if (!read_whole(&c, record, path, err))
		return false;
	c.p[c.len - 1 - from_end] ^= 1;
	return write_whole(&c, record, path, err);
}

static bool cut(struct folder *record, const char *path, struct error *err)
{
	struct changed c;
	if (!read_whole(&c, record, path, err))
		return false;
	c.len--;
	return write_whole(&c, record, path, err);
}

/* Of a list of width 1: u_1 := u_0 and v_1 := v_0; of a greater one the first component's. */
static bool copy_ballot(struct folder *record, const char *path, uint64_t n, struct error *err)
{
	struct changed c;
	if (!read_whole(&c, record, path, err))
		return false;
	const size_t header = TREE_HEADER_BYTES, one = POINT_TREE_BYTES;
	const size_t u = 2 * header, v = u + (size_t)n * one + header;
	memcpy(c.p + u + one, c.p + u, one);
	memcpy(c.p + v + one, c.p + v, one);
	return write_whole(&c, record, path, err);
}

/* --- a shuffle --- */

bool cheat_sign_shuffle(const struct cheat *c, unsigned before, struct error *err)
{
	char path[RECORD_PATH_BYTES], auxsid[AUXSID_BYTES];
	struct statement_mix m = {.party = c->party};
	digest *const to[FILES] = {&m.output, &m.permutation_commitment, &m.commitment, &m.reply};
	list_auxsid(auxsid, c->list);
	if (!proof_digest(&m.input, c->record, c->list, before ? MIX_FILE_LIST : MIX_FILE_INPUT, before,
	                  err))
		return false;
	for (size_t i = 0; i < FILES; i++)
		if (!proof_digest(to[i], c->record, c->list, files[i], c->party, err))
			return false;
	digest s = statement_mix(&c->key->eid, auxsid, &m);
	endorsement_path(path, auxsid, "mix", c->party);
	return c->record->remove(c->record, path, err) &&
	       endorsement_write(c->record, path, c->identity, (struct endorsed){0, &s}, err);
}

static bool write_frame(const struct cheat *c, const struct mix_session *s, struct folder *folder,
                        struct error *err)
{
	char path[RECORD_PATH_BYTES];
	struct arena *arena = c->world->arena;
	struct mix_key key;
	size_t mark = arena_mark(arena);
	bytes xml;
	proof_key(&key, c->key);
	proof_protinfo_path(path, c->list);
	bool good = proof_protinfo(&xml, c->manifest, s, arena, err) &&
	            folder_write(c->record, path, true, xml, err) &&
	            mix_dir_write(folder, s, &key, MIX_MIXING, c->party, err);
	arena_release(arena, mark);
	return good;
}

static bool shuffle(const struct cheat *c, unsigned before, uint64_t *n, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	struct mix_session session;
	struct subfolder folder;
	const struct mix_path input = mix_path(before ? MIX_FILE_LIST : MIX_FILE_INPUT, before);
	struct tally_world *w = c->world;
	proof_folder_path(path, c->list);
	if (!proof_session(&session, c->manifest, c->key, c->list, err) ||
	    !subfolder_init(&folder, c->record, path, err))
		return false;
	for (size_t i = 0; i < FILES; i++) {
		struct mix_path own = mix_path(files[i], c->party);
		if (!folder.folder.remove(&folder.folder, own.text, err))
			return false;
	}
	const struct shuffle_job job = {
		.session = &session,
		.folder = &folder.folder,
		.input = input.text,
		.party = c->party,
		.y = &c->key->polynomial[0],
		.rng = w->rng,
		.workers = w->workers,
		.memory = w->arena,
	};
	return mix_list_length(n, &folder.folder, input.text, session.width, err) &&
	       write_frame(c, &session, &folder.folder, err) && shuffle_prove(&job, err);
}

static bool spoil(const struct cheat *c, enum cheat_kind kind, uint64_t n, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	switch (kind) {
	case CHEAT_EQUATION:
		proof_file_path(path, c->list, MIX_FILE_POS_REPLY, c->party);
		return cheat_flip(c->record, path, 0, err);
	case CHEAT_OUTPUT:
		proof_file_path(path, c->list, MIX_FILE_LIST, c->party);
		return copy_ballot(c->record, path, n, err);
	case CHEAT_MALFORMED:
		proof_file_path(path, c->list, MIX_FILE_POS_COMMITMENT, c->party);
		return cut(c->record, path, err);
	case CHEAT_HONEST:
	case CHEAT_INPUT:
	case CHEAT_SIGNATURE:
	case CHEAT_UNSIGNED:
		break;
	}
	return true;
}

bool cheat_shuffle(const struct cheat *c, enum cheat_kind kind, struct error *err)
{
	char path[RECORD_PATH_BYTES], auxsid[AUXSID_BYTES];
	const unsigned before = kind == CHEAT_INPUT ? 0 : cheat_last(c);
	uint64_t n = 0;
	list_auxsid(auxsid, c->list);
	if (!shuffle(c, before, &n, err) || !spoil(c, kind, n, err))
		return false;
	if (kind == CHEAT_UNSIGNED)
		return true;
	if (!cheat_sign_shuffle(c, before, err))
		return false;
	endorsement_path(path, auxsid, "mix", c->party);
	return kind != CHEAT_SIGNATURE || cheat_flip(c->record, path, 40, err);
}

/* --- a folder that spoils --- */

struct spoiling_sink {
	struct sink sink; /* first member */
	struct sink *inner;
	struct spoiler *by;
	uint8_t last;
	bool any;
};

static bool late_append(struct sink *sink, bytes b, struct error *err)
{
	struct spoiling_sink *s = (struct spoiling_sink *)sink;
	if (b.len == 0)
		return true;
	if (s->any && !sink_append(s->inner, bytes_of(&s->last, 1), err))
		return false;
	s->any = true;
	s->last = b.p[b.len - 1];
	return sink_append(s->inner, bytes_of(b.p, b.len - 1), err);
}

static bool late_commit(struct sink *sink, struct error *err)
{
	struct spoiling_sink *s = (struct spoiling_sink *)sink;
	struct sink *inner = s->inner;
	s->last ^= 1;
	bool good = sink_append(inner, bytes_of(&s->last, s->any), err);
	s->by->changed = good;
	free(s);
	if (good)
		return sink_commit(inner, err);
	sink_abort(inner);
	return false;
}

static void late_abort(struct sink *sink)
{
	struct spoiling_sink *s = (struct spoiling_sink *)sink;
	sink_abort(s->inner);
	free(s);
}

static void forget(struct spoiler *s)
{
	if (!s->changed || s->forgotten || !s->pinned)
		return;
	s->forgotten = true;
	pinned_folder_forget(s->pinned, s->path);
}

static bool spoiler_open(struct folder *f, const char *path, struct source **out, struct error *err)
{
	struct folder *inner = ((struct spoiler *)f)->inner;
	return inner->open(inner, path, out, err);
}

static bool spoiler_create(struct folder *f, const char *path, bool replace, struct sink **out,
                           struct error *err)
{
	struct spoiler *s = (struct spoiler *)f;
	const bool own = strcmp(path, s->path) == 0;
	if (own && s->kill && raise(SIGKILL) != 0)
		abort();
	if (!s->inner->create(s->inner, path, replace, out, err))
		return false;
	if (!own)
		return true;
	struct spoiling_sink *sink = malloc(sizeof *sink);
	if (!sink)
		abort();
	*sink = (struct spoiling_sink){
		.sink = {.name = (*out)->name, late_append, late_commit, late_abort},
		.inner = *out,
		.by = s,
	};
	*out = &sink->sink;
	return true;
}

static bool spoiler_exists(struct folder *f, const char *path)
{
	struct spoiler *s = (struct spoiler *)f;
	forget(s);
	return s->inner->exists(s->inner, path);
}

static bool spoiler_list(struct folder *f, const char *path, folder_visit_fn *visit, void *ctx,
                         struct error *err)
{
	struct folder *inner = ((struct spoiler *)f)->inner;
	return inner->list(inner, path, visit, ctx, err);
}

static bool spoiler_remove(struct folder *f, const char *path, struct error *err)
{
	struct folder *inner = ((struct spoiler *)f)->inner;
	return inner->remove(inner, path, err);
}

void spoiler_init(struct spoiler *s, struct folder *inner, const char *path, bool kill)
{
	*s = (struct spoiler){.folder = {.name = inner->name,
	                                 .open = spoiler_open,
	                                 .create = spoiler_create,
	                                 .exists = spoiler_exists,
	                                 .list = spoiler_list,
	                                 .remove = spoiler_remove},
	                      .inner = inner,
	                      .path = path,
	                      .kill = kill};
}
