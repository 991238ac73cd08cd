/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/director_status.h"

#include "cli/output.h"
#include "host/log.h"

#include <stdio.h>
#include <string.h>

static const char *const states[] = {[DIRECTOR_MIXING] = "mixing",
                                     [DIRECTOR_DECRYPTING] = "decrypting",
                                     [DIRECTOR_OPEN] = "open",
                                     [DIRECTOR_EMPTY] = "empty"};

/* Who has to shuffle next, and how many of the chain stay. */
static bool find_next(bool next[static LIMIT_PARTIES + 1], unsigned *keep,
                      const struct directing *w, const struct director_list *l)
{
	bool can[LIMIT_PARTIES + 1];
	memcpy(can, w->can_mix, sizeof can);
	for (unsigned i = 0; i < l->faults_count; i++)
		if (!l->faults[i].unsigned_files)
			can[l->faults[i].party] = false;
	memset(next, 0, (LIMIT_PARTIES + 1) * sizeof *next);
	return director_wanted(next, keep, &w->d, l, can);
}

static void put_parties(struct json_writer *w, const char *key,
                        const bool parties[static LIMIT_PARTIES + 1])
{
	json_put_key(w, key);
	json_put_array(w);
	for (unsigned l = 1; l <= LIMIT_PARTIES; l++)
		if (parties[l])
			json_put_u64(w, l);
	json_put_end(w);
}

static void put_list(struct json_writer *j, const struct directing *w,
                     const struct director_list *l)
{
	bool next[LIMIT_PARTIES + 1], chain[LIMIT_PARTIES + 1] = {false};
	unsigned keep;
	bool possible = find_next(next, &keep, w, l);
	for (unsigned i = 0; i < l->chain_count; i++)
		chain[l->chain[i]] = true;
	json_put_object(j);
	json_put_key(j, "list");
	json_put_text(j, l->auxsid);
	json_put_key(j, "state");
	json_put_text(j, states[l->state]);
	put_parties(j, "chain", chain);
	put_parties(j, "next", next);
	json_put_key(j, "begin_anew");
	json_put_flag(j, !possible && keep != UINT32_MAX);
	json_put_key(j, "possible");
	json_put_flag(j, possible || keep != UINT32_MAX);
	json_put_key(j, "attempt");
	json_put_u64(j, l->attempt);
	put_parties(j, "missing", l->missing);
	json_put_key(j, "faults");
	json_put_array(j);
	for (unsigned i = 0; i < l->faults_count; i++) {
		json_put_object(j);
		json_put_key(j, "party");
		json_put_u64(j, l->faults[i].party);
		json_put_key(j, "unsigned");
		json_put_flag(j, l->faults[i].unsigned_files);
		output_json_error(j, "reason", &l->faults[i].why);
		json_put_end(j);
	}
	json_put_end(j);
	json_put_end(j);
}

static void print_parties(const char *before, const bool parties[static LIMIT_PARTIES + 1])
{
	bool any = false;
	fputs(before, stdout);
	for (unsigned l = 1; l <= LIMIT_PARTIES; l++) {
		if (!parties[l])
			continue;
		printf("%s%u", any ? "," : "", l);
		any = true;
	}
}

static void print_mixing(const struct directing *w, const struct director_list *l,
                         const char *record)
{
	bool next[LIMIT_PARTIES + 1];
	unsigned keep, first = 1;
	if (find_next(next, &keep, w, l)) {
		while (first < LIMIT_PARTIES && !next[first])
			first++;
		if (next[first]) {
			printf("    It is the turn of authority %u. ", first);
			print_parties("All who shuffle: urna mix --mixers ", next);
			printf(" --record %s --home HOME\n", record);
		} else {
			printf("    The last who shuffled runs urna mix --record %s once more.\n", record);
		}
	} else if (keep != UINT32_MAX) {
		printf("    Nobody is left behind authority %u. To begin the chain anew there:\n"
		       "      urna director set-aside --record %s --list %s --party %u --valid\n",
		       l->chain[l->chain_count - 1], record, l->auxsid, l->chain[keep]);
	} else {
		printf("    Fewer authorities are left than the threshold, %u. Nothing is lost; wait for "
		       "others.\n",
		       w->e.manifest->threshold);
	}
}

static void print_faults(const struct director_list *l, const char *record)
{
	for (unsigned i = 0; i < l->faults_count; i++) {
		const struct director_fault *f = &l->faults[i];
		char text[ERROR_DETAIL_BYTES + 256];
		error_describe(text, sizeof text, &f->why);
		if (f->party)
			printf("  %s authority %u: %s\n", output_mark(MARK_BAD), f->party, text);
		else
			printf("  %s %s\n", output_mark(MARK_BAD), text);
		if (!f->party && l->state == DIRECTOR_DECRYPTING)
			printf("      urna director set-aside --record %s --file "
			       "proof/%s/nizkp/%s/Plaintexts.bt\n",
			       record, l->auxsid, l->auxsid);
		if (f->party && (l->state == DIRECTOR_MIXING || strncmp(f->why.what, "mix:", 4) == 0))
			printf("      urna director set-aside --record %s --list %s --party %u\n", record,
			       l->auxsid, f->party);
	}
}

static void print_decrypting(const struct directing *w, const struct director_list *l,
                             const char *record)
{
	bool others[LIMIT_PARTIES + 1];
	unsigned left = 0;
	memcpy(others, w->decrypts, sizeof others);
	for (unsigned i = 0; i < l->faults_count; i++)
		others[l->faults[i].party] = false;
	if (l->missing_what) {
		printf("    attempt %u: ", l->attempt ? l->attempt : 1);
		print_parties("not there of authority ", l->missing);
		printf(": %s\n", l->missing_what);
	}
	for (unsigned p = 1; p <= LIMIT_PARTIES; p++) {
		others[p] = others[p] && !l->missing[p];
		left += others[p];
	}
	if (left >= w->e.manifest->threshold && left > 0) {
		print_parties("    Without them, all others: urna decrypt --active ", others);
		printf(" --record %s --home HOME\n", record);
	}
}

static void print_list(const struct directing *w, const struct director_list *l, const char *record)
{
	printf("%s: %s; %u of %u shuffles hold", l->auxsid, states[l->state], l->chain_count,
	       w->e.manifest->threshold);
	for (unsigned i = 0; i < l->chain_count; i++)
		printf("%s%u", i ? ", " : ", by authority ", l->chain[i]);
	printf("\n");
	print_faults(l, record);
	if (l->state == DIRECTOR_MIXING)
		print_mixing(w, l, record);
	if (l->state == DIRECTOR_DECRYPTING)
		print_decrypting(w, l, record);
}

/* Closings nobody needs stop nobody; but the record does not verify with them. */
static void print_closings(const struct directing *w, const char *record)
{
	for (unsigned p = 1; p <= w->e.manifest->authorities_count; p++) {
		struct error why;
		char text[ERROR_DETAIL_BYTES + 256];
		error_clear(&why);
		if (!director_wrong_closing(&w->d, p, &why))
			continue;
		error_describe(text, sizeof text, &why);
		printf("%s the closing of authority %u: %s\n"
		       "      urna director set-aside --record %s --file endorse/close-%02u.bt\n",
		       output_mark(MARK_BAD), p, text, record, p);
	}
}

bool director_show(struct directing *w, const char *record, bool json, struct error *err)
{
	struct json_writer j;
	struct session *s = w->e.session;
	if (json) {
		output_json_begin(&j, s->command);
		json_put_key(&j, "ok");
		json_put_flag(&j, true);
		json_put_key(&j, "lists");
		json_put_array(&j);
	}
	for (unsigned i = 0; i < w->e.manifest->lists_count; i++) {
		struct director_list l;
		if (!director_look(&l, &w->d, i, w->active_chosen ? w->decrypts : NULL, err))
			return false;
		session_progress_break(s);
		if (json)
			put_list(&j, w, &l);
		else
			print_list(w, &l, record);
	}
	if (!json) {
		print_closings(w, record);
		return true;
	}
	json_put_end(&j);
	return output_json_end(&j, err);
}
