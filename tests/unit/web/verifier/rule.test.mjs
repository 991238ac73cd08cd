// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { METHODS } from "../../../../web/verifier/methods/methods.js";
import { readRule } from "../../../../web/verifier/rule.js";
import { rejects } from "./support/support.mjs";

const METHOD = { name: "made-up", options: [
	{ name: "size", min: -3, max: 40, otherwise: 7 },
	{ name: "way", words: ["up", "down"], otherwise: "up" },
	{ name: "list", min: 0, max: 9, list: true, otherwise: [] }] };

/** Reads a rule while there is a method with an option of each type. */
function read(text) {
	METHODS.push(METHOD);
	try {
		return readRule(text).options;
	} finally {
		METHODS.pop();
	}
}

test("what a rule does not say has its default, and options may come in any order", () => {
	assert.deepEqual(read("made-up"), { size: 7, way: "up", list: [] });
	assert.deepEqual(read("made-up:list=3/0/9,size=-3"), { size: -3, way: "up", list: [3, 0, 9] });
	assert.deepEqual(read("made-up:way=down,size=0"), { size: 0, way: "down", list: [] });
});

test("text that is no rule is refused", () => {
	for (const text of ["", "made", "made-up:", "made-up:size", "made-up:size=1,",
		"made-up:,size=1", "made-up: size=1", "made-up:Size=1", "made-up:size=1,size=2", "toString",
		"made-up:=1",
		"made-up:toString=1"])
		rejects(() => read(text));
});

test("a value that the option does not have is refused", () => {
	for (const value of ["size=", "size=41", "size=-4", "size=01", "size=+1", "size=-0", "size=1.0",
		"size=0x1", "size=1e1", "size=123456789012345678", "way=", "way=Up", "list=", "list=1/",
		"list=/1", "list=10", "list=1//2", `list=${"1/".repeat(64)}1`])
		rejects(() => read(`made-up:${value}`));
	assert.equal(read(`made-up:list=${"1/".repeat(63)}1`).list.length, 64);
	rejects(() => read(`made-up:list=${"00001/".repeat(60)}1`));
});
