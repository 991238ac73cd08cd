// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { join } from "node:path";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { Sum } from "../../../../web/verifier/msm.js";
import { addProof, addSignature, parseBallot } from "../../../../web/verifier/ballot.js";
import { add, encodePoint, multiply, negate } from "../../../../web/verifier/group.js";
import { decodeMessage } from "../../../../web/verifier/plaintext.js";
import { fromHex, readJson, rejects, root, toHex } from "./support/support.mjs";

const path = join(root, "tests", "vectors", "ballot.json");
const vectors = existsSync(path) ? readJson(path) : { ballots: [] };
test("the vectors of ballots are there", { skip: existsSync(path) ? false : path }, () =>
	assert.ok(vectors.ballots.length > 0));

function manifestFor({ mode, style, widths }) {
	return { credentials: mode === "credentials", styleOf: new Map([[style, { name: style,
		groups: widths.map((width) => ({ width })) }]]) };
}

function holds(terms, ballot) {
	const sum = new Sum();
	terms(sum, () => 1n, ballot);
	return sum.isZero();
}

for (const v of vectors.ballots) {
	const bytes = fromHex(v.ballot), manifest = manifestFor(v);
	const ballot = parseBallot(bytes, v.name, manifest);

	test(`the ballot "${v.name}" is read and its hashes are those of the vector`, () => {
		assert.equal(toHex(ballot.eid), vectors.eid);
		assert.equal(toHex(ballot.id), v.id);
		assert.equal(ballot.challenge, BigInt(`0x${v.challenge}`));
		assert.equal(ballot.seq, v.seq);
		if (v.sig_challenge)
			assert.equal(ballot.signatureChallenge, BigInt(`0x${v.sig_challenge}`));
	});

	test(`the equations of "${v.name}" hold, and not with a changed response`, () => {
		assert.ok(holds(addProof, ballot));
		for (const group of ballot.groups)
			for (let j = 0; j < group.z.length; j++) {
				group.z[j] += 1n;
				assert.ok(!holds(addProof, ballot));
				group.z[j] -= 1n;
			}
		if (v.mode !== "credentials")
			return;
		assert.ok(holds(addSignature, ballot));
		assert.ok(!holds(addSignature, { ...ballot, zs: ballot.zs + 1n }));
	});

	test(`"${v.name}" decrypts to its plaintexts`, () => {
		const x = BigInt(`0x${vectors.secret_key}`);
		const points = ballot.groups.flatMap(({ u, v: right }) => u.map((point, j) =>
			add(right[j], negate(multiply(point, x)))));
		assert.deepEqual(points.map((p) => toHex(encodePoint(p))), v.messages);
		const text = points.map((p) => decodeMessage(p).toString(16).padStart(56, "0"));
		assert.equal(text.join(""), v.plaintexts.join(""));
	});

	test(`"${v.name}" cut anywhere, or longer, is refused`, () => {
		for (let n = 0; n < bytes.length; n += 7)
			rejects(() => parseBallot(bytes.subarray(0, n), v.name, manifest));
		const longer = new Uint8Array(bytes.length + 1);
		longer.set(bytes);
		rejects(() => parseBallot(longer, v.name, manifest), /behind/);
	});

	test(`"${v.name}" with any bit of it changed is another ballot or none`, () => {
		for (let i = 0; i < bytes.length; i += 11) {
			const other = bytes.slice();
			other[i] ^= 1;
			let read;
			try {
				read = parseBallot(other, v.name, manifest);
			} catch (e) {
				assert.equal(e.name, "Rejected");
				continue;
			}
			const body = bytes.length - (v.mode === "credentials" ? 9 + 81 + 38 : 9);
			assert.equal(toHex(read.id) === v.id, i >= body);
			assert.ok(!holds(addProof, read) || i >= body);
			assert.ok(v.mode === "server" || !holds(addSignature, read));
		}
	});

	test(`"${v.name}" is malformed for a style of another shape`, () => {
		const other = manifestFor({ ...v, widths: [...v.widths, 1] });
		rejects(() => parseBallot(bytes, v.name, other), /children/);
		const wider = manifestFor({ ...v, widths: v.widths.map((w) => w + 1) });
		rejects(() => parseBallot(bytes, v.name, wider), /children/);
	});
}

