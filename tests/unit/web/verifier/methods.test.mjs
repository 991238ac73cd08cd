// SPDX-License-Identifier: Apache-2.0
// The worked examples of docs/counting/*.md, counted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { countQuestion } from "../../../../web/verifier/count.js";
import { rejects } from "./support/support.mjs";

/** "3 Bo Ann, 2 Cy" as ballots; "2 Ann=5 Bo=1" gives points. A lot takes candidates as they are. */
function count(rule, text, { names = ["Ann", "Bo", "Cy", "Di"], seats = 1, lot = false } = {}) {
	const ballots = text.split(",").map((s) => s.trim().split(" ")).map(([weight, ...named]) => ({
		weight: BigInt(weight),
		choices: named.map((s) => names.indexOf(s.split("=")[0])),
		points: text.includes("=") ? named.map((s) => Number(s.split("=")[1])) : null }));
	return countQuestion({ id: "q", title: "", rule, seats, answers: names, withdrawn: [],
		lot: lot ? names.map((_, i) => i + 1) : null }, ballots);
}

const tallies = (result) => result.stages.map((s) => s.tallies.join(" "));

const POINTS = "5 Ann Bo Cy, 3 Bo Ann, 2 Cy, 1 Di";

for (const [rule, expected] of [["borda:unranked=shared", "24 22 27/2 13/2"],
	["borda", "21 19 11 3"], ["borda:points=2", "13 11 4 2"],
	["borda-custom:weights=9/7/5", "66 62 43 9"], ["borda-nauru", "13/2 11/2 11/3 1"],
	["desborda", "637 635 550 80"], ["desborda2", "37 35 25 5"], ["desborda2:max=3", "21 19 11 3"],
	["borda-custom:weights=1", "5 3 2 1"], ["plurality", "5 3 2 1"]])
	test(`${rule} gives the points of the page's example`, () => {
		const result = count(rule, POINTS);
		assert.equal(tallies(result)[0], expected);
		assert.deepEqual(result.places, [1, 2, 3, 4]);
		if (rule.startsWith("borda:"))
			assert.deepEqual(result.tables[0].cells,
				[["5", "3", "0"], ["3", "5", "0"], ["2", "0", "5"], ["1", "0", "0"]]);
	});

test("cumulative adds points up, and refuses a ballot with more than the rule says", () => {
	assert.equal(tallies(count("cumulative", "2 Ann=3 Bo=1, 1 Bo=5"))[0], "6 7 0 0");
	rejects(() => count("cumulative:checkboxes=3", "2 Ann=3 Bo=1, 1 Bo=4"), /more points/);
	rejects(() => count("cumulative:points=3", "2 Ann=3 Bo=1"), /more points/);
});

const CYCLE = "4 A B C, 3 C A B, 2 B C A";

for (const [rule, expected, places] of [["schulze", "2 1 0", [1, 2, 3]],
	["ranked-pairs", "2 1 0", [1, 2, 3]], ["minimax", "4 2 3", [1, 3, 2]],
	["copeland", "1 1 1", [1, 1, 1]]])
	test(`${rule} orders the page's cycle`, () => {
		const result = count(rule, CYCLE, { names: ["A", "B", "C"], lot: true });
		assert.equal(tallies(result)[0], expected);
		assert.deepEqual(result.places, places);
		assert.deepEqual(result.tables[0], { cells: [["0", "7", "4"], ["2", "0", "6"],
			["5", "3", "0"]], columns: ["A", "B", "C"], name: "pairwise", rows: ["A", "B", "C"] });
		assert.equal(result.elected[0].candidate, 1);
	});

test("a dispute of equal victories is the lot's in ranked-pairs, and says so", () => {
	const names = ["A", "B", "C"];
	rejects(() => count("ranked-pairs", "1 A B C, 1 B C A, 1 C A B", { names }), /lot/);
	const { stages, elected } = count("ranked-pairs", "1 A B C, 1 B C A, 1 C A B",
		{ names, lot: true });
	assert.equal(stages[0].tie, "lot");
	assert.deepEqual(stages[0].tied, [1, 2, 3]);
	assert.equal(elected[0].candidate, 1);
});

test("level majority grades are told apart by what lies around them", () => {
	const result = count("majority-judgment",
		"1 Ann=1 Bo=1, 1 Ann=2 Bo=1, 1 Ann=2 Bo=2, 1 Ann=3 Bo=2, 1 Ann=3 Bo=5",
		{ names: ["Ann", "Bo"] });
	assert.deepEqual(result.places, [1, 2]);
	assert.equal(result.stages[1].tie, "rule");
	assert.deepEqual(result.tables.map((t) => t.cells), [
		[["1", "2", "2", "0", "0", "0"], ["2", "2", "0", "0", "1", "0"]],
		[["2", "2", "1"], ["1", "2", "2"]]]);
	rejects(() => count("majority-judgment:grades=4", "1 Ann=5"), /highest/);
});

test("grades are from 1, which is who has none; who gives everybody 1 is counted", () => {
	const result = count("majority-judgment:grades=3", "2 Ann=1 Bo=1, 1 Ann=3, 4",
		{ names: ["Ann", "Bo"] });
	assert.deepEqual([result.valid, result.blank].map(Number), [3, 4]);
	assert.equal(tallies(result)[0], "1 1");
	assert.deepEqual(result.places, [1, 2]);
	assert.deepEqual(result.tables[0], { cells: [["2", "0", "1"], ["3", "0", "0"]],
		columns: ["1", "2", "3"], name: "grades", rows: ["Ann", "Bo"] });
});

test("the runoff of star can seat who has the lower sum", () => {
	const result = count("star", "2 Ann=5, 3 Ann=1 Bo=4, 1 Ann=1 Bo=1 Cy=2, 1",
		{ names: ["Ann", "Bo", "Cy"] });
	assert.deepEqual(tallies(result), ["14 13 2", "2 3 0", "2 3 0", "14 13 2"]);
	assert.deepEqual(result.elected, [{ candidate: 2, stage: 3, without_quota: false }]);
	assert.equal(result.stages[1].nontransferable, "1");
});

test("the keep value of the page's example is rounded up", () => {
	const result = count("meek", "40 A B, 10 B, 10 C", { names: ["A", "B", "C"], seats: 2 });
	assert.deepEqual(tallies(result), ["40.000000000 10.000000000 10.000000000",
		"20.000000040 29.999999960 10.000000000", "20.000000040 29.999999960 10.000000000"]);
	assert.equal(result.quota, "20.000000001");
	assert.equal(result.tables[0].cells[1][0], "0.500000001");
});

test("nobody is elected where more reach Meek's quota than there are seats", () => {
	const result = count("meek-prf", "17 A B C, 17 A B D, 8 B C, 8 B D, 6 C, 6 D",
		{ names: ["A", "B", "C", "D"], seats: 3, lot: true });
	assert.equal(result.stages[1].tallies.join(" "),
		"15.500000002 15.499999994 15.500000002 15.500000002");
	assert.equal(result.stages[1].quota, "15.500000001");
	assert.equal(result.elected.length, 3);
});

test("quotients of qpq count the share of a seat that ballots have used", () => {
	const result = count("qpq", "12 A B, 7 B, 5 C", { names: ["A", "B", "C"], seats: 2 });
	assert.deepEqual(result.stages.map((s) => s.action), ["first", "election", "election", "end"]);
	assert.deepEqual(result.tables[0].cells[1], ["12.000000000", "9.500000000", "5.000000000"]);
});

test("instant runoff excludes a batch that cannot win, and looks back in a tie", () => {
	const result = count("irv:batch=on", "7 Ann Bo, 6 Bo Ann, 2 Cy, 1 Cy Bo, 1 Di");
	assert.deepEqual(tallies(result).slice(0, 3), ["7 6 3 1", "7 7 0 0", "13 0 0 0"]);
	assert.deepEqual(result.stages.map((s) => s.tie), ["none", "none", "earlier stage", "none"]);
	assert.deepEqual(result.places, [1, 2, 3, 4]);
	rejects(() => count("irv", "1 Ann", { seats: 2 }), /one seat/);
});

test("Coombs excludes whom most are against", () => {
	const result = count("coombs", "4 Ann Bo Cy, 2 Bo Cy Ann, 3 Cy Bo Ann",
		{ names: ["Ann", "Bo", "Cy"] });
	assert.deepEqual(tallies(result).slice(0, 2), ["4 2 3", "0 6 3"]);
	assert.deepEqual(result.tables[0].cells[0], ["5", "0", "4"]);
	assert.equal(result.elected[0].candidate, 2);
});

test("Bucklin adds ranks until somebody has a majority", () => {
	const result = count("bucklin", "4 Ann Bo, 3 Bo Cy, 2 Cy Ann", { names: ["Ann", "Bo", "Cy"] });
	assert.deepEqual(tallies(result), ["4 3 2", "6 7 5", "6 7 5"]);
	assert.equal(result.elected[0].candidate, 2);
});

test("the supplementary vote looks at second preferences once", () => {
	const result = count("supplementary-vote",
		"3 Ann Bo, 2 Bo, 2 Cy Ann, 1 Di Bo, 1 Di Cy, 1 Di");
	assert.deepEqual(tallies(result).slice(0, 2), ["3 2 2 3", "5 0 0 3"]);
	assert.deepEqual(result.stages.map((s) => s.quota), ["6", null, null]);
});

const STV = "10 Ann Cy Bo, 5 Ann, 7 Bo, 2 Cy Di, 6 Di";

test("a batch of each value is a stage in northern-ireland", () => {
	const result = count("northern-ireland", STV, { seats: 2 });
	assert.deepEqual(tallies(result), ["15.00 7.00 2.00 6.00", "11.00 7.00 6.00 6.00",
		"11.00 7.00 4.00 8.00", "11.00 11.00 0.00 8.00", "11.00 11.00 0.00 8.00"]);
	assert.deepEqual(result.stages[2].tied, [3, 4]);
	assert.equal(result.stages[2].tie, "earlier stage");
});

for (const [rule, quota, expected] of [["ers97", "10.00", "10.00 7.00 7.00 6.00"],
	["wigm-prf", "10.0001", "10.0001 7.0000 5.3330 6.0000"],
	["cfer", "10.00001", "10.00001 7.00000 5.33330 6.00000"],
	["mpls", "11.0000", "11.0000 7.0000 4.6660 6.0000"],
	["cambridge", "11.00000", "11.00000 7.00000 4.66660 6.00000"]])
	test(`${rule} transfers the surplus of the page's example`, () => {
		const result = count(rule, STV, { seats: 2 });
		assert.equal(result.stages[0].quota, quota);
		assert.equal(tallies(result)[1], expected);
		assert.deepEqual(result.elected.map((e) => e.candidate), [1, 2]);
	});
