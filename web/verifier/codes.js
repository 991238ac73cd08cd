// SPDX-License-Identifier: Apache-2.0
// Every check with its number and sentence (docs/protocol.md 12), in the order in which they are
// made.
export const CODES = {
	"2.1": "the manifest is read and keeps every rule",
	"3.1": "the ceremony: signatures, openings, proofs, shares, certificates",
	"4.1": "nothing is in the record that does not belong there",
	"4.2": "the log: every entry in form and order, opened and closed once",
	"4.3": "every ballot and audit is there, under the digest of its entry",
	"4.4": "checkpoint-close is the board's, for the tree that ends with \"close\"",
	"4.5": "checkpoint is the board's, for the whole log",
	"4.6": "both checkpoints have the quorum of witnesses",
	"4.7": "tally, result and evidence are those of the log",
	"5.1": "the list of credentials, and every change of it authorised",
	"6.1": "every logged ballot counts: form, eligibility, seq, proofs",
	"6.2": "ballots in the log",
	"6.3": "the closing root is signed by t authorities",
	"6.5": "every audit is of a ballot that was never cast",
	"7.1": "no list is smaller than the manifest allows",
	"8.1": "protInfo.xml is the one the manifest and the key give",
	"8.2": "t shuffles, chained from the ballots, each proved",
	"8.3": "each shuffle is signed by its author",
	"8.5": "a list without ballots is declared empty by t authorities",
	"9.1": "decryption: every party's equations, the plaintexts",
	"9.2": "readiness and both freezes are signed by all who decrypted",
	"10.1": "plaintexts are decoded and counted by the manifest's rules",
	"10.2": "result.json is exactly the recomputed result",
	"10.3": "the result is signed by t authorities",
	"11.1": "what secrecy rests on",
	"11.2": "what eligibility rests on",
	"11.3": "what uniqueness rests on",
};

/** What is said only where there is occasion to. */
export const OCCASIONAL = {
	"1.1": "a fingerprint from outside",
	"1.2": "the authorities are those of the fingerprints",
	"3.2": "it is the election of the fingerprint, or of enough authorities",
	"3.3": "the ceremony did not succeed at once",
	"3.4": "an authority has no part in the key",
	"4.8": "something failed and was replaced",
	"5.2": "credentials",
	"6.4": "the closing root is not unique",
	"6.6": "a ballot or audit that does not count",
	"11.4": "small list, accepted by the manifest",
};

/** The checks that are made of a bare proof directory. */
export const BARE_CODES = {
	"8.1": "protInfo.xml is read",
	"8.2": "the proof folder holds exactly what it must",
	"8.3": "t shuffles, chained from the input, each proved",
	"9.1": "decryption: every party's equations",
	"9.2": "the plaintexts are the decrypted list",
};
