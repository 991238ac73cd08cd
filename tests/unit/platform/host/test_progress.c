/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "host/progress.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static struct error err;
static uint64_t now_ms;

static uint64_t hands(struct clock *c)
{
	(void)c;
	return now_ms;
}

static struct clock turned = {hands, hands};

static const char *rendered(struct progress_state s, unsigned columns)
{
	static char room[256];
	struct text t = TEXT_OF(room);
	room[0] = '\0';
	progress_render(&t, &s, columns);
	return room;
}

static void a_bar_shows_part_rate_and_time_left(void **state)
{
	(void)state;
	assert_string_equal(rendered((struct progress_state){"shuffle", 500000, 1000000, 10000}, 79),
	                    "shuffle                  [#############..............]  50%  50.0k/s  "
	                    "0:10 left");
	assert_string_equal(
		rendered((struct progress_state){"shuffle", 0, 1000, 0}, 79),
		"shuffle                  [........................................]   0%  ");
}

static void a_finished_stage_shows_its_duration(void **state)
{
	(void)state;
	assert_string_equal(rendered((struct progress_state){"verify", 100, 100, 3723000}, 60),
	                    "verify                   [############] 100%  1/min  1:02:03");
	assert_string_equal(rendered((struct progress_state){"verify", 0, 0, 0}, 60),
	                    "verify                   [######################] 100%  0:00");
}

static void a_narrow_terminal_gets_less(void **state)
{
	(void)state;
	struct progress_state s = {"verification of decryption", 5, 10, 1000};
	for (unsigned columns = 0; columns < 200; columns++)
		assert_true(strlen(rendered(s, columns)) <= columns);
	assert_string_equal(rendered(s, 30), "verificat  50%  5/s  0:01 left");
}

static void enormous_numbers_stay_short(void **state)
{
	(void)state;
	struct progress_state s = {"x", UINT64_MAX / 2, UINT64_MAX, 1};
	assert_true(strlen(rendered(s, 79)) <= 79);
	s.elapsed_ms = UINT64_MAX;
	assert_true(strlen(rendered(s, 79)) <= 79);
}

static char written[4096];

static const char *read_all(int fd)
{
	ssize_t n = read(fd, written, sizeof written - 1);
	written[n > 0 ? n : 0] = '\0';
	return written;
}

static size_t lines_of(const char *text)
{
	size_t n = 0;
	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void nothing_is_written_where_nobody_looks(void **state)
{
	(void)state;
	int fd[2];
	const enum progress_mode modes[] = {PROGRESS_AUTO, PROGRESS_QUIET};
	assert_int_equal(pipe2(fd, O_NONBLOCK), 0);
	for (size_t i = 0; i < 2; i++) {
		struct progress *p;
		assert_ok(host_progress_new(&p, modes[i], fd[1], &turned, &err), err);
		progress_report(p, "mix", 0, 10);
		progress_report(p, "mix", 10, 10);
		host_progress_free(p);
	}
	assert_string_equal(read_all(fd[0]), "");
	close(fd[0]);
	close(fd[1]);
}

static void plain_progress_is_a_line_every_tenth(void **state)
{
	(void)state;
	int fd[2];
	struct progress *p;
	now_ms = 0;
	assert_int_equal(pipe2(fd, O_NONBLOCK), 0);
	assert_ok(host_progress_new(&p, PROGRESS_PLAIN, fd[1], &turned, &err), err);
	for (uint64_t done = 0; done <= 1000; done++, now_ms += 10)
		progress_report(p, "mix", done, 1000);
	assert_int_equal(lines_of(read_all(fd[0])), 11);
	progress_report(p, "mix", 999, 1000); /* late: another thread was slower */
	assert_string_equal(read_all(fd[0]), "");
	progress_report(p, "mix", 0, 1000); /* the next list */
	progress_report(p, "decrypt", 5, 5);
	assert_int_equal(lines_of(read_all(fd[0])), 2);
	host_progress_free(p);
	host_progress_free(NULL);
	close(fd[0]);
	close(fd[1]);
}

static void a_terminal_is_redrawn_ten_times_a_second_at_most(void **state)
{
	(void)state;
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) {
		print_message("skipped: no pseudo-terminals here\n");
		skip();
	}
	int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(terminal >= 0);
	struct progress *p;
	now_ms = 0;
	assert_ok(host_progress_new(&p, PROGRESS_AUTO, terminal, &turned, &err), err);
	for (uint64_t done = 0; done < 1000; done++, now_ms++)
		progress_report(p, "mix", done, 2000);
	host_progress_free(p); /* ends the line, so that what follows stands alone */
	/* A terminal passes things on when it likes: read on until the line end. */
	char text[4096];
	size_t len = 0, drawn = 0;
	while (len == 0 || text[len - 1] != '\n') {
		ssize_t n = read(master, text + len, sizeof text - len);
		assert_true(n > 0);
		len += (size_t)n;
	}
	for (size_t i = 0; i + 1 < len; i++) {
		drawn += text[i] == '\r' && text[i + 1] == '\033';
		assert_int_not_equal(text[i], '\n');
	}
	assert_in_range(drawn, 10, 11);
	close(terminal);
	close(master);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bar_shows_part_rate_and_time_left),
		cmocka_unit_test(a_finished_stage_shows_its_duration),
		cmocka_unit_test(a_narrow_terminal_gets_less),
		cmocka_unit_test(enormous_numbers_stay_short),
		cmocka_unit_test(nothing_is_written_where_nobody_looks),
		cmocka_unit_test(plain_progress_is_a_line_every_tenth),
		cmocka_unit_test(a_terminal_is_redrawn_ten_times_a_second_at_most),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
