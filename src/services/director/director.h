/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an outsider sees of a tally under way: how far each list is, whose turn it is, who failed
 * and why; and the moving of what failed into the record's evidence.
 *
 * A director has no authority and no secret. It says who is asked next (`urna mix --mixers`, `urna
 * decrypt --active`); whoever is asked checks everything for himself. What it moves was signed by
 * its author, and stays provable, or is worthless. It lowers no threshold.
 *
 * Inputs: a record whose log is closed. Nothing should be written while it looks: a file in the
 *   making would count as missing.
 * Errors: what is wrong with the parties' files is a fault, not an error; an error is IO or LIMIT.
 * Memory: world->arena, given back; director_open keeps 32 bytes per list and party.
 * Cost: one verification of each shuffle that was not verified before, 2ω + 2 … terms per
 *   ciphertext (mixnet/verify.h); of the decryption when all have replied.
 */
#ifndef DIRECTOR_DIRECTOR_H
#define DIRECTOR_DIRECTOR_H

#include "ceremony/key.h"
#include "manifest/manifest.h"
#include "record/lists.h"

struct director {
	const struct manifest *manifest;
	const struct election_key *key;
	struct folder *record;
	struct tally_world *world;
	/* The lists derived from the log; NULL: each Ciphertexts.bt is believed. */
	const struct ballot_box *box;
	bool signatures_only; /* no equation is checked */
	digest *proved;       /* by list and party: the statement that was verified last */
};
bool director_open(struct director *out, const struct manifest *m, const struct election_key *key,
                   struct folder *record, struct tally_world *world, struct error *err) must_check;

enum director_state {
	DIRECTOR_MIXING,
	DIRECTOR_DECRYPTING, /* t shuffles that hold, no plaintexts yet */
	DIRECTOR_OPEN,
	DIRECTOR_EMPTY, /* declared to be without ballots */
};

/* Of a party; party 0: a file that no one has signed. */
struct director_fault {
	unsigned party;
	bool unsigned_files; /* left before it signed: killed, or at work */
	struct error why;
};

#define DIRECTOR_FAULTS_MAX (2 * LIMIT_PARTIES + 2)
struct director_list {
	unsigned list;
	char auxsid[AUXSID_BYTES];
	enum director_state state;
	unsigned chain_count, chain[LIMIT_PARTIES]; /* whose shuffles hold, one after another */
	unsigned faults_count;
	struct director_fault faults[DIRECTOR_FAULTS_MAX];
	unsigned attempt;                /* at decrypting; 0: none has begun */
	const char *missing_what;        /* the earliest thing that is not there of some active party */
	bool missing[LIMIT_PARTIES + 1]; /* whose */
};

/*
 * active: who is to decrypt; NULL: whoever has a share of the key and is ready, or, where nobody
 * is, all who have a share.
 */
bool director_look(struct director_list *out, struct director *d, unsigned list, const bool *active,
                   struct error *err) must_check;

/*
 * Who has to shuffle next so that t do, among those that can: sets wanted[] for them, lowest first.
 * false when that is not possible behind the shuffles there are; *keep is how many of the chain can
 * stay if it is begun anew behind them (0…), or UINT_MAX when not even then.
 */
bool director_wanted(bool wanted[LIMIT_PARTIES + 1], unsigned *keep, const struct director *d,
                     const struct director_list *l, const bool can[LIMIT_PARTIES + 1]);

/* --- evidence --- */

/*
 * Everything of the party's shuffle, its signature first, to evidence/lK/mix-NN, the second time to
 * mix-NN-2 and so on, with the reason beside it. With nothing to move, the reason alone. Whether
 * the list can do without it is the caller's to know: no shuffle of a list that is open may go.
 */
bool director_set_aside_shuffle(const struct director *d, unsigned list, unsigned party,
                                const struct error *why, struct error *err) must_check;
/* What no one signed and is wrong: Ciphertexts.bt, key, plaintexts; to evidence/lK/files[-k]. The
 * authorities write it anew. */
bool director_set_aside_unsigned(const struct director *d, unsigned list, const struct error *why,
                                 struct error *err) must_check;
/* One file below endorse/ or proof/ that nobody signed rightly, or that does not belong there: to
 * evidence/lK/files[-k], or evidence/files[-k]. Whoever it belongs to writes it anew when run
 * again. REJECTED when there is no such file. */
bool director_set_aside_file(const struct director *d, const char *path, const struct error *why,
                             struct error *err) must_check;
/* There is a closing in this party's name that it has not signed for this log; *why. Needs box. */
bool director_wrong_closing(const struct director *d, unsigned party, struct error *why);
/* result.json and the signatures on it, to evidence/result[-k]. */
bool director_set_aside_result(const struct director *d, const struct error *why,
                               struct error *err) must_check;
/* Why a party does not decrypt any more: evidence/lK/decrypt-K/reason-NN.txt. Its files are moved
 * by the others when they begin the next attempt. */
bool director_note_decryptor(const struct director *d, unsigned list, unsigned attempt,
                             struct director_fault about, struct error *err) must_check;

#endif
