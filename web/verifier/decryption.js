// SPDX-License-Identifier: Apache-2.0
// Verifiable decryption (docs/protocol.md 10).
import { G, INFINITY, encodePoint, readPoint, readScalar } from "./group.js";
import { Q, invert, mod } from "./field.js";
import { demand, reject } from "./errors.js";
import { firstWrong, wrongItems } from "./batch.js";
import { joined } from "./bytes.js";
import { nodeOf, readAll } from "./bytetree.js";
import { readColumns, wide } from "./ciphertexts.js";

/** μ = lcm(1 … n)² */
export function mu(n) {
	let lcm = 1n;
	const gcd = (a, b) => b === 0n ? a : gcd(b, a % b);
	for (let i = 2n; i <= BigInt(n); i++)
		lcm = lcm / gcd(lcm, i) * i;
	return lcm * lcm;
}

/** c_l for each l of the set, in its order. */
export function combination(set, n) {
	return set.map((l) => {
		let above = mu(n), below = 1n;
		for (const j of set)
			if (j !== l) {
				above *= BigInt(j);
				below *= BigInt(j - l);
			}
		return mod(mod(above, Q) * invert(below, Q), Q);
	});
}

/** CorrectIndices.bt: which of the parties 1 … n are marked, as an array from 0. */
export function readCorrect(bytes, what, n) {
	const marks = readAll(bytes, what, (r) => r.flags(n + 1));
	demand(marks[0], `${what}: byte 0 is not 1`);
	return marks.slice(1);
}

/**
 * Reads the three files of every party. files(name, l) gives bytes; list is the last one.
 * Answers { parties, marked, seed parts … } for the checks below.
 */
export function readDecryption({ list, n, correctBytes, file, name }) {
	const { width, count } = list;
	const parties = [];
	for (let l = 1; l <= n; l++) {
		const factorBytes = file("DecryptionFactors", l);
		const commitmentBytes = file("DecrFactCommitment", l);
		const party = { l, factorBytes, commitmentBytes,
			factors: readColumns(factorBytes, name("DecryptionFactors", l), width, count) };
		readAll(commitmentBytes, name("DecrFactCommitment", l), (r) => {
			r.node(2);
			party.y = readPoint(r, true);
			party.B = wide(r, width, () => readPoint(r, true));
		});
		party.reply = readAll(file("DecrFactReply", l), name("DecrFactReply", l), readScalar);
		party.absent = party.y === INFINITY && party.B.every((b) => b === INFINITY) &&
			party.factors.every((column) => column.every((f) => f === INFINITY));
		parties.push(party);
	}
	const marks = readCorrect(correctBytes, name("CorrectIndices"), n);
	return { list, n, parties, marked: parties.filter((p, i) => marks[i]), mu: mu(n) };
}

/** The challenge of all parties, and the exponents of the batch. */
export function challengeOf(d, params, polynomialTree) {
	const { parties, n } = d;
	const nodeHead = (count) => nodeOf(count, new Uint8Array(0));
	const seed = params.seed(nodeHead(2), nodeHead(2), encodePoint(G), d.list.bytes, nodeHead(2),
		polynomialTree, nodeHead(n), ...parties.map((p) => p.factorBytes));
	d.e = params.exponents(seed, d.list.count);
	d.challenge = params.challenge(seed, nodeOf(n, joined(parties.map((p) => p.commitmentBytes))));
}

/** Both equations of party l under fresh weights; share is y_l. */
function addParty(d, sum, weight, party, share) {
	const w = weight();
	sum.add(-w * mod(d.challenge * invert(d.mu, Q), Q), share);
	sum.add(w, party.y);
	sum.addG(-w * party.reply);
	for (let j = 0; j < d.list.width; j++) {
		const a = weight(), av = (a * d.challenge) % Q, ak = (a * party.reply) % Q;
		const u = d.list.u[j], f = party.factors[j];
		for (let i = 0; i < u.length; i++) {
			sum.add(av * d.e[i], f[i]);
			sum.add(-ak * d.e[i], u[i]);
		}
		sum.add(a, party.B[j]);
	}
}

/**
 * Every marked party is right by its own equations, and at least t are marked; whoever is not has
 * the reply 0, so that nothing of his nonce is there.
 */
export function checkParties(d, shares, t, what) {
	demand(d.marked.length >= t, `${what}: ${d.marked.length} parties decrypted, ${t} are needed`);
	const wrong = wrongItems(d.marked.length, (sum, weight, i) =>
		addParty(d, sum, weight, d.marked[i], shares[d.marked[i].l - 1]), 1);
	if (wrong.length > 0)
		reject(`${what}: the decryption of party ${d.marked[wrong[0]].l} does not hold`);
	for (const party of d.parties)
		demand(d.marked.includes(party) || party.reply === 0n,
			`${what}: party ${party.l} is not marked, and its reply is not 0`);
}

/** Plaintexts.bt is the list decrypted by the first t marked parties. */
export function checkPlaintexts(d, plaintexts, t, what) {
	const set = d.marked.slice(0, t);
	const c = combination(set.map((p) => p.l), d.n);
	const equations = plaintexts.map((column, j) => ({ name: j, count: d.list.count,
		add: (sum, weight, i) => {
			const w = weight();
			sum.add(w, d.list.v[j][i]);
			set.forEach((party, l) => sum.add(w * c[l], party.factors[j][i]));
			sum.add(-w, column[i]);
		} }));
	const wrong = firstWrong(equations);
	if (wrong !== null)
		reject(`${what}: plaintext ${wrong.index} is not what the parties decrypted`);
}
