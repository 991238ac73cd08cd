/* SPDX-License-Identifier: Apache-2.0 */
/* After a sum that is not zero: which equations of which party do not hold. */
#include "mixnet/verify_internal.h"

static const struct {
	const char *name, *what;
} checks[] = {
	[MIX_CHECK_FILES] = {"files", "proof: a file is not what it should be"},
	[MIX_CHECK_EXPECTATION] = {"expectation", "proof: it is not about what was expected"},
	[MIX_CHECK_SHUFFLE_COUNT] = {"number of shuffles", "proof: fewer shuffles than the threshold"},
	[MIX_CHECK_CHAIN] = {"chain of lists", "proof: the output list is not the last shuffled list"},
	[MIX_CHECK_A] = {"shuffle equation A", "proof: shuffle equation A does not hold"},
	[MIX_CHECK_B] = {"shuffle equation B", "proof: shuffle equation B does not hold"},
	[MIX_CHECK_C] = {"shuffle equation C", "proof: shuffle equation C does not hold"},
	[MIX_CHECK_D] = {"shuffle equation D", "proof: shuffle equation D does not hold"},
	[MIX_CHECK_F] = {"shuffle equation F", "proof: shuffle equation F does not hold"},
	[MIX_CHECK_CONSISTENT_A] = {"consistency equation A",
                                "proof: consistency equation A does not hold"},
	[MIX_CHECK_DECRYPTION_COMMITMENT] = {"decryption commitment equation",
                                         "proof: decryption commitment equation does not hold"},
	[MIX_CHECK_DECRYPTION_FACTORS] = {"decryption factor equation",
                                      "proof: decryption factor equation does not hold"},
	[MIX_CHECK_PLACEHOLDER] = {"placeholder",
                               "proof: a party not marked correct has a reply other than 0"},
	[MIX_CHECK_CORRECT_INDICES] = {"correct indices",
                                   "proof: fewer correct parties than the threshold"},
	[MIX_CHECK_PLAINTEXTS] = {"plaintexts", "proof: the plaintexts are not those of the list"},
};

const char *mix_check_name(enum mix_check check)
{
	return checks[check].name;
}

void verifier_found(struct verifier *v, enum mix_check check, unsigned party, uint64_t at,
                    struct error *err)
{
	const struct mix_verify_job *job = v->job;
	struct mix_finding finding = {check, party, at};
	if (job->report)
		job->report(job->report_ctx, &finding);
	if (!v->found && check != MIX_CHECK_FILES) {
		fail(err, ERROR_REJECTED, checks[check].what, at);
		if (at != ERROR_NOWHERE && check != MIX_CHECK_SHUFFLE_COUNT)
			fail_within_index(err, "element", at);
		if (party)
			fail_within_index(err, "party", party);
	}
	v->found = true;
}

static bool holds(struct verifier *v, uint64_t lo, uint64_t hi, bool *out, struct error *err)
{
	v->weights.lo = lo;
	v->weights.hi = hi;
	return verifier_sum(v, out, err);
}

/* The first instance that fails, by halving: the one before lo hold, one of [lo, hi) does not. */
static bool find_index(struct verifier *v, uint64_t n, uint64_t *at, struct error *err)
{
	uint64_t lo = 0, hi = n;
	while (hi - lo > 1) {
		uint64_t middle = lo + (hi - lo) / 2;
		bool good;
		if (!holds(v, lo, middle, &good, err))
			return false;
		if (good)
			lo = middle;
		else
			hi = middle;
	}
	*at = lo;
	return true;
}

static bool examine(struct verifier *v, enum mix_check check, unsigned party, struct error *err)
{
	uint64_t at = ERROR_NOWHERE;
	uint64_t instances = 0;
	bool good;
	if (check == MIX_CHECK_B)
		instances = v->layout.n0 ? v->layout.n0 : v->layout.n;
	else if (check == MIX_CHECK_PLAINTEXTS)
		instances = v->layout.n;
	v->weights.check = check;
	v->weights.party = party;
	if (!holds(v, 0, UINT64_MAX, &good, err))
		return false;
	if (good)
		return true;
	if (instances && !find_index(v, instances, &at, err))
		return false;
	verifier_found(v, check, party, at, err);
	return true;
}

static bool examine_all(struct verifier *v, struct error *err)
{
	static const enum mix_check of_shuffle[] = {
		MIX_CHECK_A, MIX_CHECK_B, MIX_CHECK_C, MIX_CHECK_D, MIX_CHECK_CONSISTENT_A, MIX_CHECK_F};
	for (size_t i = 0; i < v->shuffles; i++) {
		for (size_t c = 0; c < sizeof of_shuffle / sizeof of_shuffle[0]; c++) {
			if (of_shuffle[c] == MIX_CHECK_CONSISTENT_A && v->layout.n0 == 0)
				continue;
			if (!examine(v, of_shuffle[c], v->order[i], err))
				return false;
		}
	}
	for (unsigned p = 1; v->decrypts && p <= v->session->parties; p++) {
		if (v->correct[p] && (!examine(v, MIX_CHECK_DECRYPTION_COMMITMENT, p, err) ||
		                      !examine(v, MIX_CHECK_DECRYPTION_FACTORS, p, err)))
			return false;
	}
	return !v->decrypts || examine(v, MIX_CHECK_PLAINTEXTS, 0, err);
}

bool verifier_name_culprits(struct verifier *v, struct error *err)
{
	bool before = v->found;
	struct error machine;
	error_clear(&machine);
	v->weights.only = true;
	if (!examine_all(v, &machine)) {
		if (err)
			*err = machine;
		return false;
	}
	if (!before && err)
		*err = machine;
	if (!v->found)
		return fail(err, ERROR_REJECTED, "proof: the equations do not hold together",
		            ERROR_NOWHERE);
	return true;
}
