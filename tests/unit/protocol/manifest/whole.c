/* SPDX-License-Identifier: Apache-2.0 */
#include "whole.h"

#include <stdio.h>
#include <string.h>

const char whole[] =
	"{\"urna\":1,\"title\":\"Council 2027\",\"description\":\"Two lines\\nof text\","
	"\"group\":\"P-256\",\"rohash\":\"SHA-256\",\"prg\":\"SHA-256\","
	"\"statdist\":100,\"vbitlenro\":256,\"ebitlenro\":256,\"mode\":\"credentials\","
	"\"board\":{\"name\":\"urna.example/board\",\"key\":\"" KEY_B0 "\"},"
	"\"registrar\":\"" KEY_C0 "\","
	"\"witnesses\":{\"lying\":1,\"quorum\":3,\"keys\":["
	"{\"name\":\"w1.example\",\"key\":\"" KEY_01 "\"},"
	"{\"name\":\"w2.example\",\"key\":\"" KEY_02 "\"},"
	"{\"name\":\"w3.example\",\"key\":\"" KEY_03 "\"},"
	"{\"name\":\"w4.example\",\"key\":\"" KEY_04 "\"}]},"
	"\"promise_delay\":90,\"weight_max\":5,\"threshold\":2,\"authorities\":["
	"{\"operator\":\"Org A\",\"identity\":\"" KEY_A1 "\"},"
	"{\"operator\":\"Org B\",\"identity\":\"" KEY_A2 "\"},"
	"{\"operator\":\"Org C\",\"identity\":\"" KEY_A3 "\"}],"
	"\"min_list\":10,\"accept_small_lists\":false,\"areas\":[\"north\",\"south\"],"
	"\"questions\":["
	"{\"id\":\"mayor\",\"title\":\"Mayor\",\"rule\":\"scotland\",\"seats\":1,\"min\":0,\"max\":4,"
	"\"answers\":[\"Ann\",\"Bo\",\"Cy\"],\"write_ins\":2,\"withdrawn\":[2],\"lot\":[3,1,2],"
	"\"layout\":\"accordion\",\"group_layout\":\"together\"},"
	"{\"id\":\"bridge\",\"title\":\"Bridge\",\"description\":\"Should it be built?\","
	"\"rule\":\"plurality-at-large\",\"seats\":1,\"min\":0,\"max\":1,"
	"\"answers\":[\"Yes\",\"No\"]}],"
	"\"groups\":[{\"name\":\"g1\",\"questions\":[\"mayor\"]},"
	"{\"name\":\"g2\",\"questions\":[\"bridge\"]}],"
	"\"styles\":[{\"name\":\"north\",\"groups\":[\"g1\",\"g2\"],\"area\":\"north\"},"
	"{\"name\":\"south\",\"groups\":[\"g2\"],\"area\":\"south\"}]}";

const char *whole_with(const char *from, const char *to)
{
	static char room[1 << 16];
	const char *at = strstr(whole, from);
	if (!at)
		fail_msg("'%s' is not in the whole manifest", from ? from : "");
	int len =
		snprintf(room, sizeof room, "%.*s%s%s", (int)(at - whole), whole, to, at + strlen(from));
	assert_true(len > 0 && (size_t)len < sizeof room);
	return room;
}

struct manifest *whole_read(const char *text)
{
	struct error err;
	struct manifest *m;
	error_clear(&err);
	arena_release(test_arena(), 0);
	assert_ok(manifest_read(&m, bytes_of_text(text), test_arena(), &err), err);
	return m;
}

void whole_refused(const char *text, enum error_kind kind, const char *place, const char *reason)
{
	struct error err;
	struct manifest *m;
	error_clear(&err);
	arena_release(test_arena(), 0);
	if (manifest_read(&m, bytes_of_text(text), test_arena(), &err))
		fail_msg("accepted, not refused at %s: %s", place, reason);
	if (err.kind != kind)
		fail_msg("%s: kind %s, not %s: %s %s", place, error_kind_name(err.kind),
		         error_kind_name(kind), err.what, err.detail);
	if (!strstr(err.detail, place))
		fail_msg("the error says '%s' '%s', not '%s'", err.what, err.detail, place);
	if (!strstr(err.detail, reason) && !strstr(err.what, reason))
		fail_msg("%s: the error says '%s' '%s', not '%s'", place, err.what, err.detail, reason);
}
