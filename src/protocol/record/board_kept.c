/* SPDX-License-Identifier: Apache-2.0 */
/* The board's memory of its own log, in its home. */
#include "record/board_internal.h"

#define KEPT_PATH_BYTES 24u
#define KEPT_BYTES_MAX 256u

struct kept {
	struct board_state before, after;
};

struct board_state board_state_of(const struct merkle *tree)
{
	return (struct board_state){tree->size, merkle_root(tree)};
}

static void kept_path(char out[static KEPT_PATH_BYTES], const digest *eid)
{
	struct text t = {out, KEPT_PATH_BYTES, 0, false};
	text_add(&t, "log-");
	text_add_hex(&t, bytes_of(eid->b, 8));
	require(!t.cut);
}

static bool same(const struct board_state *a, const struct board_state *b)
{
	return a->size == b->size && (a->size == 0 || digest_equal(&a->root, &b->root));
}

/* "SIZE ROOT\n"; what is left of the file behind it. */
static bool read_line(struct board_state *out, bytes *left)
{
	size_t i = 0;
	while (i < left->len && left->p[i] != ' ')
		i++;
	if (!number_decode(&out->size, bytes_of(left->p, i), INT64_MAX) || left->len < i + 66 ||
	    left->p[i + 65] != '\n' ||
	    !hex_decode(out->root.b, sizeof out->root.b, bytes_of(left->p + i + 1, 64)))
		return false;
	*left = bytes_from(*left, i + 66);
	return true;
}

/* A home that has written no log yet knows the empty one. */
static bool read_kept(struct kept *out, struct folder *home, const digest *eid, struct error *err)
{
	char path[KEPT_PATH_BYTES];
	uint8_t room[KEPT_BYTES_MAX];
	bytes left;
	memset(out, 0, sizeof *out);
	kept_path(path, eid);
	if (!home->exists(home, path))
		return true;
	if (!folder_read(home, path, room, sizeof room, &left, err))
		return false;
	return (read_line(&out->before, &left) && read_line(&out->after, &left) && left.len == 0) ||
	       fail_detail(err, ERROR_MALFORMED, "home: not the board's memory of its log",
	                   ERROR_NOWHERE, path);
}

static bool conflict(const char *what, const digest *eid, struct error *err)
{
	char path[KEPT_PATH_BYTES];
	kept_path(path, eid);
	return fail_detail(err, ERROR_CONFLICT, what, ERROR_NOWHERE, path);
}

bool board_kept_check(struct folder *home, const digest *eid, const struct board_state *now,
                      struct error *err)
{
	struct kept k;
	if (!home)
		return true;
	if (!read_kept(&k, home, eid, err))
		return false;
	return same(now, &k.before) || same(now, &k.after) ||
	       conflict(
			   "board: the log in this record is not the one this board wrote last; it goes on "
			   "with no other",
			   eid, err);
}

bool board_kept_step(struct folder *home, const digest *eid, const struct board_state *before,
                     const struct board_state *after, struct error *err)
{
	const struct board_state *const lines[] = {before, after};
	char path[KEPT_PATH_BYTES], room[KEPT_BYTES_MAX];
	struct text t = TEXT_OF(room);
	if (!home)
		return true;
	kept_path(path, eid);
	for (unsigned i = 0; i < 2; i++) {
		text_add_u64(&t, lines[i]->size);
		text_add(&t, " ");
		text_add_hex(&t, BYTES_OF(lines[i]->root.b));
		text_add(&t, "\n");
	}
	require(!t.cut);
	return folder_write(home, path, true, bytes_of(t.p, t.len), err);
}

bool board_kept_end(struct folder *home, const digest *eid, const struct board_state *closed,
                    const struct board_state *end, struct error *err)
{
	struct kept k;
	if (!home)
		return true;
	if (!read_kept(&k, home, eid, err))
		return false;
	if (same(closed, &k.after))
		return board_kept_step(home, eid, closed, end, err);
	if (same(closed, &k.before))
		return same(end, &k.after) ||
		       conflict("board: it has ended this log in another way before", eid, err);
	return conflict("board: the closed log in this record is not the one this board closed", eid,
	                err);
}
