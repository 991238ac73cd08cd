// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "./support/rng.mjs";
import { readManifest } from "../../../../web/verifier/manifest.js";
import { rejects, toHex } from "./support/support.mjs";
import { utf8 } from "../../../../web/verifier/bytes.js";

const rng = new Rng("manifest");
const keys = Array.from({ length: 12 }, () => toHex(rng.identity().key));

function example() {
	return {
		urna: 1, title: "T", group: "P-256", rohash: "SHA-256", prg: "SHA-256", statdist: 100,
		vbitlenro: 256, ebitlenro: 256, mode: "credentials", registrar: keys[0],
		board: { name: "urna.example/board", key: keys[1] },
		witnesses: { lying: 1, quorum: 3, keys: [2, 3, 4, 5].map((i) =>
			({ name: `w${i}`, key: keys[i] })) },
		promise_delay: 60, threshold: 2,
		authorities: [6, 7, 8].map((i) => ({ operator: `O${i}`, identity: keys[i] })),
		min_list: 10, accept_small_lists: false, weight_max: 5, areas: ["north", "south"],
		questions: [
			{ id: "q1", title: "A?", rule: "scotland", seats: 2, min: 0, max: 3,
				answers: ["a", "b", "c"], withdrawn: [3], lot: [2, 1, 3], write_ins: 1 },
			{ id: "q2", title: "B?", rule: "plurality-at-large", seats: 1, min: 1, max: 1,
				answers: ["x", "y"] }],
		groups: [{ name: "g1", questions: ["q1"] }, { name: "g2", questions: ["q2"] }],
		styles: [{ name: "s1", groups: ["g1", "g2"], area: "north" },
			{ name: "s2", groups: ["g2"], area: "south" }],
	};
}

const read = (m) => readManifest(utf8(JSON.stringify(m)));

test("lists are in the order of groups, areas and bits, where a style has them", () => {
	const m = read(example());
	assert.deepEqual(m.lists.map((l) => [l.auxsid, l.group.name, l.area, l.bit]), [
		["l1", "g1", "north", 0], ["l2", "g1", "north", 1], ["l3", "g1", "north", 2],
		["l4", "g2", "north", 0], ["l5", "g2", "north", 1], ["l6", "g2", "north", 2],
		["l7", "g2", "south", 0], ["l8", "g2", "south", 1], ["l9", "g2", "south", 2]]);
});

test("bases and width follow from the questions", () => {
	const [g1, g2] = read(example()).groups;
	assert.deepEqual(g1.bases, [2, 4, 4, 4, 4, 31, ...new Array(30).fill(256)]);
	assert.equal(g1.width, 2);
	assert.deepEqual(g2.bases, [2, 2, 2]);
	assert.equal(g2.width, 1);
});

test("a rule with options, and one of points, can be a question's", () => {
	const m = example();
	Object.assign(m.questions[0], { rule: "borda-nauru", max: 48, lot: undefined,
		answers: Array.from({ length: 60 }, (_, i) => `a${i}`) });
	Object.assign(m.questions[1], { rule: "cumulative", points: 2 });
	assert.deepEqual(read(m).questions.map((q) => q.gives), ["ranks", "points"]);
	for (const [rule, more] of [["cumulative:checkboxes=2", {}], ["cumulative:points=2", {}],
		["cumulative:points=3", { max: 2, total: 3 }], ["score:max=2", {}],
		["majority-judgment:grades=2", {}]]) {
		Object.assign(m.questions[1], { rule, ...more });
		read(m);
	}
});

test("as many votes as a rule has room for may be weighed", () => {
	for (const [rule, weight] of [["qpq", 3402], ["meek:precision=15", 3],
		["warren:precision=14", 340], ["meek:precision=10", 2 ** 31 - 1],
		["meek-prf", 2 ** 31 - 1]]) {
		const m = Object.assign(example(), { weight_max: weight });
		m.questions[0].rule = rule;
		m.areas = undefined;
		m.styles = [{ name: "s", groups: ["g1", "g2"] }];
		assert.equal(read(m).weightMax, weight);
	}
});

test("224 marks fill one message and 225 need a second", () => {
	for (const [answers, width] of [[223, 1], [224, 2]]) {
		const m = example();
		m.questions[1].answers = Array.from({ length: answers }, (_, i) => `a${i}`);
		assert.equal(read(m).groups[1].width, width);
	}
});

test("what may be absent may be absent", () => {
	const m = example();
	for (const key of ["witnesses", "promise_delay", "weight_max", "areas"])
		delete m[key];
	m.styles.forEach((s) => delete s.area);
	m.mode = "server";
	delete m.registrar;
	assert.deepEqual(read(m).lists.map((l) => l.auxsid), ["l1", "l2"]);
});

test("a key that is missing, unknown or there twice is refused", () => {
	for (const key of Object.keys(example())) {
		if (["witnesses", "promise_delay", "weight_max"].includes(key))
			continue;
		const m = example();
		delete m[key];
		rejects(() => read(m));
	}
	rejects(() => read({ ...example(), colour: "red" }), /"colour": unknown key/);
	const s = JSON.stringify(example());
	rejects(() => readManifest(utf8(s.replace("{", '{"urna":1,'))), /twice/);
});

const WRONG = {
	"another version": (m) => (m.urna = 2),
	"the version as text": (m) => (m.urna = "1"),
	"another group": (m) => (m.group = "P-384"),
	"another hash": (m) => (m.rohash = "SHA-512"),
	"another statdist": (m) => (m.statdist = 80),
	"another mode": (m) => (m.mode = "open"),
	"a registrar in mode server": (m) => (m.mode = "server"),
	"a registrar that is no hex": (m) => (m.registrar = "g".repeat(64)),
	"a registrar of another length": (m) => (m.registrar += "00"),
	"a board name with a blank": (m) => (m.board.name = "a b"),
	"a board name with a plus": (m) => (m.board.name = "a+b"),
	"a quorum with which two histories pass": (m) => (m.witnesses.quorum = 2),
	"a quorum with which two histories just pass": (m) => (m.witnesses.lying = 2),
	"all witnesses lying": (m) => (m.witnesses.lying = 4),
	"a quorum above the witnesses": (m) => (m.witnesses.quorum = 5),
	"a witness named as another": (m) => (m.witnesses.keys[1].name = "w2"),
	"two witnesses with one key": (m) => (m.witnesses.keys[1].key = m.witnesses.keys[0].key),
	"no witnesses in the list": (m) => (m.witnesses.keys = []),
	"a promise of no time": (m) => (m.promise_delay = 0),
	"a threshold of 0": (m) => (m.threshold = 0),
	"a threshold above the authorities": (m) => (m.threshold = 4),
	"a threshold as text": (m) => (m.threshold = "2"),
	"two authorities with one identity": (m) =>
		(m.authorities[1].identity = m.authorities[0].identity),
	"26 authorities": (m) => (m.authorities = Array.from({ length: 26 }, (_, i) =>
		({ operator: "O", identity: toHex(new Rng(`a${i}`).identity().key) }))),
	"a weight of 2^31": (m) => (m.weight_max = 2 ** 31),
	"a weight of 0": (m) => (m.weight_max = 0),
	"an area twice": (m) => (m.areas = ["north", "north"]),
	"a style without area": (m) => delete m.styles[0].area,
	"a style of no area": (m) => (m.styles[0].area = "west"),
	"a style with an unknown group": (m) => (m.styles[0].groups = ["g3"]),
	"a style with a group twice": (m) => (m.styles[0].groups = ["g1", "g1"]),
	"two styles of one name": (m) => (m.styles[1].name = "s1"),
	"a question in no group": (m) => (m.groups[1].questions = ["q1"]),
	"a question in two groups": (m) => (m.groups[1].questions = ["q2", "q1"]),
	"an unknown rule": (m) => (m.questions[0].rule = "toString"),
	"a rule without what it must say": (m) => (m.questions[0].rule = "borda-custom"),
	"a rule whose options do not go together": (m) =>
		(m.questions[0].rule = "borda:points=3,unranked=shared"),
	"more points than the rule counts": (m) => Object.assign(m.questions[1],
		{ rule: "score:max=4", points: 5 }),
	"a higher grade than the rule has": (m) => Object.assign(m.questions[1],
		{ rule: "majority-judgment:grades=4", points: 5 }),
	"more points for one than the rule counts": (m) => Object.assign(m.questions[1],
		{ rule: "cumulative:checkboxes=2", points: 3 }),
	"more points in all than the rule counts": (m) => Object.assign(m.questions[1],
		{ rule: "cumulative:points=3", max: 2, points: 2 }),
	"weights that the rule has no room for": (m) =>
		Object.assign(m, { weight_max: 3403 }).questions[0].rule = "qpq",
	"weights that the decimals leave no room for": (m) =>
		Object.assign(m, { weight_max: 4 }).questions[0].rule = "meek:precision=15",
	"more stages than the rule can show": (m) => Object.assign(m.questions[0], { rule: "qpq",
		seats: 100, lot: undefined, answers: Array.from({ length: 300 }, (_, i) => `a${i}`) }),
	"more seats than the rule gives": (m) => (m.questions[0].rule = "irv"),
	"more ranks than the rule counts": (m) => Object.assign(m.questions[0], { rule: "borda-nauru",
		max: 49, lot: undefined, answers: Array.from({ length: 60 }, (_, i) => `a${i}`) }),
	"more seats than answers": (m) => (m.questions[1].seats = 3),
	"min above max": (m) => (m.questions[1].min = 2),
	"max above the answers": (m) => (m.questions[1].max = 3),
	"an answer twice": (m) => (m.questions[1].answers = ["x", "x"]),
	"two answers that differ in blanks": (m) => (m.questions[1].answers = ["x y", " x  y"]),
	"two answers that differ in what nobody sees": (m) =>
		(m.questions[1].answers = ["xy", "x\u200by"]),
	"an answer that turns the direction": (m) => (m.questions[1].answers = ["x", "\u202ey"]),
	"a blank title": (m) => (m.title = " \u200b"),
	"a control character in a title": (m) => (m.title = "a\nb"),
	"a control character in a description": (m) => (m.description = "a\u0007b"),
	"a title of more than 4096 bytes": (m) => (m.title = "é".repeat(2049)),
	"a name with a blank": (m) => (m.questions[0].id = "q 1"),
	"a group that no style has": (m) => (m.styles = m.styles.slice(1)),
	"an area that no style has": (m) => m.areas.push("west"),
	"a lot that does not order all": (m) => (m.questions[0].lot = [1, 2]),
	"more answers and write-ins than 1000": (m) => (m.questions[1].write_ins = 999),
	"more write-ins than a ciphertext holds": (m) => (m.questions[1].write_ins = 15),
	"more than 256 lists": (m) => (m.weight_max = 2 ** 30) && (m.areas =
		Array.from({ length: 20 }, (_, i) => `a${i}`)) && (m.styles = m.areas.map((area, i) =>
		({ name: `s${i}`, groups: ["g1", "g2"], area }))),
	"a withdrawn answer that is none": (m) => (m.questions[0].withdrawn = [4]),
	"a lot with a number twice": (m) => (m.questions[0].lot = [1, 1, 2]),
	"a board's key of small order": (m) => (m.board.key = "01" + "00".repeat(31)),
	"a witness's key that is no point": (m) => (m.witnesses.keys[0].key = "02" + "00".repeat(31)),
	"an identity that is not canonical": (m) => (m.authorities[0].identity = "ee" +
		"ff".repeat(30) + "7f"),
	"a registrar of small order": (m) => (m.registrar = "00".repeat(32)),
	"millions of digits in a group": (m) => {
		m.questions[0].write_ins = 900;
		m.questions = Array.from({ length: 64 }, (_, i) => ({ ...m.questions[0], id: `q${i}` }));
		m.groups = [{ name: "g1", questions: m.questions.map((q) => q.id) }];
	},
	"min_list below 0": (m) => (m.min_list = -1),
	"accept_small_lists as a number": (m) => (m.accept_small_lists = 0),
};

for (const [what, change] of Object.entries(WRONG))
	test(`a manifest with ${what} is refused`, () => {
		const m = example();
		change(m);
		rejects(() => read(m));
	});

test("a space more gives another digest", () => {
	const a = readManifest(utf8(JSON.stringify(example())));
	const b = readManifest(utf8(JSON.stringify(example()) + " "));
	assert.notDeepEqual(a.D, b.D);
});
