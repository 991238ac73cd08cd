/* SPDX-License-Identifier: Apache-2.0 */
#include "play.h"

#include "files/memory_folder.h"

#include <stdio.h>
#include <string.h>

#define STEPS_MAX 4000u

/* --- views --- */

static const bytes *shown_in_place(const struct play_view *v, const char *path)
{
	for (unsigned i = 0; i < v->shown_count; i++)
		if (strcmp(v->shown[i].path, path) == 0)
			return &v->shown[i].content;
	return NULL;
}

struct shown_source {
	struct source source; /* first member */
	bytes content;
	size_t at;
};

static bool shown_next(struct source *s, size_t want, bytes *out, struct error *err)
{
	struct shown_source *m = (struct shown_source *)s;
	(void)err;
	size_t rest = m->content.len - m->at;
	*out = bytes_of(m->content.p + m->at, want < rest ? want : rest);
	m->at += out->len;
	return true;
}
static bool shown_rewind(struct source *s, struct error *err)
{
	(void)err;
	((struct shown_source *)s)->at = 0;
	return true;
}
static void shown_close(struct source *s)
{
	(void)s; /* of the test's arena */
}

static bool view_open(struct folder *f, const char *path, struct source **out, struct error *err)
{
	struct play_view *v = (struct play_view *)f;
	const bytes *shown = shown_in_place(v, path);
	if (!shown)
		return v->inner->open(v->inner, path, out, err);
	if (!shown->p)
		return fail(err, ERROR_MALFORMED, "test: is missing", ERROR_NOWHERE);
	struct shown_source *s = arena_take_array(test_arena(), 1, struct shown_source, err);
	if (!s)
		return false;
	*s = (struct shown_source){
		{"shown", shown->len, shown_next, shown_rewind, shown_close}, *shown, 0};
	*out = &s->source;
	return true;
}
static bool view_create(struct folder *f, const char *path, bool replace, struct sink **out,
                        struct error *err)
{
	struct folder *inner = ((struct play_view *)f)->inner;
	return inner->create(inner, path, replace, out, err);
}
/* There, but not seen yet. */
static bool overlooked(struct play_view *v, const char *path)
{
	if (!v->late || !v->inner->exists(v->inner, path))
		return false;
	for (unsigned i = 0; i < v->looked_count; i++)
		if (strcmp(v->looked[i], path) == 0)
			return false;
	assert_true(v->looked_count < PLAY_SHOWN_MAX);
	snprintf(v->looked[v->looked_count++], sizeof v->looked[0], "%s", path);
	return true;
}

static bool view_exists(struct folder *f, const char *path)
{
	struct play_view *v = (struct play_view *)f;
	const bytes *shown = shown_in_place(v, path);
	if (overlooked(v, path))
		return false;
	return shown ? shown->p != NULL : v->inner->exists(v->inner, path);
}

struct filter {
	const struct play_view *v;
	const char *path;
	folder_visit_fn *visit;
	void *ctx;
};

static bool visit_shown(void *ctx, const struct folder_entry *e, struct error *err)
{
	const struct filter *f = ctx;
	char path[32];
	snprintf(path, sizeof path, "%.8s/%.20s", f->path, e->name);
	const bytes *shown = shown_in_place(f->v, path);
	return (shown && !shown->p) || f->visit(f->ctx, e, err);
}

static bool view_list(struct folder *f, const char *path, folder_visit_fn *visit, void *ctx,
                      struct error *err)
{
	struct play_view *v = (struct play_view *)f;
	struct filter filter = {v, path, visit, ctx};
	return v->inner->list(v->inner, path, visit_shown, &filter, err);
}
static bool view_remove(struct folder *f, const char *path, struct error *err)
{
	struct folder *inner = ((struct play_view *)f)->inner;
	return inner->remove(inner, path, err);
}

void play_show(struct play *p, unsigned to, const char *path, bytes content)
{
	struct play_view *v = &p->view[to - 1];
	assert_true(v->shown_count < PLAY_SHOWN_MAX);
	snprintf(v->shown[v->shown_count].path, sizeof v->shown[0].path, "%s", path);
	v->shown[v->shown_count++].content = content;
}

/* --- the play --- */

void play_begin(struct play *p, unsigned n, unsigned t)
{
	struct error err;
	error_clear(&err);
	memset(p, 0, sizeof *p);
	arena_release(test_arena(), 0);
	assert_ok(memory_folder_new(&p->folder, "ceremony", 4 << 20, &err), err);
	p->m.threshold = t;
	p->m.authorities_count = n;
	p->m.authorities = p->authorities;
	assert_ok(rng_fill(test_rng(), p->m.d.b, 32, &err), err);
	for (unsigned i = 0; i < n; i++) {
		assert_ok(identity_generate(&p->identity[i], test_rng(), &err), err);
		memcpy(p->authorities[i].identity, p->identity[i].pub, 32);
		p->view[i] = (struct play_view){.folder = {.name = "view",
		                                           .open = view_open,
		                                           .create = view_create,
		                                           .exists = view_exists,
		                                           .list = view_list,
		                                           .remove = view_remove},
		                                .inner = p->folder};
		play_start(p, i + 1);
	}
}

void play_end(struct play *p)
{
	memory_folder_free(p->folder);
}

void play_start(struct play *p, unsigned index)
{
	struct error err;
	error_clear(&err);
	p->done[index - 1] = false;
	assert_ok(ceremony_party_new(&p->party[index - 1], &p->m, index, &p->identity[index - 1],
	                             test_rng(), test_arena(), &err),
	          err);
}

bool play_step(struct play *p, unsigned index, enum ceremony_patience patience)
{
	struct error *err = &p->err[index - 1];
	error_clear(err);
	return ceremony_party_step(p->party[index - 1], &p->view[index - 1].folder, patience,
	                           &p->done[index - 1], err);
}

/* true: somebody did something. */
static bool sweep(struct play *p, enum ceremony_patience patience, bool *refused)
{
	bool moved = false;
	for (unsigned i = 1; i <= p->m.authorities_count; i++) {
		if (!p->party[i - 1] || p->done[i - 1])
			continue;
		if (play_step(p, i, patience))
			moved = true;
		else if (p->err[i - 1].kind != ERROR_UNAVAILABLE)
			*refused = true;
	}
	return moved;
}

bool play_sweep(struct play *p)
{
	bool refused = false;
	sweep(p, CEREMONY_PATIENT, &refused);
	return !refused;
}

void play_on(struct play *p)
{
	bool refused = false;
	unsigned steps = 0;
	while (sweep(p, CEREMONY_PATIENT, &refused))
		assert_true(steps++ < STEPS_MAX);
}

void play_out(struct play *p)
{
	bool refused = false;
	unsigned steps = 0;
	do {
		play_on(p);
		assert_true(steps++ < STEPS_MAX);
	} while (sweep(p, CEREMONY_DEADLINE, &refused));
}

void play_until(struct play *p, enum ceremony_round round)
{
	unsigned steps = 0;
	while (ceremony_party_round(p->party[0]) < round) {
		bool refused = false;
		assert_true(sweep(p, CEREMONY_PATIENT, &refused));
		assert_true(steps++ < STEPS_MAX);
	}
}

void play_check(struct play *p, struct election_key *key, struct ceremony_report *report)
{
	const point g = point_generator();
	struct error err;
	error_clear(&err);
	assert_ok(ceremony_verify_report(key, report, &p->m, p->folder, &err), err);
	for (unsigned i = 0; i < p->m.authorities_count; i++) {
		secret_scalar share;
		point y;
		if (!p->party[i])
			continue;
		if (!p->done[i])
			fail_msg("party %u: %s (%s)", i + 1, p->err[i].what, p->err[i].detail);
		assert_true(ceremony_party_share(&share, p->party[i]));
		point_mul(&y, &share, &g);
		assert_true(point_equal(&y, &key->shares[i]));
		assert_int_equal(key->qualified[i], 1);
	}
}

void play_whole(struct play *p, struct election_key *key)
{
	struct ceremony_report report;
	play_on(p);
	play_check(p, key, &report);
	assert_int_equal(report.attempts, 1);
}

/* --- files --- */

const char *play_path(unsigned attempt, unsigned round, unsigned index)
{
	static char room[4][32];
	static unsigned next;
	char *path = room[next++ % 4];
	snprintf(path, sizeof room[0], "%u/r%u-%02u.bt", attempt, round, index);
	return path;
}

bool play_has(const struct play *p, const char *path)
{
	return p->folder->exists(p->folder, path);
}

bytes play_read(const struct play *p, const char *path)
{
	struct error err;
	bytes file;
	error_clear(&err);
	uint8_t *room = arena_take(test_arena(), PLAY_MESSAGE_MAX, 1, &err);
	assert_non_null(room);
	assert_ok(folder_read(p->folder, path, room, PLAY_MESSAGE_MAX, &file, &err), err);
	return file;
}

void play_write(struct play *p, const char *path, bytes content)
{
	struct error err;
	error_clear(&err);
	assert_ok(folder_write(p->folder, path, true, content, &err), err);
}

bytes play_content(const struct play *p, unsigned attempt, unsigned round, unsigned index)
{
	struct ceremony_message msg;
	struct error err;
	error_clear(&err);
	bytes file = play_read(p, play_path(attempt, round, index));
	assert_ok(ceremony_message_read(&msg, &p->m, file, &err), err);
	return msg.content;
}

void play_failure(struct ceremony_failure *out, const struct play *p, unsigned attempt, unsigned by)
{
	char path[32];
	struct error err;
	error_clear(&err);
	snprintf(path, sizeof path, "%u/failed-%02u.bt", attempt, by);
	assert_ok(ceremony_failure_read(out, &p->m, play_read(p, path), &err), err);
	assert_int_equal(out->attempt, attempt);
	assert_int_equal(out->by, by);
}

bool play_reconstructs(const struct play *p, const struct election_key *key,
                       const unsigned *parties, unsigned count)
{
	secret_scalar x = {scalar_zero}, share;
	const point g = point_generator();
	point y;
	for (unsigned i = 0; i < count; i++) {
		scalar c = scalar_one;
		for (unsigned j = 0; j < count; j++) {
			scalar sj = scalar_of_u64(parties[j]), si = scalar_of_u64(parties[i]), d;
			if (j == i)
				continue;
			scalar_sub(&d, &sj, &si);
			scalar_invert(&d, &d);
			scalar_mul(&d, &d, &sj);
			scalar_mul(&c, &c, &d);
		}
		assert_true(ceremony_party_share(&share, p->party[parties[i] - 1]));
		scalar_mul_add(&x.secret, &share.secret, &c, &x.secret);
	}
	point_mul(&y, &x, &g);
	return point_equal(&y, &key->polynomial[0]);
}
