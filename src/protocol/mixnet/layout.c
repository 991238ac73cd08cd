/* SPDX-License-Identifier: Apache-2.0 */
#include "mixnet/files_internal.h"

#define TEXT_ROOM (MIX_AUXSID_MAX + 1)

static bool read_text(struct folder *f, enum mix_file file, uint8_t room[static TEXT_ROOM],
                      bytes *out, struct error *err)
{
	struct mix_path path = mix_path(file, 0);
	if (folder_read(f, path.text, room, TEXT_ROOM, out, err))
		return true;
	if (err && err->kind == ERROR_LIMIT)
		err->kind = ERROR_MALFORMED;
	return false;
}

static bool wrong_text(enum mix_file file, const char *what, struct error *err)
{
	struct mix_path path = mix_path(file, 0);
	return fail_detail(err, ERROR_MALFORMED, what, ERROR_NOWHERE, path.text);
}

static bool expect_text(struct folder *f, enum mix_file file, const char *expected,
                        const char *what, struct error *err)
{
	uint8_t room[TEXT_ROOM];
	bytes got;
	return read_text(f, file, room, &got, err) &&
	       (bytes_equal(got, bytes_of_text(expected)) || wrong_text(file, what, err));
}

static bool read_number(struct folder *f, enum mix_file file, uint64_t *out, struct error *err)
{
	uint8_t room[TEXT_ROOM];
	bytes got;
	if (!read_text(f, file, room, &got, err))
		return false;
	bool good = got.len >= 1 && got.len <= 9 && got.p[0] != '0';
	*out = 0;
	for (size_t i = 0; good && i < got.len; i++) {
		good = got.p[i] >= '0' && got.p[i] <= '9';
		*out = *out * 10 + (uint64_t)(got.p[i] - '0');
	}
	return good || wrong_text(file, "file: not a decimal number", err);
}

static bool read_type(struct folder *f, enum mix_type *out, struct error *err)
{
	uint8_t room[TEXT_ROOM];
	bytes got;
	if (!read_text(f, MIX_FILE_TYPE, room, &got, err))
		return false;
	for (enum mix_type type = MIX_MIXING; type <= MIX_DECRYPTION; type++) {
		*out = type;
		if (bytes_equal(got, bytes_of_text(mix_type_name(type))))
			return true;
	}
	return wrong_text(MIX_FILE_TYPE, "file: neither mixing nor shuffling nor decryption", err);
}

static bool read_texts(struct mix_layout *l, struct folder *f, const struct mix_session *s,
                       struct error *err)
{
	char width[16];
	struct text digits = TEXT_OF(width);
	text_add_u64(&digits, s->width);
	uint64_t active = 0;
	if (!expect_text(f, MIX_FILE_VERSION, MIX_VERSION, "file: version is not 3.1.0", err) ||
	    !read_type(f, &l->type, err) ||
	    !expect_text(f, MIX_FILE_AUXSID, s->auxsid, "file: another auxsid is expected", err) ||
	    !expect_text(f, MIX_FILE_WIDTH, width, "file: another width is expected", err) ||
	    !read_number(f, MIX_FILE_ACTIVETHRESHOLD, &active, err))
		return false;
	if (active < s->threshold || active > s->parties)
		return wrong_text(MIX_FILE_ACTIVETHRESHOLD,
		                  "file: not between the threshold and the number of parties", err);
	l->activethreshold = (uint32_t)active;
	struct mix_path maxciph = mix_path(MIX_FILE_MAXCIPH, 0);
	if (l->type != MIX_DECRYPTION && f->exists(f, maxciph.text)) {
		if (!read_number(f, MIX_FILE_MAXCIPH, &l->n0, err))
			return false;
		if (l->n0 > LIMIT_BALLOTS)
			return fail_detail(err, ERROR_LIMIT, "file: more than 50,000,000 ballots", l->n0,
			                   maxciph.text);
		if (l->n0 < l->n)
			return wrong_text(MIX_FILE_MAXCIPH, "file: fewer than there are ciphertexts", err);
	}
	return true;
}

static bool exists(struct folder *f, enum mix_file file, unsigned party)
{
	struct mix_path path = mix_path(file, party);
	return f->exists(f, path.text);
}

/* Any file of a proof of shuffle: which of them are missing is for mix_layout_read to say. The list
 * alone is none, for a party that did not shuffle can have one. */
static bool has_shuffled(const struct mix_layout *l, struct folder *f, unsigned party)
{
	static const enum mix_file plain[] = {MIX_FILE_PERMUTATION, MIX_FILE_POS_COMMITMENT,
	                                      MIX_FILE_POS_REPLY, MIX_FILES};
	static const enum mix_file prepared[] = {MIX_FILE_PERMUTATION,
	                                         MIX_FILE_POSC_COMMITMENT,
	                                         MIX_FILE_POSC_REPLY,
	                                         MIX_FILE_KEEP,
	                                         MIX_FILE_CCPOS_COMMITMENT,
	                                         MIX_FILE_CCPOS_REPLY,
	                                         MIX_FILES};
	for (const enum mix_file *file = l->n0 ? prepared : plain; *file != MIX_FILES; file++)
		if (exists(f, *file, party))
			return true;
	return false;
}

static bool find_shuffles(struct mix_layout *l, struct folder *f, const struct mix_session *s,
                          struct error *err)
{
	unsigned last = 0;
	for (unsigned p = 1; l->type != MIX_DECRYPTION && p <= s->parties; p++) {
		l->shuffled[p] = has_shuffled(l, f, p);
		if (l->shuffled[p]) {
			l->shuffles++;
			last = p;
		}
	}
	/* Fewer than λ shuffles are a verdict of the verifier, not a question of form. */
	if (last > l->activethreshold || (l->shuffles >= s->threshold && last != l->activethreshold))
		return wrong_text(MIX_FILE_ACTIVETHRESHOLD, "file: not the last party that shuffled", err);
	if (l->type == MIX_MIXING && l->shuffles > 0 && !l->shuffled[s->threshold])
		l->stray_list = exists(f, MIX_FILE_LIST, s->threshold);
	return true;
}

static bool belongs(const struct mix_session *s, const struct mix_layout *l, enum mix_file file,
                    unsigned party)
{
	bool shuffled = l->type != MIX_DECRYPTION && l->shuffled[party];
	switch (file) {
	case MIX_FILE_MAXCIPH:
		return l->n0 != 0;
	case MIX_FILE_SHUFFLED:
		return l->type == MIX_SHUFFLING;
	case MIX_FILE_PLAINTEXTS:
	case MIX_FILE_CORRECT:
	case MIX_FILE_FACTORS:
	case MIX_FILE_DECRYPTION_COMMITMENT:
	case MIX_FILE_DECRYPTION_REPLY:
		return l->type != MIX_SHUFFLING;
	case MIX_FILE_LIST:
		return shuffled || (l->stray_list && party == s->threshold);
	case MIX_FILE_PERMUTATION:
		return shuffled;
	case MIX_FILE_POS_COMMITMENT:
	case MIX_FILE_POS_REPLY:
		return shuffled && l->n0 == 0;
	case MIX_FILE_POSC_COMMITMENT:
	case MIX_FILE_POSC_REPLY:
	case MIX_FILE_KEEP:
	case MIX_FILE_CCPOS_COMMITMENT:
	case MIX_FILE_CCPOS_REPLY:
		return shuffled && l->n0 != 0;
	case MIX_FILE_VERSION:
	case MIX_FILE_TYPE:
	case MIX_FILE_AUXSID:
	case MIX_FILE_WIDTH:
	case MIX_FILE_ACTIVETHRESHOLD:
	case MIX_FILE_PUBLIC_KEY:
	case MIX_FILE_POLYNOMIAL:
	case MIX_FILE_INPUT:
		return true;
	case MIX_FILES:
		break;
	}
	return false;
}

struct census {
	const struct mix_session *session;
	const struct mix_layout *layout;
	const char *prefix; /* "" or "proofs/" */
};

typedef bool each_file_fn(const struct census *c, struct mix_path path, uint64_t size, void *ctx);

/* Calls f for every file that belongs here until it says true. */
static bool find_file(const struct census *c, each_file_fn *f, void *ctx)
{
	for (enum mix_file file = 0; file < MIX_FILES; file++) {
		bool of_party = mix_file_of_party(file);
		for (unsigned p = of_party; p <= (of_party ? c->session->parties : 0); p++) {
			if (belongs(c->session, c->layout, file, p) &&
			    f(c, mix_path(file, p), mix_file_size(c->session, c->layout, file), ctx))
				return true;
		}
	}
	return false;
}

struct visit {
	const struct folder_entry *entry;
	uint64_t size;
};

static bool is_entry(const struct census *c, struct mix_path path, uint64_t size, void *ctx)
{
	struct visit *v = ctx;
	bytes prefix = bytes_of_text(c->prefix), full = bytes_of_text(path.text);
	v->size = size;
	return full.len > prefix.len && memcmp(full.p, prefix.p, prefix.len) == 0 &&
	       bytes_equal(bytes_from(full, prefix.len), bytes_of_text(v->entry->name));
}

static bool visit_entry(void *ctx, const struct folder_entry *entry, struct error *err)
{
	const struct census *c = ctx;
	bool good;
	if (entry->is_folder) {
		good = !c->prefix[0] && bytes_equal(bytes_of_text(entry->name), BYTES_LITERAL("proofs"));
		if (!good)
			fail_detail(err, ERROR_MALFORMED, "folder: it does not belong to the proof",
			            ERROR_NOWHERE, entry->name);
	} else {
		struct visit v = {entry, 0};
		good = find_file(c, is_entry, &v);
		if (!good)
			fail_detail(err, ERROR_MALFORMED, "file: it does not belong to the proof",
			            ERROR_NOWHERE, entry->name);
		else if (v.size && entry->size != v.size)
			good = mix_wrong_size(entry->name, entry->size, v.size, err);
	}
	return good || (c->prefix[0] ? fail_within(err, "proofs") : false);
}

struct missing {
	struct folder *folder;
	struct mix_path path;
};

static bool is_missing(const struct census *c, struct mix_path path, uint64_t size, void *ctx)
{
	(void)c;
	(void)size;
	struct missing *m = ctx;
	m->path = path;
	return !m->folder->exists(m->folder, path.text);
}

bool mix_layout_read(struct mix_layout *out, struct folder *f, const struct mix_session *s,
                     struct error *err)
{
	*out = (struct mix_layout){0};
	struct mix_path input = mix_path(MIX_FILE_INPUT, 0);
	if (!mix_list_length(&out->n, f, input.text, s->width, err) || !read_texts(out, f, s, err) ||
	    !find_shuffles(out, f, s, err))
		return false;
	struct census root = {s, out, ""}, proofs = {s, out, "proofs/"};
	struct missing m = {.folder = f};
	if (find_file(&root, is_missing, &m))
		return fail_detail(err, ERROR_MALFORMED, "file: is missing", ERROR_NOWHERE, m.path.text);
	return f->list(f, "", visit_entry, &root, err) &&
	       f->list(f, "proofs", visit_entry, &proofs, err);
}
