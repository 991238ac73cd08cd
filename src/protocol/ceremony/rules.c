/* SPDX-License-Identifier: Apache-2.0 */
/* Who takes part, who is out, and whether all say the same: the same code for party and verifier.
 */
#include "ceremony/attempt_internal.h"

#include "ceremony/feldman.h"

bool round_complete(struct attempt *a, enum ceremony_round round, const uint8_t *who,
                    struct error *err)
{
	char missing[ERROR_DETAIL_BYTES], path[MESSAGE_PATH_BYTES];
	struct text t = TEXT_OF(missing);
	a->missing = 0;
	for (unsigned i = 1; i <= a->m->authorities_count; i++) {
		if (!who[i - 1] || attempt_has(a, round, i))
			continue;
		message_path(path, round, i);
		text_add(&t, a->missing ? ", " : "");
		text_add(&t, path);
		a->missing = a->missing ? a->missing : i;
	}
	if (!a->missing)
		return true;
	return fail_detail(err, ERROR_UNAVAILABLE, "ceremony: waiting for messages of other parties",
	                   ERROR_NOWHERE, missing);
}

/* --- presence --- */

/* A message of one digest; *good says whether it is there and has its form. */
static bool digest_find(uint8_t out[static 32], bool *good, struct attempt *a,
                        enum ceremony_round round, unsigned index, struct error *err)
{
	struct message msg;
	*good = false;
	if (!attempt_has(a, round, index))
		return true;
	if (!attempt_read(&msg, a, round, index, err))
		return false;
	*good = content_leaf(out, msg.content, NULL);
	return true;
}

bool presence_find(uint8_t *out, struct attempt *a, struct error *err)
{
	uint8_t everybody[LIMIT_PARTIES], unused[32];
	bool key, commitment;
	for (unsigned i = 1; i <= a->m->authorities_count; i++) {
		everybody[i - 1] = 1;
		if (!digest_find(unused, &key, a, CEREMONY_KEY, i, err) ||
		    !digest_find(unused, &commitment, a, CEREMONY_COMMIT, i, err))
			return false;
		out[i - 1] = key && commitment;
	}
	bool good = round_complete(a, CEREMONY_KEY, everybody, err) &&
	            round_complete(a, CEREMONY_COMMIT, everybody, err);
	a->missing = 0; /* they may stay away */
	return good;
}

/* --- agreement --- */

static bool belongs(const struct statement *s, enum ceremony_round round, unsigned i)
{
	return round == CEREMONY_VERDICT ? s->of[i] != 2 : s->of[i] == 1;
}

static unsigned members_of(uint8_t *out, const struct attempt *a, const struct statement *s,
                           enum ceremony_round round)
{
	unsigned count = 0;
	for (unsigned i = 0; i < a->m->authorities_count; i++)
		count += out[i] = belongs(s, round, i);
	return count;
}

struct said {
	bool there[LIMIT_PARTIES], good[LIMIT_PARTIES]; /* good: well-formed, and one may say so */
	struct statement s[LIMIT_PARTIES];
	uint8_t member[LIMIT_PARTIES][LIMIT_PARTIES];
};

/* Nobody excludes or accuses himself, lets in who was out before, or goes on with fewer than t. */
static bool may_say(const struct said *said, const struct attempt *a, enum ceremony_round round,
                    unsigned i, const uint8_t *within)
{
	unsigned count = 0;
	for (unsigned j = 0; j < a->m->authorities_count; j++) {
		count += said->member[i][j];
		if (said->member[i][j] && !within[j])
			return false;
	}
	return count >= a->m->threshold && said->member[i][i] &&
	       (round != CEREMONY_VERDICT || said->s[i].of[i] == 0);
}

static bool said_read(struct said *out, struct attempt *a, enum ceremony_round round,
                      const uint8_t *within, struct error *err)
{
	struct message msg;
	memset(out, 0, sizeof *out);
	for (unsigned i = 0; i < a->m->authorities_count; i++) {
		if (!attempt_has(a, round, i + 1))
			continue;
		if (!attempt_read(&msg, a, round, i + 1, err))
			return false;
		out->there[i] = true;
		out->good[i] = statement_read(&out->s[i], a->m, round, msg.content, NULL);
		members_of(out->member[i], a, &out->s[i], round);
		out->good[i] = out->good[i] && may_say(out, a, round, i, within);
	}
	return true;
}

static bool same(const struct said *said, unsigned i, unsigned j)
{
	return digest_equal(&said->s[i].d, &said->s[j].d) &&
	       memcmp(said->member[i], said->member[j], sizeof said->member[i]) == 0;
}

static bool is_group(const struct attempt *a, const struct said *said, unsigned i)
{
	for (unsigned j = 0; j < a->m->authorities_count; j++)
		if (said->member[i][j] && !(said->good[j] && same(said, i, j)))
			return false;
	return true;
}

/* The same, with what is in the way. */
static bool all_say(struct attempt *a, const struct said *said, enum ceremony_round round,
                    unsigned i, struct error *err)
{
	static const char *const what[CEREMONY_ROUNDS] = {
		[CEREMONY_ECHO] = "ceremony: parties were shown different keys and commitments",
		[CEREMONY_VERDICT] = "ceremony: parties were shown different openings",
		[CEREMONY_CERTIFY] = "ceremony: parties certify different elections",
	};
	char path[MESSAGE_PATH_BYTES];
	for (unsigned j = 0; j < a->m->authorities_count; j++) {
		if (!said->member[i][j] || !said->there[j] || (said->good[j] && same(said, i, j)))
			continue;
		message_path(path, round, j + 1);
		fail_detail(err, ERROR_REJECTED,
		            said->good[j] ? what[round] : "ceremony: what no party may say at this point",
		            ERROR_NOWHERE, path);
		/* The digest covers who is a member: who gives the same digest with others, lies. */
		bool lies = !said->good[j] || digest_equal(&said->s[i].d, &said->s[j].d);
		return attempt_ends(a, lies ? j + 1 : 0, err);
	}
	return round_complete(a, round, said->member[i], err);
}

/* A statement that all its members make; *found = n: none, and the error is that of the first, or
 * that one which only waits. */
static bool group_find(unsigned *found, struct attempt *a, const struct said *said,
                       enum ceremony_round round, unsigned first, struct error *err)
{
	const unsigned n = a->m->authorities_count;
	struct error why, told;
	bool begun = false, fails = false;
	unsigned culprit = 0, missing = 0;
	error_clear(&told);
	for (*found = 0; *found < n; ++*found) {
		if (!said->good[*found] || (first && *found != first - 1))
			continue;
		a->fails = false;
		a->missing = 0;
		error_clear(&why);
		if (all_say(a, said, round, *found, &why))
			return true;
		if (!begun || (why.kind == ERROR_UNAVAILABLE && told.kind != ERROR_UNAVAILABLE)) {
			told = why;
			fails = a->fails;
			culprit = a->culprit;
			missing = a->missing;
		}
		begun = true;
	}
	a->fails = fails;
	a->culprit = culprit;
	a->missing = missing;
	if (begun && err)
		*err = told;
	return !begun;
}

bool agreement_reach(struct agreement *out, struct attempt *a, enum ceremony_round round,
                     const uint8_t *within, unsigned first, struct error *err)
{
	const unsigned n = a->m->authorities_count;
	struct said said;
	unsigned found;
	if (!said_read(&said, a, round, within, err) ||
	    !group_find(&found, a, &said, round, first, err))
		return false;
	if (found == n) {
		if (!round_complete(a, round, within, err))
			return false;
		fail(err, ERROR_REJECTED, "ceremony: what all say, no party may say at this point",
		     ERROR_NOWHERE);
		return attempt_ends(a, 0, err);
	}
	for (unsigned i = 0; i < n; i++) {
		if (!said.good[i] || same(&said, i, found) || !is_group(a, &said, i))
			continue;
		fail(err, ERROR_REJECTED, "ceremony: parties held it apart from each other", i + 1);
		return attempt_ends(a, 0, err);
	}
	memcpy(out->member, said.member[found], sizeof out->member);
	out->d = said.s[found].d;
	for (unsigned i = 0; i < n; i++)
		memcpy(out->rows[i], said.s[i].of, sizeof out->rows[i]);
	return true;
}

bool echo_settled_without(bool *out, struct attempt *a, unsigned index, struct error *err)
{
	const unsigned n = a->m->authorities_count;
	struct statement s[LIMIT_PARTIES];
	bool have[LIMIT_PARTIES] = {false};
	struct message msg;
	*out = false;
	for (unsigned i = 1; i <= n; i++) {
		if (!attempt_has(a, CEREMONY_ECHO, i))
			continue;
		if (!attempt_read(&msg, a, CEREMONY_ECHO, i, err))
			return false;
		have[i - 1] = statement_read(&s[i - 1], a->m, CEREMONY_ECHO, msg.content, NULL);
	}
	for (unsigned i = 0; i < n; i++) {
		unsigned same = 0;
		if (!have[i] || s[i].of[index - 1])
			continue;
		for (unsigned j = 0; j < n; j++)
			same += have[j] && digest_equal(&s[i].d, &s[j].d) && memcmp(s[i].of, s[j].of, n) == 0;
		*out = *out || same >= a->m->threshold;
	}
	return true;
}

/* --- openings, complaints, answers --- */

bool opening_find(struct opening *out, bool *valid, struct attempt *a, unsigned dealer,
                  const uint8_t *present, struct error *err)
{
	struct message msg;
	digest committed;
	bool good;
	*valid = false;
	if (!digest_find(committed.b, &good, a, CEREMONY_COMMIT, dealer, err))
		return false;
	if (!good || !attempt_has(a, CEREMONY_OPEN, dealer))
		return true;
	if (!attempt_read(&msg, a, CEREMONY_OPEN, dealer, err))
		return false;
	out->attempt = a->number;
	out->index = dealer;
	*valid = opening_read(out, a->m, msg.content, NULL) &&
	         memcmp(out->boxed, present, a->m->authorities_count) == 0 &&
	         opening_check(out, a->m, &committed, NULL);
	return true;
}

void outcome_accuse(struct outcome *o, const struct manifest *m, const struct agreement *verdicts)
{
	for (unsigned i = 0; i < m->authorities_count; i++) {
		o->opened[i] = verdicts->member[i];
		o->accusers[i] = 0;
		for (unsigned j = 0; j < m->authorities_count; j++) {
			o->accused[i][j] = verdicts->member[j] && verdicts->rows[j][i] == 1;
			o->accusers[i] += o->accused[i][j];
		}
		o->fate[i] = !o->present[i]                   ? CEREMONY_ABSENT
		             : !o->opened[i]                  ? CEREMONY_UNOPENED
		             : o->accusers[i] >= m->threshold ? CEREMONY_ACCUSED
		             : o->accusers[i]                 ? CEREMONY_UNANSWERED
		                                              : CEREMONY_QUALIFIED;
		o->qualified[i] = o->fate[i] == CEREMONY_QUALIFIED;
	}
	o->openings = verdicts->d;
}

void outcome_must_answer(uint8_t *out, const struct outcome *o, const struct manifest *m)
{
	for (unsigned i = 0; i < m->authorities_count; i++)
		out[i] = o->fate[i] == CEREMONY_UNANSWERED;
}

bool answer_find(bool *right, scalar *mine, struct attempt *a, const struct outcome *o,
                 unsigned dealer, unsigned receiver, struct error *err)
{
	struct message msg;
	struct answer answer;
	unsigned k = 0;
	*right = false;
	if (!attempt_read(&msg, a, CEREMONY_ANSWER, dealer, err))
		return false;
	if (!answer_read(&answer, a->m, msg.content, NULL))
		return true;
	for (unsigned j = 1; j <= a->m->authorities_count; j++) {
		if (!o->accused[dealer - 1][j - 1])
			continue;
		if (k == answer.count || answer.to[k] != j)
			return true;
		const secret_scalar share = {answer.share[k]}; /* it is public now */
		if (!feldman_fits(&share, o->c[dealer - 1], a->m->threshold, j))
			return true;
		if (j == receiver)
			*mine = answer.share[k];
		k++;
	}
	*right = k == answer.count;
	return true;
}
