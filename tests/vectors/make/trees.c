/* SPDX-License-Identifier: Apache-2.0 */
/* docs/protocol.md 2, 6.2, 9.1, 9.2: byte trees, oracle and generator, points of a session. */
#include "support/support.h"

#include "vectors/make/vectors.h"

#include "elgamal/elgamal.h"
#include "group/generators.h"
#include "hash/oracle.h"
#include "identity/words.h"
#include "mixnet/session.h"

#include <string.h>

#define ROOM 2048u

static json_t *file;

static void tree(const char *name, const char *means, const struct tree_writer *w)
{
	json_t *v = vector(file, "tree", name);
	put_text(v, "means", means);
	put_hex(v, "tree", tree_written(w));
}

static void write_points(struct tree_writer *w, const point *p, uint32_t n)
{
	uint8_t raw[8 * POINT_TREE_BYTES];
	assert_true(n <= 8);
	points_encode_tree(raw, p, n);
	tree_write_raw(w, bytes_of(raw, n * POINT_TREE_BYTES));
}

static void small_trees(void)
{
	uint8_t room[ROOM], raw[SCALAR_TREE_BYTES];
	struct tree_writer w = TREE_WRITER(room);
	tree_write_leaf(&w, BYTES_NONE);
	tree("empty leaf", "leaf()", &w);
	w = TREE_WRITER(room);
	tree_write_node(&w, 2);
	tree_write_leaf(&w, BYTES_LITERAL("\x01\x02\x03"));
	tree_write_node(&w, 1);
	tree_write_leaf(&w, BYTES_LITERAL("urna"));
	tree("nested", "node(leaf(010203), node(text \"urna\"))", &w);
	w = TREE_WRITER(room);
	tree_write_u32(&w, 258);
	tree("int", "int 258", &w);
	w = TREE_WRITER(room);
	tree_write_leaf(&w, BYTES_LITERAL("\0\0\0\1\0\0\0\2"));
	tree("u64", "u64 4294967298", &w);
	w = TREE_WRITER(room);
	tree_write_leaf(&w, BYTES_LITERAL("\xc3\xa4"));
	tree("text", "text \"ä\"", &w);
	w = TREE_WRITER(room);
	tree_write_leaf(&w, BYTES_LITERAL("\1\0\1"));
	tree("flags", "flags 1, 0, 1", &w);
	scalar minus_one;
	scalar_neg(&minus_one, &scalar_one);
	scalars_encode_tree(raw, &minus_one, 1);
	w = TREE_WRITER(room);
	tree_write_raw(&w, BYTES_OF(raw));
	tree("largest scalar", "scalar q - 1", &w);
}

/* 1·G … n·G */
static void multiples(point *p, uint32_t n)
{
	const point g = point_generator();
	p[0] = g;
	for (uint32_t i = 1; i < n; i++)
		point_add(&p[i], &p[i - 1], &g);
}

static void trees_of_points(void)
{
	uint8_t room[ROOM];
	point p[8];
	const point infinity = point_infinity();
	multiples(p, 8);
	struct tree_writer w = TREE_WRITER(room);
	write_points(&w, p, 1);
	tree("generator", "point G", &w);
	w = TREE_WRITER(room);
	write_points(&w, &infinity, 1);
	tree("infinity", "point ∞", &w);
	w = TREE_WRITER(room);
	tree_write_node(&w, 3);
	write_points(&w, p, 3);
	tree("points", "list of points G, 2G, 3G; also a list of plaintexts", &w);
	w = TREE_WRITER(room);
	tree_write_node(&w, 2);
	write_points(&w, p, 2);
	tree("ciphertext", "ciphertext (G, 2G)", &w);
	w = TREE_WRITER(room);
	tree_write_node(&w, 2);
	for (unsigned half = 0; half < 2; half++) {
		tree_write_node(&w, 2);
		write_points(&w, p + 2 * half, 2);
	}
	tree("ciphertexts of width 1", "list of the ciphertexts (G, 3G), (2G, 4G)", &w);
	w = TREE_WRITER(room);
	tree_write_node(&w, 2);
	for (unsigned half = 0; half < 2; half++) {
		tree_write_node(&w, 2);
		for (unsigned j = 0; j < 2; j++) {
			tree_write_node(&w, 2);
			write_points(&w, p + 4 * half + 2 * j, 2);
		}
	}
	tree("ciphertexts of width 2",
	     "list of the ciphertexts ((G, 3G), (5G, 7G)), ((2G, 4G), (6G, 8G))", &w);
}

static void streams(void)
{
	uint8_t seed[32], stream[80], out[48];
	for (unsigned i = 0; i < sizeof seed; i++)
		seed[i] = (uint8_t)i;
	struct prg g;
	json_t *v = vector(file, "prg", "PRG over SHA-256");
	prg_init(&g, HASH_SHA256, seed);
	prg_read(&g, stream, sizeof stream);
	put_hex(v, "seed", BYTES_OF(seed));
	put_hex(v, "output", BYTES_OF(stream));
	static const unsigned bits[] = {256, 384, 35, 356, 1};
	for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
		struct oracle o;
		size_t len = (bits[i] + 7) / 8;
		v = vector(file, "oracle", "random oracle");
		oracle_init(&o, HASH_SHA256, bits[i]);
		oracle_update(&o, BYTES_LITERAL("urna"));
		oracle_finish(&o, out);
		put_int(v, "bits", bits[i]);
		put_hex(v, "input", BYTES_LITERAL("urna"));
		put_hex(v, "output", bytes_of(out, len));
		v = vector(file, "integers", "integers of a stream, one after another");
		prg_init(&g, HASH_SHA256, seed);
		put_hex(v, "seed", BYTES_OF(seed));
		put_int(v, "bits", bits[i]);
		json_t *list = put_array(v, "output");
		for (unsigned k = 0; k < 3; k++) {
			prg_read_integer(&g, out, bits[i]);
			add_hex(list, bytes_of(out, len));
		}
	}
}

/* rho and the generators of one list of an invented election. */
static void sessions(void)
{
	struct mix_session s;
	struct error err;
	struct oracle o;
	struct prg stream;
	uint8_t rho[HASH_MAX_BYTES], seed[32], room[1024];
	char sid[69] = "urna";
	point h[16];
	memset(sid + 4, 'e', 64);
	assert_ok(mix_session_init(&s, bytes_of(sid, 68), BYTES_LITERAL("l1"), 3, 2, &err), err);
	mix_rho(rho, &s);
	json_t *v = vector(file, "generators", "prefix and generators of a list");
	put_text(v, "sid", s.sid);
	put_text(v, "auxsid", "l1");
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, 8);
	tree_write_leaf(&w, BYTES_LITERAL("3.1.0"));
	char full[80];
	struct text t = TEXT_OF(full);
	text_add(&t, s.sid);
	text_add(&t, ".l1");
	tree_write_leaf(&w, bytes_of(full, t.len));
	tree_write_u32(&w, 100);
	tree_write_u32(&w, 256);
	tree_write_u32(&w, 256);
	tree_write_leaf(&w, BYTES_LITERAL("SHA-256"));
	tree_write_leaf(&w, BYTES_LITERAL(MIX_PGROUP));
	tree_write_leaf(&w, BYTES_LITERAL("SHA-256"));
	const digest again = sha256(tree_written(&w));
	assert_memory_equal(again.b, rho, 32);
	put_hex(v, "rho_input", tree_written(&w));
	put_hex(v, "rho", bytes_of(rho, 32));
	w = TREE_WRITER(room);
	tree_write_leaf(&w, BYTES_LITERAL("generators"));
	oracle_init(&o, HASH_SHA256, 256);
	oracle_update(&o, bytes_of(rho, 32));
	oracle_update(&o, tree_written(&w));
	oracle_finish(&o, seed);
	put_hex(v, "seed", BYTES_OF(seed));
	prg_init(&stream, HASH_SHA256, seed);
	size_t found = generators_from_candidates(h, &stream, 100, 0, 16);
	assert_true(found >= 4 && found < 16);
	put_int(v, "candidates", 16);
	json_t *list = put_array(v, "points");
	for (size_t i = 0; i < found; i++) {
		uint8_t raw[POINT_TREE_BYTES];
		points_encode_tree(raw, &h[i], 1);
		add_hex(list, BYTES_OF(raw));
	}
}

static void messages(void)
{
	static const uint8_t fill[] = {0x00, 0x01, 0x55, 0xa7, 0xff};
	struct error err;
	for (size_t i = 0; i < sizeof fill; i++) {
		uint8_t message[MESSAGE_BYTES];
		point p;
		memset(message, fill[i], sizeof message);
		assert_ok(message_encode(&p, message, &err), err);
		json_t *v = vector(file, "message", "28 bytes as a point");
		put_hex(v, "message", BYTES_OF(message));
		put_point(v, "point", &p);
		point other;
		uint8_t out[MESSAGE_BYTES];
		point_neg(&other, &p);
		assert_false(message_decode_canonical(out, &other));
		assert_true(message_decode_canonical(out, &p));
		put_point(v, "not_canonical", &other);
	}
}

static void fingerprints(void)
{
	const digest d = sha256(BYTES_LITERAL("urna"));
	char words[WORDS_TEXT_BYTES];
	words_encode(words, d.b);
	json_t *v = vector(file, "words", "a fingerprint as words");
	put_digest(v, "digest", &d);
	put_text(v, "words", words);
}

json_t *vectors_trees(void)
{
	file = vector_file("docs/protocol.md 2, 5, 6.2, 9.1, 9.2: byte trees, generator and oracle, "
	                   "points of a session, messages as points, fingerprints");
	small_trees();
	trees_of_points();
	streams();
	sessions();
	messages();
	fingerprints();
	return file;
}
