/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One contest from a ballot file: the options that `urna manifest new` and `urna run` share, and
 * the manifest they give.
 */
#ifndef CLI_CONTEST_H
#define CLI_CONTEST_H

#include "cli/ballot_file.h"
#include "cli/options.h"
#include "cli/people.h"
#include "cli/session.h"
#include "cli/terms.h"

struct contest_options {
	const char *file, *rule, *title;
	struct terms_options terms;
	uint32_t seats, points, total;
	const char *lot_text;
	uint16_t lot[LIMIT_ANSWERS];
	unsigned lot_count;
};
#define CONTEST_OPTIONS_DEFAULT ((struct contest_options){.terms = TERMS_OPTIONS_DEFAULT})

/* For struct argp_child; its input is a struct contest_options. */
extern const struct argp contest_argp;
/* Ends the program unless FILE, --rule and --threshold ≤ authorities are there. */
void contest_check_options(struct argp_state *state, const struct contest_options *o,
                           unsigned authorities);

/* Seats and lot go with the candidates of the file: REJECTED, and wrong usage where they are the
 * options'. */
bool contest_fits(struct session *s, const struct contest_options *o, const struct profile *p,
                  struct error *err) must_check;
/* The file can be counted by the rule: no tie that needs a lot nobody declared, rankings where
 * ranks are needed. What is open here anyway is better said before an election is held. */
bool contest_check_count(const struct contest_options *o, const struct profile *p,
                         struct arena *arena, struct error *err) must_check;
/* The exact bytes of manifest.json. */
bool contest_manifest(bytes *out, const struct contest_options *o, const struct profile *profile,
                      const struct people *people, struct arena *arena,
                      struct error *err) must_check;

#endif
