// SPDX-License-Identifier: Apache-2.0
// The program as it is called: exit codes, and what it says.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { dirname, join } from "node:path";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { chosenFiles, sourceOfFiles } from "../../../../web/verifier/source-files.js";
import { makeElection } from "./support/election.mjs";
import { root } from "./support/support.mjs";
import { verifyRecord } from "../../../../web/verifier/verify.js";

const folder = mkdtempSync(join(tmpdir(), "urna-cli-"));
after(() => rmSync(folder, { recursive: true }));
const { files, fingerprint, eid, manifest } = makeElection({ n: 1, t: 1, voters: [{ name: "v0" }],
	script: [{ ballot: "v0", choices: { q1: { marks: [1, 0, 0] } } }] });
const record = join(folder, "record");
for (const [path, bytes] of files) {
	mkdirSync(dirname(join(record, path)), { recursive: true });
	writeFileSync(join(record, path), bytes);
}

function run(...args) {
	const { status, stdout, stderr } = spawnSync(process.execPath,
		[join(root, "web", "verifier", "cli.js"), ...args], { encoding: "utf8" });
	return { status, stdout, stderr };
}

test("exit 0 and the verdict for the right fingerprint, in words or digits", () => {
	const { status, stdout } = run(record, "--fingerprint", fingerprint);
	assert.equal(status, 0);
	assert.match(stdout, /^Verified/m);
	assert.equal(run(record, "--fingerprint", Buffer.from(eid).toString("hex")).status, 0);
});

test("exit 3 without a fingerprint, and the words to compare", () => {
	const { status, stdout } = run(record);
	assert.equal(status, 3);
	assert.match(stdout, /itself only/);
	assert.ok(stdout.includes(fingerprint));
});

test("exit 1 for another election's fingerprint and for an altered record", () => {
	assert.equal(run(record, "--fingerprint", "babab ".repeat(16)).status, 1);
	writeFileSync(join(record, "more"), "x");
	assert.equal(run(record, "--fingerprint", fingerprint).status, 1);
	rmSync(join(record, "more"));
});

test("keys of the authorities: exit 0, and what to compare; or 1", () => {
	const key = Buffer.from(manifest.authorities[0].identity).toString("hex");
	const { status, stdout } = run(record, "--authority", key, "--threshold", "1");
	assert.equal(status, 0);
	assert.match(stdout, /do not say which/);
	assert.ok(stdout.includes(manifest.title) && stdout.includes(fingerprint));
	assert.equal(run(record, "--authority", Buffer.from(eid).toString("hex")).status, 1);
});

test("exit 2 for wrong usage", () => {
	for (const args of [[], [record, record], ["--colour", record], [record, "--fingerprint"],
		[record, "--fingerprint", "word"], ["proof", record], [record, "--protinfo", "x"],
		[record, "--threshold", "1"], [record, "--authority", fingerprint, "--threshold", "0"],
		[record, "--authority", fingerprint, "--threshold", "2"],
		["proof", record, "--protinfo", "x", "--fingerprint", fingerprint]])
		assert.equal(run(...args).status, 2, args.join(" "));
});

test("exit 3 for a folder that is not there or has a link in it", () => {
	assert.equal(run(join(folder, "none")).status, 3);
	symlinkSync("manifest.json", join(record, "link"));
	assert.equal(run(record, "--fingerprint", fingerprint).status, 3);
	rmSync(join(record, "link"));
});

test("the JSON has every check and the verdict", () => {
	const report = JSON.parse(run(record, "--json", "--fingerprint", fingerprint).stdout);
	assert.equal(report.verdict, "verified");
	assert.equal(report.fingerprint.words, fingerprint);
	assert.ok(report.checks.every((c) => c.code && c.sentence && c.outcome));
});

test("the proof of a list is valid by itself", () => {
	const base = join(record, "proof", "l1");
	const { status, stdout } = run("proof", join(base, "nizkp", "l1"), "--protinfo",
		join(base, "protInfo.xml"));
	assert.equal(status, 0, stdout);
	assert.match(stdout, /tied to no election/);
});

test("files chosen in a browser are the same record", async () => {
	const chosen = chosenFiles([...files].map(([path, bytes]) => ({ name: path.split("/").at(-1),
		webkitRelativePath: `some folder/${path}`,
		arrayBuffer: async () => Uint8Array.from(bytes).buffer })));
	const report = await verifyRecord(sourceOfFiles(chosen), { fingerprint });
	assert.equal(report.verdict, "verified");
});
