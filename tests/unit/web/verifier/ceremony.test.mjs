// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { Record } from "../../../../web/verifier/record.js";
import { Rng, sign } from "./support/rng.mjs";
import { H } from "../../../../web/verifier/hash.js";
import { checkCeremony, readCeremony } from "../../../../web/verifier/ceremony.js";
import { equal, utf8 } from "../../../../web/verifier/bytes.js";
import { int, leaf, node, readAll, text } from "../../../../web/verifier/bytetree.js";
import { makeCeremony } from "./support/ceremony.mjs";
import { sourceOf } from "./support/election.mjs";

function make(n, t, troubles) {
	const rng = new Rng(`ceremony ${n} ${t} ${JSON.stringify(troubles ?? {})}`);
	const identities = Array.from({ length: n }, () => rng.identity());
	const manifest = { n, t, D: rng.bytes(32), bytes: utf8("{}"),
		authorities: identities.map((i) => ({ identity: i.key })) };
	const files = new Map();
	const made = makeCeremony(files, manifest, identities, rng, troubles);
	return { files, manifest, made, identities };
}

async function check({ files, manifest }) {
	return checkCeremony(await readCeremony(new Record(sourceOf(files)), manifest), manifest);
}

async function refused(c, pattern) {
	await assert.rejects(check(c), (e) => e.name === "Rejected" && pattern.test(e.message));
}

/** Signs the content of a message anew, with whatever the test made of it. */
function resay(c, round, party, change, like = `r${round}-0${party}`) {
	const path = `ceremony/1/r${round}-0${party}.bt`;
	const head = [leaf(c.manifest.D), int(1), int(round), int(party)];
	const content = change(readAll(c.files.get(`ceremony/1/${like}.bt`), path, (r) => {
		r.node(7);
		for (let i = 0; i < 5; i++)
			r.tree();
		const old = r.tree();
		r.leaf(64);
		return old;
	}));
	const digest = H("message", ...head, leaf(content));
	c.files.set(path, node(text("urna-ceremony-1"), ...head, content,
		leaf(sign(c.identities[party - 1], digest))));
}

for (const [n, t] of [[1, 1], [2, 2], [3, 2], [5, 3]])
	test(`a ceremony of ${n} with threshold ${t} gives the key that was made`, async () => {
		const c = make(n, t);
		const read = await check(c);
		assert.ok(equal(read.eid, c.made.eid));
		assert.ok(equal(read.certified, c.made.certified));
		assert.deepEqual(read.Y, c.made.Y);
		assert.equal(read.qualified.length, n);
	});

test("an absent party, a silent dealer and a failed attempt do not stop it", async () => {
	const c = make(5, 2, { absent: [2], silent: [4], failed: 2 });
	const read = await check(c);
	assert.equal(read.attempt, 3);
	assert.deepEqual(read.qualified, [1, 3, 5]);
	assert.ok(equal(read.eid, c.made.eid));
});

for (const [answer, qualified] of [["right", [1, 2, 3]], ["wrong", [1, 2]], ["none", [1, 2]]])
	test(`an accused dealer whose answer is ${answer} is ${qualified.length === 3 ? "in" : "out"}`,
		async () => {
			const c = make(3, 2, { accused: { dealer: 3, accuser: 1, answer } });
			assert.deepEqual((await check(c)).qualified, qualified);
			assert.ok(equal((await check(c)).eid, c.made.eid));
		});

test("a dealer who cannot prove to know his part is out, whoever calls him fine", async () => {
	const c = make(3, 2, { rogue: [2] });
	assert.deepEqual((await check(c)).qualified, [1, 3]);
	for (const party of [1, 3])
		resay(c, 4, party, (content) => {
			const other = content.slice();
			other[10 + 1] = 0;
			return other;
		});
	await refused(c, /no 2 parties say the same in round 4/);
});

test("with threshold 1 one accuser is enough", async () => {
	const c = make(3, 1, { accused: { dealer: 2, accuser: 3, answer: "right" } });
	assert.deepEqual((await check(c)).qualified, [1, 3]);
});

test("any byte of any message changed is noticed", async () => {
	const c = make(2, 2);
	for (const [path, bytes] of c.files)
		for (let i = 0; i < bytes.length; i += 37) {
			const other = bytes.slice();
			other[i] ^= 1;
			await refused({ ...c, files: new Map(c.files).set(path, other) }, /./);
		}
});

test("any message missing, empty or cut is noticed", async () => {
	const c = make(2, 2);
	for (const [path, bytes] of c.files) {
		const files = new Map(c.files);
		files.delete(path);
		await refused({ ...c, files }, /./);
		for (const n of [0, 5, bytes.length - 1])
			await refused({ ...c, files: new Map(c.files).set(path, bytes.subarray(0, n)) }, /./);
	}
});

test("messages exchanged between parties or rounds are noticed", async () => {
	const c = make(3, 2);
	const swap = (a, b) => ({ ...c, files: new Map(c.files)
		.set(`ceremony/1/${a}`, c.files.get(`ceremony/1/${b}`)) });
	await refused(swap("r0-01.bt", "r0-02.bt"), /another party/);
	await refused(swap("r0-01.bt", "r1-01.bt"), /another round/);
});

test("an echo, a verdict or a certificate about something else is refused", async () => {
	const flip = (at) => (content) => {
		const other = content.slice();
		other[other.length - 1 + at] ^= 1;
		return other;
	};
	for (const [round, pattern] of [[2, /of other keys/], [4, /on other openings/],
		[6, /of another election/]]) {
		const c = make(3, 2);
		resay(c, round, 2, flip(0));
		await refused(c, /no 2 parties say the same/);
		for (const party of [1, 3])
			resay(c, round, party, flip(0));
		await refused(c, pattern);
	}
});

test("a verdict that calls a valid opening none is refused", async () => {
	const c = make(3, 2);
	resay(c, 4, 2, (content) => {
		const other = content.slice();
		other[10 + 2] = 2;
		return other;
	});
	await refused(c, /no 2 parties say the same in round 4/);
});

test("an opening that was not committed to puts its dealer out, so the others' verdicts are wrong",
	async () => {
		const c = make(3, 2);
		resay(c, 3, 1, (content) => {
			const other = content.slice();
			other[10 + 43] ^= 1;
			return other;
		});
		await refused(c, /./);
	});

test("what is said outside the set that agreed, or too late, counts for nothing", async () => {
	const c = make(4, 2, { absent: [4] });
	const { eid, certified } = await check(c);
	for (const round of [0, 1, 2, 3, 4, 5, 6]) {
		c.files.set(`ceremony/1/r${round}-04.bt`, c.files.get(`ceremony/1/r${round}-01.bt`) ??
			c.files.get("ceremony/1/r0-01.bt"));
		resay(c, round, 4, (content) => content, round === 5 ? "r0-01" : `r${round}-01`);
	}
	const late = await check(c);
	assert.ok(equal(late.eid, eid));
	assert.ok(!equal(late.certified, certified), "but the log binds it");
});

test("two sets that each agree are refused", async () => {
	const c = make(4, 2, { absent: [3, 4] });
	for (const party of [3, 4])
		resay(c, 2, party, (content) => {
			const other = content.slice();
			other.set([0, 0, 1, 1], 10);
			return other;
		}, "r2-01");
	await refused(c, /held apart in round 2/);
});

test("files that are no messages, parties that do not exist and gaps of attempts are refused",
	async () => {
		const c = make(2, 2);
		const [message] = c.files.values();
		for (const path of ["ceremony/1/r0-03.bt", "ceremony/1/r7-01.bt", "ceremony/1/r0-00.bt",
			"ceremony/01/r0-01.bt", "ceremony/1/x", "ceremony/17/r0-01.bt"])
			await refused({ ...c, files: new Map(c.files).set(path, message) }, /./);
		await refused({ ...c, files: new Map() }, /there is none/);
	});

test("a failed attempt of which nobody says why, or wrongly signed, is refused", async () => {
	const c = make(3, 2, { failed: 1 });
	const silent = new Map(c.files);
	for (const party of ["01", "02"])
		silent.delete(`ceremony/1/failed-${party}.bt`);
	await refused({ ...c, files: silent }, /went on after an attempt that nobody ended/);
	const forged = c.files.get("ceremony/1/failed-01.bt").slice();
	forged[forged.length - 1] ^= 1;
	await refused({ ...c, files: new Map(c.files).set("ceremony/1/failed-01.bt", forged) },
		/signature/);
});

test("a word of failure does not end a complete attempt, unless t parties went on", async () => {
	const c = make(3, 2, { failed: 1 });
	const alone = new Map([...c.files].filter(([path]) =>
		!/^ceremony\/2\/r[0-9]-0[23]/.test(path)));
	const read = await check({ ...c, files: alone });
	assert.equal(read.attempt, 1);
	assert.ok(!equal(read.eid, c.made.eid));
	assert.equal((await check(c)).attempt, 2);
});
