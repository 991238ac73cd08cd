// SPDX-License-Identifier: Apache-2.0
// What tests share: data from outside, which may be absent, and a shorter way to expect a refusal.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { Rejected } from "../../../../../web/verifier/errors.js";

export const root = fileURLToPath(new URL("../../../../../", import.meta.url));
const data = process.env.URNA_DATA ?? join(root, "..", "shared", "data");

/** The path of data from outside. */
export function dataPath(...path) {
	return join(data, ...path);
}

/** A test that needs data from outside; skipped, and counted as skipped, where it is not there. */
export function testWithData(name, path, f) {
	const full = dataPath(...path);
	test(name, { skip: existsSync(full) ? false : `${full} is not there` }, () => f(full));
}

export function readJson(path) {
	return JSON.parse(readFileSync(path, "utf8"));
}

export function rejects(f, pattern = /./) {
	assert.throws(f, (e) => e instanceof Rejected && pattern.test(e.message));
}

export function fromHex(s) {
	return Uint8Array.from(Buffer.from(s, "hex"));
}

export function toHex(bytes) {
	return Buffer.from(bytes).toString("hex");
}
