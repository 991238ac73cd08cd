/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Honest elections in which much goes wrong that may go wrong: dealers that are absent, open
 * falsely or deal false shares, attempts that fail, decryptors that are away or cheat, signatures
 * that nobody needs missing; of any mode, size, threshold and weight. Both verifiers must say
 * "verified".
 *
 * Skipped where there is no node, or web/verifier has no noble/ (npm ci).
 */
#include "support/support.h"

#include "differential/scripted_ceremony.h"
#include "differential/verifiers_compare.h"
#include "differential/verifiers_reseal.h"
#include "differential/verifiers_votes.h"

#define PARTIES_MAX 6u

static unsigned below(unsigned n)
{
	return (unsigned)test_random_below(n);
}

/* --- the ceremony --- */

static unsigned count_of(const bool *set, unsigned n)
{
	unsigned count = 0;
	for (unsigned i = 0; i < n; i++)
		count += set[i];
	return count;
}

/* Whoever is not heard in round 3 may have said something all the same, as may who is late. */
static void say_late(struct script *s, struct script_message *m)
{
	bool heard = m->round < 3 ? s->present[m->party - 1]
	                          : s->present[m->party - 1] && s->opens[m->party - 1];
	if (!heard && m->len == 0 && below(3) == 0) {
		m->len = 1 + below(200);
		memset(m->content, (int)below(256), m->len);
	}
}

/* Late messages are no part of what others hash: they come when all has been said. */
static void play_late(struct script *s)
{
	char path[64];
	struct script_message m;
	uint8_t room[SCRIPT_MESSAGE_MAX];
	for (unsigned r = 0; r < SCRIPT_ROUNDS; r++) {
		for (unsigned i = 0; i < s->n; i++) {
			m = (struct script_message){s->attempt,        r,   i + 1, i + 1, "urna-ceremony-1",
			                            s->u->manifest->d, {0}, 0};
			snprintf(path, sizeof path, "ceremony/%u/r%u-%02u.bt", s->attempt, r, i + 1);
			if (s->u->record->exists(s->u->record, path))
				continue;
			say_late(s, &m);
			if (m.len)
				urn_write(s->u, path, bytes_of(room, script_sign(room, s, &m)));
		}
	}
}

static void absent_and_cheating(struct script *s)
{
	do {
		for (unsigned i = 0; i < s->n; i++) {
			s->present[i] = below(6) > 0;
			s->opens[i] = below(6) > 0;
			s->answers[i] = below(3) > 0;
			for (unsigned j = 0; j < s->n; j++)
				s->accuses[j][i] = i != j && below(8) == 0;
		}
		script_qualify(s);
	} while (count_of(s->qualified, s->n) < s->t);
}

/* Up to two attempts that failed, the one that counts, and one that some began afterwards. */
static bool qualified[URN_PARTIES];
static void eventful_ceremony(struct urn *of)
{
	static struct script s;
	unsigned attempt = 1;
	for (; below(4) == 0 && attempt < 3; attempt++) {
		script_begin(&s, of, attempt);
		absent_and_cheating(&s);
		s.rounds = below(6);
		script_play(&s);
		script_failed(of, attempt, 1 + below(s.n), BYTES_LITERAL("nobody came"), below(s.n + 1));
	}
	script_begin(&s, of, attempt);
	absent_and_cheating(&s);
	script_play(&s);
	memcpy(qualified, s.qualified, sizeof qualified);
	play_late(&s);
	if (below(4) == 0) /* it is complete: the word comes too late */
		script_failed(of, attempt, 1 + below(s.n), BYTES_LITERAL("too slow"), 0);
	if (s.t > 1 && below(4) == 0) {
		script_begin(&s, of, attempt + 1);
		memset(s.present, 0, sizeof s.present);
		s.present[below(s.n)] = true;
		s.rounds = 1;
		script_play(&s);
	}
}

/* --- the box --- */

static uint32_t seqs[URN_VOTERS];

static void one_vote(void)
{
	uint8_t room[URN_BALLOT_MAX];
	unsigned voter = below(u.listed);
	const struct urn_voter *v = &u.voters[voter];
	uint32_t weight =
		u.rules.mode == BALLOT_CREDENTIALS ? v->weight : 1 + below(u.manifest->weight_max);
	if (v->weight > 0)
		log_object(&l, false, urn_ballot(room, &u, voter, v->style, seqs[voter]++), weight);
}

static void one_change(void)
{
	unsigned voter = below(URN_VOTERS); /* strangers as well: they are added */
	struct urn_voter *v = &u.voters[voter];
	if (u.rules.mode != BALLOT_CREDENTIALS)
		return;
	bool known = voter < u.listed;
	v->style = below(URN_STYLES);
	v->weight = known ? below(u.manifest->weight_max + 1) : 1 + below(u.manifest->weight_max);
	log_change(&l, voter, v->style, v->weight);
}

static void one_event(void)
{
	uint8_t room[URN_BALLOT_MAX];
	unsigned voter = below(u.listed);
	switch (below(10)) {
	case 0:
		log_object(&l, true, urn_body(room, &u, voter, u.voters[voter].style), 0);
		break;
	case 1:
		log_plain(&l, ENTRY_SUSPEND);
		if (below(2))
			one_change();
		log_plain(&l, ENTRY_RESUME);
		break;
	case 2:
		one_change();
		break;
	default:
		one_vote();
	}
}

static unsigned some_events(void)
{
	static const unsigned most[] = {0, 3, 8, 8, 16, 40};
	unsigned n = most[below(6)];
	return n ? 1 + below(n) : 0;
}

static void vote_all(void)
{
	memset(seqs, 0, sizeof seqs);
	log_begin(&l, &u);
	for (unsigned n = some_events(); n > 0; n--)
		one_event();
	if (below(8) == 0)
		log_plain(&l, ENTRY_SUSPEND); /* closed while suspended */
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
	edit_load();
	edit_write();
}

/* --- the tally --- */

static void some_qualified(char out[URN_PARTIES + 1], unsigned count)
{
	size_t len = 0;
	unsigned left = count_of(qualified, u.manifest->authorities_count);
	for (unsigned i = 0; i < u.manifest->authorities_count; i++) {
		if (!qualified[i])
			continue;
		if (below(left--) < count - len)
			out[len++] = (char)('1' + i);
	}
	out[len] = 0;
}

/* Signatures beyond the threshold may be missing. */
static void drop_signatures(const char *auxsid, const char *kind)
{
	const unsigned n = u.manifest->authorities_count;
	unsigned there = 0;
	for (unsigned p = 1; p <= n; p++)
		there += has_endorsement(auxsid, kind, p);
	for (unsigned p = 1; p <= n; p++) {
		char path[RECORD_PATH_BYTES];
		struct error e;
		if (!has_endorsement(auxsid, kind, p) || there <= u.manifest->threshold || below(2))
			continue;
		error_clear(&e);
		endorsement_path(path, auxsid, kind, p);
		assert_ok(u.record->remove(u.record, path, &e), e);
		there--;
	}
}

static void leave_evidence(void)
{
	static const char *const paths[] = {"evidence/l1/PoSReply02.bt", "evidence/l1.txt",
	                                    "evidence/l1/a/b", "evidence/why"};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (below(4) == 0)
			urn_write(&u, paths[i], BYTES_LITERAL("it was late"));
}

/*
 * Who mixes and who decrypts, all lists alike. Shuffles that are replaced because their author
 * vanished or cheated are to be played here: they leave evidence, and other mixers.
 */
static void tally_all(char what[static 160])
{
	char mixers[URN_PARTIES + 1], active[URN_PARTIES + 1];
	const unsigned n = u.manifest->authorities_count, t = u.manifest->threshold;
	const unsigned q = count_of(qualified, n);
	struct tally_plan plan = {.mixers = mixers, .active = active, .attempt = 1 + below(16)};
	some_of(mixers, n, t + below(n - t + 1));
	some_qualified(active, t + below(q - t + 1));
	if (strlen(active) > t && below(2))
		plan.cheat = (unsigned)(active[below((unsigned)strlen(active))] - '0');
	tally_run(&u, &plan);
	size_t len = strlen(what);
	snprintf(what + len, 160 - len, ", mixed by %s, opened by %s, cheat %u", mixers, active,
	         plan.cheat);
}

static void seal_all(void)
{
	char auxsid[AUXSID_BYTES];
	for (unsigned k = 0; k < u.manifest->lists_count; k++) {
		list_auxsid(auxsid, k);
		drop_signatures(auxsid, "empty");
	}
	leave_evidence();
	reseal();
	edit_trees();
	if (u.manifest->witnesses_count) {
		const unsigned more = u.manifest->witnesses_count - u.manifest->witnesses_quorum + 1;
		sign_checkpoint("log/checkpoint-close", &closed_tree,
		                u.manifest->witnesses_quorum + below(more));
		sign_checkpoint("log/checkpoint", &whole_tree, u.manifest->witnesses_quorum + below(more));
	}
	drop_signatures(NULL, "close");
	drop_signatures(NULL, "result");
}

/* --- elections --- */

static struct urn_plan random_plan(char what[static 160])
{
	static const uint32_t weights[] = {1, 1, 3, 5};
	unsigned parties = 1 + below(PARTIES_MAX);
	struct urn_plan plan = {.mode = below(2) ? BALLOT_SERVER : BALLOT_CREDENTIALS,
	                        .weight_max = weights[below(4)],
	                        .areas = below(3) == 0,
	                        .witnesses = below(2) ? 4 : 0,
	                        .parties = parties,
	                        .threshold = 1 + below(parties),
	                        .ceremony = eventful_ceremony};
	bool texts = below(3) > 0;
	plan.questions = texts ? any_questions_with_texts() : NULL;
	plan.choose = texts ? choose_anything : NULL;
	snprintf(what, 160, "%s, %u of %u, weight %u%s%s%s",
	         plan.mode == BALLOT_SERVER ? "server" : "credentials", plan.threshold, parties,
	         (unsigned)plan.weight_max, plan.areas ? ", areas" : "",
	         plan.witnesses ? ", witnesses" : "", texts ? ", ranks and texts" : "");
	return plan;
}

static void honest_elections_are_verified_by_both(void **state)
{
	char what[160];
	(void)state;
	begin_comparing();
	for (uint64_t i = 0; i < TEST_COUNT(6, 200); i++) {
		const struct urn_plan plan = random_plan(what);
		urn_begin(&u, &plan);
		vote_all();
		tally_all(what);
		seal_all();
		const struct record_anchor anchor = {.kind = ANCHOR_ELECTION, .eid = u.key.eid};
		compare_with(what, &anchor, NULL);
		if (strcmp(cases[cases_count - 1].ours, "verified\t") != 0)
			fail_msg("%s: %s", what, cases[cases_count - 1].ours);
		urn_end(&u);
	}
	print_message("honest elections: %zu\n", cases_count);
	ask_the_other();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_elections_are_verified_by_both),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
