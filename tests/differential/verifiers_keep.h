/* SPDX-License-Identifier: Apache-2.0 */
/* All files of a record, to come back to after each alteration. Include support.h first. */
#ifndef DIFFERENTIAL_VERIFIERS_KEEP_H
#define DIFFERENTIAL_VERIFIERS_KEEP_H

#include "unit/protocol/record/tally.h"

#include <stdlib.h>

struct kept_files {
	struct tally_files files;
	bytes *content;
};

static inline void keep(struct kept_files *k, struct urn *of)
{
	tally_files(&k->files, of->record);
	k->content = calloc(k->files.count + 1, sizeof *k->content);
	assert_non_null(k->content);
	for (size_t i = 0; i < k->files.count; i++)
		k->content[i] = urn_file(of, k->files.file[i].path);
}

/* The record as it was. */
static inline void restore(const struct kept_files *k, struct urn *of)
{
	struct error e;
	struct tally_files now;
	error_clear(&e);
	tally_files(&now, of->record);
	for (size_t i = 0; i < now.count; i++)
		assert_ok(of->record->remove(of->record, now.file[i].path, &e), e);
	free(now.file);
	for (size_t i = 0; i < k->files.count; i++)
		urn_write(of, k->files.file[i].path, k->content[i]);
}

static inline void forget_kept(struct kept_files *k)
{
	for (size_t i = 0; i < k->files.count; i++)
		free((void *)(uintptr_t)k->content[i].p);
	free(k->content);
	free(k->files.file);
}

#endif
