/* SPDX-License-Identifier: Apache-2.0 */
#include "mixnet/verify_internal.h"

size_t mix_verify_bytes(uint64_t n, uint64_t n0, unsigned workers)
{
	uint64_t h = n0 > n ? n0 : n;
	/* The number of terms only sets the window; this bounds it from above for any width. */
	uint64_t terms = h * 2 * LIMIT_WIDTH * (LIMIT_PARTIES + 2);
	return arena_room(sizeof(struct verifier)) + arena_room(h * sizeof(point)) +
	       3 * arena_room(h * sizeof(scalar)) + arena_room(n0) +
	       arena_room((n0 / engine_block(h) + 1) * sizeof(uint64_t)) + engine_bytes(h, workers) +
	       engine_msm_bytes(workers, terms);
}

struct mix_path verifier_list(const struct verifier *v, size_t index)
{
	if (index)
		return mix_path(MIX_FILE_LIST, v->order[index - 1]);
	return v->after ? mix_path(MIX_FILE_LIST, v->after) : mix_path(MIX_FILE_INPUT, 0);
}

bool verifier_open(const struct verifier *v, enum mix_file file, unsigned party,
                   struct source **out, struct error *err)
{
	return mix_open(v->folder, v->session, &v->layout, file, party, out, err);
}

static bool check_keep(const struct verifier *v, const char *name, struct error *err)
{
	uint64_t kept = 0;
	const size_t block = engine_block(v->h_count);
	for (uint64_t i = 0; i < v->layout.n0; i++) {
		if (v->keep[i] > 1) {
			fail(err, ERROR_MALFORMED, "file: a flag is neither 0 nor 1", i);
			fail_within_index(err, "element", i);
			return fail_within(err, name);
		}
		if (i % block == 0)
			v->keep_rank[i / block] = kept;
		kept += v->keep[i];
	}
	return kept == v->layout.n ||
	       fail_detail(err, ERROR_MALFORMED, "file: it does not keep as many as there are ballots",
	                   kept, name);
}

bool verifier_read_keep(struct verifier *v, unsigned party, struct error *err)
{
	struct source *s = NULL;
	if (!verifier_open(v, MIX_FILE_KEEP, party, &s, err))
		return false;
	bool ok = tree_source_leaf(s, (uint32_t)v->layout.n0, err) &&
	          source_read(s, v->keep, (size_t)v->layout.n0, err) && tree_source_end(s, err) &&
	          check_keep(v, s->name, err);
	source_close(s);
	return ok;
}

static bool take_memory(struct verifier *v, struct error *err)
{
	struct arena *memory = v->job->memory;
	uint64_t n = v->layout.n, n0 = v->layout.n0;
	v->h_count = n0 > n ? n0 : n;
	size_t count = (size_t)v->h_count;
	v->e = arena_take_array(memory, count, scalar, err);
	if (!v->e)
		return false;
	if (v->shuffles > 0) {
		v->h_factor = arena_take_array(memory, count, scalar, err);
		v->k = v->h_factor ? arena_take_array(memory, count, scalar, err) : NULL;
		if (!v->k)
			return false;
	}
	if (n0) {
		v->keep = arena_take(memory, (size_t)n0, 1, err);
		v->keep_rank =
			v->keep ? arena_take_array(memory, n0 / engine_block(v->h_count) + 1, uint64_t, err)
					: NULL;
		if (!v->keep_rank)
			return false;
	}
	return engine_init(&v->engine, v->job->workers, v->h_count, memory, err);
}

/* What the caller wants it to be about. Each difference is a finding of its own. */
static bool check_expectations(struct verifier *v, const digest *input, bool type_matters,
                               struct error *err)
{
	const struct mix_expectation *want = &v->job->expected;
	bool same = !type_matters || want->any_type || want->type == v->layout.type;
	if (same && want->key) {
		same = point_equal(&want->key->y, &v->key.y);
		for (uint32_t i = 0; same && i < v->session->threshold; i++)
			same = point_equal(&want->key->polynomial[i], &v->key.polynomial[i]);
	}
	if (same && want->input)
		same = digest_equal(want->input, input);
	if (!same)
		verifier_found(v, MIX_CHECK_EXPECTATION, 0, ERROR_NOWHERE, err);
	return same;
}

static bool list_digest(struct verifier *v, struct mix_path path, digest *out, struct error *err)
{
	return file_digest(out, v->folder, path.text,
	                   mix_file_size(v->session, &v->layout, MIX_FILE_LIST), err);
}

/* Copies of the last list under another name. */
static bool check_chain(struct verifier *v, const digest *last, struct error *err)
{
	digest copy;
	if (v->layout.type == MIX_SHUFFLING) {
		if (!list_digest(v, mix_path(MIX_FILE_SHUFFLED, 0), &copy, err))
			return false;
		if (!digest_equal(&copy, last))
			verifier_found(v, MIX_CHECK_CHAIN, 0, ERROR_NOWHERE, err);
	}
	if (v->layout.stray_list) {
		if (!list_digest(v, mix_path(MIX_FILE_LIST, v->session->threshold), &copy, err))
			return false;
		if (!digest_equal(&copy, last))
			verifier_found(v, MIX_CHECK_CHAIN, v->session->threshold, ERROR_NOWHERE, err);
	}
	return true;
}

static bool check_decryption_form(struct verifier *v, struct error *err)
{
	if (!verifier_read_correct(v, err) || !read_replies(v, err))
		return false;
	decryption_mu_inverse(&v->mu_inverse, v->session->parties);
	if (!decryption_coefficients(v->lagrange, v->session, v->correct))
		verifier_found(v, MIX_CHECK_CORRECT_INDICES, 0, ERROR_NOWHERE, err);
	for (unsigned p = 1; p <= v->session->parties; p++) {
		if (!v->correct[p] && !scalar_is_zero(&v->reply[p]))
			verifier_found(v, MIX_CHECK_PLACEHOLDER, p, ERROR_NOWHERE, err);
	}
	return true;
}

/* Everything after the layout is known. `whole`: not only the shuffles. */
static bool run(struct verifier *v, bool whole, struct mix_facts *facts, struct error *err)
{
	digest input, output;
	bool zero = false;
	if (!mix_key_read(&v->key, v->folder, v->session, err) ||
	    !list_digest(v, verifier_list(v, 0), &input, err) ||
	    !list_digest(v, verifier_list(v, v->shuffles), &output, err))
		return false;
	if (!check_expectations(v, &input, whole, err))
		return true;
	if (whole && v->layout.type != MIX_DECRYPTION && v->shuffles < v->session->threshold)
		verifier_found(v, MIX_CHECK_SHUFFLE_COUNT, 0, v->shuffles, err);
	if (whole && !check_chain(v, &output, err))
		return false;
	if (v->decrypts && !check_decryption_form(v, err))
		return false;
	if (!take_memory(v, err) || !verifier_hash(v, err) || !verifier_sum(v, &zero, err))
		return false;
	if (!zero && !verifier_name_culprits(v, err))
		return false;
	if (!v->found && facts) {
		*facts = (struct mix_facts){v->layout, v->key, input, output, {0}};
		memcpy(facts->correct, v->correct, sizeof v->correct);
	}
	return true;
}

static struct verifier *verifier_new(const struct mix_verify_job *job, struct error *err)
{
	struct verifier *v = arena_take(job->memory, 1, sizeof *v, err);
	if (!v)
		return NULL;
	*v = (struct verifier){.job = job, .session = job->session, .folder = job->folder};
	return v;
}

/* ok: every file could be read for what it is. A machine's failure is not a finding. */
static bool conclude(struct verifier *v, bool ok, struct error *err)
{
	if (!ok && err && err->kind == ERROR_MALFORMED)
		verifier_found(v, MIX_CHECK_FILES, 0, err->at, NULL);
	return ok && !v->found;
}

bool mix_verify(const struct mix_verify_job *job, struct mix_facts *facts, struct error *err)
{
	struct error own;
	err = err ? err : &own;
	error_clear(err);
	if (!mix_session_validate(job->session, err))
		return false;
	size_t mark = arena_mark(job->memory);
	struct verifier *v = verifier_new(job, err);
	if (!v)
		return false;
	bool ok = mix_layout_read(&v->layout, v->folder, v->session, err);
	if (ok) {
		for (unsigned p = 1; p <= v->session->parties; p++) {
			if (v->layout.shuffled[p])
				v->order[v->shuffles++] = p;
		}
		v->decrypts = v->layout.type != MIX_SHUFFLING;
		ok = run(v, true, facts, err);
	}
	ok = conclude(v, ok, err);
	arena_release(job->memory, mark);
	return ok;
}

bool mix_verify_shuffles(const struct mix_verify_job *job, const unsigned *parties, size_t count,
                         struct mix_facts *facts, struct error *err)
{
	struct error own;
	err = err ? err : &own;
	error_clear(err);
	if (!mix_session_validate(job->session, err))
		return false;
	size_t mark = arena_mark(job->memory);
	struct verifier *v = verifier_new(job, err);
	if (!v)
		return false;
	require(count <= job->session->parties && job->after <= job->session->parties);
	v->after = job->after;
	v->layout.type = MIX_SHUFFLING;
	for (size_t i = 0; i < count; i++) {
		require(parties[i] >= 1 && parties[i] <= job->session->parties);
		require(!v->layout.shuffled[parties[i]]);
		v->layout.shuffled[parties[i]] = true;
		v->order[v->shuffles++] = parties[i];
	}
	v->layout.shuffles = (uint32_t)count;
	v->layout.activethreshold = count ? parties[count - 1] : 0;
	struct mix_path input = verifier_list(v, 0);
	bool ok = mix_list_length(&v->layout.n, v->folder, input.text, v->session->width, err) &&
	          run(v, false, facts, err);
	ok = conclude(v, ok, err);
	arena_release(job->memory, mark);
	return ok;
}
