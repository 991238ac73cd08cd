// SPDX-License-Identifier: Apache-2.0
// bucklin and supplementary-vote (docs/counting/irv.md).
import { oneSeat } from "./irv.js";

export const bucklin = { name: "bucklin", gives: "ranks", check: oneSeat,
	options: [{ name: "ranks", min: 1, max: 1000, otherwise: 1000 }],
	count(e, { ranks }) {
		const last = Math.max(1, Math.min(ranks, e.longest()));
		e.quota = e.valid / 2n + 1n;
		for (let rank = 1; rank <= last; rank++) {
			for (const { choices, weight } of e.piles)
				if (rank <= choices.length)
					e.tallies[choices[rank - 1]] += weight;
			const stage = { action: rank === 1 ? "first" : "round" };
			const reached = e.standing.some((c) => e.tallies[c] >= e.quota);
			if (e.standing.length === 0 || (!reached && rank < last)) {
				e.record(stage);
				continue;
			}
			const { candidates: [winner], ...note } = e.choose(e.standing, true);
			e.elect(winner, "elected", e.tallies[winner] < e.quota);
			e.record({ ...stage, ...note });
			break;
		}
		e.place(e.tallies);
		e.end();
	} };

export const supplementaryVote = { name: "supplementary-vote", gives: "ranks", options: [],
	check: oneSeat, count(e) {
		for (const { choices, weight } of e.piles)
			e.tallies[choices[0]] += weight;
		e.quota = e.valid / 2n + 1n;
		const winner = e.standing.find((c) => e.tallies[c] >= e.quota);
		if (winner !== undefined)
			e.elect(winner, "elected");
		e.record({ action: "first" });
		if (winner !== undefined) {
			e.end();
			return;
		}
		e.quota = null;
		const [, second] = e.highestFirst(e.standing);
		const out = e.standing.filter((c) => second !== undefined &&
			e.tallies[c] < e.tallies[second]);
		if (out.length > 0)
			transfer(e, out);
		e.seatHighest(e.tallies);
	} };

function transfer(e, out) {
	const amount = out.reduce((sum, c) => sum + e.tallies[c], 0n);
	for (const c of out) {
		e.status[c] = "defeated";
		e.tallies[c] = 0n;
	}
	for (const { choices, weight } of e.piles)
		if (e.status[choices[0]] === "defeated" && e.status[choices[1]] === "hopeful")
			e.tallies[choices[1]] += weight;
		else if (e.status[choices[0]] === "defeated")
			e.nontransferable += weight;
	e.record({ action: "exclusion", candidates: out, amount });
}
