/* SPDX-License-Identifier: Apache-2.0 */
/* The answers of a question; two kinds of them are none: the invalid flag and the write-ins. */
#include "manifest/import_internal.h"
#include "manifest/text_internal.h"

static const char for_the_eye[] = "for the eye only; it is not in the manifest";

static const struct import_field of_answer[] = {
	{"id", VALUES_READ, NULL, NULL},
	{"text", VALUES_READ, NULL, NULL},
	{"urls", VALUES_READ, NULL, NULL},
	{"text_i18n", VALUES_ANY, "a manifest has one text, the same for everybody", NULL},
	{"category", VALUES_ANY, for_the_eye, NULL},
	{"details", VALUES_ANY, for_the_eye, NULL},
	{"details_i18n", VALUES_ANY, for_the_eye, NULL},
	{"sort_order", VALUES_ANY, "answers stand in the order of their ids", NULL},
	{"Gender", VALUES_ANY, "no rule that is imported looks at it", NULL},
};

struct answer {
	bytes text, seen;
	bool is_flag, is_write_in, is_list;
};

/* A tag among the urls: "true" sets it. */
static bool take_tag(struct importing *im, bool *set, const struct json_value *url,
                     const char *name, const char *because)
{
	const struct json_value *title = import_member(url, "title");
	const struct json_value *value = import_member(url, "url");
	if (!title || !import_is_word(title, name))
		return false;
	if (value && import_is_word(value, "true")) {
		*set = true;
		import_note(im, url, IMPORT_MAPPED, because);
	} else if (!value || import_is_empty(value) || import_is_word(value, "false")) {
		import_note(im, url, IMPORT_IGNORED, "not set");
	} else {
		import_note(im, url, IMPORT_WRONG, "the url of this tag must be \"true\" or \"false\"");
	}
	return true;
}

static void read_urls(struct importing *im, struct answer *a, const struct json_value *answer)
{
	static const struct import_field of_url[] = {
		{"title", VALUES_ANY, "a link, a picture or a label; it is not in the manifest", NULL},
		{"url", VALUES_ANY, "a link, a picture or a label; it is not in the manifest", NULL},
	};
	const struct json_value *list;
	size_t count;
	if (!import_items(im, &list, &count, answer, "urls"))
		return;
	if (list && count == 0)
		import_note(im, list, IMPORT_IGNORED, "no links");
	for (size_t i = 0; i < count; i++) {
		const struct json_value *url = json_item(list, i);
		if (!take_tag(im, &a->is_flag, url, "invalidVoteFlag",
		              "every ballot has a mark of its own that makes it invalid; this answer is "
		              "that mark") &&
		    !take_tag(im, &a->is_write_in, url, "isWriteIn",
		              "it becomes a text field of at most 30 bytes; the result lists every text "
		              "with its votes, whether somebody is elected by them is not decided here") &&
		    !take_tag(im, &a->is_list, url, "isCategoryList", "see enable_checkable_lists"))
			import_walk(im, url, IMPORT_FIELDS(of_url));
	}
}

static void read_text(struct importing *im, struct answer *a, const struct json_value *v)
{
	const struct json_value *text = import_member(v, "text");
	if (!a->is_flag && !a->is_write_in)
		(void)import_text(im, &a->text, v, "text", IMPORT_LINE, "it is the answer's text");
	else if (text)
		import_note(im, text, IMPORT_IGNORED, "the booth says what this is");
}

/* The place of the answer: ids are 0 … n-1, each once. */
static struct answer *place_of(struct importing *im, struct answer *answers, bool *taken,
                               size_t count, const struct json_value *v)
{
	const struct json_value *id = import_member(v, "id");
	struct error why;
	uint64_t number;
	error_clear(&why);
	if (!id) {
		import_note_missing(im, v, "id");
		return NULL;
	}
	if (!json_u64(&number, id, (struct json_range){0, count - 1}, &why)) {
		import_note_error(im, id, &why);
		return NULL;
	}
	if (taken[number]) {
		import_note(im, id, IMPORT_WRONG, "two answers have this id");
		return NULL;
	}
	taken[number] = true;
	import_note(im, id, IMPORT_MAPPED, "it is the answer's place");
	return &answers[number];
}

static void check_unlike(struct importing *im, struct answer *answers, const struct answer *a,
                         size_t count, const struct json_value *v)
{
	for (size_t k = 0; k < count; k++)
		if (&answers[k] != a && answers[k].seen.len && bytes_equal(answers[k].seen, a->seen)) {
			import_note(im, v, IMPORT_WRONG,
			            "another answer has the same text; blanks and invisible characters do not "
			            "count");
			return;
		}
}

static void read_answer(struct importing *im, struct answer *answers, bool *taken, size_t count,
                        const struct json_value *v)
{
	if (!import_walk(im, v, IMPORT_FIELDS(of_answer)))
		return;
	struct answer *a = place_of(im, answers, taken, count, v);
	if (!a)
		return;
	read_urls(im, a, v);
	if (a->is_list)
		import_note(im, v, IMPORT_UNSUPPORTED, "an answer that stands for a whole list");
	if (a->is_flag && a->is_write_in)
		import_note(im, v, IMPORT_WRONG, "it cannot be the invalid mark and a write-in");
	read_text(im, a, v);
	if (a->text.len == 0 || im->failed)
		return;
	if (!text_as_seen(&a->seen, a->text, im->arena, im->err))
		im->failed = true;
	else
		check_unlike(im, answers, a, count, import_member(v, "text"));
}

/* Answers in the order of their ids, without the flag and the write-ins. */
static bool collect(struct importing *im, struct manifest_draft_question *out,
                    const struct answer *answers, size_t count, const struct json_value *list)
{
	bytes *texts = im->failed ? NULL : arena_take_array(im->arena, count, bytes, im->err);
	unsigned flags = 0;
	if (!texts) {
		im->failed = true;
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		flags += answers[i].is_flag;
		out->write_ins += answers[i].is_write_in;
		if (answers[i].text.len)
			texts[out->answers_count++] = answers[i].text;
	}
	out->answers = texts;
	if (flags > 1)
		import_note(im, list, IMPORT_WRONG, "two answers are the invalid mark");
	if (out->answers_count == 0)
		import_note(im, list, IMPORT_UNSUPPORTED, "no answer that can be counted: only write-ins");
	return flags <= 1 && out->answers_count + out->write_ins + flags == count;
}

bool sequent_answers(struct importing *im, struct manifest_draft_question *out,
                     const struct json_value *question)
{
	const struct json_value *list;
	size_t count;
	if (!import_items(im, &list, &count, question, "answers"))
		return false;
	if (!list || count == 0) {
		import_note_missing(im, question, "answers");
		return false;
	}
	if (count > LIMIT_ANSWERS) {
		import_note(im, list, IMPORT_UNSUPPORTED, "more than 1000 answers (LIMIT_ANSWERS)");
		return false;
	}
	struct answer answers[LIMIT_ANSWERS] = {{.is_flag = false}};
	bool taken[LIMIT_ANSWERS] = {false};
	import_note(im, list, IMPORT_MAPPED, "answers in the order of their ids");
	im->repeats = im->failed ? NULL : im->last;
	for (size_t i = 0; i < count; i++)
		read_answer(im, answers, taken, count, json_item(list, i));
	im->repeats = NULL;
	return collect(im, out, answers, count, list);
}
