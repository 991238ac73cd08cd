/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the log to lists: random boxes with everything that can happen, right and wrong, against a
 * second derivation made here by searching all that came before.
 */
#include "support/support.h"

#include "unit/protocol/record/random_box.h"

#include "host/pool.h"
#include "record/proof.h"

/* --- agreement --- */

static size_t reported;

static const struct thing *thing_number(bool is_void, uint64_t number)
{
	for (size_t i = 0; i < things_count; i++)
		if (things[i].is_void == is_void && number-- == 0)
			return &things[i];
	fail_msg("no such object");
	return NULL;
}

static void on_fault(void *ctx, const struct box_fault *f)
{
	(void)ctx;
	const struct thing *t = thing_number(f->is_void, f->number);
	digest d = sha256(t->object);
	assert_memory_equal(d.b, f->object.b, 32);
	reported++;
	if (f->is_void)
		assert_true(t->refused);
	else if (f->fault != t->expected)
		fail_msg("ballot %llu: %s, not %s", (unsigned long long)f->number,
		         ballot_fault_name(f->fault), ballot_fault_name(t->expected));
	if (f->fault == BALLOT_MALFORMED)
		assert_non_null(f->why.what);
}

static void agree(void)
{
	struct ballot_box box;
	struct error err;
	struct box_job job = urn_job(&u);
	uint64_t want[BALLOT_FAULTS] = {0}, refused = 0, kept = 0, ballots = 0;
	job.fault = on_fault;
	reported = 0;
	error_clear(&err);
	assert_ok(ballot_box_read(&box, &job, &err), err);
	for (size_t i = 0; i < things_count; i++) {
		if (things[i].is_void)
			refused += things[i].refused;
		else
			want[things[i].expected]++, ballots++;
		kept += weight_at_close(i) > 0;
	}
	assert_memory_equal(want, box.faults, sizeof want);
	assert_int_equal(box.ballots, ballots);
	assert_int_equal(box.counted, want[BALLOT_FINE]);
	assert_int_equal(box.kept, kept);
	assert_int_equal(box.voids, things_count - ballots);
	assert_int_equal(box.refused_voids, refused);
	assert_int_equal(box.changes, changes_count);
	assert_int_equal(reported, refused + ballots - want[BALLOT_FINE]);
	for (unsigned i = 0; i < u.manifest->lists_count; i++) {
		digest d;
		assert_int_equal(box.list_sizes[i], derive(&d, &u.manifest->lists[i]));
		assert_memory_equal(box.list_digests[i].b, d.b, 32);
	}
	assert_int_equal(box.log_size, l.count);
}

static void boxes_of_all_kinds_agree_with_a_second_derivation(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < TEST_COUNT(12, 400); round++) {
		const struct urn_plan plan = {.mode = round % 2 ? BALLOT_CREDENTIALS : BALLOT_SERVER,
		                              .weight_max =
		                                  round % 3 ? 1 + (uint32_t)test_random_below(6) : 1,
		                              .areas = round % 4 < 2,
		                              .workers = 1 + (unsigned)test_random_below(3)};
		urn_begin(&u, &plan);
		random_box(20 + (unsigned)test_random_below(60));
		agree();
		urn_end(&u);
	}
	forget();
}

/* What a board accepts counts: the two use one ledger, but two ways into it. */
static void what_a_board_accepted_is_without_fault(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		struct ballot_box box;
		struct error err;
		uint8_t room[URN_BALLOT_MAX];
		struct board_receipt r;
		urn_begin(&u, &(struct urn_plan){.mode = (enum ballot_mode)mode, .weight_max = 3});
		urn_open(&u);
		for (unsigned i = 0; i < 30; i++) {
			unsigned v = i % 10;
			urn_vote(&u, v, i / 10);
			error_clear(&err);
			if (i % 7 == 0)
				assert_ok(board_void(&r, u.board, urn_body(room, &u, v, u.voters[v].style), &err),
				          err);
			if (mode && i % 9 == 8)
				urn_change(&u, v, u.voters[v].style, 1 + i % 3);
		}
		urn_close(&u);
		assert_ok(urn_read(&box, &u, &err), err);
		assert_int_equal(box.counted, 30);
		assert_int_equal(box.kept, 10);
		assert_int_equal(box.voids, 5);
		assert_int_equal(box.refused_voids, 0);
		urn_end(&u);
	}
}

static void lists_do_not_depend_on_the_number_of_workers(void **state)
{
	(void)state;
	struct ballot_box one, many;
	struct error err;
	urn_begin(&u, &(struct urn_plan){.mode = BALLOT_CREDENTIALS, .weight_max = 3, .areas = true});
	random_box(80);
	assert_ok(urn_read(&one, &u, &err), err);
	for (unsigned count = 2; count <= 5; count += 3) {
		struct workers *w;
		assert_ok(host_workers_new(&w, count, &err), err);
		u.world.workers = w;
		assert_ok(urn_read(&many, &u, &err), err);
		u.world.workers = u.workers;
		host_workers_free(w);
		assert_memory_equal(&one, &many, sizeof one);
	}
	urn_end(&u);
}

static void count_fault(void *ctx, const struct box_fault *f)
{
	size_t *n = ctx;
	assert_int_equal(f->number, *n);
	(*n)++;
}

static void faults_beyond_a_thousand_are_counted_but_not_listed(void **state)
{
	(void)state;
	struct ballot_box box;
	struct error err;
	struct box_job job;
	urn_begin(&u, &(struct urn_plan){.mode = BALLOT_SERVER, .weight_max = 1});
	forget();
	log_begin(&l, &u);
	for (unsigned i = 0; i < 1010; i++)
		log_object(&l, false, BYTES_LITERAL("no ballot"), 1);
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
	size_t listed = 0;
	job = urn_job(&u);
	job.fault = count_fault;
	job.fault_ctx = &listed;
	error_clear(&err);
	assert_ok(ballot_box_read(&box, &job, &err), err);
	assert_int_equal(listed, BOX_FAULTS_LISTED);
	assert_int_equal(box.faults[BALLOT_MALFORMED], 1010);
	assert_int_equal(box.kept, 0);
	urn_end(&u);
}

/* --- files of lists --- */

static void list_path(char *out, unsigned list)
{
	proof_folder_path(out, list);
	strcat(out, "/Ciphertexts.bt");
}

static void lists_are_written_once_and_compared_afterwards(void **state)
{
	(void)state;
	struct ballot_box box;
	struct error err;
	char path[RECORD_PATH_BYTES];
	urn_begin(&u, &(struct urn_plan){.mode = BALLOT_SERVER, .weight_max = 2, .areas = true});
	random_box(60);
	struct box_job job = urn_job(&u);
	job.write_lists = true;
	error_clear(&err);
	assert_ok(ballot_box_read(&box, &job, &err), err);
	unsigned written = u.manifest->lists_count;
	for (unsigned i = 0; i < u.manifest->lists_count; i++) {
		list_path(path, i);
		assert_int_equal(u.record->exists(u.record, path), box.list_sizes[i] > 0);
		if (!box.list_sizes[i])
			continue;
		written = i;
		bytes file = urn_file(&u, path);
		digest d = sha256(file);
		assert_memory_equal(d.b, box.list_digests[i].b, 32);
		free((void *)(uintptr_t)file.p);
	}
	assert_ok(ballot_box_read(&box, &job, &err), err);
	list_path(path, written);
	bytes file = urn_file(&u, path);
	((uint8_t *)(uintptr_t)file.p)[file.len - 1] ^= 1;
	urn_write(&u, path, file);
	assert_fails(ballot_box_read(&box, &job, &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.detail, path));
	job.write_lists = false; /* who only reads does not look at it */
	assert_ok(ballot_box_read(&box, &job, &err), err);
	free((void *)(uintptr_t)file.p);
	urn_end(&u);
}

static void small_lists_are_refused_unless_the_manifest_accepts_them(void **state)
{
	(void)state;
	struct manifest m = {.min_list = 10};
	static struct ballot_box box;
	struct error err;
	error_clear(&err);
	for (uint64_t n = 0; n < 12; n++) {
		box.list_sizes[1] = n;
		bool small = n > 0 && n < 10;
		m.accept_small_lists = false;
		if (small) {
			assert_fails(list_size_check(&m, &box, 1, &err), err, ERROR_REJECTED);
			assert_non_null(strstr(err.detail, "l2"));
			assert_int_equal(err.at, n);
		} else {
			assert_ok(list_size_check(&m, &box, 1, &err), err);
		}
		m.accept_small_lists = true;
		assert_ok(list_size_check(&m, &box, 1, &err), err);
	}
}

static void too_little_memory_is_a_limit_and_leaves_nothing(void **state)
{
	(void)state;
	static struct ballot_box box;
	struct error err;
	urn_begin(&u, &(struct urn_plan){.mode = BALLOT_CREDENTIALS, .weight_max = 2});
	random_box(20);
	struct arena whole = u.arena;
	for (size_t room = 0; room < (size_t)128 << 20; room += (size_t)3 << 20) {
		u.arena.size = u.arena.used + room;
		memset(&box, 1, sizeof box);
		if (urn_read(&box, &u, &err))
			break;
		assert_int_equal(err.kind, ERROR_LIMIT);
		assert_int_equal(box.log_size, 0);
	}
	assert_int_equal(box.log_size, l.count);
	u.arena = whole;
	urn_end(&u);
}

/* More than one block of objects: a repeat at the end tells that all before were remembered. */
static void boxes_of_more_than_one_block_are_read_whole(void **state)
{
	(void)state;
	static struct ballot_box box;
	struct error err;
	uint8_t room[URN_BALLOT_MAX];
	static const uint8_t zeros[LIMIT_BALLOT_BYTES];
	urn_begin(&u, &(struct urn_plan){.mode = BALLOT_SERVER, .weight_max = 1});
	forget();
	log_begin(&l, &u);
	bytes b = urn_ballot(room, &u, 0, 0, 0);
	log_object(&l, false, b, 1);
	for (unsigned i = 0; i < 170; i++) /* 22 MB */
		log_object(&l, false, bytes_of(zeros, sizeof zeros - i), 1);
	log_object(&l, false, b, 1);
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
	assert_ok(urn_read(&box, &u, &err), err);
	assert_int_equal(box.counted, 1);
	assert_int_equal(box.faults[BALLOT_MALFORMED], 170);
	assert_int_equal(box.faults[BALLOT_REPEATED_U], 1);
	urn_end(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boxes_of_all_kinds_agree_with_a_second_derivation),
		cmocka_unit_test(what_a_board_accepted_is_without_fault),
		cmocka_unit_test(lists_do_not_depend_on_the_number_of_workers),
		cmocka_unit_test(faults_beyond_a_thousand_are_counted_but_not_listed),
		cmocka_unit_test(lists_are_written_once_and_compared_afterwards),
		cmocka_unit_test(small_lists_are_refused_unless_the_manifest_accepts_them),
		cmocka_unit_test(too_little_memory_is_a_limit_and_leaves_nothing),
		cmocka_unit_test(boxes_of_more_than_one_block_are_read_whole),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(l.ballots);
	free(l.voids);
	return failed;
}
