/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ballot_file.h"

#include "base/limits.h"
#include "count/blt.h"
#include "count/csv.h"
#include "count/lists.h"
#include "files/disk_folder.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_table(const char *path, bytes content)
{
	const char *dot = strrchr(path, '.');
	if (dot && strcasecmp(dot, ".blt") == 0)
		return false;
	if (dot && strcasecmp(dot, ".csv") == 0)
		return true;
	return content.len > 5 && memcmp(content.p, "count,", 6) == 0;
}

static bool read_lists(struct lists_file *out, const char *path, struct arena *arena,
                       struct error *err)
{
	bytes content;
	return operator_file_read(&content, path, LIMIT_PROFILE_BYTES, arena, err) &&
	       (lists_read(out, content, arena, err) || fail_within(err, path));
}

bool ballot_file_read(struct ballot_file *out, const char *path,
                      const struct ballot_file_options *options, struct arena *arena,
                      struct error *err)
{
	struct lists_file lists = {0};
	if (options->lists && !read_lists(&lists, options->lists, arena, err))
		return false;
	if (!operator_file_read(&out->content, path, LIMIT_PROFILE_BYTES, arena, err))
		return false;
	struct csv_options table = {
		.candidates = options->candidates,
		.candidates_count = options->candidates_count,
		.seats = options->seats,
		.gaps = options->gaps,
	};
	if (options->lists && !table.candidates) {
		table.candidates = lists.candidates;
		table.candidates_count = lists.count;
	}
	bool good = is_table(path, out->content)
	                ? csv_read(&out->profile, out->content, &table, arena, err)
	                : blt_read(&out->profile, out->content, arena, err);
	if (!good)
		return fail_within(err, path);
	if (options->lists && !lists_apply(&out->profile, &lists, arena, err))
		return fail_within(err, options->lists);
	if (options->seats)
		out->profile.seats = options->seats;
	return true;
}

bool ballot_file_check_seats(const struct profile *p, struct error *err)
{
	if (p->seats <= p->candidates_count)
		return true;
	char room[64];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, p->seats);
	text_add(&t, p->seats == 1 ? " seat, " : " seats, ");
	text_add_u64(&t, p->candidates_count);
	text_add(&t, p->candidates_count == 1 ? " candidate" : " candidates");
	return fail_detail(err, ERROR_REJECTED, "seats: more than there are candidates", ERROR_NOWHERE,
	                   room);
}

bool ballot_file_rule(struct count_rule *out, const char *name, const struct profile *profile,
                      const uint16_t *lot, unsigned lot_count, struct error *err)
{
	if (!count_rule_read(out, bytes_of_text(name), err))
		return false;
	out->lot = lot_count ? lot : profile->lot_count ? profile->lot : NULL;
	out->lot_count = lot_count ? lot_count : profile->lot_count;
	return true;
}
