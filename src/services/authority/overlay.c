/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/overlay_internal.h"

static bool overlay_open(struct folder *f, const char *path, struct source **out, struct error *err)
{
	struct overlay *o = (struct overlay *)f;
	struct folder *from = o->above->exists(o->above, path) ? o->above : o->below;
	return from->open(from, path, out, err);
}

static bool overlay_create(struct folder *f, const char *path, bool replace, struct sink **out,
                           struct error *err)
{
	struct overlay *o = (struct overlay *)f;
	return o->above->create(o->above, path, replace, out, err);
}

static bool overlay_exists(struct folder *f, const char *path)
{
	struct overlay *o = (struct overlay *)f;
	return o->above->exists(o->above, path) || o->below->exists(o->below, path);
}

static bool overlay_list(struct folder *f, const char *path, folder_visit_fn *visit, void *ctx,
                         struct error *err)
{
	struct overlay *o = (struct overlay *)f;
	return o->below->list(o->below, path, visit, ctx, err);
}

static bool overlay_remove(struct folder *f, const char *path, struct error *err)
{
	struct overlay *o = (struct overlay *)f;
	return o->above->remove(o->above, path, err);
}

void overlay_init(struct overlay *o, struct folder *below, struct folder *above)
{
	o->folder = (struct folder){.name = below->name,
	                            .open = overlay_open,
	                            .create = overlay_create,
	                            .exists = overlay_exists,
	                            .list = overlay_list,
	                            .remove = overlay_remove};
	o->below = below;
	o->above = above;
}
