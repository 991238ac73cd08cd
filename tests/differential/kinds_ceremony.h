/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kinds of alteration of the ceremony: one party cheats, or all do, and sign; everything that comes
 * later is said as if it were right.
 */
#ifndef DIFFERENTIAL_KINDS_CEREMONY_H
#define DIFFERENTIAL_KINDS_CEREMONY_H

#include "differential/kinds.h"
#include "differential/scripted_ceremony.h"

/* 4 parties; dealer 1 is accused by 2, and with a threshold of 3 by 3 as well, and answers. */
static struct script script;

static void script_usual(struct script *s)
{
	script_begin(s, &u, 1);
	s->accuses[1][0] = true;
	s->accuses[2][0] = s->t > 2;
}

/* How the script at hand is altered, and by which kind. */
static const struct kind *script_kind;

static void play_altered(const struct kind *k,
                         void (*saying)(struct script *, struct script_message *))
{
	script_kind = k;
	script_usual(&script);
	script.say = saying;
	script_play(&script);
}

/* --- who is what: before anything is said --- */

enum {
	DEAL_SHORT,
	DEAL_LONG,
	DEAL_PROOF,
	DEAL_AS_ANOTHER,
	DEAL_ZERO,
	DEAL_ZERO_NEXT,
	DEAL_NONCE,
	DEAL_OPPOSITE,
	DEAL_OPPOSITE_NEXT,
	DEAL_SHARE
};

/* Dealer 4 deals so that all that it says fits, and the whole is of no use. */
static void deal_wrongly(struct script *s)
{
	struct script_dealer *d = &s->dealer[3];
	scalar sum;
	unsigned k = script_kind->at == DEAL_OPPOSITE_NEXT;
	switch (script_kind->at) {
	case DEAL_SHORT:
		d->coefficients--;
		break;
	case DEAL_LONG:
		d->coefficients++;
		break;
	case DEAL_ZERO:
	case DEAL_ZERO_NEXT:
		d->f[script_kind->at == DEAL_ZERO_NEXT] = scalar_zero;
		break;
	case DEAL_OPPOSITE:
	case DEAL_OPPOSITE_NEXT:
		sum = scalar_zero;
		for (unsigned i = 0; i < 3; i++)
			scalar_add(&sum, &sum, &s->dealer[i].f[k]);
		scalar_neg(&d->f[k], &sum);
		break;
	case DEAL_SHARE:
		sum = scalar_zero;
		for (unsigned i = 0; i < 4; i++) {
			scalar share = script_share(&s->dealer[i], 2);
			scalar_add(&sum, &sum, &share);
		}
		scalar_sub(&d->f[0], &d->f[0], &sum);
		break;
	default:
		break;
	}
	if (script_kind->at == DEAL_AS_ANOTHER)
		script_commit(s, 3, 3, &d->f[1]);
	else if (script_kind->at == DEAL_NONCE)
		script_commit(s, 3, 4, &scalar_zero);
	else
		script_recommit(s, 3);
	if (script_kind->at == DEAL_PROOF)
		scalar_add(&d->z, &d->z, &scalar_one);
}

static void dealt_wrongly(const struct kind *k)
{
	script_kind = k;
	script_usual(&script);
	script.deal = deal_wrongly;
	script_play(&script);
}

/* --- what is said --- */

static bool is_said_by(const struct script_message *m, unsigned round, unsigned party)
{
	return m->round == round && m->party == party;
}

/* Round `more` of party 4: byte `at` of its content. */
static void say_bit(struct script *s, struct script_message *m)
{
	const struct kind *k = script_kind;
	(void)s;
	if (is_said_by(m, (unsigned)k->more, 4))
		m->content[k->at < 0 ? m->len - (size_t)-k->at : (size_t)k->at] ^= 1;
}
static void said_with_a_bit(const struct kind *k)
{
	play_altered(k, say_bit);
}

/* The same of everybody. */
static void say_all_bit(struct script *s, struct script_message *m)
{
	const struct kind *k = script_kind;
	(void)s;
	if (m->round == (unsigned)k->more && m->len)
		m->content[k->at < 0 ? m->len - (size_t)-k->at : (size_t)k->at] ^= 1;
}
static void all_said_with_a_bit(const struct kind *k)
{
	play_altered(k, say_all_bit);
}

/* Byte `at` of the content becomes the number in `text`. */
static void say_byte(struct script *s, struct script_message *m)
{
	const struct kind *k = script_kind;
	(void)s;
	if (is_said_by(m, (unsigned)k->more, 4))
		m->content[k->at < 0 ? m->len - (size_t)-k->at : (size_t)k->at] =
			(uint8_t)strtol(k->text, NULL, 0);
}
static void said_with_a_byte(const struct kind *k)
{
	play_altered(k, say_byte);
}

static void say_more(struct script *s, struct script_message *m)
{
	(void)s;
	if (is_said_by(m, (unsigned)script_kind->more, 4))
		m->len = (size_t)((long)m->len + script_kind->at);
}
static void said_more(const struct kind *k)
{
	play_altered(k, say_more);
}

/* Party 4 says nothing in that round, and all go on as if. */
static void say_nothing(struct script *s, struct script_message *m)
{
	(void)s;
	if (is_said_by(m, (unsigned)script_kind->more, 4))
		m->len = 0;
}
static void said_nothing(const struct kind *k)
{
	play_altered(k, say_nothing);
}

static void say_nothing_all(struct script *s, struct script_message *m)
{
	(void)s;
	if (m->round == (unsigned)script_kind->more && m->party > (unsigned)script_kind->at)
		m->len = 0;
}
static void fewer_said(const struct kind *k)
{
	play_altered(k, say_nothing_all);
}

/* The frame of party 4's message of round 2. */
enum { FRAME_MAGIC, FRAME_MANIFEST, FRAME_ATTEMPT, FRAME_ROUND, FRAME_PARTY, FRAME_SIGNER };
static void say_otherwise(struct script *s, struct script_message *m)
{
	(void)s;
	if (!is_said_by(m, 2, 4))
		return;
	switch (script_kind->at) {
	case FRAME_MAGIC:
		m->magic = "urna-ceremony-2";
		break;
	case FRAME_MANIFEST:
		m->d.b[0] ^= 1;
		break;
	case FRAME_ATTEMPT:
		m->attempt = 2;
		break;
	case FRAME_ROUND:
		m->round = 4;
		break;
	case FRAME_PARTY:
		m->party = 3;
		break;
	default:
		m->signer = 3;
		break;
	}
}
static void said_otherwise(const struct kind *k)
{
	play_altered(k, say_otherwise);
}

/* Statements: every party's flags (content 10 to 13) as in `text`, four digits for each party. */
static void say_rows(struct script *s, struct script_message *m)
{
	const char *row = script_kind->text + 5 * (m->party - 1);
	(void)s;
	if (m->round != (unsigned)script_kind->more)
		return;
	for (unsigned i = 0; i < 4 && m->len; i++)
		m->content[10 + i] = (uint8_t)(row[i] - '0');
}
static void said_rows(const struct kind *k)
{
	play_altered(k, say_rows);
}

/* --- accusations and answers --- */

enum {
	ANSWER_NONE,
	ANSWER_WRONG,
	ANSWER_TURNED,
	ANSWER_MORE,
	ANSWER_LESS,
	ANSWER_LARGE,
	ANSWER_BEHIND,
	ANSWER_NOBODY
};
#define ANSWER_BYTES (5u + 9u + 38u)

static void say_answer(struct script *s, struct script_message *m)
{
	uint8_t copy[ANSWER_BYTES];
	(void)s;
	if (!is_said_by(m, 5, 1))
		return;
	switch (script_kind->at) {
	case ANSWER_NONE:
		m->len = 0;
		break;
	case ANSWER_WRONG:
		m->content[m->len - 1] ^= 1;
		break;
	case ANSWER_TURNED:
		memcpy(copy, m->content + 5, ANSWER_BYTES);
		memcpy(m->content + 5, m->content + 5 + ANSWER_BYTES, ANSWER_BYTES);
		memcpy(m->content + 5 + ANSWER_BYTES, copy, ANSWER_BYTES);
		break;
	case ANSWER_MORE: /* the last one twice, as to 4 */
		memcpy(m->content + m->len, m->content + m->len - ANSWER_BYTES, ANSWER_BYTES);
		m->content[m->len + 13] = 4;
		m->content[4]++;
		m->len += ANSWER_BYTES;
		break;
	case ANSWER_LESS:
		m->len -= ANSWER_BYTES;
		m->content[4]--;
		break;
	case ANSWER_LARGE:
		memset(m->content + m->len - 32, 0xff, 32);
		break;
	case ANSWER_BEHIND:
		m->content[m->len++] = 0;
		break;
	default:
		m->content[5 + 13] = 4;
		break;
	}
}
static void answered_wrongly(const struct kind *k)
{
	play_altered(k, say_answer);
}

/* All certify dealer 1, whom three accuse; or leave out dealer 4, whom nobody does. */
static void judged_wrongly(const struct kind *k)
{
	script_kind = k;
	script_usual(&script);
	if (k->at == 1) /* t accusers */
		for (unsigned i = 1; i <= script.t; i++)
			script.accuses[i][0] = true;
	script.forced = true;
	for (unsigned i = 0; i < 4; i++)
		script.qualified[i] = k->at == 1 || i < 3;
	script_play(&script);
}

/* --- files --- */

static void message_bit(const struct kind *k)
{
	script_usual(&script);
	script_play(&script);
	bit_turned(k);
}

static void message_end(const struct kind *k)
{
	script_usual(&script);
	script_play(&script);
	if (k->more)
		end_added(k);
	else
		end_cut(k);
}

static void message_put(const struct kind *k)
{
	script_usual(&script);
	script_play(&script);
	file_became(k);
}

static void message_gone(const struct kind *k)
{
	script_usual(&script);
	script_play(&script);
	file_removed(k);
}

/* Attempts: first one of `at` rounds, then one of `more`; a word of failure of the first if any. */
static void two_attempts(const struct kind *k)
{
	script_usual(&script);
	script.rounds = (unsigned)k->at;
	script_play(&script);
	if (k->text)
		script_failed(&u, 1, 2, bytes_of_text(k->text), 1);
	script_begin(&script, &u, 2);
	script.rounds = (unsigned)k->more;
	if (script.rounds == 1)
		for (unsigned i = script.t; i < script.n; i++)
			script.present[i] = false;
	script_play(&script);
}

/* A complete attempt, and a word that it failed that is not of its form. */
static void wrong_word(const struct kind *k)
{
	script_usual(&script);
	script_play(&script);
	script_failed(&u, 1, 2, bytes_of_text(k->text), (unsigned)k->more);
	const char *path = "ceremony/1/failed-02.bt";
	bytes b = urn_file(&u, path);
	if (k->at)
		((uint8_t *)(uintptr_t)b.p)[b.len - (size_t)k->at] ^= 1;
	if (k->path)
		urn_write(&u, k->path, b);
	else
		urn_write(&u, path, b);
	free((void *)(uintptr_t)b.p);
}

static void only_a_second_attempt(const struct kind *k)
{
	(void)k;
	script_begin(&script, &u, 2);
	script_play(&script);
}

static void no_ceremony(const struct kind *k)
{
	(void)k;
}

#define C1 "ceremony/1/"
#define RAW(what, alter, path, text, at, more) \
	KIND("3.1", what, alter, path, text, at, more, SEAL_NONE)
static const char long_reason[] =
	"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
	"4567890123456789012345678901234567890123456789012345678901234567890";

/* Threshold 3: messages of a party, dealing, opening, verdicts, answers, attempts. */
static const struct kind of_ceremonies[] = {
	RAW("no ceremony", no_ceremony, NULL, NULL, 0, 0),
	RAW("a dealer of one coefficient less", dealt_wrongly, NULL, NULL, DEAL_SHORT, 0),
	RAW("a dealer of one coefficient more", dealt_wrongly, NULL, NULL, DEAL_LONG, 0),
	RAW("a dealer who does not prove what he knows", dealt_wrongly, NULL, NULL, DEAL_PROOF, 0),
	RAW("a dealer with a proof of another", dealt_wrongly, NULL, NULL, DEAL_AS_ANOTHER, 0),
	RAW("a dealer of the secret 0", dealt_wrongly, NULL, NULL, DEAL_ZERO, 0),
	RAW("a dealer of a coefficient 0", dealt_wrongly, NULL, NULL, DEAL_ZERO_NEXT, 0),
	RAW("a dealer with a proof of nonce 0", dealt_wrongly, NULL, NULL, DEAL_NONCE, 0),
	RAW("a joint key of infinity", dealt_wrongly, NULL, NULL, DEAL_OPPOSITE, 0),
	RAW("a joint coefficient of infinity", dealt_wrongly, NULL, NULL, DEAL_OPPOSITE_NEXT, 0),
	RAW("a share of infinity", dealt_wrongly, NULL, NULL, DEAL_SHARE, 0),
	RAW("a commitment to something else", said_with_a_bit, NULL, NULL, -1, 1),
	RAW("a commitment of another length", said_with_a_byte, NULL, "31", 4, 1),
	RAW("an opening of another salt", said_with_a_bit, NULL, NULL, -1 - 5 - 4 * 85, 3),
	RAW("an opening of another proof", said_with_a_bit, NULL, NULL, 10 + 4 * 81 + 37, 3),
	RAW("an opening off the curve", said_with_a_bit, NULL, NULL, 10 + 80, 3),
	RAW("an opening of five boxes", said_with_a_byte, NULL, "5", -1 - 4 * 85, 3),
	RAW("an opening of a box too short", said_with_a_byte, NULL, "79", -81, 3),
	RAW("an opening with something behind it", said_more, NULL, NULL, 1, 3),
	RAW("an opening cut off", said_more, NULL, NULL, -1, 3),
	RAW("one echo of other messages", said_with_a_bit, NULL, NULL, -1, 2),
	RAW("all echoes of other messages", all_said_with_a_bit, NULL, NULL, -1, 2),
	RAW("an echo with a flag 2", said_with_a_byte, NULL, "2", 10, 2),
	RAW("an echo of three flags", said_with_a_byte, NULL, "3", 9, 2),
	RAW("an echo with something behind it", said_more, NULL, NULL, 1, 2),
	RAW("one party calls another absent", said_rows, NULL, "1111 1111 1111 0111", 0, 2),
	RAW("echoes of fewer than the threshold", said_rows, NULL, "1100 1100 0011 0011", 0, 2),
	RAW("echoes that leave out who says them", said_rows, NULL, "0111 1011 1101 1110", 0, 2),
	RAW("one verdict on other openings", said_with_a_bit, NULL, NULL, -1, 4),
	RAW("all verdicts on other openings", all_said_with_a_bit, NULL, NULL, -1, 4),
	RAW("a verdict of 3", said_with_a_byte, NULL, "3", 10, 4),
	RAW("a verdict on oneself", said_with_a_byte, NULL, "1", 13, 4),
	RAW("a verdict of four parties and one", said_with_a_byte, NULL, "5", 9, 4),
	RAW("all call an opening invalid that they hash", said_rows, NULL, "0002 1002 1002 0000", 0, 4),
	RAW("verdicts of different parties", said_rows, NULL, "0002 1000 1000 0000", 0, 4),
	RAW("no share in answer, and certified", answered_wrongly, NULL, NULL, ANSWER_NONE, 0),
	RAW("a wrong share in answer", answered_wrongly, NULL, NULL, ANSWER_WRONG, 0),
	RAW("answers in another order", answered_wrongly, NULL, NULL, ANSWER_TURNED, 0),
	RAW("an answer to who did not ask", answered_wrongly, NULL, NULL, ANSWER_MORE, 0),
	RAW("an answer too few", answered_wrongly, NULL, NULL, ANSWER_LESS, 0),
	RAW("a share beyond q in answer", answered_wrongly, NULL, NULL, ANSWER_LARGE, 0),
	RAW("something behind the answers", answered_wrongly, NULL, NULL, ANSWER_BEHIND, 0),
	RAW("an answer to another than who asked", answered_wrongly, NULL, NULL, ANSWER_NOBODY, 0),
	RAW("a dealer certified whom t accuse", judged_wrongly, NULL, NULL, 1, 0),
	RAW("a dealer left out whom nobody accuses", judged_wrongly, NULL, NULL, 0, 0),
	RAW("one certificate of another election", said_with_a_bit, NULL, NULL, -1, 6),
	RAW("all certificates of another election", all_said_with_a_bit, NULL, NULL, -1, 6),
	RAW("certificates of another set", said_rows, NULL, "1110 1110 1110 1111", 0, 6),
	RAW("fewer certificates than the threshold", fewer_said, NULL, NULL, 2, 6),
	RAW("no key of a party", said_nothing, NULL, NULL, 0, 0),
	RAW("no commitment of a party", said_nothing, NULL, NULL, 0, 1),
	RAW("no echo of a party", said_nothing, NULL, NULL, 0, 2),
	RAW("no opening of a party", said_nothing, NULL, NULL, 0, 3),
	RAW("no verdict of a party", said_nothing, NULL, NULL, 0, 4),
	RAW("a key taken away afterwards", message_gone, C1 "r0-02.bt", NULL, 0, 0),
	RAW("a commitment taken away afterwards", message_gone, C1 "r1-02.bt", NULL, 0, 0),
	RAW("an echo taken away afterwards", message_gone, C1 "r2-02.bt", NULL, 0, 0),
	RAW("an answer taken away afterwards", message_gone, C1 "r5-01.bt", NULL, 0, 0),
	RAW("a message of no ceremony", said_otherwise, NULL, NULL, FRAME_MAGIC, 0),
	RAW("a message for another manifest", said_otherwise, NULL, NULL, FRAME_MANIFEST, 0),
	RAW("a message of another attempt", said_otherwise, NULL, NULL, FRAME_ATTEMPT, 0),
	RAW("a message of another round", said_otherwise, NULL, NULL, FRAME_ROUND, 0),
	RAW("a message of another party", said_otherwise, NULL, NULL, FRAME_PARTY, 0),
	RAW("a message that another signed", said_otherwise, NULL, NULL, FRAME_SIGNER, 0),
	RAW("a spoiled signature of a message", message_bit, C1 "r4-02.bt", NULL, -1, 0),
	RAW("a message of six parts", message_bit, C1 "r4-02.bt", NULL, 4, 0),
	RAW("a message with a byte more", message_end, C1 "r4-02.bt", NULL, 0, 1),
	RAW("a message with a byte less", message_end, C1 "r4-02.bt", NULL, -1, 0),
	RAW("a message of no bytes", message_end, C1 "r4-02.bt", NULL, 0, 0),
	RAW("a message of more than 8192 bytes", message_end, C1 "r4-02.bt", NULL, 0, 9000),
	RAW("a message in the place of another", message_put, C1 "r4-02.bt", "=" C1 "r4-03.bt", 0, 0),
	RAW("a message of round 7", message_put, C1 "r7-01.bt", "x", 0, 0),
	RAW("a message of party 0", message_put, C1 "r0-00.bt", "=" C1 "r0-01.bt", 0, 0),
	RAW("a message of a party too many", message_put, C1 "r0-05.bt", "=" C1 "r0-01.bt", 0, 0),
	RAW("a message of attempt 01", message_put, "ceremony/01/r0-01.bt", "=" C1 "r0-01.bt", 0, 0),
	RAW("a message of attempt 17", message_put, "ceremony/17/r0-01.bt", "x", 0, 0),
	RAW("a message of attempt 0", message_put, "ceremony/0/r0-01.bt", "x", 0, 0),
	RAW("a file beside the attempts", message_put, "ceremony/x", "x", 0, 0),
	RAW("a file beside the messages", message_put, C1 "notes", "x", 0, 0),
	RAW("a folder beside the messages", message_put, C1 "more/x", "x", 0, 0),
	RAW("an answer of nobody's, not signed", message_put, C1 "r5-03.bt", "=" C1 "r5-01.bt", 0, 0),
	RAW("a second attempt of as many as the threshold", two_attempts, NULL, NULL, 7, 1),
	RAW("a first attempt said to have failed, a second begun by t", two_attempts, NULL, "late", 7,
        1),
	RAW("an unfinished attempt that nobody ended", two_attempts, NULL, NULL, 3, 7),
	RAW("an unfinished attempt, and an unfinished second", two_attempts, NULL, "late", 3, 4),
	RAW("only a second attempt", only_a_second_attempt, NULL, NULL, 0, 0),
	RAW("a word of failure with a spoiled signature", wrong_word, NULL, "late", 1, 0),
	RAW("a word of failure with a control character", wrong_word, NULL, "la\x7fte", 0, 0),
	RAW("a word of failure in UTF-8", wrong_word, NULL, "sp\xc3\xa4t", 0, 0),
	RAW("a word of failure of 161 characters", wrong_word, NULL, long_reason, 0, 0),
	RAW("a word of failure that blames nobody there is", wrong_word, NULL, "late", 0, 5),
	RAW("a word of failure in another's place", wrong_word, C1 "failed-03.bt", "late", 0, 0),
	RAW("a word of failure of another attempt", wrong_word, "ceremony/2/failed-02.bt", "late", 0,
        0),
};

/* Threshold 2, so that two sets of parties can be held apart. */
static const struct kind of_parted_ceremonies[] = {
	RAW("echoes of two sets", said_rows, NULL, "1100 1100 0011 0011", 0, 2),
	RAW("verdicts of two sets of parties", said_rows, NULL, "0022 1022 2200 2200", 0, 4),
	RAW("certificates of two sets of parties", said_rows, NULL, "1100 1100 0011 0011", 0, 6),
};

#endif
