// SPDX-License-Identifier: Apache-2.0
// What was checked and how it ended. A check ends well only where its function returned; whatever
// is thrown ends it otherwise, and a check that was left out is no check that passed.
import { CODES, OCCASIONAL } from "./codes.js";
import { Rejected, Undecided } from "./errors.js";

export class Report {
	/** `tell` is called with every check as soon as its outcome is known. */
	constructor(tell = () => {}, codes = CODES) {
		this.codes = codes;
		this.checks = [];
		this.tell = tell;
		this.anchored = false;
		this.fingerprint = null;
		this.title = null;
	}

	put(code, outcome, detail) {
		const check = { code, sentence: this.codes[code] ?? OCCASIONAL[code], outcome };
		if (detail !== undefined && detail !== "")
			check.detail = detail;
		this.checks.push(check);
		this.tell(check);
	}

	note(code, detail) {
		this.put(code, "note", detail);
	}

	/**
	 * Makes a check. `needs` are values of earlier checks; where one of them is missing this one
	 * cannot be made. Answers what `f` returned, null where it did not end well.
	 */
	async check(code, needs, f) {
		if (needs.some((value) => value === null || value === undefined)) {
			this.put(code, "skipped", "cannot be checked after what failed before");
			return null;
		}
		try {
			const value = (await f()) ?? true;
			this.put(code, "passed", value.detail);
			return value;
		} catch (e) {
			this.put(code, e instanceof Rejected ? "failed" : "undecided", sentenceOf(e));
			return null;
		}
	}

	get verdict() {
		const outcomes = new Set(this.checks.map((c) => c.outcome));
		if (outcomes.has("failed"))
			return "rejected";
		if (outcomes.has("undecided") || outcomes.has("skipped") || !this.complete)
			return "undecided";
		return this.anchored ? "verified" : "self-consistent";
	}

	/** Every code must have been reported: a check that was forgotten is none that passed. */
	get complete() {
		const made = new Set(this.checks.map((c) => c.code));
		return Object.keys(this.codes).every((code) => made.has(code));
	}

	toJSON() {
		return { checks: this.checks, verdict: this.verdict, fingerprint: this.fingerprint,
			...(this.title === null ? {} : { title: this.title }) };
	}
}

export function sentenceOf(e) {
	if (e instanceof Rejected || e instanceof Undecided)
		return e.message;
	return `this verifier failed: ${e?.stack ?? e}`;
}

export const EXIT = { "verified": 0, "rejected": 1, "self-consistent": 3, "undecided": 3 };

export const SENTENCES = {
	"verified": "Verified: every ballot, shuffle, decryption and the count hold.",
	"valid": "Valid: the proof holds. It is tied to no election.",
	"self-consistent": "Consistent with itself only: everything holds, but nothing says that it " +
		"is the election you mean.",
	"rejected": "REJECTED: at least one check failed.",
	"undecided": "Undecided: not everything could be checked.",
};
