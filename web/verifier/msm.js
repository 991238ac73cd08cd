// SPDX-License-Identifier: Apache-2.0
// Sums Σ k_i·P_i of public points with public scalars: Pippenger's buckets with signed digits.
// The buckets are filled by additions of affine points in rounds, so that one inversion serves
// many; the package's complete formulas add up the buckets.
import { P, Q, invertAll, mod } from "./field.js";
import { G, INFINITY, fromNoble, toNoble } from "./group.js";
import { p256 } from "./noble.js";

const ZERO = p256.Point.ZERO;
// What an addition with the package's formulas costs, in affine additions.
const PROJECTIVE_COST = 4;

/** A linear combination that is collected term by term and then evaluated at once. */
export class Sum {
	constructor() {
		// By identity: a point object that comes in several equations costs one term.
		this.terms = new Map();
		this.ofG = 0n;
	}

	add(scalar, point) {
		const before = this.terms.get(point);
		this.terms.set(point, before === undefined ? scalar : before + scalar);
	}

	addG(scalar) {
		this.ofG += scalar;
	}

	value() {
		return msm([G, ...this.terms.keys()], [this.ofG, ...this.terms.values()]);
	}

	isZero() {
		return this.value() === INFINITY;
	}
}

/** Σ scalars[i]·points[i]; scalars are any integers. */
export function msm(points, scalars) {
	const terms = shortTerms(points, scalars);
	if (terms.xs.length === 0)
		return INFINITY;
	if (terms.xs.length < 4)
		return few(terms);
	const width = windowWidth(terms.xs.length, terms.bits);
	const windows = Math.floor(terms.bits / width) + 1;
	const digits = signedDigits(terms.scalars, width, windows);
	let sum = ZERO;
	for (let w = windows - 1; w >= 0; w--) {
		if (sum !== ZERO)
			for (let i = 0; i < width; i++)
				sum = sum.double();
		sum = sum.add(windowSum(terms, digits[w], 1 << (width - 1)));
	}
	return fromNoble(sum);
}

/** The terms with scalars of least absolute value, the point negated where the scalar was. */
function shortTerms(points, scalars) {
	if (points.length !== scalars.length)
		throw new RangeError("as many points as scalars are needed");
	const xs = [], ys = [], out = [];
	let greatest = 0n;
	for (let i = 0; i < points.length; i++) {
		let k = mod(scalars[i], Q);
		if (k === 0n || points[i] === INFINITY)
			continue;
		const negative = 2n * k > Q;
		if (negative)
			k = Q - k;
		xs.push(points[i].x);
		ys.push(negative ? P - points[i].y : points[i].y);
		out.push(k);
		if (k > greatest)
			greatest = k;
	}
	return { xs, ys, scalars: out, bits: greatest.toString(2).length };
}

function few({ xs, ys, scalars }) {
	let sum = ZERO;
	for (let i = 0; i < xs.length; i++)
		sum = sum.add(toNoble({ x: xs[i], y: ys[i] }).multiplyUnsafe(scalars[i]));
	return fromNoble(sum);
}

function windowWidth(n, bits) {
	let best = 0, least = Infinity;
	for (let width = 2; width <= 15; width++) {
		const windows = Math.floor(bits / width) + 1;
		const cost = windows * (n + PROJECTIVE_COST * (2 ** width + width));
		if (cost < least)
			[best, least] = [width, cost];
	}
	return best;
}

/** Digits −2^(width−1) … 2^(width−1), one array of all terms for each window. */
function signedDigits(scalars, width, windows) {
	const digits = Array.from({ length: windows }, () => new Int16Array(scalars.length));
	const half = 1 << (width - 1), full = 1 << width;
	const limbs = new Uint32Array(10);
	for (let i = 0; i < scalars.length; i++) {
		const s = scalars[i].toString(16);
		limbs.fill(0);
		for (let l = 0, end = s.length; end > 0; l++, end -= 8)
			limbs[l] = parseInt(s.slice(Math.max(0, end - 8), end), 16);
		let carry = 0;
		for (let w = 0; w < windows; w++) {
			const at = w * width, l = at >>> 5, shift = at & 31;
			let digit = limbs[l] >>> shift;
			if (shift + width > 32)
				digit |= limbs[l + 1] << (32 - shift);
			digit = (digit & (full - 1)) + carry;
			carry = digit > half ? 1 : 0;
			digits[w][i] = carry ? digit - full : digit;
		}
	}
	return digits;
}

/** Σ digit_i·P_i of one window. */
function windowSum(terms, digits, half) {
	const { starts, xs, ys } = intoBuckets(terms, digits, half);
	fill(starts, xs, ys);
	let run = ZERO, sum = ZERO;
	for (let b = half; b > 0; b--) {
		if (starts[b + 1] > starts[b])
			run = run.add(toNoble({ x: xs[starts[b]], y: ys[starts[b]] }));
		if (run !== ZERO)
			sum = sum.add(run);
	}
	return sum;
}

/** The points in order of their digit; bucket b begins at starts[b] and ends at starts[b + 1]. */
function intoBuckets(terms, digits, half) {
	const starts = new Int32Array(half + 2);
	for (const d of digits)
		starts[Math.abs(d)]++;
	starts[0] = 0;
	for (let b = 1, at = 0; b <= half + 1; b++) {
		const n = starts[b];
		starts[b] = at;
		at += n;
	}
	const next = starts.slice();
	const xs = new Array(starts[half + 1]), ys = new Array(starts[half + 1]);
	for (let i = 0; i < digits.length; i++) {
		const d = digits[i];
		if (d === 0)
			continue;
		const at = next[Math.abs(d)]++;
		xs[at] = terms.xs[i];
		ys[at] = d < 0 ? P - terms.ys[i] : terms.ys[i];
	}
	return { starts, xs, ys };
}

/** Adds pairs within each bucket, round by round, until none holds more than one point. */
function fill(starts, xs, ys) {
	const buckets = starts.length - 1;
	for (;;) {
		const pairs = [];
		const slopes = [];
		for (let b = 1; b < buckets; b++)
			for (let i = starts[b]; i + 1 < starts[b + 1]; i += 2) {
				pairs.push(i);
				slopes.push(denominator(xs[i], ys[i], xs[i + 1], ys[i + 1]));
			}
		if (pairs.length === 0)
			return;
		const inverses = invertAll(slopes);
		let at = 0, p = 0;
		for (let b = 1; b < buckets; b++) {
			const from = starts[b], to = starts[b + 1];
			starts[b] = at;
			let i = from;
			for (; i + 1 < to; i += 2, p++)
				if (addInto(xs, ys, i, at, inverses[p]))
					at++;
			if (i < to) {
				xs[at] = xs[i];
				ys[at++] = ys[i];
			}
		}
		starts[buckets] = at;
	}
}

function denominator(x1, y1, x2, y2) {
	if (x1 !== x2)
		return x2 > x1 ? x2 - x1 : x2 - x1 + P;
	// P + P needs 2y (no point of this group has y = 0); P − P is ∞ and needs nothing.
	return y1 === y2 ? (2n * y1) % P : 1n;
}

/** Writes point i + point i+1 at `at` ≤ i; false where the sum is ∞. */
function addInto(xs, ys, i, at, inverse) {
	const x1 = xs[i], y1 = ys[i], x2 = xs[i + 1], y2 = ys[i + 1];
	let slope;
	if (x1 !== x2)
		slope = ((y2 - y1) * inverse) % P;
	else if (y1 === y2)
		slope = ((3n * x1 * x1 - 3n) % P) * inverse % P;
	else
		return false;
	let x = (slope * slope - x1 - x2) % P;
	if (x < 0n)
		x += P;
	let y = (slope * (x1 - x) - y1) % P;
	if (y < 0n)
		y += P;
	xs[at] = x;
	ys[at] = y;
	return true;
}
