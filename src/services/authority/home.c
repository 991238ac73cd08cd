/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/home.h"

#include "base/ct.h"
#include "files/disk_folder.h"
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

static bool write_public(struct folder *home, bytes operator_name,
                         const struct identity_secret *key, struct error *err)
{
	struct json_writer w;
	bytes json;
	json_writer_to_memory(&w, LIMIT_TEXT_BYTES * 8u, JSON_LINES);
	json_put_object(&w);
	json_put_key(&w, "operator");
	json_put_text_bytes(&w, operator_name);
	json_put_key(&w, "identity");
	json_put_hex(&w, BYTES_OF(key->pub));
	json_put_end(&w);
	bool good =
		json_writer_finish(&w, &json, err) && folder_write(home, "identity.json", true, json, err);
	json_writer_free(&w);
	return good;
}

bool home_create(struct folder *home, bytes operator_name, struct rng *rng, struct error *err)
{
	struct identity_secret key;
	if (operator_name.len == 0)
		return fail(err, ERROR_REJECTED, "home: an authority needs the name of its operator",
		            ERROR_NOWHERE);
	if (!identity_generate(&key, rng, err))
		return false;
	bool good = write_hex_file(home, "identity.key", key.seed, err) &&
	            write_public(home, operator_name, &key, err);
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

#define HOME_PATH_BYTES 40u

static void home_path(char out[static HOME_PATH_BYTES], const char *kind,
                      const struct election_key *key, const char *ending)
{
	struct text t = {out, HOME_PATH_BYTES, 0, false};
	text_add(&t, kind);
	text_add_hex(&t, bytes_of(key->eid.b, 8));
	text_add(&t, ending);
	require(!t.cut);
}

static void share_path(char out[static HOME_PATH_BYTES], const struct election_key *key)
{
	home_path(out, "share-", key, ".key");
}

static void destroyed_path(char out[static HOME_PATH_BYTES], const struct election_key *key)
{
	home_path(out, "destroyed-", key, ".bt");
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
	char path[HOME_PATH_BYTES];
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
	char path[HOME_PATH_BYTES], word[HOME_PATH_BYTES];
	uint8_t room[SEALED_FILE_BYTES + 1];
	bytes file;
	struct seal seal;
	share_path(path, key);
	destroyed_path(word, key);
	if (home->exists(home, word))
		return fail_detail(err, ERROR_REJECTED,
		                   "home: this authority destroyed its key share of this election",
		                   ERROR_NOWHERE, word);
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

/* --- ceremonies --- */

static void past_path(char out[static HOME_PATH_BYTES], const digest *d)
{
	struct text t = {out, HOME_PATH_BYTES, 0, false};
	text_add(&t, "ceremony-");
	text_add_hex(&t, bytes_of(d->b, 8));
	require(!t.cut);
}

bool home_ceremony_past(struct ceremony_past *out, struct folder *home, const digest *d,
                        unsigned parties, struct error *err)
{
	char path[HOME_PATH_BYTES];
	uint8_t room[CEREMONY_PAST_BYTES + 1];
	bytes file;
	past_path(path, d);
	memset(out, 0, sizeof *out);
	if (!home->exists(home, path))
		return true;
	return (folder_read(home, path, room, sizeof room, &file, err) &&
	        ceremony_past_read(out, file, d, parties, err)) ||
	       fail_within(err, path);
}

bool home_keep_ceremony_past(struct folder *home, const struct ceremony_past *past, const digest *d,
                             unsigned parties, struct error *err)
{
	char path[HOME_PATH_BYTES];
	uint8_t room[CEREMONY_PAST_BYTES];
	past_path(path, d);
	return folder_write(home, path, true, ceremony_past_write(room, past, d, parties), err) ||
	       fail_within(err, path);
}

bool home_is_for_key(struct folder *home, const struct election_key *key, struct error *err)
{
	struct ceremony_past past;
	if (!home_ceremony_past(&past, home, &key->d, key->parties, err))
		return false;
	return !past.finished || digest_equal(&past.eid, &key->eid) ||
	       fail_detail(err, ERROR_CONFLICT,
	                   "home: this authority finished the ceremony of this manifest with another "
	                   "key; it works for one only",
	                   ERROR_NOWHERE, home->name);
}

/* What a lost home had begun is not known: no ceremony of this manifest but the one finished. */
static bool note_finished(struct folder *home, const struct election_key *key, struct error *err)
{
	struct ceremony_past past;
	if (!home_ceremony_past(&past, home, &key->d, key->parties, err))
		return false;
	if (past.finished)
		return true;
	past = (struct ceremony_past){.begun = LIMIT_ATTEMPTS, .eid = key->eid, .finished = true};
	memcpy(past.qualified, key->qualified, sizeof past.qualified);
	return home_keep_ceremony_past(home, &past, &key->d, key->parties, err);
}

/* --- a share that comes back --- */

#define UNUSED "never closed\n"
#define KNOWS_NOTHING "closed or not\n"

static void restored_path(char out[static HOME_PATH_BYTES], const struct election_key *key)
{
	home_path(out, "restored-", key, "");
}

/* What cannot be read is taken for the stricter one. */
enum home_past home_past(struct folder *home, const struct election_key *key)
{
	char path[HOME_PATH_BYTES];
	uint8_t room[32];
	bytes said;
	restored_path(path, key);
	if (!home || !home->exists(home, path))
		return HOME_KNOWS;
	return folder_read(home, path, room, sizeof room, &said, NULL) &&
	               bytes_equal(said, BYTES_LITERAL(UNUSED))
	           ? HOME_RESTORED_UNUSED
	           : HOME_RESTORED;
}

static bool is_empty_or_its_own(struct folder *home, const struct home_restored *r,
                                struct error *err)
{
	uint8_t mine[32];
	if (!home->exists(home, "identity.key"))
		return true;
	if (!read_hex_file(mine, home, "identity.key", err))
		return false;
	bool good = ct_equal(mine, r->backup->seed, sizeof mine);
	wipe(mine, sizeof mine);
	return good || fail_detail(err, ERROR_CONFLICT,
	                           "home: it is another authority's; give an empty folder, or its own",
	                           ERROR_NOWHERE, home->name);
}

static bool restore_identity(struct folder *home, const struct home_restored *r, struct error *err)
{
	struct identity_secret key;
	identity_from_seed(&key, r->backup->seed);
	bool good =
		home->exists(home, "identity.key") || write_hex_file(home, "identity.key", key.seed, err);
	good = good &&
	       (home->exists(home, "identity.json") || write_public(home, r->operator_name, &key, err));
	identity_wipe(&key);
	return good;
}

/* Before anything else is there: no home may act as this authority that does not know it is new. */
static bool note_restoring(struct folder *home, const struct home_restored *r, struct error *err)
{
	char path[HOME_PATH_BYTES];
	restored_path(path, r->key);
	if (home->exists(home, path) && !r->never_closed)
		return true;
	return folder_write(home, path, true,
	                    r->never_closed ? BYTES_LITERAL(UNUSED) : BYTES_LITERAL(KNOWS_NOTHING),
	                    err);
}

static bool is_kept_already(struct folder *home, const struct home_restored *r, struct error *err)
{
	secret_scalar kept;
	bool good = home_load_share(&kept, home, r->key, r->index, r->passphrase, err);
	secret_scalar_wipe(&kept);
	/* It fits the public share, as the backup's does: so it is the same. */
	if (!good && err)
		err->kind = ERROR_CONFLICT;
	return good || fail_within(err, "a share that is there already");
}

bool home_restore(struct folder *home, const struct home_restored *r, struct rng *rng,
                  struct error *err)
{
	char share[HOME_PATH_BYTES], word[HOME_PATH_BYTES];
	share_path(share, r->key);
	destroyed_path(word, r->key);
	if (home->exists(home, word))
		return fail_detail(err, ERROR_CONFLICT,
		                   "home: this authority destroyed its key share of this election",
		                   ERROR_NOWHERE, word);
	if (!is_empty_or_its_own(home, r, err) ||
	    (home->exists(home, share) && !is_kept_already(home, r, err)))
		return false;
	return home_is_for_key(home, r->key, err) && note_restoring(home, r, err) &&
	       note_finished(home, r->key, err) && restore_identity(home, r, err) &&
	       (home->exists(home, share) ||
	        home_save_share(home, r->key, r->index, &r->backup->share, r->passphrase, rng, err));
}

/* --- the end of a share --- */

static bool see_share(void *ctx, const struct folder_entry *entry, struct error *err)
{
	bool *any = ctx;
	(void)err;
	*any = *any || strncmp(entry->name, "share-", 6) == 0;
	return true;
}

static bool erase_seal(struct folder *home, struct error *err)
{
	bool in_use = false;
	return home->list(home, "", see_share, &in_use, err) &&
	       (in_use || disk_folder_erase(home, "seal.key", err));
}

bool home_destroy_share(uint8_t word[static KEY_DESTROYED_BYTES], struct folder *home,
                        const struct election_key *key, unsigned index, struct error *err)
{
	char share[HOME_PATH_BYTES], path[HOME_PATH_BYTES];
	struct identity_secret identity;
	share_path(share, key);
	destroyed_path(path, key);
	if (!home->exists(home, share) && !home->exists(home, path))
		return fail_detail(err, ERROR_IO, "home: no key share of this election is kept here",
		                   ERROR_NOWHERE, share);
	if (!home_identity(&identity, home, err))
		return false;
	key_destroyed_make(word, key, index, &identity);
	identity_wipe(&identity);
	return folder_write(home, path, true, bytes_of(word, KEY_DESTROYED_BYTES), err) &&
	       disk_folder_erase(home, share, err) && erase_seal(home, err);
}
