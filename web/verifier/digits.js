// SPDX-License-Identifier: Apache-2.0
// The digits of a plaintext (docs/protocol.md 6.1): a mixed radix, least significant digit first.
export const WRITE_IN_BYTES = 30;
export const CHUNK_BYTES = 28;

/** The bases of one question's digits. */
export function questionBases(q) {
	const choice = { marks: 2, ranks: q.max + 1, points: q.points + 1 }[q.gives];
	const bases = [2];
	for (let i = 0; i < q.answers.length; i++)
		bases.push(choice);
	for (let i = 0; i < q.writeIns; i++) {
		if (q.gives !== "marks")
			bases.push(choice);
		bases.push(WRITE_IN_BYTES + 1, ...new Array(WRITE_IN_BYTES).fill(256));
	}
	return bases;
}

/** ω: how many messages of 28 bytes hold every number below `product`. */
export function widthOf(product) {
	let width = 1;
	while (product > 1n << BigInt(8 * CHUNK_BYTES * width))
		width++;
	return width;
}

/** The digits of N, or null where N is not below the product of the bases. */
export function digitsOf(N, bases) {
	const digits = bases.map((base) => {
		const d = N % BigInt(base);
		N /= BigInt(base);
		return Number(d);
	});
	return N === 0n ? digits : null;
}

export function numberOfDigits(digits, bases) {
	let N = 0n;
	for (let i = digits.length - 1; i >= 0; i--) {
		if (digits[i] < 0 || digits[i] >= bases[i])
			throw new RangeError("digit out of range");
		N = N * BigInt(bases[i]) + BigInt(digits[i]);
	}
	return N;
}
