/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of lists: empty ones, small ones, those of other ballots than the log's; and anchors. */
#ifndef DIFFERENTIAL_KINDS_LISTS_H
#define DIFFERENTIAL_KINDS_LISTS_H

#include "differential/kinds_box.h"
#include "differential/prepared_shuffle.h"

#define E_EMPTY "endorse/l1/"
#define SMALL(what, ...) KIND("8.5", what, __VA_ARGS__)

static void files_removed(const struct kind *k)
{
	char path[64];
	struct error e;
	error_clear(&e);
	for (unsigned p = (unsigned)k->at; p <= u.manifest->authorities_count; p++) {
		snprintf(path, sizeof path, "%s-%02u.bt", k->path, p);
		assert_ok(u.record->remove(u.record, path, &e), e);
	}
	fit(k);
}

/* l1 has no ballots, l2 has two; 2 of 3. */
static const struct kind of_empty_lists[] = {
	SMALL("an empty list that fewer than t call empty", files_removed, E_EMPTY "empty", NULL, 2),
	SMALL("a list that nobody calls empty", files_removed, E_EMPTY "empty", NULL, 1),
	SMALL("an empty list, one signature spoiled", bit_turned, E_EMPTY "empty-03.bt", NULL, -1, 0,
          SEAL_LOG),
	SMALL("an empty list, one signature of another", file_became, E_EMPTY "empty-03.bt",
          "=" E_EMPTY "empty-02.bt", 0, 0, SEAL_LOG),
	SMALL("an empty list signed as closing", file_became, E_EMPTY "empty-03.bt",
          "=endorse/close-03.bt", 0, 0, SEAL_LOG),
	SMALL("an empty list with bytes behind a signature", end_added, E_EMPTY "empty-01.bt", "x", 0,
          0, SEAL_LOG),
	SMALL("parameters of an empty list", file_became, "proof/l1/protInfo.xml",
          "=proof/l2/protInfo.xml"),
	SMALL("a proof of an empty list", file_became, "proof/l1/nizkp/l1/version", "3.1.0"),
	SMALL("a shuffle of an empty list signed", file_became, E_EMPTY "mix-01.bt",
          "=endorse/l2/mix-01.bt"),
	SMALL("readiness to open an empty list", file_became, E_EMPTY "ready-01.bt",
          "=endorse/l2/ready-01.bt"),
	SMALL("frozen factors of an empty list", file_became, E_EMPTY "factors-01.bt",
          "=endorse/l2/factors-01.bt"),
};

/* Only ballots of the style with one group, none of the other. */
static void make_partly_empty(const struct tally_plan *plan)
{
	log_begin(&l, &u);
	box_ballot(2, 0);
	box_ballot(5, 0);
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
	edit_load();
	edit_write();
	tally_run(&u, plan);
	reseal();
}

/* --- a tally of other ballots than those of the log --- */

static void tallied_before(const struct kind *k)
{
	uint8_t room[URN_BALLOT_MAX];
	box_begin();
	if (k->at == 2) { /* no list of 3 is empty without it */
		log_change(&l, NORTH, 0, u.manifest->weight_max);
		log_object(&l, false, north(room, 0), u.manifest->weight_max);
	}
	box_end();
	l.count--; /* close comes later now */
	switch (k->at) {
	case 0:
		box_ballot(NORTH, 0);
		break;
	case 1:
		box_ballot(0, 2);
		break;
	default:
		log_change(&l, 3, u.voters[3].style, 0);
	}
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
	edit_load();
	edit_tail();
	edit_write();
}

/* Who is not ready decrypts all the same; all others know, and sign. */
static void stray_factors(const struct kind *k)
{
	static const struct tally_plan stray = {.mixers = "12", .active = "12", .stray = 3};
	const struct tally_plan *usual = box_tally;
	(void)k;
	box_tally = &stray;
	box_begin();
	box_end();
	box_tally = usual;
}

/* All equations hold; but it is another proof than a record has. */
static void prepared_before(const struct kind *k)
{
	static const struct tally_plan prepared = {
		.mixers = "12", .active = "12", .shuffle = prepared_shuffle};
	const struct tally_plan *usual = box_tally;
	(void)k;
	box_tally = &prepared;
	box_begin();
	box_end();
	box_tally = usual;
}

static const struct kind of_lists[] = {
	KIND("8.2", "shuffles with a pre-computation", prepared_before),
	KIND("9.2", "factors of a party that was not ready", stray_factors),
	KIND("8.2", "a ballot that was not tallied", tallied_before, NULL, NULL, 0),
	KIND("8.2", "a second ballot of a voter that was not tallied", tallied_before, NULL, NULL, 1),
};
static const struct kind of_revoked_lists[] = {
	KIND("8.2", "a ballot of a credential revoked since is tallied", tallied_before, NULL, NULL, 2),
};

/* --- small lists, and ties --- */

/* Authorities that look away from what their manifest says. */
static void box_as_it_is(const struct kind *k)
{
	(void)k;
	u.manifest->accept_small_lists = true;
	box_begin();
	box_end();
}

static const struct kind of_small_lists[] = {
	KIND("7.1", "lists that are smaller than the manifest allows", box_as_it_is),
};

/* Each answer of q1 has as many votes, and there is no lot. */
static void tied(const struct kind *k)
{
	(void)k;
	box_votes = 0;
	log_begin(&l, &u);
	box_ballot(0, 0); /* Yes */
	box_ballot(1, 0); /* No */
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
	edit_load();
	edit_write();
	tally_run(&u, box_tally);
	urn_write(&u, "result.json", BYTES_LITERAL("{}\n"));
	reseal();
}

static const struct kind of_ties[] = {
	KIND("10.1", "a tie that nobody drew a lot for", tied),
};
static const char without_lots[] =
	"[{\"id\":\"q1\",\"title\":\"A\",\"rule\":\"plurality-at-large\",\"seats\":1,\"min\":0,"
	"\"max\":1,\"answers\":[\"Yes\",\"No\"]},"
	"{\"id\":\"q2\",\"title\":\"B\",\"rule\":\"plurality-at-large\",\"seats\":1,\"min\":0,"
	"\"max\":1,\"answers\":[\"Ann\",\"Bo\"],\"lot\":[2,1],\"write_ins\":1}]";

/* --- what is known from outside --- */

static void nothing_altered(const struct kind *k)
{
	(void)k;
}

enum { ANCHOR_OTHER, ANCHOR_RIGHT, ANCHOR_FEWER, ANCHOR_MORE, ANCHOR_TURNED, ANCHOR_KEY };
static const struct kind of_anchors[] = {
	KIND("3.2", "the fingerprint of another election", nothing_altered, NULL, NULL, ANCHOR_OTHER),
	KIND(NULL, "the right authorities", nothing_altered, NULL, NULL, ANCHOR_RIGHT),
	KIND("1.2", "an authority less than there are", nothing_altered, NULL, NULL, ANCHOR_FEWER),
	KIND("1.2", "an authority more than there are", nothing_altered, NULL, NULL, ANCHOR_MORE),
	KIND("1.2", "two authorities in another order", nothing_altered, NULL, NULL, ANCHOR_TURNED),
	KIND("1.2", "another authority", nothing_altered, NULL, NULL, ANCHOR_KEY),
};

static void try_anchors(void)
{
	for (size_t i = 0; i < sizeof of_anchors / sizeof *of_anchors; i++) {
		const struct kind *k = &of_anchors[i];
		digest keys[LIMIT_PARTIES], first;
		struct record_anchor a = {k->at == ANCHOR_OTHER ? ANCHOR_ELECTION : ANCHOR_AUTHORITIES,
		                          u.key.eid, keys, u.manifest->authorities_count, 0};
		for (unsigned p = 0; p < a.authorities_count; p++)
			keys[p] = sha256(BYTES_OF(u.identity[p].pub));
		first = keys[0];
		a.eid.b[0] ^= 1;
		if (k->at == ANCHOR_FEWER)
			a.authorities_count--;
		if (k->at == ANCHOR_MORE)
			keys[a.authorities_count++] = first;
		if (k->at == ANCHOR_TURNED) {
			keys[0] = keys[1];
			keys[1] = first;
		}
		if (k->at == ANCHOR_KEY)
			keys[0] = sha256(BYTES_OF(u.board_key.pub));
		compare_with(k->what, &a, k->code);
		if (k->code)
			count_kind(k);
		else
			assert_string_equal(cases[cases_count - 1].ours, "verified\t");
	}
}

#endif
