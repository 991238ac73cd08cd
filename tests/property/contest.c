/* SPDX-License-Identifier: Apache-2.0 */
#include "property/contest.h"

#include "base/limits.h"

/* party-list needs lists: its laws are in unit/protocol/count. */
const char *const contest_rules[] = {
	"approval",
	"borda",
	"borda:unranked=shared",
	"borda:points=3",
	"borda-custom:weights=9/7/5/3/2/1/1/1",
	"borda-nauru",
	"bucklin",
	"cambridge",
	"cfer",
	"cfer:defeat=batch",
	"coombs",
	"coombs:unranked=none",
	"copeland",
	"copeland:draws=none,unranked=none",
	"cumulative",
	"desborda",
	"desborda2",
	"desborda3",
	"ers97",
	"irv",
	"irv:batch=on",
	"irv:stop=two,ties=lot",
	"irv:ranks=3",
	"majority-judgment:grades=6",
	"meek",
	"meek:omega=9,precision=12",
	"meek-prf",
	"minimax",
	"minimax:strength=margins",
	"minimax:strength=opposition",
	"mpls",
	"mpls:cut=product",
	"northern-ireland",
	"pairwise-beta",
	"pairwise-bradleyterry:prior=1",
	"plurality",
	"plurality-at-large",
	"qpq",
	"ranked-pairs",
	"ranked-pairs:strength=margins",
	"schulze",
	"schulze:strength=margins,unranked=none",
	"score",
	"scotland",
	"star",
	"supplementary-vote",
	"warren",
	"wigm-prf",
	"wigm-prf:defeat=batch",
	NULL,
};

void contest_shuffle(uint16_t *a, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t j = (size_t)test_random_below(i);
		uint16_t t = a[i - 1];
		a[i - 1] = a[j];
		a[j] = t;
	}
}

void contest_draw(struct contest *c)
{
	static const uint64_t counts[] = {3, 3, 100000, LIMIT_WEIGHT};
	const uint64_t most = counts[test_random_below(4)];
	c->candidates = 1 + (size_t)test_random_below(CONTEST_CANDIDATES);
	c->seats = 1 + (uint32_t)(test_random_below(2) ? test_random_below(4) : 0);
	c->papers = 1 + (size_t)test_random_below(test_random_below(2) ? 8 : CONTEST_PAPERS);
	for (size_t i = 0; i < CONTEST_CANDIDATES; i++)
		c->withdrawn[i] = test_random_below(10) == 0;
	for (size_t i = 0; i < c->candidates; i++)
		c->lot[i] = (uint16_t)i;
	contest_shuffle(c->lot, c->candidates);
	for (size_t i = 0; i < c->papers; i++) {
		struct contest_paper *p = &c->paper[i];
		p->count = 1 + (uint32_t)test_random_below(most);
		p->length = (size_t)test_random_below(c->candidates + 1);
		for (size_t j = 0; j < c->candidates; j++) {
			p->choices[j] = (uint16_t)j;
			p->values[j] = 1 + (uint32_t)test_random_below(5);
		}
		contest_shuffle(p->choices, c->candidates);
	}
}

static bool add(struct profile *p, const struct contest_paper *from, size_t j, struct error *err)
{
	switch (p->kind) {
	case PROFILE_RANKING:
	case PROFILE_MARKS:
		return profile_choice(p, from->choices[j], err);
	case PROFILE_RANKS:
	case PROFILE_SCORES:
		return profile_value(p, from->choices[j], from->values[j], err);
	case PROFILE_PAIRS:
		return j % 2 == 0 || profile_pair(p, from->choices[j - 1], from->choices[j], err);
	}
	return false;
}

void contest_build(struct profile *p, const struct contest *c, enum profile_kind kind)
{
	static char letters[CONTEST_CANDIDATES];
	struct error err;
	struct profile_room room = {c->candidates, c->papers, c->papers * c->candidates, kind};
	error_clear(&err);
	assert_ok(profile_init(p, room, test_arena(), &err), err);
	p->seats = c->seats;
	p->ballots_max = PROFILE_WEIGHT_MAX;
	for (size_t i = 0; i < c->candidates; i++) {
		letters[i] = (char)('A' + i);
		p->candidates[i] = (struct candidate){bytes_of(&letters[i], 1), c->withdrawn[i]};
	}
	for (size_t i = 0; i < c->papers; i++) {
		for (size_t j = 0; j < c->paper[i].length; j++)
			assert_ok(add(p, &c->paper[i], j, &err), err);
		assert_ok(profile_close_paper(p, c->paper[i].count, &err), err);
	}
}

bool contest_count(struct count_result *r, const struct profile *p, const char *name,
                   const uint16_t *lot)
{
	struct error err;
	struct count_rule rule;
	error_clear(&err);
	assert_ok(count_rule_read(&rule, bytes_of_text(name), &err), err);
	rule.lot = lot;
	rule.lot_count = lot ? p->candidates_count : 0;
	if (count_run(r, &rule, p, test_arena(), &err))
		return true;
	if (err.kind != ERROR_REJECTED && err.kind != ERROR_LIMIT)
		fail_msg("%s: %s (%s)", name, err.what, err.detail);
	return false;
}

enum profile_kind contest_kind(const char *name)
{
	struct error err;
	struct count_rule rule;
	error_clear(&err);
	assert_ok(count_rule_read(&rule, bytes_of_text(name), &err), err);
	return rule.method->ballot;
}

/* Bradley and Terry's iteration takes milliseconds where it converges slowly. */
uint64_t contest_times(const char *rule, uint64_t sample, uint64_t soak)
{
	const bool slow = strncmp(rule, "pairwise-bradleyterry", 21) == 0;
	return TEST_COUNT(sample, soak) / (slow ? 50 : 1) + 1;
}
