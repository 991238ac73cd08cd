// SPDX-License-Identifier: Apache-2.0
// plurality-at-large (docs/counting.md) and approval, its other name: every mark is one vote.

export const plurality = { name: "plurality-at-large", gives: "marks", options: [], count };
export const approval = { ...plurality, name: "approval" };

function count(e) {
	for (const { choices, weight } of e.piles)
		for (const c of choices)
			e.tallies[c] += weight;
	e.record({ action: "first" });
	e.seatHighest(e.tallies);
}
