/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a list's proof lies in a record, and what its parameters are: functions of the manifest and
 * the election's key alone, so that nothing in a proof has to be believed.
 */
#ifndef RECORD_PROOF_H
#define RECORD_PROOF_H

#include "ceremony/ceremony.h"
#include "mixnet/proof_dir.h"
#include "mixnet/protinfo.h"
#include "mixnet/session.h"
#include "record/lists.h"
#include "record/statement.h"

/* "proof/l1/nizkp/l1" and "proof/l1/protInfo.xml" */
void proof_folder_path(char out[static RECORD_PATH_BYTES], unsigned list);
void proof_protinfo_path(char out[static RECORD_PATH_BYTES], unsigned list);

/* A file of the proof directory, seen from the record. */
void proof_file_path(char out[static RECORD_PATH_BYTES], unsigned list, enum mix_file file,
                     unsigned party);

/* The session of one list: sid = "urna" ‖ hex(EID), auxsid "l1"…, the width of the list's group. */
bool proof_session(struct mix_session *out, const struct manifest *m,
                   const struct election_key *key, unsigned list, struct error *err) must_check;
void proof_key(struct mix_key *out, const struct election_key *key);
/* The exact bytes of protInfo.xml, in the arena. */
bool proof_protinfo(bytes *out, const struct manifest *m, const struct mix_session *s,
                    struct arena *arena, struct error *err) must_check;

/* Files of a proof that the statements speak of. */
bool proof_digest(digest *out, struct folder *record, unsigned list, enum mix_file file,
                  unsigned party, struct error *err) must_check;
/* The digests of one kind of file for all parties 1…n. */
bool proof_digests(digest *out, struct folder *record, unsigned list, enum mix_file file,
                   unsigned parties, struct error *err) must_check;

#endif
