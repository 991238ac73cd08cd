/* SPDX-License-Identifier: Apache-2.0 */
#include "mixnet/files_internal.h"

#include "group/msm.h"

#define KEY_ROOM (TREE_HEADER_BYTES + POINT_TREE_BYTES * LIMIT_PARTIES)

static bool read_points(struct folder *f, enum mix_file file, point *out, uint32_t count,
                        struct error *err)
{
	uint8_t room[KEY_ROOM];
	struct mix_path path = mix_path(file, 0);
	bytes all, points;
	if (!folder_read(f, path.text, room, sizeof room, &all, err)) {
		if (err && err->kind == ERROR_LIMIT)
			err->kind = ERROR_MALFORMED;
		return false;
	}
	struct tree_reader r = TREE_READER(all);
	bool ok = tree_node(&r, count, err) &&
	          tree_raw(&r, &points, (size_t)count * POINT_TREE_BYTES, err) && tree_end(&r, err) &&
	          points_decode_tree(out, points, count, POINT_OR_INFINITY, err);
	return ok || fail_within(err, path.text);
}

bool mix_key_read(struct mix_key *out, struct folder *f, const struct mix_session *s,
                  struct error *err)
{
	point pair[2], g = point_generator();
	*out = (struct mix_key){0};
	if (!read_points(f, MIX_FILE_PUBLIC_KEY, pair, 2, err))
		return false;
	if (!point_equal(&pair[0], &g))
		return fail_detail(err, ERROR_MALFORMED, "key: not over the standard generator",
		                   ERROR_NOWHERE, "FullPublicKey.bt");
	if (point_is_infinity(&pair[1]))
		return fail_detail(err, ERROR_MALFORMED, "key: it is the point at infinity", ERROR_NOWHERE,
		                   "FullPublicKey.bt");
	if (!read_points(f, MIX_FILE_POLYNOMIAL, out->polynomial, s->threshold, err))
		return false;
	out->y = pair[1];
	return point_equal(&out->y, &out->polynomial[0]) ||
	       fail_detail(err, ERROR_MALFORMED, "key: the polynomial belongs to another key",
	                   ERROR_NOWHERE, "proofs/PolynomialInExponent.bt");
}

void mix_key_share_vartime(point *out, const struct mix_key *key, const struct mix_session *s,
                           unsigned party)
{
	scalar at = scalar_of_u64(party);
	*out = point_infinity();
	for (uint32_t i = s->threshold; i-- > 0;) {
		point_mul_vartime(out, &at, out);
		point_add(out, out, &key->polynomial[i]);
	}
}

static bool write_points(struct folder *f, enum mix_file file, const point *p, uint32_t count,
                         struct error *err)
{
	uint8_t room[KEY_ROOM];
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, count);
	mix_write_points(&w, p, count);
	struct mix_path path = mix_path(file, 0);
	return folder_write(f, path.text, true, tree_written(&w), err);
}

static bool write_text(struct folder *f, enum mix_file file, const char *text, struct error *err)
{
	struct mix_path path = mix_path(file, 0);
	return folder_write(f, path.text, true, bytes_of_text(text), err);
}

static bool write_number(struct folder *f, enum mix_file file, uint32_t value, struct error *err)
{
	char room[16];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, value);
	return write_text(f, file, room, err);
}

bool mix_dir_write(struct folder *f, const struct mix_session *s, const struct mix_key *key,
                   enum mix_type type, uint32_t activethreshold, struct error *err)
{
	point pair[2] = {point_generator(), key->y};
	return mix_session_validate(s, err) && write_text(f, MIX_FILE_VERSION, MIX_VERSION, err) &&
	       write_text(f, MIX_FILE_TYPE, mix_type_name(type), err) &&
	       write_text(f, MIX_FILE_AUXSID, s->auxsid, err) &&
	       write_number(f, MIX_FILE_WIDTH, s->width, err) &&
	       write_number(f, MIX_FILE_ACTIVETHRESHOLD, activethreshold, err) &&
	       write_points(f, MIX_FILE_PUBLIC_KEY, pair, 2, err) &&
	       write_points(f, MIX_FILE_POLYNOMIAL, key->polynomial, s->threshold, err);
}
