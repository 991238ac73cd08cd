// SPDX-License-Identifier: Apache-2.0
// Lists of ciphertexts, of plaintexts, and elements of width ω, in Verificatum's transposed form
// (docs/protocol.md 2). A list keeps its bytes: they are what is hashed.
import { G, encodePoint, readPoint, readPoints } from "./group.js";
import { nodeOf, node, readAll } from "./bytetree.js";
import { joined } from "./bytes.js";

/** A node of `width` parts, or the one part itself where the width is 1. */
export function wide(r, width, read) {
	if (width === 1)
		return [read()];
	r.node(width);
	return Array.from({ length: width }, read);
}

/** { bytes, count, u: [ω][N], v: [ω][N] }; any count from 1 up where it is undefined. */
export function readCiphertexts(bytes, what, width, count) {
	return readAll(bytes, what, (r) => {
		r.node(2);
		const columns = () => wide(r, width, () => {
			const points = readPoints(r, count, true);
			count = points.length;
			return points;
		});
		const u = columns(), v = columns();
		if (count === 0)
			r.refuse("an empty list", 0);
		return { bytes, count, width, u, v };
	});
}

/** ω lists of N points: plaintexts, decryption factors. */
export function readColumns(bytes, what, width, count) {
	return readAll(bytes, what, (r) => wide(r, width, () => readPoints(r, count, true)));
}

export function readPointList(bytes, what, count) {
	return readAll(bytes, what, (r) => readPoints(r, count, true));
}

/** A ciphertext, { u: [ω], v: [ω] }. */
export function readCiphertext(r, width) {
	r.node(2);
	const u = wide(r, width, () => readPoint(r, true));
	return { u, v: wide(r, width, () => readPoint(r, true)) };
}

/** (G, Y) as it is hashed: ω times each where ω > 1. */
export function wideKey(Y, width) {
	const copies = (point) => width === 1 ? encodePoint(point) :
		nodeOf(width, joined(new Array(width).fill(encodePoint(point))));
	return node(copies(G), copies(Y));
}
