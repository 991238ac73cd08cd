/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A counting rule: a method and its options, as one line of text.
 *
 *     scotland
 *     irv:overvote=exhaust,skipped=1
 *     borda-custom:weights=9/7/5
 *
 * NAME or NAME:OPTION=VALUE,OPTION=VALUE… without blanks; options in any order, each once; what is
 * not said has its default. The manifest, the command line and the results all have this text.
 * What options a method has is data (count_options), so that help, errors and checks agree.
 *
 * Sizes: at most COUNT_RULE_BYTES of text, COUNT_OPTIONS options, COUNT_LIST numbers in a list.
 * Errors: REJECTED with what is known, for an unknown method, option or word; REJECTED with the
 *   range for a number beyond it; MALFORMED for text of another form; LIMIT when it is too long.
 * Memory: no allocation; the rule borrows its lot.
 */
#ifndef COUNT_RULE_H
#define COUNT_RULE_H

#include "base/bytes.h"
#include "base/error.h"
#include "count/profile.h"
#include "count/units.h"

#define COUNT_RULE_BYTES 256u
#define COUNT_OPTIONS 12u
#define COUNT_LIST 64u

enum count_option_type {
	COUNT_NUMBER, /* an integer in min … max */
	COUNT_WORD,   /* one of words; its value is the index */
	COUNT_NUMBERS /* up to COUNT_LIST integers in min … max, separated by '/'; one such option */
};

struct count_option {
	const char *name, *what;
	enum count_option_type type;
	int64_t min, max, otherwise; /* otherwise: the default; a list's is empty */
	const char *const *words;    /* NULL at the end */
};

struct counting;
struct count_rule;

struct count_method {
	const char *name;
	const char *what;         /* one line for people */
	const char *source;       /* the statute or paper it follows */
	enum profile_kind ballot; /* what voters write; what else it can count: */
	unsigned also;            /* bits 1 << enum profile_kind */
	bool gaps;                /* it knows skipped and overvoted ranks */
	bool staged;              /* its stages are news: a table shows them all */
	bool conserves;           /* it moves votes: tallies and what is lost add up to all of them */
	bool twice;               /* both verifiers count it: a manifest may name it */
	unsigned ranks_most;      /* a manifest's max, beyond which a ballot may stop the count; or 0 */
	const struct count_option *options;
	size_t options_count;
	/* Whether options and contest go together (a list as long as the ranks, say); may be NULL. A
	 * manifest is asked this without ballots, so that no election ends without a result. */
	bool (*check)(const struct count_rule *rule, const struct profile *p, struct error *err);
	bool (*count)(struct counting *c);
	/* How many votes its numbers have room for, beyond which the count ends with LIMIT; NULL: for
	 * all there can be. A manifest's weights are held to it. */
	units (*votes_most)(const struct count_rule *rule);
	/* Working memory beside the stages, and how many stages there can be; NULL: 0, and one for
	 * each candidate and two more. */
	size_t (*arena_bytes)(const struct count_rule *rule, const struct profile *p);
	size_t (*stages_most)(const struct count_rule *rule, const struct profile *p);
};

struct count_rule {
	const struct count_method *method;
	char text[COUNT_RULE_BYTES];
	int64_t values[COUNT_OPTIONS]; /* of method->options, in their order */
	uint32_t list[COUNT_LIST];
	unsigned list_count;
	const uint16_t *lot; /* candidate indices, first drawn first; NULL: no lot was drawn */
	size_t lot_count;
};

bool count_rule_read(struct count_rule *out, bytes text, struct error *err) must_check;

/* All methods, by name ascending; NULL at the end. */
extern const struct count_method *const count_methods[];

/* "rankings (A>B)" and so on, for errors and help. */
const char *profile_kind_name(enum profile_kind k);

#endif
