/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of alteration behind "close": proofs, decryption, result, and what the log says of them. */
#ifndef DIFFERENTIAL_KINDS_TALLY_H
#define DIFFERENTIAL_KINDS_TALLY_H

#include "differential/kinds.h"

/* List l1 has 4 ballots of one point; 1 and 3 shuffle; 1, 2 and 4 decrypt, 3 does not. */
#define L1 "proof/l1/nizkp/l1/"
#define P1 L1 "proofs/"
#define E1 "endorse/l1/"

/* Places in PoSReply of 4 ballots: last bytes of the scalars. */
enum {
	REPLY_A = 5 + 37,
	REPLY_B = 48 + 37,
	REPLY_C = 48 + 4 * 38 + 37,
	REPLY_D = 48 + 5 * 38 + 37,
	REPLY_E = 53 + 6 * 38 + 37,
	REPLY_F = 53 + 10 * 38 + 37,
};
/* In PoSCommitment: the points. */
enum {
	COMMIT_B = 10,
	COMMIT_A = 10 + 4 * 81,
	COMMIT_BS = 10 + 5 * 81 + 5,
	COMMIT_C = 10 + 9 * 81 + 5,
	COMMIT_D = COMMIT_C + 81,
	COMMIT_F = COMMIT_D + 81 + 5,
};

static const struct kind of_shuffles[] = {
	KIND("8.1", "protInfo.xml missing", file_removed, "proof/l1/protInfo.xml"),
	KIND("8.1", "protInfo.xml with another width", text_replaced, "proof/l1/protInfo.xml",
         "<width>1=><width>2"),
	KIND("8.1", "protInfo.xml of another operator", text_replaced, "proof/l1/protInfo.xml",
         "Org 1=>Org 9"),
	KIND("8.1", "protInfo.xml of another session", text_replaced, "proof/l1/protInfo.xml",
         "<sid>urna=><sid>urnb"),
	KIND("8.1", "protInfo.xml without its last line feed", end_cut, "proof/l1/protInfo.xml", NULL,
         -1),
	KIND("8.1", "protInfo.xml with a comment", end_added, "proof/l1/protInfo.xml", "<!-- -->\n"),
	KIND("8.1", "protInfo.xml of the other list", file_became, "proof/l1/protInfo.xml",
         "=proof/l2/protInfo.xml"),
	KIND("8.2", "no version of the proof", file_removed, L1 "version"),
	KIND("8.2", "another version of the proof", file_became, L1 "version", "3.1.1"),
	KIND("8.2", "a version with a line feed", file_became, L1 "version", "3.1.0\n"),
	KIND("8.2", "a proof of type shuffling", file_became, L1 "type", "shuffling"),
	KIND("8.2", "a proof of another list by name", file_became, L1 "auxsid", "l2"),
	KIND("8.2", "a proof of another width by name", file_became, L1 "width", "2"),
	KIND("8.2", "a width of 01", file_became, L1 "width", "01"),
	KIND("8.2", "a proof under another key", byte_put, L1 "FullPublicKey.bt", NULL, -1, 0),
	KIND("8.2", "the public key missing", file_removed, L1 "FullPublicKey.bt"),
	KIND("8.2", "another polynomial", parts_swapped, P1 "PolynomialInExponent.bt", NULL, 5, 81),
	KIND("8.2", "a polynomial with a coefficient less", end_cut, P1 "PolynomialInExponent.bt", NULL,
         -81),
	KIND("8.2", "activethreshold of a party that did not shuffle", file_became,
         P1 "activethreshold", "4"),
	KIND("8.2", "activethreshold of the first shuffle", file_became, P1 "activethreshold", "1"),
	KIND("8.2", "a keep list beside the proof", file_became, P1 "KeepList01.bt", "x"),
	KIND("8.2", "a maxciph beside the proof", file_became, P1 "maxciph", "4"),
	KIND("8.2", "a maxciph as long as the list", file_became, P1 "maxciph", "24"),
	KIND("8.2", "a maxciph beyond all elections", file_became, P1 "maxciph", "60000000"),
	KIND("8.2", "a shuffled list beside the proof", file_became, L1 "ShuffledCiphertexts.bt",
         "=" P1 "Ciphertexts03.bt"),
	KIND("8.2", "a file without meaning in the proof", file_became, P1 "notes", "x"),
	KIND("8.2", "a folder without meaning in the proof", file_became, L1 "more/x", "x"),
	KIND("8.2", "one shuffle less than the threshold", file_removed, P1 "PoSCommitment03.bt"),
	KIND("8.2", "a shuffle without its reply", file_removed, P1 "PoSReply01.bt"),
	KIND("8.2", "a shuffle without its permutation", file_removed, P1 "PermutationCommitment01.bt"),
	KIND("8.2", "a shuffle without its output", file_removed, P1 "Ciphertexts01.bt"),
	KIND("8.2", "a permutation of a party without shuffle", file_became,
         P1 "PermutationCommitment02.bt", "=" P1 "PermutationCommitment01.bt"),
	KIND("8.2", "the input of the shuffles missing", file_removed, L1 "Ciphertexts.bt"),
	KIND("8.2", "the input of the shuffles in another order", parts_swapped, L1 "Ciphertexts.bt",
         NULL, 10, 81),
	KIND("8.2", "the input of the shuffles is the first output", file_became, L1 "Ciphertexts.bt",
         "=" P1 "Ciphertexts01.bt"),
	KIND("8.2", "the output in another order", parts_swapped, P1 "Ciphertexts03.bt", NULL, 10, 81),
	KIND("8.2", "the last output is the first one", file_became, P1 "Ciphertexts03.bt",
         "=" P1 "Ciphertexts01.bt"),
	KIND("8.2", "an output that is the input", file_became, P1 "Ciphertexts01.bt",
         "=" L1 "Ciphertexts.bt"),
	KIND("8.2", "an output point not on the curve", bit_turned, P1 "Ciphertexts03.bt", NULL,
         10 + 80),
	KIND("8.2", "an output coordinate beyond p", number_filled, P1 "Ciphertexts03.bt", NULL,
         10 + 5),
	KIND("8.2", "an output of infinity", point_emptied, P1 "Ciphertexts03.bt", NULL, 10),
	KIND("8.2", "an output with bytes behind it", end_added, P1 "Ciphertexts03.bt", "x"),
	KIND("8.2", "an output one byte short", end_cut, P1 "Ciphertexts03.bt", NULL, -1),
	KIND("8.2", "two shuffles under each other's number", files_swapped, P1 "Ciphertexts01.bt",
         P1 "Ciphertexts03.bt"),
	KIND("8.2", "a permutation commitment of the other shuffle", file_became,
         P1 "PermutationCommitment03.bt", "=" P1 "PermutationCommitment01.bt"),
	KIND("8.2", "a permutation commitment in another order", parts_swapped,
         P1 "PermutationCommitment01.bt", NULL, 5, 81),
	KIND("8.2", "a permutation commitment to nothing", point_emptied,
         P1 "PermutationCommitment01.bt", NULL, 5),
	KIND("8.2", "the proof of the other shuffle", files_swapped, P1 "PoSReply01.bt",
         P1 "PoSReply03.bt"),
	KIND("8.2", "k_A changed", bit_turned, P1 "PoSReply01.bt", NULL, REPLY_A),
	KIND("8.2", "k_B changed", bit_turned, P1 "PoSReply01.bt", NULL, REPLY_B),
	KIND("8.2", "the last k_B changed", bit_turned, P1 "PoSReply01.bt", NULL, REPLY_B + 3 * 38),
	KIND("8.2", "k_C changed", bit_turned, P1 "PoSReply01.bt", NULL, REPLY_C),
	KIND("8.2", "k_D changed", bit_turned, P1 "PoSReply01.bt", NULL, REPLY_D),
	KIND("8.2", "k_E changed", bit_turned, P1 "PoSReply01.bt", NULL, REPLY_E),
	KIND("8.2", "k_F changed", bit_turned, P1 "PoSReply01.bt", NULL, REPLY_F),
	KIND("8.2", "two k_B exchanged", parts_swapped, P1 "PoSReply01.bt", NULL, 48, 38),
	KIND("8.2", "k_F beyond q", number_filled, P1 "PoSReply01.bt", NULL, REPLY_F - 37),
	KIND("8.2", "a negative k_A", byte_put, P1 "PoSReply01.bt", NULL, REPLY_A - 32, 0xff),
	KIND("8.2", "replies for a ballot less", byte_put, P1 "PoSReply01.bt", NULL, 43 + 4, 3),
	KIND("8.2", "a reply with bytes behind it", end_added, P1 "PoSReply01.bt", NULL, 0, 1),
	KIND("8.2", "B changed", point_emptied, P1 "PoSCommitment01.bt", NULL, COMMIT_B),
	KIND("8.2", "A' changed", point_emptied, P1 "PoSCommitment01.bt", NULL, COMMIT_A),
	KIND("8.2", "B' changed", point_emptied, P1 "PoSCommitment01.bt", NULL, COMMIT_BS),
	KIND("8.2", "C' changed", point_emptied, P1 "PoSCommitment01.bt", NULL, COMMIT_C),
	KIND("8.2", "D' changed", point_emptied, P1 "PoSCommitment01.bt", NULL, COMMIT_D),
	KIND("8.2", "F' changed", point_emptied, P1 "PoSCommitment01.bt", NULL, COMMIT_F),
	KIND("8.2", "a commitment of five parts", byte_put, P1 "PoSCommitment01.bt", NULL, 4, 5),
	KIND("8.3", "a shuffle that its author did not sign", file_removed, E1 "mix-01.bt"),
	KIND("8.3", "a shuffle signed by another", file_became, E1 "mix-01.bt", "=" E1 "mix-03.bt", 0,
         0, SEAL_LOG),
	KIND("8.3", "a signature of a shuffle spoiled", bit_turned, E1 "mix-03.bt", NULL, -1, 0,
         SEAL_LOG),
	KIND("8.3", "a signature of a shuffle with a byte more", end_added, E1 "mix-03.bt", NULL, 0, 1,
         SEAL_LOG),
	KIND("8.3", "a shuffle signed with an attempt", file_became, E1 "mix-03.bt",
         "=" E1 "ready-01.bt", 0, 0, SEAL_LOG),
	KIND("8.3", "who did not shuffle signs a shuffle", file_became, E1 "mix-02.bt",
         "=" E1 "mix-01.bt", 0, 0, SEAL_LOG),
	KIND("8.3", "a list with ballots is called empty", file_became, E1 "empty-02.bt",
         "=" E1 "mix-01.bt", 0, 0, SEAL_LOG),
	KIND("8.3", "a list that no shuffle made", file_became, P1 "Ciphertexts02.bt",
         "=" P1 "Ciphertexts03.bt"),
};

/* DecryptionFactors: node of points; DecrFactCommitment: node(y', B'); DecrFactReply: a scalar. */
static const struct kind of_decryption[] = {
	KIND("8.2", "a factor not on the curve", bit_turned, P1 "DecryptionFactors01.bt", NULL, -1),
	KIND("8.2", "factors of a ballot less", end_cut, P1 "DecryptionFactors01.bt", NULL, -81),
	KIND("8.2", "no factors of a party", file_removed, P1 "DecryptionFactors03.bt"),
	KIND("8.2", "no reply of a party", file_removed, P1 "DecrFactReply03.bt"),
	KIND("8.2", "no commitment of a party that decrypts", file_removed,
         P1 "DecrFactCommitment04.bt"),
	KIND("8.2", "the files of a party too many", file_became, P1 "DecrFactReply05.bt",
         "=" P1 "DecrFactReply03.bt"),
	KIND("8.2", "a reply beyond q", number_filled, P1 "DecrFactReply01.bt"),
	KIND("8.2", "no list of who is correct", file_removed, P1 "CorrectIndices.bt"),
	KIND("8.2", "no plaintexts", file_removed, L1 "Plaintexts.bt"),
	KIND("8.2", "a plaintext not on the curve", bit_turned, L1 "Plaintexts.bt", NULL, -1),
	KIND("8.2", "a plaintext too few", end_cut, L1 "Plaintexts.bt", NULL, -81),
	KIND("9.1", "factors in another order", parts_swapped, P1 "DecryptionFactors01.bt", NULL, 5,
         81),
	KIND("9.1", "factors of another party", file_became, P1 "DecryptionFactors01.bt",
         "=" P1 "DecryptionFactors02.bt"),
	KIND("9.1", "a factor of infinity", point_emptied, P1 "DecryptionFactors01.bt", NULL, 5),
	KIND("9.1", "y' of a party changed", point_emptied, P1 "DecrFactCommitment02.bt", NULL, 5),
	KIND("9.1", "B' of a party changed", point_emptied, P1 "DecrFactCommitment02.bt", NULL, 86),
	KIND("9.1", "y' and B' exchanged", parts_swapped, P1 "DecrFactCommitment02.bt", NULL, 5, 81),
	KIND("9.1", "the commitment of another party", file_became, P1 "DecrFactCommitment02.bt",
         "=" P1 "DecrFactCommitment01.bt"),
	KIND("9.1", "a reply changed", bit_turned, P1 "DecrFactReply01.bt", NULL, -1),
	KIND("9.1", "the replies of two parties exchanged", files_swapped, P1 "DecrFactReply01.bt",
         P1 "DecrFactReply02.bt"),
	KIND("9.1", "a reply of 0", file_became, P1 "DecrFactReply01.bt", "=" P1 "DecrFactReply03.bt"),
	KIND("9.1", "an unmarked party's reply is there", byte_put, P1 "CorrectIndices.bt", NULL, 5 + 4,
         0),
	KIND("8.2", "a mark of 2", byte_put, P1 "CorrectIndices.bt", NULL, 5 + 1, 2),
	KIND("9.1", "an absent party is marked", byte_put, P1 "CorrectIndices.bt", NULL, 5 + 3, 1),
	KIND("8.2", "byte 0 of who is correct is not 1", byte_put, P1 "CorrectIndices.bt", NULL, 5, 0),
	KIND("9.1", "plaintexts in another order", parts_swapped, L1 "Plaintexts.bt", NULL, 5, 81),
	KIND("9.1", "a plaintext of infinity", point_emptied, L1 "Plaintexts.bt", NULL, 5),
	KIND("9.2", "a marked party was not ready", file_removed, E1 "ready-01.bt"),
	KIND("9.2", "a marked party did not freeze the factors", file_removed, E1 "factors-02.bt"),
	KIND("9.2", "a marked party did not freeze the commitments", file_removed,
         E1 "commitments-02.bt"),
	KIND("9.2", "a signature of readiness spoiled", bit_turned, E1 "ready-04.bt", NULL, -1, 0,
         SEAL_LOG),
	KIND("9.2", "a signature on the factors spoiled", bit_turned, E1 "factors-04.bt", NULL, -1, 0,
         SEAL_LOG),
	KIND("9.2", "a signature on the commitments spoiled", bit_turned, E1 "commitments-04.bt", NULL,
         -1, 0, SEAL_LOG),
	KIND("9.2", "one freeze of another attempt", byte_put, E1 "factors-02.bt", NULL, 13, 2),
	KIND("9.2", "one readiness of another attempt", byte_put, E1 "ready-02.bt", NULL, 13, 2),
	KIND("9.2", "an attempt 0", byte_put, E1 "factors-02.bt", NULL, 13, 0),
	KIND("9.2", "an attempt 17", byte_put, E1 "factors-02.bt", NULL, 13, 17),
	KIND("9.2", "who is not ready freezes the factors", file_became, E1 "factors-03.bt",
         "=" E1 "factors-01.bt"),
	KIND("9.2", "a freeze signed by another", file_became, E1 "factors-01.bt",
         "=" E1 "factors-02.bt", 0, 0, SEAL_LOG),
	KIND("9.2", "readiness in place of a freeze", file_became, E1 "factors-01.bt",
         "=" E1 "ready-01.bt", 0, 0, SEAL_LOG),
	KIND("9.2", "a freeze without an attempt", file_became, E1 "factors-01.bt", "=" E1 "mix-01.bt",
         0, 0, SEAL_LOG),
	KIND("9.1", "an absent party left a commitment", file_became, P1 "DecrFactCommitment03.bt",
         "=" P1 "DecrFactCommitment04.bt"),
};

/* The log names it, but one thing of it was not meant to be there. */
static void one_signature_of_result(const struct kind *k)
{
	struct error e;
	char path[64];
	error_clear(&e);
	for (unsigned p = 2; p <= u.manifest->authorities_count; p++) {
		snprintf(path, sizeof path, "%s-%02u.bt", k->path, p);
		assert_ok(u.record->remove(u.record, path, &e), e);
	}
}

static void quorum_of_ready(const struct kind *k)
{
	static const char *const files[] = {"ready-02",   "ready-04",       "factors-02",
	                                    "factors-04", "commitments-02", "commitments-04"};
	char path[64];
	struct error e;
	error_clear(&e);
	for (size_t i = 0; i < 6; i++) {
		snprintf(path, sizeof path, E1 "%s.bt", files[i]);
		assert_ok(u.record->remove(u.record, path, &e), e);
	}
	reseal();
}

static const struct kind of_results[] = {
	KIND("9.2", "fewer were ready than the threshold", quorum_of_ready),
	KIND("10.2", "another tally", text_replaced, "result.json",
         "\"tallies\":[\"=>\"tallies\":[\"1"),
	KIND("10.2", "another candidate elected", text_replaced, "result.json",
         "\"status\":\"elected\"=>\"status\":\"defeated\""),
	KIND("10.2", "a result with a blank more", text_replaced, "result.json", ",=>, "),
	KIND("10.2", "a result without its line feed", end_cut, "result.json", NULL, -1),
	KIND("10.2", "a result with a line feed more", end_added, "result.json", "\n"),
	KIND("10.2", "a result of another version", text_replaced, "result.json",
         "\"urna_result\":1=>\"urna_result\":2"),
	KIND("10.2", "a result with another number of ballots", text_replaced, "result.json",
         "\"ballots\":4=>\"ballots\":5"),
	KIND("10.2", "a result of another election", text_replaced, "result.json",
         "\"eid\":\"=>\"eid\":\"0"),
	KIND("10.2", "a result with another verdict", text_replaced, "result.json",
         "\"repeated-rank\":0=>\"repeated-rank\":1"),
	KIND("10.2", "a result with another key", text_replaced, "result.json", "\"seats\"=>\"Seats\""),
	KIND("10.2", "a result with a number written otherwise", text_replaced, "result.json",
         "\"weight\":1=>\"weight\":1.0"),
	KIND("10.2", "an empty result", file_became, "result.json", "\n"),
	KIND("10.3", "the result signed by one", one_signature_of_result, "endorse/result"),
	KIND("10.3", "a signature of the result spoiled", bit_turned, "endorse/result-04.bt", NULL, -1,
         0, SEAL_NONE),
	KIND("10.3", "the result signed by another", file_became, "endorse/result-01.bt",
         "=endorse/result-02.bt", 0, 0, SEAL_NONE),
	KIND("10.3", "the result signed with what closed the log", file_became, "endorse/result-01.bt",
         "=endorse/close-01.bt", 0, 0, SEAL_NONE),
	KIND("10.3", "a signature of the result cut", end_cut, "endorse/result-03.bt", NULL, -1, 0,
         SEAL_NONE),
	KIND("6.3", "the log closed by one", one_signature_of_result, "endorse/close"),
	KIND("6.3", "a signature of closing spoiled", bit_turned, "endorse/close-04.bt", NULL, -1, 0,
         SEAL_NONE),
	KIND("6.3", "the log closed by another", file_became, "endorse/close-01.bt",
         "=endorse/close-02.bt", 0, 0, SEAL_NONE),
	KIND("6.3", "the log closed with what signs the result", file_became, "endorse/close-01.bt",
         "=endorse/result-01.bt", 0, 0, SEAL_NONE),
	KIND("6.3", "a closing that is no leaf", byte_put, "endorse/close-01.bt", NULL, 0, 0,
         SEAL_NONE),
	KIND("4.7", "result.json missing", file_removed, "result.json", NULL, 0, 0, SEAL_NONE),
	KIND("4.7", "another result.json than the log's", end_added, "result.json", "\n", 0, 0,
         SEAL_NONE),
	KIND("4.7", "another proof than the log's", bit_turned, P1 "PoSReply01.bt", NULL, REPLY_A, 0,
         SEAL_NONE),
	KIND("4.7", "an endorsement less than the log's", file_removed, E1 "ready-04.bt", NULL, 0, 0,
         SEAL_NONE),
	KIND("4.7", "a proof file less than the log's", file_removed, L1 "type", NULL, 0, 0, SEAL_NONE),
	KIND("4.7", "other evidence than the log's", end_added, "evidence/l1/why", "x", 0, 0,
         SEAL_NONE),
	KIND("4.7", "no evidence, and the log says there is", file_removed, "evidence/l1/why", NULL, 0,
         0, SEAL_NONE),
	KIND("4.7", "evidence that the log does not name", file_became, "evidence/more", "x", 0, 0,
         SEAL_NONE),
	KIND("4.7", "evidence under another name", file_became, "evidence/l1/where", "=evidence/l1/why",
         0, 0, SEAL_NONE),
};

/* A log that ends with an entry of this type, the rest of it right. */
static void log_ended(const struct kind *k)
{
	edit_load();
	edit.n = edit_find(k->text, 0) + (size_t)k->more;
	edit_write();
}

static void path_beyond_limits(const struct kind *k)
{
	urn_write(&u, k->path, BYTES_LITERAL("x"));
	edit_load();
	edit_write();
}

static const struct kind of_tails[] = {
	KIND("4.7", "a log that ends with close", log_ended, NULL, "close", 0, 1),
	KIND("4.7", "a log that ends with the first tally", log_ended, NULL, "tally", 0, 1),
	KIND("4.7", "a log that ends with the last tally", log_ended, NULL, "tally", 0, 2),
	KIND("4.7", "evidence nine folders deep", path_beyond_limits, "evidence/1/2/3/4/5/6/7/8/9"),
};

#endif
