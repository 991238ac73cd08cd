/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "support/keys.h"

#include "cli/voters.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct manifest *manifest;
static struct error err;

/* Two questions; styles "both" and "first", or with `areas` one for each of two areas. */
static void make_manifest(bool areas)
{
	static const bytes answers[] = {{(const uint8_t *)"Yes", 3}, {(const uint8_t *)"No", 2}};
	static const bytes names[] = {{(const uint8_t *)"north", 5}, {(const uint8_t *)"south", 5}};
	static const unsigned both[] = {0, 1};
	const struct manifest_draft_question q = {.title = BYTES_LITERAL("Q"),
	                                          .rule = BYTES_LITERAL("plurality-at-large"),
	                                          .seats = 1,
	                                          .max = 1,
	                                          .answers_count = 2,
	                                          .answers = answers};
	const struct manifest_draft_question questions[] = {q, q};
	const struct manifest_draft_style styles[] = {
		{.name = BYTES_LITERAL("both-all"), .groups_count = 2, .groups = both},
		{.name = BYTES_LITERAL("first"), .groups_count = 1, .groups = both}};
	const struct manifest_authority authority = {BYTES_LITERAL("A"), TEST_KEY_1};
	const struct manifest_draft draft = {.title = BYTES_LITERAL("T"),
	                                     .mode = BALLOT_CREDENTIALS,
	                                     .board = {BYTES_LITERAL("b"), TEST_KEY_2},
	                                     .registrar = TEST_KEY_3,
	                                     .weight_max = 9,
	                                     .threshold = 1,
	                                     .authorities_count = 1,
	                                     .authorities = &authority,
	                                     .areas_count = areas ? 2 : 0,
	                                     .areas = names,
	                                     .questions_count = 2,
	                                     .questions = questions,
	                                     .styles_count = areas ? 0 : 2,
	                                     .styles = styles};
	bytes exact;
	error_clear(&err);
	arena_release(test_arena(), 0);
	assert_ok(manifest_write(&exact, &draft, test_arena(), &err), err);
	assert_ok(manifest_read(&manifest, exact, test_arena(), &err), err);
}

static struct voter *list;
static size_t count;

static const char *with_file(const char *content)
{
	static char path[64];
	snprintf(path, sizeof path, "/tmp/urna-voters-XXXXXX");
	int fd = mkstemp(path);
	ssize_t n = write(fd, content, strlen(content));
	assert_int_equal(n, strlen(content));
	close(fd);
	return path;
}

static bool read_list(const char *content)
{
	const char *path = with_file(content);
	bool good = voters_read(&list, &count, path, manifest, test_arena(), &err);
	unlink(path);
	return good;
}

static void assert_refuses(const char *content, enum error_kind kind, const char *place)
{
	assert_fails(read_list(content), err, kind);
	if (!strstr(err.detail, place))
		fail_msg("'%s' does not say '%s'", err.detail, place);
}

static void a_line_is_a_voter_with_style_and_weight(void **state)
{
	(void)state;
	make_manifest(false);
	assert_ok(read_list("voter,style,weight\nann,first,3\n\"bo, jr\",both-all\ncy\ndi,,9\n"), err);
	static const struct {
		const char *id;
		uint32_t style, weight;
	} expected[] = {{"ann", 1, 3}, {"bo, jr", 0, 1}, {"cy", 0, 1}, {"di", 0, 9}};
	assert_int_equal(count, 4);
	for (size_t i = 0; i < count; i++) {
		assert_true(bytes_equal(list[i].id, bytes_of_text(expected[i].id)));
		assert_int_equal(list[i].style, expected[i].style);
		assert_int_equal(list[i].weight, expected[i].weight);
	}
}

static void what_is_no_voter_is_refused_with_the_line(void **state)
{
	(void)state;
	make_manifest(false);
	assert_refuses("ann\n,first\n", ERROR_MALFORMED, "line 2");
	assert_refuses("ann\nbo,second\n", ERROR_REJECTED, "line 2: second");
	assert_refuses("ann,first,10\n", ERROR_MALFORMED, "line 1");
	assert_refuses("ann,first,0\n", ERROR_REJECTED, "line 1");
	assert_refuses("ann,first,x\n", ERROR_MALFORMED, "line 1");
	assert_refuses("ann,first,1,more\n", ERROR_MALFORMED, "line 1");
	assert_refuses("", ERROR_REJECTED, "");
	assert_refuses("voter\n", ERROR_REJECTED, "");
}

static void a_voter_twice_is_refused_wherever_it_stands(void **state)
{
	(void)state;
	make_manifest(false);
	assert_refuses("ann\nbo\ncy\nbo\n", ERROR_REJECTED, "line 4");
	assert_refuses("ann\n\"ann\",first\n", ERROR_REJECTED, "line 2");
	assert_ok(read_list("ann\nAnn\nann \nannn\n"), err);
}

static void where_every_style_is_of_an_area_it_must_be_said(void **state)
{
	(void)state;
	make_manifest(true);
	assert_ok(read_list("ann,south\nbo,north\n"), err);
	assert_refuses("ann,south\nbo\n", ERROR_REJECTED, "line 2");
}

/* --- codes --- */

struct text_sink {
	struct sink sink;
	char text[4096];
	size_t len;
};

static bool append(struct sink *s, bytes b, struct error *e)
{
	struct text_sink *t = (struct text_sink *)s;
	(void)e;
	assert_true(t->len + b.len < sizeof t->text);
	memcpy(t->text + t->len, b.p, b.len);
	t->len += b.len;
	t->text[t->len] = '\0';
	return true;
}

static const char *written(const credential_code *codes)
{
	static struct text_sink out;
	out = (struct text_sink){.sink = {.append = append}};
	assert_ok(codes_write(&out.sink, manifest, list, codes, count, &err), err);
	return out.text;
}

static void codes_are_read_as_they_were_written_style_by_style(void **state)
{
	(void)state;
	credential_code codes[4], *got;
	size_t n;
	make_manifest(false);
	assert_ok(read_list("ann,first\n\"bo, jr\"\ncy,first,7\n\"d\"\"i\"\n"), err);
	for (size_t i = 0; i < 4; i++)
		assert_ok(credential_code_random(&codes[i], test_rng(), &err), err);
	const char *path = with_file(written(codes));
	assert_ok(codes_read(&got, &n, path, manifest, 1, test_arena(), &err), err);
	assert_int_equal(n, 2);
	assert_true(confirmation_equal(&got[0].secret, &codes[0].secret));
	assert_true(confirmation_equal(&got[1].secret, &codes[2].secret));
	assert_ok(codes_read(&got, &n, path, manifest, 0, test_arena(), &err), err);
	assert_int_equal(n, 2);
	assert_true(confirmation_equal(&got[0].secret, &codes[1].secret));
	assert_true(confirmation_equal(&got[1].secret, &codes[3].secret));
	unlink(path);
}

static void a_wrong_code_is_refused_with_the_line(void **state)
{
	(void)state;
	credential_code code, *got;
	char text[256], one[CONFIRMATION_TEXT_BYTES];
	size_t n;
	make_manifest(false);
	assert_ok(credential_code_random(&code, test_rng(), &err), err);
	confirmation_format(one, &code.secret);
	one[0] = one[0] == '0' ? '1' : '0'; /* the check character notices */
	snprintf(text, sizeof text, "voter,style,weight,code\nann,first,1,%s\n", one);
	const char *path = with_file(text);
	assert_fails(codes_read(&got, &n, path, manifest, 1, test_arena(), &err), err, ERROR_MALFORMED);
	assert_non_null(strstr(err.detail, "line 2"));
	unlink(path);
	path = with_file("ann,first,1\n");
	assert_fails(codes_read(&got, &n, path, manifest, 1, test_arena(), &err), err, ERROR_MALFORMED);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_a_voter_with_style_and_weight),
		cmocka_unit_test(what_is_no_voter_is_refused_with_the_line),
		cmocka_unit_test(a_voter_twice_is_refused_wherever_it_stands),
		cmocka_unit_test(where_every_style_is_of_an_area_it_must_be_said),
		cmocka_unit_test(codes_are_read_as_they_were_written_style_by_style),
		cmocka_unit_test(a_wrong_code_is_refused_with_the_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
