// SPDX-License-Identifier: Apache-2.0
// scotland (docs/counting.md): the single transferable vote of SSI 2007/42.

const ONE = 100000n;

export function countScotland(e) {
	e.quota = (e.valid / BigInt(e.seats + 1) + 1n) * ONE;
	e.tallies = new Array(e.candidates).fill(0n);
	// What each candidate holds: parcels of equal ballots, value is that of a single ballot.
	e.held = Array.from({ length: e.candidates }, () => []);
	for (const { choices, weight } of e.piles.values())
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

function highestFirst(e, candidates) {
	return candidates.sort((a, b) => e.tallies[a] === e.tallies[b] ? a - b :
		e.tallies[a] > e.tallies[b] ? -1 : 1);
}

/** Who reached the quota is elected; then the stage is recorded. */
function close(e, stage) {
	for (const c of highestFirst(e, e.with("hopeful")))
		if (e.tallies[c] >= e.quota) {
			e.status[c] = "pending";
			e.elect(c);
		}
	e.record(stage);
}

function isOver(e) {
	const { length } = e.elected;
	return length >= e.seats || length + e.with("hopeful").length <= e.seats;
}

function end(e) {
	const hopeful = highestFirst(e, e.with("hopeful"));
	for (const c of hopeful) {
		const seated = e.elected.length < e.seats;
		if (seated)
			e.elect(c, true);
		e.status[c] = seated ? "elected" : "defeated";
	}
	for (const c of e.with("pending"))
		e.status[c] = "elected";
	e.record({ action: "end" });
}

/** The one whose tally is best; a tie looks back through the stages, then asks the lot. */
function choose(e, candidates, better) {
	const extreme = (list, tallies) => {
		const best = list.map((c) => tallies[c]).reduce((a, b) => better(b, a) ? b : a);
		return list.filter((c) => tallies[c] === best);
	};
	const level = extreme(candidates, e.tallies);
	if (level.length === 1)
		return { candidates: level };
	let left = level;
	for (let s = e.stages.length - 1; s >= 0 && left.length > 1; s--)
		left = extreme(left, e.stages[s].tallies);
	if (left.length === 1)
		return { candidates: left, tie: "earlier stage", tied: level };
	return { candidates: [e.lot(left, e.stages.length + 1)], tie: "lot", tied: left };
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
	const chosen = choose(e, e.with("pending"), (a, b) => a > b);
	const [candidate] = chosen.candidates;
	const tally = e.tallies[candidate], amount = tally - e.quota;
	e.status[candidate] = "elected";
	const moved = moveAll(e, candidate, (value) => value * amount / tally);
	e.tallies[candidate] = e.quota;
	e.truncated += amount - moved;
	close(e, { action: "surplus", amount, ...chosen });
}

function exclude(e) {
	const chosen = choose(e, e.with("hopeful"), (a, b) => a < b);
	const [candidate] = chosen.candidates;
	const amount = e.tallies[candidate];
	e.status[candidate] = "defeated";
	e.truncated += amount - moveAll(e, candidate, (value) => value);
	e.tallies[candidate] = 0n;
	close(e, { action: "exclusion", amount, ...chosen });
}
