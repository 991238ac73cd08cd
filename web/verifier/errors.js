// SPDX-License-Identifier: Apache-2.0
// The two ways in which a check ends badly. Anything else that is thrown is a fault of this program
// and is reported as such; no path leads from an exception to "verified".

/** What was checked does not hold, or is not of the form it must have. */
export class Rejected extends Error {
	constructor(what) {
		super(what);
		this.name = "Rejected";
	}
}

/** The check could not be made: a file cannot be read, a group is not supported. */
export class Undecided extends Error {
	constructor(what) {
		super(what);
		this.name = "Undecided";
	}
}

export function reject(what) {
	throw new Rejected(what);
}

/** Rejects unless `holds` is exactly true, so that a forgotten value never passes. */
export function demand(holds, what) {
	if (holds !== true)
		throw new Rejected(what);
}
