/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/small_lists.h"

static bool became_small(const struct electorate_change *c, const struct manifest *m, unsigned list)
{
	return electorate_is_small(&c->after, m, list) &&
	       electorate_of_list(&c->after, m, list) != electorate_of_list(&c->before, m, list);
}

void small_lists_warn(const struct common_options *o, const struct manifest *m,
                      const struct electorate_change *c)
{
	for (unsigned l = 0; l < m->lists_count; l++) {
		char room[ELECTORATE_TEXT_BYTES];
		if (!became_small(c, m, l))
			continue;
		electorate_describe(room, &c->after, m, l);
		output_remark(o,
		              "Warning: with this change %s. As soon as one of them votes, no list of this "
		              "election can be opened: sign more voters or other weights before the log is "
		              "closed.",
		              room);
	}
}

void small_lists_put_json(struct json_writer *w, const struct manifest *m,
                          const struct electorate_change *c)
{
	json_put_key(w, "small_lists");
	json_put_array(w);
	for (unsigned l = 0; l < m->lists_count; l++) {
		char room[ELECTORATE_TEXT_BYTES];
		if (!became_small(c, m, l))
			continue;
		electorate_describe(room, &c->after, m, l);
		json_put_text(w, room);
	}
	json_put_end(w);
}
