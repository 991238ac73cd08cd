/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decryptions by Verificatum's mix servers, repeated byte for byte with the known shares and with
 * the nonces that follow from the recorded replies.
 */
#include "unit/protocol/mixnet/recorded.h"

#include "files/memory_folder.h"

#include <stdlib.h>

static void read_shares(struct world *w, const char *root)
{
	const char *at = text_of(root, "shares.txt");
	at = strchr(at, '\n');
	for (unsigned p = 1; p <= w->session.parties; p++) {
		uint8_t raw[32];
		at = strchr(at, ' ');
		assert_non_null(at);
		assert_true(next_number(&at, raw));
		assert_true(scalar_decode(&w->share[p].secret, raw));
	}
}

static void copy_file(struct folder *to, struct folder *from, const char *path)
{
	bytes content = world_read(from, path);
	world_write(to, path, content);
}

static void same_files(struct folder *a, struct folder *b, struct mix_path path)
{
	bytes x = world_read(a, path.text), y = world_read(b, path.text);
	if (!bytes_equal(x, y))
		fail_msg("%s differs", path.text);
}

/* A generator that gives one scalar: scalar_random reduces 48 bytes. */
struct fixed_rng {
	struct rng rng;
	uint8_t value[32];
};

static bool give_fixed(struct rng *rng, uint8_t *out, size_t len, struct error *err)
{
	(void)err;
	const struct fixed_rng *f = (struct fixed_rng *)(void *)rng;
	assert_true(len >= 32);
	memset(out, 0, len);
	memcpy(out + len - 32, f->value, 32);
	return true;
}

/* r_l = k_l + x_l·μ⁻¹·v */
static void nonce_of(struct fixed_rng *out, struct recorded_proof *p, unsigned party)
{
	uint8_t raw[38];
	scalar k, v, mu, r;
	bytes reply = world_read(p->w.folder, mix_path(MIX_FILE_DECRYPTION_REPLY, party).text);
	assert_int_equal(reply.len, sizeof raw);
	assert_true(scalar_decode(&k, reply.p + 6));
	scalar_reduce(&v, seen(p->r, 0, "Dec.v")->value, 32);
	decryption_mu_inverse(&mu, p->w.session.parties);
	scalar_mul(&r, &mu, &v);
	scalar_mul_add(&r, &r, &p->w.share[party].secret, &k);
	out->rng.fill = give_fixed;
	scalar_encode(out->value, &r);
}

static void decrypts_alike(const char *set, const char *auxsid, const char *list)
{
	struct recorded_proof p;
	struct error err;
	struct folder *copy = NULL;
	bool correct[LIMIT_PARTIES + 1] = {false};
	struct decryption_nonce nonce[LIMIT_PARTIES + 1] = {0};
	open_recorded(&p, set, auxsid);
	read_shares(&p.w, p.root);
	assert_ok(memory_folder_new(&copy, "copy", (size_t)64 << 20, &err), err);
	copy_file(copy, p.w.folder, list);
	copy_file(copy, p.w.folder, "proofs/PolynomialInExponent.bt");
	struct decryption_job job = world_decryption_job(&p.w, list);
	job.folder = copy;
	job.trace = NULL;
	uint32_t parties = p.w.session.parties;
	for (unsigned l = 1; l <= parties; l++)
		assert_ok(decryption_factors(&job, l, &p.w.share[l], &err), err);
	for (unsigned l = 1; l <= parties; l++) {
		struct fixed_rng rng;
		nonce_of(&rng, &p, l);
		assert_ok(decryption_commit(&job, l, &rng.rng, &nonce[l], &err), err);
	}
	for (unsigned l = 1; l <= parties; l++) {
		assert_ok(decryption_reply(&job, &p.w.share[l], &nonce[l], &err), err);
		correct[l] = true;
	}
	assert_ok(decryption_combine(&job, correct, &err), err);
	for (unsigned l = 1; l <= parties; l++) {
		same_files(copy, p.w.folder, mix_path(MIX_FILE_FACTORS, l));
		same_files(copy, p.w.folder, mix_path(MIX_FILE_DECRYPTION_COMMITMENT, l));
		same_files(copy, p.w.folder, mix_path(MIX_FILE_DECRYPTION_REPLY, l));
	}
	same_files(copy, p.w.folder, mix_path(MIX_FILE_PLAINTEXTS, 0));
	same_files(copy, p.w.folder, mix_path(MIX_FILE_CORRECT, 0));
	memory_folder_free(copy);
	close_recorded(&p);
}

static void a_decryption_with_the_known_shares_gives_the_same_bytes(void **state)
{
	(void)state;
	decrypts_alike("p1t1-n10", "default", "proofs/Ciphertexts01.bt");
	decrypts_alike("p2t2-n1", "default", "proofs/Ciphertexts02.bt");
	decrypts_alike("p2t2-n100", "default", "proofs/Ciphertexts02.bt");
	decrypts_alike("p3t2-n10", "default", "proofs/Ciphertexts02.bt");
	decrypts_alike("p2t2-n10-width2", "default", "proofs/Ciphertexts02.bt");
	decrypts_alike("p2t2-n10-shuffle-then-decrypt", "dec", "Ciphertexts.bt");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_decryption_with_the_known_shares_gives_the_same_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
