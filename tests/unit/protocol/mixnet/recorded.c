/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/protocol/mixnet/recorded.h"

#include "files/disk_folder.h"

#include <stdio.h>
#include <stdlib.h>

const char *text_of(const char *root, const char *name)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s", root, name);
	bytes file = test_file(path);
	char *text = world_keep(malloc(file.len + 1));
	memcpy(text, file.p, file.len);
	text[file.len] = 0;
	return text;
}

const char *recorded(const char *text, unsigned party, const char *name)
{
	char mark[64];
	const char *at = text;
	if (party) {
		snprintf(mark, sizeof mark, "BEGIN PARTY %u ", party);
		at = strstr(text, mark);
		assert_non_null(at);
	}
	snprintf(mark, sizeof mark, "TEST VECTOR\n%s - ", name);
	at = strstr(at, mark);
	if (!at)
		fail_msg("no recorded value %s", name);
	at = strchr(at + sizeof "TEST VECTOR", '\n');
	assert_non_null(at);
	return at + 1;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool next_number(const char **at, uint8_t out[static 32])
{
	const char *p = *at;
	while (*p && *p != '\n' && !is_hex(*p))
		p++;
	size_t len = 0;
	while (is_hex(p[len]))
		len++;
	*at = p + len;
	if (len == 0)
		return false;
	char padded[65];
	memset(padded, '0', 64);
	padded[64] = 0;
	for (; len > 64; len--, p++)
		assert_int_equal(*p, '0');
	memcpy(padded + 64 - len, p, len);
	test_from_hex(out, 32, padded);
	return true;
}

static void record(struct mix_trace *t, unsigned party, const char *name, bytes value)
{
	struct recorder *r = (struct recorder *)(void *)t;
	if (strcmp(name, "bas.h") == 0) {
		assert_true(r->h_len + value.len <= sizeof r->h);
		memcpy(r->h + r->h_len, value.p, value.len);
		r->h_len += value.len;
		return;
	}
	assert_true(r->count < 64 && value.len <= 64);
	struct seen *s = &r->seen[r->count++];
	s->party = party;
	s->len = value.len;
	snprintf(s->name, sizeof s->name, "%s", name);
	memcpy(s->value, value.p, value.len);
}

const struct seen *seen(const struct recorder *r, unsigned party, const char *name)
{
	for (size_t i = 0; i < r->count; i++) {
		if (r->seen[i].party == party && strcmp(r->seen[i].name, name) == 0)
			return &r->seen[i];
	}
	fail_msg("no value %s of party %u", name, party);
	return NULL;
}

void same_value(const struct recorded_proof *p, unsigned party, const char *name)
{
	uint8_t want[32];
	const struct seen *s = seen(p->r, party, name);
	const char *value = recorded(p->text, party, name);
	assert_true(next_number(&value, want));
	assert_int_equal(s->len, 32);
	assert_memory_equal(s->value, want, 32);
}

void open_recorded(struct recorded_proof *p, const char *set, const char *auxsid)
{
	char path[64];
	struct mix_session session;
	struct error err;
	p->root = unpacked(set);
	snprintf(path, sizeof path, "testvectors-%s.txt", auxsid);
	p->text = text_of(p->root, path);
	session_of(&session, p->root, auxsid, 0);
	snprintf(path, sizeof path, "nizkp/%s", auxsid);
	world_init(&p->w, session.parties, session.threshold, session.width, RECORDED_N_MAX,
	           open_disk(p->root, path));
	p->w.session = session;
	p->r = calloc(1, sizeof *p->r);
	assert_non_null(p->r);
	p->r->trace.value = record;
	p->w.trace = &p->r->trace;
	assert_ok(world_verify(&p->w, NULL, &err), err);
	assert_ok(mix_key_read(&p->w.key, p->w.folder, &p->w.session, &err), err);
	assert_ok(mix_list_length(&p->w.n, p->w.folder, "Ciphertexts.bt", session.width, &err), err);
}

void close_recorded(struct recorded_proof *p)
{
	disk_folder_close(p->w.folder);
	world_done(&p->w);
	free(p->r);
}
