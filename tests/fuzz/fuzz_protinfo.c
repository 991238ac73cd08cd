/* SPDX-License-Identifier: Apache-2.0 */
/*
 * protInfo.xml: what is accepted is a valid session, and writing it and reading that again gives
 * the same parameters.
 */
#include "mixnet/protinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const struct mix_session *a, const struct mix_session *b)
{
	return bytes_equal(bytes_of_text(a->sid), bytes_of_text(b->sid)) && a->parties == b->parties &&
	       a->threshold == b->threshold && a->width == b->width && a->statdist == b->statdist &&
	       a->vbits == b->vbits && a->ebits == b->ebits && a->rohash == b->rohash &&
	       a->prg == b->prg;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char room[PROTINFO_ROOM];
	const char *operators[LIMIT_PARTIES];
	struct mix_session s, again;
	if (!protinfo_parse(&s, bytes_of(data, size), NULL))
		return 0;
	require(mix_session_validate(&s, NULL));
	for (size_t i = 0; i < LIMIT_PARTIES; i++)
		operators[i] = s.sid;
	struct text t = TEXT_OF(room);
	require(protinfo_write(&t, &s, operators, NULL));
	require(protinfo_parse(&again, bytes_of(room, t.len), NULL));
	require(same(&s, &again));
	return 0;
}
