// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Rng, sign } from "./support/rng.mjs";
import { fromHex, readJson, testWithData, toHex } from "./support/support.mjs";
import { ed25519 } from "../../../../web/verifier/noble.js";
import { isKey, verify } from "../../../../web/verifier/ed25519.js";
import { utf8 } from "../../../../web/verifier/bytes.js";

const identity = new Rng("ed25519").identity();
const message = utf8("a digest");
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

test("a signature holds for its message and key only", () => {
	const signature = sign(identity, message);
	assert.ok(verify(signature, message, identity.key));
	for (let i = 0; i < 64; i++) {
		const other = signature.slice();
		other[i] ^= 1;
		assert.ok(!verify(other, message, identity.key), `byte ${i}`);
	}
	assert.ok(!verify(signature, utf8("another"), identity.key));
	assert.ok(!verify(signature, message, new Rng("other").identity().key));
});

test("S + L is refused", () => {
	const signature = sign(identity, message);
	let s = 0n;
	for (let i = 63; i >= 32; i--)
		s = s * 256n + BigInt(signature[i]);
	s += L;
	for (let i = 32; i < 64; i++, s >>= 8n)
		signature[i] = Number(s & 255n);
	assert.ok(!verify(signature, message, identity.key));
});

test("nothing is signed under keys of small order and keys that are no canonical points", () => {
	for (const key of ["01" + "00".repeat(31), "00".repeat(32), "ec" + "ff".repeat(30) + "7f",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"ee" + "ff".repeat(30) + "7f", "01" + "00".repeat(30) + "80", "02" + "00".repeat(31)])
		assert.ok(!verify(sign(identity, message), message, fromHex(key)), key);
	assert.ok(!verify(sign(identity, message), message, identity.key.subarray(1)));
});

test("a manifest names keys of the prime-order subgroup only, in their one spelling", () => {
	assert.ok(isKey(identity.key));
	const eighth = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";
	const { Point } = ed25519;
	const mixed = Point.fromBytes(identity.key).add(Point.fromBytes(fromHex(eighth))).toBytes();
	for (const key of [eighth, "01" + "00".repeat(31), "00".repeat(32), "02" + "00".repeat(31),
		"ee" + "ff".repeat(30) + "7f", toHex(mixed), toHex(identity.key).slice(2)])
		assert.ok(!isKey(fromHex(key)), key);
});

testWithData("edge cases of the CCTV set are refused wherever they are not strict",
	["vectors", "cctv", "ed25519vectors.json.gz"], (path) => {
		const all = JSON.parse(gunzipSync(readFileSync(path)));
		assert.ok(all.length > 100);
		let accepted = 0;
		for (const { key, sig, msg, flags } of all) {
			const bad = flags ?? [];
			const ok = verify(fromHex(sig), utf8(msg), fromHex(key));
			if (ok)
				accepted++;
			assert.ok(!ok || bad.length === 0, `${key} ${sig}: ${flags}`);
			if ((flags ?? []).length === 0)
				assert.ok(ok);
		}
		assert.equal(accepted, 1);
	});

testWithData("Wycheproof's invalid signatures are refused, its valid ones hold",
	["vectors", "wycheproof"], (path) => {
		const { testGroups } = readJson(`${path}/ed25519_test.json`);
		let count = 0;
		for (const group of testGroups)
			for (const { tcId, msg, sig, result } of group.tests) {
				const key = fromHex(group.publicKey.pk);
				assert.equal(verify(fromHex(sig), fromHex(msg), key), result === "valid",
					`case ${tcId}, ${toHex(key)}`);
				count++;
			}
		assert.ok(count > 50);
	});
