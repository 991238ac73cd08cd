/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decryption in the weighted sum. For every party l marked correct, with weights a and w_c
 * (one for each component c of the width) and v, e of the decryption proof:
 *
 *   a·(−μ⁻¹·v·y_l + y'_l − k_l·G)
 *   w_c·(v·Σ e_i·f_l,i + B'_l − k_l·Σ e_i·u_i)           the list is in verify_sum.c
 *
 * and for the plaintexts, with t_i:  Σ t_i·(m_i − v_i − Σ c_l·f_l,i) over the first λ marked.
 */
#include "mixnet/verify_internal.h"

static bool wrong_flags(const char *what, uint64_t at, struct error *err)
{
	return fail_detail(err, ERROR_MALFORMED, what, at, "proofs/CorrectIndices.bt");
}

bool verifier_read_correct(struct verifier *v, struct error *err)
{
	uint8_t flags[LIMIT_PARTIES + 1];
	struct source *s = NULL;
	if (!verifier_open(v, MIX_FILE_CORRECT, 0, &s, err))
		return false;
	uint32_t parties = v->session->parties;
	bool ok = tree_source_leaf(s, parties + 1, err) && source_read(s, flags, parties + 1, err) &&
	          tree_source_end(s, err);
	source_close(s);
	if (!ok)
		return false;
	if (flags[0] != 1)
		return wrong_flags("file: the unused flag is not 1", 0, err);
	for (uint32_t p = 1; p <= parties; p++) {
		if (flags[p] > 1)
			return wrong_flags("file: a flag is neither 0 nor 1", p, err);
		v->correct[p] = flags[p];
	}
	return true;
}

bool read_replies(struct verifier *v, struct error *err)
{
	for (unsigned p = 1; p <= v->session->parties; p++) {
		struct source *s = NULL;
		if (!verifier_open(v, MIX_FILE_DECRYPTION_REPLY, p, &s, err))
			return false;
		bool ok = mix_read_scalars(s, &v->reply[p], 1, err) && tree_source_end(s, err);
		source_close(s);
		if (!ok)
			return false;
	}
	return true;
}

static bool sum_commitment(struct verifier *v, unsigned party, struct error *err)
{
	point read[1 + LIMIT_WIDTH];
	uint32_t width = v->session->width;
	struct source *s = NULL;
	if (!verifier_open(v, MIX_FILE_DECRYPTION_COMMITMENT, party, &s, err))
		return false;
	bool ok = tree_source_node(s, 2, err) && mix_read_points(s, read, 1, err) &&
	          mix_read_wide_point(s, read + 1, width, err) && tree_source_end(s, err);
	source_close(s);
	if (!ok || !v->correct[party])
		return ok;
	scalar a = weight_of(&v->weights, MIX_CHECK_DECRYPTION_COMMITMENT, party, 0), factor;
	point share;
	mix_key_share_vartime(&share, &v->key, v->session, party);
	scalar_mul(&factor, &v->mu_inverse, &v->decryption_v);
	scalar_mul(&factor, &factor, &a);
	scalar_neg(&factor, &factor);
	sum_point(v, &share, &factor);
	sum_point(v, &read[0], &a);
	scalar_sub_product(&v->g_factor, &a, &v->reply[party]);
	for (uint32_t c = 0; c < width; c++) {
		scalar w = weight_of(&v->weights, MIX_CHECK_DECRYPTION_FACTORS, party, c);
		sum_point(v, &read[1 + c], &w);
	}
	return true;
}

static struct form factors_form(const struct verifier *v, unsigned party, unsigned column)
{
	struct form f;
	form_clear(&f);
	if (!v->correct[party])
		return f;
	scalar w = weight_of(&v->weights, MIX_CHECK_DECRYPTION_FACTORS, party, column);
	scalar_mul(&f.e, &w, &v->decryption_v);
	scalar_neg(&f.t_factor, &v->lagrange[party]);
	f.t = stream_of(&v->weights, MIX_CHECK_PLAINTEXTS, 0, column);
	return f;
}

static struct form plaintexts_form(const struct verifier *v, unsigned column)
{
	struct form f;
	form_clear(&f);
	f.t_factor = scalar_one;
	f.t = stream_of(&v->weights, MIX_CHECK_PLAINTEXTS, 0, column);
	return f;
}

/* party 0: the plaintexts. */
static bool sum_columns(struct verifier *v, unsigned party, struct error *err)
{
	struct columns_shape shape = columns_shape(MIX_LIST_PLAINTEXTS, v->session->width);
	struct source *s = NULL;
	if (!verifier_open(v, party ? MIX_FILE_FACTORS : MIX_FILE_PLAINTEXTS, party, &s, err))
		return false;
	bool ok = true;
	for (unsigned column = 0; ok && column < shape.width; column++) {
		struct form f = party ? factors_form(v, party, column) : plaintexts_form(v, column);
		ok = mix_column_header(s, &shape, column, v->layout.n, err) && sum_column(v, s, &f, err);
	}
	ok = ok && tree_source_end(s, err);
	source_close(s);
	return ok;
}

bool sum_decryption(struct verifier *v, struct error *err)
{
	for (unsigned p = 1; p <= v->session->parties; p++) {
		if (!sum_commitment(v, p, err) || !sum_columns(v, p, err))
			return false;
	}
	return sum_columns(v, 0, err);
}
