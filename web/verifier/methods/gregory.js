// SPDX-License-Identifier: Apache-2.0
// Weighted inclusive transfers: scotland, wigm-prf, cfer, mpls, cambridge (docs/counting/stv.md).
import { closeWith, dealPapers, isComplete, leavesNoMore, move, seatsLeft, sum, sureLosers,
	surplusOf } from "./transfers.js";

const wholeQuota = (e) => (e.valid / BigInt(e.seats + 1) + 1n) * e.form.one;
const finestQuota = (e) => e.valid * e.form.one / BigInt(e.seats + 1) + 1n;
const cutOnce = (value, surplus, tally) => value * surplus / tally;
const cutProduct = (value, surplus, tally, one) => value * surplus / one * one / tally;
const cutFraction = (value, surplus, tally, one) => value * (surplus * one / tally) / one;

/**
 * The rules differ in: decimals, quota, cut; elect, isFinished(complete before elections);
 * losers: a set to exclude first; stay: which exclusions leave papers where they are; surpluses:
 * whose are to be transferred now, and how they were chosen.
 */
class Gregory {
	constructor(e, options) {
		Object.assign(this, { e, options });
		e.useDecimals(this.decimals);
		e.quota = this.quota(e);
		dealPapers(e);
	}

	run() {
		const { e } = this;
		let stage = { action: "first" };
		for (;;) {
			const wasComplete = isComplete(e);
			this.elect();
			e.record(stage);
			if (this.isFinished(wasComplete))
				return closeWith(e, e.tallies);
			const step = this.step();
			if (step.stay) {
				for (const c of step.candidates)
					e.status[c] = "defeated";
				return closeWith(e, e.tallies, step.note);
			}
			stage = step.stage;
		}
	}

	step() {
		const losers = this.losers();
		if (losers.length > 0)
			return this.exclude({ candidates: losers }, this.losersStay);
		const { candidates, ...note } = this.surpluses();
		if (candidates.length > 0)
			return { stage: this.transfer(candidates, note) };
		return this.exclude(this.lowest(), this.lowestStay);
	}

	transfer(candidates, note) {
		const { e } = this;
		const surpluses = candidates.map((c) => e.tallies[c] - e.quota);
		const amount = sum(surpluses);
		for (const c of candidates)
			this.seat(c);
		candidates.forEach((c, i) => {
			const papers = e.held[c], tally = e.tallies[c];
			e.held[c] = [];
			e.truncated -= move(e, papers, (value) =>
				this.cut(value, surpluses[i], tally, e.form.one));
			e.tallies[c] = e.quota;
		});
		e.truncated += amount;
		return { action: "surplus", candidates, amount, ...note };
	}

	exclude({ candidates, ...note }, mayStay) {
		const { e } = this;
		if (mayStay && leavesNoMore(e, candidates))
			return { stay: true, candidates, note };
		const amount = sum(candidates.map((c) => e.tallies[c]));
		for (const c of candidates)
			e.status[c] = "defeated";
		e.truncated += amount;
		for (const c of candidates) {
			e.truncated -= move(e, e.held[c], (value) => value);
			e.held[c] = [];
			e.tallies[c] = 0n;
		}
		return { stage: { action: "exclusion", candidates, amount, ...note } };
	}

	/* --- what most rules do --- */

	elect() {
		const { e } = this;
		for (const c of e.highestFirst(e.with("hopeful")))
			if (e.tallies[c] >= e.quota)
				e.elect(c, "pending");
	}

	seat(c) {
		this.e.status[c] = "elected";
	}

	isFinished() {
		return isComplete(this.e);
	}

	losers() {
		return [];
	}

	surpluses() {
		const pending = this.e.with("pending");
		return pending.length === 0 ? { candidates: [] } :
			this.e.choose(pending, true, this.lookBackForSurplus);
	}

	lowest() {
		return this.e.choose(this.e.with("hopeful"), false, this.lookBackForLowest);
	}

	allSurpluses() {
		return sum(this.e.status.map((_, c) => surplusOf(this.e, c)));
	}
}

function rule(name, Count, options = []) {
	return { name, gives: "ranks", options,
		count: (e, values) => new Count(e, values).run() };
}

const DEFEAT = [{ name: "defeat", words: ["single", "batch"], otherwise: "single" }];

class Scotland extends Gregory {}

class WigmPrf extends Gregory {
	losersStay = true;

	isFinished(wasComplete) {
		return wasComplete;
	}

	losers() {
		return this.options.defeat === "batch" ? sureLosers(this.e, this.allSurpluses()) : [];
	}
}

class Cfer extends Gregory {
	losersStay = true;
	lowestStay = true;

	elect() {
		const { e } = this;
		for (const c of e.highestFirst(e.with("hopeful")))
			if (e.tallies[c] >= e.quota)
				e.elect(c, e.tallies[c] > e.quota ? "pending" : "elected");
	}

	surpluses() {
		return { candidates: this.e.with("pending") };
	}

	losers() {
		const { e } = this;
		if (this.options.defeat !== "batch")
			return [];
		const more = this.allSurpluses();
		const hopeful = e.with("hopeful");
		const lacking = e.quota - e.tallies[e.highestFirst(hopeful)[0] ?? 0];
		return sureLosers(e, more, { suits(set) {
			const tallies = set.map((c) => e.tallies[c]), votes = sum(tallies);
			const highest = e.tallies[e.highestFirst(set)[0]];
			return seatsLeft(e) === 1 || hopeful.length - set.length === seatsLeft(e) ||
				votes + more < lacking || (more === 0n && votes - highest < lacking);
		} });
	}
}

class Mpls extends Gregory {
	lowestStay = true;

	atQuota() {
		return this.e.with("hopeful").filter((c) => this.e.tallies[c] >= this.e.quota);
	}

	elect() {
		const { e } = this;
		const reached = e.highestFirst(this.atQuota());
		if (reached.length === seatsLeft(e))
			for (const c of reached)
				e.elect(c, "elected");
	}

	seat(c) {
		this.e.elect(c, "elected");
	}

	isFinished() {
		return isComplete(this.e) && (seatsLeft(this.e) <= 0 || this.atQuota().length === 0);
	}

	losers() {
		return sureLosers(this.e, this.allSurpluses());
	}

	surpluses() {
		const reached = this.atQuota();
		return reached.length === 0 ? { candidates: [] } : this.e.choose(reached, true, false);
	}
}

class Cambridge extends Gregory {
	lowest() {
		const { e } = this;
		if (!this.signaturesSeen) {
			this.signaturesSeen = true;
			const below = e.with("hopeful").filter((c) =>
				e.tallies[c] < BigInt(this.options.signatures) * e.form.one);
			if (below.length > 0 && e.with("hopeful").length - below.length >= seatsLeft(e))
				return { candidates: below };
		}
		return super.lowest();
	}
}

for (const [Count, fields] of [
	[Scotland, { decimals: 5, quota: wholeQuota, cut: cutOnce, lookBackForSurplus: true,
		lookBackForLowest: true }],
	[WigmPrf, { decimals: 4, quota: finestQuota, cut: cutProduct }],
	[Cfer, { decimals: 5, quota: finestQuota, cut: cutOnce }],
	[Mpls, { decimals: 4, quota: wholeQuota, cut(...numbers) {
		return (this.options.cut === "fraction" ? cutFraction : cutProduct)(...numbers);
	} }],
	[Cambridge, { decimals: 5, quota: wholeQuota, cut: cutOnce, lookBackForLowest: true }],
])
	Object.assign(Count.prototype, { lookBackForSurplus: false, lookBackForLowest: false }, fields);

export const scotland = rule("scotland", Scotland);
export const wigmPrf = rule("wigm-prf", WigmPrf, DEFEAT);
export const cfer = rule("cfer", Cfer, DEFEAT);
export const mpls = rule("mpls", Mpls,
	[{ name: "cut", words: ["fraction", "product"], otherwise: "fraction" }]);
export const cambridge = rule("cambridge", Cambridge,
	[{ name: "signatures", min: 0, max: 50000000, otherwise: 50 }]);
