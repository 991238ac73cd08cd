// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { INFINITY, negate } from "../../../../web/verifier/group.js";
import { P, curveRight, rootCandidate } from "../../../../web/verifier/field.js";
import { decodeMessage, encodeMessage, judgePlaintext } from
	"../../../../web/verifier/plaintext.js";
import { questionBases, widthOf } from "../../../../web/verifier/digits.js";
import { plaintextPoints } from "./support/ballots.mjs";

function group(...questions) {
	const bases = questions.flatMap(questionBases);
	const product = bases.reduce((a, b) => a * BigInt(b), 1n);
	return { questions, bases, product, width: widthOf(product) };
}

const marks = { id: "m", gives: "marks", total: null, min: 1, max: 2, writeIns: 0,
	answers: ["a", "b", "c"] };
const ranks = { id: "r", gives: "ranks", total: null, min: 0, max: 3, writeIns: 1,
	answers: ["a", "b", "c"] };
const both = group(marks, ranks);

function verdicts(m, r) {
	return judgePlaintext(plaintextPoints(both, { m, r }), both).map((j) => j.verdict);
}

function verdictOf(choice, question) {
	return judgePlaintext(plaintextPoints(group(question), { [question.id]: choice }),
		group(question))[0];
}

test("each question of a group is judged for itself", () => {
	assert.deepEqual(verdicts({ marks: [1, 0, 0] }, { marks: [0, 2, 1] }), ["valid", "valid"]);
	assert.deepEqual(verdicts({ invalid: true }, { marks: [1, 1, 0] }),
		["invalid-by-voter", "repeated-rank"]);
});

test("marks are blank, too many, or valid in the order of the answers", () => {
	assert.equal(verdictOf({}, marks).verdict, "blank");
	assert.equal(verdictOf({ marks: [1, 1, 1] }, marks).verdict, "too-many");
	assert.equal(verdictOf({ marks: [1, 0, 0] }, { ...marks, min: 2 }).verdict, "too-few");
	assert.deepEqual(verdictOf({ marks: [0, 1, 1] }, marks).choices, [1, 2]);
});

test("ranks must be 1, 2, … without repetition or gap", () => {
	assert.equal(verdictOf({ marks: [2, 2, 1] }, ranks).verdict, "repeated-rank");
	assert.equal(verdictOf({ marks: [3, 0, 1] }, ranks).verdict, "missing-rank");
	assert.equal(verdictOf({ marks: [2, 0, 0] }, ranks).verdict, "missing-rank");
	assert.deepEqual(verdictOf({ marks: [3, 1, 2] }, ranks).choices, [1, 2, 0]);
});

test("a write-in with its rank is one more answer chosen", () => {
	const judged = verdictOf({ marks: [2, 0, 0], texts: [{ rank: 1, text: "Zoë" }] }, ranks);
	assert.equal(judged.verdict, "valid");
	assert.deepEqual(judged.choices, [0]);
	assert.deepEqual(judged.texts, ["Zoë"]);
	assert.equal(verdictOf({ marks: [1, 2, 3], texts: [{ rank: 1, text: "x" }] }, ranks).verdict,
		"repeated-rank");
});

test("a write-in that is no printable text is malformed", () => {
	const open = { ...marks, writeIns: 2, max: 2 };
	const written = (...raws) => verdictOf({ texts: raws.map((raw) => ({ raw })) }, open).verdict;
	assert.equal(written([0x41], [0xc3, 0xa9]), "valid");
	assert.equal(written([0x41], [0xc3]), "malformed-write-in");
	assert.equal(written([0x41, 0x0a]), "malformed-write-in");
	assert.equal(written([0x7f]), "malformed-write-in");
	assert.equal(written([0xc2, 0x85]), "malformed-write-in");
	assert.equal(verdictOf({ marks: [1, 1, 0], texts: [{ text: "x" }] }, open).verdict, "too-many");
});

test("bytes behind a write-in's length are malformed", () => {
	const open = group({ ...marks, writeIns: 1 });
	// The last digit of all is the last byte of the field.
	const weight = open.bases.slice(0, -1).reduce((a, b) => a * BigInt(b), 1n);
	const points = [];
	for (let j = open.width - 1; j >= 0; j--)
		points.push(encodeMessage((weight >> BigInt(224 * j)) & ((1n << 224n) - 1n)));
	assert.equal(judgePlaintext(points, open)[0].verdict, "malformed-write-in");
});

test("a number at the product of the bases is out of range for all questions", () => {
	const small = group(marks, { ...marks, id: "m2" });
	const judge = (N) => judgePlaintext([encodeMessage(N)], small).map((j) => j.verdict);
	assert.deepEqual(judge(small.product), ["out-of-range", "out-of-range"]);
	assert.notDeepEqual(judge(small.product - 1n), ["out-of-range", "out-of-range"]);
});

test("only the one encoding of a message is canonical", () => {
	const point = encodeMessage(12345n);
	assert.equal(decodeMessage(point), 12345n);
	assert.equal(decodeMessage(negate(point)), null);
	assert.equal(decodeMessage(INFINITY), null);
	let others = 0;
	for (let counter = (point.x & 255n) + 1n; counter < 256n; counter++) {
		const x = (12345n << 24n) + (28n << 8n) + counter, right = curveRight(x);
		const y = rootCandidate(right);
		if ((y * y) % P !== right)
			continue;
		assert.equal(decodeMessage({ x, y }), null);
		others++;
	}
	assert.ok(others > 0);
	// Another length field, and bits above the message.
	for (const change of [1n << 8n, 1n << 248n]) {
		for (let counter = 0n; counter < 256n; counter++) {
			const x = (12345n << 24n) + (28n << 8n) + change + counter, right = curveRight(x);
			const y = rootCandidate(right);
			if ((y * y) % P === right) {
				assert.equal(decodeMessage({ x, y }), null);
				break;
			}
		}
	}
	assert.deepEqual(judgePlaintext([negate(point), point], group({ ...ranks, writeIns: 2 }))
		.map((j) => j.verdict), ["not-canonical"]);
});
