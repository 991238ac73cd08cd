/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attack 37 with real processes: a mixer is killed while it writes, and once more when its shuffle
 * is out but not signed; each time it is run again. No number of one run is in another.
 */
#include "e2e/e2e.h"

#include "support/support.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LEAF 33u

static const char *const made[] = {"Ciphertexts01.bt", "PermutationCommitment01.bt",
                                   "PoSCommitment01.bt", "PoSReply01.bt"};

struct place {
	const char *folder, *record, *homes[2], *proofs;
};

static void both(const struct place *p, const char *command)
{
	struct child c[2];
	for (unsigned i = 0; i < 2; i++) {
		const char *arguments[] = {command,   "--home",        p->homes[i], "--record",
		                           p->record, "--timeout=120", NULL};
		urna_start(&c[i], arguments);
	}
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(urna_wait(&c[i], 200000), 0);
}

static struct place prepare(unsigned ballots)
{
	const char *folder = fresh_folder(), *file = make_blt(4, 1, ballots);
	struct place p = {.folder = folder, .record = text_of("%s/record", folder)};
	p.proofs = text_of("%s/proof/l1/nizkp/l1/proofs", p.record);
	for (unsigned i = 0; i < 2; i++) {
		p.homes[i] = text_of("%s/a%u", folder, i + 1);
		struct outcome o = urna("ceremony", "init", "--home", p.homes[i], "--operator", "X", NULL);
		assert_code(o, 0);
	}
	struct outcome o =
		urna("manifest", "new", file, "--rule=scotland", "--threshold=2", "--lot=1,2,3,4",
	         "--authority", text_of("%s/identity.json", p.homes[0]), "--authority",
	         text_of("%s/identity.json", p.homes[1]), "--board",
	         text_of("%s/identity.json", make_board(folder)), "--record", p.record, NULL);
	assert_code(o, 0);
	both(&p, "ceremony");
	collect_ballots(folder, p.record, file);
	return p;
}

static bool holds_a_name_with(const char *folder, const char *part)
{
	bool found = false;
	DIR *d = opendir(folder);
	for (const struct dirent *e; d && (e = readdir(d));)
		found = found || strstr(e->d_name, part);
	if (d)
		closedir(d);
	return found;
}

/* Party 1 mixes until there is a name with one of these; then it is killed. */
static void killed_at(const struct place *p, const char *folder, const char *part,
                      const char *too_late)
{
	const char *arguments[] = {"mix",     "--home",        p->homes[0], "--record",
	                           p->record, "--timeout=120", NULL};
	const struct timespec step = {0, 100000};
	struct child c;
	struct error err;
	error_clear(&err);
	urna_start(&c, arguments);
	for (unsigned i = 0; !holds_a_name_with(folder, part) && !holds_a_name_with(folder, too_late);
	     i++) {
		assert_true(i < 600000);
		nanosleep(&step, NULL);
	}
	assert_ok(child_signal(&c, SIGKILL, &err), err);
	int code = urna_wait(&c, 30000);
	assert_true(code == -SIGKILL || code == 0); /* 0: done before the signal */
}

static int by_content(const void *a, const void *b)
{
	return memcmp(*(const uint8_t *const *)a, *(const uint8_t *const *)b, LEAF);
}

/* The leaves of points and scalars, sorted. */
static size_t leaves_of(const uint8_t **out, bytes b)
{
	size_t n = 0;
	for (size_t i = 0; i + 5 + LEAF <= b.len;) {
		if (b.p[i] != 1) { /* a node's header */
			i += 5;
			continue;
		}
		assert_int_equal(load_be32(b.p + i + 1), LEAF);
		out[n++] = b.p + i + 5;
		i += 5 + LEAF;
	}
	qsort(out, n, sizeof *out, by_content);
	return n;
}

static void share_nothing(bytes a, bytes b)
{
	const uint8_t **x = malloc((a.len / LEAF + 1) * sizeof *x);
	const uint8_t **y = malloc((b.len / LEAF + 1) * sizeof *y);
	assert_true(x && y);
	size_t n = leaves_of(x, a), m = leaves_of(y, b), i = 0, j = 0;
	assert_true(n >= 4 && n == m);
	while (i < n && j < m) {
		int order = memcmp(x[i], y[j], LEAF);
		if (order == 0)
			fail_msg("two runs have a number in common");
		if (order < 0)
			i++;
		else
			j++;
	}
	free(x);
	free(y);
}

static void attack_37_a_mixer_killed_half_way_makes_everything_anew(void **state)
{
	(void)state;
	struct place p = prepare(400);
	struct outcome o;
	bytes first[4];
	const char *signature = text_of("%s/endorse/l1/mix-01.bt", p.record);
	const char *signatures = text_of("%s/endorse/l1", p.record);
	/* while its first file is being written */
	killed_at(&p, p.proofs, "tmp", made[3]);
	unlink(signature); /* where it was quicker */
	/* when all is out and signed; the signature is taken back, so that it must mix again */
	killed_at(&p, signatures, "mix-01.bt", "mix-01.bt");
	for (unsigned i = 0; i < 4; i++)
		first[i] = read_file(text_of("%s/%s", p.proofs, made[i]));
	assert_int_equal(unlink(signature), 0);
	both(&p, "mix");
	for (unsigned i = 0; i < 4; i++)
		share_nothing(first[i], read_file(text_of("%s/%s", p.proofs, made[i])));
	assert_false(holds_a_name_with(p.proofs, "tmp"));
	both(&p, "decrypt");
	for (unsigned i = 0; i < 2; i++) {
		o = urna("count", "--home", p.homes[i], "--record", p.record, NULL);
		assert_code(o, 0);
	}
	finish_log(p.folder, p.record);
	o = urna("verify", p.record, "--fingerprint", fingerprint_of(p.record), NULL);
	assert_code(o, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_37_a_mixer_killed_half_way_makes_everything_anew),
	};
	return cmocka_run_group_tests_name("attacks/killed", tests, NULL, NULL);
}
