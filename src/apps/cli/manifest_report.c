/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/manifest_report.h"

#include "cli/output.h"

#include <stdio.h>

/* --- text --- */

static void print_name(const char *before, bytes name, const char *after)
{
	char shown[LIMIT_TEXT_BYTES + 1];
	output_printable_bytes(shown, sizeof shown, name);
	printf("%s%s%s", before, shown, after);
}

static void print_authorities(const struct manifest *m)
{
	char words[WORDS_TEXT_BYTES];
	if (m->threshold == m->authorities_count)
		printf("All %u of the authorities together open the votes, fewer cannot:\n", m->threshold);
	else
		printf("Any %u of %u authorities together open the votes, fewer cannot:\n", m->threshold,
		       m->authorities_count);
	for (unsigned i = 0; i < m->authorities_count; i++) {
		words_encode(words, m->authorities[i].identity);
		printf("%4u  ", i + 1);
		print_name("", m->authorities[i].operator_name, "\n");
		printf("      %s\n", words);
	}
}

static void print_lot(const struct count_rule *rule)
{
	if (!rule->lot_count) {
		puts("  No lot is declared: a tie that only a lot can decide stops the count for good.");
		return;
	}
	printf("  Ties that need a lot go by the order");
	for (size_t i = 0; i < rule->lot_count; i++)
		printf("%s %u", i ? "," : "", rule->lot[i] + 1u);
	puts(".");
}

static void print_question(const struct manifest_question *q)
{
	const struct choices_rule *c = &q->choices;
	putchar('\n');
	print_name("Question ", q->id, ": ");
	print_name("", q->title, "\n");
	printf("  Rule %s, %u seat%s, %u candidate%s; a ballot has %u to %u %s.\n", q->rule.name,
	       q->seats, q->seats == 1 ? "" : "s", c->answers, c->answers == 1 ? "" : "s", c->min,
	       c->max, c->kind == CHOICES_RANKS ? "ranks" : "marks");
	for (unsigned i = 0; i < c->answers; i++) {
		printf("%4u  ", i + 1);
		print_name("", q->answers[i], q->withdrawn[i] ? "  (withdrawn)\n" : "\n");
	}
	print_lot(&q->rule);
}

static void print_styles(const struct manifest *m)
{
	for (unsigned s = 0; m->styles_count > 1 && s < m->styles_count; s++) {
		print_name(s ? "" : "\n", BYTES_LITERAL("Ballot style "), "");
		print_name("", m->styles[s].name, ": questions");
		for (unsigned g = 0; g < m->styles[s].groups_count; g++) {
			const struct manifest_group *group = &m->groups[m->styles[s].groups[g]];
			for (unsigned i = 0; i < group->questions_count; i++)
				print_name(" ", m->questions[group->questions[i]].id, "");
		}
		putchar('\n');
	}
}

void manifest_report_text(const struct manifest *m)
{
	char hex[FINGERPRINT_HEX_BYTES];
	hex_encode(hex, BYTES_OF(m->d.b));
	print_name("", m->title, "\n");
	if (m->description.len)
		print_name("", m->description, "\n");
	print_authorities(m);
	for (unsigned i = 0; i < m->questions_count; i++)
		print_question(&m->questions[i]);
	print_styles(m);
	printf("\nLists of fewer than %u votes are %s.\n", m->min_list,
	       m->accept_small_lists ? "opened all the same" : "not opened");
	printf("Digest of the manifest: %s\n", hex);
	puts("The election's fingerprint comes with its key, from urna ceremony.");
}

/* --- JSON --- */

static void put_number(struct json_writer *w, const char *key, uint64_t value)
{
	json_put_key(w, key);
	json_put_u64(w, value);
}

static void put_name(struct json_writer *w, const char *key, bytes value)
{
	json_put_key(w, key);
	json_put_text_bytes(w, value);
}

static void put_authorities(struct json_writer *w, const struct manifest *m)
{
	char words[WORDS_TEXT_BYTES];
	json_put_key(w, "authorities");
	json_put_array(w);
	for (unsigned i = 0; i < m->authorities_count; i++) {
		const struct manifest_authority *a = &m->authorities[i];
		words_encode(words, a->identity);
		json_put_object(w);
		put_name(w, "operator", a->operator_name);
		json_put_key(w, "identity");
		json_put_hex(w, BYTES_OF(a->identity));
		json_put_key(w, "words");
		json_put_text(w, words);
		json_put_end(w);
	}
	json_put_end(w);
}

static void put_question(struct json_writer *w, const struct manifest_question *q)
{
	json_put_object(w);
	put_name(w, "id", q->id);
	put_name(w, "title", q->title);
	json_put_key(w, "rule");
	json_put_text(w, q->rule.name);
	put_number(w, "seats", q->seats);
	json_put_key(w, "choices");
	json_put_text(w, q->choices.kind == CHOICES_RANKS ? "ranks" : "marks");
	put_number(w, "min", q->choices.min);
	put_number(w, "max", q->choices.max);
	json_put_key(w, "answers");
	json_put_array(w);
	for (unsigned i = 0; i < q->choices.answers; i++)
		json_put_text_bytes(w, q->answers[i]);
	json_put_end(w);
	json_put_key(w, "withdrawn");
	json_put_array(w);
	for (unsigned i = 0; i < q->choices.answers; i++)
		if (q->withdrawn[i])
			json_put_u64(w, i + 1);
	json_put_end(w);
	json_put_key(w, "lot");
	json_put_array(w);
	for (size_t i = 0; i < q->rule.lot_count; i++)
		json_put_u64(w, q->rule.lot[i] + 1u);
	json_put_end(w);
	json_put_end(w);
}

static void put_styles(struct json_writer *w, const struct manifest *m)
{
	json_put_key(w, "styles");
	json_put_array(w);
	for (unsigned s = 0; s < m->styles_count; s++) {
		json_put_object(w);
		put_name(w, "name", m->styles[s].name);
		json_put_key(w, "questions");
		json_put_array(w);
		for (unsigned g = 0; g < m->styles[s].groups_count; g++) {
			const struct manifest_group *group = &m->groups[m->styles[s].groups[g]];
			for (unsigned i = 0; i < group->questions_count; i++)
				json_put_text_bytes(w, m->questions[group->questions[i]].id);
		}
		json_put_end(w);
		json_put_end(w);
	}
	json_put_end(w);
}

bool manifest_report_json(const struct manifest *m, const char *command, struct error *err)
{
	struct json_writer w;
	output_json_begin(&w, command);
	json_put_key(&w, "ok");
	json_put_flag(&w, true);
	put_name(&w, "title", m->title);
	put_name(&w, "description", m->description);
	json_put_key(&w, "digest");
	json_put_hex(&w, BYTES_OF(m->d.b));
	put_number(&w, "threshold", m->threshold);
	put_authorities(&w, m);
	json_put_key(&w, "questions");
	json_put_array(&w);
	for (unsigned i = 0; i < m->questions_count; i++)
		put_question(&w, &m->questions[i]);
	json_put_end(&w);
	put_styles(&w, m);
	put_number(&w, "min_list", m->min_list);
	json_put_key(&w, "accept_small_lists");
	json_put_flag(&w, m->accept_small_lists);
	return output_json_end(&w, err);
}
