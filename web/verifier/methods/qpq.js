// SPDX-License-Identifier: Apache-2.0
// qpq: Woodall's quota preferential by quotient (docs/counting/meek.md).
import { closeWith, isComplete } from "./transfers.js";
import { reject } from "../errors.js";

const W = 10n ** 18n, VOTE = 10n ** 9n;

const VOTES_MOST = ((1n << 127n) - 1n) / (VOTE * W);

function check({ answers, seats }) {
	const n = answers.length, m = Math.min(seats, n);
	if (n * (2 + (n - m + 1) * m) > 2 ** 22)
		reject("qpq: so many candidates and seats have too many stages");
}

export const qpq = { name: "qpq", gives: "ranks", options: [], check,
	votesMost: () => VOTES_MOST, count(e) {
		new Count(e).run();
	} };

/** a / b in units of 10^−9 of a's, where b is in units of 10^−18: to the nearest, halves up. */
function near(a, b) {
	const scaled = a * 10n ** 27n;
	return scaled / b + (2n * (scaled % b) >= b ? 1n : 0n);
}

class Count {
	constructor(e) {
		e.useDecimals(9);
		this.e = e;
		if (e.valid > VOTES_MOST)
			reject("qpq: so many ballots are too much to count");
		this.quotient = e.zeros();
		this.rows = { quotient: [], share: [] };
	}

	run() {
		const { e } = this;
		this.startOver();
		this.record({ action: "first" });
		while (!isComplete(e)) {
			const hopeful = e.with("hopeful");
			const best = e.narrow(hopeful, this.quotient, true);
			if (this.quotient[best[0]] > e.quota)
				this.elect(best);
			else
				this.exclude(e.narrow(hopeful, this.quotient, false));
		}
		this.remember();
		closeWith(e, this.quotient);
		this.table("quotient", e.question.answers, { one: VOTE, decimals: 9 });
		this.table("share", [...e.question.answers, "inactive"], { one: W, decimals: 18 });
	}

	table(name, columns, form) {
		const cells = this.rows[name];
		this.e.table({ name, rows: cells.map((_, i) => String(i + 1)), columns, cells, form });
	}

	remember() {
		this.rows.quotient.push([...this.quotient]);
		this.rows.share.push([...this.share, this.inactiveShare]);
	}

	record(stage) {
		this.remember();
		this.e.record(stage);
	}

	/** A ballot's first hopeful candidate; −1: none, it is inactive. */
	first(choices) {
		return choices.find((c) => this.e.status[c] === "hopeful") ?? -1;
	}

	startOver() {
		const { e } = this;
		for (const c of e.with("elected"))
			e.status[c] = "hopeful";
		e.elected = [];
		this.share = e.zeros();
		this.inactiveShare = 0n;
		this.with = new Map(e.piles.map((pile) => [pile, this.first(pile.choices)]));
		this.compute();
	}

	compute() {
		const { e } = this;
		this.votes = e.zeros();
		let inactive = 0n;
		for (const [{ weight }, c] of this.with)
			if (c < 0)
				inactive += weight;
			else
				this.votes[c] += weight;
		for (const c of e.with("hopeful"))
			this.quotient[c] = near(this.votes[c], W + this.share[c]);
		e.quota = near(e.valid - inactive, BigInt(e.seats + 1) * W - this.inactiveShare);
		e.tallies = e.status.map((s, c) => s === "hopeful" ? this.votes[c] * VOTE : 0n);
		e.nontransferable = inactive * VOTE;
	}

	elect(level) {
		const { e } = this;
		const c = e.lot(level);
		const votes = this.votes[c], worth = W + this.share[c];
		e.elect(c, "elected");
		if (!isComplete(e)) {
			const moved = new Map();
			for (const [pile, at] of this.with)
				if (at === c) {
					const to = this.first(pile.choices);
					this.with.set(pile, to);
					moved.set(to, (moved.get(to) ?? 0n) + pile.weight);
				}
			for (const [to, n] of moved)
				if (to < 0)
					this.inactiveShare += n * worth / votes;
				else
					this.share[to] += n * worth / votes;
			this.share[c] = 0n;
			this.compute();
		}
		this.record({ action: "election", candidates: [c], amount: votes * VOTE, ...tie(level) });
	}

	exclude(level) {
		const { e } = this;
		const c = e.lot(level);
		const amount = this.votes[c] * VOTE;
		e.status[c] = "defeated";
		this.quotient[c] = 0n;
		if (isComplete(e)) {
			e.nontransferable += amount;
			e.tallies[c] = 0n;
		} else {
			this.startOver();
		}
		this.record({ action: "exclusion", candidates: [c], amount, ...tie(level) });
	}
}

function tie(level) {
	return level.length > 1 ? { tie: "lot", tied: level } : {};
}
