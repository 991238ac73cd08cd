// SPDX-License-Identifier: Apache-2.0
// Verificatum's own proofs: the valid ones hold, the others get the verdict that their list says.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { tmpdir } from "node:os";
import { openFolder } from "../../../../web/verifier/source-node.js";
import { verifyProof } from "../../../../web/verifier/bareproof.js";
import { dataPath } from "./support/support.mjs";

const SETS = { "p1t1-n10": ["default"], "p2t2-n1": ["default"], "p2t2-n2": ["default"],
	"p2t2-n10": ["default"], "p2t2-n100": ["default"], "p3t2-n10": ["default"],
	"p3t2-n100": ["default"], "p2t2-n10-width2": ["default"], "p2t2-n10-precomp": ["default"],
	"p3t2-n10-party3-inactive": ["default"], "p2t2-n10-shuffle-then-decrypt": ["default", "dec"] };
const UNSUPPORTED = ["p2t2-n10-modp2048", "p2t2-n10-p521-sha512"];
const WITH_MANIFEST = ["invalid-p2t2-n10", "invalid-p3t2-n10", "must-reject-though-vmnv-accepts"];

/** A test with an archive of the data, unpacked. */
function testWithArchive(name, set, f) {
	const archive = dataPath("verificatum", set, `${set}.tar.gz`);
	test(name, { skip: existsSync(archive) ? false : `${archive} is not there` }, async (t) => {
		const folder = mkdtempSync(join(tmpdir(), "urna-verifier-"));
		t.after(() => rmSync(folder, { recursive: true }));
		execFileSync("tar", ["-xzf", archive, "-C", folder, "--no-same-owner"]);
		await f(join(folder, set), t);
	});
}

async function verify(folder, protInfo) {
	return verifyProof(await openFolder(folder), new Uint8Array(readFileSync(protInfo)));
}

for (const [set, sessions] of Object.entries(SETS))
	testWithArchive(`the proof ${set} holds`, set, async (folder) => {
		for (const session of sessions) {
			const report = await verify(join(folder, "nizkp", session),
				join(folder, "protInfo.xml"));
			assert.equal(report.verdict, "verified", JSON.stringify(report.checks));
		}
	});

for (const set of UNSUPPORTED)
	testWithArchive(`the proof ${set}, in another group, is undecided and not accepted`, set,
		async (folder) => {
			const report = await verify(join(folder, "nizkp", "default"),
				join(folder, "protInfo.xml"));
			assert.equal(report.verdict, "undecided");
		});

for (const set of WITH_MANIFEST)
	testWithArchive(`every proof of ${set} gets its verdict`, set, async (folder, t) => {
		const list = JSON.parse(readFileSync(dataPath("verificatum", set, "manifest.json")));
		assert.ok(list.length > 0);
		for (const { name, proofdir, expected, description } of list)
			await t.test(`${name}: ${description}`, async () => {
				const { verdict } = await verify(join(folder, name, proofdir),
					join(folder, name, "protInfo.xml"));
				// OPTIONAL: Verificatum overlooks bytes behind a tree; we are stricter.
				assert.equal(verdict, expected === "ACCEPT" ? "verified" : "rejected");
			});
	});

testWithArchive("a proof with any file missing, empty or cut is never accepted", "p2t2-n2",
	async (folder) => {
		const source = await openFolder(join(folder, "nizkp", "default"));
		const protInfo = new Uint8Array(readFileSync(join(folder, "protInfo.xml")));
		const files = new Map();
		for (const path of source.paths)
			files.set(path, await source.read(path));
		const verdict = async (changed) => (await verifyProof({ paths: [...changed.keys()],
			read: async (path) => changed.get(path) }, protInfo)).verdict;
		assert.equal(await verdict(files), "verified");
		for (const [path, bytes] of files) {
			const without = new Map(files);
			without.delete(path);
			assert.notEqual(await verdict(without), "verified", `without ${path}`);
			for (const cut of [0, 5, bytes.length - 1])
				if (cut < bytes.length)
					assert.notEqual(await verdict(new Map(files).set(path, bytes.subarray(0, cut))),
						"verified", `${path} cut to ${cut}`);
			const longer = new Uint8Array(bytes.length + 1);
			longer.set(bytes);
			assert.notEqual(await verdict(new Map(files).set(path, longer)), "verified",
				`${path} with a byte more`);
		}
		assert.notEqual(await verdict(new Map(files).set("proofs/more", new Uint8Array(1))),
			"verified");
	});

testWithArchive("the values printed by Verificatum for a proof are those we compute", "p2t2-n10",
	async (folder) => {
		assert.ok(readdirSync(folder).includes("protInfo.xml"));
		const { Params, URNA } = await import("../../../../web/verifier/params.js");
		const params = new Params(URNA, "MyDemo", "default");
		const printed = readFileSync(join(folder, "testvectors-default.txt"), "utf8");
		assert.ok(printed.includes(Buffer.from(params.rho).toString("hex")));
		for (const h of params.generators(10))
			assert.ok(printed.toLowerCase().includes(h.x.toString(16)));
	});
