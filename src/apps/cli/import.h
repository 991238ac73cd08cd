/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ballot files as single ballots: each paper stands for as many ballots as it counts, and their
 * order is drawn at random, so that equal ballots do not lie together.
 *
 * A manifest of several questions takes a file for each. Ballot i then holds the i-th ballot of
 * each file in its own random order (files say nothing about who cast what together), and blank
 * answers where a file has no more.
 */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include "cli/ballot_file.h"
#include "cli/election.h"
#include "record/credentials.h"

struct import_question {
	const struct manifest_question *question;
	struct profile profile;
	uint32_t *order; /* papers_count-th paper of ballot i, for i < ballots */
	uint64_t ballots;
};

struct import {
	const struct manifest *manifest;
	const struct manifest_style *style;
	struct import_question
		*questions;   /* of the manifest, in its order; those of the style are set */
	uint64_t ballots; /* the most of any question */
};

/*
 * files: "FILE", or "ID=FILE" for each question of the style; style NULL: the one that has every
 * question.
 * Errors: REJECTED when the candidates are not the question's answers (detail: the difference), a
 *   paper has more preferences than the manifest allows, a question has no file, or there is no
 *   such style, or more than one.
 * Memory: world->arena keeps it: 4 bytes a ballot and question beside the profiles.
 */
struct import_files {
	const char *style;
	const char *const *files;
	unsigned count;
};
bool import_read(struct import *out, const struct election *e, const struct import_files *files,
                 struct error *err) must_check;

/* The digits of ballot i for one group of the style, into choices_digits of its questions. */
bool import_digits(uint32_t *digits, const struct import *im, unsigned group, uint64_t i,
                   struct error *err) must_check;

#endif
