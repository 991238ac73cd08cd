// SPDX-License-Identifier: Apache-2.0
// majority-judgment and score, and what star shares with them (docs/counting/grades.md).
import { reject } from "../errors.js";

/** Refuses ballots with a number that the rule does not have, be it for a withdrawn candidate. */
export function demandAtMost(e, highest) {
	if (e.pointsMost > highest)
		reject(`a ballot gives ${e.pointsMost}; the rule's highest number is ${highest}`);
}

/**
 * For each candidate, by number up to `highest`, how many ballots give it that. Who has no number
 * has the lowest, with which the table begins.
 */
export function countGrades(e, lowest, highest) {
	const cells = Array.from({ length: e.candidates }, () => new Array(highest + 1).fill(0n));
	for (const c of e.standing)
		cells[c][lowest] = e.valid;
	for (const { choices, points, weight } of e.piles)
		choices.forEach((c, i) => {
			cells[c][lowest] -= weight;
			cells[c][points[i]] += weight;
		});
	e.table({ name: "grades", columns: cells[0].map((_, grade) => String(grade)).slice(lowest),
		cells: cells.map((counts) => counts.slice(lowest)) });
	return cells;
}

export const score = { name: "score", gives: "points",
	options: [{ name: "max", min: 1, max: 1000000000, otherwise: 5 }],
	pointsMost: ({ max }) => max,
	count(e, { max }) {
		demandAtMost(e, max);
		for (const { choices, points, weight } of e.piles)
			choices.forEach((c, i) => (e.tallies[c] += weight * BigInt(points[i])));
		e.place(e.tallies);
		e.record({ action: "first" });
		e.seatHighest(e.tallies);
	} };

/** Where a ballot's grade stands: runs [grade, how many] of the items that are read in turn. */
function runs(counts, m) {
	const down = [], up = [];
	let before = 0n;
	counts.forEach((count, grade) => {
		const low = before < m ? (before + count < m ? before + count : m) - before : 0n;
		if (low > 0n)
			down.unshift([grade, low]);
		if (count > low)
			up.push([grade, count - low]);
		before += count;
	});
	return { down, up };
}

/** The first item, from 0, where two lists of runs of one length differ, and how; or null. */
function difference(a, b) {
	let at = 0n, i = 0, j = 0, usedA = 0n, usedB = 0n;
	while (i < a.length) {
		if (a[i][0] !== b[j][0])
			return { at, sign: a[i][0] - b[j][0] };
		const restA = a[i][1] - usedA, restB = b[j][1] - usedB;
		const step = restA < restB ? restA : restB;
		at += step;
		usedA += step;
		usedB += step;
		if (usedA === a[i][1])
			[i, usedA] = [i + 1, 0n];
		if (usedB === b[j][1])
			[j, usedB] = [j + 1, 0n];
	}
	return null;
}

/** Positive where a stands above b. */
function compare(a, b, isOdd) {
	const down = difference(a.down, b.down), up = difference(a.up, b.up);
	if (down === null || up === null)
		return (down ?? up)?.sign ?? 0;
	// Items are read m, m − 1, m + 1, … (odd) or m, m + 1, m − 1, … (even).
	const turnDown = isOdd ? 2n * down.at - 1n : 2n * down.at;
	const turnUp = isOdd ? 2n * up.at + 2n : 2n * up.at + 1n;
	return turnDown < turnUp ? down.sign : up.sign;
}

export const majorityJudgment = { name: "majority-judgment", gives: "points",
	options: [{ name: "grades", min: 2, max: 100, otherwise: 6 }],
	pointsMost: ({ grades }) => grades,
	count(e, { grades }) {
		demandAtMost(e, grades);
		const cells = countGrades(e, 1, grades), m = (e.valid + 1n) / 2n;
		const lists = cells.map((counts) => runs(counts, m));
		for (const c of e.standing)
			e.tallies[c] = BigInt(lists[c].down[0]?.[0] ?? 0);
		const sum = (list) => list.reduce((a, b) => a + b, 0n);
		e.table({ name: "majority", columns: ["above", "majority grade", "below"],
			cells: cells.map((counts, c) => [sum(counts.slice(Number(e.tallies[c]) + 1)),
				e.tallies[c], sum(counts.slice(0, Number(e.tallies[c])))]) });
		const order = e.zeros();
		for (const c of e.standing)
			order[c] = BigInt(e.standing.filter((d) =>
				compare(lists[c], lists[d], e.valid % 2n === 1n) > 0).length);
		e.place(order);
		e.record({ action: "first" });
		e.seatHighest(order, e.tallies);
	} };
