/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints: four lines about a tree, and the quorum that has seen them. */
#include "record/base64_internal.h"
#include "record/note_internal.h"

#define LINES 4u
#define ROOT_TEXT_BYTES 44u
static const char eid_label[] = "eid ";
#define EID_LABEL_BYTES (sizeof eid_label - 1)

void checkpoint_write(struct text *out, const struct checkpoint *c)
{
	text_add_bytes(out, c->origin);
	text_add(out, "\n");
	text_add_u64(out, c->size);
	text_add(out, "\n");
	base64_add(out, BYTES_OF(c->root.b));
	text_add(out, "\n");
	text_add(out, eid_label);
	text_add_hex(out, BYTES_OF(c->eid.b));
	text_add(out, "\n");
}

static bool cut_lines(bytes lines[static LINES], bytes text)
{
	size_t n = 0, from = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] != '\n')
			continue;
		if (n == LINES)
			return false;
		lines[n++] = bytes_of(text.p + from, i - from);
		from = i + 1;
	}
	return n == LINES && from == text.len;
}

static bool read_root(digest *out, bytes line)
{
	size_t len;
	return line.len == ROOT_TEXT_BYTES && base64_decode(out->b, sizeof out->b, &len, line) &&
	       len == sizeof out->b;
}

static bool read_eid(digest *out, bytes line)
{
	if (line.len != EID_LABEL_BYTES + 2 * sizeof out->b ||
	    memcmp(line.p, eid_label, EID_LABEL_BYTES) != 0)
		return false;
	for (size_t i = EID_LABEL_BYTES; i < line.len; i++)
		if (line.p[i] >= 'A' && line.p[i] <= 'F')
			return false;
	return hex_decode(out->b, sizeof out->b, bytes_from(line, EID_LABEL_BYTES));
}

bool checkpoint_read(struct checkpoint *out, bytes text, struct error *err)
{
	bytes lines[LINES];
	if (!cut_lines(lines, text))
		return fail(err, ERROR_MALFORMED, "checkpoint: not four lines", ERROR_NOWHERE);
	out->origin = lines[0];
	if (out->origin.len == 0 || out->origin.len > NOTE_NAME_MAX)
		return fail(err, ERROR_MALFORMED, "checkpoint: the first line is no name of a log", 1);
	if (!number_decode(&out->size, lines[1], INT64_MAX))
		return fail(err, ERROR_MALFORMED, "checkpoint: the second line is no size", 2);
	if (!read_root(&out->root, lines[2]))
		return fail(err, ERROR_MALFORMED, "checkpoint: the third line is no root", 3);
	return read_eid(&out->eid, lines[3]) ||
	       fail(err, ERROR_MALFORMED, "checkpoint: the fourth line is no election", 4);
}

bool checkpoint_sign(struct text *out, const struct checkpoint *c,
                     const struct identity_secret *board, struct error *err)
{
	struct note_blob blob = {.len = IDENTITY_SIGNATURE_BYTES, .key = board->pub};
	size_t start = out->len;
	checkpoint_write(out, c);
	identity_sign(blob.p, board, bytes_of(out->p + start, out->len - start));
	text_add(out, "\n");
	note_add_signature(out, NOTE_BOARD, c->origin, &blob);
	return !out->cut || fail(err, ERROR_LIMIT, "checkpoint: no room for it", out->size);
}

/* The witness whose cosignature this is. */
static bool find_witness(unsigned *out, const struct note *n, unsigned signature,
                         const struct manifest *m, struct error *err)
{
	for (*out = 0; *out < m->witnesses_count; (*out)++)
		if (bytes_equal(m->witnesses[*out].name, n->signatures[signature].name))
			return note_cosigned_by(n, signature, &m->witnesses[*out], err);
	return fail(err, ERROR_REJECTED, "checkpoint: signed by nobody the manifest knows", signature);
}

static bool count_witnesses(unsigned *out, const struct note *n, const struct manifest *m,
                            struct error *err)
{
	bool seen[LIMIT_WITNESSES] = {false};
	*out = 0;
	for (unsigned i = 1; i < n->signatures_count; i++) {
		unsigned w;
		if (!find_witness(&w, n, i, m, err))
			return fail_within_index(err, "signature", i);
		if (seen[w])
			return fail(err, ERROR_REJECTED, "checkpoint: cosigned twice by one witness", i);
		seen[w] = true;
		(*out)++;
	}
	return true;
}

/* "2 of 3 cosignatures, of 4 witnesses" */
static bool has_quorum(unsigned witnesses, const struct checkpoint_policy *policy,
                       struct error *err)
{
	const struct manifest *m = policy->manifest;
	char room[96];
	struct text t = TEXT_OF(room);
	if (policy->any_quorum || witnesses >= m->witnesses_quorum)
		return true;
	text_add_u64(&t, witnesses);
	text_add(&t, " of ");
	text_add_u64(&t, m->witnesses_quorum);
	text_add(&t, " cosignatures, of ");
	text_add_u64(&t, m->witnesses_count);
	text_add(&t, " witnesses");
	return fail_detail(err, ERROR_UNAVAILABLE,
	                   "checkpoint: fewer witnesses than the manifest's quorum have cosigned yet",
	                   witnesses, room);
}

bool checkpoint_verify(struct checkpoint *out, unsigned *witnesses, bytes note,
                       const struct checkpoint_policy *policy, struct error *err)
{
	const struct manifest *m = policy->manifest;
	struct note n;
	if (!note_read(&n, note, err) || !checkpoint_read(out, n.text, err))
		return false;
	if (!bytes_equal(out->origin, m->board.name))
		return fail(err, ERROR_REJECTED, "checkpoint: of another log than the manifest's board", 1);
	if (!digest_equal(&out->eid, policy->eid))
		return fail(err, ERROR_REJECTED, "checkpoint: of another election", 4);
	if (!note_signed_by_board(&n, 0, &m->board, err))
		return fail_within(err, "the board's signature");
	return count_witnesses(witnesses, &n, m, err) && has_quorum(*witnesses, policy, err);
}

bool checkpoint_check(unsigned *witnesses, const struct checkpoint_claim *claim,
                      const struct checkpoint_policy *policy, struct error *err)
{
	/* What is wrong for ever is said before what is not there yet. */
	const struct checkpoint_policy form = {policy->manifest, policy->eid, true};
	uint8_t room[NOTE_BYTES_MAX + 1];
	struct checkpoint c;
	bytes note;
	*witnesses = 0;
	if (!folder_read(claim->record, claim->path, room, sizeof room, &note, err) ||
	    !checkpoint_verify(&c, witnesses, note, &form, err))
		return fail_within(err, claim->path);
	if (c.size != claim->size)
		return fail_detail(err, ERROR_REJECTED, "checkpoint: of another size than the log", c.size,
		                   claim->path);
	if (!digest_equal(&c.root, claim->root))
		return fail_detail(err, ERROR_REJECTED, "checkpoint: its root is not the log's",
		                   ERROR_NOWHERE, claim->path);
	return has_quorum(*witnesses, policy, err) || fail_within(err, claim->path);
}
