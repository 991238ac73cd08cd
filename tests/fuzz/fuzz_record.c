/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading of what a record's log is made of. The first byte chooses: an entry, a log file, a note,
 * a file of credentials. For any input: an entry that is read is written to the same bytes; a log
 * that is read has a tree over exactly its bytes, whatever was read before; a checkpoint that is
 * read is written to the same text, and signatures lie within the note; credentials that are read
 * ascend, and their records make up the file.
 */
#include "record/credentials.h"
#include "record/entry.h"
#include "record/note.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* SHA-256("eid"), as in tests/vectors/make_record.py. */
static const digest eid = {{0xa7, 0x34, 0x0e, 0x44, 0xc7, 0x47, 0xea, 0xc6, 0xbf, 0x34, 0xd5,
                            0x53, 0x7c, 0x3e, 0xd2, 0xed, 0x15, 0x3d, 0x05, 0xbf, 0x0e, 0x18,
                            0x55, 0xe0, 0x91, 0x48, 0xec, 0xbe, 0x49, 0xe2, 0x31, 0x8e}};

static const uint8_t seed[IDENTITY_SEED_BYTES] = {7};

/* A folder with one file, the input, and its signature where it is one of credentials. */
struct input {
	struct folder folder; /* first members */
	struct source source;
	bytes all;
	size_t at;
	const struct manifest *m; /* of credentials */
	uint64_t records;         /* read of them so far */
	uint8_t signature[TREE_HEADER_BYTES + IDENTITY_SIGNATURE_BYTES];
	bytes now; /* which of both is read */
};
static struct input *of_source(struct source *s)
{
	return (struct input *)((uint8_t *)s - offsetof(struct input, source));
}
/* In small pieces, so that every border of a window is met. */
static bool next(struct source *s, size_t want, bytes *out, struct error *err)
{
	struct input *in = of_source(s);
	size_t rest = in->now.len - in->at, most = 1 + in->at % 97;
	(void)err;
	want = want < most ? want : most;
	*out = bytes_of(in->now.p + in->at, want < rest ? want : rest);
	in->at += out->len;
	return true;
}
static void shut(struct source *s)
{
	(void)s;
}
/* The registrar signs whatever was read. */
static bytes sign_read(struct input *in)
{
	struct identity_secret key;
	uint8_t signature[IDENTITY_SIGNATURE_BYTES];
	struct tree_writer w = TREE_WRITER(in->signature);
	const struct credentials_facts facts = {sha256(in->all), in->records};
	digest statement = credentials_statement(in->m, &facts);
	identity_from_seed(&key, seed);
	identity_sign(signature, &key, BYTES_OF(statement.b));
	tree_write_leaf(&w, BYTES_OF(signature));
	return tree_written(&w);
}
static bool open_input(struct folder *f, const char *path, struct source **out, struct error *err)
{
	struct input *in = (struct input *)f;
	(void)err;
	in->at = 0;
	in->now = strcmp(path, CREDENTIALS_SIGNATURE) == 0 ? sign_read(in) : in->all;
	in->source = (struct source){"input", in->now.len, next, NULL, shut};
	*out = &in->source;
	return true;
}

static void read_entry(bytes in)
{
	uint8_t room[LIMIT_LOG_ENTRY_BYTES];
	struct entry e;
	struct error err;
	error_clear(&err);
	if (entry_read(&e, in, &eid, &err))
		require(bytes_equal(entry_write(room, &eid, &e), in));
	else
		require(err.kind == ERROR_MALFORMED || err.kind == ERROR_REJECTED ||
		        err.kind == ERROR_LIMIT);
}

static void read_log(bytes in)
{
	static uint8_t room[LOG_READER_BYTES + 2 * ARENA_ALIGN];
	struct input f = {.folder = {"fuzz", open_input, NULL, NULL, NULL, NULL}, .all = in};
	struct arena a;
	struct source *src;
	struct log_reader r;
	struct entry e;
	struct merkle tree;
	bool more = true;
	size_t at = 0;
	arena_init(&a, room, sizeof room);
	merkle_init(&tree);
	require(open_input(&f.folder, "", &src, NULL));
	require(log_reader_init(&r, src, &eid, &a, NULL));
	while (log_reader_next(&r, &e, &more, NULL) && more) {
		size_t len = (size_t)in.p[at] << 8 | in.p[at + 1];
		digest leaf = merkle_leaf(bytes_of(in.p + at + 2, len));
		merkle_append(&tree, &leaf);
		at += 2 + len;
		require(at <= in.len);
	}
	digest one = merkle_root(&r.tree), two = merkle_root(&tree);
	require(r.tree.size == tree.size && digest_equal(&one, &two));
}

static void read_note(bytes in)
{
	static struct note n;
	struct checkpoint c;
	char room[2 * CHECKPOINT_TEXT_MAX];
	struct text t = TEXT_OF(room);
	struct error err;
	error_clear(&err);
	if (!note_read(&n, in, &err)) {
		require(err.kind == ERROR_MALFORMED || err.kind == ERROR_LIMIT);
		return;
	}
	require(n.text.p == in.p && n.text.len < in.len);
	for (unsigned i = 0; i < n.signatures_count; i++)
		require(n.signatures[i].len > 0 && n.signatures[i].len <= NOTE_BLOB_MAX);
	if (checkpoint_read(&c, n.text, NULL)) {
		checkpoint_write(&t, &c);
		require(bytes_equal(bytes_of(t.p, t.len), n.text));
	}
}

struct counting {
	struct input *in;
	size_t bytes;
	uint8_t last[POINT_TREE_BYTES];
	const struct manifest *m;
};
static bool count(void *ctx, const struct credential *c, struct error *err)
{
	struct counting *k = ctx;
	(void)err;
	require(memcmp(k->last, c->key, sizeof k->last) < 0 && c->weight > 0);
	memcpy(k->last, c->key, sizeof k->last);
	k->in->records++;
	k->bytes += 5 + POINT_TREE_BYTES + 5 + k->m->styles[c->style].name.len + 9;
	return true;
}

static void read_credentials(bytes in)
{
	struct manifest_style styles[2] = {{.name = BYTES_LITERAL("north")},
	                                   {.name = BYTES_LITERAL("s")}};
	struct manifest m = {.styles = styles, .styles_count = 2, .weight_max = 5};
	struct input f = {.folder = {"fuzz", open_input, NULL, NULL, NULL, NULL}, .all = in, .m = &m};
	struct counting k = {.m = &m, .in = &f};
	struct credentials_facts facts;
	struct identity_secret key;
	struct error err;
	error_clear(&err);
	identity_from_seed(&key, seed);
	memcpy(m.registrar, key.pub, sizeof m.registrar);
	if (!credentials_read(&facts, &f.folder, &m, count, &k, &err)) {
		require(!strstr(err.detail, "signature")); /* it is right whenever the list is */
		return;
	}
	digest d = sha256(in);
	require(k.bytes == in.len && digest_equal(&d, &facts.file));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(bytes) = {read_entry, read_log, read_note, read_credentials};
	if (size == 0)
		return 0;
	readers[data[0] % 4](bytes_of(data + 1, size - 1));
	return 0;
}
