/* SPDX-License-Identifier: Apache-2.0 */
/* The votes of a record with areas, weights and written texts: a pipeline that only counts gives
 * what the record's own result says, to the byte. */
#include "support/support.h"

#include "unit/protocol/record/urn.h"
#include "unit/protocol/results/world.h"

#include "count/result_json.h"
#include "count/text_sink.h"
#include "elgamal/elgamal.h"
#include "record/proof.h"
#include "record/result.h"

#define VOTES_MAX 32u
#define TEXTS 4u

static struct urn u;
static struct error err;
static uint64_t sizes[LIMIT_LISTS];
static point points[VOTES_MAX * LIMIT_WIDTH];
static const char *const texts[TEXTS] = {"Cy", "Cyd", "\xc3\x89\x64", "\"Di\\"};

static bool fill(void *ctx, unsigned column, uint64_t first, point *out, size_t count,
                 struct error *e)
{
	const unsigned *width = ctx;
	(void)e;
	for (size_t i = 0; i < count; i++)
		out[i] = points[(first + i) * *width + column];
	return true;
}

/* Flag, two marks; in the second group one text field. */
static void random_vote(point *out, unsigned list)
{
	uint8_t chunks[LIMIT_WIDTH * MESSAGE_BYTES];
	const struct manifest_group *g = &u.manifest->groups[u.manifest->lists[list].group];
	uint64_t kind = test_random_below(6);
	uint32_t digits[64] = {kind == 0, kind == 1 || kind == 2, kind == 1 || kind == 3};
	if (u.manifest->lists[list].group == 1 && kind > 3) {
		bytes t = bytes_of_text(texts[test_random_below(TEXTS)]);
		digits[3] = (uint32_t)t.len;
		for (size_t i = 0; i < t.len; i++)
			digits[4 + i] = t.p[i];
	}
	assert_ok(plaintext_encode(chunks, &g->code, digits, &err), err);
	for (unsigned j = 0; j < g->code.width; j++)
		assert_ok(message_encode_vartime(&out[j],
		                                 bytes_of(chunks + j * MESSAGE_BYTES, MESSAGE_BYTES), &err),
		          err);
}

static void random_lists(void)
{
	for (unsigned l = 0; l < u.manifest->lists_count; l++) {
		char path[RECORD_PATH_BYTES];
		unsigned width = u.manifest->groups[u.manifest->lists[l].group].code.width;
		sizes[l] = test_random_below(VOTES_MAX);
		for (uint64_t i = 0; i < sizes[l]; i++)
			random_vote(&points[i * width], l);
		proof_file_path(path, l, MIX_FILE_PLAINTEXTS, 0);
		assert_ok(u.record->remove(u.record, path, &err), err);
		if (sizes[l])
			assert_ok(mix_list_write(u.record, path, MIX_LIST_PLAINTEXTS, sizes[l], width, fill,
			                         &width, &u.arena, &err),
			          err);
	}
}

static bytes count_bytes(const struct count_result *r, uint8_t *room, size_t size)
{
	struct text_sink sink;
	text_sink_init(&sink, room, size);
	assert_ok(result_json_write(&sink.sink, r, &err), err);
	return text_sink_bytes(&sink);
}

static void assert_same_question(const struct question_result *want,
                                 const struct results_question *q)
{
	static uint8_t a[1 << 16], b[1 << 16];
	size_t written = 0;
	uint64_t verdicts[VERDICTS] = {0};
	for (size_t i = 0; i < q->parts_count; i++)
		for (unsigned v = 0; v < VERDICTS; v++)
			verdicts[v] += q->parts[i].verdicts[v];
	assert_memory_equal(verdicts, want->verdicts, sizeof verdicts);
	assert_int_equal(want->count == NULL, q->count == NULL);
	if (q->count)
		assert_true(
			bytes_equal(count_bytes(want->count, a, sizeof a), count_bytes(q->count, b, sizeof b)));
	for (size_t i = 0; i < q->options_count; i++) {
		if (!q->options[i].written)
			continue;
		assert_true(written < want->written_count);
		const struct written_in *w = &want->written[written++];
		assert_true(bytes_equal(q->options[i].name, bytes_of(w->text, w->length)));
		assert_int_equal(q->options[i].weight, w->weight);
	}
	assert_int_equal(written, want->written_count);
}

static void counting_alone_gives_the_records_own_result(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < TEST_COUNT(12, 500); round++) {
		struct election_result *want;
		struct results r;
		struct pipeline p;
		bool areas = round % 2;
		urn_begin(&u, &(struct urn_plan){
						  .mode = BALLOT_SERVER, .weight_max = round % 3 ? 6 : 1, .areas = areas});
		error_clear(&err);
		random_lists();
		arena_release(test_arena(), 0);
		assert_ok(result_compute(&want, u.manifest, &u.key, sizes, u.record, &u.world, &err), err);
		assert_ok(results_of_record(&r, u.manifest, sizes, u.record, &u.world, &err), err);
		assert_ok(pipeline_read(&p, world_json(PIPES(DO_TALLIES)), test_arena(), &err), err);
		assert_ok(pipeline_run(&r, &p, &err), err);
		for (unsigned q = 0; q < 2; q++) {
			assert_int_equal(r.questions[q].parts_count, areas ? 2 : 1);
			assert_same_question(&want->questions[q], &r.questions[q]);
		}
		urn_end(&u);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counting_alone_gives_the_records_own_result),
	};
	return cmocka_run_group_tests_name("protocol/results/open", tests, NULL, NULL);
}
