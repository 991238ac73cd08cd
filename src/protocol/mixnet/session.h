/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parameters of one mix-net session, and rho, the prefix that every hash of it starts with.
 *
 * rho binds sid, auxsid, the bit lengths, the hash names and the group, and nothing else: not the
 * parties, the threshold, the width or the ballots. Urna binds those through sid, which is
 * "urna" ‖ hex(EID). Only P-256 with the exact group string below is supported; keys have width 1.
 * Errors: LIMIT for a bound of base/limits.h, MALFORMED for everything else; `what` names the
 * field.
 */
#ifndef MIXNET_SESSION_H
#define MIXNET_SESSION_H

#include "base/error.h"
#include "base/limits.h"
#include "hash/oracle.h"

#define MIX_VERSION "3.1.0"
#define MIX_PGROUP                                                                             \
	"ECqPGroup(P-256)::00000000020100000020636f6d2e766572696669636174756d2e61726974686d2e4543" \
	"715047726f75700100000005502d323536"
#define MIX_SID_MAX 1024u
#define MIX_AUXSID_MAX 255u
#define MIX_BITS_MIN 256u /* of challenges and batching integers */
#define MIX_BITS_MAX 512u
#define MIX_STATDIST_MAX 256u

struct mix_session {
	char sid[MIX_SID_MAX + 1];       /* [A-Za-z][A-Za-z0-9]{1,1023} */
	char auxsid[MIX_AUXSID_MAX + 1]; /* [A-Za-z0-9_]{1,255} */
	uint32_t parties, threshold;     /* Verificatum's k and λ */
	uint32_t width;                  /* ω: points per half of a ciphertext */
	uint32_t statdist, vbits, ebits; /* n_r, n_v, n_e */
	enum hash_kind rohash, prg;      /* their exact strings are hash_name() of them */
};

/* What Urna uses: statdist 100, 256-bit challenges, SHA-256 throughout. REJECTS what validate
 * does. */
bool mix_session_init(struct mix_session *s, bytes sid, bytes auxsid, uint32_t parties,
                      uint32_t threshold, struct error *err) must_check; /* width 1; set it */
bool mix_session_set_auxsid(struct mix_session *s, bytes auxsid, struct error *err) must_check;
bool mix_session_validate(const struct mix_session *s, struct error *err) must_check;

/* rho: hash_bytes(s->rohash) bytes. */
void mix_rho(uint8_t out[static HASH_MAX_BYTES], const struct mix_session *s);

/*
 * Intermediate values for tests and for diagnosing: each as bytes under the name Verificatum's own
 * test vectors use ("der.rho", "bas.h", "PoS.s", "PoS.v", "Dec.s" …). Arrays come in order, in
 * several calls. party 0: of no party. NULL is fine everywhere.
 */
struct mix_trace {
	void (*value)(struct mix_trace *t, unsigned party, const char *name, bytes value);
};

#endif
