// SPDX-License-Identifier: Apache-2.0
// A count that is under way (docs/counting.md): what all methods share. Votes are BigInt, in units
// of which `one` make a vote. Candidates are numbered from 0 here.
import { reject } from "./errors.js";

export class Election {
	/**
	 * ballots: [{ choices: [answer…], points, weight: BigInt }]; points: what each of the choices
	 * got, null where the method reads none.
	 */
	constructor(question, ballots) {
		this.question = question;
		this.candidates = question.answers.length;
		this.seats = question.seats;
		this.withdrawn = new Set(question.withdrawn.map((c) => c - 1));
		this.status = question.answers.map((_, i) => this.withdrawn.has(i) ? "withdrawn" :
			"hopeful");
		this.standing = this.with("hopeful");
		this.useDecimals(0);
		this.tallies = this.zeros();
		this.quota = null;
		this.nontransferable = 0n;
		this.truncated = 0n;
		this.stages = [];
		this.elected = [];
		this.places = [];
		this.tables = [];
		this.valid = 0n;
		this.blank = 0n;
		/** The most that any ballot gives anybody, and all, withdrawn ones included. */
		this.pointsMost = 0;
		this.totalMost = 0;
		const piles = new Map();
		for (const ballot of ballots)
			this.take(ballot, piles);
		this.piles = [...piles.values()];
	}

	/** Equal ballots are kept together. choices: those who stand; ranks: withdrawn ones too. */
	take({ choices, points, weight }, piles) {
		this.pointsMost = Math.max(this.pointsMost, ...points ?? []);
		this.totalMost = Math.max(this.totalMost, (points ?? []).reduce((a, b) => a + b, 0));
		const at = choices.flatMap((c, i) => this.withdrawn.has(c) ? [] : [i]);
		if (at.length === 0) {
			this.blank += weight;
			return;
		}
		this.valid += weight;
		const key = `${choices.join()};${points?.join()}`;
		const pile = piles.get(key);
		if (pile === undefined)
			piles.set(key, { ranks: choices, choices: at.map((i) => choices[i]),
				points: points && at.map((i) => points[i]), weight });
		else
			pile.weight += weight;
	}

	/** How many choices the longest ballot has. There can be too many ballots to spread them. */
	longest() {
		return this.piles.reduce((most, { choices }) => Math.max(most, choices.length), 0);
	}

	zeros() {
		return new Array(this.candidates).fill(0n);
	}

	useDecimals(decimals) {
		this.form = { one: 10n ** BigInt(decimals), decimals };
	}

	/** Votes are fractions over a common denominator. */
	useFraction(denominator) {
		this.form = { one: denominator, decimals: 0 };
	}

	with(status) {
		return this.status.flatMap((s, i) => s === status ? [i] : []);
	}

	/* --- stages --- */

	record(stage) {
		this.stages.push({ tallies: [...this.tallies], status: [...this.status],
			nontransferable: this.nontransferable, truncated: this.truncated, amount: 0n,
			candidates: [], quota: this.quota, tie: "none", tied: [], ...stage });
	}

	/** A seat, given at the stage that is to be recorded next. */
	elect(candidate, status, withoutQuota = false) {
		this.elected.push({ candidate, stage: this.stages.length + 1, withoutQuota });
		this.status[candidate] = status;
	}

	/** The last stage: who is pending is elected, who is hopeful is defeated. */
	end(stage = {}) {
		for (const c of this.with("pending"))
			this.status[c] = "elected";
		for (const c of this.with("hopeful"))
			this.status[c] = "defeated";
		this.record({ action: "end", ...stage });
	}

	/* --- choices --- */

	/** Sorted by their numbers; level ones in the order in which they are. */
	highestFirst(candidates, numbers = this.tallies) {
		return [...candidates].sort((a, b) => numbers[a] === numbers[b] ? 0 :
			numbers[a] > numbers[b] ? -1 : 1);
	}

	/** Those with the highest number, or with the lowest. */
	narrow(candidates, numbers, highest) {
		const of = candidates.map((c) => numbers[c]);
		const best = of.reduce((a, b) => (highest ? b > a : b < a) ? b : a);
		return candidates.filter((c) => numbers[c] === best);
	}

	/** Those who stay when the stages before are looked at from the last one backwards. */
	narrowByStages(candidates, highest) {
		let left = candidates;
		for (let s = this.stages.length - 1; s >= 0 && left.length > 1; s--)
			left = this.narrow(left, this.stages[s].tallies, highest);
		return left;
	}

	/** The first of the tied in the declared lot. */
	lot(tied) {
		const { lot, answers, id } = this.question;
		if (tied.length === 1)
			return tied[0];
		if (lot === null || !tied.every((c) => lot.includes(c + 1)))
			reject(`question "${id}", stage ${this.stages.length + 1}: a tie that no declared ` +
				`lot decides: ${tied.map((c) => answers[c]).join(", ")}`);
		return lot.map((c) => c - 1).find((c) => tied.includes(c));
	}

	/** All of the tied in the order of the lot, the first `count` of them. */
	lots(tied, count) {
		const left = [...tied], drawn = [];
		while (drawn.length < count) {
			drawn.push(this.lot(tied));
			left.splice(left.indexOf(drawn.at(-1)), 1);
			tied = left;
		}
		return drawn;
	}

	/** One of several with the best tally: looks back through the stages, then asks the lot. */
	choose(candidates, highest, lookBack = true) {
		const level = this.narrow(candidates, this.tallies, highest);
		if (level.length === 1)
			return { candidates: level };
		const left = lookBack ? this.narrowByStages(level, highest) : level;
		if (left.length === 1)
			return { candidates: left, tie: "earlier stage", tied: level };
		return { candidates: [this.lot(left)], tie: "lot", tied: left };
	}

	/**
	 * The seats that are left go to the hopeful with the highest numbers, level ones at the last
	 * seat by lot; then the last stage. tallies: where the numbers tell more than
	 * they do; if they are level at the last seat, the stage says that the rule decided.
	 */
	seatHighest(numbers, tallies = null) {
		const order = this.highestFirst(this.with("hopeful"), numbers);
		const seats = this.seats - this.elected.length;
		let winners = order.slice(0, seats), tied = [];
		const last = order[seats - 1], next = order[seats];
		if (next !== undefined && numbers[last] === numbers[next]) {
			tied = order.filter((c) => numbers[c] === numbers[last]).sort((a, b) => a - b);
			winners = order.filter((c) => numbers[c] > numbers[last]);
			winners.push(...this.lots(tied, seats - winners.length));
		}
		let tie = tied.length > 0 ? "lot" : "none";
		const others = order.slice(winners.length);
		if (tie === "none" && tallies !== null && winners.length > 0 && others.length > 0) {
			const lowest = tallies[this.narrow(winners, tallies, false)[0]];
			if (tallies[this.narrow(others, tallies, true)[0]] === lowest) {
				tie = "rule";
				tied = order.filter((c) => tallies[c] === lowest).sort((a, b) => a - b);
			}
		}
		for (const c of winners)
			this.elect(c, "elected");
		this.end({ tie, tied });
	}

	/** Places by numbers, the highest first; equal numbers have one place ("1, 2, 2, 4"). */
	place(numbers) {
		this.places = numbers.map((n, i) => this.withdrawn.has(i) ? 0 :
			1 + this.standing.filter((c) => numbers[c] > n).length);
	}

	/** What else was computed; rows and columns are names, the candidates' where not said. */
	table({ name, rows = this.question.answers, columns = this.question.answers, cells,
		form = { one: 1n, decimals: 0 } }) {
		this.tables.push({ name, rows, columns, cells, form });
	}
}

function gcd(a, b) {
	return b === 0n ? a : gcd(b, a % b);
}

/** Votes as text: with all their decimals, or as a fraction in lowest terms. */
export function votes(units, { one, decimals }) {
	const sign = units < 0n ? "-" : "", n = units < 0n ? -units : units;
	if (decimals > 0) {
		const s = n.toString().padStart(decimals + 1, "0");
		return `${sign}${s.slice(0, -decimals)}.${s.slice(-decimals)}`;
	}
	const common = gcd(n, one);
	return `${sign}${n / common}${one === common ? "" : `/${one / common}`}`;
}
