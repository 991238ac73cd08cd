/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames between urna and its key process. The first byte chooses the reader: a request, secrets,
 * a report; its high bit, whether the rest is sent as it is or behind its right length; the next,
 * whether it lies over a request of this version, from where its first two bytes say. For any
 * input: what is refused has a reason; what is read, sent again, is the same frame; slices lie in
 * the room; numbers are in range.
 */
#include "keys/wire.h"

#include "base/limits.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILE_MAX (4u + WIRE_FRAME_MAX)
static int fd = -1; /* a file in memory in place of a pipe: frames of any length fit */
static uint8_t room[WIRE_FRAME_MAX], again[WIRE_FRAME_MAX];

static void empty(void)
{
	require(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
}

static void put(const void *p, size_t len)
{
	require(len == 0 || write(fd, p, len) == (ssize_t)len);
}

static void refused(const struct error *err)
{
	require(err->kind == ERROR_MALFORMED || err->kind == ERROR_UNAVAILABLE);
	require(err->what != NULL);
}

static void lies_in_room(bytes b)
{
	require(b.p >= room && b.p <= room + sizeof room);
	require(b.len <= (size_t)(room + sizeof room - b.p));
}

/* What was written last is, up to its end, what was sent. */
static void is_sent_again(bytes frame)
{
	static uint8_t sent[FILE_MAX];
	off_t end = lseek(fd, 0, SEEK_END);
	require(end >= 0 && (size_t)end <= sizeof sent && (size_t)end <= frame.len);
	require(pread(fd, sent, (size_t)end, 0) == end && memcmp(sent, frame.p, (size_t)end) == 0);
	require(4 + (size_t)load_be32(frame.p) == (size_t)end);
}

static void request(bytes frame)
{
	static struct wire_request r;
	struct error err;
	error_clear(&err);
	if (!wire_read_request(&r, fd, &err)) {
		refused(&err);
		return;
	}
	require((unsigned)r.step < WIRE_STEPS && r.threads <= LIMIT_WORKERS);
	empty();
	require(wire_send_request(fd, &r, &err));
	is_sent_again(frame);
}

static void secrets(bytes frame)
{
	struct wire_secrets s;
	struct error err;
	error_clear(&err);
	if (!wire_read_secrets(&s, fd, room, &err)) {
		refused(&err);
		return;
	}
	lies_in_room(s.passphrase);
	lies_in_room(s.backup);
	lies_in_room(s.file);
	empty();
	require(wire_send_secrets(fd, &s, again, &err));
	is_sent_again(frame);
}

static void report(bytes frame)
{
	static struct wire_report r;
	struct error err;
	error_clear(&err);
	if (!wire_read_report(&r, fd, room, &err)) {
		refused(&err);
		return;
	}
	if (r.kind == WIRE_PROGRESS)
		lies_in_room(r.stage);
	if (r.kind == WIRE_DONE)
		lies_in_room(r.data);
	if (r.kind == WIRE_NOTICE || r.kind == WIRE_FAILED)
		require(r.error.what == r.words && error_kind_name(r.error.kind));
	empty();
	require(wire_send_report(fd, &r, &err));
	is_sent_again(frame);
}

/* What is sent: its length. */
static size_t fill(uint8_t frame[static FILE_MAX], uint8_t how, bytes in)
{
	static const struct wire_request good = {
		.step = STEP_MIX, .record = "record", .home = "a1", .active = "1,3", .threads = 2};
	size_t head = how & 0x80 ? 0 : 4;
	if (how & 0x40 && in.len >= 2) {
		empty();
		require(wire_send_request(fd, &good, NULL));
		ssize_t len = pread(fd, frame, FILE_MAX, 0);
		require(len > 0);
		size_t at = ((size_t)in.p[0] << 8 | in.p[1]) % (size_t)len, left = (size_t)len - at;
		memcpy(frame + at, in.p + 2, in.len - 2 < left ? in.len - 2 : left);
		return (size_t)len;
	}
	store_be32(frame, (uint32_t)in.len);
	if (in.len)
		memcpy(frame + head, in.p, in.len);
	return head + in.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(bytes) = {request, secrets, report};
	static uint8_t frame[FILE_MAX];
	if (size == 0 || size > WIRE_FRAME_MAX)
		return 0;
	if (fd < 0)
		fd = memfd_create("frame", 0);
	size_t len = fill(frame, data[0], bytes_of(data + 1, size - 1));
	empty();
	put(frame, len);
	require(lseek(fd, 0, SEEK_SET) == 0);
	readers[(data[0] & 0x3f) % 3](bytes_of(frame, len));
	return 0;
}
