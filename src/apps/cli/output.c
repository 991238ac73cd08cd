/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include "cli/command.h"
#include "host/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MESSAGE_BYTES_MAX (ERROR_DETAIL_BYTES + 256u)
#define JSON_OUTPUT_MAX ((size_t)64 << 20)

/* --- failures --- */

int output_exit_code(const struct error *err)
{
	switch (err->kind) {
	case ERROR_REJECTED:
	case ERROR_MALFORMED:
		return EXIT_NO;
	case ERROR_NONE:
	case ERROR_LIMIT:
	case ERROR_IO:
	case ERROR_CONFLICT:
	case ERROR_UNAVAILABLE:
	case ERROR_BUG:
		break;
	}
	return EXIT_UNDECIDED;
}

/* What to do next. The first that fits: kind, and how `what` begins. */
static const struct hint {
	enum error_kind kind;
	const char *begins, *text;
} hints[] = {
	{ERROR_UNAVAILABLE, "run: fewer authorities",
     "Nothing is lost: when enough of them are back, go on by hand with urna mix, urna decrypt, "
     "urna "
     "count and urna board finish; urna director status says where it stands."},
	{ERROR_UNAVAILABLE, "authority: the deadline",
     "Run the same command again when it is there; what is published already is kept. urna "
     "director "
     "status says whose turn it is, and how to go on without those who do not come."},
	{ERROR_UNAVAILABLE, "ceremony: has not begun",
     "First urna ceremony, by all authorities at the same time."},
	{ERROR_UNAVAILABLE, "ceremony",
     "All authorities run urna ceremony --home HOME --record RECORD at the same time, and again "
     "until it is finished: what is published already is kept."},
	{ERROR_UNAVAILABLE, "count: there are no ballots",
     "First urna encrypt and urna board collect, then urna mix and urna decrypt by all active "
     "authorities."},
	{ERROR_UNAVAILABLE, "count: the ballots are not shuffled",
     "First urna mix by every authority, then urna decrypt by all active ones at the same time."},
	{ERROR_UNAVAILABLE, "count: the votes are not decrypted",
     "First urna decrypt, by all active authorities at the same time (urna mix before, by those "
     "that have not)."},
	{ERROR_UNAVAILABLE, "count: n",
     "First urna count --home HOME --record RECORD, by as many authorities as the threshold says."},
	{ERROR_UNAVAILABLE, "tally: there are no ballots",
     "First urna encrypt FILE --record RECORD --out BALLOTS, then urna board collect; a log that "
     "stays open is closed by urna board close."},
	{ERROR_UNAVAILABLE,
     "jail:", "The key process would not be confined. Where that is accepted: --without-jail."},
	{ERROR_UNAVAILABLE, "checkpoint: fewer witnesses",
     "First urna witness cosign --home WITNESS --record RECORD, by witnesses that have not, one "
     "after another, until there are enough; then run the same command again."},
	{ERROR_UNAVAILABLE, "authority: restored",
     "Run the same command again after the others. Where no urna mix was ever run with the lost "
     "home: urna share restore --never-closed."},
	{ERROR_UNAVAILABLE, "",
     "Run the same command again when it is there; what is published already is kept."},
	{ERROR_CONFLICT, "decryption: another party",
     "Run the same command again: it joins the attempt that the others are in."},
	{ERROR_CONFLICT, "board: this record has a log",
     "A log is closed once, for good. If it was closed, but the signature log/checkpoint-close is "
     "missing: urna board close --home BOARD --record RECORD."},
	{ERROR_CONFLICT, "board: the log in this record is not",
     "Bring back the record as the board left it. If it is lost, and nobody was ever shown what "
     "was "
     "in it, delete the file in the board's home that is named here and begin with an empty log."},
	{ERROR_CONFLICT, "witness:",
     "Nothing was signed. Keep both checkpoints, this one and the one in the witness's home: urna "
     "verify evidence --manifest MANIFEST A B says whom they convict."},
	{ERROR_CONFLICT, "", "Nothing was overwritten."},
	{ERROR_LIMIT, "arena", "The work needs more memory: raise --memory-limit."},
	{ERROR_LIMIT, "memory: no room",
     "Ask for less address space with --memory-limit, or raise ulimit -v."},
	{ERROR_BUG, "", "This is a fault of urna itself. Please report it with the command line."},
	{ERROR_REJECTED, "count: a tie",
     "A lot is declared before an election: --lot with all candidates' numbers in the order drawn "
     "(urna run, urna manifest new), or for a plain file urna count."},
	{ERROR_IO, "record: no election",
     "A record is a folder with manifest.json and, as the election goes on, ceremony/, log/, "
     "ballots.bt, proof/, endorse/ and result.json. urna run makes it as OUT/record; urna manifest "
     "new begins "
     "one."},
	{ERROR_IO, "proof: none",
     "A proof is a folder with version, type, auxsid, width, Ciphertexts.bt and proofs/: "
     "nizkp/NAME of Verificatum, RECORD/proof/LIST/nizkp/LIST of urna."},
	{ERROR_REJECTED, "passphrase: the key share was sealed without",
     "Leave --passphrase-file away."},
	{ERROR_REJECTED, "passphrase: the key share was sealed with",
     "Give the file with that passphrase: --passphrase-file FILE. If there never was one, the "
     "home's "
     "seal.key is lost: bring it back."},
	{ERROR_REJECTED, "sealed file: wrong passphrase",
     "--passphrase-file must hold the passphrase that urna ceremony was given, in one line."},
	{ERROR_MALFORMED, "passphrase: its file is empty",
     "Write the passphrase into it, in one line. Or leave --passphrase-file away at the ceremony "
     "and after it: then whoever can read the home can use the key share."},
	{ERROR_MALFORMED, "passphrase: its file has more",
     "Keep the passphrase alone in that file, in one line."},
	{ERROR_REJECTED, "active parties",
     "--mixers names those who may shuffle, --active those who decrypt: at least the threshold, "
     "and "
     "all who decrypt give the same list."},
	{ERROR_REJECTED, "board: the manifest names another",
     "Give the --home whose identity.json was the --board of urna manifest new."},
	{ERROR_REJECTED, "style:", "--style NAME says which; urna manifest check lists them."},
	{ERROR_IO, "keys: urna-keys is missing",
     "It is installed with urna, in the same folder (make install)."},
	{ERROR_IO, "home: no key share",
     "Give the --home that took part in this election's urna ceremony."},
};

static const char *hint_for(const struct error *err)
{
	const char *what = err->what ? err->what : "";
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (hints[i].kind == err->kind &&
		    strncmp(what, hints[i].begins, strlen(hints[i].begins)) == 0)
			return hints[i].text;
	return NULL;
}

int output_failure(const struct common_options *o, const char *command, const struct error *err)
{
	char text[MESSAGE_BYTES_MAX];
	const char *hint = hint_for(err);
	error_describe(text, sizeof text, err);
	fflush(stdout);
	fprintf(stderr, "%s: %s\n", command, text);
	if (hint)
		fprintf(stderr, "%s\n", hint);
	if (o && o->json) {
		struct json_writer w;
		output_json_begin(&w, command);
		json_put_key(&w, "ok");
		json_put_flag(&w, false);
		output_json_error(&w, "error", err);
		if (!output_json_end(&w, NULL))
			return EXIT_UNDECIDED;
	}
	return output_exit_code(err);
}

void output_remark(const struct common_options *o, const char *format, ...)
{
	va_list args;
	if (o->quiet)
		return;
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

/* --- text --- */

/* One character of UTF-8 at p: its length, or 0 for what is none. */
static size_t next_character(uint32_t *code, const uint8_t *p, size_t left)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (len == 0 || len > left || p[0] > 0xf4)
		return 0;
	*code = len == 1 ? p[0] : p[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (p[i] & 0x3fu);
	}
	bool surrogate = *code >= 0xd800 && *code < 0xe000;
	return *code < least[len] || surrogate || *code > 0x10ffff ? 0 : len;
}

/* Controls, and what reorders text: a name must not be able to steer the terminal. */
static bool is_unwelcome(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x200e || code == 0x200f ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

void output_printable_bytes(char *out, size_t size, bytes text)
{
	struct text t = {out, size, 0, false};
	out[0] = '\0';
	for (size_t i = 0; i < text.len;) {
		uint32_t code = 0;
		size_t len = next_character(&code, text.p + i, text.len - i);
		bool good = len > 0 && !is_unwelcome(code);
		if (t.len + (good ? len : 1) + 1 > size)
			return; /* never half a character */
		text_add_bytes(&t, good ? bytes_of(text.p + i, len) : bytes_of("?", 1));
		i += len > 0 ? len : 1;
	}
}

void output_printable(char *out, size_t size, const char *text)
{
	output_printable_bytes(out, size, bytes_of_text(text));
}

void output_fingerprint(const digest *eid)
{
	char words[WORDS_TEXT_BYTES], hex[FINGERPRINT_HEX_BYTES];
	words_encode(words, eid->b);
	hex_encode(hex, BYTES_OF(eid->b));
	printf("Fingerprint of this election (publish it, and compare it word by word):\n"
	       "  %s\n  %s\n",
	       words, hex);
}

const char *output_mark(enum output_mark mark)
{
	static const char *const plain[] = {"ok     ", "FAILED ", "skipped", "note   "};
	static const char *const marks[] = {"✓", "✗", "–", "·"};
	static const char *const colours[] = {"\033[32m✓\033[0m", "\033[1;31m✗\033[0m",
	                                      "\033[33m–\033[0m", "\033[2m·\033[0m"};
	if (!isatty(STDOUT_FILENO))
		return plain[mark];
	const char *no_colour = getenv("NO_COLOR");
	return no_colour && no_colour[0] ? marks[mark] : colours[mark];
}

unsigned output_columns(void)
{
	struct winsize w;
	bool known = isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0;
	return known ? w.ws_col : 80;
}

/* --- standard output as a sink --- */

static bool append(struct sink *s, bytes b, struct error *err)
{
	(void)s;
	if (b.len == 0 || fwrite(b.p, 1, b.len, stdout) == b.len)
		return true;
	return fail_detail(err, ERROR_IO, "standard output: cannot be written", ERROR_NOWHERE,
	                   strerror(errno));
}

static bool commit(struct sink *s, struct error *err)
{
	(void)s;
	(void)err;
	return true;
}

static void end(struct sink *s)
{
	(void)s;
}

struct sink *output_sink(void)
{
	static struct sink sink = {"standard output", append, commit, end};
	return &sink;
}

bool output_flush(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	fprintf(stderr, "urna: standard output cannot be written: %s\n", strerror(errno));
	return false;
}

/* --- JSON --- */

void output_json_begin(struct json_writer *w, const char *command)
{
	json_writer_to_memory(w, JSON_OUTPUT_MAX, JSON_LINES);
	json_put_object(w);
	json_put_key(w, "command");
	json_put_text(w, command);
}

void output_json_fingerprint(struct json_writer *w, const digest *eid)
{
	json_put_key(w, "fingerprint");
	if (!eid) {
		json_put_null(w);
		return;
	}
	char words[WORDS_TEXT_BYTES];
	words_encode(words, eid->b);
	json_put_object(w);
	json_put_key(w, "words");
	json_put_text(w, words);
	json_put_key(w, "hex");
	json_put_hex(w, BYTES_OF(eid->b));
	json_put_end(w);
}

void output_json_error(struct json_writer *w, const char *key, const struct error *err)
{
	char detail[ERROR_DETAIL_BYTES];
	json_put_key(w, key);
	if (err->kind == ERROR_NONE) {
		json_put_null(w);
		return;
	}
	output_printable(detail, sizeof detail, err->detail);
	json_put_object(w);
	json_put_key(w, "kind");
	json_put_text(w, error_kind_name(err->kind));
	json_put_key(w, "what");
	json_put_text(w, err->what ? err->what : "");
	json_put_key(w, "at");
	if (err->at == ERROR_NOWHERE)
		json_put_null(w);
	else
		json_put_u64(w, err->at);
	json_put_key(w, "detail");
	json_put_text(w, detail);
	json_put_end(w);
}

bool output_json_end(struct json_writer *w, struct error *err)
{
	bytes text;
	json_put_end(w);
	bool good = json_writer_finish(w, &text, err) && sink_append(output_sink(), text, err);
	json_writer_free(w);
	return good;
}
