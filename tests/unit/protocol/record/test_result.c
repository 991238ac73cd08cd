/* SPDX-License-Identifier: Apache-2.0 */
/* Plaintexts of every kind in weighted lists: each gets its one verdict and its weight, texts are
 * added up, and the result's bytes are the same whoever computes them. */
#include "support/support.h"

#include "unit/protocol/record/urn.h"

#include "elgamal/elgamal.h"
#include "host/memory.h"
#include "host/pool.h"
#include "record/proof.h"
#include "record/result.h"
#include "record/result_internal.h"
#include "json/read.h"

#include <stdio.h>
#include <stdlib.h>

#define VOTES_MAX 64u
#define TEXTS 6u

static struct urn u;
static struct error err;
static uint64_t sizes[LIMIT_LISTS];
static struct list {
	point points[VOTES_MAX * LIMIT_WIDTH];
	unsigned width;
} lists[LIMIT_LISTS];

/* What was put in: weights by question and verdict, and by text. */
static uint64_t want[2][VERDICTS], want_text[TEXTS];
static const char *const texts[TEXTS] = {
	"Cy", "Cyd", "\"Di\\", "\xc3\x89\x64", "Zo\xc3\xab", "thirty bytes of a long name, x"};

static bool fill(void *ctx, unsigned column, uint64_t first, point *points, size_t count,
                 struct error *e)
{
	const struct list *l = ctx;
	(void)e;
	for (size_t i = 0; i < count; i++)
		points[i] = l->points[(first + i) * l->width + column];
	return true;
}

static void write_lists(void)
{
	for (unsigned i = 0; i < u.manifest->lists_count; i++) {
		char path[RECORD_PATH_BYTES];
		lists[i].width = u.manifest->groups[u.manifest->lists[i].group].code.width;
		proof_file_path(path, i, MIX_FILE_PLAINTEXTS, 0);
		error_clear(&err);
		assert_ok(u.record->remove(u.record, path, &err), err);
		if (sizes[i])
			assert_ok(mix_list_write(u.record, path, MIX_LIST_PLAINTEXTS, sizes[i], lists[i].width,
			                         fill, &lists[i], &u.arena, &err),
			          err);
	}
}

static point *next_vote(unsigned list)
{
	lists[list].width = u.manifest->groups[u.manifest->lists[list].group].code.width;
	assert_true(sizes[list] < VOTES_MAX);
	return &lists[list].points[sizes[list]++ * lists[list].width];
}

static void put_chunks(point *out, const uint8_t *chunks, unsigned width)
{
	for (unsigned j = 0; j < width; j++)
		assert_ok(message_encode_vartime(&out[j],
		                                 bytes_of(chunks + j * MESSAGE_BYTES, MESSAGE_BYTES), &err),
		          err);
}

static void put_digits(unsigned list, const uint32_t *digits)
{
	uint8_t chunks[LIMIT_WIDTH * MESSAGE_BYTES];
	const struct manifest_group *g = &u.manifest->groups[u.manifest->lists[list].group];
	error_clear(&err);
	assert_ok(plaintext_encode(chunks, &g->code, digits, &err), err);
	put_chunks(next_vote(list), chunks, g->code.width);
}

static void expect(unsigned list, enum verdict v)
{
	want[u.manifest->lists[list].group][v] += (uint64_t)1 << u.manifest->lists[list].bit;
}

/* q2: flag, two marks, one text field; text -1: none, -2: not UTF-8 */
static void vote(unsigned list, uint32_t flag, uint32_t a, uint32_t b, int text)
{
	uint32_t digits[64] = {flag, a, b};
	bool second = u.manifest->lists[list].group == 1;
	unsigned marks = a + b + (second && text != -1);
	if (second && text == -2) {
		digits[3] = 1;
		digits[4] = 0xff;
	} else if (second && text >= 0) {
		bytes t = bytes_of_text(texts[text]);
		digits[3] = (uint32_t)t.len;
		for (size_t i = 0; i < t.len; i++)
			digits[4 + i] = t.p[i];
	}
	put_digits(list, digits);
	enum verdict v = flag                   ? VERDICT_INVALID_BY_VOTER
	                 : second && text == -2 ? VERDICT_MALFORMED_WRITE_IN
	                 : marks == 0           ? VERDICT_BLANK
	                 : marks > 1            ? VERDICT_TOO_MANY
	                                        : VERDICT_VALID;
	expect(list, v);
	if (v == VERDICT_VALID && second && text >= 0)
		want_text[text] += (uint64_t)1 << u.manifest->lists[list].bit;
}

static void out_of_range(unsigned list)
{
	uint8_t chunks[LIMIT_WIDTH * MESSAGE_BYTES];
	memset(chunks, 0xff, sizeof chunks);
	put_chunks(next_vote(list), chunks,
	           u.manifest->groups[u.manifest->lists[list].group].code.width);
	expect(list, VERDICT_OUT_OF_RANGE);
}

/* Points that are not the one encoding of their message: marks, if they counted. */
static void strange(unsigned list, unsigned kind)
{
	uint8_t message[MESSAGE_BYTES] = {0};
	unsigned width = u.manifest->groups[u.manifest->lists[list].group].code.width;
	point good, bad, *at = next_vote(list);
	message[MESSAGE_BYTES - 1] = 2;
	assert_ok(message_encode_vartime(&good, BYTES_OF(message), &err), err);
	switch (kind % 4) {
	case 0:
		bad = point_generator();
		break;
	case 1:
		bad = point_infinity();
		break;
	case 2:
		point_neg(&bad, &good);
		break;
	default:
		assert_ok(message_encode_vartime(&bad, bytes_of(message, MESSAGE_BYTES - 1), &err), err);
	}
	for (unsigned j = 0; j < width; j++)
		at[j] = good;
	at[test_random_below(width)] = bad;
	expect(list, VERDICT_NOT_CANONICAL);
}

static void random_lists(void)
{
	memset(sizes, 0, sizeof sizes);
	memset(want, 0, sizeof want);
	memset(want_text, 0, sizeof want_text);
	for (unsigned l = 0; l < u.manifest->lists_count; l++) {
		for (unsigned n = (unsigned)test_random_below(20); n > 0; n--) {
			uint64_t kind = test_random_below(12);
			if (kind == 0)
				out_of_range(l);
			else if (kind == 1)
				strange(l, n);
			else
				vote(l, test_random_below(8) == 0, (uint32_t)test_random_below(2),
				     test_random_below(4) == 0,
				     (int)test_random_below(TEXTS + 4) - 4 < 0 ? -(int)test_random_below(8) / 7 - 1
				                                               : (int)test_random_below(TEXTS));
		}
	}
	write_lists();
}

static void compute(struct election_result **out, struct workers *w)
{
	struct tally_world world = u.world;
	world.workers = w;
	error_clear(&err);
	assert_ok(result_compute(out, u.manifest, &u.key, sizes, u.record, &world, &err), err);
}

static void begin(uint32_t weight_max, bool areas)
{
	urn_begin(&u,
	          &(struct urn_plan){.mode = BALLOT_SERVER, .weight_max = weight_max, .areas = areas});
}

static void every_vote_has_its_verdict_and_its_weight(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < TEST_COUNT(10, 500); round++) {
		struct election_result *r;
		begin(round % 2 ? 1 : 6, round % 3 == 0);
		random_lists();
		compute(&r, u.workers);
		for (unsigned q = 0; q < 2; q++) {
			for (unsigned v = 0; v < VERDICTS; v++)
				if (r->questions[q].verdicts[v] != want[q][v])
					fail_msg("q%u %s: %llu, not %llu", q + 1, verdict_name((enum verdict)v),
					         (unsigned long long)r->questions[q].verdicts[v],
					         (unsigned long long)want[q][v]);
			if (want[q][VERDICT_VALID])
				assert_int_equal(r->questions[q].count->valid + r->questions[q].count->blank,
				                 want[q][VERDICT_VALID]);
			else
				assert_null(r->questions[q].count);
		}
		size_t k = 0;
		const struct question_result *q = &r->questions[1];
		static const unsigned sorted[TEXTS] = {2, 0, 1, 4, 5, 3}; /* by bytes */
		for (unsigned i = 0; i < TEXTS; i++) {
			bytes t = bytes_of_text(texts[sorted[i]]);
			if (want_text[sorted[i]] == 0)
				continue;
			assert_true(k < q->written_count);
			assert_true(bytes_equal(t, bytes_of(q->written[k].text, q->written[k].length)));
			assert_int_equal(q->written[k++].weight, want_text[sorted[i]]);
		}
		assert_int_equal(k, q->written_count);
		assert_int_equal(r->questions[0].written_count, 0);
		urn_end(&u);
	}
}

static void the_bytes_are_the_specified_ones(void **state)
{
	(void)state;
	struct election_result *r;
	char eid[65], start[1024], end[1024];
	begin(2, true);
	memset(sizes, 0, sizeof sizes);
	/* lists: g1 north, g1 south, g2 north, g2 south, each with weights 1 and 2 */
	assert_int_equal(u.manifest->lists_count, 8);
	vote(1, 0, 1, 0, -1);
	vote(1, 1, 0, 0, -1);
	vote(2, 0, 0, 0, -1);
	vote(6, 0, 0, 0, 2);
	vote(7, 0, 0, 0, 2);
	vote(7, 0, 0, 0, 4);
	write_lists();
	compute(&r, u.workers);
	hex_encode(eid, BYTES_OF(u.key.eid.b));
	snprintf(start, sizeof start,
	         "{\"eid\":\"%s\",\"lists\":["
	         "{\"area\":\"n\",\"auxsid\":\"l1\",\"ballots\":0,\"group\":\"g1\",\"weight\":1},"
	         "{\"area\":\"n\",\"auxsid\":\"l2\",\"ballots\":2,\"group\":\"g1\",\"weight\":2},"
	         "{\"area\":\"s\",\"auxsid\":\"l3\",\"ballots\":1,\"group\":\"g1\",\"weight\":1},",
	         eid);
	assert_memory_equal(r->json.p, start, strlen(start));
	snprintf(end, sizeof end,
	         "\"id\":\"q2\",\"lists\":[\"l5\",\"l6\",\"l7\",\"l8\"],\"verdicts\":{\"valid\":5,"
	         "\"blank\":0,\"invalid-by-voter\":0,\"repeated-rank\":0,\"missing-rank\":0,"
	         "\"too-few\":0,\"too-many\":0,\"malformed-write-in\":0,\"repeated-write-in\":0,"
	         "\"not-canonical\":0,\"out-of-range\":0},\"write_ins\":["
	         "{\"text\":\"\\\"Di\\\\\",\"weight\":3},{\"text\":\"Zo\xc3\xab\",\"weight\":2}]}],"
	         "\"urna_result\":1}\n");
	assert_true(r->json.len > strlen(end));
	assert_string_equal(bytes_from(r->json, r->json.len - strlen(end)).p, end);
	static const char verdicts[] = "\"id\":\"q1\",\"lists\":[\"l1\",\"l2\",\"l3\",\"l4\"],"
								   "\"verdicts\":{\"valid\":2,\"blank\":1,\"invalid-by-voter\":2,";
	assert_non_null(memmem(r->json.p, r->json.len, verdicts, sizeof verdicts - 1));
	urn_end(&u);
}

static void the_bytes_are_json(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 5; round++) {
		struct election_result *r;
		struct json_doc *doc;
		begin(6, true);
		random_lists();
		compute(&r, u.workers);
		assert_ok(json_doc_parse(&doc, r->json, r->json.len, &err), err);
		json_doc_free(doc);
		urn_end(&u);
	}
}

static void result_is_the_same_with_any_number_of_threads_and_order_of_votes(void **state)
{
	(void)state;
	struct election_result *one, *r;
	begin(6, true);
	random_lists();
	compute(&one, u.workers);
	for (unsigned threads = 2; threads <= 5; threads += 3) {
		struct workers *w;
		assert_ok(host_workers_new(&w, threads, &err), err);
		compute(&r, w);
		assert_true(bytes_equal(r->json, one->json));
		host_workers_free(w);
	}
	for (unsigned l = 0; l < u.manifest->lists_count; l++) { /* as a mix would */
		for (uint64_t i = sizes[l]; i > 1; i--) {
			uint64_t k = test_random_below(i);
			for (unsigned j = 0; j < lists[l].width; j++) {
				point *a = &lists[l].points[(i - 1) * lists[l].width + j];
				point *b = &lists[l].points[k * lists[l].width + j], t = *a;
				*a = *b;
				*b = t;
			}
		}
	}
	write_lists();
	compute(&r, u.workers);
	assert_true(bytes_equal(r->json, one->json));
	urn_end(&u);
}

static void plaintexts_of_another_number_are_malformed(void **state)
{
	(void)state;
	struct election_result *r;
	begin(1, false);
	memset(sizes, 0, sizeof sizes);
	for (unsigned l = 0; l < u.manifest->lists_count; l++)
		for (unsigned i = 0; i < 3; i++)
			vote(l, 0, 1, 0, -1);
	write_lists();
	for (unsigned l = 0; l < u.manifest->lists_count; l++) {
		for (unsigned more = 0; more < 2; more++) {
			sizes[l] += more ? 1 : (uint64_t)-1;
			assert_fails(result_compute(&r, u.manifest, &u.key, sizes, u.record, &u.world, &err),
			             err, ERROR_MALFORMED);
			sizes[l] = 3;
		}
	}
	urn_end(&u);
}

/* Names of 4 KiB instead of a million tallies: the same length, but soon written. */
static void result_of_more_than_64_mib_is_written(void **state)
{
	(void)state;
	static uint8_t long_name[LIMIT_TEXT_BYTES];
	static bytes names[1000];
	static units cells[1000];
	struct candidate candidates[] = {{bytes_of(long_name, sizeof long_name), false}};
	struct profile profile = {.candidates = candidates, .candidates_count = 1, .seats = 1};
	units tally = 0;
	uint8_t status = COUNT_DEFEATED;
	struct count_stage stage = {.tallies = &tally, .status = &status};
	struct count_table tables[18];
	struct arena arena;
	memset(long_name, 'n', sizeof long_name);
	for (size_t i = 0; i < 1000; i++)
		names[i] = candidates[0].name;
	for (size_t i = 0; i < 18; i++)
		tables[i] = (struct count_table){"table", "", 1, 1000, names, names, {1, 0}, cells};
	struct count_result count = {.profile = &profile,
	                             .form = {1, 0},
	                             .stages = &stage,
	                             .stages_count = 1,
	                             .tables = tables,
	                             .tables_count = 18};
	begin(1, false);
	struct question_result questions[2] = {{.count = &count}};
	struct election_result r = {.questions = questions};
	const struct result_about about = {u.manifest, &u.key, sizes};
	assert_ok(host_arena_new(&arena, (size_t)128 << 20, &err), err);
	assert_ok(result_write_json(&r, &about, &arena, &err), err);
	assert_true(r.json.len > (size_t)64 << 20);
	assert_memory_equal(r.json.p + r.json.len - 19, "],\"urna_result\":1}\n", 19);
	host_arena_free(&arena);
	urn_end(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_vote_has_its_verdict_and_its_weight),
		cmocka_unit_test(the_bytes_are_the_specified_ones),
		cmocka_unit_test(the_bytes_are_json),
		cmocka_unit_test(result_is_the_same_with_any_number_of_threads_and_order_of_votes),
		cmocka_unit_test(plaintexts_of_another_number_are_malformed),
		cmocka_unit_test(result_of_more_than_64_mib_is_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
