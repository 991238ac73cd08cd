/* SPDX-License-Identifier: Apache-2.0 */
/* urna verify proof on directories that Verificatum's mix-net wrote, right and wrong ones. */
#include "e2e/e2e.h"

#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

/* Unpacks verificatum/NAME/NAME.tar.gz; skips the test when the data is not there. */
static const char *unpacked(const char *name)
{
	bytes archive = test_data(text_of("verificatum/%s/%s.tar.gz", name, name));
	const char *folder = fresh_folder(), *file = text_of("%s/a.tar.gz", folder);
	write_file(file, archive.p, archive.len);
	const char *argv[] = {"tar", "-xzf", file, "-C", folder, NULL};
	struct outcome o = program(argv);
	assert_code(o, 0);
	return text_of("%s/%s", folder, name);
}

static void accepted(const char *name, const char *auxsid, const char *type)
{
	const char *set = unpacked(name);
	struct outcome o =
		urna("verify", "proof", text_of("%s/nizkp/%s", set, auxsid), "--protinfo",
	         text_of("%s/protInfo.xml", set), "--auxsid", auxsid, "--type", type, NULL);
	assert_code(o, 0);
	assert_says(o.out, "Valid, tied to no election");
	assert_says(o.out, type);
}

static void proofs_of_every_shape_are_accepted(void **state)
{
	(void)state;
	static const char *const names[] = {
		"p1t1-n10", "p2t2-n1",   "p2t2-n2",          "p2t2-n10",        "p2t2-n100",
		"p3t2-n10", "p3t2-n100", "p2t2-n10-precomp", "p2t2-n10-width2", "p3t2-n10-party3-inactive"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		accepted(names[i], "default", "mixing");
}

static void a_shuffle_and_its_decryption_are_accepted_as_such(void **state)
{
	(void)state;
	accepted("p2t2-n10-shuffle-then-decrypt", "default", "shuffling");
	accepted("p2t2-n10-shuffle-then-decrypt", "dec", "decryption");
}

static void another_type_auxsid_or_width_is_rejected(void **state)
{
	(void)state;
	const char *set = unpacked("p2t2-n10"), *folder = text_of("%s/nizkp/default", set);
	const char *protinfo = text_of("--protinfo=%s/protInfo.xml", set);
	static const char *const wrong[] = {"--type=shuffling", "--type=decryption", "--auxsid=other",
	                                    "--width=2"};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct outcome o = urna("verify", "proof", folder, protinfo, wrong[i], NULL);
		assert_code(o, 1);
	}
	struct outcome o = urna("verify", "proof", folder, protinfo, "--sloppy", NULL);
	assert_code(o, 0);
}

static void sloppy_takes_auxsid_and_width_from_the_directory(void **state)
{
	(void)state;
	const char *set = unpacked("p2t2-n10-shuffle-then-decrypt");
	const char *protinfo = text_of("--protinfo=%s/protInfo.xml", set);
	const char *folder = text_of("%s/nizkp/dec", set);
	struct outcome o = urna("verify", "proof", folder, protinfo, NULL);
	assert_code(o, 1);
	o = urna("verify", "proof", folder, protinfo, "--sloppy", NULL);
	assert_code(o, 0);
}

static void a_name_like_one_of_ours_is_no_place_to_hide_something(void **state)
{
	(void)state;
	static const char *const names[] = {".urna-evil", "proofs/.urna-evil", ".urna-lock",
	                                    "proofs/.urna-tmp-0123456789abcdef"};
	static const char *const folders[] = {".urna-x", "proofs/.urna-x"};
	const char *set = unpacked("p2t2-n1"), *folder = text_of("%s/nizkp/default", set);
	const char *protinfo = text_of("--protinfo=%s/protInfo.xml", set);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *path = text_of("%s/%s", folder, names[i]);
		write_text(path, "x");
		struct outcome o = urna("verify", "proof", folder, protinfo, NULL);
		assert_code(o, 1);
		assert_says(o.err, names[i] + (strncmp(names[i], "proofs/", 7) ? 0 : 7));
		assert_int_equal(unlink(path), 0);
	}
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		const char *path = text_of("%s/%s", folder, folders[i]);
		const char *inside = text_of("%s/inside", path);
		assert_int_equal(mkdir(path, 0777), 0);
		write_text(inside, "x");
		struct outcome o = urna("verify", "proof", folder, protinfo, NULL);
		assert_code(o, 1);
		assert_says(o.err, ".urna-x");
		assert_int_equal(unlink(inside), 0);
		assert_int_equal(rmdir(path), 0);
	}
	struct outcome o = urna("verify", "proof", folder, protinfo, NULL);
	assert_code(o, 0);
}

static void other_groups_are_refused_by_name(void **state)
{
	(void)state;
	static const char *const names[] = {"p2t2-n10-modp2048", "p2t2-n10-p521-sha512"};
	for (size_t i = 0; i < 2; i++) {
		const char *set = unpacked(names[i]);
		struct outcome o = urna("verify", "proof", text_of("%s/nizkp/default", set), "--protinfo",
		                        text_of("%s/protInfo.xml", set), NULL);
		assert_code(o, 1);
		assert_says(o.err, "P-256");
	}
}

/* The flags of vmnv in the list of cases, as ours. */
static const char *type_of(const char *flags)
{
	return strstr(flags, "-shuffle")   ? "shuffling"
	       : strstr(flags, "-decrypt") ? "decryption"
	                                   : "mixing";
}

static void check_case(const char *set, const json_t *c)
{
	const char *name, *folder, *flags, *expected;
	assert_int_equal(json_unpack((json_t *)(uintptr_t)c, "{s:s,s:s,s:s,s:s}", "name", &name,
	                             "proofdir", &folder, "flags", &flags, "expected", &expected),
	                 0);
	const char *own = text_of("%s/%s/protInfo.xml", set, name);
	struct outcome o = urna("verify", "proof", text_of("%s/%s/%s", set, name, folder), "--protinfo",
	                        access(own, F_OK) == 0 ? own : text_of("%s/protInfo.xml", set),
	                        "--type", type_of(flags), "--auxsid", folder, NULL);
	bool accepts = strcmp(expected, "ACCEPT") == 0;
	if (o.code != (accepts ? 0 : 1))
		fail_msg("%s: exit code %d\n%s%s", name, o.code, o.out, o.err);
	if (!accepts && !o.err[0])
		fail_msg("%s: rejected without a reason", name);
}

static void check_all(const char *set)
{
	bytes list = test_data(text_of("verificatum/%s/manifest.json", set));
	const char *folder = unpacked(set);
	json_t *cases = json_loadb((const char *)list.p, list.len, 0, NULL), *c;
	size_t i;
	assert_true(json_array_size(cases) > 0);
	json_array_foreach(cases, i, c) check_case(folder, c);
	json_decref(cases);
}

static void altered_proofs_of_two_parties_get_their_verdict(void **state)
{
	(void)state;
	check_all("invalid-p2t2-n10");
}

static void altered_proofs_of_three_parties_get_their_verdict(void **state)
{
	(void)state;
	check_all("invalid-p3t2-n10");
}

static void what_verificatum_accepts_wrongly_is_rejected(void **state)
{
	(void)state;
	check_all("must-reject-though-vmnv-accepts");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(proofs_of_every_shape_are_accepted),
		cmocka_unit_test(a_shuffle_and_its_decryption_are_accepted_as_such),
		cmocka_unit_test(another_type_auxsid_or_width_is_rejected),
		cmocka_unit_test(sloppy_takes_auxsid_and_width_from_the_directory),
		cmocka_unit_test(a_name_like_one_of_ours_is_no_place_to_hide_something),
		cmocka_unit_test(other_groups_are_refused_by_name),
		cmocka_unit_test(altered_proofs_of_two_parties_get_their_verdict),
		cmocka_unit_test(altered_proofs_of_three_parties_get_their_verdict),
		cmocka_unit_test(what_verificatum_accepts_wrongly_is_rejected),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
