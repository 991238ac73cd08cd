/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One step of a decryption at work: its layout, its engine, its hashes.
 */
#ifndef MIXNET_DECRYPTION_INTERNAL_H
#define MIXNET_DECRYPTION_INTERNAL_H

#include "mixnet/decryption.h"
#include "mixnet/engine_internal.h"

struct decryption {
	const struct decryption_job *job;
	const struct mix_session *session;
	struct mix_layout layout; /* only n */
	struct transcript transcript;
	struct decryption_files files;
	struct engine engine;
	size_t mark;
	uint64_t steps, step; /* progress */
};

/* Finds N and takes memory; done gives it back wiped. Call done in any case. */
bool decryption_begin(struct decryption *d, const struct decryption_job *job,
                      struct error *err) must_check;
void decryption_done(struct decryption *d);
/* From job->frozen, or found and left there; and e. */
bool decryption_freeze(struct decryption *d, struct decryption_frozen *out, struct prg *e,
                       struct error *err) must_check;
/* out[c] = Σ e_i·p_i over column c of a list (of its first ω columns). */
bool decryption_batch(struct decryption *d, const char *path, enum mix_list kind,
                      const struct prg *e, point out[static LIMIT_WIDTH],
                      struct error *err) must_check;

#endif
