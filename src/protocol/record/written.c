/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that were written in: collected as they come, sorted, equal ones added up. */
#include "record/result_internal.h"

bool written_add(struct question_result *q, size_t room, const struct write_in *field,
                 uint64_t weight, struct error *err)
{
	if (q->written_count == room)
		return fail(err, ERROR_BUG, "result: more texts than fields", room);
	struct written_in *w = &q->written[q->written_count++];
	w->weight = weight;
	w->length = (uint8_t)field->length;
	memcpy(w->text, field->text, sizeof w->text);
	return true;
}

/* By bytes, the shorter first: behind a text are zeros, which no text has. */
static int order(const struct written_in *a, const struct written_in *b)
{
	return memcmp(a->text, b->text, sizeof a->text);
}

static void sift(struct written_in *list, size_t at, size_t n)
{
	for (size_t child; (child = 2 * at + 1) < n; at = child) {
		if (child + 1 < n && order(&list[child], &list[child + 1]) < 0)
			child++;
		if (order(&list[at], &list[child]) >= 0)
			return;
		struct written_in t = list[at];
		list[at] = list[child];
		list[child] = t;
	}
}

static void sort(struct written_in *list, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		sift(list, i, n);
	for (size_t end = n; end > 1; end--) {
		struct written_in t = list[0];
		list[0] = list[end - 1];
		list[end - 1] = t;
		sift(list, 0, end - 1);
	}
}

void written_sort(struct question_result *q)
{
	size_t kept = 0;
	sort(q->written, q->written_count);
	for (size_t i = 0; i < q->written_count; i++) {
		if (kept > 0 && order(&q->written[kept - 1], &q->written[i]) == 0)
			q->written[kept - 1].weight += q->written[i].weight;
		else
			q->written[kept++] = q->written[i];
	}
	q->written_count = kept;
}
