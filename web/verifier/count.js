// SPDX-License-Identifier: Apache-2.0
// Counting (docs/counting.md): what both methods share. Votes are BigInt, in units of 10^−d.
import { countPlurality } from "./plurality.js";
import { countScotland } from "./scotland.js";
import { exact } from "./json.js";
import { reject } from "./errors.js";

const METHODS = { "scotland": { count: countScotland, decimals: 5 },
	"plurality-at-large": { count: countPlurality, decimals: 0 } };

export class Election {
	/** ballots: [{ choices: [answer…], weight: BigInt }]; answers are numbered from 0. */
	constructor(question, ballots) {
		this.question = question;
		this.candidates = question.answers.length;
		this.seats = question.seats;
		this.withdrawn = new Set(question.withdrawn.map((c) => c - 1));
		this.status = question.answers.map((_, i) => this.withdrawn.has(i) ? "withdrawn" :
			"hopeful");
		this.stages = [];
		this.elected = [];
		this.places = [];
		this.tables = [];
		this.nontransferable = 0n;
		this.truncated = 0n;
		this.valid = 0n;
		this.blank = 0n;
		this.piles = new Map();
		for (const { choices, weight } of ballots)
			this.take(choices.filter((c) => !this.withdrawn.has(c)), weight);
	}

	/** Equal ballots are kept together: each goes the same way at the same value. */
	take(choices, weight) {
		if (choices.length === 0) {
			this.blank += weight;
			return;
		}
		this.valid += weight;
		const key = choices.join();
		const pile = this.piles.get(key);
		if (pile === undefined)
			this.piles.set(key, { choices, weight });
		else
			pile.weight += weight;
	}

	with(status) {
		return this.status.flatMap((s, i) => s === status ? [i] : []);
	}

	/** The first of the tied in the declared lot. */
	lot(tied, stage) {
		const { lot } = this.question;
		if (lot === null || !tied.every((c) => lot.includes(c + 1)))
			reject(`question "${this.question.id}", stage ${stage}: a tie that no declared lot ` +
				`decides: ${tied.map((c) => this.question.answers[c]).join(", ")}`);
		return lot.map((c) => c - 1).find((c) => tied.includes(c));
	}

	record(stage) {
		this.stages.push({ tallies: [...this.tallies], status: [...this.status],
			nontransferable: this.nontransferable, truncated: this.truncated, amount: 0n,
			candidates: [], quota: this.quota, tie: "none", tied: [], ...stage });
	}

	elect(candidate, withoutQuota = false) {
		this.elected.push({ candidate, stage: this.stages.length + 1, withoutQuota });
	}
}

/** A number of votes with its decimals. */
export function votes(units, decimals) {
	const s = units.toString().padStart(decimals + 1, "0");
	return decimals === 0 ? s : `${s.slice(0, -decimals)}.${s.slice(-decimals)}`;
}

/** The count as result.json has it, keys ascending. */
export function countQuestion(question, ballots) {
	const { count, decimals } = METHODS[question.rule];
	const e = new Election(question, ballots);
	e.decimals = decimals;
	count(e);
	const v = (units) => votes(units, decimals);
	const quota = (units) => units === null ? null : v(units);
	const names = (list) => list.map((c) => c + 1);
	return {
		blank: exact(e.blank),
		candidates: question.answers.map((name, i) => ({ name, status: e.status[i] })),
		elected: e.elected.map(({ candidate, stage, withoutQuota }) =>
			({ candidate: candidate + 1, stage, without_quota: withoutQuota })),
		lot: question.lot ?? [],
		places: e.places,
		quota: quota(e.quota),
		rule: question.rule,
		seats: question.seats,
		stages: e.stages.map((s) => ({
			action: s.action,
			amount: v(s.amount),
			candidates: names(s.candidates),
			nontransferable: v(s.nontransferable),
			quota: quota(s.quota),
			status: s.status,
			tallies: s.tallies.map(v),
			tie: s.tie,
			tied: names(s.tied),
			truncated: v(s.truncated),
		})),
		tables: e.tables,
		title: question.title,
		valid: exact(e.valid),
	};
}
