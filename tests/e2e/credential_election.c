/* SPDX-License-Identifier: Apache-2.0 */
#include "e2e/credential_election.h"

#include <stdio.h>

static const char *identity_of(const char *home)
{
	return text_of("%s/identity.json", home);
}

static void make_homes(struct place *p)
{
	for (unsigned i = 0; i < 2; i++) {
		p->homes[i] = text_of("%s/a%u", p->folder, i + 1);
		struct outcome o = urna("ceremony", "init", "--home", p->homes[i], "--operator",
		                        text_of("Org %u", i + 1), NULL);
		assert_code(o, 0);
	}
	p->board = make_board(p->folder);
	for (unsigned i = 0; i < p->witnesses; i++) {
		p->witness[i] = text_of("%s/w%u", p->folder, i + 1);
		struct outcome o = urna("witness", "init", "--home", p->witness[i], "--name",
		                        text_of("w%u.test", i + 1), NULL);
		assert_code(o, 0);
	}
}

static void make_manifest(const struct place *p, bool credentials, const char *weight_max,
                          const char *small_lists)
{
	const char *blt = text_of("%s/manifest.blt", p->folder);
	const char *registrar = text_of("%s/registrar", p->folder);
	write_text(blt, "3 1\n[tie 1 2 3]\n0\n" PLACE_CANDIDATES);
	if (credentials) {
		struct outcome o =
			urna("credentials", "init", "--home", registrar, "--operator", "Roll", NULL);
		assert_code(o, 0);
	}
	const char *arguments[40] = {
		"manifest",      "new",       blt,        "--rule=plurality-at-large",
		"--threshold=2", small_lists, "--record", p->record,
		"--weight-max",  weight_max};
	unsigned n = 10;
	const char *options[8][2] = {
		{"--authority", p->homes[0]}, {"--authority", p->homes[1]}, {"--board", p->board}};
	unsigned k = 3;
	for (unsigned i = 0; i < p->witnesses; i++, k++) {
		options[k][0] = "--witness";
		options[k][1] = p->witness[i];
	}
	if (credentials) {
		arguments[n++] = "--mode=credentials";
		options[k][0] = "--registrar";
		options[k++][1] = registrar;
	}
	for (unsigned i = 0; i < k; i++) {
		arguments[n++] = options[i][0];
		arguments[n++] = identity_of(options[i][1]);
	}
	struct outcome o = urna_argv(arguments);
	assert_code(o, 0);
}

struct place place_make(const char *voters, const char *weight_max)
{
	return place_make_witnessed(voters, weight_max, 0);
}

struct place place_make_witnessed(const char *voters, const char *weight_max, unsigned witnesses)
{
	struct place p = {.folder = fresh_folder(), .witnesses = witnesses};
	p.record = text_of("%s/record", p.folder);
	p.codes = text_of("%s/codes/codes.csv", p.folder);
	make_homes(&p);
	make_manifest(&p, voters != NULL, weight_max, "--accept-small-lists");
	if (voters) {
		const char *list = text_of("%s/voters.csv", p.folder);
		write_text(list, voters);
		struct outcome o =
			urna("credentials", "make", "--home", text_of("%s/registrar", p.folder), "--record",
		         p.record, "--voters", list, "--out", text_of("%s/codes", p.folder), NULL);
		assert_code(o, 0);
	}
	place_both(&p, "ceremony");
	return p;
}

struct place place_begin_strict(const char *weight_max)
{
	struct place p = {.folder = fresh_folder()};
	p.record = text_of("%s/record", p.folder);
	p.codes = text_of("%s/codes/codes.csv", p.folder);
	make_homes(&p);
	make_manifest(&p, true, weight_max, "--min-list=10");
	return p;
}

const char *place_ballots(const struct place *p, unsigned candidate, unsigned ballots,
                          const char *codes, const char *seq)
{
	const char *folder = fresh_folder();
	const char *blt = text_of("%s/b.blt", folder), *out = text_of("%s/b.bt", folder);
	write_text(blt, text_of("3 1\n%u %u 0\n0\n" PLACE_CANDIDATES, ballots, candidate));
	struct outcome o = urna("encrypt", blt, "--record", p->record, "--out", out, "--seq", seq,
	                        codes ? "--credentials" : NULL, codes, NULL);
	assert_code(o, 0);
	return out;
}

const char *place_codes(const struct place *p, unsigned first, unsigned last)
{
	const char *path = text_of("%s/codes.csv", fresh_folder());
	bytes all = read_file(p->codes);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	unsigned line = 0; /* 0: the names of the columns */
	for (size_t i = 0; i < all.len; i++) {
		if (line == 0 || (line >= first && line <= last))
			fputc(all.p[i], f);
		line += all.p[i] == '\n';
	}
	fclose(f);
	return path;
}

struct outcome place_collect(const struct place *p, const char *first, const char *second,
                             const char *third)
{
	return urna("board", "collect", "--home", p->board, "--record", p->record, "--json", first,
	            second, second ? third : NULL, NULL);
}

void place_both(const struct place *p, const char *command)
{
	struct child c[2];
	for (unsigned i = 0; i < 2; i++) {
		const char *arguments[] = {command,   "--home",        p->homes[i], "--record",
		                           p->record, "--timeout=120", NULL};
		urna_start(&c[i], arguments);
	}
	for (unsigned i = 0; i < 2; i++) {
		int code = urna_wait(&c[i], 200000);
		if (code != 0)
			fail_msg("%s of authority %u: exit code %d", command, i + 1, code);
	}
}

struct outcome place_tally(const struct place *p)
{
	struct outcome o = {0};
	place_both(p, "mix");
	place_both(p, "decrypt");
	for (unsigned i = 0; i < 2; i++) {
		o = urna("count", "--home", p->homes[i], "--record", p->record, NULL);
		assert_code(o, 0);
	}
	return o;
}

void place_finish_and_verify(const struct place *p)
{
	finish_log(p->folder, p->record);
	struct outcome o = urna("verify", p->record, "--fingerprint", fingerprint_of(p->record), NULL);
	assert_code(o, 0);
}
