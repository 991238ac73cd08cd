/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include "base/bytes.h"

bool fail(struct error *err, enum error_kind kind, const char *what, uint64_t at)
{
	return fail_detail(err, kind, what, at, "");
}

bool fail_detail(struct error *err, enum error_kind kind, const char *what, uint64_t at,
                 const char *detail)
{
	if (!err)
		return false;
	/* The detail may be the error's own (a kind being changed on the way up): made aside first. */
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add(&t, detail);
	memcpy(err->detail, room, t.len + 1);
	err->kind = kind;
	err->what = what;
	err->at = at;
	return false;
}

static bool put_in_front(struct error *err, const char *place, const uint64_t *index)
{
	/* When it gets too long the innermost end is lost: the outer places say where to look. */
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add(&t, place);
	if (index) {
		text_add(&t, " ");
		text_add_u64(&t, *index);
	}
	if (err->detail[0]) {
		text_add(&t, ": ");
		text_add(&t, err->detail);
	}
	memcpy(err->detail, room, t.len + 1);
	return false;
}

bool fail_within(struct error *err, const char *place)
{
	return err ? put_in_front(err, place, NULL) : false;
}

bool fail_within_index(struct error *err, const char *place, uint64_t index)
{
	return err ? put_in_front(err, place, &index) : false;
}

void error_clear(struct error *err)
{
	if (!err)
		return;
	err->kind = ERROR_NONE;
	err->what = NULL;
	err->at = ERROR_NOWHERE;
	err->detail[0] = '\0';
}

const char *error_kind_name(enum error_kind kind)
{
	switch (kind) {
	case ERROR_NONE:
		return "none";
	case ERROR_REJECTED:
		return "rejected";
	case ERROR_MALFORMED:
		return "malformed";
	case ERROR_LIMIT:
		return "limit";
	case ERROR_IO:
		return "io";
	case ERROR_CONFLICT:
		return "conflict";
	case ERROR_UNAVAILABLE:
		return "unavailable";
	case ERROR_BUG:
		return "bug";
	}
	return "unknown";
}

/* Set once at the start of a program, before it makes threads. */
static require_hook *hook_of_program;

void require_set_hook(require_hook *hook)
{
	hook_of_program = hook;
}

_Noreturn void require_failed(const char *cond, const char *file, int line)
{
	if (hook_of_program)
		hook_of_program(cond, file, line);
	__builtin_trap();
}
