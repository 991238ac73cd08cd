/* SPDX-License-Identifier: Apache-2.0 */
#include "record/files_internal.h"

#include "record/statement.h"

struct allowed {
	const struct manifest *m;
	const char *place;        /* of the folder being listed */
	const char *const *files; /* exact names; ends with NULL */
	const char *const *folders;
	const char *const *kinds; /* endorsements "<kind>-NN.bt"; ends with NULL */
	bool lists;               /* folders l1, l2, … */
};

static bool is(const char *a, const char *b)
{
	return bytes_equal(bytes_of_text(a), bytes_of_text(b));
}

static bool is_one_of(const char *name, const char *const *names)
{
	for (; names && *names; names++)
		if (is(name, *names))
			return true;
	return false;
}

static bool is_endorsement(const char *name, const struct allowed *a)
{
	for (const char *const *kind = a->kinds; kind && *kind; kind++) {
		for (unsigned l = 1; l <= a->m->authorities_count; l++) {
			char path[RECORD_PATH_BYTES];
			endorsement_path(path, NULL, *kind, l);
			if (is(name, path + sizeof "endorse/" - 1))
				return true;
		}
	}
	return false;
}

static bool is_list(const char *name, const struct allowed *a)
{
	for (unsigned g = 0; a->lists && g < a->m->lists_count; g++) {
		char auxsid[AUXSID_BYTES];
		list_auxsid(auxsid, g);
		if (is(name, auxsid))
			return true;
	}
	return false;
}

static bool visit(void *ctx, const struct folder_entry *e, struct error *err)
{
	const struct allowed *a = ctx;
	bool good = e->is_folder ? is_one_of(e->name, a->folders) || is_list(e->name, a)
	                         : is_one_of(e->name, a->files) || is_endorsement(e->name, a);
	if (good)
		return true;
	fail_detail(err, ERROR_MALFORMED, "record: a file that does not belong here", ERROR_NOWHERE,
	            e->name);
	return fail_within(err, a->place);
}

static bool check(struct folder *record, const char *path, struct allowed a, struct error *err)
{
	a.place = path[0] ? path : "record";
	return record->list(record, path, visit, &a, err);
}

static bool check_top(struct folder *record, const struct manifest *m, struct error *err)
{
	static const char *const server_files[] = {"manifest.json", "ballots.bt", "voids.bt",
	                                           "result.json", NULL};
	static const char *const credential_files[] = {"manifest.json",
	                                               "credentials.bt",
	                                               "credentials-signature.bt",
	                                               "ballots.bt",
	                                               "voids.bt",
	                                               "result.json",
	                                               NULL};
	static const char *const folders[] = {"ceremony", "log", "endorse", "proof", "evidence", NULL};
	static const char *const log_files[] = {"entries", "checkpoint-close", "checkpoint", NULL};
	static const char *const whole[] = {"close", "result", NULL};
	const struct allowed top = {
		.m = m,
		.files = m->mode == BALLOT_CREDENTIALS ? credential_files : server_files,
		.folders = folders,
	};
	/* ceremony/ is checked with the ceremony; evidence/ is whatever the log's entry says */
	return check(record, "", top, err) &&
	       check(record, "log", (struct allowed){.m = m, .files = log_files}, err) &&
	       check(record, "endorse", (struct allowed){.m = m, .kinds = whole, .lists = true}, err) &&
	       check(record, "proof", (struct allowed){.m = m, .lists = true}, err);
}

static bool check_list(struct folder *record, const struct manifest *m, unsigned list,
                       struct error *err)
{
	static const char *const stages[] = {"mix", "ready", "factors", "commitments", "empty", NULL};
	static const char *const proof_files[] = {"protInfo.xml", NULL};
	static const char *const proof_folders[] = {"nizkp", NULL};
	char auxsid[AUXSID_BYTES], path[RECORD_PATH_BYTES];
	const char *only[] = {auxsid, NULL};
	list_auxsid(auxsid, list);
	struct text t = TEXT_OF(path);
	text_add(&t, "endorse/");
	text_add(&t, auxsid);
	if (!check(record, path, (struct allowed){.m = m, .kinds = stages}, err))
		return false;
	t = TEXT_OF(path);
	text_add(&t, "proof/");
	text_add(&t, auxsid);
	if (!check(record, path,
	           (struct allowed){.m = m, .files = proof_files, .folders = proof_folders}, err))
		return false;
	text_add(&t, "/nizkp");
	return check(record, path, (struct allowed){.m = m, .folders = only}, err);
}

bool record_files_check(struct folder *record, const struct manifest *m, struct error *err)
{
	if (!check_top(record, m, err))
		return false;
	for (unsigned l = 0; l < m->lists_count; l++)
		if (!check_list(record, m, l, err))
			return false;
	return true;
}
