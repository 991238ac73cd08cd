/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every bound in the system, with its reason. A value from outside that exceeds one is refused with
 * an error of kind LIMIT that names the bound; nothing is ever truncated silently.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define LIMIT_WORKERS 64u /* one set of MSM accumulators (≤ 16 MB) each */
#define LIMIT_PARTIES 25u /* Verificatum's own maximum; two-digit file names */
#define LIMIT_WIDTH 16u   /* points per ciphertext: 16 · 28 bytes of plaintext */
#define LIMIT_BALLOTS \
	50000000u /* 2^31 / 42: array headers and byte-tree lengths stay signed 32-bit */
#define LIMIT_QUESTIONS 64u
#define LIMIT_ANSWERS 1000u /* answers of one question */
#define LIMIT_GROUPS 64u    /* question groups; one list each */
#define LIMIT_STYLES 256u   /* ballot styles: subsets of groups */
#define LIMIT_AREAS 256u
#define LIMIT_LISTS 256u /* groups × areas × bits of the greatest weight: one mix each */
#define LIMIT_WEIGHT 0x7fffffffu
#define LIMIT_WITNESSES 32u
#define LIMIT_ATTEMPTS 16u      /* of a ceremony */
#define LIMIT_DECRYPTIONS 1000u /* attempts at decrypting one list */
#define LIMIT_LOG_ENTRY_BYTES 1024u
#define LIMIT_FILES 20000u /* below evidence, or of one list */
#define LIMIT_MANIFEST_BYTES (1u << 20)
#define LIMIT_JSON_DEPTH 32u
#define LIMIT_TEXT_BYTES 4096u /* one text of the manifest: title, answer, operator */
#define LIMIT_PROTINFO_BYTES (1u << 20)
#define LIMIT_BALLOT_BYTES (128u << 10)
/* Stages and tables of an election's counts in memory. In result.json they take up to twice that,
 * and node, in which the second verifier runs, has no text of 2^29 characters. */
#define LIMIT_COUNT_BYTES (256u << 20)
#define LIMIT_PROFILE_BYTES (256u << 20) /* an imported ballot file */

#endif
