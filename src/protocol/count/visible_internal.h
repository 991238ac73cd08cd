/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names and sentences as people are to see them: what could hide or reorder its surroundings is
 * shown as U+FFFD, long names can be cut with an ellipsis, and in markup (HTML, SVG) & < > " ' are
 * escaped.
 */
#ifndef COUNT_VISIBLE_INTERNAL_H
#define COUNT_VISIBLE_INTERNAL_H

#include "count/count.h"
#include "count/writer_internal.h"

enum visible_form {
	VISIBLE_PLAIN,
	VISIBLE_MARKUP,
};

size_t visible_width(bytes b); /* columns of a terminal */
void visible_write(struct writer *w, bytes b, size_t most, enum visible_form form);

void visible_units(struct writer *w, units v, struct units_form form);
/* "Cy excluded, votes transferred: 2.00000"; very long ones end with an ellipsis. */
void visible_action(struct writer *w, const struct count_result *r, size_t stage,
                    enum visible_form form);
/* "a tie of Bo and Cy: decided by the declared lot"; only of a stage with a tie. */
void visible_tie(struct writer *w, const struct count_result *r, size_t stage,
                 enum visible_form form);

#endif
