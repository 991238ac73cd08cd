// SPDX-License-Identifier: Apache-2.0
// From decrypted points to what a voter chose (docs/protocol.md 6.1, 6.2, 11).
import { CHUNK_BYTES, WRITE_IN_BYTES, digitsOf } from "./digits.js";
import { INFINITY } from "./group.js";
import { P, curveRight, rootCandidate } from "./field.js";
import { textOf } from "./bytes.js";

/** In the order of result.json. */
export const VERDICTS = ["valid", "blank", "invalid-by-voter", "repeated-rank", "missing-rank",
	"too-few", "too-many", "malformed-write-in", "repeated-write-in", "not-canonical",
	"out-of-range"];
/** Control characters, line separators, and what turns the direction of a text. */
const UNPRINTABLE = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;

const SHIFT = 24n;
const MESSAGE_MAX = 1n << BigInt(8 * CHUNK_BYTES);

/** The point that stands for a message of 28 bytes, given as a number. */
export function encodeMessage(message) {
	for (let counter = 0n; counter < 256n; counter++) {
		const x = (message << SHIFT) + (BigInt(CHUNK_BYTES) << 8n) + counter;
		const right = curveRight(x);
		const y = rootCandidate(right);
		if ((y * y - right) % P === 0n)
			return { x, y };
	}
	return null;
}

/** The message of a point, null where the point is not the one that encodes it. */
export function decodeMessage(point) {
	if (point === INFINITY)
		return null;
	const message = point.x >> SHIFT;
	if (message >= MESSAGE_MAX || ((point.x >> 8n) & 0xffffn) !== BigInt(CHUNK_BYTES))
		return null;
	const encoded = encodeMessage(message);
	return encoded !== null && encoded.x === point.x && encoded.y === point.y ? message : null;
}

/**
 * What one plaintext (its ω points) says to each question of the group: a list of
 * { verdict, choices, points, texts }; choices are answers in the order in which they are counted,
 * points what each of them got, where the rule counts points.
 */
export function judgePlaintext(points, group) {
	const all = (verdict) => group.questions.map(() => ({ verdict }));
	let N = 0n;
	for (const point of points) {
		const message = decodeMessage(point);
		if (message === null)
			return all("not-canonical");
		N = (N << BigInt(8 * CHUNK_BYTES)) + message;
	}
	const digits = digitsOf(N, group.bases);
	if (digits === null)
		return all("out-of-range");
	let at = 0;
	return group.questions.map((q) => {
		const take = (count) => digits.slice(at, (at += count));
		const [invalid] = take(1);
		const marks = take(q.answers.length);
		const fields = Array.from({ length: q.writeIns }, () => ({
			value: q.gives === "marks" ? null : take(1)[0], length: take(1)[0],
			bytes: take(WRITE_IN_BYTES) }));
		return judgeQuestion(q, invalid === 1, marks, fields);
	});
}

/** The text of a write-in field ("" where there is none), null where it is malformed. */
function writeInText({ value, length, bytes }) {
	if (bytes.some((b, i) => i >= length && b !== 0))
		return null;
	// A rank or points without a text, and a text without them, name nobody.
	if (value !== null && (value > 0) !== (length > 0))
		return null;
	const s = textOf(Uint8Array.from(bytes.slice(0, length)));
	return s === null || UNPRINTABLE.test(s) ? null : s;
}

const sum = (list) => list.reduce((a, b) => a + b, 0);

function judgeQuestion(q, invalid, marks, fields) {
	if (invalid)
		return { verdict: "invalid-by-voter" };
	const texts = fields.map(writeInText);
	if (texts.includes(null))
		return { verdict: "malformed-write-in" };
	const chosen = marks.map((digit, i) => ({ answer: i, digit })).filter((c) => c.digit > 0);
	const written = texts.filter((s) => s !== "");
	const count = chosen.length + written.length;
	if (count === 0)
		return { verdict: "blank" };
	if (q.gives === "ranks") {
		const ranks = [...chosen.map((c) => c.digit), ...fields.map((f) => f.value)]
			.filter((rank) => rank > 0);
		if (new Set(ranks).size !== ranks.length)
			return { verdict: "repeated-rank" };
		if (Math.max(...ranks) !== ranks.length)
			return { verdict: "missing-rank" };
		chosen.sort((a, b) => a.digit - b.digit);
	}
	if (new Set(written).size !== written.length)
		return { verdict: "repeated-write-in" };
	if (count < q.min)
		return { verdict: "too-few" };
	if (count > q.max)
		return { verdict: "too-many" };
	const points = q.gives === "points" ? chosen.map((c) => c.digit) : null;
	if (q.total !== null && sum(points) + sum(fields.map((f) => f.value)) > q.total)
		return { verdict: "too-many" };
	return { verdict: "valid", choices: chosen.map((c) => c.answer), points, texts: written };
}
