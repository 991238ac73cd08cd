// SPDX-License-Identifier: Apache-2.0
// Transfers of the last parcel: northern-ireland, ers97 (docs/counting/stv.md).
import { closeWith, dealPapers, isComplete, leavesNoMore, move, nextOf, seatsLeft, sum, sureLosers,
	surplusOf } from "./transfers.js";

const least = (a, b) => a < b ? a : b;
const up = (a, b) => (a + b - 1n) / b;

class Parcels {
	constructor(e) {
		this.e = e;
		e.useDecimals(2);
		dealPapers(e);
		for (const papers of e.held)
			for (const paper of papers)
				paper.stage = 0;
		/** Tallies at the points at which ties look back. */
		this.points = [];
	}

	run() {
		const { e } = this;
		this.setQuota();
		this.finish({ action: "first" });
		for (;;) {
			const more = sum(e.with("pending").map((c) => surplusOf(e, c)));
			if (isComplete(e) || this.lastSeatCanBeFilled(more))
				return closeWith(e, e.tallies);
			const losers = sureLosers(e, more, { mayLevel: this.mayLevel });
			if (losers.length === 0 && more > 0n) {
				this.transfer();
				continue;
			}
			const { candidates, ...note } = losers.length > 0 ? { candidates: losers } :
				this.choose(e.with("hopeful"), false);
			const stays = leavesNoMore(e, candidates);
			for (const c of candidates)
				e.status[c] = "defeated";
			if (stays)
				return closeWith(e, e.tallies, note);
			this.exclude(candidates, note);
		}
	}

	/** Elects, and records the stage. */
	finish(stage, isPoint = true) {
		const tie = this.elect();
		this.e.record({ ...stage, ...(stage.tie === undefined ? tie : {}) });
		if (isPoint)
			this.points.push(this.e.stages.at(-1).tallies);
	}

	seat(c) {
		const { e } = this;
		e.elect(c, e.tallies[c] > e.quota ? "pending" : "elected", e.tallies[c] < e.quota);
	}

	/** Those who stay when the points are looked at from the first on. */
	narrowByPoints(candidates, highest) {
		return this.points.reduce((left, tallies) => this.e.narrow(left, tallies, highest),
			candidates);
	}

	choose(candidates, highest) {
		const { e } = this;
		const level = e.narrow(candidates, e.tallies, highest);
		if (level.length === 1)
			return { candidates: level };
		const left = this.narrowByPoints(level, highest);
		if (left.length === 1)
			return { candidates: left, tie: "earlier stage", tied: level };
		return { candidates: [e.lot(left)], tie: "lot", tied: left };
	}

	transfer() {
		const { e } = this;
		const chosen = this.choose(e.with("pending"), true);
		const [c] = chosen.candidates;
		const amount = surplusOf(e, c);
		const latest = e.held[c].reduce((most, p) => Math.max(most, p.stage), 0);
		e.status[c] = "elected";
		const papers = e.held[c].filter((p) => p.stage === latest && nextOf(e, p) >= 0);
		const count = sum(papers.map((p) => p.weight));
		if (count === 0n || papers[0].value * count <= amount) {
			e.nontransferable += amount - move(e, papers, (value) => value, this.now());
		} else {
			const now = amount / count;
			e.truncated += amount - move(e, papers, () => now, this.now());
		}
		e.tallies[c] = e.quota;
		this.finish({ action: "surplus", amount, ...chosen });
	}

	/** The mark of what is received at the stage that is being made. */
	now() {
		return { stage: this.e.stages.length };
	}

	exclude(candidates, note) {
		const { e } = this;
		const batches = new Map();
		for (const c of candidates)
			for (const paper of e.held[c]) {
				const key = this.batchOf(paper), batch = batches.get(key);
				if (batch === undefined)
					batches.set(key, [[c, paper]]);
				else
					batch.push([c, paper]);
			}
		if (batches.size === 0)
			batches.set(0n, []);
		const keys = [...batches.keys()].sort((a, b) => a > b ? -1 : 1);
		keys.some((key, i) => {
			const batch = batches.get(key);
			let amount = 0n;
			for (const [c, paper] of batch) {
				const moved = move(e, [paper], (value) => value, this.now());
				e.tallies[c] -= moved;
				amount += moved;
			}
			this.setQuota();
			this.finish({ action: "exclusion", candidates, amount, ...(i === 0 ? note : {}) },
				false);
			return seatsLeft(e) <= 0;
		});
		this.pointsOfExclusion(keys.length);
	}
}

class NorthernIreland extends Parcels {
	mayLevel = false;

	setQuota() {
		const { e } = this;
		e.quota = (e.valid / BigInt(e.seats + 1) + 1n) * e.form.one;
	}

	lastSeatCanBeFilled(more) {
		const { e } = this;
		if (seatsLeft(e) !== 1)
			return false;
		const [first, ...others] = e.highestFirst(e.with("hopeful")).map((c) => e.tallies[c]);
		return first > others[0] && first >= sum(others) + more;
	}

	elect() {
		const { e } = this;
		for (const c of e.highestFirst(e.with("hopeful")))
			if (e.tallies[c] >= e.quota)
				this.seat(c);
		return {};
	}

	/** First preferences come before all else. */
	batchOf({ stage, value }) {
		return stage === 0 ? this.e.form.one + 1n : value;
	}

	pointsOfExclusion() {
		this.points.push(this.e.stages.at(-1).tallies);
	}
}

class Ers97 extends Parcels {
	mayLevel = true;

	setQuota() {
		const { e } = this;
		if (e.elected.length === 0)
			e.quota = up(e.valid * e.form.one - e.nontransferable, BigInt(e.seats + 1));
	}

	lastSeatCanBeFilled() {
		return false;
	}

	batchOf({ value }) {
		return value;
	}

	pointsOfExclusion(count) {
		this.points.push(...this.e.stages.slice(-count).map((s) => s.tallies));
	}

	/** Those whom nobody can keep from a seat: at the quota, or with more than the others could. */
	elect() {
		const { e } = this;
		const chosen = [];
		let tie = {};
		const left = () => seatsLeft(e) - chosen.length;
		for (;;) {
			const hopeful = e.with("hopeful").filter((c) => !chosen.includes(c));
			if (hopeful.length === 0 || left() <= 0)
				break;
			const level = e.narrow(hopeful, e.tallies, true), tally = e.tallies[level[0]];
			if (tally < e.quota && tally * BigInt(left() + 1) < this.active(chosen))
				break;
			if (level.length <= left()) {
				chosen.push(...level);
				continue;
			}
			const first = this.narrowByPoints(level, true);
			if (first.length > left())
				break;
			chosen.push(...first);
			if (tie.tie === undefined)
				tie = { tie: "earlier stage", tied: level };
		}
		for (const c of chosen)
			this.seat(c);
		return tie;
	}

	/** A: the votes that are not used up by those who are elected. */
	active(chosen) {
		const { e } = this;
		const kept = [...e.with("elected"), ...e.with("pending"), ...chosen]
			.map((c) => least(e.tallies[c], e.quota));
		return e.valid * e.form.one - e.nontransferable - e.truncated - sum(kept);
	}
}

export const northernIreland = { name: "northern-ireland", gives: "ranks", options: [],
	count: (e) => new NorthernIreland(e).run() };
export const ers97 = { name: "ers97", gives: "ranks", options: [],
	count: (e) => new Ers97(e).run() };
