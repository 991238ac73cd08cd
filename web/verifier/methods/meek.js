// SPDX-License-Identifier: Apache-2.0
// STV by keep values: meek-prf, meek, warren (docs/counting/meek.md).
import { closeWith, isComplete } from "./transfers.js";
import { reject } from "../errors.js";

const PRECISION = 9;
const OPTIONS = [{ name: "precision", min: 4, max: 15, otherwise: PRECISION },
	{ name: "omega", min: 1, max: 15, otherwise: 6 }];

function byKeepValues({ gift, ...method }) {
	return { gives: "ranks", check, votesMost, ...method,
		count(e, options) {
			new Count(e, options, gift).run();
		} };
}

function check(_, { precision, omega }) {
	if (omega > precision)
		reject(`omega=${omega} is more than precision=${precision}`);
}

/** So many that their products with a vote's units, twice, have 127 bits. */
function votesMost({ precision = PRECISION }) {
	return ((1n << 127n) - 1n) / 100n ** BigInt(precision);
}

const up = (a, b) => (a + b - 1n) / b;
const least = (a, b) => a < b ? a : b;

class Count {
	constructor(e, { precision = PRECISION, omega = 6 }, gift) {
		e.useDecimals(precision);
		this.e = e;
		this.one = e.form.one;
		this.omega = 10n ** BigInt(precision - omega);
		this.gift = gift;
		if (e.valid > votesMost({ precision }))
			reject("so many ballots and decimals have too large numbers");
		this.keep = e.status.map((s) => s === "hopeful" ? this.one : 0n);
		this.kept = [];
	}

	run() {
		const { e } = this;
		this.distribute();
		this.record({ action: "first" });
		while (!isComplete(e)) {
			if (!this.settled && this.surplus >= this.omega && this.transfer())
				continue;
			this.exclude();
		}
		this.kept.push([...this.keep]);
		closeWith(e, e.tallies);
		e.table({ name: "keep", rows: this.kept.map((_, i) => String(i + 1)), cells: this.kept,
			form: e.form });
	}

	record(stage) {
		this.kept.push([...this.keep]);
		this.e.record(stage);
	}

	/** Tallies, quota, who is elected now, and the surplus. Answers how many were elected. */
	distribute() {
		const { e } = this;
		e.tallies = e.zeros();
		e.nontransferable = 0n;
		for (const { choices, weight } of e.piles) {
			let left = this.one;
			for (const c of choices) {
				if (this.keep[c] === 0n)
					continue;
				const given = this.gift(left, this.keep[c], this.one);
				e.tallies[c] += weight * given;
				left -= given;
				if (left === 0n)
					break;
			}
			e.nontransferable += weight * left;
		}
		e.quota = e.tallies.reduce((a, b) => a + b, 0n) / BigInt(e.seats + 1) + 1n;
		const reached = e.highestFirst(e.with("hopeful").filter((c) => e.tallies[c] >= e.quota));
		this.settled = reached.length > e.seats - e.elected.length;
		if (!this.settled)
			for (const c of reached)
				e.elect(c, "elected");
		const surplus = e.with("elected").reduce((sum, c) => sum + e.tallies[c] - e.quota, 0n);
		this.surplus = surplus > 0n ? surplus : 0n;
		return this.settled ? 0 : reached.length;
	}

	/** Iterates; answers whether somebody was elected. */
	transfer() {
		const { e, one } = this;
		const candidates = e.with("elected").filter((c) => e.tallies[c] > e.quota);
		const amount = candidates.reduce((sum, c) => sum + e.tallies[c] - e.quota, 0n);
		for (;;) {
			const before = this.surplus;
			for (const c of e.with("elected"))
				if (e.tallies[c] > 0n)
					this.keep[c] = least(one,
						up(up(this.keep[c] * e.quota, one) * one, e.tallies[c]));
			const elected = this.distribute();
			if (elected === 0 && !this.settled && this.surplus >= this.omega &&
				this.surplus < before)
				continue;
			this.record({ action: "surplus", candidates, amount });
			return elected > 0;
		}
	}

	exclude() {
		const { e } = this;
		const hopeful = e.with("hopeful");
		const [lowest] = e.narrow(hopeful, e.tallies, false);
		const level = hopeful.filter((c) => e.tallies[c] <= e.tallies[lowest] + this.surplus);
		const c = e.lot(level);
		const amount = e.tallies[c];
		e.status[c] = "defeated";
		this.keep[c] = 0n;
		if (isComplete(e)) {
			e.nontransferable += amount;
			e.tallies[c] = 0n;
		} else {
			this.distribute();
		}
		this.record({ action: "exclusion", candidates: [c], amount,
			...(level.length > 1 ? { tie: "lot", tied: level } : {}) });
	}
}

const meekGift = (left, keep, one) => up(left * keep, one);

export const meek = byKeepValues({ name: "meek", options: OPTIONS, gift: meekGift });
export const meekPrf = byKeepValues({ name: "meek-prf", options: [], gift: meekGift });
export const warren = byKeepValues({ name: "warren", options: OPTIONS, gift: least });
