// SPDX-License-Identifier: Apache-2.0
// plurality-at-large (docs/counting.md): every mark is one vote.

export function countPlurality(e) {
	e.quota = null;
	e.tallies = new Array(e.candidates).fill(0n);
	for (const { choices, weight } of e.piles.values())
		for (const c of choices)
			e.tallies[c] += weight;
	e.record({ action: "first" });
	const order = e.with("hopeful").sort((a, b) => byTally(e, a, b));
	const { winners, tied } = seat(e, order);
	for (const c of order)
		e.status[c] = winners.includes(c) ? "elected" : "defeated";
	for (const c of winners)
		e.elect(c);
	e.record({ action: "end", tie: tied.length > 0 ? "lot" : "none", tied });
}

function byTally(e, a, b) {
	if (e.tallies[a] !== e.tallies[b])
		return e.tallies[a] > e.tallies[b] ? -1 : 1;
	return a - b;
}

/** Those who get a seat, and those level at the last one where there are too many. */
function seat(e, order) {
	if (order.length <= e.seats)
		return { winners: order, tied: [] };
	const last = e.tallies[order[e.seats - 1]];
	if (e.tallies[order[e.seats]] !== last)
		return { winners: order.slice(0, e.seats), tied: [] };
	const winners = order.filter((c) => e.tallies[c] > last);
	const tied = order.filter((c) => e.tallies[c] === last);
	for (const left = [...tied]; winners.length < e.seats;) {
		const drawn = e.lot(left, 2);
		winners.push(drawn);
		left.splice(left.indexOf(drawn), 1);
	}
	return { winners, tied };
}
