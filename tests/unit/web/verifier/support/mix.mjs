// SPDX-License-Identifier: Apache-2.0
// Proves shuffles and decryptions (docs/protocol.md 9.3, 10) for made elections.
import { Fixed, affine, lift, one } from "./curve.mjs";
import { G, INFINITY, encodePoint, encodePoints, encodeScalar, multiply, negate } from
	"../../../../../web/verifier/group.js";
import { Q, invert, mod } from "../../../../../web/verifier/field.js";
import { combination, mu } from "../../../../../web/verifier/decryption.js";
import { joined } from "../../../../../web/verifier/bytes.js";
import { msm } from "../../../../../web/verifier/msm.js";
import { node, nodeOf } from "../../../../../web/verifier/bytetree.js";
import { wideKey } from "../../../../../web/verifier/ciphertexts.js";

export const fixedG = new Fixed(G);

export function scalarList(list) {
	return nodeOf(list.length, joined(list.map(encodeScalar)));
}

const wideTree = (parts) => parts.length === 1 ? parts[0] : node(...parts);
const columnsTree = (columns) => wideTree(columns.map(encodePoints));

/** A list { u: [ω][N], v: [ω][N], count, width } with its bytes. */
export function listOf(u, v) {
	return { u, v, count: u[0].length, width: u.length,
		bytes: node(columnsTree(u), columnsTree(v)) };
}

/** Shuffles the list; answers the output and the party's files. */
export function shuffle({ params, h, fixedH0, Y, fixedY, list, rng }) {
	const { count: N, width } = list;
	const range = Array.from({ length: N }, (_, i) => i);
	const pi = rng.permutation(N);
	const s = Array.from({ length: width }, () => rng.scalars(N));
	const side = (columns, key) => columns.map((column, j) => affine(range.map((i) =>
		key.times(s[j][pi[i]]).add(lift(column[pi[i]])))));
	const output = listOf(side(list.u, fixedG), side(list.v, fixedY));
	const r = rng.scalars(N);
	const u = new Array(N);
	affine(range.map((i) => fixedG.times(r[i]).add(lift(h[i]))))
		.forEach((point, i) => (u[pi[i]] = point));
	const seed = params.seed(nodeOf(6, new Uint8Array(0)), encodePoint(G), encodePoints(h),
		encodePoints(u), wideKey(Y, width), list.bytes, output.bytes);
	const e = params.exponents(seed, N);
	const e2 = pi.map((i) => e[i]);
	const [alpha, gamma, delta] = rng.scalars(3);
	const b = rng.scalars(N), beta = rng.scalars(N), epsilon = rng.scalars(N);
	const phi = rng.scalars(width);
	// B_i = x_i·G + y_i·h_0
	const B = [], Bs = [];
	let [x, y] = [0n, 1n];
	for (const i of range) {
		Bs.push(fixedG.times(beta[i] + epsilon[i] * x).add(fixedH0.times(epsilon[i] * y)));
		[x, y] = [mod(b[i] + e2[i] * x, Q), mod(e2[i] * y, Q)];
		B.push(fixedG.times(x).add(fixedH0.times(y)));
	}
	const F = (columns, key) => columns.map((column, j) =>
		one(lift(msm(column, epsilon)).add(lift(multiply(key, -phi[j])))));
	const commitment = node(encodePoints(affine(B)),
		encodePoint(one(lift(msm(h, epsilon)).add(fixedG.times(alpha)))),
		encodePoints(affine(Bs)), encodePoint(one(fixedG.times(gamma))),
		encodePoint(one(fixedG.times(delta))),
		node(wideTree(F(output.u, G).map(encodePoint)), wideTree(F(output.v, Y).map(encodePoint))));
	const v = params.challenge(seed, commitment);
	const dot = (p, q) => p.reduce((sum, a, i) => sum + a * q[i], 0n);
	const d = range.reduce((sum, i) => mod(sum * e2[i] + b[i], Q), 0n);
	const q = (k) => mod(k, Q);
	const reply = node(encodeScalar(q(v * dot(r, e2) + alpha)),
		scalarList(range.map((i) => q(v * b[i] + beta[i]))),
		encodeScalar(q(v * r.reduce((a, c) => a + c, 0n) + gamma)),
		encodeScalar(q(v * d + delta)),
		scalarList(range.map((i) => q(v * e2[i] + epsilon[i]))),
		wideTree(s.map((row, j) => encodeScalar(q(v * dot(row, e) + phi[j])))));
	return { output, files: { Ciphertexts: output.bytes, PermutationCommitment: encodePoints(u),
		PoSCommitment: commitment, PoSReply: reply } };
}

/** Decrypts by the active parties; answers files by name and party, and the plaintexts. */
export function decrypt({ params, list, n, t, active, shares, polynomialTree, rng, spoil,
	spoilY, silent = [] }) {
	const all = Array.from({ length: n }, (_, i) => i + 1);
	const inverse = invert(mu(n), Q);
	const files = new Map();
	const factors = all.map((l) => list.u.map((column) => active.includes(l)
		? affine(column.map((u) => lift(u).multiplyUnsafe(mod(-shares[l - 1] * inverse, Q))))
		: column.map(() => INFINITY)));
	spoil?.(factors);
	all.forEach((l, i) => files.set(`DecryptionFactors${l}`, columnsTree(factors[i])));
	const head = (count) => nodeOf(count, new Uint8Array(0));
	const seed = params.seed(head(2), head(2), encodePoint(G), list.bytes, head(2), polynomialTree,
		head(n), ...all.map((l) => files.get(`DecryptionFactors${l}`)));
	const e = params.exponents(seed, list.count);
	const A = list.u.map((column) => msm(column, e));
	const r = rng.scalars(n);
	all.forEach((l, i) => files.set(`DecrFactCommitment${l}`, active.includes(l)
		? node(encodePoint(multiply(G, r[i] + (spoilY?.[i] ?? 0n))),
			wideTree(A.map((a) => encodePoint(multiply(a, r[i])))))
		: node(encodePoint(INFINITY), wideTree(A.map(() => encodePoint(INFINITY))))));
	const v = params.challenge(seed, nodeOf(n,
		joined(all.map((l) => files.get(`DecrFactCommitment${l}`)))));
	const replies = (l) => active.includes(l) && !silent.includes(l);
	all.forEach((l, i) => files.set(`DecrFactReply${l}`, encodeScalar(replies(l)
		? mod(-shares[i] * inverse * v + r[i], Q) : 0n)));
	return { files, factors, v: list.v, set: (marked) => plaintexts(list, factors, marked, n, t) };
}

function plaintexts(list, factors, marked, n, t) {
	const set = marked.slice(0, t);
	const c = combination(set, n);
	return columnsTree(list.v.map((column, j) => affine(column.map((v, i) =>
		set.reduce((sum, l, k) => {
			// The coefficients are small integers of either sign.
			const negative = 2n * c[k] > Q;
			const f = factors[l - 1][j][i];
			const point = lift(negative ? negate(f) : f);
			return sum.add(point.multiplyUnsafe(negative ? Q - c[k] : c[k]));
		}, lift(v))))));
}
