// SPDX-License-Identifier: Apache-2.0
// irv, coombs and plurality (docs/counting/irv.md). No ballot of an election has gaps: the options
// that say what those mean are read, and change nothing.
import { reject } from "../errors.js";

export function oneSeat(question) {
	if (question.seats > 1)
		reject(`question "${question.id}": this rule is for one seat`);
}

const sum = (list) => list.reduce((a, b) => a + b, 0n);

/** Elects who has the quota, if `mayEnd`, or is alone; answers whether somebody was elected. */
export function electByMajority(e, mayEnd) {
	const hopeful = e.with("hopeful");
	e.quota = sum(e.tallies) / 2n + 1n;
	const winner = hopeful.length === 1 ? hopeful[0] :
		mayEnd ? hopeful.find((c) => e.tallies[c] >= e.quota) : undefined;
	if (winner === undefined)
		return false;
	e.elect(winner, "elected", e.tallies[winner] < e.quota);
	return true;
}

/** The elected, who was hopeful at the end, and the excluded: those of later stages first. */
export function placeByStages(e, excluded) {
	const groups = [e.with("elected"), e.with("hopeful"),
		...excluded.map((stage) => stage.candidates).reverse()];
	const had = [...e.tallies];
	for (const { candidates, tallies } of excluded)
		for (const c of candidates)
			had[c] = tallies[c];
	const rank = e.zeros();
	groups.forEach((group, i) => group.forEach((c) =>
		(rank[c] = BigInt(groups.length - i) << 64n | had[c])));
	e.place(rank);
}

export const irv = { name: "irv", gives: "ranks", check: oneSeat,
	options: [
		{ name: "batch", words: ["off", "on"], otherwise: "off" },
		{ name: "minimum", min: 0, max: 2147483647, otherwise: 0 },
		{ name: "overvote", words: ["exhaust", "skip"], otherwise: "exhaust" },
		{ name: "ranks", min: 1, max: 1000, otherwise: 1000 },
		{ name: "repeated", words: ["skip", "exhaust"], otherwise: "skip" },
		{ name: "skipped", min: 0, max: 1000, otherwise: 1000 },
		{ name: "stop", words: ["majority", "two"], otherwise: "majority" },
		{ name: "ties", words: ["earlier", "lot"], otherwise: "earlier" },
		{ name: "write-ins", words: ["stay", "first"], otherwise: "stay" },
	],
	count(e, options) {
		new Count(e, options).run();
	} };

class Count {
	constructor(e, options) {
		Object.assign(this, { e, options });
		this.excluded = [];
		this.inactive = [];
		this.transfers = [];
		// The ballots that are with each candidate: where they stand on it, and what they weigh.
		this.held = Array.from({ length: e.candidates }, () => []);
	}

	run() {
		const { e, options } = this;
		for (const { ranks, weight } of e.piles)
			this.read({ ranks, weight, at: 0 });
		let stage = { action: "first" };
		for (;;) {
			const mayEnd = options.stop === "majority" || e.with("hopeful").length <= 2;
			const isOver = electByMajority(e, mayEnd) || e.with("hopeful").length === 0;
			this.record(stage);
			if (isOver)
				break;
			stage = this.exclude();
		}
		placeByStages(e, this.excluded);
		this.inactive.push(this.inactive.at(-1));
		e.end();
		e.table({ name: "inactive", rows: this.inactive.map((_, i) => String(i + 1)),
			columns: ["exhausted", "overvote", "skipped", "repeated"], cells: this.inactive });
		if (this.transfers.length > 0)
			e.table({ name: "transfers", rows: this.transfers.map((t) => e.question.answers[t.of]),
				columns: [...e.question.answers, "inactive"],
				cells: this.transfers.map((t) => t.row) });
	}

	record(stage) {
		this.inactive.push([this.e.nontransferable, 0n, 0n, 0n]);
		this.e.record(stage);
	}

	/** Gives a ballot to the next hopeful candidate from `at` on; answers who, or −1. */
	read({ ranks, weight, at }) {
		const { e } = this;
		const end = Math.min(ranks.length, this.options.ranks);
		while (at < end && e.status[ranks[at]] !== "hopeful")
			at++;
		if (at === end || at > end) {
			e.nontransferable += weight;
			return -1;
		}
		e.tallies[ranks[at]] += weight;
		this.held[ranks[at]].push({ ranks, weight, at });
		return ranks[at];
	}

	exclude() {
		const { e } = this;
		const { candidates, ...note } = this.whom();
		const tallies = [...e.tallies];
		for (const c of candidates) {
			e.status[c] = "defeated";
			e.tallies[c] = 0n;
		}
		for (const c of candidates) {
			const row = new Array(e.candidates + 1).fill(0n);
			for (const { ranks, weight, at } of this.held[c]) {
				const to = this.read({ ranks, weight, at: at + 1 });
				row[to < 0 ? e.candidates : to] += weight;
			}
			this.transfers.push({ of: c, row });
		}
		this.excluded.push({ candidates, tallies });
		return { action: "exclusion", candidates, amount: sum(candidates.map((c) => tallies[c])),
			...note };
	}

	whom() {
		const { e, options } = this;
		const hopeful = e.with("hopeful");
		if (options["write-ins"] === "first" && e.stages.length === 1) {
			const undeclared = hopeful.filter((c) => e.question.answers[c] === "UWI");
			if (undeclared.length > 0)
				return { candidates: undeclared };
		}
		const few = hopeful.filter((c) => e.tallies[c] < BigInt(options.minimum));
		if (few.length > 0 && few.length < hopeful.length)
			return { candidates: few };
		const batch = options.batch === "on" ? this.batch(hopeful) : [];
		if (batch.length > 0)
			return { candidates: batch };
		return e.choose(hopeful, false, options.ties === "earlier");
	}

	batch(hopeful) {
		const { tallies } = this.e;
		const order = this.e.highestFirst(hopeful).reverse();
		const most = order.length - (this.options.stop === "two" ? 2 : 1);
		for (let k = most; k > 0; k--)
			if (sum(order.slice(0, k).map((c) => tallies[c])) < tallies[order[k]])
				return order.slice(0, k).sort((a, b) => a - b);
		return [];
	}
}

export const coombs = { name: "coombs", gives: "ranks", check: oneSeat,
	options: [{ name: "stop", words: ["majority", "one"], otherwise: "majority" },
		{ name: "unranked", words: ["last", "none"], otherwise: "last" }],
	count(e, { stop, unranked }) {
		const rows = [], excluded = [];
		let stage = { action: "first" };
		for (;;) {
			const against = countAgain(e, unranked);
			rows.push(against);
			const isOver = electByMajority(e, stop === "majority") ||
				e.with("hopeful").length === 0;
			e.record(stage);
			if (isOver)
				break;
			const { candidates, ...note } = mostAgainst(e, against);
			excluded.push({ candidates, tallies: [...e.tallies] });
			stage = { action: "exclusion", candidates, amount: e.tallies[candidates[0]], ...note };
			e.status[candidates[0]] = "defeated";
		}
		placeByStages(e, excluded);
		e.end();
		e.table({ name: "against", rows: rows.map((_, i) => String(i + 1)), cells: rows });
	} };

/** Tallies of first preferences among the hopeful; answers the ballots against each of them. */
function countAgain(e, unranked) {
	const hopeful = e.with("hopeful"), against = e.zeros();
	let incomplete = 0n;
	e.tallies = e.zeros();
	e.nontransferable = 0n;
	for (const { choices, weight } of e.piles) {
		const named = choices.filter((c) => e.status[c] === "hopeful");
		if (named.length === 0)
			e.nontransferable += weight;
		else
			e.tallies[named[0]] += weight;
		if (named.length === hopeful.length) {
			for (const c of named.slice(-1))
				against[c] += weight;
		} else if (unranked === "last") {
			// Against everybody but those who are named.
			incomplete += weight;
			for (const c of named)
				against[c] -= weight;
		}
	}
	for (const c of hopeful)
		against[c] += incomplete;
	return against;
}

function mostAgainst(e, against) {
	const level = e.narrow(e.with("hopeful"), against, true);
	if (level.length === 1)
		return { candidates: level };
	const left = e.narrow(level, e.tallies, false);
	if (left.length === 1)
		return { candidates: left, tie: "rule", tied: level };
	return { candidates: [e.lot(left)], tie: "lot", tied: left };
}

export const firstPreferences = { name: "plurality", gives: "ranks", options: [], count(e) {
	for (const { choices, weight } of e.piles)
		e.tallies[choices[0]] += weight;
	e.place(e.tallies);
	e.record({ action: "first" });
	e.seatHighest(e.tallies);
} };
