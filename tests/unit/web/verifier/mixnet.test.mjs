// SPDX-License-Identifier: Apache-2.0
// Each equation of shuffle and decryption is there for a reason: proofs that break just one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Fixed, affine } from "./support/curve.mjs";
import { G, INFINITY, add, encodePoint, encodePoints, multiply, same } from
	"../../../../web/verifier/group.js";
import { Params, URNA } from "../../../../web/verifier/params.js";
import { Q, invert, mod } from "../../../../web/verifier/field.js";
import { Rng } from "./support/rng.mjs";
import { bytesOf, numberAt } from "../../../../web/verifier/bytes.js";
import { challengeOf, checkParties, checkPlaintexts, combination, mu, readDecryption } from
	"../../../../web/verifier/decryption.js";
import { checkShuffle } from "../../../../web/verifier/shuffle.js";
import { decrypt, fixedG, listOf, shuffle } from "./support/mix.mjs";
import { flags } from "../../../../web/verifier/bytetree.js";
import { readCiphertexts, readColumns, readPointList } from
	"../../../../web/verifier/ciphertexts.js";
import { rejects } from "./support/support.mjs";

const N = 3;
const rng = new Rng("mixnet");
const params = new Params(URNA, "urnatest", "l1");
const h = params.generators(N);
const fixedH0 = new Fixed(h[0]);

/** A polynomial of two coefficients, its shares for three parties, and a key with tables. */
const f = rng.scalars(2);
const polynomial = f.map((c) => multiply(G, c));
const [Y] = polynomial, fixedY = new Fixed(Y);
const secret = [1n, 2n, 3n].map((j) => mod(f[0] + j * f[1], Q));
const shares = secret.map((x) => multiply(G, x));

function inputList(width) {
	const column = () => affine(rng.scalars(N).map((k) => fixedG.times(k)));
	const columns = () => Array.from({ length: width }, column);
	return listOf(columns(), columns());
}

function prove(width) {
	const list = inputList(width);
	const { output, files } = shuffle({ params, h, fixedH0, Y, fixedY, list, rng });
	return { input: list, output, files };
}

function check({ input, output, files }, Yused = Y) {
	const u = readPointList(files.PermutationCommitment, "u", N);
	checkShuffle({ params, h, Y: Yused, input, output: readCiphertexts(output.bytes, "out",
		input.width, N), u, uBytes: files.PermutationCommitment,
	commitmentBytes: files.PoSCommitment, replyBytes: files.PoSReply,
	names: { commitment: "commitment", reply: "reply" } }, "shuffle");
}

/** The places of all scalars of a reply: part names with offsets of their 33 bytes. */
function scalarPlaces(width) {
	const places = [];
	let at = 5;
	const one = (name) => {
		places.push([name, at + 5]);
		at += 38;
	};
	const many = (name, count) => {
		at += 5;
		for (let i = 0; i < count; i++)
			one(name);
	};
	one("A");
	many("B", N);
	one("C");
	one("D");
	many("E", N);
	width === 1 ? one("F") : many("F", width);
	return places;
}

for (const width of [1, 2]) {
	const proof = prove(width);

	test(`a shuffle of width ${width} holds`, () => check(proof));

	for (const [i, [name, at]] of scalarPlaces(width).entries())
		test(`width ${width}: scalar ${i} of the reply changed breaks equation (${name})`, () => {
			const reply = proof.files.PoSReply.slice();
			reply.set(bytesOf(mod(numberAt(reply, at, 33) + 1n, Q), 33), at);
			// A response to all e_i is in (A), (B) and (F); (A) is named first.
			rejects(() => check({ ...proof, files: { ...proof.files, PoSReply: reply } }),
				new RegExp(`equation \\(${name === "E" ? "A" : name}\\)`));
		});

	test(`width ${width}: any point of commitment, list or permutation changed is refused`, () => {
		const other = encodePoint(multiply(G, 99n));
		for (const file of ["PermutationCommitment", "PoSCommitment"]) {
			const bytes = proof.files[file];
			for (let at = 0; at + 81 <= bytes.length; at++) {
				// Every place where a point begins, and only there, reads as one.
				if (numberAt(bytes, at, 10) !== 0x00000000020100000021n)
					continue;
				const changed = bytes.slice();
				changed.set(other, at);
				rejects(() => check({ ...proof, files: { ...proof.files, [file]: changed } }));
			}
		}
		const swapped = [...proof.output.u[0]].reverse();
		rejects(() => check({ ...proof, output: listOf([swapped, ...proof.output.u.slice(1)],
			proof.output.v) }));
	});

	test(`width ${width}: the proof holds for no other key, list or session`, () => {
		rejects(() => check(proof, multiply(Y, 2n)));
		rejects(() => check({ ...proof, input: inputList(width) }));
	});
}

test("two outputs exchanged, or one there twice, are refused", () => {
	const proof = prove(1);
	const { u: [u], v: [v] } = proof.output;
	rejects(() => check({ ...proof, output: listOf([[u[1], u[0], u[2]]], [[v[1], v[0], v[2]]]) }));
	rejects(() => check({ ...proof, output: listOf([[u[0], u[0], u[2]]], [[v[0], v[0], v[2]]]) }));
	rejects(() => check({ ...proof, output: listOf([[u[0], u[1]]], [[v[0], v[1]]]) }));
});

// Decryption

function opened({ width = 1, active = [1, 2, 3], marked = active, ...spoils } = {}) {
	const list = inputList(width);
	const made = decrypt({ params, list, n: 3, t: 2, active, shares: secret,
		polynomialTree: encodePoints(polynomial), rng, ...spoils });
	const d = readDecryption({ list, n: 3, correctBytes: flags([true, ...[1, 2, 3].map((l) =>
		marked.includes(l))]), file: (name, l) => made.files.get(name + l),
	name: (name, l) => `${name}${l}` });
	challengeOf(d, params, encodePoints(polynomial));
	const columns = readColumns(made.set(marked), "plaintexts", width, N);
	return { d, columns, parties: () => checkParties(d, shares, 2, "d"),
		plaintexts: (c = columns) => checkPlaintexts(d, c, 2, "d") };
}

for (const options of [{}, { width: 2 }, { active: [1, 3] }, { active: [2, 3], width: 2 }])
	test(`a decryption holds: ${JSON.stringify(options)}`, () => {
		const o = opened(options);
		o.parties();
		o.plaintexts();
	});

test("the plaintexts are what the secret key gives", () => {
	const { d, columns } = opened();
	d.list.v[0].forEach((v, i) =>
		assert.ok(same(v, add(multiply(d.list.u[0][i], f[0]), columns[0][i]))));
});

test("wrong factors break the second equation of their party only", () => {
	rejects(() => opened({ spoil: (factors) => factors[1][0].reverse() }).parties(), /party 2/);
});

test("a commitment whose first half is wrong breaks the first equation of its party", () => {
	rejects(() => opened({ spoilY: [0n, 0n, 5n] }).parties(), /party 3/);
});

test("errors of two parties that cancel in the combination are found", () => {
	const [c1, c2] = combination([1, 2], 3);
	// c1·e1 + c2·e2 = 0: the combined equation alone would hold.
	const e1 = 7n, e2 = mod(-c1 * e1 * invert(c2, Q), Q);
	rejects(() => opened({ spoilY: [e1, e2, 0n] }).parties(), /party 1/);
});

test("a party marked wrongly, either way, is refused", () => {
	rejects(() => opened({ marked: [1, 2] }).parties(), /party 3 is not marked, and its reply/);
	const o = opened({ active: [1, 2], marked: [1, 2, 3] });
	rejects(() => o.parties(), /party 3 does not hold/);
});

test("fewer than t parties are refused", () => {
	rejects(() => opened({ active: [2], marked: [2] }).parties(), /2 are needed/);
});

test("a plaintext that is another is refused by its number", () => {
	const o = opened({ width: 2 });
	const columns = o.columns.map((column) => [...column]);
	columns[1][2] = G;
	rejects(() => o.plaintexts(columns), /plaintext 2/);
	columns[1][2] = INFINITY;
	rejects(() => o.plaintexts(columns), /plaintext 2/);
});

test("the integers of the combination are the published ones", () => {
	assert.equal(mu(5), 3600n);
	assert.deepEqual(combination([1, 2], 2), [8n, Q - 4n]);
	assert.deepEqual(combination([1, 2], 3), [72n, Q - 36n]);
	assert.deepEqual(combination([1, 3], 3), [54n, Q - 18n]);
	assert.deepEqual(combination([1, 2, 3], 5), [10800n, Q - 10800n, 3600n]);
});
