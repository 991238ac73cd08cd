// SPDX-License-Identifier: Apache-2.0
// The proof of a shuffle of Terelius and Wikström (docs/protocol.md 9.3), and the two proofs into
// which Verificatum splits it when the permutation was committed to beforehand.
import { Q } from "./field.js";
import { G, encodePoint, encodePoints, readPoint, readPoints, readScalar,
	readScalars } from "./group.js";
import { firstWrong } from "./batch.js";
import { nodeOf, readAll } from "./bytetree.js";
import { readCiphertext, wide, wideKey } from "./ciphertexts.js";
import { reject } from "./errors.js";

/** (A)  v·A + A' = k_A·G + Σ k_{E,i}·h_i */
function equationA(x) {
	return { name: "A", count: 1, add: (sum, weight) => {
		const w = weight(), wv = (w * x.challenge) % Q;
		x.u.forEach((u, i) => sum.add(wv * x.e[i], u));
		sum.add(w, x.commitment.A);
		sum.addG(-w * x.reply.A);
		x.h.forEach((h, i) => sum.add(-w * x.reply.E[i], h));
	} };
}

/** (B)  v·B_i + B'_i = k_{B,i}·G + k_{E,i}·B_{i−1} */
function equationB(x) {
	const { B, Bs } = x.commitment;
	return { name: "B", count: x.h.length, add: (sum, weight, i) => {
		const w = weight();
		sum.add(w * x.challenge, B[i]);
		sum.add(w, Bs[i]);
		sum.addG(-w * x.reply.B[i]);
		sum.add(-w * x.reply.E[i], i === 0 ? x.h[0] : B[i - 1]);
	} };
}

/** (C)  v·C + C' = k_C·G,  C = Σ u_i − Σ h_i */
function equationC(x) {
	return { name: "C", count: 1, add: (sum, weight) => {
		const w = weight(), wv = w * x.challenge;
		for (const u of x.u)
			sum.add(wv, u);
		for (const h of x.h)
			sum.add(-wv, h);
		sum.add(w, x.commitment.C);
		sum.addG(-w * x.reply.C);
	} };
}

/** (D)  v·D + D' = k_D·G,  D = B_{N−1} − (Π e_i)·h_0 */
function equationD(x) {
	return { name: "D", count: 1, add: (sum, weight) => {
		const w = weight(), wv = w * x.challenge;
		const product = x.e.reduce((a, b) => (a * b) % Q, 1n);
		sum.add(wv, x.commitment.B[x.h.length - 1]);
		sum.add(-wv * product, x.h[0]);
		sum.add(w, x.commitment.D);
		sum.addG(-w * x.reply.D);
	} };
}

/** (F)  v·F + F' = −k_F·pk + Σ k_{E,i}·w'_i, in each component */
function equationF(x) {
	const { input, output, commitment, reply } = x;
	const component = (sum, weight, side, j, key) => {
		const w = weight(), wv = (w * x.challenge) % Q;
		input[side][j].forEach((point, i) => sum.add(wv * x.e[i], point));
		sum.add(w, commitment.F[side][j]);
		sum.add(w * reply.F[j], key);
		output[side][j].forEach((point, i) => sum.add(-w * reply.E[i], point));
	};
	return { name: "F", count: 1, add: (sum, weight) => {
		for (let j = 0; j < input.width; j++) {
			component(sum, weight, "u", j, G);
			component(sum, weight, "v", j, x.Y);
		}
	} };
}

function refuseWrong(what, equations) {
	const wrong = firstWrong(equations);
	if (wrong !== null)
		reject(`${what}: equation (${wrong.name}) does not hold` +
			(wrong.name === "B" ? ` for element ${wrong.index}` : ""));
}

/** The tree of the statement, in parts: G, the generators, u, and what follows. */
function statement(h, uBytes, ...more) {
	const parts = [encodePoint(G), encodePoints(h), uBytes, ...more];
	return [nodeOf(parts.length, new Uint8Array(0)), ...parts];
}

/**
 * One shuffle. x: { params, h, Y, input, output (lists), u, uBytes, commitmentBytes, replyBytes,
 * names: { commitment, reply } }. Returns only if all five equations hold.
 */
export function checkShuffle(x, what) {
	const { input, output } = x;
	const { count: N, width } = input;
	x.commitment = readAll(x.commitmentBytes, x.names.commitment, (r) => {
		r.node(6);
		return { B: readPoints(r, N, true), A: readPoint(r, true), Bs: readPoints(r, N, true),
			C: readPoint(r, true), D: readPoint(r, true), F: readCiphertext(r, width) };
	});
	x.reply = readAll(x.replyBytes, x.names.reply, (r) => {
		r.node(6);
		return { A: readScalar(r), B: readScalars(r, N), C: readScalar(r), D: readScalar(r),
			E: readScalars(r, N), F: wide(r, width, () => readScalar(r)) };
	});
	const seed = x.params.seed(...statement(x.h, x.uBytes, wideKey(x.Y, width), input.bytes,
		output.bytes));
	x.e = x.params.exponents(seed, N);
	x.challenge = x.params.challenge(seed, x.commitmentBytes);
	refuseWrong(what, [equationA(x), equationB(x), equationC(x), equationD(x), equationF(x)]);
}

/** That u commits to a permutation, made before there was a list (PoSC). */
export function checkPermutation(x, what) {
	const N = x.h.length;
	x.commitment = readAll(x.commitmentBytes, x.names.commitment, (r) => {
		r.node(5);
		return { B: readPoints(r, N, true), A: readPoint(r, true), Bs: readPoints(r, N, true),
			C: readPoint(r, true), D: readPoint(r, true) };
	});
	x.reply = readAll(x.replyBytes, x.names.reply, (r) => {
		r.node(5);
		return { A: readScalar(r), B: readScalars(r, N), C: readScalar(r), D: readScalar(r),
			E: readScalars(r, N) };
	});
	const seed = x.params.seed(...statement(x.h, x.uBytes));
	x.e = x.params.exponents(seed, N);
	x.challenge = x.params.challenge(seed, x.commitmentBytes);
	refuseWrong(what, [equationA(x), equationB(x), equationC(x), equationD(x)]);
}

/** That the output is the input under the permutation committed to (CCPoS). */
export function checkConsistent(x, what) {
	const { input, output } = x;
	const { count: N, width } = input;
	x.commitment = readAll(x.commitmentBytes, x.names.commitment, (r) => {
		r.node(2);
		return { A: readPoint(r, true), F: readCiphertext(r, width) };
	});
	x.reply = readAll(x.replyBytes, x.names.reply, (r) => {
		r.node(3);
		return { A: readScalar(r), F: wide(r, width, () => readScalar(r)), E: readScalars(r, N) };
	});
	const seed = x.params.seed(...statement(x.h, encodePoints(x.u), wideKey(x.Y, width),
		input.bytes, output.bytes));
	x.e = x.params.exponents(seed, N);
	x.challenge = x.params.challenge(seed, x.commitmentBytes);
	refuseWrong(what, [equationA(x), equationF(x)]);
}
