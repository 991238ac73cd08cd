/* SPDX-License-Identifier: Apache-2.0 */
#include "record/proof.h"

static void path_of(char out[static RECORD_PATH_BYTES], unsigned list, const char *inside)
{
	char auxsid[AUXSID_BYTES];
	struct text t = {out, RECORD_PATH_BYTES, 0, false};
	list_auxsid(auxsid, list);
	text_add(&t, "proof/");
	text_add(&t, auxsid);
	text_add(&t, "/");
	text_add(&t, inside ? inside : "nizkp/");
	if (!inside)
		text_add(&t, auxsid);
	require(!t.cut);
}

void proof_folder_path(char out[static RECORD_PATH_BYTES], unsigned list)
{
	path_of(out, list, NULL);
}

void proof_protinfo_path(char out[static RECORD_PATH_BYTES], unsigned list)
{
	path_of(out, list, "protInfo.xml");
}

void proof_file_path(char out[static RECORD_PATH_BYTES], unsigned list, enum mix_file file,
                     unsigned party)
{
	struct mix_path inside = mix_path(file, party);
	proof_folder_path(out, list);
	struct text t = {out, RECORD_PATH_BYTES, strlen(out), false};
	text_add(&t, "/");
	text_add(&t, inside.text);
	require(!t.cut);
}

bool proof_session(struct mix_session *out, const struct manifest *m,
                   const struct election_key *key, unsigned list, struct error *err)
{
	char sid[ELECTION_SID_BYTES + 1], auxsid[AUXSID_BYTES];
	election_sid(sid, key);
	list_auxsid(auxsid, list);
	if (!mix_session_init(out, bytes_of_text(sid), bytes_of_text(auxsid), m->authorities_count,
	                      m->threshold, err))
		return false;
	out->width = m->groups[m->lists[list].group].code.width;
	return mix_session_validate(out, err);
}

void proof_key(struct mix_key *out, const struct election_key *key)
{
	memset(out, 0, sizeof *out);
	out->y = key->polynomial[0];
	memcpy(out->polynomial, key->polynomial, sizeof out->polynomial);
}

bool proof_protinfo(bytes *out, const struct manifest *m, const struct mix_session *s,
                    struct arena *arena, struct error *err)
{
	const char *operators[LIMIT_PARTIES];
	char *room = arena_take(arena, PROTINFO_ROOM, 1, err);
	if (!room)
		return false;
	for (unsigned i = 0; i < m->authorities_count; i++)
		operators[i] = (const char *)m->authorities[i].operator_name.p;
	struct text t = {room, PROTINFO_ROOM, 0, false};
	if (!protinfo_write(&t, s, operators, err))
		return false;
	*out = bytes_of(room, t.len);
	return true;
}

bool proof_digest(digest *out, struct folder *record, unsigned list, enum mix_file file,
                  unsigned party, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	proof_file_path(path, list, file, party);
	return record_file_digest(out, record, path, err);
}

bool proof_digests(digest *out, struct folder *record, unsigned list, enum mix_file file,
                   unsigned parties, struct error *err)
{
	for (unsigned l = 1; l <= parties; l++)
		if (!proof_digest(&out[l - 1], record, list, file, l, err))
			return false;
	return true;
}
