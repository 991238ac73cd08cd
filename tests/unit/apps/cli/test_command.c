/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "cli/command.h"

static int nothing(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return EXIT_YES;
}

static const struct command table[] = {
	{"ceremony", nothing, "", true},    {"manifest", nothing, "", true},
	{"mix", nothing, "", false},        {"encrypt", nothing, "", false},
	{"credentials", nothing, "", true}, {NULL, NULL, NULL, false},
};

static void assert_finds(const char *word, const char *name)
{
	const struct command *c = command_find(table, word);
	if (!name) {
		assert_null(c);
		return;
	}
	assert_non_null(c);
	assert_string_equal(c->name, name);
}

static void a_name_finds_its_command(void **state)
{
	(void)state;
	assert_finds("mix", "mix");
	assert_finds("mi", NULL);
	assert_finds("mixx", NULL);
	assert_finds("", NULL);
}

static void a_noun_is_found_by_its_plural_too(void **state)
{
	(void)state;
	assert_finds("ceremonies", "ceremony");
	assert_finds("manifests", "manifest");
	assert_finds("credential", "credentials");
	assert_finds("ceremonys", NULL);
	assert_finds("manifestses", NULL);
	assert_finds("mixs", NULL);
}

static void a_misspelt_name_has_a_nearest_one(void **state)
{
	(void)state;
	assert_string_equal(command_nearest(table, "enrcypt"), "encrypt");
	assert_string_equal(command_nearest(table, "mxi"), "mix");
	assert_string_equal(command_nearest(table, "manifesto"), "manifest");
	assert_string_equal(command_nearest(table, "cere"), "ceremony");
}

static void a_word_like_none_of_them_has_no_nearest_one(void **state)
{
	(void)state;
	assert_null(command_nearest(table, "publish"));
	assert_null(
		command_nearest(table, "a word that is much longer than any command there could be"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_finds_its_command),
		cmocka_unit_test(a_noun_is_found_by_its_plural_too),
		cmocka_unit_test(a_misspelt_name_has_a_nearest_one),
		cmocka_unit_test(a_word_like_none_of_them_has_no_nearest_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
