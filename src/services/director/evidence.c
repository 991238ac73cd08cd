/* SPDX-License-Identifier: Apache-2.0 */
/* What failed goes to evidence/, with the reason: "evidence/l1/mix-02", the second time "-2". */
#include "director/director.h"

#include "record/endorse.h"
#include "record/proof.h"

#define REASON_BYTES 512u

struct place {
	char path[RECORD_PATH_BYTES];
	size_t len; /* of the folder, with the '/' behind it */
};

static bool any_entry(void *ctx, const struct folder_entry *e, struct error *err)
{
	bool *any = ctx;
	(void)e;
	(void)err;
	*any = true;
	return true;
}

/* The first of "name", "name-2", … that has nothing in it. */
static bool find_place(struct place *out, struct folder *record, const char *name,
                       struct error *err)
{
	bool any = true;
	for (unsigned k = 1; any; k++) {
		struct text t = TEXT_OF(out->path);
		text_add(&t, "evidence/");
		text_add(&t, name);
		if (k > 1) {
			text_add(&t, "-");
			text_add_u64(&t, k);
		}
		any = false;
		if (!record->list(record, out->path, any_entry, &any, err))
			return false;
		text_add(&t, "/");
		out->len = t.len;
	}
	return true;
}

static const char *inside(struct place *p, const char *name)
{
	struct text t = {p->path, sizeof p->path, p->len, false};
	text_add(&t, name);
	require(!t.cut);
	return p->path;
}

static bool copy(struct sink *out, struct source *in, struct error *err)
{
	bytes b;
	bool good;
	while ((good = source_next(in, SOURCE_WANT_MAX, &b, err) && sink_append(out, b, err)) && b.len)
		;
	if (good)
		return sink_commit(out, err);
	sink_abort(out);
	return false;
}

/* A file that is there keeps its name. */
static bool move(const struct director *d, struct place *to, const char *path, struct error *err)
{
	struct folder *r = d->record;
	const char *name = strrchr(path, '/');
	struct source *in;
	struct sink *out;
	if (!r->exists(r, path))
		return true;
	if (!r->open(r, path, &in, err))
		return false;
	bool good =
		r->create(r, inside(to, name ? name + 1 : path), false, &out, err) && copy(out, in, err);
	source_close(in);
	return good && r->remove(r, path, err);
}

static bool write_reason(const struct director *d, const char *path, const struct error *why,
                         struct error *err)
{
	char room[REASON_BYTES];
	struct text t = TEXT_OF(room);
	text_add(&t, error_kind_name(why->kind));
	text_add(&t, ": ");
	text_add(&t, why->what ? why->what : "no reason");
	if (why->detail[0]) {
		text_add(&t, " (");
		text_add(&t, why->detail);
		text_add(&t, ")");
	}
	if (t.cut)
		t.len = REASON_BYTES - 2;
	room[t.len++] = '\n';
	return folder_write(d->record, path, true, bytes_of(room, t.len), err);
}

static void name_of(char out[static RECORD_PATH_BYTES], unsigned list, const char *what,
                    unsigned party)
{
	char auxsid[AUXSID_BYTES];
	struct text t = {out, RECORD_PATH_BYTES, 0, false};
	list_auxsid(auxsid, list);
	text_add(&t, auxsid);
	text_add(&t, "/");
	text_add(&t, what);
	if (party) {
		text_add(&t, party < 10 ? "-0" : "-");
		text_add_u64(&t, party);
	}
	require(!t.cut);
}

static bool is_open(const struct director *d, unsigned list)
{
	char path[RECORD_PATH_BYTES];
	proof_file_path(path, list, MIX_FILE_PLAINTEXTS, 0);
	return d->record->exists(d->record, path);
}

bool director_set_aside_shuffle(const struct director *d, unsigned list, unsigned party,
                                const struct error *why, struct error *err)
{
	static const enum mix_file files[] = {MIX_FILE_POS_REPLY, MIX_FILE_POS_COMMITMENT,
	                                      MIX_FILE_PERMUTATION, MIX_FILE_LIST};
	char name[RECORD_PATH_BYTES], path[RECORD_PATH_BYTES], auxsid[AUXSID_BYTES];
	struct place to;
	require(party >= 1 && party <= d->manifest->authorities_count);
	name_of(name, list, "mix", party);
	list_auxsid(auxsid, list);
	if (!find_place(&to, d->record, name, err) ||
	    !write_reason(d, inside(&to, "reason.txt"), why, err))
		return false;
	endorsement_path(path, auxsid, "mix", party);
	if (!move(d, &to, path, err)) /* from here on nobody counts it */
		return false;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		proof_file_path(path, list, files[i], party);
		if (!move(d, &to, path, err))
			return false;
	}
	return true;
}

bool director_set_aside_unsigned(const struct director *d, unsigned list, const struct error *why,
                                 struct error *err)
{
	static const enum mix_file files[] = {MIX_FILE_PLAINTEXTS, MIX_FILE_CORRECT,
	                                      MIX_FILE_PUBLIC_KEY, MIX_FILE_POLYNOMIAL, MIX_FILE_INPUT};
	/* Plaintexts that are wrong are all there is to it; else the list was begun wrongly. */
	const size_t first = is_open(d, list) ? 0 : 2, end = is_open(d, list) ? 2 : 5;
	char name[RECORD_PATH_BYTES], path[RECORD_PATH_BYTES];
	struct place to;
	name_of(name, list, "files", 0);
	if (!find_place(&to, d->record, name, err) ||
	    !write_reason(d, inside(&to, "reason.txt"), why, err))
		return false;
	for (size_t i = first; i < end; i++) {
		proof_file_path(path, list, files[i], 0);
		if (!move(d, &to, path, err))
			return false;
	}
	return true;
}

/* "endorse/l1/…" or "proof/l1/…": "l1/files"; else "files". */
static bool place_for(char out[static RECORD_PATH_BYTES], const struct director *d,
                      const char *path)
{
	const char *rest = strchr(path, '/');
	for (unsigned l = 0; rest && l < d->manifest->lists_count; l++) {
		char auxsid[AUXSID_BYTES];
		list_auxsid(auxsid, l);
		if (strncmp(rest + 1, auxsid, strlen(auxsid)) == 0 && rest[1 + strlen(auxsid)] == '/') {
			name_of(out, l, "files", 0);
			return true;
		}
	}
	struct text t = {out, RECORD_PATH_BYTES, 0, false};
	text_add(&t, "files");
	return strncmp(path, "endorse/", 8) == 0;
}

bool director_set_aside_file(const struct director *d, const char *path, const struct error *why,
                             struct error *err)
{
	char name[RECORD_PATH_BYTES];
	struct place to;
	const bool inside_tally = strncmp(path, "endorse/", 8) == 0 || strncmp(path, "proof/", 6) == 0;
	if (!inside_tally || strstr(path, "..") || strlen(path) > RECORD_PATH_BYTES / 2 ||
	    !place_for(name, d, path) || !d->record->exists(d->record, path))
		return fail_detail(err, ERROR_REJECTED,
		                   "director: no file of the record's endorse/ or proof/", ERROR_NOWHERE,
		                   path);
	return find_place(&to, d->record, name, err) &&
	       write_reason(d, inside(&to, "reason.txt"), why, err) && move(d, &to, path, err);
}

bool director_wrong_closing(const struct director *d, unsigned party, struct error *why)
{
	const struct endorsements e = {d->record, d->manifest, NULL, "close", 0};
	if (!d->box || !endorsement_exists(&e, party))
		return false;
	const digest s = statement_close(&d->key->eid, d->box->log_size, &d->box->root);
	return !endorsement_of(&e, party, &s, why);
}

bool director_set_aside_result(const struct director *d, const struct error *why, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	struct place to;
	if (!find_place(&to, d->record, "result", err) ||
	    !write_reason(d, inside(&to, "reason.txt"), why, err))
		return false;
	for (unsigned l = 1; l <= d->manifest->authorities_count; l++) {
		endorsement_path(path, NULL, "result", l);
		if (!move(d, &to, path, err))
			return false;
	}
	return move(d, &to, "result.json", err);
}

bool director_note_decryptor(const struct director *d, unsigned list, unsigned attempt,
                             struct director_fault about, struct error *err)
{
	char name[RECORD_PATH_BYTES], path[RECORD_PATH_BYTES];
	struct text t = TEXT_OF(path);
	name_of(name, list, "decrypt", 0);
	text_add(&t, "evidence/");
	text_add(&t, name);
	text_add(&t, "-");
	text_add_u64(&t, attempt ? attempt : 1);
	text_add(&t, about.party < 10 ? "/reason-0" : "/reason-");
	text_add_u64(&t, about.party);
	text_add(&t, ".txt");
	require(!t.cut);
	return write_reason(d, path, &about.why, err);
}
