/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What analysers that see one file at a time cannot know: fail() and its kin return false. Included
 * before every file by clang-tidy.sh and analyzer.sh, and by no build.
 */
#include "base/error.h"

#define fail(...) ((void)(fail)(__VA_ARGS__), false)
#define fail_detail(...) ((void)(fail_detail)(__VA_ARGS__), false)
#define fail_within(...) ((void)(fail_within)(__VA_ARGS__), false)
#define fail_within_index(...) ((void)(fail_within_index)(__VA_ARGS__), false)
