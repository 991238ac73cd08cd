/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of a decryption. Factors and plaintexts are made beside the record, so that they can be
 * compared with what is published.
 */
#include "authority/decrypt_internal.h"
#include "authority/overlay_internal.h"
#include "files/memory_folder.h"

static bool same_file(struct folder *a, struct folder *b, struct mix_path path, struct error *err)
{
	digest x, y;
	if (!record_file_digest(&x, a, path.text, err) || !record_file_digest(&y, b, path.text, err))
		return false;
	return digest_equal(&x, &y) ||
	       fail_detail(err, ERROR_REJECTED, "decryption: published otherwise than computed here",
	                   ERROR_NOWHERE, path.text);
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

static bool copy_file(struct folder *to, const char *target, bool replace, struct folder *from,
                      const char *path, struct error *err)
{
	struct source *in;
	struct sink *out;
	if (!from->open(from, path, &in, err))
		return false;
	bool good = to->create(to, target, replace, &out, err) && copy(out, in, err);
	source_close(in);
	return good;
}

bool files_copy(struct folder *to, const char *target, struct folder *from, const char *path,
                struct error *err)
{
	return copy_file(to, target, true, from, path, err);
}

static bool publish(struct folder *to, struct folder *from, struct mix_path path, struct error *err)
{
	return copy_file(to, path.text, false, from, path.text, err);
}

/* --- what absent parties leave --- */

#define LEAF_BYTES 33u /* of a coordinate or a scalar */

/* Nothing but leaves of this byte: infinity is of ff, zero of 00. */
static bool holds_only(struct source *s, uint8_t byte, struct error *err)
{
	uint8_t want[LEAF_BYTES];
	bool good = true;
	memset(want, byte, sizeof want);
	for (uint64_t left = s->size; good && left > 0;) {
		uint8_t header[TREE_HEADER_BYTES], leaf[LEAF_BYTES];
		good = left >= sizeof header && source_read(s, header, sizeof header, err);
		left -= good ? sizeof header : 0;
		if (!good || header[0] == 0)
			continue;
		good = left >= sizeof leaf && source_read(s, leaf, sizeof leaf, err) &&
		       memcmp(leaf, want, sizeof leaf) == 0;
		left -= good ? sizeof leaf : 0;
	}
	return good;
}

bool files_is_placeholder(const struct decrypting *d, enum mix_file file, unsigned party)
{
	const struct mix_layout layout = {.type = MIX_MIXING, .n = d->n};
	const uint8_t byte = file == MIX_FILE_DECRYPTION_REPLY ? 0x00 : 0xff;
	struct mix_path path = mix_path(file, party);
	struct source *s;
	if (!d->job.folder->open(d->job.folder, path.text, &s, NULL))
		return false;
	bool good =
		s->size == mix_file_size(&d->stage.session, &layout, file) && holds_only(s, byte, NULL);
	source_close(s);
	return good;
}

static const enum mix_file files[] = {[DECRYPTION_FACTORS] = MIX_FILE_FACTORS,
                                      [DECRYPTION_COMMITMENT] = MIX_FILE_DECRYPTION_COMMITMENT,
                                      [DECRYPTION_REPLY] = MIX_FILE_DECRYPTION_REPLY};

static bool put_placeholder(const struct decrypting *d, unsigned party, enum decryption_part part,
                            struct error *err)
{
	struct mix_path path = mix_path(files[part], party);
	if (d->job.folder->exists(d->job.folder, path.text)) {
		if (files_is_placeholder(d, files[part], party))
			return true;
		if (!attempt_set_aside(d, files[part], party, d->attempt, err))
			return false;
	}
	return decryption_placeholder(&d->job, party, part, err);
}

bool files_placeholders(struct decrypting *d, enum decryption_part part, struct error *err)
{
	if (d->stage.a->index != d->active->party[0])
		return true;
	for (unsigned l = 1; l <= d->stage.session.parties; l++)
		if (!d->is_active[l] && !put_placeholder(d, l, part, err))
			return false;
	return true;
}

/* --- factors and plaintexts --- */

#define MEMORY_BYTES_PER_POINT 96u

static bool beside_the_record(struct folder **out, const struct decrypting *d, struct error *err)
{
	size_t room = (size_t)d->n * d->stage.session.width * MEMORY_BYTES_PER_POINT + 65536;
	return memory_folder_new(out, "decryption", room, err);
}

/* Factors are a function of share and list: those of an earlier run are the same bytes. */
bool files_factors(struct decrypting *d, struct error *err)
{
	struct mix_path mine = mix_path(MIX_FILE_FACTORS, d->stage.a->index);
	struct folder *memory, *published = d->job.folder;
	struct overlay overlay;
	if (!beside_the_record(&memory, d, err))
		return false;
	overlay_init(&overlay, published, memory);
	d->job.folder = &overlay.folder;
	bool good = decryption_factors(&d->job, d->stage.a->index, d->share, err);
	d->job.folder = published;
	if (good)
		good = published->exists(published, mine.text) ? same_file(memory, published, mine, err)
		                                               : publish(published, memory, mine, err);
	if (good && d->active->count > 1) /* so others check them */
		d->job.made = d->stage.a->index;
	memory_folder_free(memory);
	return good;
}

/* Verificatum's verifier wants the reply 0 of a party that is not correct; what it wrote goes to
 * evidence. Its factors and commitment stay as they were frozen. */
static bool void_replies(const struct decrypting *d, const bool *correct, struct error *err)
{
	for (unsigned i = 0; i < d->active->count; i++)
		if (!correct[d->active->party[i]] &&
		    !put_placeholder(d, d->active->party[i], DECRYPTION_REPLY, err))
			return false;
	return true;
}

static const enum mix_file combined[] = {MIX_FILE_CORRECT, MIX_FILE_PLAINTEXTS};
#define COMBINED (sizeof combined / sizeof *combined)

static bool plaintexts_there(void *ctx, struct error *err)
{
	const struct decrypting *d = ctx;
	for (size_t i = 0; i < COMBINED; i++) {
		struct mix_path path = mix_path(combined[i], 0);
		if (!d->job.folder->exists(d->job.folder, path.text))
			return fail_detail(err, ERROR_UNAVAILABLE,
			                   "authority: the plaintexts are not there yet", ERROR_NOWHERE,
			                   path.text);
	}
	return true;
}

/* What the record has not got yet of what was computed here. */
static bool publish_combined(const struct decrypting *d, struct folder *memory, struct error *err)
{
	for (size_t i = 0; i < COMBINED; i++) {
		struct mix_path path = mix_path(combined[i], 0);
		if (!d->job.folder->exists(d->job.folder, path.text) &&
		    !publish(d->job.folder, memory, path, err))
			return false;
	}
	return true;
}

static unsigned first_correct(const struct decrypting *d, const bool *correct)
{
	for (unsigned i = 0; i < d->active->count; i++)
		if (correct[d->active->party[i]])
			return d->active->party[i];
	return 0;
}

bool files_plaintexts(struct decrypting *d, const bool correct[static LIMIT_PARTIES + 1],
                      struct error *err)
{
	struct folder *memory, *published = d->job.folder;
	struct overlay overlay;
	if (!beside_the_record(&memory, d, err))
		return false;
	overlay_init(&overlay, published, memory);
	d->job.folder = &overlay.folder;
	bool good = decryption_combine(&d->job, correct, err);
	d->job.folder = published;
	if (good && d->stage.a->index == first_correct(d, correct))
		good = void_replies(d, correct, err) && publish_combined(d, memory, err);
	good = good && attempt_wait(d, plaintexts_there, d, err);
	for (size_t i = 0; i < COMBINED; i++)
		good = good && same_file(memory, published, mix_path(combined[i], 0), err);
	memory_folder_free(memory);
	return good;
}
