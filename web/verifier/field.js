// SPDX-License-Identifier: Apache-2.0
// The prime field of P-256 and its order, with BigInt. All inputs are public.
export const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
export const Q = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
export const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

export function mod(a, m) {
	const r = a % m;
	return r < 0n ? r + m : r;
}

/** 1/a mod m; a must not be 0 mod m. */
export function invert(a, m) {
	let [r0, r1] = [m, mod(a, m)];
	let [t0, t1] = [0n, 1n];
	if (r1 === 0n)
		throw new RangeError("no inverse of 0");
	while (r1 !== 0n) {
		const k = r0 / r1;
		[r0, r1] = [r1, r0 - k * r1];
		[t0, t1] = [t1, t0 - k * t1];
	}
	return mod(t0, m);
}

/** Inverts all of `values` (none is 0 mod P) with a single inversion. */
export function invertAll(values) {
	const n = values.length;
	const before = new Array(n);
	let product = 1n;
	for (let i = 0; i < n; i++) {
		before[i] = product;
		product = (product * values[i]) % P;
	}
	let inverse = n === 0 ? 1n : invert(product, P);
	const out = new Array(n);
	for (let i = n - 1; i >= 0; i--) {
		out[i] = (inverse * before[i]) % P;
		inverse = (inverse * values[i]) % P;
	}
	return out;
}

function square(a, times) {
	for (let i = 0; i < times; i++)
		a = (a * a) % P;
	return a;
}

/** a^((P+1)/4): a square root of a where there is one. (P+1)/4 = 2^254 − 2^222 + 2^190 + 2^94. */
export function rootCandidate(a) {
	// a^(2^32 − 1) by doubling the run of ones, then the other bits of the exponent.
	const a2 = (square(a, 1) * a) % P;
	const a4 = (square(a2, 2) * a2) % P;
	const a8 = (square(a4, 4) * a4) % P;
	const a16 = (square(a8, 8) * a8) % P;
	const a32 = (square(a16, 16) * a16) % P;
	const high = (square(a32, 32) * a) % P;
	return square((square(high, 96) * a) % P, 94);
}

/** x³ − 3x + b. */
export function curveRight(x) {
	return mod((((x * x) % P) - 3n) * x + B, P);
}
