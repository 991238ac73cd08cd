// SPDX-License-Identifier: Apache-2.0
// Counting (docs/counting.md): from a question and its ballots to what result.json says of them.
import { Election, votes } from "./election.js";
import { exact } from "./json.js";
import { readRule } from "./rule.js";

/** The count as result.json has it, keys ascending; see Election for the ballots. */
export function countQuestion(question, ballots) {
	const { method, options } = readRule(question.rule);
	method.check?.(question, options);
	const e = new Election(question, ballots);
	method.count(e, options);
	const v = (units) => votes(units, e.form);
	const quota = (units) => units === null || units === 0n ? null : v(units);
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
		tables: e.tables.map(({ name, rows, columns, cells, form }) =>
			({ cells: cells.map((row) => row.map((cell) => votes(cell, form))), columns, name,
				rows })),
		title: question.title,
		valid: exact(e.valid),
	};
}
