/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kind of altered log: entries reordered, dropped, doubled, inserted, renumbered, behind the
 * end, of others; objects missing, exchanged, changed, too many. Each is refused, or gives another
 * root than the one that was signed.
 */
#include "support/support.h"

#include "unit/protocol/record/urn_log.h"

static struct urn u;
static struct urn_log l;
static struct ballot_box honest;
static struct error err;
static enum box_stage stage;

/* manifest, ceremony, credentials, open, 2 ballots, change, ballot, void, suspend, resume, ballot,
 * void, revote, close */
static void put_honest(void)
{
	static const unsigned voters[] = {0, 1, 2, 3, 0};
	uint8_t room[URN_BALLOT_MAX];
	log_begin(&l, &u);
	for (unsigned i = 0; i < 5; i++) {
		unsigned v = voters[i];
		if (i == 2)
			log_change(&l, 5, 1, 3);
		log_object(&l, false, urn_ballot(room, &u, v, u.voters[v].style, i == 4),
		           u.voters[v].weight);
		if (i == 2 || i == 3)
			log_object(&l, true, urn_body(room, &u, 4, u.voters[4].style), 0);
		if (i == 2) {
			log_plain(&l, ENTRY_SUSPEND);
			log_plain(&l, ENTRY_RESUME);
		}
	}
	log_plain(&l, ENTRY_CLOSE);
}

static int set_up(void **state)
{
	(void)state;
	urn_begin(&u, &(struct urn_plan){.mode = BALLOT_CREDENTIALS, .weight_max = 3});
	put_honest();
	log_write(&l);
	assert_ok(urn_read(&honest, &u, &err), err);
	assert_int_equal(honest.counted, 5);
	assert_int_equal(honest.refused_voids, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	urn_end(&u);
	free(l.ballots);
	free(l.voids);
	return 0;
}

static bool reads(struct ballot_box *box)
{
	struct box_job job = urn_job(&u);
	job.stage = &stage;
	error_clear(&err);
	return ballot_box_read(box, &job, &err);
}

/* What a verifier would see: it cannot be read, or it is not the tree that was signed. */
static void told_apart(const char *what, size_t a, size_t b)
{
	static struct ballot_box box;
	if (reads(&box) && box.log_size == honest.log_size && digest_equal(&box.root, &honest.root))
		fail_msg("%s %zu %zu: taken for the honest log", what, a, b);
	assert_true(err.kind == ERROR_NONE || err.kind == ERROR_REJECTED ||
	            err.kind == ERROR_MALFORMED);
}

static size_t natural(size_t *order)
{
	for (size_t i = 0; i < l.count; i++)
		order[i] = i;
	return l.count;
}

static void reordered_entries_are_told_apart(void **state)
{
	(void)state;
	size_t order[64];
	for (size_t a = 0; a < l.count; a++) {
		for (size_t b = a + 1; b < l.count; b++) {
			size_t n = natural(order);
			order[a] = b;
			order[b] = a;
			log_write_order(&l, order, n);
			told_apart("exchanged", a, b);
		}
	}
	log_write(&l);
}

static void dropped_and_doubled_entries_are_told_apart(void **state)
{
	(void)state;
	size_t order[64];
	for (size_t a = 0; a < l.count; a++) {
		size_t n = natural(order);
		memmove(order + a, order + a + 1, (n - a - 1) * sizeof *order);
		log_write_order(&l, order, n - 1);
		told_apart("dropped", a, 0);
		for (size_t b = 0; b <= l.count; b++) { /* a once more, at place b */
			n = natural(order);
			memmove(order + b + 1, order + b, (n - b) * sizeof *order);
			order[b] = a;
			log_write_order(&l, order, n + 1);
			told_apart("doubled", a, b);
		}
	}
	log_write(&l);
}

static void logs_that_end_early_are_not_closed(void **state)
{
	(void)state;
	static struct ballot_box box;
	for (size_t n = 0; n < l.count; n++) {
		log_write_order(&l, NULL, n);
		assert_false(reads(&box));
		assert_true(err.kind == ERROR_REJECTED || err.kind == ERROR_MALFORMED);
		assert_int_equal(stage, BOX_LOG);
	}
	log_write(&l);
}

/* Behind "close" only what belongs there, and each once. */
static void entries_behind_the_end_are_rejected(void **state)
{
	(void)state;
	static struct ballot_box box;
	size_t order[64], n = natural(order), with = l.count;
	for (unsigned k = 0; k < ENTRY_KINDS; k++) {
		for (size_t e = 0; e < with; e++) {
			struct entry parsed;
			assert_true(
				entry_read(&parsed, bytes_of(l.entry[e].bytes, l.entry[e].len), &u.key.eid, NULL));
			if (parsed.kind != (enum entry_kind)k)
				continue;
			order[n] = e;
			log_write_order(&l, order, n + 1);
			assert_false(reads(&box));
			assert_int_equal(err.kind, ERROR_REJECTED);
			break;
		}
	}
	log_write(&l);
}

static void other_heads_than_the_records_are_rejected(void **state)
{
	(void)state;
	static struct ballot_box box;
	for (unsigned head = 0; head < 3; head++) {
		struct entry e;
		uint8_t kept[LIMIT_LOG_ENTRY_BYTES];
		memcpy(kept, l.entry[head].bytes, sizeof kept);
		for (unsigned field = 0; field < 2; field++) {
			assert_true(entry_read(&e, bytes_of(kept, l.entry[head].len), &u.key.eid, NULL));
			if (field)
				e.number++;
			else
				e.object.b[7] ^= 4;
			entry_write(l.entry[head].bytes, &u.key.eid, &e);
			log_write(&l);
			assert_false(reads(&box));
			assert_int_equal(err.kind, ERROR_REJECTED);
			assert_int_equal(stage, head == 2 ? BOX_CREDENTIALS : BOX_LOG);
		}
		memcpy(l.entry[head].bytes, kept, sizeof kept);
	}
	log_write(&l);
}

static void entries_of_another_election_are_rejected(void **state)
{
	(void)state;
	static struct ballot_box box;
	for (size_t i = 0; i < l.count; i++) {
		struct entry e;
		uint8_t kept[LIMIT_LOG_ENTRY_BYTES];
		digest other = u.key.eid;
		other.b[0] ^= 0x80;
		memcpy(kept, l.entry[i].bytes, sizeof kept);
		assert_true(entry_read(&e, bytes_of(kept, l.entry[i].len), &u.key.eid, NULL));
		entry_write(l.entry[i].bytes, &other, &e);
		log_write(&l);
		assert_false(reads(&box));
		assert_int_equal(err.kind, ERROR_REJECTED);
		memcpy(l.entry[i].bytes, kept, sizeof kept);
	}
	log_write(&l);
}

static void objects_changed_cut_or_added_are_refused(void **state)
{
	(void)state;
	static struct ballot_box box;
	for (unsigned which = 0; which < 2; which++) {
		uint8_t **p = which ? &l.voids : &l.ballots;
		size_t *len = which ? &l.voids_len : &l.ballots_len;
		for (uint64_t i = 0; i < TEST_COUNT(40, 4000); i++) {
			size_t at = (size_t)test_random_below(*len);
			(*p)[at] ^= 1;
			log_write(&l);
			assert_false(reads(&box));
			assert_int_equal(err.kind, ERROR_REJECTED);
			assert_int_equal(stage, BOX_OBJECTS);
			(*p)[at] ^= 1;
		}
		size_t whole = *len;
		for (unsigned i = 0; i < 3; i++) {
			*len = i == 0 ? whole - 1 : i == 1 ? whole / 2 : 0;
			log_write(&l);
			assert_false(reads(&box));
			assert_int_equal(err.kind, ERROR_MALFORMED);
		}
		*len = whole;
		log_write(&l);
		bytes more = bytes_of(*p, whole + 1); /* there is room for it */
		urn_write(&u, which ? "voids.bt" : "ballots.bt", more);
		assert_false(reads(&box));
		assert_int_equal(err.kind, ERROR_MALFORMED);
	}
	log_write(&l);
}

static void missing_files_are_malformed(void **state)
{
	(void)state;
	static struct ballot_box box;
	static const char *const files[] = {"log/entries", "ballots.bt", "voids.bt", "credentials.bt",
	                                    "credentials-signature.bt"};
	for (unsigned i = 0; i < 5; i++) {
		bytes kept = urn_file(&u, files[i]);
		assert_ok(u.record->remove(u.record, files[i], &err), err);
		assert_false(reads(&box));
		assert_int_equal(err.kind, ERROR_MALFORMED);
		urn_write(&u, files[i], kept);
		free((void *)(uintptr_t)kept.p);
	}
	assert_ok(urn_read(&box, &u, &err), err);
}

static void an_empty_file_of_voids_is_malformed(void **state)
{
	(void)state;
	static struct ballot_box box;
	struct urn_log kept = l;
	l = (struct urn_log){.u = &u};
	log_begin(&l, &u);
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
	assert_ok(urn_read(&box, &u, &err), err);
	assert_int_equal(box.log_size, 5);
	urn_write(&u, "voids.bt", BYTES_NONE);
	assert_false(reads(&box));
	assert_int_equal(err.kind, ERROR_MALFORMED);
	l = kept;
	log_write(&l);
}

static void changes_of_credentials_nobody_signed_are_rejected(void **state)
{
	(void)state;
	static struct ballot_box box;
	size_t at = 6;
	struct entry e;
	uint8_t kept[LIMIT_LOG_ENTRY_BYTES];
	memcpy(kept, l.entry[at].bytes, sizeof kept);
	for (unsigned i = 0; i < 4; i++) {
		assert_true(entry_read(&e, bytes_of(kept, l.entry[at].len), &u.key.eid, NULL));
		assert_int_equal(e.kind, ENTRY_CREDENTIAL);
		const struct credential_change c = {i == 3, e.key, e.style, i == 2 ? 4 : 3};
		digest s = statement_credential(&u.key.eid, &c);
		if (i == 0)
			e.signature[10] ^= 1;
		else
			identity_sign(e.signature, i == 1 ? &u.board_key : &u.registrar, BYTES_OF(s.b));
		e.weight = c.weight; /* 2: signed, but more than the manifest's; 3: another number */
		entry_write(l.entry[at].bytes, &u.key.eid, &e);
		log_write(&l);
		assert_false(reads(&box));
		assert_int_equal(err.kind, ERROR_REJECTED);
		assert_int_equal(stage, BOX_CREDENTIALS);
	}
	memcpy(l.entry[at].bytes, kept, sizeof kept);
	log_write(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reordered_entries_are_told_apart),
		cmocka_unit_test(dropped_and_doubled_entries_are_told_apart),
		cmocka_unit_test(logs_that_end_early_are_not_closed),
		cmocka_unit_test(entries_behind_the_end_are_rejected),
		cmocka_unit_test(other_heads_than_the_records_are_rejected),
		cmocka_unit_test(entries_of_another_election_are_rejected),
		cmocka_unit_test(objects_changed_cut_or_added_are_refused),
		cmocka_unit_test(missing_files_are_malformed),
		cmocka_unit_test(an_empty_file_of_voids_is_malformed),
		cmocka_unit_test(changes_of_credentials_nobody_signed_are_rejected),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
