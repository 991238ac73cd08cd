/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of the log: exact bytes, strict reading, their order, and the file they stand in. */
#include "support/support.h"

#include "files/memory_folder.h"
#include "record/entry.h"
#include "record/lists.h"
#include "record/statement.h"

#include <stdlib.h>

static digest eid, object;
static uint8_t key[POINT_TREE_BYTES];

/* Of tests/vectors/make_record.py, which has no code in common. */
static const struct {
	struct entry entry;
	size_t len;
	const char *leaf; /* RFC 6962 */
} known[ENTRY_KINDS] = {
	{{.kind = ENTRY_MANIFEST, .number = 77},
     105,
     "148014b647a23c6f4524b6bd2431915c236a43a0471ee515aeab7196d63256cc"},
	{{.kind = ENTRY_CEREMONY, .number = 2},
     105,
     "fd4f594c1bd3586c146474011c8fd65c698bc5a56ff596b80d39ffb74ba8d23f"},
	{{.kind = ENTRY_CREDENTIALS, .number = 9},
     108,
     "59f33361250593be8870326e0b9c1e2368112f525bee87762a338d6a45131b64"},
	{{.kind = ENTRY_OPEN}, 51, "32a6ba7e04011dce9dac91878efba14f170384727727be7d12abdbbaaadee061"},
	{{.kind = ENTRY_BALLOT, .number = 777, .weight = 3},
     112,
     "761f8727f54571b4b112ec45e2e73bf7136486ff797a45ef544074b3cc3e3512"},
	{{.kind = ENTRY_VOID, .number = 700},
     101,
     "0db918d5128dd2cde5749bc897c9681c69ef55542a59dd0ac34cad5ed72c3abb"},
	{{.kind = ENTRY_CREDENTIAL, .weight = 5},
     226,
     "ff6d7408591e818b6d31b114145b0aef78476e8ef7adc5eaa6748ba21ceaf547"},
	{{.kind = ENTRY_SUSPEND},
     54,
     "72bf8abea0a8b4294706c4109fe505bebaa440c1106d3b5596ce68613820fd18"},
	{{.kind = ENTRY_RESUME},
     53,
     "c66bd090a4b08da2f9c1f5f2f937b2c30c9b03a6b4178424f780598cd06aca14"},
	{{.kind = ENTRY_CLOSE}, 52, "4c9571f3e5f0ff1ea6e94f2f758a4a9628704f184f662eaa447bed6c3d1a929f"},
	{{.kind = ENTRY_TALLY}, 96, "925999d777edfc4899294b2e558d0cb004ab549d776601a4ca49c4a2d4dff7df"},
	{{.kind = ENTRY_RESULT, .number = 4096},
     103,
     "f4d34805ab6d5b77dde20cc7d00c8618277171ba42f22c2b965d76db1bf192e4"},
	{{.kind = ENTRY_EVIDENCE, .number = 4},
     105,
     "4b805e0778197eca511eb0c324e7f7f0e788f048d0426a0a47ba0e922c0746d0"},
};

static struct entry sample(unsigned k)
{
	struct entry e = known[k].entry;
	if (k != ENTRY_OPEN && k != ENTRY_CREDENTIAL && k != ENTRY_SUSPEND && k != ENTRY_RESUME &&
	    k != ENTRY_CLOSE)
		e.object = object;
	if (k == ENTRY_CREDENTIAL) {
		e.key = BYTES_OF(key);
		e.style = BYTES_LITERAL("north");
		for (unsigned i = 0; i < 64; i++)
			e.signature[i] = (uint8_t)i;
	}
	if (k == ENTRY_TALLY)
		e.auxsid = BYTES_LITERAL("l2");
	return e;
}

static int set_up(void **state)
{
	(void)state;
	struct error err;
	eid = sha256(BYTES_LITERAL("eid"));
	object = sha256(BYTES_LITERAL("object"));
	test_from_hex(key, sizeof key,
	              "0000000002010000002100528cbcb86f68ddf40acfbe7674f69f386871964ee859ced48ebf8a"
	              "2556171ec2010000002100b65b4efdf941c9bbcafe622b38c24b740c90fed9538c06f40e3150"
	              "4e79af49d1");
	return group_init(NULL, &err) ? 0 : -1;
}

static void entries_have_the_bytes_of_the_specification(void **state)
{
	(void)state;
	for (unsigned k = 0; k < ENTRY_KINDS; k++) {
		uint8_t room[LIMIT_LOG_ENTRY_BYTES];
		struct entry e = sample(k);
		bytes b = entry_write(room, &eid, &e);
		digest leaf = merkle_leaf(b);
		assert_int_equal(b.len, known[k].len);
		assert_string_equal(test_hex(BYTES_OF(leaf.b)), known[k].leaf);
	}
}

static void what_the_registrar_signs_is_the_specified_digest(void **state)
{
	(void)state;
	const struct credential_change c = {3, BYTES_OF(key), BYTES_LITERAL("north"), 5};
	digest d = statement_credential(&eid, &c);
	assert_string_equal(test_hex(BYTES_OF(d.b)),
	                    "e281677dbb888dece7a4dc5a3143331f39afc2e04db6b63da34ea51f898f1f4d");
}

static void assert_same(const struct entry *a, const struct entry *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_memory_equal(a->object.b, b->object.b, 32);
	assert_int_equal(a->number, b->number);
	assert_int_equal(a->weight, b->weight);
	assert_true(bytes_equal(a->key, b->key) && bytes_equal(a->style, b->style));
	assert_true(bytes_equal(a->auxsid, b->auxsid));
	assert_memory_equal(a->signature, b->signature, sizeof a->signature);
}

static void entries_are_read_as_they_were_written(void **state)
{
	(void)state;
	for (unsigned k = 0; k < ENTRY_KINDS; k++) {
		uint8_t room[LIMIT_LOG_ENTRY_BYTES];
		struct entry e = sample(k), again;
		struct error err;
		assert_ok(entry_read(&again, entry_write(room, &eid, &e), &eid, &err), err);
		assert_same(&again, &e);
	}
}

static void entries_cut_or_lengthened_are_refused(void **state)
{
	(void)state;
	for (unsigned k = 0; k < ENTRY_KINDS; k++) {
		uint8_t room[LIMIT_LOG_ENTRY_BYTES], copy[LIMIT_LOG_ENTRY_BYTES + 1] = {0};
		struct entry e = sample(k), again;
		struct error err;
		bytes b = entry_write(room, &eid, &e);
		memcpy(copy, b.p, b.len);
		for (size_t len = 0; len < b.len; len++)
			assert_fails(entry_read(&again, bytes_of(copy, len), &eid, &err), err, ERROR_MALFORMED);
		assert_fails(entry_read(&again, bytes_of(copy, b.len + 1), &eid, &err), err,
		             ERROR_MALFORMED);
	}
	uint8_t large[LIMIT_LOG_ENTRY_BYTES + 1] = {0};
	struct entry again;
	struct error err;
	assert_fails(entry_read(&again, BYTES_OF(large), &eid, &err), err, ERROR_LIMIT);
}

/* A change is refused, or another entry is read that writes to the changed bytes. */
static void entries_with_any_bit_changed_are_other_entries_or_none(void **state)
{
	(void)state;
	for (unsigned k = 0; k < ENTRY_KINDS; k++) {
		uint8_t room[LIMIT_LOG_ENTRY_BYTES], back[LIMIT_LOG_ENTRY_BYTES];
		struct entry e = sample(k), again;
		bytes b = entry_write(room, &eid, &e);
		for (size_t bit = 0; bit < 8 * b.len; bit++) {
			room[bit / 8] ^= (uint8_t)(1u << bit % 8);
			if (entry_read(&again, b, &eid, NULL))
				assert_true(bytes_equal(entry_write(back, &eid, &again), b));
			room[bit / 8] ^= (uint8_t)(1u << bit % 8);
		}
	}
}

static void entries_of_another_election_are_rejected(void **state)
{
	(void)state;
	digest other = eid;
	other.b[31] ^= 1;
	for (unsigned k = 0; k < ENTRY_KINDS; k++) {
		uint8_t room[LIMIT_LOG_ENTRY_BYTES];
		struct entry e = sample(k), again;
		struct error err;
		assert_fails(entry_read(&again, entry_write(room, &other, &e), &eid, &err), err,
		             ERROR_REJECTED);
	}
}

static void put_u64(uint8_t *at, uint64_t v)
{
	store_be64(at, v);
}

static void numbers_out_of_range_are_malformed(void **state)
{
	(void)state;
	static const struct {
		unsigned kind;
		uint64_t bad;
	} cases[] = {{ENTRY_BALLOT, 0},   {ENTRY_BALLOT, LIMIT_BALLOT_BYTES + 1},
	             {ENTRY_VOID, 0},     {ENTRY_VOID, UINT64_MAX},
	             {ENTRY_CEREMONY, 0}, {ENTRY_CEREMONY, LIMIT_ATTEMPTS + 1},
	             {ENTRY_MANIFEST, 0}, {ENTRY_RESULT, 0},
	             {ENTRY_EVIDENCE, 0}, {ENTRY_CREDENTIALS, (uint64_t)1 << 31}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint8_t room[LIMIT_LOG_ENTRY_BYTES];
		struct entry e = sample(cases[i].kind), again;
		struct error err;
		bytes b = entry_write(room, &eid, &e);
		size_t behind = cases[i].kind == ENTRY_BALLOT ? 9 : 0;
		put_u64(room + b.len - behind - 8, cases[i].bad);
		assert_fails(entry_read(&again, b, &eid, &err), err, ERROR_MALFORMED);
	}
	uint8_t room[LIMIT_LOG_ENTRY_BYTES];
	struct entry e = sample(ENTRY_BALLOT), again;
	struct error err;
	bytes b = entry_write(room, &eid, &e);
	store_be32(room + b.len - 4, 0x80000000u);
	assert_fails(entry_read(&again, b, &eid, &err), err, ERROR_MALFORMED);
}

/* --- order --- */

/* The sentence of the specification, said again: positions instead of states. */
static bool may_follow(const unsigned *before, size_t n, unsigned kind, bool credentials,
                       unsigned lists)
{
	bool suspended = false, closed = false, result = false, evidence = false;
	size_t tallies = 0;
	static const unsigned with[] = {ENTRY_MANIFEST, ENTRY_CEREMONY, ENTRY_CREDENTIALS, ENTRY_OPEN};
	static const unsigned without[] = {ENTRY_MANIFEST, ENTRY_CEREMONY, ENTRY_OPEN};
	size_t heads = credentials ? 4 : 3;
	if (n < heads)
		return kind == (credentials ? with : without)[n];
	for (size_t i = 0; i < n; i++) {
		suspended = before[i] == ENTRY_SUSPEND || (suspended && before[i] != ENTRY_RESUME);
		closed |= before[i] == ENTRY_CLOSE;
		tallies += before[i] == ENTRY_TALLY;
		result |= before[i] == ENTRY_RESULT;
		evidence |= before[i] == ENTRY_EVIDENCE;
	}
	if (evidence)
		return false;
	if (result)
		return kind == ENTRY_EVIDENCE;
	if (closed)
		return kind == (tallies < lists ? ENTRY_TALLY : ENTRY_RESULT);
	if (kind == ENTRY_CREDENTIAL)
		return credentials;
	if (kind == ENTRY_CLOSE)
		return true;
	if (suspended)
		return kind == ENTRY_RESUME;
	return kind == ENTRY_BALLOT || kind == ENTRY_VOID || kind == ENTRY_SUSPEND;
}

static void entries_are_taken_exactly_in_the_specified_orders(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < TEST_COUNT(2000, 200000); round++) {
		unsigned before[40];
		size_t n = 0;
		struct log_order o;
		bool credentials = test_random_below(2) == 1;
		unsigned lists = 1 + (unsigned)test_random_below(3);
		log_order_init(&o, credentials, lists);
		for (unsigned turn = 0; turn < 400 && n < 40; turn++) {
			unsigned kind = (unsigned)test_random_below(ENTRY_KINDS);
			char auxsid[AUXSID_BYTES];
			struct entry e = {.kind = (enum entry_kind)kind};
			struct error err;
			list_auxsid(auxsid, o.tallied);
			e.auxsid = bytes_of_text(auxsid);
			error_clear(&err);
			bool want = may_follow(before, n, kind, credentials, lists);
			bool got = log_order_take(&o, &e, &err);
			if (want != got)
				fail_msg("%s after %zu entries: %d", entry_kind_name(e.kind), n, (int)got);
			if (got)
				before[n++] = kind;
			else
				assert_int_equal(err.kind, ERROR_REJECTED);
		}
	}
}

static void tallies_come_by_list(void **state)
{
	(void)state;
	static const char *const names[] = {"l1", "l3", "l2", "l0", "l02", "", "x"};
	struct log_order o;
	struct error err;
	for (size_t i = 1; i < sizeof names / sizeof *names; i++) {
		struct entry e = {.kind = ENTRY_TALLY, .auxsid = BYTES_LITERAL("l1")};
		log_order_init(&o, false, 3);
		o.state = LOG_CLOSED;
		error_clear(&err);
		assert_ok(log_order_take(&o, &e, &err), err);
		e.auxsid = bytes_of_text(names[i]);
		if (i == 2)
			assert_ok(log_order_take(&o, &e, &err), err);
		else
			assert_fails(log_order_take(&o, &e, &err), err, ERROR_REJECTED);
	}
}

/* --- the file --- */

static struct folder *folder;

static bool read_all(bytes file, struct merkle *tree, size_t *count, struct error *err)
{
	struct source *src;
	struct log_reader r;
	struct entry e;
	bool more = true;
	size_t mark = arena_mark(test_arena());
	error_clear(err);
	assert_ok(folder_write(folder, "entries", true, file, err), *err);
	assert_ok(folder->open(folder, "entries", &src, err), *err);
	assert_ok(log_reader_init(&r, src, &eid, test_arena(), err), *err);
	bool good = true;
	for (*count = 0; good && more; *count += good && more)
		good = log_reader_next(&r, &e, &more, err);
	*tree = r.tree;
	source_close(src);
	arena_release(test_arena(), mark);
	return good;
}

static size_t put_entry(uint8_t *at, unsigned kind)
{
	struct entry e = sample(kind);
	bytes b = entry_write(at + 2, &eid, &e);
	at[0] = (uint8_t)(b.len >> 8);
	at[1] = (uint8_t)b.len;
	return b.len + 2;
}

static void a_log_of_any_length_is_read_whole(void **state)
{
	(void)state;
	size_t most = 3000;
	uint8_t *file = malloc(most * 512);
	digest *leaves = malloc(most * sizeof *leaves);
	assert_true(file && leaves);
	for (size_t n = 0; n <= most; n = n < 10 ? n + 1 : n * 7) {
		struct merkle tree, want;
		struct error err;
		size_t len = 0, count;
		merkle_init(&want);
		for (size_t i = 0; i < n; i++) {
			size_t entry = put_entry(file + len, (unsigned)test_random_below(ENTRY_KINDS));
			digest leaf = merkle_leaf(bytes_of(file + len + 2, entry - 2));
			merkle_append(&want, &leaf);
			len += entry;
		}
		assert_ok(read_all(bytes_of(file, len), &tree, &count, &err), err);
		assert_int_equal(count, n);
		digest a = merkle_root(&tree), b = merkle_root(&want);
		assert_memory_equal(a.b, b.b, 32);
	}
	free(file);
	free(leaves);
}

static void a_log_that_ends_within_an_entry_is_malformed(void **state)
{
	(void)state;
	uint8_t file[4096];
	struct merkle tree;
	struct error err;
	size_t first = put_entry(file, ENTRY_MANIFEST), len, count;
	len = first + put_entry(file + first, ENTRY_OPEN);
	for (size_t cut = 0; cut < len; cut++) {
		bool whole = cut == 0 || cut == first;
		if (read_all(bytes_of(file, cut), &tree, &count, &err) != whole)
			fail_msg("cut at %zu", cut);
		assert_true(whole || err.kind == ERROR_MALFORMED);
	}
	file[first + 1]++; /* a length too much */
	assert_fails(read_all(bytes_of(file, len), &tree, &count, &err), err, ERROR_MALFORMED);
	file[first] = 0xff;
	assert_fails(read_all(bytes_of(file, len), &tree, &count, &err), err, ERROR_LIMIT);
	assert_non_null(strstr(err.detail, "entry 1"));
}

/* --- files --- */

static void statements_of_an_attempt_have_the_specified_digests(void **state)
{
	(void)state;
	const struct statement_attempt a = {&eid, "l1", 2};
	const digest root = sha256(BYTES_LITERAL("root"));
	const digest parts[] = {object, root};
	const bool active[LIMIT_PARTIES + 1] = {[1] = true, [3] = true};
	digest d = statement_ready(&a, &object, active, 3);
	assert_string_equal(test_hex(BYTES_OF(d.b)),
	                    "a303d211f36635e90c0185e2004af4dfec7cc54a6f2460e652378cb21981e13b");
	d = statement_factors(&a, parts, 2);
	assert_string_equal(test_hex(BYTES_OF(d.b)),
	                    "8bbcfadee1d48f62bb257cb919eb931b4be04aa732cbee9194726c2b5369aee1");
	d = statement_commitments(&a, parts, 2);
	assert_string_equal(test_hex(BYTES_OF(d.b)),
	                    "b34561dbf5806a0dbe5cc422640b5ea630a368f6e002f3274aaf14ef11eae6b0");
}

int main(void)
{
	struct error err;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_have_the_bytes_of_the_specification),
		cmocka_unit_test(what_the_registrar_signs_is_the_specified_digest),
		cmocka_unit_test(entries_are_read_as_they_were_written),
		cmocka_unit_test(entries_cut_or_lengthened_are_refused),
		cmocka_unit_test(entries_with_any_bit_changed_are_other_entries_or_none),
		cmocka_unit_test(entries_of_another_election_are_rejected),
		cmocka_unit_test(numbers_out_of_range_are_malformed),
		cmocka_unit_test(entries_are_taken_exactly_in_the_specified_orders),
		cmocka_unit_test(tallies_come_by_list),
		cmocka_unit_test(a_log_of_any_length_is_read_whole),
		cmocka_unit_test(a_log_that_ends_within_an_entry_is_malformed),
		cmocka_unit_test(statements_of_an_attempt_have_the_specified_digests),
	};
	if (!memory_folder_new(&folder, "test", (size_t)64 << 20, &err))
		return 1;
	int failed = cmocka_run_group_tests(tests, set_up, NULL);
	memory_folder_free(folder);
	return failed;
}
