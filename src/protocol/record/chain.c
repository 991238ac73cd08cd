/* SPDX-License-Identifier: Apache-2.0 */
#include "record/chain.h"

#include "record/endorse.h"

/* --- reading --- */

static bool read_statement(struct statement_mix *m, const struct shuffle_place *p, unsigned party)
{
	struct folder *r = p->record;
	*m = (struct statement_mix){.party = party};
	return proof_digest(&m->permutation_commitment, r, p->list, MIX_FILE_PERMUTATION, party,
	                    NULL) &&
	       proof_digest(&m->commitment, r, p->list, MIX_FILE_POS_COMMITMENT, party, NULL) &&
	       proof_digest(&m->reply, r, p->list, MIX_FILE_POS_REPLY, party, NULL) &&
	       proof_digest(&m->output, r, p->list, MIX_FILE_LIST, party, NULL);
}

static const digest *list_of(const struct shuffle_tree *t, const struct shuffle_place *p,
                             unsigned party)
{
	return party ? &t->of[party].output : p->input;
}

static bool still_counts(const struct shuffle_tree *t, const struct shuffle_place *p,
                         unsigned party, const digest *signature)
{
	const unsigned parent = t->of[party].parent;
	return t->of[party].state == SHUFFLE_COUNTS &&
	       digest_equal(&t->of[party].signature, signature) &&
	       (parent == 0 || t->of[parent].state == SHUFFLE_COUNTS) &&
	       digest_equal(&t->of[party].input, list_of(t, p, parent));
}

/* On which list it is signed; those of lower number are read already. */
static void find_parent(struct shuffle_tree *t, const struct shuffle_place *p,
                        const struct endorsements *e, unsigned party)
{
	struct statement_mix m;
	t->of[party].state = SHUFFLE_UNFIT;
	if (!read_statement(&m, p, party))
		return;
	for (unsigned l = 0; l < party; l++) {
		if (l && t->of[l].state != SHUFFLE_COUNTS)
			continue;
		m.input = *list_of(t, p, l);
		digest statement = statement_mix(p->eid, e->auxsid, &m);
		if (!endorsement_of(e, party, &statement, NULL))
			continue;
		t->of[party].state = SHUFFLE_COUNTS;
		t->of[party].parent = l;
		t->of[party].input = m.input;
		t->of[party].output = m.output;
		return;
	}
}

void shuffle_tree_read(struct shuffle_tree *t, const struct shuffle_place *p)
{
	char auxsid[AUXSID_BYTES];
	list_auxsid(auxsid, p->list);
	const struct endorsements e = {p->record, p->manifest, auxsid, "mix", 0};
	t->parties = p->manifest->authorities_count;
	for (unsigned l = 1; l <= t->parties; l++) {
		char path[RECORD_PATH_BYTES];
		digest signature = {{0}};
		endorsement_path(path, auxsid, "mix", l);
		if (!endorsement_exists(&e, l)) {
			t->of[l].state = SHUFFLE_NONE;
			continue;
		}
		if (!record_file_digest(&signature, p->record, path, NULL))
			t->of[l].state = SHUFFLE_UNFIT;
		else if (!still_counts(t, p, l, &signature))
			find_parent(t, p, &e, l);
		t->of[l].signature = signature;
		t->of[l].depth = t->of[l].state == SHUFFLE_COUNTS ? t->of[t->of[l].parent].depth + 1 : 0;
	}
}

void shuffle_tree_drop(struct shuffle_tree *t, unsigned party)
{
	t->of[party].state = SHUFFLE_UNFIT;
	for (unsigned l = party + 1; l <= t->parties; l++) {
		unsigned parent = t->of[l].parent;
		if (t->of[l].state == SHUFFLE_COUNTS && parent && t->of[parent].state != SHUFFLE_COUNTS)
			t->of[l].state = SHUFFLE_UNFIT;
	}
}

/* --- choosing --- */

unsigned shuffle_tree_way(unsigned chain[static LIMIT_PARTIES], const struct shuffle_tree *t,
                          unsigned party)
{
	const unsigned count = party ? t->of[party].depth : 0;
	for (unsigned i = count; i > 0; i--, party = t->of[party].parent)
		chain[i - 1] = party;
	return count;
}

static enum chain_hope hope_behind(unsigned last, const struct shuffle_tree *t, unsigned threshold,
                                   const bool *able)
{
	const unsigned count = last ? t->of[last].depth : 0;
	unsigned free = 0, all = 0;
	for (unsigned l = last + 1; l <= t->parties; l++) {
		all += !able || able[l];
		free += (!able || able[l]) && t->of[l].state == SHUFFLE_NONE;
	}
	if (count + free >= threshold)
		return CHAIN_CAN_END;
	return count + all >= threshold ? CHAIN_CAN_END_IF_CLEARED : CHAIN_STUCK;
}

unsigned shuffle_tree_last(enum chain_hope *hope, const struct shuffle_tree *t, unsigned threshold,
                           const bool *able)
{
	unsigned best = 0;
	*hope = hope_behind(0, t, threshold, able);
	for (unsigned l = 1; l <= t->parties; l++) {
		const unsigned depth = t->of[l].depth, most = best ? t->of[best].depth : 0;
		if (t->of[l].state != SHUFFLE_COUNTS || depth > threshold)
			continue;
		const enum chain_hope here = hope_behind(l, t, threshold, able);
		if (here < *hope || (here == *hope && depth <= most))
			continue;
		best = l;
		*hope = here;
	}
	return best;
}

unsigned shuffle_tree_complete(const struct shuffle_tree *t, unsigned threshold)
{
	unsigned count = 0;
	for (unsigned l = 1; l <= t->parties; l++)
		count += t->of[l].state == SHUFFLE_COUNTS && t->of[l].depth == threshold;
	return count;
}
