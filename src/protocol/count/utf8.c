/* SPDX-License-Identifier: Apache-2.0 */
#include "count/utf8_internal.h"

bool utf8_next(bytes text, size_t *pos, uint32_t *code)
{
	if (*pos >= text.len)
		return false;
	const uint8_t *p = text.p + *pos;
	size_t rest = text.len - *pos, more = 0;
	uint32_t v = p[0], lowest = 0;
	if (v >= 0xc2 && v < 0xe0) {
		v &= 0x1f;
		more = 1;
		lowest = 0x80;
	} else if (v >= 0xe0 && v < 0xf0) {
		v &= 0x0f;
		more = 2;
		lowest = 0x800;
	} else if (v >= 0xf0 && v < 0xf5) {
		v &= 0x07;
		more = 3;
		lowest = 0x10000;
	} else if (v >= 0x80) {
		return false;
	}
	if (rest <= more)
		return false;
	for (size_t i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return false;
		v = v << 6 | (p[i] & 0x3fu);
	}
	if (v < lowest || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
		return false;
	*pos += more + 1;
	*code = v;
	return true;
}

bool utf8_is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
}

bool utf8_is_invisible(uint32_t code)
{
	return code == 0xad || code == 0x61c || (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x202a && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) ||
	       code == 0xfeff;
}

struct range {
	uint32_t first, last;
};

static bool within(uint32_t code, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

/* The scripts and symbols names are likely to use; what is missing is off by one column only. */
static const struct range zero_wide[] = {
	{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},   {0x64b, 0x65f},
	{0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
static const struct range double_wide[] = {
	{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},  {0xac00, 0xd7a3},
	{0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},  {0xffe0, 0xffe6},
	{0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

unsigned utf8_width(uint32_t code)
{
	if (within(code, zero_wide, sizeof zero_wide / sizeof *zero_wide))
		return 0;
	return within(code, double_wide, sizeof double_wide / sizeof *double_wide) ? 2 : 1;
}
