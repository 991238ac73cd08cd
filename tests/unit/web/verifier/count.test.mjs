// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { countQuestion } from "../../../../web/verifier/count.js";
import { dataPath, readJson, rejects } from "./support/support.mjs";

/** Reads a BLT file into a question and its ballots. */
function readBlt(path, rule = "scotland") {
	const lines = readFileSync(path, "utf8").split(/\r?\n/).map((s) => s.trim())
		.filter((s) => s !== "" && !s.startsWith("#"));
	const [candidates, seats] = lines.shift().split(/\s+/).map(Number);
	const question = { id: "q", title: "t", rule, seats, withdrawn: [], lot: null, answers: [] };
	const ballots = [];
	for (let line = lines.shift(); line !== "0"; line = lines.shift()) {
		const tie = /^\[tie ([\d ]+)\]$/.exec(line);
		if (tie) {
			question.lot = tie[1].trim().split(/\s+/).map(Number);
			continue;
		}
		// Options of another counter.
		if (line.startsWith("["))
			continue;
		const [weight, ...numbers] = line.replace(/\s*#.*/, "").split(/\s+/).map(Number);
		if (weight < 0) {
			question.withdrawn.push(...[weight, ...numbers].map((c) => -c));
			continue;
		}
		assert.equal(numbers.pop(), 0);
		ballots.push({ choices: numbers.map((c) => c - 1), weight: BigInt(weight) });
	}
	question.answers = lines.slice(0, candidates).map((s) => s.replace(/^"(.*)".*$/, "$1"));
	return { question, ballots };
}

/** Compares a count with what an independent counter wrote down, stage by stage. */
function compare(path, expected) {
	const { question, ballots } = readBlt(path);
	const result = countQuestion(question, ballots);
	assert.equal(result.quota, expected.quota);
	assert.deepEqual(result.elected.map((e) => question.answers[e.candidate - 1]).sort(),
		[...expected.elected_set].sort());
	const last = result.stages.at(-1);
	if (expected.final_tallies)
		assert.deepEqual(Object.fromEntries(question.answers.flatMap((name, i) =>
			question.withdrawn.includes(i + 1) ? [] : [[name, last.tallies[i]]])),
		expected.final_tallies);
	if (!expected.stages)
		return;
	expected.stages.filter((s) => s.action !== "Count Complete").forEach((s, i) => {
		const ours = result.stages[i + 1];
		assert.deepEqual(ours.tallies, s.tallies, `stage ${i + 2}: ${s.action}`);
		assert.equal(ours.nontransferable, s.nontransferable);
		for (const [name, state] of Object.entries(s.state)) {
			const status = ours.status[question.answers.indexOf(name)];
			assert.equal(status === "pending" ? "elected-pending" : status, state,
				`${name}: ${s.action}`);
		}
	});
}

for (const folder of ["stv-scottish-glasgow-2007", "stv-scottish-edinburgh-2017"]) {
	const full = dataPath("election-data", folder);
	const files = existsSync(full) ? readdirSync(full).filter((f) => f.endsWith(".blt")) : [];
	if (files.length === 0)
		test(`counts of ${folder} agree`, { skip: `${full} is not there` }, () => {});
	for (const file of files)
		test(`the count of ${folder}/${file} agrees at every stage`, () => {
			const expected = file.replace(".blt", ".expected.json");
			compare(join(full, file), readJson(join(full, expected)));
		});
}

const cases = dataPath("election-data", "rule-cases");
if (!existsSync(cases))
	test("small tricky counts agree", { skip: `${cases} is not there` }, () => {});
else
	// Equal rankings (with nicknames) are of other rules: a ballot here cannot say them.
	for (const file of readdirSync(cases).filter((f) => f.endsWith(".blt") &&
		!readFileSync(join(cases, f), "utf8").includes("[nick")))
		test(`the small tricky count ${file} agrees, or needs a lot that nobody declared`, () => {
			const path = join(cases, file);
			const { scotland } = readJson(path.replace(".blt", ".expected.json"));
			try {
				compare(path, scotland);
			} catch (e) {
				if (!/no declared lot/.test(e.message))
					throw e;
				assert.equal(readBlt(path).question.lot, null);
			}
		});

const QUESTION = { id: "q", title: "t", rule: "scotland", seats: 2, withdrawn: [4],
	lot: [5, 4, 3, 2, 1], answers: ["A", "B", "C", "D", "E"] };
const BALLOTS = [[3, 0, 1, 2], [3, 1, 0], [2, 2, 3, 0], [1, 3], [1, 0], [2, 4, 2, 1], [2]]
	.map(([weight, ...choices]) => ({ weight: BigInt(weight), choices }));

test("a tie that only the lot decides is decided by it, and votes add up at every stage", () => {
	const { stages, elected, valid, blank } = countQuestion(QUESTION, BALLOTS);
	assert.equal(blank, 3);
	assert.equal(valid, 11);
	assert.ok(stages.length > 3 && elected.length === 2);
	for (const s of stages) {
		const sum = [...s.tallies, s.nontransferable, s.truncated]
			.reduce((a, v) => a + BigInt(v.replace(".", "")), 0n);
		assert.equal(sum, 1100000n);
	}
});

test("a tie without a lot gives no result", () => {
	const ballots = [[0], [1], [2]].map((choices) => ({ choices, weight: 1n }));
	const question = { ...QUESTION, seats: 1, withdrawn: [], answers: ["A", "B", "C"] };
	rejects(() => countQuestion({ ...question, lot: null }, ballots), /lot/);
	rejects(() => countQuestion({ ...question, lot: [1, 2] }, ballots), /lot/);
	assert.equal(countQuestion({ ...question, lot: [3, 2, 1] }, ballots).elected[0].candidate, 1);
});

test("plurality gives the seats from the highest tally down", () => {
	const question = { ...QUESTION, rule: "plurality-at-large" };
	const result = countQuestion(question, [[[0, 2], 3n], [[1, 2], 2n], [[0], 1n], [[3], 4n]]
		.map(([choices, weight]) => ({ choices, weight })));
	assert.deepEqual(result.stages.map((s) => s.tallies), [["4", "2", "5", "0", "0"],
		["4", "2", "5", "0", "0"]]);
	assert.deepEqual(result.elected.map((e) => e.candidate), [3, 1]);
	assert.equal(result.quota, null);
	assert.equal(result.blank, 4);
});

test("plurality asks the lot only where more are level than seats are left", () => {
	const ballots = [[2], [2], [0], [1], [4]].map((choices) => ({ choices, weight: 1n }));
	const question = { ...QUESTION, rule: "plurality-at-large" };
	const three = countQuestion({ ...question, seats: 3 }, ballots);
	assert.deepEqual(three.elected.map((e) => e.candidate), [3, 5, 2]);
	assert.deepEqual(three.stages[1].tied, [1, 2, 5]);
	assert.equal(three.stages[1].tie, "lot");
	const four = countQuestion({ ...question, seats: 4, lot: null }, ballots);
	assert.deepEqual(four.elected.map((e) => e.candidate), [3, 1, 2, 5]);
	assert.equal(four.stages[1].tie, "none");
	rejects(() => countQuestion({ ...question, seats: 3, lot: null }, ballots), /lot/);
});

test("weights of 2^30 are counted exactly", () => {
	const result = countQuestion({ ...QUESTION, withdrawn: [], seats: 1 },
		[[0], [0], [1]].map((choices) => ({ choices, weight: 2n ** 30n })));
	assert.equal(result.stages[0].tallies[0], "2147483648.00000");
	assert.equal(result.valid, 3 * 2 ** 30);
});

/** So many rankings, all different, that begin with candidate 0. */
function differentRankings(count, candidates) {
	return Array.from({ length: count }, (_, i) => {
		const left = Array.from({ length: candidates - 1 }, (_, c) => c + 1);
		const choices = [0];
		for (let rest = i; left.length > 0; rest = Math.floor(rest / (left.length + 1)))
			choices.push(...left.splice(rest % left.length, 1));
		return { choices, weight: 1n };
	});
}

// A call takes some 120,000 arguments, and no more.
for (const rule of ["borda", "borda-nauru", "bucklin", "northern-ireland"])
	test(`${rule} counts more different rankings than a call has arguments`, () => {
		const answers = Array.from({ length: 10 }, (_, i) => `c${i}`);
		const lot = answers.map((_, i) => i + 1);
		const result = countQuestion({ ...QUESTION, answers, lot, withdrawn: [], rule,
			seats: rule === "northern-ireland" ? 2 : 1 }, differentRankings(130000, 10));
		assert.equal(result.valid, 130000);
		assert.equal(result.elected[0].candidate, 1);
	});
