/* SPDX-License-Identifier: Apache-2.0 */
/*
 * party-list: seats to lists in proportion to their votes, and within each list to its candidates.
 *
 * Votes. A ballot whose marks are all of one list is one vote for the list, whatever the number of
 * marks, and each mark is a preference vote for its candidate; a ballot that names two lists counts
 * for nobody and stands with the blank ones (the table `ballots` tells them apart). With
 * panachage=on every mark is one vote for its list, and lists may be mixed. A mark at a list's line
 * is for the list only.
 *
 * Threshold. Lists without votes or standing candidates have no seats; nor have those with fewer
 * votes than threshold-votes, or than threshold thousandths of the votes of all lists
 * (threshold-of=ballots: and of the blank ballots, those of several lists not among them).
 *
 * Lists' seats. Divisor methods: one after another, each to the list with the highest votes /
 * divisor, where the divisor for a list with s seats is
 *   dhondt s+1; sainte-lague 2s+1; modified-sainte-lague `first`/1000 for s=0, else 2s+1;
 *   imperiali (s+2)/2; danish 3s+1; adams s; huntington-hill √(s(s+1)) (by 0: before all others)
 * Largest remainders, hamilton: quota q = votes/seats, exact, votes of the lists that take part;
 * droop-remainder: ⌊votes/(seats+1)⌋+1. A list has ⌊v/q⌋ seats, then the largest v−⌊v/q⌋q have one
 * each. No list has more seats than standing candidates: it drops out (divisors); lists with more
 * whole quotas than candidates are settled at these and the others share the other seats anew, and
 * a full list has no seat for its remainder; when every list with room had one, they go on from the
 * top (remainders).
 * Level lists that compete for the last seats: more votes first, then the lot, where a list is its
 * first standing candidate.
 *
 * Candidates. closed: in the list's order. open: those with at least `quota` thousandths of the
 * list's votes (quota-of=hare: of votes/seats of all lists) by preference votes, then the others in
 * the list's order; level ones who compete for the list's last seat by lot (level=lot) or in the
 * list's order (level=list).
 *
 * V. D'Hondt, Système pratique et raisonné de représentation proportionnelle (1882); A. Sainte-
 * Laguë, La représentation proportionnelle et la méthode des moindres carrés (1910); H. R. Droop,
 * On methods of electing representatives (1881); M. L. Balinski and H. P. Young, Fair
 * Representation (1982) for adams (smallest divisors), hamilton and huntington-hill (2 U.S.C. §
 * 2a).
 */
#include "count/methods/methods.h"
#include "count/methods/party_internal.h"

static bool party_init(struct party *p, struct counting *c)
{
	const struct profile *f = c->profile;
	*p = (struct party){.c = c, .lists_count = f->lists_count};
	p->method = (enum party_method)party_option(p, PARTY_OPTION_METHOD);
	if (!(p->lists = counting_take(c, p->lists_count, struct party_list)) ||
	    !(p->list_of = counting_take(c, c->candidates, uint16_t)) ||
	    !(p->group = counting_take(c, p->lists_count, uint16_t)) ||
	    !(p->tied = counting_take(c, c->candidates, bool)))
		return false;
	for (size_t i = 0; i < p->lists_count; i++) {
		const struct profile_list *l = &f->lists[i];
		for (size_t j = 0; j < l->members_count; j++)
			p->list_of[l->members[j]] = (uint16_t)i;
		if (l->has_line) {
			p->list_of[l->line] = (uint16_t)i;
			if (c->status[l->line] == COUNT_HOPEFUL)
				c->status[l->line] = COUNT_LIST_LINE;
		}
	}
	return true;
}

/* --- votes --- */

enum verdict { VALID, BLANK, SEVERAL_LISTS, VERDICTS };

static enum verdict judge(const struct party *p, size_t paper)
{
	const struct profile *f = p->c->profile;
	enum verdict verdict = BLANK;
	uint16_t list = 0;
	for (uint32_t j = f->starts[paper]; j < f->starts[paper + 1]; j++) {
		if (!counting_is_standing(p->c, f->choices[j]))
			continue;
		uint16_t named = p->list_of[f->choices[j]];
		if (verdict == VALID && named != list && !party_option(p, PARTY_OPTION_PANACHAGE))
			return SEVERAL_LISTS;
		list = named;
		verdict = VALID;
	}
	return verdict;
}

static void count_paper(struct party *p, size_t paper)
{
	const struct profile *f = p->c->profile;
	units votes = 0;
	uint16_t list = 0;
	for (uint32_t j = f->starts[paper]; j < f->starts[paper + 1]; j++) {
		uint16_t candidate = f->choices[j];
		if (!counting_is_standing(p->c, candidate))
			continue;
		p->c->tallies[candidate] += f->counts[paper];
		list = p->list_of[candidate];
		if (party_option(p, PARTY_OPTION_PANACHAGE))
			p->lists[list].votes += f->counts[paper];
		else
			votes = f->counts[paper];
	}
	p->lists[list].votes += votes;
}

static bool count_votes(struct party *p, units ballots[VERDICTS])
{
	for (size_t i = 0; i < p->c->profile->papers_count; i++) {
		enum verdict v = judge(p, i);
		ballots[v] += p->c->profile->counts[i];
		counting_count_paper(p->c, i, v == VALID);
		if (v == VALID)
			count_paper(p, i);
	}
	for (size_t i = 0; i < p->lists_count; i++)
		p->votes += p->lists[i].votes;
	p->c->next.action = COUNT_FIRST;
	return counting_record(p->c);
}

static void apply_threshold(struct party *p, units blank)
{
	units all =
		p->votes + (party_option(p, PARTY_OPTION_THRESHOLD_OF) == PARTY_OF_BALLOTS ? blank : 0);
	for (size_t i = 0; i < p->lists_count; i++) {
		struct party_list *l = &p->lists[i];
		l->takes_part = l->votes > 0 && l->room > 0 &&
		                l->votes * 1000 >= party_option(p, PARTY_OPTION_THRESHOLD) * all &&
		                l->votes >= party_option(p, PARTY_OPTION_THRESHOLD_VOTES);
	}
}

/* --- tables --- */

static struct count_table *make_table(struct party *p, struct count_table_shape shape,
                                      const char *const *columns)
{
	bytes *heads = counting_take(p->c, shape.columns, bytes);
	if (!heads)
		return NULL;
	for (size_t j = 0; j < shape.columns; j++)
		heads[j] = bytes_of_text(columns[j]);
	shape.column_names = heads;
	shape.form = units_decimal(0);
	return counting_table(p->c, &shape);
}

static bool table_lists(struct party *p, const bytes *names)
{
	enum { VOTES, TAKES_PART, CANDIDATES, SEATS, COLUMNS };
	static const char *const columns[COLUMNS] = {"votes", "takes part", "candidates", "seats"};
	struct count_table *t =
		make_table(p,
	               (struct count_table_shape){.name = "lists",
	                                          .what = "Votes and seats of each list (takes part: "
	                                                  "1 if it reaches the threshold)",
	                                          .rows = p->lists_count,
	                                          .columns = COLUMNS,
	                                          .row_names = names},
	               columns);
	for (size_t i = 0; t && i < p->lists_count; i++) {
		units *row = &t->cells[i * COLUMNS];
		row[VOTES] = p->lists[i].votes;
		row[TAKES_PART] = p->lists[i].takes_part;
		row[CANDIDATES] = p->lists[i].room;
		row[SEATS] = p->lists[i].seats;
	}
	return t != NULL;
}

static bool table_ballots(struct party *p, const units ballots[VERDICTS])
{
	static const char *const words[VERDICTS] = {"valid", "blank", "several lists"};
	static const char *const columns[] = {"ballots"};
	bytes *names = counting_take(p->c, VERDICTS, bytes);
	if (!names)
		return false;
	for (size_t i = 0; i < VERDICTS; i++)
		names[i] = bytes_of_text(words[i]);
	struct count_table *t = make_table(
		p,
		(struct count_table_shape){.name = "ballots",
	                               .what = "Ballots counted, and why the others were not",
	                               .rows = VERDICTS,
	                               .columns = 1,
	                               .row_names = names},
		columns);
	for (size_t i = 0; t && i < VERDICTS; i++)
		t->cells[i] = ballots[i];
	return t != NULL;
}

static bool make_tables(struct party *p, const units ballots[VERDICTS])
{
	bytes *names = counting_take(p->c, p->lists_count, bytes);
	if (!names)
		return false;
	for (size_t i = 0; i < p->lists_count; i++)
		names[i] = p->c->profile->lists[i].name;
	return table_lists(p, names) && table_ballots(p, ballots) &&
	       (party_is_remainders(p) ? party_table_remainders(p, names)
	                               : party_table_quotients(p, names));
}

/* --- the method --- */

static bool party_count(struct counting *c)
{
	struct party p;
	units ballots[VERDICTS] = {0};
	if (!party_init(&p, c) || !count_votes(&p, ballots) || !party_order_candidates(&p))
		return false;
	apply_threshold(&p, ballots[BLANK]);
	return party_award(&p) && counting_end(c) && make_tables(&p, ballots);
}

static size_t party_arena_bytes(const struct count_rule *rule, const struct profile *p)
{
	size_t n = p->candidates_count, lists = p->lists_count, columns = 5;
	(void)rule;
	for (size_t i = 0; i < lists; i++)
		if (p->lists[i].members_count > columns)
			columns = p->lists[i].members_count;
	return arena_room(lists * sizeof(struct party_list)) + 2 * arena_room(n * sizeof(uint16_t)) +
	       arena_room(lists * sizeof(uint16_t)) + arena_room(n * sizeof(bool)) +
	       arena_room(lists * sizeof(bytes)) + 5 * arena_room(16 * sizeof(bytes)) +
	       arena_room(columns * sizeof(bytes)) + arena_room(columns * PARTY_NUMBER_BYTES) +
	       arena_room(lists * 4 * sizeof(units)) + arena_room(VERDICTS * sizeof(units)) +
	       arena_room(lists * columns * sizeof(units));
}

/* An option that says nothing beside the others is a mistake: whoever gave it meant something. */
static bool check_options(const struct count_rule *rule, struct error *err)
{
	const int64_t *v = rule->values;
	const char *what = NULL;
	if (v[PARTY_OPTION_FIRST] != 1400 && v[PARTY_OPTION_METHOD] != PARTY_MODIFIED)
		what = "first is the first divisor of method=modified-sainte-lague";
	else if (v[PARTY_OPTION_THRESHOLD_OF] != PARTY_OF_LISTS && v[PARTY_OPTION_THRESHOLD] == 0)
		what = "threshold-of needs a threshold";
	else if (v[PARTY_OPTION_QUOTA] != 0 && v[PARTY_OPTION_LISTS] == PARTY_CLOSED)
		what = "quota needs lists=open";
	else if (v[PARTY_OPTION_QUOTA_OF] != PARTY_OF_LIST && v[PARTY_OPTION_QUOTA] == 0)
		what = "quota-of needs a quota";
	else if (v[PARTY_OPTION_LEVEL] != PARTY_BY_LOT && v[PARTY_OPTION_LISTS] == PARTY_CLOSED)
		what = "level needs lists=open";
	return !what || fail_detail(err, ERROR_REJECTED, "count: options that do not go together",
	                            ERROR_NOWHERE, what);
}

static bool party_check(const struct count_rule *rule, const struct profile *p, struct error *err)
{
	if (p->lists_count == 0)
		return fail(
			err, ERROR_REJECTED,
			"count: nobody stands on a list; say who does in a file of candidates and lists",
			ERROR_NOWHERE);
	return check_options(rule, err);
}

static const char *const methods[] = {
	"dhondt",          "sainte-lague", "modified-sainte-lague", "imperiali", "danish", "adams",
	"huntington-hill", "hamilton",     "droop-remainder",       NULL};
static const char *const threshold_of[] = {"lists", "ballots", NULL};
static const char *const closed_open[] = {"closed", "open", NULL};
static const char *const quota_of[] = {"list", "hare", NULL};
static const char *const level[] = {"lot", "list", NULL};
static const char *const off_on[] = {"off", "on", NULL};

static const struct count_option options[PARTY_OPTIONS] = {
	[PARTY_OPTION_METHOD] = {.name = "method",
                             .what = "how seats are given to lists",
                             .type = COUNT_WORD,
                             .words = methods},
	[PARTY_OPTION_FIRST] = {.name = "first",
                            .what = "modified-sainte-lague: first divisor in thousandths",
                            .min = 1000,
                            .max = 3000,
                            .otherwise = 1400},
	[PARTY_OPTION_THRESHOLD] = {.name = "threshold",
                                .what = "least share of the votes in thousandths",
                                .max = 1000},
	[PARTY_OPTION_THRESHOLD_VOTES] = {.name = "threshold-votes",
                                      .what = "least number of votes",
                                      .max = 1000000000000},
	[PARTY_OPTION_THRESHOLD_OF] = {.name = "threshold-of",
                                   .what = "the share is of lists' votes, or of these and blank "
                                           "ballots",
                                   .type = COUNT_WORD,
                                   .words = threshold_of},
	[PARTY_OPTION_LISTS] = {.name = "lists",
                            .what = "who has a list's seats: its order, or preference votes",
                            .type = COUNT_WORD,
                            .words = closed_open},
	[PARTY_OPTION_QUOTA] = {.name = "quota",
                            .what = "open: least preference votes, thousandths of quota-of",
                            .max = 1000},
	[PARTY_OPTION_QUOTA_OF] = {.name = "quota-of",
                               .what = "the list's votes, or votes of all lists / seats",
                               .type = COUNT_WORD,
                               .words = quota_of},
	[PARTY_OPTION_LEVEL] = {.name = "level",
                            .what = "open: who is level is decided by lot, or the list's order",
                            .type = COUNT_WORD,
                            .words = level},
	[PARTY_OPTION_PANACHAGE] = {.name = "panachage",
                                .what = "every mark is a vote, also for several lists",
                                .type = COUNT_WORD,
                                .words = off_on},
};

const struct count_method method_party_list = {
	.name = "party-list",
	.what = "seats to lists in proportion to votes, then to their candidates",
	.source = "D'Hondt 1882, Sainte-Laguë 1910, Hamilton 1792 and others, by option",
	.ballot = PROFILE_MARKS,
	.also = 1u << PROFILE_RANKING,
	.staged = true,
	.options = options,
	.options_count = PARTY_OPTIONS,
	.check = party_check,
	.count = party_count,
	.arena_bytes = party_arena_bytes,
};
