/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Imported ballots, encrypted into a file: in blocks, by all workers, written in order.
 *
 * Secrets: nonces, pseudonyms, and voters' keys where ballots are signed; each worker has its own
 *   generator, and its scratch is wiped. What the ballots say is known to whoever has the file.
 * Memory: world->arena for the call; 2 MB a worker and the ballots of one round.
 */
#ifndef CLI_ENCRYPT_FILE_H
#define CLI_ENCRYPT_FILE_H

#include "cli/import.h"

struct encrypt_job {
	const struct import *im;
	struct election *election;
	const credential_code *codes; /* credential mode: one for each ballot; else NULL */
	uint32_t seq;                 /* of every ballot: how often its voter has voted before */
};
/* Neither commits nor aborts the sink. */
bool encrypt_to(struct sink *sink, const struct encrypt_job *job, struct error *err) must_check;

#endif
