/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file at a path of the operator's, outside of any folder of ours: it appears whole, durably, or
 * not at all, and never replaces another. Meanwhile it is PATH.PROCESS.part beside it.
 *
 * Errors: CONFLICT when there is a file of this name; IO.
 */
#ifndef CLI_OUT_FILE_H
#define CLI_OUT_FILE_H

#include "base/seams.h"

bool out_file_create(struct sink **out, const char *path, struct error *err) must_check;

#endif
