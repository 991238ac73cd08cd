/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The choice of a back end: the only state of this module, and the only place that asks what the
 * processor has.
 */
#include "group/backend_internal.h"
#include "hash/sha2.h"

#ifdef __x86_64__
#include <cpuid.h>
#endif

static const struct group_backend *const all[] = {&group_backend_64, &group_backend_29};
static const struct group_backend *chosen = &group_backend_64;

const struct group_backend *group_backend(void)
{
	return chosen;
}

static bool has_sha_instructions(void)
{
#ifdef __x86_64__
	unsigned a, b, c, d;
	const unsigned ssse3_and_sse41 = 1u << 9 | 1u << 19, sha = 1u << 29;
	if (!__get_cpuid(1, &a, &b, &c, &d) || (c & ssse3_and_sse41) != ssse3_and_sse41)
		return false;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & sha);
#else
	return false;
#endif
}

bool group_init(const char *backend, struct error *err)
{
	if (has_sha_instructions())
		require(sha256_select(SHA256_INSTRUCTIONS));
	if (!backend) {
		chosen = all[0];
		return true;
	}
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (bytes_equal(bytes_of_text(backend), bytes_of_text(all[i]->name))) {
			chosen = all[i];
			return true;
		}
	}
	return fail_detail(err, ERROR_LIMIT, "group: no such back end on this machine", ERROR_NOWHERE,
	                   backend);
}

const char *group_backend_name(void)
{
	return chosen->name;
}
