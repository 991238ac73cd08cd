/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors as values.
 *
 * What can fail returns bool (true = good) and takes a struct error * last. The error is made where
 * the facts are; upper layers add the place. Libraries never print: a program's loop does, once.
 *
 * REJECTED    a proof, signature or rule does not hold: somebody's statement is false
 * MALFORMED   bytes that are not what they claim to be: wrong shape, range, encoding, missing part
 * LIMIT       a declared bound is exceeded (base/limits.h, an arena, a policy of the manifest)
 * IO          the machine failed us: disk, permission, randomness
 * CONFLICT    it exists already, or in another version
 * UNAVAILABLE not there yet: a message of another authority, a file to come, a lock held
 * BUG         our own inconsistency; never for data from outside
 *
 * Memory: the caller owns the struct; `what` is a literal; `detail` is a bounded copy.
 * A NULL err is allowed everywhere and loses the text only.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>
#include <stdint.h>

#define must_check __attribute__((warn_unused_result))

enum error_kind {
	ERROR_NONE = 0,
	ERROR_REJECTED,
	ERROR_MALFORMED,
	ERROR_LIMIT,
	ERROR_IO,
	ERROR_CONFLICT,
	ERROR_UNAVAILABLE,
	ERROR_BUG,
};

#define ERROR_DETAIL_BYTES 256u
#define ERROR_NOWHERE UINT64_MAX /* the error has no index */

struct error {
	enum error_kind kind;
	const char *what;                /* "area: what is wrong", a literal */
	uint64_t at;                     /* index of the item, or ERROR_NOWHERE; for programs */
	char detail[ERROR_DETAIL_BYTES]; /* "place: place: value", outermost place first */
};

/* All three return false, so that `return fail(...)` reads as what it is. */
bool fail(struct error *err, enum error_kind kind, const char *what, uint64_t at);
bool fail_detail(struct error *err, enum error_kind kind, const char *what, uint64_t at,
                 const char *detail);
/* Puts a place in front of the detail: within(err, "Ciphertexts01.bt"). Kind and what stay. */
bool fail_within(struct error *err, const char *place);
bool fail_within_index(struct error *err, const char *place, uint64_t index);

void error_clear(struct error *err);
const char *error_kind_name(enum error_kind kind); /* "rejected", "malformed", … */

/*
 * require(cond): a programmer's error, on in release builds, never about data from outside.
 * Prints nothing itself: calls the hook (platform/host sets one that writes file and line), traps.
 */
typedef void require_hook(const char *cond, const char *file, int line);
void require_set_hook(require_hook *hook);
_Noreturn void require_failed(const char *cond, const char *file, int line);
#define require(cond) ((cond) ? (void)0 : require_failed(#cond, __FILE__, __LINE__))

#endif
