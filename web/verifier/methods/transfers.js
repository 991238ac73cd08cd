// SPDX-License-Identifier: Apache-2.0
// What the methods that transfer votes share: when they are complete, how they end, and, where
// papers have values, how those move (docs/counting/stv.md).

export const sum = (list) => list.reduce((a, b) => a + b, 0n);

export function seatsLeft(e) {
	return e.seats - e.elected.length;
}

export function isComplete(e) {
	return seatsLeft(e) <= 0 || e.with("hopeful").length <= seatsLeft(e);
}

/** The seats that are left go to the hopeful, the highest first; level ones: the lower number. */
export function closeWith(e, numbers, note = {}) {
	for (const c of e.highestFirst(e.with("hopeful"), numbers))
		if (seatsLeft(e) > 0)
			e.elect(c, "elected", true);
	e.end(note);
}

/** First preferences at the value of one vote: what each candidate holds. */
export function dealPapers(e) {
	e.held = Array.from({ length: e.candidates }, () => []);
	for (const { choices, weight } of e.piles)
		give(e, choices[0], { choices, at: 0, weight, value: e.form.one });
}

export function give(e, candidate, paper) {
	e.held[candidate].push(paper);
	e.tallies[candidate] += paper.weight * paper.value;
}

/** Where the first hopeful candidate behind the one it is with stands on a paper; or −1. */
export function nextOf(e, { choices, at }) {
	return choices.findIndex((c, i) => i > at && e.status[c] === "hopeful");
}

/** Moves papers on at a new value; answers the votes that they have now. */
export function move(e, papers, valueOf, marks = {}) {
	let moved = 0n;
	for (const paper of papers) {
		const at = nextOf(e, paper), value = valueOf(paper.value);
		if (at >= 0)
			give(e, paper.choices[at], { ...paper, at, value, ...marks });
		else
			e.nontransferable += paper.weight * value;
		moved += paper.weight * value;
	}
	return moved;
}

export function surplusOf(e, c) {
	return e.tallies[c] > e.quota ? e.tallies[c] - e.quota : 0n;
}

/**
 * The largest set of the lowest hopeful candidates that cannot win with `more` votes; [] without
 * one. mayLevel: also when they could just become level. suits(set): a further condition.
 */
export function sureLosers(e, more, { mayLevel = false, suits = () => true } = {}) {
	const order = e.highestFirst(e.with("hopeful")).reverse();
	for (let k = order.length - 1; k > 0; k--) {
		const set = order.slice(0, k), above = e.tallies[order[k]];
		const most = sum(set.map((c) => e.tallies[c])) + more;
		if (order.length - k >= seatsLeft(e) && above > e.tallies[order[k - 1]] &&
			(most < above || (mayLevel && most === above)) && suits(set))
			return set.sort((a, b) => a - b);
	}
	return [];
}

/** Whether an exclusion leaves no more hopeful candidates than seats. */
export function leavesNoMore(e, candidates) {
	return e.with("hopeful").length - candidates.length <= seatsLeft(e);
}
