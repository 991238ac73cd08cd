// SPDX-License-Identifier: Apache-2.0
// Points by place, sums of points and of marks (docs/counting/positional.md).
import { reject } from "../errors.js";

const WORTH_MAX = 1000000000;

/** A method in which place i, from 1, is worth what worth(e, options) says of it. */
function positional({ worth, options = [], check, ...method }) {
	return { gives: "ranks", options, check, count, ...method };

	function count(e, said) {
		addPlaces(e, worth(e, said));
		if (said.unranked === "shared")
			share(e);
		votersByPosition(e);
		finish(e);
	}
}

function addPlaces(e, worthOf) {
	for (const { choices, weight } of e.piles)
		choices.forEach((c, i) => (e.tallies[c] += weight * worthOf(BigInt(i + 1))));
}

/** Who has no place on a paper shares what the places behind its last one are worth. */
function share(e) {
	e.useFraction(2n);
	e.tallies = e.tallies.map((points) => 2n * points);
	for (const { choices, weight } of e.piles) {
		const unranked = e.standing.filter((c) => !choices.includes(c));
		for (const c of unranked)
			e.tallies[c] += weight * BigInt(unranked.length - 1);
	}
}

function votersByPosition(e) {
	const longest = e.longest();
	const cells = Array.from({ length: e.candidates }, () => new Array(longest).fill(0n));
	for (const { choices, weight } of e.piles)
		choices.forEach((c, i) => (cells[c][i] += weight));
	e.table({ name: "voters_by_position", columns: cells[0].map((_, i) => String(i + 1)), cells });
}

function finish(e) {
	e.place(e.tallies);
	e.record({ action: "first" });
	e.seatHighest(e.tallies);
}

const atLeast = (least, n) => n > least ? n : least;

export const borda = positional({
	name: "borda",
	options: [{ name: "points", min: 1, max: WORTH_MAX, otherwise: null },
		{ name: "unranked", words: ["zero", "shared"], otherwise: "zero" }],
	check(_, { points, unranked }) {
		if (points !== null && unranked === "shared")
			reject("borda: points are not to be said with unranked=shared");
	},
	worth(e, { points }) {
		const most = points === null ? BigInt(e.standing.length) : BigInt(points) + 1n;
		return (i) => atLeast(0n, most - i);
	},
});

export const bordaCustom = positional({
	name: "borda-custom",
	options: [{ name: "weights", min: 0, max: WORTH_MAX, list: true, otherwise: [] }],
	check(_, { weights }) {
		if (weights.length === 0)
			reject("borda-custom: no weights, as in borda-custom:weights=9/7/5");
	},
	worth: (_, { weights }) => (i) => BigInt(weights[Number(i) - 1] ?? 0),
});

const gcd = (a, b) => b === 0n ? a : gcd(b, a % b);

export const bordaNauru = positional({
	name: "borda-nauru",
	ranksMost: 48,
	worth(e) {
		const longest = e.longest();
		let common = 1n;
		for (let i = 2n; i <= longest; i++)
			common *= i / gcd(common, i);
		if (common * (e.valid + e.blank) > 1n << 126n)
			reject("borda-nauru: so many places and ballots have too large a denominator");
		e.useFraction(common);
		return (i) => common / i;
	},
});

const MAX = { name: "max", min: 1, max: 100000, otherwise: null };

function byMax(e, { max }) {
	const first = 13n * BigInt(max ?? e.candidates) / 10n;
	return (i) => atLeast(1n, first + 1n - i);
}

export const desborda = positional({ name: "desborda",
	worth: () => (i) => atLeast(1n, 81n - i) });
export const desborda2 = positional({ name: "desborda2", options: [MAX], worth: byMax });
export const desborda3 = positional({ name: "desborda3", options: [MAX], worth: byMax });

const most = (name) => ({ name, min: 1, max: WORTH_MAX, otherwise: null });

export const cumulative = { name: "cumulative", gives: "points",
	options: [most("checkboxes"), most("points")],
	pointsMost: ({ checkboxes }) => checkboxes ?? Infinity,
	totalMost: ({ points }) => points ?? Infinity,
	count(e, { checkboxes, points: total }) {
		if (e.pointsMost > (checkboxes ?? Infinity) || e.totalMost > (total ?? Infinity))
			reject("cumulative: a ballot gives more points than the rule says");
		for (const { choices, points, weight } of e.piles)
			choices.forEach((c, i) => (e.tallies[c] += weight * BigInt(points[i])));
		finish(e);
	} };
