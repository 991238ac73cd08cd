/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/protocol/mixnet/world.h"

#include <stdio.h>

static char file[PROTINFO_ROOM + 64];
static size_t file_len;

static void write_file(void)
{
	static const char *const operators[] = {"Red Cross", "Stadt Z\xc3\xbcrich", "<&> \"x\""};
	struct mix_session s;
	struct error err;
	struct text t = TEXT_OF(file);
	assert_ok(mix_session_init(&s, BYTES_LITERAL("urnaAB12"), BYTES_LITERAL("l7"), 3, 2, &err),
	          err);
	s.width = 4;
	assert_ok(protinfo_write(&t, &s, operators, &err), err);
	file_len = t.len;
}

static bool parse(struct mix_session *s, struct error *err)
{
	error_clear(err);
	return protinfo_parse(s, bytes_of(file, file_len), err);
}

/* Replaces the first occurrence of a part of the file. */
static void replace(const char *from, const char *to)
{
	char rest[sizeof file];
	write_file();
	char *at = strstr(file, from);
	assert_non_null(at);
	snprintf(rest, sizeof rest, "%s", at + strlen(from));
	file_len = (size_t)(at - file) +
	           (size_t)snprintf(at, sizeof file - (size_t)(at - file), "%s%s", to, rest);
	assert_true(file_len < sizeof file);
}

static void what_is_written_is_read_again(void **state)
{
	(void)state;
	struct mix_session s;
	struct error err;
	write_file();
	assert_ok(parse(&s, &err), err);
	assert_string_equal(s.sid, "urnaAB12");
	assert_string_equal(s.auxsid, "default");
	assert_int_equal(s.parties, 3);
	assert_int_equal(s.threshold, 2);
	assert_int_equal(s.width, 4);
	assert_int_equal(s.statdist, 100);
	assert_int_equal(s.vbits, 256);
	assert_int_equal(s.ebits, 256);
	assert_int_equal(s.rohash, HASH_SHA256);
	assert_int_equal(s.prg, HASH_SHA256);
}

static void operators_become_plain_names(void **state)
{
	(void)state;
	write_file();
	assert_non_null(strstr(file, "<name>Authority01 Red Cross</name>"));
	assert_non_null(strstr(file, "<name>Authority02 Stadt Z  rich</name>"));
	assert_non_null(strstr(file, "<name>Authority03      x </name>"));
}

static void a_buffer_too_small_is_a_limit(void **state)
{
	(void)state;
	static const char *const operators[] = {"a", "b"};
	struct mix_session s;
	struct error err;
	char room[300];
	struct text t = TEXT_OF(room);
	assert_ok(mix_session_init(&s, BYTES_LITERAL("ab"), BYTES_LITERAL("l1"), 2, 2, &err), err);
	assert_fails(protinfo_write(&t, &s, operators, &err), err, ERROR_LIMIT);
}

static void comments_declaration_and_space_are_allowed(void **state)
{
	(void)state;
	struct mix_session s;
	struct error err;
	replace("<protocol>", "<?xml version=\"1.0\"?>\n<!-- a - b --> <protocol>\r\n\t<!---->");
	assert_ok(parse(&s, &err), err);
	replace("<descr></descr>", "<descr/>");
	assert_ok(parse(&s, &err), err);
	replace("</protocol>\n", "</protocol><!-- end -->\n\n");
	assert_ok(parse(&s, &err), err);
}

static void whatever_is_not_the_schema_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to;
	} cases[] = {
		{"<protocol>", "<!DOCTYPE protocol><protocol>"},
		{"<protocol>", "<protocol a=\"b\">"},
		{"<protocol>", "<?pi x?><protocol>"},
		{"<protocol>", "<?xml version=\"1.0\" <protocol>"},
		{"<protocol>", "<!-- a -- b --><protocol>"},
		{"<protocol>", "<!-- never closed <protocol>"},
		{"<sid>urnaAB12", "<sid>urna&amp;"},
		{"<sid>urnaAB12", "<sid><![CDATA[ab]]>"},
		{"<sid>urnaAB12", "<sid>"},
		{"<sid>urnaAB12", "<sid> urnaAB12"},
		{"<sid>urnaAB12", "<sid>urnaAB12<!-- x -->"},
		{"<name>Urna</name>", ""},
		{"<name>Urna</name>", "<name>Urna</name><name>Urna</name>"},
		{"<name>Urna</name>", "<name>Urna</descr>"},
		{"<descr></descr>", "<descr></descr><extra></extra>"},
		{"<nopart>3", "<nopart>2"},
		{"<nopart>3", "<nopart>4"},
		{"<nopart>3", "<nopart>03"},
		{"<nopart>3", "<nopart>+3"},
		{"<nopart>3", "<nopart>"},
		{"<nopart>3", "<nopart>99999999999999999999"},
		{"<thres>2", "<thres>4"},
		{"<corr>non", "<corr>"},
		{"<srtbyrole>anyrole", "<srtbyrole>other"},
		{"</protocol>", "</protocol>x"},
		{"</protocol>", ""},
	};
	struct mix_session s;
	struct error err;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		replace(cases[i].from, cases[i].to);
		if (parse(&s, &err))
			fail_msg("accepted: %s for %s", cases[i].to, cases[i].from);
		assert_int_equal(err.kind, ERROR_MALFORMED);
	}
}

static void unsupported_values_are_refused_by_the_name_of_the_field(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to, *field;
	} cases[] = {
		{"<version>3.1.0", "<version>3.0.4", "version"},
		{"(P-256)", "(P-384)", "pgroup"},
		{"502d323536", "502d353231", "pgroup"},
		{"ECqPGroup(P-256)", "ModPGroup(safe-prime)", "pgroup"},
		{"<keywidth>1", "<keywidth>2", "keywidth"},
		{"<prg>SHA-256", "<prg>SHA-1", "prg"},
		{"<rohash>SHA-256", "<rohash>SHA3-256", "rohash"},
		{"<vbitlenro>256", "<vbitlenro>128", "vbitlenro"},
		{"<ebitlenro>256", "<ebitlenro>128", "ebitlenro"},
		{"<statdist>100", "<statdist>257", "statdist"},
		{"<width>4", "<width>17", "width"},
	};
	struct mix_session s;
	struct error err;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		replace(cases[i].from, cases[i].to);
		assert_false(parse(&s, &err));
		if (!strstr(err.what, cases[i].field))
			fail_msg("%s: %s", cases[i].field, err.what);
	}
}

static void an_error_has_its_line(void **state)
{
	(void)state;
	struct mix_session s;
	struct error err;
	replace("<sid>", "<six>");
	assert_fails(parse(&s, &err), err, ERROR_MALFORMED);
	assert_int_equal(err.at, 3);
	assert_string_equal(err.detail, "line 3: sid");
}

static void a_file_cut_anywhere_is_refused(void **state)
{
	(void)state;
	struct mix_session s;
	struct error err;
	write_file();
	size_t whole = file_len - 1; /* the last line end may be missing */
	for (file_len = 0; file_len < whole; file_len++)
		assert_fails(parse(&s, &err), err, ERROR_MALFORMED);
	assert_ok(parse(&s, &err), err);
}

static void a_huge_file_is_a_limit(void **state)
{
	(void)state;
	static uint8_t big[LIMIT_PROTINFO_BYTES + 1];
	struct mix_session s;
	struct error err;
	assert_fails(protinfo_parse(&s, BYTES_OF(big), &err), err, ERROR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(operators_become_plain_names),
		cmocka_unit_test(a_buffer_too_small_is_a_limit),
		cmocka_unit_test(comments_declaration_and_space_are_allowed),
		cmocka_unit_test(whatever_is_not_the_schema_is_refused),
		cmocka_unit_test(unsupported_values_are_refused_by_the_name_of_the_field),
		cmocka_unit_test(an_error_has_its_line),
		cmocka_unit_test(a_file_cut_anywhere_is_refused),
		cmocka_unit_test(a_huge_file_is_a_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
