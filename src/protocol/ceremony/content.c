/* SPDX-License-Identifier: Apache-2.0 */
/* What the messages of the rounds contain, but for openings. */
#include "ceremony/attempt_internal.h"

bool content_leaf(uint8_t out[static 32], bytes content, struct error *err)
{
	struct tree_reader r = TREE_READER(content);
	return tree_leaf(&r, out, 32, err) && tree_end(&r, err);
}

bool statement_read(struct statement *out, const struct manifest *m, enum ceremony_round round,
                    bytes content, struct error *err)
{
	struct tree_reader r = TREE_READER(content);
	const unsigned max = round == CEREMONY_VERDICT ? 2 : 1;
	memset(out, 0, sizeof *out);
	if (!tree_node(&r, 2, err) || !tree_leaf(&r, out->of, m->authorities_count, err) ||
	    !tree_leaf(&r, out->d.b, sizeof out->d.b, err) || !tree_end(&r, err))
		return false;
	for (unsigned j = 0; j < m->authorities_count; j++)
		if (out->of[j] > max)
			return fail(err, ERROR_MALFORMED, "ceremony: a value that this round does not know", j);
	return true;
}

bytes statement_write(uint8_t room[static MESSAGE_MAX], const struct manifest *m,
                      const struct statement *s)
{
	struct tree_writer w = {room, MESSAGE_MAX, 0, false};
	tree_write_node(&w, 2);
	tree_write_leaf(&w, bytes_of(s->of, m->authorities_count));
	tree_write_leaf(&w, BYTES_OF(s->d.b));
	require(!w.full);
	return tree_written(&w);
}

bool answer_read(struct answer *out, const struct manifest *m, bytes content, struct error *err)
{
	struct tree_reader r = TREE_READER(content);
	uint32_t count, to;
	bytes raw;
	if (!tree_node_any(&r, &count, m->authorities_count, err))
		return false;
	out->count = count;
	for (unsigned i = 0; i < count; i++) {
		if (!tree_node(&r, 2, err) || !tree_leaf_u32(&r, &to, err) ||
		    !tree_raw(&r, &raw, SCALAR_TREE_BYTES, err) ||
		    !scalars_decode_tree(&out->share[i], raw, 1, err))
			return fail_within_index(err, "answer", i + 1);
		if (to < 1 || to > m->authorities_count || (i && to <= out->to[i - 1]))
			return fail(err, ERROR_MALFORMED, "ceremony: answers to no party, or not ascending",
			            to);
		out->to[i] = to;
	}
	return tree_end(&r, err);
}

bytes answer_write(uint8_t room[static MESSAGE_MAX], const struct answer *answer)
{
	uint8_t tree[SCALAR_TREE_BYTES];
	struct tree_writer w = {room, MESSAGE_MAX, 0, false};
	tree_write_node(&w, answer->count);
	for (unsigned i = 0; i < answer->count; i++) {
		tree_write_node(&w, 2);
		tree_write_u32(&w, answer->to[i]);
		scalars_encode_tree(tree, &answer->share[i], 1);
		tree_write_raw(&w, BYTES_OF(tree));
	}
	require(!w.full);
	return tree_written(&w);
}

bool ceremony_content_check(const struct ceremony_message *message, const struct manifest *m,
                            struct error *err)
{
	uint8_t leaf[32];
	struct statement s;
	struct opening o;
	struct answer a;
	switch (message->round) {
	case CEREMONY_KEY:
	case CEREMONY_COMMIT:
		return content_leaf(leaf, message->content, err);
	case CEREMONY_ECHO:
	case CEREMONY_VERDICT:
	case CEREMONY_CERTIFY:
		return statement_read(&s, m, message->round, message->content, err);
	case CEREMONY_OPEN:
		return opening_read(&o, m, message->content, err);
	case CEREMONY_ANSWER:
		return answer_read(&a, m, message->content, err);
	case CEREMONY_ROUNDS:
		break;
	}
	return fail(err, ERROR_MALFORMED, "ceremony: no such round", (uint64_t)message->round);
}
