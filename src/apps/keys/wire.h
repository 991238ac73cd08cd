/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `urna` and its key process say to each other, over two pipes: frames of 4 bytes length and a
 * byte tree.
 *
 *   to it      one request; then one frame of secrets, which it reads in its jail. The pipe stays
 *              open: its end asks the process to stop.
 *   from it    any number of progress and notice; then done or failed, once.
 *
 * Sizes: WIRE_FRAME_MAX. Errors: MALFORMED for what is no such frame, IO when the other side is
 * gone. Secrets: those of the secrets frame; the caller wipes the room.
 */
#ifndef KEYS_WIRE_H
#define KEYS_WIRE_H

#include "base/bytes.h"
#include "base/error.h"
#include "hash/sha2.h"

#define WIRE_FRAME_MAX 32768u
#define WIRE_STAGE_BYTES 64u
#define WIRE_WHAT_BYTES 256u

/* Descriptors of the key process. */
enum { WIRE_FROM = 0, WIRE_TO = 1, WIRE_RECORD = 3, WIRE_HOME = 4, WIRE_LOCK = 5 };

enum wire_step {
	STEP_CEREMONY,
	STEP_MIX,
	STEP_DECRYPT,
	STEP_COUNT,
	STEP_CHECK,
	STEP_BACKUP,
	STEP_RESTORE,
	STEP_DESTROY,
	WIRE_STEPS
};

#define WIRE_PATH_BYTES 4096u
#define WIRE_ACTIVE_BYTES 512u

struct wire_request {
	enum wire_step step;
	char record[WIRE_PATH_BYTES], home[WIRE_PATH_BYTES]; /* for messages, and unnamed files */
	char active[WIRE_ACTIVE_BYTES];                      /* "1,3"; "": all */
	unsigned threads;
	uint64_t memory_limit, timeout_ms;
	bool without_jail;
	bool never_closed; /* STEP_RESTORE */
};

struct wire_secrets {         /* borrows the frame */
	bytes passphrase, backup; /* empty: none; the second seals a backup */
	bytes file;               /* STEP_RESTORE: the backup, sealed */
};

enum wire_kind { WIRE_PROGRESS, WIRE_NOTICE, WIRE_DONE, WIRE_FAILED };

struct wire_report { /* borrows the frame */
	enum wire_kind kind;
	bytes stage; /* WIRE_PROGRESS */
	uint64_t done, total;
	struct error error; /* WIRE_NOTICE, WIRE_FAILED; `what` lies in `words` */
	char words[WIRE_WHAT_BYTES];
	bool wrong_usage; /* WIRE_FAILED */
	unsigned index;   /* WIRE_DONE: which authority */
	digest eid;
	bytes data; /* WIRE_DONE: a backup, a word */
};

bool wire_send_request(int fd, const struct wire_request *r, struct error *err) must_check;
bool wire_send_secrets(int fd, const struct wire_secrets *s, uint8_t room[static WIRE_FRAME_MAX],
                       struct error *err) must_check;
bool wire_send_report(int fd, const struct wire_report *r, struct error *err) must_check;

bool wire_read_request(struct wire_request *out, int fd, struct error *err) must_check;
bool wire_read_secrets(struct wire_secrets *out, int fd, uint8_t room[static WIRE_FRAME_MAX],
                       struct error *err) must_check;
/* UNAVAILABLE: the pipe has ended. */
bool wire_read_report(struct wire_report *out, int fd, uint8_t room[static WIRE_FRAME_MAX],
                      struct error *err) must_check;

#endif
