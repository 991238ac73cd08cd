/* SPDX-License-Identifier: Apache-2.0 */
/* --json: one object on standard output, whatever happens, read by another library. */
#include "e2e/e2e.h"

#include "support/support.h"

#include <sys/stat.h>

#include <jansson.h>

static json_t *parsed(const struct outcome *o)
{
	json_error_t why;
	json_t *j = json_loads(o->out, JSON_REJECT_DUPLICATES, &why);
	if (!j)
		fail_msg("%s at %d: %s", why.text, why.line, o->out);
	assert_true(json_is_object(j));
	return j;
}

static const char *text_at(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));
	if (!s)
		fail_msg("no text '%s'", key);
	return s;
}

static void run_tells_stages_result_and_fingerprint(void **state)
{
	(void)state;
	const char *out = text_of("%s/e", fresh_folder());
	struct outcome o = urna("run", make_blt(5, 2, 20), "--rule=scotland", "--authorities=2",
	                        "--threshold=1", "--lot=1,2,3,4,5", "--json", "--out", out, NULL);
	assert_code(o, 0);
	json_t *j = parsed(&o);
	assert_string_equal(text_at(j, "command"), "urna run");
	assert_string_equal(text_at(j, "verdict"), "verified");
	assert_string_equal(text_at(j, "out"), out);
	assert_int_equal(json_integer_value(json_object_get(j, "ballots")), 20);
	assert_int_equal(json_array_size(json_object_get(j, "stages")), 10);
	json_t *f = json_object_get(j, "fingerprint");
	assert_int_equal(strlen(text_at(f, "hex")), 64);
	assert_string_equal(text_at(f, "words"), fingerprint_of(record_of(out)));
	json_decref(j);
}

static void verify_tells_every_check(void **state)
{
	(void)state;
	const char *record = record_of(make_election(make_blt(5, 2, 12), "2", "2", NULL));
	struct outcome o = urna("verify", record, "--json", NULL);
	assert_code(o, 3);
	json_t *j = parsed(&o), *checks = json_object_get(j, "checks"), *c;
	size_t i, passed = 0;
	assert_string_equal(text_at(j, "verdict"), "self-consistent");
	json_array_foreach(checks, i, c)
	{
		text_at(c, "code");
		text_at(c, "sentence");
		passed += strcmp(text_at(c, "outcome"), "passed") == 0;
		assert_string_not_equal(text_at(c, "outcome"), "failed");
	}
	assert_true(passed >= 10);
	json_decref(j);

	write_text(text_of("%s/result.json", record), "{}\n");
	o = urna("verify", record, "--json", NULL);
	assert_code(o, 1);
	j = parsed(&o);
	assert_string_equal(text_at(j, "verdict"), "rejected");
	size_t failed = 0;
	json_array_foreach(json_object_get(j, "checks"), i,
	                   c) if (strcmp(text_at(c, "outcome"), "failed") == 0)
	{
		failed++;
		text_at(json_object_get(c, "error"), "what");
	}
	assert_true(failed >= 1);
	json_decref(j);
}

static void count_of_a_record_is_its_result_file(void **state)
{
	(void)state;
	const char *record = record_of(make_election(make_blt(5, 2, 12), "1", "1", NULL));
	struct outcome o = urna("count", "--record", record, "--json", NULL);
	assert_code(o, 0);
	bytes file = read_file(text_of("%s/result.json", record));
	assert_int_equal(strlen(o.out), file.len);
	assert_memory_equal(o.out, file.p, file.len);
	json_decref(parsed(&o));
}

static void count_of_a_file_is_one_object(void **state)
{
	(void)state;
	struct outcome o =
		urna("count", make_blt(5, 2, 30), "--rule=scotland", "--lot=1,2,3,4,5", "--json", NULL);
	assert_code(o, 0);
	json_t *j = parsed(&o);
	assert_string_equal(text_at(j, "rule"), "scotland");
	json_decref(j);
}

static void failures_are_objects_too(void **state)
{
	(void)state;
	const char *file = text_of("%s/bad.blt", fresh_folder());
	write_text(file, "nonsense\n");
	const char *const cases[][8] = {
		{"count", file, "--rule=scotland", "--json", NULL},
		{"verify", "/nowhere", "--json", NULL},
		{"manifest", "check", file, "--json", NULL},
		{"mix", "--home=/nowhere", "--record=/nowhere", "--json", NULL},
		{"encrypt", file, "--record=/nowhere", "--out=/nowhere/b", "--json", NULL},
		{"board", "collect", "--home=/nowhere", "--record=/nowhere", file, "--json", NULL},
		{"board", "finish", "--home=/nowhere", "--record=/nowhere", "--json", NULL},
		{"manifest", "import-sequent", file, "--json", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct outcome o = urna_argv(cases[i]);
		assert_true(o.code == 1 || o.code == 3);
		json_t *j = parsed(&o), *error = json_object_get(j, "error");
		assert_true(json_is_false(json_object_get(j, "ok")));
		text_at(error, "kind");
		text_at(error, "what");
		text_at(error, "detail");
		json_decref(j);
	}
}

static void ceremony_and_manifest_answer_in_json(void **state)
{
	(void)state;
	const char *home = text_of("%s/a1", fresh_folder()), *file = make_blt(3, 1, 12);
	const char *record = text_of("%s/record", fresh_folder());
	struct outcome o = urna("ceremony", "init", "--home", home, "--operator", "\"quoted\" \\ name",
	                        "--json", NULL);
	assert_code(o, 0);
	json_t *j = parsed(&o);
	assert_string_equal(text_at(j, "operator"), "\"quoted\" \\ name");
	assert_int_equal(strlen(text_at(j, "identity")), 64);
	json_decref(j);
	o = urna("manifest", "new", file, "--rule=scotland", "--threshold=1", "--authority",
	         text_of("%s/identity.json", home), "--board",
	         text_of("%s/identity.json", make_board(fresh_folder())), "--record", record, NULL);
	if (o.code == 1)
		return; /* the manifest may refuse such a name; then nothing was written */
	assert_code(o, 0);
	o = urna("manifest", "check", text_of("%s/manifest.json", record), "--json", NULL);
	assert_code(o, 0);
	json_decref(parsed(&o));
	o = urna("ceremony", "--home", home, "--record", record, "--json", NULL);
	assert_code(o, 0);
	j = parsed(&o);
	text_at(json_object_get(j, "fingerprint"), "words");
	json_decref(j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_tells_stages_result_and_fingerprint),
		cmocka_unit_test(verify_tells_every_check),
		cmocka_unit_test(count_of_a_record_is_its_result_file),
		cmocka_unit_test(count_of_a_file_is_one_object),
		cmocka_unit_test(failures_are_objects_too),
		cmocka_unit_test(ceremony_and_manifest_answer_in_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
