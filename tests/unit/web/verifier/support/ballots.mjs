// SPDX-License-Identifier: Apache-2.0
// Makes ballots (docs/protocol.md 6), right ones and, where `spoil` says so, wrong ones.
import { C, H } from "../../../../../web/verifier/hash.js";
import { CHUNK_BYTES, WRITE_IN_BYTES, numberOfDigits } from "../../../../../web/verifier/digits.js";
import { Q, mod } from "../../../../../web/verifier/field.js";
import { affine, lift } from "./curve.mjs";
import { encodeMessage } from "../../../../../web/verifier/plaintext.js";
import { encodePoint, encodePoints, encodeScalar } from "../../../../../web/verifier/group.js";
import { fixedG, scalarList } from "./mix.mjs";
import { int, leaf, node, text } from "../../../../../web/verifier/bytetree.js";
import { utf8 } from "../../../../../web/verifier/bytes.js";

/** The digits of one question: choice = { invalid, marks: [digit…], texts: [{ rank, text }] }. */
function questionDigits(q, choice = {}) {
	const digits = [choice.invalid ? 1 : 0];
	q.answers.forEach((_, i) => digits.push(choice.marks?.[i] ?? 0));
	for (let i = 0; i < q.writeIns; i++) {
		const { rank = 0, text: s = "", raw } = choice.texts?.[i] ?? {};
		const bytes = raw ?? utf8(s);
		if (q.gives !== "marks")
			digits.push(rank);
		digits.push(bytes.length);
		for (let j = 0; j < WRITE_IN_BYTES; j++)
			digits.push(bytes[j] ?? 0);
	}
	return digits;
}

/** The ω points of a group's plaintext. */
export function plaintextPoints(group, choices) {
	const N = numberOfDigits(group.questions.flatMap((q) => questionDigits(q, choices[q.id])),
		group.bases);
	const points = [];
	for (let j = group.width - 1; j >= 0; j--)
		points.push(encodeMessage((N >> BigInt(8 * CHUNK_BYTES * j)) &
			((1n << BigInt(8 * CHUNK_BYTES)) - 1n)));
	return points;
}

export function makeBallot(e, voter, { choices = {}, seq, spoil, points, r: reused }) {
	const { manifest, eid, rng, fixedY } = e;
	const style = manifest.styleOf.get(voter.style);
	const groups = style.groups.map((group) => {
		const M = points ?? plaintextPoints(group, choices);
		const r = reused ?? rng.scalars(M.length), a = rng.scalars(M.length);
		const u = affine(r.map((k) => fixedG.times(k)));
		const v = affine(r.map((k, j) => fixedY.times(k).add(lift(M[j]))));
		return { r, a, u, v, A: affine(a.map((k) => fixedG.times(k))) };
	});
	const P = manifest.credentials ? encodePoint(voter.S) : leaf(voter.pseudonym);
	const name = text(spoil === "style" ? "no such style" : voter.style);
	const ballotEid = leaf(spoil === "election" ? rng.bytes(32) : eid);
	const CT = node(...groups.map((g) => node(encodePoints(g.u), encodePoints(g.v))));
	const AA = node(...groups.map((g) => encodePoints(g.A)));
	const c = C("ballot", ballotEid, P, name, CT, AA);
	const ZZ = node(...groups.map((g) => scalarList(g.a.map((a, j) =>
		mod(a + c * g.r[j] + (spoil === "proof" ? 1n : 0n), Q)))));
	const body = node(text("urna-body-1"), ballotEid, P, name, CT, AA, ZZ);
	if (spoil === "malformed")
		body[body.length - 1] ^= 255, body.fill(255, body.length - 33);
	const id = H("body", leaf(body));
	let bytes;
	if (manifest.credentials) {
		const k = rng.scalar(), [R] = affine([fixedG.times(k)]);
		const cs = C("sig", P, encodePoint(R), ballotEid, int(seq), leaf(id));
		const zs = mod(k + cs * voter.s + (spoil === "signature" ? 1n : 0n), Q);
		bytes = node(body, int(seq), encodePoint(R), encodeScalar(zs));
	} else {
		bytes = node(body, int(seq));
	}
	return { bytes, body, id };
}
