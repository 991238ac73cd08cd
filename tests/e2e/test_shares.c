/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a key share: backed up, brought back into a home that knows what it does not know,
 * and destroyed. */
#include "e2e/authorities.h"

#include "support/support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SEALED_BYTES 16384u

static const char *passphrase_in(const char *folder, const char *words)
{
	const char *path = text_of("%s/%s.pass", folder, words);
	write_text(path, text_of("%s\n", words));
	return path;
}

static const char *back_up(const struct authorities *p, unsigned i)
{
	const char *out = text_of("%s/backup-%u", p->folder, i + 1);
	struct outcome o =
		urna("share", "backup", "--home", p->homes[i], "--record", p->record, "--out", out,
	         "--backup-passphrase-file", passphrase_in(p->folder, "safe"), NULL);
	assert_code(o, 0);
	return out;
}

static struct outcome restore(const struct authorities *p, const char *backup, const char *home,
                              const char *option)
{
	return urna("share", "restore", backup, "--home", home, "--record", p->record,
	            "--backup-passphrase-file", passphrase_in(p->folder, "safe"), option, NULL);
}

static struct outcome check(const struct authorities *p, const char *home)
{
	return urna("share", "check", "--home", home, "--record", p->record, NULL);
}

static bool contains(bytes text, bytes part)
{
	for (size_t i = 0; i + part.len <= text.len; i++)
		if (memcmp(text.p + i, part.p, part.len) == 0)
			return true;
	return false;
}

static void a_backup_is_sealed_and_makes_another_home(void **state)
{
	(void)state;
	struct authorities p = authorities_make(2, 12);
	authorities_until(&p, "ceremony");
	const char *backup = back_up(&p, 0), *home = text_of("%s/new", p.folder);
	bytes sealed = read_file(backup), key = read_file(text_of("%s/identity.key", p.homes[0]));
	uint8_t seed[32];
	test_from_hex(seed, 32, text_of("%.64s", (const char *)key.p));
	assert_int_equal(sealed.len, SEALED_BYTES);
	assert_false(contains(sealed, BYTES_OF(seed)));
	assert_false(contains(sealed, bytes_of(key.p, 64)));
	struct outcome o = restore(&p, backup, home, NULL);
	assert_code(o, 0);
	o = check(&p, home);
	assert_code(o, 0);
	assert_says(o.out, "authority 1");
	assert_true(bytes_equal(read_file(text_of("%s/identity.key", home)), key));
	assert_true(bytes_equal(read_file(text_of("%s/identity.json", home)),
	                        read_file(text_of("%s/identity.json", p.homes[0]))));
	o = restore(&p, backup, home, NULL); /* the same again */
	assert_code(o, 0);
}

static void what_is_no_backup_of_this_authority_is_refused(void **state)
{
	(void)state;
	struct authorities p = authorities_make(2, 12), other = authorities_make(2, 12);
	authorities_until(&p, "ceremony");
	authorities_until(&other, "ceremony");
	const char *backup = back_up(&p, 0), *foreign = back_up(&other, 0);
	const char *home = text_of("%s/new", p.folder);
	struct outcome o = restore(&p, foreign, home, NULL);
	assert_code(o, 1);
	assert_says(o.err, "of another election");
	o = restore(&p, backup, p.homes[1], NULL);
	assert_code(o, 3);
	assert_says(o.err, "another authority's");
	o = urna("share", "restore", backup, "--home", home, "--record", p.record,
	         "--backup-passphrase-file", passphrase_in(p.folder, "wrong"), NULL);
	assert_code(o, 1);
	/* A share is no backup, nor the other way round. */
	o = restore(&p, file_in(p.homes[0], "^share-"), home, NULL);
	assert_code(o, 1);
	bytes b = read_file(backup);
	uint8_t *copy = malloc(b.len);
	assert_non_null(copy);
	memcpy(copy, b.p, b.len);
	copy[test_random_below(b.len)] ^= 1;
	write_file(backup, copy, b.len);
	o = restore(&p, backup, home, NULL);
	assert_true(o.code == 1 || o.code == 3); /* 3: the bit was one of its cost */
	write_file(backup, copy, b.len - 1);
	o = restore(&p, backup, home, NULL);
	assert_code(o, 1);
	free(copy);
	assert_null(file_in(home, "share-\\|identity"));
}

static void a_share_that_does_not_open_is_not_replaced(void **state)
{
	(void)state;
	struct authorities p = authorities_make(2, 12);
	authorities_until(&p, "ceremony");
	const char *backup = back_up(&p, 0), *share = file_in(p.homes[0], "^share-");
	bytes other = read_file(file_in(p.homes[1], "^share-"));
	write_file(share, other.p, other.len);
	struct outcome o = restore(&p, backup, p.homes[0], NULL);
	assert_code(o, 3);
	assert_says(o.err, "a share that is there already");
	assert_true(bytes_equal(read_file(share), other));
	assert_int_equal(unlink(share), 0);
	o = restore(&p, backup, p.homes[0], NULL);
	assert_code(o, 0);
	o = check(&p, p.homes[0]);
	assert_code(o, 0);
}

static int mix(const struct authorities *p, const char *home, const char *timeout,
               const char **said)
{
	struct outcome o =
		urna("mix", "--home", home, "--record", p->record, "--timeout", timeout, NULL);
	*said = o.err;
	return o.code;
}

/* Two of two: there can be no two others. */
static void a_restored_home_closes_no_urn_that_it_might_have_closed_otherwise(void **state)
{
	(void)state;
	struct authorities p = authorities_make(2, 12);
	const char *said, *home = text_of("%s/new", p.folder);
	authorities_until(&p, "collect");
	const char *backup = back_up(&p, 0);
	struct outcome o = restore(&p, backup, home, NULL);
	assert_code(o, 0);
	assert_int_equal(mix(&p, home, "1", &said), 3);
	assert_says(said, "restored from a backup");
	assert_says(said, "--never-closed");
	assert_int_not_equal(access(text_of("%s/endorse/close-01.bt", p.record), F_OK), 0);
	o = restore(&p, backup, home, "--never-closed");
	assert_code(o, 0);
	p.homes[0] = home;
	authorities_all(&p, "mix");
	authorities_all(&p, "decrypt");
}

static void a_restored_home_follows_the_threshold_of_others(void **state)
{
	(void)state;
	struct authorities p = authorities_make(3, 12);
	const char *said, *home = text_of("%s/new", p.folder);
	authorities_until(&p, "collect");
	struct outcome o = restore(&p, back_up(&p, 2), home, NULL);
	assert_code(o, 0);
	p.count = 2;
	authorities_all(&p, "mix");
	assert_int_equal(mix(&p, home, "60", &said), 0);
}

static void a_restored_home_takes_its_own_closing_and_no_other(void **state)
{
	(void)state;
	struct authorities p = authorities_make(2, 12);
	const char *said, *home = text_of("%s/new", p.folder);
	authorities_until(&p, "mix");
	struct outcome o = restore(&p, back_up(&p, 0), home, NULL);
	assert_code(o, 0);
	assert_int_equal(mix(&p, home, "60", &said), 0);
	/* Another log of the same board: what was signed for the first is in its way. */
	const char *other = text_of("%s/other", p.folder);
	const char *argv[] = {"sh", "-c",
	                      text_of("mkdir '%s' && cp -r '%s/manifest.json' '%s/ceremony' '%s' && "
	                              "mkdir '%s/endorse' && cp '%s/endorse/close-01.bt' '%s/endorse'",
	                              other, p.record, p.record, other, other, p.record, other),
	                      NULL};
	o = program(argv);
	assert_code(o, 0);
	struct authorities second = p;
	second.record = other;
	collect_ballots(p.folder, other, make_blt(5, 2, 11));
	const char *again = text_of("%s/again", p.folder);
	o = restore(&p, text_of("%s/backup-1", p.folder), again, NULL);
	assert_code(o, 0);
	assert_int_equal(mix(&second, again, "1", &said), 1);
	assert_says(said, "party 1");
}

static void a_destroyed_share_leaves_a_word_and_the_promises(void **state)
{
	(void)state;
	struct authorities p = authorities_make(2, 12);
	authorities_until(&p, "mix");
	const char *backup = back_up(&p, 0), *out = text_of("%s/word", p.folder);
	struct outcome o = urna("share", "destroy", "--home", p.homes[0], "--record", p.record, "--out",
	                        out, "--yes", NULL);
	assert_code(o, 3);
	assert_says(o.err, "may still be needed");
	o = check(&p, p.homes[0]);
	assert_code(o, 0);
	authorities_all(&p, "decrypt");
	for (unsigned i = 0; i < 2; i++) {
		o = urna("count", "--home", p.homes[i], "--record", p.record, NULL);
		assert_code(o, 0);
	}
	o = urna("share", "destroy", "--home", p.homes[0], "--record", p.record, "--out", out, "--yes",
	         NULL);
	assert_code(o, 0);
	assert_int_equal(read_file(out).len, 141);
	assert_null(file_in(p.homes[0], "^share-\\|^seal[.]key"));
	assert_non_null(file_in(p.homes[0], "^closed-"));
	assert_non_null(file_in(p.homes[0], "^attempt-"));
	o = check(&p, p.homes[0]);
	assert_code(o, 1);
	assert_says(o.err, "destroyed its key share");
	o = restore(&p, backup, p.homes[0], NULL);
	assert_code(o, 3);
	assert_says(o.err, "destroyed its key share");
	/* The word may be asked for again. */
	o = urna("share", "destroy", "--home", p.homes[0], "--record", p.record, "--out",
	         text_of("%s-2", out), "--yes", NULL);
	assert_code(o, 0);
	assert_true(bytes_equal(read_file(out), read_file(text_of("%s-2", out))));
}

static void a_share_can_be_destroyed_early_on_demand(void **state)
{
	(void)state;
	struct authorities p = authorities_make(2, 12);
	authorities_until(&p, "ceremony");
	struct outcome o = urna("share", "destroy", "--home", p.homes[0], "--record", p.record, "--out",
	                        text_of("%s/word", p.folder), "--yes", "--before-the-result", NULL);
	assert_code(o, 0);
	assert_null(file_in(p.homes[0], "^share-"));
}

/* --- at a terminal --- */

/* Another line is typed at each question. All that the terminal shows goes to `shown`. */
static int at_terminal(const char *const *argv, const char *const *lines, char *shown, size_t room)
{
	size_t len = 0, answered = 0;
	int status, terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
	const char *name = text_of("%s", ptsname(terminal));
	pid_t child = fork();
	if (child == 0) {
		setsid();
		int fd = open(name, O_RDWR); /* becomes its terminal */
		for (int i = 0; i < 3; i++)
			dup2(fd, i);
		execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(99);
	}
	for (ssize_t n; (n = read(terminal, shown + len, room - 1 - len)) > 0;) {
		len += (size_t)n;
		shown[len] = '\0';
		if (lines[answered] && len > 2 && strcmp(shown + len - 2, ": ") == 0) {
			const char *line = lines[answered++];
			assert_int_equal(write(terminal, line, strlen(line)), (ssize_t)strlen(line));
		}
	}
	close(terminal);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void a_passphrase_is_asked_for_at_the_terminal_and_not_shown(void **state)
{
	(void)state;
	static const char *const same[] = {"safe\n", "safe\n", NULL}, *const not [] = {"a\n", "b\n",
	                                                                               NULL};
	struct authorities p = authorities_make(2, 12);
	char shown[4096] = "";
	const char *build = getenv("URNA_BUILD"), *out = text_of("%s/backup", p.folder);
	authorities_until(&p, "ceremony");
	const char *argv[] = {text_of("%s/src/apps/cli/urna", build ? build : "build/release"),
	                      "share",
	                      "backup",
	                      "--home",
	                      p.homes[0],
	                      "--record",
	                      p.record,
	                      "--out",
	                      out,
	                      "--backup-passphrase-file=-",
	                      NULL};
	assert_int_equal(at_terminal(argv, not, shown, sizeof shown), 1);
	assert_says(shown, "not the same");
	assert_int_equal(at_terminal(argv, same, shown, sizeof shown), 0);
	assert_says(shown, "Passphrase of the backup: ");
	assert_null(strstr(shown, "safe"));
	struct outcome o = restore(&p, out, text_of("%s/new", p.folder), NULL);
	assert_code(o, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_backup_is_sealed_and_makes_another_home),
		cmocka_unit_test(what_is_no_backup_of_this_authority_is_refused),
		cmocka_unit_test(a_share_that_does_not_open_is_not_replaced),
		cmocka_unit_test(a_restored_home_closes_no_urn_that_it_might_have_closed_otherwise),
		cmocka_unit_test(a_restored_home_follows_the_threshold_of_others),
		cmocka_unit_test(a_restored_home_takes_its_own_closing_and_no_other),
		cmocka_unit_test(a_destroyed_share_leaves_a_word_and_the_promises),
		cmocka_unit_test(a_share_can_be_destroyed_early_on_demand),
		cmocka_unit_test(a_passphrase_is_asked_for_at_the_terminal_and_not_shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
