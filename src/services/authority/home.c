/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/home.h"

#include "base/ct.h"
#include "json/write.h"

#define SEED_FILE_BYTES 65u /* 64 hex digits and a line feed */

static bool write_hex_file(struct folder *home, const char *path, const uint8_t secret[static 32],
                           struct error *err)
{
	char file[SEED_FILE_BYTES + 1];
	hex_encode(file, bytes_of(secret, 32));
	file[64] = '\n';
	bool good = folder_write(home, path, false, bytes_of(file, SEED_FILE_BYTES), err);
	wipe(file, sizeof file);
	return good || fail_within(err, path);
}

static bool read_hex_file(uint8_t secret[static 32], struct folder *home, const char *path,
                          struct error *err)
{
	uint8_t room[SEED_FILE_BYTES + 1];
	bytes file;
	if (!folder_read(home, path, room, sizeof room, &file, err))
		return fail_within(err, path);
	bool good = file.len == SEED_FILE_BYTES && file.p[64] == '\n' &&
	            hex_decode(secret, 32, bytes_of(file.p, 64));
	wipe(room, sizeof room);
	return good || fail_detail(err, ERROR_MALFORMED, "home: not 64 hex digits and a line feed",
	                           ERROR_NOWHERE, path);
}

bool home_create(struct folder *home, bytes operator_name, struct rng *rng, struct error *err)
{
	struct identity_secret key;
	struct json_writer w;
	bytes json;
	if (operator_name.len == 0)
		return fail(err, ERROR_REJECTED, "home: an authority needs the name of its operator",
		            ERROR_NOWHERE);
	if (!identity_generate(&key, rng, err))
		return false;
	json_writer_to_memory(&w, LIMIT_TEXT_BYTES * 8u, JSON_LINES);
	json_put_object(&w);
	json_put_key(&w, "operator");
	json_put_text_bytes(&w, operator_name);
	json_put_key(&w, "identity");
	json_put_hex(&w, BYTES_OF(key.pub));
	json_put_end(&w);
	bool good = json_writer_finish(&w, &json, err) &&
	            write_hex_file(home, "identity.key", key.seed, err) &&
	            folder_write(home, "identity.json", true, json, err);
	json_writer_free(&w);
	identity_wipe(&key);
	return good;
}

bool home_identity(struct identity_secret *out, struct folder *home, struct error *err)
{
	uint8_t seed[32];
	if (!read_hex_file(seed, home, "identity.key", err))
		return false;
	identity_from_seed(out, seed);
	wipe(seed, sizeof seed);
	return true;
}

bool home_read_public(struct manifest_authority *out, bytes json, struct arena *arena,
                      struct error *err)
{
	return manifest_identity_read(out, json, arena, err);
}

static void share_path(char out[static 32], const struct election_key *key)
{
	struct text t = {out, 32, 0, false};
	text_add(&t, "share-");
	text_add_hex(&t, bytes_of(key->eid.b, 8));
	text_add(&t, ".key");
	require(!t.cut);
}

/* The passphrase, or the home's own seal in its place. */
struct seal {
	char text[65];
	bytes passphrase;
	struct sealed_cost cost;
};

static bool seal_open(struct seal *s, struct folder *home, bytes passphrase, struct rng *make,
                      struct error *err)
{
	/* A random seal needs no stretching; a human's passphrase does. */
	static const struct sealed_cost cheap = {1, 8192};
	uint8_t random[32];
	s->passphrase = passphrase;
	s->cost = SEALED_COST_NORMAL;
	if (passphrase.len)
		return true;
	if (make && !home->exists(home, "seal.key") &&
	    !(rng_fill(make, random, sizeof random, err) &&
	      write_hex_file(home, "seal.key", random, err)))
		return false;
	if (!read_hex_file(random, home, "seal.key", err))
		return false;
	hex_encode(s->text, BYTES_OF(random));
	wipe(random, sizeof random);
	s->passphrase = bytes_of(s->text, 64);
	s->cost = cheap;
	return true;
}

bool home_save_share(struct folder *home, const struct election_key *key, unsigned index,
                     const secret_scalar *share, bytes passphrase, struct rng *rng,
                     struct error *err)
{
	char path[32];
	uint8_t file[SEALED_FILE_BYTES];
	struct seal seal;
	share_path(path, key);
	if (!seal_open(&seal, home, passphrase, rng, err))
		return false;
	struct key_share_lock lock = {seal.passphrase, seal.cost};
	bool good = key_share_seal(file, key, index, share, lock, rng, err) &&
	            folder_write(home, path, false, BYTES_OF(file), err);
	wipe(&seal, sizeof seal);
	return good;
}

/* Only to say what is wrong with a passphrase: the share is thrown away. */
static bool opens_without(struct folder *home, const struct election_key *key, unsigned index,
                          bytes file)
{
	struct seal seal;
	secret_scalar share;
	if (!home->exists(home, "seal.key") || !seal_open(&seal, home, BYTES_NONE, NULL, NULL))
		return false;
	bool good = key_share_open(&share, key, index, file, seal.passphrase, NULL);
	wipe(&seal, sizeof seal);
	wipe(&share, sizeof share);
	return good;
}

bool home_load_share(secret_scalar *out, struct folder *home, const struct election_key *key,
                     unsigned index, bytes passphrase, struct error *err)
{
	char path[32];
	uint8_t room[SEALED_FILE_BYTES + 1];
	bytes file;
	struct seal seal;
	share_path(path, key);
	if (!home->exists(home, path))
		return fail_detail(err, ERROR_IO, "home: no key share of this election is kept here",
		                   ERROR_NOWHERE, path);
	if (!passphrase.len && !home->exists(home, "seal.key"))
		return fail_detail(err, ERROR_REJECTED,
		                   "passphrase: the key share was sealed with one, and none is given",
		                   ERROR_NOWHERE, path);
	if (!folder_read(home, path, room, sizeof room, &file, err))
		return fail_within(err, path);
	if (!seal_open(&seal, home, passphrase, NULL, err))
		return false;
	bool good = key_share_open(out, key, index, file, seal.passphrase, err);
	wipe(&seal, sizeof seal);
	if (good)
		return true;
	if (passphrase.len && opens_without(home, key, index, file))
		return fail_detail(err, ERROR_REJECTED,
		                   "passphrase: the key share was sealed without one, but one is given",
		                   ERROR_NOWHERE, path);
	return fail_within(err, path);
}
