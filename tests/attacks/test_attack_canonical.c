/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attack 48: the same thing said in other bytes. Manifest, result, notes and trees each have one
 * spelling; any other is refused by both verifiers under the same code, also where all authorities
 * sign it. A manifest that means the same in other bytes is another election.
 */
#include "support/support.h"

#include "attacks/files.h"

static uint8_t room[URN_BALLOT_MAX];
static struct scene_files kept;
static struct ballot_box box;

static void honest_record(void)
{
	scene_begin(BALLOT_CREDENTIALS);
	scene_open();
	for (unsigned i = 0; i < 6; i++)
		scene_vote(room, i, 0);
	scene_named("honest");
	assert_ok(urn_read(&box, &u, &err), err);
	scene_keep(&kept);
}

static void end(void)
{
	scene_restore(&kept);
	scene_judged("", "48: as it was");
	scene_forget(&kept);
	scene_end();
}

struct edit {
	const char *from, *to, *code; /* the first place of `from`; "" is the start, NULL the end */
};

/* The file with this edit; to be freed. */
static bytes edited(const char *path, const struct edit *e)
{
	bytes file = urn_file(&u, path);
	size_t len = strlen(e->to), from = e->from ? strlen(e->from) : 0;
	uint8_t *out = calloc(file.len + len + 1, 1);
	assert_non_null(out);
	const uint8_t *at = e->from ? memmem(file.p, file.len, e->from, from) : file.p + file.len;
	if (!at)
		fail_msg("%s has no %s", path, e->from);
	size_t before = (size_t)(at - file.p), behind = before + from;
	memcpy(out, file.p, before);
	memcpy(out + before, e->to, len);
	memcpy(out + before + len, file.p + behind, file.len - behind);
	bytes b = bytes_of(out, file.len - from + len);
	scene_drop(file);
	return b;
}

static void attack_48_a_manifest_has_one_spelling(void **state)
{
	(void)state;
	static const struct edit edits[] = {
		/* what no reader may take */
		{"{\"urna\":1,", "{\"urna\":1,\"urna\":1,", "2.1"},
		{"{\"urna\":1,", "{\"urn\\u0061\":2,\"urna\":1,", "2.1"},
		{"\"name\":\"g1\"", "\"name\":\"g1\",\"name\":\"g1\"", "2.1"},
		{"\"name\":\"g1\"", "\"name\":\"g1\",\"na\\u006de\":\"g3\"", "2.1"},
		{"\"urna\":1,", "\"urna\":1.0,", "2.1"},
		{"\"urna\":1,", "\"urna\":1e0,", "2.1"},
		{"\"urna\":1,", "\"urna\":\"1\",", "2.1"},
		{"\"urna\":1,", "\"urna\":01,", "2.1"},
		{"\"urna\":1,", "\"urna\":+1,", "2.1"},
		{"\"urna\":1,", "\"urna\":true,", "2.1"},
		{"\"urna\":1,", "\"urna\":18446744073709551617,", "2.1"},
		{"\"urna\":1,", "\"urna\":[1],", "2.1"},
		{"\"threshold\":2", "\"threshold\":2.0", "2.1"},
		{"\"threshold\":2", "\"threshold\":\"2\"", "2.1"},
		{"\"threshold\":2", "\"threshold\":20e-1", "2.1"},
		{"\"threshold\":2", "\"threshold\":0x2", "2.1"},
		{"\"min_list\":0", "\"min_list\":-0", "2.1"}, /* JSON's other zero */
		{"\"min_list\":0", "\"min_list\":null", "2.1"},
		{"\"accept_small_lists\":true", "\"accept_small_lists\":1", "2.1"},
		{"\"title\":\"Test\"", "\"title\":\"Te\\u0000st\"", "2.1"},
		{"\"title\":\"Test\"", "\"title\":\"Te\\ud800st\"", "2.1"},
		{"\"title\":\"Test\"", "\"title\":\"Te\xc0\xafst\"", "2.1"},
		{"\"title\":\"Test\"", "\"title\":\"Te\xed\xa0\x80st\"", "2.1"},
		{"\"title\":\"Test\"", "\"title\":\"Te\\u202est\"", "2.1"},
		{"\"title\":\"Test\"", "'title':'Test'", "2.1"},
		{"\"title\":\"Test\"", "\"title\":\"Test\",\"Title\":\"x\"", "2.1"},
		{"\"title\":\"Test\"", "\"title\":\"Test\" /* x */", "2.1"},
		{"\"No\"", "\"Yes \"", "2.1"},
		{"\"No\"", "\"Y\\u200bes\"", "2.1"},
		{"\"No\"", "\"\\u2800\"", "2.1"},
		{"\"No\"]", "\"No\",]", "2.1"},
		{"", "\xef\xbb\xbf", "2.1"},
		{NULL, "{}", "2.1"},
		{NULL, "x", "2.1"},
		{NULL, ",", "2.1"},
		/* the same meaning: another object, and with it another election */
		{"\"title\":\"Test\"", "\"title\":\"Te\\u0073t\"", "3.1"},
		{"\"title\":\"Test\"", "\"title\": \"Test\"", "3.1"},
		{"\"title\":\"Test\"", "\"titl\\u0065\":\"Test\"", "3.1"},
		{"{\"urna\":1,\"title\":\"Test\"", "{\"title\":\"Test\",\"urna\":1", "3.1"},
		{"\"title\":\"Test\"", "\"title\":\"\xc3\xa9\"", "3.1"},
		{"\"title\":\"Test\"", "\"title\":\"e\xcc\x81\"", "3.1"},
		{"\"title\":\"Test\"", "\"title\":\"\\u00e9\"", "3.1"},
		{"", " ", "3.1"},
		{NULL, "\n", "3.1"},
	};
	honest_record();
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		bytes b = edited("manifest.json", &edits[i]);
		struct manifest *m;
		size_t mark = arena_mark(&u.arena);
		error_clear(&err);
		/* so that no authority ever validates it */
		if (manifest_read(&m, b, &u.arena, &err) != (edits[i].code[0] != '2'))
			fail_msg("%s: %s", edits[i].to, err.what ? err.what : "accepted");
		arena_release(&u.arena, mark);
		urn_write(&u, "manifest.json", b);
		scene_judged(edits[i].code, edits[i].to);
		scene_drop(b);
		scene_restore(&kept);
	}
	end();
}

static void attack_48_a_result_has_one_spelling_whoever_signs_another(void **state)
{
	(void)state;
	static const struct edit edits[] = {
		{"{\"eid\":", "{\"eid\":\"x\",\"eid\":", "10.2"},
		{"{\"eid\":", "{\"\\u0065id\":", "10.2"},
		{"{\"eid\":", "{ \"eid\":", "10.2"},
		{"{\"eid\":", "\xef\xbb\xbf{\"eid\":", "10.2"},
		{"\"urna_result\":1", "\"urna_result\":1.0", "10.2"},
		{"\"urna_result\":1", "\"urna_result\":\"1\"", "10.2"},
		{"\"urna_result\":1", "\"urna_result\":01", "10.2"},
		{"\"urna_result\":1", "\"urna_result\":1,\"x\":0", "10.2"},
		{"\"Yes\"", "\"\\u0059es\"", "10.2"},
		{"\"Yes\"", "\"Yes\xe2\x80\x8b\"", "10.2"},
		{"\"id\":\"q1\"", "\"id\":\"q1\",\"id\":\"q1\"", "10.2"},
		{NULL, "\n", "10.2"},
		{NULL, " ", "10.2"},
		{NULL, "{}", "10.2"},
		{"}\n", "}", "10.2"},
		{"}\n", "}\r\n", "10.2"},
	};
	honest_record();
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		bytes b = edited("result.json", &edits[i]);
		urn_write(&u, "result.json", b);
		scene_sign_result(&box);
		scene_judged(edits[i].code, "48: another spelling of the result");
		scene_drop(b);
		scene_restore(&kept);
	}
	end();
}

/* What a board says in its notes: numbers, base64 and lines in another form. */
static void attack_48_a_signed_note_has_one_spelling(void **state)
{
	(void)state;
	honest_record();
	bytes note = urn_file(&u, BOARD_CLOSE_PATH);
	char *text = calloc(note.len + 4, 1);
	assert_non_null(text);
	/* behind the last letter of each base64 stand bits that decode to nothing: set them */
	for (size_t i = 1; i < note.len; i++) {
		if (note.p[i] != '=' || note.p[i - 1] == '=')
			continue;
		memcpy(text, note.p, note.len);
		text[i - 1]++;
		urn_write(&u, BOARD_CLOSE_PATH, bytes_of(text, note.len));
		scene_judged("4.4", "48: base64 with bits left over");
		memcpy(text + i, note.p + i + 1, note.len - i - 1); /* without the padding */
		text[i - 1]--;
		urn_write(&u, BOARD_CLOSE_PATH, bytes_of(text, note.len - 1));
		scene_judged("4.4", "48: base64 without padding");
	}
	static const struct edit edits[] = {
		{"\n", "\r\n", "4.4"},        {"\n", " \n", "4.4"},  {"\n", "\n0", "4.4"},
		{"\neid ", "\neid  ", "4.4"}, {"\n\n", "\n", "4.4"}, {"\n\n", "\n\n\n", "4.4"},
		{NULL, "\n", "4.4"},          {NULL, " ", "4.4"},    {"", "\n", "4.4"}};
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		scene_restore(&kept);
		bytes b = edited(BOARD_CLOSE_PATH, &edits[i]);
		urn_write(&u, BOARD_CLOSE_PATH, b);
		scene_judged("4.4", "48: another note");
		scene_drop(b);
	}
	free(text);
	scene_drop(note);
	end();
}

/* Every tree that is a file: one byte more, another kind, one child or byte more or less, a length
 * that is negative; the log says the same as the files. */
static void attack_48_a_tree_has_one_spelling(void **state)
{
	(void)state;
	unsigned trees = 0;
	uint64_t turn = test_random_below(5);
	honest_record();
	for (size_t i = 0; i < kept.files.count; i++) {
		const char *path = kept.files.file[i].path;
		bytes file = kept.content[i];
		if (!strstr(path, ".bt") || file.len == 0)
			continue;
		trees++;
		for (unsigned how = 0; how < 5; how++) {
			if (turn++ % TEST_COUNT(5, 1) != 0)
				continue;
			uint8_t *b = calloc(file.len + 1, 1);
			size_t len = file.len + (how == 0);
			assert_non_null(b);
			memcpy(b, file.p, file.len);
			if (how == 1)
				b[0] = 2;
			else if (how > 1)
				store_be32(b + 1, how == 4 ? load_be32(b + 1) | 0x80000000u
				                           : load_be32(b + 1) + (how == 2 ? 1 : UINT32_MAX));
			urn_write(&u, path, bytes_of(b, len));
			log_anew_if(path);
			must_fail(codes_for(path), path);
			scene_restore(&kept);
			free(b);
		}
	}
	assert_true(trees > 60);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_48_a_manifest_has_one_spelling),
		cmocka_unit_test(attack_48_a_result_has_one_spelling_whoever_signs_another),
		cmocka_unit_test(attack_48_a_signed_note_has_one_spelling),
		cmocka_unit_test(attack_48_a_tree_has_one_spelling),
		cmocka_unit_test(the_second_verifier_says_the_same),
	};
	return cmocka_run_group_tests(tests, scene_set_up, NULL);
}
