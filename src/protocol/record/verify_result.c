/* SPDX-License-Identifier: Apache-2.0 */
/* Section 10: the result is what the plaintexts give. */
#include "record/endorse.h"
#include "record/result.h"
#include "record/verify_internal.h"

static bool result_is(struct verification *v, const struct election_result *r, struct error *err)
{
	struct source *s;
	bytes b;
	size_t at = 0;
	if (!v->record->open(v->record, "result.json", &s, err))
		return false;
	bool good = s->size == r->json.len ||
	            fail(err, ERROR_REJECTED, "result: not the length of the recomputed one", s->size);
	while (good && at < r->json.len) {
		good = source_next(
			s, r->json.len - at < SOURCE_WANT_MAX ? r->json.len - at : SOURCE_WANT_MAX, &b, err);
		if (good && (b.len == 0 || memcmp(b.p, r->json.p + at, b.len) != 0))
			good = fail(err, ERROR_REJECTED, "result: differs from the recomputed one", at);
		at += good ? b.len : 0;
	}
	source_close(s);
	return good;
}

static bool result_is_signed(struct verification *v, const struct election_result *r,
                             struct error *err)
{
	bool signed_by[LIMIT_PARTIES + 1];
	struct endorsements e = {v->record, v->manifest, NULL, "result", 0};
	digest s;
	return result_statement(&s, v->manifest, &v->key, v->box.list_sizes, v->record, r->json, err) &&
	       endorsements_read(signed_by, &e, &s, err) &&
	       endorsements_enough(signed_by, v->manifest->threshold, err);
}

void verify_result(struct verification *v)
{
	struct error err;
	struct election_result *r;
	error_clear(&err);
	if (!verification_check(
			v, "10.1", "plaintexts are decoded and counted by the manifest's rules",
			result_compute(&r, v->manifest, &v->key, v->box.list_sizes, v->record, v->world, &err),
			&err) ||
	    !verification_check(v, "10.2", "result.json is exactly the recomputed result",
	                        result_is(v, r, &err), &err))
		return;
	verification_check(v, "10.3", "the result is signed by t authorities",
	                   result_is_signed(v, r, &err), &err);
}
