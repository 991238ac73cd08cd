/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What operators hand over and type. The first byte chooses: any table, the list of voters, the
 * table of codes, the registrar's register, a fingerprint, numbers of authorities, files of ballots
 * and of audited ones, changes of credentials. For any input: what is refused has a reason; what is
 * read is within the manifest's bounds and, written and read again, the same; ballots are pieces of
 * the input, one behind the other.
 */
#include "authority/authority.h"
#include "cli/ballot_stream.h"
#include "cli/changes.h"
#include "cli/fingerprint.h"
#include "cli/register.h"
#include "cli/table.h"
#include "count/text_sink.h"
#include "identity/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROOM ((size_t)1 << 26)
#define INPUT_MAX ((size_t)1 << 16) /* longer ones say nothing new */

static struct manifest_style styles[] = {{.name = {(const uint8_t *)"north", 5}, .groups_count = 2},
                                         {.name = {(const uint8_t *)"s", 1}, .groups_count = 1}};
static const struct manifest manifest = {.styles = styles,
                                         .styles_count = 2,
                                         .groups_count = 2,
                                         .weight_max = 5,
                                         .threshold = 2,
                                         .authorities_count = 5};
static struct arena memory;
static char path[32];
static int fd = -1;

static void set_up(void)
{
	void *room = aligned_alloc(ARENA_ALIGN, ROOM);
	require(room);
	arena_init(&memory, room, ROOM);
	fd = memfd_create("list", 0);
	require(fd >= 0 && group_init(NULL, NULL));
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
}

static void put(bytes content)
{
	require(ftruncate(fd, 0) == 0);
	require(content.len == 0 || pwrite(fd, content.p, content.len, 0) == (ssize_t)content.len);
}

static void refused(const struct error *err)
{
	require(err->kind == ERROR_MALFORMED || err->kind == ERROR_REJECTED ||
	        err->kind == ERROR_LIMIT);
	require(err->what != NULL);
}

static uint8_t *take(size_t len)
{
	uint8_t *p = arena_take(&memory, len, 1, NULL);
	require(p);
	return p;
}

/* --- tables --- */

static void write_row(struct text *out, const struct table_row *row)
{
	for (unsigned i = 0; i < row->count; i++) {
		text_add(out, i ? "," : "");
		table_add_cell(out, row->cell[i]);
	}
	text_add(out, "\n");
	require(!out->cut);
}

static void table(bytes in)
{
	struct table t, again;
	struct table_row row, same;
	struct error err;
	bool more;
	struct text line = {(char *)take(2 * in.len + 64), 2 * in.len + 64, 0, false};
	error_clear(&err);
	table_init(&t, in, &memory);
	for (;;) {
		if (!table_next(&row, &more, &t, &err)) {
			require(err.kind == ERROR_MALFORMED);
			return;
		}
		if (!more)
			return;
		require(row.count >= 1 && row.count <= TABLE_CELLS_MAX && t.line <= in.len);
		line.len = 0;
		text_add(&line, "\n"); /* not the first line: no byte order mark */
		write_row(&line, &row);
		table_init(&again, bytes_of(line.p, line.len), &memory);
		require(table_next(&same, &more, &again, &err));
		if (row.count == 1 && row.cell[0].len == 0)
			continue; /* an empty line, which does not count */
		require(more && same.count == row.count && again.line == 2);
		for (unsigned i = 0; i < row.count; i++) {
			require(bytes_equal(same.cell[i], row.cell[i]));
			for (size_t k = 0; k < row.cell[i].len; k++)
				require(row.cell[i].p[k] >= ' ' && row.cell[i].p[k] != 0x7f);
		}
	}
}

static bytes written(struct text_sink *sink, size_t len)
{
	text_sink_init(sink, take(len), len);
	return BYTES_NONE;
}

static void voters(bytes in)
{
	struct voter *list;
	credential_code *codes, *same;
	struct text_sink out;
	struct error err;
	size_t n, of_style, all = 0;
	error_clear(&err);
	put(in);
	if (!voters_read(&list, &n, path, &manifest, &memory, &err)) {
		refused(&err);
		return;
	}
	require(n > 0 && n <= in.len);
	codes = arena_take_array(&memory, n, credential_code, NULL);
	require(codes);
	for (size_t i = 0; i < n; i++) {
		require(list[i].id.len > 0 && list[i].id.len <= VOTER_BYTES_MAX);
		require(list[i].style < 2 && list[i].weight >= 1 && list[i].weight <= 5);
		memset(&codes[i], (int)i, sizeof codes[i]);
		codes[i].secret.b[CONFIRMATION_BYTES - 1] &= 0xc0;
	}
	written(&out, 2 * in.len + n * 128 + 64);
	require(codes_write(&out.sink, &manifest, list, codes, n, &err));
	put(text_sink_bytes(&out));
	for (uint32_t style = 0; style < 2; style++) {
		require(codes_read(&same, &of_style, path, &manifest, style, &memory, &err));
		size_t at = 0;
		for (size_t i = 0; i < n; i++)
			require(list[i].style != style ||
			        (at < of_style && confirmation_equal(&same[at++].secret, &codes[i].secret)));
		all += of_style;
	}
	require(all == n);
}

static void codes(bytes in)
{
	credential_code *list;
	struct error err;
	size_t n;
	error_clear(&err);
	put(in);
	if (!codes_read(&list, &n, path, &manifest, 1, &memory, &err))
		refused(&err);
	else
		require(n <= in.len);
}

static void registers(bytes in)
{
	struct registered *list, *same;
	struct text_sink out, again;
	struct error err;
	size_t n, m, room = 2 * in.len + 64;
	error_clear(&err);
	put(in);
	if (!register_read(&list, &n, 1, path, &manifest, &memory, &err)) {
		refused(&err);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		require(list[i].voter.len > 0 && list[i].voter.len <= VOTER_BYTES_MAX);
		require(list[i].credential.style < 2 && list[i].credential.weight <= 5);
		require(register_find(list, n, list[i].voter) == &list[i]);
	}
	written(&out, room);
	written(&again, room);
	require(register_write(&out.sink, &manifest, list, n, &err));
	put(text_sink_bytes(&out));
	require(register_read(&same, &m, 0, path, &manifest, &memory, &err) && m == n);
	require(register_write(&again.sink, &manifest, same, m, &err));
	require(bytes_equal(text_sink_bytes(&out), text_sink_bytes(&again)));
}

/* --- what is typed --- */

static const char *typed(bytes in)
{
	uint8_t *text = take(in.len + 1);
	if (in.len)
		memcpy(text, in.p, in.len);
	text[in.len] = 0;
	return (const char *)text;
}

static void fingerprint(bytes in)
{
	digest d, again;
	struct error err;
	char words[WORDS_TEXT_BYTES], hex[65];
	error_clear(&err);
	if (!fingerprint_parse(&d, typed(in), &err)) {
		require(err.kind == ERROR_MALFORMED);
		return;
	}
	words_encode(words, d.b);
	require(fingerprint_parse(&again, words, &err) && digest_equal(&d, &again));
	hex_encode(hex, BYTES_OF(d.b));
	require(fingerprint_parse(&again, hex, &err) && digest_equal(&d, &again));
}

static void numbers(bytes in)
{
	struct active_parties p, again;
	struct error err;
	char room[64];
	struct text t = TEXT_OF(room);
	error_clear(&err);
	if (!active_parties_parse(&p, &manifest, typed(in), &err)) {
		refused(&err);
		return;
	}
	require(p.count >= 2 && p.count <= 5);
	for (unsigned i = 0; i < p.count; i++) {
		require(p.party[i] >= 1 && p.party[i] <= 5 && (i == 0 || p.party[i] > p.party[i - 1]));
		text_add(&t, i ? "," : "");
		text_add_u64(&t, p.party[i]);
	}
	require(active_parties_parse(&again, &manifest, room, &err) && again.count == p.count);
}

/* --- files of ballots --- */

static void ballots(bytes in)
{
	static struct ballot_style shapes[2];
	static const uint32_t all[] = {1}, north[] = {2, 1};
	require(ballot_style_init(&shapes[0], BYTES_LITERAL("all"), all, 1, NULL));
	require(ballot_style_init(&shapes[1], BYTES_LITERAL("north"), north, 2, NULL));
	if (in.len == 0)
		return;
	const struct ballot_rules rules = {.mode = in.p[0] & 1 ? BALLOT_CREDENTIALS : BALLOT_SERVER,
	                                   .styles = shapes,
	                                   .styles_count = 2};
	static uint8_t *window;
	struct ballot_stream s;
	struct error err;
	bytes one[2];
	size_t n, at = 1;
	bool good;
	error_clear(&err);
	put(bytes_from(in, 1));
	if (!window)
		require(window = malloc(BALLOT_WINDOW_BYTES));
	require(ballot_stream_open(&s, path, &rules, in.p[0] & 2, &err));
	s.window = window;
	uint64_t most = ballot_stream_most(&s);
	while ((good = ballot_stream_next(one, &n, 2, &s, &err)) && n > 0)
		for (size_t i = 0; i < n; at += one[i++].len)
			require(one[i].len > 0 && bytes_equal(one[i], bytes_of(in.p + at, one[i].len)));
	require(s.number <= most && at <= in.len && (!good || at == in.len));
	if (!good)
		refused(&err);
	ballot_stream_close(&s);
}

/* --- changes --- */

static void changes(bytes in)
{
	/* SHA-256("eid"), as in tests/vectors/make_record.py. */
	static const digest eid = {{0xa7, 0x34, 0x0e, 0x44, 0xc7, 0x47, 0xea, 0xc6, 0xbf, 0x34, 0xd5,
	                            0x53, 0x7c, 0x3e, 0xd2, 0xed, 0x15, 0x3d, 0x05, 0xbf, 0x0e, 0x18,
	                            0x55, 0xe0, 0x91, 0x48, 0xec, 0xbe, 0x49, 0xe2, 0x31, 0x8e}};
	uint8_t room[LIMIT_LOG_ENTRY_BYTES];
	struct changes c;
	struct error err;
	size_t at = 0;
	error_clear(&err);
	put(in);
	bool good = changes_read(&c, path, &eid, &memory, &err);
	if (!good)
		refused(&err);
	for (size_t i = 0; i < c.count; i++) {
		bytes one = entry_write(room, &eid, &c.list[i]);
		require(c.list[i].kind == ENTRY_CREDENTIAL && at + 2 + one.len <= in.len);
		require(bytes_equal(one, bytes_of(in.p + at + 2, one.len)));
		at += 2 + one.len;
		/* The list is what the arena gave for it: its last one too. */
		require((uint8_t *)&c.list[i + 1] <= memory.base + memory.used);
	}
	require(!good || (c.count > 0 && at == in.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(bytes) = {table,       voters,  codes,   registers,
	                                         fingerprint, numbers, ballots, changes};
	if (fd < 0)
		set_up();
	if (size > 0 && size <= INPUT_MAX)
		readers[data[0] % (sizeof readers / sizeof *readers)](bytes_of(data + 1, size - 1));
	arena_release(&memory, 0);
	return 0;
}
