// SPDX-License-Identifier: Apache-2.0
// Which ballots count (docs/protocol.md 8): a small box of ballots made for each reason.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Fixed, affine } from "./support/curve.mjs";
import { Rng } from "./support/rng.mjs";
import { ciphertextsFile, checkSizes, deriveLists, judge, keptBallots, readBallots,
	readCredentials, readVoids } from "../../../../web/verifier/lists.js";
import { encodePoint, multiply, G } from "../../../../web/verifier/group.js";
import { fixedG } from "./support/mix.mjs";
import { hex, joined } from "../../../../web/verifier/bytes.js";
import { int, node, text } from "../../../../web/verifier/bytetree.js";
import { makeBallot } from "./support/ballots.mjs";
import { readCiphertexts } from "../../../../web/verifier/ciphertexts.js";
import { rejects } from "./support/support.mjs";
import { sha256 } from "../../../../web/verifier/hash.js";

const rng = new Rng("lists");
const question = (id) => ({ id, answers: ["a", "b"], gives: "marks", writeIns: 0 });
const groups = ["g1", "g2"].map((name) => ({ name, width: 1, bases: [2, 2, 2],
	questions: [question(`q-${name}`)] }));
const styles = [{ name: "both", groups, area: null }, { name: "second", groups: [groups[1]],
	area: null }];

function manifestOf(mode, weightMax = 5) {
	return { credentials: mode === "credentials", weightMax, minList: 2, acceptSmallLists: false,
		styleOf: new Map(styles.map((s) => [s.name, s])),
		lists: groups.flatMap((group) => [0, 1, 2].map((bit) => ({ group, area: null, bit,
			auxsid: `${group.name}.${bit}` }))) };
}

/** A box in which a test puts entries one after another. */
class Box {
	constructor(mode = "server") {
		this.e = { manifest: manifestOf(mode), eid: rng.bytes(32), rng,
			fixedY: new Fixed(multiply(G, 77n)) };
		this.entries = [];
		this.ballots = [];
		this.voids = [];
		this.listed = new Map();
	}

	voter(style = "both", listed = true, weight = 1) {
		const s = rng.scalar(), [S] = affine([fixedG.times(s)]);
		if (listed)
			this.listed.set(hex(encodePoint(S)), { style, weight });
		return { style, s, S, pseudonym: rng.bytes(16) };
	}

	cast(voter, options = {}) {
		const ballot = options.ballot ?? makeBallot(this.e, voter, { seq: 0, ...options });
		this.ballots.push(ballot.bytes);
		this.entries.push({ type: "ballot", weight: options.weight ?? 1 });
		return ballot;
	}

	void(ballot) {
		this.voids.push(ballot.body);
		this.entries.push({ type: "void" });
	}

	change(voter, style, weight) {
		this.entries.push({ type: "credential", tree: encodePoint(voter.S), style, weight });
	}

	judge() {
		const { manifest, eid } = this.e;
		return judge(this.entries, readBallots(this.ballots, manifest, eid),
			readVoids(this.voids, manifest, eid), manifest, this.listed);
	}

	faults() {
		return this.judge().faults.map((f) => `${f.number} ${f.reason}`);
	}
}

test("right ballots count, of both modes", () => {
	for (const mode of ["server", "credentials"]) {
		const box = new Box(mode);
		box.cast(box.voter());
		box.cast(box.voter("second"));
		assert.deepEqual(box.faults(), []);
		assert.equal(keptBallots(box.judge()).length, 2);
	}
});

for (const [spoil, reason] of [["malformed", "malformed"], ["election", "election"],
	["style", "malformed"], ["proof", "proof"]])
	test(`a ballot spoiled in its ${spoil} does not count, the others do`, () => {
		const box = new Box();
		box.cast(box.voter());
		box.cast(box.voter(), { spoil });
		box.cast(box.voter());
		assert.deepEqual(box.faults(), [`1 ${reason}`]);
		assert.deepEqual(keptBallots(box.judge()).map((k) => k.number), [0, 2]);
	});

test("a wrong signature of the voter does not count", () => {
	const box = new Box("credentials");
	box.cast(box.voter(), { spoil: "signature" });
	assert.deepEqual(box.faults(), ["0 signature"]);
});

test("an unknown or revoked credential does not count, one that came later does", () => {
	const box = new Box("credentials");
	const stranger = box.voter("both", false), late = box.voter("both", false);
	const revoked = box.voter();
	box.cast(stranger);
	box.change(revoked, "both", 0);
	box.cast(revoked);
	box.cast(late);
	box.change(late, "both", 1);
	box.cast(late);
	assert.deepEqual(box.faults(), ["0 unknown-credential", "1 unknown-credential",
		"2 unknown-credential"]);
});

test("a style that is not the credential's does not count, and follows its changes", () => {
	const box = new Box("credentials");
	const voter = box.voter("both");
	box.change(voter, "second", 1);
	box.cast(voter);
	box.cast({ ...voter, style: "second" });
	assert.deepEqual(box.faults(), ["0 style-not-allowed"]);
});

test("a weight of 0, above the greatest or not the credential's does not count", () => {
	const box = new Box();
	box.cast(box.voter(), { weight: 0 });
	box.cast(box.voter(), { weight: 6 });
	box.cast(box.voter(), { weight: 5 });
	assert.deepEqual(box.faults(), ["0 weight", "1 weight"]);
	const other = new Box("credentials");
	other.cast(other.voter("both", true, 2), { weight: 1 });
	assert.deepEqual(other.faults(), ["0 weight"]);
});

test("a voided ballot does not count, and no ballot with one of its u", () => {
	const box = new Box();
	const voter = box.voter(), r = rng.scalars(1);
	const second = { ...voter, style: "second" };
	const audited = makeBallot(box.e, second, { seq: 0, r });
	box.void(audited);
	box.cast(second, { ballot: audited });
	box.cast(second, { r });
	box.cast(second);
	assert.deepEqual(box.faults(), ["0 voided", "1 repeated-u"]);
});

test("a void of what was in the log before, whether it counted or not, is refused", () => {
	const box = new Box();
	box.void(box.cast(box.voter()));
	box.void(box.cast(box.voter(), { spoil: "proof" }));
	const audited = makeBallot(box.e, box.voter(), { seq: 0 });
	box.void(audited);
	box.void(audited);
	assert.deepEqual(box.judge().voidFaults.map((f) => f.number), [0, 1, 3]);
});

test("a void that is no body, of another election or without its proof is refused", () => {
	const box = new Box();
	box.void({ body: new Uint8Array(3) });
	box.void(makeBallot(box.e, box.voter(), { seq: 0, spoil: "election" }));
	box.void(makeBallot(box.e, box.voter(), { seq: 0, spoil: "proof" }));
	assert.deepEqual(box.judge().voidFaults.map((f) => f.reason),
		["malformed", "election", "proof"]);
});

test("a copied ballot and one with a u twice do not count", () => {
	const box = new Box();
	const ballot = box.cast(box.voter());
	box.cast(null, { ballot });
	const [k] = rng.scalars(1);
	box.cast(box.voter("both"), { r: [k] });
	box.cast(box.voter("second"), { r: [k] });
	assert.deepEqual(box.faults(), ["1 repeated-u", "2 repeated-u"]);
});

test("the u of a ballot that does not count are taken all the same", () => {
	const box = new Box();
	const r = rng.scalars(1);
	box.cast(box.voter("second"), { r, spoil: "proof" });
	box.cast(box.voter("second"), { r });
	assert.deepEqual(box.faults(), ["0 proof", "1 repeated-u"]);
});

test("a sequence with a gap or a repetition does not count", () => {
	const box = new Box();
	const voter = box.voter();
	box.cast(voter, { seq: 1 });
	box.cast(voter, { seq: 0 });
	box.cast(voter, { seq: 0 });
	box.cast(voter, { seq: 1, spoil: "proof" });
	box.cast(voter, { seq: 1 });
	assert.deepEqual(box.faults(), ["0 seq", "2 seq", "3 proof"]);
	assert.deepEqual(keptBallots(box.judge()).map((k) => k.number), [4]);
});

test("the last ballot of a voter is kept, none where the credential was revoked later", () => {
	const box = new Box("credentials");
	const [a, b] = [box.voter(), box.voter()];
	box.cast(a);
	box.cast(b);
	box.cast(a, { seq: 1 });
	box.change(b, "both", 0);
	assert.deepEqual(box.faults(), []);
	assert.deepEqual(keptBallots(box.judge()).map((k) => k.number), [2]);
});

test("a kept ballot enters a list for each group of its style and each bit of its weight", () => {
	const box = new Box("credentials");
	const [a, b] = [box.voter("both", true, 5), box.voter("second", true, 1)];
	box.cast(b);
	box.cast(a, { weight: 5 });
	box.change(b, "second", 3);
	const lists = deriveLists(keptBallots(box.judge()), box.e.manifest);
	assert.deepEqual(lists.map((l) => [l.auxsid, l.count]), [["g1.0", 1], ["g1.1", 0],
		["g1.2", 1], ["g2.0", 2], ["g2.1", 1], ["g2.2", 1]]);
	const [, , , second] = lists;
	const read = readCiphertexts(ciphertextsFile(second), "t", 1);
	const ballots = readBallots(box.ballots, box.e.manifest, box.e.eid);
	assert.deepEqual(read.u[0], [ballots[0].groups[0].u[0], ballots[1].groups[1].u[0]]);
	rejects(() => checkSizes(lists, box.e.manifest), /1 ballots; fewer than 2/);
	checkSizes(lists, { ...box.e.manifest, acceptSmallLists: true });
	checkSizes(lists.filter((l) => l.count !== 1), box.e.manifest);
});

test("credentials.bt is strictly ascending, with known styles and right weights", () => {
	const manifest = manifestOf("credentials");
	const points = rng.scalars(3).map((k) => encodePoint(multiply(G, k)))
		.sort((a, b) => Buffer.compare(a, b));
	const record = (S, style = "both", weight = 1) => node(S, text(style), int(weight));
	const read = (records, count = records.length) => readCredentials(joined(records),
		{ count: BigInt(count), digest: sha256(joined(records)) }, manifest);
	assert.equal(read(points.map((S) => record(S))).size, 3);
	assert.equal(read([]).size, 0);
	rejects(() => read([points[1], points[0]].map((S) => record(S))), /ascending/);
	rejects(() => read([points[1], points[1]].map((S) => record(S))), /ascending/);
	rejects(() => read([record(points[0], "none")]), /no style/);
	rejects(() => read([record(points[0], "both", 0)]), /weight/);
	rejects(() => read([record(points[0], "both", 6)]), /weight/);
	rejects(() => read(points.map((S) => record(S)), 2), /the log says 2/);
	rejects(() => read([record(points[0]).subarray(1)]));
});
