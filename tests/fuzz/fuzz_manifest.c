/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manifest reader. For any input: it is refused with a kind from {MALFORMED, LIMIT, REJECTED},
 * or every index in it is in range, every bound of base/limits.h holds, and reading it again gives
 * the same digest and the same lists.
 */
#include "manifest/manifest.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROOM ((size_t)64 << 20)

static void check_questions(const struct manifest *m)
{
	for (unsigned q = 0; q < m->questions_count; q++) {
		const struct manifest_question *question = &m->questions[q];
		require(choices_rule_check(&question->choices, NULL));
		require(question->group < m->groups_count && question->title.len > 0);
		for (size_t i = 0; i < question->rule.lot_count; i++)
			require(question->rule.lot[i] < question->choices.answers);
	}
	for (unsigned g = 0; g < m->groups_count; g++) {
		const struct plaintext_code *code = &m->groups[g].code;
		uint32_t width;
		require(plaintext_width(&width, code->bases, code->digits, NULL));
		require(width == code->width && width <= LIMIT_WIDTH);
	}
}

static void check_lists(const struct manifest *m)
{
	require(m->lists_count >= 1 && m->lists_count <= LIMIT_LISTS);
	for (unsigned l = 0; l < m->lists_count; l++) {
		const struct manifest_list *list = &m->lists[l], *before = list - 1;
		require(list->group < m->groups_count && m->weight_max >> list->bit);
		require(list->area < (m->areas_count ? m->areas_count : 1));
		require(l == 0 || list->group > before->group ||
		        (list->group == before->group &&
		         (list->area > before->area ||
		          (list->area == before->area && list->bit == before->bit + 1))));
	}
}

static void check_rights(const struct manifest *m)
{
	require(m->threshold >= 1 && m->threshold <= m->authorities_count);
	require(m->witnesses_count == 0 ||
	        (m->witnesses_lying < m->witnesses_count && m->witnesses_quorum >= 1 &&
	         m->witnesses_quorum <= m->witnesses_count &&
	         2 * m->witnesses_quorum > m->witnesses_count + m->witnesses_lying));
	require(m->board.name.len >= 1 && m->board.name.len <= 64);
	require(m->promise_delay_s >= 1 && m->weight_max >= 1 && m->weight_max <= LIMIT_WEIGHT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t *memory;
	struct manifest *m, *again;
	struct manifest_warnings warnings;
	struct ballot_style *styles;
	struct error err;
	struct arena a;
	if (!memory)
		require(memory = aligned_alloc(ARENA_ALIGN, ROOM));
	arena_init(&a, memory, ROOM);
	error_clear(&err);
	if (!manifest_read(&m, bytes_of(data, size), &a, &err)) {
		require(err.kind == ERROR_MALFORMED || err.kind == ERROR_REJECTED ||
		        (err.kind == ERROR_LIMIT && err.what[0] != 'a'));
		return 0;
	}
	check_questions(m);
	check_lists(m);
	check_rights(m);
	manifest_warn(&warnings, m, 0);
	require(warnings.count <= MANIFEST_WARNINGS);
	require(styles = arena_take_array(&a, m->styles_count, struct ballot_style, &err));
	require(manifest_ballot_styles(styles, m, &err));
	require(manifest_read(&again, m->exact, &a, &err));
	require(digest_equal(&m->d, &again->d) && m->lists_count == again->lists_count);
	return 0;
}
