/* SPDX-License-Identifier: Apache-2.0 */
/* identity.json, by which authorities, boards, registrars and witnesses are registered. */
#include "identity/identity.h"
#include "manifest/manifest.h"
#include "json/read.h"

bool manifest_identity_read(struct manifest_authority *out, bytes json, struct arena *arena,
                            struct error *err)
{
	static const char *const keys[] = {"operator", "identity"};
	const struct json_value *identity;
	struct json_doc *doc;
	bytes name;
	if (!json_doc_parse(&doc, json, LIMIT_TEXT_BYTES * 8u, err))
		return false;
	const struct json_value *root = json_doc_root(doc);
	bool good = json_only(root, JSON_NAMES(keys), err) &&
	            json_need_text(&name, root, "operator", LIMIT_TEXT_BYTES, err) &&
	            json_need(&identity, root, "identity", err) &&
	            json_hex(out->identity, sizeof out->identity, identity, err) &&
	            identity_check_public_vartime(out->identity, err);
	uint8_t *copy = good ? arena_take(arena, name.len + 1, 1, err) : NULL;
	if (copy) {
		memcpy(copy, name.p, name.len);
		copy[name.len] = 0;
		out->operator_name = bytes_of(copy, name.len);
	}
	json_doc_free(doc);
	return copy != NULL;
}
