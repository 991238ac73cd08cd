/* SPDX-License-Identifier: Apache-2.0 */
/* An election as Sequent writes one, and ways to say one thing of it differently. */
#ifndef MANIFEST_ELECTION_H
#define MANIFEST_ELECTION_H

#include "support/support.h"

#include "manifest/import_sequent.h"

#define ANSWER(id, text)                                                                     \
	"{\"id\":" id ",\"category\":\"c\",\"details\":\"d\",\"sort_order\":" id ",\"urls\":[]," \
	"\"text\":\"" text "\"}"
#define WRITE_IN(id)                                                                    \
	"{\"id\":" id ",\"category\":\"\",\"details\":\"\",\"sort_order\":0,\"text\":\"\"," \
	"\"urls\":[{\"title\":\"isWriteIn\",\"url\":\"true\"}]}"
#define ANSWER_ANN ANSWER("0", "Ann")
#define ANSWER_BO ANSWER("1", "Bo")
#define ANSWER_CY ANSWER("2", "Cy")
extern const char election[];
extern struct manifest_draft election_base; /* tests may change it, and change it back */

/* The election with `from` (which must be there) replaced by `to`; static room. */
const char *election_with(const char *from, const char *to);
/* In the test's arena, cleared before. */
struct sequent_import election_import(const char *text);
struct manifest *election_imported(const char *text); /* fails the test if it has no draft */
/* NULL: the report does not name the path. */
const struct import_entry *election_entry(const struct sequent_election *e, const char *path);
void election_expect(const struct sequent_election *e, const char *path, enum import_fate fate);
/* The election with a change is refused, at this place and for this reason, and nowhere else. */
void election_refused(const char *from, const char *to, const char *path, enum import_fate fate,
                      const char *reason);

#endif
