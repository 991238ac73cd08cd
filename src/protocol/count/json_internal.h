/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of a result's JSON (result_json.h) that another document has too. */
#ifndef COUNT_JSON_INTERNAL_H
#define COUNT_JSON_INTERNAL_H

#include "count/count.h"
#include "count/writer_internal.h"

void json_write_string(struct writer *w, bytes b);
void json_write_stages(struct writer *w, const struct count_result *r);
void json_write_tables(struct writer *w, const struct count_result *r);

#endif
