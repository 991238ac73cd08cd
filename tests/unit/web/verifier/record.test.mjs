// SPDX-License-Identifier: Apache-2.0
// Whole records: right ones of many kinds verify, and nothing can be taken away, added or altered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeElection, seal, sourceOf } from "./support/election.mjs";
import { concat, utf8 } from "../../../../web/verifier/bytes.js";
import { sha256 } from "../../../../web/verifier/hash.js";
import { verifyRecord } from "../../../../web/verifier/verify.js";

const failed = (report) => report.checks.filter((c) => c.outcome === "failed").map((c) => c.code);

async function verify({ files, fingerprint }, options = { fingerprint }) {
	return verifyRecord(sourceOf(files), options);
}

async function verified(options) {
	const election = makeElection(options);
	const report = await verify(election);
	assert.equal(report.verdict, "verified", JSON.stringify(report.checks.filter((c) =>
		!["passed", "note"].includes(c.outcome))));
	return { ...election, report };
}

async function rejectedBy(code, options) {
	const report = await verify(makeElection(options));
	assert.equal(report.verdict, "rejected");
	assert.equal(failed(report)[0], code, JSON.stringify(report.checks.filter((c) =>
		c.outcome === "failed")));
	return report;
}

const VOTES = (choices) => choices.map((marks, i) =>
	({ ballot: `v${i}`, choices: { q1: { marks } } }));
const voters = (n, more = {}) => Array.from({ length: n }, (_, i) => ({ name: `v${i}`, ...more }));
const SMALL = { n: 2, t: 2, voters: voters(2), script: VOTES([[1, 0, 0], [1, 0, 0]]) };

// Right records

test("a record is verified with its fingerprint, and without it is consistent with itself only",
	async () => {
		const { files, fingerprint, report } = await verified(SMALL);
		assert.deepEqual(report.result.questions[0].verdicts.valid, 2);
		assert.equal((await verify({ files }, {})).verdict, "self-consistent");
		const words = fingerprint.split("-").reverse().join(" ");
		const other = await verify({ files }, { fingerprint: words });
		assert.equal(other.verdict, "rejected");
		assert.deepEqual(failed(other), ["3.2"]);
	});

test("keys of the authorities known from outside do in place of a fingerprint", async () => {
	const { files, manifest } = makeElection(SMALL);
	const known = manifest.authorities.map(({ identity }) => sha256(identity));
	const judged = async (authorities) => {
		const report = await verify({ files }, { authorities });
		return [report.verdict, ...failed(report)];
	};
	assert.deepEqual(await judged(known), ["verified"]);
	for (const wrong of [[], known.slice(1), [...known, known[0]], [known[1], known[0]],
		[known[0], known[0]], manifest.authorities.map((a) => a.identity)])
		assert.deepEqual(await judged(wrong), ["rejected", "1.2"]);
	const of = async (threshold) => failed(await verify({ files }, { authorities: known,
		threshold }));
	for (const threshold of [1, known.length])
		assert.deepEqual(await of(threshold), []);
	assert.deepEqual(await of(known.length + 1), ["3.2"]);
	const report = await verify({ files }, { authorities: known });
	assert.ok(!report.checks.some((c) => c.code === "1.1"));
});

test("a record in mode credentials, with changes, revotes, voids and a pause, is verified",
	async () => {
		const { report } = await verified({ mode: "credentials", minList: 2, n: 3,
			voters: [...voters(3), { name: "late", late: true }],
			script: [{ ballot: "v0", choices: { q1: { marks: [1, 0, 0] } } },
				{ void: "v1" }, { credential: "late", weight: 1 }, "suspend", "resume",
				{ ballot: "v0", choices: { q1: { marks: [0, 1, 0] } } },
				{ ballot: "late", choices: { q1: { marks: [0, 1, 0] } } },
				{ ballot: "v1", choices: { q1: { marks: [1, 0, 0] } } },
				{ ballot: "v2", choices: { q1: { marks: [1, 0, 0] } } },
				{ credential: "v2", weight: 0 }] });
		const [question] = report.result.questions;
		assert.deepEqual(question.count.stages[0].tallies, ["1", "2", "0"]);
		assert.equal(report.result.lists[0].ballots, 3);
	});

test("a record with areas, weights, groups and empty lists is verified", async () => {
	const question = (id) => ({ id, title: id, rule: "plurality-at-large", seats: 1, min: 0, max: 1,
		answers: ["yes", "no"], lot: [1, 2] });
	const { report } = await verified({ n: 2, t: 1, areas: ["north", "south"], weightMax: 3,
		questions: [question("q1"), question("q2")],
		groups: [{ name: "g1", questions: ["q1"] }, { name: "g2", questions: ["q2"] }],
		styles: [{ name: "n", groups: ["g1", "g2"], area: "north" },
			{ name: "s", groups: ["g1"], area: "south" }],
		voters: [{ name: "a", style: "n", weight: 3 }, { name: "b", style: "n", weight: 1 },
			{ name: "c", style: "s", weight: 1 }],
		script: [{ ballot: "a", choices: { q1: { marks: [1, 0] }, q2: { marks: [0, 1] } } },
			{ ballot: "b", choices: { q1: { marks: [0, 1] } } },
			{ ballot: "c", choices: { q1: { marks: [0, 1] } } }] });
	assert.deepEqual(report.result.lists.map((l) => [l.auxsid, l.area, l.weight, l.ballots]), [
		["l1", "north", 1, 2], ["l2", "north", 2, 1], ["l3", "south", 1, 1], ["l4", "south", 2, 0],
		["l5", "north", 1, 2], ["l6", "north", 2, 1]]);
	const [q1, q2] = report.result.questions;
	assert.deepEqual(q1.count.stages[0].tallies, ["3", "2"]);
	assert.equal(q2.verdicts.blank, 1);
	assert.deepEqual(q2.count.stages[0].tallies, ["0", "3"]);
});

test("a record with ranks, write-ins and two ciphertexts a ballot is verified", async () => {
	const { report, manifest } = await verified({ n: 2, questions: [{ id: "q1", title: "STV",
		rule: "scotland", seats: 1, min: 0, max: 3, answers: ["a", "b", "c"], lot: [3, 2, 1],
		write_ins: 1 }], voters: voters(4), script: [
		{ ballot: "v0", choices: { q1: { marks: [1, 2, 0] } } },
		{ ballot: "v1", choices: { q1: { marks: [0, 1, 0], texts: [{ rank: 2, text: "Zoë" }] } } },
		{ ballot: "v2", choices: { q1: { marks: [1, 1, 0] } } },
		{ ballot: "v3", choices: { q1: { invalid: true } } }] });
	assert.equal(manifest.groups[0].width, 2);
	const [question] = report.result.questions;
	assert.deepEqual(question.write_ins, [{ text: "Zoë", weight: 1 }]);
	assert.equal(question.verdicts["repeated-rank"], 1);
	assert.equal(question.verdicts["invalid-by-voter"], 1);
	assert.deepEqual(question.count.elected, [{ candidate: 1, stage: 4, without_quota: true }]);
});

test("a record with witnesses, evidence, a failed ceremony and absent authorities is verified",
	async () => {
		await verified({ n: 4, t: 2, witnesses: { m: 4, lying: 1, quorum: 3, signing: [0, 2, 3] },
			evidence: { "l1/mix-02/PoSReply02.bt": "wrong", "l1/why": "x" }, attempt: 3,
			ceremony: { failed: 1, silent: [2] }, shufflers: [1, 3], active: [1, 3, 4],
			voters: voters(2), script: SMALL.script });
	});

test("a party that decrypts wrongly is marked so and the others go on", async () => {
	const spoilFactors = (factors) => factors[0][0].reverse();
	await verified({ ...SMALL, n: 3, spoilFactors, marked: [2, 3] });
	await rejectedBy("9.1", { ...SMALL, n: 3, spoilFactors });
	await rejectedBy("9.1", { ...SMALL, n: 3, spoilFactors, marked: [2, 3], unmarkedReply: true });
});

test("an election without ballots has a result and no proofs", async () => {
	const { report } = await verified({ ...SMALL, script: [] });
	assert.equal(report.result.questions[0].count, null);
});

// Wrong records, made and signed by those who have all keys

test("two shuffles signed by one authority are refused", () =>
	rejectedBy("8.3", { ...SMALL, mixSigner: 1 }));

test("fewer shuffles than the threshold are refused, more are not", async () => {
	await rejectedBy("8.2", { ...SMALL, n: 3, shufflers: [1] });
	await verified({ ...SMALL, n: 3, shufflers: [1, 2, 3] });
});

test("a log that names other files of a tally is refused", () =>
	rejectedBy("4.7", { ...SMALL, alterTally: () => new Uint8Array(32) }));

test("a closing root with too few signatures is refused", () =>
	rejectedBy("6.3", { ...SMALL, closers: [2] }));

test("a checkpoint that too few witnesses saw is refused", () =>
	rejectedBy("4.6", { ...SMALL, witnesses: { m: 4, lying: 1, quorum: 3, signing: [0, 1] } }));

test("a list that is too small is refused", () => rejectedBy("7.1", { ...SMALL, minList: 3 }));

test("a small list that the manifest accepts is opened", () =>
	verified({ ...SMALL, minList: 3, acceptSmallLists: true }));

test("a change of credentials that the registrar did not sign is refused", async () => {
	const { e } = makeElection(SMALL);
	await rejectedBy("5.1", { ...SMALL, mode: "credentials",
		script: [...SMALL.script, { credential: "v0", weight: 1, by: e.board }] });
});

test("a list of credentials that the registrar did not sign is refused", async () => {
	const o = { ...SMALL, mode: "credentials" };
	await verified(o);
	await rejectedBy("5.1", { ...o, listSignedBy: (e) => e.board });
	const { files } = makeElection(o);
	const path = "credentials-signature.bt", signature = files.get(path);
	for (const wrong of [undefined, new Uint8Array(0), signature.subarray(1),
		concat(signature, Uint8Array.of(0)), signature.map((b, i) => i === 40 ? b ^ 1 : b)]) {
		files.delete(path);
		if (wrong !== undefined)
			files.set(path, wrong);
		const report = await verify({ files }, {});
		assert.equal(failed(report)[0], "5.1");
	}
});

test("a list from which a ballot was left out is refused", () => rejectedBy("8.2", { ...SMALL,
	voters: voters(3), script: VOTES([[1, 0, 0], [1, 0, 0], [0, 1, 0]]),
	alterLists: ([list]) => {
		list.entries.pop();
		list.count--;
	} }));

test("a result that is not the count is refused, though all signed it", () => rejectedBy("10.2", {
	...SMALL, alterResult: (bytes) => utf8(new TextDecoder().decode(bytes)
		.replace('"tallies":["2"', '"tallies":["3"')) }));

test("plaintexts in another order are refused", () => rejectedBy("9.1", { ...SMALL,
	script: VOTES([[1, 0, 0], [0, 1, 1]]), alter: (name, bytes) => name !== "Plaintexts.bt" ? null :
		concat(bytes.subarray(0, 5), bytes.subarray(86), bytes.subarray(5, 86)) }));

for (const [name, code] of [["proofs/Ciphertexts01.bt", "8.2"], ["proofs/PoSReply02.bt", "8.2"],
	["proofs/DecrFactReply01.bt", "9.1"], ["width", "8.2"], ["type", "8.2"], ["auxsid", "8.2"],
	["FullPublicKey.bt", "8.2"], ["proofs/activethreshold", "8.2"], ["Ciphertexts.bt", "8.2"],
	["proofs/PolynomialInExponent.bt", "8.2"]])
	test(`a changed ${name} is refused by check ${code}`, () => rejectedBy(code, { ...SMALL,
		alter: (which, bytes) => {
			if (which !== name)
				return null;
			const other = typeof bytes === "string" ? utf8(bytes) : bytes.slice();
			other[other.length - 1] ^= 1;
			return other;
		} }));

test("a ballot that does not count is left out, and the board is reported", async () => {
	const report = await rejectedBy("6.1", { ...SMALL, voters: voters(3), script: [...SMALL.script,
		{ ballot: "v2", choices: { q1: { marks: [0, 1, 0] } }, spoil: "proof" }] });
	assert.deepEqual(failed(report), ["6.1"]);
	assert.match(report.checks.find((c) => c.code === "6.1").detail, /ballot 2 \(proof\)/);
});

test("a void of a ballot that counts is refused", () => rejectedBy("6.5", { ...SMALL,
	script: [...SMALL.script, { void: "v1", again: true }] }));

test("a log that ends behind close has no result, and says so in check 4.7", async () => {
	for (const left of [1, 2]) {
		const election = makeElection(SMALL);
		election.e.entries.splice(-left);
		seal(election.e);
		const report = await verify(election);
		assert.deepEqual([report.verdict, ...failed(report)], ["rejected", "4.7"]);
	}
});

test("evidence has paths of at most 127 bytes and 9 names", async () => {
	const evidence = (path) => ({ ...SMALL, evidence: { [path]: "x" } });
	await verified(evidence("1/2/3/4/5/6/7/8"));
	await verified(evidence("a".repeat(118)));
	await rejectedBy("4.7", evidence("1/2/3/4/5/6/7/8/9"));
	await rejectedBy("4.7", evidence("a".repeat(119)));
	await rejectedBy("4.7", evidence("é".repeat(60)));
});

test("entries in another order are refused", async () => {
	const election = makeElection(SMALL);
	const { e } = election;
	[e.entries[3], e.entries[4]] = [e.entries[4], e.entries[3]];
	seal(e);
	const report = await verify(election);
	assert.equal(report.verdict, "rejected");
	assert.ok(failed(report).length > 0);
});

// Nothing can be missing, more or different

/** Of these n are there, and t are enough. */
const OPTIONAL = /^endorse\/(close|result)-[0-9]+\.bt$/;
const small = makeElection({ ...SMALL, n: 3, evidence: { note: "x" }, mode: "credentials",
	script: [...SMALL.script, { void: "v0" }] });

test("a record with any file missing is never verified", async () => {
	assert.equal((await verify(small)).verdict, "verified");
	for (const path of small.files.keys()) {
		const files = new Map(small.files);
		files.delete(path);
		const report = await verify({ ...small, files });
		assert.equal(report.verdict, OPTIONAL.test(path) ? "verified" : "rejected", path);
	}
});

// One of the three for each file, in turn from a drawn one; with URNA_SOAK all of them.
test("a record with any file empty, longer or changed in a bit is never verified", async (t) => {
	let turn = Math.floor(Math.random() * 3);
	t.diagnostic(`the first file's change is ${turn}`);
	for (const [path, bytes] of small.files) {
		const longer = new Uint8Array(bytes.length + 1);
		longer.set(bytes);
		const changed = bytes.slice();
		changed[Math.floor(bytes.length / 2)] ^= 4;
		const others = [new Uint8Array(0), longer, changed];
		for (const other of process.env.URNA_SOAK ? others : [others[turn++ % others.length]]) {
			const report = await verify({ ...small, files: new Map(small.files).set(path, other) });
			assert.equal(report.verdict, "rejected", path);
		}
	}
});

test("a file that belongs nowhere is refused", async () => {
	for (const path of ["x", "log/entries2", "endorse/mix-01.bt", "endorse/l1/mix-03.bt",
		"endorse/l2/mix-01.bt", "proof/l1/x", "proof/l1/nizkp/l1/x", "proof/l1/nizkp/l2/x",
		"endorse/l1/empty-01.bt", "ceremony/1/r0-03.bt", "evidence/more", "manifest.json~"]) {
		const report = await verify({ ...small, files: new Map(small.files).set(path, utf8("x")) });
		assert.equal(report.verdict, "rejected", path);
	}
});

test("a file that cannot be read leaves the record undecided, never verified", async () => {
	const source = sourceOf(small.files);
	const read = source.read;
	source.read = async (path) => {
		if (path === "result.json")
			throw new Error("input/output error");
		return read(path);
	};
	const report = await verifyRecord(source, { fingerprint: small.fingerprint });
	assert.equal(report.verdict, "undecided");
});
