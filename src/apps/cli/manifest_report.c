/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/manifest_report.h"

#include "cli/output.h"

#include <inttypes.h>
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

static void print_key(const char *before, const uint8_t key[static 32])
{
	char words[WORDS_TEXT_BYTES];
	words_encode(words, key);
	printf("%s%s\n", before, words);
}

/* Who may vote and who collects the ballots. */
static void print_eligibility(const struct manifest *m)
{
	if (m->mode == BALLOT_CREDENTIALS)
		print_key("Every ballot is signed with a voter's credential. The registrar changes them:\n"
		          "      ",
		          m->registrar);
	else
		puts("Whoever runs the board says who may vote: ballots carry no voter's signature.");
	if (m->weight_max > 1)
		printf("A ballot weighs 1 to %u.\n", m->weight_max);
	print_name("The ballots are collected by ", m->board.name, ":\n");
	print_key("      ", m->board.key);
	if (m->witnesses_count == 0)
		return;
	printf("%u of %u witnesses must have seen its log; at most %u of them are taken to lie:\n",
	       m->witnesses_quorum, m->witnesses_count, m->witnesses_lying);
	for (unsigned i = 0; i < m->witnesses_count; i++) {
		print_name("      ", m->witnesses[i].name, "\n");
		print_key("      ", m->witnesses[i].key);
	}
}

static void print_warnings(const struct manifest *m, uint64_t voters)
{
	struct manifest_warnings w;
	manifest_warn(&w, m, voters);
	if (w.count)
		puts("\nTo be thought about before the ceremony:");
	for (unsigned i = 0; i < w.count; i++)
		printf("%s %s: %s.\n", output_mark(MARK_NOTE), w.list[i].place, w.list[i].what);
	if (w.more)
		printf("and %u more\n", w.more);
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

static const char *choices_word(const struct choices_rule *c)
{
	switch (c->kind) {
	case CHOICES_MARKS:
		return "marks";
	case CHOICES_RANKS:
		return "ranks";
	case CHOICES_POINTS:
		return "answers with points";
	}
	return "choices";
}

static void print_question(const struct manifest_question *q)
{
	const struct choices_rule *c = &q->choices;
	putchar('\n');
	print_name("Question ", q->id, ": ");
	print_name("", q->title, "\n");
	printf("  Rule %s, %u seat%s, %u candidate%s; a ballot has %u to %u %s.\n", q->rule.text,
	       q->seats, q->seats == 1 ? "" : "s", c->answers, c->answers == 1 ? "" : "s", c->min,
	       c->max, choices_word(c));
	if (c->kind == CHOICES_POINTS && c->total)
		printf("  An answer gets up to %u points, all together up to %u.\n", c->points, c->total);
	else if (c->kind == CHOICES_POINTS)
		printf("  An answer gets up to %u points.\n", c->points);
	for (unsigned i = 0; i < c->answers; i++) {
		printf("%4u  ", i + 1);
		print_name("", q->answers[i], q->withdrawn[i] ? "  (withdrawn)\n" : "\n");
	}
	if (c->write_ins)
		printf("      and %u name%s to be written in\n", c->write_ins,
		       c->write_ins == 1 ? "" : "s");
	const uint64_t possible = manifest_possible_ballots(q);
	if (possible == UINT64_MAX)
		puts("  More different ballots are possible than can be counted.");
	else
		printf("  %" PRIu64 " different ballots are possible.\n", possible);
	print_lot(&q->rule);
}

static void print_styles(const struct manifest *m)
{
	for (unsigned s = 0; m->styles_count > 1 && s < m->styles_count; s++) {
		print_name(s ? "" : "\n", BYTES_LITERAL("Ballot style "), "");
		print_name("", m->styles[s].name, "");
		if (m->areas_count)
			print_name(", area ", m->areas[m->styles[s].area], "");
		printf(": questions");
		for (unsigned g = 0; g < m->styles[s].groups_count; g++) {
			const struct manifest_group *group = &m->groups[m->styles[s].groups[g]];
			for (unsigned i = 0; i < group->questions_count; i++)
				print_name(" ", m->questions[group->questions[i]].id, "");
		}
		putchar('\n');
	}
}

void manifest_report_text(const struct manifest *m, uint64_t voters)
{
	char hex[FINGERPRINT_HEX_BYTES];
	hex_encode(hex, BYTES_OF(m->d.b));
	print_name("", m->title, "\n");
	if (m->description.len)
		print_name("", m->description, "\n");
	print_authorities(m);
	print_eligibility(m);
	for (unsigned i = 0; i < m->questions_count; i++)
		print_question(&m->questions[i]);
	print_styles(m);
	printf("\nThe ballots make %u list%s. Lists of fewer than %u votes are %s.\n", m->lists_count,
	       m->lists_count == 1 ? "" : "s", m->min_list,
	       m->accept_small_lists ? "opened all the same" : "not opened");
	printf("Digest of the manifest: %s\n", hex);
	puts("The election's fingerprint comes with its key, from urna ceremony.");
	print_warnings(m, voters);
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

static void put_signer(struct json_writer *w, const struct manifest_signer *signer)
{
	char words[WORDS_TEXT_BYTES];
	words_encode(words, signer->key);
	json_put_object(w);
	put_name(w, "name", signer->name);
	json_put_key(w, "key");
	json_put_hex(w, BYTES_OF(signer->key));
	json_put_key(w, "words");
	json_put_text(w, words);
	json_put_end(w);
}

static void put_eligibility(struct json_writer *w, const struct manifest *m)
{
	json_put_key(w, "mode");
	json_put_text(w, m->mode == BALLOT_CREDENTIALS ? "credentials" : "server");
	if (m->mode == BALLOT_CREDENTIALS) {
		json_put_key(w, "registrar");
		json_put_hex(w, BYTES_OF(m->registrar));
	}
	put_number(w, "weight_max", m->weight_max);
	json_put_key(w, "board");
	put_signer(w, &m->board);
	json_put_key(w, "witnesses");
	json_put_object(w);
	put_number(w, "lying", m->witnesses_lying);
	put_number(w, "quorum", m->witnesses_quorum);
	json_put_key(w, "keys");
	json_put_array(w);
	for (unsigned i = 0; i < m->witnesses_count; i++)
		put_signer(w, &m->witnesses[i]);
	json_put_end(w);
	json_put_end(w);
}

static void put_warnings(struct json_writer *w, const struct manifest *m, uint64_t voters)
{
	struct manifest_warnings list;
	manifest_warn(&list, m, voters);
	json_put_key(w, "warnings");
	json_put_array(w);
	for (unsigned i = 0; i < list.count; i++) {
		json_put_object(w);
		json_put_key(w, "place");
		json_put_text(w, list.list[i].place);
		json_put_key(w, "what");
		json_put_text(w, list.list[i].what);
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
	json_put_text(w, q->rule.text);
	put_number(w, "seats", q->seats);
	json_put_key(w, "choices");
	json_put_text(w, choices_word(&q->choices));
	put_number(w, "min", q->choices.min);
	put_number(w, "max", q->choices.max);
	put_number(w, "write_ins", q->choices.write_ins);
	put_number(w, "points", q->choices.points);
	put_number(w, "total", q->choices.total);
	put_number(w, "possible_ballots", manifest_possible_ballots(q));
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
		if (m->areas_count)
			put_name(w, "area", m->areas[m->styles[s].area]);
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

bool manifest_report_json(const struct manifest *m, uint64_t voters, const char *command,
                          struct error *err)
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
	put_eligibility(&w, m);
	json_put_key(&w, "questions");
	json_put_array(&w);
	for (unsigned i = 0; i < m->questions_count; i++)
		put_question(&w, &m->questions[i]);
	json_put_end(&w);
	put_styles(&w, m);
	put_number(&w, "min_list", m->min_list);
	json_put_key(&w, "accept_small_lists");
	json_put_flag(&w, m->accept_small_lists);
	put_number(&w, "lists", m->lists_count);
	put_warnings(&w, m, voters);
	return output_json_end(&w, err);
}
