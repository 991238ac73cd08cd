/* SPDX-License-Identifier: Apache-2.0 */
#include "count/rule.h"

#include "count/methods/methods.h"

const struct count_method *const count_methods[] = {
	&method_approval,
	&method_borda,
	&method_borda_custom,
	&method_borda_nauru,
	&method_bucklin,
	&method_cambridge,
	&method_cfer,
	&method_coombs,
	&method_copeland,
	&method_cumulative,
	&method_desborda,
	&method_desborda2,
	&method_desborda3,
	&method_ers97,
	&method_irv,
	&method_majority_judgment,
	&method_meek,
	&method_meek_prf,
	&method_minimax,
	&method_mpls,
	&method_northern_ireland,
	&method_pairwise_beta,
	&method_pairwise_bradleyterry,
	&method_party_list,
	&method_plurality,
	&method_plurality_at_large,
	&method_qpq,
	&method_ranked_pairs,
	&method_schulze,
	&method_score,
	&method_scotland,
	&method_star,
	&method_supplementary_vote,
	&method_warren,
	&method_wigm_prf,
	NULL,
};

const char *profile_kind_name(enum profile_kind k)
{
	switch (k) {
	case PROFILE_RANKING:
		return "rankings (>)";
	case PROFILE_MARKS:
		return "marks without an order (+)";
	case PROFILE_RANKS:
		return "ranks that may be equal";
	case PROFILE_SCORES:
		return "a score for each candidate";
	case PROFILE_PAIRS:
		return "pairs of candidates (winner, loser)";
	}
	return "unknown";
}

struct reading {
	struct count_rule *rule;
	bool seen[COUNT_OPTIONS];
	struct error *err;
};

/* --- errors: what was said, and what could be --- */

static void add_short(struct text *t, bytes b)
{
	text_add_bytes(t, b.len > 60 ? bytes_of(b.p, 60) : b);
}

static size_t common_prefix(bytes a, const char *b)
{
	size_t n = 0;
	while (n < a.len && b[n] && a.p[n] == (uint8_t)b[n])
		n++;
	return n;
}

/* There are too many to list them: those that begin most like it. */
static bool fail_method(struct error *err, bytes name)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	size_t best = 0, found = 0;
	add_short(&t, name);
	for (size_t i = 0; count_methods[i]; i++) {
		size_t n = common_prefix(name, count_methods[i]->name);
		best = n > best ? n : best;
	}
	for (size_t i = 0; best > 0 && count_methods[i]; i++)
		if (common_prefix(name, count_methods[i]->name) == best) {
			text_add(&t, found++ ? " or " : ": the nearest is ");
			text_add(&t, count_methods[i]->name);
		}
	text_add(&t, found ? "; docs/counting.md has all" : ": docs/counting.md has all there are");
	return fail_detail(err, ERROR_REJECTED, "count: unknown counting rule", ERROR_NOWHERE, room);
}

static bool fail_option(struct reading *r, bytes name)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	const struct count_method *m = r->rule->method;
	add_short(&t, name);
	text_add(&t, m->options_count ? ": the options of " : ": no options has ");
	text_add(&t, m->name);
	for (size_t i = 0; i < m->options_count; i++) {
		text_add(&t, i ? ", " : " are ");
		text_add(&t, m->options[i].name);
	}
	return fail_detail(r->err, ERROR_REJECTED, "count: unknown option of a counting rule",
	                   ERROR_NOWHERE, room);
}

static void add_signed(struct text *t, int64_t v)
{
	if (v < 0)
		text_add(t, "-");
	text_add_u64(t, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

static bool fail_value(struct reading *r, const struct count_option *o, bytes value)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add(&t, o->name);
	text_add(&t, "=");
	add_short(&t, value);
	if (o->type == COUNT_WORD) {
		text_add(&t, ": one of");
		for (size_t i = 0; o->words[i]; i++) {
			text_add(&t, i ? ", " : " ");
			text_add(&t, o->words[i]);
		}
	} else {
		text_add(&t, o->type == COUNT_NUMBERS ? ": integers, separated by /, from " : ": from ");
		add_signed(&t, o->min);
		text_add(&t, " to ");
		add_signed(&t, o->max);
	}
	return fail_detail(r->err, ERROR_REJECTED, "count: an option's value is not allowed",
	                   ERROR_NOWHERE, room);
}

/* --- values --- */

/* An integer without leading zeros or plus sign. */
static bool read_integer(int64_t *out, bytes b, const struct count_option *o)
{
	bool minus = b.len > 0 && b.p[0] == '-';
	bytes digits = bytes_from(b, minus);
	int64_t v = 0;
	if (digits.len == 0 || digits.len > 17 || (digits.p[0] == '0' && b.len > 1))
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return false;
		v = v * 10 + (digits.p[i] - '0');
	}
	*out = minus ? -v : v;
	return *out >= o->min && *out <= o->max;
}

/* What is before the first `end`, or all; *rest is what is behind it. */
static bytes until(bytes b, uint8_t end, bytes *rest)
{
	size_t len = 0;
	while (len < b.len && b.p[len] != end)
		len++;
	*rest = bytes_from(b, len < b.len ? len + 1 : len);
	return bytes_of(b.p, len);
}

static bool read_list(struct reading *r, const struct count_option *o, bytes value)
{
	bytes rest = value;
	for (bool more = true; more;) {
		int64_t v;
		bytes one = until(rest, '/', &rest);
		more = one.p + one.len < value.p + value.len;
		if (r->rule->list_count == COUNT_LIST || !read_integer(&v, one, o))
			return fail_value(r, o, value);
		r->rule->list[r->rule->list_count++] = (uint32_t)v;
	}
	return true;
}

static bool read_value(struct reading *r, size_t option, bytes value)
{
	const struct count_option *o = &r->rule->method->options[option];
	switch (o->type) {
	case COUNT_NUMBER:
		return read_integer(&r->rule->values[option], value, o) || fail_value(r, o, value);
	case COUNT_WORD:
		for (size_t i = 0; o->words[i]; i++)
			if (bytes_equal(value, bytes_of_text(o->words[i]))) {
				r->rule->values[option] = (int64_t)i;
				return true;
			}
		return fail_value(r, o, value);
	case COUNT_NUMBERS:
		return read_list(r, o, value);
	}
	return false;
}

static bool read_option(struct reading *r, bytes part)
{
	const struct count_method *m = r->rule->method;
	bytes value, name = until(part, '=', &value);
	if (name.len == part.len)
		return fail(r->err, ERROR_MALFORMED,
		            "count: a rule is NAME or NAME:OPTION=VALUE,OPTION=VALUE without blanks",
		            ERROR_NOWHERE);
	for (size_t i = 0; i < m->options_count; i++) {
		if (!bytes_equal(name, bytes_of_text(m->options[i].name)))
			continue;
		if (r->seen[i])
			return fail_detail(r->err, ERROR_MALFORMED, "count: an option stands twice",
			                   ERROR_NOWHERE, m->options[i].name);
		r->seen[i] = true;
		return read_value(r, i, value);
	}
	return fail_option(r, name);
}

bool count_rule_read(struct count_rule *out, bytes text, struct error *err)
{
	bytes options, name = until(text, ':', &options);
	struct reading r = {.rule = out, .err = err};
	*out = (struct count_rule){0};
	if (text.len >= COUNT_RULE_BYTES)
		return fail(err, ERROR_LIMIT, "count: the text of a rule is too long", text.len);
	for (size_t i = 0; count_methods[i]; i++)
		if (bytes_equal(name, bytes_of_text(count_methods[i]->name)))
			out->method = count_methods[i];
	if (!out->method)
		return fail_method(err, name);
	memcpy(out->text, text.p, text.len);
	for (size_t i = 0; i < out->method->options_count; i++)
		out->values[i] = out->method->options[i].otherwise;
	for (bool more = name.len < text.len; more;) {
		bytes part = until(options, ',', &options);
		more = part.p + part.len < text.p + text.len;
		if (!read_option(&r, part))
			return false;
	}
	return true;
}
