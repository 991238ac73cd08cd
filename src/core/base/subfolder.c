/* SPDX-License-Identifier: Apache-2.0 */
#include "base/subfolder.h"

struct full_path {
	char text[SUBFOLDER_PATH_BYTES];
};

static bool join(struct full_path *out, const struct subfolder *s, const char *path,
                 struct error *err)
{
	struct text t = TEXT_OF(out->text);
	text_add(&t, s->prefix);
	if (path[0])
		text_add(&t, "/");
	text_add(&t, path);
	return !t.cut || fail_detail(err, ERROR_LIMIT, "folder: a path that is too long", t.len, path);
}

static bool sub_open(struct folder *f, const char *path, struct source **out, struct error *err)
{
	struct subfolder *s = (struct subfolder *)f;
	struct full_path full;
	return join(&full, s, path, err) && s->parent->open(s->parent, full.text, out, err);
}

static bool sub_create(struct folder *f, const char *path, bool replace, struct sink **out,
                       struct error *err)
{
	struct subfolder *s = (struct subfolder *)f;
	struct full_path full;
	return join(&full, s, path, err) && s->parent->create(s->parent, full.text, replace, out, err);
}

static bool sub_exists(struct folder *f, const char *path)
{
	struct subfolder *s = (struct subfolder *)f;
	struct full_path full;
	return join(&full, s, path, NULL) && s->parent->exists(s->parent, full.text);
}

static bool sub_list(struct folder *f, const char *path, folder_visit_fn *visit, void *ctx,
                     struct error *err)
{
	struct subfolder *s = (struct subfolder *)f;
	struct full_path full;
	return join(&full, s, path, err) && s->parent->list(s->parent, full.text, visit, ctx, err);
}

static bool sub_remove(struct folder *f, const char *path, struct error *err)
{
	struct subfolder *s = (struct subfolder *)f;
	struct full_path full;
	return join(&full, s, path, err) && s->parent->remove(s->parent, full.text, err);
}

bool subfolder_init(struct subfolder *s, struct folder *parent, const char *path, struct error *err)
{
	struct text t = TEXT_OF(s->prefix);
	text_add(&t, path);
	if (t.cut)
		return fail_detail(err, ERROR_LIMIT, "folder: a path that is too long", t.len, path);
	s->parent = parent;
	s->folder = (struct folder){.name = s->prefix,
	                            .open = sub_open,
	                            .create = sub_create,
	                            .exists = sub_exists,
	                            .list = sub_list,
	                            .remove = sub_remove};
	return true;
}
