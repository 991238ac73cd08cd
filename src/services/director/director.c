/* SPDX-License-Identifier: Apache-2.0 */
#include "director/director_internal.h"

bool director_open(struct director *out, const struct manifest *m, const struct election_key *key,
                   struct folder *record, struct tally_world *world, struct error *err)
{
	const size_t count = (size_t)m->lists_count * LIMIT_PARTIES;
	*out = (struct director){.manifest = m, .key = key, .record = record, .world = world};
	out->proved = arena_take_array(world->arena, count, digest, err);
	if (out->proved)
		memset(out->proved, 0, count * sizeof *out->proved);
	return out->proved;
}

bool look_blame(struct looking *k, unsigned party, const struct error *why, struct error *err)
{
	struct director_list *out = k->out;
	if (why->kind == ERROR_IO || why->kind == ERROR_LIMIT || why->kind == ERROR_BUG) {
		if (err)
			*err = *why;
		return false;
	}
	require(out->faults_count < sizeof out->faults / sizeof *out->faults);
	out->faults[out->faults_count++] = (struct director_fault){.party = party, .why = *why};
	return true;
}

bool look_exists(const struct looking *k, enum mix_file file, unsigned party)
{
	char path[RECORD_PATH_BYTES];
	proof_file_path(path, k->list, file, party);
	return k->d->record->exists(k->d->record, path);
}

static bool is_declared_empty(const struct looking *k)
{
	const struct endorsements e = {k->d->record, k->d->manifest, k->out->auxsid, "empty", 0};
	bool any = k->d->box && k->d->box->list_sizes[k->list] == 0;
	for (unsigned l = 1; l <= k->d->manifest->authorities_count; l++)
		any = any || endorsement_exists(&e, l);
	return any && !look_exists(k, MIX_FILE_INPUT, 0);
}

static void find_active(bool active[static LIMIT_PARTIES + 1], const struct looking *k)
{
	const struct endorsements e = {k->d->record, k->d->manifest, k->out->auxsid, "ready", 0};
	bool any = false;
	active[0] = false;
	for (unsigned l = 1; l <= LIMIT_PARTIES; l++) {
		active[l] =
			l <= k->session.parties && k->d->key->qualified[l - 1] && endorsement_exists(&e, l);
		any = any || active[l];
	}
	for (unsigned l = 1; !any && l <= k->session.parties; l++)
		active[l] = k->d->key->qualified[l - 1];
}

bool director_look(struct director_list *out, struct director *d, unsigned list, const bool *active,
                   struct error *err)
{
	bool found[LIMIT_PARTIES + 1], go_on = false;
	char path[RECORD_PATH_BYTES];
	struct looking k = {.d = d, .out = out, .list = list, .active = active ? active : found};
	*out = (struct director_list){.list = list};
	list_auxsid(out->auxsid, list);
	proof_folder_path(path, list);
	proof_key(&k.key, d->key);
	if (!proof_session(&k.session, d->manifest, d->key, list, err) ||
	    !subfolder_init(&k.folder, d->record, path, err))
		return false;
	if (is_declared_empty(&k)) {
		out->state = DIRECTOR_EMPTY;
		return true;
	}
	find_active(found, &k);
	if (!look_at_chain(&k, &go_on, err))
		return fail_within(err, out->auxsid);
	if (!go_on)
		return true;
	out->state = DIRECTOR_DECRYPTING;
	return (look_exists(&k, MIX_FILE_PLAINTEXTS, 0) ? look_at_plaintexts(&k, err)
	                                                : look_at_decryption(&k, err)) ||
	       fail_within(err, out->auxsid);
}
