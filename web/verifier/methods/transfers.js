// SPDX-License-Identifier: Apache-2.0
// What the methods that transfer votes share: when they are complete, and how they end.

export function isComplete(e) {
	const { length } = e.elected;
	return length >= e.seats || length + e.with("hopeful").length <= e.seats;
}

/** The seats that are left go to the hopeful, the highest first; level ones: the lower number. */
export function closeWith(e, numbers) {
	for (const c of e.highestFirst(e.with("hopeful"), numbers))
		if (e.elected.length < e.seats)
			e.elect(c, "elected", true);
	e.end();
}
