/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/wire.h"

#include "base/ct.h"
#include "base/limits.h"
#include "hash/bytetree.h"

#include <errno.h>
#include <unistd.h>

#define MAGIC "urna-keys-1"
#define LENGTH_BYTES 4u

static bool gone(struct error *err)
{
	return fail_detail(err, ERROR_IO, "keys: the other side is gone", ERROR_NOWHERE,
	                   strerror(errno));
}

/* --- frames --- */

static bool write_all(int fd, bytes b, struct error *err)
{
	while (b.len > 0) {
		ssize_t n = write(fd, b.p, b.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gone(err);
		b = bytes_from(b, (size_t)n);
	}
	return true;
}

static bool read_all(int fd, uint8_t *out, size_t len, struct error *err)
{
	while (len > 0) {
		ssize_t n = read(fd, out, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gone(err);
		if (n == 0)
			return fail(err, ERROR_UNAVAILABLE, "keys: the other side has ended", ERROR_NOWHERE);
		out += n;
		len -= (size_t)n;
	}
	return true;
}

/* One write for each frame: several threads may report. */
static bool send_frame(int fd, uint8_t *room, const struct tree_writer *w, struct error *err)
{
	require(!w->full);
	store_be32(room, (uint32_t)w->len);
	return write_all(fd, bytes_of(room, LENGTH_BYTES + w->len), err);
}

static bool read_frame(bytes *out, int fd, uint8_t room[static WIRE_FRAME_MAX], struct error *err)
{
	uint8_t length[LENGTH_BYTES];
	if (!read_all(fd, length, sizeof length, err))
		return false;
	size_t len = load_be32(length);
	if (len > WIRE_FRAME_MAX - LENGTH_BYTES) /* with its length: none is sent that is longer */
		return fail(err, ERROR_MALFORMED, "keys: a frame that is too long", len);
	*out = bytes_of(room, len);
	return read_all(fd, room, len, err);
}

static struct tree_writer writer_in(uint8_t *room, size_t size)
{
	return (struct tree_writer){room + LENGTH_BYTES, size - LENGTH_BYTES, 0, false};
}

static void write_u64(struct tree_writer *w, uint64_t v)
{
	uint8_t b[8];
	store_be32(b, (uint32_t)(v >> 32));
	store_be32(b + 4, (uint32_t)v);
	tree_write_leaf(w, BYTES_OF(b));
}

static bool read_u64(struct tree_reader *r, uint64_t *out, struct error *err)
{
	uint8_t b[8];
	if (!tree_leaf(r, b, sizeof b, err))
		return false;
	*out = (uint64_t)load_be32(b) << 32 | load_be32(b + 4);
	return true;
}

static bool read_text(struct tree_reader *r, char *out, size_t size, struct error *err)
{
	bytes b;
	if (!tree_leaf_any(r, &b, (uint32_t)size - 1, err))
		return false;
	if (memchr(b.p, 0, b.len))
		return fail(err, ERROR_MALFORMED, "keys: a text with a zero in it", ERROR_NOWHERE);
	memcpy(out, b.p, b.len);
	out[b.len] = '\0';
	return true;
}

static bool read_flag(struct tree_reader *r, bool *out, struct error *err)
{
	uint32_t v;
	if (!tree_leaf_u32(r, &v, err))
		return false;
	*out = v != 0;
	return v <= 1 || fail(err, ERROR_MALFORMED, "keys: neither yes nor no", v);
}

/* --- request and secrets --- */

bool wire_send_request(int fd, const struct wire_request *r, struct error *err)
{
	uint8_t room[2 * WIRE_PATH_BYTES + 1024];
	struct tree_writer w = writer_in(room, sizeof room);
	tree_write_node(&w, 11);
	tree_write_leaf(&w, BYTES_LITERAL(MAGIC));
	tree_write_leaf(&w, BYTES_LITERAL(URNA_VERSION));
	tree_write_u32(&w, (uint32_t)r->step);
	tree_write_leaf(&w, bytes_of_text(r->record));
	tree_write_leaf(&w, bytes_of_text(r->home));
	tree_write_leaf(&w, bytes_of_text(r->active));
	tree_write_u32(&w, r->threads);
	write_u64(&w, r->memory_limit);
	write_u64(&w, r->timeout_ms);
	tree_write_u32(&w, r->without_jail);
	tree_write_u32(&w, r->never_closed);
	return send_frame(fd, room, &w, err);
}

static bool expect(struct tree_reader *r, bytes want, struct error *err)
{
	bytes got;
	if (!tree_leaf_any(r, &got, 64, err))
		return false;
	return bytes_equal(got, want) ||
	       fail(err, ERROR_MALFORMED, "keys: urna and urna-keys are of different versions",
	            ERROR_NOWHERE);
}

bool wire_read_request(struct wire_request *out, int fd, struct error *err)
{
	uint8_t room[WIRE_FRAME_MAX];
	uint32_t step, threads;
	bytes frame;
	memset(out, 0, sizeof *out);
	if (!read_frame(&frame, fd, room, err))
		return false;
	struct tree_reader r = TREE_READER(frame);
	if (!tree_node(&r, 11, err) || !expect(&r, BYTES_LITERAL(MAGIC), err) ||
	    !expect(&r, BYTES_LITERAL(URNA_VERSION), err) || !tree_leaf_u32(&r, &step, err) ||
	    !read_text(&r, out->record, sizeof out->record, err) ||
	    !read_text(&r, out->home, sizeof out->home, err) ||
	    !read_text(&r, out->active, sizeof out->active, err) || !tree_leaf_u32(&r, &threads, err) ||
	    !read_u64(&r, &out->memory_limit, err) || !read_u64(&r, &out->timeout_ms, err) ||
	    !read_flag(&r, &out->without_jail, err) || !read_flag(&r, &out->never_closed, err) ||
	    !tree_end(&r, err))
		return false;
	if (step >= WIRE_STEPS || threads > LIMIT_WORKERS)
		return fail(err, ERROR_MALFORMED, "keys: no such step", step);
	out->step = (enum wire_step)step;
	out->threads = threads;
	return true;
}

bool wire_send_secrets(int fd, const struct wire_secrets *s, uint8_t room[static WIRE_FRAME_MAX],
                       struct error *err)
{
	struct tree_writer w = writer_in(room, WIRE_FRAME_MAX);
	tree_write_node(&w, 3);
	tree_write_leaf(&w, s->passphrase);
	tree_write_leaf(&w, s->backup);
	tree_write_leaf(&w, s->file);
	bool good = w.full ? fail(err, ERROR_LIMIT, "keys: too long for a frame", ERROR_NOWHERE)
	                   : send_frame(fd, room, &w, err);
	wipe(room, WIRE_FRAME_MAX);
	return good;
}

bool wire_read_secrets(struct wire_secrets *out, int fd, uint8_t room[static WIRE_FRAME_MAX],
                       struct error *err)
{
	bytes frame;
	if (!read_frame(&frame, fd, room, err))
		return false;
	struct tree_reader r = TREE_READER(frame);
	return tree_node(&r, 3, err) && tree_leaf_any(&r, &out->passphrase, WIRE_FRAME_MAX, err) &&
	       tree_leaf_any(&r, &out->backup, WIRE_FRAME_MAX, err) &&
	       tree_leaf_any(&r, &out->file, WIRE_FRAME_MAX, err) && tree_end(&r, err);
}

/* --- reports --- */

static void write_error(struct tree_writer *w, const struct error *e)
{
	tree_write_u32(w, (uint32_t)e->kind);
	tree_write_leaf(w, bytes_of_text(e->what ? e->what : ""));
	write_u64(w, e->at);
	tree_write_leaf(w, bytes_of_text(e->detail));
}

static bool read_error(struct tree_reader *r, struct wire_report *out, struct error *err)
{
	uint32_t kind;
	if (!tree_leaf_u32(r, &kind, err) || !read_text(r, out->words, sizeof out->words, err) ||
	    !read_u64(r, &out->error.at, err) ||
	    !read_text(r, out->error.detail, sizeof out->error.detail, err))
		return false;
	if (kind > ERROR_BUG)
		return fail(err, ERROR_MALFORMED, "keys: no such error", kind);
	out->error.kind = (enum error_kind)kind;
	out->error.what = out->words;
	return true;
}

bool wire_send_report(int fd, const struct wire_report *r, struct error *err)
{
	uint8_t room[WIRE_FRAME_MAX];
	struct tree_writer w = writer_in(room, sizeof room);
	switch (r->kind) {
	case WIRE_PROGRESS:
		tree_write_node(&w, 4);
		tree_write_u32(&w, WIRE_PROGRESS);
		tree_write_leaf(&w, r->stage);
		write_u64(&w, r->done);
		write_u64(&w, r->total);
		break;
	case WIRE_NOTICE:
		tree_write_node(&w, 5);
		tree_write_u32(&w, WIRE_NOTICE);
		write_error(&w, &r->error);
		break;
	case WIRE_FAILED:
		tree_write_node(&w, 6);
		tree_write_u32(&w, WIRE_FAILED);
		write_error(&w, &r->error);
		tree_write_u32(&w, r->wrong_usage);
		break;
	case WIRE_DONE:
		tree_write_node(&w, 4);
		tree_write_u32(&w, WIRE_DONE);
		tree_write_u32(&w, r->index);
		tree_write_leaf(&w, BYTES_OF(r->eid.b));
		tree_write_leaf(&w, r->data);
		break;
	}
	return send_frame(fd, room, &w, err);
}

static bool report_read(struct wire_report *out, struct tree_reader *r, uint32_t children,
                        struct error *err)
{
	static const uint32_t expected[] = {
		[WIRE_PROGRESS] = 4, [WIRE_NOTICE] = 5, [WIRE_DONE] = 4, [WIRE_FAILED] = 6};
	uint32_t kind, index;
	if (!tree_leaf_u32(r, &kind, err))
		return false;
	if (kind > WIRE_FAILED || expected[kind] != children)
		return fail(err, ERROR_MALFORMED, "keys: no such report", kind);
	out->kind = (enum wire_kind)kind;
	switch (out->kind) {
	case WIRE_PROGRESS:
		return tree_leaf_any(r, &out->stage, WIRE_STAGE_BYTES - 1, err) &&
		       read_u64(r, &out->done, err) && read_u64(r, &out->total, err);
	case WIRE_NOTICE:
		return read_error(r, out, err);
	case WIRE_FAILED:
		return read_error(r, out, err) && read_flag(r, &out->wrong_usage, err);
	case WIRE_DONE:
		break;
	}
	if (!tree_leaf_u32(r, &index, err) || !tree_leaf(r, out->eid.b, sizeof out->eid.b, err) ||
	    !tree_leaf_any(r, &out->data, WIRE_FRAME_MAX, err))
		return false;
	out->index = index;
	return true;
}

bool wire_read_report(struct wire_report *out, int fd, uint8_t room[static WIRE_FRAME_MAX],
                      struct error *err)
{
	uint32_t children;
	bytes frame;
	memset(out, 0, sizeof *out);
	if (!read_frame(&frame, fd, room, err))
		return false;
	struct tree_reader r = TREE_READER(frame);
	return tree_node_any(&r, &children, 6, err) && report_read(out, &r, children, err) &&
	       tree_end(&r, err);
}
