// SPDX-License-Identifier: Apache-2.0
// docs/protocol-walkthrough.md: its numbers are those of the tiny record, its commands print what
// it says, and the record is a right one.
import assert from "node:assert/strict";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DOCUMENT, RECORD, VALUES, filled, ran, valuesFile, walk }
	from "../../../vectors/walkthrough.mjs";
import { openFolder } from "../../../../web/verifier/source-node.js";
import { readJson } from "./support/support.mjs";
import { verifyRecord } from "../../../../web/verifier/verify.js";

const document = readFileSync(DOCUMENT, "utf8");
const values = walk();

/** Line by line: a whole document in a message helps nobody. */
function same(actual, expected) {
	const lines = expected.split("\n");
	actual.split("\n").forEach((line, i) => assert.equal(line.slice(0, 2000),
		(lines[i] ?? "").slice(0, 2000), `line ${i + 1}`));
	assert.equal(actual, expected);
}

test("the numbers of the document are those of the record", () => {
	same(document, filled(document, values));
	assert.ok([...document.matchAll(/^ {4}\S+ = [0-9a-z]/gmu)].length > 100);
});

test("the file of values has them too", () =>
	same(readFileSync(VALUES, "utf8"), valuesFile(values)));

test("every long number in the text is one of them", () => {
	const constants = readFileSync(join(RECORD, "..", "..", "p256.bc"), "utf8").toLowerCase() +
		// Ed25519 in DER, the head of a point, the text "urna"
		"302a300506032b6570032100 00000000020100000021 010000000475726e61";
	const known = Object.values(values).join(" ") + constants;
	for (const [number] of document.matchAll(/[0-9a-f]{16,}/g))
		assert.ok(known.includes(number) || [...known.matchAll(/[0-9a-f]{16,}/g)]
			.some(([k]) => number.startsWith(k)), number);
});

test("the commands print what stands below them", (t) => {
	const missing = new Set();
	same(document, ran(document, missing));
	if (missing.size > 0) // the rest was tried
		t.skip(`not here: ${[...missing].join(", ")}`);
});

test("a wrong number and a wrong output are noticed", () => {
	const number = document.replace(/(^ {4}EID = )./m, "$1x");
	assert.notEqual(filled(number, values), number);
	const output = document.replace(/^010000000475726e61$/m, "010000000475726e62");
	assert.notEqual(output, document);
	assert.notEqual(ran(output), output);
});

test("the tiny record is verified under the words of the document", async () => {
	const report = await verifyRecord(await openFolder(RECORD), { fingerprint: values.words });
	assert.equal(report.verdict, "verified");
	const [{ verdicts }] = report.result.questions;
	assert.deepEqual([verdicts.valid, verdicts.blank], [2, 0]);
	const secrets = readJson(join(RECORD, "..", "secrets.json")).vectors[0];
	assert.deepEqual(secrets.ballots.map((b) => b.answer), [1, 2]);
});
