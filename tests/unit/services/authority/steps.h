/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of an authority's steps have in common; each program has its own copy. */
#ifndef AUTHORITY_STEPS_H
#define AUTHORITY_STEPS_H

#include "support/election.h"

#include <stdlib.h>

#define PROOF "proof/l1/nizkp/l1/"
#define PROOFS PROOF "proofs/"

static struct election_report report;

static inline void ready_to_mix(struct election *e, unsigned parties, unsigned threshold)
{
	election_begin(e, &PLAN_SMALL(parties, threshold), 1);
	election_ceremony(e);
	for (unsigned i = 0; i < 3; i++)
		election_mark(e, i);
	election_write_box(e);
}

static inline void timeouts(struct election *e, uint64_t ms)
{
	for (unsigned i = 0; i < e->parties; i++)
		e->party[i].authority.timeout_ms = ms;
}

static inline bool there(const struct election *e, const char *path)
{
	return e->record->exists(e->record, path);
}

static inline bytes content(struct election *e, const char *path)
{
	return election_read(e->record, path);
}

static inline void drop(bytes b)
{
	free((void *)(uintptr_t)b.p);
}

static inline void failed(const struct election *e, unsigned party, enum error_kind kind,
                          const char *detail)
{
	const struct error *err = &e->party[party - 1].err;
	assert_false(e->party[party - 1].good);
	if (err->kind != kind || !(strstr(err->detail, detail) || strstr(err->what, detail)))
		fail_msg("party %u: %s: %s (%s)", party, error_kind_name(err->kind), err->what,
		         err->detail);
}

static inline void verified(struct election *e)
{
	election_finish(e);
	if (election_verify(e, e->record, true, &report) != RECORD_VERIFIED)
		fail_msg("%s failed: %s", election_failed(&report),
		         election_error(&report, election_failed(&report))->what);
}

#endif
