/* SPDX-License-Identifier: Apache-2.0 */
/* Notes as text: reading, writing, and who signed. */
#include "record/note.h"

#include "record/base64_internal.h"
#include "record/note_internal.h"

static const char dash[] = "\xe2\x80\x94 "; /* U+2014 and a blank: how a signature line begins */
#define DASH_BYTES (sizeof dash - 1)

void note_key_id(uint8_t out[static NOTE_KEY_ID_BYTES], enum note_key_type type, bytes name,
                 const uint8_t key[static IDENTITY_PUBLIC_BYTES])
{
	const uint8_t middle[2] = {'\n', (uint8_t)type};
	struct hash h;
	digest d;
	hash_init(&h, HASH_SHA256);
	hash_update(&h, name);
	hash_update(&h, BYTES_OF(middle));
	hash_update(&h, bytes_of(key, IDENTITY_PUBLIC_BYTES));
	hash_finish(&h, d.b);
	memcpy(out, d.b, NOTE_KEY_ID_BYTES);
}

/* --- reading --- */

static bool is_name(bytes name)
{
	if (name.len == 0 || name.len > NOTE_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (name.p[i] <= ' ' || name.p[i] >= 0x7f || name.p[i] == '+')
			return false;
	return true;
}

static bool is_text(bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] != '\n' && (text.p[i] < ' ' || text.p[i] >= 0x7f))
			return false;
	return text.len > 0;
}

static bool find_byte(size_t *at, bytes in, uint8_t wanted)
{
	for (*at = 0; *at < in.len; (*at)++)
		if (in.p[*at] == wanted)
			return true;
	return false;
}

/* The text ends before the last blank line. */
static bool find_cut(size_t *cut, bytes in)
{
	for (size_t i = in.len; i >= 2; i--) {
		if (in.p[i - 2] == '\n' && in.p[i - 1] == '\n') {
			*cut = i - 1;
			return true;
		}
	}
	return false;
}

static bool read_signature(struct note_signature *s, bytes line)
{
	uint8_t blob[NOTE_KEY_ID_BYTES + NOTE_BLOB_MAX];
	size_t blank, len;
	if (line.len < DASH_BYTES || memcmp(line.p, dash, DASH_BYTES) != 0)
		return false;
	line = bytes_from(line, DASH_BYTES);
	if (!find_byte(&blank, line, ' '))
		return false;
	s->name = bytes_of(line.p, blank);
	if (!is_name(s->name) || !base64_decode(blob, sizeof blob, &len, bytes_from(line, blank + 1)) ||
	    len <= NOTE_KEY_ID_BYTES)
		return false;
	memcpy(s->key_id, blob, NOTE_KEY_ID_BYTES);
	s->len = len - NOTE_KEY_ID_BYTES;
	memcpy(s->blob, blob + NOTE_KEY_ID_BYTES, s->len);
	return true;
}

bool note_read(struct note *out, bytes in, struct error *err)
{
	size_t cut, end;
	memset(out, 0, sizeof *out);
	if (in.len > NOTE_BYTES_MAX)
		return fail(err, ERROR_LIMIT, "note: too long", in.len);
	if (!find_cut(&cut, in))
		return fail(err, ERROR_MALFORMED, "note: no blank line before signatures", ERROR_NOWHERE);
	out->text = bytes_of(in.p, cut);
	if (!is_text(out->text))
		return fail(err, ERROR_MALFORMED, "note: a character that a note may not have",
		            ERROR_NOWHERE);
	for (bytes rest = bytes_from(in, cut + 1); rest.len; rest = bytes_from(rest, end + 1)) {
		unsigned n = out->signatures_count;
		if (n == NOTE_SIGNATURES_MAX)
			return fail(err, ERROR_LIMIT, "note: too many signatures", n);
		if (!find_byte(&end, rest, '\n') ||
		    !read_signature(&out->signatures[n], bytes_of(rest.p, end)))
			return fail(err, ERROR_MALFORMED, "note: a signature line is not one", n);
		out->signatures_count++;
	}
	return out->signatures_count > 0 ||
	       fail(err, ERROR_MALFORMED, "note: nobody signed it", ERROR_NOWHERE);
}

/* --- signing --- */

void note_add_signature(struct text *out, enum note_key_type type, bytes name,
                        const struct note_blob *blob)
{
	uint8_t all[NOTE_KEY_ID_BYTES + NOTE_COSIGNATURE_BYTES];
	require(blob->len <= NOTE_COSIGNATURE_BYTES);
	note_key_id(all, type, name, blob->key);
	memcpy(all + NOTE_KEY_ID_BYTES, blob->p, blob->len);
	text_add(out, dash);
	text_add_bytes(out, name);
	text_add(out, " ");
	base64_add(out, bytes_of(all, NOTE_KEY_ID_BYTES + blob->len));
	text_add(out, "\n");
}

/* What a witness signs: the time and the text. */
static bytes cosigned_text(char room[static COSIGNED_MAX], uint64_t time_s, bytes text)
{
	struct text t = {room, COSIGNED_MAX, 0, false};
	text_add(&t, "cosignature/v1\ntime ");
	text_add_u64(&t, time_s);
	text_add(&t, "\n");
	text_add_bytes(&t, text);
	return t.cut ? BYTES_NONE : bytes_of(room, t.len);
}

bool checkpoint_cosign(struct text *note, bytes text, const struct cosigner *by, struct error *err)
{
	char room[COSIGNED_MAX];
	struct note_blob blob = {.len = NOTE_COSIGNATURE_BYTES, .key = by->key->pub};
	bytes signed_text = cosigned_text(room, by->time_s, text);
	if (signed_text.len == 0)
		return fail(err, ERROR_LIMIT, "note: no checkpoint is that long", text.len);
	store_be64(blob.p, by->time_s);
	identity_sign(blob.p + NOTE_TIME_BYTES, by->key, signed_text);
	note_add_signature(note, NOTE_WITNESS, by->name, &blob);
	return !note->cut || fail(err, ERROR_LIMIT, "note: no room for another signature", note->len);
}

/* --- who signed --- */

static bool is_signers(const struct note_signature *s, enum note_key_type type,
                       const struct manifest_signer *who)
{
	uint8_t id[NOTE_KEY_ID_BYTES];
	note_key_id(id, type, who->name, who->key);
	return bytes_equal(s->name, who->name) && memcmp(id, s->key_id, sizeof id) == 0;
}

bool note_signed_by_board(const struct note *n, unsigned signature,
                          const struct manifest_signer *board, struct error *err)
{
	const struct note_signature *s = &n->signatures[signature];
	require(signature < n->signatures_count);
	if (!is_signers(s, NOTE_BOARD, board) || s->len != IDENTITY_SIGNATURE_BYTES)
		return fail(err, ERROR_REJECTED, "note: not a signature of this board", signature);
	return identity_verify_vartime(board->key, s->blob, n->text, err);
}

bool note_cosigned_by(const struct note *n, unsigned signature,
                      const struct manifest_signer *witness, struct error *err)
{
	char room[COSIGNED_MAX];
	const struct note_signature *s = &n->signatures[signature];
	require(signature < n->signatures_count);
	if (!is_signers(s, NOTE_WITNESS, witness) || s->len != NOTE_COSIGNATURE_BYTES)
		return fail(err, ERROR_REJECTED, "note: not a cosignature of this witness", signature);
	bytes signed_text = cosigned_text(room, load_be64(s->blob), n->text);
	if (signed_text.len == 0)
		return fail(err, ERROR_LIMIT, "note: no checkpoint is that long", n->text.len);
	return identity_verify_vartime(witness->key, s->blob + NOTE_TIME_BYTES, signed_text, err);
}

bool note_has_cosigned(const struct note *n, const struct manifest_signer *witness)
{
	for (unsigned i = 1; i < n->signatures_count; i++)
		if (note_cosigned_by(n, i, witness, NULL))
			return true;
	return false;
}
