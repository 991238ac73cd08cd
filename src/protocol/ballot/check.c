/* SPDX-License-Identifier: Apache-2.0 */
#include "ballot/ballot_internal.h"
#include "hash/oracle.h"

#define WEIGHT_BYTES 16u

size_t ballot_equations_count(const struct ballot *b)
{
	return b->style->components + (b->who.mode == BALLOT_CREDENTIALS && b->ending.len > 0);
}

void ballot_equations(struct proof_equation *out, const struct ballot *b)
{
	size_t n = b->style->components;
	for (size_t j = 0; j < n; j++)
		out[j] =
			(struct proof_equation){b->commitments[j], b->ct[j].u, b->challenge, b->responses[j]};
	if (ballot_equations_count(b) > n)
		out[n] = (struct proof_equation){b->sig_commitment, b->who.key, b->sig_challenge,
		                                 b->sig_response};
}

static size_t count_all(const struct ballot *b, size_t n)
{
	size_t total = 0;
	for (size_t i = 0; i < n; i++)
		total += ballot_equations_count(&b[i]);
	return total;
}

size_t ballots_check_scratch_bytes_for(size_t equations)
{
	return arena_room(equations * sizeof(struct proof_equation)) +
	       arena_room(equations * sizeof(scalar)) + arena_room(equations) +
	       proof_batch_scratch_bytes(equations);
}

size_t ballots_check_scratch_bytes(const struct ballot *b, size_t n)
{
	return ballots_check_scratch_bytes_for(count_all(b, n));
}

/*
 * The seed of the weights: the fresh bytes and everything that is in the equations. The id covers a
 * body with its responses, the ending covers the signature.
 */
static void weights_seed(struct prg *prg, const struct ballot *b, size_t n,
                         const uint8_t fresh[static 32])
{
	struct hash h;
	tagged_digest_init(&h, "ballot-weights", (uint32_t)(1 + 2 * n));
	tree_hash_leaf(&h, bytes_of(fresh, 32));
	for (size_t i = 0; i < n; i++) {
		tree_hash_leaf(&h, BYTES_OF(b[i].id.b));
		tree_hash_leaf(&h, b[i].ending);
	}
	const digest seed = tagged_digest_finish(&h);
	prg_init(prg, HASH_SHA256, seed.b);
}

static scalar next_weight(struct prg *prg)
{
	uint8_t raw[WEIGHT_BYTES];
	prg_read(prg, raw, sizeof raw);
	scalar w = {{load_be64(raw + 8), load_be64(raw), 0, 0}};
	/* Zero would let its equation pass unseen; it comes once in 2^128. */
	w.v[0] += (w.v[0] | w.v[1]) == 0;
	return w;
}

struct batch {
	struct proof_equation *equations;
	scalar *weights;
	size_t n;
};

static bool collect(struct batch *batch, const struct ballot *b, size_t n, const uint8_t *fresh,
                    struct arena *scratch, struct error *err)
{
	struct prg prg;
	batch->n = count_all(b, n);
	batch->equations = arena_take_array(scratch, batch->n, struct proof_equation, err);
	batch->weights = arena_take_array(scratch, batch->n, scalar, err);
	if (!batch->equations || !batch->weights)
		return false;
	size_t at = 0;
	for (size_t i = 0; i < n; at += ballot_equations_count(&b[i++]))
		ballot_equations(batch->equations + at, &b[i]);
	weights_seed(&prg, b, n, fresh);
	for (size_t i = 0; i < batch->n; i++)
		batch->weights[i] = next_weight(&prg);
	return true;
}

/* From the index of an equation to ballot and part of it. */
static bool name_equation(const struct ballot *b, size_t equation, struct error *err)
{
	size_t i = 0;
	while (equation >= ballot_equations_count(&b[i]))
		equation -= ballot_equations_count(&b[i++]);
	if (equation == b[i].style->components)
		return fail(err, ERROR_REJECTED, "ballot: the signature does not hold", i);
	fail(err, ERROR_REJECTED, "ballot: the proof does not hold", i);
	size_t group = 0;
	while (equation >= b[i].style->width[group])
		equation -= b[i].style->width[group++];
	return fail_within_index(err, "proof of group", group + 1);
}

bool ballots_check_vartime(const struct ballot *b, size_t n, const uint8_t fresh[static 32],
                           struct arena *scratch, struct error *err)
{
	struct batch batch;
	struct error found;
	size_t mark = arena_mark(scratch);
	error_clear(&found);
	bool ok = collect(&batch, b, n, fresh, scratch, err);
	if (ok && !proof_check_batch_vartime(batch.equations, batch.weights, batch.n, scratch, &found))
		ok = name_equation(b, (size_t)found.at, err);
	arena_release(scratch, mark);
	return ok;
}

bool ballots_find_bad_vartime(uint8_t *bad, size_t *count, const struct ballot *b, size_t n,
                              const uint8_t fresh[static 32], struct arena *scratch,
                              struct error *err)
{
	struct batch batch;
	size_t mark = arena_mark(scratch);
	*count = 0;
	memset(bad, 1, n);
	bool ok = collect(&batch, b, n, fresh, scratch, err);
	uint8_t *bad_equations = ok ? arena_take_array(scratch, batch.n, uint8_t, err) : NULL;
	ok = bad_equations != NULL;
	if (ok) {
		proof_find_bad_vartime(bad_equations, batch.equations, batch.weights, batch.n, scratch);
		for (size_t i = 0; i < n; i++) {
			bad[i] = 0;
			for (size_t j = ballot_equations_count(&b[i]); j > 0; j--)
				bad[i] |= *bad_equations++;
			*count += bad[i];
		}
	}
	arena_release(scratch, mark);
	return ok;
}

static bool point_same(const point *a, const point *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

bool ballot_check_opening_vartime(const struct ballot *b, const struct public_key *pk,
                                  const struct ballot_opening *opening, struct arena *scratch,
                                  struct error *err)
{
	for (size_t j = 0; j < b->style->components; j++) {
		const secret_scalar r = {opening->nonces[j]};
		bytes message = bytes_of(opening->plaintexts + j * MESSAGE_BYTES, MESSAGE_BYTES);
		point m;
		ciphertext again;
		if (!message_encode_vartime(&m, message, err))
			return false;
		elgamal_encrypt(&again, pk, &m, &r, 1, scratch);
		if (!point_same(&again.u, &b->ct[j].u) || !point_same(&again.v, &b->ct[j].v))
			return fail(err, ERROR_REJECTED, "ballot: the opening is of another ciphertext", j);
	}
	return true;
}
