/* SPDX-License-Identifier: Apache-2.0 */
#include "mixnet/decryption.h"
#include "mixnet/engine_internal.h"

static bool all_of(const struct decryption_files *f, struct oracle *o, enum mix_file file,
                   struct error *err)
{
	const struct mix_session *s = f->transcript->session;
	oracle_node(o, s->parties);
	for (unsigned p = 1; p <= s->parties; p++) {
		struct mix_path path = mix_path(file, p);
		if (!oracle_file(o, f->folder, path.text, mix_file_size(s, f->layout, file), err))
			return false;
	}
	return true;
}

bool decryption_seed(const struct decryption_files *f, uint8_t seed[static HASH_MAX_BYTES],
                     struct prg *e, struct error *err)
{
	const struct mix_session *s = f->transcript->session;
	struct mix_path polynomial = mix_path(MIX_FILE_POLYNOMIAL, 0);
	struct oracle o;
	point g = point_generator();
	oracle_begin_seed(&o, f->transcript);
	oracle_node(&o, 2);
	oracle_node(&o, 2);
	oracle_point(&o, &g);
	if (!oracle_file(&o, f->folder, f->list, mix_file_size(s, f->layout, MIX_FILE_LIST), err))
		return false;
	oracle_node(&o, 2);
	if (!oracle_file(&o, f->folder, polynomial.text,
	                 mix_file_size(s, f->layout, MIX_FILE_POLYNOMIAL), err) ||
	    !all_of(f, &o, MIX_FILE_FACTORS, err))
		return false;
	oracle_finish_seed(&o, f->transcript, seed, e);
	trace_value(f->transcript, 0, "Dec.s", bytes_of(seed, hash_bytes(s->prg)));
	return true;
}

bool decryption_challenge(const struct decryption_files *f, const uint8_t *seed, scalar *v,
                          struct error *err)
{
	struct oracle o;
	oracle_begin_challenge(&o, f->transcript);
	oracle_node(&o, 2);
	oracle_seed_leaf(&o, f->transcript, seed);
	if (!all_of(f, &o, MIX_FILE_DECRYPTION_COMMITMENT, err))
		return false;
	oracle_finish_challenge(&o, f->transcript, 0, "Dec.v", v);
	return true;
}

/* --- coefficients --- */

static uint64_t lcm_up_to(uint32_t parties)
{
	uint64_t out = 1;
	for (uint64_t i = 2; i <= parties; i++) {
		uint64_t a = out, b = i;
		while (b) {
			uint64_t rest = a % b;
			a = b;
			b = rest;
		}
		out = out / a * i; /* lcm(1…25) has 35 bits */
	}
	return out;
}

static scalar mu(uint32_t parties)
{
	scalar root = scalar_of_u64(lcm_up_to(parties)), out;
	scalar_mul(&out, &root, &root);
	return out;
}

void decryption_mu_inverse(scalar *out, uint32_t parties)
{
	scalar m = mu(parties);
	scalar_invert(out, &m);
}

bool decryption_coefficients(scalar out[static LIMIT_PARTIES + 1], const struct mix_session *s,
                             const bool correct[static LIMIT_PARTIES + 1])
{
	unsigned chosen[LIMIT_PARTIES];
	size_t count = 0;
	for (unsigned p = 0; p <= LIMIT_PARTIES; p++)
		out[p] = scalar_zero;
	for (unsigned p = 1; p <= s->parties && count < s->threshold; p++) {
		if (correct[p])
			chosen[count++] = p;
	}
	if (count < s->threshold)
		return false;
	for (size_t i = 0; i < count; i++) {
		scalar numerator = mu(s->parties), denominator = scalar_one;
		for (size_t k = 0; k < count; k++) {
			scalar j = scalar_of_u64(chosen[k]), l = scalar_of_u64(chosen[i]), difference;
			if (k == i)
				continue;
			scalar_mul(&numerator, &numerator, &j);
			scalar_sub(&difference, &j, &l);
			scalar_mul(&denominator, &denominator, &difference);
		}
		scalar_invert(&denominator, &denominator);
		scalar_mul(&out[chosen[i]], &numerator, &denominator);
	}
	return true;
}
