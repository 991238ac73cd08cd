// SPDX-License-Identifier: Apache-2.0
// star: score, then automatic runoff, seat by seat (docs/counting/grades.md).
import { countGrades, demandAtMost } from "./grades.js";

export const star = { name: "star", gives: "points",
	options: [{ name: "max", min: 1, max: 99, otherwise: 5 }],
	pointsMost: ({ max }) => max,
	count(e, { max }) {
		demandAtMost(e, max);
		new Count(e, max).run();
	} };

class Count {
	constructor(e, max) {
		this.e = e;
		const grades = countGrades(e, 0, max);
		this.best = grades.map((counts) => counts[max]);
		this.sums = grades.map((counts) => counts.reduce((sum, count, score) =>
			sum + count * BigInt(score), 0n));
		this.wins = Array.from({ length: e.candidates }, () => e.zeros());
		for (const { choices, points, weight } of e.piles) {
			const of = new Array(e.candidates).fill(0);
			choices.forEach((c, at) => (of[c] = points[at]));
			for (const i of choices)
				for (const j of e.standing)
					if (of[i] > of[j])
						this.wins[i][j] += weight;
		}
		e.table({ name: "pairwise", cells: this.wins });
	}

	run() {
		const { e } = this;
		e.tallies = [...this.sums];
		e.record({ action: "first" });
		while (e.elected.length < e.seats && e.with("hopeful").length > 1)
			this.fillSeat();
		e.tallies = [...this.sums];
		e.nontransferable = 0n;
		if (e.elected.length < e.seats)
			for (const c of e.with("hopeful"))
				e.elect(c, "elected");
		e.end();
	}

	fillSeat() {
		const { e } = this;
		const [i, j, note] = this.finalists();
		e.tallies = e.zeros();
		e.tallies[i] = this.wins[i][j];
		e.tallies[j] = this.wins[j][i];
		e.nontransferable = e.valid - e.tallies[i] - e.tallies[j];
		e.record({ action: "round", candidates: [i, j], ...note });
		const won = this.winner([i, j]);
		e.elect(won.candidates[0], "elected");
		e.record({ action: "election", ...won });
	}

	/** The two of the runoff, ascending, and the note on how they were found. */
	finalists() {
		const { e } = this;
		const taken = [];
		let note = {};
		while (taken.length < 2) {
			const level = e.narrow(e.with("hopeful").filter((c) => !taken.includes(c)), this.sums,
				true);
			if (level.length <= 2 - taken.length) {
				taken.push(level[0]);
				continue;
			}
			const { candidate, ...how } = this.breakTie(level);
			taken.push(candidate);
			if (note.tie !== "lot")
				note = how;
		}
		return [...taken.sort((a, b) => a - b), note];
	}

	breakTie(level) {
		const { e } = this;
		let left = level;
		for (;;) {
			const lost = left.map((c) => left.filter((d) => this.wins[d][c] > this.wins[c][d])
				.length);
			const most = Math.max(...lost);
			const stay = left.filter((_, i) => lost[i] < most);
			if (stay.length === 0)
				break;
			left = stay;
		}
		left = e.narrow(left, this.best, true);
		if (left.length === 1)
			return { candidate: left[0], tie: "rule", tied: level };
		return { candidate: e.lot(left), tie: "lot", tied: left };
	}

	winner(both) {
		const { e } = this;
		let left = e.narrow(both, e.tallies, true);
		if (left.length === 1)
			return { candidates: left };
		for (const numbers of [this.sums, this.best])
			left = e.narrow(left, numbers, true);
		return { candidates: [e.lot(left)], tie: left.length === 1 ? "rule" : "lot", tied: both };
	}
}
