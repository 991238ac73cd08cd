/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECORD_NOTE_INTERNAL_H
#define RECORD_NOTE_INTERNAL_H

#include "record/note.h"

#define NOTE_TIME_BYTES 8u
#define NOTE_COSIGNATURE_BYTES (NOTE_TIME_BYTES + IDENTITY_SIGNATURE_BYTES)
#define COSIGNED_MAX (64u + CHECKPOINT_TEXT_MAX)

struct note_blob {
	uint8_t p[NOTE_COSIGNATURE_BYTES];
	size_t len;
	const uint8_t *key; /* the signer's public key */
};
void note_add_signature(struct text *out, enum note_key_type type, bytes name,
                        const struct note_blob *blob);

#endif
