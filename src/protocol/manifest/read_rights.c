/* SPDX-License-Identifier: Apache-2.0 */
/* Who answers for eligibility, for the board, and for there being one board only. */
#include "manifest/read_internal.h"

#define PROMISE_DELAY_S 60u
#define DAY_S 86400u
#define NOTE_NAME_MAX_BYTES 64u

/* C2SP signed notes want no blanks and no '+'; what else they allow is of no use here. */
static bool need_note_name(bytes *out, const struct json_value *o, struct reader *r)
{
	const struct json_value *v;
	bytes text;
	if (!json_need(&v, o, "name", r->err) || !json_text(&text, v, LIMIT_TEXT_BYTES, r->err))
		return false;
	bool good = text.len >= 1 && text.len <= NOTE_NAME_MAX_BYTES;
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.p[i];
		good &=
			(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '-' && c <= '9') || c == '_';
	}
	if (!good)
		return json_refuse(v, ERROR_REJECTED,
		                   "manifest: the name of a note's key has 1 to 64 letters, digits, '.', "
		                   "'-', '_' and '/'",
		                   r->err);
	return keep_text(out, text, r);
}

static bool read_signer(struct manifest_signer *s, const struct json_value *v, struct reader *r)
{
	static const char *const keys[] = {"name", "key"};
	const struct json_value *key;
	return json_only(v, JSON_NAMES(keys), r->err) && need_note_name(&s->name, v, r) &&
	       json_need(&key, v, "key", r->err) && read_key(s->key, key, r);
}

static bool read_mode(const struct json_value *root, struct reader *r)
{
	static const char *const modes[] = {
		[BALLOT_SERVER] = "server", [BALLOT_CREDENTIALS] = "credentials"};
	const struct json_value *registrar;
	unsigned mode;
	if (!json_need_choice(&mode, root, "mode", JSON_NAMES(modes), r->err))
		return false;
	r->m->mode = (enum ballot_mode)mode;
	if (r->m->mode == BALLOT_CREDENTIALS)
		return json_need(&registrar, root, "registrar", r->err) &&
		       read_key(r->m->registrar, registrar, r);
	return json_maybe(&registrar, root, "registrar", r->err) &&
	       (!registrar || json_refuse_because(registrar, ERROR_REJECTED,
	                                          "manifest: in mode server nobody signs credentials",
	                                          "remove it, or say mode credentials", r->err));
}

static bool differs(const struct manifest_signer *a, const struct manifest_signer *b,
                    const struct json_value *v, struct reader *r)
{
	if (bytes_equal(a->name, b->name))
		return json_refuse_because(v, ERROR_REJECTED,
		                           "manifest: two signers of notes have one name",
		                           "give each witness and the board a name of its own", r->err);
	return memcmp(a->key, b->key, sizeof a->key) != 0 ||
	       json_refuse_because(v, ERROR_REJECTED, "manifest: two signers of notes have one key",
	                           "a witness that holds another's key is no witness", r->err);
}

/* With q cosignatures on each of two histories at least 2q - m witnesses signed both, and of those
 * only f would: 2q - m > f is what makes a second history impossible. */
static bool check_quorum(const struct json_value *v, struct reader *r)
{
	const struct manifest *m = r->m;
	char room[160];
	struct text t = TEXT_OF(room);
	if (2 * m->witnesses_quorum > m->witnesses_count + m->witnesses_lying)
		return true;
	text_add(&t, "with ");
	text_add_u64(&t, m->witnesses_count);
	text_add(&t, " witnesses, ");
	text_add_u64(&t, m->witnesses_lying);
	text_add(&t, " of them lying, it must be at least ");
	text_add_u64(&t, (m->witnesses_count + m->witnesses_lying) / 2 + 1);
	const struct json_value *quorum;
	return json_need(&quorum, v, "quorum", r->err) &&
	       json_refuse_because(quorum, ERROR_REJECTED,
	                           "manifest: a quorum that two histories of the board could have",
	                           room, r->err);
}

static bool read_witnesses(const struct json_value *root, struct reader *r)
{
	static const char *const keys[] = {"lying", "quorum", "keys"};
	struct manifest *m = r->m;
	const struct json_value *v, *list;
	if (!json_maybe(&v, root, "witnesses", r->err))
		return false;
	if (!v)
		return true;
	if (!json_only(v, JSON_NAMES(keys), r->err) ||
	    !need_items(&list, &m->witnesses_count, v, "keys", (struct json_range){1, LIMIT_WITNESSES},
	                r) ||
	    !need_unsigned(&m->witnesses_lying, v, "lying",
	                   (struct json_range){0, m->witnesses_count - 1}, r) ||
	    !need_unsigned(&m->witnesses_quorum, v, "quorum",
	                   (struct json_range){1, m->witnesses_count}, r) ||
	    !check_quorum(v, r))
		return false;
	m->witnesses = arena_take_array(r->arena, m->witnesses_count, struct manifest_signer, r->err);
	for (unsigned i = 0; i < m->witnesses_count; i++) {
		const struct json_value *item = json_item(list, i);
		if (!m->witnesses || !read_signer(&m->witnesses[i], item, r) ||
		    !differs(&m->witnesses[i], &m->board, item, r))
			return false;
		for (unsigned k = 0; k < i; k++)
			if (!differs(&m->witnesses[i], &m->witnesses[k], item, r))
				return false;
	}
	return true;
}

bool read_rights(const struct json_value *root, struct reader *r)
{
	struct manifest *m = r->m;
	const struct json_value *board;
	unsigned weight_max = 1;
	m->promise_delay_s = PROMISE_DELAY_S;
	if (!read_mode(root, r) || !json_need(&board, root, "board", r->err) ||
	    !read_signer(&m->board, board, r) || !read_witnesses(root, r) ||
	    !maybe_unsigned(&m->promise_delay_s, root, "promise_delay", (struct json_range){1, DAY_S},
	                    r) ||
	    !maybe_unsigned(&weight_max, root, "weight_max", (struct json_range){1, LIMIT_WEIGHT}, r))
		return false;
	m->weight_max = weight_max;
	return true;
}
