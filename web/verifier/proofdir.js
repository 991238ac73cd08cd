// SPDX-License-Identifier: Apache-2.0
// A proof directory of Verificatum: its files, its chain of shuffles, its decryption. Used for the
// lists of a record and for bare directories; a folder is { names, has(name), read(name) }.
import { G, readPoint, readPoints, same } from "./group.js";
import { checkConsistent, checkPermutation, checkShuffle } from "./shuffle.js";
import { demand } from "./errors.js";
import { readAll } from "./bytetree.js";
import { readCiphertexts, readPointList } from "./ciphertexts.js";
import { challengeOf, readDecryption } from "./decryption.js";
import { textOf } from "./bytes.js";
import { twoDigits } from "./record.js";

/** The part of a set of files that is below a folder. */
export function subfolder(record, folder) {
	const names = record.under(folder).map((path) => path.slice(folder.length + 1));
	return { names, what: folder, has: (name) => record.has(`${folder}/${name}`),
		read: (name) => record.read(`${folder}/${name}`) };
}

export async function readWord(folder, name) {
	const s = textOf(await folder.read(name));
	demand(s !== null && /^[\x21-\x7e]{1,200}$/.test(s),
		`${folder.what}/${name}: one word without a line feed is expected`);
	return s;
}

export async function readNumber(folder, name) {
	const s = await readWord(folder, name);
	demand(/^[1-9][0-9]{0,8}$/.test(s), `${folder.what}/${name}: a number is expected`);
	return Number(s);
}

/** The parties that shuffled, ascending: those with a commitment of a proof of shuffle. */
export function shufflers(folder, n, prefix = "PoSCommitment") {
	const out = [];
	for (let l = 1; l <= n; l++)
		if (folder.has(`proofs/${prefix}${twoDigits(l)}.bt`))
			out.push(l);
	return out;
}

const SHUFFLE_FILES = ["Ciphertexts", "PermutationCommitment", "PoSCommitment", "PoSReply"];
const SPLIT_FILES = ["Ciphertexts", "PermutationCommitment", "PoSCCommitment", "PoSCReply",
	"KeepList", "CCPoSCommitment", "CCPoSReply"];
const DECRYPTION_FILES = ["DecryptionFactors", "DecrFactCommitment", "DecrFactReply"];

/** Names of all files that a directory must have, and may not have others. */
export function expectedFiles({ type, parties, n, split }) {
	const names = ["version", "type", "auxsid", "width", "FullPublicKey.bt", "Ciphertexts.bt",
		"proofs/activethreshold", "proofs/PolynomialInExponent.bt"];
	const each = (list, files) => {
		for (const l of list)
			names.push(...files.map((file) => `proofs/${file}${twoDigits(l)}.bt`));
	};
	if (split)
		names.push("proofs/maxciph");
	if (type !== "decryption")
		each(parties, split ? SPLIT_FILES : SHUFFLE_FILES);
	if (type === "shuffling") {
		names.push("ShuffledCiphertexts.bt");
	} else {
		names.push("Plaintexts.bt", "proofs/CorrectIndices.bt");
		each(Array.from({ length: n }, (_, i) => i + 1), DECRYPTION_FILES);
	}
	return names;
}

/** FullPublicKey.bt: Y. */
export function readKey(bytes, what) {
	return readAll(bytes, what, (r) => {
		r.node(2);
		demand(same(readPoint(r), G), `${what}: the generator is another`);
		return readPoint(r);
	});
}

/** PolynomialInExponent.bt of at most t coefficients; the first is Y. */
export function readPolynomial(bytes, what, t, Y) {
	const points = readAll(bytes, what, (r) => readPoints(r));
	demand(points.length >= 1 && points.length <= t, `${what}: ${points.length} coefficients`);
	demand(same(points[0], Y), `${what}: is not of this key`);
	return points;
}

/**
 * Checks the shuffles of `parties`, each on the output of the one before; answers the last list.
 * d: { folder, params, Y, parties, split }
 */
export async function checkShuffles(d, input, tell = () => {}) {
	const { folder, params, Y } = d;
	const name = (file, l) => `${folder.what}/proofs/${file}${twoDigits(l)}.bt`;
	const read = (file, l) => folder.read(`proofs/${file}${twoDigits(l)}.bt`);
	const committed = d.split ? await readNumber(folder, "proofs/maxciph") : input.count;
	demand(committed >= input.count, `${folder.what}/proofs/maxciph: fewer than the ciphertexts`);
	tell(`${folder.what}: ${committed} generators`);
	const h = params.generators(committed);
	for (const l of d.parties) {
		tell(`${folder.what}: shuffle of party ${l}`);
		const what = `${folder.what}: shuffle of party ${l}`;
		const output = readCiphertexts(await read("Ciphertexts", l), name("Ciphertexts", l),
			input.width, input.count);
		const uBytes = await read("PermutationCommitment", l);
		const u = readPointList(uBytes, name("PermutationCommitment", l), committed);
		const proof = async (prefix) => ({ params, Y, input, output, h, u, uBytes,
			commitmentBytes: await read(prefix + "Commitment", l),
			replyBytes: await read(prefix + "Reply", l),
			names: { commitment: name(prefix + "Commitment", l),
				reply: name(prefix + "Reply", l) } });
		if (d.split) {
			checkPermutation(await proof("PoSC"), what);
			const keep = readAll(await read("KeepList", l), name("KeepList", l),
				(r) => r.flags(committed));
			const kept = u.filter((_, i) => keep[i]);
			demand(kept.length === input.count, `${name("KeepList", l)}: keeps ${kept.length}`);
			checkConsistent({ ...await proof("CCPoS"), h: h.slice(0, input.count), u: kept }, what);
		} else {
			checkShuffle(await proof("PoS"), what);
		}
		input = output;
	}
	return input;
}

/** Reads the decryption of the list by all parties; what it proves is decryption.js's. */
export async function loadDecryption(d, list, polynomialTree) {
	const { folder, params, n } = d;
	const files = new Map();
	for (const file of DECRYPTION_FILES)
		for (let l = 1; l <= n; l++)
			files.set(file + l, await folder.read(`proofs/${file}${twoDigits(l)}.bt`));
	const decryption = readDecryption({ list, n,
		correctBytes: await folder.read("proofs/CorrectIndices.bt"),
		file: (file, l) => files.get(file + l),
		name: (file, l) => `${folder.what}/proofs/${file}${l ? twoDigits(l) : ""}.bt` });
	challengeOf(decryption, params, polynomialTree);
	return decryption;
}
