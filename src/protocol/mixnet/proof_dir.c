/* SPDX-License-Identifier: Apache-2.0 */
#include "mixnet/files_internal.h"

static const struct {
	const char *stem, *end;
	bool of_party;
} names[MIX_FILES] = {
	[MIX_FILE_VERSION] = {"version", "", false},
	[MIX_FILE_TYPE] = {"type", "", false},
	[MIX_FILE_AUXSID] = {"auxsid", "", false},
	[MIX_FILE_WIDTH] = {"width", "", false},
	[MIX_FILE_ACTIVETHRESHOLD] = {"proofs/activethreshold", "", false},
	[MIX_FILE_MAXCIPH] = {"proofs/maxciph", "", false},
	[MIX_FILE_PUBLIC_KEY] = {"FullPublicKey", ".bt", false},
	[MIX_FILE_POLYNOMIAL] = {"proofs/PolynomialInExponent", ".bt", false},
	[MIX_FILE_INPUT] = {"Ciphertexts", ".bt", false},
	[MIX_FILE_SHUFFLED] = {"ShuffledCiphertexts", ".bt", false},
	[MIX_FILE_PLAINTEXTS] = {"Plaintexts", ".bt", false},
	[MIX_FILE_CORRECT] = {"proofs/CorrectIndices", ".bt", false},
	[MIX_FILE_LIST] = {"proofs/Ciphertexts", ".bt", true},
	[MIX_FILE_PERMUTATION] = {"proofs/PermutationCommitment", ".bt", true},
	[MIX_FILE_POS_COMMITMENT] = {"proofs/PoSCommitment", ".bt", true},
	[MIX_FILE_POS_REPLY] = {"proofs/PoSReply", ".bt", true},
	[MIX_FILE_POSC_COMMITMENT] = {"proofs/PoSCCommitment", ".bt", true},
	[MIX_FILE_POSC_REPLY] = {"proofs/PoSCReply", ".bt", true},
	[MIX_FILE_KEEP] = {"proofs/KeepList", ".bt", true},
	[MIX_FILE_CCPOS_COMMITMENT] = {"proofs/CCPoSCommitment", ".bt", true},
	[MIX_FILE_CCPOS_REPLY] = {"proofs/CCPoSReply", ".bt", true},
	[MIX_FILE_FACTORS] = {"proofs/DecryptionFactors", ".bt", true},
	[MIX_FILE_DECRYPTION_COMMITMENT] = {"proofs/DecrFactCommitment", ".bt", true},
	[MIX_FILE_DECRYPTION_REPLY] = {"proofs/DecrFactReply", ".bt", true},
};

bool mix_file_of_party(enum mix_file file)
{
	return names[file].of_party;
}

struct mix_path mix_path(enum mix_file file, unsigned party)
{
	require(file < MIX_FILES && party <= LIMIT_PARTIES && (party > 0) == names[file].of_party);
	struct mix_path path;
	struct text t = TEXT_OF(path.text);
	text_add(&t, names[file].stem);
	if (party > 0 && party < 10)
		text_add(&t, "0");
	if (party > 0)
		text_add_u64(&t, party);
	text_add(&t, names[file].end);
	return path;
}

const char *mix_type_name(enum mix_type type)
{
	static const char *const type_names[] = {"mixing", "shuffling", "decryption"};
	return type_names[type];
}

uint64_t mix_list_bytes(enum mix_list kind, uint64_t n, uint32_t width)
{
	uint64_t half = wide_points_bytes(n, width);
	return kind == MIX_LIST_PLAINTEXTS ? half : TREE_HEADER_BYTES + 2 * half;
}

uint64_t mix_file_size(const struct mix_session *s, const struct mix_layout *l, enum mix_file file)
{
	uint64_t n = l->n, n0 = l->n0;
	uint64_t point_pair = TREE_HEADER_BYTES + 2 * wide_point_bytes(s->width);
	switch (file) {
	case MIX_FILE_PUBLIC_KEY:
		return points_tree_bytes(2);
	case MIX_FILE_POLYNOMIAL:
		return points_tree_bytes(s->threshold);
	case MIX_FILE_INPUT:
	case MIX_FILE_SHUFFLED:
	case MIX_FILE_LIST:
		return mix_list_bytes(MIX_LIST_CIPHERTEXTS, n, s->width);
	case MIX_FILE_PLAINTEXTS:
	case MIX_FILE_FACTORS:
		return mix_list_bytes(MIX_LIST_PLAINTEXTS, n, s->width);
	case MIX_FILE_CORRECT:
		return TREE_HEADER_BYTES + s->parties + 1;
	case MIX_FILE_PERMUTATION:
		return points_tree_bytes(n0 ? n0 : n);
	case MIX_FILE_POS_COMMITMENT:
		return TREE_HEADER_BYTES + 2 * points_tree_bytes(n) + 3 * POINT_TREE_BYTES + point_pair;
	case MIX_FILE_POS_REPLY:
		return TREE_HEADER_BYTES + 2 * scalars_tree_bytes(n) + 3 * SCALAR_TREE_BYTES +
		       wide_scalar_bytes(s->width);
	case MIX_FILE_POSC_COMMITMENT:
		return TREE_HEADER_BYTES + 2 * points_tree_bytes(n0) + 3 * POINT_TREE_BYTES;
	case MIX_FILE_POSC_REPLY:
		return TREE_HEADER_BYTES + 2 * scalars_tree_bytes(n0) + 3 * SCALAR_TREE_BYTES;
	case MIX_FILE_KEEP:
		return TREE_HEADER_BYTES + n0;
	case MIX_FILE_CCPOS_COMMITMENT:
		return TREE_HEADER_BYTES + POINT_TREE_BYTES + point_pair;
	case MIX_FILE_CCPOS_REPLY:
		return TREE_HEADER_BYTES + SCALAR_TREE_BYTES + wide_scalar_bytes(s->width) +
		       scalars_tree_bytes(n);
	case MIX_FILE_DECRYPTION_COMMITMENT:
		return TREE_HEADER_BYTES + POINT_TREE_BYTES + wide_point_bytes(s->width);
	case MIX_FILE_DECRYPTION_REPLY:
		return SCALAR_TREE_BYTES;
	case MIX_FILE_VERSION:
	case MIX_FILE_TYPE:
	case MIX_FILE_AUXSID:
	case MIX_FILE_WIDTH:
	case MIX_FILE_ACTIVETHRESHOLD:
	case MIX_FILE_MAXCIPH:
	case MIX_FILES:
		break;
	}
	return 0;
}

static bool length_of_list(uint64_t *n, uint64_t size, uint32_t width)
{
	uint64_t fixed = mix_list_bytes(MIX_LIST_CIPHERTEXTS, 0, width);
	uint64_t each = (uint64_t)2 * POINT_TREE_BYTES * width;
	if (size <= fixed || (size - fixed) % each != 0)
		return false;
	*n = (size - fixed) / each;
	return true;
}

bool mix_list_length(uint64_t *n, struct folder *f, const char *path, uint32_t width,
                     struct error *err)
{
	struct source *s = NULL;
	if (!f->open(f, path, &s, err))
		return false;
	uint64_t size = s->size;
	source_close(s);
	if (!length_of_list(n, size, width)) {
		fail(err, ERROR_MALFORMED, "file: no list of this width has its number of bytes", size);
		fail_within_index(err, "bytes", size);
		return fail_within(err, path);
	}
	return *n <= LIMIT_BALLOTS ||
	       fail_detail(err, ERROR_LIMIT, "file: more than 50,000,000 ballots", *n, path);
}

bool mix_open_sized(struct folder *f, const char *path, uint64_t size, struct source **out,
                    struct error *err)
{
	if (!f->open(f, path, out, err))
		return false;
	if ((*out)->size == size)
		return true;
	uint64_t got = (*out)->size;
	source_close(*out);
	*out = NULL;
	return mix_wrong_size(path, got, size, err);
}

bool mix_wrong_size(const char *name, uint64_t got, uint64_t size, struct error *err)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add(&t, name);
	text_add(&t, ": ");
	text_add_u64(&t, got);
	text_add(&t, " bytes, not ");
	text_add_u64(&t, size);
	return fail_detail(err, ERROR_MALFORMED,
	                   got < size ? "file: too short for its content"
	                              : "file: too long for its content",
	                   got, room);
}

bool mix_open(struct folder *f, const struct mix_session *s, const struct mix_layout *l,
              enum mix_file file, unsigned party, struct source **out, struct error *err)
{
	struct mix_path path = mix_path(file, party);
	return mix_open_sized(f, path.text, mix_file_size(s, l, file), out, err);
}
