/* SPDX-License-Identifier: Apache-2.0 */
#include "ballot/verdict.h"

const char *verdict_name(enum verdict v)
{
	switch (v) {
	case VERDICT_VALID:
		return "valid";
	case VERDICT_BLANK:
		return "blank";
	case VERDICT_INVALID_BY_VOTER:
		return "invalid-by-voter";
	case VERDICT_REPEATED_RANK:
		return "repeated-rank";
	case VERDICT_MISSING_RANK:
		return "missing-rank";
	case VERDICT_TOO_FEW:
		return "too-few";
	case VERDICT_TOO_MANY:
		return "too-many";
	case VERDICT_MALFORMED_WRITE_IN:
		return "malformed-write-in";
	case VERDICT_REPEATED_WRITE_IN:
		return "repeated-write-in";
	case VERDICT_NOT_CANONICAL:
		return "not-canonical";
	case VERDICT_OUT_OF_RANGE:
		return "out-of-range";
	}
	return "unknown";
}
