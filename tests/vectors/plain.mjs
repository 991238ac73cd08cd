// SPDX-License-Identifier: Apache-2.0
// P-256, byte trees, generator and oracle (docs/protocol.md 2, 6.2) in plain JavaScript: nothing of
// the product, and no care for speed or secrets. For walkthrough.mjs.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";

// P-256

export const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
export const Q = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
export const G = [0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
	0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n];

export const mod = (a, m) => ((a % m) + m) % m;

function power(a, e, m) {
	let out = 1n;
	for (a = mod(a, m); e > 0n; e >>= 1n, a = a * a % m)
		if (e & 1n)
			out = out * a % m;
	return out;
}

export const inverse = (a, m) => power(a, m - 2n, m);

/** null is the point at infinity. */
export function add(a, b) {
	if (a === null || b === null)
		return a ?? b;
	if (a[0] === b[0] && mod(a[1] + b[1], P) === 0n)
		return null;
	const slope = a[0] === b[0] ? (3n * a[0] * a[0] - 3n) * inverse(2n * a[1], P) :
		(b[1] - a[1]) * inverse(mod(b[0] - a[0], P), P);
	const x = mod(slope * slope - a[0] - b[0], P);
	return [x, mod(slope * (a[0] - x) - a[1], P)];
}

export function multiply(k, a) {
	let out = null;
	for (k = mod(k, Q); k > 0n; k >>= 1n, a = add(a, a))
		if (k & 1n)
			out = add(out, a);
	return out;
}

export const sum = (...points) => points.reduce(add, null);
export const right = (x) => mod(x * x * x - 3n * x + B, P);
export const root = (x) => power(right(x), (P + 1n) / 4n, P);
export const isSquare = (x) => root(x) ** 2n % P === right(x);

// Bytes and byte trees

export const hexOf = (n, digits = 64) => n.toString(16).padStart(digits, "0");
export const numberOf = (bytes) => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
export const bytes = (hex) => Buffer.from(hex, "hex");
const int4 = (n) => bytes(hexOf(BigInt(n), 8));
export const sha = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
export const leaf = (b) => Buffer.concat([Buffer.of(1), int4(b.length), b]);
export const node = (...c) => Buffer.concat([Buffer.of(0), int4(c.length), ...c]);
export const text = (s) => leaf(Buffer.from(s));
export const int = (n) => leaf(int4(n));
export const u64 = (n) => leaf(bytes(hexOf(BigInt(n), 16)));
export const wide = (n) => leaf(bytes(hexOf(n, 66)));
const INFINITY = Buffer.alloc(33, 255);
export const point = (a) => a === null ? node(leaf(INFINITY), leaf(INFINITY)) :
	node(wide(a[0]), wide(a[1]));
export const points = (list) => node(...list.map(point));

/** A tree as nested lists of leaves. */
export function parse(b) {
	const read = (at) => {
		const n = b.readUInt32BE(at + 1);
		if (b[at] === 1)
			return [b.subarray(at + 5, at + 5 + n), at + 5 + n];
		const out = [];
		for (let i = 0, from = at + 5; i < n; i++) {
			const [child, to] = read(from);
			out.push(child);
			from = to;
			at = to - 5;
		}
		return [out, at + 5];
	};
	const [tree, end] = read(0);
	assert.equal(end, b.length);
	return tree;
}

export const pointIn = ([x, y]) => {
	const a = [numberOf(x), numberOf(y)];
	assert.equal(a[1] * a[1] % P, right(a[0]));
	return a;
};

/** PRG(seed). */
export function stream(seed) {
	let ready = Buffer.alloc(0), counter = 0;
	return (bits) => {
		const n = Math.ceil(bits / 8);
		while (ready.length < n)
			ready = Buffer.concat([ready, sha(seed, int4(counter++))]);
		const out = Buffer.from(ready.subarray(0, n));
		ready = ready.subarray(n);
		if (bits % 8)
			out[0] &= (1 << bits % 8) - 1;
		return numberOf(out);
	};
}

export const oracle = (bits, ...data) => stream(sha(int4(bits), ...data))(bits);
