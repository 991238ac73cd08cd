/* SPDX-License-Identifier: Apache-2.0 */
/* The exact set of names a record may have; proof directories check their own (mixnet/proof_dir.h).
 */
#ifndef RECORD_FILES_INTERNAL_H
#define RECORD_FILES_INTERNAL_H

#include "record/lists.h"

/* Nothing at the top, in endorse/ and in proof/ that does not belong there. MALFORMED names it. */
bool record_files_check(struct folder *record, const struct manifest *m,
                        struct error *err) must_check;

#endif
