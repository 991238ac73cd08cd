/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decryption of one list, in the protocol's order: everybody verifies and says so;
 * factors; freeze 1; commitments; freeze 2; replies. The nonce lives in this function's caller and
 * only while the process does.
 */
#include "authority/memo_internal.h"
#include "authority/overlay_internal.h"
#include "authority/stage_internal.h"
#include "files/memory_folder.h"
#include "mixnet/decryption.h"

struct decrypting {
	struct list_stage stage;
	struct decryption_job job;
	struct mix_path list; /* the last shuffled one */
	uint64_t n;
	const secret_scalar *share;
	struct decryption_nonce nonce;
	struct decryption_frozen frozen;
};

static bool is_active(const struct active_parties *active, unsigned party)
{
	for (unsigned i = 0; i < active->count; i++)
		if (active->party[i] == party)
			return true;
	return false;
}

/* The first active party writes what the absent ones leave. */
static bool write_placeholders(const struct decrypting *d, enum decryption_part part,
                               struct error *err)
{
	const struct list_stage *s = &d->stage;
	static const enum mix_file files[] = {[DECRYPTION_FACTORS] = MIX_FILE_FACTORS,
	                                      [DECRYPTION_COMMITMENT] = MIX_FILE_DECRYPTION_COMMITMENT,
	                                      [DECRYPTION_REPLY] = MIX_FILE_DECRYPTION_REPLY};
	if (s->a->index != s->active->party[0])
		return true;
	for (unsigned l = 1; l <= s->session.parties; l++) {
		struct mix_path path = mix_path(files[part], l);
		if (is_active(s->active, l) || d->job.folder->exists(d->job.folder, path.text))
			continue;
		if (!decryption_placeholder(&d->job, l, part, err))
			return false;
	}
	return true;
}

static bool sign_and_wait(const struct decrypting *d, const char *kind, const digest *statement,
                          struct error *err)
{
	const struct list_stage *s = &d->stage;
	struct endorsements e = stage_endorsements(s, kind);
	return endorse(&e, s->a->index, s->a->identity, statement, err) &&
	       stage_wait_signed(s, kind, statement, err);
}

/* The urn was closed with these ballots by t authorities; no share is used before. */
static bool closed(const struct list_stage *s, struct error *err)
{
	bool signed_by[LIMIT_PARTIES + 1];
	struct endorsements e = {s->a->record, s->a->manifest, NULL, "close"};
	return endorsements_read(signed_by, &e, &s->closing, err) &&
	       endorsements_enough(signed_by, s->a->manifest->threshold, err);
}

static bool all_ready(struct decrypting *d, struct error *err)
{
	const struct list_stage *s = &d->stage;
	const unsigned mixers = s->a->manifest->threshold;
	digest list;
	if (!stage_wait_frame(s, err))
		return false;
	for (unsigned i = 0; i < mixers; i++)
		if (!stage_wait_shuffle(s, i, err))
			return false;
	if (!closed(s, err) || !stage_check_shuffles(&list, s, mixers, err))
		return false;
	digest statement = statement_ready(&s->key->eid, s->auxsid, &list);
	return sign_and_wait(d, "ready", &statement, err);
}

static bool same_file(struct folder *a, struct folder *b, struct mix_path path, struct error *err)
{
	digest x, y;
	if (!record_file_digest(&x, a, path.text, err) || !record_file_digest(&y, b, path.text, err))
		return false;
	return digest_equal(&x, &y) ||
	       fail_detail(err, ERROR_REJECTED, "decryption: published otherwise than computed here",
	                   ERROR_NOWHERE, path.text);
}

static bool copy_file(struct folder *to, struct folder *from, struct mix_path path,
                      struct error *err)
{
	struct source *in;
	struct sink *out;
	bytes b;
	bool good;
	if (!from->open(from, path.text, &in, err))
		return false;
	if (!to->create(to, path.text, false, &out, err)) {
		source_close(in);
		return false;
	}
	while ((good = source_next(in, SOURCE_WANT_MAX, &b, err) && sink_append(out, b, err)) && b.len)
		;
	source_close(in);
	if (good)
		return sink_commit(out, err);
	sink_abort(out);
	return false;
}

#define MEMORY_BYTES_PER_POINT 96u

static bool beside_the_record(struct folder **out, const struct decrypting *d, struct error *err)
{
	size_t room = (size_t)d->n * d->stage.session.width * MEMORY_BYTES_PER_POINT + 65536;
	return memory_folder_new(out, "decryption", room, err);
}

/* Factors are a function of share and list: those of an earlier run are the same bytes. Made beside
 * the record, so that they can be compared. */
static bool make_factors(struct decrypting *d, struct mix_path mine, struct error *err)
{
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
		                                               : copy_file(published, memory, mine, err);
	if (good && d->stage.active->count > 1) /* so others check them */
		d->job.made = d->stage.a->index;
	memory_folder_free(memory);
	return good;
}

static bool publish_factors(struct decrypting *d, struct error *err)
{
	const struct list_stage *s = &d->stage;
	digest factors[LIMIT_PARTIES];
	if (!write_placeholders(d, DECRYPTION_FACTORS, err) ||
	    !make_factors(d, mix_path(MIX_FILE_FACTORS, s->a->index), err))
		return false;
	if (!stage_wait_files(s, MIX_FILE_FACTORS, err) ||
	    !proof_digests(factors, s->a->record, s->group, MIX_FILE_FACTORS, s->session.parties, err))
		return false;
	digest frozen = statement_factors(&s->key->eid, s->auxsid, factors, s->session.parties);
	return sign_and_wait(d, "factors", &frozen, err);
}

static bool publish_commitment(struct decrypting *d, struct error *err)
{
	const struct list_stage *s = &d->stage;
	struct mix_path mine = mix_path(MIX_FILE_DECRYPTION_COMMITMENT, s->a->index);
	digest commitments[LIMIT_PARTIES];
	if (d->job.folder->exists(d->job.folder, mine.text))
		return fail_detail(
			err, ERROR_CONFLICT,
			"decryption: a commitment of an earlier run is published and its nonce is "
			"gone; all parties must decrypt this list anew",
			s->a->index, mine.text);
	if (!write_placeholders(d, DECRYPTION_COMMITMENT, err) ||
	    !decryption_commit(&d->job, s->a->index, s->a->world->rng, &d->nonce, err) ||
	    !stage_wait_files(s, MIX_FILE_DECRYPTION_COMMITMENT, err) ||
	    !proof_digests(commitments, s->a->record, s->group, MIX_FILE_DECRYPTION_COMMITMENT,
	                   s->session.parties, err))
		return false;
	digest frozen = statement_commitments(&s->key->eid, s->auxsid, commitments, s->session.parties);
	return sign_and_wait(d, "commitments", &frozen, err);
}

static bool publish_reply(struct decrypting *d, struct error *err)
{
	return write_placeholders(d, DECRYPTION_REPLY, err) &&
	       decryption_reply(&d->job, d->share, &d->nonce, err) &&
	       stage_wait_files(&d->stage, MIX_FILE_DECRYPTION_REPLY, err);
}

static bool judge(const struct decrypting *d, bool correct[static LIMIT_PARTIES + 1],
                  struct error *err)
{
	static const char *const reasons[] = {
		[DECRYPTION_CORRECT] = "correct",
		[DECRYPTION_ABSENT] = "absent",
		[DECRYPTION_BAD_COMMITMENT] = "commitment or reply does not fit the public share",
		[DECRYPTION_BAD_FACTORS] = "factors do not fit",
		[DECRYPTION_MALFORMED] = "a file is malformed",
	};
	enum decryption_verdict verdict[LIMIT_PARTIES + 1];
	const struct active_parties *active = d->stage.active;
	if (!decryption_check(&d->job, verdict, err))
		return false;
	memset(correct, 0, (LIMIT_PARTIES + 1) * sizeof *correct);
	for (unsigned i = 0; i < active->count; i++) {
		unsigned l = active->party[i];
		correct[l] = verdict[l] == DECRYPTION_CORRECT;
		if (!correct[l]) {
			fail_detail(err, ERROR_REJECTED, "decryption: this party's equations do not hold", l,
			            reasons[verdict[l]]);
			return fail_within_index(err, "party", l);
		}
	}
	return true;
}

static bool plaintexts_there(void *ctx, struct error *err)
{
	const struct decrypting *d = ctx;
	struct mix_path p = mix_path(MIX_FILE_PLAINTEXTS, 0), c = mix_path(MIX_FILE_CORRECT, 0);
	if (d->job.folder->exists(d->job.folder, p.text) &&
	    d->job.folder->exists(d->job.folder, c.text))
		return true;
	return fail_detail(err, ERROR_UNAVAILABLE, "authority: the plaintexts are not there yet",
	                   ERROR_NOWHERE, p.text);
}

/* What the first active party computed and the record has not got yet. */
static bool publish_combined(const struct decrypting *d, struct folder *memory, struct error *err)
{
	static const enum mix_file files[] = {MIX_FILE_CORRECT, MIX_FILE_PLAINTEXTS};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct mix_path path = mix_path(files[i], 0);
		if (!d->job.folder->exists(d->job.folder, path.text) &&
		    !copy_file(d->job.folder, memory, path, err))
			return false;
	}
	return true;
}

/* Everybody combines for itself, beside the record; the first active party publishes, all compare.
 */
static bool combine_and_compare(struct decrypting *d, const bool *correct, struct error *err)
{
	struct folder *memory, *published = d->job.folder;
	struct overlay overlay;
	if (!beside_the_record(&memory, d, err))
		return false;
	overlay_init(&overlay, published, memory);
	d->job.folder = &overlay.folder;
	bool good = decryption_combine(&d->job, correct, err);
	d->job.folder = published;
	if (good && d->stage.a->index == d->stage.active->party[0])
		good = publish_combined(d, memory, err);
	good = good && wait_until(d->stage.a, plaintexts_there, d, err) &&
	       same_file(memory, published, mix_path(MIX_FILE_CORRECT, 0), err) &&
	       same_file(memory, published, mix_path(MIX_FILE_PLAINTEXTS, 0), err);
	memory_folder_free(memory);
	return good;
}

static bool finish(struct decrypting *d, struct error *err)
{
	bool correct[LIMIT_PARTIES + 1];
	digest about;
	return judge(d, correct, err) && combine_and_compare(d, correct, err) &&
	       stage_plaintexts_memo(&about, &d->stage, err) &&
	       memo_keep(d->stage.a, &about, BYTES_NONE, err);
}

static bool decrypt_list(struct decrypting *d, struct error *err)
{
	const struct authority *a = d->stage.a;
	struct arena *arena = a->world->arena;
	size_t mark = arena_mark(arena);
	d->list = mix_path(MIX_FILE_LIST, stage_last_mixer(&d->stage));
	d->job = (struct decryption_job){
		.session = &d->stage.session,
		.folder = &d->stage.folder.folder,
		.list = d->list.text,
		.key = &d->stage.mix_key,
		.workers = a->world->workers,
		.memory = arena,
		.progress = a->world->progress,
		.frozen = &d->frozen,
	};
	struct mix_path reply = mix_path(MIX_FILE_DECRYPTION_REPLY, a->index);
	bool replied = d->job.folder->exists(d->job.folder, reply.text);
	bool good = all_ready(d, err) &&
	            (replied || (publish_factors(d, err) && publish_commitment(d, err) &&
	                         publish_reply(d, err))) &&
	            stage_wait_files(&d->stage, MIX_FILE_DECRYPTION_REPLY, err) && finish(d, err);
	decryption_nonce_wipe(&d->nonce);
	arena_release(arena, mark);
	return good;
}

bool authority_decrypt(const struct authority *a, const struct election_key *key,
                       const secret_scalar *share, const struct active_parties *active,
                       struct error *err)
{
	struct ballot_box box;
	digest closing;
	if (!is_active(active, a->index))
		return fail(err, ERROR_REJECTED, "decryption: this authority is not among the active ones",
		            a->index);
	if (!ballots_check(&box, a, key, err) || !closing_decide(&closing, a, key, &box, err))
		return false;
	for (unsigned g = 0; g < a->manifest->groups_count; g++) {
		struct decrypting d = {.share = share, .n = box.list_sizes[g]};
		if (box.list_sizes[g] == 0)
			continue;
		if (!stage_open(&d.stage, a, key, active, g, err))
			return false;
		d.stage.input = box.list_digests[g];
		d.stage.closing = closing;
		if (!decrypt_list(&d, err))
			return fail_within(err, d.stage.auxsid);
	}
	return true;
}
