/* SPDX-License-Identifier: Apache-2.0 */
#include "record/evidence.h"

/* Form, and the board's signature; the election is what the checkpoint says itself. */
static bool read_one(struct note *n, struct checkpoint *c, const struct manifest *m, bytes in,
                     struct error *err)
{
	if (!note_read(n, in, err) || !checkpoint_read(c, n->text, err))
		return false;
	if (!bytes_equal(c->origin, m->board.name))
		return fail(err, ERROR_REJECTED, "checkpoint: of another log than the manifest's board", 1);
	return note_signed_by_board(n, 0, &m->board, err) || fail_within(err, "the board's signature");
}

bool checkpoints_convict(struct checkpoint_fork *out, const struct manifest *m, bytes a, bytes b,
                         struct error *err)
{
	struct note first, second;
	memset(out, 0, sizeof *out);
	if (!read_one(&first, &out->first, m, a, err))
		return fail_within(err, "first checkpoint");
	if (!read_one(&second, &out->second, m, b, err))
		return fail_within(err, "second checkpoint");
	const char *what =
		!digest_equal(&out->first.eid, &out->second.eid)    ? "checkpoint: of two elections"
		: out->first.size != out->second.size               ? "checkpoint: logs of two sizes"
		: digest_equal(&out->first.root, &out->second.root) ? "checkpoint: twice the same log"
															: NULL;
	if (what)
		return fail_detail(err, ERROR_REJECTED, what, ERROR_NOWHERE, "they convict nobody");
	for (unsigned w = 0; w < m->witnesses_count; w++) {
		out->witness[w] = note_has_cosigned(&first, &m->witnesses[w]) &&
		                  note_has_cosigned(&second, &m->witnesses[w]);
		out->witnesses += out->witness[w];
	}
	return true;
}

static bool same_list(const struct credentials_fork *f)
{
	return digest_equal(&f->first.file, &f->second.file) && f->first.records == f->second.records;
}

bool credentials_convict(struct credentials_fork *out, const struct manifest *m, struct folder *a,
                         struct folder *b, struct error *err)
{
	memset(out, 0, sizeof *out);
	if (m->mode != BALLOT_CREDENTIALS)
		return fail_detail(err, ERROR_REJECTED, "credentials: this manifest names no registrar",
		                   ERROR_NOWHERE, "they convict nobody");
	if (!credentials_read(&out->first, a, m, NULL, NULL, err))
		return fail_within(err, "first list");
	if (!credentials_read(&out->second, b, m, NULL, NULL, err))
		return fail_within(err, "second list");
	return !same_list(out) || fail_detail(err, ERROR_REJECTED, "credentials: twice the same list",
	                                      ERROR_NOWHERE, "they convict nobody");
}
