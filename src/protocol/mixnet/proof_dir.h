/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of a proof directory: their names, their exact sizes, and the check that a folder has
 * exactly the right ones.
 *
 * Sizes: P-256, for N ciphertexts of width ω, k parties, threshold λ. With pre-computation
 *   (maxciph = N_0 > 0) the permutation commitment has N_0 elements and PoSC, KeepList and CCPoS
 *   files take the place of the PoS files.
 * Errors: MALFORMED with the file in `detail`.
 */
#ifndef MIXNET_PROOF_DIR_H
#define MIXNET_PROOF_DIR_H

#include "group/point.h"
#include "mixnet/session.h"

enum mix_type { MIX_MIXING, MIX_SHUFFLING, MIX_DECRYPTION };

enum mix_file {
	MIX_FILE_VERSION,
	MIX_FILE_TYPE,
	MIX_FILE_AUXSID,
	MIX_FILE_WIDTH,
	MIX_FILE_ACTIVETHRESHOLD,
	MIX_FILE_MAXCIPH,
	MIX_FILE_PUBLIC_KEY,
	MIX_FILE_POLYNOMIAL,
	MIX_FILE_INPUT,    /* Ciphertexts.bt */
	MIX_FILE_SHUFFLED, /* ShuffledCiphertexts.bt, type shuffling */
	MIX_FILE_PLAINTEXTS,
	MIX_FILE_CORRECT,
	/* from here one per party */
	MIX_FILE_LIST, /* proofs/CiphertextsNN.bt */
	MIX_FILE_PERMUTATION,
	MIX_FILE_POS_COMMITMENT,
	MIX_FILE_POS_REPLY,
	MIX_FILE_POSC_COMMITMENT,
	MIX_FILE_POSC_REPLY,
	MIX_FILE_KEEP,
	MIX_FILE_CCPOS_COMMITMENT,
	MIX_FILE_CCPOS_REPLY,
	MIX_FILE_FACTORS,
	MIX_FILE_DECRYPTION_COMMITMENT,
	MIX_FILE_DECRYPTION_REPLY,
	MIX_FILES
};

#define MIX_PATH_BYTES 48u
struct mix_path {
	char text[MIX_PATH_BYTES];
};
/* "proofs/Ciphertexts01.bt"; party 1…25 for the files of a party, 0 for the others. */
struct mix_path mix_path(enum mix_file file, unsigned party);
bool mix_file_of_party(enum mix_file file);
const char *mix_type_name(enum mix_type type); /* "mixing", "shuffling", "decryption" */

/* Everything that decides which files there are and how long each is. */
struct mix_layout {
	enum mix_type type;
	uint64_t n;                       /* ciphertexts */
	uint64_t n0;                      /* maxciph, or 0: no pre-computation */
	uint32_t activethreshold;         /* the last party that shuffled (type decryption: any) */
	bool shuffled[LIMIT_PARTIES + 1]; /* [party]: has a proof of shuffle here */
	uint32_t shuffles;                /* how many of them */
	bool stray_list;                  /* Verificatum's surplus Ciphertexts(λ).bt is there */
};

/* Bytes of a binary file; 0 for the text files. */
uint64_t mix_file_size(const struct mix_session *s, const struct mix_layout *l, enum mix_file file);
/* N from the size of a list; MALFORMED when no N fits, LIMIT above LIMIT_BALLOTS. N ≥ 1. */
bool mix_list_length(uint64_t *n, struct folder *f, const char *path, uint32_t width,
                     struct error *err) must_check;

/* Reads the text files and the names, finds N and who shuffled, and checks the whole file set with
 * all sizes: nothing missing, nothing else, nothing longer or shorter. auxsid and width must be the
 * session's. */
bool mix_layout_read(struct mix_layout *out, struct folder *f, const struct mix_session *s,
                     struct error *err) must_check;

/* The public key as the session's parties know it. */
struct mix_key {
	point y;
	point polynomial[LIMIT_PARTIES]; /* `threshold` entries, entry 0 = y */
};
bool mix_key_read(struct mix_key *out, struct folder *f, const struct mix_session *s,
                  struct error *err) must_check; /* G is G, y finite, y = entry 0 */
/* y_l = Σ l^i · entry i, the public share of party l. */
void mix_key_share_vartime(point *out, const struct mix_key *key, const struct mix_session *s,
                           unsigned party);

/* What a director writes: version, type, auxsid, width, activethreshold, key and polynomial.
 * Existing files with the same names are replaced. */
bool mix_dir_write(struct folder *f, const struct mix_session *s, const struct mix_key *key,
                   enum mix_type type, uint32_t activethreshold, struct error *err) must_check;

/*
 * Lists of points, column by column: a list of ciphertexts has 2ω columns (u_1…u_ω, v_1…v_ω), a
 * list of plaintexts ω. Blocks come in order, column after column; count ≤ MIX_BLOCK.
 */
#define MIX_BLOCK 4096u
enum mix_list { MIX_LIST_PLAINTEXTS, MIX_LIST_CIPHERTEXTS };
typedef bool mix_points_fn(void *ctx, unsigned column, uint64_t first, point *points, size_t count,
                           struct error *err);
/* fill writes `count` points of a column from `first` on. */
bool mix_list_write(struct folder *f, const char *path, enum mix_list kind, uint64_t n,
                    uint32_t width, mix_points_fn *fill, void *ctx, struct arena *scratch,
                    struct error *err) must_check;
/* visit is given them; every point is checked to be one. scratch: 1 MB. */
bool mix_list_read(struct folder *f, const char *path, enum mix_list kind, uint64_t n,
                   uint32_t width, mix_points_fn *visit, void *ctx, struct arena *scratch,
                   struct error *err) must_check;

#endif
