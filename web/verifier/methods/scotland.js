// SPDX-License-Identifier: Apache-2.0
// scotland (docs/counting.md): the single transferable vote of SSI 2007/42.

const ONE = 100000n;

export const scotland = { name: "scotland", gives: "ranks", options: [], count };

function count(e) {
	e.useDecimals(5);
	e.quota = (e.valid / BigInt(e.seats + 1) + 1n) * ONE;
	// What each candidate holds: parcels of equal ballots, value is that of a single ballot.
	e.held = Array.from({ length: e.candidates }, () => []);
	for (const { choices, weight } of e.piles)
		give(e, choices[0], { choices, at: 0, weight, value: ONE });
	close(e, { action: "first" });
	while (!isOver(e)) {
		if (e.with("pending").length > 0)
			transferSurplus(e);
		else
			exclude(e);
	}
	end(e);
}

function give(e, candidate, parcel) {
	e.held[candidate].push(parcel);
	e.tallies[candidate] += parcel.weight * parcel.value;
}

/** Who reached the quota is elected; then the stage is recorded. */
function close(e, stage) {
	for (const c of e.highestFirst(e.with("hopeful")))
		if (e.tallies[c] >= e.quota)
			e.elect(c, "pending");
	e.record(stage);
}

function isOver(e) {
	const { length } = e.elected;
	return length >= e.seats || length + e.with("hopeful").length <= e.seats;
}

function end(e) {
	for (const c of e.highestFirst(e.with("hopeful")))
		if (e.elected.length < e.seats)
			e.elect(c, "elected", true);
	e.end();
}

/** Moves all parcels of a candidate on, each ballot at valueOf(value); answers what was moved. */
function moveAll(e, candidate, valueOf) {
	const parcels = e.held[candidate];
	e.held[candidate] = [];
	let moved = 0n;
	for (const { choices, at, weight, value } of parcels) {
		const now = valueOf(value);
		let next = at + 1;
		while (next < choices.length && e.status[choices[next]] !== "hopeful")
			next++;
		if (next < choices.length)
			give(e, choices[next], { choices, at: next, weight, value: now });
		else
			e.nontransferable += weight * now;
		moved += weight * now;
	}
	return moved;
}

function transferSurplus(e) {
	const chosen = e.choose(e.with("pending"), true);
	const [candidate] = chosen.candidates;
	const tally = e.tallies[candidate], amount = tally - e.quota;
	e.status[candidate] = "elected";
	const moved = moveAll(e, candidate, (value) => value * amount / tally);
	e.tallies[candidate] = e.quota;
	e.truncated += amount - moved;
	close(e, { action: "surplus", amount, ...chosen });
}

function exclude(e) {
	const chosen = e.choose(e.with("hopeful"), false);
	const [candidate] = chosen.candidates;
	const amount = e.tallies[candidate];
	e.status[candidate] = "defeated";
	e.truncated += amount - moveAll(e, candidate, (value) => value);
	e.tallies[candidate] = 0n;
	close(e, { action: "exclusion", amount, ...chosen });
}
