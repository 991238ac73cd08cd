/* SPDX-License-Identifier: Apache-2.0 */
/* The shuffles of a list: which hold, and what is wrong with the others. */
#include "director/director_internal.h"

static const enum mix_file files[] = {MIX_FILE_LIST, MIX_FILE_PERMUTATION, MIX_FILE_POS_COMMITMENT,
                                      MIX_FILE_POS_REPLY};
#define FILES (sizeof files / sizeof *files)

static struct endorsements mixes(const struct looking *k)
{
	return (struct endorsements){k->d->record, k->d->manifest, k->out->auxsid, "mix", 0};
}

/* --- what nobody signed --- */

static bool input_is_right(struct looking *k, struct error *err)
{
	const struct ballot_box *box = k->d->box;
	struct mix_key found;
	if (!proof_digest(&k->last, k->d->record, k->list, MIX_FILE_INPUT, 0, err))
		return false;
	if (box && !digest_equal(&k->last, &box->list_digests[k->list]))
		return fail(err, ERROR_REJECTED, "mix: Ciphertexts.bt is not the list of the ballots",
		            ERROR_NOWHERE);
	if (!look_exists(k, MIX_FILE_PUBLIC_KEY, 0))
		return true; /* nobody has begun */
	if (!mix_key_read(&found, &k->folder.folder, &k->session, err))
		return false;
	bool same = point_equal(&found.y, &k->key.y);
	for (unsigned i = 0; i < k->session.threshold; i++)
		same = same && point_equal(&found.polynomial[i], &k->key.polynomial[i]);
	return same || fail(err, ERROR_REJECTED,
	                    "mix: the key in the proof directory is not the election's", ERROR_NOWHERE);
}

/* --- one shuffle --- */

static bool statement_after(digest *out, digest *output, const struct looking *k, unsigned party,
                            const digest *input, struct error *err)
{
	struct statement_mix m = {.party = party, .input = *input};
	digest *const to[FILES] = {&m.output, &m.permutation_commitment, &m.commitment, &m.reply};
	for (size_t i = 0; i < FILES; i++)
		if (!proof_digest(to[i], k->d->record, k->list, files[i], party, err))
			return false;
	*out = statement_mix(&k->d->key->eid, k->out->auxsid, &m);
	*output = m.output;
	return true;
}

/* Signed, but on another input than the chain's last list? Then it is said so. */
static bool signed_after_another(const struct looking *k, unsigned party)
{
	const struct endorsements e = mixes(k);
	for (unsigned l = 0; l <= k->session.parties; l++) {
		digest input, statement, output;
		if (l != party &&
		    proof_digest(&input, k->d->record, k->list, l ? MIX_FILE_LIST : MIX_FILE_INPUT, l,
		                 NULL) &&
		    statement_after(&statement, &output, k, party, &input, NULL) &&
		    endorsement_of(&e, party, &statement, NULL))
			return true;
	}
	return false;
}

static bool equations_hold(struct looking *k, unsigned party, struct error *err)
{
	struct tally_world *w = k->d->world;
	const unsigned count = k->out->chain_count;
	size_t mark = arena_mark(w->arena);
	const struct mix_verify_job job = {
		.folder = &k->folder.folder,
		.session = &k->session,
		.expected = {.any_type = true, .key = &k->key, .input = &k->last},
		.after = count ? k->out->chain[count - 1] : 0,
		.rng = w->rng,
		.workers = w->workers,
		.memory = w->arena,
		.progress = w->progress,
	};
	bool good = mix_verify_shuffles(&job, &party, 1, NULL, err);
	arena_release(w->arena, mark);
	return good;
}

/* Why a signature is not in the chain: who it stands behind is what `k->last` ends with. */
static void not_in_chain(struct looking *k, unsigned party, struct error *why)
{
	const struct endorsements e = mixes(k);
	digest statement, output;
	if (k->out->chain_count == k->session.threshold)
		fail(why, ERROR_REJECTED, "mix: as many as the threshold have shuffled without it", party);
	else if (!statement_after(&statement, &output, k, party, &k->last, why))
		return;
	else if (endorsement_of(&e, party, &statement, why))
		fail(why, ERROR_REJECTED,
		     "mix: this party has shuffled out of turn; too few are left above it to go on", party);
	else if (signed_after_another(k, party))
		fail(why, ERROR_REJECTED,
		     "mix: this party has shuffled another list than the last of the chain", party);
}

/* A member of the chain. false: its equations do not hold, or, with err, the machine failed. */
static bool shuffle_holds(struct looking *k, unsigned party, struct error *why)
{
	digest *known = &k->d->proved[(size_t)k->list * LIMIT_PARTIES + party - 1];
	digest statement, output;
	if (!statement_after(&statement, &output, k, party, &k->last, why))
		return false;
	if (!k->d->signatures_only && !digest_equal(known, &statement)) {
		if (!equations_hold(k, party, why))
			return false;
		*known = statement;
	}
	k->last = output;
	return true;
}

static bool left_files(const struct looking *k, unsigned party)
{
	bool any = false;
	for (size_t i = 0; i < FILES; i++)
		any = any || look_exists(k, files[i], party);
	return any;
}

static bool blame_for_files(struct looking *k, unsigned party, struct error *err)
{
	struct error why;
	error_clear(&why);
	fail(&why, ERROR_UNAVAILABLE, "mix: files of a shuffle that its author has not signed", party);
	if (!look_blame(k, party, &why, err))
		return false;
	k->out->faults[k->out->faults_count - 1].unsigned_files = true;
	return true;
}

/* The chain that can be ended, as far as it holds: whose equations do not is dropped from the tree,
 * and another way is looked for. */
static void find_chain(struct looking *k, const digest *input)
{
	unsigned way[LIMIT_PARTIES], count, i;
	enum chain_hope hope;
	do {
		k->out->chain_count = 0;
		k->last = *input;
		count = shuffle_tree_way(way, &k->tree,
		                         shuffle_tree_last(&hope, &k->tree, k->session.threshold, NULL));
		for (i = 0; i < count; i++) {
			struct error *why = &k->equations[way[i]];
			error_clear(why);
			if (!shuffle_holds(k, way[i], why))
				break;
			k->out->chain[k->out->chain_count++] = way[i];
		}
		if (i < count)
			shuffle_tree_drop(&k->tree, way[i]);
	} while (i < count);
}

static bool look_at_party(struct looking *k, unsigned party, struct error *err)
{
	const struct endorsements e = mixes(k);
	struct error why = k->equations[party];
	for (unsigned i = 0; i < k->out->chain_count; i++)
		if (k->out->chain[i] == party)
			return true;
	if (!endorsement_exists(&e, party))
		return !left_files(k, party) || blame_for_files(k, party, err);
	if (why.kind == ERROR_NONE)
		not_in_chain(k, party, &why);
	return look_blame(k, party, &why, err);
}

/* --- all of them --- */

/* Who is the last shuffler must stand in the directory; the last one puts it there. */
static bool is_framed(const struct looking *k)
{
	char path[RECORD_PATH_BYTES], want[16];
	uint8_t room[4];
	bytes got;
	struct text t = TEXT_OF(want);
	text_add_u64(&t, k->out->chain[k->out->chain_count - 1]);
	proof_file_path(path, k->list, MIX_FILE_ACTIVETHRESHOLD, 0);
	return folder_read(k->d->record, path, room, sizeof room, &got, NULL) &&
	       bytes_equal(got, bytes_of(want, t.len));
}

bool look_at_chain(struct looking *k, bool *go_on, struct error *err)
{
	struct director_list *out = k->out;
	struct error why;
	error_clear(&why);
	*go_on = false;
	if (!look_exists(k, MIX_FILE_INPUT, 0)) /* nobody has begun */
		return true;
	if (!input_is_right(k, &why))
		return look_blame(k, 0, &why, err);
	const digest input = k->last;
	const struct shuffle_place place = {k->d->record, k->d->manifest, &k->d->key->eid, k->list,
	                                    &input};
	shuffle_tree_read(&k->tree, &place);
	find_chain(k, &input);
	for (unsigned l = 1; l <= k->session.parties; l++)
		if (!look_at_party(k, l, err))
			return false;
	*go_on = out->chain_count == k->session.threshold && is_framed(k);
	return true;
}

/* --- who is next --- */

static unsigned followers(bool wanted[LIMIT_PARTIES + 1], unsigned after, unsigned most,
                          const bool can[LIMIT_PARTIES + 1])
{
	unsigned count = 0;
	for (unsigned l = after + 1; l <= LIMIT_PARTIES && count < most; l++) {
		if (!can[l])
			continue;
		count++;
		if (wanted)
			wanted[l] = true;
	}
	return count;
}

bool director_wanted(bool wanted[LIMIT_PARTIES + 1], unsigned *keep, const struct director *d,
                     const struct director_list *l, const bool can[LIMIT_PARTIES + 1])
{
	const unsigned threshold = d->manifest->threshold;
	*keep = l->chain_count;
	if (l->state == DIRECTOR_EMPTY || l->state == DIRECTOR_OPEN || l->chain_count == threshold)
		return true;
	for (;; --*keep) {
		unsigned after = *keep ? l->chain[*keep - 1] : 0, missing = threshold - *keep;
		if (followers(NULL, after, missing, can) == missing) {
			if (*keep < l->chain_count)
				return false;
			followers(wanted, after, missing, can);
			return true;
		}
		if (*keep == 0)
			break;
	}
	*keep = UINT32_MAX;
	return false;
}
