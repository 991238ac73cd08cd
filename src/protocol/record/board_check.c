/* SPDX-License-Identifier: Apache-2.0 */
/* What the board makes sure of before it signs the files of a tally: nobody can change them after.
 */
#include "record/board.h"

#include "record/verify.h"

#include <string.h>

struct collected {
	struct report report; /* first member */
	bool failed;
	char code[8];
	struct error why;
};

/* Of the tally and of its files. The rest is the log, as it was closed, and what is yet to come. */
static bool concerns_tally(const char *code)
{
	static const char *const codes[] = {"2.1", "3.1", "3.2", "4.1", "6.3", "7.", "8.", "9.", "10."};
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strncmp(code, codes[i], strlen(codes[i])) == 0)
			return true;
	return false;
}

static void collect(struct report *r, const struct check *c)
{
	struct collected *all = (struct collected *)r;
	if (all->failed || c->outcome == CHECK_PASSED || c->outcome == CHECK_NOTE ||
	    !concerns_tally(c->code))
		return;
	strncat(all->code, c->code, sizeof all->code - 1);
	all->failed = true;
	all->why = c->error;
	if (all->why.kind == ERROR_NONE)
		fail_detail(&all->why, ERROR_UNAVAILABLE, "verify: a check was skipped", ERROR_NOWHERE,
		            c->sentence);
}

bool board_check_tally(const struct board_final *f, struct error *err)
{
	struct collected all = {.report = {collect}};
	const struct record_anchor anchor = {.kind = ANCHOR_ELECTION, .eid = f->key->eid};
	size_t mark = arena_mark(f->world->arena);
	(void)record_verify(f->record, &anchor, f->world, &all.report);
	arena_release(f->world->arena, mark);
	if (!all.failed)
		return true;
	if (err)
		*err = all.why;
	return fail_within(err, all.code);
}
