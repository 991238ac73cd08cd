/* SPDX-License-Identifier: Apache-2.0 */
/* Pass 1: what the proofs hash, and nothing of what they compute. */
#include "mixnet/verify_internal.h"

static bool hash_into(struct verifier *v, struct oracle *o, enum mix_file file, unsigned party,
                      struct error *err)
{
	struct mix_path path = mix_path(file, party);
	return oracle_file(o, v->folder, path.text, mix_file_size(v->session, &v->layout, file), err);
}

static bool hash_list(struct verifier *v, struct oracle *o, size_t index, struct error *err)
{
	struct mix_path path = verifier_list(v, index);
	uint64_t size = mix_file_size(v->session, &v->layout, MIX_FILE_LIST);
	return oracle_file(o, v->folder, path.text, size, err);
}

static const char *const seed_names[] = {"PoS.s", "PoSC.s", "CCPoS.s"};
static const char *const challenge_names[] = {"PoS.v", "PoSC.v", "CCPoS.v"};

/* From a finished seed oracle: e and v of one proof. Also into the running digest of the batch. */
static bool finish_part(struct verifier *v, struct oracle *seed_oracle, enum part part,
                        unsigned party, struct hash *batch, struct error *err)
{
	static const enum mix_file commitments[] = {MIX_FILE_POS_COMMITMENT, MIX_FILE_POSC_COMMITMENT,
	                                            MIX_FILE_CCPOS_COMMITMENT};
	static const enum mix_file replies[] = {MIX_FILE_POS_REPLY, MIX_FILE_POSC_REPLY,
	                                        MIX_FILE_CCPOS_REPLY};
	struct shuffle_hashes *out = &v->hashes[party];
	struct prg *e = part == PART_CCPOS ? &out->consistent_e : &out->e;
	scalar *challenge = part == PART_CCPOS ? &out->consistent_v : &out->v;
	uint8_t seed[HASH_MAX_BYTES], raw[SCALAR_BYTES];
	size_t seed_len = hash_bytes(v->session->prg);
	oracle_finish_seed(seed_oracle, &v->transcript, seed, e);
	trace_value(&v->transcript, party, seed_names[part], bytes_of(seed, seed_len));
	struct oracle o;
	oracle_begin_challenge(&o, &v->transcript);
	oracle_node(&o, 2);
	oracle_seed_leaf(&o, &v->transcript, seed);
	if (!hash_into(v, &o, commitments[part], party, err))
		return false;
	oracle_finish_challenge(&o, &v->transcript, party, challenge_names[part], challenge);
	scalar_encode(raw, challenge);
	hash_update(batch, bytes_of(seed, seed_len));
	hash_update(batch, BYTES_OF(raw));
	struct mix_path reply = mix_path(replies[part], party);
	return hash_file(batch, v->folder, reply.text,
	                 mix_file_size(v->session, &v->layout, replies[part]), err);
}

/* The kept elements of u, as the shortened array CCPoS hashes. */
static bool hash_kept(struct verifier *v, struct oracle *o, unsigned party, struct error *err)
{
	struct source *s = NULL;
	if (!verifier_read_keep(v, party, err) ||
	    !verifier_open(v, MIX_FILE_PERMUTATION, party, &s, err))
		return false;
	oracle_node(o, (uint32_t)v->layout.n);
	bool ok = tree_source_node(s, (uint32_t)v->layout.n0, err);
	for (uint64_t i = 0; ok && i < v->layout.n0; i++) {
		uint8_t raw[POINT_TREE_BYTES];
		ok = source_read(s, raw, sizeof raw, err);
		if (ok && v->keep[i])
			oracle_update(o, BYTES_OF(raw));
	}
	source_close(s);
	return ok;
}

static bool hash_shuffle(struct verifier *v, size_t index, const struct oracle *prefix,
                         const struct oracle *prefix_posc, struct hash *batch, struct error *err)
{
	unsigned party = v->order[index];
	struct oracle o = *prefix;
	if (v->layout.n0) {
		struct oracle early = *prefix_posc;
		if (!hash_into(v, &early, MIX_FILE_PERMUTATION, party, err) ||
		    !finish_part(v, &early, PART_POSC, party, batch, err) || !hash_kept(v, &o, party, err))
			return false;
	} else if (!hash_into(v, &o, MIX_FILE_PERMUTATION, party, err)) {
		return false;
	}
	oracle_key(&o, &v->key.y, v->session->width);
	return hash_list(v, &o, index, err) && hash_list(v, &o, index + 1, err) &&
	       finish_part(v, &o, v->layout.n0 ? PART_CCPOS : PART_POS, party, batch, err);
}

static void begin_shuffle_prefix(struct oracle *o, struct verifier *v, uint32_t children,
                                 uint64_t n)
{
	point g = point_generator();
	oracle_begin_seed(o, &v->transcript);
	oracle_node(o, children);
	oracle_point(o, &g);
	oracle_points(o, v->h, n);
}

static bool hash_decryption(struct verifier *v, struct hash *batch, struct error *err)
{
	struct mix_path list = verifier_list(v, v->shuffles);
	struct decryption_files files = {&v->transcript, v->folder, &v->layout, list.text};
	uint8_t seed[HASH_MAX_BYTES], raw[SCALAR_BYTES];
	if (!decryption_seed(&files, seed, &v->decryption_e, err) ||
	    !decryption_challenge(&files, seed, &v->decryption_v, err))
		return false;
	hash_update(batch, bytes_of(seed, hash_bytes(v->session->prg)));
	scalar_encode(raw, &v->decryption_v);
	hash_update(batch, BYTES_OF(raw));
	for (unsigned p = 1; p <= v->session->parties; p++) {
		scalar_encode(raw, &v->reply[p]);
		hash_update(batch, BYTES_OF(raw));
	}
	struct mix_path path = mix_path(MIX_FILE_PLAINTEXTS, 0);
	return hash_file(batch, v->folder, path.text,
	                 mix_file_size(v->session, &v->layout, MIX_FILE_PLAINTEXTS), err);
}

static bool find_generators(struct verifier *v, struct error *err)
{
	const struct mix_generators *given = v->job->generators;
	if (given && given->count >= v->h_count) {
		require(memcmp(given->rho, v->transcript.rho, sizeof given->rho) == 0);
		v->h = given->h;
		return true;
	}
	point *h = arena_take_array(v->job->memory, (size_t)v->h_count, point, err);
	v->h = h;
	return h && generators_fill(&v->engine, h, v->h_count, &v->transcript, err);
}

bool verifier_hash(struct verifier *v, struct error *err)
{
	struct oracle prefix, prefix_posc;
	struct hash batch;
	uint8_t fresh[32];
	if (!rng_fill(v->job->rng, fresh, sizeof fresh, err))
		return false;
	hash_init(&batch, HASH_SHA256);
	hash_update(&batch, BYTES_OF(fresh));
	transcript_init(&v->transcript, v->session, v->job->trace);
	if (v->shuffles > 0) {
		if (!find_generators(v, err))
			return false;
		begin_shuffle_prefix(&prefix, v, 6, v->layout.n);
		if (v->layout.n0)
			begin_shuffle_prefix(&prefix_posc, v, 3, v->layout.n0);
	}
	for (size_t i = 0; i < v->shuffles; i++) {
		progress_report(v->job->progress, "hashing", i, v->shuffles + v->decrypts);
		if (!hash_shuffle(v, i, &prefix, &prefix_posc, &batch, err))
			return false;
	}
	if (v->decrypts && !hash_decryption(v, &batch, err))
		return false;
	progress_report(v->job->progress, "hashing", v->shuffles + v->decrypts,
	                v->shuffles + v->decrypts);
	v->weights = (struct weights){.only = false};
	hash_finish(&batch, v->weights.master);
	return true;
}
