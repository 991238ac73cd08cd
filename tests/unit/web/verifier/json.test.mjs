// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, write } from "../../../../web/verifier/json.js";
import { rejects } from "./support/support.mjs";
import { utf8 } from "../../../../web/verifier/bytes.js";

const read = (s) => parse(utf8(s), "t");

test("values of every kind are read", () => {
	const m = read(' {"a":[1,-2,0,true,false,null],"b":{"":"\\u00e9\\n\\ud83d\\ude00"}} ');
	assert.deepEqual(m.get("a"), [1, -2, 0, true, false, null]);
	assert.equal(m.get("b").get(""), "é\n😀");
});

test("a key that is there twice is refused, also when it is written differently", () => {
	rejects(() => read('{"a":1,"a":1}'), /twice/);
	rejects(() => read('{"a":1,"\\u0061":2}'), /twice/);
	rejects(() => read('{"__proto__":1,"__proto__":2}'), /twice/);
});

test("numbers with fraction or exponent, too large or oddly written are refused", () => {
	for (const s of ["1.0", "1e3", "1E3", "01", "9007199254740992", "+1", "0x1", ".5", "1.",
		"-", "-0", "[-0]", "-00", "1".repeat(60), "NaN", "Infinity"])
		rejects(() => read(s));
	assert.equal(read("9007199254740991"), 2 ** 53 - 1);
});

test("what follows the value or is missing of it is refused", () => {
	for (const s of ["", "{}x", "{} {}", "[1,]", '{"a":1,}', "[1 2]", '{"a" 1}', "{a:1}", "[", "{",
		'"a', '"\\x"', '"\\u12g4"', "'a'", "tru", "[1", "\ufeff{}", "/**/1"])
		rejects(() => read(s));
});

test("control characters and halves of surrogate pairs in strings are refused", () => {
	rejects(() => read('"a\nb"'), /control/);
	rejects(() => read('"\\ud800"'), /surrogate/);
	rejects(() => read('"\\udc00\\ud800"'), /surrogate/);
});

test("bytes that are no UTF-8 are refused", () => {
	rejects(() => parse(Uint8Array.of(0x22, 0xff, 0x22), "t"), /UTF-8/);
	rejects(() => parse(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), "t"), /UTF-8/);
});

test("nesting without end is refused", () => {
	rejects(() => read("[".repeat(1000)), /nested/);
});

test("every truncation of a document is refused", () => {
	const s = '{"a":[1,{"b":"c"}]}';
	for (let n = 0; n < s.length; n++)
		rejects(() => read(s.slice(0, n)));
});

test("canonical JSON has no white space and only the escapes that are needed", () => {
	assert.equal(write({ a: [1, null, true], b: 'é"\\/\u0001\n\u007f' }),
		'{"a":[1,null,true],"b":"é\\"\\\\/\\u0001\\n\u007f"}');
});
