// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { Reader, flags, int, leaf, node, readAll, text, u64 } from
	"../../../../web/verifier/bytetree.js";
import { fromHex, rejects, toHex } from "./support/support.mjs";

const EXAMPLE = "000000000201000000" + "0568656c6c6f" + "0000000002" + "0100000000" +
	"0100000004000003e8";

test("a tree is written as the specification shows it", () => {
	assert.equal(toHex(node(text("hello"), node(leaf(new Uint8Array(0)), int(1000)))), EXAMPLE);
});

const readExample = (bytes) => readAll(bytes, "example", (r) => {
	r.node(2);
	const word = r.text();
	r.node(2);
	r.leaf(0);
	return [word, r.int()];
});

test("a tree is read back", () => {
	assert.deepEqual(readExample(fromHex(EXAMPLE)), ["hello", 1000]);
});

test("a tree cut anywhere is refused", () => {
	const bytes = fromHex(EXAMPLE);
	for (let n = 0; n < bytes.length; n++)
		rejects(() => readExample(bytes.subarray(0, n)));
});

test("a byte behind a tree is refused", () => {
	rejects(() => readExample(fromHex(EXAMPLE + "00")), /behind the end/);
});

test("another shape than the expected one is refused", () => {
	rejects(() => readAll(leaf(fromHex("0102")), "t", (r) => r.node(1)), /node/);
	rejects(() => readAll(node(int(1)), "t", (r) => r.leaf()), /leaf/);
	rejects(() => readAll(node(int(1)), "t", (r) => r.node(2)), /2 children/);
	rejects(() => readAll(leaf(fromHex("0102")), "t", (r) => r.int()), /4 bytes/);
});

test("a node that claims more children than there are bytes is refused at once", () => {
	rejects(() => readAll(fromHex("00ffffffff"), "t", (r) => r.node()), /more children/);
	rejects(() => readAll(fromHex("01ffffffff00"), "t", (r) => r.leaf()), /longer/);
});

test("a tree that is too deep is refused", () => {
	let tree = leaf(new Uint8Array(0));
	for (let i = 0; i < 100; i++)
		tree = node(tree);
	rejects(() => new Reader(tree, "t").tree(), /deeper/);
});

test("flags are 0 or 1 and nothing else", () => {
	assert.deepEqual(readAll(flags([1, 0]), "t", (r) => r.flags(2)), [true, false]);
	rejects(() => readAll(leaf(fromHex("0002")), "t", (r) => r.flags(2)), /flag/);
});

test("text that is no UTF-8 is refused", () => {
	rejects(() => readAll(leaf(fromHex("c328")), "t", (r) => r.text()), /UTF-8/);
	rejects(() => readAll(leaf(fromHex("c0af")), "t", (r) => r.text()), /UTF-8/);
});

test("numbers of eight bytes keep all their bits", () => {
	assert.equal(readAll(u64(2n ** 64n - 1n), "t", (r) => r.u64()), 2n ** 64n - 1n);
	assert.equal(readAll(int(0xffffffff), "t", (r) => r.int()), 0xffffffff);
});
