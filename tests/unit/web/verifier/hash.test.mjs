// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Params, URNA } from "../../../../web/verifier/params.js";
import { Stream, oracle } from "../../../../web/verifier/hash.js";
import { decodeMessage, encodeMessage } from "../../../../web/verifier/plaintext.js";
import { encodePoint } from "../../../../web/verifier/group.js";
import { fromHex, testWithData, toHex } from "./support/support.mjs";
import { numberOf, utf8 } from "../../../../web/verifier/bytes.js";
import { fromWords, words } from "../../../../web/verifier/proquint.js";

const SEED = Uint8Array.from({ length: 32 }, (_, i) => i);

test("the generator gives the published stream, however it is read", () => {
	const expected = "70f4003d52b6eb03da852e93256b5986b5d4883098bb7973bc5318cc66637a84" +
		"04a6950a06d3e3308ad7d3606ef810eb124e3943404ca746a12c51c7bf776839";
	assert.equal(toHex(new Stream(SEED).bytes(64)), expected);
	const stream = new Stream(SEED);
	assert.equal([1, 30, 2, 31].map((n) => toHex(stream.bytes(n))).join(""), expected);
});

test("the random oracle gives the published values", () => {
	assert.equal(toHex(oracle(65, utf8("some data"))), "00f16a7d74da856fed");
	assert.equal(toHex(oracle(261, utf8("some "), utf8("data"))),
		"089120c4fcc15eb4f438bec56740f61f6791607dd201bb9ec5e1a4541da518e125");
});

testWithData("generator and oracle agree with Verificatum's primitives",
	["verificatum", "primitives.txt"], (path) => {
		const all = readFileSync(path, "utf8");
		const [, stream] = /^PRG SHA-256 seed 00\.\.: ([0-9a-f]+)/m.exec(all);
		assert.equal(toHex(new Stream(SEED).bytes(stream.length / 2)), stream);
		const values = [...all.matchAll(/^RO SHA-256 out (\d+): ([0-9a-f]+)/gm)];
		assert.ok(values.length > 0);
		for (const [, bits, value] of values)
			assert.equal(toHex(oracle(Number(bits), utf8("some data"))), value);
	});

testWithData("messages of 28 bytes are encoded as Verificatum does",
	["verificatum", "primitives.txt"], (path) => {
		const [section] = /curve P-256[^]*?(?=curve P-384)/.exec(readFileSync(path, "utf8"));
		let checked = 0;
		for (const [, message, tree] of section.matchAll(/encode "([^"]*)" -> ([0-9a-f]+)/g)) {
			if (message.length < 28)
				continue;
			const number = numberOf(utf8(message.slice(0, 28)));
			const point = encodeMessage(number);
			assert.equal(toHex(encodePoint(point)), tree);
			assert.equal(decodeMessage(point), number);
			checked++;
		}
		assert.equal(checked, 2);
	});

test("prefix and first generators are those of the worked example", () => {
	const params = new Params(URNA, "MyDemo", "default");
	assert.equal(toHex(params.rho),
		"93735233130915162640564d02defe15975323234e0a7eec90ae3aefa26ff112");
	const [h0, h1] = params.generators(2);
	assert.equal(h0.x.toString(16),
		"a494b090a3123f9fc161c76118e251766e573b553ad41092afb33e4af98d81fb");
	assert.equal(h0.y.toString(16),
		"38ee65b6fdf7a9ec172a70a93a9be5b4954b0efdd6de6d81c4fac746c1ca26f3");
	assert.equal(h1.y.toString(16),
		"122cfd93ee2cdee3f1423c351cd35612eea564ad68af548364376afc2519269c");
});

test("a fingerprint is sixteen words and back", () => {
	const bytes = fromHex("da8a22fc0f10711c90f2335ec42da131a485fcf4334fad21506b0d0fa1eb64aa");
	assert.equal(words(bytes), "topap-farus-busib-lahis-naguf-gativ-sibot-pahud-pifaj-zuguh-" +
		"gataz-puhod-jador-buhaz-palor-kifop");
	assert.deepEqual(fromWords(words(bytes).replaceAll("-", " ").toUpperCase()), bytes);
	assert.throws(() => fromWords(words(bytes).slice(6)), /16 words/);
	assert.throws(() => fromWords("topep" + words(bytes).slice(5)), /no word/);
});
