// SPDX-License-Identifier: Apache-2.0
// Shuffles that somebody else proved: 100 ciphertexts of width 21 over P-256, the proof of Terelius
// and Wikström as here, all hashes by other rules. Our equations must hold under their challenges.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { P, curveRight, rootCandidate } from "../../../../web/verifier/field.js";
import { encodePoint, encodePoints, encodeScalar, multiply } from
	"../../../../web/verifier/group.js";
import { msm } from "../../../../web/verifier/msm.js";
import { checkShuffle } from "../../../../web/verifier/shuffle.js";
import { concat, numberOf } from "../../../../web/verifier/bytes.js";
import { node } from "../../../../web/verifier/bytetree.js";
import { sha256 } from "../../../../web/verifier/hash.js";
import { fromHex, readJson, rejects, testWithData, toHex } from "./support/support.mjs";

const bytes = (base64) => new Uint8Array(Buffer.from(base64, "base64"));
const scalar = (base64) => numberOf(bytes(base64));

/** A compressed point: 02 or 03, the parity of y; then x. */
function point(base64) {
	const b = bytes(base64), x = numberOf(b.subarray(1));
	const y = rootCandidate(curveRight(x));
	assert.equal(y * y % P, curveRight(x));
	return { x, y: y % 2n === BigInt(b[0] - 2) ? y : P - y };
}

// Their rules: the repository egk-ec-mixnet as of the commit that shared/data/vectors names.

const text = (s) => new TextEncoder().encode(s);
const int4 = (n) => Uint8Array.of(n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
const toBytes = (k) => Uint8Array.from(k.toString(16).padStart(64, "0").match(/../g),
	(d) => parseInt(d, 16));

/** RFC 9380's expand_message_xmd over SHA-256. */
function expand(message, tag, length) {
	const suffix = concat(tag, Uint8Array.of(tag.length));
	const first = sha256(concat(new Uint8Array(64), message,
		Uint8Array.of(length >> 8, length & 255, 0), suffix));
	let block = new Uint8Array(32), out = new Uint8Array(0);
	for (let i = 1; out.length < length; i++) {
		block = sha256(concat(first.map((b, k) => b ^ block[k]), Uint8Array.of(i), suffix));
		out = concat(out, block);
	}
	return out.subarray(0, length);
}

const TAG = text("QUUX-V01-CS02-with-P256_XMD:SHA-256_SSWU_RO_");

/** A hash as what they call a scalar: modulo p, not q, which as an exponent is no difference. */
const toScalar = (message) => numberOf(expand(message, TAG, 48)) % P;

/** ElectionGuard's hash: HMAC-SHA-256, its parts one after another. */
const hash = (key, ...parts) => new Uint8Array(createHmac("sha256", key).update(concat(...parts))
	.digest());

/** SHA-256 over the digests of its parts, each with its number in front. */
const recursive = (key, separator, ...parts) => sha256(concat(key, Uint8Array.of(separator),
	...parts.map((list, i) => sha256(concat(int4(i), ...list)))));

function nonces(seed, header, count) {
	const key = hash(toBytes(toScalar(seed)), text(header));
	return Array.from({ length: count }, (_, i) => toScalar(hash(key, int4(i))));
}

function generators(baseHash, name, count) {
	const seed = hash(baseHash, Uint8Array.of(0x53), text(name));
	const out = [];
	for (let i = 1; out.length < count; i++) {
		const x = numberOf(expand(toBytes(toScalar(hash(seed, int4(i)))), TAG, 48)) % P;
		const y = rootCandidate(curveRight(x));
		if (y * y % P === curveRight(x))
			out.push({ x, y });
	}
	return out;
}

function readList(file) {
	const { rows } = JSON.parse(gunzipSync(readFileSync(file)));
	const raw = rows.flatMap(({ elems }) => elems.flatMap(({ pad, data }) =>
		[bytes(pad), bytes(data)]));
	const width = rows[0].elems.length;
	const column = (side) => Array.from({ length: width }, (_, j) =>
		rows.map(({ elems }) => point(elems[j][side])));
	return { raw, count: rows.length, width, u: column("pad"), v: column("data"),
		bytes: new Uint8Array(0) };
}

function statementOf(folder, name) {
	const json = (path) => JSON.parse(readFileSync(join(folder, path)));
	const proof = json(`${name}/proof_of_shuffle.json`);
	const baseHash = bytes(json("election_config.json").parameter_base_hash);
	const key = json("election_initialized.json").joint_public_key;
	const input = readList(join(folder, "mix1", "ShuffledBallots.json.gz"));
	const output = readList(join(folder, name, "ShuffledBallots.json.gz"));
	const h = generators(baseHash, name, input.count);
	const compressed = ({ x, y }) => concat(Uint8Array.of(Number(2n + y % 2n)), toBytes(x));
	const seed = recursive(baseHash, 0x51, h.map(compressed), proof.u.elems.map(bytes),
		[bytes(key)], input.raw, output.raw);
	const challenge = toScalar(recursive(seed, 0x52, [bytes(proof.Ap)], proof.B.elems.map(bytes),
		proof.Bp.elems.map(bytes), [bytes(proof.Cp)], [bytes(proof.Dp)],
		proof.Fp.elems.flatMap(({ pad, data }) => [bytes(pad), bytes(data)])));
	const points = (list) => encodePoints(list.elems.map(point));
	const scalars = (list) => node(...list.elems.map((k) => encodeScalar(scalar(k))));
	const side = (s) => encodePoints(proof.Fp.elems.map((c) => point(c[s])));
	return {
		params: { seed: () => seed, exponents: (s, count) => nonces(s, name, count),
			challenge: () => challenge },
		h, Y: point(key), input, output, u: proof.u.elems.map(point), uBytes: new Uint8Array(0),
		commitmentBytes: node(points(proof.B), encodePoint(point(proof.Ap)), points(proof.Bp),
			encodePoint(point(proof.Cp)), encodePoint(point(proof.Dp)),
			node(side("pad"), side("data"))),
		replyBytes: node(encodeScalar(scalar(proof.kA)), scalars(proof.kB),
			encodeScalar(scalar(proof.kC)), encodeScalar(scalar(proof.kD)), scalars(proof.kE),
			scalars(proof.kF)),
		names: { commitment: "commitment", reply: "reply" },
	};
}

for (const size of [38, 256])
	testWithData(`expanding messages as RFC 9380 does, with a tag of ${size} bytes`,
		["vectors", "rfc9380", `expand_message_xmd_SHA256_${size}.json`], (path) => {
			const { DST, tests } = readJson(path);
			const tag = DST.length > 255 ?
				sha256(concat(text("H2C-OVERSIZE-DST-"), text(DST))) : text(DST);
			for (const t of tests)
				assert.equal(toHex(expand(text(t.msg), tag, parseInt(t.len_in_bytes, 16))),
					t.uniform_bytes);
			assert.ok(tests.length > 5 && fromHex(tests[0].uniform_bytes).length > 0);
		});

const DATA = ["vectors", "egk-ec-p256-shuffle"];
let read; // once: 8400 roots

testWithData("a foreign shuffle of 100 ciphertexts of width 21 satisfies our equations", DATA,
	(folder) => {
		read = statementOf(folder, "mix2");
		assert.equal(read.input.count, 100);
		assert.equal(read.input.width, 21);
		checkShuffle(read, "mix2");
	});

testWithData("under another challenge, or with two of its outputs swapped, it does not", DATA,
	() => {
		const { challenge } = read.params;
		read.params.challenge = () => challenge() + 1n;
		rejects(() => checkShuffle(read, "mix2"), /equation \(A\)/);
		read.params.challenge = challenge;
		for (const column of [...read.output.u, ...read.output.v])
			column.splice(0, 2, column[1], column[0]);
		rejects(() => checkShuffle(read, "mix2"), /equation \(F\)/);
	});

testWithData("their joint key is the sum of the guardians' first coefficients", DATA, (folder) => {
	const { guardians, joint_public_key: joint } =
		readJson(join(folder, "election_initialized.json"));
	const first = guardians.map((g) => point(g.coefficient_proofs[0].public_key));
	assert.deepEqual(msm(first, first.map(() => 1n)), point(joint));
});

testWithData("a decrypted sum of theirs is the key times the number of votes", DATA, (folder) => {
	const Y = point(readJson(join(folder, "election_initialized.json")).joint_public_key);
	const sums = readJson(join(folder, "tally.json")).contests.flatMap((c) => c.selections);
	assert.ok(sums.length > 20);
	for (const { tally, b_over_m: sum } of sums.filter((s) => s.tally > 0))
		assert.deepEqual(multiply(Y, BigInt(tally)), point(sum));
});
