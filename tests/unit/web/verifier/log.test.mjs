// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng, sign } from "./support/rng.mjs";
import { Tree } from "../../../../web/verifier/merkle.js";
import { base64, checkCheckpoint, checkpointText, unbase64 } from
	"../../../../web/verifier/note.js";
import { bytesOf, concat, joined, utf8 } from "../../../../web/verifier/bytes.js";
import { fromHex, readJson, rejects, testWithData, toHex } from "./support/support.mjs";
import { int, leaf, node, text, u64 } from "../../../../web/verifier/bytetree.js";
import { readEntries } from "../../../../web/verifier/log.js";
import { sha256 } from "../../../../web/verifier/hash.js";

function rootOf(leaves) {
	const tree = new Tree();
	leaves.forEach((leaf) => tree.append(leaf));
	return toHex(tree.root());
}

testWithData("Merkle roots are those of RFC 6962's reference leaves",
	["vectors", "tlog", "rfc6962-merkle.json"], (path) => {
		const { ct_reference_leaves_hex: leaves, ct_reference_roots: roots } = readJson(path);
		assert.ok(roots.length === leaves.length + 1);
		roots.forEach((root, n) =>
			assert.equal(rootOf(leaves.slice(0, n).map(fromHex)), root, `${n} leaves`));
	});

testWithData("Merkle roots of 300 leaves are the computed ones", ["vectors", "tlog",
	"rfc6962-merkle.json"], (path) => {
	const { roots } = readJson(path).ballot_n;
	const leaves = Array.from({ length: 300 }, (_, i) => utf8(`ballot ${i}`));
	for (const [size, root] of Object.entries(roots))
		assert.equal(rootOf(leaves.slice(0, Number(size))), root, `${size} leaves`);
});

test("the empty tree's root is the hash of nothing", () => {
	assert.equal(rootOf([]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

// Checkpoints

const rng = new Rng("note");
const board = { name: "b.example/log", ...rng.identity() };
const witnesses = [1, 2, 3].map((i) => ({ name: `w${i}`, ...rng.identity() }));
const manifest = { board, witnesses: { keys: witnesses } };
const eid = rng.bytes(32), tree = { size: 7, root: rng.bytes(32), eid };
const body = checkpointText(board.name, tree.size, tree.root, eid);

function line(who, type, time, signedText = body) {
	const id = sha256(concat(utf8(who.name), Uint8Array.of(10, type), who.key)).subarray(0, 4);
	const raw = type === 1 ? sign(who, utf8(signedText)) : concat(bytesOf(time, 8),
		sign(who, utf8(`cosignature/v1\ntime ${time}\n${signedText}`)));
	return `\u2014 ${who.name} ${base64(concat(id, raw))}\n`;
}

const note = (...lines) => utf8(`${body}\n${lines.join("")}`);
const check = (bytes, expected = tree) => checkCheckpoint(bytes, "note", expected, manifest);
const ofBoard = line(board, 1), ofWitness = line(witnesses[0], 4, 1700000000n);

test("a checkpoint with the board's and witnesses' signatures holds", () => {
	assert.equal(check(note(ofBoard)), 0);
	assert.equal(check(note(ofBoard, ofWitness, line(witnesses[2], 4, 5n))), 2);
});

test("a checkpoint of another tree, board or election is refused", () => {
	rejects(() => check(note(ofBoard), { ...tree, size: 8 }), /entries/);
	rejects(() => check(note(ofBoard), { ...tree, root: rng.bytes(32) }), /its root is/);
	rejects(() => check(note(ofBoard), { ...tree, eid: rng.bytes(32) }), /election/);
	rejects(() => checkCheckpoint(note(ofBoard), "note", tree, { ...manifest,
		board: { ...board, name: "other" } }), /name/);
});

test("a checkpoint without the board's signature first is refused", () => {
	rejects(() => check(note(ofWitness, ofBoard)), /first/);
	rejects(() => check(note()), /malformed/);
	rejects(() => check(utf8(body)), /empty line/);
});

test("a signature by somebody else, of another text or there twice is refused", () => {
	const stranger = { name: "w9", ...rng.identity() };
	rejects(() => check(note(ofBoard, line(stranger, 4, 1n))), /no witness/);
	rejects(() => check(note(ofBoard, ofWitness, ofWitness)), /twice/);
	rejects(() => check(note(line(board, 1, 0n, "x"))), /does not hold/);
	rejects(() => check(note(ofBoard, line(witnesses[0], 4, 1n, "x"))), /does not hold/);
	rejects(() => check(note(ofBoard, line(witnesses[0], 1))), /form or key id/);
	rejects(() => check(note(line({ ...stranger, name: board.name }, 1))), /key id/);
});

test("a checkpoint with any byte changed or missing is refused", () => {
	const bytes = note(ofBoard, ofWitness);
	for (let i = 0; i < bytes.length; i++) {
		const other = bytes.slice();
		other[i] ^= 1;
		rejects(() => check(other));
		if (i !== note(ofBoard).length)
			rejects(() => check(bytes.subarray(0, i)));
	}
	rejects(() => check(concat(bytes, utf8("\n"))));
});

test("base 64 has one spelling", () => {
	assert.deepEqual(unbase64("AAE="), Uint8Array.of(0, 1));
	for (const s of ["AAE", "AAF=", "AA E=", "AAE=\n", "AA-_", "A==="])
		assert.equal(unbase64(s), null, s);
});

// Entries

const digest = leaf(rng.bytes(32));
const entry = (type, ...children) => node(text(type), leaf(eid), ...children);
const entries = {
	manifest: entry("manifest", digest, u64(5)), ceremony: entry("ceremony", digest, u64(1)),
	open: entry("open"), ballot: entry("ballot", digest, u64(9), int(1)),
	void: entry("void", digest, u64(9)), suspend: entry("suspend"), resume: entry("resume"),
	close: entry("close"), tally: entry("tally", text("l1"), digest),
	other: entry("tally", text("l2"), digest), result: entry("result", digest, u64(3)),
	evidence: entry("evidence", digest, u64(3)), credentials: entry("credentials", digest, u64(3)),
	strange: entry("coup"), foreign: node(text("open"), leaf(rng.bytes(32))),
	long: node(text("open"), leaf(eid), int(1)),
};
const rules = { credentials: false, lists: [{ auxsid: "l1" }] };
const log = (...names) => joined(names.flatMap((name) =>
	[bytesOf(BigInt(entries[name].length), 2), entries[name]]));
const read = (...names) => readEntries(log(...names.join(" ").split(" ")), rules, eid);

test("a log in order is read", () => {
	assert.equal(read("manifest ceremony open ballot void suspend resume ballot close tally result")
		.length, 11);
	assert.equal(read("manifest ceremony open close tally result evidence").length, 7);
	assert.equal(read("manifest ceremony open suspend close tally result").length, 7);
});

for (const wrong of ["ceremony manifest open close tally result",
	"manifest ceremony credentials open close tally result", "manifest ceremony close tally result",
	"manifest ceremony open tally result", "manifest ceremony open close result",
	"manifest ceremony open close other result",
	"manifest ceremony open close tally tally result",
	"manifest ceremony open close ballot tally result",
	"manifest ceremony open close tally result ballot",
	"manifest ceremony open close tally result evidence evidence",
	"manifest ceremony open open close tally result",
	"manifest ceremony open resume close tally result",
	"manifest ceremony open suspend suspend close tally result",
	"manifest ceremony open suspend ballot resume close tally result",
	"manifest ceremony open suspend void resume close tally result",
	"manifest ceremony open strange close tally result",
	"manifest ceremony open foreign close tally result",
	"manifest ceremony long close tally result"])
	test(`a log of ${wrong} is refused`, () => rejects(() => read(wrong)));

test("a log may end behind close, without a result (check 4.7)", () => {
	assert.equal(read("manifest ceremony open close").length, 4);
	assert.equal(read("manifest ceremony open close tally").length, 5);
});

test("a log that ends anywhere else is refused", () => {
	const bytes = log("manifest", "ceremony", "open", "ballot", "close", "tally", "result");
	const ends = [log("manifest", "ceremony", "open", "ballot", "close").length];
	ends.push(ends[0] + log("tally").length);
	for (let n = 0; n < bytes.length; n++)
		if (!ends.includes(n))
			rejects(() => readEntries(bytes.subarray(0, n), rules, eid));
});

test("an entry of more than 1024 bytes is refused", () => {
	const big = node(text("tally"), leaf(eid), leaf(new Uint8Array(1000)), digest);
	rejects(() => readEntries(concat(bytesOf(BigInt(big.length), 2), big), rules, eid), /1024/);
});
