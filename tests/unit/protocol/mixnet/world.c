/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/protocol/mixnet/world.h"

#include "elgamal/elgamal.h"
#include "files/disk_folder.h"
#include "files/memory_folder.h"
#include "hash/chacha20.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct serial {
	struct workers workers;
};

static bool serial_run(struct workers *w, size_t blocks, workers_fn *f, void *ctx,
                       struct error *err)
{
	for (size_t i = 0; i < blocks; i++) {
		if (!f(ctx, i, (unsigned)(i % w->count), err))
			return false;
	}
	return true;
}

struct workers *serial_workers(unsigned count)
{
	static struct serial all[LIMIT_WORKERS];
	all[count - 1].workers = (struct workers){count, serial_run};
	return &all[count - 1].workers;
}

static size_t arena_size(uint64_t n, uint32_t width, unsigned workers)
{
	size_t a = shuffle_bytes(n, width, workers), b = mix_verify_bytes(n, n + 64, workers);
	size_t c = decryption_bytes(n, width, workers);
	size_t size = a > b ? a : b;
	return (size > c ? size : c) + ((size_t)8 << 20);
}

void world_init(struct world *w, uint32_t parties, uint32_t threshold, uint32_t width, uint64_t n,
                struct folder *folder)
{
	struct error err;
	*w = (struct world){.n = n, .folder = folder, .rng = test_rng()};
	assert_ok(group_init(NULL, &err), err);
	assert_ok(mix_session_init(&w->session, BYTES_LITERAL("urnatest"), BYTES_LITERAL("l1"), parties,
	                           threshold, &err),
	          err);
	w->session.width = width;
	w->workers = serial_workers(2);
	if (!folder) {
		assert_ok(memory_folder_new(&w->folder, "proof", (size_t)1 << 30, &err), err);
		w->own_folder = true;
	}
	size_t size = arena_size(n, width, w->workers->count);
	void *memory = aligned_alloc(ARENA_ALIGN, arena_room(size));
	assert_non_null(memory);
	arena_init(&w->arena, memory, size);
}

/* What tests read from files lives as long as their world. */
static void *kept[4096];
static size_t kept_count;

void *world_keep(void *p)
{
	assert_non_null(p);
	assert_true(kept_count < sizeof kept / sizeof kept[0]);
	kept[kept_count++] = p;
	return p;
}

void world_done(struct world *w)
{
	while (kept_count > 0)
		free(kept[--kept_count]);
	free(w->arena.base);
	if (w->own_folder)
		memory_folder_free(w->folder);
}

static void make_keys(struct world *w)
{
	struct error err;
	secret_scalar c[LIMIT_PARTIES];
	point g = point_generator();
	for (uint32_t i = 0; i < w->session.threshold; i++) {
		assert_ok(secret_scalar_random(&c[i], w->rng, &err), err);
		point_mul(&w->key.polynomial[i], &c[i], &g);
	}
	w->key.y = w->key.polynomial[0];
	for (uint32_t p = 1; p <= w->session.parties; p++) {
		scalar at = scalar_of_u64(p), f = scalar_zero;
		for (uint32_t i = w->session.threshold; i-- > 0;)
			scalar_mul_add(&f, &f, &at, &c[i].secret);
		w->share[p].secret = f;
	}
}

struct encryption {
	struct world *w;
	struct public_key pk;
	secret_scalar r[MIX_BLOCK];
	uint8_t seed[32];
};

/* Column c of component j = c mod ω: message (i·ω + j + 1)·G under r drawn from (seed, j, i). */
static bool encrypt_block(void *ctx, unsigned column, uint64_t first, point *out, size_t count,
                          struct error *err)
{
	struct encryption *e = ctx;
	uint32_t width = e->w->session.width, j = column % width;
	struct chacha_rng child;
	chacha_rng_derive(&child, e->seed, j, first);
	if (!scalars_random(&e->r[0].secret, count, &child.rng, err))
		return false;
	if (column < width) {
		fixed_base_mul(out, &e->pk.g_table, e->r, count, &e->w->arena);
		return true;
	}
	fixed_base_mul(out, &e->pk.y_table, e->r, count, &e->w->arena);
	for (size_t i = 0; i < count; i++)
		e->r[i].secret = scalar_of_u64((first + i) * width + j + 1);
	fixed_base_mul_add(out, &e->pk.g_table, e->r, out, count, &e->w->arena);
	return true;
}

void world_start(struct world *w, enum mix_type type, uint32_t activethreshold)
{
	struct error err;
	size_t mark = arena_mark(&w->arena);
	struct encryption *e = malloc(sizeof *e);
	assert_non_null(e);
	make_keys(w);
	assert_ok(mix_dir_write(w->folder, &w->session, &w->key, type, activethreshold, &err), err);
	e->w = w;
	assert_ok(rng_fill(w->rng, e->seed, 32, &err), err);
	assert_ok(public_key_init(&e->pk, &w->key.y, &w->arena, &w->arena, &err), err);
	assert_ok(mix_list_write(w->folder, "Ciphertexts.bt", MIX_LIST_CIPHERTEXTS, w->n,
	                         w->session.width, encrypt_block, e, &w->arena, &err),
	          err);
	free(e);
	arena_release(&w->arena, mark);
}

void world_shuffle(struct world *w, const char *input, unsigned party)
{
	struct error err;
	struct shuffle_job job = {.session = &w->session,
	                          .folder = w->folder,
	                          .input = input,
	                          .party = party,
	                          .y = &w->key.y,
	                          .rng = w->rng,
	                          .workers = w->workers,
	                          .memory = &w->arena,
	                          .trace = w->trace};
	assert_ok(shuffle_prove(&job, &err), err);
}

struct decryption_job world_decryption_job(struct world *w, const char *list)
{
	return (struct decryption_job){.session = &w->session,
	                               .folder = w->folder,
	                               .list = list,
	                               .key = &w->key,
	                               .workers = w->workers,
	                               .memory = &w->arena,
	                               .trace = w->trace};
}

static void exchange(const struct decryption_job *job, struct world *w, const bool *active,
                     enum decryption_part part, struct decryption_nonce *nonces)
{
	struct error err;
	for (unsigned p = 1; p <= w->session.parties; p++) {
		if (!active[p])
			assert_ok(decryption_placeholder(job, p, part, &err), err);
		else if (part == DECRYPTION_FACTORS)
			assert_ok(decryption_factors(job, p, &w->share[p], &err), err);
		else if (part == DECRYPTION_COMMITMENT)
			assert_ok(decryption_commit(job, p, w->rng, &nonces[p], &err), err);
		else
			assert_ok(decryption_reply(job, &w->share[p], &nonces[p], &err), err);
	}
}

void world_decrypt(struct world *w, const char *list, const bool *active)
{
	struct error err;
	struct decryption_job job = world_decryption_job(w, list);
	struct decryption_nonce nonces[LIMIT_PARTIES + 1] = {0};
	enum decryption_verdict verdict[LIMIT_PARTIES + 1];
	bool correct[LIMIT_PARTIES + 1] = {false};
	exchange(&job, w, active, DECRYPTION_FACTORS, nonces);
	exchange(&job, w, active, DECRYPTION_COMMITMENT, nonces);
	exchange(&job, w, active, DECRYPTION_REPLY, nonces);
	assert_ok(decryption_check(&job, verdict, &err), err);
	for (unsigned p = 1; p <= w->session.parties; p++) {
		assert_int_equal(verdict[p], active[p] ? DECRYPTION_CORRECT : DECRYPTION_ABSENT);
		correct[p] = active[p];
	}
	assert_ok(decryption_combine(&job, correct, &err), err);
}

void world_mix(struct world *w, const unsigned *shufflers, size_t count, const bool *active)
{
	struct mix_path list = mix_path(MIX_FILE_INPUT, 0);
	world_start(w, MIX_MIXING, shufflers[count - 1]);
	for (size_t i = 0; i < count; i++) {
		world_shuffle(w, list.text, shufflers[i]);
		list = mix_path(MIX_FILE_LIST, shufflers[i]);
	}
	world_decrypt(w, list.text, active);
}

struct tally {
	struct world *w;
	uint8_t *seen;
	point *expected;
	uint64_t *at; /* row of each ciphertext, known from its first component */
};

static uint64_t message_of(const struct tally *t, const point *p)
{
	uint64_t all = t->w->n * t->w->session.width;
	for (uint64_t i = 0; i < all; i++) {
		if (point_equal(p, &t->expected[i]))
			return i;
	}
	return UINT64_MAX;
}

static bool tally_block(void *ctx, unsigned column, uint64_t first, point *p, size_t count,
                        struct error *err)
{
	(void)err;
	struct tally *t = ctx;
	uint32_t width = t->w->session.width;
	for (size_t i = 0; i < count; i++) {
		uint64_t m = message_of(t, &p[i]);
		assert_true(m != UINT64_MAX);
		assert_int_equal(m % width, column);
		if (column == 0)
			t->at[first + i] = m / width;
		assert_int_equal(t->at[first + i], m / width);
		assert_int_equal(t->seen[m], 0);
		t->seen[m] = 1;
	}
	return true;
}

void world_check_plaintexts(struct world *w)
{
	struct error err;
	size_t all = (size_t)w->n * w->session.width;
	struct tally t = {w, calloc(all, 1), calloc(all, sizeof(point)), calloc(all, sizeof(uint64_t))};
	point g = point_generator(), sum = point_infinity();
	for (size_t i = 0; i < all; i++) {
		point_add(&sum, &sum, &g);
		t.expected[i] = sum;
	}
	assert_ok(mix_list_read(w->folder, "Plaintexts.bt", MIX_LIST_PLAINTEXTS, w->n, w->session.width,
	                        tally_block, &t, &w->arena, &err),
	          err);
	free(t.seen);
	free(t.expected);
	free(t.at);
}

static void keep_finding(void *ctx, const struct mix_finding *f)
{
	struct world *w = ctx;
	if (w->findings_count < sizeof w->findings / sizeof w->findings[0])
		w->findings[w->findings_count++] = *f;
}

struct mix_verify_job world_verify_job(struct world *w)
{
	return (struct mix_verify_job){.folder = w->folder,
	                               .session = &w->session,
	                               .expected = {.any_type = true},
	                               .rng = w->rng,
	                               .workers = w->workers,
	                               .memory = &w->arena,
	                               .trace = w->trace,
	                               .report = keep_finding,
	                               .report_ctx = w};
}

bool world_verify(struct world *w, struct mix_facts *facts, struct error *err)
{
	struct mix_verify_job job = world_verify_job(w);
	w->findings_count = 0;
	return mix_verify(&job, facts, err);
}

bytes world_read(struct folder *f, const char *path)
{
	struct error err;
	struct source *s = NULL;
	assert_ok(f->open(f, path, &s, &err), err);
	size_t size = (size_t)s->size;
	uint8_t *room = world_keep(malloc(size + 1));
	assert_ok(source_read(s, room, size, &err), err);
	source_close(s);
	return bytes_of(room, size);
}

void world_write(struct folder *f, const char *path, bytes content)
{
	struct error err;
	assert_ok(folder_write(f, path, true, content, &err), err);
}

struct listing {
	struct mix_path *out;
	size_t count, max;
	const char *prefix;
};

static bool list_entry(void *ctx, const struct folder_entry *e, struct error *err)
{
	(void)err;
	struct listing *l = ctx;
	if (e->is_folder)
		return true;
	assert_true(l->count < l->max);
	snprintf(l->out[l->count++].text, MIX_PATH_BYTES, "%s%s", l->prefix, e->name);
	return true;
}

size_t world_files(struct folder *f, struct mix_path *out, size_t max)
{
	struct error err;
	struct listing l = {out, 0, max, ""};
	assert_ok(f->list(f, "", list_entry, &l, &err), err);
	l.prefix = "proofs/";
	assert_ok(f->list(f, "proofs", list_entry, &l, &err), err);
	return l.count;
}

/* --- archives --- */

static char temporary[64];

static int run_program(const char *const *argv)
{
	pid_t pid = fork();
	if (pid == 0) {
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	int status = -1;
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status)
	                                                                       : -1;
}

static void remove_temporary(void)
{
	const char *const argv[] = {"rm", "-rf", temporary, NULL};
	run_program(argv);
}

const char *unpacked(const char *name)
{
	static char root[256];
	char archive[256], full[1024];
	const char *data = getenv("URNA_DATA");
	snprintf(archive, sizeof archive, "verificatum/%s/%s.tar.gz", name, name);
	if (!test_data_exists(archive)) {
		fprintf(stderr, "skipped: no %s\n", archive);
		skip();
	}
	if (!temporary[0]) {
		snprintf(temporary, sizeof temporary, "/tmp/urna-vectors-XXXXXX");
		assert_non_null(mkdtemp(temporary));
		atexit(remove_temporary);
	}
	snprintf(full, sizeof full, "%s/%s", data ? data : "../shared/data", archive);
	snprintf(root, sizeof root, "%s/%s", temporary, name);
	const char *const argv[] = {"tar", "-xzf", full, "-C", temporary, NULL};
	if (access(root, F_OK) != 0)
		assert_int_equal(run_program(argv), 0);
	assert_int_equal(access(root, F_OK), 0);
	return root;
}

struct folder *open_disk(const char *root, const char *path)
{
	char full[1024];
	struct error err;
	struct folder *f = NULL;
	snprintf(full, sizeof full, "%s/%s", root, path);
	assert_ok(disk_folder_open(&f, full, DISK_READ, &err), err);
	return f;
}

void session_of(struct mix_session *out, const char *root, const char *auxsid, uint32_t width)
{
	char full[1024];
	struct error err;
	snprintf(full, sizeof full, "%s/protInfo.xml", root);
	assert_ok(protinfo_parse(out, test_file(full), &err), err);
	assert_ok(mix_session_set_auxsid(out, bytes_of_text(auxsid), &err), err);
	if (width)
		out->width = width;
}
