/* SPDX-License-Identifier: Apache-2.0 */
/* What urna and its key process say to each other, and bytes that say nothing. */
#include "support/support.h"

#include "keys/wire.h"

#include <stdlib.h>
#include <unistd.h>

#define FRAME_ROOM (WIRE_FRAME_MAX + 4u)

static uint8_t frame[FRAME_ROOM];
static size_t frame_len;
static uint8_t room[WIRE_FRAME_MAX];

/* What was sent; frames of these tests fit into a pipe. */
static void take(int fd[2])
{
	close(fd[1]);
	frame_len = 0;
	for (ssize_t n; (n = read(fd[0], frame + frame_len, sizeof frame - frame_len)) > 0;)
		frame_len += (size_t)n;
	close(fd[0]);
}

/* The reading end of a pipe in which these bytes are, and nothing follows. */
static int give(const uint8_t *p, size_t len)
{
	int fd[2];
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], p, len), (ssize_t)len);
	close(fd[1]);
	return fd[0];
}

static struct wire_request request_of_a_test(void)
{
	return (struct wire_request){.step = STEP_DECRYPT,
	                             .record = "some/record",
	                             .home = "a1",
	                             .active = "1,3",
	                             .threads = 2,
	                             .memory_limit = UINT64_C(5) << 33,
	                             .timeout_ms = 1234,
	                             .without_jail = true};
}

static void send_request(void)
{
	struct wire_request r = request_of_a_test();
	struct error err;
	int fd[2];
	error_clear(&err);
	assert_int_equal(pipe(fd), 0);
	assert_ok(wire_send_request(fd[1], &r, &err), err);
	take(fd);
}

static bool reads_request(struct wire_request *out, size_t len, struct error *err)
{
	int fd = give(frame, len);
	bool good = wire_read_request(out, fd, err);
	close(fd);
	return good;
}

static void a_request_arrives_as_it_was_sent(void **state)
{
	(void)state;
	struct wire_request want = request_of_a_test(), got;
	struct error err;
	error_clear(&err);
	send_request();
	assert_ok(reads_request(&got, frame_len, &err), err);
	assert_int_equal(got.step, want.step);
	assert_string_equal(got.record, want.record);
	assert_string_equal(got.home, want.home);
	assert_string_equal(got.active, want.active);
	assert_int_equal(got.threads, want.threads);
	assert_true(got.memory_limit == want.memory_limit);
	assert_true(got.timeout_ms == want.timeout_ms);
	assert_true(got.without_jail);
	assert_false(got.never_closed);
}

static void a_request_that_ends_too_early_is_none(void **state)
{
	(void)state;
	struct wire_request got;
	struct error err;
	send_request();
	for (size_t len = 0; len < frame_len; len++)
		assert_fails(reads_request(&got, len, &err), err, ERROR_UNAVAILABLE);
}

/* Every byte of it is looked at: another value is refused, or is another request. */
static void a_request_with_another_byte_is_refused_or_another(void **state)
{
	(void)state;
	struct wire_request want, got;
	unsigned refused = 0;
	send_request();
	assert_true(reads_request(&want, frame_len, NULL));
	for (size_t i = 0; i < frame_len; i++) {
		frame[i] ^= 0x40;
		if (!reads_request(&got, frame_len, NULL))
			refused++;
		else
			assert_memory_not_equal(&got, &want, sizeof got);
		frame[i] ^= 0x40;
	}
	assert_true(refused > frame_len / 2);
}

static void another_version_is_refused(void **state)
{
	(void)state;
	struct wire_request got;
	struct error err;
	send_request();
	/* Length, node, leaf "urna-keys-1", then the leaf of the version. */
	frame[4 + 5 + 5 + 11 + 5] ^= 1;
	assert_fails(reads_request(&got, frame_len, &err), err, ERROR_MALFORMED);
	assert_non_null(strstr(err.what, "different versions"));
}

/* A frame counts its length: so none is read that could not be sent. */
static void a_frame_longer_than_any_that_is_sent_is_refused(void **state)
{
	(void)state;
	struct wire_secrets got;
	struct error err;
	for (uint32_t over = 0; over < 2; over++) {
		store_be32(frame, WIRE_FRAME_MAX - 4u + over);
		int from = give(frame, 4);
		assert_fails(wire_read_secrets(&got, from, room, &err), err,
		             over ? ERROR_MALFORMED : ERROR_UNAVAILABLE);
		close(from);
	}
}

static void secrets_arrive_and_leave_nothing_behind(void **state)
{
	(void)state;
	static const uint8_t nothing[WIRE_FRAME_MAX];
	struct wire_secrets want = {BYTES_LITERAL("pass"), BYTES_LITERAL("word"), BYTES_NONE}, got;
	struct error err;
	int fd[2];
	error_clear(&err);
	assert_int_equal(pipe(fd), 0);
	assert_ok(wire_send_secrets(fd[1], &want, room, &err), err);
	assert_memory_equal(room, nothing, sizeof nothing);
	take(fd);
	int from = give(frame, frame_len);
	assert_ok(wire_read_secrets(&got, from, room, &err), err);
	close(from);
	assert_true(bytes_equal(got.passphrase, want.passphrase));
	assert_true(bytes_equal(got.backup, want.backup));
	assert_int_equal(got.file.len, 0);
}

static void too_many_secrets_are_refused(void **state)
{
	(void)state;
	static const uint8_t large[WIRE_FRAME_MAX];
	struct wire_secrets s = {.file = BYTES_OF(large)};
	struct error err;
	assert_fails(wire_send_secrets(1, &s, room, &err), err, ERROR_LIMIT);
}

static void send_report(const struct wire_report *r)
{
	struct error err;
	int fd[2];
	error_clear(&err);
	assert_int_equal(pipe(fd), 0);
	assert_ok(wire_send_report(fd[1], r, &err), err);
	take(fd);
}

static bool reads_report(struct wire_report *out, size_t len, struct error *err)
{
	int fd = give(frame, len);
	bool good = wire_read_report(out, fd, room, err);
	close(fd);
	return good;
}

static void a_failure_arrives_as_it_was_made(void **state)
{
	(void)state;
	struct wire_report want = {.kind = WIRE_FAILED, .wrong_usage = true}, got;
	struct error err;
	error_clear(&err);
	fail_detail(&want.error, ERROR_REJECTED, "mixnet: an equation does not hold", 17, "party 2: B");
	send_report(&want);
	assert_ok(reads_report(&got, frame_len, &err), err);
	assert_int_equal(got.kind, WIRE_FAILED);
	assert_true(got.wrong_usage);
	assert_int_equal(got.error.kind, ERROR_REJECTED);
	assert_string_equal(got.error.what, want.error.what);
	assert_string_equal(got.error.detail, want.error.detail);
	assert_true(got.error.at == 17);
	for (size_t len = 0; len < frame_len; len++)
		assert_fails(reads_report(&got, len, &err), err, ERROR_UNAVAILABLE);
}

static void progress_and_the_end_arrive(void **state)
{
	(void)state;
	struct wire_report want = {.kind = WIRE_PROGRESS,
	                           .stage = BYTES_LITERAL("shuffle"),
	                           .done = 3,
	                           .total = UINT64_C(1) << 40},
					   got;
	assert_true((send_report(&want), reads_report(&got, frame_len, NULL)));
	assert_true(bytes_equal(got.stage, want.stage));
	assert_true(got.done == 3 && got.total == UINT64_C(1) << 40);
	want = (struct wire_report){
		.kind = WIRE_DONE, .index = 3, .eid = {{9}}, .data = BYTES_LITERAL("word")};
	assert_true((send_report(&want), reads_report(&got, frame_len, NULL)));
	assert_int_equal(got.index, 3);
	assert_memory_equal(&got.eid, &want.eid, sizeof want.eid);
	assert_true(bytes_equal(got.data, want.data));
}

static void a_frame_that_is_too_long_is_not_read(void **state)
{
	(void)state;
	static const uint8_t head[] = {0, 0, 0x80, 1, 0};
	struct wire_report got;
	struct error err;
	memcpy(frame, head, sizeof head);
	assert_fails(reads_report(&got, sizeof head, &err), err, ERROR_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_arrives_as_it_was_sent),
		cmocka_unit_test(a_request_that_ends_too_early_is_none),
		cmocka_unit_test(a_request_with_another_byte_is_refused_or_another),
		cmocka_unit_test(another_version_is_refused),
		cmocka_unit_test(a_frame_longer_than_any_that_is_sent_is_refused),
		cmocka_unit_test(secrets_arrive_and_leave_nothing_behind),
		cmocka_unit_test(too_many_secrets_are_refused),
		cmocka_unit_test(a_failure_arrives_as_it_was_made),
		cmocka_unit_test(progress_and_the_end_arrive),
		cmocka_unit_test(a_frame_that_is_too_long_is_not_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
