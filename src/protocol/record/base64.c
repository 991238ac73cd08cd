/* SPDX-License-Identifier: Apache-2.0 */
#include "record/base64_internal.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_add(struct text *out, bytes in)
{
	for (size_t i = 0; i < in.len; i += 3) {
		size_t have = in.len - i < 3 ? in.len - i : 3;
		uint32_t v = (uint32_t)in.p[i] << 16;
		if (have > 1)
			v |= (uint32_t)in.p[i + 1] << 8;
		if (have > 2)
			v |= in.p[i + 2];
		char four[5] = {digits[v >> 18], digits[v >> 12 & 63], digits[v >> 6 & 63], digits[v & 63]};
		for (size_t k = have + 1; k < 4; k++)
			four[k] = '=';
		text_add(out, four);
	}
}

static bool value_of(uint32_t *v, uint8_t c)
{
	for (*v = 0; *v < 64; (*v)++)
		if ((uint8_t)digits[*v] == c)
			return true;
	return false;
}

/* One group of four; `last` may be padded. Bits that stand for nothing must be zero. */
static bool decode_four(uint8_t out[static 3], size_t *have, const uint8_t *in, bool last)
{
	uint32_t v = 0, digit = 0;
	size_t pad = 0;
	if (last && in[3] == '=')
		pad = in[2] == '=' ? 2 : 1;
	for (size_t k = 0; k < 4 - pad; k++) {
		if (!value_of(&digit, in[k]))
			return false;
		v |= digit << (18 - 6 * k);
	}
	*have = 3 - pad;
	out[0] = (uint8_t)(v >> 16);
	out[1] = (uint8_t)(v >> 8);
	out[2] = (uint8_t)v;
	return (pad < 2 || out[1] == 0) && (pad < 1 || out[2] == 0);
}

bool base64_decode(uint8_t *out, size_t room, size_t *len, bytes in)
{
	*len = 0;
	if (in.len % 4 != 0)
		return false;
	for (size_t i = 0; i < in.len; i += 4) {
		uint8_t three[3];
		size_t have;
		if (!decode_four(three, &have, in.p + i, i + 4 == in.len) || have > room - *len)
			return false;
		memcpy(out + *len, three, have);
		*len += have;
	}
	return true;
}
