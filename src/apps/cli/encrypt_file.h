/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Imported ballots, encrypted into ballots.bt: in blocks, by all workers, written in order.
 *
 * Secrets: nonces and pseudonyms; each worker has its own generator, and its scratch is wiped. What
 * the ballots say is known to whoever has the file.
 * Memory: world->arena for the call; 2 MB a worker and the ballots of one round.
 */
#ifndef CLI_ENCRYPT_FILE_H
#define CLI_ENCRYPT_FILE_H

#include "cli/import.h"

/* CONFLICT when the record has a ballots.bt. Nothing is visible unless all are written. */
bool encrypt_into_record(const struct import *im, struct election *e, struct error *err) must_check;

#endif
