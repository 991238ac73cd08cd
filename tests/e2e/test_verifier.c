/* SPDX-License-Identifier: Apache-2.0 */
/* urna-verify, the auditor's program: it says what urna verify says, and can do nothing else. */
#include "e2e/e2e.h"

#include "support/support.h"

#include <stdlib.h>

#include <jansson.h>

#define ARGUMENTS 8

static const char *verifier(void)
{
	return text_of("%s/src/apps/verify/urna-verify", getenv("URNA_BUILD"));
}

static json_t *without_command(const struct outcome *o)
{
	json_t *j = json_loads(o->out, JSON_REJECT_DUPLICATES, NULL);
	if (!j)
		fail_msg("no JSON: %s\n%s", o->out, o->err);
	json_object_del(j, "command");
	return j;
}

/* Both with these arguments: one exit code, one output; the code. */
static int both(const char *const arguments[static ARGUMENTS])
{
	const char *ours[ARGUMENTS + 2] = {"verify"}, *its[ARGUMENTS + 2] = {verifier()};
	bool json = false;
	for (unsigned i = 0; i < ARGUMENTS && arguments[i]; i++) {
		ours[i + 1] = its[i + 1] = arguments[i];
		json = json || strcmp(arguments[i], "--json") == 0;
	}
	struct outcome a = urna_argv(ours), b = program(its);
	assert_int_equal(a.code, b.code);
	if (json && a.out[0]) {
		json_t *x = without_command(&a), *y = without_command(&b);
		assert_true(json_equal(x, y));
		json_decref(x);
		json_decref(y);
	} else {
		assert_string_equal(a.out, b.out);
	}
	return a.code;
}

static void it_says_what_urna_verify_says(void **state)
{
	(void)state;
	const char *record = record_of(make_election(make_blt(5, 2, 12), "2", "2", NULL));
	const char *words = fingerprint_of(record);
	const char *proof = text_of("%s/proof/l1/nizkp/l1", record);
	const char *info = text_of("%s/proof/l1/protInfo.xml", record);
	const char *manifest = text_of("%s/manifest.json", record);
	const char *close = text_of("%s/log/checkpoint-close", record);
	const char *const cases[][ARGUMENTS] = {
		{record},
		{record, "--json"},
		{record, "--fingerprint", words},
		{record, "--fingerprint", words, "--json", "--threads=1"},
		{record, "--fingerprint", "lusab"},
		{"no such folder"},
		{"no such folder", "--json"},
		{"proof", proof, "--protinfo", info, "--sloppy"},
		{"proof", proof, "--protinfo", info, "--sloppy", "--json"},
		{"evidence", "--manifest", manifest, close, close},
		{"evidence", "--manifest", manifest, close, close, "--json"},
	};
	static const int codes[] = {3, 3, 0, 0, 2, 3, 3, 0, 0, 1, 1};
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		assert_int_equal(both(cases[i]), codes[i]);
	const char *result = text_of("%s/result.json", record);
	bytes b = read_file(result);
	write_file(result, b.p, b.len - 1);
	assert_int_equal(both(cases[2]), 1);
	assert_int_equal(both(cases[3]), 1);
}

static void it_has_a_version_and_help_of_its_own(void **state)
{
	(void)state;
	const char *version[] = {verifier(), "--version", NULL}, *help[] = {verifier(), "--help", NULL};
	const char *nothing[] = {verifier(), NULL};
	struct outcome o = program(version);
	assert_code(o, 0);
	assert_says(o.out, "urna-verify ");
	o = program(help);
	assert_code(o, 0);
	assert_says(o.out, "Usage: urna-verify [OPTION...] RECORD");
	o = program(nothing);
	assert_code(o, 2);
	assert_says(o.err, "RECORD is missing");
}

/* By the names of what is linked: a release build keeps only what is used. */
static void it_cannot_sign_encrypt_prove_or_make_anything(void **state)
{
	(void)state;
	static const char *const makers[] = {
		"identity_sign",  "identity_generate", "ballots_encrypt",   "elgamal_encrypt",
		"shuffle_online", "manifest_write",    "board_open",        "witness_cosign",
		"home_create",    "ceremony_party",    "checkpoint_cosign", "credential_secret",
		"sealed_file",    "decryption_reply",
	};
	const char *argv[] = {"nm", verifier(), NULL}, *all[] = {"nm", NULL, NULL, NULL};
	all[1] = text_of("%s/src/apps/cli/urna", getenv("URNA_BUILD"));
	all[2] = text_of("%s/src/apps/cli/urna-keys", getenv("URNA_BUILD"));
	struct outcome o = program(argv), whole = program(all);
	assert_code(o, 0);
	assert_code(whole, 0);
	assert_says(o.out, " record_verify");
	if (strstr(o.out, "__asan_") || strstr(o.out, "__tsan_"))
		skip(); /* sanitizers keep everything */
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
		if (!strstr(whole.out, makers[i]))
			fail_msg("urna and urna-keys have no %s any more", makers[i]);
		if (strstr(o.out, makers[i]))
			fail_msg("urna-verify has %s", makers[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_says_what_urna_verify_says),
		cmocka_unit_test(it_has_a_version_and_help_of_its_own),
		cmocka_unit_test(it_cannot_sign_encrypt_prove_or_make_anything),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
