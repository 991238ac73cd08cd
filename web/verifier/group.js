// SPDX-License-Identifier: Apache-2.0
// Points and scalars of P-256 as Verificatum writes them (docs/protocol.md 2). A point is
// { x, y }, affine, checked once where it is read; INFINITY is one object, compared with ===.
import { B, P, Q, curveRight, mod } from "./field.js";
import { bytesOf, concat, numberAt } from "./bytes.js";
import { nodeOf } from "./bytetree.js";
import { p256 } from "./noble.js";

export { P, Q };

const Noble = p256.Point;
const CURVE = Noble.CURVE();
if (CURVE.p !== P || CURVE.n !== Q || CURVE.b !== B)
	throw new Error("@noble/curves has another P-256");

export const INFINITY = Object.freeze({ x: 0n, y: 0n });
export const G = Object.freeze({ x: CURVE.Gx, y: CURVE.Gy });
export const POINT_SIZE = 81;

export function same(a, b) {
	return a === b || (a !== INFINITY && b !== INFINITY && a.x === b.x && a.y === b.y);
}

export function negate(a) {
	return a === INFINITY || a.y === 0n ? a : { x: a.x, y: P - a.y };
}

export function toNoble(a) {
	return a === INFINITY ? Noble.ZERO : new Noble(a.x, a.y, 1n);
}

export function fromNoble(a) {
	return a.is0() ? INFINITY : a.toAffine();
}

export function add(a, b) {
	return fromNoble(toNoble(a).add(toNoble(b)));
}

/** k·a, k any integer. For single points; sums are msm.js's. */
export function multiply(a, k) {
	const s = mod(k, Q);
	return s === 0n || a === INFINITY ? INFINITY : fromNoble(toNoble(a).multiplyUnsafe(s));
}

const HEAD = Uint8Array.of(0, 0, 0, 0, 2, 1, 0, 0, 0, 33);
const MIDDLE = Uint8Array.of(1, 0, 0, 0, 33);

export function encodePoint(a) {
	const out = new Uint8Array(POINT_SIZE);
	out.set(HEAD, 0);
	out.set(MIDDLE, 43);
	if (a === INFINITY) {
		out.fill(0xff, 10, 43);
		out.fill(0xff, 48, 81);
	} else {
		out.set(bytesOf(a.x, 33), 10);
		out.set(bytesOf(a.y, 33), 48);
	}
	return out;
}

export function encodePoints(points) {
	const body = new Uint8Array(POINT_SIZE * points.length);
	points.forEach((a, i) => body.set(encodePoint(a), i * POINT_SIZE));
	return nodeOf(points.length, body);
}

export function encodeScalar(k) {
	return concat(Uint8Array.of(1, 0, 0, 0, 33), bytesOf(k, 33));
}

function isFilled(bytes, from, to, value) {
	for (let i = from; i < to; i++)
		if (bytes[i] !== value)
			return false;
	return true;
}

/** A point; ∞ is refused unless `infinity` says that it may be there. */
export function readPoint(r, infinity = false) {
	const from = r.at;
	r.node(2);
	r.leaf(33);
	r.leaf(33);
	const { bytes } = r;
	if (bytes[from + 10] === 0xff) {
		if (!isFilled(bytes, from + 10, from + 43, 0xff) ||
			!isFilled(bytes, from + 48, from + 81, 0xff))
			r.refuse("a coordinate is out of range", from);
		if (!infinity)
			r.refuse("the point at infinity has no place here", from);
		return INFINITY;
	}
	const x = numberAt(bytes, from + 10, 33);
	const y = numberAt(bytes, from + 48, 33);
	if (x >= P || y >= P)
		r.refuse("a coordinate is out of range", from);
	if ((y * y) % P !== curveRight(x))
		r.refuse("the point is not on the curve", from);
	return { x, y };
}

/** A node of `count` points (any number where it is undefined). */
export function readPoints(r, count, infinity = false) {
	const n = r.node(count);
	const out = new Array(n);
	for (let i = 0; i < n; i++)
		out[i] = readPoint(r, infinity);
	return out;
}

export function readScalar(r) {
	const from = r.at;
	const k = numberAt(r.leaf(33), 0, 33);
	if (k >= Q)
		r.refuse("the scalar is not below the order", from);
	return k;
}

export function readScalars(r, count) {
	const n = r.node(count);
	const out = new Array(n);
	for (let i = 0; i < n; i++)
		out[i] = readScalar(r);
	return out;
}
