// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { G, INFINITY, P, Q, add, encodePoint, encodeScalar, multiply, negate, readPoint, readScalar,
	same } from "../../../../web/verifier/group.js";
import { Rng } from "./support/rng.mjs";
import { firstWrong, wrongItems } from "../../../../web/verifier/batch.js";
import { msm } from "../../../../web/verifier/msm.js";
import { readAll } from "../../../../web/verifier/bytetree.js";
import { bytesOf } from "../../../../web/verifier/bytes.js";
import { readJson, rejects, testWithData } from "./support/support.mjs";

const rng = new Rng("group");
const read = (bytes, infinity) => readAll(bytes, "point", (r) => readPoint(r, infinity));

function pointBytes(x, y) {
	const out = encodePoint(G);
	out.set(bytesOf(x, 33), 10);
	out.set(bytesOf(y, 33), 48);
	return out;
}

test("sums of many sizes equal sums of single multiples", () => {
	for (const n of [0, 1, 2, 3, 4, 5, 16, 33, 200]) {
		const points = rng.scalars(n).map((k) => multiply(G, k)), scalars = rng.scalars(n);
		const expected = points.reduce((sum, point, i) => add(sum, multiply(point, scalars[i])),
			INFINITY);
		assert.ok(same(msm(points, scalars), expected), `${n} terms`);
	}
});

test("sums with equal, opposite and infinite points and with extreme scalars are right", () => {
	const A = multiply(G, 5n), scalars = [0n, 1n, -1n, Q - 1n, Q, Q + 1n, 2n ** 128n, -(2n ** 127n),
		Q >> 1n, (Q >> 1n) + 1n, 2n ** 640n];
	const points = [], factors = [];
	for (const point of [A, negate(A), INFINITY, G])
		for (const k of scalars) {
			points.push(point);
			factors.push(k);
		}
	const expected = points.reduce((sum, point, i) => add(sum, multiply(point, factors[i])),
		INFINITY);
	assert.ok(same(msm(points, factors), expected));
	assert.equal(msm([A, A, negate(A), negate(A)], [7n, 9n, 9n, 7n]), INFINITY);
	const same17 = new Array(17).fill(A);
	assert.ok(same(msm(same17, same17.map(() => 3n)), multiply(G, 255n)));
});

testWithData("multiples of the generator equal the published ones", ["vectors", "p256",
	"p256-kG.json"], (path) => {
	const all = readJson(path);
	assert.ok(all.scalar_mult_base.length >= 31);
	for (const { k, x, y } of all.scalar_mult_base) {
		const point = multiply(G, BigInt(`0x${k}`));
		assert.ok(same(point, { x: BigInt(`0x${x}`), y: BigInt(`0x${y}`) }), k);
	}
});

testWithData("points that must be refused are refused", ["vectors", "p256",
	"p256-kG.json"], (path) => {
	const list = readJson(path).must_reject_affine;
	assert.ok(list.length > 0);
	for (const { x, y } of list)
		rejects(() => read(pointBytes(BigInt(`0x${x}`), BigInt(`0x${y}`))));
});

test("a point is read as it was written", () => {
	const A = multiply(G, 123456789n);
	assert.ok(same(read(encodePoint(A)), A));
	assert.equal(read(encodePoint(INFINITY), true), INFINITY);
});

test("points that are none are refused", () => {
	const { x, y } = G;
	rejects(() => read(pointBytes(x, y + 1n)), /not on the curve/);
	rejects(() => read(pointBytes(x + P, y)), /out of range/);
	rejects(() => read(pointBytes(x, y + P)), /out of range/);
	rejects(() => read(pointBytes(0n, 0n)), /not on the curve/);
	rejects(() => read(encodePoint(INFINITY)), /infinity/);
	const half = encodePoint(INFINITY);
	half[80] = 0;
	rejects(() => read(half, true), /out of range/);
	const other = encodePoint(INFINITY);
	other[11] = 0;
	rejects(() => read(other, true), /out of range/);
});

test("a scalar at the order or above is refused", () => {
	const readIt = (bytes) => readAll(bytes, "scalar", (r) => readScalar(r));
	assert.equal(readIt(encodeScalar(Q - 1n)), Q - 1n);
	rejects(() => readIt(encodeScalar(Q)), /below the order/);
	rejects(() => readIt(encodeScalar(2n ** 256n)), /below the order/);
});

test("a batch names exactly the equations that do not hold", () => {
	const k = rng.scalars(20), points = k.map((s) => multiply(G, s));
	const term = (wrong) => (sum, weight, i) => {
		const w = weight();
		sum.addG(w * (k[i] + (wrong.includes(i) ? 1n : 0n)));
		sum.add(-w, points[i]);
	};
	assert.deepEqual(wrongItems(20, term([])), []);
	assert.deepEqual(wrongItems(20, term([3, 4, 19])), [3, 4, 19]);
	assert.deepEqual(wrongItems(20, term([3, 4, 19]), 1), [3]);
	assert.equal(firstWrong([{ name: "X", count: 20, add: term([]) }]), null);
	assert.deepEqual(firstWrong([{ name: "X", count: 20, add: term([]) },
		{ name: "Y", count: 20, add: term([7]) }]), { name: "Y", index: 7 });
});

test("two wrong equations that cancel each other are found", () => {
	const A = multiply(G, 11n);
	const term = (sum, weight, i) => {
		const w = weight();
		sum.addG(w * (i === 0 ? 12n : 10n));
		sum.add(-w, A);
	};
	assert.deepEqual(wrongItems(2, term), [0, 1]);
});
